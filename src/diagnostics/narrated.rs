//! Plain sentences for screen readers: no drawings, and every place said in words.

use super::excerpt::{Excerpt, Place};
use super::{Diagnostic, footer, visible};
use crate::source::{SourceMap, Span};

/// A paragraph a finding, with an empty line between two.
#[must_use]
pub fn render(found: &[Diagnostic], sources: &SourceMap) -> String {
    let paragraphs: Vec<String> = found.iter().map(|finding| paragraph(finding, sources)).collect();
    paragraphs.join("\n")
}

fn paragraph(finding: &Diagnostic, sources: &SourceMap) -> String {
    let code = finding.code;
    let excerpt = Excerpt::of(finding, sources);
    let mut lines =
        vec![format!("{} {}, {}: {}", finding.severity, code.id, code.name, visible::line(&finding.message))];
    match &excerpt {
        Some(excerpt) => lines.extend(excerpt.places.iter().flat_map(|place| said(place, excerpt, sources))),
        None => lines.extend(finding.path.iter().map(|path| format!("in {}", visible::line(path)))),
    }
    let footers = footer::lines(finding, excerpt.as_ref());
    lines.extend(footers.into_iter().map(|(head, text)| footer::written(head, &text)));
    lines.push(String::new());
    lines.join("\n")
}

/// Where a place is and what is there, then its line.
fn said(place: &Place, excerpt: &Excerpt, sources: &SourceMap) -> [String; 2] {
    let at = excerpt.lines.get(excerpt.line_at(place.start));
    let text = at.and_then(|line| excerpt.text.get(line.start..line.end)).unwrap_or("").trim();
    let label = place.text.as_ref().map_or(String::new(), |text| format!(": {text}"));
    let line = if text.is_empty() { "    the line is empty".to_owned() } else { format!("    the line reads: {text}") };
    [format!("{}{label}", where_it_is(place.source, sources)), line]
}

fn where_it_is(span: Span, sources: &SourceMap) -> String {
    let at = sources.locate(span);
    let (path, line, column) = (visible::line(at.path), at.line, at.column);
    // People count the last character, not the place after it.
    match at.end_column.saturating_sub(1) {
        _ if at.end_line > line => format!("in {path}, from line {line}, column {column} to line {}", at.end_line),
        last if last > column => format!("in {path}, line {line}, columns {column} to {last}"),
        _ => format!("in {path}, line {line}, column {column}"),
    }
}
