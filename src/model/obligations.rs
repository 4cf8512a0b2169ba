//! Duties, risks, recovery, maintenance and exclusions.

use super::table::declared;
use super::{
    Announcement, Between, CalendarRef, Condition, Deadline, Every, Head, PartyRef, Recurrence, Ref, Source, Spanned,
    Words,
};
use crate::source::Span;
use crate::values::{Amount, Window};

/// A duty of either side.
#[derive(Clone, Debug)]
pub struct Duty {
    /// Its name and title.
    pub head: Head,
    /// Who owes it to whom.
    pub between: Between,
    /// What is to be done.
    pub action: Option<Words>,
    /// By when.
    pub within: Option<Deadline>,
    /// How often.
    pub every: Option<Recurrence>,
    /// How it is announced.
    pub announce: Option<Announcement>,
    /// The commitments that are excused while it is not performed.
    pub excuses: Vec<Ref>,
    /// On which hours its deadlines are counted.
    pub calendar: Option<CalendarRef>,
    /// How it is shown.
    pub evidence: Option<Words>,
}
declared!(Duty, Risk, Recovery, Maintenance, Exclusion);

impl Duty {
    /// The window in which it is done once: the one after `every`.
    pub fn window(&self) -> Option<&Window> {
        match &self.every.as_ref()?.every {
            Every::Window(window) => Some(window),
            Every::Amount(_) => None,
        }
    }
}

/// A risk.
#[derive(Clone, Debug)]
pub struct Risk {
    /// Its name and title.
    pub head: Head,
    /// Who looks after it.
    pub owner: Option<PartyRef>,
    /// How likely it is.
    pub likelihood: Option<Spanned<Level>>,
    /// How bad it is.
    pub impact: Option<Spanned<Level>>,
    /// What is done about it.
    pub mitigate: Vec<Words>,
}

/// How likely or how bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

impl Level {
    /// Every level, with the word for it in a file.
    pub const WORDS: [(&'static str, Level); 3] =
        [("low", Level::Low), ("medium", Level::Medium), ("high", Level::High)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Level::WORDS.iter().find(|(_, level)| *level == self).map_or("", |(word, _)| word)
    }
}

/// Recovery objectives for a service.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Its name and title.
    pub head: Head,
    /// The service.
    pub of: Option<Ref>,
    /// Who owes it to whom.
    pub between: Between,
    /// The recovery time objective.
    pub rto: Option<Spanned<Amount>>,
    /// The recovery point objective.
    pub rpo: Option<Spanned<Amount>>,
    /// How often it is tested.
    pub test: Option<Recurrence>,
}

/// Planned maintenance.
#[derive(Clone, Debug)]
pub struct Maintenance {
    /// Its name and title.
    pub head: Head,
    /// The service.
    pub of: Option<Ref>,
    /// Who does it.
    pub between: Between,
    /// How it is announced.
    pub announce: Option<Announcement>,
    /// In which hours it is done.
    pub calendar: Option<CalendarRef>,
    /// How much of it there may be in a window.
    pub budget: Option<Budget>,
    /// How its time counts.
    pub counts: Option<Spanned<Counts>>,
    /// Under which condition.
    pub when: Option<Condition>,
    /// How it is shown.
    pub evidence: Option<Words>,
    /// Where targets find it.
    pub sources: Vec<Source>,
}

/// An amount of time that may be used in a window.
#[derive(Clone, Debug)]
pub struct Budget {
    /// How much.
    pub amount: Amount,
    /// In which window.
    pub per: Window,
    /// Where it stands.
    pub span: Span,
}

/// How excluded time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counts {
    /// It is cut out of the window.
    Excluded,
    /// It counts as if the promise was kept.
    Met,
}

impl Counts {
    /// Every way, with the word for it in a file.
    pub const WORDS: [(&'static str, Counts); 2] = [("excluded", Counts::Excluded), ("met", Counts::Met)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Counts::WORDS.iter().find(|(_, counts)| *counts == self).map_or("", |(word, _)| word)
    }
}

/// An event for which the provider is not responsible.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// Its name and title.
    pub head: Head,
    /// When it applies.
    pub when: Option<Condition>,
    /// How it is shown.
    pub evidence: Option<Words>,
    /// How its time counts.
    pub counts: Option<Spanned<Counts>>,
}
