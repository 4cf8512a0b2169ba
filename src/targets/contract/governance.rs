//! Communication, review and amendment, disputes, records and audit.

use super::levels::capital;
use super::markdown::{Document, Md, bold, prose};
use super::variants::each;
use crate::model::{
    Amendment, Anchor, Audit, Between, Dispute, DisputeStep, Every, Head, Meeting, Model, Notice, Records, Recurrence,
    Ref, Report, Review, TakesEffect, Words,
};
use crate::wording::{
    amount, announcement, condition, deadline, label, listed, parties, party, plain, recurrence, sentence, titles_once,
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

fn manner(every: Option<&Recurrence>) -> Md {
    every.and_then(|every| every.words.as_deref()).map(prose).unwrap_or_default()
}

/// A channel of communication as it stands in a sentence.
pub fn channel(name: &str) -> String {
    match name {
        "email" => "e-mail".to_owned(),
        "phone" => "telephone".to_owned(),
        "sms" => "SMS".to_owned(),
        "web" => "the web".to_owned(),
        "status_page" => "the status page".to_owned(),
        "portal" => "the portal".to_owned(),
        other => plain(&other.replace('_', " ")),
    }
}

fn via(channels: &[String], form: Option<&Words>) -> Md {
    let channels: Vec<String> = channels.iter().map(|one| channel(one)).collect();
    let sent = match channels.as_slice() {
        [] => Md::default(),
        all => Md::from(format!("It is sent by {}.", listed(all, "and"))),
    };
    sent.and(form.map(|form| Md::from("Form:").and(prose(&form.value))).unwrap_or_default())
}

fn agenda(items: &[Words]) -> Md {
    told("Agenda:", items)
}

/// What was written, after words on what that is.
fn told(start: &str, items: &[Words]) -> Md {
    let start = if items.is_empty() { Md::default() } else { Md::from(start) };
    items.iter().fold(start, |text, item| text.and(prose(&item.value)))
}

/// The title of a clause with its text.
fn entry(head: &Head, text: String, more: Md, document: &mut Document) {
    document.entry_of(&bold(&sentence(&label(head))), Md::from(text).and(more), &[&head.id]);
}

/// What some references name, whatever it is, by titles: what differs by options once, where each of them is meant.
pub fn titled(model: &Model, names: &[Ref]) -> Vec<String> {
    let heads: Vec<Result<&Head, &Ref>> = names.iter().map(|name| model.shown_head(&name.value).ok_or(name)).collect();
    let of_run = |run: &[Result<&Head, &Ref>]| -> Vec<String> {
        match run {
            [Err(unknown)] => vec![plain(&unknown.value.replace('_', " "))],
            known => {
                let known: Vec<&Head> = known.iter().copied().flatten().collect();
                titles_once(model, &known).iter().map(|title| format!("“{title}”")).collect()
            }
        }
    };
    heads.chunk_by(|one, next| one.is_ok() && next.is_ok()).flat_map(of_run).collect()
}

/// Writes reports, meetings and notices.
pub fn communication(model: &Model, document: &mut Document) {
    let reports: Vec<&Report> = model.reports.iter().filter(|one| !model.is_with_supplier(&one.between)).collect();
    let meetings: Vec<&Meeting> = model.meetings.iter().filter(|one| !model.is_with_supplier(&one.between)).collect();
    let notices: Vec<&Notice> = model.notices.iter().filter(|one| !model.is_with_supplier(&one.between)).collect();
    if reports.is_empty() && meetings.is_empty() && notices.is_empty() {
        return;
    }
    document.section("Communication");
    each(model, &reports, |model| &model.reports, report, document);
    meetings.into_iter().for_each(|one| meeting(model, one, document));
    each(model, &notices, |model| &model.notices, notice, document);
}

/// One report.
pub fn report(model: &Model, report: &Report, document: &mut Document) {
    let (who, to) = (by(model, &report.between), with(model, &report.between, "to"));
    let within = report.within.as_ref().map(|within| {
        let words = deadline(model, within, None);
        format!(", {}", words.replace("the measurement period", "the period that it covers"))
    });
    let shows: Vec<String> = titled(model, &report.shows);
    let shows = match shows.as_slice() {
        [] => Md::default(),
        all => Md::from(format!("It shows {}.", listed(all, "and"))),
    };
    let every = report.every.as_ref();
    let text = format!("{who} shall send a report{to}{}{}", rhythm(model, every), within.unwrap_or_default());
    let more = manner(every).and(shows).and(via(&report.via, report.form.as_ref()));
    entry(&report.head, sentence(&text), more, document);
}

/// One meeting.
pub fn meeting(model: &Model, meeting: &Meeting, document: &mut Document) {
    let (who, to) = (by(model, &meeting.between), with(model, &meeting.between, "with"));
    let every = meeting.every.as_ref();
    let text = format!("{who} shall hold a meeting{to}{}", rhythm(model, every));
    entry(&meeting.head, sentence(&text), manner(every).and(agenda(&meeting.agenda)), document);
}

/// One notice.
pub fn notice(model: &Model, notice: &Notice, document: &mut Document) {
    let (who, to) = (by(model, &notice.between), with(model, &notice.between, "to"));
    let when = notice.when.as_ref().map(|when| format!(" as soon as {}", condition(model, when))).unwrap_or_default();
    let within =
        notice.within.as_ref().map(|within| format!(", {}", deadline(model, within, None))).unwrap_or_default();
    let update = notice.update.as_ref().map(|update| {
        Md::from(format!("{who} shall send news {} until the incident ends.", recurrence(model, update, None)))
    });
    let text = sentence(&format!("{who} shall send a notice{to}{when}{within}"));
    entry(&notice.head, text, update.unwrap_or_default().and(via(&notice.via, notice.form.as_ref())), document);
}

/// Writes review and amendment.
pub fn review(model: &Model, document: &mut Document) {
    let reviews: Vec<&Review> = model.reviews.iter().filter(|one| !model.is_with_supplier(&one.between)).collect();
    let ours = |one: &&Amendment| one.supplier.is_none();
    let amendments: Vec<&Amendment> = model.amendments.iter().filter(ours).collect();
    if reviews.is_empty() && amendments.is_empty() {
        return;
    }
    document.section("Review and amendment");
    reviews.into_iter().for_each(|one| review_of(model, one, "this agreement", document));
    amendments.into_iter().for_each(|one| amendment(model, one, "this agreement", document));
}

/// One review of what the provider has agreed with a supplier.
pub fn review_with_supplier(model: &Model, review: &Review, document: &mut Document) {
    review_of(model, review, "the agreement between them", document);
}

fn review_of(model: &Model, review: &Review, what: &str, document: &mut Document) {
    let (who, to) = (by(model, &review.between), with(model, &review.between, "together with"));
    let every = review.every.as_ref();
    let text = format!("{who} shall review {what}{to}{}", rhythm(model, every));
    entry(&review.head, sentence(&text), manner(every).and(agenda(&review.agenda)), document);
}

/// How what the provider has agreed with a supplier is changed.
pub fn amendment_with_supplier(model: &Model, one: &Amendment, document: &mut Document) {
    let by = one.supplier.as_ref().map_or_else(|| "the supplier".to_owned(), |by| party(model, by));
    amendment(model, one, &format!("the agreement of {by} with the provider"), document);
}

fn amendment(model: &Model, amendment: &Amendment, what: &str, document: &mut Document) {
    let action = amendment.action.as_ref().map(|action| prose(&capital(&action.value)));
    let start = format!("{} is changed as follows:", capital(what));
    let mut text = action.map(|how| Md::from(start).and(how)).unwrap_or_default();
    if let Some(who) = &amendment.between.by {
        let to = with(model, &amendment.between, "to");
        text = text.and(sentence(&format!("{} may propose a change{to}", party(model, who))));
    }
    if let Some(at) = &amendment.takes_effect {
        text = text.and(match at.value {
            TakesEffect::NextTerm => format!("What {what} says at the beginning of a term holds until that term ends; a change takes effect at the beginning of the next term."),
        });
    }
    if let Some(notice) = &amendment.announce {
        let bare = matches!(notice.before, Some(Anchor::Start) | None);
        let words = announcement(model, notice, None);
        let words = if bare { words.replacen("before the start", "before it takes effect", 1) } else { words };
        let start = if bare { "A change shall be announced" } else { "Notice shall be given" };
        text = text.and(sentence(&format!("{start} {words}")));
    }
    entry(&amendment.head, String::new(), text, document);
}

/// From when the times of the steps are counted that name no event, so that no two readers count them from different days.
fn counted(dispute: &Dispute) -> Option<&'static str> {
    let bare = |step: &DisputeStep| step.within.as_ref().is_some_and(|within| within.of.is_none());
    let (first, further) = dispute.steps.split_first()?;
    match (bare(first), further.iter().any(bare)) {
        (true, true) => Some(
            "Where no event is named, the time of the first step is counted from the notice of the dispute by one party to the other, and that of each further step from the end of the time of the step before it.",
        ),
        (true, false) => {
            Some("The time of the first step is counted from the notice of the dispute by one party to the other.")
        }
        (false, true) => Some(
            "Where no event is named, the time of a step is counted from the end of the time of the step before it.",
        ),
        (false, false) => None,
    }
}

/// Writes the resolution of disputes.
pub fn disputes(model: &Model, document: &mut Document) {
    let disputes: Vec<&Dispute> = model.disputes.iter().filter(|one| one.supplier.is_none()).collect();
    if disputes.is_empty() {
        return;
    }
    document.section("Disputes");
    disputes.into_iter().for_each(|one| dispute(model, one, document));
}

/// One way of settling disputes.
pub fn dispute(model: &Model, dispute: &Dispute, document: &mut Document) {
    document.topic(&label(&dispute.head), &dispute.head.id);
    let (between, either) = match &dispute.supplier {
        Some(supplier) => {
            let supplier = party(model, supplier);
            (format!(" between {supplier} and the provider"), "either of them")
        }
        None if model.has_many_parties() => (String::new(), "any party"),
        None => (String::new(), "either party"),
    };
    document.sub(format!("A dispute{between} goes through these steps in their order. Where a step does not settle it in its time, {either} may take it to the next."), "");
    if let Some(count) = counted(dispute) {
        document.about("times").sub(count, "");
    }
    let rows: Vec<(Vec<Md>, String)> = dispute
        .steps
        .iter()
        .map(|step| {
            let within = match (&step.within, step.is_final) {
                (Some(within), _) => capital(&deadline(model, within, None)),
                (None, true) => "Final".to_owned(),
                (None, false) => "–".to_owned(),
            };
            let within = if step.is_final && step.within.is_some() { format!("{within}; final") } else { within };
            (vec![Md::from(label(&step.head)), Md::from(within)], step.head.id.clone())
        })
        .collect();
    document.rows(&["Settled by", "Time"], rows);
    if let Some(meanwhile) = &dispute.meanwhile {
        document.sub(Md::from("In the meantime:").and(prose(&meanwhile.value)), "");
    }
}

/// Writes records and audits.
pub fn records(model: &Model, document: &mut Document) {
    let records: Vec<&Records> = model.records.iter().filter(|one| !model.is_with_supplier(&one.between)).collect();
    let audits: Vec<&Audit> = model.audits.iter().filter(|one| !model.is_with_supplier(&one.between)).collect();
    if records.is_empty() && audits.is_empty() {
        return;
    }
    document.section("Records and audit");
    records.into_iter().for_each(|one| kept(model, one, document));
    audits.into_iter().for_each(|one| audit(model, one, document));
}

/// One set of records.
pub fn kept(model: &Model, records: &Records, document: &mut Document) {
    let who = by(model, &records.between);
    let to = with(model, &records.between, "for");
    let keep: Vec<String> = records
        .keep
        .iter()
        .filter(|kept| !kept.of.is_empty())
        .map(|kept| {
            let of: Vec<String> = titled(model, &kept.of);
            let long = kept.period.as_ref().map(|time| format!(" for {}", amount(&time.value))).unwrap_or_default();
            format!(" of {}{to}{long}", listed(&of, "and"))
        })
        .collect();
    let what = if keep.is_empty() { to } else { keep.join(", and those") };
    let standards: Vec<String> = records.standards.iter().map(|words| plain(&words.value)).collect();
    let standards = match standards.as_slice() {
        [] => Md::default(),
        all => Md::from(sentence(&format!("They are kept in accordance with {}", listed(all, "and")))),
    };
    let evidence = records.evidence.as_ref().map(|words| Md::from("They are evidence of:").and(prose(&words.value)));
    let text = sentence(&format!("{who} shall keep the records{what}"));
    entry(&records.head, text, standards.and(evidence.unwrap_or_default()), document);
}

/// One right to audit.
pub fn audit(model: &Model, audit: &Audit, document: &mut Document) {
    let who = by(model, &audit.between);
    let whom = match audit.between.to.as_slice() {
        [] => String::new(),
        to => format!(" {}", parties(model, to)),
    };
    let every = audit.every.as_ref().map(|every| format!(" once {}", recurrence(model, every, None)));
    let text = sentence(&format!("{who} may audit{whom}{}", every.unwrap_or_default()));
    let notice = audit.announce.as_ref().map(|notice| {
        let words = announcement(model, notice, None).replacen("before the start", "before the audit starts", 1);
        sentence(&format!("{who} shall announce the audit {words}"))
    });
    let covers = told("The audit covers:", &audit.scope);
    let more = manner(audit.every.as_ref()).and(covers).and(notice.unwrap_or_default());
    entry(&audit.head, text, more, document);
}
