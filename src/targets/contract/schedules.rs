//! Schedules: fees, calendars and holidays, suppliers, proposals, earlier versions.

use super::levels::{capital, one as level};
use super::markdown::{Document, Md, bold, code};
use super::{by_supplier, is_supplier, risk, services};
use crate::model::{CalendarRule, Model, Proposal, Verdict};
use crate::values::Holidays;
use crate::wording::{date, expr, label, parties, party, plain, sentence, window_each};

/// Writes the fees.
pub fn fees(model: &Model, document: &mut Document) {
    if model.fees.is_empty() {
        return;
    }
    document.schedule("Fees");
    let rows: Vec<Vec<Md>> = model
        .fees
        .iter()
        .map(|fee| {
            let of = fee.of.as_ref().map(|of| {
                let service = model.services.get(&of.value).map(|one| label(&one.head));
                service
                    .or_else(|| model.supports.get(&of.value).map(|one| label(&one.head)))
                    .unwrap_or_else(|| plain(&of.value))
            });
            let per = fee.per.as_ref().map_or_else(|| "–".to_owned(), |per| capital(&window_each(per)));
            vec![
                Md::from(label(&fee.head)),
                Md::from(of.unwrap_or_else(|| "–".to_owned())),
                Md::from(capital(&expr(model, &fee.amount))),
                Md::from(per),
                code(&fee.head.id),
            ]
        })
        .collect();
    document.clause("These fees are the base of service credits and caps:", "");
    document.table(&["Fee", "For", "Amount", "Period", "Clause"], &rows);
}

/// Writes the dates of holidays and of calendars.
pub fn calendars(model: &Model, document: &mut Document) {
    let own: Vec<_> = model
        .calendars
        .iter()
        .filter_map(|calendar| match &calendar.rule {
            CalendarRule::Hours { own, .. } if !own.is_empty() => Some((&calendar.head, own)),
            _ => None,
        })
        .collect();
    if model.holidays.is_empty() && own.is_empty() {
        return;
    }
    document.schedule("Calendars and holidays");
    for set in &model.holidays {
        document.topic(&label(&set.head), &set.head.id);
        document.sub("These dates are holidays:", "");
        dates(&set.days, document);
    }
    for (head, days) in own {
        document.topic(&label(head), &format!("{}.closed", head.id));
        document
            .sub(format!("On these dates there are no {} either:", crate::wording::lowered(model, &label(head))), "");
        dates(days, document);
    }
}

fn dates(days: &Holidays, document: &mut Document) {
    let row =
        |when: String, title: Option<&str>| vec![Md::from(when), Md::from(title.map_or_else(|| "–".to_owned(), plain))];
    let mut rows: Vec<Vec<Md>> =
        days.yearly().map(|(day, title)| row(format!("{} of every year", day.words()), title)).collect();
    rows.extend(days.dates().map(|(day, title)| row(date(day), title)));
    document.table(&["Date", "Occasion"], &rows);
}

/// Writes what suppliers promise to the provider.
pub fn suppliers(model: &Model, document: &mut Document) {
    let provided: Vec<_> = model.services.iter().filter(|one| is_supplier(model, one.between.by.as_ref())).collect();
    let levels: Vec<_> = model.commitments.iter().filter(|one| by_supplier(model, one.of.as_ref())).collect();
    let recoveries: Vec<_> =
        model.recoveries.iter().filter(|one| is_supplier(model, one.between.by.as_ref())).collect();
    if provided.is_empty() && levels.is_empty() && recoveries.is_empty() {
        return;
    }
    document.schedule("Suppliers (for information)");
    document.clause("What stands in this schedule is owed by suppliers to the provider. It is stated for information and is not owed to the customer.", "");
    provided.into_iter().for_each(|service| services::one(model, service, document));
    levels.into_iter().for_each(|commitment| level(model, commitment, document));
    recoveries.into_iter().for_each(|recovery| risk::recover(model, recovery, document));
}

/// Writes the open points, and the proposals that have been decided.
pub fn proposals(model: &Model, document: &mut Document) {
    let (open, closed): (Vec<&Proposal>, Vec<&Proposal>) =
        model.proposals.iter().partition(|one| one.outcome.is_none());
    if !open.is_empty() {
        document.schedule("Open points");
        document.clause(
            "These proposals have not been decided. This agreement cannot come into force before they are.",
            "",
        );
        open.into_iter().for_each(|one| proposal(model, one, document));
    }
    if !closed.is_empty() {
        document.schedule("Record of negotiation");
        document.clause("These proposals have been decided. They are recorded for information; the terms of this agreement already reflect the decisions.", "");
        closed.into_iter().for_each(|one| proposal(model, one, document));
    }
}

fn proposal(model: &Model, proposal: &Proposal, document: &mut Document) {
    document.topic(&label(&proposal.head), &proposal.head.id);
    let by = proposal.between.by.as_ref().map_or_else(|| "A party".to_owned(), |by| party(model, by));
    let to = if proposal.between.to.is_empty() {
        String::new()
    } else {
        format!(" to {}", parties(model, &proposal.between.to))
    };
    let raised = proposal.raised.as_ref().map(|raised| format!(" on {}", date(raised.value))).unwrap_or_default();
    let change = proposal.change.as_ref().map(|change| format!(": {}", sentence(&change.value)));
    let text = Md::from(format!("{by} proposed this change{to}{raised}{}", change.unwrap_or_else(|| ".".to_owned())));
    match &proposal.of {
        Some(of) => document.sub(text.and("It concerns the clause").and(code(&of.value)).and("of this agreement."), ""),
        None => document.sub(text, ""),
    }
    let Some(outcome) = &proposal.outcome else {
        document.sub(bold("Not yet decided."), "");
        return;
    };
    let verdict = match outcome.verdict {
        Verdict::Accepted => "accepted",
        Verdict::Declined => "declined",
        Verdict::Withdrawn => "withdrawn",
    };
    let reason = outcome.reason.as_ref().map(|reason| format!(" Reason: {}", sentence(reason))).unwrap_or_default();
    document.sub(format!("The proposal was {verdict} on {}.{reason}", date(outcome.date)), "");
}

/// Writes the earlier versions.
pub fn editions(model: &Model, document: &mut Document) {
    let history = &model.agreement.history;
    if history.is_empty() {
        return;
    }
    document.schedule("Earlier versions");
    document.clause("This version replaces these earlier ones:", "");
    let rows: Vec<Vec<Md>> = history
        .iter()
        .map(|one| {
            let note = one.note.as_deref().map_or_else(|| "–".to_owned(), plain);
            vec![Md::from(plain(&one.version)), Md::from(date(one.date)), Md::from(note)]
        })
        .collect();
    document.table(&["Version", "Date", "Note"], &rows);
}
