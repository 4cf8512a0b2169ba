//! The quoting of RFC 4180: a row of text to the texts of its cells.
//!
//! The `csv` crate forgives text behind a closing quote and a quote that is never closed, is a line off after blank
//! lines and after breaks of two characters, and keeps a row of any length; for measurements all of that matters.

use memchr::memchr;

use super::lines::{Lines, Trouble};

/// Cuts rows into cells, in room that is used again.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    separator: u8,
    /// Where each cell lies.
    bounds: Vec<(usize, usize)>,
    /// The cells of a row with quotes, one after another and without the quotes.
    unquoted: Vec<u8>,
    quotes: bool,
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(super) struct Cells<'l> {
    text: &'l [u8],
    bounds: &'l [(usize, usize)],
}

/// Why a row cannot be cut.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A quote stands within a cell that does not begin with one.
    Stray,
    /// Text follows a closing quote.
    Followed,
    /// A quote is not closed before the end of the file, or within the length of a row.
    Open,
    /// The lines break off.
    Trouble(Trouble),
}

/// Where in a cell the reader of quotes is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Start,
    Plain,
    Quotes,
    /// Behind a quote that closes the cell, or is the first half of a quote that is part of it.
    Closed,
}

impl<'l> Cells<'l> {
    /// How many cells the row has.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// The text of a cell; empty if there is none.
    #[inline]
    pub(super) fn get(&self, place: usize) -> &'l [u8] {
        let bounds = self.bounds.get(place);
        bounds.and_then(|(from, to)| self.text.get(*from..*to)).unwrap_or_default()
    }
}

impl Splitter {
    /// A splitter of cells between which this separator stands.
    pub(super) fn new(separator: u8) -> Self {
        Self { separator, ..Self::default() }
    }

    /// Cuts the present row, which takes in further lines where a quote is open.
    #[inline]
    pub(super) fn split<'l>(&'l mut self, lines: &'l mut Lines<'_>) -> Result<Cells<'l>, Fault> {
        self.bounds.clear();
        self.quotes = memchr(b'"', lines.text()).is_some();
        if self.quotes {
            self.unquote(lines)?;
            return Ok(Cells { text: &self.unquoted, bounds: &self.bounds });
        }
        let text = lines.text();
        let mut from = 0;
        // Cells are short, and looking at each byte is faster than looking for the next separator.
        for (at, byte) in text.iter().enumerate() {
            if *byte == self.separator {
                self.bounds.push((from, at));
                from = at + 1;
            }
        }
        self.bounds.push((from, text.len()));
        Ok(Cells { text, bounds: &self.bounds })
    }

    /// Cuts a row that has quotes. What is wrong with them is told at the end, so that the next row is found.
    fn unquote(&mut self, lines: &mut Lines<'_>) -> Result<(), Fault> {
        self.unquoted.clear();
        let (mut within, mut from, mut at, mut fault) = (Within::Start, 0, 0, None);
        loop {
            let text = lines.text().get(at..).unwrap_or_default();
            at += text.len();
            for byte in text.iter().copied() {
                within = match within {
                    Within::Quotes if byte == b'"' => Within::Closed,
                    Within::Start if byte == b'"' => Within::Quotes,
                    Within::Start | Within::Plain | Within::Closed if byte == self.separator => {
                        self.bounds.push((from, self.unquoted.len()));
                        from = self.unquoted.len();
                        Within::Start
                    }
                    _ => {
                        self.unquoted.push(byte);
                        match within {
                            Within::Quotes => Within::Quotes,
                            Within::Closed if byte == b'"' => Within::Quotes,
                            Within::Closed => {
                                fault.get_or_insert(Fault::Followed);
                                Within::Plain
                            }
                            Within::Start | Within::Plain => {
                                if byte == b'"' {
                                    fault.get_or_insert(Fault::Stray);
                                }
                                Within::Plain
                            }
                        }
                    }
                };
            }
            if within != Within::Quotes {
                break;
            }
            // The break is part of the cell, and the text has it once the next line is taken in.
            match lines.extend() {
                Ok(true) => {}
                Ok(false) | Err(Trouble::TooLong) => return Err(Fault::Open),
                Err(trouble) => return Err(Fault::Trouble(trouble)),
            }
        }
        self.bounds.push((from, self.unquoted.len()));
        fault.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Rows = Vec<(u64, Result<Vec<String>, Fault>)>;

    fn all(text: &str, separator: u8) -> Rows {
        let (mut stream, mut on_bytes) = (text.as_bytes(), |_| ());
        let mut lines = Lines::new(&mut stream, &mut on_bytes);
        let mut splitter = Splitter::new(separator);
        let mut found = Vec::new();
        while lines.next().unwrap() {
            if lines.text().is_empty() {
                continue;
            }
            let line = lines.line();
            let cells = splitter.split(&mut lines);
            let words = |cells: Cells<'_>| {
                (0..cells.len()).map(|place| String::from_utf8_lossy(cells.get(place)).into_owned()).collect()
            };
            found.push((line, cells.map(words)));
        }
        found
    }

    fn cells(words: &[&str]) -> Result<Vec<String>, Fault> {
        Ok(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn quotes_hold_separators_quotes_and_breaks() {
        let text = "a,\"b,\"\"c\"\"\",\r\n\"x\r\ny\",\"\",z\n\n\"\"\"\"\n";
        let expected = vec![(1, cells(&["a", "b,\"c\"", ""])), (2, cells(&["x\r\ny", "", "z"])), (5, cells(&["\""]))];
        assert_eq!(all(text, b','), expected);
        assert_eq!(all("a;\"b;c\";d,e", b';'), [(1, cells(&["a", "b;c", "d,e"]))]);
    }

    #[test]
    fn broken_quotes_are_not_guessed_at() {
        let text = "\"12\"3,x\na,5\" disk\nb,c\n \"d\",e\nf,\"g\nh";
        let expected = vec![
            (1, Err(Fault::Followed)),
            (2, Err(Fault::Stray)),
            (3, cells(&["b", "c"])),
            (4, Err(Fault::Stray)),
            (5, Err(Fault::Open)),
        ];
        assert_eq!(all(text, b','), expected);
    }

    proptest! {
        /// What is not refused is read as the library reads it.
        #[test]
        fn rows_are_those_of_the_library(text in "([ab,\"\n]|\"[a,\n]{0,3}\"|\"\"|\r\n){0,30}") {
            let ours = all(&text, b',');
            if ours.iter().all(|(_, row)| row.is_ok()) {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                let theirs: Vec<Vec<String>> =
                    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
                let ours: Vec<_> = ours.into_iter().map(|(_, row)| row.unwrap()).collect();
                prop_assert_eq!(ours, theirs);
            }
        }

        /// Whatever is written by the library is read back.
        #[test]
        fn what_the_library_writes_is_read(rows in proptest::collection::vec(proptest::collection::vec("[a,;\" \r\n]{0,5}", 2..4), 0..6)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<_> = all(&text, b',').into_iter().map(|(_, row)| row.unwrap()).collect();
            prop_assert_eq!(read, rows);
        }
    }
}
