//! Rules: plain `when … then …` entries that a program can execute without any knowledge of the language.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Announcement, Deadline, PartyRef, Recurrence};
use super::conditions::{ComparisonOp, Computation, Condition};
use super::expression::ops;
use super::value::{Amount, Value, Window};
use super::words::Rounding;

/// One rule; `kind` says which.
///
/// Rules of kind `fee` define amounts. Rules with a `stage` compute money: for each window, take them in the order of
/// their stage. Rules of the other kinds stand by themselves. All arithmetic is exact; only the rule of kind `round`
/// rounds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// The amount of a fee. In a partial first or last period it is reduced pro rata by local days.
    Fee {
        /// The clause that says so, by id.
        clause: String,
        /// The fee, by name.
        fee: String,
        /// For which period; null where it follows from other fees.
        per: Option<Window>,
        /// The amount.
        amount: Computation,
    },
    /// An amount that is owed to the customer for one window of a commitment when the condition holds.
    Credit {
        /// When it is executed: 1.
        stage: u8,
        /// The clause that says so, by id.
        clause: String,
        /// The commitment, by name.
        commitment: String,
        /// The window. A window that rolls is evaluated each day at midnight in the agreement's zone.
        per: Window,
        /// How often it is owed.
        once: Once,
        /// Of several credit rules of one commitment that apply to one window, which counts.
        choose: Choose,
        /// When it is owed.
        when: Condition,
        /// How much.
        then: Computation,
        /// Whether it must be claimed; null where the agreement does not say.
        claim: Option<ClaimNeed>,
    },
    /// A limit: if the credits in scope are more, they are reduced to it, those of several commitments pro rata.
    Cap {
        /// When it is executed: 2 for one commitment, 4 for all together.
        stage: u8,
        /// The clause that says so, by id.
        clause: String,
        /// The commitment, by name; null for all credits of the agreement together.
        commitment: Option<String>,
        /// The window over which credits are added up; null for the window of the commitment. In a partial first or
        /// last window the limit is reduced pro rata by local days.
        per: Option<Window>,
        /// The limit.
        at_most: Computation,
    },
    /// Of the credits of several commitments only one counts, the others are zero. Credits of commitments in no such
    /// rule add up.
    Combine {
        /// When it is executed: 3.
        stage: u8,
        /// The clauses that say so, by id.
        clauses: Vec<String>,
        /// The commitments, by name.
        commitments: Vec<String>,
        /// Which counts; of equal ones the first.
        take: Take,
    },
    /// A credit too small to pay, that of one commitment for one window by itself, becomes zero.
    Skip {
        /// When it is executed: 5.
        stage: u8,
        /// The clause that says so, by id.
        clause: String,
        /// The commitment, by name; null for each commitment of the agreement.
        commitment: Option<String>,
        /// How the credit compares with the amount when it is skipped.
        comparison: ComparisonOp,
        /// The amount.
        amount: Computation,
    },
    /// The credit is rounded, once.
    Round {
        /// When it is executed: 6.
        stage: u8,
        /// The clause that says so, by id.
        clause: String,
        /// To a multiple of what.
        to: Value,
        /// In which mode.
        mode: Rounding,
        /// In which mode where a limit was binding.
        when_capped: Rounding,
        /// Who gets the remaining units of a limit that was shared pro rata.
        remainder: Remainder,
    },
    /// A right to terminate arises when the condition holds.
    Terminate {
        /// The clause that says so, by id.
        clause: String,
        /// The commitment, by name.
        commitment: String,
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
    /// Somebody is told something, when the condition holds or in a rhythm.
    Notify {
        /// The clause that says so, by id.
        clause: String,
        /// Who tells it.
        by: Option<PartyRef>,
        /// Who is told.
        to: Vec<PartyRef>,
        /// When; null for a rhythm.
        when: Option<Condition>,
        /// The rhythm; null for a condition.
        every: Option<Recurrence>,
        /// By when.
        within: Option<Deadline>,
        /// How often there is news while the condition holds.
        update: Option<Recurrence>,
        /// By which channels.
        via: Vec<String>,
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
        /// Who is told.
        notify: Vec<PartyRef>,
    },
}

ops! {
    /// How often a credit is owed.
    Once {
        /// For each window in which the condition holds.
        Window = "window",
        /// For each unbroken sequence of evaluations in which the condition holds: the largest of their amounts, owed
        /// for the window of the first evaluation that gives it. An evaluation without a measurement neither continues
        /// nor ends the sequence.
        Breach = "breach",
    }
    /// Which of several credit rules counts.
    Choose {
        /// At most one of them can apply.
        Only = "only",
        /// The last one in the order of the rules.
        Last = "last",
        /// The one with the largest amount.
        Largest = "largest",
    }
    /// Whether a credit must be claimed.
    ClaimNeed {
        /// No claim is needed.
        Automatic = "automatic",
        /// It lapses unless it is claimed in time: see the commitment's claim.
        Required = "required",
    }
    /// Which of several credits counts.
    Take {
        /// The largest.
        Largest = "largest",
    }
    /// Who gets the remaining units.
    Remainder {
        /// The largest remainder first, then by id.
        LargestRemainder = "largest_remainder",
    }
}
