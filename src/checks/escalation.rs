//! Escalations: steps in order, and in time for the deadline that they protect.

use super::amounts::Clocked;
use super::support::{Clock, deadline};
use crate::calculus::{Attribute, ExprKind, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarRef, Condition, Escalation, EscalationStep, Model, Priority, Support};
use crate::values::{Amount, Exact};

/// Each step comes later than the one before it.
pub(super) fn order(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for escalation in &model.escalations {
        for (one, next) in escalation.steps.iter().zip(escalation.steps.iter().skip(1)) {
            // Two steps at one moment are told as one that stands twice.
            if next.after.approximate_seconds().1 >= one.after.approximate_seconds().0 {
                continue;
            }
            let message = format!("the step after {} stands below the one after {}", next.after, one.after);
            let help = "list the steps by time";
            found.push(
                Diagnostic::new(codes::ESCALATION_OUT_OF_ORDER, next.span, message)
                    .primary(format!("after {}", next.after))
                    .label(one.span, format!("after {}", one.after))
                    .help(help),
            );
        }
    }
    found
}

/// The steps come before the resolution of the cases that they watch is due.
pub(super) fn too_late(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for escalation in &model.escalations {
        for (support, priority, attribute) in watched(model, escalation) {
            let Some(resolve) = deadline(support, priority.resolve.as_ref()) else { continue };
            let start = match attribute {
                Attribute::Open => None,
                // A case is late first when no response came; its resolution is still ahead.
                Attribute::Late => match deadline(support, priority.respond.as_ref()) {
                    Some(respond) if respond.time.calendar == resolve.time.calendar => Some(respond),
                    _ => continue,
                },
                _ => continue,
            };
            let late = escalation.steps.iter().find(|step| comes_late(model, step, start.as_ref(), &resolve));
            found.extend(late.map(|step| finding(step, priority, start.as_ref(), &resolve)));
        }
    }
    found
}

/// The priorities that a condition watches.
fn watched<'a>(model: &'a Model, escalation: &'a Escalation) -> Vec<(&'a Support, &'a Priority, Attribute)> {
    let mut found = Vec::new();
    if let Some(Condition::Measured(condition)) = &escalation.when {
        condition.walk(&mut |part| {
            if let ExprKind::Attribute { of: Subject::Priority { support, priority }, attribute } = &part.kind {
                let support = model.supports.get(support);
                let both = support.and_then(|support| Some((support, support.priority(priority)?)));
                found.extend(both.map(|(support, priority)| (support, priority, *attribute)));
            }
        });
    }
    found
}

/// Steps count all time. Around the clock the deadline is as near as it says; on a calendar it is as near as that for
/// a case that is opened when the calendar opens, if the deadline falls on the same day.
fn comes_late(model: &Model, step: &EscalationStep, start: Option<&Clock<'_>>, resolve: &Clock<'_>) -> bool {
    let after = step.after.approximate_seconds().0;
    let head = match start {
        Some(start) => match start.time.amount {
            Amount::Elapsed(_) => start.time.amount.approximate_seconds().0,
            _ => return false,
        },
        None => Exact::zero(),
    };
    let due = match (resolve.time.calendar, resolve.time.amount) {
        (CalendarRef::Always, amount) => amount.approximate_seconds().1,
        (CalendarRef::Named(name), Amount::Elapsed(length)) => {
            let day = model.calendars.get(name).and_then(|declared| declared.calendar.working_day_length());
            match day {
                Some(day) if *length <= day => length.seconds().clone(),
                _ => return false,
            }
        }
        _ => return false,
    };
    after + head >= due
}

fn finding(step: &EscalationStep, priority: &Priority, start: Option<&Clock<'_>>, resolve: &Clock<'_>) -> Diagnostic {
    let (name, after) = (&priority.head.name, &step.after);
    let due: &Clocked<'_> = &resolve.time;
    let message = format!("the step after {after} comes when the resolution of `{name}` is already due");
    let witness = match (start, due.calendar) {
        (Some(start), _) => {
            format!(
                "a `{name}` without a response is late after {}, and the step comes {after} later; it is due after {due}",
                start.time
            )
        }
        (None, CalendarRef::Named(_)) => {
            format!(
                "a `{name}` opened as the hours begin is due {} later, and the step comes after {after}",
                due.amount
            )
        }
        (None, CalendarRef::Always) => {
            format!("a `{name}` opened at 10:00 is due {due} later, and the step comes after {after}")
        }
    };
    let finding = Diagnostic::new(codes::ESCALATION_TOO_LATE, step.span, message)
        .primary(format!("{after} after the start"))
        .label(resolve.span, format!("due within {due}"));
    let finding = match start {
        Some(start) => finding.label(start.span, "late from here on"),
        None => finding,
    };
    finding.witness(witness).help("let the last step come while there is still time to act")
}
