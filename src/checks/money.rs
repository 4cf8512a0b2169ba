//! Money: one currency in the whole agreement, but for what suppliers owe, and amounts that can be paid.

use super::amounts::shown;
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
    for expr in model.expressions() {
        expr.walk(&mut |part| {
            if let ExprKind::Literal(Value::Money(money)) = &part.kind {
                amounts.push((part.span, money.currency));
            }
        });
    }
    amounts.sort_by_key(|(span, _)| *span);
    // What stands in several variants, or is given to a template that says it in several places, is written once.
    amounts.dedup_by_key(|(span, _)| *span);
    amounts
}

/// All money is in the currency of the agreement; where it names none, in that of the first amount. What a supplier owes and
/// is paid is in one of its own.
pub(super) fn currencies(model: &Model) -> Vec<Diagnostic> {
    let supplied = supplied(model);
    let mut owns: BTreeMap<&str, (Currency, Span)> = BTreeMap::new();
    let declared = model.agreement.currency.as_ref().map(|currency| (currency.value, currency.span));
    owns.extend(declared.map(|own| ("", own)));
    let mut foreign: BTreeMap<(&str, String), Vec<Span>> = BTreeMap::new();
    for (span, currency) in amounts(model) {
        let before = supplied.partition_point(|(one, _)| (one.file, one.start) <= (span.file, span.start));
        let last = before.checked_sub(1).and_then(|last| supplied.get(last));
        let within = last.filter(|(within, _)| within.file == span.file && span.end <= within.end);
        let by = within.map_or("", |(_, by)| by.as_str());
        if by.is_empty() && declared.is_none() && model.agreement.head.poisoned {
            continue;
        }
        if owns.entry(by).or_insert((currency, span)).0 != currency {
            foreign.entry((by, currency.to_string())).or_default().push(span);
        }
    }
    let all = foreign.into_iter();
    all.filter_map(|((by, currency), places)| {
        let (own, place) = owns.get(by)?;
        let whose = if by.is_empty() { "the agreement".to_owned() } else { format!("what `{by}` is paid and owes") };
        other_currency(&currency, &places, (&whose, &own.to_string()), *place)
    })
    .collect()
}

/// The places of fees and credits of suppliers, in order, each with the supplier.
fn supplied(model: &Model) -> Vec<(Span, String)> {
    let fees = model.fees.iter().map(|fee| (&fee.head, fee.of.as_ref()));
    let commitments = model.commitments.iter().map(|one| (&one.head, one.of.as_ref()));
    let examples = model.examples.iter().filter_map(|example| {
        let commitment = model.commitments.get(&example.of.as_ref()?.value)?;
        Some((&example.head, commitment.of.as_ref()))
    });
    let all = fees.chain(commitments).chain(examples).filter(|(_, of)| model.is_supplied(*of));
    let mut all: Vec<(Span, String)> =
        all.filter_map(|(head, of)| Some((head.span, model.debtor(of)?.party))).collect();
    all.sort_by_key(|(span, _)| (span.file, span.start));
    all
}

fn other_currency(currency: &str, places: &[Span], (whose, own): (&str, &str), place: Span) -> Option<Diagnostic> {
    let (first, rest) = places.split_first()?;
    let mut finding =
        Diagnostic::new(codes::UNIT_MISMATCH, *first, format!("an amount is in {currency}, and {whose} is in {own}"))
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
