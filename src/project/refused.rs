//! What is told at an `import` that leads nowhere.

use super::path;
use super::store::{Broken, Key};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean, visible_line};
use crate::source::{Folders, ReadError, Span};
use crate::std_library;
use crate::syntax::{Import, Origin};
use std::path::Path;

/// How many files are named where there is none of the name.
const MOST_NAMED: usize = 5;

/// What an import leads to: a file that can be looked for.
///
/// # Errors
/// The finding that it leads nowhere.
pub(super) fn target(folders: &dyn Folders, from: Option<&Path>, import: &Import) -> Result<Key, Diagnostic> {
    match &import.from {
        Origin::Library(written) => library(written, import.span),
        Origin::File(written) => {
            if let Some(finding) = path::reject(written, import.span) {
                return Err(finding);
            }
            let Some(from) = from else {
                let message = format!("a library cannot import `{}`, a file of a project", visible_line(written));
                return Err(Diagnostic::new(codes::IMPORT_NOT_FOUND, import.span, message));
            };
            let nowhere = |error| refused(folders, from, written, import.span, &error);
            folders.resolve(from, written).map(Key::File).map_err(nowhere)
        }
    }
}

fn library(written: &str, span: Span) -> Result<Key, Diagnostic> {
    let name = written.strip_prefix("std.").unwrap_or(written);
    let known = std_library::names().find(|known| *known == name);
    if let (Some(known), true) = (known, written.starts_with("std.")) {
        return Ok(Key::Library(known));
    }
    let finding = Diagnostic::new(codes::UNKNOWN_LIBRARY, span, format!("there is no library `{written}`"));
    let meant = known.or_else(|| did_you_mean(name, std_library::names()));
    Err(match meant {
        Some(meant) => finding.primary(format!("did you mean `std.{meant}`?")).fix(Fix::replace(
            format!("write `std.{meant}`"),
            span,
            format!("std.{meant}"),
        )),
        None => {
            let known: Vec<String> = std_library::names().map(|name| format!("`std.{name}`")).collect();
            let known = known.join(", ");
            finding.help(format!("these come with the program: {known}; the path of a file stands in quotes"))
        }
    })
}

fn refused(folders: &dyn Folders, from: &Path, written: &str, span: Span, error: &ReadError) -> Diagnostic {
    let shown = visible_line(written);
    match error {
        ReadError::Outside | ReadError::LinkOutside => {
            let how = if *error == ReadError::LinkOutside { ", by way of a link" } else { "" };
            let message = format!("`{shown}` leads out of the project's folder{how}");
            let finding = Diagnostic::new(codes::IMPORT_OUTSIDE, span, message);
            let home = match folders.home_name(from).as_str() {
                "." => "the current folder".to_owned(),
                home => format!("`{}`", visible_line(home)),
            };
            let widened = match folders.is_home_by_file(from) {
                true => {
                    "the nearest `sla.toml` makes that the project's folder: to import from further up, move that file there"
                }
                false => "a file `sla.toml` in a folder further up makes that the project's folder",
            };
            finding.primary("outside of the project").help(format!("only files below {home} are read; {widened}"))
        }
        ReadError::NotFound => {
            let finding = Diagnostic::new(codes::IMPORT_NOT_FOUND, span, format!("there is no file `{shown}`"));
            missing(finding, folders, from, written, span)
        }
        error => {
            let message = format!("`{shown}` cannot be imported: {error}");
            Diagnostic::new(codes::IMPORT_UNREADABLE, span, message)
        }
    }
}

/// What is there instead.
fn missing(finding: Diagnostic, folders: &dyn Folders, from: &Path, written: &str, span: Span) -> Diagnostic {
    let beside = folders.beside(from, written);
    let (folder, name) = written.rsplit_once('/').map_or(("", written), |(folder, name)| (folder, name));
    let whole = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    // All names end alike, which is no likeness.
    let stems = beside.iter().filter_map(|name| name.strip_suffix(".sla"));
    if let Some(meant) = did_you_mean(name.strip_suffix(".sla").unwrap_or(name), stems) {
        let meant = whole(&format!("{meant}.sla"));
        let shown = visible_line(&meant);
        return finding.primary(format!("did you mean `{shown}`?")).fix(Fix::replace(
            format!("write `{shown}`"),
            span,
            format!("\"{meant}\""),
        ));
    }
    match beside.is_empty() {
        true => finding.help("the path begins at the folder of this file"),
        false => {
            let more = if beside.len() > MOST_NAMED { ", …" } else { "" };
            let named: Vec<String> = beside.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
            let named = visible_line(&named.join(", "));
            finding.help(format!("the path begins at the folder of this file; where it leads lie {named}{more}"))
        }
    }
}

/// The finding at an import of a file that is there and is no text of the language.
pub(super) fn broken(import: &Import, broken: &Broken) -> Diagnostic {
    let shown = match &import.from {
        Origin::File(written) | Origin::Library(written) => visible_line(written),
    };
    let message = match broken {
        Broken::Unreadable(error) => format!("`{shown}` cannot be imported: {error}"),
        Broken::Rejected(rejection) => format!("`{shown}` cannot be imported: {rejection}"),
    };
    Diagnostic::new(codes::IMPORT_UNREADABLE, import.span, message)
}
