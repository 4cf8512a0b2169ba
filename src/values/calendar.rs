//! Calendars: when something is open, as instants.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::hours::{Holidays, MinuteRange, Weekday, WeeklyHours};
use super::intervals::{self, Intervals};
use super::zone::{Edge, Zone};

/// When something is open, in local time of a zone that is given with each question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Around the clock.
    Always,
    /// Weekly hours, save on holidays.
    Hours {
        /// The hours of each day of the week.
        weekly: WeeklyHours,
        /// The dates without hours.
        closed: Holidays,
    },
    /// Open when one of them is.
    Or(Vec<Calendar>),
    /// Open when all of them are; around the clock if there are none.
    And(Vec<Calendar>),
    /// Open when the first is and the second is not.
    Except(Box<Calendar>, Box<Calendar>),
}

impl Calendar {
    /// The openings of `days` local dates from `from` on, in order, merged over midnight, cut at the edges.
    pub fn openings<'a>(&'a self, zone: &'a Zone, from: Date, days: usize) -> Openings<'a> {
        Openings { calendar: self, zone, next: Some(from), days, held: None, ready: Vec::new().into_iter() }
    }

    /// Whether there is any opening on the local dates from `from` to `to`, both included.
    pub fn ever_opens(&self, zone: &Zone, from: Date, to: Date) -> bool {
        self.openings(zone, from, days_between(from, to)).next().is_some()
    }

    /// The openings of one local date.
    fn on(&self, zone: &Zone, date: Date) -> Intervals<Timestamp> {
        match self {
            Calendar::Always => range_of(zone, date, MinuteRange::day()).into_iter().collect(),
            Calendar::Hours { closed, .. } if closed.contains(date) => Vec::new(),
            Calendar::Hours { weekly, .. } => {
                let hours = weekly.on(Weekday::of(date)).iter();
                intervals::merge(hours.filter_map(|range| range_of(zone, date, *range)).collect())
            }
            Calendar::Or(parts) => intervals::merge(parts.iter().flat_map(|part| part.on(zone, date)).collect()),
            Calendar::And(parts) => parts
                .iter()
                .fold(Calendar::Always.on(zone, date), |open, part| intervals::intersect(&open, &part.on(zone, date))),
            Calendar::Except(open, closed) => intervals::subtract(&open.on(zone, date), &closed.on(zone, date)),
        }
    }

    /// The nominal hours of a day of the week, in minutes, holidays left aside.
    pub(super) fn nominal(&self, day: Weekday) -> Intervals<u16> {
        let whole = MinuteRange::day();
        match self {
            Calendar::Always => vec![(whole.start(), whole.end())],
            Calendar::Hours { weekly, .. } => weekly.on(day).iter().map(|range| (range.start(), range.end())).collect(),
            Calendar::Or(parts) => intervals::merge(parts.iter().flat_map(|part| part.nominal(day)).collect()),
            Calendar::And(parts) => parts
                .iter()
                .fold(Calendar::Always.nominal(day), |open, part| intervals::intersect(&open, &part.nominal(day))),
            Calendar::Except(open, closed) => intervals::subtract(&open.nominal(day), &closed.nominal(day)),
        }
    }
}

/// How many local dates there are from `from` to `to`, both included.
pub(super) fn days_between(from: Date, to: Date) -> usize {
    let days = from.duration_until(to).as_hours() / 24 + 1;
    usize::try_from(days).unwrap_or(0)
}

/// The instants of a range of a local date; nothing if daylight saving skips it. Midnight at its end is the start of
/// the next date, so that dates never overlap.
fn range_of(zone: &Zone, date: Date, range: MinuteRange) -> Option<(Timestamp, Timestamp)> {
    let at = |minute: u16, edge: Edge| {
        if minute == 0 {
            return zone.start_of_day(date);
        }
        if minute == MinuteRange::day().end() {
            return zone.start_of_day(date.tomorrow().ok()?);
        }
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        zone.to_timestamp(date.to_datetime(Time::new(hour, minute, 0, 0).ok()?), edge)
    };
    let (start, end) = (at(range.start(), Edge::Opening)?, at(range.end(), Edge::Closing)?);
    (start < end).then_some((start, end))
}

/// The openings of a calendar in order; see [`Calendar::openings`].
#[derive(Clone, Debug)]
pub struct Openings<'a> {
    calendar: &'a Calendar,
    zone: &'a Zone,
    /// The next date to read; nothing at the end of time.
    next: Option<Date>,
    /// How many dates remain.
    days: usize,
    /// The last opening read, which the next date may prolong.
    held: Option<(Timestamp, Timestamp)>,
    ready: std::vec::IntoIter<(Timestamp, Timestamp)>,
}

impl Iterator for Openings<'_> {
    type Item = (Timestamp, Timestamp);

    fn next(&mut self) -> Option<(Timestamp, Timestamp)> {
        loop {
            if let Some((start, end)) = self.ready.next() {
                match &mut self.held {
                    Some(held) if start <= held.1 => held.1 = held.1.max(end),
                    Some(held) => return Some(std::mem::replace(held, (start, end))),
                    None => self.held = Some((start, end)),
                }
                continue;
            }
            match self.next {
                Some(date) if self.days > 0 => {
                    self.days -= 1;
                    self.next = date.tomorrow().ok();
                    self.ready = self.calendar.on(self.zone, date).into_iter();
                }
                _ => return self.held.take(),
            }
        }
    }
}
