//! How a path is written in an `import`.

use crate::diagnostics::{Diagnostic, Fix, codes, visible_line};
use crate::source::Span;

/// The ending of every file that can be imported.
const ENDING: &str = ".sla";

/// The finding that a text is not the path of a file in the project, before anything is looked for.
pub(super) fn reject(written: &str, span: Span) -> Option<Diagnostic> {
    let odd = |message: String| Diagnostic::new(codes::ODD_IMPORT_PATH, span, message);
    let shown = visible_line(written);
    if written.trim().is_empty() {
        let finding = odd("the path of the import is empty".to_owned());
        return Some(finding.help("name a file, relative to this one: `from \"../shared/terms.sla\"`"));
    }
    if written.contains("://") {
        let finding = odd(format!("`{shown}` is an address, and only files of the project are imported"));
        return Some(finding.help("save what it leads to in the project's folder, so that it is the same tomorrow"));
    }
    let is_drive = written.as_bytes().get(1) == Some(&b':') && written.starts_with(|drive: char| drive.is_alphabetic());
    if is_drive || written.starts_with(['/', '~']) || written.starts_with("\\\\") {
        let message = format!("`{shown}` is an absolute path, which leads elsewhere on another machine");
        let finding = Diagnostic::new(codes::IMPORT_OUTSIDE, span, message);
        return Some(finding.help("write the path from the folder of this file: `from \"../shared/terms.sla\"`"));
    }
    if written.contains('\\') {
        let slashed = written.replace('\\', "/");
        let message = format!("`{shown}` is written with backslashes, which only some systems take for a path");
        let title = format!("write `{}`", visible_line(&slashed));
        let primary = format!("did you mean `{}`?", visible_line(&slashed));
        return Some(odd(message).primary(primary).fix(Fix::replace(title, span, format!("\"{slashed}\""))));
    }
    if written.chars().any(char::is_control) {
        return Some(odd(format!("`{shown}` is not a path: it has a line break or a character that nobody sees")));
    }
    if written.trim() != written {
        let message = format!("the path `{shown}` begins or ends with a blank");
        let trimmed = written.trim();
        return Some(odd(message).fix(Fix::replace(format!("write `{trimmed}`"), span, format!("\"{trimmed}\""))));
    }
    if written.starts_with("std.")
        && written.chars().all(|letter| letter.is_ascii_alphanumeric() || "._".contains(letter))
    {
        let message = format!("`{shown}` is a library that every agreement has, and no file");
        let fix = Fix::replace(format!("write `{written}` without quotes"), span, written);
        return Some(odd(message).primary("no file that can be imported").fix(fix));
    }
    if !written.ends_with(ENDING) {
        let finding = odd(format!("`{shown}` does not end in `{ENDING}`"));
        let finding = finding.primary("no file that can be imported");
        let is_bare = !written.rsplit('/').next().unwrap_or_default().contains('.') && !written.ends_with('/');
        return Some(match is_bare {
            true => {
                let ended = format!("{written}{ENDING}");
                finding.fix(Fix::replace(format!("write `{ended}`"), span, format!("\"{ended}\"")))
            }
            false => finding.help("what agreements share stands in a `.sla` file"),
        });
    }
    None
}
