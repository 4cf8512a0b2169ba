//! One JSON object a line, for programs.
//!
//! The fields are stable; new ones may be added. Lines and columns count from 1, columns in characters; `start` and
//! `end` are byte offsets from 0; ends are exclusive. What a finding does not have is `null` or an empty list.
//!
//! | field | meaning |
//! |---|---|
//! | `code`, `name` | the stable id and name of the kind of finding |
//! | `severity` | `error`, `warning`, `advice` or `note` |
//! | `message` | what is wrong |
//! | `path`, `line`, `column`, `end_line`, `end_column`, `start`, `end` | where |
//! | `label` | the words at the place |
//! | `labels` | other places: the fields of a place, and `text` |
//! | `witness` | a value, date or course of events that shows the problem |
//! | `derivation` | how a result was computed, a line for each step |
//! | `others` | the names of other variants of which the same is found |
//! | `help` | how to mend it |
//! | `fixes` | `title`, and `edits`: the fields of a place, and `new_text` |

use std::fmt::Write;

use serde::Serialize;

use super::{Diagnostic, visible};
use crate::source::{SourceMap, Span};

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    label: Option<&'a str>,
    labels: Vec<Label<'a>>,
    witness: Option<&'a str>,
    derivation: &'a [String],
    others: &'a [String],
    help: Option<&'a str>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize, Default)]
struct Place<'a> {
    path: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    start: Option<u32>,
    end: Option<u32>,
}

#[derive(Serialize)]
struct Label<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    new_text: &'a str,
}

/// One object a line. Characters that a terminal would obey are written as `\uXXXX`, so nothing is lost.
#[must_use]
pub fn render(found: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for finding in found {
        // Maps with text keys and numbers always have a JSON form, so nothing is ever skipped here.
        if let Ok(object) = serde_json::to_string(&object(finding, sources)) {
            escape(&object, &mut out);
            out.push('\n');
        }
    }
    out
}

fn object<'a>(finding: &'a Diagnostic, sources: &'a SourceMap) -> Finding<'a> {
    let whole = Place { path: finding.path.as_deref(), ..Place::default() };
    let labels = finding.labels.iter().map(|label| Label { place: place(label.span, sources), text: &label.text });
    let fixes = finding.fixes.iter().map(|fix| Fix {
        title: &fix.title,
        edits: fix
            .edits
            .iter()
            .map(|edit| Edit { place: place(edit.span, sources), new_text: &edit.new_text })
            .collect(),
    });
    Finding {
        code: finding.code.id,
        name: finding.code.name,
        severity: finding.severity.word(),
        message: &finding.message,
        place: finding.span.map_or(whole, |span| place(span, sources)),
        label: finding.primary.as_deref(),
        labels: labels.collect(),
        witness: finding.witness.as_deref(),
        derivation: &finding.derivation,
        others: &finding.others,
        help: finding.help.as_deref(),
        fixes: fixes.collect(),
    }
}

fn place(span: Span, sources: &SourceMap) -> Place<'_> {
    let at = sources.locate(span);
    Place {
        path: Some(at.path),
        line: Some(at.line),
        column: Some(at.column),
        end_line: Some(at.end_line),
        end_column: Some(at.end_column),
        start: Some(span.start),
        end: Some(span.end),
    }
}

/// Only strings of a JSON text can hold such characters, so each may be replaced by its escape.
fn escape(object: &str, out: &mut String) {
    for letter in object.chars() {
        if visible::is_hazard(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(letter);
        }
    }
}
