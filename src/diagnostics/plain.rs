//! The layout that compilers have made familiar, in colours or without, for terminals and logs.

use std::ops::Range;

use codespan_reporting::diagnostic::{self as codespan, LabelStyle};
use codespan_reporting::files::{Error, Files, Location};
use codespan_reporting::term;
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};

use super::excerpt::Excerpt;
use super::{Diagnostic, Severity, footer, visible};
use crate::source::{FileId, SourceMap};

/// The findings one after the other, with an empty line after each.
#[must_use]
pub fn render(found: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    found.iter().map(|finding| one(finding, sources, colour)).collect()
}

fn one(finding: &Diagnostic, sources: &SourceMap, colour: bool) -> String {
    let excerpt = Excerpt::of(finding, sources);
    let report = report(finding, excerpt.as_ref());
    let empty = Excerpt { text: String::new(), lines: Vec::new(), places: Vec::new(), left_out: 0 };
    let shown = Shown { excerpt: excerpt.unwrap_or(empty), sources };
    let text = if colour {
        emit(Ansi::new(Vec::new()), &report, &shown).into_inner()
    } else {
        emit(NoColor::new(Vec::new()), &report, &shown).into_inner()
    };
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if finding.severity == Severity::Advice {
        // The renderer's nearest word for advice is help, and the severity is the first word that it writes.
        text = text.replacen("help", Severity::Advice.word(), 1);
    }
    match (&finding.path, text.split_once('\n')) {
        (Some(path), Some((head, notes))) if finding.span.is_none() => whole_file(head, path, notes),
        _ => text,
    }
}

/// The renderer shows no file without a place in it, so its line is put in.
fn whole_file(head: &str, path: &str, notes: &str) -> String {
    let path = visible::line(path);
    let notes = notes.trim_end().replace("\n ", "\n  ");
    if notes.is_empty() {
        format!("{head}\n  ┌─ {path}\n\n")
    } else {
        format!("{head}\n  ┌─ {path}\n  │\n {notes}\n\n")
    }
}

/// Writing to memory cannot fail, and an excerpt answers every question about itself; what was written stands.
fn emit<W: WriteColor>(mut out: W, report: &codespan::Diagnostic<FileId>, shown: &Shown<'_>) -> W {
    let _ = term::emit_to_write_style(&mut out, &term::Config::default(), shown, report);
    out
}

fn report(finding: &Diagnostic, excerpt: Option<&Excerpt>) -> codespan::Diagnostic<FileId> {
    let severity = match finding.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Advice => codespan::Severity::Help,
        Severity::Note => codespan::Severity::Note,
    };
    let places = excerpt.map(|excerpt| excerpt.places.as_slice()).unwrap_or_default();
    let labels = places.iter().enumerate().map(|(at, place)| {
        let style = if at == 0 { LabelStyle::Primary } else { LabelStyle::Secondary };
        let text = place.text.clone().unwrap_or_default();
        codespan::Label::new(style, place.source.file, place.start..place.end).with_message(text)
    });
    let notes = footer::lines(finding, excerpt).into_iter().map(|(head, text)| footer::written(head, &text));
    codespan::Diagnostic::new(severity)
        .with_code(finding.code.id)
        .with_message(visible::line(&finding.message))
        .with_labels(labels.collect())
        .with_notes(notes.collect())
}

/// An excerpt as the renderer wants it: all files share its text, and numbers are those of the sources.
struct Shown<'a> {
    excerpt: Excerpt,
    sources: &'a SourceMap,
}

impl<'a> Files<'a> for Shown<'a> {
    type FileId = FileId;
    type Name = String;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<String, Error> {
        Ok(visible::line(self.sources.name(id)))
    }

    fn source(&'a self, _: FileId) -> Result<&'a str, Error> {
        Ok(&self.excerpt.text)
    }

    fn line_index(&'a self, _: FileId, offset: usize) -> Result<usize, Error> {
        Ok(self.excerpt.line_at(offset))
    }

    fn line_number(&'a self, _: FileId, line: usize) -> Result<usize, Error> {
        Ok(self.excerpt.lines.get(line).map_or(0, |line| line.number as usize))
    }

    fn line_range(&'a self, _: FileId, line: usize) -> Result<Range<usize>, Error> {
        let max = self.excerpt.lines.len();
        let line = self.excerpt.lines.get(line).ok_or(Error::LineTooLarge { given: line, max })?;
        Ok(line.start..line.end + 1)
    }

    fn location(&'a self, id: FileId, offset: usize) -> Result<Location, Error> {
        let place = self.excerpt.places.iter().find(|place| place.start == offset && place.source.file == id);
        let at = place.map(|place| self.sources.locate(place.source));
        let line_number = self.line_number(id, self.line_index(id, offset)?)?;
        Ok(at.map_or(Location { line_number, column_number: 1 }, |at| Location {
            line_number: at.line as usize,
            column_number: at.column as usize,
        }))
    }
}
