//! Maintenance that is cut out, beside what the targets allow of failures.

use super::slack;
use super::targets::targets;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Budget, Commitment, Counts, Maintenance, Model, Target};

/// No more maintenance may be cut out of a window than the targets allow of failures.
pub(super) fn large(model: &Model) -> Vec<Diagnostic> {
    let cut_out = |one: &&Maintenance| one.counts.as_ref().is_some_and(|counts| counts.value == Counts::Excluded);
    let finding = |one: &Maintenance| match &one.budget {
        Some(budget) => limited(model, one, budget),
        None => unlimited(model, one),
    };
    model.maintenances.iter().filter(cut_out).filter_map(finding).collect()
}

/// The targets from which a maintenance takes time. Failures that are counted in events or cases take none that it could
/// be held against.
fn touched<'a>(model: &'a Model, maintenance: &Maintenance) -> impl Iterator<Item = (&'a Commitment, &'a Target)> {
    let names = |commitment: &Commitment| commitment.exclude.iter().any(|name| name.value == maintenance.head.name);
    targets(model)
        .filter(move |(commitment, _)| names(commitment))
        .filter(|(_, target)| slack::is_of_time(model, &target.measure))
}

/// Maintenance without a budget may take the whole window.
fn unlimited(model: &Model, maintenance: &Maintenance) -> Option<Diagnostic> {
    let (commitment, target) =
        touched(model, maintenance).find(|(_, target)| slack::share(target).is_some_and(|share| share.signum() > 0))?;
    let counts = maintenance.counts.as_ref()?;
    let (name, window) = (&maintenance.head.name, &target.window);
    let message = format!("`{name}` may take all of a {window}, and `{}` promises nothing of it", commitment.head.name);
    Some(
        Diagnostic::new(codes::LARGE_MAINTENANCE_BUDGET, counts.span, message)
            .primary("however long it takes")
            .label(target.span, "what is promised of the rest")
            .help("limit it, for example `budget 4h per calendar month`, or count maintenance as a failure"),
    )
}

/// A budget of maintenance is not larger than the failures that are allowed.
fn limited(model: &Model, maintenance: &Maintenance, budget: &Budget) -> Option<Diagnostic> {
    let least = budget.amount.approximate_seconds().0;
    let (_, commitment, target) = touched(model, maintenance)
        .filter_map(|(commitment, target)| {
            // The allowance is scaled from the target's window to that of the budget.
            let allowed = slack::time(target, &budget.per.longest()?)?;
            (!allowed.is_zero() && *allowed.seconds() < least).then_some((allowed, commitment, target))
        })
        .min_by(|a, b| a.0.cmp(&b.0))?;
    let (amount, window, name) = (&budget.amount, &budget.per, &commitment.head.name);
    if slack::whole(window).is_some_and(|whole| whole <= least) {
        let message = format!("the whole {window} may be maintenance, and `{name}` promises nothing of it");
        return Some(
            Diagnostic::new(codes::LARGE_MAINTENANCE_BUDGET, budget.span, message)
                .severity(Severity::Warning)
                .primary(format!("{amount} per {window}"))
                .label(target.span, "what is promised of the rest")
                .help(format!("write a budget that is shorter than a {window}")),
        );
    }
    let (whole, most) = slack::without(target, window, &least)?;
    let message = format!("`{}` may take longer than all the failures that `{name}` allows", maintenance.head.name);
    Some(
        Diagnostic::new(codes::LARGE_MAINTENANCE_BUDGET, budget.span, message)
            .primary(format!("{amount} per {window}"))
            .label(target.span, format!("allows {most} of failures in the rest of a {window}"))
            .witness(format!(
                "a {window} of {whole} with {amount} of maintenance and {most} of failures still meets the target"
            ))
            .help("the customer sees both: shorten the budget, or count maintenance as a failure"),
    )
}
