//! Worked examples.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Head, all, one, text};
use super::expression::Expression;
use super::value::{Day, LocalTime, Value};
use crate::model;

/// A worked example: it evaluates one window by itself. What is not given is present and good.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Example {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The commitment or support that it is about, by name.
    pub of: Option<String>,
    /// The window.
    pub during: Option<During>,
    /// What is given.
    pub given: Vec<Given>,
    /// The cases that are given.
    pub cases: Vec<GivenCase>,
    /// What must come out.
    pub expect: Vec<Expectation>,
}

/// A range of local dates.
#[derive(Debug, Serialize, JsonSchema)]
pub struct During {
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
    /// The day after the last.
    pub until: Option<Day>,
}

/// A value that is given.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Given {
    /// The metric, the fee, the part of a signal, as a path; or the exclusion or maintenance that applies.
    pub what: String,
    /// Its value.
    pub value: Expression,
    /// When; null for the whole window.
    pub during: Option<Span>,
}

/// A half-open range of local time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Span {
    /// Its start.
    pub from: LocalTime,
    /// Its end.
    pub to: LocalTime,
}

/// A case that is given.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GivenCase {
    /// Its priority, by name.
    pub priority: String,
    /// The priorities that it is given later, in the order of the file.
    pub reclassified: Vec<Reclassified>,
    /// When its milestones were reached.
    pub milestones: Vec<Reached>,
    /// When its spans were.
    pub spans: Vec<Lasted>,
}

/// A priority that a case is given later.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reclassified {
    /// The priority, by name.
    pub priority: String,
    /// From when on.
    pub at: LocalTime,
}

/// When a milestone was reached.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reached {
    /// The milestone's name.
    pub milestone: String,
    /// When.
    pub at: LocalTime,
}

/// When a span was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lasted {
    /// The span's name.
    pub span: String,
    /// When.
    pub during: Span,
}

/// What must come out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Expectation {
    /// Of a commitment `met` (whether all its targets are), `attained` (what the first of them measured), `credit` or
    /// `terminate` (whether what is measured gives a right to); a metric, a fee, or a reading of the case, as a path.
    pub what: String,
    /// To a multiple of what the exact result is rounded, half even, before it is compared with the value; null where it
    /// is not rounded. The value is written with so many places.
    pub rounds_to: Option<Value>,
    /// The value as an expression.
    pub value: Expression,
    /// The value, where the agreement alone tells it.
    pub exact: Option<Value>,
}

fn span(from: crate::values::DateTime, to: crate::values::DateTime) -> Span {
    Span { from: from.into(), to: to.into() }
}

impl From<&model::Example> for Example {
    fn from(example: &model::Example) -> Self {
        Example {
            head: (&example.head).into(),
            of: text(&example.of),
            during: example.during.as_ref().map(|during| {
                let (from, to) = during.value;
                During { from: from.into(), to: to.into(), until: to.tomorrow().ok().map(Into::into) }
            }),
            given: all(&example.given),
            cases: all(&example.cases),
            expect: all(&example.expect),
        }
    }
}

impl From<&model::Given> for Given {
    fn from(given: &model::Given) -> Self {
        Given {
            what: given.what.value.clone(),
            value: (&given.value).into(),
            during: given.during.map(|(from, to)| span(from, to)),
        }
    }
}

impl From<&model::GivenCase> for GivenCase {
    fn from(case: &model::GivenCase) -> Self {
        let milestones = case.milestones.iter();
        let spans = case.spans.iter();
        let reclassified = case.reclassified.iter();
        GivenCase {
            priority: case.priority.value.clone(),
            reclassified: reclassified
                .map(|(name, at)| Reclassified { priority: name.value.clone(), at: (*at).into() })
                .collect(),
            milestones: milestones
                .map(|(name, at)| Reached { milestone: name.value.clone(), at: (*at).into() })
                .collect(),
            spans: spans
                .map(|(name, from, to)| Lasted { span: name.value.clone(), during: span(*from, *to) })
                .collect(),
        }
    }
}

impl From<&model::Expectation> for Expectation {
    fn from(expectation: &model::Expectation) -> Self {
        Expectation {
            what: expectation.what.value.clone(),
            rounds_to: one(&expectation.rounds_to),
            value: (&expectation.value).into(),
            exact: one(&expectation.exact),
        }
    }
}
