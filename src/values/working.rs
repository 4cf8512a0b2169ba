//! Working time: elapsed time that counts only while a calendar is open.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::calendar::{Calendar, days_between};
use super::duration::Duration;
use super::exact::Exact;
use super::hours::Weekday;
use super::zone::Zone;

/// Nanoseconds of a second.
const NANOS: i64 = 1_000_000_000;

impl Calendar {
    /// The earliest instant by which `time` of working time has passed since `start`, looked for up to the end of the
    /// local date `horizon`; no working time has passed at `start` itself. Rounded up to a nanosecond.
    pub fn add_working(
        &self,
        zone: &Zone,
        start: Timestamp,
        time: &Duration,
        horizon: Date,
    ) -> Option<Timestamp> {
        let mut left = (time.seconds() * Exact::from_int(NANOS)).ceil();
        if left.signum() <= 0 {
            return Some(start);
        }
        let from = zone.date(start);
        for (open, close) in self.openings(zone, from, days_between(from, horizon)) {
            let open = open.max(start);
            let length = nanos(open, close);
            if length >= left {
                return open
                    .checked_add(SignedDuration::from_nanos(left.to_i64()?))
                    .ok();
            }
            if length.signum() > 0 {
                left = left - length;
            }
        }
        None
    }

    /// The working time from `start` to `end`; none if `end` is not after `start`.
    pub fn working_between(&self, zone: &Zone, start: Timestamp, end: Timestamp) -> Duration {
        if end <= start {
            return Duration::zero();
        }
        if *self == Calendar::Always {
            return seconds(nanos(start, end));
        }
        let from = zone.date(start);
        let total = self
            .openings(zone, from, days_between(from, zone.date(end)))
            .map(|(open, close)| (open.max(start), close.min(end)))
            .filter(|(open, close)| open < close)
            .map(|(open, close)| nanos(open, close))
            .sum();
        seconds(total)
    }

    /// The length of a working day, when all days of the week with hours have the same; holidays and daylight saving
    /// are left aside.
    pub fn working_day_length(&self) -> Option<Duration> {
        let mut lengths = Weekday::ALL
            .into_iter()
            .map(|day| {
                self.nominal(day)
                    .iter()
                    .map(|(start, end)| i64::from(end - start))
                    .sum::<i64>()
            })
            .filter(|minutes| *minutes > 0);
        let first = lengths.next()?;
        lengths
            .all(|minutes| minutes == first)
            .then(|| Duration::from_whole_seconds(first * 60))
    }

    /// The instant by which `days` working days have passed since `start`: that many times the length of a working
    /// day. Nothing if working days differ in length, or up to the end of the local date `horizon`.
    pub fn add_working_days(
        &self,
        zone: &Zone,
        start: Timestamp,
        days: u32,
        horizon: Date,
    ) -> Option<Timestamp> {
        let time = self
            .working_day_length()?
            .times(&Exact::from_int(days.into()));
        self.add_working(zone, start, &time, horizon)
    }
}

/// The nanoseconds from one instant to another.
fn nanos(start: Timestamp, end: Timestamp) -> Exact {
    let span = start.duration_until(end);
    Exact::from_int(span.as_secs()) * Exact::from_int(NANOS)
        + Exact::from_int(span.subsec_nanos().into())
}

fn seconds(nanos: Exact) -> Duration {
    Duration::from_seconds(
        nanos
            .checked_div(&Exact::from_int(NANOS))
            .unwrap_or_default(),
    )
}
