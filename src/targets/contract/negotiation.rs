//! The open points, and the record of what was proposed, answered and decided.

use super::markdown::{Document, Md, bold, prose, reference};
use crate::model::{Model, Negotiation, Outcome, PartyRef, Round, Standing, Titles, Verdict};
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
        let end = if model.has_variants(&of.value) { ", in all its variants." } else { "." };
        document.sub(Md::from("This concerns clause").and(reference(&of.value)).then(end), "");
    }
    for one in &negotiation.rounds {
        round(model, one, document);
    }
    for one in negotiation.open() {
        open(model, negotiation, one, document);
    }
}

/// Whose move it is, after all that has happened. Which proposal is open is said where others follow it.
fn open(model: &Model, negotiation: &Negotiation<'_>, round: &Round<'_>, document: &mut Document) {
    let id = &round.proposal.head.id;
    let start = match negotiation.rounds.last() {
        Some(last) if last.proposal.head.id != *id => {
            bold("Not yet decided").and("is the proposal of clause").and(reference(id)).then(".")
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
        Some(answered) => Md::from(format!("{by} answered clause")).and(reference(&answered.head.id)).and(format!(
            "{} with the counter-proposal “{}”{to}{end}",
            on.trim_start(),
            label(&proposal.head)
        )),
    };
    let text = start.and(proposal.change.as_ref().map(|change| prose(&change.value)).unwrap_or_default());
    let offer = if proposal.options.is_empty() { "" } else { "It offers the choice of one of these options:" };
    document.sub(text.and(due(model, round)).and(offer), &proposal.head.id);
    if !proposal.options.is_empty() {
        let rows = proposal.options.iter().map(|option| (vec![Md::from(label(option))], option.id.clone()));
        document.rows(&["Option"], rows.collect());
    }
    for outcome in &round.outcomes {
        document.sub(decision(model, round, outcome), "");
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

fn decision(model: &Model, round: &Round<'_>, outcome: &Outcome) -> Md {
    let on = date(outcome.date);
    let deciders = round.deciders(outcome);
    let who = (!deciders.is_empty()).then(|| parties(model, &deciders));
    let text = match (outcome.verdict, who) {
        (Verdict::Accepted, Some(who)) => format!("{who} accepted the proposal on {on}"),
        (Verdict::Accepted, None) => format!("The proposal was accepted on {on}"),
        (Verdict::Declined, Some(who)) => format!("{who} declined the proposal on {on}"),
        (Verdict::Declined, None) => format!("The proposal was declined on {on}"),
        (Verdict::Withdrawn, Some(who)) => format!("{who} took the proposal back on {on}"),
        (Verdict::Withdrawn, None) => format!("The proposal was taken back on {on}"),
    };
    let text = match round.proposal.chosen(outcome) {
        Some(option) => Md::from(format!("{text}, and chose the option of clause"))
            .and(reference(&option.id))
            .then(format!(", “{}”.", label(option))),
        None => Md::from(sentence(&text)),
    };
    text.and(outcome.reason.as_ref().map(|reason| Md::from("Reason:").and(prose(reason))).unwrap_or_default())
}
