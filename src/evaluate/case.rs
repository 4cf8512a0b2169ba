//! The clocks of a case.

use super::budget::Budget;
use super::derivation::Step;
use super::gap::Gap;
use super::interval::{Interval, nanos, seconds};
use super::records::CaseRecord;
use crate::calculus::{Binary, CaseReading, Expr, ExprKind, Value, shown};
use crate::model::{CalendarRef, Deadline, Model, Pause, PauseSpan, Priority, Reclassify, Support};
use crate::values::intervals::{intersect, merge, subtract};
use crate::values::{Amount, Calendar, Duration, Exact, Period, PeriodUnit, Timestamp, Zone};

/// Stretches of time, in order, apart from each other.
type Stretches = Vec<(i128, i128)>;

/// The clocks of one case.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub model: &'a Model,
    /// The signal that it is a case of.
    pub signal: &'a str,
    /// Who handles it; of a case that nobody handles, all time counts.
    pub support: Option<&'a Support>,
    pub record: &'a CaseRecord,
    pub zone: &'a Zone,
    pub budget: &'a Budget,
    /// Up to when things are known.
    pub until: i128,
    /// Time that does not count.
    pub cut: &'a [(i128, i128)],
}

impl<'a> Case<'a> {
    /// The value of `MILESTONE.after` or `MILESTONE.in_time`.
    pub fn reading(&self, milestone: &str, reading: CaseReading, steps: &mut Vec<Step>) -> Result<Value, Gap> {
        let reached = self.reached(milestone);
        let end = reached.unwrap_or(self.until);
        let deadline = self.priority(end)?.and_then(|priority| deadline_of(priority, milestone));
        if reading == CaseReading::After || deadline.is_none() {
            let deadline_is_asked = reading == CaseReading::InTime;
            reached.ok_or_else(|| Gap::Unknown(milestone.to_owned()))?;
            let time = self.time(milestone, end, steps)?;
            return if deadline_is_asked {
                Err(Gap::Open(format!("{milestone}.in_time")))
            } else {
                Ok(Value::Duration(time))
            };
        }
        let deadline = deadline.ok_or(Gap::Poisoned)?;
        let time = self.time(milestone, end, steps)?;
        let most = self.on_the_clock(deadline)?;
        steps.push(Step::new(format!("deadline of `{milestone}`"), shown(&Value::Duration(most.clone()))));
        match reached {
            Some(_) => Ok(Value::Boolean(time <= most)),
            // Whatever is to come, it is too late.
            None if time > most => Ok(Value::Boolean(false)),
            None => Err(Gap::Unknown(milestone.to_owned())),
        }
    }

    /// When the case is judged by a milestone: when that is reached or its deadline passes, whichever is earlier. Nothing
    /// where neither has happened.
    pub fn judged(&self, milestone: &str) -> Result<Option<i128>, Gap> {
        let reached = self.reached(milestone);
        let end = reached.unwrap_or(self.until);
        let deadline = self.priority(end)?.and_then(|priority| deadline_of(priority, milestone));
        let Some(deadline) = deadline else { return Ok(reached) };
        let mut left = nanos(&self.on_the_clock(deadline)?).ok_or(Gap::TooLong)?;
        for (start, stop) in self.running(milestone, end)?.1 {
            if stop - start >= left {
                return Ok(Some(start + left));
            }
            left -= stop - start;
        }
        Ok(reached)
    }

    /// Whether the time to a milestone that is not reached compares with a bound, where the time up to now decides it.
    pub fn by_now(&self, milestone: &str, op: Binary, bound: &Duration) -> Result<Option<bool>, Gap> {
        if self.reached(milestone).is_some() {
            return Ok(None);
        }
        let passed = self.time(milestone, self.until, &mut Vec::new())?;
        Ok(match op {
            Binary::AtMost | Binary::Greater => (passed > *bound).then_some(op == Binary::Greater),
            Binary::Less | Binary::AtLeast => (passed >= *bound).then_some(op == Binary::AtLeast),
            _ => None,
        })
    }

    /// Whether the case has a deadline for a milestone, by the priority that it has when that is reached.
    pub fn has_deadline(&self, milestone: &str) -> bool {
        let at = self.reached(milestone).unwrap_or(self.until);
        self.priority(at).is_ok_and(|priority| priority.is_some_and(|it| deadline_of(it, milestone).is_some()))
    }

    /// When a milestone was reached: for the first time, but after a reopening the last resolution counts.
    pub fn reached(&self, name: &str) -> Option<i128> {
        let times = self.times(name);
        if name != "resolved" {
            return times.first().copied();
        }
        let last = times.last().copied()?;
        self.times("reopened").last().is_none_or(|again| *again <= last).then_some(last)
    }

    /// Whether a name is that of a milestone that the case has not reached.
    pub fn awaits(&self, name: &str) -> bool {
        let signal = self.model.signals.get(self.signal);
        signal.is_some_and(|signal| signal.milestones.iter().any(|one| one.head.name == name))
            && self.reached(name).is_none()
    }

    /// The name of the milestone that opens a case.
    pub fn opening(&self) -> Option<&'a str> {
        let first = self.model.signals.get(self.signal)?.milestones.first()?;
        Some(first.head.name.as_str())
    }

    /// The priority that the case has at an instant; nothing where nobody handles it.
    pub fn priority(&self, at: i128) -> Result<Option<&'a Priority>, Gap> {
        let Some(support) = self.support else { return Ok(None) };
        let name = self.record.priority(at).ok_or_else(|| Gap::Unknown("priority".to_owned()))?;
        support.priority(name).map(Some).ok_or(Gap::Poisoned)
    }

    /// The hours in which its clock runs: those of a deadline, or of who handles it.
    fn hours(&self, own: Option<&'a CalendarRef>) -> &'a CalendarRef {
        self.support.map_or(&CalendarRef::Always, |support| support.hours(own))
    }

    /// The time on the clock of a milestone up to an instant.
    fn time(&self, milestone: &str, end: i128, steps: &mut Vec<Step>) -> Result<Duration, Gap> {
        let (of_parts, running) = self.running(milestone, end)?;
        steps.extend(of_parts);
        Ok(length(&running))
    }

    /// When the clock of a milestone runs, up to an instant, and how that comes about.
    fn running(&self, milestone: &str, end: i128) -> Result<(Vec<Step>, Stretches), Gap> {
        let first = self.opening().ok_or(Gap::Poisoned)?;
        let opened = self.reached(first).ok_or_else(|| Gap::Unknown(first.to_owned()))?;
        let mut changes: Vec<i128> = self.record.priorities.iter().skip(1).map(|(from, _)| *from).collect();
        changes.retain(|change| opened < *change && *change < end);
        let restarts = self.support.is_some_and(|support| support.on_reclassification() == Reclassify::RestartClock);
        let start = changes.last().copied().filter(|_| restarts).unwrap_or(opened);
        let still = self.paused(start, end)?;
        let (mut steps, mut paused, mut running) = (Vec::new(), Stretches::new(), Stretches::new());
        for part in (Interval { start, end }).cut_at(&changes) {
            let priority = self.priority(part.start)?;
            let deadline = priority.and_then(|priority| deadline_of(priority, milestone));
            let hours = self.hours(deadline.and_then(|it| it.calendar.as_ref()));
            let open = self.open(hours, part)?;
            let from = match priority {
                Some(priority) if part.start != opened => format!("`{}`", priority.head.name),
                _ => format!("`{first}`"),
            };
            let to = match (part.end == end, self.reached(milestone)) {
                (true, Some(_)) => format!("`{milestone}`"),
                (true, None) => "the end of what is known".to_owned(),
                (false, _) => "the next priority".to_owned(),
            };
            let what = format!("{from} to {to} on {}", hours_in_words(hours));
            steps.push(Step::new(what, shown(&Value::Duration(length(&open)))));
            paused.extend(intersect(&open, &still));
            running.extend(subtract(&open, &still));
        }
        let each = still.iter().map(|one| length(&intersect(&paused, &[*one])));
        steps.extend(each.map(|time| Step::new("the clock stood still", shown(&Value::Duration(time)))));
        Ok((steps, running))
    }

    /// Every time at which a milestone was reached, in order.
    fn times(&self, name: &str) -> Vec<i128> {
        let times = self.record.milestones.iter().filter(|(milestone, _)| milestone == name);
        let mut times: Vec<i128> = times.map(|(_, time)| *time).collect();
        times.sort_unstable();
        times
    }

    /// When the clock stands still between two instants.
    fn paused(&self, start: i128, end: i128) -> Result<Stretches, Gap> {
        let mut pauses: Stretches = self.cut.to_vec();
        for pause in self.support.map_or(&[][..], |support| &support.pauses) {
            if !self.applies(pause, end)? {
                continue;
            }
            match &pause.during {
                PauseSpan::While(_, name) => {
                    let spans = self.record.spans.iter().filter(|(span, ..)| span == name);
                    pauses.extend(spans.map(|(_, from, to)| (*from, to.unwrap_or(end))));
                }
                PauseSpan::Between { from, until, .. } => {
                    let goes_on = self.times(until);
                    for from in self.times(from) {
                        pauses.push((from, goes_on.iter().copied().find(|until| *until > from).unwrap_or(end)));
                    }
                }
                // What people judge is not on record: the clock runs.
                PauseSpan::Judged(_) => {}
            }
        }
        Ok(merge(pauses.into_iter().map(|(from, to)| (from.max(start), to.min(end))).collect()))
    }

    /// Whether a pause is for cases like this one.
    fn applies(&self, pause: &Pause, at: i128) -> Result<bool, Gap> {
        let Some(priority) = self.priority(at)? else { return Ok(true) };
        Ok(pause.when.as_ref().is_none_or(|when| holds_for(when, &priority.head.name).unwrap_or(true)))
    }

    /// The hours of a calendar within an interval.
    fn open(&self, hours: &CalendarRef, at: Interval) -> Result<Stretches, Gap> {
        let calendar = self.calendar(hours)?;
        if *calendar == Calendar::Always || at.is_empty() {
            return Ok(if at.is_empty() { Vec::new() } else { vec![(at.start, at.end)] });
        }
        let date = |at: i128| Timestamp::from_nanosecond(at).map(|at| self.zone.date(at)).map_err(|_| Gap::TooLong);
        let (from, to) = (date(at.start)?, date(at.end)?);
        let days = from.until(to).map_or(0, |span| span.get_days()) + 1;
        let days = usize::try_from(days).map_err(|_| Gap::TooLong)?;
        self.budget.spend(u64::try_from(days).unwrap_or(u64::MAX))?;
        let openings = calendar.openings(self.zone, from, days);
        let openings: Stretches = openings.map(|(open, close)| (open.as_nanosecond(), close.as_nanosecond())).collect();
        Ok(intersect(&openings, &[(at.start, at.end)]))
    }

    fn calendar(&self, hours: &CalendarRef) -> Result<&'a Calendar, Gap> {
        match hours {
            CalendarRef::Always => Ok(&Calendar::Always),
            CalendarRef::Named(name) => Ok(&self.model.calendars.get(name).ok_or(Gap::Poisoned)?.calendar),
        }
    }

    /// How much open time a deadline leaves: a day is the length of a working day, or 24 hours around the clock.
    fn on_the_clock(&self, deadline: &'a Deadline) -> Result<Duration, Gap> {
        let hours = self.hours(deadline.calendar.as_ref());
        let days = match &deadline.amount {
            Amount::Elapsed(duration) => return Ok(duration.clone()),
            Amount::Period(Period { count, unit: PeriodUnit::Day }) => i64::from(*count),
            Amount::Period(Period { count, unit: PeriodUnit::Week }) => i64::from(*count) * 7,
            other => return Err(Gap::Open(other.to_string())),
        };
        let day = self.calendar(hours)?.working_day_length().ok_or(Gap::Poisoned)?;
        Ok(day.times(&Exact::from_int(days)))
    }
}

/// Whether a condition on the priority holds for one; nothing for any other condition.
fn holds_for(when: &Expr, priority: &str) -> Option<bool> {
    let is = |expr: &Expr| matches!(&expr.kind, ExprKind::Literal(Value::Text(name)) if name == priority);
    match &when.kind {
        ExprKind::Unary { operand, .. } => holds_for(operand, priority).map(|holds| !holds),
        ExprKind::Binary { op: Binary::And, left, right } => {
            Some(holds_for(left, priority)? && holds_for(right, priority)?)
        }
        ExprKind::Binary { op: Binary::Or, left, right } => {
            Some(holds_for(left, priority)? || holds_for(right, priority)?)
        }
        ExprKind::Binary { op, left, right } if matches!(left.kind, ExprKind::CasePriority) => {
            match (op, &right.kind) {
                (Binary::In, ExprKind::List(items)) => Some(items.iter().any(is)),
                (Binary::Equal, _) => Some(is(right)),
                (Binary::NotEqual, _) => Some(!is(right)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// How long stretches are together.
fn length(all: &[(i128, i128)]) -> Duration {
    Duration::from_seconds(seconds(all.iter().map(|(start, end)| end - start).sum()))
}

/// The cases whose value is not known since they have not reached a milestone, with the milestone of the first one.
#[derive(Default)]
pub(super) struct Awaited(Option<(String, u64)>);

impl Awaited {
    /// The value of a case; nothing, and it is noted, if the case has not reached the milestone that the value needs.
    pub fn or_known<T>(&mut self, case: &Case<'_>, value: Result<T, Gap>) -> Result<Option<T>, Gap> {
        match value {
            Err(Gap::Unknown(name)) if case.awaits(&name) => {
                self.0.get_or_insert((name, 0)).1 += 1;
                Ok(None)
            }
            other => other.map(Some),
        }
    }

    /// Fails if any was noted.
    pub fn none(self) -> Result<(), Gap> {
        self.0.map_or(Ok(()), |(milestone, cases)| Err(Gap::Awaited(milestone, cases)))
    }
}

/// The time that a priority promises for a milestone.
fn deadline_of<'a>(priority: &'a Priority, milestone: &str) -> Option<&'a Deadline> {
    match milestone {
        "responded" => priority.respond.as_ref(),
        "worked_around" => priority.work_around.as_ref(),
        "resolved" => priority.resolve.as_ref(),
        _ => None,
    }
}

fn hours_in_words(hours: &CalendarRef) -> String {
    match hours {
        CalendarRef::Always => "`always`".to_owned(),
        CalendarRef::Named(name) => format!("`{name}`"),
    }
}
