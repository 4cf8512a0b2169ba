//! One line a finding, for editors' problem lists and for `grep`.

use super::{Diagnostic, visible};
use crate::source::{SourceMap, Span};

/// `path:line:column: severity[CODE]: message`; a finding about a whole file has no line and column. One in a template of another
/// file ends with the place where that is used: ` (used at path:line:column)`.
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
    let used =
        finding.used_elsewhere().map_or_else(String::new, |used| format!(" (used at {})", located(used, sources)));
    format!("{place}{}[{}]: {message}{used}\n", finding.severity, finding.code.id)
}

fn located(span: Span, sources: &SourceMap) -> String {
    let at = sources.locate(span);
    format!("{}:{}:{}", visible::line(at.path), at.line, at.column)
}
