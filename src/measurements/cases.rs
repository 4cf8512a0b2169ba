//! Rows of cases: one for each thing that happened to one.

use super::cell::Cell;
use super::events::no_time;
use super::load::{Complaint, Source};
use super::needs::{began, ended};
use super::worth::worth;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::records::{CaseRecord, Recorded};
use crate::model::Signal;
use crate::values::Unit;
use std::collections::BTreeMap;

/// What is known of a case while rows are read, each with its file and line.
#[derive(Default)]
struct Rows {
    events: Vec<(i128, String, usize, u64)>,
    priorities: Vec<(i128, String, usize, u64)>,
    record: CaseRecord,
}

pub(super) fn cases(source: &Source<'_>, signal: &Signal) -> (Option<Recorded>, Vec<Diagnostic>) {
    let has_priority = source.table.layout.columns.iter().any(|column| column.name == "priority");
    let mut all: BTreeMap<String, Rows> = BTreeMap::new();
    let mut findings = source.rows(&mut |file, row, wrong| {
        let mut cells = row.cells.iter();
        let (id, at) = match (cells.next(), cells.next()) {
            (Some(Cell::Text(id)), Some(Cell::Instant(at))) => (*id, *at),
            (_, Some(Cell::Instant(_))) => {
                let message = "column `case`: the name of the case is missing".to_owned();
                wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message });
                return true;
            }
            _ => {
                wrong.push(no_time(row.line));
                return true;
            }
        };
        // What comes later is not known yet.
        if at >= source.until {
            return false;
        }
        let case = all.entry(id.to_owned()).or_default();
        let event = match cells.next() {
            Some(Cell::Text(event)) => Some(*event),
            _ => None,
        };
        let priority = match has_priority.then(|| cells.next()).flatten() {
            Some(Cell::Text(priority)) => Some(*priority),
            _ => None,
        };
        if event.is_none() && priority.is_none() {
            let message = "the row says neither what happened nor a priority".to_owned();
            wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message });
        }
        case.events.extend(event.map(|event| (at, event.to_owned(), file, row.line)));
        case.priorities.extend(priority.map(|priority| (at, priority.to_owned(), file, row.line)));
        for (field, cell) in signal.fields.iter().zip(cells) {
            let Some(value) = worth(cell, field.ty.as_deref().and_then(Unit::parse).as_ref()) else { continue };
            let name = &field.head.name;
            match case.record.fields.iter().find(|(known, _)| known == name) {
                Some((_, known)) if *known != value => {
                    let message = format!("`{name}` of case `{id}` is `{value}` here, and `{known}` in a row before");
                    wrong.push(Complaint { line: row.line, code: codes::CONTRADICTING_ROWS, message });
                }
                Some(_) => {}
                None => case.record.fields.push((name.clone(), value)),
            }
        }
        true
    });
    let mut records = Vec::new();
    for (id, rows) in all {
        let wrong = record(signal, id, rows, has_priority, &mut records);
        findings.extend(wrong.into_iter().map(|(file, line, code, message)| {
            Diagnostic::without_place(code, format!("{}:{line}", source.file(file)), message)
        }));
    }
    (Some(Recorded::Cases(records)), findings)
}

/// The last instant at which anything is on record of a case.
pub(super) fn last_instant(case: &CaseRecord) -> Option<i128> {
    let milestones = case.milestones.iter().map(|(_, at)| *at);
    let spans = case.spans.iter().map(|(_, from, to)| to.unwrap_or(*from));
    milestones.chain(spans).chain(case.priorities.iter().map(|(at, _)| *at)).max()
}

type Wrong = (usize, u64, &'static crate::diagnostics::Code, String);

/// Makes a record of the rows of a case, and says what contradicts itself.
fn record(signal: &Signal, id: String, rows: Rows, has_priority: bool, records: &mut Vec<CaseRecord>) -> Vec<Wrong> {
    let Rows { mut events, mut priorities, mut record } = rows;
    events.sort();
    priorities.sort();
    let mut wrong = Vec::new();
    let first = signal.milestones.first().map_or("", |first| first.head.name.as_str());
    for (one, next) in events.iter().zip(events.iter().skip(1)) {
        if (one.0, &one.1) == (next.0, &next.1) && one.1 != first {
            let message = format!("`{}` of case `{id}` stands twice, also in line {}", next.1, one.3);
            wrong.push((next.2, next.3, codes::DUPLICATED_ROW, message));
        }
    }
    for (one, next) in priorities.iter().zip(priorities.iter().skip(1)) {
        if one.0 == next.0 && one.1 != next.1 {
            let message = format!("case `{id}` has the priority `{}` here, and `{}` in line {}", next.1, one.1, one.3);
            wrong.push((next.2, next.3, codes::CONTRADICTING_ROWS, message));
        }
    }
    let opened = events.iter().find(|(_, event, ..)| event == first).map(|(at, ..)| *at);
    let (file, line) = events.iter().chain(&priorities).map(|(.., file, line)| (*file, *line)).min().unwrap_or((0, 0));
    if let Some((_, _, file, line)) = events.iter().filter(|(_, event, ..)| event == first).nth(1) {
        let message = format!("case `{id}` is `{first}` a second time");
        wrong.push((*file, *line, codes::DUPLICATED_ROW, message));
    }
    match opened {
        None => {
            let message = format!("case `{id}` has no `{first}`");
            wrong.push((file, line, codes::CONTRADICTING_ROWS, message));
        }
        Some(opened) => {
            if let Some((_, event, file, line)) = events.iter().find(|(at, ..)| *at < opened) {
                let message = format!("`{event}` of case `{id}` comes before its `{first}`");
                wrong.push((*file, *line, codes::CONTRADICTING_ROWS, message));
            }
        }
    }
    if has_priority && priorities.is_empty() {
        wrong.push((file, line, codes::WRONG_VALUE, format!("case `{id}` has no priority in any of its rows")));
    }
    for span in &signal.spans {
        let (start, end) = (began(&span.head.name), ended(&span.head.name));
        let mut open: Option<i128> = None;
        for (at, event, file, line) in &events {
            match open {
                None if *event == start => open = Some(*at),
                Some(from) if *event == end => {
                    record.spans.push((span.head.name.clone(), from, Some(*at)));
                    open = None;
                }
                None if *event == end => {
                    let message = format!("`{end}` of case `{id}` has no `{start}` before it");
                    wrong.push((*file, *line, codes::CONTRADICTING_ROWS, message));
                }
                Some(_) if *event == start => {
                    let message = format!("`{start}` of case `{id}` stands again before `{end}`");
                    wrong.push((*file, *line, codes::CONTRADICTING_ROWS, message));
                }
                _ => {}
            }
        }
        if let Some(from) = open.filter(|from| events.iter().any(|(at, event, ..)| event == "resolved" && at > from)) {
            let place = events.iter().find(|(at, event, ..)| *at == from && *event == start);
            let message =
                format!("`{start}` of case `{id}` never ends, so that its clock stands still until it is resolved");
            wrong.extend(place.map(|(.., file, line)| (*file, *line, codes::OPEN_PAUSE, message)));
        }
        record.spans.extend(open.map(|from| (span.head.name.clone(), from, None)));
    }
    let is_milestone = |name: &str| signal.milestones.iter().any(|milestone| milestone.head.name == name);
    record.id = id;
    record.priorities = priorities.into_iter().map(|(at, name, ..)| (at, name)).collect();
    let milestones = events.into_iter().filter(|(_, event, ..)| is_milestone(event));
    record.milestones = milestones.map(|(at, event, ..)| (event, at)).collect();
    records.push(record);
    wrong
}
