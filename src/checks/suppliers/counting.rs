//! Outages that break a promise, and that a supplier does not count.

use super::features::Features;
use super::spans::sharing;
use super::{Chains, First, Promise, Side, not_compared, sides, stated};
use crate::calculus::Value;
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Budget, Interval, Judged, Sense, Supposed, Verdict, suppose};
use crate::model::Model;
use crate::values::{Duration, Exact, Rounding};
use std::collections::BTreeSet;

/// A promise that is read in more slices of a window is not supposed anything of.
const MOST_SLICES: i128 = 100_000;
/// So many slices are looked at for all promises together.
const ALL_SLICES: i128 = 3_000_000;
/// So many outages there are at most.
const MOST_OUTAGES: i64 = 2_000;
/// So many parts of what happens are supposed to fail.
const MOST_LEVELS: usize = 24;
/// How long outages are that come again and again, in seconds: of longer ones there are fewer.
const LENGTHS: [i64; 8] = [1_740, 840, 600, 300, 240, 120, 60, 30];

const SECOND: i128 = 1_000_000_000;

/// An outage that counts for a promise counts for the supplier as well.
pub fn counted_less(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    let mut left = ALL_SLICES;
    let mut found = Vec::new();
    for (own, other, _) in chains.pairs() {
        let all = chains.promises(&other.promise.service.head.name);
        match counts_less(model, &own, all, &mut left) {
            Ok(finding) => found.extend(finding),
            Err(TooMuch) if left > 0 => {
                found.push(not_compared(&own, &other, "too many slices are measured in a window to try outages out"));
            }
            Err(TooMuch) => {
                let why = "too many slices are measured to try outages out, for this one and for all that come after";
                found.push(not_compared(&own, &other, why));
                break;
            }
        }
    }
    found
}

/// That there are too many slices.
struct TooMuch;

fn counts_less(
    model: &Model,
    own: &Side<'_>,
    theirs: &[Promise<'_>],
    left: &mut i128,
) -> Result<Option<Diagnostic>, TooMuch> {
    // Where the windows or the targets differ, that is told.
    let comparable = |one: &&Promise<'_>| one.window == &own.target.window && one.bound >= own.promise.bound;
    let same = theirs.iter().filter(comparable).copied().collect();
    let Some(other) = sides(same).into_iter().next() else { return Ok(None) };
    // What counts alike needs no trial.
    let (counts, others) = (Features::of(model, own), Features::of(model, &other));
    let alike = counts.beside(&others).is_empty() && others.beside(&counts).is_empty();
    if alike || own.target.measure.to_string() == other.target.measure.to_string() {
        return Ok(None);
    }
    let Some(first) = First::of(model, &own.target.window) else { return Ok(None) };
    let Some(mut ours) = Trial::new(model, own, &first, left)? else { return Ok(None) };
    let Some(mut trial) = Trial::new(model, &other, &first, left)? else { return Ok(None) };
    let levels: BTreeSet<Exact> = others.levels().into_iter().chain(counts.levels()).collect();
    for part in std::iter::once(Exact::one()).chain(levels.into_iter().take(MOST_LEVELS)) {
        for outages in Outages::of(&first, &own.promise.slack(), &part) {
            let Some(kept) = trial.judged(&outages, left)?.filter(|judged| judged.verdict == Verdict::Met) else {
                continue;
            };
            let missed = ours.judged(&outages, left)?.filter(|judged| judged.verdict == Verdict::Missed);
            let Some(missed) = missed else { continue };
            if theirs.iter().all(|one| keeps(model, one, &other, &outages, &first, left)) {
                return Ok(Some(finding(model, (own, &missed), (&other, &kept), &first, &outages)));
            }
        }
    }
    Ok(None)
}

/// Whether a further promise of the supplier is kept as well, as far as that can be computed.
fn keeps(
    model: &Model,
    promise: &Promise<'_>,
    known: &Side<'_>,
    outages: &Outages,
    first: &First,
    left: &mut i128,
) -> bool {
    if promise.span == known.target.span {
        return true;
    }
    let Some(windows) = sharing(model, promise.window, first.at) else { return false };
    let down = |window: Interval| {
        let nanos: i128 = outages.bad.iter().map(|bad| bad.and(window)).map(|bad| (bad.end - bad.start).max(0)).sum();
        Interval { start: 0, end: nanos }.length().times(&outages.part)
    };
    let Some(side) = sides(vec![*promise]).pop() else {
        return windows.into_iter().all(|window| down(window) <= window.length().times(&promise.slack()));
    };
    let Ok(Some(trial)) = Trial::new(model, &side, first, left) else { return false };
    windows.into_iter().all(|at| {
        let mut trial = Trial { of: Supposed { window: at, ..trial.of }, sense: trial.sense };
        let judged = trial.judged(outages, left).ok().flatten();
        judged.is_some_and(|judged| judged.verdict == Verdict::Met)
    })
}

/// When something fails, and how much of what happens then.
struct Outages {
    bad: Vec<Interval>,
    part: Exact,
    /// How long each is, in seconds.
    length: i64,
}

impl Outages {
    /// What a promise that allows so much of a window does not allow, in several ways: once and, whole outages, often.
    fn of(first: &First, slack: &Exact, part: &Exact) -> Vec<Outages> {
        let allowed = first.length(slack).seconds().checked_div(part).unwrap_or_default();
        let Some(seconds) = allowed.floor().to_i64() else { return Vec::new() };
        let whole = first.at.length().seconds().floor().to_i64().unwrap_or(i64::MAX);
        let outages = |length: i64, count: i64| {
            let bad = spread(first, length, count)?;
            Some(Outages { bad, part: part.clone(), length })
        };
        let once = outages((seconds / 60 + 1).saturating_mul(60), 1);
        let more: Vec<Outages> = if *part == Exact::one() {
            let often = LENGTHS.iter().map(|length| (*length, seconds / length + 1)).filter(|(_, count)| *count > 1);
            often.filter_map(|(length, count)| outages(length, count)).collect()
        } else {
            vec![Outages { bad: vec![first.at], part: part.clone(), length: whole }]
        };
        once.into_iter().chain(more).collect()
    }

    /// What fails, and for how long, in a sentence.
    fn words(&self, first: &First) -> String {
        let (length, window) = (Duration::from_whole_seconds(self.length).words(), first.name());
        let whole = self.part == Exact::one();
        match self.bad.len() {
            1 if whole => format!("one outage of {length} in {window}"),
            1 if self.bad == [first.at] => {
                format!("{} of what is asked fails all through {window}", stated(&self.part))
            }
            1 => format!("{} of what is asked fails for {length} in {window}", stated(&self.part)),
            count => format!("{count} outages of {length} each, spread evenly over {window}"),
        }
    }
}

/// A promise that is supposed to be measured, with what is good for it.
struct Trial<'a> {
    of: Supposed<'a>,
    sense: Sense,
}

impl<'a> Trial<'a> {
    /// Nothing where it cannot be found out what is good: then all is well without an outage, and nothing is with one.
    fn new(model: &'a Model, side: &Side<'a>, first: &First, left: &mut i128) -> Result<Option<Trial<'a>>, TooMuch> {
        let of = Supposed { model, commitment: side.commitment, window: first.at, most_slices: MOST_SLICES };
        let hours = (first.at.end - first.at.start) / (2 * 3_600 * SECOND);
        let half = i64::try_from(hours).ok().and_then(|count| spread(first, 3_600, count)).unwrap_or_default();
        let outages = |bad: Vec<Interval>| Outages { bad, part: Exact::one(), length: 3_600 };
        let (none, half) = (outages(Vec::new()), outages(half));
        for sense in [Sense::Plain, Sense::Turned] {
            let mut trial = Trial { of, sense };
            let is = |judged: Option<Judged>, verdict: Verdict| judged.is_some_and(|judged| judged.verdict == verdict);
            if is(trial.judged(&none, left)?, Verdict::Met) && is(trial.judged(&half, left)?, Verdict::Missed) {
                return Ok(Some(trial));
            }
        }
        Ok(None)
    }

    fn judged(&mut self, outages: &Outages, left: &mut i128) -> Result<Option<Judged>, TooMuch> {
        let cost = self.of.cost();
        if cost > MOST_SLICES {
            return Err(TooMuch);
        }
        *left -= cost.saturating_add(i128::try_from(outages.bad.len()).unwrap_or(MOST_SLICES));
        if *left < 0 {
            return Err(TooMuch);
        }
        Ok(suppose(self.of, &outages.bad, &outages.part, self.sense, &Budget::new(1_000_000)))
    }
}

/// Outages of a length, spread evenly over a window; nothing where there is no room for them.
fn spread(first: &First, length: i64, count: i64) -> Option<Vec<Interval>> {
    if !(1..=MOST_OUTAGES).contains(&count) {
        return None;
    }
    let (length, count) = (i128::from(length) * SECOND, i128::from(count));
    let each = (first.at.end - first.at.start) / count;
    let minute = 60 * SECOND;
    let grid = [60 * minute, 30 * minute, 10 * minute, minute].into_iter().find(|grid| each >= 2 * grid)?;
    if each < length + grid {
        return None;
    }
    let start = |index: i128| first.at.start + (index * each + each / 2 - length / 2).max(0) / grid * grid;
    Some((0..count).map(|index| Interval { start: start(index), end: start(index) + length }).collect())
}

fn finding(
    model: &Model,
    (own, missed): (&Side<'_>, &Judged),
    (other, kept): (&Side<'_>, &Judged),
    first: &First,
    outages: &Outages,
) -> Diagnostic {
    let (name, theirs) = (&own.commitment.head.name, &other.commitment.head.name);
    let message = format!("`{theirs}` does not count outages that break `{name}`, which depends on it");
    let what = outages.words(first);
    let mut finding = Diagnostic::new(codes::SUPPLIER_COUNTS_LESS, own.target.span, message)
        .primary("missed")
        .label(other.target.span, "kept")
        .witness(format!(
            "{what}: `{theirs}` comes to {} and is kept, `{name}` comes to {} and is missed",
            attained(kept),
            attained(missed),
        ));
    let (ours, others) = (Features::of(model, own), Features::of(model, other));
    for (span, text) in others.beside(&ours).into_iter().take(4) {
        finding = finding.label(span, format!("`{theirs}`: {text}"));
    }
    for (span, text) in ours.beside(&others).into_iter().take(2) {
        finding = finding.label(span, format!("`{name}`: {text}"));
    }
    finding.help("agree on one way of counting with the supplier and the customer, or promise less")
}

/// What came out, to the fourth place of a percentage.
fn attained(judged: &Judged) -> String {
    let value = judged.attained.first().and_then(|known| known.as_ref().ok()).map(|known| known.ends().0.clone());
    let Some(Value::Ratio(part)) = value else { return "a value".to_owned() };
    let step = Exact::ratio(1, 10_000).unwrap_or_default();
    let hundred = (&part.0 * Exact::from_int(100)).round_to(&step, Rounding::Floor);
    format!("{}%", hundred.to_decimal_string(4))
}
