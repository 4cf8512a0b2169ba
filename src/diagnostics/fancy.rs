//! The drawn layout for people at a terminal.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use super::excerpt::Excerpt;
use super::{Diagnostic, Severity, footer, visible};
use crate::source::SourceMap;

/// The narrowest and the widest that a report may be, in columns.
const WIDTHS: (usize, usize) = (40, 120);

/// The findings one after the other, with an empty line after each; `columns` is the width of the terminal.
#[must_use]
pub fn render(found: &[Diagnostic], sources: &SourceMap, colour: bool, columns: usize) -> String {
    let columns = columns.clamp(WIDTHS.0, WIDTHS.1);
    let mut out = String::new();
    for finding in found {
        let excerpt = Excerpt::of(finding, sources);
        let footers = footer::lines(finding, excerpt.as_ref());
        let report = Report { finding, sources, excerpt };
        // Writing to a string cannot fail, and an excerpt answers every question about itself.
        let _ = handler(&report, colour, columns).render_report(&mut out, &report);
        if let (None, Some(path)) = (finding.span, &finding.path) {
            out.push_str(&wrapped("in ", &visible::line(path), columns, false));
        }
        for (head, text) in footers {
            let head = format!("{head}: ");
            // Only the steps of a computation have several lines, each indented by its depth.
            for (at, line) in text.split('\n').enumerate() {
                let words = line.trim_start_matches(' ');
                let depth = " ".repeat(line.len() - words.len());
                out.push_str(&wrapped(if at == 0 { &head } else { &depth }, words, columns, colour));
            }
        }
        out.push('\n');
    }
    out
}

/// The renderer with the colours of one finding: the main place in that of the severity, the others in another.
fn handler(report: &Report<'_>, colour: bool, columns: usize) -> GraphicalReportHandler {
    // The terminal's own palette, which its user has made readable.
    let mut styles = if colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let main = match report.finding.severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Advice | Severity::Note => styles.advice,
    };
    let places = report.excerpt.iter().flat_map(|excerpt| &excerpt.places);
    let mut starts: Vec<(usize, usize)> = places.enumerate().map(|(at, place)| (place.start, at)).collect();
    if !starts.is_empty() {
        // The renderer hands its colours out in the order of places.
        starts.sort_unstable();
        styles.highlights = starts.iter().map(|(_, at)| if *at == 0 { main } else { styles.help }).collect();
    }
    GraphicalReportHandler::new_themed(GraphicalTheme { characters: ThemeCharacters::unicode(), styles })
        .with_width(columns)
        .with_urls(false)
        .without_syntax_highlighting()
}

/// A head and its words, broken at blanks, with the following lines under the first word.
fn wrapped(head: &str, text: &str, columns: usize, colour: bool) -> String {
    let indent = 2 + head.len();
    let room = columns.saturating_sub(indent).max(20);
    let mut out = if colour { format!("  \u{1B}[36m{head}\u{1B}[0m") } else { format!("  {head}") };
    let mut used = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if used > 0 && used + 1 + width > room {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += width;
    }
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
    out
}

/// A finding as the renderer wants it.
struct Report<'a> {
    finding: &'a Diagnostic,
    sources: &'a SourceMap,
    excerpt: Option<Excerpt>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.finding.fmt(out)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&visible::line(&self.finding.message))
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let code = self.finding.code;
        Some(Box::new(format!("{} {} ({})", self.finding.severity, code.id, code.name)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice | Severity::Note => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.is_some().then_some(self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let places = &self.excerpt.as_ref()?.places;
        Some(Box::new(places.iter().enumerate().map(|(at, place)| {
            let span = (place.start, place.end - place.start);
            if at == 0 {
                LabeledSpan::new_primary_with_span(place.text.clone(), span)
            } else {
                LabeledSpan::new_with_span(place.text.clone(), span)
            }
        })))
    }
}

impl SourceCode for Report<'_> {
    /// The whole block of lines that the span is in; without context, where the span is in its source.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let excerpt = self.excerpt.as_ref().ok_or(MietteError::OutOfBounds)?;
        let block = excerpt.block_at(span.offset());
        let (Some(first), Some(last)) = (block.first(), block.last()) else {
            return Err(MietteError::OutOfBounds);
        };
        // Places of two blocks are not to be joined to one.
        if span.offset() + span.len() > last.end + 1 {
            return Err(MietteError::OutOfBounds);
        }
        let name = visible::line(self.sources.name(first.file));
        let place = excerpt.places.iter().find(|place| place.start == span.offset());
        let (line, column) = match place {
            Some(place) if before == 0 && after == 0 => {
                let at = self.sources.locate(place.source);
                (at.line as usize - 1, at.column as usize - 1)
            }
            _ => (first.number as usize - 1, 0),
        };
        // With its last line break, since a place may be at the end of a line.
        let end = last.end + 1;
        let data = excerpt.text.get(first.start..end).unwrap_or("").as_bytes();
        let range = (first.start, end - first.start).into();
        Ok(Box::new(MietteSpanContents::new_named(name, data, range, line, column, block.len())))
    }
}
