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
    closed: bool,
}

impl Counts {
    /// No counts yet, of these names.
    #[must_use]
    pub fn new(cuts: Cuts, names: Vec<String>) -> Counts {
        let cells = vec![0; cuts.cells() + 1];
        Counts { sums: vec![cells.clone(); names.len()], rows: cells, cuts, names, guess: 0, closed: false }
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
        self.closed = true;
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

    /// The time without any row around some cells that have none.
    #[must_use]
    pub fn gap_around(&self, cells: &Range<usize>) -> Option<Interval> {
        let before = *self.rows.get(cells.start)?;
        let from = self.rows.partition_point(|rows| *rows < before);
        let to = self.rows.partition_point(|rows| *rows <= before).checked_sub(1)?;
        Some(Interval { start: self.cuts.span(from)?.start, end: self.cuts.span(to.checked_sub(1)?)?.end })
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
            if counts.rows(&cells) == 0 {
                let gap = counts.gap_around(&cells).unwrap();
                prop_assert!(gap.covers(at));
                prop_assert!(!rows.iter().any(|(time, _)| gap.start <= *time && *time < gap.end));
                let cell_from = |start: i128| rows.iter().any(|(time, _)| start <= *time && *time < start + 9);
                prop_assert!(gap.start == 1 || cell_from(gap.start - 9));
                prop_assert!(gap.end == 91 || cell_from(gap.end));
            }
        }
    }

    #[test]
    fn a_sum_beyond_64_bits_is_an_error() {
        let mut counts = Counts::new(Cuts::new(vec![0, 10]), vec!["total".to_owned()]);
        assert_eq!(counts.add(1, &[Some(u64::MAX)]), Ok(true));
        assert_eq!(counts.add(1, &[Some(1)]), Err(TooLarge));
        assert_eq!(counts.cells(Interval { start: 1, end: 10 }), None);
    }
}
