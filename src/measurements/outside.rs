//! Rows that lie outside what is evaluated, counted for a file as a whole.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::complaints::Complaints;
use super::load::Folder;
use super::needs::Table;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::Plan;
use crate::values::Timestamp;

/// How many rows, and the line of the first.
type Rows = (u64, u64);

/// The rows of each file that lie outside, by the columns that tell its tables from each other: several tables may read one
/// row.
#[derive(Default)]
pub(super) struct Outside(Mutex<BTreeMap<(String, Vec<usize>), Rows>>);

impl Outside {
    /// Notes rows that a table has in a file.
    pub fn note(&self, file: &str, table: &Table, (rows, first): Rows) {
        let key = (file.to_owned(), table.options().map(|(place, _)| place).collect());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(key).or_insert((0, u64::MAX));
        *known = (known.0 + rows, known.1.min(first));
    }

    /// What is to be said of them.
    pub fn told(self, plan: &Plan<'_>, folder: Folder<'_>) -> Vec<Diagnostic> {
        let mut files: BTreeMap<String, Rows> = BTreeMap::new();
        for ((file, _), rows) in self.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let most = files.entry(file).or_insert(rows);
            *most = (*most).max(rows);
        }
        let zone = plan.model.agreement.clock();
        let date = |at: i128| Timestamp::from_nanosecond(at).map(|at| zone.local(at).to_string().replace('T', " "));
        let (from, to) = (date(plan.span.start).unwrap_or_default(), date(plan.span.end).unwrap_or_default());
        let told = files.into_iter().flat_map(|(file, (rows, first))| {
            let verb = if rows == 1 { "row lies" } else { "rows lie" };
            let message =
                format!("{rows} {verb} outside {from} to {to}, which is evaluated; the first is line {first}");
            let mut complaints = Complaints::new(Path::new(folder.name).join(file).display().to_string());
            complaints.error(0, codes::ROW_OUTSIDE, message);
            complaints.finish()
        });
        told.collect()
    }
}
