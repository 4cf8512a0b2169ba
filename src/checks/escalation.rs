//! Escalations: steps in order, and in time for the deadline that they protect.

use super::amounts::Clocked;
use super::slack;
use super::support::{Clock, deadline};
use crate::calculus::{Attribute, ExprKind, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{CalendarRef, Condition, Escalation, EscalationStep, Model, Priority, Support};
use crate::values::{Calendar, Date, Duration, Exact, Period, PeriodUnit};

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

/// The steps come before what they protect is due: the resolution of the cases that they watch, or their response.
pub(super) fn too_late(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for escalation in &model.escalations {
        for (support, priority, attribute) in watched(model, escalation) {
            let respond = deadline(support, priority.respond.as_ref());
            let resolve = deadline(support, priority.resolve.as_ref());
            let watch = match (attribute, resolve, respond) {
                (Attribute::Open, Some(due), _) => Watch { what: "resolution", start: None, due },
                // Of one that could not be read it is not known that there is none.
                (Attribute::Open, None, Some(due)) if !priority.head.poisoned => {
                    Watch { what: "response", start: None, due }
                }
                // A case is late first when no response came; its resolution is still ahead.
                (Attribute::Late, Some(due), start @ Some(_)) => Watch { what: "resolution", start, due },
                _ => continue,
            };
            let cases = watch.cases(model);
            let late = escalation.steps.iter().find_map(|step| {
                let after = step.after.approximate_seconds().0;
                let case = cases.iter().find(|case| &after + &case.start >= *case.due.seconds())?;
                Some(watch.finding(step, priority, case))
            });
            found.extend(late);
        }
    }
    found
}

/// What an escalation watches of a priority: from when its steps are counted, and what is due.
struct Watch<'a> {
    what: &'static str,
    start: Option<Clock<'a>>,
    due: Clock<'a>,
}

/// One case: in how many seconds from its opening the escalation starts at the earliest, and when it is due.
struct Case {
    start: Exact,
    due: Duration,
}

/// For so many days openings of cases are tried: some weeks of them are without holidays.
const DAYS: usize = 35;

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

impl Watch<'_> {
    /// The cases that are due soonest. Steps count all time, deadlines the hours of a calendar: what is opened when
    /// the calendar opens has the least time in all.
    fn cases(&self, model: &Model) -> Vec<Case> {
        let zone = model.agreement.clock();
        let from = model.agreement.effective.as_ref().map_or(Date::constant(2027, 1, 1), |term| term.from);
        let Some(last) = Period::new(2, PeriodUnit::Year).add_to(from) else { return Vec::new() };
        let clocks = self.start.iter().chain([&self.due]);
        let named = clocks.filter_map(|clock| match clock.time.calendar {
            CalendarRef::Named(name) => model.calendars.get(name).map(|declared| &declared.calendar),
            CalendarRef::Always => None,
        });
        let named: Vec<&Calendar> = named.collect();
        let around_the_clock = [&Calendar::Always];
        let calendars = if named.is_empty() { around_the_clock.as_slice() } else { named.as_slice() };
        let openings = calendars.iter().flat_map(|calendar| calendar.openings(&zone, from, DAYS));
        let case = |(opened, _)| {
            let start = match &self.start {
                // Days around the clock may be shorter than others.
                Some(start) if *start.time.calendar == CalendarRef::Always => start.time.elapsed().0,
                Some(start) => start.time.wait(model, &zone, opened, last)?.seconds().clone(),
                None => Exact::zero(),
            };
            Some(Case { start, due: self.due.time.wait(model, &zone, opened, last)? })
        };
        let mut cases: Vec<Case> = openings.filter_map(case).collect();
        cases.sort_by_key(|case| case.due.seconds() - &case.start);
        cases
    }

    fn finding(&self, step: &EscalationStep, priority: &Priority, case: &Case) -> Diagnostic {
        let (name, after, what) = (&priority.head.name, &step.after, self.what);
        let due: &Clocked<'_> = &self.due.time;
        let message = format!("the step after {after} comes when the {what} of `{name}` is already due");
        let witness = match (&self.start, due.calendar) {
            (Some(start), _) => {
                format!(
                    "a `{name}` without a response is late after {}, and the step comes {after} later; it is due after {due}",
                    start.time
                )
            }
            (None, CalendarRef::Named(_)) => {
                let least = slack::words(&case.due);
                format!("a `{name}` opened as the hours begin is due {least} later, and the step comes after {after}")
            }
            (None, CalendarRef::Always) => {
                format!("a `{name}` opened at 10:00 is due {due} later, and the step comes after {after}")
            }
        };
        let finding = Diagnostic::new(codes::ESCALATION_TOO_LATE, step.span, message)
            .primary(format!("{after} after the start"))
            .label(self.due.span, format!("due within {due}"));
        let finding = match &self.start {
            Some(start) => finding.label(start.span, "late from here on"),
            None => finding,
        };
        finding.witness(witness).help("let the last step come while there is still time to act")
    }
}
