//! By which milestone cases are read.

use super::Model;
use crate::calculus::{CaseReading, Expr, ExprKind, Part, Reading};

impl Model {
    /// The milestones that an expression reads of cases, in the order in which it names them, also through metrics. The first of
    /// what a function is applied to decides to which window a case belongs; without any, a case belongs to that in which it is
    /// opened.
    #[must_use]
    pub fn milestones_read<'a>(&'a self, of: &'a Expr) -> Vec<(&'a str, CaseReading)> {
        let (mut seen, mut found) = (Vec::new(), Vec::new());
        self.read_milestones(of, &mut seen, &mut found);
        found
    }

    fn read_milestones<'a>(&'a self, of: &'a Expr, seen: &mut Vec<&'a str>, found: &mut Vec<(&'a str, CaseReading)>) {
        of.walk(&mut |part| match &part.kind {
            ExprKind::Reading(Reading { part: Part::Milestone { name, reading }, .. }) => found.push((name, *reading)),
            ExprKind::Metric(name) if !seen.contains(&name.as_str()) => {
                seen.push(name);
                if let Some(metric) = self.metrics.get(name) {
                    self.read_milestones(&metric.value, seen, found);
                }
            }
            _ => {}
        });
    }
}
