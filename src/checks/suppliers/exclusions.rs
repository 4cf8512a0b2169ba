//! What counts for a promise, and is excluded from those that it depends on.

use super::{Chains, First, Side, quoted};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Condition, Exclusion, Maintenance, Model, Ref};
use crate::values::{Amount, Duration};
use std::collections::BTreeSet;

/// What a supplier excludes still counts where it is not excluded as well.
pub fn excluded(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    chains.pairs().iter().filter_map(|(own, other, _)| more(model, own, other)).collect()
}

fn more(model: &Model, own: &Side<'_>, other: &Side<'_>) -> Option<Diagnostic> {
    let ours: BTreeSet<&str> = own.commitment.exclude.iter().map(|one| one.value.as_str()).collect();
    let same: BTreeSet<String> = own.commitment.exclude.iter().filter_map(|one| words(model, one)).collect();
    let beyond =
        |one: &&Ref| !ours.contains(one.value.as_str()) && words(model, one).is_none_or(|words| !same.contains(&words));
    let left: Vec<&Ref> = other.commitment.exclude.iter().filter(beyond).collect();
    if left.is_empty() {
        return None;
    }
    let first = First::of(model, &own.target.window);
    let allowed = first.as_ref().map(|first| first.length(&own.promise.slack()));
    let (name, theirs) = (&own.commitment.head.name, &other.commitment.head.name);
    let mut finding = Diagnostic::new(
        codes::SUPPLIER_EXCLUDES_MORE,
        own.commitment.head.name_span,
        format!(
            "{} {} for `{name}`, and not for `{theirs}`, which it depends on",
            quoted(left.iter().map(|one| one.value.as_str())),
            if left.len() == 1 { "counts" } else { "count" },
        ),
    )
    .primary(if left.len() == 1 { "does not exclude it" } else { "does not exclude them" });
    let mut witness = None;
    for one in &left {
        let Some(maintenance) = model.maintenances.get(&one.value) else { continue };
        match maintenance.budget.as_ref().map(|budget| (budget, &budget.amount)) {
            Some((budget, Amount::Elapsed(time))) => {
                // What may be used up in one window of ours.
                let heavy = allowed.as_ref().is_some_and(|allowed| time > allowed);
                if heavy {
                    finding = finding.severity(Severity::Warning);
                }
                let most = first.as_ref().zip(allowed.as_ref());
                let most = most.map(|(first, allowed)| {
                    format!(", which allows {} in {}", super::super::slack::words(allowed), first.words)
                });
                witness = witness.or(Some(format!(
                    "up to {} per {} of {} count against `{name}`{}",
                    words_of(time),
                    budget.per,
                    titled(maintenance),
                    most.unwrap_or_default()
                )));
            }
            _ => {
                finding = finding.severity(Severity::Warning);
                witness = witness.or(Some(format!(
                    "{} takes as long as it takes: no budget limits it, and all of it counts against `{name}`",
                    titled(maintenance)
                )));
            }
        }
    }
    let witness = witness.or_else(|| {
        let exclusion = left.iter().find_map(|one| model.exclusions.get(&one.value))?;
        Some(format!(
            "while “{}” lasts, `{}` may be down and keep `{theirs}`; for `{name}` that time counts",
            exclusion.head.label(),
            other.promise.service.head.name
        ))
    });
    if let Some(witness) = witness {
        finding = finding.witness(witness);
    }
    let each =
        left.iter().take(4).fold(finding, |finding, one| finding.label(one.span, format!("`{theirs}` excludes it")));
    Some(each.help(format!("exclude it from `{name}` as well, or have the supplier count it")))
}

/// Maintenance in a sentence.
fn titled(maintenance: &Maintenance) -> String {
    format!("“{}”", maintenance.head.label())
}

fn words_of(time: &Duration) -> String {
    time.words()
}

/// What an exclusion is by its words, where people judge it: two files may call one thing by two names.
fn words(model: &Model, one: &Ref) -> Option<String> {
    let exclusion: &Exclusion = model.exclusions.get(&one.value)?;
    match &exclusion.when {
        Some(Condition::Judged(words)) => Some(words.value.to_lowercase()),
        _ => exclusion.head.title.as_ref().map(|title| title.to_lowercase()),
    }
}
