//! Each code of the catalogue on a small agreement that fails and on one that passes.
//!
//! The last lines of a failing agreement say what must be found: `//! severity[CODE] line 3: message`. To write them
//! anew after a change of words, run the tests with `BLESS=1` and read the difference.

use sla::diagnostics::{Diagnostic, arrange, codes, plain};
use sla::source::SourceMap;
use std::path::PathBuf;

/// Codes that no text of one agreement can show: they are about files, other stages, or limits.
const ELSEWHERE: &[&str] = &["SLA001", "SLA002", "SLA003", "SLA004", "SLA007", "SLA008", "SLA009", "SLA331", "SLA8"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/checks")
}

/// Everything that is found in a text, in the order of its places.
fn findings(name: &str, text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add(name, text);
    let (tree, mut found) = sla::syntax::parse(file, text);
    let (model, of_model) = sla::model::build(&tree);
    found.extend(of_model);
    found.extend(sla::checks::check(&model));
    (arrange(found), sources)
}

/// One line for each finding, as the fixtures expect it.
fn told(found: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let line = |finding: &Diagnostic| finding.span.map_or(0, |span| sources.locate(span).line);
    let one = |found: &Diagnostic| {
        format!("//! {}[{}] line {}: {}", found.severity, found.code.id, line(found), found.message)
    };
    found.iter().map(one).collect()
}

fn fixture(code: &str, kind: &str) -> Option<(PathBuf, String)> {
    let path = folder().join(format!("{code}-{kind}.sla"));
    let text = std::fs::read_to_string(&path).ok()?;
    Some((path, text.replace("\r\n", "\n")))
}

#[test]
fn every_code_is_shown_by_an_agreement_that_fails_and_one_that_passes() {
    let missing: Vec<&str> = codes::all()
        .iter()
        .map(|code| code.id)
        .filter(|id| !ELSEWHERE.iter().any(|elsewhere| id.starts_with(elsewhere)))
        .filter(|id| fixture(id, "fails").is_none() || fixture(id, "passes").is_none())
        .collect();
    assert!(missing.is_empty(), "without fixtures: {missing:?}");
}

#[test]
fn failing_agreements_tell_what_they_expect() {
    let mut wrong = Vec::new();
    for code in codes::all() {
        let Some((path, text)) = fixture(code.id, "fails") else { continue };
        // The expectations stand at the end, so that they do not move any line.
        let body = text.split("\n//! ").next().unwrap_or_default().trim_end().to_owned() + "\n";
        let (found, sources) = findings(&format!("{}.sla", code.name), &body);
        let lines = told(&found, &sources);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, format!("{body}\n{}\n", lines.join("\n"))).expect("the fixture can be written");
        }
        let expected: Vec<String> = text.lines().filter(|line| line.starts_with("//! ")).map(str::to_owned).collect();
        if lines != expected || !found.iter().any(|finding| finding.code.id == code.id) {
            wrong.push(format!("{}\n  expected {expected:#?}\n  found {lines:#?}", code.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn passing_agreements_have_no_findings() {
    let mut wrong = Vec::new();
    for code in codes::all() {
        let Some((_, text)) = fixture(code.id, "passes") else { continue };
        let (found, sources) = findings(&format!("{}.sla", code.name), &text);
        if !found.is_empty() {
            wrong.push(format!("{} {:#?}", code.id, told(&found, &sources)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The pictures are read by people: each says what is wrong, where, with a witness and help.
#[test]
fn findings_read_well() {
    let mut pictures = String::new();
    for code in codes::all().iter().filter(|code| sla::checks::codes_told().any(|told| told.id == code.id)) {
        let Some((_, text)) = fixture(code.id, "fails") else { continue };
        let (found, sources) = findings(&format!("{}.sla", code.name), &text);
        pictures.push_str(&plain::render(&found, &sources, false));
    }
    insta::assert_snapshot!(pictures);
}

#[test]
fn every_fix_mends_its_finding() {
    for code in codes::all() {
        let Some((_, text)) = fixture(code.id, "fails") else { continue };
        let (found, _) = findings("a.sla", &text);
        for finding in found.iter().filter(|finding| finding.code.id == code.id) {
            for fix in &finding.fixes {
                let mut mended = text.clone();
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
                for edit in edits {
                    mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.new_text);
                }
                let (left, sources) = findings("a.sla", &mended);
                let same = left.iter().filter(|other| other.code.id == code.id && other.message == finding.message);
                assert_eq!(same.count(), 0, "{}: {:?}\n{mended}", fix.title, told(&left, &sources));
            }
        }
    }
}
