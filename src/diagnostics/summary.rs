use std::collections::BTreeSet;

use super::{Diagnostic, Severity, codes};
use crate::source::SourceMap;

/// The last line of a run: "2 errors, 1 warning in 3 files", or "no findings in 3 files".
///
/// The files are those that were read, and those that could not be; what could not be written is none of them.
#[must_use]
pub fn summary(found: &[Diagnostic], sources: &SourceMap) -> String {
    let read = sources.files().filter(|(_, file)| !file.aside).map(|(_, file)| file.name.as_str());
    let unread = found.iter().filter(|finding| finding.span.is_none() && finding.code != codes::UNWRITABLE_FILE);
    let unread = unread.filter_map(|finding| finding.path.as_deref().map(without_line));
    let files = read.chain(unread).collect::<BTreeSet<_>>().len();
    let all = [Severity::Error, Severity::Warning, Severity::Advice, Severity::Note];
    let counts: Vec<String> = all
        .into_iter()
        .map(|severity| (severity, found.iter().filter(|finding| finding.severity == severity).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| counted(count, severity))
        .collect();
    let counts = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    format!("{counts} in {files} {}", if files == 1 { "file" } else { "files" })
}

/// The path of a place such as `requests.csv:17`.
fn without_line(place: &str) -> &str {
    let is_line = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    place.rsplit_once(':').filter(|(_, line)| is_line(line)).map_or(place, |(path, _)| path)
}

/// Advice has no plural in English.
fn counted(count: usize, severity: Severity) -> String {
    match (severity, count) {
        (Severity::Advice, 1) => "1 piece of advice".to_owned(),
        (Severity::Advice, _) => format!("{count} pieces of advice"),
        (_, 1) => format!("1 {severity}"),
        (_, _) => format!("{count} {severity}s"),
    }
}
