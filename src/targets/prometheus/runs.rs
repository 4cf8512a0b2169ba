//! Runs, of which the time that they take is watched as a share of the window.

use super::measure::{Core, Linear, MAX_DEPTH, Quotient, Reduced, applied, constant};
use super::reason::Reason;
use crate::calculus::{Binary, Expr, ExprKind, Function, Slice};
use crate::model::{MissingPolicy, Model};
use crate::values::Exact;

/// The part of the window that `total(runs(…))` takes: where each slice or each moment for which the condition holds belongs
/// to a run that is long enough, that is the share of these. Nothing for any other expression.
pub(super) fn part_of_window(model: &Model, total: &Expr, depth: usize) -> Option<Result<Reduced, Reason>> {
    let (condition, slice, least) = runs(model, total, depth)?;
    let of = |filter| match slice {
        Some(Slice::Elapsed(each)) => reaches(model, filter, each.seconds()),
        _ => false,
    };
    if !least.is_none_or(of) {
        return Some(Err("how long a run lasts is not looked at".into()));
    }
    let share = applied(model, Function::Share, condition, slice, depth);
    Some(share.and_then(|share| match &share.core {
        Core::Mean { quotient: Quotient { denominator: Linear { signal, .. }, .. }, .. } | Core::Down(signal, _)
            if shortens(model, signal) =>
        {
            Err("what is missing shortens a share, and not the window".into())
        }
        _ => Ok(share),
    }))
}

/// The condition of runs of which a total is taken, their slices, and what their length has to be.
fn runs<'a>(model: &'a Model, expr: &'a Expr, depth: usize) -> Option<(&'a Expr, Option<&'a Slice>, Option<&'a Expr>)> {
    match &expr.kind {
        ExprKind::Metric(name) if depth < MAX_DEPTH => {
            let metric = model.metrics.get(name).filter(|metric| metric.round.is_none())?;
            runs(model, &metric.value, depth + 1)
        }
        ExprKind::Apply { function: Function::Total, arguments, over: None, filter: None, .. } => {
            let [Expr { kind: ExprKind::Apply { function: Function::Runs, arguments, slice, filter, .. }, .. }] =
                arguments.as_slice()
            else {
                return None;
            };
            let [condition] = arguments.as_slice() else { return None };
            Some((condition, slice.as_ref(), filter.as_deref()))
        }
        _ => None,
    }
}

/// Whether a single slice is as long as a run has to be.
fn reaches(model: &Model, filter: &Expr, slice: &Exact) -> bool {
    let ExprKind::Binary { op, left, right } = &filter.kind else { return false };
    let Some(least) = constant(model, right).filter(|_| matches!(left.kind, ExprKind::RunLength)) else { return false };
    match op {
        Binary::AtLeast => *slice >= least,
        Binary::Greater => *slice > least,
        _ => false,
    }
}

/// Whether missing data of a signal may be left out, and does not count as good or bad.
fn shortens(model: &Model, signal: &str) -> bool {
    let missing = model.signals.get(signal).and_then(|signal| signal.missing.as_ref());
    missing.is_none_or(|missing| missing.policy == MissingPolicy::Excluded || missing.after.is_some())
}
