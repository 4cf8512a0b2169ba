//! The hours of weeks and of single days: the leaves of calendars.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use super::date::MonthDay;
use super::intervals;

/// Minutes of a whole local day.
const DAY: u16 = 24 * 60;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say all")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Every day, Monday first.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The day that a file calls `word`: `mon` to `sun`.
    pub fn parse(word: &str) -> Option<Weekday> {
        Weekday::ALL.into_iter().find(|day| day.as_str() == word)
    }

    /// The word for the day in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Weekday::Monday => "mon",
            Weekday::Tuesday => "tue",
            Weekday::Wednesday => "wed",
            Weekday::Thursday => "thu",
            Weekday::Friday => "fri",
            Weekday::Saturday => "sat",
            Weekday::Sunday => "sun",
        }
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    /// The day of the week of a date.
    pub fn of(date: Date) -> Weekday {
        use jiff::civil::Weekday as W;
        match date.weekday() {
            W::Monday => Weekday::Monday,
            W::Tuesday => Weekday::Tuesday,
            W::Wednesday => Weekday::Wednesday,
            W::Thursday => Weekday::Thursday,
            W::Friday => Weekday::Friday,
            W::Saturday => Weekday::Saturday,
            W::Sunday => Weekday::Sunday,
        }
    }

    /// The days from this one to `last`, over the end of the week if need be: `fri to mon` is four days.
    pub fn through(self, last: Weekday) -> Vec<Weekday> {
        let mut days: Vec<Weekday> = Weekday::ALL.into_iter().cycle().skip_while(|day| *day != self).take(7).collect();
        if let Some(position) = days.iter().position(|day| *day == last) {
            days.truncate(position + 1);
        }
        days
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A half-open range of a local day, in minutes from midnight, of at least a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MinuteRange {
    start: u16,
    end: u16,
}

impl MinuteRange {
    /// The range from `start` to `end`; nothing if it is empty, backwards, or ends after `24:00` (1440).
    pub fn new(start: u16, end: u16) -> Option<MinuteRange> {
        (start < end && end <= DAY).then_some(MinuteRange { start, end })
    }

    /// The whole day.
    pub fn day() -> MinuteRange {
        MinuteRange { start: 0, end: DAY }
    }

    /// The range between two times as written, `08:00` and `18:00`; the end may be `24:00`.
    pub fn parse(start: &str, end: &str) -> Option<MinuteRange> {
        MinuteRange::new(minute_of_day(start)?, minute_of_day(end)?)
    }

    /// The first minute.
    pub fn start(&self) -> u16 {
        self.start
    }

    /// The minute after the last; 1440 is midnight at the end of the day.
    pub fn end(&self) -> u16 {
        self.end
    }
}

impl fmt::Display for MinuteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        write!(f, "{} to {}", clock(self.start), clock(self.end))
    }
}

/// Minutes from midnight of a time as written, `24:00` included; nothing if there is no such time.
pub fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

/// Opening hours by day of the week: sorted ranges that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WeeklyHours {
    days: BTreeMap<Weekday, Vec<MinuteRange>>,
}

impl WeeklyHours {
    /// Never open.
    pub fn new() -> WeeklyHours {
        WeeklyHours::default()
    }

    /// Open on these days in this range as well.
    #[must_use]
    pub fn with(mut self, days: &[Weekday], range: MinuteRange) -> WeeklyHours {
        for day in days {
            add(self.days.entry(*day).or_default(), &[range]);
        }
        self
    }

    /// The hours of a day of the week.
    pub fn on(&self, day: Weekday) -> &[MinuteRange] {
        self.days.get(&day).map_or(&[], Vec::as_slice)
    }

    /// Whether there are no hours at all.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
}

/// Hours of single days, which take the place of those of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DatedHours {
    yearly: BTreeMap<MonthDay, Vec<MinuteRange>>,
    single: BTreeMap<Date, Vec<MinuteRange>>,
}

impl DatedHours {
    /// None.
    pub fn new() -> DatedHours {
        DatedHours::default()
    }

    /// Open on a day of every year in this range as well.
    #[must_use]
    pub fn with_yearly(mut self, day: MonthDay, range: MinuteRange) -> DatedHours {
        add(self.yearly.entry(day).or_default(), &[range]);
        self
    }

    /// Open on a single date in this range as well.
    #[must_use]
    pub fn with_date(mut self, date: Date, range: MinuteRange) -> DatedHours {
        add(self.single.entry(date).or_default(), &[range]);
        self
    }

    /// The hours of a date, if it has its own: those of the day of every year and of the single date together.
    pub fn on(&self, date: Date) -> Option<Vec<MinuteRange>> {
        match (self.yearly.get(&MonthDay::of(date)), self.single.get(&date)) {
            (None, None) => None,
            (one, other) => {
                let mut ranges = one.cloned().unwrap_or_default();
                add(&mut ranges, other.map_or(&[], Vec::as_slice));
                Some(ranges)
            }
        }
    }

    /// The hours of days of every year, in order.
    pub fn yearly(&self) -> impl Iterator<Item = (MonthDay, &[MinuteRange])> {
        self.yearly.iter().map(|(day, ranges)| (*day, ranges.as_slice()))
    }

    /// The hours of single dates, in order.
    pub fn dates(&self) -> impl Iterator<Item = (Date, &[MinuteRange])> {
        self.single.iter().map(|(date, ranges)| (*date, ranges.as_slice()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.yearly.is_empty() && self.single.is_empty()
    }
}

/// Adds ranges to sorted ones that neither overlap nor touch.
fn add(ranges: &mut Vec<MinuteRange>, more: &[MinuteRange]) {
    let all = ranges.iter().chain(more).map(|range| (range.start, range.end)).collect();
    *ranges = intervals::merge(all).into_iter().map(|(start, end)| MinuteRange { start, end }).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ranges_and_days_are_read() {
        assert_eq!(MinuteRange::parse("08:00", "24:00").unwrap().to_string(), "08:00 to 24:00");
        for (start, end) in [("18:00", "08:00"), ("08:00", "08:00"), ("08:00", "24:01"), ("8:00", "9:00"), ("a", "b")] {
            assert_eq!(MinuteRange::parse(start, end), None, "{start} {end}");
        }
        assert_eq!(Weekday::Friday.through(Weekday::Monday).len(), 4);
        assert_eq!(Weekday::Monday.through(Weekday::Friday).len(), 5);
        assert_eq!(Weekday::Sunday.through(Weekday::Sunday), [Weekday::Sunday]);
        assert_eq!(Weekday::of(date(2027, 3, 28)), Weekday::parse("sun").unwrap());
    }

    #[test]
    fn hours_merge() {
        let range = |start, end| MinuteRange::new(start, end).unwrap();
        let hours = WeeklyHours::new()
            .with(&[Weekday::Monday], range(600, 700))
            .with(&[Weekday::Monday, Weekday::Tuesday], range(480, 600));
        assert_eq!(hours.on(Weekday::Monday), [range(480, 700)]);
        assert_eq!(hours.on(Weekday::Sunday), []);
        let eve = MonthDay::parse("12-24").unwrap();
        let dated = DatedHours::new()
            .with_yearly(eve, range(840, 900))
            .with_yearly(eve, range(480, 720))
            .with_date(date(2027, 12, 24), range(720, 780));
        assert_eq!(dated.on(date(2026, 12, 24)), Some(vec![range(480, 720), range(840, 900)]));
        assert_eq!(dated.on(date(2027, 12, 24)), Some(vec![range(480, 780), range(840, 900)]));
        assert_eq!(dated.on(date(2027, 12, 25)), None);
    }
}
