//! Outages of one option of a dimension alone, beside what is promised of all its options together.

use super::besides::{self, Besides, Kept};
use super::counting::{Ours, attained};
use super::outages::{Outages, Rhythm};
use super::trial::{self, Bad, TooMuch, Trial, is_in_proportion, keeps};
use super::{Chains, First, Promise, Side, sides, stated};
use crate::calculus::{ExprKind, Part, Slice, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Interval, Verdict};
use crate::model::{Choice, Commitment, Model, Target};
use crate::values::{Exact, Ratio};
use crate::wording::listed;
use std::collections::{BTreeMap, BTreeSet};

/// So many outages are tried for one option.
const MOST_OUTAGES: usize = 3;
/// How many times as much as one option is asked of all of them, from few to many.
const TIMES: [i64; 8] = [2, 4, 5, 10, 20, 50, 100, 1_000];

/// What was found of targets that differ by their options alone: it is the same for each option.
#[derive(Default)]
pub(super) struct Tried(BTreeMap<(String, usize, String, String), Option<Shown>>);

/// A course of events of one option that a promise over all options does not show.
#[derive(Clone)]
struct Shown {
    /// What fails, and for how long, in words.
    what: String,
    /// Which part of what is counted over all options is that of this one.
    part: Exact,
    /// What the two come to, in words.
    missed: String,
    kept: String,
}

impl Ours<'_> {
    /// By which of its options a target is measured, of which a promise counts all together: what that comes to says nothing of
    /// any one of them. None for states, of which nothing is counted, and for a promise that differs by other options, since it
    /// is not known what these have to do with ours.
    fn lumped(&self, model: &Model, other: &Commitment, measured: &Target) -> Vec<&Choice> {
        let (mut own, mut counts) = (BTreeSet::new(), true);
        model.through(&self.target.measure, &mut |part| own.extend(options_of(model, &part.kind)));
        let mut theirs: BTreeSet<&str> = other.head.variant.iter().map(|one| one.dimension.as_str()).collect();
        model.through(&measured.measure, &mut |part| {
            theirs.extend(options_of(model, &part.kind).iter().map(|one| one.dimension.as_str()));
            counts &= match &part.kind {
                ExprKind::Reading(reading) => matches!(reading.part, Part::Count(_)),
                // Each of them is looked at by itself.
                ExprKind::Apply { slice, .. } => !matches!(slice, Some(Slice::Key(_))),
                _ => true,
            };
        });
        let head = &self.commitment.head;
        if !counts || !theirs.iter().all(|dimension| head.has(dimension)) {
            return Vec::new();
        }
        let apart = |choice: &&Choice| own.contains(choice) && !theirs.contains(choice.dimension.as_str());
        head.variant.iter().filter(apart).filter(|choice| has_others(model, choice)).collect()
    }

    /// That an outage of one option breaks it and keeps what is promised of a service over all options, where one does.
    pub fn outage_of_one(
        &self,
        chains: &Chains<'_>,
        theirs: &[Promise<'_>],
        tried: &mut Tried,
        left: &mut i128,
    ) -> Result<Option<Diagnostic>, TooMuch> {
        let model = chains.model;
        let all = sides(theirs.iter().filter(|one| one.window == &self.target.window).copied().collect());
        let lumped = all.into_iter().map(|one| (one, self.lumped(model, one.commitment, one.target)));
        let Some((other, choices)) = { lumped }.find(|(_, choices)| !choices.is_empty()) else { return Ok(None) };
        let key = (
            self.commitment.head.family.clone(),
            self.commitment.targets.iter().position(|one| one.id == self.target.id).unwrap_or(0),
            self.target.value.as_ref().map_or_else(|| self.target.bound.to_string(), ToString::to_string),
            format!("{} {:?}", other.commitment.head.name, other.target.span),
        );
        let shown = match tried.0.get(&key) {
            Some(known) => known.clone(),
            None => {
                let shown = self.shown(chains, theirs, &other, left)?;
                tried.0.insert(key, shown.clone());
                shown
            }
        };
        Ok(shown.map(|shown| self.alone(model, (&other, &choices), &shown)))
    }

    fn shown(
        &self,
        chains: &Chains<'_>,
        theirs: &[Promise<'_>],
        other: &Side<'_>,
        left: &mut i128,
    ) -> Result<Option<Shown>, TooMuch> {
        let model = chains.model;
        let Some(first) = First::of(model, &self.target.window) else { return Ok(None) };
        let features = super::features::Features::of(model, other.target);
        let rhythm = Rhythm::of(model, self.target, (other.target, &features));
        let whole = Exact::one();
        let outages = match &self.promise {
            Some(own) => Outages::of(&first, &own.slack(), &whole, &rhythm),
            None => Outages::allowed(&first, &other.promise, &rhythm),
        };
        let ours = match &self.promise {
            Some(own) if self.is_simple(model, own) => None,
            _ => match Trial::of_target(model, (self.commitment, self.target), &first, left)? {
                Some(trial) => Some(trial),
                None => return Ok(None),
            },
        };
        let mut parts = features.levels();
        parts.extend(TIMES.iter().filter_map(|times| Exact::ratio(1, *times)));
        let long = outages.into_iter().filter(|outages| self.promise.is_none() || !outages.short);
        for outages in long.take(MOST_OUTAGES) {
            let bad = outages.bad();
            let missed = match &ours {
                Some(trial) => {
                    let judged = trial.judged(bad, left)?.filter(|judged| judged.verdict == Verdict::Missed);
                    judged.map(|judged| attained(trial::attained(&judged)))
                }
                None => self.promise.as_ref().and_then(|own| proportional(own, bad, &first)).and_then(missed),
            };
            let Some(missed) = missed else { continue };
            let mut keeps = |part: &Exact| self.keeps_all(chains, theirs, (bad, part, &first), left);
            // The less of all an option is, the less of it counts.
            if !parts.first().is_some_and(&mut keeps) {
                continue;
            }
            let Some(part) = parts.iter().rev().find(|part| keeps(part)) else { continue };
            if let Some(kept) = self.kept(model, other, (Bad { part, ..bad }, &first), left)? {
                let what = outages.words(model, &first);
                return Ok(Some(Shown { what, part: part.clone(), missed, kept }));
            }
        }
        Ok(None)
    }

    /// Whether all that is promised of a service is kept where this option has such a part of what is counted over all of them,
    /// and is bad alone.
    fn keeps_all(
        &self,
        chains: &Chains<'_>,
        theirs: &[Promise<'_>],
        (bad, part, first): (Bad<'_>, &Exact, &First),
        left: &mut i128,
    ) -> bool {
        let model = chains.model;
        let of = |commitment: &Commitment, target: &Target| {
            let part = if self.lumped(model, commitment, target).is_empty() { bad.part } else { part };
            Bad { at: bad.at, part, unmeasured: bad.unmeasured }
        };
        let each = theirs.iter().all(|one| {
            let bad = one.commitment.map_or(bad, |(commitment, target)| of(commitment, target));
            match self.is_simple(model, one).then(|| proportional(one, bad, first)).flatten() {
                Some((_, kept)) => kept,
                None => keeps(model, one, bad, first, left),
            }
        });
        let service = theirs.first().map_or("", |one| one.service.head.name.as_str());
        let besides = |one: &Besides<'_>| of(one.commitment, one.target);
        each && matches!(besides::kept_each(chains, service, &besides, first, left), Kept::All)
    }

    /// Whether it is known without a trial what comes of an outage: the promise loses as much as fails, in a window like ours.
    fn is_simple(&self, model: &Model, promise: &Promise<'_>) -> bool {
        promise.window == &self.target.window && is_in_proportion(model, promise)
    }

    /// What a promise over all options comes to, in words.
    fn kept(
        &self,
        model: &Model,
        other: &Side<'_>,
        (bad, first): (Bad<'_>, &First),
        left: &mut i128,
    ) -> Result<Option<String>, TooMuch> {
        if is_in_proportion(model, &other.promise) {
            return Ok(proportional(&other.promise, bad, first).map(|(value, _)| attained(Some(&value))));
        }
        let Some(trial) = Trial::of_target(model, (other.commitment, other.target), first, left)? else {
            return Ok(None);
        };
        Ok(trial.judged(bad, left)?.map(|judged| attained(trial::attained(&judged))))
    }

    fn alone(&self, model: &Model, (other, choices): (&Side<'_>, &[&Choice]), shown: &Shown) -> Diagnostic {
        let (name, theirs) = (&self.commitment.head.name, &other.commitment.head.name);
        let message = format!(
            "`{theirs}` is about all options together, and an outage of one breaks `{name}`, which depends on it"
        );
        let Shown { what, part, missed, kept } = shown;
        let option = |choice: &&Choice| match model.dimensions.get(&choice.dimension).filter(|_| choice.each) {
            Some(of) => format!("one option of “{}”", of.head.label()),
            None => format!("“{}”", choice.title),
        };
        let option = listed(&choices.iter().map(option).collect::<Vec<_>>(), "and");
        Diagnostic::new(codes::SUPPLIER_COUNTS_LESS, self.target.span, message)
            .primary("missed")
            .label(other.target.span, "kept")
            .witness(format!(
                "if {option} has {} of what is counted for `{theirs}`, and alone has {what}: `{theirs}` comes to {kept} and is \
                 kept, `{name}` comes to {missed} and is missed",
                stated(part)
            ))
            .help("have the supplier promise it for each option as well, or promise it for all options together")
    }
}

/// What a promise comes to that loses as much as what it measures fails, and whether that keeps it.
fn proportional(promise: &Promise<'_>, bad: Bad<'_>, first: &First) -> Option<(Value, bool)> {
    let down = Interval { start: 0, end: bad.at.iter().map(|at| at.end - at.start).sum() }.length();
    let fails = down.times(bad.part).seconds().checked_div(first.at.length().seconds())?;
    let kept = !promise.is_broken_by(&fails, false);
    Some((Value::Ratio(Ratio(promise.side.of(&(Exact::one() - &fails)))), kept))
}

/// What is missed, in words.
fn missed((value, kept): (Value, bool)) -> Option<String> {
    (!kept).then(|| attained(Some(&value)))
}

/// The options for which a signal is that is read.
fn options_of<'m>(model: &'m Model, kind: &ExprKind) -> Vec<&'m Choice> {
    let ExprKind::Reading(reading) = kind else { return Vec::new() };
    model.signals.get(&reading.signal).map(|signal| signal.head.variant.iter().collect()).unwrap_or_default()
}

/// Whether there are other options than this one, here or in the agreement of the supplier.
fn has_others(model: &Model, choice: &Choice) -> bool {
    let dimension = model.dimensions.get(&choice.dimension);
    let beyond = model.beyond.iter().any(|one| one.dimension == choice.dimension);
    beyond || dimension.is_some_and(|dimension| dimension.open || dimension.options.len() > 1)
}
