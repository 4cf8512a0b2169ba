//! Pauses from one milestone of a case to another: those that never end before the deadline, and those that never begin.

use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Model, Pause, PauseSpan, Priority, Signal, Support};

/// A pause stops a clock for a time, and not for good.
pub(super) fn endless(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for support in &model.supports {
        for pause in &support.pauses {
            let PauseSpan::Between { signal, from, until } = &pause.during else { continue };
            let Some(signal) = model.signals.get(signal).filter(|signal| !signal.head.poisoned) else { continue };
            let Some(first) = signal.milestones.first().map(|first| first.head.name.as_str()) else { continue };
            if from == until || until == first {
                found.push(never_begins(pause, first, from, until));
            } else if from == first && pause.when.is_none() {
                found.extend(never_runs(support, signal, pause, until));
            }
        }
    }
    found
}

fn never_begins(pause: &Pause, first: &str, from: &str, until: &str) -> Diagnostic {
    let reason = if from == until {
        format!("`{from}` comes once, so that no time passes between")
    } else {
        format!("a case begins with `{first}`, so that `{until}` never comes after `{from}`")
    };
    Diagnostic::new(codes::CLOCK_NEVER_RUNS, pause.span, format!("the pause until `{until}` never stops a clock"))
        .severity(Severity::Warning)
        .primary("no time at all")
        .witness(reason)
        .help("name the milestone at which the clock goes on, or delete the pause")
}

/// A pause from the opening of a case to the end of a deadline leaves its clock no time.
fn never_runs(support: &Support, signal: &Signal, pause: &Pause, until: &str) -> Option<Diagnostic> {
    let place = |name: &str| signal.milestones.iter().position(|milestone| milestone.head.name == name);
    let goes_on = place(until)?;
    let deadlines = |priority: &Priority| {
        [
            ("responded", priority.respond.clone()),
            ("worked_around", priority.work_around.clone()),
            ("resolved", priority.resolve.clone()),
        ]
    };
    let stopped = support.priorities.iter().flat_map(deadlines).find_map(|(milestone, deadline)| {
        let ends = place(milestone).filter(|ends| *ends <= goes_on)?;
        deadline.map(|deadline| (ends, milestone, deadline))
    });
    let (_, milestone, deadline) = stopped?;
    Some(
        Diagnostic::new(codes::CLOCK_NEVER_RUNS, pause.span, format!("the clock until `{milestone}` never runs"))
            .primary(format!("stands still until `{until}`"))
            .label(deadline.span, "no time of this ever passes")
            .witness(format!("a case that is `{milestone}` after a year has used none of {}", deadline.amount))
            .help("name a milestone within the work as the start of the pause, or limit it with `when …`"),
    )
}
