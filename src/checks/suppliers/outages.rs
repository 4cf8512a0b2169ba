//! Outages, and gaps in what is measured, that are tried out on promises.

use super::features::{Features, Mildness};
use super::trial::{self, Bad};
use super::{First, Promise, stated};
use crate::evaluate::Interval;
use crate::model::{Model, Target};
use crate::values::{Duration, Exact};
use std::collections::BTreeSet;

/// So many outages there are at most.
const MOST_OUTAGES: i64 = 2_000;
/// How long outages are that come again and again, in seconds: of longer ones there are fewer.
const LENGTHS: [i64; 8] = [1_740, 840, 600, 300, 240, 120, 60, 30];

const SECOND: i128 = 1_000_000_000;
const MINUTE: i64 = 60;

/// When outages begin and how long short ones are, in seconds.
pub(super) struct Rhythm {
    /// The longest slice of ours.
    slice: i64,
    /// The longest slice of the supplier's, or the time from one reading to the next.
    theirs: i64,
    /// How long after a reading of the supplier's state outages begin that it does not read; zero where it is not read at
    /// intervals.
    shift: i64,
}

impl Rhythm {
    pub fn of(model: &Model, own: &Target, (other, others): (&Target, &Features)) -> Rhythm {
        let whole = |length: &Duration| length.seconds().floor().to_i64();
        let slice = |target: &Target| {
            let slice = super::super::slack::coarsest(model, &target.measure).and_then(|slice| whole(&slice.length));
            slice.filter(|slice| *slice > 0).unwrap_or(MINUTE)
        };
        let shift = others.readings().and_then(|every| whole(&every)).map(|every| MINUTE.min(every / 2));
        Rhythm { slice: slice(own), theirs: slice(other), shift: shift.unwrap_or(0) }
    }
}

/// When something fails, and how much of what happens then.
pub(super) struct Outages {
    bad: Vec<Interval>,
    part: Exact,
    /// Whether nothing is measured then, instead.
    unmeasured: bool,
    /// How long each is, in seconds.
    length: i64,
    /// Whether it is but a little of what a promise allows.
    pub short: bool,
}

impl Outages {
    /// As it is tried out.
    pub fn bad(&self) -> Bad<'_> {
        Bad { at: &self.bad, part: &self.part, unmeasured: self.unmeasured }
    }

    /// The most that a supplier's promise allows, if it counts slices in which anything fails: once, and as often as
    /// possible.
    pub fn allowed(first: &First, promise: &Promise<'_>, rhythm: &Rhythm) -> Vec<Outages> {
        let whole = first.length(&promise.slack()).seconds().floor().to_i64().unwrap_or(0);
        let whole = whole - i64::from(promise.strict);
        let slices = [1, 2, 5].map(|count: i64| rhythm.theirs.saturating_mul(count));
        let once = whole / rhythm.theirs * rhythm.theirs;
        // Each is judged in every slice of a window: the shortest stand for all that are shorter than a slice.
        let shortest = LENGTHS.iter().min().copied();
        let often: BTreeSet<i64> = slices.into_iter().chain(shortest).filter(|length| *length < once).collect();
        let all = often.into_iter().map(|length| {
            let lost = (length + rhythm.theirs - 1) / rhythm.theirs * rhythm.theirs;
            (length, (whole / lost.max(1)).min(MOST_OUTAGES))
        });
        let all = all.chain([(once, 1)]).filter(|(length, _)| *length > 0);
        all.filter_map(|(length, count)| {
            let bad = spread(first, length, count, 0)?;
            Some(Outages { bad, part: Exact::one(), unmeasured: false, length, short: true })
        })
        .collect()
    }

    /// Gaps in what is measured of which the supplier's promise loses nothing, and one that allows so much of a window too
    /// much.
    pub fn gaps(first: &First, slack: &Exact, (own, theirs): (&Mildness, &Mildness)) -> Vec<Outages> {
        let whole = |time: &Duration| time.seconds().floor().to_i64().unwrap_or(0);
        let allowed = whole(&first.length(slack));
        let least = own.grace().map_or(0, whole);
        let length = match theirs.grace().map(whole) {
            Some(most) => least + (most - least) / 2,
            None => minutes(allowed.max(least.saturating_mul(2))),
        };
        // Between two rows there is a little more time than is missing.
        let length = if length > 2 * MINUTE { length / MINUTE * MINUTE } else { length };
        let spread = (length > 0).then(|| spread(first, length, allowed / length + 1, 0)).flatten();
        let gaps = spread.map(|bad| Outages { bad, part: Exact::one(), unmeasured: true, length, short: false });
        gaps.into_iter().collect()
    }

    /// What a promise that allows so much of a window does not allow, in several ways: once and, whole outages, often. Then
    /// what it does allow, if it counts by the time alone: for some slices, and in part for as long as what fails as a whole.
    pub fn of(first: &First, slack: &Exact, part: &Exact, rhythm: &Rhythm) -> Vec<Outages> {
        let allowed = first.length(slack).seconds().clone();
        let for_part = allowed.checked_div(part).unwrap_or_default();
        let (Some(whole), Some(seconds)) = (allowed.floor().to_i64(), for_part.floor().to_i64()) else {
            return Vec::new();
        };
        let all = first.at.length().seconds().floor().to_i64().unwrap_or(i64::MAX);
        let outages = |length: i64, count: i64, shift: i64, short: bool| {
            let bad = spread(first, length, count, shift)?;
            Some(Outages { bad, part: part.clone(), unmeasured: false, length, short })
        };
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
            let always =
                Outages { bad: vec![first.at], part: part.clone(), unmeasured: false, length: all, short: false };
            std::iter::once(always).chain(outages(minutes(whole), 1, 0, true)).collect()
        };
        once.into_iter().chain(more).collect()
    }

    /// What fails, and for how long, in a sentence.
    pub fn words(&self, model: &Model, first: &First) -> String {
        let (length, window) = (Duration::from_whole_seconds(self.length).words(), first.inside());
        let from = self.bad.first().map(|bad| trial::from(model, *bad)).unwrap_or_default();
        let whole = self.part == Exact::one();
        let what = |one: &str| match self.unmeasured {
            true => format!("of {one} {window} in which nothing is measured"),
            false => format!("of {one} {window}"),
        };
        match self.bad.len() {
            1 if self.unmeasured => format!("a gap {}, from {from}", what(&length)),
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
                let things = if self.unmeasured { "gaps" } else { "outages" };
                let each = what(&format!("{length} each"));
                format!("{count} {things} {each}, one every {rhythm}, the first from {from}")
            }
        }
    }
}

/// The next whole minute, in seconds.
fn minutes(seconds: i64) -> i64 {
    (seconds / MINUTE + 1).saturating_mul(MINUTE)
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
