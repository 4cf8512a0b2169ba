//! Duties, risks, recovery, maintenance and exclusions.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Announcement, CalendarRef, Deadline, Head, PartyRef, Recurrence, When, all, one, text, texts};
use super::measures::SignalSource;
use super::value::{Amount, Window};
use super::words::{Counts, Level};
use crate::model;

/// A duty of either side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Duty {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who owes it.
    pub by: Option<PartyRef>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// What is to be done.
    pub r#do: Option<String>,
    /// By when.
    pub within: Option<Deadline>,
    /// How often.
    pub every: Option<Recurrence>,
    /// How it is announced.
    pub announce: Option<Announcement>,
    /// The commitments, by name, that are excused while it is not performed: from its deadline until it is performed, for
    /// a standing duty while it is breached, for one tied to an occasion at the latest until that ends. The time is cut out
    /// of their windows.
    pub excuses: Vec<String>,
    /// On which hours its deadlines are counted; null for elapsed time and local dates.
    pub on: Option<CalendarRef>,
    /// How it is shown.
    pub evidence: Option<String>,
}

/// A risk.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Risk {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// Who looks after it.
    pub owner: Option<PartyRef>,
    /// How likely it is.
    pub likelihood: Option<Level>,
    /// How bad it is.
    pub impact: Option<Level>,
    /// What is done about it.
    pub mitigate: Vec<String>,
}

/// Recovery objectives for a service.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recovery {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The service, by name.
    pub of: Option<String>,
    /// Who owes it.
    pub by: Option<PartyRef>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// The recovery time objective.
    pub rto: Option<Amount>,
    /// The recovery point objective.
    pub rpo: Option<Amount>,
    /// How often it is tested.
    pub test: Option<Recurrence>,
}

/// Planned maintenance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Maintenance {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The service, by name.
    pub of: Option<String>,
    /// Who does it.
    pub by: Option<PartyRef>,
    /// For whom.
    pub to: Vec<PartyRef>,
    /// How it is announced.
    pub announce: Option<Announcement>,
    /// In which hours it is done; null for any.
    pub on: Option<CalendarRef>,
    /// How much of it there may be; used in time order; time beyond it is like any other time.
    pub budget: Option<Budget>,
    /// How its time counts.
    pub counts: Option<Counts>,
    /// Under which condition.
    pub when: Option<When>,
    /// How it is shown.
    pub evidence: Option<String>,
    /// Where it is found.
    pub sources: Vec<SignalSource>,
}

/// An amount of time that may be used in a window.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Budget {
    /// How much.
    pub amount: Amount,
    /// In which window.
    pub per: Window,
}

/// An event for which the provider is not responsible.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exclusion {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// When it applies.
    pub when: Option<When>,
    /// How it is shown.
    pub evidence: Option<String>,
    /// How its time counts.
    pub counts: Option<Counts>,
}

impl From<&model::Duty> for Duty {
    fn from(it: &model::Duty) -> Self {
        Duty {
            head: (&it.head).into(),
            by: one(&it.between.by),
            to: all(&it.between.to),
            r#do: text(&it.action),
            within: one(&it.within),
            every: one(&it.every),
            announce: one(&it.announce),
            excuses: texts(&it.excuses),
            on: one(&it.calendar),
            evidence: text(&it.evidence),
        }
    }
}

impl From<&model::Risk> for Risk {
    fn from(it: &model::Risk) -> Self {
        Risk {
            head: (&it.head).into(),
            owner: one(&it.owner),
            likelihood: it.likelihood.as_ref().map(|word| word.value.into()),
            impact: it.impact.as_ref().map(|word| word.value.into()),
            mitigate: texts(&it.mitigate),
        }
    }
}

impl From<&model::Recovery> for Recovery {
    fn from(it: &model::Recovery) -> Self {
        Recovery {
            head: (&it.head).into(),
            of: text(&it.of),
            by: one(&it.between.by),
            to: all(&it.between.to),
            rto: it.rto.as_ref().map(|amount| (&amount.value).into()),
            rpo: it.rpo.as_ref().map(|amount| (&amount.value).into()),
            test: one(&it.test),
        }
    }
}

impl From<&model::Maintenance> for Maintenance {
    fn from(it: &model::Maintenance) -> Self {
        Maintenance {
            head: (&it.head).into(),
            of: text(&it.of),
            by: one(&it.between.by),
            to: all(&it.between.to),
            announce: one(&it.announce),
            on: one(&it.calendar),
            budget: one(&it.budget),
            counts: it.counts.as_ref().map(|word| word.value.into()),
            when: one(&it.when),
            evidence: text(&it.evidence),
            sources: all(&it.sources),
        }
    }
}

impl From<&model::Budget> for Budget {
    fn from(it: &model::Budget) -> Self {
        Budget { amount: (&it.amount).into(), per: (&it.per).into() }
    }
}

impl From<&model::Exclusion> for Exclusion {
    fn from(it: &model::Exclusion) -> Self {
        Exclusion {
            head: (&it.head).into(),
            when: one(&it.when),
            evidence: text(&it.evidence),
            counts: it.counts.as_ref().map(|word| word.value.into()),
        }
    }
}
