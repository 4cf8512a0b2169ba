//! Rows of samples, scores and states: each is read at a moment.

use super::cell::Cell;
use super::events::no_time;
use super::load::{Complaint, Source};
use super::needs::unit_of;
use super::sorter::{HELD, Record, Sorter};
use super::worth::worth;
use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::records::{Cuts, MISSING, Occurrences, Recorded, States};
use crate::evaluate::{BEYOND, nanos};
use crate::model::{Signal, SignalKind};
use crate::values::Unit;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Samples and scores.
pub(super) fn each(source: &Source<'_>, signal: &Signal, cuts: &Cuts) -> (Option<Recorded>, Vec<Diagnostic>) {
    let scores = signal.kind == SignalKind::Scores;
    let single = if scores { "score" } else { "value" };
    let mut columns: Vec<String> = signal.values.iter().map(|value| value.head.name.clone()).collect();
    let mut units: Vec<Option<Unit>> = signal.values.iter().map(|value| unit_of(signal, value).cloned()).collect();
    if columns.is_empty() || scores {
        columns = vec![single.to_owned()];
        units = vec![signal.unit.as_ref().map(|unit| unit.value.clone()).filter(|_| !scores)];
    }
    let valued = columns.len();
    columns.extend(signal.fields.iter().map(|field| field.head.name.clone()));
    units.extend(signal.fields.iter().map(|field| field.ty.as_deref().and_then(Unit::parse)));
    let mut each = Occurrences::new(cuts.clone(), columns);
    let mut keys = Keys::default();
    let mut sorter = Sorter::<1>::new(HELD);
    let (mut row_values, mut failed) = (Vec::new(), None);
    // Whether a reading is missing at either end depends on those beside it.
    let (mut earlier, mut later): (HashMap<u32, i128>, HashMap<u32, i128>) = (HashMap::new(), HashMap::new());
    let mut findings = source.rows(&mut |file, row, wrong| {
        let Some(Cell::Instant(at)) = row.cells.first().copied() else {
            wrong.push(no_time(row.line));
            return true;
        };
        if at >= source.until {
            return false;
        }
        row_values.clear();
        row_values.extend(row.cells.iter().skip(1).zip(&units).map(|(cell, unit)| worth(cell, unit.as_ref())));
        if let Some(message) = off_the_scale(signal, row_values.first()).or_else(|| below_zero(&row_values)) {
            wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message });
            return true;
        }
        let key = keys.number(row_values.get(valued..).unwrap_or_default());
        if at < source.span.start {
            let last = earlier.entry(key).or_insert(at);
            *last = at.max(*last);
            return false;
        }
        if at >= source.span.end {
            let next = later.entry(key).or_insert(at);
            *next = at.min(*next);
            return false;
        }
        let number = each.number(&row_values);
        let line = Record { at, key, file: small(file), line: row.line, payload: [u64::from(number)] };
        failed = failed.take().or(sorter.push(line).err());
        true
    });
    findings.extend(failed.map(|error| unsorted(source, &error)));
    let every = every(signal).filter(|_| !scores);
    let mut last: BTreeMap<u32, Record<1>> = BTreeMap::new();
    let gaps = Gaps { source, signal, every };
    let sorted = sorter.finish();
    match sorted {
        Err(error) => findings.push(unsorted(source, &error)),
        Ok(sorted) => {
            for record in sorted.map_while(Result::ok) {
                let before = last.insert(record.key, record);
                // Two people may well give their scores in one second.
                if let Some(before) = before.filter(|before| before.at == record.at && !scores) {
                    findings.push(twice(source, signal, &before, &record));
                    continue;
                }
                let before = before.map(|before| before.at).or(earlier.get(&record.key).copied());
                gaps.between(&mut each, before, record.at);
                each.add(record.at, u32::try_from(record.payload[0]).unwrap_or(MISSING), 1);
            }
        }
    }
    let keys = last.keys().chain(earlier.keys()).copied().collect::<BTreeSet<u32>>();
    for key in &keys {
        let before = last.get(key).map(|record| record.at).or(earlier.get(key).copied());
        gaps.to_the_end(&mut each, before, later.get(key).copied());
    }
    if keys.is_empty() {
        gaps.to_the_end(&mut each, None, None);
    }
    (Some(Recorded::Each(each)), limited(findings))
}

/// How far apart readings are made, in nanoseconds.
fn every(signal: &Signal) -> Option<i128> {
    let every = nanos(&signal.every.as_ref()?.value)?;
    (every > 0).then_some(every)
}

/// Where readings are missing, by the distance at which they are made.
struct Gaps<'s> {
    source: &'s Source<'s>,
    signal: &'s Signal,
    every: Option<i128>,
}

impl Gaps<'_> {
    /// Adds the readings that are missing between two: as many as would have their place between them. Before the first
    /// one of all, those that would fit into what is evaluated.
    fn between(&self, each: &mut Occurrences, before: Option<i128>, at: i128) {
        let Some(every) = self.every else { return };
        let (before, missing) = match before {
            Some(before) => (before, (2 * (at - before) + every) / (2 * every) - 1),
            None => {
                let missing = (at - self.source.span.start) / every;
                (at - (missing + 1) * every, missing)
            }
        };
        let grace = self.signal.missing.as_ref().and_then(|missing| nanos(missing.after.as_ref()?)).unwrap_or(0);
        if missing <= 0 || at - before - every < grace {
            return;
        }
        let unseen = (self.source.span.start - before) / every;
        for index in unseen.max(1)..=missing {
            let at = before + index * every;
            if self.source.is_inside(at) {
                each.add(at, MISSING, 1);
            }
        }
    }

    /// Those that are missing after the last one.
    fn to_the_end(&self, each: &mut Occurrences, before: Option<i128>, next: Option<i128>) {
        let end = self.source.span.end.min(self.source.until);
        self.between(each, before, next.unwrap_or(end));
    }
}

/// States, by the values of their fields.
pub(super) fn states(source: &Source<'_>, signal: &Signal) -> (Option<Recorded>, Vec<Diagnostic>) {
    let mut keys = Keys::default();
    let mut sorter = Sorter::<1>::new(HELD);
    let mut failed = None;
    // A state that holds from before what is evaluated is known from its last change.
    let mut earlier: HashMap<u32, Record<1>> = HashMap::new();
    let margin = BEYOND.max(signal.missing.as_ref().and_then(|missing| nanos(missing.after.as_ref()?)).unwrap_or(0));
    let (from, to) = (source.span.start - margin, (source.span.end + margin).min(source.until));
    let mut contradicting: Vec<(Record<1>, Record<1>)> = Vec::new();
    let mut findings = source.rows(&mut |file, row, wrong| {
        let (Some(Cell::Instant(at)), Some(Cell::Boolean(up))) =
            (row.cells.first().copied(), row.cells.get(1).copied())
        else {
            let message = "a row of a state needs a time and a state".to_owned();
            wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message });
            return true;
        };
        if at >= to {
            return false;
        }
        let fields: Vec<Option<Value>> = row.cells.iter().skip(2).map(|cell| worth(cell, None)).collect();
        let key = keys.number(&fields);
        let record = Record { at, key, file: small(file), line: row.line, payload: [u64::from(up)] };
        if at < from {
            let last = earlier.entry(key).or_insert(record);
            if last.at == at && last.payload != record.payload && contradicting.len() < MOST {
                contradicting.push((*last, record));
            }
            if last.at < at {
                *last = record;
            }
            // The last state before what is evaluated counts.
            return every(signal).is_none();
        }
        failed = failed.take().or(sorter.push(record).err());
        source.is_inside(at) || (at < source.span.start && every(signal).is_none())
    });
    findings.extend(contradicting.iter().map(|(before, record)| twice(source, signal, before, record)));
    findings.extend(failed.map(|error| unsorted(source, &error)));
    let every = every(signal);
    let mut all: BTreeMap<u32, States> = (0..keys.count()).map(|key| (key, States::default())).collect();
    for (key, record) in earlier {
        all.entry(key).or_default().add(record.at, record.payload[0] == 1, every);
    }
    let mut last: BTreeMap<u32, Record<1>> = BTreeMap::new();
    match sorter.finish() {
        Err(error) => findings.push(unsorted(source, &error)),
        Ok(sorted) => {
            for record in sorted.map_while(Result::ok) {
                if let Some(before) = last.insert(record.key, record).filter(|before| before.at == record.at) {
                    findings.push(twice(source, signal, &before, &record));
                    continue;
                }
                all.entry(record.key).or_default().add(record.at, record.payload[0] == 1, every);
            }
        }
    }
    for states in all.values_mut() {
        states.end(to, every);
    }
    let named = all.into_iter().map(|(key, states)| (keys.name(key), states)).collect();
    (Some(Recorded::States(named)), limited(findings))
}

/// The finding that two rows are of one moment.
fn twice(source: &Source<'_>, signal: &Signal, before: &Record<1>, record: &Record<1>) -> Diagnostic {
    let name = &signal.head.name;
    let place = format!("{}:{}", source.file(large(record.file)), record.line);
    let other = format!("{}:{}", source.file(large(before.file)), before.line);
    let (code, message) = if before.payload == record.payload {
        (codes::DUPLICATED_ROW, format!("the row says of `{name}` again what {other} says of the same moment"))
    } else {
        (
            codes::CONTRADICTING_ROWS,
            format!("the row says of `{name}` something else than {other} says of the same moment"),
        )
    };
    Diagnostic::without_place(code, place, message)
}

/// So many findings of one table are kept.
const MOST: usize = 60;

/// The first findings; a file in which every row stands twice has no end of them.
fn limited(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.truncate(MOST);
    findings
}

pub(super) fn unsorted(source: &Source<'_>, error: &std::io::Error) -> Diagnostic {
    let message = format!("the rows cannot be sorted: {}", error.kind());
    Diagnostic::without_place(codes::UNREADABLE_MEASUREMENTS, source.file(0), message)
}

fn off_the_scale(signal: &Signal, score: Option<&Option<Value>>) -> Option<String> {
    let scale = &signal.scale.as_ref().filter(|_| signal.kind == SignalKind::Scores)?.value;
    let Some(Some(Value::Number(score))) = score else {
        return Some("column `score`: the score is missing".to_owned());
    };
    let off = *score < scale.0 || *score > scale.1;
    off.then(|| format!("column `score`: {score} is not on the scale from {} to {}", scale.0, scale.1))
}

/// That a duration is below zero, which none is.
pub(super) fn below_zero(values: &[Option<Value>]) -> Option<String> {
    let below =
        values.iter().flatten().find(|value| matches!(value, Value::Duration(time) if time.seconds().signum() < 0))?;
    Some(format!("a duration is not below zero, as {below} is"))
}

/// The values of fields, numbered.
#[derive(Default)]
struct Keys {
    numbers: HashMap<Vec<Option<Value>>, u32>,
    names: Vec<Vec<String>>,
}

impl Keys {
    fn number(&mut self, fields: &[Option<Value>]) -> u32 {
        if let Some(number) = self.numbers.get(fields) {
            return *number;
        }
        let number = small(self.names.len());
        let text = |field: &Option<Value>| field.as_ref().map_or_else(String::new, ToString::to_string);
        self.names.push(fields.iter().map(text).collect());
        self.numbers.insert(fields.to_vec(), number);
        number
    }

    fn count(&self) -> u32 {
        small(self.names.len())
    }

    fn name(&self, number: u32) -> Vec<String> {
        self.names.get(large(number)).cloned().unwrap_or_default()
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn large(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
