//! Calendars and sets of holidays.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Head, texts};
use super::expression::ops;
use super::value::{Day, YearlyDay};
use super::words::Weekday;
use crate::{model, values};

/// A set of holidays.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HolidaySet {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The days, with those of the sets that it is made of.
    pub days: Holidays,
    /// The sets that it is made of, by name; they are worked into the days.
    pub made_of: Vec<String>,
    /// The years of which it lists the days of one year, where it says so.
    pub covers: Option<Years>,
}

/// Years, the first and the last included.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Years {
    /// The first one.
    pub first: i16,
    /// The last one.
    pub last: i16,
}

/// Days on which something is closed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Holidays {
    /// Days of every year, in order.
    pub yearly: Vec<YearlyHoliday>,
    /// Days of one year, in order.
    pub single: Vec<Holiday>,
    /// Dates on which a day of every year is none, in order.
    pub lifted: Vec<Day>,
}

/// A day of every year.
#[derive(Debug, Serialize, JsonSchema)]
pub struct YearlyHoliday {
    /// The day.
    pub day: YearlyDay,
    /// What it is called.
    pub title: Option<String>,
}

/// A day of one year.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Holiday {
    /// The date.
    pub date: Day,
    /// What it is called.
    pub title: Option<String>,
}

/// Hours of single days. A date that is named in both lists has the hours of both.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DatedHours {
    /// Of days of every year, in order.
    pub yearly: Vec<YearlyHours>,
    /// Of days of one year, in order.
    pub single: Vec<DateHours>,
}

/// The hours of a day of every year.
#[derive(Debug, Serialize, JsonSchema)]
pub struct YearlyHours {
    /// The day.
    pub day: YearlyDay,
    /// The hours, by start; ranges neither overlap nor touch.
    pub open: Vec<Range>,
}

/// The hours of a day of one year.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DateHours {
    /// The date.
    pub date: Day,
    /// The hours, by start; ranges neither overlap nor touch.
    pub open: Vec<Range>,
}

/// A half-open range of a local day, of no day of the week.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Range {
    /// The first minute, counted from midnight.
    #[schemars(range(max = 1439))]
    pub from_minute: u16,
    /// The minute after the last; 1440 is midnight at the end of the day.
    #[schemars(range(min = 1, max = 1440))]
    pub to_minute: u16,
}

/// A calendar.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Calendar {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The hours, in local time of the agreement's zone, or of the `timezone` of a part.
    pub hours: Hours,
    /// The holiday sets that are worked into the hours, by name.
    pub holidays: Vec<String>,
}

/// When something is open: a tree.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Hours {
    /// Around the clock.
    Always {
        /// What the node is.
        op: AlwaysOp,
    },
    /// Weekly hours, save on days with hours of their own, and on closed days.
    Weekly {
        /// What the node is.
        op: WeeklyOp,
        /// The hours of the week, by day from Monday, then by start; ranges neither overlap nor touch.
        open: Vec<Opening>,
        /// The hours of single days, in place of those of the week; they hold on closed days too.
        dated: DatedHours,
        /// The days without other hours.
        closed: Holidays,
        /// The IANA zone of these hours and days; null for the agreement's.
        timezone: Option<String>,
    },
    /// The whole of each date.
    Dates {
        /// What the node is.
        op: DatesOp,
        /// The dates.
        days: Holidays,
        /// Their IANA zone; null for the agreement's.
        timezone: Option<String>,
    },
    /// The hours of another calendar of the bundle.
    Named {
        /// What the node is.
        op: CalendarOp,
        /// Its name.
        name: String,
    },
    /// Several combined: open when one is (`or`), when all are (`and`), or when the first is and no other (`except`).
    Combined {
        /// How.
        op: CombineOp,
        /// What is combined.
        parts: Vec<Hours>,
    },
}

ops! {
    /// Around the clock.
    AlwaysOp {
        /// Around the clock.
        Always = "always",
    }
    /// Weekly hours.
    WeeklyOp {
        /// Weekly hours.
        Weekly = "weekly",
    }
    /// Whole dates.
    DatesOp {
        /// Whole dates.
        Dates = "dates",
    }
    /// Another calendar.
    CalendarOp {
        /// Another calendar.
        Calendar = "calendar",
    }
    /// How hours are combined.
    CombineOp {
        /// Open when one of the parts is.
        Or = "or",
        /// Open when all parts are.
        And = "and",
        /// Open when the first part is and no other.
        Except = "except",
    }
}

/// A half-open range of a local day.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Opening {
    /// The day of the week.
    pub day: Weekday,
    /// The first minute, counted from midnight.
    #[schemars(range(max = 1439))]
    pub from_minute: u16,
    /// The minute after the last; 1440 is midnight at the end of the day.
    #[schemars(range(min = 1, max = 1440))]
    pub to_minute: u16,
}

impl From<&model::HolidaySet> for HolidaySet {
    fn from(set: &model::HolidaySet) -> Self {
        HolidaySet {
            head: (&set.head).into(),
            days: (&set.days).into(),
            made_of: texts(&set.of),
            covers: set.covers.as_ref().map(|years| years.value.into()),
        }
    }
}

impl From<model::Years> for Years {
    fn from(years: model::Years) -> Self {
        Years { first: years.first, last: years.last }
    }
}

impl From<&values::Holidays> for Holidays {
    fn from(days: &values::Holidays) -> Self {
        Holidays {
            yearly: days
                .yearly()
                .map(|(day, title)| YearlyHoliday { day: day.into(), title: title.map(str::to_owned) })
                .collect(),
            single: days
                .dates()
                .map(|(date, title)| Holiday { date: date.into(), title: title.map(str::to_owned) })
                .collect(),
            lifted: days.lifted().map(Into::into).collect(),
        }
    }
}

impl From<&values::DatedHours> for DatedHours {
    fn from(dated: &values::DatedHours) -> Self {
        DatedHours {
            yearly: dated.yearly().map(|(day, open)| YearlyHours { day: day.into(), open: ranges(open) }).collect(),
            single: dated.dates().map(|(date, open)| DateHours { date: date.into(), open: ranges(open) }).collect(),
        }
    }
}

fn ranges(open: &[values::MinuteRange]) -> Vec<Range> {
    open.iter().map(|range| Range { from_minute: range.start(), to_minute: range.end() }).collect()
}

/// A calendar, with the calendars that it names instead of copies of their hours.
pub fn calendar(calendar: &model::CalendarDecl, declared: &model::Table<model::CalendarDecl>) -> Calendar {
    let head = (&calendar.head).into();
    match &calendar.rule {
        model::CalendarRule::Hours { closed, .. } => {
            Calendar { head, hours: hours(&calendar.calendar, &[]), holidays: texts(closed) }
        }
        model::CalendarRule::Combined { of, closed, .. } => {
            let named: Vec<&model::CalendarDecl> = of.iter().filter_map(|name| declared.get(&name.value)).collect();
            Calendar { head, hours: hours(&calendar.calendar, &named), holidays: texts(closed) }
        }
    }
}

fn hours(calendar: &values::Calendar, named: &[&model::CalendarDecl]) -> Hours {
    if let Some(other) = named.iter().find(|other| other.calendar == *calendar) {
        return Hours::Named { op: CalendarOp::Calendar, name: other.head.name.clone() };
    }
    let combined = |op, parts: &[values::Calendar]| Hours::Combined {
        op,
        parts: parts.iter().map(|part| hours(part, named)).collect(),
    };
    match calendar {
        values::Calendar::Always => Hours::Always { op: AlwaysOp::Always },
        values::Calendar::Hours { weekly, dated, closed, zone } => {
            let on = |day| {
                weekly.on(day).iter().map(move |range| Opening {
                    day: Weekday::from(day),
                    from_minute: range.start(),
                    to_minute: range.end(),
                })
            };
            let open = values::Weekday::ALL.into_iter().flat_map(on).collect();
            let (dated, closed, timezone) =
                (dated.into(), closed.into(), zone.as_ref().map(|zone| zone.name().to_owned()));
            Hours::Weekly { op: WeeklyOp::Weekly, open, dated, closed, timezone }
        }
        values::Calendar::Dates { days, zone } => Hours::Dates {
            op: DatesOp::Dates,
            days: days.into(),
            timezone: zone.as_ref().map(|zone| zone.name().to_owned()),
        },
        values::Calendar::Or(parts) => combined(CombineOp::Or, parts),
        values::Calendar::And(parts) => combined(CombineOp::And, parts),
        values::Calendar::Except(open, closed) => {
            Hours::Combined { op: CombineOp::Except, parts: vec![hours(open, named), hours(closed, named)] }
        }
    }
}
