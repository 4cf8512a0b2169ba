//! Service desks against the cases that they handle: every deadline has a milestone, and every milestone that is asked
//! for has a deadline.

use crate::calculus::{CaseReading, ExprKind, Part};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{DeskThere, Model, Priority, Signal, SignalKind, Support, titles};
use crate::source::Span;
use std::collections::BTreeSet;

/// A desk handles cases, and its deadlines end at their milestones.
pub(super) fn cases(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for support in &model.supports {
        let Some(cases) = &support.cases else { continue };
        let Some(signal) = model.signals.get(&cases.value).filter(|signal| !signal.head.poisoned) else { continue };
        if signal.kind != SignalKind::Cases {
            let kind = signal.kind.as_str();
            let message = format!("`{}` is a signal of {kind}, and a service desk handles cases", cases.value);
            found.push(
                Diagnostic::new(codes::WRONG_KIND, cases.span, message)
                    .primary("a signal of cases is needed")
                    .label(signal.head.name_span, format!("declared `as {kind}`"))
                    .help("declare the tickets: `signal tickets \"Tickets\" as cases { milestone opened, responded, resolved }`"),
            );
            continue;
        }
        let mut told = BTreeSet::new();
        for priority in support.priorities.iter().filter(|_| !model.unread) {
            for (milestone, words, deadline) in priority.deadlines() {
                let known = signal.milestones.iter().any(|known| known.head.name == milestone);
                if let Some(deadline) = deadline.filter(|_| !known && told.insert(milestone)) {
                    found.push(no_milestone(signal, milestone, words, deadline.span));
                }
            }
        }
    }
    found
}

fn no_milestone(signal: &Signal, milestone: &str, words: &str, span: Span) -> Diagnostic {
    let name = &signal.head.name;
    Diagnostic::new(
        codes::INCOMPLETE_SUPPORT,
        span,
        format!("`{words}` ends at the milestone `{milestone}`, which `{name}` does not have"),
    )
    .primary("its end is not recorded")
    .label(signal.head.name_span, "these are the cases")
    .witness("whether the time was kept cannot be told from the records")
    .help(format!("add `milestone {milestone}` to `{name}`, or leave out the time"))
}

/// A priority says which cases have it, and how fast it is.
pub(super) fn priorities(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let all = model.supports.iter().flat_map(|support| support.priorities.iter().map(move |one| (support, one)));
    for (support, priority) in all {
        let name = &priority.head.name;
        let slow = priority.respond.is_none() && priority.resolve.is_none();
        let lacks = [
            (
                priority.when.is_none(),
                "which cases have it",
                "add for example `when \"The service is down for all users\"`",
            ),
            (slow, "how fast it is", "add `respond within …` or `resolve within …`"),
        ];
        for (_, what, help) in lacks.into_iter().filter(|(lacks, ..)| *lacks && !priority.head.poisoned) {
            let message = format!("the priority `{name}` does not say {what}");
            let finding = Diagnostic::new(codes::INCOMPLETE_SUPPORT, priority.head.name_span, message).help(help);
            found.push(match support.head.variant.is_empty() {
                true => finding,
                false => finding.witness(format!("for {} nothing is said of it", titles(&support.head.variant))),
            });
        }
    }
    found
}

/// Whether a case was in time is known only where a desk gives the milestone a deadline.
pub(super) fn in_time(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    let of_cases = |support: &Support| {
        let signal = support.cases.as_ref().and_then(|cases| model.signals.get(&cases.value));
        signal.is_none_or(|signal| signal.kind == SignalKind::Cases)
    };
    // A desk that names another signal has been told, and its deadlines may be meant for this one.
    if !model.supports.iter().all(of_cases) {
        return found;
    }
    let known = with_deadline(model);
    for expr in model.expressions() {
        expr.walk(&mut |part| {
            if let ExprKind::Reading(reading) = &part.kind
                && let Part::Milestone { name, reading: CaseReading::InTime } = &reading.part
                && !known.contains(&(reading.signal.as_str(), name.as_str()))
                && told.insert((reading.signal.clone(), name.clone()))
            {
                let finding = never_late(model, &reading.signal, name, part.span);
                found.push(match model.brought_by(part.span) {
                    Some(import) => finding.brought_by(import),
                    None => finding,
                });
            }
        });
    }
    found
}

/// The milestones of cases for which some desk has a deadline.
fn with_deadline(model: &Model) -> BTreeSet<(&str, &str)> {
    let mut all = BTreeSet::new();
    for support in &model.supports {
        let Some(cases) = &support.cases else { continue };
        for (milestone, _, deadline) in support.priorities.iter().flat_map(Priority::deadlines) {
            all.extend(deadline.map(|_| (cases.value.as_str(), milestone)));
        }
    }
    all
}

/// A desk that has a deadline for the milestone in cases of one option only, with the dimensions that tell these apart.
fn for_some<'a>(model: &'a Model, signal: &str, milestone: &str) -> Option<(&'a Support, Vec<&'a str>)> {
    let read = model.signals.get(signal)?;
    model.supports.iter().find_map(|support| {
        let own = model.signals.get(&support.cases.as_ref()?.value)?;
        let mut deadlines = support.priorities.iter().flat_map(Priority::deadlines);
        let has = own.head.family == read.head.family
            && read.head.variant.iter().all(|choice| own.head.variant.contains(choice))
            && deadlines.any(|(known, _, deadline)| known == milestone && deadline.is_some());
        let apart = own.head.variant.iter().filter(|choice| !read.head.variant.contains(choice));
        let apart: Vec<&str> = apart.map(|choice| choice.dimension.as_str()).collect();
        (has && !apart.is_empty()).then_some((support, apart))
    })
}

fn never_late(model: &Model, signal: &str, milestone: &str, span: Span) -> Diagnostic {
    if let Some((support, apart)) = for_some(model, signal, milestone) {
        let message = format!("`{milestone}` of `{signal}` has a deadline for each `{}` only", apart.join("` and `"));
        return Diagnostic::new(codes::INCOMPLETE_SUPPORT, span, message)
            .severity(Severity::Error)
            .primary("read for all cases together: in time for which of them?")
            .label(support.head.name_span, format!("this desk is `per {}`", apart.join(", ")))
            .help(format!(
                "write `per {}` in the head of the commitment too: then each promise is about the cases of its own desk",
                apart.join(", ")
            ));
    }
    let message = format!("no service desk gives `{milestone}` of `{signal}` a deadline");
    let finding = Diagnostic::new(codes::INCOMPLETE_SUPPORT, span, message)
        .severity(Severity::Error)
        .primary("in time for what?");
    let desk = model.supports.iter().find(|support| support.cases.as_ref().is_some_and(|cases| cases.value == signal));
    let finding = match desk {
        Some(support) => finding.label(support.head.name_span, format!("this desk handles `{signal}`")),
        None => finding,
    };
    let family = model.signals.get(signal).map_or(signal, |known| &known.head.family);
    let is_meant = |desk: &&DeskThere| desk.cases == family && desk.milestones.contains(&milestone);
    if let Some(there) = model.desks_there.iter().find(is_meant) {
        let finding = finding.label(there.at, format!("this desk handles `{signal}`, and is not imported"));
        return finding.help(format!("import the desk as well: `{}`", there.import));
    }
    finding.help(
        "a desk has deadlines for `responded` (`respond within`), `worked_around` (`work around within`) and `resolved` \
         (`resolve within`); name one of these milestones, or add its deadline to a priority",
    )
}
