use std::collections::BTreeMap;

use super::{Diagnostic, visible};
use crate::source::{FileId, SourceFile, SourceMap, Span, floor};

/// How many places of one finding are shown.
const MOST_PLACES: usize = 12;
/// A place of more lines is shown by its first one.
const MOST_LINES: u32 = 6;
/// A longer line, in bytes, is shown by a window around its first place.
const LONGEST_LINE: usize = 160;
/// The bytes of such a line that are shown before its first place, and in all.
const WINDOW: (usize, usize) = (40, 100);

/// The lines that show a finding: a new text, small whatever the sources are, with nothing in it that a terminal obeys.
///
/// Offsets are those of the new text; line numbers and columns are those of the sources.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub text: String,
    pub lines: Vec<Line>,
    /// The main place first, then the others in their order.
    pub places: Vec<Place>,
    /// How many places are left out.
    pub left_out: usize,
}

/// One line of the excerpt.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub file: FileId,
    /// The line number in the source, from 1; 0 for the empty lines between two blocks.
    pub number: u32,
    pub start: usize,
    /// The end, without the line break.
    pub end: usize,
}

/// One place in the excerpt.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub source: Span,
    pub start: usize,
    pub end: usize,
    pub text: Option<String>,
}

impl Excerpt {
    /// Cuts out what shows the finding; nothing if it has no place.
    pub fn of(finding: &Diagnostic, sources: &SourceMap) -> Option<Self> {
        let main = finding.span.map(|span| (span, finding.primary.as_deref()));
        let others = finding.labels.iter().map(|label| (label.span, Some(label.text.as_str())));
        let known = |(span, _): &(Span, Option<&str>)| sources.get(span.file).is_some();
        let all: Vec<_> = main.into_iter().chain(others).filter(known).collect();
        main?;
        let mut excerpt = Self { text: String::new(), lines: Vec::new(), places: Vec::new(), left_out: 0 };
        excerpt.left_out = all.len().saturating_sub(MOST_PLACES);
        let shown: Vec<_> = all.into_iter().take(MOST_PLACES).collect();
        excerpt.places.extend(shown.iter().map(|(span, text)| Place {
            source: *span,
            start: 0,
            end: 0,
            text: text.map(visible::line),
        }));
        let mut files: Vec<FileId> = Vec::new();
        for (span, _) in &shown {
            if !files.contains(&span.file) {
                files.push(span.file);
            }
        }
        for id in files {
            if let Some(file) = sources.get(id) {
                excerpt.add_file(id, file);
            }
        }
        Some(excerpt)
    }

    /// The line of the excerpt that an offset is in.
    pub fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    /// The lines around `offset` that follow each other in the source.
    pub fn block_at(&self, offset: usize) -> &[Line] {
        let at = self.line_at(offset);
        let before = self.lines.get(..at).unwrap_or_default();
        let start = before.iter().rposition(|line| line.number == 0).map_or(0, |gap| gap + 1);
        let after = self.lines.get(at..).unwrap_or_default();
        let length = after.iter().position(|line| line.number == 0).unwrap_or(after.len());
        self.lines.get(start..at + length).unwrap_or_default()
    }

    fn add_file(&mut self, id: FileId, file: &SourceFile) {
        let mut previous = None;
        for (number, places) in wanted(file, &self.places, id) {
            if previous != Some(number - 1) && !self.lines.is_empty() {
                // Two empty lines, since renderers close a gap of one line.
                self.push_line(id, 0, "");
                self.push_line(id, 0, "");
            }
            self.add_line(id, file, number, &places);
            previous = Some(number);
        }
    }

    /// Adds a line, and settles the places that start or end in it.
    fn add_line(&mut self, id: FileId, file: &SourceFile, number: u32, places: &[usize]) {
        let (from, to) = file.lines.line_range(&file.text, number).unwrap_or_default();
        let (from, to) = (from as usize, to as usize);
        let first = places.iter().filter_map(|at| self.places.get(*at)).map(|place| place.source.start as usize).min();
        let (low, high) = window(&file.text, from, to, first.unwrap_or(from).clamp(from, to));
        let raw = file.text.get(low..high).unwrap_or("");
        let mut shown = String::new();
        if low > from {
            shown.push('…');
        }
        let lead = shown.len();
        shown.extend(raw.chars().map(safe));
        if high < to {
            shown.push('…');
        }
        if shown.is_empty() && !places.is_empty() {
            // Renderers drop an empty last line, and the place with it.
            shown.push(' ');
        }
        let base = self.text.len();
        let place_of = |offset: u32| {
            let end = floor(&file.text, offset as usize).clamp(low, high);
            base + lead
                + file.text.get(low..end).unwrap_or("").chars().map(|letter| safe(letter).len_utf8()).sum::<usize>()
        };
        for at in places {
            let Some(place) = self.places.get_mut(*at) else {
                continue;
            };
            let (first, last) = line_span(file, place.source);
            if first == number {
                place.start = place_of(place.source.start);
            }
            if last == number {
                place.end = place_of(place.source.end).max(place.start);
            } else if first == number {
                place.end = (base + shown.trim_end().len()).max(place.start);
            }
        }
        self.push_line(id, number, &shown);
    }

    fn push_line(&mut self, file: FileId, number: u32, shown: &str) {
        let start = self.text.len();
        self.text.push_str(shown);
        self.lines.push(Line { file, number, start, end: self.text.len() });
        self.text.push('\n');
    }
}

/// A tab stays a tab, which renderers expand.
fn safe(letter: char) -> char {
    if letter == '\t' { letter } else { visible::letter(letter) }
}

/// The first and last line of a place; a place of too many lines ends on its first.
fn line_span(file: &SourceFile, span: Span) -> (u32, u32) {
    let first = file.lines.line_of(span.start);
    let last = file.lines.line_of(if span.is_empty() { span.start } else { span.end - 1 });
    if last - first < MOST_LINES { (first, last) } else { (first, 0) }
}

/// The lines to show of a file, each with the places that touch it: those of the places, and one on either side.
fn wanted(file: &SourceFile, places: &[Place], id: FileId) -> BTreeMap<u32, Vec<usize>> {
    let mut lines: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate().filter(|(_, place)| place.source.file == id) {
        let (first, last) = line_span(file, place.source);
        for number in first..=last.max(first) {
            lines.entry(number).or_default().push(at);
        }
        for beside in [first - 1, last.max(first) + 1] {
            let filled = file.lines.line_range(&file.text, beside).is_some_and(|(from, to)| {
                let shown = (to as usize).min(from as usize + LONGEST_LINE);
                let end = floor(&file.text, shown);
                !file.text.get(from as usize..end).unwrap_or("").trim().is_empty()
            });
            if filled {
                lines.entry(beside).or_default();
            }
        }
    }
    // A gap of one or two lines is shorter than the mark of a gap.
    let numbers: Vec<u32> = lines.keys().copied().collect();
    for (left, right) in numbers.iter().zip(numbers.iter().skip(1)) {
        if right - left <= 3 {
            (left + 1..*right).for_each(|number| {
                lines.entry(number).or_default();
            });
        }
    }
    lines
}

/// The part `[low, high)` of the line `[from, to)` that is shown, with `first` in it.
fn window(text: &str, from: usize, to: usize, first: usize) -> (usize, usize) {
    if to - from <= LONGEST_LINE {
        return (from, to);
    }
    let low = floor(text, first.saturating_sub(WINDOW.0)).max(from);
    let high = floor(text, low + WINDOW.1).min(to);
    (low, high)
}
