//! The guide to the language is true: its agreements check. The table of keywords is the compiler's own.

use sla::diagnostics::Severity;
use sla::source::SourceMap;
use sla::syntax::{DECLARATIONS, Form, STATEMENTS};
use std::fmt::Write as _;

mod mistakes;
mod options;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/language.md");
const KEYWORDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/keywords.md");
const MARK: &str = "<!-- generated from src/syntax/forms.rs: UPDATE_DOCS=1 cargo test --test tests language -->\n";

fn table(forms: &[Form], place: bool) -> String {
    let mut text = String::from(if place {
        "| statement | example | in |\n|---|---|---|\n"
    } else {
        "| declaration | example |\n|---|---|\n"
    });
    let code = |text: &str| format!("`{}`", text.replace('|', "\\|"));
    for form in forms {
        let blocks = form.blocks.iter().map(|block| code(block)).collect::<Vec<_>>().join(", ");
        let _ = write!(text, "| {} | {} |", code(form.form), code(form.example));
        let _ = writeln!(text, "{}", if place { format!(" {blocks} |") } else { String::new() });
    }
    text
}

#[test]
fn every_keyword_is_in_the_table() {
    let page = std::fs::read_to_string(KEYWORDS).unwrap();
    let (before, after) = page.split_once(MARK).expect("the page has the mark");
    let wanted = format!("\n{}\n{}", table(DECLARATIONS, false), table(STATEMENTS, true));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(KEYWORDS, format!("{before}{MARK}{wanted}")).unwrap();
    } else {
        assert_eq!(after, wanted, "docs/reference/keywords.md is not what the compiler reads");
    }
}

#[test]
fn agreements_in_the_guide_check() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let blocks: Vec<&str> = page.split("```sla\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let mut sources = SourceMap::new();
        let file = sources.add("docs/language.md".to_owned(), block.to_owned());
        let wrong =
            sla::check(file, &sources).findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        assert_eq!(wrong.map(|finding| finding.message).collect::<Vec<_>>(), Vec::<String>::new());
    }
}

/// The highlighting knows every keyword.
#[test]
fn every_keyword_is_highlighted() {
    let syntax = include_str!("../editors/neovim/syntax/sla.vim");
    let known: Vec<&str> =
        syntax.lines().filter(|line| line.starts_with("syntax keyword")).flat_map(str::split_whitespace).collect();
    for form in DECLARATIONS.iter().chain(STATEMENTS) {
        for word in form.keyword.split(' ') {
            assert!(known.contains(&word), "editors/neovim does not know `{word}`");
        }
    }
}

/// Whole agreements of the kinds that the language is made for. What is not supported yet is one clear error each, and
/// nothing in them cannot be read.
#[test]
fn agreements_of_many_kinds_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/language/samples");
    let mut all = String::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let mut sources = SourceMap::new();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = sources.add(name, text.clone());
        assert_eq!(sla::syntax::print(&sla::syntax::parse(file, &text).0.root), text);
        all.push_str(&sla::diagnostics::short::render(&sla::check(file, &sources).findings, &sources));
    }
    assert!(!all.contains("SLA10"), "{all}");
    insta::assert_snapshot!("samples", all);
}

/// What the page of a finding shows as right can be read, and what it shows as wrong too, unless it is about reading.
#[test]
fn the_excerpts_of_findings_can_be_read() {
    for code in sla::diagnostics::codes::all().iter().filter(|code| !["SLA0", "SLA1"].contains(&&code.id[..4])) {
        let blocks = code.explanation.split("```sla\n").skip(1).filter_map(|rest| rest.split("\n```").next());
        for block in blocks {
            let mut sources = SourceMap::new();
            let file = sources.add(code.id, block);
            let unread = sla::syntax::parse(file, block).1;
            assert!(unread.is_empty(), "{}", sla::diagnostics::plain::render(&unread, &sources, false));
        }
    }
}
