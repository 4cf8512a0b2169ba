//! Weekly hours and holidays: the leaves of calendars.

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
            let ranges = self.days.entry(*day).or_default();
            let all = ranges.iter().chain([&range]).map(|range| (range.start, range.end)).collect();
            *ranges = intervals::merge(all).into_iter().map(|(start, end)| MinuteRange { start, end }).collect();
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

/// Days on which something is closed, each with an optional title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Holidays {
    yearly: BTreeMap<MonthDay, Option<String>>,
    single: BTreeMap<Date, Option<String>>,
}

impl Holidays {
    /// No holidays.
    pub fn new() -> Holidays {
        Holidays::default()
    }

    /// With a day of every year as well.
    #[must_use]
    pub fn with_yearly(mut self, day: MonthDay, title: Option<String>) -> Holidays {
        self.yearly.insert(day, title);
        self
    }

    /// With a single date as well.
    #[must_use]
    pub fn with_date(mut self, date: Date, title: Option<String>) -> Holidays {
        self.single.insert(date, title);
        self
    }

    /// The holidays of both; where both name a day, this one's title stays.
    #[must_use]
    pub fn union(mut self, other: &Holidays) -> Holidays {
        for (day, title) in &other.yearly {
            self.yearly.entry(*day).or_insert_with(|| title.clone());
        }
        for (date, title) in &other.single {
            self.single.entry(*date).or_insert_with(|| title.clone());
        }
        self
    }

    /// Whether a date is a holiday.
    pub fn contains(&self, date: Date) -> bool {
        self.single.contains_key(&date) || self.yearly.contains_key(&MonthDay::of(date))
    }

    /// The title of a holiday, if it has one.
    pub fn title(&self, date: Date) -> Option<&str> {
        let single = self.single.get(&date).and_then(Option::as_deref);
        single.or_else(|| self.yearly.get(&MonthDay::of(date)).and_then(Option::as_deref))
    }

    /// Days of every year, in order.
    pub fn yearly(&self) -> impl Iterator<Item = (MonthDay, Option<&str>)> {
        self.yearly.iter().map(|(day, title)| (*day, title.as_deref()))
    }

    /// Single dates, in order.
    pub fn dates(&self) -> impl Iterator<Item = (Date, Option<&str>)> {
        self.single.iter().map(|(date, title)| (*date, title.as_deref()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.yearly.is_empty() && self.single.is_empty()
    }
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
    fn hours_merge_and_holidays_unite() {
        let range = |start, end| MinuteRange::new(start, end).unwrap();
        let hours = WeeklyHours::new()
            .with(&[Weekday::Monday], range(600, 700))
            .with(&[Weekday::Monday, Weekday::Tuesday], range(480, 600));
        assert_eq!(hours.on(Weekday::Monday), [range(480, 700)]);
        assert_eq!(hours.on(Weekday::Sunday), []);
        let yearly = Holidays::new().with_yearly(MonthDay::parse("01-01").unwrap(), Some("New Year".to_owned()));
        let both = yearly.union(&Holidays::new().with_date(date(2027, 12, 24), None));
        assert!(both.contains(date(2030, 1, 1)) && both.contains(date(2027, 12, 24)));
        assert!(!both.contains(date(2028, 12, 24)));
        assert_eq!(both.title(date(2028, 1, 1)), Some("New Year"));
    }
}
