//! Rows of events: counts, and the values of single ones.

use super::cell::Cell;
use super::load::{Complaint, Source};
use super::needs::unit_of;
use super::readings::{below_zero, unsorted};
use super::sorter::{HELD, Record, Sorter};
use super::worth::worth;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::records::{Counts, Cuts, Occurrences, Recorded, TooLarge};
use crate::evaluate::{Interval, nanos};
use crate::model::Signal;
use crate::values::Unit;
use sha2::{Digest, Sha256};

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
    let grace = signal.missing.as_ref().and_then(|missing| nanos(missing.after.as_ref()?)).filter(|grace| *grace > 0);
    let mut presence = Presence { source, grace, times: Sorter::new(HELD), failed: None };
    let mut ids = Ids::new();
    // A field of that name is not the name of a row.
    let is_field = signal.fields.iter().any(|field| field.head.name == "id");
    let id_place = source.table.layout.position("id").filter(|_| !is_field);
    let mut given = vec![Given::default(); source.files.len()];
    let mut findings = source.rows(&mut |file, row, wrong| {
        let Some(Cell::Instant(at)) = row.cells.first().copied() else {
            wrong.push(no_time(row.line));
            return true;
        };
        if at >= source.until {
            return false;
        }
        for (number, cell) in numbers.iter_mut().zip(row.cells.iter().skip(1)) {
            *number = if let Cell::Count(count) = cell { Some(*count) } else { None };
        }
        if let Some(given) = given.get_mut(file) {
            given.note(&numbers, row.line);
        }
        presence.note(at);
        if counts.add(at, &numbers).is_err() {
            wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message: too_large() });
        }
        let mut rest = row.cells.iter().skip(1 + counted);
        if valued > 0 {
            row_values.clear();
            row_values.extend(rest.by_ref().take(valued).zip(&units).map(|(cell, unit)| worth(cell, unit.as_ref())));
            let times = match rest.next() {
                Some(Cell::Count(times)) => *times,
                _ => 1,
            };
            let fields = rest.by_ref().zip(units.iter().skip(valued)).map(|(cell, unit)| worth(cell, unit.as_ref()));
            if let Some(message) = below_zero(&row_values) {
                wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message });
            } else if row_values.iter().any(Option::is_some) && times > 0 {
                row_values.extend(fields);
                let number = each.number(&row_values);
                each.add(at, number, times);
            }
        }
        if let Some(Cell::Text(id)) = id_place.and_then(|place| row.cells.get(place)) {
            ids.note(id, file, row.line);
        }
        source.is_inside(at)
    });
    findings.extend(given.iter().enumerate().flat_map(|(file, given)| given.wrong(source, signal, file)));
    findings.extend(ids.doubled(source));
    let gaps = presence.gaps(&mut findings);
    match counts.close() {
        Ok(counts) => {
            let counts = match gaps {
                Some(gaps) => counts.with_gaps(gaps),
                None => counts,
            };
            (Some(Recorded::Events(counts, each)), findings)
        }
        Err(TooLarge) => {
            let told = Diagnostic::without_place(codes::WRONG_VALUE, source.file(0), too_large());
            (None, findings.into_iter().chain([told]).collect())
        }
    }
}

/// Which counts the rows of a file give.
#[derive(Clone, Default)]
struct Given {
    /// How many rows give each.
    rows: Vec<u64>,
    /// How many rows give any.
    any: u64,
    /// The first row that gives some and not all, with what it lacks.
    partial: Option<(u64, usize)>,
}

impl Given {
    fn note(&mut self, numbers: &[Option<u64>], line: u64) {
        let lacks = numbers.iter().position(Option::is_none);
        if numbers.iter().all(Option::is_none) {
            return;
        }
        self.any += 1;
        self.rows.resize(numbers.len(), 0);
        for (rows, number) in self.rows.iter_mut().zip(numbers) {
            *rows += u64::from(number.is_some());
        }
        self.partial = self.partial.or(lacks.map(|lacks| (line, lacks)));
    }

    /// What is wrong with a file whose rows count one thing and not the other.
    fn wrong(&self, source: &Source<'_>, signal: &Signal, file: usize) -> Option<Diagnostic> {
        let (line, lacks) = self.partial?;
        let name = &signal.counts.get(lacks)?.head.name;
        let given =
            signal.counts.iter().zip(&self.rows).find(|(_, rows)| **rows > 0).map(|(count, _)| &count.head.name)?;
        Some(if self.rows.get(lacks) == Some(&0) {
            let message = format!("the rows give `{given}`, and none gives `{name}`");
            Diagnostic::without_place(codes::MISSING_COLUMN, format!("{}:1", source.file(file)), message)
        } else {
            let message = format!(
                "the row gives some counts and not `{name}`: write 0 where there were none, or leave the row out"
            );
            Diagnostic::without_place(codes::WRONG_VALUE, format!("{}:{line}", source.file(file)), message)
        })
    }
}

/// When there were rows, for gaps that count from a length on.
struct Presence<'s> {
    source: &'s Source<'s>,
    grace: Option<i128>,
    times: Sorter<0>,
    failed: Option<std::io::Error>,
}

impl Presence<'_> {
    fn note(&mut self, at: i128) {
        let Some(grace) = self.grace else { return };
        if (self.source.span.start - grace..self.source.span.end + grace).contains(&at) {
            let record = Record { at, key: 0, file: 0, line: 0, payload: [] };
            self.failed = self.failed.take().or(self.times.push(record).err());
        }
    }

    /// The gaps that are as long as the grace, from row to row.
    fn gaps(self, findings: &mut Vec<Diagnostic>) -> Option<Vec<Interval>> {
        let grace = self.grace?;
        let (mut gaps, mut last) = (Vec::new(), self.source.span.start - grace);
        let end = (self.source.span.end + grace).min(self.source.until);
        match (self.failed, self.times.finish()) {
            (None, Ok(sorted)) => {
                for at in sorted.map_while(Result::ok).map(|record| record.at).chain([end]) {
                    if at - last >= grace {
                        gaps.push(Interval { start: last, end: at });
                    }
                    last = at;
                }
            }
            (Some(error), _) | (_, Err(error)) => findings.push(unsorted(self.source, &error)),
        }
        Some(gaps)
    }
}

/// The names that rows have for themselves, each of which may stand once.
struct Ids {
    hashes: Sorter<0>,
    any: bool,
}

impl Ids {
    fn new() -> Ids {
        Ids { hashes: Sorter::new(HELD), any: false }
    }

    fn note(&mut self, id: &str, file: usize, line: u64) {
        let digest = Sha256::digest(id.as_bytes());
        let at = digest.iter().take(16).fold(0_i128, |hash, byte| hash.wrapping_shl(8) | i128::from(*byte));
        self.any = true;
        let record = Record { at, key: 0, file: u32::try_from(file).unwrap_or(u32::MAX), line, payload: [] };
        // A disk that is full is told by whatever else has to be sorted, or the next row.
        let _ = self.hashes.push(record);
    }

    /// The rows whose name stands in another row.
    fn doubled(self, source: &Source<'_>) -> Vec<Diagnostic> {
        const MOST: usize = 20;
        let Some(Ok(sorted)) = self.any.then(|| self.hashes.finish()) else { return Vec::new() };
        let mut before: Option<Record<0>> = None;
        let mut found = Vec::new();
        for record in sorted.map_while(Result::ok) {
            if let Some(first) = before.filter(|before| before.at == record.at && found.len() < MOST) {
                let place = |record: &Record<0>| {
                    format!("{}:{}", source.file(usize::try_from(record.file).unwrap_or(usize::MAX)), record.line)
                };
                let message = format!("the row has the `id` of {}", place(&first));
                found.push(Diagnostic::without_place(codes::DUPLICATED_ROW, place(&record), message));
            }
            before = Some(record);
        }
        found
    }
}

fn too_large() -> String {
    "the counts add up to more than 18 quintillion".to_owned()
}

/// The complaint of a row without a time.
pub(super) fn no_time(line: u64) -> Complaint {
    Complaint { line, code: codes::WRONG_VALUE, message: "column `time`: the time is missing".to_owned() }
}
