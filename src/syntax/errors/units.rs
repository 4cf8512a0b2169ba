//! Numbers where a length of time is written, without its unit.

use super::Reporter;
use super::lines::Piece;
use crate::diagnostics::{Diagnostic, codes};

/// Units that a length of time may have, from short to long.
const UNITS: &[&str] = &["min", "h", " days", " months"];

/// How many of them are offered.
const MOST: usize = 3;

impl Reporter<'_> {
    /// A number where the grammar goes on if it has a unit of time.
    pub(super) fn without_unit(&self, piece: &Piece<'_>) -> Option<Diagnostic> {
        let (start, end) = self.number_near(piece)?;
        let number = self.text.get(start..end)?;
        let lengths = UNITS.iter().map(|unit| match number {
            "1" => format!("1{}", unit.trim_end_matches('s')),
            number => format!("{number}{unit}"),
        });
        let mut read: Vec<String> = lengths.filter(|length| self.goes_on(piece, (start, end), length)).collect();
        if read.is_empty() {
            return None;
        }
        // Where the form asks for a period alone, elapsed time is not what is meant.
        let periods = piece.form.is_some_and(|form| form.form.contains("PERIOD") && !form.form.contains("DURATION"));
        if periods {
            read.retain(|length| length.contains(' '));
        }
        let written = read.iter().take(MOST).map(|length| format!("`{length}`")).collect::<Vec<_>>().join(" or ");
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, self.span(start, end), "a length of time needs its unit");
        Some(finding.primary(format!("{number} of what?")).help(format!("write {written}")))
    }

    /// The number at the place where a piece stops making sense, or right before it.
    fn number_near(&self, piece: &Piece<'_>) -> Option<(usize, usize)> {
        let part = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_');
        let rest = self.text.get(piece.at..piece.end)?;
        let at = piece.at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let before = self.text.get(piece.start..at)?;
        let before = if self.text.get(at..piece.end)?.starts_with(part) { before } else { before.trim_end() };
        let start = piece.start + before.trim_end_matches(part).len();
        let said = self.text.get(start..piece.end)?;
        let end = start + said.len() - said.trim_start_matches(part).len();
        let stands_alone = !before.trim_end_matches(part).ends_with(|letter: char| letter.is_alphanumeric());
        (said.starts_with(|first: char| first.is_ascii_digit()) && stands_alone).then_some((start, end))
    }
}
