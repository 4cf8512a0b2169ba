//! Proposals, the answers to them, and what is still open.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Deadline, Head, PartyRef, all, one, text};
use super::value::Day;
use super::words::{ProposalStanding, Verdict};
use crate::model::{self, Declared, Model, Negotiation, Round};

/// A proposal to change a clause, or an answer to one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Proposal {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The clause, by id; of an answer, that which is negotiated. A clause with variants is negotiated for all of them, and is
    /// named without options: it is each clause whose id is this one once what stands in brackets is left out.
    pub of: Option<String>,
    /// The proposal that it answers, by name; null for the first one of a negotiation.
    pub answers: Option<String>,
    /// How it stands.
    pub standing: ProposalStanding,
    /// Who made it.
    pub by: Option<PartyRef>,
    /// To whom: those who are named, else everyone else who takes part in what it answers, else the other side. It is
    /// accepted once all of them have accepted it.
    pub to: Vec<PartyRef>,
    /// When.
    pub raised: Option<Day>,
    /// What would change.
    pub change: Option<String>,
    /// The alternatives that the other side has the choice of.
    pub options: Vec<ProposalOption>,
    /// How long there is for an answer, from the day on which it was raised. Nothing is accepted by silence.
    pub within: Option<Deadline>,
    /// The last day for the answer; null where there is none, or where it lies too far off.
    pub answer_until: Option<Day>,
    /// What became of it, in the order of the dates; empty for one that nobody decided, and several where those that it was
    /// made to decided one by one. While it is open, the acceptances by some of them.
    pub outcomes: Vec<Outcome>,
}

/// One of several alternatives; the title says what is offered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProposalOption {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
}

/// What became of a proposal, or what some of those that it was made to said of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Outcome {
    /// Its end.
    pub verdict: Verdict,
    /// When.
    pub date: Day,
    /// The option that was taken, by name; null where there was no choice.
    pub option: Option<String>,
    /// Who decided: those who are named, else those that it was made to, or who took it back.
    pub by: Vec<PartyRef>,
    /// Why.
    pub reason: Option<String>,
}

/// A point that is still negotiated.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenPoint {
    /// The clause, by id; one with variants as in `proposals`.
    pub of: Option<String>,
    /// The proposal that waits for an answer, by name.
    pub proposal: String,
    /// The proposals up to it, by name, from the first one; each is answered by the next.
    pub chain: Vec<String>,
    /// Whose move it is: those who were asked and have not accepted.
    pub to_move: Vec<PartyRef>,
    /// The last day for the answer; null where there is none.
    pub until: Option<Day>,
}

/// Every proposal, in the order of the agreement.
pub fn proposals(model: &Model) -> Vec<Proposal> {
    let negotiations = model.negotiations(None);
    let rounds = negotiations.iter().flat_map(|one| one.rounds.iter().map(move |round| (one, round)));
    let mut made: BTreeMap<&str, Proposal> =
        rounds.map(|(of, round)| (round.proposal.head.name.as_str(), proposal(model, of, round))).collect();
    model.proposals.iter().filter_map(|one| made.remove(one.head().name.as_str())).collect()
}

fn proposal(model: &Model, negotiation: &Negotiation<'_>, round: &Round<'_>) -> Proposal {
    let it = round.proposal;
    Proposal {
        head: (&it.head).into(),
        of: negotiation.clause(),
        answers: round.answers.map(|answered| answered.head.name.clone()),
        standing: round.standing.into(),
        by: one(&it.between.by),
        to: all(&round.asked()),
        raised: it.raised.as_ref().map(|word| word.value.into()),
        change: text(&it.change),
        options: it.options.iter().map(|option| ProposalOption { head: option.into() }).collect(),
        within: one(&it.within),
        answer_until: model.answer_until(it).map(Into::into),
        outcomes: round.outcomes.iter().map(|it| outcome(round, it)).collect(),
    }
}

fn outcome(round: &Round<'_>, outcome: &model::Outcome) -> Outcome {
    Outcome {
        verdict: outcome.verdict.into(),
        date: outcome.date.into(),
        option: text(&outcome.option),
        by: all(&round.deciders(outcome)),
        reason: outcome.reason.clone(),
    }
}

/// Every point that is open, in the order of the agreement.
pub fn open_points(model: &Model) -> Vec<OpenPoint> {
    let negotiations = model.negotiations(None);
    let all_open = negotiations.iter().flat_map(|one| one.open().map(move |round| (one, round)));
    all_open
        .map(|(negotiation, round)| OpenPoint {
            of: negotiation.clause(),
            proposal: round.proposal.head.name.clone(),
            chain: negotiation.chain(round).iter().map(|one| one.head.name.clone()).collect(),
            to_move: all(&round.pending()),
            until: model.answer_until(round.proposal).map(Into::into),
        })
        .collect()
}
