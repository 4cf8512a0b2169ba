//! What many clauses share: heads, references, deadlines, recurrences, conditions.

use schemars::JsonSchema;
use serde::Serialize;

use super::expression::Expression;
use super::value::{Amount, Window};
use super::words::Means;
use crate::model;

/// What every clause has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Head {
    /// The stable id: a path of names that does not change when another clause is added.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_]+(\[[A-Za-z0-9_,=]+\])?(\.[A-Za-z0-9_]+(\[[A-Za-z0-9_,=]+\])?)*$"))]
    pub id: String,
    /// The name, by which other members of the bundle refer to it.
    #[schemars(regex(pattern = r"^[a-z][A-Za-z0-9_]*(\[[A-Za-z0-9_,=]+\])?$"))]
    pub name: String,
    /// The title, if it has one.
    pub title: Option<String>,
}

/// A party, or one contact of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartyRef {
    /// The party's name.
    pub party: String,
    /// The contact's name; null for the party itself.
    pub contact: Option<String>,
}

/// On which hours something is counted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CalendarRef {
    /// Around the clock.
    Always,
    /// In the hours of a calendar.
    Calendar {
        /// The calendar's name.
        name: String,
    },
}

/// From which moment a deadline is counted, or before which one.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Anchor {
    /// The start of the window: that over which the commitment is judged, or of the rhythm of the report or duty.
    WindowStart,
    /// The end of the window. It falls on the window's last day, the local date of its last instant: five days of the end
    /// of January end with 5 February.
    WindowEnd,
    /// The start of the incident.
    IncidentStart,
    /// The end of the incident.
    IncidentEnd,
    /// The start of what the clause is about.
    Start,
    /// The end of what the clause is about.
    End,
    /// The receipt of the claim.
    Claim,
    /// The decision on the claim.
    Decision,
    /// The moment at which the party becomes aware of it.
    Awareness,
    /// The receipt of the request.
    Request,
    /// The receipt of the notice.
    Notice,
    /// The breach.
    Breach,
    /// A moment in words.
    Words {
        /// The words.
        words: String,
    },
}

/// By when something has to be done. Exactly on the deadline is in time.
///
/// A duration is elapsed time, or time in which the calendar of `on` is open. Without a calendar `N` days end with the
/// `N`th local date after that of the start: two days from a Monday end with the Wednesday; with one they are `N` dates
/// on which it is open. A week is seven days. Months, quarters and years end on the day with the same number, or on the
/// last day of a month that has no such day.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deadline {
    /// How long there is.
    pub amount: Amount,
    /// On which hours it is counted; null for elapsed time and local dates.
    pub on: Option<CalendarRef>,
    /// From when; null where the clause itself says it.
    pub of: Option<Anchor>,
}

/// How often something is done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recurrence {
    /// The rhythm.
    pub every: Every,
    /// On which hours it is counted; null for elapsed time and local dates.
    pub on: Option<CalendarRef>,
    /// Words on how it is done.
    pub words: Option<String>,
}

/// A rhythm.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Every {
    /// Once a window.
    Window {
        /// Which.
        window: Window,
    },
    /// After each amount of time.
    Amount {
        /// How long.
        amount: Amount,
    },
}

/// That something is announced.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Announcement {
    /// How long before.
    pub amount: Amount,
    /// On which hours that is counted; null for elapsed time and local dates.
    pub on: Option<CalendarRef>,
    /// Before what; null where the clause itself says it.
    pub before: Option<Anchor>,
    /// To whom.
    pub to: Vec<PartyRef>,
}

/// When something applies.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum When {
    /// A condition that can be measured.
    Measured {
        /// The condition.
        condition: Expression,
    },
    /// A condition that people judge.
    Judged {
        /// The words.
        words: String,
    },
}

/// A way to tell somebody something.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schemars(rename = "Via")]
pub enum Channel {
    /// A channel of a support.
    Support {
        /// The support's name.
        support: String,
        /// The channel's name.
        name: String,
    },
    /// Any means of one kind.
    Means {
        /// Which.
        means: Means,
    },
}

impl Channel {
    /// What the word or path of a `via` statement names.
    pub fn new(word: &str) -> Self {
        match word.split_once('.') {
            Some((support, name)) => Channel::Support { support: support.to_owned(), name: name.to_owned() },
            None => Channel::Means { means: Means::new(word) },
        }
    }
}

impl From<&model::Head> for Head {
    fn from(head: &model::Head) -> Self {
        Head { id: head.id.clone(), name: head.name.clone(), title: head.title.clone() }
    }
}

impl From<&model::PartyRef> for PartyRef {
    fn from(party: &model::PartyRef) -> Self {
        PartyRef { party: party.party.clone(), contact: party.contact.clone() }
    }
}

impl From<&model::CalendarRef> for CalendarRef {
    fn from(calendar: &model::CalendarRef) -> Self {
        match calendar {
            model::CalendarRef::Always => CalendarRef::Always,
            model::CalendarRef::Named(name) => CalendarRef::Calendar { name: name.clone() },
        }
    }
}

impl From<&model::Anchor> for Anchor {
    fn from(anchor: &model::Anchor) -> Self {
        match anchor {
            model::Anchor::WindowStart => Anchor::WindowStart,
            model::Anchor::WindowEnd => Anchor::WindowEnd,
            model::Anchor::IncidentStart => Anchor::IncidentStart,
            model::Anchor::IncidentEnd => Anchor::IncidentEnd,
            model::Anchor::Start => Anchor::Start,
            model::Anchor::End => Anchor::End,
            model::Anchor::Claim => Anchor::Claim,
            model::Anchor::Decision => Anchor::Decision,
            model::Anchor::Awareness => Anchor::Awareness,
            model::Anchor::Request => Anchor::Request,
            model::Anchor::Notice => Anchor::Notice,
            model::Anchor::Breach => Anchor::Breach,
            model::Anchor::Words(words) => Anchor::Words { words: words.clone() },
        }
    }
}

impl From<&model::Deadline> for Deadline {
    fn from(deadline: &model::Deadline) -> Self {
        Deadline {
            amount: (&deadline.amount).into(),
            on: deadline.calendar.as_ref().map(Into::into),
            of: deadline.of.as_ref().map(Into::into),
        }
    }
}

impl From<&model::Recurrence> for Recurrence {
    fn from(recurrence: &model::Recurrence) -> Self {
        let every = match &recurrence.every {
            model::Every::Window(window) => Every::Window { window: window.into() },
            model::Every::Amount(amount) => Every::Amount { amount: amount.into() },
        };
        Recurrence { every, on: recurrence.calendar.as_ref().map(Into::into), words: recurrence.words.clone() }
    }
}

impl From<&model::Announcement> for Announcement {
    fn from(announcement: &model::Announcement) -> Self {
        Announcement {
            amount: (&announcement.amount).into(),
            on: announcement.calendar.as_ref().map(Into::into),
            before: announcement.before.as_ref().map(Into::into),
            to: all(&announcement.to),
        }
    }
}

impl From<&model::Condition> for When {
    fn from(condition: &model::Condition) -> Self {
        match condition {
            model::Condition::Measured(condition) => When::Measured { condition: condition.into() },
            model::Condition::Judged(words) => When::Judged { words: words.value.clone() },
        }
    }
}

/// Each of several, as it is in the bundle.
pub fn all<'a, A: 'a, B: From<&'a A>>(items: impl IntoIterator<Item = &'a A>) -> Vec<B> {
    items.into_iter().map(B::from).collect()
}

/// One that may be there, as it is in the bundle.
pub fn one<'a, A, B: From<&'a A>>(item: &'a Option<A>) -> Option<B> {
    item.as_ref().map(B::from)
}

/// The text of words with a place.
pub fn text(words: &Option<model::Words>) -> Option<String> {
    words.as_ref().map(|words| words.value.clone())
}

/// The texts of words or names with a place.
pub fn texts(words: &[model::Words]) -> Vec<String> {
    words.iter().map(|words| words.value.clone()).collect()
}
