//! Communication, review, disputes and records.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Announcement, Channel, Deadline, Head, PartyRef, Recurrence, When, all, one, text, texts};
use super::value::Amount;
use super::words::TakesEffect;
use crate::model;

/// A report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who sends it.
    pub by: Option<PartyRef>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// How often.
    pub every: Option<Recurrence>,
    /// By when.
    pub within: Option<Deadline>,
    /// What it shows: commitments, maintenances, signals or metrics, by name.
    pub shows: Vec<String>,
    /// By which channels.
    pub via: Vec<Channel>,
    /// In which form.
    pub form: Option<String>,
}

/// A meeting.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Meeting {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who calls it.
    pub by: Option<PartyRef>,
    /// With whom.
    pub to: Vec<PartyRef>,
    /// How often.
    pub every: Option<Recurrence>,
    /// What is talked about.
    pub agenda: Vec<String>,
}

/// A notice of an incident.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Notice {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who sends it.
    pub by: Option<PartyRef>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// When.
    pub when: Option<When>,
    /// By when.
    pub within: Option<Deadline>,
    /// How often there is news.
    pub update: Option<Recurrence>,
    /// By which channels.
    pub via: Vec<Channel>,
    /// In which form.
    pub form: Option<String>,
}

/// An objective of the customer's business.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Objective {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The commitments that show whether it is met, by name.
    pub kpis: Vec<String>,
    /// The supplier under whose agreement it is so; null where it is so under this one.
    pub supplier: Option<PartyRef>,
}

/// A review of the agreement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Review {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who reviews.
    pub by: Option<PartyRef>,
    /// With whom.
    pub to: Vec<PartyRef>,
    /// How often.
    pub every: Option<Recurrence>,
    /// What is looked at.
    pub agenda: Vec<String>,
}

/// How the agreement is changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Amendment {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who may change it.
    pub by: Option<PartyRef>,
    /// With whom.
    pub to: Vec<PartyRef>,
    /// How.
    pub r#do: Option<String>,
    /// When a change takes effect; null where that is not said.
    pub takes_effect: Option<TakesEffect>,
    /// How a change is announced.
    pub announce: Option<Announcement>,
    /// The supplier under whose agreement it is so; null where it is so under this one.
    pub supplier: Option<PartyRef>,
}

/// A dispute ladder.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dispute {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Its steps, in order.
    pub steps: Vec<DisputeStep>,
    /// What holds in the meantime.
    pub meanwhile: Option<String>,
    /// The supplier under whose agreement it is so; null where it is so under this one.
    pub supplier: Option<PartyRef>,
}

/// One step of a dispute; its title says who settles it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DisputeStep {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// By when it goes on to the next step. Where its `of` is null, counted from the notice of the dispute by one party to the
    /// other for the first step, and from the end of the time of the step before for every other one.
    pub within: Option<Deadline>,
    /// Whether it is the last word.
    pub is_final: bool,
}

/// Records that are kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Records {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who keeps them.
    pub by: Option<PartyRef>,
    /// For whom.
    pub to: Vec<PartyRef>,
    /// What is kept, and for how long.
    pub keep: Vec<Retention>,
    /// The standards that they satisfy.
    pub standards: Vec<String>,
    /// What they are evidence of.
    pub evidence: Option<String>,
}

/// What is kept for one period.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Retention {
    /// Signals, maintenances, commitments, by name.
    pub of: Vec<String>,
    /// For how long.
    pub period: Option<Amount>,
}

/// A right to audit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Audit {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who may audit.
    pub by: Option<PartyRef>,
    /// Whom.
    pub to: Vec<PartyRef>,
    /// What is looked at.
    pub scope: Vec<String>,
    /// How often.
    pub every: Option<Recurrence>,
    /// How it is announced.
    pub announce: Option<Announcement>,
}

impl From<&model::Report> for Report {
    fn from(it: &model::Report) -> Self {
        Report {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            every: one(&it.every),
            within: one(&it.within),
            shows: texts(&it.shows),
            via: it.via.iter().map(|word| Channel::new(word)).collect(),
            form: text(&it.form),
        }
    }
}

impl From<&model::Meeting> for Meeting {
    fn from(it: &model::Meeting) -> Self {
        Meeting {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            every: one(&it.every),
            agenda: texts(&it.agenda),
        }
    }
}

impl From<&model::Notice> for Notice {
    fn from(it: &model::Notice) -> Self {
        Notice {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            when: one(&it.when),
            within: one(&it.within),
            update: one(&it.update),
            via: it.via.iter().map(|word| Channel::new(word)).collect(),
            form: text(&it.form),
        }
    }
}

impl From<&model::Objective> for Objective {
    fn from(it: &model::Objective) -> Self {
        Objective { head: (&it.head).into(), kpis: texts(&it.kpis), supplier: one(&it.supplier) }
    }
}

impl From<&model::Review> for Review {
    fn from(it: &model::Review) -> Self {
        Review {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            every: one(&it.every),
            agenda: texts(&it.agenda),
        }
    }
}

impl From<&model::Amendment> for Amendment {
    fn from(it: &model::Amendment) -> Self {
        Amendment {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            r#do: text(&it.action),
            takes_effect: it.takes_effect.as_ref().map(|at| at.value.into()),
            announce: one(&it.announce),
            supplier: one(&it.supplier),
        }
    }
}

impl From<&model::Dispute> for Dispute {
    fn from(it: &model::Dispute) -> Self {
        Dispute {
            head: (&it.head).into(),
            steps: all(&it.steps),
            meanwhile: text(&it.meanwhile),
            supplier: one(&it.supplier),
        }
    }
}

impl From<&model::DisputeStep> for DisputeStep {
    fn from(it: &model::DisputeStep) -> Self {
        DisputeStep { head: (&it.head).into(), within: one(&it.within), is_final: it.is_final }
    }
}

impl From<&model::Retention> for Retention {
    fn from(it: &model::Retention) -> Self {
        Retention { of: texts(&it.of), period: it.period.as_ref().map(|period| (&period.value).into()) }
    }
}

impl From<&model::Records> for Records {
    fn from(it: &model::Records) -> Self {
        Records {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            keep: all(&it.keep),
            standards: texts(&it.standards),
            evidence: text(&it.evidence),
        }
    }
}

impl From<&model::Audit> for Audit {
    fn from(it: &model::Audit) -> Self {
        Audit {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            scope: texts(&it.scope),
            every: one(&it.every),
            announce: one(&it.announce),
        }
    }
}
