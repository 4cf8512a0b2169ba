//! Which values are good: what is not given in an example is present and good.

use crate::calculus::{Binary, Expr, ExprKind, Function, fold};
use crate::model::{Commitment, Condition, Credit, CreditTable, Model};
use crate::values::Exact;
use std::collections::BTreeMap;

/// How many metrics of one expression are looked at.
const MOST_METRICS: usize = 1_000;

/// Which values of an expression serve the promise that it is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wish {
    /// High ones; of a condition, that it holds.
    High,
    /// Low ones; of a condition, that it does not hold.
    Low,
    /// Neither: nothing may be assumed.
    None,
}

impl Wish {
    /// What is wished of a measure that a target compares with its bound.
    pub fn of_target(comparison: Binary) -> Wish {
        match comparison {
            Binary::AtLeast | Binary::Greater => Wish::High,
            Binary::AtMost | Binary::Less => Wish::Low,
            _ => Wish::None,
        }
    }

    /// What is wished of something that turns it round.
    pub fn turned(self) -> Wish {
        match self {
            Wish::High => Wish::Low,
            Wish::Low => Wish::High,
            Wish::None => Wish::None,
        }
    }

    /// What is wished of the operands of an operator.
    pub fn of_operands(self, op: Binary) -> (Wish, Wish) {
        match op {
            Binary::And | Binary::Or | Binary::Add | Binary::Multiply | Binary::Of => (self, self),
            Binary::Subtract | Binary::Divide | Binary::Greater | Binary::AtLeast => (self, self.turned()),
            Binary::Less | Binary::AtMost => (self.turned(), self),
            Binary::Equal | Binary::NotEqual | Binary::In => (Wish::None, Wish::None),
        }
    }

    /// What is wished of the condition of a choice: that the better branch is taken, where the branches are constants.
    pub fn of_condition(self, then: &Expr, otherwise: &Expr) -> Wish {
        match (ends(then), ends(otherwise)) {
            (Some((least, _)), Some((_, most))) if least >= most => self,
            (Some((_, most)), Some((least, _))) if most <= least => self.turned(),
            _ => Wish::None,
        }
    }

    /// What is wished of the arguments of a function.
    pub fn of_argument(self, function: Function, index: usize) -> Wish {
        match (function, index) {
            (Function::Started | Function::Completed, 1) | (Function::None, 0) => self.turned(),
            (Function::Joined | Function::Previous, 1) => Wish::None,
            _ => self,
        }
    }

    /// What is wished of each metric of a commitment: what serves its targets, and what makes its credit small.
    pub fn in_commitment<'a>(model: &'a Model, commitment: &'a Commitment) -> BTreeMap<&'a str, Wish> {
        let mut found = BTreeMap::new();
        for target in &commitment.targets {
            Wish::of_target(target.comparison).of_metrics(model, &target.measure, &mut found);
        }
        match &commitment.credit {
            Some(Credit::Formula { amount, .. }) => Wish::Low.of_metrics(model, amount, &mut found),
            Some(Credit::Table(table)) => {
                if let Some(using) = &table.using {
                    Wish::of_rows(table).of_metrics(model, using, &mut found);
                }
            }
            None => {}
        }
        // No right is to arise, and no credit to be multiplied.
        let rights = commitment.terminate.iter().filter_map(|right| match &right.when {
            Some(Condition::Measured(when)) => Some(when),
            _ => None,
        });
        for when in commitment.times.iter().map(|factor| &factor.when).chain(rights) {
            Wish::Low.of_metrics(model, when, &mut found);
        }
        found
    }

    /// What is wished of what the rows of a table look at: that none of them applies.
    pub fn of_rows(table: &CreditTable) -> Wish {
        match table.rows.iter().find_map(|row| row.bounds.first()) {
            Some(bound) if bound.side.is_upper() => Wish::High,
            Some(_) => Wish::Low,
            None => Wish::None,
        }
    }

    /// What is wished of each metric that an expression reads, by name, where that is wished of the expression. A metric
    /// that is read several times goes by the first.
    pub fn of_metrics<'a>(self, model: &'a Model, expr: &'a Expr, found: &mut BTreeMap<&'a str, Wish>) {
        match &expr.kind {
            ExprKind::Metric(name) => {
                let new = found.len() < MOST_METRICS && !found.contains_key(name.as_str());
                let Some(metric) = model.metrics.get(name).filter(|_| new) else { return };
                found.insert(name, self);
                self.of_metrics(model, &metric.value, found);
            }
            ExprKind::Unary { operand, .. } => self.turned().of_metrics(model, operand, found),
            ExprKind::Binary { op, left, right } => {
                let (of_left, of_right) = self.of_operands(*op);
                of_left.of_metrics(model, left, found);
                of_right.of_metrics(model, right, found);
            }
            ExprKind::If { condition, then, otherwise } => {
                self.of_condition(then, otherwise).of_metrics(model, condition, found);
                self.of_metrics(model, then, found);
                self.of_metrics(model, otherwise, found);
            }
            ExprKind::Apply { function, arguments, .. } => {
                for (index, argument) in arguments.iter().enumerate() {
                    self.of_argument(*function, index).of_metrics(model, argument, found);
                }
            }
            _ => {}
        }
    }
}

/// The least and the greatest value of an expression whose branches are constants.
fn ends(expr: &Expr) -> Option<(Exact, Exact)> {
    match &expr.kind {
        ExprKind::If { then, otherwise, .. } => {
            let (one, other) = (ends(then)?, ends(otherwise)?);
            Some((one.0.min(other.0), one.1.max(other.1)))
        }
        _ => {
            let value = fold(expr, &|_| None)?.exact()?.clone();
            Some((value.clone(), value))
        }
    }
}
