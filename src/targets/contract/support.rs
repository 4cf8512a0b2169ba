//! Support desks with their priorities, and escalation ladders.

use super::is_supplier;
use super::markdown::{Document, Md, bold, code};
use crate::model::{CalendarRef, Deadline, Model, PauseSpan, Priority, Reclassify, Support};
use crate::wording::{
    amount, calendar, clause, condition, deadline, label, parties, party, plain, recurrence, sentence, signal,
};

/// Writes support and escalation.
pub fn write(model: &Model, document: &mut Document) {
    if !model.supports.is_empty() {
        document.section("Support");
        for support in &model.supports {
            one(model, support, document);
        }
    }
    if model.escalations.is_empty() {
        return;
    }
    document.section("Escalation");
    for escalation in &model.escalations {
        document.topic(&label(&escalation.head), &escalation.head.id);
        let start = match &escalation.when {
            Some(when) => format!(
                "This escalation starts as soon as {}, and ends when that is no longer the case.",
                condition(model, when)
            ),
            None => "This escalation starts when a party calls for it.".to_owned(),
        };
        document.sub(format!("{start} The people in this table shall be notified at the times in it, unless the escalation has ended before."), "");
        let rows: Vec<Vec<Md>> = escalation
            .steps
            .iter()
            .map(|step| {
                let after = if step.after.is_zero() {
                    format!("At once ({})", amount(&step.after))
                } else {
                    format!("After {}", amount(&step.after))
                };
                vec![Md::from(after), Md::from(parties(model, &step.notify)), code(&step.id)]
            })
            .collect();
        document.table(&["Time since the start", "Notified", "Clause"], &rows);
    }
}

fn one(model: &Model, support: &Support, document: &mut Document) {
    let title = label(&support.head);
    document.topic(&title, &support.head.id);
    let of = support.of.as_ref().and_then(|of| model.services.get(&of.value));
    let of = of.map(|service| format!(" for the service “{}”", label(&service.head))).unwrap_or_default();
    let to = if support.between.to.is_empty() {
        String::new()
    } else {
        format!(" to {}", parties(model, &support.between.to))
    };
    let verb = if is_supplier(model, support.between.by.as_ref()) { "provides" } else { "shall provide" };
    let who = support.between.by.as_ref().map_or_else(|| "The provider".to_owned(), |by| party(model, by));
    document.sub(format!("{who} {verb} the “{title}”{of}{to}."), "");
    let hours = match support.hours(None) {
        CalendarRef::Always => "around the clock".to_owned(),
        named => format!("in {}", calendar(model, named)),
    };
    document.sub(format!("It is open {hours}, unless a line below says otherwise."), "");
    if let Some(cases) = &support.cases {
        document.sub(format!("Its cases are the {} as defined in this agreement.", signal(model, &cases.value)), "");
    }
    channels(model, support, document);
    priorities(model, support, document);
    clocks(model, support, document);
}

fn channels(model: &Model, support: &Support, document: &mut Document) {
    if support.channels.is_empty() {
        return;
    }
    document.sub("It is reached through these channels:", "");
    let rows: Vec<Vec<Md>> = support
        .channels
        .iter()
        .map(|channel| {
            let address = channel.head.title.as_deref().map_or_else(|| "–".to_owned(), plain);
            let name = super::levels::capital(&plain(&channel.head.name.replace('_', " ")));
            let hours = super::levels::capital(&calendar(model, support.hours(channel.calendar.as_ref())));
            vec![Md::from(name), Md::from(address), Md::from(hours), code(&channel.head.id)]
        })
        .collect();
    document.table(&["Channel", "Address", "Hours", "Clause"], &rows);
}

fn priorities(model: &Model, support: &Support, document: &mut Document) {
    if support.priorities.is_empty() {
        return;
    }
    let who = support.between.by.as_ref().map_or_else(|| "The provider".to_owned(), |by| party(model, by));
    document.sub(format!("The priorities stand in falling order. A case has the first of them whose description fits it. {who} shall keep to these times, which are counted from the opening of the case:"), "");
    let has = |pick: fn(&Priority) -> bool| support.priorities.iter().any(pick);
    let (update, around) = (has(|one| one.update.is_some()), has(|one| one.work_around.is_some()));
    let mut header = vec!["Priority", "Description", "Response"];
    if update {
        header.push("Updates");
    }
    if around {
        header.push("Workaround");
    }
    header.extend(["Resolution", "Clause"]);
    let rows: Vec<Vec<Md>> = support
        .priorities
        .iter()
        .map(|priority| {
            let mut row = vec![
                bold(&label(&priority.head)),
                Md::from(priority.when.as_ref().map_or_else(|| "–".to_owned(), |when| description(model, when))),
                time(model, support, priority.respond.as_ref()),
            ];
            if update {
                let every = priority.update.as_ref();
                row.push(Md::from(every.map_or_else(
                    || "–".to_owned(),
                    |every| {
                        super::levels::capital(&recurrence(model, every, Some(support.hours(every.calendar.as_ref()))))
                    },
                )));
            }
            if around {
                row.push(time(model, support, priority.work_around.as_ref()));
            }
            row.push(time(model, support, priority.resolve.as_ref()));
            row.push(code(&priority.head.id));
            row
        })
        .collect();
    document.table(&header, &rows);
}

fn description(model: &Model, when: &crate::model::Condition) -> String {
    match when {
        crate::model::Condition::Judged(words) => plain(&words.value),
        measured @ crate::model::Condition::Measured(_) => super::levels::capital(&condition(model, measured)),
    }
}

fn time(model: &Model, support: &Support, due: Option<&Deadline>) -> Md {
    Md::from(due.map_or_else(
        || "–".to_owned(),
        |due| super::levels::capital(&deadline(model, due, Some(support.hours(due.calendar.as_ref())))),
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
        let words = pause.words.as_ref().map(|words| format!(" {}", sentence(words))).unwrap_or_default();
        document.sub(format!("The clock of a case stands still {during}{only}.{words}"), &pause.id);
    }
    match support.reclassify.as_ref().map(|rule| rule.value) {
        Some(Reclassify::KeepClock) => document.sub("If the priority of a case changes, the time on its clock stays. The times of the new priority apply at once, and the clock goes on in the hours of the new priority.", ""),
        Some(Reclassify::RestartClock) => document.sub("If the priority of a case changes, its clock starts again from zero with the times of the new priority.", ""),
        None => {}
    }
}
