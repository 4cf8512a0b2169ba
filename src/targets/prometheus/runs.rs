//! Runs of slices, of which the time that they take is watched as a share of the window.

use super::measure::{MAX_DEPTH, constant};
use crate::calculus::{Binary, Expr, ExprKind, Function, Slice};
use crate::model::{MissingPolicy, Model};

/// The condition and the slices of `total(runs(…))`, where each slice for which the condition holds belongs to a run that is
/// long enough: the part of the window that they take is the share of these slices.
pub(super) fn every_run<'a>(model: &'a Model, expr: &'a Expr, depth: usize) -> Option<(&'a Expr, &'a Slice)> {
    let (function, arguments) = match &expr.kind {
        ExprKind::Metric(name) if depth < MAX_DEPTH => {
            let metric = model.metrics.get(name).filter(|metric| metric.round.is_none())?;
            return every_run(model, &metric.value, depth + 1);
        }
        ExprKind::Apply { function, arguments, over: None, filter: None, .. } => (*function, arguments.as_slice()),
        _ => return None,
    };
    let (Function::Total, [runs]) = (function, arguments) else { return None };
    let ExprKind::Apply { function: Function::Runs, arguments, slice: Some(slice), filter, .. } = &runs.kind else {
        return None;
    };
    let Slice::Elapsed(each) = slice else { return None };
    let long_enough = match filter.as_ref().map(|filter| &filter.kind) {
        None => true,
        Some(ExprKind::Binary { op, left, right }) if matches!(left.kind, ExprKind::RunLength) => {
            let least = constant(model, right)?;
            matches!(op, Binary::AtLeast) && *each.seconds() >= least
                || matches!(op, Binary::Greater) && *each.seconds() > least
        }
        Some(_) => false,
    };
    let [condition] = arguments.as_slice() else { return None };
    long_enough.then_some((condition, slice))
}

/// Whether missing data of a signal may be left out, and does not count as good or bad.
pub(super) fn shortens(model: &Model, signal: &str) -> bool {
    let missing = model.signals.get(signal).and_then(|signal| signal.missing.as_ref());
    missing.is_none_or(|missing| missing.policy == MissingPolicy::Excluded || missing.after.is_some())
}
