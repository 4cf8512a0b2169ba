//! Service desks and escalation ladders.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{CalendarRef, Deadline, Head, PartyRef, Recurrence, When, all, one, text};
use super::expression::Expression;
use super::value::Amount;
use super::words::Reclassify;
use crate::model::{self, Model};

/// A service desk.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Support {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The service that it supports, by name.
    pub of: Option<String>,
    /// Who runs it.
    pub by: Option<PartyRef>,
    /// For whom.
    pub to: Vec<PartyRef>,
    /// The signal of its cases, by name.
    pub cases: Option<String>,
    /// How it is reached.
    pub channels: Vec<Channel>,
    /// Its hours.
    pub on: CalendarRef,
    /// Its priorities, highest first. A case has the first one whose condition holds.
    pub priorities: Vec<Priority>,
    /// What stops its clocks.
    pub pauses: Vec<Pause>,
    /// What a changed priority does to the clock of a case: `keep_clock` if the agreement does not say it.
    pub reclassify: Reclassify,
}

/// A way to reach a desk.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Channel {
    /// Id, name and title; the title is the address.
    #[serde(flatten)]
    pub head: Head,
    /// Its hours.
    pub on: CalendarRef,
}

/// A priority. The hours of each deadline are given, be they its own or the desk's. Unlike other deadlines these are
/// counted on the clock of the case: a day is an amount of open time, as long as the days of the calendar, which are
/// alike; around the clock it is 24 hours, and a week seven such days.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Priority {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Which cases have it.
    pub when: Option<When>,
    /// By when there is a response.
    pub respond: Option<Deadline>,
    /// How often there is news.
    pub update: Option<Recurrence>,
    /// By when there is a workaround.
    pub work_around: Option<Deadline>,
    /// By when it is resolved.
    pub resolve: Option<Deadline>,
}

/// What stops a clock.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pause {
    /// The stable id.
    pub id: String,
    /// During what.
    pub during: PauseSpan,
    /// Only for which cases; null for all.
    pub when: Option<Expression>,
    /// Words on it.
    pub words: Option<String>,
}

/// During what a clock stands still.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PauseSpan {
    /// During a span of the case.
    Span {
        /// The signal's name.
        signal: String,
        /// The span's name.
        span: String,
    },
    /// While a condition holds that people judge.
    Judged {
        /// The words.
        words: String,
    },
    /// From one milestone to another.
    Between {
        /// The signal's name.
        signal: String,
        /// The milestone at which it stops.
        from: String,
        /// The milestone at which it goes on.
        until: String,
    },
}

/// An escalation ladder.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Escalation {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// When it starts.
    pub when: Option<When>,
    /// Who tells the people in its steps.
    pub by: Option<PartyRef>,
    /// Its steps.
    pub steps: Vec<EscalationStep>,
}

/// One step of an escalation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EscalationStep {
    /// The stable id.
    pub id: String,
    /// How long after the start.
    pub after: Amount,
    /// Who is told.
    pub notify: Vec<PartyRef>,
}

impl From<&model::Support> for Support {
    fn from(support: &model::Support) -> Self {
        Support {
            head: (&support.head).into(),
            of: text(&support.of),
            by: one(&support.between.by),
            to: all(&support.between.to),
            cases: text(&support.cases),
            channels: support
                .channels
                .iter()
                .map(|channel| Channel {
                    head: (&channel.head).into(),
                    on: support.hours(channel.calendar.as_ref()).into(),
                })
                .collect(),
            on: support.hours(None).into(),
            priorities: support.priorities.iter().map(|it| priority(support, it)).collect(),
            pauses: all(&support.pauses),
            reclassify: support.on_reclassification().into(),
        }
    }
}

fn priority(support: &model::Support, priority: &model::Priority) -> Priority {
    let deadline = |own: &Option<model::Deadline>| {
        own.as_ref().map(|own| Deadline { on: Some(support.hours(own.calendar.as_ref()).into()), ..own.into() })
    };
    let update = priority.update.as_ref();
    Priority {
        head: (&priority.head).into(),
        when: one(&priority.when),
        respond: deadline(&priority.respond),
        update: update.map(|own| Recurrence { on: Some(support.hours(own.calendar.as_ref()).into()), ..own.into() }),
        work_around: deadline(&priority.work_around),
        resolve: deadline(&priority.resolve),
    }
}

impl From<&model::Pause> for Pause {
    fn from(pause: &model::Pause) -> Self {
        let during = match &pause.during {
            model::PauseSpan::While(signal, span) => PauseSpan::Span { signal: signal.clone(), span: span.clone() },
            model::PauseSpan::Judged(words) => PauseSpan::Judged { words: words.clone() },
            model::PauseSpan::Between { signal, from, until } => {
                PauseSpan::Between { signal: signal.clone(), from: from.clone(), until: until.clone() }
            }
        };
        Pause { id: pause.id.clone(), during, when: one(&pause.when), words: pause.words.clone() }
    }
}

/// An escalation of an agreement, with who tells the people in its steps.
pub fn escalation(model: &Model, escalation: &model::Escalation) -> Escalation {
    Escalation {
        head: (&escalation.head).into(),
        when: one(&escalation.when),
        by: one(&model.escalates(escalation)),
        steps: all(&escalation.steps),
    }
}

impl From<&model::EscalationStep> for EscalationStep {
    fn from(step: &model::EscalationStep) -> Self {
        EscalationStep { id: step.id.clone(), after: (&step.after).into(), notify: all(&step.notify) }
    }
}
