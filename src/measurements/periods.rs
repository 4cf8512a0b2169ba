//! Rows of exclusions, maintenance and duties, and of fees as they are invoiced.

use super::cell::Cell;
use super::load::{Complaint, Source};
use super::needs::{Table, option_of};
use super::rows::Row;
use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Facts, Interval, known_for};
use crate::model::{Announcement, CalendarRef, Model, announced_by};
use crate::values::{Amount, Date, Money, Timestamp};
use std::collections::BTreeMap;

/// For which options alone a row is, each with its dimension.
type Options<'t> = Vec<(&'t str, String)>;

/// States when an exclusion, maintenance or the breach of a duty was under way.
pub(super) fn times(source: &Source<'_>, facts: &mut Facts) -> Vec<Diagnostic> {
    let announce =
        source.model.maintenances.get(&source.table.name).and_then(|maintenance| maintenance.announce.as_ref());
    let mut seen: BTreeMap<(i128, i128, Options<'_>), u64> = BTreeMap::new();
    source.rows(&mut |_, row, wrong| {
        let mut complain = |code, message: String| wrong.push(Complaint { line: row.line, code, message });
        let (Some(Cell::Instant(start)), Some(Cell::Instant(end))) = (row.cells.first(), row.cells.get(1)) else {
            complain(codes::WRONG_VALUE, "a row needs both `from` and `to`".to_owned());
            return true;
        };
        let during = Interval { start: *start, end: *end };
        if during.is_empty() {
            complain(codes::WRONG_VALUE, "`to` is not after `from`".to_owned());
            return true;
        }
        let options = options(source.table, row);
        if let Some(line) = seen.get(&(during.start, during.end, options.clone())) {
            complain(codes::DUPLICATED_ROW, format!("the same time stands in line {line}"));
            return true;
        }
        seen.insert((during.start, during.end, options.clone()), row.line);
        if let Some(announce) = announce {
            let announced = match row.cells.get(2) {
                Some(Cell::Instant(announced)) => Some(*announced),
                _ => None,
            };
            if !in_time(source, announce, announced, during.start) {
                let when = if announced.is_some() { "too late" } else { "not at all" };
                let message = format!(
                    "it was announced {when}: at least {} before it begins were agreed, so the time is not excluded",
                    ahead(announce)
                );
                complain(codes::LATE_ANNOUNCEMENT, message);
                return true;
            }
        }
        let (name, holds) = (&source.table.name, Value::Boolean(true));
        if options.is_empty() {
            facts.state(name.clone(), Some(during), holds);
            return true;
        }
        let mut any = false;
        for commitment in source.table.read_by.iter().filter(|one| has_options(source.model, one, &options)) {
            any = true;
            facts.state(known_for(name, commitment), Some(during), holds.clone());
        }
        if !any {
            let words: Vec<String> =
                options.iter().map(|(column, option)| format!("`{option}` in column `{column}`")).collect();
            complain(codes::WRONG_VALUE, format!("no commitment that `{name}` concerns has {}", words.join(" and ")));
        }
        true
    })
}

/// For which options alone a row is.
fn options<'t>(table: &'t Table, row: &Row<'_>) -> Options<'t> {
    let narrows = table.narrows.iter();
    let found = narrows.filter_map(|(place, dimension)| match row.cells.get(*place) {
        Some(Cell::Text(option)) => Some((dimension.as_str(), (*option).to_owned())),
        _ => None,
    });
    found.collect()
}

/// Whether a commitment is one of these options.
fn has_options(model: &Model, commitment: &str, options: &[(&str, String)]) -> bool {
    options.iter().all(|(dimension, option)| option_of(model, commitment, dimension) == Some(option))
}

/// Whether something was announced early enough.
fn in_time(source: &Source<'_>, announce: &Announcement, announced: Option<i128>, start: i128) -> bool {
    let zone = source.model.agreement.clock();
    let instant = |at: i128| Timestamp::from_nanosecond(at).ok();
    let Some((announced, start)) = announced.and_then(instant).zip(instant(start)) else { return false };
    // How far back is looked: what would have been due before the announcement makes that late.
    let back = zone.date(announced);
    announced_by(source.model, &zone, announce, start, back).is_some_and(|by| announced <= by)
}

/// How long before its start something is announced, as the agreement has it: `3 days`, or `7 working days of` a calendar.
fn ahead(announce: &Announcement) -> String {
    let amount = &announce.amount;
    match (&announce.calendar, amount) {
        (Some(CalendarRef::Named(name)), Amount::Period(period)) => {
            let plural = if period.count == 1 { "" } else { "s" };
            format!("{} working day{plural} of `{name}`", period.count)
        }
        (Some(CalendarRef::Named(name)), _) => format!("{amount} in the hours of `{name}`"),
        _ => amount.to_string(),
    }
}

/// States the amounts of a fee.
pub(super) fn amounts(source: &Source<'_>, facts: &mut Facts) -> Vec<Diagnostic> {
    let model = source.model;
    let zone = model.agreement.clock();
    let per = model.fees.get(&source.table.name).and_then(|fee| fee.per.as_ref());
    let currency = model.agreement.currency.as_ref().map(|currency| currency.value);
    let mut seen: Vec<(Date, u64)> = Vec::new();
    source.rows(&mut |_, row, wrong| {
        let mut complain = |code, message: String| wrong.push(Complaint { line: row.line, code, message });
        let (Some(Cell::Date(date)), Some(amount)) = (row.cells.first(), row.cells.get(1).and_then(Cell::number))
        else {
            complain(codes::WRONG_VALUE, "a row needs both `date` and `amount`".to_owned());
            return true;
        };
        if amount.signum() < 0 {
            complain(codes::WRONG_VALUE, format!("column `amount`: a fee is not below zero, as {amount} is"));
            return true;
        }
        let dates = per.and_then(|per| per.dates_around(model.agreement.anchors(*date), *date));
        let (Some((from, to)), Some(currency)) = (dates, currency) else { return true };
        if let Some((_, line)) = seen.iter().find(|(known, _)| *known == from) {
            complain(codes::DUPLICATED_ROW, format!("the period from {from} has an amount in line {line} already"));
            return true;
        }
        seen.push((from, row.line));
        let instant = |date: Date| zone.start_of_day(date).map(Timestamp::as_nanosecond);
        if let (Some(start), Some(end)) = (instant(from), instant(to)) {
            let amount = Value::Money(Money::new(amount, currency));
            facts.state(source.table.name.clone(), Some(Interval { start, end }), amount);
        }
        true
    })
}
