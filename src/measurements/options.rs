//! The options of open dimensions: those that the tables name.

use std::collections::BTreeSet;
use std::path::Path;

use super::cell::Cell;
use super::complaints::Complaints;
use super::load::{Folder, table_of};
use super::needs::{Table, files};
use super::table::read;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Known, Model};

/// The most options of one open dimension.
const MOST_OPTIONS: usize = 1_000;

/// The options of the open dimensions of a model, in the order of their letters. What is wrong with a table is told where it
/// is read for what it measures.
#[must_use]
pub fn options(model: &Model, folder: Folder<'_>) -> (Known, Vec<Diagnostic>) {
    let (mut known, mut findings) = (Known::new(), Vec::new());
    if !model.dimensions.iter().any(|dimension| dimension.open) {
        return (known, findings);
    }
    let names = folder.world.names().unwrap_or_default();
    for table in files(model) {
        for (place, choice) in table.only.iter().filter(|(_, choice)| choice.each) {
            let of_table = names.iter().filter(|file| table_of(file) == Some(table.file.as_str()));
            let options = of_table.fold(BTreeSet::new(), |options, file| named(folder, file, &table, *place, options));
            if options.len() > MOST_OPTIONS {
                let message = format!("`{}` has more than {MOST_OPTIONS} different options", choice.dimension);
                let path = Path::new(folder.name).join(format!("{}.csv", table.file)).display().to_string();
                let finding = Diagnostic::without_place(codes::TOO_MUCH_TO_MEASURE, path, message);
                findings.push(finding.help("evaluate a part of them at a time"));
                continue;
            }
            let all = known.entry(choice.dimension.clone()).or_default();
            all.extend(options);
            all.sort();
            all.dedup();
        }
    }
    known.retain(|_, options| !options.is_empty());
    (known, findings)
}

/// The texts in one column of a file, with those that are known.
fn named(
    folder: Folder<'_>,
    file: &str,
    table: &Table,
    place: usize,
    mut options: BTreeSet<String>,
) -> BTreeSet<String> {
    let Ok(mut stream) = folder.world.open(Path::new(file)) else { return options };
    let mut complaints = Complaints::new(file.to_owned());
    read(file, &mut *stream, &table.layout, &mut complaints, &mut |_| {}, &mut |row| {
        if let Some(Cell::Text(text)) = row.cells.get(place)
            && options.len() <= MOST_OPTIONS
            && !options.contains(*text)
        {
            options.insert((*text).to_owned());
        }
    });
    options
}
