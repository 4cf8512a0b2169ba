//! Outages that break a promise, and that a supplier does not count.

use super::besides::{self, Kept};
use super::features::Features;
use super::options::Tried;
use super::outages::{Outages, Rhythm};
use super::shape::Shapes;
use super::trial::{self, ALL_SLICES, Bad, TooMuch, Trial, keeps};
use super::{Chains, First, Own, Promise, Side, counts, is_understood, quoted, sides};
use crate::calculus::{Value, shown};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Judged, Verdict};
use crate::model::{Commitment, Condition, Model, Target};
use crate::values::{Exact, Ratio, Rounding};
use std::collections::BTreeSet;

/// So many parts of what happens are supposed to fail.
const MOST_LEVELS: usize = 24;
/// So many figures are shown beside one target.
const SHOWN: usize = 4;

/// An outage that counts for a promise counts for the supplier as well.
pub fn counted_less(model: &Model) -> Vec<Diagnostic> {
    let mut left = ALL_SLICES;
    let (mut found, mut tried) = (Vec::new(), Tried::default());
    let all = Chains::all(model);
    for (chains, own) in all.iter().flat_map(|chains| chains.own().0.into_iter().map(move |own| (chains, own))) {
        let needed = own.network.needed();
        let theirs = needed.iter().map(|leaf| chains.promises(&leaf.service.head.name));
        let theirs = theirs.filter_map(|all| Some((all, sides(all.to_vec()).into_iter().next()?)));
        let theirs: Vec<(&[Promise<'_>], Side<'_>)> = theirs.collect();
        let figures = needed.iter().filter_map(|leaf| leaf.promise);
        let figures = figures.filter(|one| sides(chains.promises(&one.service.head.name).to_vec()).is_empty());
        let figures: Vec<Promise<'_>> = figures.filter(|one| one.slack().signum() > 0).collect();
        for ours in Ours::all(chains, &own) {
            found.extend(ours.beside_figures(model, &figures));
            for (all, highest) in &theirs {
                match ours.counts_less(chains, (all, highest), &mut tried, &mut left) {
                    Ok(finding) => found.extend(finding),
                    Err(TooMuch) if left > 0 => {
                        let why = "too many slices are measured in a window to try outages out";
                        found.push(ours.not_compared(highest, why));
                    }
                    Err(TooMuch) => {
                        let why =
                            "too many slices are measured to try outages out, for this one and for all that come after";
                        found.push(ours.not_compared(highest, why));
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// A target of ours.
pub(super) struct Ours<'a> {
    pub commitment: &'a Commitment,
    pub target: &'a Target,
    /// What it promises, where that is a part of the time, or of what happens.
    pub promise: Option<Promise<'a>>,
}

impl<'a> Ours<'a> {
    /// All of those of a service that are read from states and counts, or stand beside one that is.
    fn all(chains: &Chains<'a>, own: &Own<'a>) -> Vec<Ours<'a>> {
        let of = |one: &Promise<'a>| {
            let (commitment, target) = one.commitment?;
            Some(Ours { commitment, target, promise: Some(*one) })
        };
        let mut all: Vec<Ours<'a>> = own.promises.iter().filter_map(of).collect();
        let compared: BTreeSet<&str> = all.iter().map(|one| one.commitment.head.name.as_str()).collect();
        let service = own.promises.first().map(|one| one.service.head.name.as_str());
        let of_service = chains.model.commitments.iter().filter(|one| {
            one.of.as_ref().map(|of| of.value.as_str()) == service
                && one.head.variant == chains.variant
                && !one.head.poisoned
                && one.targets.iter().all(|target| is_understood(chains.model, &target.measure))
        });
        let further = of_service.flat_map(|commitment| {
            let known = |target: &&Target| all.iter().all(|one| one.target.id != target.id);
            let read =
                |target: &&Target| compared.contains(commitment.head.name.as_str()) || counts(chains.model, target);
            let targets = commitment.targets.iter().filter(known).filter(read);
            targets.map(move |target| Ours { commitment, target, promise: None })
        });
        let further: Vec<Ours<'a>> = further.collect();
        all.extend(further);
        all
    }

    fn not_compared(&self, other: &Side<'_>, why: &str) -> Diagnostic {
        let finding = super::told_apart(self.commitment, other.commitment, why);
        match self.commitment.targets.len() {
            0 | 1 => finding,
            _ => finding.label(self.target.span, "this target"),
        }
    }

    /// That a length of time or a number is not held against services of which a part of the time is stated and no more.
    fn beside_figures(&self, model: &Model, figures: &[Promise<'_>]) -> Option<Diagnostic> {
        if self.promise.is_some() || figures.is_empty() || !counts(model, self.target) {
            return None;
        }
        let names = quoted(figures.iter().map(|one| one.service.head.name.as_str()));
        let message = format!(
            "`{}` is not compared with what is promised of {names}, on which it depends",
            self.commitment.head.name
        );
        let finding =
            Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, self.target.span, message).primary("is no part of the time");
        let labelled = figures
            .iter()
            .take(SHOWN)
            .fold(finding, |finding, one| finding.label(one.span, "says no more than a part of the time"));
        Some(
            labelled
                .help("read them side by side: a commitment of the supplier that says how it is measured is compared"),
        )
    }

    /// Whether both are measured in one way.
    fn is_alike(&self, model: &Model, shapes: &Shapes<'_>, other: &Side<'_>) -> bool {
        let (counts, others) = (Features::of(model, self.target), Features::of(model, other.target));
        let features = counts.beside(&others).is_empty() && others.beside(&counts).is_empty();
        let shape = |promise: &Promise<'_>| {
            features
                && shapes.of_target(self.target, promise.side) == shapes.of_target(other.target, other.promise.side)
        };
        self.promise.as_ref().is_some_and(|promise| {
            shape(promise) || self.target.measure.to_string() == other.target.measure.to_string()
        })
    }

    fn counts_less(
        &self,
        chains: &Chains<'_>,
        (theirs, highest): (&[Promise<'_>], &Side<'_>),
        tried: &mut Tried,
        left: &mut i128,
    ) -> Result<Option<Diagnostic>, TooMuch> {
        let model = chains.model;
        // Where a lower target is promised, that is told.
        let (slack, strict) = (highest.promise.slack(), highest.promise.strict);
        if self.promise.is_some_and(|own| own.is_broken_by(&slack, strict)) {
            return Ok(None);
        }
        let under = |commitment: &Commitment| match &commitment.applies_when {
            Some(Condition::Measured(when)) => Some(when.to_string()),
            Some(Condition::Judged(words)) => Some(words.value.clone()),
            None => None,
        };
        if under(highest.commitment).is_some_and(|when| under(self.commitment) != Some(when)) {
            let name = &highest.commitment.head.name;
            let why = format!(
                "`{name}` applies under a condition: while that does not hold, the supplier promises and pays nothing"
            );
            return Ok(Some(self.not_compared(highest, &why)));
        }
        if let Some(finding) = self.outage_of_one(chains, theirs, tried, left)? {
            return Ok(Some(finding));
        }
        let higher = |one: &Promise<'_>| self.promise.is_none_or(|own| one.slack() <= own.slack());
        let comparable = |one: &&Promise<'_>| one.window == &self.target.window && higher(one);
        let same = sides(theirs.iter().filter(comparable).copied().collect());
        // What counts alike needs no trial, and neither does what is kept with one that counts alike.
        let shapes = Shapes::of(model);
        let other = same.first().copied();
        let side = other.unwrap_or(*highest);
        if same.iter().chain([&side]).any(|one| self.is_alike(model, &shapes, one)) {
            return Ok(None);
        }
        let (counts, others) = (Features::of(model, self.target), Features::of(model, side.target));
        let missing = counts.is_stricter(&others);
        let ways = |why: &str| {
            let missing = missing.map(|(own, theirs)| {
                format!(
                    ", and for missing data: what was not measured {} for `{}`, and {} for `{}`",
                    theirs.words(),
                    side.commitment.head.name,
                    own.words(),
                    self.commitment.head.name,
                )
            });
            let why = format!("the two are measured in different ways{}{why}", missing.unwrap_or_default());
            Ok(Some(self.not_compared(&side, &why)))
        };
        let Some(other) = other else { return ways(", and over different windows") };
        let Some(first) = First::of(model, &self.target.window) else { return ways("") };
        let Some(ours) = Trial::of_target(model, (self.commitment, self.target), &first, left)? else {
            return ways("");
        };
        let Some(trial) = Trial::new(model, (other.commitment, other.target), &first, left)? else { return ways("") };
        let rhythm = Rhythm::of(model, self.target, (other.target, &others));
        let gaps = missing.into_iter().flat_map(|(own, theirs)| {
            let allowed = self.promise.map_or_else(|| other.promise.slack(), |own| own.slack());
            Outages::gaps(&first, &allowed, (own, theirs))
        });
        let levels: BTreeSet<Exact> = others.levels().into_iter().chain(counts.levels()).collect();
        let allowed = Outages::allowed(&first, &other.promise, &rhythm);
        let parts = std::iter::once(Exact::one()).chain(levels.into_iter().take(MOST_LEVELS));
        let own = self.promise.map(|own| own.slack());
        let beyond = parts.flat_map(|part| {
            let of = own.as_ref().map(|slack| Outages::of(&first, slack, &part, &rhythm));
            of.unwrap_or_default()
        });
        for outages in gaps.chain(allowed).chain(beyond) {
            let bad = outages.bad();
            // What is likely not to be so is tried first.
            let both = match outages.short {
                true => both((&ours, Verdict::Missed), (&trial, Verdict::Met), bad, left)?,
                false => both((&trial, Verdict::Met), (&ours, Verdict::Missed), bad, left)?
                    .map(|(kept, missed)| (missed, kept)),
            };
            let Some((missed, kept)) = both else { continue };
            let mut further = theirs.iter().filter(|one| one.span != other.target.span);
            let service = &other.promise.service.head.name;
            if further.all(|one| keeps(model, one, bad, &first, left))
                && matches!(besides::kept(chains, service, bad, &first, left), Kept::All)
            {
                return Ok(Some(self.finding(model, &missed, (&other, &kept), &first, &outages)));
            }
        }
        ways(
            ": no outage that was tried breaks one and not the other, but with few users at night, or in another rhythm, one may",
        )
    }

    fn finding(
        &self,
        model: &Model,
        missed: &Judged,
        (other, kept): (&Side<'_>, &Judged),
        first: &First,
        outages: &Outages,
    ) -> Diagnostic {
        let (name, theirs) = (&self.commitment.head.name, &other.commitment.head.name);
        let message = format!("`{theirs}` does not count outages that break `{name}`, which depends on it");
        let what = outages.words(model, first);
        let mut finding = Diagnostic::new(codes::SUPPLIER_COUNTS_LESS, self.target.span, message)
            .primary("missed")
            .label(other.target.span, "kept")
            .witness(format!(
                "{what}: `{theirs}` comes to {} and is kept, `{name}` comes to {} and is missed",
                attained(trial::attained(kept)),
                attained(trial::attained(missed)),
            ));
        let (ours, others) = (Features::of(model, self.target), Features::of(model, other.target));
        for (span, text) in others.beside(&ours).into_iter().take(4) {
            finding = finding.label(span, format!("`{theirs}`: {text}"));
        }
        for (span, text) in ours.beside(&others).into_iter().take(2) {
            finding = finding.label(span, format!("`{name}`: {text}"));
        }
        finding.help("agree on one way of counting with the supplier and the customer, or promise less")
    }
}

/// What comes of two promises one after the other, where it is as it is looked for.
fn both(
    (one, first): (&Trial<'_>, Verdict),
    (other, second): (&Trial<'_>, Verdict),
    bad: Bad<'_>,
    left: &mut i128,
) -> Result<Option<(Judged, Judged)>, TooMuch> {
    let Some(judged) = one.judged(bad, left)?.filter(|judged| judged.verdict == first) else { return Ok(None) };
    let then = other.judged(bad, left)?.filter(|judged| judged.verdict == second);
    Ok(then.map(|then| (judged, then)))
}

/// What came out, of a percentage to its fourth place.
pub(super) fn attained(value: Option<&Value>) -> String {
    match value {
        Some(Value::Ratio(Ratio(part))) => {
            let step = Exact::ratio(1, 10_000).unwrap_or_default();
            let hundred = (part * Exact::from_int(100)).round_to(&step, Rounding::Floor);
            format!("{}%", hundred.to_decimal_string(4))
        }
        Some(value) => shown(value),
        None => "a value".to_owned(),
    }
}
