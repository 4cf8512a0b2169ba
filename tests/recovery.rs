//! Every token of whole examples, deleted and doubled: the first error is on its line or the next, nearly always with at
//! most one more, and never a panic or a hang.

use sla::diagnostics::{Diagnostic, Severity};
use sla::source::{FileId, SourceMap};
use sla::syntax::{Kind, Token};

/// Of all changes that make errors, the share (in percent) that may make more than two.
const MORE_THAN_TWO: usize = 1;
/// At most one change in so many may show elsewhere first.
const FAR: usize = 250;

/// The errors of a text, through the whole pipeline, in the order of their places.
fn findings(text: &str) -> Vec<Diagnostic> {
    let mut sources = SourceMap::new();
    let file = sources.add("changed.sla".to_owned(), text.to_owned());
    let (tree, _) = sla::syntax::parse(file, text);
    assert_eq!(sla::syntax::print(&tree.root), text, "the tree is not lossless");
    let mut findings = sla::check(file, &sources).findings;
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

fn line(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

fn leaves(text: &str) -> Vec<Token> {
    let (tree, _) = sla::syntax::parse(FileId::new(0), text);
    let silent = [Kind::blank, Kind::newline, Kind::comment, Kind::doc];
    let tokens = tree.root.descendants_with_tokens().filter_map(|element| element.into_token());
    tokens.filter(|token| !silent.contains(&token.kind()) && !token.text().is_empty()).collect()
}

/// What went wrong with one change, if anything did.
struct Trial {
    what: String,
    far: bool,
    count: usize,
}

fn trial(changed: &str, at: usize, what: String, sources: &mut String) -> Trial {
    let found = findings(changed);
    let here = line(changed, at);
    // Terms that are right by themselves may mean something else: that an example tells so is what it is for.
    let first = found.first().filter(|finding| finding.code.id != "SLA707");
    let first = first.and_then(|finding| finding.span).map(|span| line(changed, span.start as usize));
    let far = first.is_some_and(|first| first != here && first != here + 1);
    if far || found.len() > 2 {
        let list: Vec<String> = found
            .iter()
            .map(|finding| {
                format!("    line {}: {}", line(changed, finding.span.unwrap().start as usize) + 1, finding.message)
            })
            .collect();
        sources.push_str(&format!("{what} on line {}:\n{}\n", here + 1, list.join("\n")));
    }
    Trial { what, far, count: found.len() }
}

fn every_token(name: &str) {
    let text = std::fs::read_to_string(format!("{}/examples/{name}.sla", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert!(findings(&text).is_empty(), "{name} has errors of its own");
    let (mut trials, mut report) = (Vec::new(), String::new());
    for token in leaves(&text) {
        let range = usize::from(token.text_range().start())..usize::from(token.text_range().end());
        let deleted = format!("{}{}", &text[..range.start], &text[range.end..]);
        trials.push(trial(&deleted, range.start, format!("deleted `{}`", token.text()), &mut report));
        let doubled = format!("{}{} {}", &text[..range.start], token.text(), &text[range.start..]);
        trials.push(trial(&doubled, range.start, format!("doubled `{}`", token.text()), &mut report));
    }
    let wrong = trials.iter().filter(|trial| trial.count > 0).count();
    let far: Vec<&str> = trials.iter().filter(|trial| trial.far).map(|trial| trial.what.as_str()).collect();
    let many = trials.iter().filter(|trial| trial.count > 2).count();
    if std::env::var_os("SLA_RECOVERY_REPORT").is_some() {
        println!(
            "{report}\n{name}: {} changes, {wrong} wrong, {} far, {many} with more than two errors",
            trials.len(),
            far.len()
        );
    }
    // A changed line may still be right by itself, such as a value without its unit: it shows where the value is used.
    assert!(far.len() * FAR <= wrong, "{name}: the first error is elsewhere: {far:?}\n{report}");
    assert!(
        many * 100 <= wrong * MORE_THAN_TWO,
        "{name}: {many} of {wrong} changes make more than two errors\n{report}"
    );
    assert!(wrong * 2 > trials.len(), "{name}: most changes should be noticed");
}

#[test]
fn every_token_of_the_flagship() {
    every_token("acme-cloud");
}

#[test]
fn every_token_of_the_help_desk() {
    every_token("help-desk");
}

#[test]
fn every_token_of_a_colocation() {
    every_token("colocation");
}

#[test]
fn every_token_of_a_platform_with_bands() {
    every_token("hosted-platform");
}

#[test]
fn every_token_of_a_regional_service() {
    every_token("regional-compute");
}

/// A piece of a file, at every length: nothing panics, and the tree is lossless.
#[test]
fn every_prefix_and_suffix_of_the_flagship() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme-cloud.sla")).unwrap();
    for at in (0..text.len()).step_by(37).filter(|at| text.is_char_boundary(*at)) {
        findings(&text[..at]);
        findings(&text[at..]);
    }
}

/// The tree of every file of the project is the file, byte for byte, broken ones included.
#[test]
fn every_file_is_lossless() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("examples"), root.join("tests")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sla") {
                let text = std::fs::read_to_string(&path).unwrap();
                let (tree, _) = sla::syntax::parse(FileId::new(0), &text);
                assert_eq!(sla::syntax::print(&tree.root), text, "{}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 50, "only {count} files were found");
}

/// What a hostile author could send: it ends, at once, with an error.
#[test]
fn hostile_shapes_end_with_an_error() {
    let shapes = [
        "{".repeat(100_000),
        "(".repeat(100_000),
        format!("metric a = {}", "(".repeat(50_000)),
        format!("metric a = {}1", "not ".repeat(50_000)),
        format!("metric a = {}1", "- ".repeat(50_000)),
        format!("metric a = 1{}", " + 1".repeat(50_000)),
        format!("metric a = {}1", "if true then 1 else ".repeat(10_000)),
        format!("metric a = {}", "1 + if true then ".repeat(10_000)),
        "metric(\n".repeat(20_000),
        "commitment a of b {\n".repeat(4_000),
        "\"\"\"".repeat(20_001),
        "credit of x { ".repeat(10_000),
        "}".repeat(100_000),
        "target\n".repeat(20_000),
        "\u{201C}".repeat(50_000),
        "service s \"S\" {\n".repeat(20_000),
        "party print-co\n".repeat(3_000),
        "party A\nservice s { by a }\n".repeat(1_000),
        "\u{202E}".repeat(100_000),
        ('\u{E0000}'..='\u{E0FFF}').cycle().take(100_000).collect(),
        format!("agreement a {{ law \"{}\" }}", "\\q".repeat(50_000)),
        format!("metric a = {}", "f(".repeat(40)),
        format!("metric a = {}", "f(x <= 60 s, ".repeat(5_000)),
        format!("agreement a {{\n{}}}", "law \"x\" 9,9 %\n".repeat(5_000)),
        format!("target {}", "9,9 ".repeat(20_000)),
        "agreement a \"A\" { law x }\r".repeat(2_000),
        format!("constant a \"a\" = \"{}", "\\\"".repeat(100_000)),
        "\\\"".repeat(100_000),
        format!("party a {{ address \"{}\n}}", "\\\"".repeat(100_000)),
        // Where a lone carriage return ends a text or a comment, what follows is no part of it.
        format!("\"\r{}\"", "{".repeat(100_000)),
        format!("// a\r{}", "(".repeat(100_000)),
        (0..3_000).map(|index| format!("constant c{index} = c{}\n", index + 1)).collect(),
        (0..3_000).map(|index| format!("calendar c{index} = c{} or c{}\n", index + 1, index + 2)).collect(),
    ];
    for shape in shapes {
        let begin: String = shape.chars().take(40).collect();
        assert!(!findings(&shape).is_empty(), "no error in {begin}…");
    }
}
