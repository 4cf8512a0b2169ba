//! What counts for a promise, and is excluded from those that it depends on.

use super::implied::implies;
use super::spans::{longest, sharing};
use super::trial::is_in_proportion;
use super::window::whole;
use super::{Chains, First, Own, Promise, Side, apart, not_compared, quoted, sides, time_words};
use crate::calculus::{Expr, ExprKind};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::evaluate::{Interval, nanos};
use crate::model::{Budget, Commitment, Condition, Counts, Exclusion, Maintenance, Model, Ref};
use crate::values::{Amount, Duration, Exact};
use std::collections::BTreeSet;

/// Budgets over more windows in one of ours are not added up.
const MOST_WINDOWS: usize = 1_000;
/// So many windows of ours are looked at, from the first one on.
const MOST_OURS: usize = 400;
/// So much work is done for all that is planned.
const MOST_WORK: usize = 10_000_000;

/// What is told where that is not enough.
const TOO_MUCH: &str = "of this one and of all that come after, planned work is added up for the first windows only";

/// What a supplier excludes still counts where it is not excluded as well.
pub fn excluded(model: &Model) -> Vec<Diagnostic> {
    let (mut found, mut left, mut spent_at) = (Vec::new(), MOST_WORK, None);
    for chains in Chains::all(model) {
        let pairs = chains.pairs();
        for (own, other, _) in &pairs {
            let theirs = chains.promises(&other.promise.service.head.name);
            found.extend(more(model, own, other, theirs, &mut left));
            found.extend(excused(model, own, other));
            found.extend(shortens(model, own, other));
            if left == 0 && spent_at.is_none() {
                spent_at = Some((*own, *other));
            }
        }
        found.extend(chains.own().0.iter().flat_map(|own| together(&chains, own, &mut left)));
        if left == 0 && spent_at.is_none() {
            spent_at = pairs.first().map(|(own, other, _)| (*own, *other));
        }
    }
    found.extend(spent_at.map(|(own, other)| not_compared(&own, &other, TOO_MUCH)));
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
fn together<'a>(chains: &Chains<'a>, own: &Own<'a>, left: &mut usize) -> Vec<Diagnostic> {
    let model = chains.model;
    let needed = own.network.needed();
    let finding = |ours: Side<'a>| {
        let (mut services, mut places) = (Vec::<Planned<'_>>::new(), Vec::new());
        for leaf in &needed {
            let theirs = chains.promises(&leaf.service.head.name);
            let Some(other) = sides(theirs.to_vec()).into_iter().next() else { continue };
            let excluded = left_out(model, &ours, &other);
            let planned = excluded.iter().filter_map(|one| Some((*one, model.maintenances.get(&one.value)?)));
            // What has no budget is told by itself, and what several exclude is counted once.
            let is_known = |work: &Maintenance| {
                services.iter().flat_map(|one| &one.works).any(|known| known.head.name == work.head.name)
            };
            let new: Vec<(&Ref, &Maintenance)> = planned.filter(|(_, one)| limited(one) && !is_known(one)).collect();
            places.extend(new.iter().map(|(at, _)| (at.span, other.commitment.head.name.clone())));
            services.push(Planned { works: new.into_iter().map(|(_, one)| one).collect(), theirs });
        }
        let owners: BTreeSet<&str> = places.iter().map(|(_, name)| name.as_str()).collect();
        if owners.is_empty() {
            return None;
        }
        // What breaks ours by itself is told.
        for one in services.iter().filter(|one| !one.works.is_empty()) {
            if hardest(model, &ours, std::slice::from_ref(one), left)?.is_too_much() {
                return None;
            }
        }
        let Hardest { first, allowed, used, besides } =
            hardest(model, &ours, &services, left).filter(Hardest::is_too_much)?;
        // So is what the services come to without any planned work.
        if owners.len() < 2 && besides > allowed {
            return None;
        }
        let name = &ours.commitment.head.name;
        let titles: Vec<String> = services.iter().flat_map(|one| &one.works).map(|one| titled(one)).collect();
        let titles = crate::wording::listed(&titles, "and");
        let mut witness = format!("{titles} come to {} in {}", time_words(&used), first.words);
        if used <= allowed {
            witness += &format!(
                ", and to {} with the {} for which the services may be down besides",
                time_words(&(&used + &besides)),
                time_words(&besides)
            );
        }
        let finding = Diagnostic::new(
            codes::SUPPLIER_EXCLUDES_MORE,
            ours.commitment.head.name_span,
            match used <= allowed {
                true => format!(
                    "planned work of services on which `{name}` depends, with the time for which these may be down besides, comes to more than it allows"
                ),
                false => format!(
                    "the planned work of several services on which `{name}` depends comes to more than it allows"
                ),
            },
        )
        .severity(Severity::Warning)
        .primary(format!("allows {} in {}", time_words(&allowed), first.words))
        .witness(format!("{witness}: all of it counts against `{name}`"))
        .help(format!(
            "exclude it from `{name}` as well, or {}",
            if owners.len() < 2 { "promise less" } else { "have all of it done at the same times" }
        ));
        let labelled = places.iter().take(4);
        Some(labelled.fold(finding, |finding, (at, theirs)| finding.label(*at, format!("`{theirs}` excludes it"))))
    };
    sides(own.highest()).into_iter().filter_map(finding).collect()
}

/// Whether a budget of so much time limits planned work.
fn limited(work: &Maintenance) -> bool {
    work.budget.as_ref().is_some_and(|of| matches!(of.amount, Amount::Elapsed(_)))
}

/// What a supplier excludes and ours does not: by the name, by the words, or by what is measured.
fn left_out<'a>(model: &Model, own: &Side<'_>, other: &Side<'a>) -> Vec<&'a Ref> {
    let ours: BTreeSet<&str> = own.commitment.exclude.iter().map(|one| one.value.as_str()).collect();
    let same: BTreeSet<String> = own.commitment.exclude.iter().filter_map(|one| words(model, one)).collect();
    let conditions: Vec<&Expr> = own.commitment.exclude.iter().filter_map(|one| measured(model, one)).collect();
    let is_ours = |one: &Ref| match measured(model, one) {
        Some(when) => implies(model, when, &conditions),
        None => words(model, one).is_some_and(|words| same.contains(&words)),
    };
    other.commitment.exclude.iter().filter(|one| !ours.contains(one.value.as_str()) && !is_ours(one)).collect()
}

/// The names of what ours excludes under conditions on what another condition reads as well: it may exclude a part of that.
fn in_part<'a>(model: &Model, own: &Side<'a>, when: &Expr) -> Vec<&'a str> {
    let read = |expr: &Expr| {
        let mut signals = BTreeSet::new();
        model.through(expr, &mut |part| {
            if let ExprKind::Reading(reading) = &part.kind {
                signals.insert(reading.signal.clone());
            }
        });
        signals
    };
    let theirs = read(when);
    let shares = |one: &&Ref| measured(model, one).is_some_and(|ours| !read(ours).is_disjoint(&theirs));
    own.commitment.exclude.iter().filter(shares).map(|one| one.value.as_str()).collect()
}

fn more(model: &Model, own: &Side<'_>, other: &Side<'_>, all: &[Promise<'_>], left: &mut usize) -> Option<Diagnostic> {
    let excluded = left_out(model, own, other);
    if excluded.is_empty() {
        return None;
    }
    let (name, theirs) = (&own.commitment.head.name, &other.commitment.head.name);
    let mut finding = Diagnostic::new(
        codes::SUPPLIER_EXCLUDES_MORE,
        own.commitment.head.name_span,
        format!(
            "{} {} for `{name}`, and not for `{theirs}`, which it depends on",
            quoted(excluded.iter().map(|one| one.value.as_str())),
            if excluded.len() == 1 { "counts" } else { "count" },
        ),
    )
    .primary(if excluded.len() == 1 { "does not exclude it" } else { "does not exclude them" });
    let works: Vec<&Maintenance> = excluded.iter().filter_map(|one| model.maintenances.get(&one.value)).collect();
    let endless = works.iter().find(|one| !limited(one));
    let planned = Planned { works: works.clone(), theirs: all };
    let hardest = (!works.is_empty()).then(|| hardest(model, own, &[planned], left)).flatten();
    // Beside its planned work the supplier may be down as well.
    let besides = hardest.as_ref().filter(|one| one.used <= one.allowed && one.is_too_much()).map(|one| {
        format!(
            ": with the {} for which `{}` may be down besides and keep `{theirs}`, that is {}",
            time_words(&one.besides),
            other.promise.service.head.name,
            time_words(&(&one.used + &one.besides))
        )
    });
    if endless.is_some() || hardest.as_ref().is_some_and(Hardest::is_too_much) {
        finding = finding.severity(Severity::Warning);
    }
    let budgets = || {
        let texts = works.iter().filter_map(|one| {
            let budget = one.budget.as_ref()?;
            let Amount::Elapsed(time) = &budget.amount else { return None };
            Some(format!("up to {} per {} of {}", time.words(), budget.per, titled(one)))
        });
        let texts: Vec<String> = texts.collect();
        let most = hardest.as_ref().map(|Hardest { first, allowed, used, .. }| {
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
        let (one, exclusion) = excluded.iter().find_map(|one| Some((*one, model.exclusions.get(&one.value)?)))?;
        let ours = measured(model, one).map(|when| in_part(model, own, when)).unwrap_or_default();
        let but = match ours.len() {
            0 => String::new(),
            1 => format!(" and {} does not", quoted(ours.into_iter())),
            _ => format!(" and none of {} does", quoted(ours.into_iter())),
        };
        Some(format!(
            "while “{}” lasts{but}, `{}` may be down and keep `{theirs}`; for `{name}` that time counts",
            exclusion.head.label(),
            other.promise.service.head.name
        ))
    });
    if let Some(witness) = witness {
        finding = finding.witness(witness);
    }
    let each = excluded
        .iter()
        .take(4)
        .fold(finding, |finding, one| finding.label(one.span, format!("`{theirs}` excludes it")));
    Some(each.help(format!("exclude it from `{name}` as well, or have the supplier count it")))
}

/// Planned work for a service of which something is promised.
struct Planned<'a> {
    works: Vec<&'a Maintenance>,
    theirs: &'a [Promise<'a>],
}

/// The window of ours in which planned work comes to most, beside what we allow.
struct Hardest {
    first: First,
    allowed: Duration,
    /// What may be used up of all budgets.
    used: Duration,
    /// For how long the services may be down besides.
    besides: Duration,
}

impl Hardest {
    /// How much more it comes to than we allow.
    fn beyond(&self) -> Exact {
        (&self.used + &self.besides).seconds() - self.allowed.seconds()
    }

    fn is_too_much(&self) -> bool {
        self.beyond().signum() > 0
    }
}

/// Of our windows in the term the first one in which the planned work of services, with what they may be down besides, comes to
/// most beyond what we allow; nothing where one has no budget. Of a calendar month, the days and the weeks that it shares time
/// with differ.
fn hardest(model: &Model, own: &Side<'_>, services: &[Planned<'_>], left: &mut usize) -> Option<Hardest> {
    let mut most: Option<Hardest> = None;
    for at in whole(model, &own.target.window)?.take(MOST_OURS) {
        // The first one is looked at in any case.
        if most.is_some() && *left == 0 {
            break;
        }
        let (mut used, mut besides) = (Duration::zero(), Duration::zero());
        for one in services {
            used = &used + &time_used(model, &one.works, at, left)?;
            besides = &besides + &down_besides(model, own, one, at, left).unwrap_or_else(Duration::zero);
        }
        let allowed = at.length().times(&own.promise.slack());
        let here = Hardest { first: First::at(model, at)?, allowed, used, besides };
        if most.as_ref().is_none_or(|most| here.beyond() > most.beyond()) {
            most = Some(here);
        }
    }
    most
}

/// How much of the budgets of planned work may be used up in a window of ours; nothing where one has none.
fn time_used(model: &Model, works: &[&Maintenance], at: Interval, left: &mut usize) -> Option<Duration> {
    let each = works.iter().map(|one| used(model, one.budget.as_ref()?, at, left));
    each.sum::<Option<i128>>().map(|nanos| Interval { start: 0, end: nanos }.length())
}

/// How long a service may be down in a window of ours beside all planned work, and keep what is promised of it; where that is
/// promised for such windows, and each outage counts for as long as it takes.
fn down_besides(
    model: &Model,
    own: &Side<'_>,
    planned: &Planned<'_>,
    at: Interval,
    left: &mut usize,
) -> Option<Duration> {
    let simple = |one: &Promise<'_>| one.window == own.promise.window && is_in_proportion(model, one);
    if !planned.theirs.iter().all(simple) || !is_in_proportion(model, &own.promise) {
        return None;
    }
    // What is excluded shortens the supplier's window.
    let shortens = |one: &Maintenance| one.counts.as_ref().is_some_and(|counts| counts.value == Counts::Excluded);
    let excluded: Vec<&Maintenance> = planned.works.iter().filter(|one| shortens(one)).copied().collect();
    let rest = &at.length() - &time_used(model, &excluded, at, left)?;
    Some(rest.times(&planned.theirs.iter().map(Promise::slack).min()?))
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

/// How much of a budget may be used up in a stretch of time, in nanoseconds: in all its windows that share time with that.
fn used(model: &Model, budget: &Budget, at: Interval, left: &mut usize) -> Option<i128> {
    let Amount::Elapsed(time) = &budget.amount else { return None };
    let each = nanos(time)?;
    let windows: Vec<_> = sharing(model, &budget.per, at)?.into_iter().map(|window| (window, each)).collect();
    // Windows are compared with each other.
    *left = left.saturating_sub((2 * windows.len() + 1) * (windows.len() + 1));
    (windows.len() <= MOST_WINDOWS).then(|| longest(at, &windows).iter().map(|(_, used)| used).sum())
}

/// Maintenance in a sentence.
fn titled(maintenance: &Maintenance) -> String {
    format!("“{}”", maintenance.head.label())
}

/// The condition of an exclusion on what is measured.
fn measured<'a>(model: &'a Model, one: &Ref) -> Option<&'a Expr> {
    match model.exclusions.get(&one.value)?.when.as_ref()? {
        Condition::Measured(when) => Some(when),
        Condition::Judged(_) => None,
    }
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
