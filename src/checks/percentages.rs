//! Percentages within their range.

use super::amounts::shown;
use super::interval::Cut;
use super::possible;
use super::tiers::gives;
use crate::calculus::{Binary, Expr, ExprKind, Type, Value};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Commitment, Credit, CreditRow, Model, Target};
use crate::source::Span;
use crate::values::Exact;

/// Metrics that name each other are followed so deep.
const DEEPEST: usize = 4;

/// Where a percentage stands, and what that makes of one outside 0% to 100%.
struct Place<'a> {
    value: &'a Value,
    span: Span,
    what: &'static str,
    severity: Severity,
}

/// Percentages below 0%, and those above 100% where a whole is the most.
pub(super) fn out_of_range(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in &model.commitments {
        let places = places(model, commitment);
        found.extend(places.iter().filter_map(finding));
        found.extend(above_fee(model, commitment));
    }
    for metric in &model.metrics {
        let empty = metric.when_empty.as_ref().and_then(|empty| Some((literal(empty)?, empty.span)));
        let place = empty.map(|(value, span)| Place {
            value,
            span,
            what: "the value for an empty window",
            severity: Severity::Error,
        });
        found.extend(place.iter().filter_map(finding));
    }
    found
}

fn places<'a>(model: &'a Model, commitment: &'a Commitment) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    let mut severity = Severity::Error;
    for target in &commitment.targets {
        severity = if at_most_one(model, &target.measure) { Severity::Error } else { Severity::Warning };
        if let Some(value) = &target.value {
            places.push(Place { value, span: target.bound.span, what: "the target", severity });
        }
    }
    if let Some((bound, value)) = commitment.warn.as_ref().and_then(|bound| Some((bound, bound.value.as_ref()?))) {
        places.push(Place { value, span: bound.limit.span, what: "the warning", severity });
    }
    if let Some(Credit::Table(table)) = &commitment.credit {
        for row in &table.rows {
            let bounds = row.bounds.iter().filter(|bound| !matches!(bound.limit.kind, ExprKind::Target));
            for (bound, value) in bounds.filter_map(|bound| Some((bound, bound.value.as_ref()?))) {
                places.push(Place { value, span: bound.limit.span, what: "the bound of a row", severity });
            }
            if let Some(value) = &row.whole {
                places.push(Place { value, span: row.gives.span, what: "the credit", severity: Severity::Warning });
            }
        }
    }
    places
}

fn finding(place: &Place<'_>) -> Option<Diagnostic> {
    let negative = place.value.exact()?.signum() < 0;
    let whole = matches!(place.value, Value::Ratio(ratio) if ratio.0 > Exact::one());
    let value = shown(place.value);
    let (message, severity) = match (place.what, place.value) {
        (what @ "the credit", _) if negative => (format!("{what} is negative: {value}"), Severity::Error),
        (what @ "the credit", Value::Ratio(_)) if whole => {
            (format!("{what} is more than the whole fee: {value}"), place.severity)
        }
        (what, Value::Ratio(_)) if negative || whole => {
            (format!("{what} is {value}, outside 0% to 100%"), place.severity)
        }
        _ => return None,
    };
    let primary = if negative { "less than nothing" } else { "more than the whole" };
    let help = match (negative, place.what) {
        (true, _) => "write it without the minus sign",
        (_, "the credit") => "write 100% or less, or choose a larger base if more is meant",
        _ => "write a percentage from 0% to 100%, such as 99.95%",
    };
    Some(Diagnostic::new(codes::OUT_OF_RANGE, place.span, message).severity(severity).primary(primary).help(help))
}

/// Shares that are multiplied by a hundred though they are compared with a percentage.
pub(super) fn hundredfold(model: &Model) -> Vec<Diagnostic> {
    let targets = model.commitments.iter().flat_map(|commitment| &commitment.targets);
    targets.filter_map(|target| stretched(model, target)).collect()
}

fn stretched(model: &Model, target: &Target) -> Option<Diagnostic> {
    let Value::Ratio(bound) = target.value.as_ref()? else { return None };
    let hundred = Exact::from_int(100);
    let values = possible::attained(model, target);
    let beyond = matches!(&values.to, Cut::At(high, _) if *high >= hundred)
        || matches!(&values.from, Cut::At(low, _) if *low <= -&hundred);
    if !beyond || bound.0 > Exact::one() {
        return None;
    }
    let factor = multiplied(model, &target.measure, &hundred, DEEPEST)?;
    let finding = Diagnostic::new(codes::OUT_OF_RANGE, factor, "a percentage is multiplied by 100")
        .severity(Severity::Warning)
        .primary("a hundred times a share")
        .label(target.span, format!("compares it with {}", shown(&Value::Ratio(bound.clone()))))
        .witness(format!("the results of a {} lie {}", target.window, values.words(&Type::Ratio)))
        .help("a quotient of two counts is a percentage already: leave out the `* 100`");
    Some(finding)
}

/// Where a share is multiplied by that number, on the way to what is measured.
fn multiplied(model: &Model, expr: &Expr, number: &Exact, depth: usize) -> Option<Span> {
    let mut found = None;
    let mut named: Vec<&str> = Vec::new();
    expr.walk(&mut |part| match &part.kind {
        ExprKind::Binary { op: Binary::Multiply, left, right } => {
            for (share, factor) in [(left, right), (right, left)] {
                if share.ty == Type::Ratio && literal(factor).and_then(Value::exact) == Some(number) {
                    found = found.or(Some(factor.span));
                }
            }
        }
        ExprKind::Metric(name) => named.push(name),
        _ => {}
    });
    let depth = depth.checked_sub(1)?;
    let metrics = || named.iter().filter_map(|name| model.metrics.get(name));
    found.or_else(|| metrics().find_map(|metric| multiplied(model, &metric.value, number, depth)))
}

/// Rows that give more money than the whole fee, where the file states the fee.
fn above_fee(model: &Model, commitment: &Commitment) -> Vec<Diagnostic> {
    let Some(Credit::Table(table)) = &commitment.credit else { return Vec::new() };
    let Some(fee) = model.fees.get(&table.base.value) else { return Vec::new() };
    let Some(whole @ Value::Money(most)) = &fee.exact else { return Vec::new() };
    let beyond = |row: &&CreditRow| matches!(&row.whole, Some(Value::Money(money)) if money.amount > most.amount);
    let rows = table.rows.iter().filter(beyond).filter(|_| most.amount.signum() > 0);
    rows.map(|row| {
        let message = format!("the credit is more than the whole fee: {}", gives(row));
        Diagnostic::new(codes::OUT_OF_RANGE, row.gives.span, message)
            .severity(Severity::Warning)
            .primary(format!("`{}` is {}", fee.head.name, shown(whole)))
            .label(table.base.span, "a credit of this fee")
            .help("write at most the fee, or choose a larger base if more is meant")
    })
    .collect()
}

fn literal(expr: &Expr) -> Option<&Value> {
    match &expr.kind {
        ExprKind::Literal(value) => Some(value),
        _ => None,
    }
}

/// Whether a percentage cannot exceed 100% by the way it is computed, as far as that can be seen.
fn at_most_one(model: &Model, expr: &Expr) -> bool {
    let whole = Cut::At(Exact::one(), true);
    expr.ty == Type::Ratio && possible::values(model, expr).to <= whole
}
