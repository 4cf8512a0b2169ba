//! Every expression of an agreement, for what may stand in any of them.

use crate::calculus::Expr;
use crate::model::{Cap, Commitment, Condition, Credit, Model};

/// The expressions of all clauses, in the order of the parts of an agreement.
pub(super) fn expressions(model: &Model) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    all.extend(caps(&model.agreement.caps));
    all.extend(model.agreement.skip.iter().map(|skip| &skip.bound.limit));
    all.extend(model.fees.iter().map(|fee| &fee.amount));
    all.extend(model.constants.iter().map(|constant| &constant.value));
    all.extend(model.services.iter().filter_map(|service| service.promised.as_ref()).map(|figure| &figure.bound));
    for metric in &model.metrics {
        all.push(&metric.value);
        all.extend(&metric.when_empty);
    }
    model.commitments.iter().for_each(|commitment| all.extend(of_commitment(commitment)));
    for support in &model.supports {
        all.extend(support.priorities.iter().filter_map(|priority| measured(priority.when.as_ref())));
        all.extend(support.pauses.iter().filter_map(|pause| pause.when.as_ref()));
    }
    all.extend(model.escalations.iter().filter_map(|one| measured(one.when.as_ref())));
    all.extend(model.maintenances.iter().filter_map(|one| measured(one.when.as_ref())));
    all.extend(model.exclusions.iter().filter_map(|one| measured(one.when.as_ref())));
    all.extend(model.notices.iter().filter_map(|one| measured(one.when.as_ref())));
    for example in &model.examples {
        all.extend(example.given.iter().map(|given| &given.value));
        all.extend(example.expect.iter().map(|expected| &expected.value));
    }
    all
}

fn of_commitment(commitment: &Commitment) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    for target in &commitment.targets {
        all.extend([&target.measure, &target.bound]);
    }
    all.extend(measured(commitment.applies_when.as_ref()));
    all.extend(commitment.warn.iter().map(|warn| &warn.limit));
    match &commitment.credit {
        Some(Credit::Table(table)) => {
            all.extend(&table.using);
            for row in &table.rows {
                all.extend(row.bounds.iter().map(|bound| &bound.limit));
                all.push(&row.gives);
            }
        }
        Some(Credit::Formula { amount, .. }) => all.push(amount),
        None => {}
    }
    all.extend(commitment.times.iter().flat_map(|factor| [&factor.by, &factor.when]));
    all.extend(caps(&commitment.caps));
    all.extend(commitment.skip.iter().map(|skip| &skip.bound.limit));
    all.extend(commitment.terminate.iter().filter_map(|right| measured(right.when.as_ref())));
    all
}

fn caps(caps: &[Cap]) -> impl Iterator<Item = &Expr> {
    caps.iter().map(|cap| &cap.amount)
}

/// The expression of a condition that is measured.
pub(super) fn measured(condition: Option<&Condition>) -> Option<&Expr> {
    match condition {
        Some(Condition::Measured(expr)) => Some(expr),
        _ => None,
    }
}
