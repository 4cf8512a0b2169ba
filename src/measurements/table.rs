use std::io::Read;

use crate::diagnostics::codes;

use super::complaints::Complaints;
use super::layout::Layout;
use super::lines::{LONGEST, Lines, Trouble};
use super::rows::{Row, Rows};
use super::{csv, jsonl};

/// The form of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Jsonl,
}

impl Form {
    fn of(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        if end.eq_ignore_ascii_case("csv") {
            Some(Self::Csv)
        } else if end.eq_ignore_ascii_case("jsonl") {
            Some(Self::Jsonl)
        } else {
            None
        }
    }
}

/// Whether a file of this name is a table, by its ending: `.csv` or `.jsonl`.
#[must_use]
pub fn is_table(name: &str) -> bool {
    Form::of(name).is_some()
}

/// Reads a table as rows of a layout, and hands each to `each` in the order of the file.
///
/// A row in which anything is wrong is complained of and left out. A header that is wrong ends the file, and so does a
/// quote that is never closed. `on_bytes` is told how many bytes each reading of the stream brought.
pub fn read(
    name: &str,
    text: &mut dyn Read,
    layout: &Layout,
    complaints: &mut Complaints,
    on_bytes: &mut dyn FnMut(u64),
    each: &mut dyn FnMut(Row<'_>),
) {
    let Some(form) = Form::of(name) else {
        let message = "the name of the file ends neither in `.csv` nor in `.jsonl`";
        return complaints.error(0, codes::UNREADABLE_MEASUREMENTS, message);
    };
    let mut lines = Lines::new(text, on_bytes);
    match lines.head() {
        Ok([0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) => {
            let help = "save the file as UTF-8";
            complaints.error_with_help(1, codes::UNREADABLE_MEASUREMENTS, "the file is written in UTF-16", help);
        }
        Ok(_) => {
            let mut rows = Rows::new(layout, complaints, each);
            match form {
                Form::Csv => csv::read(&mut lines, &mut rows),
                Form::Jsonl => jsonl::read(&mut lines, &mut rows),
            }
        }
        Err(trouble) => broken_off(complaints, 1, &trouble),
    }
}

/// What is next in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A line that is not blank.
    Row,
    /// A line that is too long to be read; this was complained of.
    TooLong,
    /// Nothing.
    End,
    /// Nothing that can be read; this was complained of.
    Broken,
}

/// Goes on to the next line that is not blank.
#[inline]
pub(super) fn step(lines: &mut Lines<'_>, complaints: &mut Complaints) -> Step {
    loop {
        match lines.next() {
            Ok(true) if lines.text().trim_ascii_start().is_empty() => {}
            Ok(true) => return Step::Row,
            Ok(false) => return Step::End,
            Err(trouble) => {
                broken_off(complaints, lines.line(), &trouble);
                return if trouble == Trouble::TooLong { Step::TooLong } else { Step::Broken };
            }
        }
    }
}

/// Complains of what keeps a line from being read.
#[cold]
pub(super) fn broken_off(complaints: &mut Complaints, line: u64, trouble: &Trouble) {
    let message = match trouble {
        Trouble::TooLong => format!("this line has more than {LONGEST} bytes"),
        Trouble::Broken(error) => format!("the file cannot be read from here on: {error}"),
    };
    complaints.error(line, codes::UNREADABLE_MEASUREMENTS, message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostic;
    use crate::measurements::{Cell, Column, Kind};
    use proptest::prelude::*;

    fn layout() -> Layout {
        let column = |name: &str, kind, required| Column { name: name.into(), kind, required, about: String::new() };
        Layout {
            columns: vec![
                column("time", Kind::Instant, true),
                column("total", Kind::Count, true),
                column("latency", Kind::Number, false),
                column("note", Kind::Text, false),
            ],
        }
    }

    /// The rows as texts, and what is complained of.
    fn all(name: &str, bytes: &[u8]) -> (Vec<String>, Vec<String>) {
        let (mut rows, mut text, mut read_bytes) = (Vec::new(), bytes, 0);
        let mut complaints = Complaints::new(name);
        read(name, &mut text, &layout(), &mut complaints, &mut |more| read_bytes += more, &mut |row| {
            let cells: Vec<String> = row.cells.iter().map(told).collect();
            rows.push(format!("{}: {}", row.line, cells.join(" ")));
        });
        assert!(read_bytes <= bytes.len() as u64);
        (rows, complaints.finish().iter().map(finding).collect())
    }

    fn told(cell: &Cell<'_>) -> String {
        match cell {
            Cell::Empty => "-".to_owned(),
            Cell::Instant(nanoseconds) => (nanoseconds / 1_000_000_000).to_string(),
            Cell::Number { .. } | Cell::Count(_) => cell.number().unwrap().to_string(),
            Cell::Text(text) => format!("{text:?}"),
            other => format!("{other:?}"),
        }
    }

    fn finding(found: &Diagnostic) -> String {
        let help = found.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{} {}: {}{help}", found.path.as_deref().unwrap_or_default(), found.code.id, found.message)
    }

    fn rows(name: &str, text: &str) -> Vec<String> {
        let (rows, complaints) = all(name, text.as_bytes());
        assert_eq!(complaints, Vec::<String>::new());
        rows
    }

    fn complaints(name: &str, text: &str) -> Vec<String> {
        all(name, text.as_bytes()).1
    }

    #[test]
    fn columns_come_in_any_order_and_some_may_be_absent() {
        let text = "\u{FEFF}total,note,time\r\n\r\n5, a ,1970-01-01T00:01:00Z\r\n,\"b\r\n\"\"c\"\"\",1970-01-01T00:02:00Z\r\n6,,\r\n";
        let expected = ["3: 60 5 - \"a\"", "4: 120 - - \"b\\r\\n\\\"c\\\"\"", "6: - 6 - -"];
        assert_eq!(rows("a.csv", text), expected);
        assert_eq!(rows("a.CSV", "time;total;latency\n1970-01-01T00:00:01Z;7;-1.50"), ["2: 1 7 -1.5 -"]);
        assert_eq!(rows("a.csv", "time,total\n"), Vec::<String>::new());
    }

    #[test]
    fn objects_are_rows() {
        let text = concat!(
            "{\"total\": 5, \"time\": \"1970-01-01T00:01:00Z\"}\r\n\n",
            " {\"time\":null,\"total\":\"6\",\"latency\":0.10,\"note\":\"a\\u00e9\\n\"} \n",
            "{\"t\\u006fta\\u006c\":1,\"time\":\"\",\"note\":17,\"latency\":\"-2\"}",
        );
        assert_eq!(rows("a.jsonl", text), ["1: 60 5 - -", "3: - 6 0.1 \"aé\"", "4: - 1 -2 \"17\""]);
        assert_eq!(rows("a.jsonl", ""), Vec::<String>::new());
    }

    #[test]
    fn a_header_that_is_wrong_ends_the_file() {
        let header = "the first line names the columns: `time,total,latency,note`";
        let columns = "the columns are `time`, `total`, `latency` and `note`";
        for (text, expected) in [
            ("", vec![format!("a.csv:1 SLA751: the file is empty ({header})")]),
            (
                "2027-03-01T10:00:00Z,5\n",
                vec![format!("a.csv:1 SLA751: the first line does not name the columns ({header})")],
            ),
            (
                "\nTime,total\nx,y\n",
                vec![format!("a.csv:2 SLA752: there is no column `Time`; {columns} (did you mean `time`?)")],
            ),
            (
                "time,total,customer,,time\n",
                vec![
                    "a.csv:1 SLA751: column `time` stands twice in the header".to_owned(),
                    format!("a.csv:1 SLA752: there is no column `customer`; {columns}"),
                    "a.csv:1 SLA751: column 4 of the header has no name".to_owned(),
                ],
            ),
            ("time,note\n", vec![format!("a.csv:1 SLA753: the header lacks the column `total` ({header})")]),
        ] {
            assert_eq!(complaints("a.csv", text), expected, "{text}");
        }
        assert!(complaints("a.csv", &"x".repeat(LONGEST + 1))[0].ends_with("more than 1048576 bytes"));
        assert!(complaints("a.csv", &format!("time,{}", ",".repeat(LONGEST - 5))).len() <= 21);
        assert!(complaints("a.csv", "\"time,total")[0].contains("never closed"));
        assert!(all("a.csv", b"\xFF\xFEt\0i\0").1[0].contains("UTF-16"));
        assert!(complaints("a.xlsx", "time")[0].contains("neither in `.csv` nor in `.jsonl`"));
    }

    #[test]
    fn a_row_that_is_wrong_is_left_out() {
        let text = "time,total,note\n1970-01-01 00:00,5ms,x\n1970-01-01T00:00:01Z,1,x\n1970-01-01T00:00:01Z,1\n1,2,3,4\n\"a\"b,,\n,\"\n";
        let (rows, found) = all("a.csv", text.as_bytes());
        assert_eq!(rows, ["3: 1 1 - \"x\""]);
        assert_eq!(
            found,
            [
                "a.csv:2 SLA755: column `time`: `1970-01-01 00:00` has no zone: write `1970-01-01T00:00:00Z`, or the offset from UTC such as `+01:00`",
                "a.csv:2 SLA754: column `total`: `5ms` has a unit: write the number alone, in the unit of the column",
                "a.csv:4 SLA751: this row has 2 cells, and the header 3 columns (write the separator also behind a cell that is empty)",
                "a.csv:5 SLA751: this row has 4 cells, and the header 3 columns (put quotes around a cell that holds the separator, and write a point before decimals)",
                "a.csv:6 SLA751: text follows the quote that closes a cell (a quote within quotes is written twice: `\"a \"\"b\"\" c\"`)",
                "a.csv:7 SLA751: a quote that opens a cell in this row is never closed, so the rest of the file is not read (close the quote; a row has at most 1048576 bytes)",
            ]
        );
        let (rows, found) = all("a.csv", b"time,total,note\n,1,M\xFCller\n,2,x\n");
        assert_eq!((rows.len(), found.len(), found[0].contains("UTF-8")), (1, 1, true));
    }

    #[test]
    fn an_object_that_is_wrong_is_left_out() {
        let columns = "the columns are `time`, `total`, `latency` and `note`";
        let text = concat!(
            "{\"time\":\"\",\"Total\":1}\n",
            "{\"time\":\"\",\"total\":1,\"total\":2,\"x\":[],\"note\":{\"a\":[1,2]}}\n",
            "{\"time\":\"\",\"total\":1}\n",
            "{\"time\":\"\",\"total\":1\n",
            "[1,2]\n",
            "time,total\n",
            "{\"time\":\"\",\"total\":1e3,\"latency\":12.5,\"note\":true}\n",
            "{\"time\":\"é\",\"total\":1} {}\n",
        );
        let (rows, found) = all("a.jsonl", text.as_bytes());
        assert_eq!(rows, ["3: - 1 - -"]);
        assert_eq!(
            found,
            [
                format!("a.jsonl:1 SLA752: there is no column `Total`; {columns} (did you mean `total`?)"),
                "a.jsonl:2 SLA751: the key `total` stands twice in this object".to_owned(),
                format!("a.jsonl:2 SLA752: there is no column `x`; {columns}"),
                "a.jsonl:2 SLA754: column `note`: this is a list or an object, where one value is expected".to_owned(),
                "a.jsonl:4 SLA751: this line is not a whole JSON object: it ends too early".to_owned(),
                "a.jsonl:5 SLA751: this line is not a JSON object (write each row as an object on a line of its own, with nothing around them or between them)".to_owned(),
                "a.jsonl:6 SLA751: this line is not a JSON object (write each row as an object on a line of its own, with nothing around them or between them)".to_owned(),
                "a.jsonl:7 SLA754: column `total`: `1e3` has an exponent: write the number in full".to_owned(),
                "a.jsonl:8 SLA751: this line is not a JSON object from character 24 on (write each row as an object on a line of its own, with nothing around them or between them)".to_owned(),
            ]
        );
        assert!(all("a.jsonl", b"{\"time\":\"\xFF\"}").1[0].contains("UTF-8"));
        assert!(complaints("a.jsonl", "{}").iter().all(|one| one.contains("SLA753")));
    }

    #[test]
    fn a_hostile_file_takes_bounded_time_and_memory() {
        let quotes = format!("time,total\n{}", "\"\n".repeat(1_000_000));
        assert!(complaints("a.csv", &quotes).len() <= 21);
        let keys = format!("{{{}\"x\":0}}", "\"x\":0,".repeat(100_000));
        assert!(complaints("a.jsonl", &keys).len() <= 21);
        let deep = format!("{{\"note\":{}}}", "[".repeat(500_000));
        assert_eq!(complaints("a.jsonl", &deep).len(), 1);
        let wrong = format!("time,total\n{}", "x,y\n".repeat(100_000));
        let found = complaints("a.csv", &wrong);
        assert_eq!((found.len(), found[20].as_str()), (21, "a.csv SLA754: 99,990 more rows of this file are wrong"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), near in "(time|total|note|[,;\"\n{}:\\\\1eT+-]|1970-01-01T00:00Z|null|\\[){0,60}") {
            for text in [&bytes[..], near.as_bytes()] {
                for name in ["a.csv", "a.jsonl"] {
                    let _ = all(name, text);
                    let _ = all(name, &[b"time,total\n", text].concat());
                    let _ = all(name, &[b"{\"time\":", text].concat());
                }
            }
        }
    }
}
