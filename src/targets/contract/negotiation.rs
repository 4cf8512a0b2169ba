//! The open points, and the record of what was proposed, answered and decided.

use super::markdown::{Document, Md, bold, place_reference, prose, reference};
use crate::model::{Model, Negotiation, Outcome, PartyRef, Round, Standing, Titles, Verdict, without_options};
use crate::wording::{date, deadline, label, parties, party, plain, sentence};

/// The title of the schedule of open points.
pub const OPEN_POINTS: &str = "Open points";

/// Writes the open points, and the negotiations that have come to an end.
pub fn write(model: &Model, document: &mut Document) {
    let all = model.negotiations(None);
    let titles = model.titles();
    let (open, closed): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.open().next().is_some());
    if !open.is_empty() {
        document.schedule(OPEN_POINTS);
        document.clause(
            "These points have not been decided. This agreement cannot come into force before each of them is.",
            "",
        );
        document.clause("Silence is no acceptance: a proposal that is not answered in its time is neither accepted nor declined by that, and remains open until it is decided or taken back.", "");
        open.into_iter().for_each(|one| negotiation(model, &titles, one, document));
    }
    if !closed.is_empty() {
        document.schedule("Record of negotiation");
        document.clause("These proposals have been decided. They are recorded for information: this record shows what was negotiated, and the terms of this agreement are those of its clauses.", "");
        closed.into_iter().for_each(|one| negotiation(model, &titles, one, document));
    }
}

/// A negotiation below the title of the clause that it is about.
fn negotiation(model: &Model, titles: &Titles, negotiation: &Negotiation<'_>, document: &mut Document) {
    let Some(first) = negotiation.rounds.first() else { return };
    let title = negotiation.of.and_then(|of| titles.of(&of.value)).map(plain).filter(|title| !title.is_empty());
    document.topic(&title.unwrap_or_else(|| label(&first.proposal.head)), "");
    if let Some(of) = negotiation.of {
        let place = place_reference(&without_options(&of.value), model.has_variants(&of.value));
        document.sub(Md::from("This concerns").and(place).then("."), "");
    }
    for event in negotiation.events() {
        match event.outcome {
            None => round(model, event.round, document),
            Some(outcome) => document.sub(decision(model, negotiation, event.round, outcome), ""),
        }
    }
    for one in negotiation.open() {
        open(model, negotiation, one, document);
    }
    end(negotiation, document);
}

/// What was agreed in the end, where that is one of several proposals.
fn end(negotiation: &Negotiation<'_>, document: &mut Document) {
    let Some(last) = negotiation.last().filter(|_| negotiation.rounds.len() > 1) else { return };
    let text = match last.standing {
        Standing::Accepted => bold("Agreed").and("is").and(the_proposal(last)),
        Standing::Declined | Standing::Withdrawn => bold("Nothing was agreed"),
        Standing::Open | Standing::Countered => return,
    };
    let option = last.end().and_then(|outcome| last.proposal.chosen(outcome));
    let option = option.map(|option| Md::from(", with the option of clause").and(reference(&option.id)));
    document.sub(text.then(option.unwrap_or_default()).then("."), "");
}

/// "the proposal of clause C.3.2".
fn the_proposal(round: &Round<'_>) -> Md {
    Md::from("the proposal of clause").and(reference(&round.proposal.head.id))
}

/// Whose move it is, after all that has happened. Which proposal is open is said where others follow it.
fn open(model: &Model, negotiation: &Negotiation<'_>, round: &Round<'_>, document: &mut Document) {
    let id = &round.proposal.head.id;
    let start = match negotiation.rounds.last() {
        Some(last) if last.proposal.head.id != *id => {
            bold("Not yet decided").and("is").and(the_proposal(round)).then(".")
        }
        _ => bold("Not yet decided."),
    };
    document.sub(start.and(next(model, &round.pending())), "");
}

/// What was proposed, and what became of it.
fn round(model: &Model, round: &Round<'_>, document: &mut Document) {
    let proposal = round.proposal;
    let by = proposal.between.by.as_ref().map_or_else(|| "A party".to_owned(), |by| party(model, by));
    let on = proposal.raised.as_ref().map(|raised| format!(" on {}", date(raised.value))).unwrap_or_default();
    let addressed = round.asked();
    let to = if addressed.is_empty() { String::new() } else { format!(" to {}", parties(model, &addressed)) };
    let end = if proposal.change.is_some() { ":" } else { "." };
    let start = match round.answers {
        None => Md::from(format!("{by} made the proposal “{}”{to}{on}{end}", label(&proposal.head))),
        Some(answered) => Md::from(format!("{by} answered the proposal of clause"))
            .and(reference(&answered.head.id))
            .and(format!("{} with the counter-proposal “{}”{to}{end}", on.trim_start(), label(&proposal.head))),
    };
    let text = start.and(proposal.change.as_ref().map(|change| prose(&change.value)).unwrap_or_default());
    let offer =
        if proposal.options.is_empty() { "" } else { "The proposal offers the choice of one of these options:" };
    document.sub(text.and(due(model, round)).and(offer), &proposal.head.id);
    if !proposal.options.is_empty() {
        let rows = proposal.options.iter().map(|option| (vec![Md::from(label(option))], option.id.clone()));
        document.rows(&["Option"], rows.collect());
    }
}

/// Until when an answer is due.
fn due(model: &Model, round: &Round<'_>) -> Md {
    let Some(within) = &round.proposal.within else { return Md::default() };
    let is = if round.standing == Standing::Open { "is" } else { "was" };
    let end = model.answer_until(round.proposal).map(|day| format!(", by the end of {}", date(day)));
    let of = if round.proposal.raised.is_some() { " of that day" } else { "" };
    let text = format!("An answer {is} due {}{of}{}", deadline(model, within, None), end.unwrap_or_default());
    Md::from(sentence(&text))
}

fn next(model: &Model, pending: &[PartyRef]) -> String {
    match pending {
        [] => String::new(),
        asked => format!("The next move is with {}.", parties(model, asked)),
    }
}

/// What became of a proposal; which one is said where there are several.
fn decision(model: &Model, negotiation: &Negotiation<'_>, round: &Round<'_>, outcome: &Outcome) -> Md {
    let deciders = round.deciders(outcome);
    let who = (!deciders.is_empty()).then(|| Md::from(parties(model, &deciders)));
    let which = if negotiation.rounds.len() > 1 {
        Md::from("proposal of clause").and(reference(&round.proposal.head.id))
    } else {
        Md::from("proposal")
    };
    let (active, passive) = match outcome.verdict {
        Verdict::Accepted => ("accepted", "accepted"),
        Verdict::Declined => ("declined", "declined"),
        Verdict::Withdrawn => ("took back", "taken back"),
    };
    let text = match who {
        Some(who) => who.and(active).and("the").and(which),
        None => Md::from("The").and(which).and("was").and(passive),
    };
    let text = text.and(format!("on {}", date(outcome.date)));
    let text = match round.proposal.chosen(outcome) {
        Some(option) => text
            .then(", and chose the option of clause")
            .and(reference(&option.id))
            .then(format!(", “{}”.", label(option))),
        None => text.then("."),
    };
    text.and(outcome.reason.as_ref().map(|reason| Md::from("Reason:").and(prose(reason))).unwrap_or_default())
}
