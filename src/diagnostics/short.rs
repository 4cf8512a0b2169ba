//! One line a finding, for editors' problem lists and for `grep`.

use super::{Diagnostic, visible};
use crate::source::SourceMap;

/// `path:line:column: severity[CODE]: message`; a finding about a whole file has no line and column.
#[must_use]
pub fn render(found: &[Diagnostic], sources: &SourceMap) -> String {
    found.iter().map(|finding| line(finding, sources)).collect()
}

fn line(finding: &Diagnostic, sources: &SourceMap) -> String {
    let place = match finding.span {
        Some(span) => {
            let at = sources.locate(span);
            format!("{}:{}:{}: ", visible::line(at.path), at.line, at.column)
        }
        None => match &finding.path {
            Some(path) => format!("{}: ", visible::line(path)),
            None => String::new(),
        },
    };
    let message = visible::line(&finding.message);
    format!("{place}{}[{}]: {message}\n", finding.severity, finding.code.id)
}
