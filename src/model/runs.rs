//! The uninterrupted stretches that a commitment is about.

use std::collections::BTreeSet;

use super::{Commitment, Model};
use crate::calculus::{Expr, ExprKind, Type};
use crate::values::Window;

impl Model {
    /// The runs each of which gives a credit of its own: those that every target of a commitment over a rolling window
    /// looks at. Nothing for any other commitment, and where the targets look at several definitions of runs.
    pub fn paid_run<'a>(&'a self, commitment: &'a Commitment) -> Option<&'a Expr> {
        if !matches!(commitment.targets.first()?.window, Window::Rolling(_)) {
            return None;
        }
        let runs: Vec<Vec<&Expr>> = commitment.targets.iter().map(|target| self.runs(&target.measure)).collect();
        let first = *runs.first()?.first()?;
        let written = first.to_string();
        let same = |one: &Vec<&Expr>| !one.is_empty() && one.iter().all(|run| run.to_string() == written);
        runs.iter().all(same).then_some(first)
    }

    /// The sets of runs in an expression and in the metrics that it names, each as a whole.
    fn runs<'a>(&'a self, measure: &'a Expr) -> Vec<&'a Expr> {
        let (mut runs, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![measure]);
        while let Some(expr) = open.pop() {
            match &expr.kind {
                _ if expr.ty == Type::Runs => runs.push(expr),
                ExprKind::Metric(name) if seen.insert(name.as_str()) => {
                    open.extend(self.metrics.get(name).map(|metric| &metric.value));
                }
                _ => open.extend(expr.parts()),
            }
        }
        runs
    }
}
