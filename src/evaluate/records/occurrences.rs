use super::Cuts;
use crate::calculus::Value;
use crate::evaluate::interval::Interval;
use std::collections::{BTreeMap, HashMap};

/// In place of the number of a row: that a reading is missing.
pub const MISSING: u32 = u32::MAX;

/// Occurrences with values and fields of their own: equal ones in one cell are counted.
#[derive(Clone, Debug)]
pub struct Occurrences {
    cuts: Cuts,
    columns: Vec<String>,
    rows: Vec<Vec<Option<Value>>>,
    numbers: HashMap<Vec<Option<Value>>, u32>,
    cells: BTreeMap<(u32, u32), u64>,
    guess: usize,
}

impl Occurrences {
    /// None yet, with these values and fields.
    #[must_use]
    pub fn new(cuts: Cuts, columns: Vec<String>) -> Occurrences {
        Occurrences { cuts, columns, rows: Vec::new(), numbers: HashMap::new(), cells: BTreeMap::new(), guess: 0 }
    }

    /// The number of a row of values, by which occurrences of it are added.
    pub fn number(&mut self, row: &[Option<Value>]) -> u32 {
        if let Some(number) = self.numbers.get(row) {
            return *number;
        }
        let number = u32::try_from(self.rows.len()).unwrap_or(MISSING);
        self.rows.push(row.to_vec());
        self.numbers.insert(row.to_vec(), number);
        number
    }

    /// Adds an occurrence of a row of values, as often as it happened, and says whether it lies in any cell.
    pub fn add(&mut self, at: i128, number: u32, times: u64) -> bool {
        let Some(cell) = self.cuts.cell(at, self.guess) else { return false };
        self.guess = cell;
        let count = self.cells.entry((u32::try_from(cell).unwrap_or(u32::MAX), number)).or_default();
        *count = count.saturating_add(times);
        true
    }

    /// The position of a value or field in a row.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == name)
    }

    /// A row of values.
    #[must_use]
    pub fn row(&self, number: u32) -> Option<&[Option<Value>]> {
        self.rows.get(usize::try_from(number).ok()?).map(Vec::as_slice)
    }

    /// How often each row of values occurred in an interval; nothing where it begins or ends within a cell.
    #[must_use]
    pub fn within(&self, at: Interval) -> Option<BTreeMap<u32, u64>> {
        let cells = self.cuts.within(at)?;
        let edge = |cell: usize| u32::try_from(cell).unwrap_or(u32::MAX);
        let mut found = BTreeMap::new();
        for ((_, number), count) in self.cells.range((edge(cells.start), 0)..(edge(cells.end), 0)) {
            *found.entry(*number).or_default() += count;
        }
        Some(found)
    }
}
