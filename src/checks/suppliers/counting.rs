//! Outages that break a promise, and that a supplier does not count.

use super::features::Features;
use super::shape::Shapes;
use super::trial::{self, ALL_SLICES, TooMuch, Trial, keeps};
use super::{Chains, First, Promise, Side, not_compared, sides, stated};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Interval, Judged, Verdict};
use crate::model::{Condition, Model};
use crate::values::{Duration, Exact, Rounding};
use std::collections::BTreeSet;

/// So many outages there are at most.
const MOST_OUTAGES: i64 = 2_000;
/// So many parts of what happens are supposed to fail.
const MOST_LEVELS: usize = 24;
/// How long outages are that come again and again, in seconds: of longer ones there are fewer.
const LENGTHS: [i64; 8] = [1_740, 840, 600, 300, 240, 120, 60, 30];

const SECOND: i128 = 1_000_000_000;

/// An outage that counts for a promise counts for the supplier as well.
pub fn counted_less(model: &Model) -> Vec<Diagnostic> {
    let mut left = ALL_SLICES;
    let mut found = Vec::new();
    let all = Chains::all(model);
    for (chains, (own, other, _)) in
        all.iter().flat_map(|chains| chains.pairs().into_iter().map(move |pair| (chains, pair)))
    {
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

fn counts_less(
    model: &Model,
    own: &Side<'_>,
    theirs: &[Promise<'_>],
    left: &mut i128,
) -> Result<Option<Diagnostic>, TooMuch> {
    let Some(highest) = sides(theirs.to_vec()).into_iter().next() else { return Ok(None) };
    // Where a lower target is promised, that is told.
    if own.promise.is_broken_by(&highest.promise.slack(), highest.promise.strict) {
        return Ok(None);
    }
    let under = |side: &Side<'_>| match &side.commitment.applies_when {
        Some(Condition::Measured(when)) => Some(when.to_string()),
        Some(Condition::Judged(words)) => Some(words.value.clone()),
        None => None,
    };
    if under(&highest).is_some_and(|when| under(own) != Some(when)) {
        let name = &highest.commitment.head.name;
        let why = format!(
            "`{name}` applies under a condition: while that does not hold, the supplier promises and pays nothing"
        );
        return Ok(Some(not_compared(own, &highest, &why)));
    }
    let comparable = |one: &&Promise<'_>| one.window == &own.target.window && one.slack() <= own.promise.slack();
    let same = sides(theirs.iter().filter(comparable).copied().collect());
    // What counts alike needs no trial, and neither does what is kept with one that counts alike.
    let shapes = Shapes::of(model);
    let counts = Features::of(model, own);
    let alike = |side: &Side<'_>| {
        let others = Features::of(model, side);
        let features = counts.beside(&others).is_empty() && others.beside(&counts).is_empty();
        features && shapes.of_promise(own) == shapes.of_promise(side)
            || own.target.measure.to_string() == side.target.measure.to_string()
    };
    let other = same.first().copied();
    let side = other.unwrap_or(highest);
    if same.iter().chain([&side]).any(alike) {
        return Ok(None);
    }
    let others = Features::of(model, &side);
    let ways = |why: &str| Ok(Some(not_compared(own, &side, &format!("the two are measured in different ways{why}"))));
    let Some(other) = other else { return ways(", and over different windows") };
    let Some(first) = First::of(model, &own.target.window) else { return ways("") };
    let Some(mut ours) = Trial::new(model, own, &first, left)? else { return ways("") };
    let Some(mut trial) = Trial::new(model, &other, &first, left)? else { return ways("") };
    let rhythm = Rhythm::of(model, own, &others);
    let levels: BTreeSet<Exact> = others.levels().into_iter().chain(counts.levels()).collect();
    for part in std::iter::once(Exact::one()).chain(levels.into_iter().take(MOST_LEVELS)) {
        for outages in Outages::of(&first, &own.promise.slack(), &part, &rhythm) {
            let Outages { bad, part, short, .. } = &outages;
            // What is likely not to be so is tried first.
            let both = match short {
                true => tried((&mut ours, Verdict::Missed), (&mut trial, Verdict::Met), (bad, part), left)?,
                false => tried((&mut trial, Verdict::Met), (&mut ours, Verdict::Missed), (bad, part), left)?
                    .map(|(kept, missed)| (missed, kept)),
            };
            let Some((missed, kept)) = both else { continue };
            let mut further = theirs.iter().filter(|one| one.span != other.target.span);
            if further.all(|one| keeps(model, one, (bad, part), &first, left)) {
                return Ok(Some(finding(model, (own, &missed), (&other, &kept), &first, &outages)));
            }
        }
    }
    ways(
        ": no outage that was tried breaks one and not the other, but with few users at night, or in another rhythm, one may",
    )
}

/// What comes of two promises one after the other, where it is as it is looked for.
fn tried(
    (one, first): (&mut Trial<'_>, Verdict),
    (other, second): (&mut Trial<'_>, Verdict),
    (bad, part): (&[Interval], &Exact),
    left: &mut i128,
) -> Result<Option<(Judged, Judged)>, TooMuch> {
    let Some(judged) = one.judged(bad, part, left)?.filter(|judged| judged.verdict == first) else { return Ok(None) };
    let then = other.judged(bad, part, left)?.filter(|judged| judged.verdict == second);
    Ok(then.map(|then| (judged, then)))
}

/// When outages begin and how long short ones are, in seconds.
struct Rhythm {
    /// The longest slice of ours.
    slice: i64,
    /// How long after a reading of the supplier's state outages begin that it does not read; zero where it is not read at
    /// intervals.
    shift: i64,
}

impl Rhythm {
    fn of(model: &Model, own: &Side<'_>, others: &Features) -> Rhythm {
        const MINUTE: i64 = 60;
        let whole = |length: &Duration| length.seconds().floor().to_i64();
        let slice = super::super::slack::coarsest(model, &own.target.measure).and_then(|slice| whole(&slice.length));
        let shift = others.readings().and_then(|every| whole(&every)).map(|every| MINUTE.min(every / 2));
        Rhythm { slice: slice.filter(|slice| *slice > 0).unwrap_or(MINUTE), shift: shift.unwrap_or(0) }
    }
}

/// When something fails, and how much of what happens then.
struct Outages {
    bad: Vec<Interval>,
    part: Exact,
    /// How long each is, in seconds.
    length: i64,
    /// Whether it is but a little of what a promise allows.
    short: bool,
}

impl Outages {
    /// What a promise that allows so much of a window does not allow, in several ways: once and, whole outages, often. Then
    /// what it does allow, if it counts by the time alone: for some slices, and in part for as long as what fails as a whole.
    fn of(first: &First, slack: &Exact, part: &Exact, rhythm: &Rhythm) -> Vec<Outages> {
        let allowed = first.length(slack).seconds().clone();
        let for_part = allowed.checked_div(part).unwrap_or_default();
        let (Some(whole), Some(seconds)) = (allowed.floor().to_i64(), for_part.floor().to_i64()) else {
            return Vec::new();
        };
        let all = first.at.length().seconds().floor().to_i64().unwrap_or(i64::MAX);
        let outages = |length: i64, count: i64, shift: i64, short: bool| {
            let bad = spread(first, length, count, shift)?;
            Some(Outages { bad, part: part.clone(), length, short })
        };
        let minutes = |seconds: i64| (seconds / 60 + 1).saturating_mul(60);
        let once = outages(minutes(seconds), 1, 0, false);
        let more: Vec<Outages> = if *part == Exact::one() {
            let often = LENGTHS.iter().map(|length| (*length, seconds / length + 1)).filter(|(_, count)| *count > 1);
            let often: Vec<(i64, i64)> = often.collect();
            let shifts = std::iter::once(0).chain((rhythm.shift > 0).then_some(rhythm.shift));
            let often = shifts.flat_map(|shift| often.iter().map(move |(length, count)| (*length, *count, shift)));
            let often = often.filter_map(|(length, count, shift)| outages(length, count, shift, false));
            let slices = [1, 2, 5].map(|count: i64| rhythm.slice.saturating_mul(count));
            let few = slices.into_iter().filter(|length| *length <= whole);
            often.chain(few.filter_map(|length| outages(length, 1, 0, true))).collect()
        } else {
            let always = Outages { bad: vec![first.at], part: part.clone(), length: all, short: false };
            std::iter::once(always).chain(outages(minutes(whole), 1, 0, true)).collect()
        };
        once.into_iter().chain(more).collect()
    }

    /// What fails, and for how long, in a sentence.
    fn words(&self, model: &Model, first: &First) -> String {
        let (length, window) = (Duration::from_whole_seconds(self.length).words(), first.inside());
        let from = self.bad.first().map(|bad| trial::from(model, *bad)).unwrap_or_default();
        let whole = self.part == Exact::one();
        match self.bad.len() {
            1 if whole => format!("one outage of {length} {window}, from {from}"),
            1 if self.bad == [first.at] => {
                format!("{} of what is asked fails all through {}", stated(&self.part), first.name())
            }
            1 => format!("{} of what is asked fails for {length} {window}, from {from}", stated(&self.part)),
            count => {
                let rhythm = self
                    .bad
                    .get(1)
                    .zip(self.bad.first())
                    .map(|(next, first)| Interval { start: first.start, end: next.start });
                let rhythm = rhythm.map(|rhythm| rhythm.length().words()).unwrap_or_default();
                format!("{count} outages of {length} each {window}, one every {rhythm}, the first from {from}")
            }
        }
    }
}

/// Outages of a length, spread evenly over a window, each so many seconds after a round time; nothing where there is no room
/// for them.
fn spread(first: &First, length: i64, count: i64, shift: i64) -> Option<Vec<Interval>> {
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
    let each = each / grid * grid;
    let begin = first.at.start + (each / 2 - length / 2).max(0) / grid * grid + i128::from(shift) * SECOND;
    let start = |index: i128| begin + index * each;
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
    let what = outages.words(model, first);
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
    let Some(part) = trial::attained(judged) else { return "a value".to_owned() };
    let step = Exact::ratio(1, 10_000).unwrap_or_default();
    let hundred = (&part * Exact::from_int(100)).round_to(&step, Rounding::Floor);
    format!("{}%", hundred.to_decimal_string(4))
}
