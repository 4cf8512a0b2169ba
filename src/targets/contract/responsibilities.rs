//! The duties of each party.

use super::markdown::{Document, Md, prose};
use super::risk;
use super::variants::each;
use crate::model::{Anchor, CalendarRef, Duty, Every, Model};
use crate::wording::{
    anchor as anchor_words, announcement, calendar, deadline, label, listed, lowered, parties, party, plain,
    recurrence, sentence, titles_once, window_name,
};

/// Writes the duties.
pub fn write(model: &Model, document: &mut Document) {
    let owed: Vec<&Duty> = model.duties.iter().filter(|duty| !model.is_suppliers_duty(duty)).collect();
    if owed.is_empty() {
        return;
    }
    document.section("Responsibilities");
    each(model, &owed, |model| &model.duties, one, document);
    excuses(model, &owed, document);
}

/// Writes for how long a breach of one of these duties excuses a miss, where one does.
pub fn excuses(model: &Model, duties: &[&Duty], document: &mut Document) {
    let excusing = || duties.iter().copied().filter(|duty| !duty.excuses.is_empty());
    let (standing, other) = (excusing().any(is_standing), !excusing().all(is_standing));
    let until = "from the deadline of the duty until the duty is performed";
    let occasion = "for a duty tied to an occasion, at the latest until that occasion ends";
    let while_it_lasts = match (standing, other) {
        (true, true) => format!("{until}; for a standing duty, while it is breached; and {occasion}"),
        (true, false) => "while the duty is breached".to_owned(),
        (false, true) => format!("{until}; {occasion}"),
        (false, false) => return,
    };
    document.clause(format!("Where a breach of a duty excuses a miss of a service level, it does so {while_it_lasts}. The time for which a miss is excused is not counted for that service level."), "");
    // It stands once: with the duties to the customer, if one of these excuses a miss.
    let is_ours = |duty: &Duty| !duty.excuses.is_empty() && !model.is_suppliers_duty(duty);
    let stands_here = duties.iter().any(|duty| is_ours(duty)) || !model.duties.iter().any(is_ours);
    if stands_here && !risk::has_exclusions(model) {
        risk::excused_time(model, document);
    }
    risk::concerned(
        model,
        excusing().map(|duty| &duty.head),
        |one| format!("a miss is excused only for {one}"),
        document,
    );
}

/// Whether a duty holds at all times or hours, and is not done by a deadline.
fn is_standing(duty: &Duty) -> bool {
    duty.calendar.is_some() && duty.within.is_none() && duty.every.is_none() && duty.announce.is_none()
}

/// When a duty is to be done, in words: the window of one with a rhythm is that of the rhythm, and a start or an end
/// that of the agreement.
fn of_duty(duty: &Duty, anchor: Option<&Anchor>, words: String) -> String {
    match (duty.window(), anchor) {
        (Some(window), Some(Anchor::WindowStart | Anchor::WindowEnd)) => {
            words.replacen("the measurement period", &format!("each {}", window_name(window)), 1)
        }
        (_, Some(end @ (Anchor::Start | Anchor::End))) => {
            let end = anchor_words(end);
            words.replacen(&end, &format!("{end} of this agreement"), 1)
        }
        _ => words,
    }
}

/// One duty.
pub fn one(model: &Model, duty: &Duty, document: &mut Document) {
    document.topic(&label(&duty.head), &duty.head.id);
    let who = duty.between.by.as_ref().map_or_else(|| "The responsible party".to_owned(), |by| party(model, by));
    let to = if duty.between.to.is_empty() {
        String::new()
    } else {
        sentence(&format!("This duty is owed to {}", parties(model, &duty.between.to)))
    };
    let hours = duty.calendar.as_ref();
    let what = duty.action.as_ref().map_or_else(|| label(&duty.head), |action| plain(&action.value));
    let what = lowered(model, what.trim_end_matches('.'));
    document.sub(Md::from(sentence(&format!("{who} shall {what}"))).and(to), "");
    if let Some(within) = &duty.within {
        let due = of_duty(duty, within.of.as_ref(), deadline(model, within, hours));
        document.about("within").sub(sentence(&format!("This shall be done {due}")), "");
    }
    if let Some(every) = &duty.every {
        let rhythm = recurrence(model, every, hours);
        let rhythm = if matches!(every.every, Every::Window(_)) { format!("once {rhythm}") } else { rhythm };
        let words = every.words.as_deref().map(prose).unwrap_or_default();
        document.about("every").sub(Md::from(sentence(&format!("This shall be done {rhythm}"))).and(words), "");
    }
    if let Some(notice) = &duty.announce {
        let due = of_duty(duty, notice.before.as_ref(), announcement(model, notice, hours));
        document.about("notice").sub(sentence(&format!("This shall be done {due}")), "");
    }
    document.about("hours");
    match hours.filter(|_| is_standing(duty)) {
        Some(CalendarRef::Always) => document.sub("This duty exists at all times.", ""),
        Some(named @ CalendarRef::Named(_)) => {
            document.sub(sentence(&format!("This duty exists in these hours only: {}", calendar(model, named))), "");
        }
        None => {}
    }
    if let Some(evidence) = &duty.evidence {
        document.about("evidence").sub(Md::from("Performance is shown by:").and(prose(&evidence.value)), "");
    }
    let excused = duty.excuses.iter().filter_map(|name| model.commitments.get(&name.value)).map(|one| &one.head);
    let excused = titles_once(model, &excused.collect::<Vec<_>>());
    let excused: Vec<String> = excused.iter().map(|title| format!("“{title}”")).collect();
    if !excused.is_empty() {
        let noun = if excused.len() == 1 { "the service level" } else { "the service levels" };
        document
            .about("excuses")
            .sub(format!("A breach of this duty excuses a miss of {noun} {}.", listed(&excused, "and")), "");
    }
}
