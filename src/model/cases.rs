//! By which milestone cases are read, and by what a desk is judged.

use super::{Commitment, Model, Support};
use crate::calculus::{CaseReading, Expr, ExprKind, Part, Reading};

impl Model {
    /// The milestones that an expression reads of cases, in the order in which it names them, also through metrics. The first of
    /// what a function is applied to decides to which window a case belongs; without any, a case belongs to that in which it is
    /// opened.
    #[must_use]
    pub fn milestones_read<'a>(&'a self, of: &'a Expr) -> Vec<(&'a str, CaseReading)> {
        self.readings(of).into_iter().filter_map(milestone).collect()
    }

    /// The commitments by which it is judged whether a desk keeps to its times for a milestone: those of the party that runs
    /// it, for its options, whose targets measure whether cases reach that milestone in time. Without any, each time is owed by
    /// itself; and so it is where only means of times are promised, which do not look at deadlines.
    #[must_use]
    pub fn judging<'a>(&'a self, support: &'a Support, name: &str) -> Vec<&'a Commitment> {
        let Some(cases) = &support.cases else { return Vec::new() };
        let by = support.between.by.clone().or_else(|| self.debtor(support.of.as_ref()));
        let by = by.map(|by| by.party);
        let is_for = |one: &Commitment| {
            let other = support.head.variant.iter();
            one.head
                .variant
                .iter()
                .all(|own| other.clone().all(|desk| desk.dimension != own.dimension || desk.option == own.option))
        };
        let reads = |measure: &Expr| {
            let of_cases = |reading: &&Reading| reading.signal == cases.value;
            let read = self.readings(measure).into_iter().filter(of_cases).filter_map(milestone);
            read.into_iter().any(|(read, asked)| read == name && asked == CaseReading::InTime)
        };
        let judges = |one: &&Commitment| {
            self.debtor(one.of.as_ref()).map(|debtor| debtor.party) == by
                && is_for(one)
                && one.targets.iter().any(|target| reads(&target.measure))
        };
        self.commitments.iter().filter(judges).collect()
    }

    /// What an expression reads of signals, in the order in which it names it, also through metrics.
    fn readings<'a>(&'a self, of: &'a Expr) -> Vec<&'a Reading> {
        let (mut seen, mut found) = (Vec::new(), Vec::new());
        self.read(of, &mut seen, &mut found);
        found
    }

    fn read<'a>(&'a self, of: &'a Expr, seen: &mut Vec<&'a str>, found: &mut Vec<&'a Reading>) {
        of.walk(&mut |part| match &part.kind {
            ExprKind::Reading(reading) => found.push(reading),
            ExprKind::Metric(name) if !seen.contains(&name.as_str()) => {
                seen.push(name);
                if let Some(metric) = self.metrics.get(name) {
                    self.read(&metric.value, seen, found);
                }
            }
            _ => {}
        });
    }
}

/// The milestone that a reading is of, and what it asks of it.
fn milestone(reading: &Reading) -> Option<(&str, CaseReading)> {
    match &reading.part {
        Part::Milestone { name, reading } => Some((name, *reading)),
        _ => None,
    }
}
