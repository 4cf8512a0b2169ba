//! Support desks with their priorities, and escalation ladders.

use super::levels::capital;
use super::markdown::{Document, Md, bold, prose, reference};
use super::variants::{each, same_family};
use crate::model::{CalendarRef, Deadline, Escalation, Every, Head, Model, PauseSpan, Priority, Reclassify, Support};
use crate::values::{Amount, PeriodUnit};
use crate::wording::{
    amount, calendar, clause, condition, deadline, debtor, label, listed, parties, party, plain, recurrence, sentence,
    signal, titles_once,
};

/// Writes support and escalation, as far as they are owed to the customer.
pub fn write(model: &Model, document: &mut Document) {
    let supports: Vec<&Support> = model.supports.iter().filter(|one| !model.is_suppliers_desk(one)).collect();
    if !supports.is_empty() {
        document.section("Support");
        each(model, &supports, |model| &model.supports, one, document);
    }
    let escalations: Vec<&Escalation> = model.escalations.iter().filter(|one| !model.escalates_supplier(one)).collect();
    if !escalations.is_empty() {
        document.section("Escalation");
        each(model, &escalations, |model| &model.escalations, escalation, document);
    }
}

/// One escalation ladder.
pub fn escalation(model: &Model, escalation: &Escalation, document: &mut Document) {
    document.topic(&label(&escalation.head), &escalation.head.id);
    let start = match &escalation.when {
        Some(when) => format!(
            "This escalation starts as soon as {}, and ends when that is no longer the case.",
            condition(model, when)
        ),
        None => "This escalation starts when a party calls for it.".to_owned(),
    };
    let who = model.escalates(escalation).map_or_else(|| debtor(model, None), |by| party(model, &by));
    document.about("steps").sub(format!("{start} {who} shall notify the people in this table at the times in it, unless the escalation has ended before."), "");
    let row = |step: &crate::model::EscalationStep| {
        let after = if step.after.is_zero() {
            format!("At once ({})", amount(&step.after))
        } else {
            format!("After {}", amount(&step.after))
        };
        (vec![Md::from(after), Md::from(parties(model, &step.notify))], step.id.clone())
    };
    document.rows(&["Time since the start", "Notified"], escalation.steps.iter().map(row).collect());
}

/// One support.
pub fn one(model: &Model, support: &Support, document: &mut Document) {
    let title = label(&support.head);
    document.topic(&title, &support.head.id);
    let of = support.of.as_ref().and_then(|of| model.services.get(&of.value));
    let of = of.map(|service| format!(" for the service “{}”", label(&service.head))).unwrap_or_default();
    let to = if support.between.to.is_empty() {
        String::new()
    } else {
        format!(" to {}", parties(model, &support.between.to))
    };
    let verb = if model.is_supplier(support.between.by.as_ref()) { "provides" } else { "shall provide" };
    let who = support.between.by.as_ref().map_or_else(|| "The provider".to_owned(), |by| party(model, by));
    document.about("desk").sub(sentence(&format!("{who} {verb} the “{title}”{of}{to}")), "");
    let hours = match support.hours(None) {
        CalendarRef::Always => "around the clock".to_owned(),
        named => format!("in {}", calendar(model, named)),
    };
    document.about("hours").sub(format!("It is open {hours}, unless a line below says otherwise."), "");
    if let Some(cases) = &support.cases {
        document
            .about("cases")
            .sub(format!("Its cases are the {} as defined in this agreement.", signal(model, &cases.value)), "");
    }
    channels(model, support, document);
    priorities(model, support, document);
    clocks(model, support, document);
}

fn channels(model: &Model, support: &Support, document: &mut Document) {
    if support.channels.is_empty() {
        return;
    }
    document.about("channels").sub("It is reached through these channels:", "");
    let rows: Vec<(Vec<Md>, String)> = support
        .channels
        .iter()
        .map(|channel| {
            let address = channel.head.title.as_deref().map_or_else(|| "–".to_owned(), plain);
            let name = capital(&super::governance::channel(&channel.head.name));
            let hours = capital(&calendar(model, support.hours(channel.calendar.as_ref())));
            (vec![Md::from(name), Md::from(address), Md::from(hours)], channel.head.id.clone())
        })
        .collect();
    document.rows(&["Channel", "Address", "Hours"], rows);
}

/// A column of the table of priorities: its title, for which priorities it has something, and its cell.
type Column<'a> = (&'a str, fn(&Priority) -> bool, &'a dyn Fn(&Priority) -> Md);

fn priorities(model: &Model, support: &Support, document: &mut Document) {
    if support.priorities.is_empty() {
        return;
    }
    let who = support.between.by.as_ref().map_or_else(|| "The provider".to_owned(), |by| party(model, by));
    // The tables of all options of a desk are told together.
    let desks: Vec<&Support> = model.supports.iter().filter(|one| one.head.family == support.head.family).collect();
    let describe = |priority: &Priority| {
        Md::from(priority.when.as_ref().map_or_else(|| "–".to_owned(), |when| description(model, when)))
    };
    let owed = owed(model, support, &who);
    let is_apart = desks.iter().any(|desk| desk.priorities.len() > 1) && desks.len() > 1;
    if is_apart {
        // What each priority is about stands apart: it would be said again for each option.
        let order = "The priorities stand in falling order. Of those that hold for a case, it has the first whose description fits it:";
        document.about("priorities").sub(order, "");
        let row = |priority: &Priority| vec![bold(&label(&priority.head)), describe(priority)];
        document.table(&["Priority", "Description"], &support.priorities.iter().map(row).collect::<Vec<_>>());
        document.about("times").sub(owed, "");
    } else {
        let order = match support.priorities.len() {
            1 => "",
            _ => "The priorities stand in falling order. A case has the first of them whose description fits it.",
        };
        document.sub(Md::from(order).and(owed), "");
    }
    let update = |priority: &Priority| match &priority.update {
        Some(every) => Md::from(capital(&recurrence(model, every, Some(support.hours(every.calendar.as_ref()))))),
        None => Md::from("–"),
    };
    let promised = |due: &Option<Deadline>| time(model, support, due.as_ref());
    let columns: [Column<'_>; 4] = [
        ("Response", |one| one.respond.is_some(), &|one| promised(&one.respond)),
        ("Updates", |one| one.update.is_some(), &update),
        ("Workaround", |one| one.work_around.is_some(), &|one| promised(&one.work_around)),
        ("Resolution", |one| one.resolve.is_some(), &|one| promised(&one.resolve)),
    ];
    // A column is there if any option of the desk has something in it.
    let any = |has: fn(&Priority) -> bool| desks.iter().any(|desk| desk.priorities.iter().any(has));
    let columns: Vec<_> = columns.into_iter().filter(|(_, has, _)| any(*has)).collect();
    let own: &[&str] = if is_apart { &["Priority"] } else { &["Priority", "Description"] };
    let header: Vec<&str> = own.iter().copied().chain(columns.iter().map(|one| one.0)).collect();
    let row = |priority: &Priority| {
        let cells = [bold(&label(&priority.head)), describe(priority)].into_iter().take(own.len());
        (cells.chain(columns.iter().map(|(_, _, cell)| cell(priority))).collect(), priority.head.id.clone())
    };
    let rows = support.priorities.iter().map(row).collect();
    document.rows(&header, rows);
    working_days(model, support, document);
}

/// What is owed of the times in the table: each of them, but for those of which service levels promise a share.
fn owed(model: &Model, support: &Support, who: &str) -> Md {
    let has = |promised: fn(&Priority) -> bool| support.priorities.iter().any(promised);
    let times = [
        ("responded", has(|one| one.respond.is_some())),
        ("worked_around", has(|one| one.work_around.is_some())),
        ("resolved", has(|one| one.resolve.is_some())),
    ];
    let judging = times.into_iter().filter(|(_, promised)| *promised);
    let judging: Vec<&str> = judging
        .flat_map(|(milestone, _)| model.judging(support, milestone))
        .map(|one| one.head.name.as_str())
        .collect();
    let owed = format!("{who} shall keep to these times, which are counted from the opening of the case");
    let heads: Vec<&Head> =
        model.commitments.iter().map(|one| &one.head).filter(|head| judging.contains(&head.name.as_str())).collect();
    let (verb, say) = match heads.as_slice() {
        [] => return Md::from(format!("{owed}:")),
        [_] => ("measures", "it says how many may be missed"),
        _ => ("measure", "these say how many may be missed"),
    };
    Md::from(format!("{owed}. For the times and the cases that"))
        .and(service_levels(model, &heads))
        .and(format!("{verb}, {say}; all others are owed in every case:"))
}

/// The id of the clause in which a service level stands: variants of one stand in one, under the first of their ids.
fn clause_of<'a>(model: &'a Model, head: &'a Head) -> &'a str {
    let heads = model.commitments.iter().map(|one| &one.head);
    heads.into_iter().find(|one| one.family == head.family).map_or(&head.id, |first| &first.id)
}

/// Service levels with the numbers of their clauses: `the service levels “Answered” (5.1) and “Resolved” (5.2)`.
fn service_levels(model: &Model, heads: &[&Head]) -> Md {
    let mut all: Vec<Md> = Vec::new();
    for family in heads.chunk_by(|one, next| same_family(one, next)) {
        let titles = titles_once(model, family);
        all.extend(
            titles.iter().zip(family).map(|(title, head)| {
                Md::from(format!("“{title}” (")).then(reference(clause_of(model, head))).then(")")
            }),
        );
    }
    let noun = if all.len() == 1 { "the service level" } else { "the service levels" };
    let last = all.len().saturating_sub(1);
    all.into_iter().enumerate().fold(Md::from(noun), |text, (at, one)| match at {
        0 => text.and(one),
        _ if at == last => text.and("and").and(one),
        _ => text.then(",").and(one),
    })
}

/// What a working day is on the clock of a case.
fn working_days(model: &Model, support: &Support, document: &mut Document) {
    let due = support.priorities.iter().flat_map(|one| [&one.respond, &one.work_around, &one.resolve]).flatten();
    let due = due.map(|due| (&due.amount, due.calendar.as_ref()));
    let news =
        support.priorities.iter().filter_map(|one| one.update.as_ref()).filter_map(|update| match &update.every {
            Every::Amount(amount) => Some((amount, update.calendar.as_ref())),
            Every::Window(_) => None,
        });
    let (mut said, mut always): (Vec<String>, bool) = (Vec::new(), false);
    for (amount, own) in due.chain(news) {
        let Amount::Period(period) = amount else { continue };
        match (support.hours(own), period.unit) {
            (CalendarRef::Named(name), PeriodUnit::Day) => {
                let found = model.calendars.get(name);
                let length = found.and_then(|found| found.calendar.working_day_length());
                let (Some(found), Some(length)) = (found, length) else { continue };
                let words = format!("{} in “{}”", length.words(), label(&found.head));
                if !said.contains(&words) {
                    said.push(words);
                }
            }
            (CalendarRef::Always, PeriodUnit::Day | PeriodUnit::Week) => always = true,
            _ => {}
        }
    }
    if !said.is_empty() {
        document.about("working days").sub(format!("On the clock of a case, a working day is an amount of time during which the calendar is open: {}. The clock may start and end within a date.", listed(&said, "and")), "");
    }
    if always {
        document.about("days").sub("On the clock of a case, a day that is counted around the clock is 24 hours, and a week is seven such days.", "");
    }
}

fn description(model: &Model, when: &crate::model::Condition) -> String {
    match when {
        crate::model::Condition::Judged(words) => plain(&words.value),
        measured @ crate::model::Condition::Measured(_) => capital(&condition(model, measured)),
    }
}

fn time(model: &Model, support: &Support, due: Option<&Deadline>) -> Md {
    Md::from(due.map_or_else(
        || "–".to_owned(),
        |due| capital(&deadline(model, due, Some(support.hours(due.calendar.as_ref())))),
    ))
}

fn clocks(model: &Model, support: &Support, document: &mut Document) {
    for pause in &support.pauses {
        let during = match &pause.during {
            PauseSpan::While(signal, span) => {
                let found =
                    model.signals.get(signal).and_then(|signal| signal.spans.iter().find(|one| one.head.name == *span));
                let title = found.map_or_else(|| plain(&span.replace('_', " ")), |one| label(&one.head));
                format!("while the case is in “{title}”")
            }
            PauseSpan::Judged(words) => format!("while this is the case: {}", plain(words).trim_end_matches('.')),
            PauseSpan::Between { from, until, .. } => {
                format!("from “{}” until “{}”", plain(&from.replace('_', " ")), plain(&until.replace('_', " ")))
            }
        };
        let only = pause.when.as_ref().map(|when| format!(", only where {}", clause(model, when))).unwrap_or_default();
        let words = pause.words.as_ref().map(|words| prose(words)).unwrap_or_default();
        let text = sentence(&format!("The clock of a case stands still {during}{only}"));
        document.about("pause").sub(Md::from(text).and(words), &pause.id);
    }
    if support.reclassify.is_none() && support.priorities.len() < 2 {
        return;
    }
    document.about("reclassify");
    match support.on_reclassification() {
        Reclassify::KeepClock => document.sub("If the priority of a case changes, the time on its clock stays. The times of the new priority apply at once, and the clock goes on in the hours of the new priority.", ""),
        Reclassify::RestartClock => document.sub("If the priority of a case changes, its clock starts again from zero with the times of the new priority.", ""),
    }
}
