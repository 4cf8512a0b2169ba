//! The options of open dimensions: those that the tables name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::cell::Cell;
use super::complaints::Complaints;
use super::load::{Folder, table_of};
use super::needs::{DataFile, Table, files};
use super::rows::Row;
use super::table::read;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Known, Model, Presence};
use crate::values::{Date, Timestamp};

/// The most options of one open dimension.
const MOST_OPTIONS: usize = 1_000;

/// So many rows without an option are told of one file.
const MOST_KEPT: usize = 200;

/// The most combinations of options in one table.
const MOST_COMBINATIONS: usize = 20_000;

/// What the tables of a folder say of the options of the open dimensions of a model. What is wrong with a table is told
/// where it is read for what it measures.
#[must_use]
pub fn options(model: &Model, folder: Folder<'_>) -> (Known, Vec<Diagnostic>) {
    let (mut known, mut findings) = (Known::default(), Vec::new());
    if !model.dimensions.iter().any(|dimension| dimension.open) {
        return (known, findings);
    }
    let names = folder.world.names().unwrap_or_default();
    for file in files(model) {
        let of_file = |name: &&String| table_of(name) == Some(file.name.as_str());
        let mut shapes: Vec<Shape<'_>> = Vec::new();
        for table in file.tables.iter().filter(|table| table.only.iter().any(|(_, choice)| choice.each)) {
            let shape = Shape::of(model, table);
            if !shapes.iter().any(|known| known.columns == shape.columns) {
                shapes.push(shape);
            }
        }
        if shapes.is_empty() || !names.iter().any(|name| of_file(&name)) {
            continue;
        }
        let mut wrong = Vec::new();
        for name in names.iter().filter(of_file) {
            wrong.extend(read_all(folder, name, &file, &mut shapes));
        }
        // What is wrong with the file is told before anything is made of it.
        if wrong.iter().any(|finding| finding.severity == Severity::Error) {
            findings.extend(wrong);
            continue;
        }
        let is_open = |name: &str| model.dimensions.get(name).is_some_and(|dimension| dimension.open);
        for shape in shapes {
            let dimensions = || shape.columns.iter().map(|(_, dimension)| dimension.as_str());
            known.add_table(dimensions().map(|dimension| (dimension, is_open(dimension))));
            if let Some(message) = shape.too_many() {
                let path = Path::new(folder.name).join(format!("{}.csv", file.name)).display().to_string();
                let finding = Diagnostic::without_place(codes::TOO_MUCH_TO_MEASURE, path, message);
                findings.push(finding.help("evaluate a part of them at a time"));
                continue;
            }
            for (options, at) in &shape.rows {
                known.add_row(dimensions().zip(options.iter().map(String::as_str)).collect(), *at);
            }
        }
    }
    (known, findings)
}

/// Notes what the rows of a file name; what is wrong with it.
fn read_all(folder: Folder<'_>, name: &str, file: &DataFile, shapes: &mut [Shape<'_>]) -> Vec<Diagnostic> {
    let path = Path::new(folder.name).join(name).display().to_string();
    let Ok(mut stream) = folder.world.open(Path::new(name)) else { return Vec::new() };
    let (mut complaints, mut empty) = (Complaints::new(path), Vec::new());
    read(name, &mut *stream, &file.layout, &mut complaints, &mut |_| {}, &mut |row| {
        for shape in &mut *shapes {
            if let Err(place) = shape.note(&row) {
                let column = file.layout.columns.get(place).map_or("", |column| column.name.as_str());
                empty.push((row.line, format!("column `{column}` is empty, so that the row is of no option")));
                empty.truncate(MOST_KEPT);
                break;
            }
        }
    });
    for (line, message) in empty {
        complaints.error(line, codes::WRONG_VALUE, message);
    }
    complaints.finish()
}

/// What the rows of a file name of some dimensions.
struct Shape<'a> {
    model: &'a Model,
    /// The table for whose clause this is.
    clause: &'a str,
    /// The columns with the dimensions of whose options they are.
    columns: Vec<(usize, String)>,
    /// Which of them are open.
    open: Vec<bool>,
    /// The options of each, with the time in which rows name them.
    rows: BTreeMap<Vec<String>, Presence>,
    /// The different options of each open dimension.
    different: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Shape<'a> {
    fn of(model: &'a Model, table: &'a Table) -> Shape<'a> {
        let columns = table.options().map(|(place, choice)| (place, choice.dimension.clone())).collect();
        let open = table.options().map(|(_, choice)| choice.each).collect();
        Shape { model, clause: &table.name, columns, open, rows: BTreeMap::new(), different: BTreeMap::new() }
    }

    /// Notes a row; the column in which the option is missing, if it is.
    fn note(&mut self, row: &Row<'_>) -> Result<(), usize> {
        let mut options = Vec::new();
        for (place, _) in &self.columns {
            match row.cells.get(*place) {
                Some(Cell::Text(text)) => options.push(*text),
                _ => return Err(*place),
            }
        }
        if self.too_many().is_some() {
            return Ok(());
        }
        for (((_, dimension), option), _) in
            self.columns.iter().zip(&options).zip(&self.open).filter(|(_, open)| **open)
        {
            let different = self.different.entry(dimension.clone()).or_default();
            if !different.contains(*option) {
                different.insert((*option).to_owned());
            }
        }
        if let Some(at) = self.time_of(row) {
            let key = options.into_iter().map(str::to_owned).collect();
            self.rows.entry(key).and_modify(|known| *known = known.hull(at)).or_insert(at);
        }
        Ok(())
    }

    /// The time that a row is about: its moments, or the whole period of a fee.
    fn time_of(&self, row: &Row<'_>) -> Option<Presence> {
        let moments = row.cells.iter().flat_map(|cell| match cell {
            Cell::Instant(at) => vec![*at],
            Cell::Date(date) => self.period(*date).unwrap_or_default(),
            _ => Vec::new(),
        });
        moments.map(|at| Presence { first: at, last: at }).reduce(Presence::hull)
    }

    fn period(&self, date: Date) -> Option<Vec<i128>> {
        let agreement = &self.model.agreement;
        let per = self.model.fees.get(self.clause)?.per.as_ref()?;
        let (first, next) = per.dates_around(agreement.anchors(date), date)?;
        let start = |date: Date| agreement.clock().start_of_day(date).map(Timestamp::as_nanosecond);
        Some(vec![start(first)?, start(next)? - 1])
    }

    fn too_many(&self) -> Option<String> {
        let many = self.different.iter().find(|(_, options)| options.len() > MOST_OPTIONS);
        match many {
            Some((dimension, _)) => Some(format!("`{dimension}` has more than {MOST_OPTIONS} different options")),
            None if self.rows.len() > MOST_COMBINATIONS => {
                Some(format!("it has more than {MOST_COMBINATIONS} different combinations of options"))
            }
            None => None,
        }
    }
}
