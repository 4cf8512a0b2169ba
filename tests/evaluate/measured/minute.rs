//! What is known of each minute of a window, and what metrics come to if they are computed from minutes alone: a second
//! evaluator that knows neither cells nor intervals.

use num_rational::BigRational;
use num_traits::{One, Zero};
use std::collections::BTreeMap;
use std::ops::Range;

/// What missing data counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    Good,
    Bad,
    Excluded,
    Silent,
}

impl Policy {
    pub(super) fn text(self, after: Option<usize>) -> String {
        let word = match self {
            Policy::Good => "good",
            Policy::Bad => "bad",
            Policy::Excluded => "excluded",
            Policy::Silent => return String::new(),
        };
        let after = after.map_or(String::new(), |after| format!(" after {after}min"));
        format!("missing {word}{after}")
    }
}

/// What a metric comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    Value(BigRational),
    Unknown,
    /// Nothing decides it.
    Open,
}

use Expected::{Open, Unknown, Value};

/// A part of time, where it is not cut out: of a slice, a minute or an occurrence.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Seen<T> {
    /// What was measured.
    Is(T),
    /// Nothing; and whether that has gone on for as long as was agreed.
    Missing(bool),
    /// It counts as kept.
    Kept,
}

pub(super) fn count(number: usize) -> BigRational {
    BigRational::from_integer(number.into())
}

/// The time that exclusions take, by minute.
pub(super) struct Masks {
    pub(super) cut: Vec<bool>,
    pub(super) kept: Vec<bool>,
}

impl Masks {
    pub(super) fn open(&self) -> usize {
        self.cut.iter().filter(|cut| !**cut).count()
    }
}

/// Counts of each minute of a window, and when there were rows from long before it to long after it.
pub(super) struct Counts {
    pub(super) total: Vec<u64>,
    pub(super) failed: Vec<u64>,
    pub(super) rows: Vec<bool>,
    /// Rows by minute from the window's start, in order.
    pub(super) times: Vec<i64>,
    pub(super) grace: Option<usize>,
}

impl Counts {
    /// The rate of errors in some minutes, and how many of them are not cut out; nothing where all are. The only row of a
    /// slice, at its start, stands for what is left of it, if that has none.
    fn rate(&self, minutes: Range<usize>, sliced: bool, masks: &Masks) -> Option<(usize, Seen<BigRational>)> {
        let open: Vec<usize> = minutes.clone().filter(|minute| !masks.cut[*minute]).collect();
        if open.is_empty() {
            return None;
        }
        // Of time that counts as kept nothing has failed.
        let counted = |minute: &&usize| !masks.kept[**minute];
        let seen = open.iter().filter(counted).any(|minute| self.rows[*minute]);
        let plain = open.iter().filter(counted).count();
        let stands = sliced && !seen && plain > 0 && minutes.clone().filter(|at| self.rows[*at]).eq([minutes.start]);
        let seen = if stands {
            let (total, failed) = (self.total[minutes.start], self.failed[minutes.start]);
            let part = BigRational::new(plain.into(), open.len().into());
            let rate = || BigRational::new(failed.into(), total.into()) * part;
            Seen::Is(if total == 0 { BigRational::zero() } else { rate() })
        } else if seen {
            let total: u64 = open.iter().map(|minute| self.total[*minute]).sum();
            let failed: u64 = open.iter().filter(counted).map(|minute| self.failed[*minute]).sum();
            let rate = || BigRational::new(failed.into(), total.into());
            Seen::Is(if total == 0 { BigRational::zero() } else { rate() })
        } else if open.iter().any(|minute| masks.kept[*minute]) {
            Seen::Kept
        } else {
            Seen::Missing(self.is_long(i64::try_from(open[0]).unwrap()))
        };
        Some((open.len(), seen))
    }

    fn is_long(&self, minute: i64) -> bool {
        let Some(grace) = self.grace else { return true };
        let before = self.times.iter().rev().find(|time| **time < minute);
        let after = self.times.iter().find(|time| **time >= minute);
        match (before, after) {
            (Some(before), Some(after)) => after - before >= i64::try_from(grace).unwrap(),
            _ => true,
        }
    }
}

/// The numbers of a shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) slice: usize,
    /// In thousandths of a percent.
    pub(super) threshold: u32,
    pub(super) least: usize,
    pub(super) gap: usize,
}

/// A value that is good or bad where it has to be.
fn decided<T>(seen: Seen<T>, policy: Policy, best: T, worst: T) -> Result<Option<T>, ()> {
    match (seen, policy) {
        (Seen::Is(value), _) => Ok(Some(value)),
        (Seen::Kept, _) => Ok(Some(best)),
        (Seen::Missing(_), Policy::Silent) => Err(()),
        (Seen::Missing(_), Policy::Excluded) | (Seen::Missing(false), _) => Ok(None),
        (Seen::Missing(true), Policy::Good) => Ok(Some(best)),
        (Seen::Missing(true), Policy::Bad) => Ok(Some(worst)),
    }
}

/// Uptime by slices and over the window, the share of good slices, and runs of bad ones: their length from a least one on,
/// and how many are left if short gaps are joined.
pub(super) fn of_counts(counts: &Counts, masks: &Masks, policy: Policy, shape: Shape) -> Vec<Expected> {
    let minutes = masks.cut.len();
    if masks.open() == 0 {
        return vec![Unknown; 5];
    }
    let over_all = match counts.rate(0..minutes, false, masks).unwrap().1 {
        Seen::Missing(_) if policy == Policy::Excluded || policy == Policy::Silent => Unknown,
        Seen::Missing(_) => Value(if policy == Policy::Good { BigRational::one() } else { BigRational::zero() }),
        Seen::Is(rate) => Value(BigRational::one() - rate),
        Seen::Kept => Value(BigRational::one()),
    };
    let limit = BigRational::new(shape.threshold.into(), 100_000.into());
    let (mut weight, mut sum, mut good, mut bad) = (0, BigRational::zero(), 0, vec![false; minutes]);
    let mut first = 0;
    while first < minutes {
        let slice = first..(first + shape.slice).min(minutes);
        first = slice.end;
        let Some((open, seen)) = counts.rate(slice.clone(), true, masks) else { continue };
        let Ok(rate) = decided(seen, policy, BigRational::zero(), BigRational::one()) else {
            return vec![Unknown, over_all, Unknown, Unknown, Unknown];
        };
        let Some(rate) = rate else { continue };
        weight += open;
        sum += count(open) * &rate;
        // What is missing counts as bad, whatever the threshold is.
        if rate > limit {
            slice.filter(|minute| !masks.cut[*minute]).for_each(|minute| bad[minute] = true);
        } else {
            good += open;
        }
    }
    if weight == 0 {
        let whole = if counts.grace.is_some() { Open } else { Unknown };
        return vec![whole.clone(), over_all, whole.clone(), whole.clone(), whole];
    }
    let (long, joined) = of_bad(&bad, shape);
    vec![
        Value(BigRational::one() - sum / count(weight)),
        over_all,
        Value(count(good) / count(weight)),
        Value(count(long * 60)),
        Value(count(joined)),
    ]
}

/// The length of runs of bad minutes from a least one on, and how many are left if short gaps are joined.
fn of_bad(bad: &[bool], shape: Shape) -> (usize, usize) {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for minute in (0..bad.len()).filter(|minute| bad[*minute]) {
        match runs.last_mut() {
            Some(run) if run.1 == minute => run.1 += 1,
            _ => runs.push((minute, minute + 1)),
        }
    }
    let long = runs.iter().map(|run| run.1 - run.0).filter(|length| *length >= shape.least).sum::<usize>();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in runs {
        match joined.last_mut() {
            Some(last) if start - last.0 <= shape.gap => *last = (end, last.1 + end - start),
            _ => joined.push((end, end - start)),
        }
    }
    (long, joined.iter().filter(|run| run.1 > shape.least).count())
}

/// For how long a state holds that should not, in all and in stretches of a least length, and how many stretches are left if
/// short gaps are joined. How long one is that touches an end of the window is not known from the window alone.
pub(super) fn stretches_of_time(states: &[Seen<bool>], masks: &Masks, policy: Policy, shape: Shape) -> [Expected; 3] {
    let (mut bad, mut any) = (vec![false; states.len()], false);
    for (minute, state) in states.iter().enumerate().filter(|(minute, _)| !masks.cut[*minute]) {
        let seen = if masks.kept[minute] { Seen::Kept } else { state.clone() };
        match decided(seen, policy, false, true) {
            Ok(None) => {}
            Ok(Some(holds)) => (bad[minute], any) = (holds, true),
            Err(()) => return [Unknown, Unknown, Unknown],
        }
    }
    if !any {
        return [(); 3].map(|()| if masks.open() == 0 { Unknown } else { Open });
    }
    let (long, joined) = of_bad(&bad, shape);
    let whole = Value(count(bad.iter().filter(|bad| **bad).count() * 60));
    if bad.first() == Some(&true) || bad.last() == Some(&true) {
        return [whole, Open, Open];
    }
    [whole, Value(count(long * 60)), Value(count(joined))]
}

/// What a state is from minute to minute: that it is up, or that nothing is known, and for how long.
pub(super) fn of_readings(
    readings: &BTreeMap<i64, bool>,
    every: Option<i64>,
    grace: Option<usize>,
    minutes: usize,
) -> Vec<Seen<bool>> {
    let end = i64::try_from(minutes).unwrap();
    let mut known: Vec<(i64, i64, bool)> = Vec::new();
    for (from, up) in readings {
        let next = readings.range(from + 1..).next().map(|(next, _)| *next);
        // The distance is a number of minutes of which half is whole.
        let until = match (every, next) {
            (Some(every), Some(next)) if next - from <= every + every / 2 => next,
            (Some(every), _) => from + every,
            (None, next) => next.unwrap_or(end),
        };
        known.push((*from, until, *up));
    }
    let at =
        |minute: i64| known.iter().rev().find(|(from, until, _)| *from <= minute && minute < *until).map(|one| one.2);
    // Before the first reading and after the last it is missing for ever.
    let long = |minute: i64| {
        let before = known.iter().filter(|one| one.1 <= minute).map(|one| one.1).max();
        let after = known.iter().filter(|one| one.0 > minute).map(|one| one.0).min();
        let short = |grace: usize| Some(after? - before? < i64::try_from(grace).unwrap());
        !grace.and_then(short).unwrap_or(false)
    };
    (0..end).map(|minute| at(minute).map_or_else(|| Seen::Missing(long(minute)), Seen::Is)).collect()
}

/// The share of time for which something holds.
pub(super) fn share_of_time(states: &[Seen<bool>], masks: &Masks, policy: Policy, holding_is_good: bool) -> Expected {
    let (mut holds, mut all) = (0, 0);
    for (minute, state) in states.iter().enumerate().filter(|(minute, _)| !masks.cut[*minute]) {
        let seen = if masks.kept[minute] { Seen::Kept } else { state.clone() };
        match decided(seen, policy, holding_is_good, !holding_is_good) {
            Ok(None) => {}
            Ok(Some(value)) => {
                all += 1;
                holds += usize::from(value);
            }
            Err(()) => return Unknown,
        }
    }
    if all == 0 { if masks.open() == 0 { Unknown } else { Open } } else { Value(count(holds) / count(all)) }
}

/// Values of single occurrences, each with how often: how many are at most a limit, their mean, and a percentile.
pub(super) fn of_values(
    seen: &[(Seen<BigRational>, usize)],
    limit: &BigRational,
    best: Option<&BigRational>,
    percent: usize,
    policy: Policy,
) -> [Expected; 3] {
    let (mut good, mut all, mut silent) = (0, 0, false);
    let mut values: Vec<(&BigRational, usize)> = Vec::new();
    let (mut unknown, mut open) = (false, false);
    for (one, times) in seen {
        match one {
            Seen::Is(value) => values.push((value, *times)),
            Seen::Kept => open = true,
            Seen::Missing(_) if policy == Policy::Excluded => {}
            Seen::Missing(_) => unknown = true,
        }
        let holds = match one {
            Seen::Is(value) => Seen::Is(value <= limit),
            Seen::Kept => Seen::Kept,
            Seen::Missing(long) => Seen::Missing(*long),
        };
        match decided(holds, policy, true, false) {
            Ok(value) => {
                all += value.map_or(0, |_| *times);
                good += value.filter(|value| *value).map_or(0, |_| *times);
            }
            Err(()) => silent = true,
        }
    }
    if let Some(best) = best {
        values = seen
            .iter()
            .filter_map(|(one, times)| match one {
                Seen::Is(value) => Some((value, *times)),
                Seen::Kept => Some((best, *times)),
                Seen::Missing(_) => None,
            })
            .collect();
        open = false;
    }
    let share = match (silent, all) {
        (true, _) => Unknown,
        (_, 0) => Open,
        _ => Value(count(good) / count(all)),
    };
    let number: usize = values.iter().map(|value| value.1).sum();
    let (mean, ranked) = match (unknown, open || number == 0) {
        (_, true) => (Open, Open),
        (true, _) => (Unknown, Unknown),
        _ => {
            values.sort();
            let (rank, mut below) = ((number * percent).div_ceil(100), 0);
            let at_rank = values.iter().find(|(_, times)| {
                below += times;
                below >= rank
            });
            let sum: BigRational = values.iter().map(|(value, times)| *value * count(*times)).sum();
            (Value(sum / count(number)), Value(at_rank.unwrap().0.clone()))
        }
    };
    [share, mean, ranked]
}
