//! The status for programs. Its members are described in `docs/negotiation.md`.

use super::{Agreement, Counts, Point, Status};
use crate::model::{Head, Model, Outcome, PartyRef, Round};
use serde_json::{Value as Json, json};

/// The status as JSON. Every member is always there; what is not said is null or an empty list.
#[must_use]
pub fn json(status: &Status<'_>) -> String {
    let not_shown = status.not_shown.iter().map(|(file, errors)| json!({ "file": file, "errors": errors }));
    let whole = json!({
        "as_of": status.as_of.map(|day| day.to_string()),
        "agreements": status.agreements.iter().map(|one| agreement(one, status)).collect::<Vec<Json>>(),
        "not_shown": not_shown.collect::<Vec<Json>>(),
        "counts": counts(status.counts(), status),
    });
    format!("{whole:#}\n")
}

fn agreement(one: &Agreement<'_>, status: &Status<'_>) -> Json {
    let agreement = &one.model.agreement;
    json!({
        "file": one.file,
        "agreement": agreement.head.name,
        "title": agreement.head.title,
        "version": agreement.version.as_ref().map(|version| version.value.as_str()),
        "status": agreement.status.as_ref().map(|status| status.value.as_str()),
        "draft": one.is_draft(),
        "points": one.points.iter().map(|it| point(one.model, it)).collect::<Vec<Json>>(),
        "counts": counts(one.counts(), status),
    })
}

fn point(model: &Model, point: &Point<'_>) -> Json {
    let of = point.negotiation.clause().map(|id| json!({ "id": id, "title": point.clause }));
    json!({
        "standing": point.last.standing.as_str(),
        "clause": of,
        "proposal": point.last.proposal.head.name,
        "to_move": point.to_move.iter().map(party).collect::<Vec<Json>>(),
        "until": point.until.map(|day| day.to_string()),
        "overdue": point.overdue,
        "rounds": point.negotiation.rounds.iter().map(|it| round(model, it)).collect::<Vec<Json>>(),
    })
}

fn round(model: &Model, round: &Round<'_>) -> Json {
    let it = round.proposal;
    let outcome = |outcome: &&Outcome| {
        json!({
            "verdict": outcome.verdict.as_str(),
            "date": outcome.date.to_string(),
            "option": outcome.option.as_ref().map(|option| option.value.as_str()),
            "by": round.deciders(outcome).iter().map(party).collect::<Vec<Json>>(),
            "reason": outcome.reason,
        })
    };
    json!({
        "id": it.head.id,
        "name": it.head.name,
        "title": it.head.title,
        "answers": round.answers.map(|answered| answered.head.name.as_str()),
        "standing": round.standing.as_str(),
        "by": it.between.by.as_ref().map(party),
        "to": round.asked().iter().map(party).collect::<Vec<Json>>(),
        "raised": it.raised.as_ref().map(|raised| raised.value.to_string()),
        "change": it.change.as_ref().map(|change| change.value.as_str()),
        "options": it.options.iter().map(option).collect::<Vec<Json>>(),
        "answer_until": model.answer_until(it).map(|day| day.to_string()),
        "outcomes": round.outcomes.iter().map(outcome).collect::<Vec<Json>>(),
    })
}

fn option(head: &Head) -> Json {
    json!({ "id": head.id, "name": head.name, "title": head.title })
}

fn party(party: &PartyRef) -> Json {
    json!({ "party": party.party, "contact": party.contact })
}

/// Without a day nothing is known to be overdue, and that is not to be read as nothing.
fn counts(counts: Counts, status: &Status<'_>) -> Json {
    json!({
        "open": counts.open,
        "overdue": status.as_of.map(|_| counts.overdue),
        "agreed": counts.agreed,
        "declined": counts.declined,
        "withdrawn": counts.withdrawn,
    })
}
