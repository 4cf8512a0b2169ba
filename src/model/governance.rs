//! Communication, review, disputes, records, worked examples.

use super::table::declared;
use super::{Announcement, Between, Condition, Deadline, Head, PartyRef, Recurrence, Ref, Spanned, Words};
use crate::calculus::{Expr, Value};
use crate::source::Span;
use crate::values::{Amount, Date, DateTime};

/// The means of telling something that belong to no support, in a file's words.
pub const WAYS: [&str; 8] = ["email", "phone", "sms", "post", "chat", "web", "portal", "status_page"];

/// A report.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name and title.
    pub head: Head,
    /// Who sends it to whom.
    pub between: Between,
    /// How often.
    pub every: Option<Recurrence>,
    /// By when.
    pub within: Option<Deadline>,
    /// What it shows: commitments, maintenances, signals or metrics.
    pub shows: Vec<Ref>,
    /// By which channels, in the file's words.
    pub via: Vec<String>,
    /// In which form.
    pub form: Option<Words>,
}
declared!(Report, Meeting, Notice, Objective, Review, Amendment, Dispute, DisputeStep, Records, Audit, Example);

/// A meeting.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Its name and title.
    pub head: Head,
    /// Who calls it, with whom.
    pub between: Between,
    /// How often.
    pub every: Option<Recurrence>,
    /// What is talked about.
    pub agenda: Vec<Words>,
}

/// A notice of an incident.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its name and title.
    pub head: Head,
    /// Who sends it to whom.
    pub between: Between,
    /// When.
    pub when: Option<Condition>,
    /// By when.
    pub within: Option<Deadline>,
    /// How often there is news.
    pub update: Option<Recurrence>,
    /// By which channels, in the file's words.
    pub via: Vec<String>,
    /// In which form.
    pub form: Option<Words>,
}

/// An objective of the customer's business.
#[derive(Clone, Debug)]
pub struct Objective {
    /// Its name and title.
    pub head: Head,
    /// The commitments that show whether it is met.
    pub kpis: Vec<Ref>,
    /// The supplier under whose agreement it is so; nothing where it is so under this one.
    pub supplier: Option<PartyRef>,
}

/// A review of the agreement.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its name and title.
    pub head: Head,
    /// Who reviews, with whom.
    pub between: Between,
    /// How often.
    pub every: Option<Recurrence>,
    /// What is looked at.
    pub agenda: Vec<Words>,
}

/// How the agreement is changed.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// Its name and title.
    pub head: Head,
    /// How.
    pub action: Option<Words>,
    /// When a change takes effect.
    pub takes_effect: Option<Spanned<TakesEffect>>,
    /// How a change is announced.
    pub announce: Option<Announcement>,
    /// Who may change it, with whom.
    pub between: Between,
    /// The supplier under whose agreement it is so; nothing where it is so under this one.
    pub supplier: Option<PartyRef>,
}

/// When a change of the agreement takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesEffect {
    /// With the next term: what held when a term began holds until it ends.
    NextTerm,
}

impl TakesEffect {
    /// Each, with the word for it in a file.
    pub const WORDS: [(&'static str, TakesEffect); 1] = [("next_term", TakesEffect::NextTerm)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        TakesEffect::WORDS.iter().find(|(_, at)| *at == self).map_or("", |(word, _)| word)
    }
}

/// A dispute ladder.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// Its name and title.
    pub head: Head,
    /// The steps, as written.
    pub steps: Vec<DisputeStep>,
    /// What holds in the meantime.
    pub meanwhile: Option<Words>,
    /// The supplier under whose agreement it is so; nothing where it is so under this one.
    pub supplier: Option<PartyRef>,
}

/// One step of a dispute.
#[derive(Clone, Debug)]
pub struct DisputeStep {
    /// Its name; the title says who settles it.
    pub head: Head,
    /// By when it goes on to the next step. Without an event, counted from the notice of the dispute for the first step, and
    /// from the end of the time of the step before for every other one.
    pub within: Option<Deadline>,
    /// Whether it is the last word.
    pub is_final: bool,
}

/// Records that are kept.
#[derive(Clone, Debug)]
pub struct Records {
    /// Its name and title.
    pub head: Head,
    /// Who keeps them, for whom.
    pub between: Between,
    /// What is kept, and for how long.
    pub keep: Vec<Retention>,
    /// The standards that they satisfy.
    pub standards: Vec<Words>,
    /// What they are evidence of.
    pub evidence: Option<Words>,
}

/// What is kept for one period.
#[derive(Clone, Debug)]
pub struct Retention {
    /// Signals, maintenances, commitments.
    pub of: Vec<Ref>,
    /// For how long.
    pub period: Option<Spanned<Amount>>,
}

/// A right to audit.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Its name and title.
    pub head: Head,
    /// Who may audit whom.
    pub between: Between,
    /// What is looked at.
    pub scope: Vec<Words>,
    /// How often.
    pub every: Option<Recurrence>,
    /// How it is announced.
    pub announce: Option<Announcement>,
}

/// A worked example.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its name and title.
    pub head: Head,
    /// The commitment or support that it is about.
    pub of: Option<Ref>,
    /// The window, first and last day.
    pub during: Option<Spanned<(Date, Date)>>,
    /// What is given.
    pub given: Vec<Given>,
    /// A case that is given: its priority and the times of its milestones and spans.
    pub cases: Vec<GivenCase>,
    /// What must come out.
    pub expect: Vec<Expectation>,
}

/// A value that an example gives.
#[derive(Clone, Debug)]
pub struct Given {
    /// The metric, fee, or part of a signal, as a path.
    pub what: Ref,
    /// Its value.
    pub value: Expr,
    /// From when to when; none for the whole window.
    pub during: Option<(DateTime, DateTime)>,
    /// Where it stands.
    pub span: Span,
}

/// A case that an example gives.
#[derive(Clone, Debug)]
pub struct GivenCase {
    /// The priority.
    pub priority: Ref,
    /// The priorities that it is given later, each with the time from which it has it.
    pub reclassified: Vec<(Ref, DateTime)>,
    /// Milestones with their times.
    pub milestones: Vec<(Ref, DateTime)>,
    /// Spans with their times.
    pub spans: Vec<(Ref, DateTime, DateTime)>,
    /// Where it stands.
    pub span: Span,
}

/// What an example of a commitment may expect of it beside what is measured: whether its targets are met, what the first of them
/// attained, what is owed, and whether a right to terminate arises.
pub const OUTCOMES: [&str; 4] = ["met", "attained", "credit", "terminate"];

/// What must come out of an example.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// One of [`OUTCOMES`], a metric, or a reading of the case, as a path.
    pub what: Ref,
    /// To a multiple of what the result is rounded before it is compared; nothing where it is not rounded.
    pub rounds_to: Option<Value>,
    /// The value, as an expression: `25% of product_fee`.
    pub value: Expr,
    /// The value, where it can be computed from the file.
    pub exact: Option<Value>,
    /// Where it stands.
    pub span: Span,
}
