use crate::evaluate::interval::Interval;
use std::ops::Range;
use std::sync::Arc;

/// Instants, in order, at which anything that is made of a signal may begin or end. What is measured between two of them
/// is only ever read together: they bound a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cuts(Arc<[i128]>);

impl Cuts {
    /// Cuts at these instants, in any order.
    #[must_use]
    pub fn new(mut instants: Vec<i128>) -> Cuts {
        instants.sort_unstable();
        instants.dedup();
        Cuts(instants.into())
    }

    /// How many cells there are.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// Each cell, in order.
    pub fn each(&self) -> impl Iterator<Item = Interval> {
        self.0.iter().zip(self.0.iter().skip(1)).map(|(start, end)| Interval { start: *start, end: *end })
    }

    /// The cell in which an instant lies; `guess` is one that it may well be in.
    #[must_use]
    pub fn cell(&self, at: i128, guess: usize) -> Option<usize> {
        for cell in [guess, guess + 1] {
            if let (Some(start), Some(end)) = (self.0.get(cell), self.0.get(cell + 1))
                && (*start..*end).contains(&at)
            {
                return Some(cell);
            }
        }
        let after = self.0.partition_point(|cut| *cut <= at);
        (0 < after && after < self.0.len()).then(|| after - 1)
    }

    /// The cells of an interval; nothing where it begins or ends within one. What lies before the first cut or after the
    /// last has no cells.
    #[must_use]
    pub fn within(&self, at: Interval) -> Option<Range<usize>> {
        let edge = |instant: i128| match self.0.binary_search(&instant) {
            Ok(index) => Some(index),
            Err(index) if index == 0 || index == self.0.len() => Some(index.min(self.cells())),
            Err(_) => None,
        };
        Some(edge(at.start)?..edge(at.end)?)
    }

    /// The same, where the interval probably begins with a cell and has not many.
    #[must_use]
    pub fn within_near(&self, at: Interval, guess: usize) -> Option<Range<usize>> {
        const FEW: usize = 8;
        if self.0.get(guess) == Some(&at.start) {
            let ends = self.0.iter().enumerate().skip(guess).take(FEW);
            if let Some((end, _)) = ends.into_iter().find(|(_, cut)| **cut == at.end) {
                return Some(guess..end);
            }
        }
        self.within(at)
    }
}
