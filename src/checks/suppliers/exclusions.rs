//! What counts for a promise, and is excluded from those that it depends on.

use super::spans::{longest, sharing};
use super::trial::is_in_proportion;
use super::{Chains, First, Own, Promise, Side, apart, quoted, sides, time_words};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::evaluate::{Interval, nanos};
use crate::model::{Budget, Commitment, Condition, Counts, Exclusion, Maintenance, Model, Ref};
use crate::values::{Amount, Duration, Exact};
use std::collections::BTreeSet;

/// Budgets over more windows in one of ours are not added up.
const MOST_WINDOWS: usize = 1_000;

/// What a supplier excludes still counts where it is not excluded as well.
pub fn excluded(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for chains in Chains::all(model) {
        for (own, other, _) in chains.pairs() {
            let theirs = chains.promises(&other.promise.service.head.name);
            found.extend(more(model, &own, &other, theirs));
            found.extend(excused(model, &own, &other));
            found.extend(shortens(model, &own, &other));
        }
        found.extend(chains.own().0.iter().flat_map(|own| together(&chains, own)));
    }
    found
}

/// A duty excuses the supplier while it is not performed, and does not excuse ours.
fn excused(model: &Model, own: &Side<'_>, other: &Side<'_>) -> Option<Diagnostic> {
    let names = |commitment: &Commitment| {
        let name = commitment.head.name.clone();
        move |one: &&Ref| one.value == name
    };
    let (name, theirs) = (&own.commitment.head.name, &other.commitment.head.name);
    let mut duties = model.duties.iter().filter(|duty| !duty.excuses.iter().any(|one| names(own.commitment)(&one)));
    let (duty, at) =
        duties.find_map(|duty| Some((duty, duty.excuses.iter().find(|one| names(other.commitment)(one))?)))?;
    let title = duty.head.label();
    Some(
        Diagnostic::new(
            codes::SUPPLIER_EXCLUDES_MORE,
            own.commitment.head.name_span,
            format!("a breach of `{}` excuses `{theirs}`, and not `{name}`, which depends on it", duty.head.name),
        )
        .primary("is not excused by it")
        .label(at.span, format!("excuses `{theirs}`"))
        .witness(format!(
            "for as long as “{title}” is overdue, `{}` may be down and keep `{theirs}`; for `{name}` that time counts",
            other.promise.service.head.name
        ))
        .help(format!(
            "agree with the customer on what excuses `{name}` as well, or take care that the duty is performed in time"
        )),
    )
}

/// The planned work of several services that are all needed comes to more than our promise allows, though that of each by
/// itself does not.
fn together<'a>(chains: &Chains<'a>, own: &Own<'a>) -> Vec<Diagnostic> {
    let model = chains.model;
    let needed = own.network.needed();
    let finding = |ours: Side<'a>| {
        let first = First::of(model, &ours.target.window)?;
        let allowed = first.length(&ours.promise.slack());
        let (mut works, mut besides, mut places) = (Vec::<&Maintenance>::new(), Duration::zero(), Vec::new());
        for leaf in &needed {
            let theirs = chains.promises(&leaf.service.head.name);
            let Some(other) = sides(theirs.to_vec()).into_iter().next() else { continue };
            let left = left_out(model, &ours, &other);
            let planned = left.iter().filter_map(|one| Some((*one, model.maintenances.get(&one.value)?)));
            // What has no budget is told by itself, and what several exclude is counted once.
            let new: Vec<(&Ref, &Maintenance)> = planned
                .filter(|(_, one)| limited(one) && works.iter().all(|known| known.head.name != one.head.name))
                .collect();
            let own_works: Vec<&Maintenance> = new.iter().map(|(_, one)| *one).collect();
            let used = time_used(model, &own_works, &first)?;
            if used > allowed {
                return None;
            }
            if let Some(more) = down_besides(model, &ours, theirs, &own_works, &first) {
                if !new.is_empty() && &used + &more > allowed {
                    return None;
                }
                besides = &besides + &more;
            }
            places.extend(new.iter().map(|(at, _)| (at.span, other.commitment.head.name.clone())));
            works.extend(own_works);
        }
        let used = time_used(model, &works, &first).filter(|_| places.len() > 1)?;
        let sum = &used + &besides;
        let services: BTreeSet<&str> = places.iter().map(|(_, name)| name.as_str()).collect();
        if sum <= allowed || services.len() < 2 {
            return None;
        }
        let name = &ours.commitment.head.name;
        let titles: Vec<String> = works.iter().map(|one| titled(one)).collect();
        let titles = crate::wording::listed(&titles, "and");
        let mut witness = format!("{titles} come to {} in {}", time_words(&used), first.words);
        if used <= allowed {
            witness += &format!(
                ", and to {} with the {} for which the services may be down besides",
                time_words(&sum),
                time_words(&besides)
            );
        }
        let finding = Diagnostic::new(
            codes::SUPPLIER_EXCLUDES_MORE,
            ours.commitment.head.name_span,
            format!("the planned work of several services on which `{name}` depends comes to more than it allows"),
        )
        .severity(Severity::Warning)
        .primary(format!("allows {} in {}", time_words(&allowed), first.words))
        .witness(format!("{witness}: all of it counts against `{name}`"))
        .help(format!("exclude it from `{name}` as well, or have all of it done at the same times"));
        let labelled = places.iter().take(4);
        Some(labelled.fold(finding, |finding, (at, theirs)| finding.label(*at, format!("`{theirs}` excludes it"))))
    };
    sides(own.highest()).into_iter().filter_map(finding).collect()
}

/// Whether a budget of so much time limits planned work.
fn limited(work: &Maintenance) -> bool {
    work.budget.as_ref().is_some_and(|of| matches!(of.amount, Amount::Elapsed(_)))
}

/// What a supplier excludes and ours does not, by the name or by the words.
fn left_out<'a>(model: &Model, own: &Side<'_>, other: &Side<'a>) -> Vec<&'a Ref> {
    let ours: BTreeSet<&str> = own.commitment.exclude.iter().map(|one| one.value.as_str()).collect();
    let same: BTreeSet<String> = own.commitment.exclude.iter().filter_map(|one| words(model, one)).collect();
    let beyond =
        |one: &&Ref| !ours.contains(one.value.as_str()) && words(model, one).is_none_or(|words| !same.contains(&words));
    other.commitment.exclude.iter().filter(beyond).collect()
}

fn more(model: &Model, own: &Side<'_>, other: &Side<'_>, all: &[Promise<'_>]) -> Option<Diagnostic> {
    let left = left_out(model, own, other);
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
    let endless = works.iter().find(|one| !limited(one));
    // What may be used up in one window of ours: of each budget, in all its windows that share time with ours.
    let used = first.as_ref().and_then(|first| time_used(model, &works, first));
    // Beside its planned work the supplier may be down as well.
    let besides = first.as_ref().zip(used.as_ref()).filter(|_| !works.is_empty() && endless.is_none());
    let besides = besides.and_then(|(first, used)| {
        let more = down_besides(model, own, all, &works, first)?;
        let (sum, allowed) = (used + &more, allowed.as_ref()?);
        (used <= allowed && sum > *allowed).then(|| {
            format!(
                ": with the {} for which `{}` may be down besides and keep `{theirs}`, that is {}",
                time_words(&more),
                other.promise.service.head.name,
                time_words(&sum)
            )
        })
    });
    let beyond = used.as_ref().zip(allowed.as_ref()).is_some_and(|(used, allowed)| used > allowed);
    if endless.is_some() || beyond || besides.is_some() {
        finding = finding.severity(Severity::Warning);
    }
    let budgets = || {
        let texts = works.iter().filter_map(|one| {
            let budget = one.budget.as_ref()?;
            let Amount::Elapsed(time) = &budget.amount else { return None };
            Some(format!("up to {} per {} of {}", time.words(), budget.per, titled(one)))
        });
        let texts: Vec<String> = texts.collect();
        let most = first.as_ref().zip(allowed.as_ref()).zip(used.as_ref()).map(|((first, allowed), used)| {
            let same = works.iter().all(|one| one.budget.as_ref().is_some_and(|of| of.per == own.target.window));
            match texts.as_slice() {
                [_] if same => format!(", which allows {} in {}", time_words(allowed), first.words),
                _ => format!(": {} in {}, and it allows {}", time_words(used), first.words, time_words(allowed)),
            }
        });
        let texts = crate::wording::listed(&texts, "and");
        format!("{texts} count against `{name}`{}{}", most.unwrap_or_default(), besides.unwrap_or_default())
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

/// How much of the budgets of planned work may be used up in a window of ours; nothing where one has none.
fn time_used(model: &Model, works: &[&Maintenance], first: &First) -> Option<Duration> {
    let each = works.iter().map(|one| used(model, one.budget.as_ref()?, first));
    each.sum::<Option<i128>>().map(|nanos| Interval { start: 0, end: nanos }.length())
}

/// How long a service may be down in a window of ours beside all planned work, and keep what is promised of it; where that is
/// promised for such windows, and each outage counts for as long as it takes.
fn down_besides(
    model: &Model,
    own: &Side<'_>,
    all: &[Promise<'_>],
    works: &[&Maintenance],
    first: &First,
) -> Option<Duration> {
    let simple = |one: &Promise<'_>| one.window == own.promise.window && is_in_proportion(model, one);
    if !all.iter().all(simple) || !is_in_proportion(model, &own.promise) {
        return None;
    }
    // What is excluded shortens the supplier's window.
    let shortens = |one: &Maintenance| one.counts.as_ref().is_some_and(|counts| counts.value == Counts::Excluded);
    let excluded: Vec<&Maintenance> = works.iter().filter(|one| shortens(one)).copied().collect();
    let rest = &first.at.length() - &time_used(model, &excluded, first)?;
    Some(rest.times(&all.iter().map(Promise::slack).min()?))
}

/// What shortens our window and not that of the supplier, for which it counts as met: ours allows less then.
fn shortens(model: &Model, own: &Side<'_>, other: &Side<'_>) -> Option<Diagnostic> {
    let (ours, theirs) = (own.promise.slack(), other.promise.slack());
    // Where a lower target is promised, that is told.
    if theirs.is_zero() || own.promise.is_broken_by(&theirs, other.promise.strict) {
        return None;
    }
    let how = |one: &Ref, how: Counts| {
        let counts = model.exclusions.get(&one.value).and_then(|one| one.counts.as_ref());
        counts.is_some_and(|counts| counts.value == how)
    };
    let met = other.commitment.exclude.iter().filter(|one| how(one, Counts::Met));
    let (shorter, met) = met.into_iter().find_map(|met| {
        let same = words(model, met)?;
        let mut cut = own.commitment.exclude.iter().filter(|one| how(one, Counts::Excluded));
        Some((cut.find(|one| words(model, one).as_ref() == Some(&same))?, met))
    })?;
    let (name, their_name) = (&own.commitment.head.name, &other.commitment.head.name);
    let message = format!(
        "`{}` shortens the window of `{name}`, and not that of `{their_name}`, which it depends on",
        shorter.value
    );
    let finding = Diagnostic::new(codes::SUPPLIER_EXCLUDES_MORE, shorter.span, message)
        .primary("is not counted")
        .label(met.span, format!("`{their_name}`: counts as met"))
        .help("have both count it in one way: `counts met`, or `counts excluded`");
    let first = First::of(model, &own.target.window).filter(|_| own.target.window == other.target.window);
    let Some(first) = first else { return Some(finding) };
    // So much of the window is left that what the supplier may fail fits into it, and is more than what ours allows of it.
    let (half, most) = (Exact::ratio(1, 2)?, theirs.checked_div(&ours)?);
    let left = if theirs <= half && half < most { half.clone() } else { (&theirs + &most) * half };
    let (down, allowed) = apart(&first.length(&theirs), &first.length(&(&ours * &left)));
    let title = model.exclusions.get(&shorter.value).map(|one| one.head.label())?;
    Some(finding.witness(format!(
        "if “{title}” takes {} of {}, `{}` may be down for {down} in the rest and keep `{their_name}`; of the rest `{name}` \
         allows {allowed}",
        first.part(&(Exact::one() - &left)),
        first.name(),
        other.promise.service.head.name,
    )))
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
