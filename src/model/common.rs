//! What many clauses share: heads, references, deadlines, recurrences, conditions.

use super::{Variant, titles};
use crate::calculus::Expr;
use crate::source::Span;
use crate::values::{Amount, Window};
use std::fmt;

/// The head of a declaration or of a named clause within one.
#[derive(Clone, Debug)]
pub struct Head {
    /// The name in the file; empty where it is missing.
    pub name: String,
    /// The name without the options for which this is: that of the declaration.
    pub family: String,
    /// For which options this is, where the declaration differs by them.
    pub variant: Variant,
    /// The title in quotes, if there is one.
    pub title: Option<String>,
    /// The stable id: a path of names that does not change when another clause is added.
    pub id: String,
    /// The `///` comment before it: for hover and bundle, never the contract's text.
    pub doc: Option<String>,
    /// The whole declaration.
    pub span: Span,
    /// Its name, or its keyword where the name is missing.
    pub name_span: Span,
    /// Whether an error was told within it: then nothing in it is known to be absent.
    pub poisoned: bool,
}

impl Head {
    /// The title, or the name in words where there is none.
    pub fn label(&self) -> String {
        match self.variant.is_empty() {
            true => self.family_label(),
            false => format!("{} ({})", self.family_label(), titles(&self.variant)),
        }
    }

    /// The same without the options for which this is.
    pub fn family_label(&self) -> String {
        self.title.clone().unwrap_or_else(|| self.family.replace('_', " "))
    }
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A reference to a declaration by its name, resolved: the declaration exists.
pub type Ref = Spanned<String>;

/// A party, or one contact of it.
#[derive(Clone, Debug)]
pub struct PartyRef {
    /// The party's name.
    pub party: String,
    /// The contact's name, if one is meant.
    pub contact: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl fmt::Display for PartyRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.contact {
            Some(contact) => write!(f, "{}.{contact}", self.party),
            None => f.write_str(&self.party),
        }
    }
}

/// Who does something, and for or to whom.
#[derive(Clone, Debug, Default)]
pub struct Between {
    /// The responsible party.
    pub by: Option<PartyRef>,
    /// The other side.
    pub to: Vec<PartyRef>,
}

/// On which hours something is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarRef {
    /// At all times.
    Always,
    /// In the hours of a declared calendar, by its name.
    Named(String),
}

/// From which moment a deadline is counted, or before which one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The start of the window.
    WindowStart,
    /// The end of the window.
    WindowEnd,
    /// The start of the incident.
    IncidentStart,
    /// The end of the incident.
    IncidentEnd,
    /// The start of what the clause is about: the work, the audit.
    Start,
    /// The end of what the clause is about: the term, the work.
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
    /// In words.
    Words(String),
}

impl Anchor {
    /// The anchors with a keyword, as they are written.
    pub const WORDS: [(&'static str, Anchor); 12] = [
        ("window start", Anchor::WindowStart),
        ("window end", Anchor::WindowEnd),
        ("incident start", Anchor::IncidentStart),
        ("incident end", Anchor::IncidentEnd),
        ("start", Anchor::Start),
        ("end", Anchor::End),
        ("claim", Anchor::Claim),
        ("decision", Anchor::Decision),
        ("awareness", Anchor::Awareness),
        ("request", Anchor::Request),
        ("notice", Anchor::Notice),
        ("breach", Anchor::Breach),
    ];

    /// The keyword, or the words.
    pub fn as_str(&self) -> &str {
        match self {
            Anchor::Words(words) => words,
            other => Anchor::WORDS.iter().find(|(_, anchor)| anchor == other).map_or("", |(word, _)| word),
        }
    }
}

/// By when something has to be done.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// How long there is.
    pub amount: Amount,
    /// On which hours it is counted, where it says so itself.
    pub calendar: Option<CalendarRef>,
    /// From when, where it says so.
    pub of: Option<Anchor>,
    /// Where it stands.
    pub span: Span,
}

impl Deadline {
    /// How long there is, as it is written: `10 days on office`.
    pub fn length(&self) -> String {
        match &self.calendar {
            Some(CalendarRef::Named(name)) => format!("{} on {name}", self.amount),
            Some(CalendarRef::Always) => format!("{} on always", self.amount),
            None => self.amount.to_string(),
        }
    }
}

/// How often something is done.
#[derive(Clone, Debug)]
pub struct Recurrence {
    /// The rhythm.
    pub every: Every,
    /// On which hours it is counted, where it says so itself.
    pub calendar: Option<CalendarRef>,
    /// Words on how it is done.
    pub words: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A rhythm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    /// Once a window: `every calendar month`.
    Window(Window),
    /// After each amount of time: `every 30min`.
    Amount(Amount),
}

/// That something is announced.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// How long before.
    pub amount: Amount,
    /// On which hours that is counted.
    pub calendar: Option<CalendarRef>,
    /// Before what.
    pub before: Option<Anchor>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// Where it stands.
    pub span: Span,
}

/// When something applies.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A condition that can be measured.
    Measured(Expr),
    /// A condition that people judge: no alert comes from it.
    Judged(Spanned<String>),
}

/// Something that a named thing is worth, for all clauses that only carry words.
pub type Words = Spanned<String>;
