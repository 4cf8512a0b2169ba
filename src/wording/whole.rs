//! What can be no more than the whole of something: of that, “at least 100%” is said as “100%”.

use crate::calculus::{Binary, Expr, ExprKind, Function, Part, Type, Value};
use crate::model::Model;
use crate::values::Exact;
use std::cell::Cell;

/// How many expressions are looked at, in all the definitions that one leads to.
const STEPS: usize = 256;

/// Whether a value is known never to be more than 100%.
pub(super) fn is_part(model: &Model, expr: &Expr) -> bool {
    expr.ty == Type::Ratio && at_most_one(model, expr, &Cell::new(STEPS))
}

/// Whether a value is exactly 100%.
pub(super) fn is_all(value: &Value) -> bool {
    matches!(value, Value::Ratio(_)) && value.exact().is_some_and(|exact| *exact == Exact::one())
}

fn spend(steps: &Cell<usize>) -> bool {
    let left = steps.get();
    steps.set(left.saturating_sub(1));
    left > 0
}

fn at_most_one(model: &Model, expr: &Expr, steps: &Cell<usize>) -> bool {
    if !spend(steps) {
        return false;
    }
    match &expr.kind {
        ExprKind::Literal(literal) => literal.exact().is_some_and(|exact| *exact <= Exact::one()),
        ExprKind::Metric(name) => model.metrics.get(name).is_some_and(|metric| {
            let empty = metric.when_empty.as_ref().is_none_or(|empty| at_most_one(model, empty, steps));
            metric.round.is_none() && empty && at_most_one(model, &metric.value, steps)
        }),
        ExprKind::Binary { op: Binary::Subtract, left, right } => {
            at_most_one(model, left, steps) && at_least_zero(model, right, steps)
        }
        ExprKind::Apply { function: Function::Share, .. } => true,
        ExprKind::Apply { function: Function::Mean, arguments, .. } => {
            arguments.iter().all(|argument| at_most_one(model, argument, steps))
        }
        _ => false,
    }
}

fn at_least_zero(model: &Model, expr: &Expr, steps: &Cell<usize>) -> bool {
    if !spend(steps) {
        return false;
    }
    match &expr.kind {
        ExprKind::Literal(literal) => literal.exact().is_some_and(|exact| exact.signum() >= 0),
        ExprKind::Metric(name) => model.metrics.get(name).is_some_and(|metric| {
            let empty = metric.when_empty.as_ref().is_none_or(|empty| at_least_zero(model, empty, steps));
            empty && at_least_zero(model, &metric.value, steps)
        }),
        // No count, no time and no share that is measured is negative.
        ExprKind::Reading(reading) => match reading.part {
            Part::Count(_) => true,
            Part::Value(_) | Part::Sample => matches!(expr.ty, Type::Duration | Type::Ratio),
            _ => false,
        },
        ExprKind::WindowLength | ExprKind::WholeWindow | ExprKind::RunLength => true,
        ExprKind::Binary { op: Binary::Add | Binary::Multiply | Binary::Divide | Binary::Of, left, right } => {
            at_least_zero(model, left, steps) && at_least_zero(model, right, steps)
        }
        ExprKind::Apply { function: Function::Share | Function::Count | Function::Total, .. } => true,
        ExprKind::Apply {
            function: Function::Mean | Function::Sum | Function::Max | Function::Min, arguments, ..
        } => arguments.iter().all(|argument| at_least_zero(model, argument, steps)),
        _ => false,
    }
}
