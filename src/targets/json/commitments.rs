//! Commitments: targets, warnings, tiers, caps, claims, termination.

use schemars::JsonSchema;
use serde::Serialize;

use super::agreement::Remedy;
use super::common::{Announcement, Deadline, Head, PartyRef, When, all, one, text, texts};
use super::conditions::ComparisonOp;
use super::expression::Expression;
use super::inputs::of_target;
use super::value::{Value, Window};
use super::words::{Payment, Side};
use crate::model;

/// A promise about a metric.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Commitment {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The service or support that it is about, by name.
    pub of: Option<String>,
    /// What is promised; all must hold.
    pub targets: Vec<Target>,
    /// When it applies at all; null for always.
    pub applies_when: Option<When>,
    /// From which attainment on it is at risk.
    pub warn: Option<Bound>,
    /// The exclusions and maintenances that apply to it, by name.
    pub exclude: Vec<String>,
    /// What is owed when it is missed.
    pub credit: Option<Credit>,
    /// What its credits are multiplied by.
    pub times: Vec<Factor>,
    /// Limits of its credits.
    pub caps: Vec<Cap>,
    /// Credits too small to pay.
    pub skip: Option<Skip>,
    /// The commitments of which, with this one, only the largest credit is owed, by name.
    pub combine_largest_with: Vec<String>,
    /// How a credit is claimed.
    pub claim: Option<Claim>,
    /// How a claim is decided.
    pub decide: Option<Decision>,
    /// How credits are paid; null for what the agreement says of all of them.
    pub pay: Option<Payment>,
    /// Rights to terminate.
    pub terminate: Vec<Termination>,
    /// What else may be asked for.
    pub remedy: Option<Remedy>,
}

/// One thing that is promised.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Target {
    /// The stable id.
    pub id: String,
    /// What is measured.
    pub measure: Expression,
    /// How it compares with the bound.
    pub comparison: ComparisonOp,
    /// What it is compared with.
    pub bound: Expression,
    /// The bound's value, where the agreement alone tells it.
    pub value: Option<Value>,
    /// The window over which it is judged.
    pub per: Window,
}

/// One bound of a row or of a warning.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bound {
    /// Which side.
    pub side: Side,
    /// Of what.
    pub limit: Expression,
    /// Its value, where the agreement alone tells it.
    pub value: Option<Value>,
}

/// What is owed when a commitment is missed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Credit {
    /// A ladder: it pays only when the target is missed, and each row reaches to the next one: with `below` and `at most`
    /// rows the lowest threshold that applies wins, with `above` and `at least` the highest.
    Ladder {
        /// The fee that ratios are of, by name.
        of: String,
        /// What the rows look at; null for what the target measures.
        using: Option<Box<Expression>>,
        /// The rows as written.
        rows: Vec<Row>,
        /// The ranges that follow from the rows, from the best attained value to the worst.
        tiers: Vec<Tier>,
    },
    /// Bands: the rows mean what they say, whether or not the target is met; of several the largest amount is owed.
    Bands {
        /// The fee that ratios are of, by name.
        of: String,
        /// What the rows look at; null for what the target measures.
        using: Option<Box<Expression>>,
        /// The rows as written.
        rows: Vec<Row>,
        /// The same rows as ranges.
        tiers: Vec<Tier>,
    },
    /// An amount that is computed; it is owed only when the target is missed, and is never less than zero.
    Formula {
        /// The amount.
        amount: Box<Expression>,
    },
}

/// One row as written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Row {
    /// The stable id.
    pub id: String,
    /// Its bounds; none for the row for all other values.
    pub bounds: Vec<Bound>,
    /// What it gives: a ratio of the fee, or money.
    pub gives: Expression,
    /// The value of that, where the agreement alone tells it.
    pub value: Option<Value>,
}

/// A range of attained values with the row that applies to it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tier {
    /// The id of the row.
    pub row: String,
    /// The lower end; null for none.
    pub from: Option<End>,
    /// The upper end; null for none.
    pub to: Option<End>,
    /// What is given: a ratio of the fee, or money; null where the agreement alone does not tell it.
    pub gives: Option<Value>,
}

/// An end of a range.
#[derive(Debug, Serialize, JsonSchema)]
pub struct End {
    /// The value.
    pub value: Value,
    /// Whether the value itself is within.
    pub inclusive: bool,
}

/// A limit of credits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cap {
    /// The stable id.
    pub id: String,
    /// The most that is owed.
    pub amount: Expression,
    /// In which window; null for the window of the commitment.
    pub per: Option<Window>,
}

/// What a credit is multiplied by. Of several that apply the largest counts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Factor {
    /// The stable id.
    pub id: String,
    /// By what.
    pub by: Expression,
    /// When.
    pub when: Expression,
}

/// Credits too small to pay.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Skip {
    /// Which amounts are not paid.
    pub bound: Bound,
}

/// How a credit is claimed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Claim {
    /// Whether no claim is needed.
    pub automatic: bool,
    /// Who claims.
    pub by: Option<PartyRef>,
    /// To whom.
    pub to: Vec<PartyRef>,
    /// By when; a credit that is not claimed lapses then, before credits are combined and limited.
    pub within: Option<Deadline>,
    /// With what.
    pub with: Option<String>,
}

/// How a claim is decided.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Decision {
    /// Who decides.
    pub by: Option<PartyRef>,
    /// By when. A decision that is late accepts nothing.
    pub within: Option<Deadline>,
}

/// A right to terminate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Termination {
    /// The stable id.
    pub id: String,
    /// Who may.
    pub by: Option<PartyRef>,
    /// When.
    pub when: Option<When>,
    /// Until when it may be exercised.
    pub within: Option<Deadline>,
    /// How it is announced.
    pub announce: Option<Announcement>,
    /// How long there is to cure.
    pub cure: Option<Deadline>,
}

impl From<&model::Commitment> for Commitment {
    fn from(commitment: &model::Commitment) -> Self {
        Commitment {
            head: (&commitment.head).into(),
            of: text(&commitment.of),
            targets: all(&commitment.targets),
            applies_when: one(&commitment.applies_when),
            warn: one(&commitment.warn),
            exclude: texts(&commitment.exclude),
            credit: commitment.credit.as_ref().map(|it| credit(commitment, it)),
            times: all(&commitment.times),
            caps: all(&commitment.caps),
            skip: one(&commitment.skip),
            combine_largest_with: texts(&commitment.combine),
            claim: one(&commitment.claim),
            decide: one(&commitment.decide),
            pay: commitment.pay.as_ref().map(|pay| pay.value.into()),
            terminate: all(&commitment.terminate),
            remedy: one(&commitment.remedy),
        }
    }
}

fn credit(commitment: &model::Commitment, credit: &model::Credit) -> Credit {
    match credit {
        model::Credit::Formula { amount, .. } => Credit::Formula { amount: Box::new(amount.into()) },
        model::Credit::Table(table) => {
            let of = table.base.value.clone();
            let using = table.using.as_ref().map(|expr| Box::new(expr.into()));
            let (rows, tiers) = (all(&table.rows), all(&commitment.tiers()));
            if table.bands {
                Credit::Bands { of, using, rows, tiers }
            } else {
                Credit::Ladder { of, using, rows, tiers }
            }
        }
    }
}

impl From<&model::Target> for Target {
    fn from(target: &model::Target) -> Self {
        Target {
            id: target.id.clone(),
            measure: (&target.measure).into(),
            comparison: of_target(target.comparison),
            bound: (&target.bound).into(),
            value: one(&target.value),
            per: (&target.window).into(),
        }
    }
}

impl From<&model::Bound> for Bound {
    fn from(bound: &model::Bound) -> Self {
        Bound { side: bound.side.into(), limit: (&bound.limit).into(), value: one(&bound.value) }
    }
}

impl From<&model::CreditRow> for Row {
    fn from(row: &model::CreditRow) -> Self {
        Row { id: row.id.clone(), bounds: all(&row.bounds), gives: (&row.gives).into(), value: one(&row.value) }
    }
}

impl From<&model::Tier<'_>> for Tier {
    fn from(tier: &model::Tier<'_>) -> Self {
        let end = |end: &Option<(crate::calculus::Value, bool)>| {
            end.as_ref().map(|(value, inclusive)| End { value: value.into(), inclusive: *inclusive })
        };
        Tier { row: tier.row.id.clone(), from: end(&tier.from), to: end(&tier.to), gives: one(&tier.row.value) }
    }
}

impl From<&model::Cap> for Cap {
    fn from(cap: &model::Cap) -> Self {
        Cap { id: cap.id.clone(), amount: (&cap.amount).into(), per: one(&cap.per) }
    }
}

impl From<&model::Factor> for Factor {
    fn from(factor: &model::Factor) -> Self {
        Factor { id: factor.id.clone(), by: (&factor.by).into(), when: (&factor.when).into() }
    }
}

impl From<&model::Skip> for Skip {
    fn from(skip: &model::Skip) -> Self {
        Skip { bound: (&skip.bound).into() }
    }
}

impl From<&model::Claim> for Claim {
    fn from(claim: &model::Claim) -> Self {
        Claim {
            automatic: claim.automatic,
            by: one(&claim.by),
            to: all(&claim.to),
            within: one(&claim.within),
            with: claim.with.clone(),
        }
    }
}

impl From<&model::Decision> for Decision {
    fn from(decision: &model::Decision) -> Self {
        Decision { by: one(&decision.by), within: one(&decision.within) }
    }
}

impl From<&model::Termination> for Termination {
    fn from(right: &model::Termination) -> Self {
        Termination {
            id: right.id.clone(),
            by: one(&right.by),
            when: one(&right.when),
            within: one(&right.within),
            announce: one(&right.announce),
            cure: one(&right.cure),
        }
    }
}
