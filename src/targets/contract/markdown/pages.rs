//! How much fits on a printed page, for what has to bear a mark on each.

/// So many letters are half a page of A4 at 11 points. What is marked once in so many is marked on each page.
pub(crate) const HALF: usize = 1_500;
/// So many letters fit on a line.
const LINE: usize = 90;
/// A row of a table, with the room above and below its text, takes as much as so many letters of a text.
const ROW: usize = 85;
/// Each further line of a row takes as much as so many.
const MORE: usize = 60;

/// The letters of a piece of Markdown that are printed: without tags, and without where links lead.
pub(crate) fn letters(text: &str) -> usize {
    let (mut count, mut ends) = (0, None);
    let mut before = ' ';
    for letter in text.chars() {
        match ends {
            Some(end) if letter == end => ends = None,
            Some(_) => {}
            None if letter == '<' && before != '\\' => ends = Some('>'),
            None if letter == '(' && before == ']' => ends = Some(')'),
            None => count += 1,
        }
        before = letter;
    }
    count
}

/// The rows of a table in parts of half a page, each with the letters of text that take as much room as it does with its header;
/// `cells` gives the letters of each cell of a row.
pub(crate) fn parts<T>(rows: &[T], cells: impl Fn(&T) -> Vec<usize>) -> Vec<(&[T], usize)> {
    let (mut parts, mut from, mut room) = (Vec::new(), 0, ROW);
    for (place, row) in rows.iter().enumerate() {
        let cells = cells(row);
        let (all, longest): (usize, usize) = (cells.iter().sum(), cells.iter().copied().max().unwrap_or(0));
        let lines = if all <= LINE { 1 } else { (longest * cells.len()).div_ceil(LINE) };
        let height = ROW + (lines - 1) * MORE;
        if room + height > HALF && place > from {
            parts.extend(rows.get(from..place).map(|part| (part, room)));
            (from, room) = (place, ROW);
        }
        room += height;
    }
    parts.extend(rows.get(from..).map(|part| (part, room)));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_printed_is_not_counted() {
        assert_eq!(letters("<a id=\"duty.logs\"></a>**1.1** see [5](#x.y)"), "**1.1** see [5]".len());
        assert_eq!(letters("a \\< b"), 6);
    }

    #[test]
    fn short_rows_are_parted_after_sixteen_and_long_ones_earlier() {
        let sizes =
            |rows: &[Vec<usize>]| parts(rows, Vec::clone).iter().map(|(part, _)| part.len()).collect::<Vec<_>>();
        assert_eq!(sizes(&vec![vec![10, 10]; 70]), [16, 16, 16, 16, 6]);
        assert_eq!(sizes(&vec![vec![10, 450]; 5]), [2, 2, 1]);
        assert_eq!(sizes(&vec![vec![90_000]; 2]), [1, 1]);
        assert_eq!(sizes(&[]), [0]);
        assert_eq!(parts(&[10, 20], |row| vec![*row]), [(&[10, 20][..], 3 * ROW)]);
    }
}
