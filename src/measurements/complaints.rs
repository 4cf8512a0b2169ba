use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::values::Exact;

/// How many findings of one severity are kept in full for a file.
pub(super) const KEPT: usize = 20;

/// What is wrong with one file: the first findings in full, and the number of the rows that follow.
///
/// So a file with millions of wrong rows takes no more memory than one with a few. Each severity is counted by itself,
/// so that notes never crowd out an error.
#[derive(Debug, Clone)]
pub struct Complaints {
    file: String,
    groups: BTreeMap<Severity, Group>,
}

/// The findings of one severity.
#[derive(Debug, Clone, Default)]
struct Group {
    kept: Vec<Diagnostic>,
    /// The line of the last finding, so that a row with several is counted once.
    last: u64,
    /// How many rows beyond those that are kept have a finding.
    more: u64,
    /// The code of the first of them.
    code: Option<&'static Code>,
}

impl Complaints {
    /// No complaints yet of the file of this name.
    #[must_use]
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), groups: BTreeMap::new() }
    }

    /// Complains of a line, counted from 1, or of the whole file if it is 0. The severity is that of the code.
    pub fn error(&mut self, line: u64, code: &'static Code, message: impl Into<String>) {
        self.add(line, code, message.into(), None);
    }

    /// The same with a way to mend it.
    pub fn error_with_help(
        &mut self,
        line: u64,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(line, code, message.into(), Some(help.into()));
    }

    pub(super) fn add(&mut self, line: u64, code: &'static Code, message: String, help: Option<String>) {
        let group = self.groups.entry(code.severity).or_default();
        if group.kept.len() < KEPT {
            let path = if line == 0 { self.file.clone() } else { format!("{}:{line}", self.file) };
            group.kept.push(Diagnostic { help, ..Diagnostic::without_place(code, path, message) });
        } else if line != group.last {
            group.more = group.more.saturating_add(1);
            group.code.get_or_insert(code);
        }
        group.last = line;
    }

    /// Whether anything of the file is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.groups.contains_key(&Severity::Error)
    }

    /// The findings in the order in which they were made, the heaviest first, and how many rows are not shown.
    #[must_use]
    pub fn finish(self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (severity, group) in self.groups {
            found.extend(group.kept);
            if let Some(code) = group.code {
                found.push(Diagnostic::without_place(code, self.file.clone(), rest(severity, group.more)));
            }
        }
        found
    }
}

/// The words for the rows that are not shown.
fn rest(severity: Severity, rows: u64) -> String {
    let number = Exact::from_int(i64::try_from(rows).unwrap_or(i64::MAX)).group_thousands(0);
    match (severity, rows) {
        (Severity::Error, 1) => "1 more row of this file is wrong".to_owned(),
        (Severity::Error, _) => format!("{number} more rows of this file are wrong"),
        (_, 1) => "the like is true of 1 more row of this file".to_owned(),
        _ => format!("the like is true of {number} more rows of this file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes;

    #[test]
    fn the_first_are_kept_and_the_rest_is_counted() {
        let mut complaints = Complaints::new("checks.csv");
        for line in 2..1_256 {
            complaints.error(line, codes::WRONG_VALUE, format!("first of line {line}"));
            complaints.error(line, codes::WRONG_VALUE, "second");
        }
        complaints.error_with_help(3, codes::ROW_OUTSIDE, "a note", "some help");
        let found = complaints.finish();
        assert_eq!(found.len(), 22);
        assert_eq!(found[0].path.as_deref(), Some("checks.csv:2"));
        assert_eq!(found[18].message, "first of line 11");
        assert_eq!(found[20].message, "1,244 more rows of this file are wrong");
        assert_eq!(found[20].path.as_deref(), Some("checks.csv"));
        assert_eq!((found[21].severity, found[21].help.as_deref()), (Severity::Note, Some("some help")));
    }

    #[test]
    fn a_file_with_few_findings_has_just_these() {
        let mut complaints = Complaints::new("a.csv");
        assert!(!complaints.has_errors());
        complaints.error(0, codes::NO_MEASUREMENTS, "not there");
        assert!(!complaints.has_errors(), "a warning is no error");
        complaints.error(1, codes::MISSING_COLUMN, "one");
        assert!(complaints.has_errors());
        let found = complaints.finish();
        assert_eq!(found.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(), ["one", "not there"]);
        assert_eq!(found[1].path.as_deref(), Some("a.csv"));
    }

    #[test]
    fn one_more_row_is_one() {
        assert_eq!(rest(Severity::Error, 1), "1 more row of this file is wrong");
        assert_eq!(rest(Severity::Note, 4096), "the like is true of 4,096 more rows of this file");
    }
}
