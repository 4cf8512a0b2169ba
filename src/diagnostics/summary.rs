use std::collections::BTreeSet;

use super::{Code, Diagnostic, Severity, codes};
use crate::source::SourceMap;

/// The findings that a file was not read at all: it is none of those that were, though one of them may look like it.
const UNREAD: [&Code; 4] =
    [codes::UNREADABLE_FILE, codes::FILE_TOO_LARGE, codes::NOT_UTF8, codes::ANOTHER_KIND_OF_FILE];
/// The findings about files that are not counted: what could not be written, and settings of projects.
const UNCOUNTED: [&Code; 2] = [codes::UNWRITABLE_FILE, codes::BROKEN_PROJECT_FILE];

/// The last line of a run: "2 errors, 1 warning in 3 files", or "no findings in 3 files".
///
/// The files are those that were read, and those that could not be; what could not be written is none of them, and neither
/// are the settings of projects. Files whose names look alike, since no letters stand for some of their bytes, are several.
#[must_use]
pub fn summary(found: &[Diagnostic], sources: &SourceMap) -> String {
    let read: Vec<&str> =
        sources.files().map(|(_, file)| file).filter(|file| !file.aside).map(|file| file.name.as_str()).collect();
    let names: BTreeSet<&str> = read.iter().copied().collect();
    let placeless = found.iter().filter(|finding| finding.span.is_none() && !UNCOUNTED.contains(&finding.code));
    let unread = placeless.filter_map(|finding| Some((finding, without_line(finding.path.as_deref()?))));
    let unread = unread.filter(|(finding, path)| UNREAD.contains(&finding.code) || !names.contains(path));
    let files = read.len() + unread.map(|(_, path)| path).collect::<BTreeSet<_>>().len();
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
