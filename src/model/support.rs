//! Support desks with their priorities, and escalation ladders.

use super::table::declared;
use super::{Between, CalendarRef, Condition, Deadline, Head, Model, PartyRef, Recurrence, Ref, Spanned};
use crate::calculus::Expr;
use crate::source::Span;
use crate::values::Amount;

/// A service desk.
#[derive(Clone, Debug)]
pub struct Support {
    /// Its name and title.
    pub head: Head,
    /// The service that it supports.
    pub of: Option<Ref>,
    /// Who runs it for whom.
    pub between: Between,
    /// The signal of its cases.
    pub cases: Option<Ref>,
    /// How it is reached.
    pub channels: Vec<Channel>,
    /// Its hours, unless a clause has its own.
    pub calendar: Option<CalendarRef>,
    /// Its priorities, highest first.
    pub priorities: Vec<Priority>,
    /// What stops its clocks.
    pub pauses: Vec<Pause>,
    /// What a changed priority does to the clock, as far as it is said.
    pub reclassify: Option<Spanned<Reclassify>>,
}
declared!(Support, Priority, Escalation, Channel);

impl Model {
    /// The import by which the agreement has what stands at a place; nothing for what stands, or is used, in its own file.
    #[must_use]
    pub fn brought_by(&self, place: Span) -> Option<Span> {
        let used = |span: &Span| self.uses.get((span.file.view() as usize).checked_sub(1)?).copied();
        let outermost = std::iter::successors(Some(place), used).last()?;
        self.imports.get(&outermost.file.plain()).copied()
    }
}

impl Support {
    /// The priority of this name.
    pub fn priority(&self, name: &str) -> Option<&Priority> {
        self.priorities.iter().find(|priority| priority.head.name == name)
    }

    /// The hours on which a deadline of this desk is counted.
    pub fn hours<'a>(&'a self, own: Option<&'a CalendarRef>) -> &'a CalendarRef {
        own.or(self.calendar.as_ref()).unwrap_or(&CalendarRef::Always)
    }

    /// What a changed priority does to the clock: it goes on where nothing is said.
    pub fn on_reclassification(&self) -> Reclassify {
        self.reclassify.as_ref().map_or(Reclassify::KeepClock, |rule| rule.value)
    }
}

/// A service desk of another file, which the agreement has not, though it has the cases that the desk handles.
#[derive(Clone, Debug)]
pub struct DeskThere {
    /// What the agreement calls the signal of its cases.
    pub cases: String,
    /// The milestones that it gives a deadline.
    pub milestones: Vec<&'static str>,
    /// Its name, where it is declared.
    pub at: Span,
    /// How it is imported.
    pub import: String,
}

/// A way to reach a desk.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its name; the title is the address.
    pub head: Head,
    /// Its hours, where it has its own.
    pub calendar: Option<CalendarRef>,
}

/// A priority.
#[derive(Clone, Debug)]
pub struct Priority {
    /// Its name and title.
    pub head: Head,
    /// Which cases have it.
    pub when: Option<Condition>,
    /// By when there is a response.
    pub respond: Option<Deadline>,
    /// How often there is news.
    pub update: Option<Recurrence>,
    /// By when there is a workaround.
    pub work_around: Option<Deadline>,
    /// By when it is resolved.
    pub resolve: Option<Deadline>,
}

impl Priority {
    /// The milestones at which its deadlines end, each with the words of a file for the deadline.
    pub const DEADLINES: [(&'static str, &'static str); 3] =
        [("responded", "respond within"), ("worked_around", "work around within"), ("resolved", "resolve within")];

    /// Its deadlines, each with its milestone and its words.
    pub fn deadlines(&self) -> impl Iterator<Item = (&'static str, &'static str, Option<&Deadline>)> {
        let own = [&self.respond, &self.work_around, &self.resolve];
        Priority::DEADLINES.into_iter().zip(own).map(|((milestone, words), own)| (milestone, words, own.as_ref()))
    }
}

/// What stops a clock.
#[derive(Clone, Debug)]
pub struct Pause {
    /// The stable id.
    pub id: String,
    /// During what.
    pub during: PauseSpan,
    /// Only for which cases.
    pub when: Option<Expr>,
    /// Words on it.
    pub words: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// During what a clock stands still.
#[derive(Clone, Debug)]
pub enum PauseSpan {
    /// A span of the case: signal and name.
    While(String, String),
    /// A condition that people judge.
    Judged(String),
    /// From one milestone to another, of the signal.
    Between {
        /// The signal.
        signal: String,
        /// The milestone at which it stops.
        from: String,
        /// The milestone at which it goes on.
        until: String,
    },
}

/// What a changed priority does to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reclassify {
    /// The accrued time stays, the new deadline applies at once.
    KeepClock,
    /// The clock starts again.
    RestartClock,
}

impl Reclassify {
    /// Every rule, with the word for it in a file.
    pub const WORDS: [(&'static str, Reclassify); 2] =
        [("keep_clock", Reclassify::KeepClock), ("restart_clock", Reclassify::RestartClock)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Reclassify::WORDS.iter().find(|(_, rule)| *rule == self).map_or("", |(word, _)| word)
    }
}

/// An escalation ladder.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// Its name and title.
    pub head: Head,
    /// When it starts.
    pub when: Option<Condition>,
    /// Its steps, as written.
    pub steps: Vec<EscalationStep>,
}

/// One step of an escalation.
#[derive(Clone, Debug)]
pub struct EscalationStep {
    /// The stable id, keyed by its delay.
    pub id: String,
    /// How long after the start.
    pub after: Amount,
    /// Who is told.
    pub notify: Vec<PartyRef>,
    /// Where it stands.
    pub span: Span,
}
