//! Whether those between whom a clause is negotiated can agree on it: who owes what it says, and to whom it is owed.

use super::measures::signals_of;
use super::negotiation::names;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Between, Declared, Metric, Model, PartyRef, Proposal, Ref, Role, Round, Table};
use std::collections::BTreeSet;

/// A proposal is between those whose clause it is about: otherwise it would be agreed without them. An answer is made to
/// all who take part, so that the first proposal decides.
pub(super) fn of_clauses(model: &Model) -> Vec<Diagnostic> {
    let negotiations = model.negotiations(None);
    let firsts = negotiations.iter().filter_map(|one| one.rounds.first());
    let understood = firsts.filter(|first| !first.proposal.head.poisoned && first.proposal.of.is_some());
    understood.filter_map(|first| without(model, first)).collect()
}

/// What is told of a proposal in which a side of its clause takes no part.
fn without(model: &Model, first: &Round<'_>) -> Option<Diagnostic> {
    let (maker, asked) = (first.proposal.between.by.as_ref()?, first.asked());
    let takes_part: BTreeSet<&str> = asked.iter().chain([maker]).map(|one| one.party.as_str()).collect();
    let sides = sides(model, first.proposal);
    let is_absent = |side: &&Vec<PartyRef>| side.iter().all(|one| !takes_part.contains(one.party.as_str()));
    let absent = sides.iter().filter(|side| !side.is_empty() && !asked.is_empty()).find(is_absent)?;
    let name = &first.proposal.head.name;
    let take = if absent.len() == 1 { "takes no part" } else { "take no part" };
    let message = format!("what `{name}` would change is a matter of {}, who {take} in it", names(absent));
    let place = first.proposal.between.to.first().unwrap_or(maker).span;
    let finding = Diagnostic::new(codes::WRONG_SIDE, place, message).primary("cannot agree on it alone");
    Some(match asked_for(&sides, maker) {
        Some(to) => {
            let by = &maker.party;
            finding.help(format!("those whom it concerns agree on it: write for example `by {by} to {to}`"))
        }
        None => finding,
    })
}

/// To whom its maker proposes a change of what is between two sides: to the other one, or to both.
fn asked_for(sides: &[Vec<PartyRef>; 2], maker: &PartyRef) -> Option<String> {
    let is_without = |side: &&Vec<PartyRef>| side.iter().all(|one| one.party != maker.party);
    let firsts = sides.iter().filter(is_without).map(|side| Some(side.first()?.party.as_str()));
    let firsts = firsts.collect::<Option<Vec<&str>>>()?;
    (!firsts.is_empty()).then(|| firsts.join(", "))
}

/// Who owes what the clause of a proposal says, and to whom; the two sides of the agreement for a clause of nobody in
/// particular, such as a calendar.
fn sides(model: &Model, proposal: &Proposal) -> [Vec<PartyRef>; 2] {
    owed(model, proposal).unwrap_or_else(|| [Role::Provider, Role::Customer].map(|role| model.in_role(role).collect()))
}

fn owed(model: &Model, proposal: &Proposal) -> Option<[Vec<PartyRef>; 2]> {
    let kind = proposal.of.as_ref()?.value.split('.').next()?;
    let between = between(model, kind, proposal.subject()?)?;
    let by = between.by?;
    let mut to = between.to;
    to.retain(|party| party.party != by.party);
    if to.is_empty() {
        to = model.other_side(&by);
    }
    Some([vec![by], to])
}

/// Who a clause says does something, and for whom; else those of its service. What a party does at a service that another
/// one provides is not for those whom that one provides to.
fn between(model: &Model, kind: &str, name: &str) -> Option<Between> {
    let of = |of: &Option<Ref>| model.between(of.as_ref()).cloned();
    let own = |own: &Between, service: &Option<Ref>| {
        let service = of(service).unwrap_or_default();
        let is_its = |by: &PartyRef| service.by.as_ref().is_some_and(|its| its.party == by.party);
        let to = match own.by.as_ref().is_none_or(is_its) && own.to.is_empty() {
            true => service.to.clone(),
            false => own.to.clone(),
        };
        Some(Between { by: own.by.clone().or(service.by), to })
    };
    let alone = |between: &Between| own(between, &None);
    match kind {
        "service" => alone(&named(&model.services, name)?.between),
        "fee" => of(&named(&model.fees, name)?.of),
        "signal" => of(&named(&model.signals, name)?.of),
        "metric" => supplied(model, named(&model.metrics, name)?),
        "commitment" => of(&named(&model.commitments, name)?.of),
        "support" => named(&model.supports, name).and_then(|one| own(&one.between, &one.of)),
        "recovery" => named(&model.recoveries, name).and_then(|one| own(&one.between, &one.of)),
        "maintenance" => named(&model.maintenances, name).and_then(|one| own(&one.between, &one.of)),
        "duty" => alone(&named(&model.duties, name)?.between),
        "report" => alone(&named(&model.reports, name)?.between),
        "meeting" => alone(&named(&model.meetings, name)?.between),
        "notice" => alone(&named(&model.notices, name)?.between),
        "review" => alone(&named(&model.reviews, name)?.between),
        "records" => alone(&named(&model.records, name)?.between),
        "audit" => alone(&named(&model.audits, name)?.between),
        _ => None,
    }
}

/// Those of the service that a metric is measured at, where it is a supplier's.
fn supplied(model: &Model, metric: &Metric) -> Option<Between> {
    let signals = signals_of(model, &metric.value)?;
    let mut services = signals.iter().map(|name| model.signals.get(name).and_then(|signal| signal.of.as_ref()));
    let first = services.next()?;
    let is_supplied = |of: Option<&Ref>| of.is_some() && model.is_supplied(of);
    (is_supplied(first) && services.all(is_supplied)).then(|| model.between(first).cloned())?
}

/// The first declaration of this name, whatever options it is for.
fn named<'a, T: Declared>(table: &'a Table<T>, name: &str) -> Option<&'a T> {
    table.iter().find(|one| one.head().family == name)
}
