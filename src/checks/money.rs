//! Money: one currency in the whole agreement, and amounts that can be paid.

use super::amounts::shown;
use super::expressions::expressions;
use crate::calculus::{Expr, ExprKind, Value};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Credit, Fee, Model};
use crate::source::Span;
use crate::values::{Currency, Money};
use std::collections::BTreeMap;

/// How many places of one currency are shown.
const PLACES: usize = 4;

/// Every amount that is written, with its currency, in the order of the file.
pub(super) fn amounts(model: &Model) -> Vec<(Span, Currency)> {
    let mut amounts: Vec<(Span, Currency)> = Vec::new();
    for expr in expressions(model) {
        expr.walk(&mut |part| {
            if let ExprKind::Literal(Value::Money(money)) = &part.kind {
                amounts.push((part.span, money.currency));
            }
        });
    }
    amounts.sort_by_key(|(span, _)| *span);
    amounts
}

/// All money is in the currency of the agreement; where it names none, in that of the first amount.
pub(super) fn currencies(model: &Model) -> Vec<Diagnostic> {
    let amounts = amounts(model);
    let declared = model.agreement.currency.as_ref().map(|currency| (currency.value, currency.span));
    let (own, place) = match (declared, amounts.first()) {
        (Some(declared), _) => declared,
        (None, Some((span, currency))) if !model.agreement.head.poisoned => (*currency, *span),
        _ => return Vec::new(),
    };
    let mut foreign: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for (span, currency) in amounts.into_iter().filter(|(_, currency)| *currency != own) {
        foreign.entry(currency.to_string()).or_default().push(span);
    }
    let all = foreign.into_iter();
    all.filter_map(|(currency, places)| other_currency(&currency, &places, &own.to_string(), place)).collect()
}

fn other_currency(currency: &str, places: &[Span], own: &str, place: Span) -> Option<Diagnostic> {
    let (first, rest) = places.split_first()?;
    let mut finding = Diagnostic::new(
        codes::UNIT_MISMATCH,
        *first,
        format!("an amount is in {currency}, and the agreement is in {own}"),
    )
    .primary(format!("this is {currency}"))
    .label(place, format!("this is {own}"));
    for span in rest.iter().take(PLACES - 1) {
        finding = finding.label(*span, format!("this is {currency} too"));
    }
    let more = match rest.len().saturating_sub(PLACES - 1) {
        0 => String::new(),
        1 => "; there is one more place".to_owned(),
        count => format!("; there are {count} more places"),
    };
    Some(finding.help(format!("write every amount in one currency: no rate of exchange is agreed{more}")))
}

/// A fee is an amount that can be paid, for a period.
pub(super) fn fees(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for fee in model.fees.iter().filter(|fee| !fee.head.poisoned) {
        found.extend(negative(fee));
        found.extend(too_fine(&fee.amount, "a fee"));
    }
    let agreement = &model.agreement;
    let caps = agreement.caps.iter().chain(model.commitments.iter().flat_map(|one| &one.caps));
    found.extend(caps.filter_map(|cap| too_fine(&cap.amount, "a cap")));
    let skips = agreement.skip.iter().chain(model.commitments.iter().filter_map(|one| one.skip.as_ref()));
    found.extend(skips.filter_map(|skip| too_fine(&skip.bound.limit, "the limit of `skip`")));
    for commitment in &model.commitments {
        match &commitment.credit {
            Some(Credit::Table(table)) => {
                found.extend(table.rows.iter().filter_map(|row| too_fine(&row.gives, "a credit")));
            }
            Some(Credit::Formula { amount, .. }) => found.extend(too_fine(amount, "a credit")),
            None => {}
        }
    }
    found
}

fn negative(fee: &Fee) -> Option<Diagnostic> {
    let value = fee.exact.as_ref().filter(|value| value.exact().is_some_and(|number| number.signum() < 0))?;
    Some(
        Diagnostic::new(
            codes::OUT_OF_RANGE,
            fee.amount.span,
            format!("the fee `{}` is negative: {}", fee.head.name, shown(value)),
        )
        .primary("less than nothing")
        .help("write it without the minus sign"),
    )
}

/// An amount that is written with more places than its currency has.
fn too_fine(expr: &Expr, what: &str) -> Option<Diagnostic> {
    let ExprKind::Literal(Value::Money(money)) = &expr.kind else { return None };
    let unit = Money::minor_unit(money.currency);
    if money.amount.checked_div(&unit)?.is_integer() {
        return None;
    }
    let smallest = Money::new(unit, money.currency);
    Some(
        Diagnostic::new(codes::OUT_OF_RANGE, expr.span, format!("{what} of {money} cannot be paid"))
            .severity(Severity::Warning)
            .primary(format!("the smallest amount is {smallest}"))
            .help(format!("round it to a multiple of {smallest}")),
    )
}
