//! The duties of each party.

use super::markdown::Document;
use crate::model::{Duty, Every, Model};
use crate::wording::{announcement, deadline, label, listed, lowered, parties, party, plain, recurrence, sentence};

/// Writes the duties.
pub fn write(model: &Model, document: &mut Document) {
    if model.duties.is_empty() {
        return;
    }
    document.section("Responsibilities");
    for duty in &model.duties {
        one(model, duty, document);
    }
    if model.duties.iter().any(|duty| !duty.excuses.is_empty()) {
        document.clause("Where a breach of a duty excuses a miss of a service level, it does so from the deadline of the duty until the duty is performed; for a standing duty, while it is breached; and for a duty tied to an occasion, at the latest until that occasion ends. The time for which a miss is excused is not counted for that service level.", "");
    }
}

fn one(model: &Model, duty: &Duty, document: &mut Document) {
    document.topic(&label(&duty.head), &duty.head.id);
    let who = duty.between.by.as_ref().map_or_else(|| "The responsible party".to_owned(), |by| party(model, by));
    let to = if duty.between.to.is_empty() {
        String::new()
    } else {
        format!(" This duty is owed to {}.", parties(model, &duty.between.to))
    };
    let hours = duty.calendar.as_ref();
    let what = duty.action.as_ref().map_or_else(|| label(&duty.head), |action| plain(&action.value));
    let what = lowered(model, what.trim_end_matches('.'));
    document.sub(format!("{who} shall {what}.{to}"), "");
    if let Some(within) = &duty.within {
        document.sub(format!("This shall be done {}.", deadline(model, within, hours)), "");
    }
    if let Some(every) = &duty.every {
        let rhythm = recurrence(model, every, hours);
        let rhythm = if matches!(every.every, Every::Window(_)) { format!("once {rhythm}") } else { rhythm };
        let words = every.words.as_ref().map(|words| format!(" {}", sentence(words))).unwrap_or_default();
        document.sub(format!("This shall be done {rhythm}.{words}"), "");
    }
    if let Some(notice) = &duty.announce {
        document.sub(format!("This shall be done {}.", announcement(model, notice, hours)), "");
    }
    if let Some(evidence) = &duty.evidence {
        document.sub(format!("Performance is shown by: {}", sentence(&evidence.value)), "");
    }
    let excused: Vec<String> = duty
        .excuses
        .iter()
        .map(|name| {
            model
                .commitments
                .get(&name.value)
                .map_or_else(|| plain(&name.value), |one| format!("“{}”", label(&one.head)))
        })
        .collect();
    if !excused.is_empty() {
        let noun = if excused.len() == 1 { "the service level" } else { "the service levels" };
        document.sub(format!("A breach of this duty excuses a miss of {noun} {}.", listed(&excused, "and")), "");
    }
}
