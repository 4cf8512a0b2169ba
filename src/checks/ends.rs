//! That a negotiation comes to one end, and that nothing is decided or answered after it.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Model, Negotiation, Outcome, Proposal, Round, Standing, Verdict};
use crate::values::Date;
use std::collections::BTreeMap;

/// A negotiation has one end: of the answers to a proposal one is open or accepted, and what was accepted has no such
/// answer; all who accept take one option, and what is decided is not taken back.
pub(super) fn one_end(model: &Model) -> Vec<Diagnostic> {
    let negotiations = model.negotiations(None);
    let rounds = negotiations.iter().flat_map(|one| &one.rounds).filter(|round| !round.proposal.head.poisoned);
    let own = rounds.flat_map(|round| other_option(round).into_iter().chain(taken_back(round)));
    let told: Vec<Diagnostic> = negotiations.iter().flat_map(contradictions).collect();
    let is_told = |late: &Diagnostic| told.iter().any(|one| one.span == late.span);
    let late: Vec<Diagnostic> = negotiations.iter().flat_map(decided_late).filter(|late| !is_told(late)).collect();
    // Where such an answer stands, the two ends contradict each other, which is told once.
    let is_told = |late: &Diagnostic| late.labels.iter().any(|at| told.iter().any(|one| one.span == Some(at.span)));
    let to_nothing: Vec<Diagnostic> = negotiations.iter().flat_map(to_nothing).filter(|late| !is_told(late)).collect();
    told.into_iter().chain(own).chain(late).chain(to_nothing).collect()
}

/// Proposals that somebody accepted or declined after they were answered, while that answer stood: nothing was left to
/// decide of them. Of each the last such outcome is told, which is the one that a contradiction is told of.
fn decided_late(negotiation: &Negotiation<'_>) -> Vec<Diagnostic> {
    // The answers to a proposal by its name, each with the day from which neither it nor what answers it stands. An answer
    // stands after what it answers, so that from the last round to the first all of them are known.
    let mut answers: BTreeMap<&str, Vec<(&Round<'_>, Option<Date>)>> = BTreeMap::new();
    let mut found = Vec::new();
    for round in negotiation.rounds.iter().rev() {
        let own = answers.remove(round.proposal.head.name.as_str()).unwrap_or_default();
        let late = round.outcomes.iter().rev().find_map(|outcome| Some((*outcome, answered_before(outcome, &own)?)));
        found.extend(late.map(|(outcome, answer)| too_late(round.proposal, outcome, answer)));
        // It is over with the last of its answers, and not while one of them stands.
        let of_answers = own.iter().map(|(_, over)| *over).try_fold(Date::MIN, |last, over| Some(last.max(over?)));
        let over = match round.standing {
            Standing::Declined | Standing::Withdrawn => round.end().and_then(|end| Some(of_answers?.max(end.date))),
            Standing::Countered => of_answers,
            Standing::Open | Standing::Accepted => None,
        };
        if let Some(before) = round.answers {
            answers.entry(&before.head.name).or_default().push((round, over));
        }
    }
    found
}

/// The answer that stood already when a proposal was accepted or declined. On the day of the answer either may be first.
fn answered_before<'a>(outcome: &Outcome, answers: &[(&Round<'a>, Option<Date>)]) -> Option<&'a Proposal> {
    if outcome.verdict == Verdict::Withdrawn {
        return None;
    }
    let stood = |round: &Round<'_>, over: &Option<Date>| {
        let raised = round.proposal.raised.as_ref();
        raised.is_some_and(|raised| raised.value < outcome.date) && over.is_none_or(|over| outcome.date < over)
    };
    answers.iter().find(|(round, over)| stood(round, over)).map(|(round, _)| round.proposal)
}

fn too_late(proposal: &Proposal, outcome: &Outcome, answer: &Proposal) -> Diagnostic {
    let (name, verdict) = (&proposal.head.name, outcome.verdict.as_str());
    let message = format!("`{name}` was {verdict} on {}, after `{}` had answered it", outcome.date, answer.head.name);
    let raised = answer.raised.as_ref().map_or(answer.head.name_span, |raised| raised.span);
    Diagnostic::new(codes::CONTRADICTING_ENDS, outcome.span, message)
        .primary("too late")
        .label(raised, format!("closed `{name}`"))
        .help(format!(
            "what is answered by another proposal is closed by that: say what became of `{}`, or mend one of the two dates",
            answer.head.name
        ))
}

/// Answers to what had been taken back, or accepted by all, before they were raised.
fn to_nothing(negotiation: &Negotiation<'_>) -> Vec<Diagnostic> {
    let rounds: BTreeMap<&str, &Round<'_>> =
        negotiation.rounds.iter().map(|round| (round.proposal.head.name.as_str(), round)).collect();
    let answered = negotiation.rounds.iter().filter_map(|round| {
        let before = round.answers?.head.name.as_str();
        Some((round.proposal, *rounds.get(before)?))
    });
    let late = answered.filter_map(|(one, before)| {
        let (end, ended, help) = over(before)?;
        let raised = one.raised.as_ref().filter(|raised| end.date < raised.value)?;
        let (name, other) = (&one.head.name, &before.proposal.head.name);
        let message = format!("`{name}` answers `{other}`, which was {ended} before, on {}", end.date);
        let finding = Diagnostic::new(codes::CONTRADICTING_ENDS, raised.span, message);
        Some(finding.primary("too late").label(end.span, format!("`{other}` ended here")).help(help))
    });
    late.collect()
}

/// The end after which a proposal is not answered, in words, and what helps. One that was declined may be answered: that is
/// how a negotiation goes on.
fn over<'a>(round: &Round<'a>) -> Option<(&'a Outcome, &'static str, &'static str)> {
    let back = round.outcomes.iter().find(|outcome| outcome.verdict == Verdict::Withdrawn);
    match (back, round.standing) {
        (Some(back), _) => {
            Some((back, "taken back", "answer the proposal that is open again, or make a new one of the clause"))
        }
        (None, Standing::Accepted) => {
            Some((round.end()?, "accepted", "what is agreed is changed by a new proposal of the clause"))
        }
        _ => None,
    }
}

/// Two acceptances of different options.
fn other_option(round: &Round<'_>) -> Option<Diagnostic> {
    let accepted = round.outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Accepted);
    let mut taken = accepted.filter_map(|outcome| outcome.option.as_ref());
    let first = taken.next()?;
    let other = taken.find(|option| option.value != first.value)?;
    let name = &round.proposal.head.name;
    let message = format!("of `{name}` two options were accepted");
    Some(
        Diagnostic::new(codes::CONTRADICTING_ENDS, other.span, message)
            .primary(format!("`{}` by one", other.value))
            .label(first.span, format!("`{}` by another", first.value))
            .help(format!(
                "all take the same one; whoever wants another one answers with a proposal of it, `of {name}`"
            )),
    )
}

/// A proposal that was taken back, and declined or accepted by all as well.
fn taken_back(round: &Round<'_>) -> Option<Diagnostic> {
    let last = |verdict| round.outcomes.iter().rev().find(move |outcome| outcome.verdict == verdict);
    let back = last(Verdict::Withdrawn)?;
    let accepted = || last(Verdict::Accepted).filter(|_| round.pending().is_empty());
    let other = last(Verdict::Declined).or_else(accepted)?;
    let (name, verdict) = (&round.proposal.head.name, other.verdict.as_str());
    let message = format!("`{name}` was {verdict}, and taken back as well");
    Some(
        Diagnostic::new(codes::CONTRADICTING_ENDS, back.span, message)
            .primary("taken back")
            .label(other.span, verdict)
            .help("what is decided is not taken back: keep one of the two"),
    )
}

/// Where two ends of a negotiation part ways, once for each proposal.
fn contradictions(negotiation: &Negotiation<'_>) -> Vec<Diagnostic> {
    // An end that stands, by the proposal that it is or follows from. An answer stands after what it answers, so that
    // from the last round to the first everything is known of the answers to a round.
    let mut ends: BTreeMap<&str, Vec<&Round<'_>>> = BTreeMap::new();
    let mut found = Vec::new();
    for round in negotiation.rounds.iter().rev() {
        let name = round.proposal.head.name.as_str();
        let mut own = ends.remove(name).unwrap_or_default();
        if matches!(round.standing, Standing::Open | Standing::Accepted) {
            own.push(round);
        }
        // They were collected from the last one to the first.
        own.reverse();
        if let [first, second, ..] = own.as_slice()
            && own.iter().all(|end| !end.proposal.head.poisoned)
        {
            found.push(contradiction(round, first, second));
        }
        if let (Some(before), Some(end)) = (round.answers, own.first()) {
            ends.entry(&before.head.name).or_default().push(end);
        }
    }
    found
}

fn contradiction(at: &Round<'_>, first: &Round<'_>, second: &Round<'_>) -> Diagnostic {
    let name = &at.proposal.head.name;
    let (one, two) = (&first.proposal.head, &second.proposal.head);
    let words = |round: &Round<'_>| match round.standing {
        Standing::Open => "is open",
        _ => "was accepted",
    };
    if one.name == *name {
        let span = first.end().map_or(one.name_span, |outcome| outcome.span);
        return Diagnostic::new(
            codes::CONTRADICTING_ENDS,
            span,
            format!("`{name}` was accepted, and answered as well"),
        )
        .primary("accepted")
        .label(two.name_span, format!("this answer to it {}", words(second)))
        .help(
            "what is answered by another proposal is closed by that: delete the outcome, or say how the answer ended",
        );
    }
    let message = format!("two answers to `{name}` both stand");
    Diagnostic::new(codes::CONTRADICTING_ENDS, two.name_span, message)
        .primary(format!("`{}` {}", two.name, words(second)))
        .label(one.name_span, format!("`{}` {}", one.name, words(first)))
        .help("say how one of them ended, or offer both in one proposal as options: `option a \"…\"`, `option b \"…\"`")
}
