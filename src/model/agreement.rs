//! The agreement itself, and the words and values that it defines.

use super::table::declared;
use super::{Anchor, Cap, Head, Skip, Spanned, Words};
use crate::calculus::{Expr, Value};
use crate::source::Span;
use crate::values::{Amount, Anchors, Currency, Date, Exact, MonthDay, Zone};

/// The head clauses of an agreement.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Its name and title.
    pub head: Head,
    /// Whether it is there at all: a file without `agreement` has told an error.
    pub declared: bool,
    /// How far it has got.
    pub status: Option<Spanned<Status>>,
    /// The version's number.
    pub version: Option<Words>,
    /// Earlier versions.
    pub history: Vec<Edition>,
    /// From when to when it holds; the last day is included.
    pub effective: Option<Effective>,
    /// Whether and how it renews itself.
    pub renews: Option<Renewal>,
    /// The day of the month on which billing months begin, where it is stated.
    pub billing_day: Option<Spanned<i8>>,
    /// The day on which fiscal years begin, where it is stated.
    pub fiscal_start: Option<Spanned<MonthDay>>,
    /// The zone that all local times are in.
    pub zone: Option<Spanned<Zone>>,
    /// The currency of all money.
    pub currency: Option<Spanned<Currency>>,
    /// The law that governs it.
    pub law: Option<Words>,
    /// The language of its text.
    pub language: Option<Words>,
    /// Whether the credits are the only remedy.
    pub remedy: Option<Remedy>,
    /// Limits of all credits together.
    pub caps: Vec<Cap>,
    /// Credits too small to pay.
    pub skip: Option<Skip>,
    /// How credits are paid.
    pub pay: Option<Spanned<Payment>>,
    /// What becomes of credits that no invoice has taken when it ends.
    pub unused: Option<Spanned<Unused>>,
    /// Parts that it leaves out on purpose.
    pub waivers: Vec<Waiver>,
}
declared!(Agreement, Term, Constant);

impl Agreement {
    /// The zone that all local times are in; UTC where none is stated, which has been told.
    pub fn clock(&self) -> Zone {
        self.zone.as_ref().map_or_else(Zone::utc, |zone| zone.value.clone())
    }

    /// The days on which windows that are not the calendar's start. An agreement without a first day has told that; its
    /// contract periods are counted from a date that is `near`.
    pub fn anchors(&self, near: Date) -> Anchors {
        let plain = Anchors::new(self.effective.as_ref().map_or(near, |term| term.from));
        Anchors {
            billing_day: self.billing_day.as_ref().map_or(plain.billing_day, |day| day.value),
            fiscal_start: self.fiscal_start.as_ref().map_or(plain.fiscal_start, |day| day.value),
            ..plain
        }
    }
}

/// How far an agreement has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Being written.
    Draft,
    /// Sent to the other side.
    Proposed,
    /// Agreed, not yet in force.
    Agreed,
    /// In force.
    InForce,
    /// No longer in force.
    Retired,
}

impl Status {
    /// Every status, with the word for it in a file.
    pub const WORDS: [(&'static str, Status); 5] = [
        ("draft", Status::Draft),
        ("proposed", Status::Proposed),
        ("agreed", Status::Agreed),
        ("in_force", Status::InForce),
        ("retired", Status::Retired),
    ];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Status::WORDS.iter().find(|(_, status)| *status == self).map_or("", |(word, _)| word)
    }

    /// Whether rules are emitted for it.
    pub fn is_binding(self) -> bool {
        matches!(self, Status::Agreed | Status::InForce)
    }
}

/// An earlier version.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Its number.
    pub version: String,
    /// Its date.
    pub date: Date,
    /// What it changed.
    pub note: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// From when to when an agreement holds.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The first day.
    pub from: Date,
    /// The last day, included; none for an agreement without an end.
    pub to: Option<Date>,
    /// Where it stands.
    pub span: Span,
}

/// How an agreement renews itself.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// For how long each time.
    pub every: Amount,
    /// How long before what a cancellation must come.
    pub unless_cancelled: Option<(Amount, Anchor)>,
    /// Where it stands.
    pub span: Span,
}

/// What the customer may ask for when a promise is broken.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// Whether credits and termination are the only remedies.
    pub sole: bool,
    /// Words of its own.
    pub words: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// When credits are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// Set off against the next invoice.
    NextInvoice,
    /// Paid out within 30 days.
    Within30Days,
}

impl Payment {
    /// Every way, with the word for it in a file.
    pub const WORDS: [(&'static str, Payment); 2] =
        [("next_invoice", Payment::NextInvoice), ("within_30_days", Payment::Within30Days)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Payment::WORDS.iter().find(|(_, payment)| *payment == self).map_or("", |(word, _)| word)
    }
}

/// What becomes of credits that no invoice has taken when the agreement ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unused {
    /// They are paid out.
    PaidOut,
    /// They lapse.
    Lapses,
}

impl Unused {
    /// Each, with the word for it in a file.
    pub const WORDS: [(&'static str, Unused); 2] = [("paid_out", Unused::PaidOut), ("lapses", Unused::Lapses)];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        Unused::WORDS.iter().find(|(_, unused)| *unused == self).map_or("", |(word, _)| word)
    }
}

/// One of the ten parts of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgreementPart {
    /// Scope, objectives, proposals.
    Negotiation,
    /// Support, response times, channels.
    Expectations,
    /// Signals and metrics.
    Metrics,
    /// Duties.
    Responsibilities,
    /// Commitments.
    Targets,
    /// Risks, recovery, escalation, exclusions.
    Risk,
    /// Reports, meetings, notices.
    Communication,
    /// Reviews and amendments.
    Review,
    /// Disputes.
    Disputes,
    /// Records, audits.
    Records,
}

impl AgreementPart {
    /// Every part, with the word for it in a file.
    pub const WORDS: [(&'static str, AgreementPart); 10] = [
        ("negotiation", AgreementPart::Negotiation),
        ("expectations", AgreementPart::Expectations),
        ("metrics", AgreementPart::Metrics),
        ("responsibilities", AgreementPart::Responsibilities),
        ("targets", AgreementPart::Targets),
        ("risk", AgreementPart::Risk),
        ("communication", AgreementPart::Communication),
        ("review", AgreementPart::Review),
        ("disputes", AgreementPart::Disputes),
        ("records", AgreementPart::Records),
    ];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        AgreementPart::WORDS.iter().find(|(_, part)| *part == self).map_or("", |(word, _)| word)
    }
}

/// A part that is left out on purpose.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Which.
    pub part: AgreementPart,
    /// Why.
    pub reason: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A word with a meaning of its own.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its name and title; the title is the word.
    pub head: Head,
    /// What it means.
    pub means: Option<Words>,
}

/// A value with a name.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Its name and title.
    pub head: Head,
    /// Its value.
    pub value: Expr,
    /// The value computed, where nothing measured or invoiced is in it.
    pub exact: Option<Value>,
}

/// A scale of scores: its ends.
pub type Scale = (Exact, Exact);
