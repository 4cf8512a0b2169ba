//! How a desk is reached: while a clock of it runs, somebody can be told of the case.

use super::time::horizon;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarRef, Deadline, Model, Priority, Support};
use crate::source::Span;
use crate::values::{Calendar, Date, DateTime, Zone};
use crate::wording::date_time;

/// How many days are looked at: whatever is not open in one of the year's weeks is not in another one's.
const DAYS: usize = 400;

/// The clock of each priority runs in hours in which a channel of its support is open.
pub(super) fn channels(model: &Model) -> Vec<Diagnostic> {
    let Some((from, _)) = horizon(model) else { return Vec::new() };
    let desks = model.supports.iter().filter(|support| !support.channels.is_empty() && !support.head.poisoned);
    desks.flat_map(|support| out_of_reach(model, support, from)).collect()
}

fn out_of_reach(model: &Model, support: &Support, from: Date) -> Vec<Diagnostic> {
    let hours = support.channels.iter().map(|channel| calendar(model, support.hours(channel.calendar.as_ref())));
    let Some(hours) = hours.collect::<Option<Vec<Calendar>>>().filter(|all| !all.contains(&Calendar::Always)) else {
        return Vec::new();
    };
    let (reached, zone) = (Calendar::Or(hours), model.agreement.clock());
    let of_priority = |priority: &Priority| {
        let due = [&priority.respond, &priority.work_around, &priority.resolve];
        due.into_iter().flatten().find_map(|deadline| {
            let lost = lost(model, support, deadline, &reached, &zone, from)?;
            Some(told(support, priority, deadline.span, &lost))
        })
    };
    support.priorities.iter().filter(|priority| !priority.head.poisoned).filter_map(of_priority).collect()
}

/// A time in which a clock runs and nobody is reached.
struct Lost {
    from: DateTime,
    /// When the next channel opens, if one does.
    until: Option<DateTime>,
}

fn lost(
    model: &Model,
    support: &Support,
    deadline: &Deadline,
    reached: &Calendar,
    zone: &Zone,
    from: Date,
) -> Option<Lost> {
    let clock = calendar(model, support.hours(deadline.calendar.as_ref()))?;
    let alone = Calendar::Except(Box::new(clock), Box::new(reached.clone()));
    let (start, _) = alone.openings(zone, from, DAYS).next()?;
    let mut open = reached.openings(zone, zone.date(start), DAYS).map(|(opens, _)| opens);
    let until = open.find(|opens| *opens > start).map(|opens| zone.local(opens));
    Some(Lost { from: zone.local(start), until })
}

fn told(support: &Support, priority: &Priority, at: Span, lost: &Lost) -> Diagnostic {
    let (name, desk) = (&priority.head.name, &support.head.name);
    let until = lost.until.map_or_else(String::new, |until| format!(" before {}", date_time(until)));
    let message = format!("the clock of `{name}` runs while no channel of `{desk}` is open");
    let finding = Diagnostic::new(codes::OUT_OF_REACH, at, message)
        .primary("this time runs in more hours than the desk can be reached in")
        .witness(format!(
            "a case of `{name}` on {} is on the clock at once, and nobody can be told of it{until}",
            date_time(lost.from)
        ))
        .help("add a channel for such cases, such as `channel phone \"…\" on always`, or count the time in the hours of a channel");
    match support.channels.first() {
        Some(channel) => finding.label(channel.head.name_span, "a channel in fewer hours"),
        None => finding,
    }
}

fn calendar(model: &Model, hours: &CalendarRef) -> Option<Calendar> {
    Some(match hours {
        CalendarRef::Always => Calendar::Always,
        CalendarRef::Named(name) => {
            model.calendars.get(name).filter(|declared| !declared.head.poisoned)?.calendar.clone()
        }
    })
}
