//! What the grammar makes of a piece as it is written, and as a fix would leave it.

use super::Reporter;
use super::lines::Piece;
use crate::diagnostics::{Diagnostic, Fix};
use crate::syntax::grammar::{Kind, SlaParser};
use pest::Parser as _;

/// How much of an unreadable piece is looked at to find the word where it stops making sense.
const PROBE: usize = 2_000;

/// The beginning of a text, as much as is looked at.
pub(super) fn clip(text: &str) -> &str {
    text.get(..crate::source::floor(text, PROBE)).unwrap_or("")
}

/// Where the grammar stops following a text; nothing where it reads the whole.
pub(super) fn stop(rule: Kind, text: &str) -> Option<usize> {
    SlaParser::parse(rule, clip(text)).err().map(|error| match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    })
}

impl Reporter<'_> {
    /// Whether the grammar reads what is written instead of a part of a piece.
    pub(super) fn mends(&self, piece: &Piece<'_>, place: (usize, usize), instead: &str) -> bool {
        self.reads_past(piece, place, instead, 0)
    }

    /// Whether the grammar reads what is written instead of a part of a piece, and so much more.
    fn reads_past(&self, piece: &Piece<'_>, (start, end): (usize, usize), instead: &str, more: usize) -> bool {
        let (Some(before), Some(after)) = (self.text.get(piece.start..start), self.text.get(end..piece.end.max(end)))
        else {
            return false;
        };
        let past = before.len() + instead.len();
        stop(piece.rule, &format!("{before}{instead}{after}")).is_none_or(|at| at >= past + more)
    }

    /// Whether the grammar goes on with what is written instead of a part of a piece, and with what follows it.
    pub(super) fn goes_on(&self, piece: &Piece<'_>, (start, end): (usize, usize), instead: &str) -> bool {
        let after = self.text.get(end..piece.end.max(end)).unwrap_or("");
        let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
        self.reads_past(piece, (start, end), instead, blanks + 1)
    }

    /// A finding with the fix that replaces a part of a piece, where the grammar can go on with it and with what follows.
    pub(super) fn with_fix(
        &self,
        finding: Diagnostic,
        piece: &Piece<'_>,
        (start, end): (usize, usize),
        instead: &str,
    ) -> Diagnostic {
        match self.goes_on(piece, (start, end), instead) {
            true => finding.fix(Fix::replace(format!("write `{instead}`"), self.span(start, end), instead)),
            false => finding,
        }
    }
}
