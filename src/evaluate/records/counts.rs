use super::Cuts;
use crate::evaluate::interval::Interval;
use std::ops::Range;

/// That a sum of counts does not fit 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// The counts of events, added up in cells.
#[derive(Clone, Debug)]
pub struct Counts {
    cuts: Cuts,
    names: Vec<String>,
    /// How many rows there are before each cell, and in all.
    rows: Vec<u64>,
    /// Of each count, what was counted before each cell, and in all.
    sums: Vec<Vec<u64>>,
    guess: usize,
    gaps: Option<Vec<Interval>>,
}

impl Counts {
    /// No counts yet, of these names.
    #[must_use]
    pub fn new(cuts: Cuts, names: Vec<String>) -> Counts {
        let cells = vec![0; cuts.cells() + 1];
        Counts { sums: vec![cells.clone(); names.len()], rows: cells, cuts, names, guess: 0, gaps: None }
    }

    /// Adds what a row counts, in the order of the names, and says whether it lies in any cell.
    ///
    /// # Errors
    /// [`TooLarge`]
    pub fn add(&mut self, at: i128, counts: &[Option<u64>]) -> Result<bool, TooLarge> {
        let Some(cell) = self.cuts.cell(at, self.guess) else { return Ok(false) };
        self.guess = cell;
        // The sums before the next cell are made of those within this one.
        let here = cell + 1;
        if let Some(rows) = self.rows.get_mut(here) {
            *rows += 1;
        }
        for (sums, count) in self.sums.iter_mut().zip(counts) {
            if let (Some(sum), Some(count)) = (sums.get_mut(here), count) {
                *sum = sum.checked_add(*count).ok_or(TooLarge)?;
            }
        }
        Ok(true)
    }

    /// Ends adding: from now on it can be asked.
    ///
    /// # Errors
    /// [`TooLarge`]
    pub fn close(mut self) -> Result<Counts, TooLarge> {
        for sums in self.sums.iter_mut().chain([&mut self.rows]) {
            let mut before = 0_u64;
            for sum in sums {
                before = before.checked_add(*sum).ok_or(TooLarge)?;
                *sum = before;
            }
        }
        Ok(self)
    }

    /// The position of a count, by which it is asked for.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The cells of an interval; see [`Cuts::within`].
    #[must_use]
    pub fn cells(&self, at: Interval) -> Option<Range<usize>> {
        self.cuts.within(at)
    }

    /// The same, where the interval probably begins with a cell.
    #[must_use]
    pub fn cells_near(&self, at: Interval, guess: usize) -> Option<Range<usize>> {
        self.cuts.within_near(at, guess)
    }

    /// What was counted in some cells.
    #[must_use]
    pub fn sum(&self, position: usize, cells: &Range<usize>) -> u64 {
        self.sums.get(position).map_or(0, |sums| between(sums, cells))
    }

    /// How many rows there are in some cells.
    #[must_use]
    pub fn rows(&self, cells: &Range<usize>) -> u64 {
        between(&self.rows, cells)
    }

    /// With the gaps between rows that are longer than a grace; without them, how long a gap is does not matter.
    #[must_use]
    pub fn with_gaps(self, gaps: Vec<Interval>) -> Counts {
        Counts { gaps: Some(gaps), ..self }
    }

    /// Whether an interval without rows lies in a gap that is longer than the grace, where there is one.
    #[must_use]
    pub fn lies_in_a_gap(&self, at: Interval) -> bool {
        let Some(gaps) = &self.gaps else { return true };
        let before = gaps.partition_point(|gap| gap.start <= at.start).checked_sub(1);
        before.and_then(|before| gaps.get(before)).is_some_and(|gap| at.start < gap.end)
    }
}

fn between(sums: &[u64], cells: &Range<usize>) -> u64 {
    match (sums.get(cells.start), sums.get(cells.end)) {
        (Some(before), Some(all)) => all.saturating_sub(*before),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_are_those_of_the_rows(
            rows in prop::collection::vec((0i128..100, 0u64..1000), 0..60), from in 0usize..10, length in 1usize..10,
        ) {
            let cuts: Vec<i128> = (0..=10).map(|cut| cut * 9 + 1).collect();
            let mut counts = Counts::new(Cuts::new(cuts.clone()), vec!["total".to_owned()]);
            for (at, count) in &rows {
                prop_assert_eq!(counts.add(*at, &[Some(*count)]), Ok((1..91).contains(at)));
            }
            let counts = counts.close().unwrap();
            let at = Interval { start: cuts[from], end: cuts[(from + length).min(10)] };
            let cells = counts.cells(at).unwrap();
            let inside = rows.iter().filter(|(time, _)| at.start <= *time && *time < at.end);
            prop_assert_eq!(counts.sum(0, &cells), inside.clone().map(|(_, count)| count).sum::<u64>());
            prop_assert_eq!(counts.rows(&cells), inside.count() as u64);
        }
    }

    #[test]
    fn a_short_gap_is_none() {
        let counts = Counts::new(Cuts::new(vec![0, 10]), Vec::new());
        let at = |start, end| Interval { start, end };
        assert!(counts.lies_in_a_gap(at(3, 4)));
        let counts = counts.with_gaps(vec![at(2, 5), at(7, 9)]);
        let lies = [at(0, 1), at(2, 3), at(4, 5), at(5, 6), at(8, 9), at(9, 10)].map(|at| counts.lies_in_a_gap(at));
        assert_eq!(lies, [false, true, true, false, true, false]);
    }

    #[test]
    fn a_sum_beyond_64_bits_is_an_error() {
        let mut counts = Counts::new(Cuts::new(vec![0, 10]), vec!["total".to_owned()]);
        assert_eq!(counts.add(1, &[Some(u64::MAX)]), Ok(true));
        assert_eq!(counts.add(1, &[Some(1)]), Err(TooLarge));
        assert_eq!(counts.cells(Interval { start: 1, end: 10 }), None);
    }
}
