//! The tables of a document.

use super::{Document, Md, owned, pages};
use crate::targets::contract::block::{Grid, GridKind};
use std::fmt::Write as _;

impl Document {
    /// A table whose rows are clauses: each has a label, `(a)`, and an id.
    pub fn rows(&mut self, header: &[&str], rows: Vec<(Vec<Md>, String)>) {
        self.rows_of(header, rows.into_iter().map(|(cells, id)| (cells, vec![id])).collect());
    }

    /// The same with rows that several ids name.
    pub fn rows_of(&mut self, header: &[&str], rows: Vec<(Vec<Md>, Vec<String>)>) {
        self.grid(Grid { kind: GridKind::Rows, header: owned(header), rows });
    }

    /// The same with rows that complete each other, such as the tiers of a service credit.
    pub fn ladder(&mut self, header: &[&str], rows: Vec<(Vec<Md>, Vec<String>)>) {
        self.grid(Grid { kind: GridKind::Ladder, header: owned(header), rows });
    }

    /// A table. Rows are as long as the header.
    pub fn table(&mut self, header: &[&str], rows: &[Vec<Md>]) {
        let rows = rows.iter().map(|cells| (cells.clone(), Vec::new())).collect();
        self.grid(Grid { kind: GridKind::Plain, header: owned(header), rows });
    }

    /// A table of any kind.
    pub fn grid(&mut self, grid: Grid) {
        if let Some(aside) = &mut self.aside {
            if let Some(last) = aside.last_mut() {
                last.grids.push(grid);
            }
            return;
        }
        // A page of a long table would bear no mark.
        let cells = |(cells, _): &(Vec<Md>, Vec<String>)| cells.iter().map(|cell| pages::letters(&cell.0)).collect();
        let parts = if self.mark.is_some() { pages::parts(&grid.rows, cells) } else { vec![(grid.rows.as_slice(), 0)] };
        for (place, (part, letters)) in parts.into_iter().enumerate() {
            if place > 0 || self.unmarked > 1 && self.unmarked + letters > pages::HALF {
                self.remark();
            }
            self.part(&grid, part);
            self.unmarked += letters;
        }
    }

    /// Some rows of a table, below its header.
    fn part(&mut self, grid: &Grid, rows: &[(Vec<Md>, Vec<String>)]) {
        let labelled = grid.kind != GridKind::Plain;
        let mut table = String::from("|");
        let header = labelled.then_some("").into_iter().chain(grid.header.iter().map(String::as_str));
        header.for_each(|cell| _ = write!(table, " {} |", Md::from(cell).0));
        let _ = write!(table, "\n|{}", " --- |".repeat(grid.header.len() + usize::from(labelled)));
        for (cells, ids) in rows {
            table.push_str("\n|");
            if labelled {
                let label = format!("({})", letters(self.rows));
                self.rows += 1;
                let number = format!("{} {label}", self.number);
                let anchor: String = ids.iter().map(|id| self.place(&number, id)).collect();
                let _ = write!(table, " {anchor}{label} |");
            }
            cells.iter().for_each(|cell| _ = write!(table, " {} |", cell.0));
        }
        self.line(&table);
    }
}

/// The label of a row by its place: `a` to `z`, then `aa`.
fn letters(index: usize) -> String {
    let letter = u8::try_from(index % 26).map_or('a', |at| char::from(b'a' + at));
    let before = if index < 26 { String::new() } else { letters(index / 26 - 1) };
    format!("{before}{letter}")
}
