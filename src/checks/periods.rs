//! Windows that have to fit each other: those of combined credits, and that of a credit with the period of its fee.

use crate::calculus::{Expr, ExprKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Commitment, Credit, Fee, Model};
use crate::values::{PeriodUnit, Window, WindowKind};

/// The targets of a commitment are judged over one window: it is met or missed as a whole.
pub(super) fn of_targets(model: &Model) -> Vec<Diagnostic> {
    let commitments = model.commitments.iter();
    commitments
        .filter_map(|commitment| {
            let first = commitment.targets.first()?;
            let other = commitment.targets.iter().find(|it| !aligned(model, &it.window, &first.window))?;
            let name = &commitment.head.name;
            let message = format!("the targets of `{name}` are judged over different windows");
            Some(
                Diagnostic::new(codes::WRONG_ARGUMENT, other.span, message)
                    .primary(format!("judged per {}", other.window))
                    .label(first.span, format!("judged per {}", first.window))
                    .witness(format!("whether all targets are met cannot be said of one {}", first.window))
                    .help("a promise over another window is a commitment of its own: move the target there"),
            )
        })
        .collect()
}

/// Commitments of which only the largest credit is owed are judged over one window, and are several.
pub(super) fn combinations(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in &model.commitments {
        for with in &commitment.combine {
            let Some(other) = model.commitments.get(&with.value) else { continue };
            if other.head.name == commitment.head.name {
                let message = format!("`{}` is combined with itself", with.value);
                found.push(
                    Diagnostic::new(codes::CIRCULAR_DEFINITION, with.span, message)
                        .primary("the commitment that this stands in")
                        .help("name another commitment: of the two credits only the larger one is owed"),
                );
            } else if let Some(without) = [commitment, other].into_iter().find(|one| one.credit.is_none())
                && !without.head.poisoned
            {
                let message = format!("`{}` has no credit to combine", without.head.name);
                found.push(
                    Diagnostic::new(codes::WRONG_ARGUMENT, with.span, message)
                        .primary("combined here")
                        .label(without.head.name_span, "owes no credit")
                        .help("of commitments that are combined only the largest credit is owed: give each a credit, or leave out `combine`"),
                );
            } else if let (Some(own), Some(theirs)) = (commitment.targets.first(), other.targets.first())
                && !aligned(model, &own.window, &theirs.window)
            {
                let message =
                    format!("`{}` and `{}` are judged over different windows", commitment.head.name, with.value);
                found.push(
                    Diagnostic::new(codes::WRONG_ARGUMENT, with.span, message)
                        .primary(format!("judged per {}", theirs.window))
                        .label(own.span, format!("judged per {}", own.window))
                        .label(theirs.span, format!("judged per {}", theirs.window))
                        .witness(format!(
                            "a credit for one {} cannot be set against those for each {}",
                            own.window, theirs.window
                        ))
                        .help("combine commitments of one window, or leave out `combine`: then credits add up"),
                );
            }
        }
    }
    found
}

/// A credit that is a part of a fee for another period than its window.
pub(super) fn fees(model: &Model) -> Vec<Diagnostic> {
    model.commitments.iter().filter_map(|commitment| fee(model, commitment)).collect()
}

fn fee(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    let Some(Credit::Table(table)) = &commitment.credit else { return None };
    let window = &commitment.targets.first()?.window;
    let fee = model.fees.get(&table.base.value)?;
    let paid = period(model, fee, 0)?;
    if matches!(window, Window::EachCase | Window::EachEvent) || aligned(model, window, paid) {
        return None;
    }
    let name = &fee.head.name;
    let target = commitment.targets.first()?;
    Some(
        Diagnostic::new(
            codes::FEE_PERIOD_DIFFERS,
            table.base.span,
            format!("the target is judged per {window}, and `{name}` is paid per {paid}"),
        )
        .primary(format!("paid per {paid}"))
        .label(target.span, format!("judged per {window}"))
        .witness(format!("a miss earns a part of the fee for one {paid}: the one in which the {window} ends"))
        .help("if another part is meant, declare a fee for that period, and take the credit of it"),
    )
}

/// For which period a fee is paid: its own, or that of the fees that it is the sum of.
fn period<'a>(model: &'a Model, fee: &'a Fee, depth: usize) -> Option<&'a Window> {
    if fee.per.is_some() || depth > 16 {
        return fee.per.as_ref();
    }
    let mut names = Vec::new();
    fee.amount.walk(&mut |part: &Expr| {
        if let ExprKind::Fee(name) = &part.kind {
            names.push(name.clone());
        }
    });
    names.iter().find_map(|name| period(model, model.fees.get(name)?, depth + 1))
}

/// Whether two windows always begin and end together. Billing periods begin on the first day of a month and fiscal
/// years on 1 January; contract periods on the day on which the agreement takes effect.
fn aligned(model: &Model, one: &Window, other: &Window) -> bool {
    let (Window::Periodic { kind, unit }, Window::Periodic { kind: other_kind, unit: other_unit }) = (one, other)
    else {
        return one == other;
    };
    let contract = |kind: &WindowKind| *kind == WindowKind::Contract;
    let early = model.agreement.effective.as_ref().is_some_and(|term| match unit {
        PeriodUnit::Day => true,
        PeriodUnit::Week => false,
        PeriodUnit::Month => term.from.day() == 1,
        PeriodUnit::Quarter => term.from.day() == 1 && term.from.month() % 3 == 1,
        PeriodUnit::Year => term.from.day() == 1 && term.from.month() == 1,
    });
    unit == other_unit && (contract(kind) == contract(other_kind) || early)
}
