//! All measurements of a folder, for a plan.

use super::cell::{Cell as CellOf, read as read_cell};
use super::complaints::Complaints;
use super::events::events;
use super::needs::{DataFile, Holds, Table, files};
use super::outside::Outside;
use super::parts::Parts;
use super::periods::{amounts, times};
use super::rows::Row;
use super::table::{is_table, read};
use super::{cases, readings};
use crate::diagnostics::{Diagnostic, codes, did_you_mean};
use crate::evaluate::records::{Cuts, Recorded, Records};
use crate::evaluate::{Facts, Interval, Plan, TooFine};
use crate::model::{Model, SignalKind};
use crate::source::World;
use rayon::prelude::*;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;

/// What was measured, and what is wrong with it.
#[derive(Debug)]
pub struct Loaded {
    /// What is known.
    pub facts: Facts,
    /// What is to be said about the files. With an error among them nothing should be computed.
    pub findings: Vec<Diagnostic>,
}

/// Where the files are, and who is told of the bytes that were read.
#[derive(Clone, Copy)]
pub struct Folder<'w> {
    /// The files.
    pub world: &'w (dyn World + Sync),
    /// What people call the folder; findings name files in it.
    pub name: &'w str,
    /// Is told how many bytes each piece brought.
    pub on_bytes: &'w (dyn Fn(u64) + Sync),
}

/// One table with its files, ready to be read.
pub(super) struct Source<'s> {
    pub model: &'s Model,
    pub folder: Folder<'s>,
    pub file: &'s DataFile,
    pub table: &'s Table,
    pub files: Vec<String>,
    /// The files that are taken apart.
    pub parts: &'s Parts,
    /// The rows that lie outside what is evaluated.
    pub outside: &'s Outside,
    /// What is evaluated.
    pub span: Interval,
    /// Up to when things are known: what comes later has not happened yet.
    pub until: i128,
    /// The first moment in any row.
    pub began: Cell<Option<i128>>,
}

/// Reads what a plan needs from the files of a folder.
#[must_use]
pub fn load(plan: &Plan<'_>, folder: Folder<'_>) -> Loaded {
    // Exclusions are read as those of records from the start: what was used of a budget before a window counts.
    let facts = Facts::default().with_records(Records::default());
    let mut loaded = Loaded { facts, findings: Vec::new() };
    let names = match folder.world.names() {
        Ok(names) => names,
        Err(error) => {
            loaded.findings.push(Diagnostic::unreadable(folder.name, &error));
            return loaded;
        }
    };
    let all = files(plan.model);
    loaded.findings.extend(strays(&all, &names, folder));
    let parts = Parts::of(&all, &names, folder);
    let tables: Vec<(&DataFile, &Table)> =
        all.iter().flat_map(|file| file.tables.iter().map(move |table| (file, table))).collect();
    loaded.findings.extend(all.iter().filter_map(|file| absent(file, &names, folder)));
    let outside = Outside::default();
    let sources = Sources { plan, folder, names: &names, parts: &parts, outside: &outside };
    for (file, table) in tables.iter().filter(|(_, table)| !matches!(table.holds, Holds::Signal(_))) {
        let source = sources.of(file, table);
        let found = match table.holds {
            Holds::Times => times(&source, &mut loaded.facts),
            _ => amounts(&source, &mut loaded.facts),
        };
        loaded.findings.extend(found);
    }
    let cuts = match plan.cuts(&loaded.facts) {
        Ok(cuts) => cuts,
        Err(TooFine { commitment, signal }) => {
            let name = &commitment.head.name;
            let message = format!("`{name}` reads `{signal}` in more than 50 million slices");
            let finding = Diagnostic::without_place(codes::TOO_MUCH_TO_MEASURE, folder.name, message);
            loaded.findings.push(
                finding.help("measure in longer slices, or evaluate a shorter period where there are several windows"),
            );
            return loaded;
        }
    };
    let signals: Vec<&(&DataFile, &Table)> =
        tables.iter().filter(|(_, table)| matches!(table.holds, Holds::Signal(_))).collect();
    let read: Vec<(Option<Recorded>, Option<i128>, Vec<Diagnostic>)> = signals
        .par_iter()
        .map(|(file, table)| {
            let source = sources.of(file, table);
            match cuts.get(&table.name).filter(|_| !source.files.is_empty()) {
                Some(cuts) => {
                    let (recorded, findings) = signal(&source, cuts);
                    (recorded, source.began.get(), findings)
                }
                None => (None, None, Vec::new()),
            }
        })
        .collect();
    let mut records = Records { until: plan.as_of.unwrap_or(plan.span.end), ..Records::default() };
    for ((_, table), (recorded, began, findings)) in signals.iter().zip(read) {
        records.began.extend(began.map(|began| (table.name.clone(), began)));
        if let (None, Some(Recorded::Cases(cases))) = (plan.as_of, &recorded) {
            // The final record counts: also what became of a case after the period.
            let last = cases.iter().filter_map(super::cases::last_instant).max();
            records.until = records.until.max(last.map_or(i128::MIN, |last| last + 1));
        }
        records.signals.extend(recorded.map(|recorded| (table.name.clone(), recorded)));
        loaded.findings.extend(findings);
    }
    loaded.facts = loaded.facts.with_records(records);
    loaded.findings.extend(outside.told(plan, folder));
    // What is wrong with a row is wrong for each variant that reads it.
    let mut told = BTreeSet::new();
    loaded.findings.retain(|one| told.insert((one.code.id, one.path.clone(), one.message.clone())));
    loaded
}

/// What all tables of a run have in common.
struct Sources<'s> {
    plan: &'s Plan<'s>,
    folder: Folder<'s>,
    names: &'s [String],
    parts: &'s Parts,
    outside: &'s Outside,
}

impl<'s> Sources<'s> {
    fn of(&self, file: &'s DataFile, table: &'s Table) -> Source<'s> {
        Source {
            model: self.plan.model,
            folder: self.folder,
            file,
            table,
            files: self.names.iter().filter(|name| table_of(name) == Some(&file.name)).cloned().collect(),
            parts: self.parts,
            outside: self.outside,
            span: self.plan.span,
            until: self.plan.as_of.unwrap_or(i128::MAX),
            began: Cell::new(None),
        }
    }
}

/// What is to be said where there is no file.
fn absent(file: &DataFile, names: &[String], folder: Folder<'_>) -> Option<Diagnostic> {
    let name = &file.name;
    if file.may_be_absent() || names.iter().any(|one| table_of(one) == Some(name)) {
        return None;
    }
    let by: Vec<String> = file.read_by().iter().map(|name| format!("`{name}`")).collect();
    let verb = if by.len() == 1 { "needs" } else { "need" };
    let message = format!("there is no file of `{name}`, which {} {verb}", by.join(", "));
    let help = format!("add `{name}.csv` with the columns `{}`, or `{name}.jsonl`", file.layout.header());
    Some(Diagnostic::without_place(codes::NO_MEASUREMENTS, path(folder, &format!("{name}.csv")), message).help(help))
}

fn signal(source: &Source<'_>, cuts: &Cuts) -> (Option<Recorded>, Vec<Diagnostic>) {
    let Some(signal) = source.model.signals.get(&source.table.name) else { return (None, Vec::new()) };
    match signal.kind {
        SignalKind::Events => events(source, signal, cuts),
        SignalKind::Samples | SignalKind::Scores => readings::each(source, signal, cuts),
        SignalKind::State => readings::states(source, signal),
        SignalKind::Cases => cases::cases(source, signal),
    }
}

impl Source<'_> {
    /// Whether a moment lies in what is evaluated.
    pub fn is_inside(&self, at: i128) -> bool {
        self.span.start <= at && at < self.span.end && at < self.until
    }

    fn path(&self, file: &str) -> String {
        path(self.folder, file)
    }

    /// Reads every file, and hands each row to `each` with the number of its file. A row for which that returns false lies
    /// outside what is evaluated.
    pub fn rows(&self, each: &mut dyn FnMut(usize, &Row<'_>, &mut Vec<Complaint>) -> bool) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            let mut complaints = Complaints::new(self.path(file));
            let (mut outside, mut first, mut wrong) = (0_u64, 0, Vec::new());
            let stream = match self.parts.open(file, self.table) {
                Some(part) => Ok(part),
                None => self.folder.world.open(Path::new(file)),
            };
            match stream {
                Ok(mut stream) => {
                    read(
                        file,
                        &mut *stream,
                        &self.file.layout,
                        &mut complaints,
                        &mut |bytes| (self.folder.on_bytes)(bytes),
                        &mut |row| {
                            let cells = match self.cells(&row) {
                                Ok(Some(cells)) => cells,
                                Ok(None) => return,
                                Err(message) => {
                                    wrong.push(Complaint { line: row.line, code: codes::WRONG_VALUE, message });
                                    return wrong.truncate(MOST_KEPT);
                                }
                            };
                            let row = Row { line: row.line, cells: &cells };
                            let moment = row.cells.iter().find_map(|cell| match cell {
                                CellOf::Instant(at) => Some(*at),
                                _ => None,
                            });
                            self.began.set(self.began.get().into_iter().chain(moment).min());
                            if !each(number, &row, &mut wrong) {
                                outside += 1;
                                first = if outside == 1 { row.line } else { first };
                            }
                            // Told later, since the table complains of its own rows: few are kept.
                            wrong.truncate(MOST_KEPT);
                        },
                    );
                }
                Err(error) => findings.push(Diagnostic::unreadable(self.path(file), &error)),
            }
            for Complaint { line, code, message } in wrong {
                complaints.error(line, code, message);
            }
            if outside > 0 {
                self.outside.note(file, self.table, (outside, first));
            }
            findings.extend(complaints.finish());
        }
        findings
    }

    /// The cells of a row in the order of the table's columns; nothing for a row of other options.
    fn cells<'r>(&self, row: &Row<'r>) -> Result<Option<Cow<'r, [CellOf<'r>]>>, String> {
        let column = |place: usize| self.file.layout.columns.get(place).map_or("", |column| column.name.as_str());
        for (place, choice) in self.table.options() {
            match row.cells.get(place) {
                Some(CellOf::Text(text)) if *text == choice.option => {}
                Some(CellOf::Text(_)) => return Ok(None),
                _ => return Err(format!("column `{}` is empty, so that the row is of no option", column(place))),
            }
        }
        if self.file.tables.len() == 1 {
            return Ok(Some(Cow::Borrowed(row.cells)));
        }
        let mut own = Vec::with_capacity(self.table.places.len());
        for (wanted, place) in self.table.layout.columns.iter().zip(&self.table.places) {
            let cell = row.cells.get(*place).copied().unwrap_or(CellOf::Empty);
            let is_whole = self.file.layout.columns.get(*place).is_some_and(|column| column.kind == wanted.kind);
            own.push(match cell {
                CellOf::Text(text) if !is_whole => read_cell(&wanted.kind, text.as_bytes())
                    .map_err(|wrong| format!("column `{}`: {}", wanted.name, wrong.message))?,
                cell => cell,
            });
        }
        // What another variant alone has is nothing that this one could count.
        let is_own = |place: &usize| self.table.places.contains(place);
        let stray = row.cells.iter().enumerate().find(|(place, cell)| !is_own(place) && **cell != CellOf::Empty);
        match stray {
            Some((place, _)) if !self.table.only.is_empty() => {
                Err(format!("column `{}` is not for {}", column(place), self.of_what()))
            }
            _ => Ok(Some(Cow::Owned(own))),
        }
    }

    /// What people call the options of the table.
    fn of_what(&self) -> String {
        self.table.only.iter().map(|(_, choice)| choice.title.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// What a finding calls a file.
    pub fn file(&self, number: usize) -> String {
        self.files.get(number).map_or_else(String::new, |file| self.path(file))
    }
}

/// So many complaints of one file are kept while it is read.
const MOST_KEPT: usize = 200;

/// What is wrong with a row that reads well by itself.
pub(super) struct Complaint {
    pub line: u64,
    pub code: &'static crate::diagnostics::Code,
    pub message: String,
}

fn path(folder: Folder<'_>, file: &str) -> String {
    Path::new(folder.name).join(file).display().to_string()
}

/// The table to which a file belongs, by its name up to the first point; nothing for one that is no table.
pub(super) fn table_of(file: &str) -> Option<&str> {
    is_table(file).then(|| file.split('.').next().unwrap_or(file))
}

/// Files that look like tables and belong to none.
fn strays(files: &[DataFile], names: &[String], folder: Folder<'_>) -> Vec<Diagnostic> {
    let known = || files.iter().map(|file| file.name.as_str());
    let stray = names.iter().filter_map(|file| Some((file, table_of(file)?)));
    let stray = stray.filter(|(_, stem)| !known().any(|name| name == *stem));
    let told = stray.map(|(file, stem)| {
        let message = format!("`{file}` is read by nothing: no commitment measures `{stem}`");
        let finding = Diagnostic::without_place(codes::NO_MEASUREMENTS, path(folder, file), message);
        match did_you_mean(stem, known()) {
            Some(name) => finding.help(format!("the name of the file is that of the signal: `{name}.csv`")),
            None if files.is_empty() => {
                finding.help("no commitment of the agreement reads a signal: nothing is measured")
            }
            None => finding.help(format!(
                "files are named after signals, maintenance, exclusions and fees: {}",
                known().map(|name| format!("`{name}.csv`")).collect::<Vec<_>>().join(", ")
            )),
        }
    });
    // What is named like a table and is none, such as one that is packed.
    let packed = names.iter().filter(|file| !is_table(file)).filter_map(|file| {
        let (stem, end) = file.split_once('.')?;
        let name = known().find(|name| *name == stem)?;
        let message = format!("`{file}` is not read: a table is CSV or JSON Lines, and this ends with `.{end}`");
        let finding = Diagnostic::without_place(codes::NO_MEASUREMENTS, path(folder, file), message);
        Some(finding.help(format!("unpack it, or write it as `{name}.csv`")))
    });
    told.chain(packed).collect()
}
