//! Calendar periods: counts of days, weeks, months, quarters and years, whose true length depends on the date.

use std::fmt;

use jiff::Span;
use jiff::civil::Date;

use super::exact::Exact;

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodUnit {
    /// A local day, of 23 to 25 hours.
    Day,
    /// Seven local days.
    Week,
    /// A month, of 28 to 31 days.
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
}

impl PeriodUnit {
    /// Every unit, smallest first.
    pub const ALL: [PeriodUnit; 5] =
        [PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month, PeriodUnit::Quarter, PeriodUnit::Year];

    /// The unit that a file calls `word`, singular or plural.
    pub fn parse(word: &str) -> Option<PeriodUnit> {
        let singular = word.strip_suffix('s').unwrap_or(word);
        PeriodUnit::ALL.into_iter().find(|unit| unit.as_str() == singular)
    }

    /// The singular word.
    pub fn as_str(self) -> &'static str {
        match self {
            PeriodUnit::Day => "day",
            PeriodUnit::Week => "week",
            PeriodUnit::Month => "month",
            PeriodUnit::Quarter => "quarter",
            PeriodUnit::Year => "year",
        }
    }

    /// How many months the unit has; nothing for units of days.
    pub fn months(self) -> Option<u32> {
        match self {
            PeriodUnit::Day | PeriodUnit::Week => None,
            PeriodUnit::Month => Some(1),
            PeriodUnit::Quarter => Some(3),
            PeriodUnit::Year => Some(12),
        }
    }

    /// How many days the unit has; nothing for units of months.
    pub fn days(self) -> Option<u32> {
        match self {
            PeriodUnit::Day => Some(1),
            PeriodUnit::Week => Some(7),
            PeriodUnit::Month | PeriodUnit::Quarter | PeriodUnit::Year => None,
        }
    }

    /// `count` of the unit with the right number of the noun: `1 day`, `2 days`.
    pub(super) fn counted(self, count: u32) -> String {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {}{plural}", self.as_str())
    }
}

impl fmt::Display for PeriodUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A count of calendar units: `2 days`, `12 months`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: PeriodUnit,
}

/// The least and most days that this many months can last, by month of the Gregorian calendar, clamping included.
const MONTHS_IN_DAYS: [(i64, i64); 12] = [
    (0, 0),
    (28, 31),
    (59, 62),
    (89, 92),
    (120, 123),
    (150, 153),
    (181, 184),
    (212, 215),
    (242, 245),
    (273, 276),
    (303, 306),
    (334, 337),
];

impl Period {
    /// A count of units.
    pub fn new(count: u32, unit: PeriodUnit) -> Period {
        Period { count, unit }
    }

    /// A period as written, `2 days`; several blanks are one, and the noun's number is not checked.
    pub fn parse(text: &str) -> Option<Period> {
        let (count, unit) = text.trim().split_once(' ')?;
        if !count.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Period { count: count.parse().ok()?, unit: PeriodUnit::parse(unit.trim_start())? })
    }

    /// The local date this much later. A day that the month does not have becomes its last day; nothing beyond the
    /// year 9999.
    pub fn add_to(&self, date: Date) -> Option<Date> {
        date.checked_add(self.span()?).ok()
    }

    /// The local date this much earlier, clamped as in [`Period::add_to`].
    pub fn subtract_from(&self, date: Date) -> Option<Date> {
        date.checked_sub(self.span()?).ok()
    }

    /// The period in days or in months; nothing if it is longer than the calendar.
    fn span(&self) -> Option<Span> {
        let count = i64::from(self.count);
        match self.unit.days() {
            Some(days) => Span::new().try_days(count * i64::from(days)).ok(),
            None => Span::new().try_months(count * i64::from(self.unit.months()?)).ok(),
        }
    }

    /// Bounds of the length in local days, which hold from every start.
    pub fn days(&self) -> (i64, i64) {
        let count = i64::from(self.count);
        if let Some(days) = self.unit.days() {
            return (count * i64::from(days), count * i64::from(days));
        }
        let months = count * i64::from(self.unit.months().unwrap_or(1));
        let (years, rest) = (months / 12, months % 12);
        let (least, most) =
            usize::try_from(rest).ok().and_then(|rest| MONTHS_IN_DAYS.get(rest)).copied().unwrap_or((0, 0));
        // Every fourth year is a leap year, save at most once a century.
        let fewest_leap_days = (years / 4 - 1 - years / 100).max(0);
        let most_leap_days = (years + 3) / 4;
        (least + years * 365 + fewest_leap_days, most + years * 365 + most_leap_days)
    }

    /// Bounds of the length in seconds: the days of [`Period::days`], give or take the hour of daylight saving.
    pub fn approximate_seconds(&self) -> (Exact, Exact) {
        if self.count == 0 {
            return (Exact::zero(), Exact::zero());
        }
        let (least, most) = self.days();
        (Exact::from_int(least * 86_400 - 3_600), Exact::from_int(most * 86_400 + 3_600))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.unit.counted(self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_clamp_to_their_last_day() {
        let add = |text: &str, to| Period::parse(text).unwrap().add_to(to);
        assert_eq!(add("1 month", date(2027, 1, 31)), Some(date(2027, 2, 28)));
        assert_eq!(add("1 month", date(2028, 1, 31)), Some(date(2028, 2, 29)));
        assert_eq!(add("1 year", date(2028, 2, 29)), Some(date(2029, 2, 28)));
        assert_eq!(add("2 quarters", date(2027, 8, 31)), Some(date(2028, 2, 29)));
        assert_eq!(add("2 weeks", date(2028, 2, 20)), Some(date(2028, 3, 5)));
        assert_eq!(add("4294967295 years", date(2027, 1, 1)), None);
        assert_eq!(Period::parse("1 month").unwrap().subtract_from(date(2027, 3, 31)), Some(date(2027, 2, 28)));
    }

    #[test]
    fn periods_print_with_the_right_noun() {
        assert_eq!(Period::parse("1 days").unwrap().to_string(), "1 day");
        assert_eq!(Period::parse("2  day").unwrap().to_string(), "2 days");
        for text in ["", "days", "2", "2days", "-2 days", "+2 days", "2.5 days", "99999999999 days", "2 fortnights"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_of_days_hold_and_are_reached() {
        for months in 1..=40 {
            let period = Period::new(months, PeriodUnit::Month);
            let (least, most) = period.days();
            // 1896 to 1936 holds the eight years without a leap day.
            let lengths = (0..14_610).filter_map(|day| {
                let start = Period::new(day, PeriodUnit::Day).add_to(date(1896, 1, 1))?;
                Some(start.duration_until(period.add_to(start)?).as_hours() / 24)
            });
            let lengths: Vec<i64> = lengths.collect();
            assert!(lengths.iter().all(|days| (least..=most).contains(days)), "{months}");
            if months <= 12 {
                assert_eq!(lengths.iter().max(), Some(&most), "{months}");
                assert_eq!(lengths.iter().min(), Some(&least), "{months}");
            }
        }
    }
}
