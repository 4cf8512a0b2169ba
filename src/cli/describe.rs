//! The files and columns that an agreement needs, each with a row as it could be.

use crate::diagnostics::visible_line;
use crate::measurements::{Column, DataFile, Holds, Kind, Table, files};
use crate::model::{Model, SignalKind, announced_by};
use crate::values::{Date, Exact, Timestamp};

/// How many days before its start the maintenance of a sample is announced, where fewer are agreed.
const DAYS_BEFORE: usize = 10;

/// So many years back is looked for a day on which something can be announced.
const YEARS_BACK: i16 = 10;

/// What stands for any option of an open dimension.
const ANY: &str = "north";

/// The files and columns that an agreement needs.
pub(super) fn described(model: &Model) -> String {
    let mut out = String::new();
    for file in files(model) {
        let optional = if file.may_be_absent() { "; without the file, there was none" } else { "" };
        let by = file.read_by().join(", ");
        out.push_str(&format!("{}.csv  {} (for {by}{optional})\n", file.name, visible_line(&file.about)));
        let width = file.layout.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0);
        for column in &file.layout.columns {
            let kind = in_words(&column.kind);
            out.push_str(&format!("  {:<width$}  {kind}: {}\n", column.name, visible_line(&column.about)));
        }
        out.push_str(&format!("\n  {}\n  {}\n\n", file.layout.header(), sample(model, &file)));
    }
    if out.is_empty() {
        return "nothing is measured: no commitment reads a signal\n".to_owned();
    }
    out.push_str("Each may be JSON Lines as well (`NAME.jsonl`), and in several files (`NAME.PART.csv`). Times have their zone.\n");
    out
}

fn in_words(kind: &Kind) -> String {
    match kind {
        Kind::Instant => "time".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Count => "whole number".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Boolean => "yes or no".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::OneOf(words) => {
            format!("one of {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A row of a file, as it could be: one of the variant that has the most columns. What that has not is empty.
fn sample(model: &Model, file: &DataFile) -> String {
    let tables = file.tables.iter();
    let Some(table) = tables.min_by_key(|table| std::cmp::Reverse(table.places.len())) else { return String::new() };
    let day = model.agreement.effective.as_ref().map_or(Date::constant(2027, 1, 1), |term| term.from);
    let options = options(model, table);
    let cell = |place: usize| {
        let own = table.places.iter().position(|one| *one == place)?;
        let known = options.iter().find(|(column, _)| *column == own).map(|(_, option)| option.clone());
        known.or_else(|| Some(value(model, table, table.layout.columns.get(own)?, day)))
    };
    let cells = (0..file.layout.columns.len()).map(|place| cell(place).unwrap_or_default());
    cells.collect::<Vec<String>>().join(",")
}

/// The options of a row of a table, by the places of their columns: its own, and of those that it may name those of the first
/// commitment that reads it.
fn options(model: &Model, table: &Table) -> Vec<(usize, String)> {
    let own = table.only.iter().map(|(place, choice)| {
        let option = if choice.each { ANY } else { choice.option.as_str() };
        (*place, option.to_owned())
    });
    let reader = table.read_by.first().and_then(|name| model.commitments.get(name));
    let narrowed = table.narrows.iter().map(|(place, dimension)| {
        let choices = reader.iter().flat_map(|one| &one.head.variant);
        let chosen = choices.into_iter().find(|choice| choice.dimension == *dimension);
        let option = chosen.map_or("", |choice| if choice.each { ANY } else { &choice.option });
        (*place, option.to_owned())
    });
    own.chain(narrowed).collect()
}

/// What could stand in a column.
fn value(model: &Model, table: &Table, column: &Column, day: Date) -> String {
    match &column.kind {
        Kind::Instant if column.name == "to" => format!("{day}T12:00:00Z"),
        Kind::Instant if column.name == "announced" => {
            let before = (0..DAYS_BEFORE).fold(day, |day, _| day.yesterday().unwrap_or(day));
            let before = last_day(model, table, day).map_or(before, |last| last.min(before));
            format!("{before}T09:00:00Z")
        }
        Kind::Instant => format!("{day}T10:00:00Z"),
        Kind::Date => day.to_string(),
        Kind::Count if column.name == "occurrences" => "1".to_owned(),
        Kind::Count => "3".to_owned(),
        Kind::Number if table.holds == Holds::Signal(SignalKind::Scores) && column.name == "score" => {
            score(model, table)
        }
        Kind::Number => "4.5".to_owned(),
        Kind::Boolean if column.name == "state" => "up".to_owned(),
        Kind::Boolean => "yes".to_owned(),
        Kind::Text if column.name == "case" => "T-1".to_owned(),
        Kind::Text if column.name == "id" => "r-1".to_owned(),
        Kind::Text => ANY.to_owned(),
        Kind::OneOf(words) => words.first().cloned().unwrap_or_default(),
    }
}

/// A day on which maintenance on a day is announced in time.
fn last_day(model: &Model, table: &Table, day: Date) -> Option<Date> {
    let announce = model.maintenances.get(&table.name)?.announce.as_ref()?;
    let zone = model.agreement.clock();
    let start: Timestamp = format!("{day}T10:00:00Z").parse().ok()?;
    let back = Date::new(day.year() - YEARS_BACK, 1, 1).ok()?;
    zone.date(announced_by(model, &zone, announce, start, back)?).yesterday().ok()
}

/// A score on the scale of its signal.
fn score(model: &Model, table: &Table) -> String {
    let scale = model.signals.get(&table.name).and_then(|signal| signal.scale.as_ref());
    let is_on = |low: &Exact, high: &Exact| Exact::ratio(9, 2).is_some_and(|usual| *low <= usual && usual <= *high);
    match scale.map(|scale| &scale.value) {
        Some((low, high)) if !is_on(low, high) => high.to_string(),
        _ => "4.5".to_owned(),
    }
}
