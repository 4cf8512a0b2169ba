//! Calendars, signals and metrics.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Head, PartyRef, all, one, text, texts};
use super::expression::{Expression, ops};
use super::value::{Amount, Day, Number, Value, YearlyDay};
use super::words::{MissingPolicy, Rounding, SeriesKind, SignalKind, Weekday};
use crate::{model, values};

/// A set of holidays.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HolidaySet {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The days.
    pub days: Holidays,
}

/// Days on which something is closed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Holidays {
    /// Days of every year, in order.
    pub yearly: Vec<YearlyHoliday>,
    /// Days of one year, in order.
    pub single: Vec<Holiday>,
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

/// A calendar.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Calendar {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The hours, in local time of the agreement's zone.
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
    /// Weekly hours, save on closed days.
    Weekly {
        /// What the node is.
        op: WeeklyOp,
        /// The hours of the week, by day from Monday, then by start; ranges neither overlap nor touch.
        open: Vec<Opening>,
        /// The days without hours.
        closed: Holidays,
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
    /// Another calendar.
    CalendarOp {
        /// Another calendar.
        Calendar = "calendar",
    }
    /// A monitoring system.
    System {
        /// Prometheus.
        Prometheus = "prometheus",
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

/// Something that is measured.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Signal {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// What it is made of.
    pub kind: SignalKind,
    /// The service or support that it is about, by name.
    pub of: Option<String>,
    /// Who measures it.
    pub measured_by: Option<PartyRef>,
    /// From what.
    pub measured_from: Option<String>,
    /// Named counts of events.
    pub counts: Vec<Member>,
    /// Named values of each event or sample.
    pub values: Vec<Member>,
    /// Named fields.
    pub fields: Vec<Field>,
    /// Milestones of a case; the first one opens it.
    pub milestones: Vec<Member>,
    /// Spans of a case.
    pub spans: Vec<Member>,
    /// The unit of samples.
    pub unit: Option<String>,
    /// How often it is measured.
    pub every: Option<Amount>,
    /// The scale of scores.
    pub scale: Option<Scale>,
    /// What missing data counts as; null where the agreement does not say: then a window with missing data is not
    /// measured.
    pub missing: Option<Missing>,
    /// Where it is found.
    pub sources: Vec<SignalSource>,
}

/// A scale of scores, both ends included.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scale {
    /// The worst score.
    pub from: Number,
    /// The best score.
    pub to: Number,
}

/// A named part of a signal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Member {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The unit of a value; null for one without a unit, and for anything but a value.
    pub unit: Option<String>,
}

/// A named field, by which occurrences are told apart.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Field {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// What its values are.
    pub r#type: FieldType,
}

/// What the values of a field are.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldType {
    /// Words.
    Text,
    /// True or false.
    Boolean,
    /// A quantity.
    Quantity {
        /// In which unit.
        unit: String,
    },
    /// One of a closed list.
    Options {
        /// The list.
        options: Vec<String>,
    },
}

/// What missing data counts as.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Missing {
    /// As what.
    pub policy: MissingPolicy,
    /// Only once it has been missing for so long, then from the start of the gap; null for at once.
    pub after: Option<Amount>,
}

/// Where a monitoring system finds a signal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignalSource {
    /// The system.
    pub target: System,
    /// The series.
    pub series: Vec<Series>,
}

/// One series of a source.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Series {
    /// The part of the signal.
    pub member: String,
    /// The series' type.
    pub kind: SeriesKind,
    /// Code of the system, such as a PromQL selector.
    pub code: String,
}

/// Something that is computed from signals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Metric {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// How it is computed.
    pub value: Expression,
    /// Its value where a denominator is zero or there is nothing to look at; null where the agreement does not say:
    /// then such a window is not measured.
    pub when_empty: Option<Expression>,
    /// How its value is rounded before it meets targets and rows; null for not at all.
    pub round: Option<Round>,
    /// The milestone by which a case belongs to a window; null for the usual one: a case belongs to the window in which it
    /// reaches the milestone that is asked for or in which the deadline for it passes, whichever is earlier.
    pub window_of: Option<Milestone>,
}

/// How a value is rounded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Round {
    /// In which mode.
    pub mode: Rounding,
    /// To a multiple of what.
    pub to: Value,
}

/// A milestone of a signal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Milestone {
    /// The signal's name.
    pub signal: String,
    /// The milestone's name.
    pub milestone: String,
}

impl From<&model::HolidaySet> for HolidaySet {
    fn from(set: &model::HolidaySet) -> Self {
        HolidaySet { head: (&set.head).into(), days: (&set.days).into() }
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
        }
    }
}

/// A calendar, with the calendars that it names instead of copies of their hours.
pub fn calendar(calendar: &model::CalendarDecl, declared: &model::Table<model::CalendarDecl>) -> Calendar {
    let head = (&calendar.head).into();
    match &calendar.rule {
        model::CalendarRule::Hours { closed, .. } => {
            Calendar { head, hours: hours(&calendar.calendar, &[]), holidays: texts(closed) }
        }
        model::CalendarRule::Combined { of, .. } => {
            let named: Vec<&model::CalendarDecl> = of.iter().filter_map(|name| declared.get(&name.value)).collect();
            Calendar { head, hours: hours(&calendar.calendar, &named), holidays: Vec::new() }
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
        values::Calendar::Hours { weekly, closed } => {
            let on = |day| {
                weekly.on(day).iter().map(move |range| Opening {
                    day: Weekday::from(day),
                    from_minute: range.start(),
                    to_minute: range.end(),
                })
            };
            let open = values::Weekday::ALL.into_iter().flat_map(on).collect();
            Hours::Weekly { op: WeeklyOp::Weekly, open, closed: closed.into() }
        }
        values::Calendar::Or(parts) => combined(CombineOp::Or, parts),
        values::Calendar::And(parts) => combined(CombineOp::And, parts),
        values::Calendar::Except(open, closed) => {
            Hours::Combined { op: CombineOp::Except, parts: vec![hours(open, named), hours(closed, named)] }
        }
    }
}

impl From<&model::Signal> for Signal {
    fn from(signal: &model::Signal) -> Self {
        Signal {
            head: (&signal.head).into(),
            kind: signal.kind.into(),
            of: text(&signal.of),
            measured_by: one(&signal.measured_by),
            measured_from: signal.measured_from.clone(),
            counts: all(&signal.counts),
            values: all(&signal.values),
            fields: all(&signal.fields),
            milestones: all(&signal.milestones),
            spans: all(&signal.spans),
            unit: signal.unit.as_ref().map(|unit| unit.value.name.as_str().to_owned()),
            every: signal.every.as_ref().map(|every| (&every.value).into()),
            scale: signal.scale.as_ref().map(|scale| {
                let (from, to) = &scale.value;
                Scale { from: from.into(), to: to.into() }
            }),
            missing: one(&signal.missing),
            sources: all(&signal.sources),
        }
    }
}

impl From<&model::Member> for Member {
    fn from(member: &model::Member) -> Self {
        Member { head: (&member.head).into(), unit: member.unit.as_ref().map(|unit| unit.name.as_str().to_owned()) }
    }
}

impl From<&model::Member> for Field {
    fn from(member: &model::Member) -> Self {
        let r#type = match member.ty.as_deref() {
            _ if !member.options.is_empty() => FieldType::Options { options: member.options.clone() },
            Some("yes_no") => FieldType::Boolean,
            None | Some("text") => FieldType::Text,
            Some(unit) => FieldType::Quantity { unit: unit.to_owned() },
        };
        Field { head: (&member.head).into(), r#type }
    }
}

impl From<&model::Missing> for Missing {
    fn from(missing: &model::Missing) -> Self {
        Missing { policy: missing.policy.into(), after: one(&missing.after) }
    }
}

impl From<&model::Source> for SignalSource {
    fn from(source: &model::Source) -> Self {
        SignalSource { target: System::Prometheus, series: all(&source.series) }
    }
}

impl From<&model::Series> for Series {
    fn from(series: &model::Series) -> Self {
        Series { member: series.member.clone(), kind: series.kind.value.into(), code: series.code.value.clone() }
    }
}

impl From<&model::Metric> for Metric {
    fn from(metric: &model::Metric) -> Self {
        Metric {
            head: (&metric.head).into(),
            value: (&metric.value).into(),
            when_empty: one(&metric.when_empty),
            round: metric.round.as_ref().map(|round| {
                let (mode, step) = &round.value;
                Round { mode: (*mode).into(), to: step.into() }
            }),
            window_of: metric.window_of.as_ref().map(|of| {
                let (signal, milestone) = of.value.clone();
                Milestone { signal, milestone }
            }),
        }
    }
}
