//! What counts for a promise, and is excluded from those that it depends on.

use super::spans::{longest, sharing};
use super::{Chains, First, Side, quoted};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::evaluate::{Interval, nanos};
use crate::model::{Budget, Condition, Exclusion, Maintenance, Model, Ref};
use crate::values::{Amount, Duration};
use std::collections::BTreeSet;

/// Budgets over more windows in one of ours are not added up.
const MOST_WINDOWS: usize = 1_000;

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
    let works: Vec<&Maintenance> = left.iter().filter_map(|one| model.maintenances.get(&one.value)).collect();
    let endless =
        works.iter().find(|one| one.budget.as_ref().is_none_or(|of| !matches!(of.amount, Amount::Elapsed(_))));
    // What may be used up in one window of ours: of each budget, in all its windows that share time with ours.
    let used = first.as_ref().and_then(|first| {
        let each = works.iter().map(|one| used(model, one.budget.as_ref()?, first));
        each.sum::<Option<i128>>().map(|nanos| Interval { start: 0, end: nanos }.length())
    });
    if endless.is_some() || used.as_ref().zip(allowed.as_ref()).is_some_and(|(used, allowed)| used > allowed) {
        finding = finding.severity(Severity::Warning);
    }
    let budgets = || {
        let texts = works.iter().filter_map(|one| {
            let budget = one.budget.as_ref()?;
            let Amount::Elapsed(time) = &budget.amount else { return None };
            Some(format!("up to {} per {} of {}", words_of(time), budget.per, titled(one)))
        });
        let texts: Vec<String> = texts.collect();
        let most = first.as_ref().zip(allowed.as_ref()).zip(used.as_ref()).map(|((first, allowed), used)| {
            let slack = super::super::slack::words;
            let same = works.iter().all(|one| one.budget.as_ref().is_some_and(|of| of.per == own.target.window));
            match texts.as_slice() {
                [_] if same => format!(", which allows {} in {}", slack(allowed), first.words),
                _ => format!(": {} in {}, and it allows {}", slack(used), first.words, slack(allowed)),
            }
        });
        format!("{} count against `{name}`{}", crate::wording::listed(&texts, "and"), most.unwrap_or_default())
    };
    let witness = match endless {
        Some(one) => Some(format!(
            "{} takes as long as it takes: no budget limits it, and all of it counts against `{name}`",
            titled(one)
        )),
        None => (!works.is_empty()).then(budgets),
    };
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

/// How much of a budget may be used up in a stretch of time, in nanoseconds.
fn used(model: &Model, budget: &Budget, first: &First) -> Option<i128> {
    let Amount::Elapsed(time) = &budget.amount else { return None };
    let each = nanos(time)?;
    let windows: Vec<_> = sharing(model, &budget.per, first.at)?.into_iter().map(|window| (window, each)).collect();
    (windows.len() <= MOST_WINDOWS).then(|| longest(first.at, &windows).iter().map(|(_, used)| used).sum())
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
        // What is measured is the same only where the condition is.
        Some(Condition::Measured(when)) => Some(format!("measured: {when}")),
        None => exclusion.head.title.as_ref().map(|title| title.to_lowercase()),
    }
}
