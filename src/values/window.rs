//! Windows: the spans of time over which a promise is judged. Each is half-open, in local time, of true length.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::amount::Amount;
use super::date::MonthDay;
use super::duration::Duration;
use super::exact::Exact;
use super::period::{Period, PeriodUnit};
use super::series::Series;
use super::zone::Zone;

/// What periodic windows are aligned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WindowKind {
    /// The calendar; weeks start on Monday.
    Calendar,
    /// The day on which the provider bills, the first of the month by default.
    Billing,
    /// The financial year, from 1 January by default.
    Fiscal,
    /// The day on which the agreement takes effect.
    Contract,
}

impl WindowKind {
    /// Every kind.
    pub const ALL: [WindowKind; 4] =
        [WindowKind::Calendar, WindowKind::Billing, WindowKind::Fiscal, WindowKind::Contract];

    /// The kind that a file calls `word`.
    pub fn parse(word: &str) -> Option<WindowKind> {
        WindowKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The word for the kind in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            WindowKind::Calendar => "calendar",
            WindowKind::Billing => "billing",
            WindowKind::Fiscal => "fiscal",
            WindowKind::Contract => "contract",
        }
    }
}

impl fmt::Display for WindowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The days on which windows that are not the calendar's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchors {
    /// The first day of the agreement.
    pub effective: Date,
    /// The day of the month on which billing months start, 1 to 31; clamped to the last day of shorter months.
    pub billing_day: i8,
    /// The day on which financial years start.
    pub fiscal_start: MonthDay,
}

impl Anchors {
    /// Those of an agreement that states none: billing months start on day 1, financial years on 1 January.
    pub fn new(effective: Date) -> Anchors {
        Anchors { effective, billing_day: 1, fiscal_start: MonthDay::of(Date::constant(2027, 1, 1)) }
    }
}

/// The span over which a promise is judged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// One after another: `calendar month`.
    Periodic {
        /// What they are aligned to.
        kind: WindowKind,
        /// How long each is.
        unit: PeriodUnit,
    },
    /// Evaluated daily over an amount of time that ends then: `rolling 30 days`.
    Rolling(Amount),
    /// Several windows together: `last 3 windows` of the promise itself, or `2 calendar months`.
    Last {
        /// How many.
        count: u32,
        /// Of which window; nothing means the promise's own.
        of: Option<Box<Window>>,
    },
    /// Each case by itself.
    EachCase,
    /// Each event by itself.
    EachEvent,
    /// The whole term of the agreement: `contract term`.
    Term,
}

impl Window {
    /// A periodic window.
    pub fn periodic(kind: WindowKind, unit: PeriodUnit) -> Window {
        Window::Periodic { kind, unit }
    }

    /// In words, for prose.
    pub fn words(&self) -> String {
        match self {
            Window::Rolling(amount) => format!("any {}", amount.words()),
            Window::Term => "the term of the agreement".to_owned(),
            Window::Periodic { .. } | Window::Last { .. } | Window::EachCase | Window::EachEvent => self.to_string(),
        }
    }

    /// Every start of a periodic window on the local dates from `from` to `to`, both included, and the last start
    /// before them if none falls on `from` itself; each window ends where the next starts. Nothing for other windows.
    pub fn boundaries(&self, zone: &Zone, anchors: Anchors, from: Date, to: Date) -> Vec<Timestamp> {
        let mut instants: Vec<Timestamp> =
            self.start_dates(anchors, from, to).filter_map(|date| zone.start_of_day(date)).collect();
        // A date that a zone skipped, as Samoa did in 2011, has no window.
        instants.dedup();
        instants
    }

    /// The local dates on which the windows of [`Window::boundaries`] start.
    pub fn start_dates(&self, anchors: Anchors, from: Date, to: Date) -> impl Iterator<Item = Date> + use<> {
        let series = self.series(&anchors, from);
        let first = series.as_ref().map_or(0, |series| series.index_at(from));
        let dates = series.into_iter().flat_map(move |series| {
            (first..).map_while(move |index| series.start(index)).take_while(move |date| *date <= to)
        });
        dates.skip_while(move |_| from > to)
    }

    /// The window in which a local date lies: its first day, and the first day of the next. Nothing for windows that
    /// are not periodic.
    pub fn dates_around(&self, anchors: Anchors, date: Date) -> Option<(Date, Date)> {
        let series = self.series(&anchors, date)?;
        let index = series.index_at(date);
        Some((series.start(index)?, series.start(index + 1)?))
    }

    /// Whether this and another window always start and end together.
    pub fn is_aligned(&self, anchors: Anchors, other: &Window) -> bool {
        let near = anchors.effective;
        match (self.series(&anchors, near), other.series(&anchors, near)) {
            (Some(one), Some(other)) => one.is_like(&other),
            _ => self == other,
        }
    }

    fn series(&self, anchors: &Anchors, near: Date) -> Option<Series> {
        match self {
            Window::Periodic { kind, unit } => Some(Series::new(*kind, *unit, anchors, near)),
            _ => None,
        }
    }

    /// The least true length in any year and zone that saves an hour of daylight: a month of 28 days less the hour.
    /// Nothing where the window itself does not tell.
    pub fn shortest(&self) -> Option<Duration> {
        Some(self.lengths()?.0)
    }

    /// The greatest true length: a month of 31 days and an hour, a quarter of 92 days and an hour.
    pub fn longest(&self) -> Option<Duration> {
        Some(self.lengths()?.1)
    }

    fn lengths(&self) -> Option<(Duration, Duration)> {
        let (least, most) = match self {
            Window::Periodic { unit, .. } => Period::new(1, *unit).approximate_seconds(),
            Window::Rolling(amount) => amount.approximate_seconds(),
            Window::Last { count, of } => match of.as_deref()? {
                // Two months together never have twice the days of the longest.
                Window::Periodic { unit, .. } => Period::new(*count, *unit).approximate_seconds(),
                other => {
                    let (least, most) = other.lengths()?;
                    let count = Exact::from_int((*count).into());
                    return Some((least.times(&count), most.times(&count)));
                }
            },
            Window::EachCase | Window::EachEvent | Window::Term => return None,
        };
        Some((Duration::from_seconds(least), Duration::from_seconds(most)))
    }
}

impl fmt::Display for Window {
    /// As a file writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Window::Periodic { kind, unit } => write!(f, "{kind} {unit}"),
            Window::Rolling(amount) => write!(f, "rolling {amount}"),
            Window::Last { count, of } => {
                let plural = if *count == 1 { "" } else { "s" };
                match of {
                    Some(window) => write!(f, "{count} {window}{plural}"),
                    None => write!(f, "last {count} windows"),
                }
            }
            Window::EachCase => f.write_str("case"),
            Window::EachEvent => f.write_str("event"),
            Window::Term => f.write_str("contract term"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Span;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn starts(kind: WindowKind, unit: PeriodUnit, anchors: Anchors, from: Date, to: Date) -> Vec<String> {
        let dates = Window::periodic(kind, unit).start_dates(anchors, from, to);
        dates.map(|date| date.to_string()).collect()
    }

    #[test]
    fn windows_are_aligned_to_their_kind() {
        use {PeriodUnit::*, WindowKind::*};
        let effective = date(2027, 1, 31);
        let plain = Anchors::new(effective);
        assert_eq!(
            starts(Calendar, Month, plain, date(2027, 2, 15), date(2027, 4, 1)),
            ["2027-02-01", "2027-03-01", "2027-04-01"]
        );
        // Clamped, and back to the 31st where there is one.
        assert_eq!(
            starts(Contract, Month, plain, effective, date(2027, 4, 30)),
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
        );
        assert_eq!(
            starts(Contract, Year, Anchors::new(date(2028, 2, 29)), date(2028, 3, 1), date(2032, 12, 31)),
            ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]
        );
        assert_eq!(starts(Calendar, Week, plain, effective, date(2027, 2, 1)), ["2027-01-25", "2027-02-01"]);
        assert_eq!(starts(Contract, Week, plain, date(2027, 2, 6), date(2027, 2, 7)), ["2027-01-31", "2027-02-07"]);
        assert_eq!(
            starts(Calendar, Quarter, plain, date(2028, 2, 29), date(2028, 7, 1)),
            ["2028-01-01", "2028-04-01", "2028-07-01"]
        );
        assert_eq!(starts(Billing, Month, plain, effective, date(2027, 2, 1)), ["2027-01-01", "2027-02-01"]);
        let fiscal_start = MonthDay::parse("04-06").unwrap();
        let anchors = Anchors { effective, billing_day: 15, fiscal_start };
        assert_eq!(starts(Billing, Month, anchors, effective, date(2027, 2, 15)), ["2027-01-15", "2027-02-15"]);
        assert_eq!(starts(Fiscal, Year, anchors, effective, date(2027, 12, 31)), ["2026-04-06", "2027-04-06"]);
        assert_eq!(
            starts(Fiscal, Quarter, anchors, effective, date(2027, 7, 6)),
            ["2027-01-06", "2027-04-06", "2027-07-06"]
        );
        assert_eq!(starts(Fiscal, Month, anchors, effective, date(2027, 2, 6)), ["2027-01-06", "2027-02-06"]);
        // From the 31st, and on the last day of months without one; quarters begin with the month of the first day.
        let anchors = Anchors { billing_day: 31, ..plain };
        assert_eq!(
            starts(Billing, Month, anchors, date(2028, 2, 1), date(2028, 4, 30)),
            ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]
        );
        assert_eq!(
            starts(Billing, Quarter, anchors, effective, date(2027, 7, 31)),
            ["2027-01-31", "2027-04-30", "2027-07-31"]
        );
        assert!(starts(Calendar, Day, plain, date(2027, 2, 2), date(2027, 2, 1)).is_empty());
    }

    #[test]
    fn windows_that_start_together_are_aligned() {
        use {PeriodUnit::*, WindowKind::*};
        let fiscal_start = MonthDay::parse("02-01").unwrap();
        let anchors = Anchors { effective: date(2027, 2, 15), billing_day: 15, fiscal_start };
        let aligned = |one: (WindowKind, PeriodUnit), other: (WindowKind, PeriodUnit)| {
            Window::periodic(one.0, one.1).is_aligned(anchors, &Window::periodic(other.0, other.1))
        };
        assert!(aligned((Fiscal, Month), (Calendar, Month)));
        assert!(!aligned((Fiscal, Quarter), (Calendar, Quarter)));
        assert!(aligned((Billing, Quarter), (Contract, Quarter)));
        assert!(!aligned((Billing, Month), (Calendar, Month)));
        assert!(!aligned((Calendar, Month), (Calendar, Quarter)));
        assert!(aligned((Billing, Day), (Contract, Day)));
        assert!(aligned((Billing, Week), (Calendar, Week)) && aligned((Contract, Week), (Calendar, Week)));
        assert!(Window::Term.is_aligned(anchors, &Window::Term));
        assert!(!Window::Term.is_aligned(anchors, &Window::periodic(Contract, Year)));
    }

    #[test]
    fn days_have_their_true_length() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let day = Window::periodic(WindowKind::Calendar, PeriodUnit::Day);
        let hours = |from: Date| {
            let bounds = day.boundaries(&zone, Anchors::new(from), from, from.tomorrow().unwrap());
            bounds[0].duration_until(bounds[1]).as_hours()
        };
        assert_eq!(hours(date(2027, 3, 28)), 23);
        assert_eq!(hours(date(2027, 10, 31)), 25);
        assert_eq!(hours(date(2028, 2, 29)), 24);
    }

    #[test]
    fn windows_print_and_are_bounded() {
        let hours = |window: &Window| {
            let whole = |length: Duration| length.as_whole_seconds().unwrap() / 3_600;
            (window.shortest().map(whole), window.longest().map(whole))
        };
        let month = Window::periodic(WindowKind::Calendar, PeriodUnit::Month);
        assert_eq!(month.to_string(), "calendar month");
        assert_eq!(hours(&month), (Some(28 * 24 - 1), Some(31 * 24 + 1)));
        let rolling = Window::Rolling(Amount::Period(Period::new(30, PeriodUnit::Day)));
        assert_eq!((rolling.to_string().as_str(), rolling.words().as_str()), ("rolling 30 days", "any 30 days"));
        assert_eq!(hours(&rolling), (Some(719), Some(721)));
        let two = Window::Last { count: 2, of: Some(Box::new(month)) };
        assert_eq!((two.to_string().as_str(), hours(&two)), ("2 calendar months", (Some(1415), Some(1489))));
        assert_eq!(Window::Last { count: 3, of: None }.to_string(), "last 3 windows");
        assert_eq!(hours(&Window::EachCase), (None, None));
    }

    proptest! {
        #[test]
        fn windows_tile_without_gap_or_overlap(
            zone in prop::sample::select(vec![
                "UTC", "Europe/Berlin", "America/Havana", "America/New_York", "Asia/Beirut", "Africa/Cairo",
                "Pacific/Apia", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu",
            ]),
            kind in prop::sample::select(WindowKind::ALL.to_vec()),
            unit in prop::sample::select(PeriodUnit::ALL.to_vec()),
            effective in 0i32..15_000, billing_day in 1i8..=31, from in 0i32..15_000, length in 0i32..800,
        ) {
            let day = |days: i32| date(2000, 1, 1).checked_add(Span::new().days(days)).unwrap();
            let (zone, window) = (Zone::parse(zone).unwrap(), Window::periodic(kind, unit));
            let fiscal_start = MonthDay::of(day(effective));
            let anchors = Anchors { effective: day(effective), billing_day, fiscal_start };
            let (from, to) = (day(from), day(from + length));
            let bounds = window.boundaries(&zone, anchors, from, to);
            prop_assert!(bounds[0] <= zone.start_of_day(from).unwrap());
            prop_assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(bounds.iter().skip(1).all(|start| *start > zone.start_of_day(from).unwrap()));
            // Asked from any later date, the windows are the same.
            let last = *bounds.last().unwrap();
            let later = window.boundaries(&zone, anchors, to, to);
            prop_assert_eq!(later.last(), Some(&last));
            let (start, end) = window.dates_around(anchors, from).unwrap();
            prop_assert!(start <= from && from < end);
            prop_assert_eq!(zone.start_of_day(start), Some(bounds[0]));
            if let Some(second) = bounds.get(1).filter(|_| zone.name() != "Pacific/Apia") {
                prop_assert_eq!(zone.start_of_day(end), Some(*second));
            }
        }
    }
}
