use crate::diagnostics::{Code, codes};

use super::complaints::{Complaints, KEPT};
use super::layout::Layout;
use super::lines::Lines;
use super::shown::quoted;
use super::splitter::{Fault, Splitter};

/// What the first line of a table tells of the rest.
pub(super) struct Header {
    /// What stands between cells.
    pub(super) separator: u8,
    /// Where each column of the layout stands, if it is there.
    pub(super) places: Vec<Option<usize>>,
    /// How many cells each row has.
    pub(super) count: usize,
}

/// The header that the present row is; what is wrong with it is complained of, and the table is not read.
pub(super) fn read(
    lines: &mut Lines<'_>,
    layout: &Layout,
    complaints: &mut Complaints,
) -> Result<Option<Header>, Fault> {
    let mut separator = b',';
    let mut names = split(b',', lines)?;
    if lines.text().contains(&b';') {
        let known = |names: &[Vec<u8>]| names.iter().filter(|name| position(layout, name).is_some()).count();
        let others = split(b';', lines)?;
        if known(&others) > known(&names) || names.len() == 1 {
            (separator, names) = (b';', others);
        }
    }
    let mut page = Page { layout, line: lines.line(), complaints, right: true };
    let places = page.places(&names);
    Ok(page.right.then_some(Header { separator, places, count: names.len() }))
}

fn split(separator: u8, lines: &mut Lines<'_>) -> Result<Vec<Vec<u8>>, Fault> {
    let mut splitter = Splitter::new(separator);
    let cells = splitter.split(lines)?;
    Ok((0..cells.len()).map(|place| cells.get(place).to_vec()).collect())
}

fn position(layout: &Layout, name: &[u8]) -> Option<usize> {
    std::str::from_utf8(name).ok().and_then(|name| layout.position(name))
}

/// A header under examination.
struct Page<'p> {
    layout: &'p Layout,
    line: u64,
    complaints: &'p mut Complaints,
    right: bool,
}

impl Page<'_> {
    fn wrong(&mut self, code: &'static Code, message: String, help: Option<String>) {
        self.right = false;
        self.complaints.add(self.line, code, message, help);
    }

    /// Where each column stands. Every name must be that of a column, once.
    fn places(&mut self, names: &[Vec<u8>]) -> Vec<Option<usize>> {
        let mut places = vec![None; self.layout.columns.len()];
        if names.iter().any(|name| std::str::from_utf8(name).is_err()) {
            let help = Some("save the file as UTF-8".to_owned());
            self.wrong(codes::UNREADABLE_MEASUREMENTS, "the header is not written in UTF-8".to_owned(), help);
            return places;
        }
        let mut meant = vec![false; self.layout.columns.len()];
        let mut unknown = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let known = position(self.layout, name);
            match known.and_then(|place| places.get_mut(place)) {
                Some(place @ None) => *place = Some(number),
                Some(Some(_)) => {
                    let message = format!("column {} stands twice in the header", quoted(name));
                    self.wrong(codes::UNREADABLE_MEASUREMENTS, message, None);
                }
                // A hostile header has very many.
                None if unknown.len() < KEPT => {
                    let text = String::from_utf8_lossy(name).into_owned();
                    let near = self.layout.meant(&text).map(str::to_owned);
                    if let Some(flag) = near.as_deref().and_then(|near| self.layout.position(near)) {
                        meant.iter_mut().skip(flag).take(1).for_each(|flag| *flag = true);
                    }
                    unknown.push((number, text, near));
                }
                None => {}
            }
        }
        let nothing = places.iter().all(Option::is_none) && unknown.iter().all(|(.., near)| near.is_none());
        if nothing {
            let message = "the first line does not name the columns".to_owned();
            self.wrong(codes::UNREADABLE_MEASUREMENTS, message, Some(first_line(self.layout)));
            return places;
        }
        for (number, name, near) in unknown {
            self.unknown(number, &name, near);
        }
        self.missing(&places, &meant);
        places
    }

    fn unknown(&mut self, number: usize, name: &str, near: Option<String>) {
        if name.trim().is_empty() {
            let message = format!("column {} of the header has no name", number + 1);
            return self.wrong(codes::UNREADABLE_MEASUREMENTS, message, None);
        }
        let (message, help) = unknown_column(self.layout, name, near.as_deref());
        self.wrong(codes::UNKNOWN_COLUMN, message, help);
    }

    /// A column that was misspelled is not missing as well.
    fn missing(&mut self, places: &[Option<usize>], meant: &[bool]) {
        let layout = self.layout;
        for ((column, place), meant) in layout.columns.iter().zip(places).zip(meant) {
            if column.required && place.is_none() && !meant {
                let message = format!("the header lacks the column `{}`", column.name);
                self.wrong(codes::MISSING_COLUMN, message, Some(first_line(layout)));
            }
        }
    }
}

/// The help that shows the header.
pub(super) fn first_line(layout: &Layout) -> String {
    format!("the first line names the columns: `{}`", layout.header())
}

/// What is said of a name that no column has, and the help.
pub(super) fn unknown_column(layout: &Layout, name: &str, near: Option<&str>) -> (String, Option<String>) {
    let message = format!("there is no column {}; the columns are {}", quoted(name.as_bytes()), layout.names());
    (message, near.map(|near| format!("did you mean `{near}`?")))
}
