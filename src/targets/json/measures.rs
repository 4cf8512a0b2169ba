//! Signals and metrics.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Head, PartyRef, all, one, text};
use super::expression::{Expression, ops};
use super::value::{Amount, Number, Value};
use super::words::{MissingPolicy, Rounding, SeriesKind, SignalKind};
use crate::model;

ops! {
    /// A monitoring system.
    System {
        /// Prometheus.
        Prometheus = "prometheus",
    }
}

/// Something that is measured.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Signal {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// What it is made of.
    pub kind: SignalKind,
    /// The signal of which this is the part with the options of its variant, by name; null for one that is measured by
    /// itself.
    pub share_of: Option<String>,
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
    /// The dimension whose options they are, by name; null for any other field.
    pub dimension: Option<String>,
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
    /// reaches the milestone that is asked for or in which the deadline for it passes, whichever is earlier, or, where none is
    /// asked for, in which it is opened.
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

impl From<&model::Signal> for Signal {
    fn from(signal: &model::Signal) -> Self {
        Signal {
            head: (&signal.head).into(),
            kind: signal.kind.into(),
            share_of: signal.share.clone(),
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
        Field { head: (&member.head).into(), r#type, dimension: member.dimension.clone() }
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
