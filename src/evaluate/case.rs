//! The clocks of a case that an example gives.

use super::budget::Budget;
use super::derivation::Step;
use super::gap::Gap;
use crate::calculus::{Binary, CaseReading, Expr, ExprKind, Value, shown};
use crate::model::{CalendarRef, Deadline, GivenCase, Model, Pause, PauseSpan, Priority, Support};
use crate::values::intervals::merge;
use crate::values::{Amount, Calendar, DateTime, Duration, Edge, Exact, Period, PeriodUnit, Timestamp, Zone};

/// The clocks of one case.
pub(super) struct Case<'a> {
    pub model: &'a Model,
    pub support: &'a Support,
    pub given: &'a GivenCase,
    pub zone: Zone,
    pub budget: &'a Budget,
}

impl<'a> Case<'a> {
    /// The value of `MILESTONE.after` or `MILESTONE.in_time`.
    pub fn reading(&self, milestone: &str, reading: CaseReading, steps: &mut Vec<Step>) -> Result<Value, Gap> {
        let priority = self.support.priority(&self.given.priority.value).ok_or(Gap::Poisoned)?;
        let deadline = deadline_of(priority, milestone);
        let hours = self.support.hours(deadline.and_then(|deadline| deadline.calendar.as_ref()));
        let after = self.after(milestone, hours, steps)?;
        match reading {
            CaseReading::After => Ok(Value::Duration(after)),
            CaseReading::InTime => {
                let deadline = deadline.ok_or_else(|| Gap::Open(format!("{milestone}.in_time")))?;
                let most = self.on_the_clock(&deadline.amount, hours)?;
                steps.push(Step::new(format!("deadline of `{milestone}`"), shown(&Value::Duration(most.clone()))));
                Ok(Value::Boolean(after <= most))
            }
        }
    }

    /// The time on the clock from the first milestone to another.
    fn after(&self, milestone: &str, hours: &CalendarRef, steps: &mut Vec<Step>) -> Result<Duration, Gap> {
        let signal =
            self.support.cases.as_ref().and_then(|cases| self.model.signals.get(&cases.value)).ok_or(Gap::Poisoned)?;
        let first = signal.milestones.first().map(|first| first.head.name.as_str()).ok_or(Gap::Poisoned)?;
        let (start, end) = (self.milestone(first)?, self.milestone(milestone)?);
        let calendar = self.calendar(hours)?;
        let days = self.zone.date(start).until(self.zone.date(end)).map_or(0, |span| span.get_days());
        self.budget.spend(u64::try_from(days).unwrap_or(0))?;
        let mut time = calendar.working_between(&self.zone, start, end);
        steps.push(Step::new(
            format!("`{first}` to `{milestone}` on {}", hours_in_words(hours)),
            shown(&Value::Duration(time.clone())),
        ));
        for (from, to) in self.paused(start, end)? {
            let stood = calendar.working_between(&self.zone, from, to);
            steps.push(Step::new("the clock stood still", shown(&Value::Duration(stood.clone()))));
            time = Duration::from_seconds(time.seconds() - stood.seconds());
        }
        Ok(time)
    }

    /// When a milestone was reached: for the first time, but after a reopening the last resolution counts.
    fn milestone(&self, name: &str) -> Result<Timestamp, Gap> {
        let times = self.times(name)?;
        let counts = if name == "resolved" { times.last() } else { times.first() };
        counts.copied().ok_or_else(|| Gap::Unknown(name.to_owned()))
    }

    /// Every time at which a milestone was reached, in order.
    fn times(&self, name: &str) -> Result<Vec<Timestamp>, Gap> {
        let times = self.given.milestones.iter().filter(|(milestone, _)| milestone.value == name);
        let times: Result<Vec<_>, Gap> = times.map(|(_, time)| self.instant(*time, Edge::Opening)).collect();
        let mut times = times?;
        times.sort_unstable();
        Ok(times)
    }

    fn instant(&self, local: DateTime, edge: Edge) -> Result<Timestamp, Gap> {
        self.zone.to_timestamp(local, edge).ok_or(Gap::TooLong)
    }

    /// The pauses of the case between two instants, merged.
    fn paused(&self, start: Timestamp, end: Timestamp) -> Result<Vec<(Timestamp, Timestamp)>, Gap> {
        let mut pauses = Vec::new();
        for pause in self.support.pauses.iter().filter(|pause| self.applies(pause)) {
            match &pause.during {
                PauseSpan::While(_, name) => {
                    for (_, from, to) in self.given.spans.iter().filter(|(span, ..)| span.value == *name) {
                        pauses.push((self.instant(*from, Edge::Opening)?, self.instant(*to, Edge::Closing)?));
                    }
                }
                PauseSpan::Between { from, until, .. } => {
                    let goes_on = self.times(until)?;
                    for from in self.times(from)? {
                        pauses.push((from, goes_on.iter().copied().find(|until| *until > from).unwrap_or(end)));
                    }
                }
                // What people judge is not given by an example: the clock runs.
                PauseSpan::Judged(_) => {}
            }
        }
        Ok(merge(pauses.into_iter().map(|(from, to)| (from.max(start), to.min(end))).collect()))
    }

    /// Whether a pause is for cases like this one.
    fn applies(&self, pause: &Pause) -> bool {
        pause.when.as_ref().is_none_or(|when| self.has(when).unwrap_or(true))
    }

    /// Whether a condition on the priority holds; nothing for any other condition.
    fn has(&self, when: &Expr) -> Option<bool> {
        let is = |expr: &Expr| matches!(&expr.kind, ExprKind::Literal(Value::Text(name)) if *name == self.given.priority.value);
        match &when.kind {
            ExprKind::Unary { operand, .. } => self.has(operand).map(|holds| !holds),
            ExprKind::Binary { op: Binary::And, left, right } => Some(self.has(left)? && self.has(right)?),
            ExprKind::Binary { op: Binary::Or, left, right } => Some(self.has(left)? || self.has(right)?),
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

    fn calendar(&self, hours: &CalendarRef) -> Result<&'a Calendar, Gap> {
        match hours {
            CalendarRef::Always => Ok(&Calendar::Always),
            CalendarRef::Named(name) => Ok(&self.model.calendars.get(name).ok_or(Gap::Poisoned)?.calendar),
        }
    }

    /// How much open time an amount is: a day is the length of a working day, or 24 hours around the clock.
    fn on_the_clock(&self, amount: &Amount, hours: &CalendarRef) -> Result<Duration, Gap> {
        let days = match amount {
            Amount::Elapsed(duration) => return Ok(duration.clone()),
            Amount::Period(Period { count, unit: PeriodUnit::Day }) => i64::from(*count),
            Amount::Period(Period { count, unit: PeriodUnit::Week }) => i64::from(*count) * 7,
            _ => return Err(Gap::Open(amount.to_string())),
        };
        let day = self.calendar(hours)?.working_day_length().ok_or(Gap::Poisoned)?;
        Ok(day.times(&Exact::from_int(days)))
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
