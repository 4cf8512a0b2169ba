//! Notices of incidents: an alert when one is due, where a measurement says so.

use super::Notes;
use super::escalation::{Due, NOT_ALL, Watching};
use super::reason::Reason;
use super::rule::{Rule, options, pairs};
use super::slices::span;
use super::words::{self, contact, safe, sentences};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Condition, Notice};
use crate::wording;

/// The alert that a notice is due.
pub(super) fn alert(watching: &Watching<'_>, notice: &Notice, notes: &mut Notes) -> Option<Rule> {
    let model = watching.model;
    let name = &notice.head.name;
    let expr = match notice.when.as_ref()? {
        Condition::Measured(expr) => expr,
        Condition::Judged(words) => {
            let message = format!("people judge when `{name}` is due, so no alert comes from it");
            notes.push(Diagnostic::new(codes::JUDGED_CONDITION, words.span, message));
            return None;
        }
    };
    let Due { condition, is_partial, .. } = watching.due(expr, &notice.head, notes);
    let condition = condition?;
    if let Some(update) = &notice.update {
        let what = format!("the updates of `{name}` are not watched");
        notes.push(Reason::from("no series shows when news was given last").note(update.span, what));
    }
    let about = watching.about(expr, &notice.head);
    let mut labels = about.labels;
    labels.extend(options(&notice.head));
    labels.extend(pairs([
        ("agreement", model.agreement.head.name.clone()),
        ("notice", name.clone()),
        ("clause", notice.head.id.clone()),
        ("severity", "page".to_owned()),
    ]));
    // It is the notice that is owed here, whoever owes what it is about.
    labels.extend(notice.between.by.as_ref().map(|by| ("owed_by".into(), by.party.clone())));
    let by = notice.between.by.as_ref().map_or_else(|| "somebody".to_owned(), |by| contact(model, by));
    let to: Vec<String> = notice.between.to.iter().map(|person| contact(model, person)).collect();
    let within = notice.within.as_ref().map(|within| format!(" {}", wording::deadline(model, within, None)));
    let owed = format!("The agreement has {by} tell {}{}", wording::listed(&to, "and"), within.unwrap_or_default());
    let mut parts = vec![about.when, safe(&owed)];
    parts.extend(about.promises);
    parts.extend(is_partial.then(|| NOT_ALL.to_owned()));
    let summary = format!("Notice is due: {}", words::label(&notice.head));
    let annotations = pairs([("summary", sentences(&[summary])), ("description", sentences(&parts))]);
    // A gap of one slice must not make it due again.
    let keep_firing_for = Some(span(watching.gap(expr)));
    Some(Rule { alert: Some("SlaNoticeDue"), expr: condition, keep_firing_for, labels, annotations, ..Rule::default() })
}
