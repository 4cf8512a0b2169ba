use super::cell::{self, Cell};
use super::complaints::Complaints;
use super::instant::LastDay;
use super::layout::Layout;

/// One row of a table that is as its layout says.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    /// The line of the file in which the row begins, from 1.
    pub line: u64,
    /// The cells in the order of the layout's columns; those of an absent column are empty.
    pub cells: &'r [Cell<'r>],
}

/// Makes typed rows of the texts of cells, and hands them over.
pub(super) struct Rows<'t> {
    pub(super) layout: &'t Layout,
    pub(super) complaints: &'t mut Complaints,
    each: &'t mut dyn FnMut(Row<'_>),
    /// The last day of each column, which seldom changes from row to row.
    days: Vec<LastDay>,
    /// The room of the last row's cells, empty.
    spare: Vec<Cell<'static>>,
}

impl<'t> Rows<'t> {
    pub(super) fn new(layout: &'t Layout, complaints: &'t mut Complaints, each: &'t mut dyn FnMut(Row<'_>)) -> Self {
        let days = vec![LastDay::default(); layout.columns.len()];
        Self { layout, complaints, each, days, spare: Vec::new() }
    }

    /// Hands over one row, of which `text_of` tells the text of each column by its place in the layout. A row with a
    /// wrong cell is left out.
    #[inline]
    pub(super) fn take<'r>(&mut self, line: u64, text_of: impl Fn(usize) -> &'r [u8]) {
        let mut cells = emptied(std::mem::take(&mut self.spare));
        let mut right = true;
        for ((place, column), last) in self.layout.columns.iter().enumerate().zip(&mut self.days) {
            let text = text_of(place);
            match cell::read_after(last, &column.kind, text) {
                Some(cell) => cells.push(cell),
                None => {
                    right = false;
                    let wrong = cell::wrong(&column.kind, text);
                    let message = format!("column `{}`: {}", column.name, wrong.message);
                    self.complaints.error(line, wrong.code, message);
                }
            }
        }
        if right {
            (self.each)(Row { line, cells: &cells });
        }
        self.spare = emptied(cells);
    }
}

/// The same room without its cells, for cells that live otherwise: the standard library collects in place, so that no
/// row asks for memory.
#[inline]
fn emptied<'r>(mut cells: Vec<Cell<'_>>) -> Vec<Cell<'r>> {
    cells.clear();
    cells.into_iter().map(|_| Cell::Empty).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_share_their_room() {
        let mut cells = Vec::with_capacity(7);
        cells.push(Cell::Count(1));
        let room = cells.as_ptr();
        let again: Vec<Cell<'static>> = emptied(cells);
        assert_eq!((again.as_ptr(), again.len(), again.capacity()), (room, 0, 7));
    }
}
