//! Amounts of time on different clocks: compared where the result holds in every case, and run from one start; values as
//! people read them.

pub(super) use crate::calculus::shown;
use crate::model::{CalendarRef, Model};
use crate::values::{Amount, Calendar, Date, Duration, Exact, PeriodUnit, Timestamp, Zone};

/// An amount of time with the clock that it is counted on.
#[derive(Clone, Debug)]
pub(super) struct Clocked<'a> {
    pub amount: &'a Amount,
    pub calendar: &'a CalendarRef,
}

impl Clocked<'_> {
    /// Whether it ends later than the other in every case, if both start together.
    pub fn surely_after(&self, other: &Clocked<'_>, model: &Model) -> bool {
        if self.shares_hours(other, model) {
            if let (Some(own), Some(others)) = (units(self.amount), units(other.amount))
                && own.1 == others.1
            {
                return own.0 > others.0;
            }
            return match (self.on_the_clock(model), other.on_the_clock(model)) {
                (Some((least, _)), Some((_, most))) => least > most,
                _ => false,
            };
        }
        // Time on a calendar takes at least as long as it says; how much longer depends on when it starts.
        match (self.on_the_clock(model), other.calendar) {
            (Some((least, _)), CalendarRef::Always) => least > other.amount.approximate_seconds().1,
            _ => false,
        }
    }

    /// Whether both are counted in the same hours, be it of one calendar or of two that say the same.
    pub fn shares_hours(&self, other: &Clocked<'_>, model: &Model) -> bool {
        let hours = |calendar: &CalendarRef| match calendar {
            CalendarRef::Named(name) => model.calendars.get(name).map(|declared| &declared.calendar),
            CalendarRef::Always => None,
        };
        self.calendar == other.calendar
            || hours(self.calendar).is_some_and(|own| hours(other.calendar).is_some_and(|others| own == others))
    }

    /// How long a clock that starts at an instant runs until this has passed on it, in all; at most, where a day or a
    /// month has no fixed length. Nothing if it has not passed on the last day that is looked at.
    pub fn wait(&self, model: &Model, zone: &Zone, start: Timestamp, last: Date) -> Option<Duration> {
        let length = Duration::from_seconds(self.on_the_clock(model)?.1);
        let calendar = match self.calendar {
            CalendarRef::Always => return Some(length),
            CalendarRef::Named(name) => &model.calendars.get(name)?.calendar,
        };
        let end = calendar.add_working(zone, start, &length, last)?;
        Some(Calendar::Always.working_between(zone, start, end))
    }

    /// When a clock that starts at an instant has run this long, as the clock of a case counts; nothing for what has no
    /// fixed length on it, or is not over on the last day that is looked at.
    pub fn end(&self, model: &Model, zone: &Zone, start: Timestamp, last: Date) -> Option<Timestamp> {
        let (calendar, length) = match (self.calendar, units(self.amount)) {
            (CalendarRef::Always, Some((count, unit))) => {
                let hours = Exact::from_int(count) * Exact::from_int(i64::from(unit.days()?) * 24);
                (&Calendar::Always, hours * Exact::from_int(3_600))
            }
            (CalendarRef::Always, None) => (&Calendar::Always, self.amount.approximate_seconds().0),
            (CalendarRef::Named(name), _) => {
                let (least, most) = self.on_the_clock(model)?;
                (&model.calendars.get(name)?.calendar, (least == most).then_some(least)?)
            }
        };
        calendar.add_working(zone, start, &Duration::from_seconds(length), last)
    }

    /// Bounds in seconds on its own clock; nothing for working days of unequal or unknown length.
    pub fn on_the_clock(&self, model: &Model) -> Option<(Exact, Exact)> {
        match (self.calendar, units(self.amount)) {
            (CalendarRef::Always, _) | (_, None) => Some(self.amount.approximate_seconds()),
            (CalendarRef::Named(name), Some((count, PeriodUnit::Day))) => {
                let day = model.calendars.get(name)?.calendar.working_day_length()?;
                let seconds = day.times(&Exact::from_int(count)).seconds().clone();
                Some((seconds.clone(), seconds))
            }
            _ => None,
        }
    }

    /// Bounds in seconds of the time that passes; the upper one is known only around the clock.
    pub fn elapsed(&self) -> (Exact, Option<Exact>) {
        let (least, most) = self.amount.approximate_seconds();
        match (self.calendar, units(self.amount)) {
            (CalendarRef::Always, _) => (least, Some(most)),
            (_, None) => (least, None),
            // The first working day may be the day on which it starts.
            (_, Some((count, unit))) => {
                let count = u32::try_from(count - 1).unwrap_or(0);
                (crate::values::Period::new(count, unit).approximate_seconds().0, None)
            }
        }
    }
}

impl std::fmt::Display for Clocked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.calendar {
            CalendarRef::Always => write!(f, "{}", self.amount),
            CalendarRef::Named(name) => write!(f, "{} on {name}", self.amount),
        }
    }
}

/// The count and the unit of an amount that is not elapsed time.
fn units(amount: &Amount) -> Option<(i64, PeriodUnit)> {
    match amount {
        Amount::Elapsed(_) => None,
        Amount::Period(period) => Some((period.count.into(), period.unit)),
        Amount::Windows { count, unit, .. } => Some(((*count).into(), *unit)),
    }
}
