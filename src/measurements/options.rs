//! The options of open dimensions: those that the tables name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::cell::Cell;
use super::complaints::Complaints;
use super::load::{Folder, table_of};
use super::needs::{Table, files};
use super::rows::Row;
use super::table::read;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Known, Model, Presence};
use crate::values::{Date, Timestamp};

/// The most options of one open dimension.
const MOST_OPTIONS: usize = 1_000;

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
    let is_open = |name: &str| model.dimensions.get(name).is_some_and(|dimension| dimension.open);
    for table in files(model) {
        let of_table = |file: &&String| table_of(file) == Some(table.file.as_str());
        if !table.only.iter().any(|(_, choice)| choice.each) || !names.iter().any(|file| of_table(&file)) {
            continue;
        }
        known.add_table(table.only.iter().map(|(_, choice)| (choice.dimension.as_str(), is_open(&choice.dimension))));
        let mut found = Found { model, table: &table, rows: BTreeMap::new(), different: BTreeMap::new() };
        for file in names.iter().filter(of_table) {
            found.read(folder, file);
        }
        if let Some(message) = found.too_many() {
            let path = Path::new(folder.name).join(format!("{}.csv", table.file)).display().to_string();
            let finding = Diagnostic::without_place(codes::TOO_MUCH_TO_MEASURE, path, message);
            findings.push(finding.help("evaluate a part of them at a time"));
            continue;
        }
        for (options, at) in &found.rows {
            let dimensions = table.only.iter().map(|(_, choice)| choice.dimension.as_str());
            known.add_row(dimensions.zip(options.iter().map(String::as_str)).collect(), *at);
        }
    }
    (known, findings)
}

/// What the files of one table name.
struct Found<'a> {
    model: &'a Model,
    table: &'a Table,
    /// The options of each dimension of the table, with the time in which rows name them.
    rows: BTreeMap<Vec<String>, Presence>,
    /// The different options of each open dimension.
    different: BTreeMap<&'a str, BTreeSet<String>>,
}

impl Found<'_> {
    fn read(&mut self, folder: Folder<'_>, file: &str) {
        let Ok(mut stream) = folder.world.open(Path::new(file)) else { return };
        let mut complaints = Complaints::new(file.to_owned());
        read(file, &mut *stream, &self.table.layout, &mut complaints, &mut |_| {}, &mut |row| self.note(&row));
    }

    fn note(&mut self, row: &Row<'_>) {
        let mut options = Vec::new();
        for (place, _) in &self.table.only {
            let Some(Cell::Text(text)) = row.cells.get(*place) else { return };
            options.push(*text);
        }
        if self.too_many().is_some() {
            return;
        }
        for ((_, choice), option) in self.table.only.iter().zip(&options).filter(|((_, choice), _)| choice.each) {
            let different = self.different.entry(&choice.dimension).or_default();
            if !different.contains(*option) {
                different.insert((*option).to_owned());
            }
        }
        let Some(at) = self.time_of(row) else { return };
        let key = options.into_iter().map(str::to_owned).collect();
        self.rows.entry(key).and_modify(|known| *known = known.hull(at)).or_insert(at);
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
        let per = self.model.fees.get(&self.table.name)?.per.as_ref()?;
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
