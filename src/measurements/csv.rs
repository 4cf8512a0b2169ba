//! Tables whose cells stand between commas or semicolons.

use crate::diagnostics::codes;

use super::complaints::Complaints;
use super::header::{self, Header};
use super::lines::{LONGEST, Lines};
use super::rows::Rows;
use super::splitter::{Fault, Splitter};
use super::table::{Step, broken_off, step};

/// Reads a table from its header to its end.
pub(super) fn read(lines: &mut Lines<'_>, rows: &mut Rows<'_>) {
    match step(lines, rows.complaints) {
        Step::Row => {}
        Step::End => {
            let help = header::first_line(rows.layout);
            return rows.complaints.error_with_help(1, codes::UNREADABLE_MEASUREMENTS, "the file is empty", help);
        }
        Step::TooLong | Step::Broken => return,
    }
    let Header { separator, places, count } = match header::read(lines, rows.layout, rows.complaints) {
        Ok(Some(header)) => header,
        Ok(None) => return,
        Err(fault) => {
            complain(rows.complaints, lines.line(), &fault);
            return;
        }
    };
    let mut splitter = Splitter::new(separator);
    loop {
        match step(lines, rows.complaints) {
            Step::Row => {}
            Step::TooLong => continue,
            Step::End | Step::Broken => return,
        }
        let line = lines.line();
        match splitter.split(lines) {
            Ok(cells) if cells.len() == count => rows.take(line, |place| {
                places.get(place).copied().flatten().map(|place| cells.get(place)).unwrap_or_default()
            }),
            Ok(cells) => other_length(rows.complaints, line, cells.len(), count),
            Err(fault) => {
                complain(rows.complaints, line, &fault);
                if matches!(fault, Fault::Open | Fault::Trouble(_)) {
                    return;
                }
            }
        }
    }
}

/// Complains of a row that has more or fewer cells than the header.
fn other_length(complaints: &mut Complaints, line: u64, cells: usize, count: usize) {
    let plural = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let message = format!("this row has {}, and the header {}", plural(cells, "cell"), plural(count, "column"));
    let help = if cells > count {
        "put quotes around a cell that holds the separator, and write a point before decimals"
    } else {
        "write the separator also behind a cell that is empty"
    };
    complaints.error_with_help(line, codes::UNREADABLE_MEASUREMENTS, message, help);
}

/// Complains of a row that cannot be cut into cells.
fn complain(complaints: &mut Complaints, line: u64, fault: &Fault) {
    let quote = "a quote within quotes is written twice: `\"a \"\"b\"\" c\"`";
    let (message, help) = match fault {
        Fault::Stray => ("a quote stands within a cell that does not begin with one".to_owned(), quote.to_owned()),
        Fault::Followed => ("text follows the quote that closes a cell".to_owned(), quote.to_owned()),
        Fault::Open => {
            let message = "a quote that opens a cell in this row is never closed, so the rest of the file is not read";
            (message.to_owned(), format!("close the quote; a row has at most {LONGEST} bytes"))
        }
        Fault::Trouble(trouble) => return broken_off(complaints, line, trouble),
    };
    complaints.error_with_help(line, codes::UNREADABLE_MEASUREMENTS, message, help);
}
