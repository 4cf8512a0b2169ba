//! Service desks: the times of a priority among each other, of priorities, and of recoveries.

use super::amounts::Clocked;
use super::starts::{Late, Starts};
use super::suppliers::is_under;
use crate::diagnostics::{Code, Diagnostic, codes};
use crate::model::{CalendarRef, Deadline, Every, Model, Priority, Recurrence, Support};
use crate::source::Span;
use std::collections::BTreeMap;

/// One time of a priority.
#[derive(Clone, Debug)]
pub(super) struct Clock<'a> {
    pub time: Clocked<'a>,
    pub span: Span,
}

pub(super) fn deadline<'a>(support: &'a Support, deadline: Option<&'a Deadline>) -> Option<Clock<'a>> {
    // A deadline of no time at all is told as such.
    let deadline = deadline.filter(|deadline| !deadline.amount.is_zero())?;
    let calendar = support.hours(deadline.calendar.as_ref());
    Some(Clock { time: Clocked { amount: &deadline.amount, calendar }, span: deadline.span })
}

fn rhythm<'a>(support: &'a Support, every: Option<&'a Recurrence>) -> Option<Clock<'a>> {
    let every = every?;
    match &every.every {
        Every::Amount(amount) => {
            let calendar = support.hours(every.calendar.as_ref());
            Some(Clock { time: Clocked { amount, calendar }, span: every.span })
        }
        Every::Window(_) => None,
    }
}

/// The calendars on which the times of a support are counted.
pub(super) fn hours(support: &Support) -> impl Iterator<Item = &CalendarRef> {
    support.priorities.iter().flat_map(|priority| {
        let due = [&priority.respond, &priority.work_around, &priority.resolve].into_iter().flatten();
        let own = due.map(|deadline| deadline.calendar.as_ref());
        let all = own.chain(priority.update.iter().map(|every| every.calendar.as_ref()));
        all.map(|own| support.hours(own))
    })
}

/// Response, workaround and the first update come before the resolution.
pub(super) fn within_a_priority(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for support in &model.supports {
        let mut starts = Starts::of(model, support);
        for priority in &support.priorities {
            let resolve = deadline(support, priority.resolve.as_ref());
            let pairs = [
                (codes::SLOW_RESPONSE, "the response", deadline(support, priority.respond.as_ref())),
                (codes::SLOW_WORKAROUND, "the workaround", deadline(support, priority.work_around.as_ref())),
                (codes::SLOW_UPDATES, "the first update", rhythm(support, priority.update.as_ref())),
            ];
            for (code, what, time) in pairs {
                let (Some(time), Some(resolve)) = (&time, &resolve) else { continue };
                let finding = if time.time.surely_after(&resolve.time, model) {
                    Some(slower((support, priority), (code, what), time, resolve))
                } else {
                    let late = starts.late(&time.time, &resolve.time);
                    late.map(|late| slower_at_times(priority, (code, what), time, resolve, &late))
                };
                found.extend(finding);
            }
        }
    }
    found
}

fn slower(
    (support, priority): (&Support, &Priority),
    (code, what): (&'static Code, &str),
    time: &Clock<'_>,
    resolve: &Clock<'_>,
) -> Diagnostic {
    let (slow, resolve_time) = (&time.time, &resolve.time);
    let name = &priority.head.name;
    let message = format!("{what} of `{name}` is due after its resolution");
    // A time that a template of another file sets is not one that its user could choose.
    let is_set_elsewhere = time.span.file.plain() != support.head.span.file.plain();
    let help = match is_set_elsewhere {
        true => format!(
            "choose a resolution of {slow} or more, or write `{name}` with its times in `{}`, in place of the template",
            support.head.name
        ),
        false => format!("choose a time shorter than {resolve_time}"),
    };
    Diagnostic::new(code, time.span, message)
        .primary(format!("due after {slow}"))
        .label(resolve.span, format!("resolved within {resolve_time}"))
        .witness(format!("a case may be resolved in time, after {resolve_time}, and {what} is not due until {slow}"))
        .help(help)
}

/// What can be done where two times are counted in different hours.
const ONE_CALENDAR: &str = "count both on one calendar, or leave more time between them";

fn slower_at_times(
    priority: &Priority,
    (code, what): (&'static Code, &str),
    time: &Clock<'_>,
    resolve: &Clock<'_>,
    late: &Late,
) -> Diagnostic {
    let Late { opened, slow, fast } = late;
    let message = format!("{what} of `{}` may be due after its resolution", priority.head.name);
    Diagnostic::new(code, time.span, message)
        .primary(format!("due after {}", time.time))
        .label(resolve.span, format!("resolved within {}", resolve.time))
        .witness(format!("a case opened on {opened} is to be resolved by {fast}, and {what} is not due until {slow}"))
        .help(ONE_CALENDAR)
}

/// A higher priority is never slower than a lower one.
pub(super) fn priorities(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for support in &model.supports {
        type Pick = for<'a> fn(&'a Support, &'a Priority) -> Option<Clock<'a>>;
        let kinds: [(&str, Pick); 4] = [
            ("responds", |support, priority| deadline(support, priority.respond.as_ref())),
            ("gives news", |support, priority| rhythm(support, priority.update.as_ref())),
            ("finds a workaround", |support, priority| deadline(support, priority.work_around.as_ref())),
            ("resolves", |support, priority| deadline(support, priority.resolve.as_ref())),
        ];
        let mut starts = Starts::of(model, support);
        for (verb, pick) in kinds {
            let clocks: Vec<(&Priority, Clock<'_>)> =
                support.priorities.iter().filter_map(|priority| Some((priority, pick(support, priority)?))).collect();
            let overtaken = starts.overtaken(&clocks.iter().map(|(_, clock)| &clock.time).collect::<Vec<_>>());
            for ((index, (high, slow)), overtaken) in clocks.iter().enumerate().zip(overtaken) {
                let mut lower = clocks.iter().skip(index + 1);
                let faster = lower.find(|(_, fast)| slow.time.surely_after(&fast.time, model));
                let at_times = overtaken.and_then(|(by, late)| Some((clocks.get(by)?, late)));
                found.extend(match (faster, at_times) {
                    (Some((low, fast)), _) => Some(inverted(verb, (high, slow), (low, fast))),
                    (None, Some(((low, fast), late))) => {
                        Some(inverted_at_times(verb, (high, slow), (low, fast), &late))
                    }
                    (None, None) => None,
                });
            }
        }
    }
    found
}

fn inverted(verb: &str, (high, slow): (&Priority, &Clock<'_>), (low, fast): (&Priority, &Clock<'_>)) -> Diagnostic {
    let (high, low) = (&high.head.name, &low.head.name);
    let message = format!("`{high}` {verb} more slowly than the lower priority `{low}`");
    Diagnostic::new(codes::PRIORITIES_OUT_OF_ORDER, slow.span, message)
        .primary(format!("{} for `{high}`", slow.time))
        .label(fast.span, format!("{} for `{low}`", fast.time))
        .witness(format!(
            "of two cases opened together, `{low}` is due after {}, `{high}` only after {}",
            fast.time, slow.time
        ))
        .help("priorities are listed from the highest to the lowest: exchange the times, or the priorities")
}

fn inverted_at_times(
    verb: &str,
    (high, slow): (&Priority, &Clock<'_>),
    (low, fast): (&Priority, &Clock<'_>),
    late: &Late,
) -> Diagnostic {
    let (high, low) = (&high.head.name, &low.head.name);
    let message = format!("`{high}` at times {verb} more slowly than the lower priority `{low}`");
    Diagnostic::new(codes::PRIORITIES_OUT_OF_ORDER, slow.span, message)
        .primary(format!("{} for `{high}`", slow.time))
        .label(fast.span, format!("{} for `{low}`", fast.time))
        .witness(format!(
            "of two cases opened on {}, `{low}` is due by {}, `{high}` only by {}",
            late.opened, late.fast, late.slow
        ))
        .help(ONE_CALENDAR)
}

/// A service can be recovered within the time in which its gravest incident is to be resolved.
pub(super) fn recoveries(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut starts: BTreeMap<&str, Starts<'_>> = BTreeMap::new();
    for recovery in &model.recoveries {
        let (Some(of), Some(rto)) = (&recovery.of, &recovery.rto) else { continue };
        let time = Clocked { amount: &rto.value, calendar: &CalendarRef::Always };
        let supports = model.supports.iter().filter(|support| is_under(&support.head.variant, &recovery.head.variant));
        let supports = supports.filter(|support| {
            support.head.name == of.value || support.of.as_ref().is_some_and(|service| service.value == of.value)
        });
        for support in supports {
            let Some(priority) = support.priorities.first() else { continue };
            let Some(resolve) = deadline(support, priority.resolve.as_ref()) else { continue };
            let name = &priority.head.name;
            let witness = if time.surely_after(&resolve.time, model) {
                format!("a disaster that is recovered in time, after {time}, is a late `{name}`")
            } else if let Some(Late { opened, slow, fast }) = starts
                .entry(&support.head.name)
                .or_insert_with(|| Starts::of(model, support))
                .late(&time, &resolve.time)
            {
                format!("a `{name}` of {opened} is to be resolved by {fast}, and the recovery has time until {slow}")
            } else {
                continue;
            };
            let message =
                format!("the recovery `{}` may take longer than `{name}` is to be resolved in", recovery.head.name);
            found.push(
                Diagnostic::new(codes::SLOW_RECOVERY, rto.span, message)
                    .primary(format!("back after {time}"))
                    .label(resolve.span, format!("`{name}` is resolved within {}", resolve.time))
                    .witness(witness)
                    .help(format!("plan the recovery within {}, or promise a later resolution", resolve.time)),
            );
        }
    }
    found
}
