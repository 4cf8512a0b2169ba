//! Commitments: targets, warnings, credits, claims, terminations.

use super::table::declared;
use super::{Announcement, Condition, Deadline, Head, PartyRef, Payment, Ref, Remedy, Spanned};
use crate::calculus::{Binary, Expr, ExprKind, Value};
use crate::source::Span;
use crate::values::{Amount, Window};

/// A promise about a metric.
#[derive(Clone, Debug)]
pub struct Commitment {
    /// Its name and title.
    pub head: Head,
    /// The service or support that it is about.
    pub of: Option<Ref>,
    /// What is promised; all must hold.
    pub targets: Vec<Target>,
    /// When it applies at all.
    pub applies_when: Option<Condition>,
    /// From which value on it is at risk.
    pub warn: Option<Bound>,
    /// The exclusions and maintenances that apply to it.
    pub exclude: Vec<Ref>,
    /// What is owed when it is missed.
    pub credit: Option<Credit>,
    /// What a credit is multiplied by, such as for a repeated miss.
    pub times: Vec<Factor>,
    /// Limits of its credits.
    pub caps: Vec<Cap>,
    /// Credits too small to pay.
    pub skip: Option<Skip>,
    /// The commitments of which, with this one, only the largest credit is owed.
    pub combine: Vec<Ref>,
    /// How a credit is claimed.
    pub claim: Option<Claim>,
    /// How a claim is decided.
    pub decide: Option<Decision>,
    /// How credits are paid.
    pub pay: Option<Spanned<Payment>>,
    /// Rights to terminate.
    pub terminate: Vec<Termination>,
    /// What else may be asked for.
    pub remedy: Option<Remedy>,
}
declared!(Commitment);

impl Commitment {
    /// How long the time is over which it is judged every day, if it is.
    pub fn rolls(&self) -> Option<&Amount> {
        self.targets.iter().find_map(|target| match &target.window {
            Window::Rolling(amount) => Some(amount),
            _ => None,
        })
    }
}

impl Commitment {
    /// The expressions in which something may be measured.
    pub fn measured(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = self.targets.iter().flat_map(|target| [&target.measure, &target.bound]).collect();
        let conditions = self.applies_when.iter().chain(self.terminate.iter().filter_map(|right| right.when.as_ref()));
        all.extend(conditions.filter_map(Condition::measured));
        all.extend(self.times.iter().map(|factor| &factor.when));
        match &self.credit {
            Some(Credit::Formula { amount, .. }) => all.push(amount),
            Some(Credit::Table(table)) => {
                all.extend(&table.using);
                for row in &table.rows {
                    all.extend(row.bounds.iter().map(|bound| &bound.limit).chain([&row.gives]));
                }
            }
            None => {}
        }
        all
    }
}

/// One thing that is promised.
#[derive(Clone, Debug)]
pub struct Target {
    /// The stable id.
    pub id: String,
    /// What is measured, usually a metric.
    pub measure: Expr,
    /// How it compares with the bound: `AtLeast`, `AtMost`, `Greater`, `Less`, `Equal`.
    pub comparison: Binary,
    /// What it is compared with.
    pub bound: Expr,
    /// The bound's value, where it can be computed from the file.
    pub value: Option<Value>,
    /// The window over which it is judged.
    pub window: Window,
    /// Where it stands.
    pub span: Span,
}

impl Target {
    /// Whether more is better.
    pub fn is_floor(&self) -> bool {
        matches!(self.comparison, Binary::AtLeast | Binary::Greater)
    }

    /// The metric's name, if it is about a metric and nothing else.
    pub fn metric(&self) -> Option<&str> {
        match &self.measure.kind {
            ExprKind::Metric(name) => Some(name),
            _ => None,
        }
    }
}

/// Which side of a value a bound means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Less than the value.
    Below,
    /// The value or less.
    AtMost,
    /// More than the value.
    Above,
    /// The value or more.
    AtLeast,
}

impl Side {
    /// Every side, with the words for it in a file.
    pub const WORDS: [(&'static str, Side); 4] =
        [("below", Side::Below), ("at most", Side::AtMost), ("above", Side::Above), ("at least", Side::AtLeast)];

    /// The words for it in a file.
    pub fn as_str(self) -> &'static str {
        Side::WORDS.iter().find(|(_, side)| *side == self).map_or("", |(word, _)| word)
    }

    /// Whether it bounds from above: `below` and `at most`.
    pub fn is_upper(self) -> bool {
        matches!(self, Side::Below | Side::AtMost)
    }

    /// Whether the value itself is within.
    pub fn is_inclusive(self) -> bool {
        matches!(self, Side::AtMost | Side::AtLeast)
    }
}

/// One bound of a row or of a warning.
#[derive(Clone, Debug)]
pub struct Bound {
    /// Which side.
    pub side: Side,
    /// Of what.
    pub limit: Expr,
    /// Its value, where it can be computed from the file.
    pub value: Option<Value>,
    /// Where it stands.
    pub span: Span,
}

impl Bound {
    /// With the target's value, if `target` is the limit.
    #[must_use]
    pub fn of_target(self, goal: Option<&Value>) -> Bound {
        match self.limit.kind {
            ExprKind::Target => Bound { value: goal.cloned(), ..self },
            _ => self,
        }
    }
}

/// What is owed when a commitment is missed.
#[derive(Clone, Debug)]
pub enum Credit {
    /// Rows by what was attained.
    Table(CreditTable),
    /// An amount that is computed.
    Formula {
        /// The amount: money.
        amount: Expr,
        /// Where it stands.
        span: Span,
    },
}

/// Rows of credits by what was attained.
#[derive(Clone, Debug)]
pub struct CreditTable {
    /// The fee that percentages are of.
    pub base: Ref,
    /// Whether the rows are a transcription of published bands that mean literally what they say. Otherwise they are
    /// a ladder: it pays only when the target is missed, and its last row that applies wins.
    pub bands: bool,
    /// What the rows look at, where it is not what the target measures.
    pub using: Option<Expr>,
    /// The rows, as written.
    pub rows: Vec<CreditRow>,
    /// Where it stands.
    pub span: Span,
}

/// One row.
#[derive(Clone, Debug)]
pub struct CreditRow {
    /// The stable id, keyed by its canonical bounds.
    pub id: String,
    /// Its bounds; one in a ladder, one or two in bands; none for `otherwise`.
    pub bounds: Vec<Bound>,
    /// What it gives: a percentage of the base, or money.
    pub gives: Expr,
    /// Its value, where it can be computed from the file and is the same in every period.
    pub value: Option<Value>,
    /// Its value in whole periods of the fees that it is a part of, where it can be computed from the file.
    pub whole: Option<Value>,
    /// Where it stands.
    pub span: Span,
}

/// A range of attained values with the row that applies to it, gapless in a ladder: see [`Commitment::tiers`].
#[derive(Clone, Debug)]
pub struct Tier<'a> {
    /// The lower end and whether it is within; none for no end.
    pub from: Option<(Value, bool)>,
    /// The upper end and whether it is within; none for no end.
    pub to: Option<(Value, bool)>,
    /// The row.
    pub row: &'a CreditRow,
}

/// What a credit is multiplied by. Of several that apply the largest counts.
#[derive(Clone, Debug)]
pub struct Factor {
    /// The stable id.
    pub id: String,
    /// By what: a number.
    pub by: Expr,
    /// Its value, where it can be computed from the file.
    pub value: Option<Value>,
    /// When it applies.
    pub when: Expr,
    /// Where it stands.
    pub span: Span,
}

/// A limit of credits.
#[derive(Clone, Debug)]
pub struct Cap {
    /// The stable id.
    pub id: String,
    /// The most that is owed: money.
    pub amount: Expr,
    /// In which window; none for the window of the commitment.
    pub per: Option<Window>,
    /// Where it stands.
    pub span: Span,
}

/// Credits too small to pay.
#[derive(Clone, Debug)]
pub struct Skip {
    /// Up to which amount, and whether that amount itself is skipped.
    pub bound: Bound,
    /// Where it stands.
    pub span: Span,
}

/// How a credit is claimed.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Whether no claim is needed.
    pub automatic: bool,
    /// Who claims.
    pub by: Option<PartyRef>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// By when.
    pub within: Option<Deadline>,
    /// With what.
    pub with: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// How a claim is decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Who decides.
    pub by: Option<PartyRef>,
    /// By when.
    pub within: Option<Deadline>,
    /// Where it stands.
    pub span: Span,
}

/// A right to terminate.
#[derive(Clone, Debug)]
pub struct Termination {
    /// The stable id.
    pub id: String,
    /// Who may.
    pub by: Option<PartyRef>,
    /// When.
    pub when: Option<Condition>,
    /// Until when.
    pub within: Option<Deadline>,
    /// How it is announced.
    pub announce: Option<Announcement>,
    /// How long there is to cure.
    pub cure: Option<Deadline>,
    /// Where it stands.
    pub span: Span,
}
