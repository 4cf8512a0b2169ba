//! Calendars: when something is open, as instants.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::holidays::Holidays;
use super::hours::{DatedHours, MinuteRange, Weekday, WeeklyHours};
use super::intervals::{self, Intervals};
use super::zone::{Edge, Zone};

/// When something is open, in local time of a zone that is given with each question, or of a calendar's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Around the clock.
    Always,
    /// Weekly hours, save on dates with hours of their own and on holidays.
    Hours {
        /// The hours of each day of the week.
        weekly: WeeklyHours,
        /// The hours of single days. They hold on holidays too.
        dated: DatedHours,
        /// The dates without other hours.
        closed: Holidays,
        /// The zone of these hours and dates, where they have their own.
        zone: Option<Zone>,
    },
    /// The whole of each date of a set.
    Dates {
        /// The dates.
        days: Holidays,
        /// Their zone, where they have their own.
        zone: Option<Zone>,
    },
    /// Open when one of them is.
    Or(Vec<Calendar>),
    /// Open when all of them are; around the clock if there are none.
    And(Vec<Calendar>),
    /// Open when the first is and the second is not.
    Except(Box<Calendar>, Box<Calendar>),
}

impl Calendar {
    /// Weekly hours, save on holidays, in the zone of the question.
    pub fn weekly(weekly: WeeklyHours, closed: Holidays) -> Calendar {
        Calendar::Hours { weekly, dated: DatedHours::new(), closed, zone: None }
    }

    /// Without the whole dates of a set, each date in the zone of the hours that it is taken from.
    #[must_use]
    pub fn except_dates(self, days: &Holidays) -> Calendar {
        let each = |parts: Vec<Calendar>| parts.into_iter().map(|part| part.except_dates(days)).collect();
        match self.zones().as_slice() {
            [] | [_] => {
                let zone = self.zones().into_iter().flatten().next().cloned();
                Calendar::Except(Box::new(self), Box::new(Calendar::Dates { days: days.clone(), zone }))
            }
            _ => match self {
                Calendar::Or(parts) => Calendar::Or(each(parts)),
                Calendar::And(parts) => Calendar::And(each(parts)),
                Calendar::Except(open, closed) => Calendar::Except(Box::new(open.except_dates(days)), closed),
                leaf => leaf,
            },
        }
    }

    /// The zones of its hours, each once; nothing stands for the zone of the question.
    fn zones(&self) -> Vec<Option<&Zone>> {
        let mut zones = match self {
            Calendar::Always => vec![None],
            Calendar::Hours { zone, .. } | Calendar::Dates { zone, .. } => vec![zone.as_ref()],
            Calendar::Or(parts) | Calendar::And(parts) => parts.iter().flat_map(Calendar::zones).collect(),
            Calendar::Except(open, closed) => [open, closed].into_iter().flat_map(|part| part.zones()).collect(),
        };
        zones.sort_unstable();
        zones.dedup();
        zones
    }

    /// Whether hours of several zones are combined: then its days are those of no zone.
    pub fn is_of_several_zones(&self) -> bool {
        self.zones().len() > 1
    }

    /// The openings of `days` local dates from `from` on, in order, merged over midnight, cut at the edges.
    pub fn openings<'a>(&'a self, zone: &'a Zone, from: Date, days: usize) -> Openings<'a> {
        Openings { calendar: self, zone, next: Some(from), days, held: None, ready: Vec::new().into_iter() }
    }

    /// Whether there is any opening on the local dates from `from` to `to`, both included.
    pub fn ever_opens(&self, zone: &Zone, from: Date, to: Date) -> bool {
        self.daily(zone, from, days_between(from, to)).next().is_some()
    }

    /// Whether it has hours on any day of the week or on any single day, holidays left aside.
    pub fn has_hours(&self) -> bool {
        self.is_of_several_zones() || self.has_dated_hours() || self.opens_in_a_week()
    }

    /// Whether it has hours on any day of the week, single days left aside.
    pub fn opens_in_a_week(&self) -> bool {
        Weekday::ALL.into_iter().any(|day| !self.nominal(day).is_empty())
    }

    fn has_dated_hours(&self) -> bool {
        match self {
            Calendar::Always | Calendar::Dates { .. } => false,
            Calendar::Hours { dated, .. } => !dated.is_empty(),
            Calendar::Or(parts) | Calendar::And(parts) => parts.iter().any(Calendar::has_dated_hours),
            Calendar::Except(open, _) => open.has_dated_hours(),
        }
    }

    /// As [`Calendar::openings`], but cut at each midnight, so that a long opening need not be read to its end.
    pub(super) fn daily(&self, zone: &Zone, from: Date, days: usize) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let dates = std::iter::successors(Some(from), |date| date.tomorrow().ok());
        dates.take(days).flat_map(|date| self.on(zone, date))
    }

    /// The openings of one local date.
    fn on(&self, zone: &Zone, date: Date) -> Intervals<Timestamp> {
        match self {
            Calendar::Always => range_of(zone, date, MinuteRange::day()).into_iter().collect(),
            Calendar::Hours { weekly, dated, closed, zone: own } => on_date(own.as_ref(), zone, date, |date| {
                let usual = || if closed.contains(date) { Vec::new() } else { weekly.on(Weekday::of(date)).to_vec() };
                dated.on(date).unwrap_or_else(usual)
            }),
            Calendar::Dates { days, zone: own } => on_date(own.as_ref(), zone, date, |date| {
                days.contains(date).then(MinuteRange::day).into_iter().collect()
            }),
            Calendar::Or(parts) => intervals::merge(parts.iter().flat_map(|part| part.on(zone, date)).collect()),
            Calendar::And(parts) => parts
                .iter()
                .fold(Calendar::Always.on(zone, date), |open, part| intervals::intersect(&open, &part.on(zone, date))),
            Calendar::Except(open, closed) => intervals::subtract(&open.on(zone, date), &closed.on(zone, date)),
        }
    }

    /// The nominal hours of a day of the week, in minutes, single days left aside.
    pub(super) fn nominal(&self, day: Weekday) -> Intervals<u16> {
        let whole = MinuteRange::day();
        match self {
            Calendar::Always => vec![(whole.start(), whole.end())],
            Calendar::Hours { weekly, .. } => weekly.on(day).iter().map(|range| (range.start(), range.end())).collect(),
            Calendar::Dates { .. } => Vec::new(),
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

/// The openings on a date of a zone, of hours that are stated for dates of their `own` zone, or else of that one.
fn on_date(
    own: Option<&Zone>,
    zone: &Zone,
    date: Date,
    ranges: impl Fn(Date) -> Vec<MinuteRange>,
) -> Intervals<Timestamp> {
    let of =
        |zone: &Zone, date: Date| ranges(date).into_iter().filter_map(|range| range_of(zone, date, range)).collect();
    let Some(own) = own.filter(|own| *own != zone) else { return intervals::merge(of(zone, date)) };
    let Some((start, end)) = range_of(zone, date, MinuteRange::day()) else { return Vec::new() };
    // A date of one zone lies on two or three of another.
    let dates = std::iter::successors(Some(own.date(start)), |date| date.tomorrow().ok());
    let dates = dates.take_while(|date| *date <= own.date(end));
    let all: Intervals<Timestamp> = dates.flat_map(|date| -> Intervals<Timestamp> { of(own, date) }).collect();
    intervals::intersect(&intervals::merge(all), &[(start, end)])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::MonthDay;
    use jiff::civil::date;

    fn open(days: &[Weekday], start: &str, end: &str) -> Calendar {
        let weekly = WeeklyHours::new().with(days, MinuteRange::parse(start, end).unwrap());
        Calendar::weekly(weekly, Holidays::new())
    }

    fn openings(calendar: &Calendar, from: Date, days: usize) -> Vec<String> {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        calendar.openings(&zone, from, days).map(|(start, end)| format!("{start} {end}")).collect()
    }

    #[test]
    fn hours_follow_local_clocks() {
        let quiet = open(&[Weekday::Sunday], "02:00", "06:00");
        assert_eq!(openings(&quiet, date(2027, 3, 21), 7), ["2027-03-21T01:00:00Z 2027-03-21T05:00:00Z"]);
        // The clocks go forward at 02:00: three hours.
        assert_eq!(openings(&quiet, date(2027, 3, 28), 1), ["2027-03-28T01:00:00Z 2027-03-28T04:00:00Z"]);
        // They go back at 03:00: five hours.
        assert_eq!(openings(&quiet, date(2027, 10, 31), 1), ["2027-10-31T00:00:00Z 2027-10-31T05:00:00Z"]);
        // A range inside the skipped hour is empty, one in the repeated hour spans both.
        let hour = open(&[Weekday::Sunday], "02:15", "02:45");
        assert_eq!(openings(&hour, date(2027, 3, 28), 1), Vec::<String>::new());
        assert_eq!(openings(&hour, date(2027, 10, 31), 1), ["2027-10-31T00:15:00Z 2027-10-31T01:45:00Z"]);
    }

    #[test]
    fn openings_merge_over_midnight() {
        let night =
            Calendar::Or(vec![open(&[Weekday::Monday], "22:00", "24:00"), open(&[Weekday::Tuesday], "00:00", "06:00")]);
        assert_eq!(openings(&night, date(2027, 6, 7), 7), ["2027-06-07T20:00:00Z 2027-06-08T04:00:00Z"]);
        assert_eq!(openings(&Calendar::Always, date(2027, 1, 1), 365), ["2026-12-31T23:00:00Z 2027-12-31T23:00:00Z"]);
    }

    #[test]
    fn calendars_combine() {
        let office = open(&Weekday::ALL, "08:00", "18:00");
        let lunch = open(&[Weekday::Monday], "12:00", "13:00");
        let parted = Calendar::Except(Box::new(office.clone()), Box::new(lunch.clone()));
        assert_eq!(
            openings(&parted, date(2027, 6, 7), 1),
            ["2027-06-07T06:00:00Z 2027-06-07T10:00:00Z", "2027-06-07T11:00:00Z 2027-06-07T16:00:00Z"]
        );
        let both = Calendar::And(vec![office, lunch.clone()]);
        assert_eq!(openings(&both, date(2027, 6, 7), 7), openings(&lunch, date(2027, 6, 7), 7));
        let never = Calendar::Except(Box::new(lunch), Box::new(Calendar::Always));
        let zone = Zone::parse("Europe/Berlin").unwrap();
        assert!(!never.ever_opens(&zone, date(2027, 1, 1), date(2031, 12, 31)));
        assert!(both.ever_opens(&zone, date(2027, 6, 7), date(2027, 6, 7)));
        assert!(!both.ever_opens(&zone, date(2027, 6, 8), date(2027, 6, 13)));
        assert!(!both.ever_opens(&zone, date(2027, 6, 8), date(2027, 6, 7)));
    }

    #[test]
    fn hours_of_another_zone_are_read_in_that_zone() {
        let weekly = WeeklyHours::new()
            .with(&Weekday::Monday.through(Weekday::Friday), MinuteRange::parse("09:00", "17:00").unwrap());
        let zone = Zone::parse("America/New_York");
        let closed = Holidays::new().with_date(date(2027, 3, 17), None);
        let desk = Calendar::Hours { weekly: weekly.clone(), dated: DatedHours::new(), closed, zone: zone.clone() };
        // New York has changed its clocks on 14 March, Berlin does on the 28th: five hours apart, then six.
        assert_eq!(
            openings(&desk, date(2027, 3, 12), 5),
            [
                "2027-03-12T14:00:00Z 2027-03-12T22:00:00Z",
                "2027-03-15T13:00:00Z 2027-03-15T21:00:00Z",
                "2027-03-16T13:00:00Z 2027-03-16T21:00:00Z",
            ]
        );
        assert!(openings(&desk, date(2027, 3, 17), 1).is_empty());
        assert_eq!(openings(&desk, date(2027, 3, 29), 1), ["2027-03-29T13:00:00Z 2027-03-29T21:00:00Z"]);
        // An evening there is a night here: the date of one is parted by the midnight of the other.
        let evening = WeeklyHours::new().with(&[Weekday::Friday], MinuteRange::parse("16:00", "24:00").unwrap());
        let evening = Calendar::Hours { weekly: evening, dated: DatedHours::new(), closed: Holidays::new(), zone };
        assert_eq!(openings(&evening, date(2027, 6, 4), 1), ["2027-06-04T20:00:00Z 2027-06-04T22:00:00Z"]);
        assert_eq!(openings(&evening, date(2027, 6, 5), 1), ["2027-06-04T22:00:00Z 2027-06-05T04:00:00Z"]);
        assert_eq!(openings(&evening, date(2027, 6, 4), 2), ["2027-06-04T20:00:00Z 2027-06-05T04:00:00Z"]);
        assert!(Calendar::Or(vec![desk.clone(), open(&Weekday::ALL, "08:00", "18:00")]).is_of_several_zones());
        assert!(!Calendar::Or(vec![desk, evening]).is_of_several_zones());
    }

    #[test]
    fn single_days_have_hours_of_their_own() {
        let hours = |start, end| MinuteRange::parse(start, end).unwrap();
        let weekly = WeeklyHours::new().with(&Weekday::ALL, hours("08:00", "18:00"));
        let dated = DatedHours::new()
            .with_yearly(MonthDay::of(date(2027, 12, 24)), hours("08:00", "12:00"))
            .with_date(date(2027, 12, 25), hours("10:00", "11:00"));
        let closed = Holidays::new().with_yearly(MonthDay::of(date(2027, 12, 25)), None);
        let shop = Calendar::Hours { weekly, dated, closed, zone: None };
        assert_eq!(
            openings(&shop, date(2027, 12, 24), 2),
            ["2027-12-24T07:00:00Z 2027-12-24T11:00:00Z", "2027-12-25T09:00:00Z 2027-12-25T10:00:00Z"]
        );
        assert_eq!(openings(&shop, date(2028, 12, 24), 2), ["2028-12-24T07:00:00Z 2028-12-24T11:00:00Z"]);
        // Whole dates are taken out with whatever hours they have.
        let eves = Holidays::new().with_date(date(2027, 12, 24), None);
        assert_eq!(
            openings(&shop.except_dates(&eves), date(2027, 12, 24), 2),
            ["2027-12-25T09:00:00Z 2027-12-25T10:00:00Z"]
        );
    }

    #[test]
    fn dates_are_taken_from_hours_in_the_zone_of_the_hours() {
        let weekly = WeeklyHours::new().with(&Weekday::ALL, MinuteRange::day());
        let zone = Zone::parse("America/New_York");
        let there = Calendar::Hours { weekly, dated: DatedHours::new(), closed: Holidays::new(), zone };
        let day = Holidays::new().with_date(date(2027, 6, 9), None);
        let rest = |calendar: &Calendar| openings(&calendar.clone().except_dates(&day), date(2027, 6, 9), 2);
        assert_eq!(
            rest(&there),
            ["2027-06-08T22:00:00Z 2027-06-09T04:00:00Z", "2027-06-10T04:00:00Z 2027-06-10T22:00:00Z"]
        );
        assert_eq!(rest(&Calendar::Always), ["2027-06-09T22:00:00Z 2027-06-10T22:00:00Z"]);
        // Of both, each its own.
        assert_eq!(rest(&Calendar::And(vec![there, Calendar::Always])), ["2027-06-10T04:00:00Z 2027-06-10T22:00:00Z"]);
    }

    #[test]
    fn the_end_of_time_ends_the_openings() {
        assert!(openings(&Calendar::Always, date(9999, 12, 1), usize::MAX).len() <= 1);
    }
}
