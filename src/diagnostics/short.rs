//! One line a finding, for editors' problem lists and for `grep`.

use super::{Diagnostic, visible};
use crate::source::{SourceMap, Span};

/// So many uses of a template are named.
const SHOWN: usize = 5;

/// `path:line:column: severity[CODE]: message`; a finding about a whole file has no line and column. One in a template of another
/// file ends with the places where that is used: ` (used at path:line:column, path:line:column and 3 more)`.
#[must_use]
pub fn render(found: &[Diagnostic], sources: &SourceMap) -> String {
    found.iter().map(|finding| line(finding, sources)).collect()
}

fn line(finding: &Diagnostic, sources: &SourceMap) -> String {
    let place = match finding.span {
        Some(span) => format!("{}: ", located(span, sources)),
        None => match &finding.path {
            Some(path) => format!("{}: ", visible::line(path)),
            None => String::new(),
        },
    };
    let message = visible::line(&finding.message);
    let uses = finding.used_elsewhere();
    let shown: Vec<String> = uses.iter().take(SHOWN).map(|used| located(*used, sources)).collect();
    let more = match uses.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let used = if shown.is_empty() { String::new() } else { format!(" (used at {}{more})", shown.join(", ")) };
    format!("{place}{}[{}]: {message}{used}\n", finding.severity, finding.code.id)
}

fn located(span: Span, sources: &SourceMap) -> String {
    let at = sources.locate(span);
    format!("{}:{}:{}", visible::line(at.path), at.line, at.column)
}
