//! Uninterrupted stretches of time, and such as are taken as one.

use super::interval::Interval;

/// A run: one stretch, or several with short gaps between them, which are no part of its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pieces: Vec<Interval>,
}

impl Run {
    /// A run of one stretch.
    pub fn of(piece: Interval) -> Run {
        Run { pieces: vec![piece] }
    }

    /// From its beginning to its end.
    pub fn span(&self) -> Interval {
        let start = self.pieces.first().map_or(0, |piece| piece.start);
        Interval { start, end: self.pieces.last().map_or(start, |piece| piece.end) }
    }

    /// How long it is, in nanoseconds, without its gaps.
    pub fn length(&self) -> i128 {
        self.pieces.iter().map(|piece| piece.end - piece.start).sum()
    }

    /// How much of it lies in an interval, in nanoseconds.
    pub fn within(&self, interval: Interval) -> i128 {
        let inside = self.pieces.iter().map(|piece| piece.and(interval)).filter(|piece| !piece.is_empty());
        inside.map(|piece| piece.end - piece.start).sum()
    }
}

/// Runs with at most so much time between them as one.
pub(super) fn joined(runs: Vec<Run>, gap: i128) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    for run in runs {
        match all.last_mut() {
            Some(last) if run.span().start - last.span().end <= gap => last.append(run),
            _ => all.push(run),
        }
    }
    all
}

impl Run {
    fn append(&mut self, next: Run) {
        for piece in next.pieces {
            match self.pieces.last_mut() {
                Some(last) if last.end == piece.start => last.end = piece.end,
                _ => self.pieces.push(piece),
            }
        }
    }
}
