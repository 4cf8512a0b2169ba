//! A budget for any period of some length: in none of them more of it is used.

use super::interval::nanos;
use crate::values::{Amount, Period, Timestamp, Zone};

/// Stretches of time, in order, apart from each other.
type Stretches = Vec<(i128, i128)>;

/// What of some stretches a budget covers, which is used in the order of time. A period in days is one of so many local dates
/// that follow each other; one in hours begins at any instant.
pub(super) fn covered(stretches: &[(i128, i128)], whole: i128, period: &Amount, zone: &Zone) -> Stretches {
    let mut kept = Stretches::new();
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
    kept
}

/// How far it can be said at once what is covered of a stretch, and up to where it is.
fn step(
    kept: &[(i128, i128)],
    (from, end): (i128, i128),
    whole: i128,
    period: &Amount,
    zone: &Zone,
) -> Option<(i128, i128)> {
    match period {
        Amount::Elapsed(length) => Some(in_hours(kept, (from, end), whole, nanos(length)?)),
        Amount::Period(period) => in_days(kept, (from, end), whole, period, zone),
        Amount::Windows { .. } => None,
    }
}

fn in_days(
    kept: &[(i128, i128)],
    (from, end): (i128, i128),
    whole: i128,
    period: &Period,
    zone: &Zone,
) -> Option<(i128, i128)> {
    let next = zone.date(Timestamp::from_nanosecond(from).ok()?).tomorrow().ok()?;
    let midnight = |date| zone.start_of_day(date).map(Timestamp::as_nanosecond);
    let to = end.min(midnight(next)?);
    let left = whole - within(kept, midnight(period.subtract_from(next)?)?, from);
    Some((to, to.min(from + left.max(0))))
}

fn in_hours(kept: &[(i128, i128)], (from, end): (i128, i128), whole: i128, length: i128) -> (i128, i128) {
    let leaves = from - length;
    // As much as is used now is no longer looked at: the period moves on over what was used before.
    if let Some((_, until)) = kept.iter().find(|(start, until)| *start <= leaves && leaves < *until) {
        let to = end.min(until + length);
        return (to, to);
    }
    let next = kept.iter().map(|(start, _)| start + length).find(|at| *at > from).unwrap_or(end).min(end);
    let left = whole - within(kept, leaves, from);
    if left > 0 {
        let to = next.min(from + left);
        return (to, to);
    }
    (next, from)
}

/// How much of some stretches lies between two instants.
fn within(stretches: &[(i128, i128)], from: i128, to: i128) -> i128 {
    stretches.iter().map(|(start, end)| (end.min(&to) - start.max(&from)).max(0)).sum()
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
