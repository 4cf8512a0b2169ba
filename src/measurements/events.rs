//! Rows of events: counts, and the values of single ones.

use super::cell::Cell;
use super::load::{Complaint, Source};
use super::needs::unit_of;
use super::worth::worth;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::records::{Counts, Cuts, Occurrences, Recorded, TooLarge};
use crate::model::Signal;
use crate::values::Unit;

pub(super) fn events(source: &Source<'_>, signal: &Signal, cuts: &Cuts) -> (Option<Recorded>, Vec<Diagnostic>) {
    let counted = signal.counts.len();
    let valued = signal.values.len();
    let names = signal.counts.iter().map(|count| count.head.name.clone()).collect();
    let mut counts = Counts::new(cuts.clone(), names);
    let own: Vec<Option<Unit>> = signal.values.iter().map(|value| unit_of(signal, value).cloned()).collect();
    let units: Vec<Option<Unit>> =
        own.into_iter().chain(signal.fields.iter().map(|field| field.ty.as_deref().and_then(Unit::parse))).collect();
    let members = signal.values.iter().chain(&signal.fields);
    let mut each = Occurrences::new(cuts.clone(), members.map(|member| member.head.name.clone()).collect());
    let (mut numbers, mut row_values) = (vec![None; counted], Vec::new());
    let findings = source.rows(&mut |_, row, wrong| {
        let Some(Cell::Instant(at)) = row.cells.first().copied() else {
            wrong.push(no_time(row.line));
            return true;
        };
        for (number, cell) in numbers.iter_mut().zip(row.cells.iter().skip(1)) {
            *number = if let Cell::Count(count) = cell { Some(*count) } else { None };
        }
        let inside = match counts.add(at, &numbers) {
            Ok(inside) => inside,
            Err(TooLarge) => {
                wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message: too_large() });
                true
            }
        };
        if valued == 0 {
            return inside;
        }
        let mut rest = row.cells.iter().skip(1 + counted);
        row_values.clear();
        row_values.extend(rest.by_ref().take(valued).zip(&units).map(|(cell, unit)| worth(cell, unit.as_ref())));
        let times = match rest.next() {
            Some(Cell::Count(times)) => *times,
            _ => 1,
        };
        if row_values.iter().any(Option::is_some) && times > 0 {
            let fields = rest.zip(units.iter().skip(valued)).map(|(cell, unit)| worth(cell, unit.as_ref()));
            row_values.extend(fields);
            let number = each.number(&row_values);
            each.add(at, number, times);
        }
        inside
    });
    match counts.close() {
        Ok(counts) => (Some(Recorded::Events(counts, each)), findings),
        Err(TooLarge) => {
            let told = Diagnostic::without_place(codes::WRONG_VALUE, source.file(0), too_large());
            (None, findings.into_iter().chain([told]).collect())
        }
    }
}

fn too_large() -> String {
    "the counts add up to more than 18 quintillion".to_owned()
}

/// The complaint of a row without a time.
pub(super) fn no_time(line: u64) -> Complaint {
    Complaint { line, code: codes::WRONG_VALUE, message: "column `time`: the time is missing".to_owned() }
}
