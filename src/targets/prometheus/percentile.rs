//! Percentiles, which are watched as the share of the values within their bound.

use super::measure::{Core, MAX_DEPTH, Measure, Quotient, Sum, inexpressible};
use super::readings;
use super::reason::Reason;
use crate::calculus::{Binary, Expr, ExprKind, Function};
use crate::model::Model;
use crate::values::Exact;

/// A promise on a percentile by nearest rank, which is at most a bound exactly where so large a share of the values is:
/// the share of what is bad, its budget, and a name for the share. Nothing for any other expression.
pub(super) fn percentile(
    model: &Model,
    expr: &Expr,
    comparison: Binary,
    bound: &Exact,
) -> Option<Result<(Measure, Exact, String), Reason>> {
    let (function, value) = percentile_of(model, expr, 0)?;
    let rank = function.percentile().map(i64::from)?;
    if comparison != Binary::AtMost {
        return Some(Err("a percentile is read from a bucket, so only a target with `<=` is exact".into()));
    }
    let within = readings::within(model, value, &[(comparison, bound.clone())]);
    Some(within.and_then(|reduced| {
        let Core::Quotient(Quotient { numerator, denominator, .. }) = reduced.core else {
            return Err(inexpressible(function, value));
        };
        let bad = denominator.less(&numerator)?;
        let name = format!("{}_le_{bound}", function.as_str());
        let sum = Sum::Pooled { bad, weight: denominator, occurrence: Some(Exact::one()) };
        let measure = Measure { sum, best: Some(Exact::one()), worst: Some(Exact::one()), is_ratio: true, empty: None };
        let budget = Exact::ratio(100 - rank, 100).ok_or("its rank is not a percentage")?;
        Ok((measure, budget, name))
    }))
}

fn percentile_of<'a>(model: &'a Model, expr: &'a Expr, depth: usize) -> Option<(Function, &'a Expr)> {
    use Function::{P50, P90, P95, P99};
    match &expr.kind {
        ExprKind::Metric(name) if depth < MAX_DEPTH => {
            let metric = model.metrics.get(name)?;
            let plain = metric.round.is_none() && metric.window_of.is_none();
            percentile_of(model, &metric.value, depth + 1).filter(|_| plain)
        }
        ExprKind::Apply { function, arguments, slice: None, filter: None, over: None }
            if matches!(function, P50 | P90 | P95 | P99) =>
        {
            Some((*function, arguments.first()?))
        }
        _ => None,
    }
}
