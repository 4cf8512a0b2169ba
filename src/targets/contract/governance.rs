//! Communication, review and amendment, disputes, records and audit.

use super::levels::capital;
use super::markdown::{Document, Md, bold, code};
use crate::model::{Anchor, Between, Every, Model, Recurrence, Ref, Words};
use crate::wording::{
    amount, announcement, condition, deadline, label, listed, parties, party, plain, recurrence, sentence,
};

fn by(model: &Model, between: &Between) -> String {
    between.by.as_ref().map_or_else(|| "The provider".to_owned(), |by| party(model, by))
}

fn with(model: &Model, between: &Between, word: &str) -> String {
    if between.to.is_empty() { String::new() } else { format!(" {word} {}", parties(model, &between.to)) }
}

fn rhythm(model: &Model, every: Option<&Recurrence>) -> String {
    match every {
        Some(every) if matches!(every.every, Every::Window(_)) => format!(" once {}", recurrence(model, every, None)),
        Some(every) => format!(" {}", recurrence(model, every, None)),
        None => String::new(),
    }
}

fn manner(every: Option<&Recurrence>) -> String {
    let words = every.and_then(|every| every.words.as_ref());
    words.map(|words| format!(" {}", sentence(words))).unwrap_or_default()
}

fn via(channels: &[String], form: Option<&Words>) -> String {
    let mut text = String::new();
    if !channels.is_empty() {
        let channels: Vec<String> = channels.iter().map(|one| plain(&one.replace('_', " "))).collect();
        text = format!(" It is sent by {}.", listed(&channels, "and"));
    }
    match form {
        Some(form) => format!("{text} Form: {}", sentence(&form.value)),
        None => text,
    }
}

fn agenda(items: &[Words]) -> String {
    let items: Vec<String> = items.iter().map(|item| sentence(&item.value)).collect();
    if items.is_empty() { String::new() } else { format!(" Agenda: {}", items.join(" ")) }
}

/// What a reference names, whatever it is, by its title.
fn titled(model: &Model, name: &Ref) -> String {
    let name = &name.value;
    let heads = [
        model.commitments.get(name).map(|one| &one.head),
        model.maintenances.get(name).map(|one| &one.head),
        model.signals.get(name).map(|one| &one.head),
        model.metrics.get(name).map(|one| &one.head),
        model.exclusions.get(name).map(|one| &one.head),
        model.supports.get(name).map(|one| &one.head),
    ];
    let found = heads.into_iter().flatten().next();
    found.map_or_else(|| plain(&name.replace('_', " ")), |head| format!("“{}”", label(head)))
}

/// Writes reports, meetings and notices.
pub fn communication(model: &Model, document: &mut Document) {
    if model.reports.is_empty() && model.meetings.is_empty() && model.notices.is_empty() {
        return;
    }
    document.section("Communication");
    for report in &model.reports {
        let (who, to) = (by(model, &report.between), with(model, &report.between, "to"));
        let within = report
            .within
            .as_ref()
            .map(|within| {
                format!(
                    ", {}",
                    deadline(model, within, None).replace("the measurement period", "the period that it covers")
                )
            })
            .unwrap_or_default();
        let shows: Vec<String> = report.shows.iter().map(|name| titled(model, name)).collect();
        let shows = if shows.is_empty() { String::new() } else { format!(" It shows {}.", listed(&shows, "and")) };
        let text = format!(
            "{who} shall send a report{to}{}{within}.{shows}{}",
            rhythm(model, report.every.as_ref()),
            via(&report.via, report.form.as_ref())
        );
        document.clause(bold(&format!("{}.", label(&report.head))).and(text), &report.head.id);
    }
    for meeting in &model.meetings {
        let (who, to) = (by(model, &meeting.between), with(model, &meeting.between, "with"));
        let every = rhythm(model, meeting.every.as_ref());
        let text = format!("{who} shall hold a meeting{to}{every}.{}", agenda(&meeting.agenda));
        document.clause(bold(&format!("{}.", label(&meeting.head))).and(text), &meeting.head.id);
    }
    for notice in &model.notices {
        let (who, to) = (by(model, &notice.between), with(model, &notice.between, "to"));
        let when =
            notice.when.as_ref().map(|when| format!(" as soon as {}", condition(model, when))).unwrap_or_default();
        let within =
            notice.within.as_ref().map(|within| format!(", {}", deadline(model, within, None))).unwrap_or_default();
        let update = notice.update.as_ref().map(|update| {
            format!(" {who} shall send news {} until the incident ends.", recurrence(model, update, None))
        });
        let text = format!(
            "{who} shall send a notice{to}{when}{within}.{}{}",
            update.unwrap_or_default(),
            via(&notice.via, notice.form.as_ref())
        );
        document.clause(bold(&format!("{}.", label(&notice.head))).and(text), &notice.head.id);
    }
}

/// Writes review and amendment.
pub fn review(model: &Model, document: &mut Document) {
    if model.reviews.is_empty() && model.amendments.is_empty() {
        return;
    }
    document.section("Review and amendment");
    for review in &model.reviews {
        let (who, to) = (by(model, &review.between), with(model, &review.between, "together with"));
        let every = rhythm(model, review.every.as_ref());
        let text = format!(
            "{who} shall review this agreement{to}{every}.{}{}",
            manner(review.every.as_ref()),
            agenda(&review.agenda)
        );
        document.clause(bold(&format!("{}.", label(&review.head))).and(text), &review.head.id);
    }
    for amendment in &model.amendments {
        let mut text = amendment.action.as_ref().map(|action| sentence(&action.value)).unwrap_or_default();
        if let Some(who) = &amendment.between.by {
            let to = with(model, &amendment.between, "with");
            text = format!("{text} {} may propose a change{to}.", party(model, who));
        }
        if let Some(notice) = &amendment.announce {
            let bare = matches!(notice.before, Some(Anchor::Start) | None);
            let words = announcement(model, notice, None);
            let words = if bare { words.replacen("before the start", "before it takes effect", 1) } else { words };
            let subject = if bare { "A change" } else { "Notice" };
            let verb = if bare { "be announced" } else { "be given" };
            text = format!("{text} {subject} shall {verb} {words}.");
        }
        document.clause(bold(&format!("{}.", label(&amendment.head))).and(text.trim()), &amendment.head.id);
    }
}

/// Writes the resolution of disputes.
pub fn disputes(model: &Model, document: &mut Document) {
    if model.disputes.is_empty() {
        return;
    }
    document.section("Disputes");
    for dispute in &model.disputes {
        document.topic(&label(&dispute.head), &dispute.head.id);
        document.sub("A dispute goes through these steps in their order. Where a step does not settle it in its time, either party may take it to the next.", "");
        let rows: Vec<Vec<Md>> = dispute
            .steps
            .iter()
            .enumerate()
            .map(|(index, step)| {
                let within = match (&step.within, step.is_final) {
                    (Some(within), _) => capital(&deadline(model, within, None)),
                    (None, true) => "Final".to_owned(),
                    (None, false) => "–".to_owned(),
                };
                let within = if step.is_final && step.within.is_some() { format!("{within}; final") } else { within };
                vec![
                    Md::from((index + 1).to_string()),
                    Md::from(label(&step.head)),
                    Md::from(within),
                    code(&step.head.id),
                ]
            })
            .collect();
        document.table(&["Step", "Settled by", "Time", "Clause"], &rows);
        if let Some(meanwhile) = &dispute.meanwhile {
            document.sub(format!("In the meantime: {}", sentence(&meanwhile.value)), "");
        }
    }
}

/// Writes records and audits.
pub fn records(model: &Model, document: &mut Document) {
    if model.records.is_empty() && model.audits.is_empty() {
        return;
    }
    document.section("Records and audit");
    for records in &model.records {
        let who = by(model, &records.between);
        let to = with(model, &records.between, "for");
        let keep: Vec<String> = records.keep.iter().map(|name| titled(model, name)).collect();
        let what = if keep.is_empty() { String::new() } else { format!(" of {}", listed(&keep, "and")) };
        let long = records.retention.as_ref().map(|time| format!(" for {}", amount(&time.value))).unwrap_or_default();
        let mut text = format!("{who} shall keep the records{what}{to}{long}.");
        let standards: Vec<String> = records.standards.iter().map(|words| plain(&words.value)).collect();
        if !standards.is_empty() {
            text = format!("{text} They are kept in accordance with {}.", listed(&standards, "and"));
        }
        if let Some(evidence) = &records.evidence {
            text = format!("{text} They are evidence of: {}", sentence(&evidence.value));
        }
        document.clause(bold(&format!("{}.", label(&records.head))).and(text), &records.head.id);
    }
    for audit in &model.audits {
        let (who, to) = (by(model, &audit.between), with(model, &audit.between, ""));
        let every = match &audit.every {
            Some(every) => format!(" once {}", recurrence(model, every, None)),
            None => String::new(),
        };
        let mut text = format!("{who} may audit{}{every}.{}", to.replace("  ", " "), manner(audit.every.as_ref()));
        if let Some(notice) = &audit.announce {
            let words = announcement(model, notice, None).replacen("before the start", "before the audit starts", 1);
            text = format!("{text} {who} shall announce the audit {words}.");
        }
        document.clause(bold(&format!("{}.", label(&audit.head))).and(text), &audit.head.id);
    }
}
