use crate::model::Presence;
use crate::values::{Duration, Exact, Timestamp};

/// Nanoseconds of a second.
pub(super) const NANOS: i64 = 1_000_000_000;

/// A stretch of time: its first instant belongs to it, its end does not. In nanoseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first instant.
    pub start: i128,
    /// The instant after the last one.
    pub end: i128,
}

impl Interval {
    /// Whether a part of a time from a first instant to a last lies within it.
    #[must_use]
    pub fn overlaps(self, time: Presence) -> bool {
        self.start <= time.last && time.first < self.end
    }

    /// The stretch between two instants.
    #[must_use]
    pub fn between(start: Timestamp, end: Timestamp) -> Interval {
        Interval { start: start.as_nanosecond(), end: end.as_nanosecond() }
    }

    /// Whether it has no length.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Interval) -> Interval {
        Interval { start: self.start.max(other.start), end: self.end.min(other.end) }
    }

    /// Whether the other one lies in it.
    #[must_use]
    pub fn covers(self, other: Interval) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> Duration {
        Duration::from_seconds(seconds(self.end - self.start))
    }

    /// Its pieces between some instants, which are in order.
    pub(super) fn cut_at(self, instants: &[i128]) -> Vec<Interval> {
        let from = instants.partition_point(|instant| *instant <= self.start);
        let to = instants.partition_point(|instant| *instant < self.end);
        let inner = instants.get(from..to).unwrap_or_default().iter().copied();
        let ends: Vec<i128> = [self.start].into_iter().chain(inner).chain([self.end]).collect();
        ends.iter().zip(ends.iter().skip(1)).map(|(start, end)| Interval { start: *start, end: *end }).collect()
    }

    /// Its last instant.
    pub(super) fn last(self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(self.end - 1).ok()
    }
}

/// Nanoseconds as seconds.
pub(super) fn seconds(nanos: i128) -> Exact {
    whole(nanos).checked_div(&Exact::from_int(NANOS)).unwrap_or_default()
}

/// A count that may exceed 64 bits.
pub(super) fn whole(count: i128) -> Exact {
    match i64::try_from(count) {
        Ok(count) => Exact::from_int(count),
        Err(_) => {
            let (high, low) = (count.div_euclid(i128::from(NANOS)), count.rem_euclid(i128::from(NANOS)));
            let part = |part: i128| Exact::from_int(i64::try_from(part).unwrap_or(i64::MAX));
            part(high) * Exact::from_int(NANOS) + part(low)
        }
    }
}

/// A duration in nanoseconds, where it is a whole number of them.
#[must_use]
pub fn nanos(length: &Duration) -> Option<i128> {
    let nanos = length.seconds() * Exact::from_int(NANOS);
    nanos.is_integer().then(|| nanos.to_i64()).flatten().map(i128::from)
}
