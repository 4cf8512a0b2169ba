//! Proposals and their answers: who is asked, who answers and who decides, and what is chosen.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Head, Model, Outcome, PartyRef, Proposal, Round, Verdict};
use crate::source::Span;
use crate::values::Amount;
use std::collections::{BTreeMap, BTreeSet};

/// How many options a finding lists.
const SHOWN: usize = 8;

/// The proposal that another one answers, where both were understood.
fn answered<'a>(model: &'a Model, proposal: &Proposal) -> Option<&'a Proposal> {
    let found = model.proposals.get(proposal.answered()?)?;
    (!found.head.poisoned && !proposal.head.poisoned).then_some(found)
}

/// No proposal answers itself, directly or over others.
pub(super) fn circles(model: &Model) -> Vec<Diagnostic> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for start in &model.proposals {
        let mut way: BTreeSet<&str> = BTreeSet::new();
        let mut at = Some(start);
        // Each proposal is gone through once, however many ways lead to it.
        while let Some(one) = at.filter(|one| !seen.contains(one.head.name.as_str())) {
            let (name, of) = (one.head.name.as_str(), one.of.as_ref());
            let next = one.answered().and_then(|before| model.proposals.get(before));
            seen.insert(name);
            way.insert(name);
            if let (Some(next), Some(of)) = (next, of)
                && way.contains(next.head.name.as_str())
            {
                let message = format!("the proposal `{}` answers itself", next.head.name);
                let finding = Diagnostic::new(codes::CIRCULAR_DEFINITION, of.span, message)
                    .help("name the clause that is negotiated in the head of the first proposal");
                found.push(match next.head.name == name {
                    true => finding.primary("this is the proposal itself"),
                    false => finding
                        .primary("leads back to it")
                        .label(next.head.name_span, "it is an answer to answers of itself"),
                });
            }
            at = next;
        }
    }
    found
}

/// A proposal is answered as a whole, and not one option of it.
pub(super) fn parts(model: &Model) -> Vec<Diagnostic> {
    let of = model.proposals.iter().filter_map(|one| Some((one.of.as_ref()?, answered(model, one)?)));
    let partly = of.filter(|(of, answered)| of.value != answered.head.id);
    partly
        .map(|(of, answered)| {
            let name = &answered.head.name;
            Diagnostic::new(codes::WRONG_ARGUMENT, of.span, "an answer is to a proposal as a whole")
                .primary("this is one option of it")
                .help(format!("write `of {name}`, and say in `change` which option it starts from"))
        })
        .collect()
}

/// The time for an answer is counted in days, from the day on which the proposal was raised.
pub(super) fn deadlines(model: &Model) -> Vec<Diagnostic> {
    let all = model.proposals.iter().filter_map(|one| one.within.as_ref());
    all.filter_map(|within| {
        let (message, help) = match (&within.amount, &within.of) {
            (Amount::Elapsed(_), _) => (
                "the time for an answer is not counted in days",
                "a proposal is raised on a day and not at an hour: write for example `within 14 days`",
            ),
            (_, Some(_)) => (
                "the time for an answer is counted from the day on which the proposal was raised, and from no other",
                "leave out what stands after `of`",
            ),
            _ => return None,
        };
        Some(Diagnostic::new(codes::WRONG_ARGUMENT, within.span, message).help(help))
    })
    .collect()
}

/// An answer comes from a side that the proposal was made to, and is made to everyone else who takes part.
pub(super) fn answers(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for negotiation in model.negotiations(None) {
        let rounds: BTreeMap<&str, &Round<'_>> =
            negotiation.rounds.iter().map(|round| (round.proposal.head.name.as_str(), round)).collect();
        for round in &negotiation.rounds {
            let before = answered(model, round.proposal).and_then(|before| rounds.get(before.head.name.as_str()));
            found.extend(before.and_then(|before| wrong_answer(round, before).or_else(|| left_out(round, before))));
        }
    }
    found
}

fn wrong_answer(round: &Round<'_>, before: &Round<'_>) -> Option<Diagnostic> {
    let (one, answered) = (round.proposal, before.proposal);
    let by = one.between.by.as_ref()?;
    let (name, other) = (&one.head.name, &answered.head.name);
    if name == other {
        return None;
    }
    let maker = answered.between.by.as_ref();
    let finding = |message: String| Diagnostic::new(codes::WRONG_SIDE, by.span, message);
    if let Some(maker) = maker.filter(|maker| maker.party == by.party) {
        let message = format!("`{name}` answers `{other}`, and `{}` made both", by.party);
        return Some(
            finding(message)
                .primary("the same side")
                .label(maker.span, format!("made `{other}`"))
                .help("an answer is the other side's; a side that thinks better of it takes its own back with `outcome withdrawn …`, and makes another proposal of the clause"),
        );
    }
    let asked = outsider(before, by)?;
    let message = format!("`{name}` answers `{other}`, which was not made to `{}`", by.party);
    Some(
        finding(message)
            .primary("not asked")
            .label(place(before, &asked), format!("`{other}` was made to {}", names(&asked)))
            .help("only a side that a proposal was made to answers it"),
    )
}

/// An answer that is not made to somebody who takes part would be agreed without them.
fn left_out(round: &Round<'_>, before: &Round<'_>) -> Option<Diagnostic> {
    let between = &round.proposal.between;
    let (first, by) = (between.to.first()?, between.by.as_ref()?);
    let told: BTreeSet<&str> = between.to.iter().chain([by]).map(|party| party.party.as_str()).collect();
    let mut taking_part: Vec<PartyRef> = before.proposal.between.by.iter().cloned().chain(before.asked()).collect();
    taking_part.retain(|party| !told.contains(party.party.as_str()));
    let missing = taking_part.first()?;
    let (name, other) = (&round.proposal.head.name, &before.proposal.head.name);
    let message = format!("`{name}` answers `{other}`, and is not made to {}", names(&taking_part));
    Some(
        Diagnostic::new(codes::WRONG_SIDE, first.span, message)
            .primary("not to all who take part")
            .label(missing.span, format!("`{}` takes part in `{other}`", missing.party))
            .help("leave `to …` out: an answer is made to everyone else who takes part"),
    )
}

/// Those who were asked, if there are any and this party is none of them.
fn outsider(round: &Round<'_>, by: &PartyRef) -> Option<Vec<PartyRef>> {
    let asked = round.asked();
    (!asked.is_empty() && asked.iter().all(|one| one.party != by.party)).then_some(asked)
}

/// Where it is said who was asked: by name, else by who made it.
fn place(round: &Round<'_>, asked: &[PartyRef]) -> Span {
    let between = &round.proposal.between;
    let named = between.to.first().or(between.by.as_ref()).or(asked.first());
    named.map_or(round.proposal.head.name_span, |party| party.span)
}

/// Parties in a message: `clinic`, `insurer`.
pub(super) fn names(parties: &[PartyRef]) -> String {
    let mut all: Vec<String> = parties.iter().take(SHOWN).map(|party| format!("`{}`", party.party)).collect();
    if parties.len() > SHOWN {
        all.push(format!("{} more", parties.len() - SHOWN));
    }
    match all.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => all.concat(),
    }
}

/// A party is asked once, and decides once with others, whichever of its contacts are named.
pub(super) fn named_twice(model: &Model) -> Vec<Diagnostic> {
    let of_proposal = |one: &Proposal| -> Vec<Diagnostic> {
        let name = &one.head.name;
        let asked = twice(&one.between.to, |party| format!("`{name}` is made to `{party}` twice"));
        let outcomes = one.outcomes.iter();
        let decided = outcomes.filter_map(|end| twice(&end.by, |party| format!("`{party}` decides `{name}` twice")));
        asked.into_iter().chain(decided).collect()
    };
    model.proposals.iter().filter(|one| !one.head.poisoned).flat_map(of_proposal).collect()
}

/// The finding that a list names a party a second time.
fn twice(parties: &[PartyRef], message: impl Fn(&str) -> String) -> Option<Diagnostic> {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let (again, before) = parties.iter().find_map(|party| Some((party, first.insert(&party.party, party.span)?)))?;
    let finding = Diagnostic::new(codes::REPEATED_STATEMENT, again.span, message(&again.party));
    Some(
        finding.primary("the second time").label(before, "the first time").help("name it once, or one of its contacts"),
    )
}

/// A proposal is made to others: nobody agrees with itself.
pub(super) fn to_itself(model: &Model) -> Vec<Diagnostic> {
    let all = model.proposals.iter().filter(|one| !one.head.poisoned);
    all.filter_map(|one| {
        let (maker, to) = (one.between.by.as_ref()?, &one.between.to);
        let own = to.iter().find(|party| party.party == maker.party)?;
        let (name, party) = (&one.head.name, &maker.party);
        let (message, help) = match to.iter().all(|other| other.party == maker.party) {
            true => (
                format!("nobody is asked: `{name}` is made by `{party}` to itself"),
                "name those who have to agree, or leave `to …` out: then it is the other side",
            ),
            false => (
                format!("`{name}` is made by `{party}` to others and to itself"),
                "leave it out: who makes a proposal agrees to it by that",
            ),
        };
        let finding = Diagnostic::new(codes::WRONG_SIDE, own.span, message);
        Some(finding.primary("the same side").label(maker.span, "made it").help(help))
    })
    .collect()
}

/// A proposal is accepted or declined by the other side, and taken back by its own.
pub(super) fn decisions(model: &Model) -> Vec<Diagnostic> {
    let negotiations = model.negotiations(None);
    let rounds = negotiations.iter().flat_map(|one| &one.rounds).filter(|round| !round.proposal.head.poisoned);
    rounds.flat_map(|round| round.outcomes.iter().flat_map(|outcome| decision(round, outcome))).collect()
}

fn decision(round: &Round<'_>, outcome: &Outcome) -> Vec<Diagnostic> {
    let Some(maker) = round.proposal.between.by.as_ref() else { return Vec::new() };
    let name = &round.proposal.head.name;
    if outcome.by.is_empty() && outcome.verdict == Verdict::Accepted && nobody_is_asked(round) {
        let message = format!("nobody is named who accepted `{name}`");
        return vec![
            Diagnostic::new(codes::WRONG_SIDE, outcome.span, message)
                .primary("by whom?")
                .label(maker.span, format!("`{}` made it", maker.party))
                .help("name the other side: `by … to …`, or in the outcome: `outcome accepted 2027-02-01 by …`"),
        ];
    }
    outcome.by.iter().filter_map(|by| decided_by(round, outcome, maker, by)).collect()
}

/// Whether it is not said who was asked. Of a proposal to its own maker it is said, and told as such.
fn nobody_is_asked(round: &Round<'_>) -> bool {
    round.asked().is_empty() && round.proposal.between.to.is_empty()
}

/// What is wrong with one of those who decided a proposal.
fn decided_by(round: &Round<'_>, outcome: &Outcome, maker: &PartyRef, by: &PartyRef) -> Option<Diagnostic> {
    let (name, verdict) = (&round.proposal.head.name, outcome.verdict.as_str());
    let made = format!("`{}` made it", maker.party);
    let finding = |message: String| Diagnostic::new(codes::WRONG_SIDE, by.span, message).label(maker.span, &made);
    match (outcome.verdict, by.party == maker.party) {
        (Verdict::Withdrawn, true) => None,
        (Verdict::Withdrawn, false) => Some(
            finding(format!("`{name}` is taken back by `{}`, which did not make it", by.party))
                .primary("the other side")
                .help("the other side declines: `outcome declined …`"),
        ),
        (_, true) => Some(
            finding(format!("`{name}` is {verdict} by `{}`, which made it", by.party))
                .primary("the same side")
                .help("the other side accepts or declines; who made it can only take it back: `outcome withdrawn …`"),
        ),
        (_, false) => outsider(round, by).map(|asked| {
            let message = format!("`{name}` is {verdict} by `{}`, to which it was not made", by.party);
            Diagnostic::new(codes::WRONG_SIDE, by.span, message)
                .primary("not asked")
                .label(place(round, &asked), format!("made to {}", names(&asked)))
                .help("only a side that a proposal was made to decides it")
        }),
    }
}

/// Each of those who decide a proposal does so once.
pub(super) fn decided_twice(model: &Model) -> Vec<Diagnostic> {
    let negotiations = model.negotiations(None);
    let rounds = negotiations.iter().flat_map(|one| &one.rounds).filter(|round| !round.proposal.head.poisoned);
    rounds.flat_map(second_decisions).collect()
}

fn second_decisions(round: &Round<'_>) -> Vec<Diagnostic> {
    let name = &round.proposal.head.name;
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut found = Vec::new();
    for outcome in &round.proposal.outcomes {
        let mut deciders: Vec<Option<String>> = round.deciders(outcome).into_iter().map(|by| Some(by.party)).collect();
        if deciders.is_empty() {
            deciders.push(None);
        }
        let known = |by: &Option<String>| first.get(by.as_deref().unwrap_or_default()).copied();
        let twice = deciders.iter().find_map(|by| Some((by, known(by)?)));
        if let Some((by, before)) = twice {
            let message = match by {
                Some(by) => format!("`{by}` decides `{name}` twice"),
                None => format!("`{name}` is decided twice"),
            };
            found.push(
                Diagnostic::new(codes::REPEATED_STATEMENT, outcome.span, message)
                    .primary("the second time")
                    .label(before, "the first time")
                    .help(
                        "keep one of them, or say in each who decided on that day: `outcome accepted 2027-02-01 by …`",
                    ),
            );
        }
        for by in deciders {
            first.entry(by.unwrap_or_default()).or_insert(outcome.span);
        }
    }
    found
}

/// Whoever accepts a proposal with options says which.
pub(super) fn choices(model: &Model) -> Vec<Diagnostic> {
    let all = model.proposals.iter().filter(|one| !one.head.poisoned);
    all.flat_map(|one| one.outcomes.iter().map(move |outcome| (one, outcome)))
        .filter_map(|(one, outcome)| {
            let name = &one.head.name;
            match (outcome.verdict, &outcome.option) {
                (Verdict::Accepted, None) => {
                    let first = one.options.first()?;
                    let message = format!("`{name}` was accepted, and not which of its options");
                    Some(
                        Diagnostic::new(codes::OPEN_CHOICE, outcome.span, message)
                            .primary("which one?")
                            .label(first.span, "the options begin here")
                            .help(format!(
                                "name one after the date, `outcome accepted {} option {}`: {}",
                                outcome.date,
                                first.name,
                                listed(&one.options)
                            )),
                    )
                }
                (Verdict::Accepted, Some(_)) | (_, None) => None,
                (verdict, Some(option)) => {
                    let message = format!("`{name}` was {}, so that no option of it is taken", verdict.as_str());
                    Some(
                        Diagnostic::new(codes::WRONG_ARGUMENT, option.span, message)
                            .primary("not taken")
                            .help("leave the option out; a proposal of less is an answer of its own"),
                    )
                }
            }
        })
        .collect()
}

/// Options with what they offer: `a` (A target of 99.95%), `b` (A lower fee).
fn listed(options: &[Head]) -> String {
    let one = |head: &Head| match &head.title {
        Some(title) => format!("`{}` ({title})", head.name),
        None => format!("`{}`", head.name),
    };
    let mut all: Vec<String> = options.iter().take(SHOWN).map(one).collect();
    if options.len() > SHOWN {
        all.push(format!("and {} more", options.len() - SHOWN));
    }
    all.join(", ")
}
