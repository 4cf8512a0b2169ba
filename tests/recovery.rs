//! Every token of whole examples, deleted and doubled: the first error is on its line or the next, nearly always with at
//! most one more, and never a panic or a hang.

use sla::diagnostics::{Diagnostic, Severity};
use sla::source::FileId;
use sla::syntax::{Kind, Token};

/// Of all changes that make errors, the share (in percent) that may make more than two.
const MORE_THAN_TWO: usize = 3;

fn findings(text: &str) -> Vec<Diagnostic> {
    let (tree, mut findings) = sla::syntax::parse(FileId(0), text);
    assert_eq!(sla::syntax::print(&tree.root), text, "the tree is not lossless");
    let (_model, more) = sla::model::build(&tree);
    findings.extend(more);
    findings.retain(|finding| finding.severity == Severity::Error);
    findings.sort_by_key(|finding| finding.span.map(|span| span.start));
    findings
}

fn line(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

fn leaves(text: &str) -> Vec<Token> {
    let (tree, _) = sla::syntax::parse(FileId(0), text);
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
    let first = found.first().and_then(|finding| finding.span).map(|span| line(changed, span.start as usize));
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
    assert!(far.is_empty(), "{name}: the first error is elsewhere: {far:?}\n{report}");
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
