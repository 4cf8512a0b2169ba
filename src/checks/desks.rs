//! Service desks against the cases that they handle: every deadline has a milestone, and every milestone that is asked
//! for has a deadline.

use crate::calculus::{CaseReading, ExprKind, Part};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{DeskThere, Model, Pause, Priority, Signal, SignalKind, Support, family_of, titles};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

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

/// Each case is handled by one desk: where several handle cases of one signal, its priority says which.
pub(super) fn one_desk(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut handled: BTreeMap<(&str, &str), (&Support, &Priority)> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for support in model.supports.iter().filter(|support| !support.head.poisoned) {
        let Some(cases) = &support.cases else { continue };
        for priority in &support.priorities {
            let Some((other, as_there)) = handled.get(&(cases.value.as_str(), priority.head.name.as_str())) else {
                handled.insert((&cases.value, &priority.head.name), (support, priority));
                continue;
            };
            // One that stands there twice has been told.
            let is_another = other.head.name != support.head.name;
            let is_alike = clocks(other, as_there) == clocks(support, priority);
            if is_another && !is_alike && told.insert((&other.head.family, &support.head.family)) {
                found.push(which_desk(other, support, &cases.value, &priority.head.name));
            }
        }
    }
    found
}

/// By which deadlines, on which hours, and with which pauses a desk handles the cases of a priority.
fn clocks(support: &Support, priority: &Priority) -> Vec<String> {
    let deadlines = priority.deadlines().map(|(milestone, _, deadline)| {
        let deadline = deadline.map(|one| (one.amount.to_string(), support.hours(one.calendar.as_ref())));
        format!("{milestone} {deadline:?}")
    });
    let when = |pause: &Pause| pause.when.as_ref().map_or_else(String::new, ToString::to_string);
    let pauses = support.pauses.iter().map(|pause| format!("{:?} {}", pause.during, when(pause)));
    deadlines.chain(pauses).chain([format!("{:?}", support.on_reclassification())]).collect()
}

fn which_desk(one: &Support, other: &Support, cases: &str, priority: &str) -> Diagnostic {
    let (first, second) = (&one.head.name, &other.head.name);
    let apart = one.head.variant.iter().filter(|choice| !other.head.variant.contains(choice));
    let apart: Vec<&str> = apart.map(|choice| choice.dimension.as_str()).collect();
    let span = other.cases.as_ref().map_or(other.head.name_span, |cases| cases.span);
    let message = format!("nothing says whether a case of `{cases}` is handled by `{first}` or by `{second}`");
    let finding = Diagnostic::new(codes::INCOMPLETE_SUPPORT, span, message)
        .severity(Severity::Error)
        .primary(format!("both handle them, and both have the priority `{priority}`"))
        .witness("which deadline a case has cannot be told from the records");
    match one.head.family == other.head.family {
        true => {
            let fields: Vec<String> = apart.iter().map(|one| format!("`field {one} {one}`")).collect();
            finding.help(format!(
                "add {} to `{}`: each desk then handles the cases of its own options",
                fields.join(" and "),
                family_of(cases)
            ))
        }
        false => finding
            .label(one.head.name_span, "this is the other desk")
            .help("give their priorities different names, or each desk cases of its own"),
    }
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
    desks(model, read, milestone).find_map(|(support, own)| Some((support, beyond(own, read)?)))
}

/// A desk that has a deadline for the milestone in the cases of all options together, with the dimensions that tell apart those
/// that are read.
fn for_all<'a>(model: &'a Model, signal: &str, milestone: &str) -> Option<(&'a Support, Vec<&'a str>)> {
    let read = model.signals.get(signal)?;
    desks(model, read, milestone).find_map(|(support, own)| Some((support, beyond(read, own)?)))
}

/// The desks that have a deadline for a milestone in cases of the same signal, whatever their options are, each with its cases.
fn desks<'a>(model: &'a Model, read: &'a Signal, milestone: &str) -> impl Iterator<Item = (&'a Support, &'a Signal)> {
    model.supports.iter().filter_map(move |support| {
        let own = model.signals.get(&support.cases.as_ref()?.value)?;
        let mut deadlines = support.priorities.iter().flat_map(Priority::deadlines);
        let has = deadlines.any(|(known, _, deadline)| known == milestone && deadline.is_some());
        (has && own.head.family == read.head.family).then_some((support, own))
    })
}

/// The dimensions by which some cases are told apart, and others are not, of which they are a part.
fn beyond<'a>(part: &'a Signal, whole: &Signal) -> Option<Vec<&'a str>> {
    let is_within = whole.head.variant.iter().all(|choice| part.head.variant.contains(choice));
    let apart = part.head.variant.iter().filter(|choice| !whole.head.variant.contains(choice));
    let apart: Vec<&str> = apart.map(|choice| choice.dimension.as_str()).collect();
    (is_within && !apart.is_empty()).then_some(apart)
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
    if let Some((support, apart)) = for_all(model, signal, milestone) {
        let own = support.head.variant.iter().map(|choice| choice.dimension.as_str());
        let all: Vec<&str> = own.chain(apart.iter().copied()).collect();
        let message = format!(
            "`{milestone}` has a deadline in the cases of every `{}` together, and not in `{signal}`",
            apart.join("` and `")
        );
        return Diagnostic::new(codes::INCOMPLETE_SUPPORT, span, message)
            .severity(Severity::Error)
            .primary(format!("read for each `{}` by itself", apart.join("` and `")))
            .label(support.head.name_span, format!("this desk is not `per {}`", apart.join(", ")))
            .help(format!(
                "write `support {} \"…\" of … per {} {{`: then each promise is about the cases of its own desk",
                family_of(&support.head.name),
                all.join(", ")
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
