//! Rules: plain `when … then …` entries that a program can execute without any knowledge of the language.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Announcement, Channel, Deadline, PartyRef, Recurrence};
use super::conditions::{ComparisonOp, Computation, Condition};
use super::expression::ops;
use super::stage::{CLAIM, COMBINATION, CREDIT, CapStage, ROUNDING, SET_OFF, SKIP, Stage};
use super::value::{Amount, MoneyAmount, Window};
use super::words::{Rounding, Unused};

/// One rule; `kind` says which.
///
/// Rules of kind `fee` define amounts. Rules with a `stage` compute money: windows are settled in the order in which
/// they end, and for those that end together the rules are taken in the order of their stage. Rules of the other kinds
/// stand by themselves. All arithmetic is exact; only the rule of kind `round` rounds. A rule applies only if its
/// condition is true: see `Condition` for conditions that are unknown.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// The amount of a fee for one of its periods.
    Fee {
        /// The clause that says so, by id.
        clause: String,
        /// The fee, by name.
        fee: String,
        /// For which period; null where it follows from other fees.
        per: Option<Window>,
        /// The amount. Only constant money in it is reduced in a partial period, by nodes of `pro_rata`; percentages
        /// follow the fee that they are of, and what is invoiced stands as it is invoiced.
        amount: Computation,
    },
    /// What is owed for one commitment and one window: the amount of the row that counts.
    Credit {
        /// When it is executed: 1.
        stage: Stage<CREDIT>,
        /// The commitment's clause, by id.
        clause: String,
        /// The commitment, by name.
        commitment: String,
        /// Who owes it: whoever provides what the commitment is of, and otherwise the provider.
        by: Option<PartyRef>,
        /// To whom.
        to: Vec<PartyRef>,
        /// The window. One that rolls is evaluated each day at midnight in the agreement's zone, once it is full.
        per: Window,
        /// When the commitment applies in a window; null for always. A window in which this is not true is passed over:
        /// nothing is owed, and in a breach or a streak it neither counts nor ends it.
        applies: Option<Condition>,
        /// When the commitment is in breach; null for always: then the rows alone decide. Where rows apply although the
        /// target is met, a promise that rolls is in breach while a target is missed or a row gives more than nothing.
        breach: Option<Condition>,
        /// How often it is owed.
        once: Once,
        /// By what else the amount is multiplied: of those whose condition is true the largest `by`, before anything limits
        /// it; where none is, by nothing. An amount of zero stays zero; of any other, where a condition is unknown, so is
        /// the amount, unless a factor that is true is as large.
        multiply: Vec<Factor>,
        /// By what the amount of an evaluation is multiplied; null for nothing, and never null where `once` is `run`.
        times: Option<Computation>,
        /// Of several rows that apply, which counts.
        choose: Choose,
        /// The rows. A credit is owed where `applies` and `breach` are true or null, and a row applies.
        #[schemars(length(min = 1))]
        rows: Vec<CreditRow>,
    },
    /// A credit that must be claimed lapses if it is not claimed in time. What has lapsed neither displaces another
    /// credit nor uses up a limit. A program that does not know whether it was claimed gives both: what is owed, and
    /// what is owed if it is claimed.
    Claim {
        /// When it is executed: 2.
        stage: Stage<CLAIM>,
        /// The commitment's clause, by id.
        clause: String,
        /// The commitment, by name.
        commitment: String,
        /// Who claims.
        by: Option<PartyRef>,
        /// To whom.
        to: Vec<PartyRef>,
        /// By when; null where the agreement does not say.
        within: Option<Deadline>,
    },
    /// A limit of the credits of one window: of those whose measurement window has its last instant in it; for a window
    /// that rolls, in the one that ends with the measurement window. What was owed before in the same window, after all
    /// stages, counts first and is not cut afterwards; what is left is for the credits that end now, and if they are
    /// more, each is reduced in the same proportion.
    Cap {
        /// When it is executed: 3 for one commitment, 5 for those that the agreement limits together.
        stage: CapStage,
        /// The clause that says so, by id.
        clause: String,
        /// The commitments whose credits it limits, by name: one, or in stage 5 all that a provider owes. What a supplier
        /// or the customer owes shares in no limit of the agreement.
        #[schemars(length(min = 1))]
        commitments: Vec<String>,
        /// The window over which credits are added up; null for the window of each commitment. One that rolls holds from
        /// the first day of the term, and looks back no further.
        per: Option<Window>,
        /// The limit. A fee in it is that of the fee period that contains the last instant of the limit's window; only
        /// constant money in it is reduced in a partial window, by nodes of `pro_rata`.
        at_most: Computation,
    },
    /// Of the credits of several commitments for one window only one counts, the others are zero. Credits of commitments
    /// in no such rule add up.
    Combine {
        /// When it is executed: 4.
        stage: Stage<COMBINATION>,
        /// The clauses that say so, by id.
        clauses: Vec<String>,
        /// The commitments, by name.
        #[schemars(length(min = 2))]
        commitments: Vec<String>,
        /// Which counts; of equal ones the first.
        take: Take,
    },
    /// A credit too small to pay, that of one commitment for one window by itself, becomes zero.
    Skip {
        /// When it is executed: 6.
        stage: Stage<SKIP>,
        /// The clause that says so, by id.
        clause: String,
        /// The commitments whose credits it skips, by name: one, or for the limit of the agreement all that have none of
        /// their own, without those of suppliers.
        #[schemars(length(min = 1))]
        commitments: Vec<String>,
        /// How the credit compares with the amount when it is skipped.
        comparison: ComparisonOp,
        /// The amount.
        amount: Computation,
    },
    /// Each credit is rounded, once; there is a rule for each currency in which one is owed.
    Round {
        /// When it is executed: 7.
        stage: Stage<ROUNDING>,
        /// The clause that says so, by id.
        clause: String,
        /// The commitments whose credits are rounded, by name: all that owe one in this currency.
        #[schemars(length(min = 1))]
        commitments: Vec<String>,
        /// To a multiple of what.
        to: MoneyAmount,
        /// In which mode a credit is rounded that no limit has reduced.
        mode: Rounding,
        /// In which mode a credit is rounded that a limit has reduced. Other credits of the same window are not affected.
        when_capped: Rounding,
        /// Who gets the units that are left where one limit has reduced several credits: their sum, rounded as
        /// one amount, less the sum of what each was rounded to.
        remainder: Remainder,
    },
    /// Credits that one party owes another are set off against what it invoices. An invoice is that of a fee period, and has
    /// the date of the period's end: the amounts of the fees, each rounded half even to the smallest unit of the currency. The credits of a window are set off against the first invoice that is dated after the
    /// window's end, and what exceeds it against those after it.
    SetOff {
        /// When it is executed: 8.
        stage: Stage<SET_OFF>,
        /// The clause that says so, by id.
        clause: String,
        /// The commitments whose credits are set off, by name.
        #[schemars(length(min = 1))]
        commitments: Vec<String>,
        /// Who owes them, and invoices.
        by: Option<PartyRef>,
        /// To whom.
        to: Vec<PartyRef>,
        /// The fees that are invoiced, by name: those that are stated for a period, and are not made of other fees.
        fees: Vec<String>,
        /// What becomes of what is left when the agreement ends.
        unused: Unused,
    },
    /// A right to terminate arises when the condition holds.
    Terminate {
        /// The clause that says so, by id.
        clause: String,
        /// The commitment, by name.
        commitment: String,
        /// The window for which the condition is read; null for the present moment.
        per: Option<Window>,
        /// When the commitment applies in a window; null for always. A window in which this is not true gives no right.
        applies: Option<Condition>,
        /// Who may terminate.
        by: Option<PartyRef>,
        /// When.
        when: Condition,
        /// Until when the right may be exercised; null for as long as the agreement holds.
        within: Option<Deadline>,
        /// How it is announced.
        announce: Option<Announcement>,
        /// How long the other side has to cure.
        cure: Option<Deadline>,
    },
    /// Somebody is told something: when a condition holds, in a rhythm, or ahead of something.
    Notify {
        /// The clause that says so, by id.
        clause: String,
        /// Who tells it.
        by: Option<PartyRef>,
        /// Who is told.
        to: Vec<PartyRef>,
        /// When; null for a rhythm or an announcement.
        when: Option<Condition>,
        /// The rhythm; null for a condition or an announcement.
        every: Option<Recurrence>,
        /// What is announced, and how long before; null for a condition or a rhythm.
        announce: Option<Announcement>,
        /// By when.
        within: Option<Deadline>,
        /// How often there is news while the condition holds.
        update: Option<Recurrence>,
        /// By which channels.
        via: Vec<Channel>,
        /// What is shown, by name.
        shows: Vec<String>,
    },
    /// Somebody is told once the condition has held without a break for so long.
    Escalate {
        /// The clause that says so, by id.
        clause: String,
        /// The escalation, by name.
        escalation: String,
        /// The condition.
        when: Condition,
        /// How long it has held.
        after: Amount,
        /// Who tells it.
        by: Option<PartyRef>,
        /// Who is told.
        notify: Vec<PartyRef>,
    },
}

/// A factor of a credit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Factor {
    /// The clause that says so, by id.
    pub clause: String,
    /// When it applies.
    pub when: Condition,
    /// By what the amount is multiplied: a number.
    pub by: Computation,
}

/// One row of a credit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CreditRow {
    /// The clause that says so, by id.
    pub clause: String,
    /// When the row applies; null for always.
    pub when: Option<Condition>,
    /// The bound by which a row is chosen; null where rows are not chosen by their bounds.
    pub bound: Option<RowBound>,
    /// How much.
    pub then: Computation,
}

/// The bound of a row.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RowBound {
    /// The bound itself.
    pub value: Computation,
    /// Whether the row leaves out the bound itself: `below` and `above`, not `at most` and `at least`.
    pub strict: bool,
}

ops! {
    /// How often a credit is owed.
    Once {
        /// For each window.
        Window = "window",
        /// For each uninterrupted breach: an unbroken sequence of evaluations for which `breach` is true or null. The
        /// largest of the amounts of its evaluations is owed, for the window of the first evaluation that gives it. An
        /// evaluation for which `breach` is unknown, or to which the commitment does not apply, neither continues nor ends
        /// the sequence.
        Breach = "breach",
        /// For each uninterrupted stretch that the measure is about, judged at the first evaluation after its end: where
        /// `breach` is true or null then, the amount of that evaluation is owed for its window, `times` the number of such
        /// stretches.
        Run = "run",
    }
    /// Which of several rows counts.
    Choose {
        /// At most one of them can apply.
        Only = "only",
        /// With `below` and `at most` rows the lowest threshold that applies wins: the row whose `bound` has the smallest
        /// value; of equal ones the strict one.
        LowestBound = "lowest_bound",
        /// With `above` and `at least` rows the highest threshold that applies wins: the row whose `bound` has the largest
        /// value; of equal ones the strict one.
        HighestBound = "highest_bound",
        /// The row with the largest amount.
        LargestAmount = "largest_amount",
    }
    /// Which of several credits counts.
    Take {
        /// The largest.
        Largest = "largest",
    }
    /// Who gets the remaining units.
    Remainder {
        /// One each, to the largest remainders first, among equal ones in the order of the ids.
        LargestRemainder = "largest_remainder",
    }
}
