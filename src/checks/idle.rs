//! Slices in which there may be nothing to count, where `when empty` says only what the whole is worth.

use crate::calculus::{Binary, Expr, ExprKind, Part};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Metric, Model};
use crate::source::Span;
use std::collections::BTreeSet;

/// A metric with a `when empty` reads quotients in slices that have none.
pub(super) fn slices(model: &Model) -> Vec<Diagnostic> {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    let mut found = Vec::new();
    for metric in model.metrics.iter().filter(|metric| metric.when_empty.is_some()) {
        metric.value.walk(&mut |part| {
            if let ExprKind::Apply { arguments, slice: Some(_), .. } = &part.kind
                && let Some(span) = arguments.iter().find_map(|of| without_value(model, of))
                && told.insert(span)
            {
                found.push(tell(metric, span));
            }
        });
    }
    found
}

/// Where an expression divides by a count, and nothing says what it is where that is zero.
fn without_value(model: &Model, of: &Expr) -> Option<Span> {
    let is_count =
        |expr: &Expr| matches!(&expr.kind, ExprKind::Reading(reading) if matches!(reading.part, Part::Count(_)));
    let divides = |expr: &Expr| {
        let mut found = None;
        expr.walk(&mut |part| {
            if let ExprKind::Binary { op: Binary::Divide, right, .. } = &part.kind
                && is_count(right)
            {
                found.get_or_insert(part.span);
            }
        });
        found
    };
    let mut found = divides(of);
    of.walk(&mut |part| {
        if let ExprKind::Metric(name) = &part.kind
            && let Some(metric) = model.metrics.get(name).filter(|metric| metric.when_empty.is_none())
            && divides(&metric.value).is_some()
        {
            found.get_or_insert(part.span);
        }
    });
    found
}

fn tell(metric: &Metric, span: Span) -> Diagnostic {
    let message = format!(
        "`when empty` of `{}` does not say what a slice is worth in which there is nothing to count",
        metric.head.name
    );
    Diagnostic::new(codes::IDLE_SLICES, span, message)
        .primary("is not known in such a slice")
        .witness("a single slice without anything leaves the whole window undecided")
        .help("give the quotient a name and a value of its own, such as `metric error_rate \"Error rate\" = requests.failed / requests.total when empty 0%`, and read that in each slice")
}
