//! Percentages within their range.

use super::amounts::shown;
use super::interval::Cut;
use super::options::{found_in_each, with_row};
use super::possible;
use super::tiers::gives;
use crate::calculus::{Binary, Expr, ExprKind, Type, Value};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Commitment, Credit, CreditRow, Model};
use crate::source::Span;
use crate::values::{Exact, Ratio};

/// Where a percentage stands, and what that makes of one outside 0% to 100%.
struct Place<'a> {
    value: &'a Value,
    at: &'a Expr,
    what: &'static str,
    severity: Severity,
}

/// Percentages below 0%, and those above 100% where a whole is the most.
pub(super) fn out_of_range(model: &Model) -> Vec<Diagnostic> {
    let mut found = found_in_each(model, |commitment| {
        let places = places(model, commitment);
        let of_places = places.iter().filter_map(|place| Some(with_row(model, finding(place)?, place.at)));
        of_places.chain(above_fee(model, commitment)).collect()
    });
    for metric in &model.metrics {
        let empty = metric.when_empty.as_ref().and_then(|empty| Some((literal(empty)?, empty)));
        let place = empty.map(|(value, at)| Place {
            value,
            at,
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
            places.push(Place { value, at: &target.bound, what: "the target", severity });
        }
    }
    if let Some((bound, value)) = commitment.warn.as_ref().and_then(|bound| Some((bound, bound.value.as_ref()?))) {
        places.push(Place { value, at: &bound.limit, what: "the warning", severity });
    }
    if let Some(Credit::Table(table)) = &commitment.credit {
        for row in &table.rows {
            let bounds = row.bounds.iter().filter(|bound| !matches!(bound.limit.kind, ExprKind::Target));
            for (bound, value) in bounds.filter_map(|bound| Some((bound, bound.value.as_ref()?))) {
                places.push(Place { value, at: &bound.limit, what: "the bound of a row", severity });
            }
            if let Some(value) = &row.whole {
                places.push(Place { value, at: &row.gives, what: "the credit", severity: Severity::Warning });
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
    Some(Diagnostic::new(codes::OUT_OF_RANGE, place.at.span, message).severity(severity).primary(primary).help(help))
}

/// Shares that are multiplied by a hundred or a thousand are still percentages: 3 per thousand would read as 300%.
pub(super) fn multiplied(model: &Model) -> Vec<Diagnostic> {
    let targets = model.commitments.iter().flat_map(|commitment| &commitment.targets).map(|target| &target.measure);
    let measures = model.metrics.iter().map(|metric| &metric.value).chain(targets);
    let mut found = Vec::new();
    for measure in measures {
        measure.walk(&mut |part| {
            let product = match &part.kind {
                ExprKind::Binary { op: Binary::Multiply, .. } if part.ty == Type::Ratio => part,
                ExprKind::Binary { op: Binary::Divide, left, .. } if part.ty == Type::Ratio => left,
                _ => return,
            };
            found.extend(factor(product).map(|(factor, span)| {
                let read = shown(&Value::Ratio(Ratio(&Exact::ratio(1, 1_000).unwrap_or_default() * &factor)));
                Diagnostic::new(codes::OUT_OF_RANGE, span, format!("a percentage is multiplied by {factor}"))
                    .severity(Severity::Warning)
                    .primary(format!("{factor} times a share"))
                    .witness(format!("a share of 0.1% reads as {read}"))
                    .help("a quotient of two counts is a percentage already, and 4 per thousand is `0.4%`: leave out the factor")
            }));
        });
    }
    found
}

/// The power of ten by which something is multiplied.
fn factor(product: &Expr) -> Option<(Exact, Span)> {
    let ExprKind::Binary { op: Binary::Multiply, left, right } = &product.kind else { return None };
    let powers = || (1..=6).map(|places| Exact::from_int(10_i64.pow(places)));
    [left, right].into_iter().find_map(|side| match literal(side)? {
        Value::Number(number) => powers().find(|power| power == number).map(|power| (power, side.span)),
        _ => None,
    })
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
