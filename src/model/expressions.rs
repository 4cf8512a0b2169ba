//! Every expression of an agreement, for what may stand in any of them.

use super::{Cap, Commitment, Condition, Credit, Model};
use crate::calculus::{Binary, Expr, ExprKind, Function, Part, Reading};
use crate::values::Exact;
use std::collections::BTreeSet;

impl Model {
    /// The expressions of all clauses, in the order of the parts of an agreement.
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = Vec::new();
        all.extend(caps(&self.agreement.caps));
        all.extend(self.agreement.skip.iter().map(|skip| &skip.bound.limit));
        all.extend(self.fees.iter().map(|fee| &fee.amount));
        all.extend(self.constants.iter().map(|constant| &constant.value));
        all.extend(self.services.iter().filter_map(|service| service.promised.as_ref()).map(|figure| &figure.bound));
        for metric in &self.metrics {
            all.push(&metric.value);
            all.extend(&metric.when_empty);
        }
        self.commitments.iter().for_each(|commitment| all.extend(commitment.expressions()));
        for support in &self.supports {
            all.extend(
                support.priorities.iter().filter_map(|priority| priority.when.as_ref().and_then(Condition::measured)),
            );
            all.extend(support.pauses.iter().filter_map(|pause| pause.when.as_ref()));
        }
        all.extend(self.escalations.iter().filter_map(|one| one.when.as_ref().and_then(Condition::measured)));
        all.extend(self.maintenances.iter().filter_map(|one| one.when.as_ref().and_then(Condition::measured)));
        all.extend(self.exclusions.iter().filter_map(|one| one.when.as_ref().and_then(Condition::measured)));
        all.extend(self.notices.iter().filter_map(|one| one.when.as_ref().and_then(Condition::measured)));
        for example in &self.examples {
            all.extend(example.given.iter().map(|given| &given.value));
            all.extend(example.expect.iter().map(|expected| &expected.value));
        }
        all
    }

    /// Visits an expression with the metrics that it names, each of them once.
    pub fn through<'a>(&'a self, expr: &'a Expr, visit: &mut impl FnMut(&'a Expr)) {
        let (mut seen, mut open) = (BTreeSet::new(), vec![expr]);
        while let Some(expr) = open.pop() {
            expr.walk(&mut |part| {
                if let ExprKind::Metric(name) = &part.kind
                    && seen.insert(name.as_str())
                {
                    open.extend(self.metrics.get(name).map(|metric| &metric.value));
                }
                visit(part);
            });
        }
    }

    /// Whether an expression is made of the counts of one signal in such a way that no value of it is below zero, and it is
    /// zero where all of them are.
    #[must_use]
    pub fn is_count_of(&self, signal: &str, expr: &Expr) -> bool {
        let (mut open, mut seen) = (vec![expr], BTreeSet::new());
        while let Some(expr) = open.pop() {
            match &expr.kind {
                ExprKind::Reading(Reading { signal: read, part: Part::Count(_), .. }) if read == signal => {}
                ExprKind::Metric(name) => {
                    let Some(metric) = self.metrics.get(name) else { return false };
                    open.extend(seen.insert(name).then_some(&metric.value));
                }
                ExprKind::Binary { op: Binary::Add, left, right } => open.extend([left.as_ref(), right]),
                ExprKind::Binary { op: Binary::Multiply, left, right } => match (factor(left), factor(right)) {
                    (true, _) => open.push(right),
                    (_, true) => open.push(left),
                    _ => return false,
                },
                ExprKind::Binary { op: Binary::Divide, left, right } if factor(right) => open.push(left),
                ExprKind::Apply {
                    function: Function::Sum | Function::Mean | Function::Min | Function::Max,
                    arguments,
                    over: None,
                    ..
                } => {
                    open.extend(arguments);
                }
                _ => return false,
            }
        }
        true
    }
}

/// Whether an expression is a number that is written there, and not below zero.
fn factor(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Literal(value) if value.exact().is_some_and(|exact| *exact >= Exact::zero()))
}

impl Commitment {
    /// Its expressions, in the order of its statements.
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = Vec::new();
        for target in &self.targets {
            all.extend([&target.measure, &target.bound]);
        }
        all.extend(self.applies_when.as_ref().and_then(Condition::measured));
        all.extend(self.warn.iter().map(|warn| &warn.limit));
        match &self.credit {
            Some(Credit::Table(table)) => {
                all.extend(&table.using);
                for row in &table.rows {
                    all.extend(row.bounds.iter().map(|bound| &bound.limit));
                    all.push(&row.gives);
                }
            }
            Some(Credit::Formula { amount, .. }) => all.push(amount),
            None => {}
        }
        all.extend(self.times.iter().flat_map(|factor| [&factor.by, &factor.when]));
        all.extend(caps(&self.caps));
        all.extend(self.skip.iter().map(|skip| &skip.bound.limit));
        all.extend(self.terminate.iter().filter_map(|right| right.when.as_ref().and_then(Condition::measured)));
        all
    }
}

fn caps(caps: &[Cap]) -> impl Iterator<Item = &Expr> {
    caps.iter().map(|cap| &cap.amount)
}

impl Condition {
    /// What is measured; nothing of a condition that people judge.
    pub fn measured(&self) -> Option<&Expr> {
        match self {
            Self::Measured(expr) => Some(expr),
            Self::Judged(_) => None,
        }
    }
}
