//! A budget for any period of some length: in none of them more of it is used.

use super::interval::nanos;
use crate::values::{Amount, Period, Timestamp, Zone};

/// Stretches of time, in order, apart from each other.
type Stretches = Vec<(i128, i128)>;

/// What is covered so far.
#[derive(Default)]
struct Kept {
    stretches: Stretches,
    /// How long the stretches before each one are together.
    before: Vec<i128>,
}

impl Kept {
    fn push(&mut self, (start, end): (i128, i128)) {
        let before = self.until(start);
        self.before.push(before);
        self.stretches.push((start, end));
    }

    /// How much of it lies before an instant.
    fn until(&self, at: i128) -> i128 {
        let place = self.stretches.partition_point(|(start, _)| *start < at).checked_sub(1);
        let last = place.and_then(|place| Some((self.stretches.get(place)?, self.before.get(place)?)));
        last.map_or(0, |((start, end), before)| before + at.min(*end) - start)
    }

    /// How much of it lies between two instants.
    fn within(&self, from: i128, to: i128) -> i128 {
        self.until(to) - self.until(from)
    }

    /// Those that begin no later than an instant, and those that begin after it.
    fn around(&self, at: i128) -> [&[(i128, i128)]; 2] {
        let (before, after) = self.stretches.split_at(self.stretches.partition_point(|(start, _)| *start <= at));
        [before, after]
    }
}

/// What of some stretches a budget covers, which is used in the order of time. A period in days is one of so many local dates
/// that follow each other; one in hours begins at any instant.
pub(super) fn covered(stretches: &[(i128, i128)], whole: i128, period: &Amount, zone: &Zone) -> Stretches {
    let mut kept = Kept::default();
    for (start, end) in stretches {
        let mut from = *start;
        while from < *end {
            let Some((to, used)) = step(&kept, (from, *end), whole, period, zone).filter(|(to, _)| *to > from) else {
                // A date that is in no calendar.
                break;
            };
            if used > from {
                kept.push((from, used));
            }
            from = to;
        }
    }
    kept.stretches
}

/// How far it can be said at once what is covered of a stretch, and up to where it is.
fn step(kept: &Kept, (from, end): (i128, i128), whole: i128, period: &Amount, zone: &Zone) -> Option<(i128, i128)> {
    match period {
        Amount::Elapsed(length) => Some(in_hours(kept, (from, end), whole, nanos(length)?)),
        Amount::Period(period) => in_days(kept, (from, end), whole, period, zone),
        Amount::Windows { .. } => None,
    }
}

fn in_days(kept: &Kept, (from, end): (i128, i128), whole: i128, period: &Period, zone: &Zone) -> Option<(i128, i128)> {
    let next = zone.date(Timestamp::from_nanosecond(from).ok()?).tomorrow().ok()?;
    let midnight = |date| zone.start_of_day(date).map(Timestamp::as_nanosecond);
    let to = end.min(midnight(next)?);
    let left = whole - kept.within(midnight(period.subtract_from(next)?)?, from);
    Some((to, to.min(from + left.max(0))))
}

fn in_hours(kept: &Kept, (from, end): (i128, i128), whole: i128, length: i128) -> (i128, i128) {
    let leaves = from - length;
    let [before, after] = kept.around(leaves);
    // As much as is used now is no longer looked at: the period moves on over what was used before.
    if let Some((_, until)) = before.last().filter(|(_, until)| leaves < *until) {
        let to = end.min(until + length);
        return (to, to);
    }
    let next = after.first().map_or(end, |(start, _)| start + length).min(end);
    let left = whole - kept.within(leaves, from);
    if left > 0 {
        let to = next.min(from + left);
        return (to, to);
    }
    (next, from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Duration, PeriodUnit};

    const HOUR: i128 = 3_600_000_000_000;

    fn hours(stretches: &[(i128, i128)]) -> Stretches {
        stretches.iter().map(|(from, to)| (from * HOUR, to * HOUR)).collect()
    }

    fn covered_in(stretches: &[(i128, i128)], whole: i128, period: &Amount) -> Stretches {
        let zone = Zone::utc();
        let kept = crate::values::intervals::merge(covered(&hours(stretches), whole * HOUR, period, &zone));
        kept.into_iter().map(|(from, to)| (from / HOUR, to / HOUR)).collect()
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let week = Amount::Period(Period::new(7, PeriodUnit::Day));
        // On the first and the second day, and again when the first one is seven days ago.
        assert_eq!(covered_in(&[(20, 25), (30, 40), (168, 180)], 8, &week), [(20, 25), (30, 33), (168, 172)]);
        assert_eq!(covered_in(&[(0, 8), (200, 208)], 8, &week), [(0, 8), (200, 208)]);
    }

    #[test]
    fn hours_begin_at_any_instant() {
        let day = Amount::Elapsed(Duration::from_whole_seconds(86_400));
        assert_eq!(covered_in(&[(20, 30)], 8, &day), [(20, 28)]);
        // From 44 on, as much leaves the last 24 hours as is used anew.
        assert_eq!(covered_in(&[(20, 24), (40, 60)], 8, &day), [(20, 24), (40, 48)]);
        assert_eq!(covered_in(&[(20, 28), (40, 60)], 8, &day), [(20, 28), (44, 52)]);
    }
}
