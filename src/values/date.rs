//! Dates, months and times of day, with reasons for the impossible ones.

use std::fmt;

pub use jiff::Timestamp;
pub use jiff::civil::{Date, DateTime, Time};

/// A month of a year: `2027-06`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    year: i16,
    month: i8,
}

/// A day of every year: `01-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

/// Why a text is not a date, a month or a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DateError {
    /// The text has another shape; the field names the one expected.
    Shape(&'static str),
    /// There is no such month.
    Month(u32),
    /// The month is shorter. The year is given where it matters.
    Day {
        /// The year, for February.
        year: Option<i16>,
        /// The month, 1 to 12.
        month: i8,
        /// How many days it has.
        days: i8,
    },
    /// There is no such time of day.
    Time,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateError::Shape(shape) => write!(f, "this should have the form `{shape}`"),
            DateError::Month(month) => write!(f, "there is no month {month}"),
            DateError::Day { year: Some(year), month, days } => {
                write!(f, "{} {year} has {days} days", month_name(*month))
            }
            DateError::Day { year: None, month, days } => write!(f, "{} has {days} days", month_name(*month)),
            DateError::Time => f.write_str("a time of day runs from 00:00 to 23:59"),
        }
    }
}

impl std::error::Error for DateError {}

/// The English name of a month, 1 to 12; empty for any other number.
pub fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(i16::from(month) - 1).ok().and_then(|index| NAMES.get(index)).copied().unwrap_or("")
}

/// How many days a month has in a year of the Gregorian calendar.
pub fn days_in_month(year: i16, month: i8) -> i8 {
    match month {
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Digits of a fixed width.
fn digits(text: &str, width: usize) -> Option<u32> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn check_month(month: u32) -> Result<i8, DateError> {
    i8::try_from(month).ok().filter(|month| (1..=12).contains(month)).ok_or(DateError::Month(month))
}

/// The day if the month has it.
fn check_day(year: Option<i16>, month: i8, day: u32) -> Result<i8, DateError> {
    // 2028 is a leap year: a day of every year may be 29 February.
    let days = days_in_month(year.unwrap_or(2028), month);
    let year = year.filter(|_| month == 2);
    i8::try_from(day).ok().filter(|day| (1..=days).contains(day)).ok_or(DateError::Day { year, month, days })
}

/// A date as written: `2027-06-03`.
///
/// # Errors
/// When the text has another shape, or there is no such day.
pub fn parse_date(text: &str) -> Result<Date, DateError> {
    let shape = || DateError::Shape("2027-06-03");
    let (year_month, day) = text.rsplit_once('-').ok_or_else(shape)?;
    let (year, month) = year_month.split_once('-').ok_or_else(shape)?;
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return Err(shape());
    };
    let year = i16::try_from(year).map_err(|_| shape())?;
    let month = check_month(month)?;
    let day = check_day(Some(year), month, day)?;
    Date::new(year, month, day).map_err(|_| shape())
}

/// A time of day as written, `08:00`, with seconds if need be.
///
/// # Errors
/// When the text has another shape, or there is no such time; `24:00` is not one.
pub fn parse_time(text: &str) -> Result<Time, DateError> {
    let mut parts = text.split(':').map(|part| digits(part, 2).and_then(|value| i8::try_from(value).ok()));
    let (Some(Some(hour)), Some(Some(minute))) = (parts.next(), parts.next()) else {
        return Err(DateError::Shape("08:00"));
    };
    let (Some(second), None) = (parts.next().unwrap_or(Some(0)), parts.next()) else {
        return Err(DateError::Shape("08:00"));
    };
    if second > 59 {
        return Err(DateError::Time);
    }
    Time::new(hour, minute, second, 0).map_err(|_| DateError::Time)
}

/// A date and a time of day as written: `2027-06-03 10:00`.
///
/// # Errors
/// As [`parse_date`] and [`parse_time`].
pub fn parse_datetime(text: &str) -> Result<DateTime, DateError> {
    let (date, time) = text.split_once([' ', 'T']).ok_or(DateError::Shape("2027-06-03 10:00"))?;
    Ok(parse_date(date)?.to_datetime(parse_time(time.trim_start())?))
}

impl YearMonth {
    /// A month as written: `2027-06`.
    ///
    /// # Errors
    /// When the text has another shape, or there is no such month.
    pub fn parse(text: &str) -> Result<YearMonth, DateError> {
        let shape = || DateError::Shape("2027-06");
        let (year, month) = text.split_once('-').ok_or_else(shape)?;
        let (Some(year), Some(month)) = (digits(year, 4), digits(month, 2)) else {
            return Err(shape());
        };
        Ok(YearMonth { year: i16::try_from(year).map_err(|_| shape())?, month: check_month(month)? })
    }

    /// The month that contains a date.
    pub fn of(date: Date) -> YearMonth {
        YearMonth { year: date.year(), month: date.month() }
    }

    /// The year.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(&self) -> i8 {
        self.month
    }

    /// How many days the month has.
    pub fn days(&self) -> i8 {
        days_in_month(self.year, self.month)
    }

    /// The first day.
    pub fn first_day(&self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MAX)
    }

    /// The last day.
    pub fn last_day(&self) -> Date {
        self.first_day().last_of_month()
    }

    /// In words: `June 2027`.
    pub fn words(&self) -> String {
        format!("{} {}", month_name(self.month), self.year)
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl MonthDay {
    /// A day of every year as written: `01-01`; `02-29` is one, in leap years.
    ///
    /// # Errors
    /// When the text has another shape, or there is no such day.
    pub fn parse(text: &str) -> Result<MonthDay, DateError> {
        let shape = || DateError::Shape("01-01");
        let (month, day) = text.split_once('-').ok_or_else(shape)?;
        let (Some(month), Some(day)) = (digits(month, 2), digits(day, 2)) else {
            return Err(shape());
        };
        let month = check_month(month)?;
        Ok(MonthDay { month, day: check_day(None, month, day)? })
    }

    /// The day of the year on which a date falls.
    pub fn of(date: Date) -> MonthDay {
        MonthDay { month: date.month(), day: date.day() }
    }

    /// The month, 1 to 12.
    pub fn month(&self) -> i8 {
        self.month
    }

    /// The day of the month.
    pub fn day(&self) -> i8 {
        self.day
    }

    /// In words: `1 January`.
    pub fn words(&self) -> String {
        format!("{} {}", self.day, month_name(self.month))
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn impossible_dates_say_why() {
        let reason = |text: &str| parse_date(text).unwrap_err().to_string();
        assert_eq!(reason("2027-06-31"), "June has 30 days");
        assert_eq!(reason("2027-02-29"), "February 2027 has 28 days");
        assert_eq!(reason("2028-02-30"), "February 2028 has 29 days");
        assert_eq!(reason("2100-02-29"), "February 2100 has 28 days");
        assert_eq!(reason("2027-06-00"), "June has 30 days");
        assert_eq!(reason("2027-13-01"), "there is no month 13");
        assert_eq!(reason("2027-6-1"), "this should have the form `2027-06-03`");
        assert_eq!(parse_date("2028-02-29").unwrap().to_string(), "2028-02-29");
        assert_eq!(MonthDay::parse("02-30").unwrap_err().to_string(), "February has 29 days");
        assert_eq!(MonthDay::parse("02-29").unwrap().words(), "29 February");
        assert_eq!(YearMonth::parse("2027-00").unwrap_err().to_string(), "there is no month 0");
        assert_eq!(YearMonth::parse("2028-02").unwrap().last_day().to_string(), "2028-02-29");
    }

    #[test]
    fn times_are_of_the_day() {
        assert_eq!(parse_time("08:00").unwrap().to_string(), "08:00:00");
        assert_eq!(parse_datetime("2027-06-03 10:05:07").unwrap().to_string(), "2027-06-03T10:05:07");
        for text in ["24:00", "08:60", "08:00:60"] {
            assert_eq!(parse_time(text), Err(DateError::Time), "{text}");
        }
        for text in ["8:00", "08", "08:00:00:00", "", "ab:cd"] {
            assert_eq!(parse_time(text), Err(DateError::Shape("08:00")), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_length_of_months_is_the_library_s(year in 0i16..=9999, month in 1i8..=12) {
            prop_assert_eq!(days_in_month(year, month), Date::new(year, month, 1).unwrap().days_in_month());
        }

        #[test]
        fn no_text_panics(text in "[-0-9: é]{0,20}") {
            let _ = (parse_date(&text), parse_datetime(&text), YearMonth::parse(&text), MonthDay::parse(&text));
        }
    }
}
