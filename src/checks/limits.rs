//! Limits of credits, and of maintenance: caps, skips and budgets that are more than nothing, and leave something to pay.

use super::amounts::shown;
use super::interval::{Cut, Interval};
use super::possible;
use super::tiers::{Tiered, found_in_tables, gives};
use crate::calculus::{Binary, Expr, ExprKind, Value};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::Model;
use crate::values::Exact;

/// What a limit is called, and what one of zero does.
type Words = (&'static str, &'static str);

const CAP: Words = ("the cap", "no credit is ever owed");
const SKIP: Words = ("the limit of `skip`", "no credit is ever skipped");

/// Every limit is an amount above zero, and a cap at most the whole of its fee.
pub(super) fn out_of_range(model: &Model) -> Vec<Diagnostic> {
    let commitments = || model.commitments.iter();
    let caps = model.agreement.caps.iter().chain(commitments().flat_map(|one| &one.caps));
    let skips = model.agreement.skip.iter().chain(commitments().filter_map(|one| one.skip.as_ref()));
    let all = caps.map(|cap| (&cap.amount, CAP)).chain(skips.map(|skip| (&skip.bound.limit, SKIP)));
    all.filter_map(|(amount, words)| not_positive(model, amount, words).or_else(|| beyond(model, amount, words)))
        .collect()
}

/// A budget of maintenance is more than no time.
pub(super) fn budgets(model: &Model) -> Vec<Diagnostic> {
    let all = model.maintenances.iter().filter_map(|one| Some((one, one.budget.as_ref()?)));
    let none = all.filter(|(_, budget)| budget.amount.is_zero()).map(|(maintenance, budget)| {
        let message = format!("the budget of `{}` is zero", maintenance.head.name);
        Diagnostic::new(codes::OUT_OF_RANGE, budget.span, message)
            .severity(Severity::Warning)
            .primary("no time at all")
            .witness("all of its time is beyond the budget, and counts like any other")
            .help("write an amount of time above zero, or leave the maintenance out")
    });
    none.collect()
}

fn not_positive(model: &Model, amount: &Expr, (what, effect): Words) -> Option<Diagnostic> {
    let values = possible::values(model, amount);
    if values.to > Cut::At(Exact::zero(), true) {
        return None;
    }
    let value = in_words(model, amount);
    if values == Interval::only(&Exact::zero()) {
        return Some(
            Diagnostic::new(codes::OUT_OF_RANGE, amount.span, format!("{what} is zero"))
                .severity(Severity::Warning)
                .primary(format!("this is {value}"))
                .witness(effect)
                .help("write an amount above zero, or delete the line"),
        );
    }
    Some(
        Diagnostic::new(codes::OUT_OF_RANGE, amount.span, format!("{what} is negative: {value}"))
            .primary("less than nothing")
            .help("write it without the minus sign"),
    )
}

/// A percentage above 100% of something.
fn beyond(model: &Model, amount: &Expr, (what, _): Words) -> Option<Diagnostic> {
    let ExprKind::Binary { op: Binary::Of, left, .. } = &amount.kind else { return None };
    let part = model.stated(left).filter(|part| matches!(part, Value::Ratio(ratio) if ratio.0 > Exact::one()))?;
    Some(
        Diagnostic::new(codes::OUT_OF_RANGE, left.span, format!("{what} is more than the whole fee: {}", shown(&part)))
            .severity(Severity::Warning)
            .primary("more than the whole")
            .help("write 100% or less, or choose a larger base if more is meant"),
    )
}

/// A factor makes a credit larger.
pub(super) fn factors(model: &Model) -> Vec<Diagnostic> {
    let all = model.commitments.iter().flat_map(|one| &one.times);
    let small =
        all.filter(|factor| factor.value.as_ref().and_then(Value::exact).is_some_and(|number| *number <= Exact::one()));
    let told = small.map(|factor| {
        Diagnostic::new(codes::OUT_OF_RANGE, factor.by.span, "a credit is multiplied by no more than one")
            .primary(format!("this is {}", in_words(model, &factor.by)))
            .witness("a repeated miss earns no more than the first one")
            .help("write a number above 1, such as `times 2 when …`, or delete the line")
    });
    told.collect()
}

/// A skip leaves at least the largest credit to be paid.
pub(super) fn skips(model: &Model) -> Vec<Diagnostic> {
    found_in_tables(model, |tiered| always_skipped(model, tiered).into_iter().collect())
}

fn always_skipped(model: &Model, tiered: &Tiered<'_>) -> Option<Diagnostic> {
    let skip = tiered.commitment.skip.as_ref()?;
    let limit = model.stated(&skip.bound.limit)?;
    let below = |most: &Exact| {
        limit.exact().is_some_and(|limit| if skip.bound.side.is_inclusive() { most <= limit } else { most < limit })
    };
    let rows: Option<Vec<Exact>> = tiered.table.rows.iter().map(|row| tiered.paid(row)).collect();
    let largest = rows?.into_iter().max()?;
    let cap = tiered.commitment.caps.iter().find_map(|cap| {
        let most = model.stated(&cap.amount).filter(|most| most.exact().is_some_and(below))?;
        Some((cap.span, format!("at most {} is owed", shown(&most))))
    });
    let row = tiered.table.rows.iter().find(|row| tiered.paid(row).as_ref() == Some(&largest));
    let (span, reason) = match row {
        Some(row) if below(&largest) => (row.span, format!("the largest credit: {}", gives(row))),
        _ => cap?,
    };
    // A table that pays nothing, or a cap of nothing, has been told by itself.
    if largest.signum() <= 0 || limit.exact()?.signum() <= 0 {
        return None;
    }
    let message = format!("no credit is ever paid: all of them are skipped up to {}", shown(&limit));
    Some(
        Diagnostic::new(codes::CAP_BELOW_TIER, skip.span, message)
            .severity(Severity::Warning)
            .primary("skips every credit")
            .label(span, reason)
            .help("lower the limit: `skip` is for amounts too small to be worth an invoice"),
    )
}

/// The amount, or that part of it which the file states.
fn in_words(model: &Model, amount: &Expr) -> String {
    let part = match &amount.kind {
        ExprKind::Binary { op: Binary::Of, left, .. } => model.stated(left),
        _ => None,
    };
    part.or_else(|| model.stated(amount)).as_ref().map_or_else(|| amount.to_string(), shown)
}
