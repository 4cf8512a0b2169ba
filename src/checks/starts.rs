//! Times on different calendars: a start from which one of them is over later than the other, looked for in a week.

use super::amounts::Clocked;
use crate::model::{CalendarRef, Model, Support};
use crate::values::{Date, DateTime, Period, PeriodUnit, Timestamp, Weekday, Zone};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The days whose openings are tried.
const WEEK: usize = 7;
/// Times that last longer than this from their start are not compared.
const LONGEST: Period = Period { count: 2, unit: PeriodUnit::Month };
/// How many seconds before hours end a start is tried as well.
const SHORTLY: i64 = 30 * 60;
/// The most calendars of one support whose hours are tried, and the most starts.
const MOST: (usize, usize) = (8, 200);

/// The starts that are tried for the times of one support.
pub(super) struct Starts<'a> {
    model: &'a Model,
    zone: Zone,
    last: Date,
    tried: Vec<Timestamp>,
    /// When each time is over, from each start.
    known: BTreeMap<String, Rc<[Option<Timestamp>]>>,
}

/// A start from which one time is over later than another.
pub(super) struct Late {
    /// The date and the time of the start.
    pub opened: String,
    /// When the time that is meant to be the shorter one is over.
    pub slow: String,
    /// When the other one is.
    pub fast: String,
}

impl<'a> Starts<'a> {
    /// The openings and closings of a week in which the agreement is in effect, of the calendars of a support.
    pub fn of(model: &'a Model, support: &Support) -> Starts<'a> {
        let zone = model.agreement.clock();
        let from = model.agreement.effective.as_ref().map_or(Date::constant(2027, 1, 1), |term| term.from);
        let days = std::iter::successors(Some(from), |date| date.tomorrow().ok()).take(WEEK);
        let monday = days.into_iter().find(|date| Weekday::of(*date) == Weekday::Monday).unwrap_or(from);
        let named: BTreeSet<&str> = super::support::hours(support).filter_map(name).collect();
        let calendars = named.into_iter().filter_map(|name| model.calendars.get(name)).take(MOST.0);
        let openings = calendars.flat_map(|declared| declared.calendar.openings(&zone, monday, WEEK));
        let around = openings.flat_map(|(open, close)| {
            [Timestamp::from_second(close.as_second() - SHORTLY).ok(), Some(close), Some(open)]
        });
        let tried = around.flatten().take(MOST.1).collect();
        Starts { model, last: LONGEST.add_to(monday).unwrap_or(monday), tried, known: BTreeMap::new(), zone }
    }

    /// When a time is over, from each of the starts; nothing where that is not known.
    fn ends(&mut self, time: &Clocked<'_>) -> Rc<[Option<Timestamp>]> {
        if let Some(ends) = self.known.get(&time.to_string()) {
            return Rc::clone(ends);
        }
        let end = |start: &Timestamp| time.end(self.model, &self.zone, *start, self.last);
        let ends: Rc<[Option<Timestamp>]> = self.tried.iter().map(end).collect();
        self.known.insert(time.to_string(), Rc::clone(&ends));
        ends
    }

    /// A start from which the first time is over later than the second, where they are counted in different hours.
    pub fn late(&mut self, slow: &Clocked<'_>, fast: &Clocked<'_>) -> Option<Late> {
        if slow.shares_hours(fast, self.model) {
            return None;
        }
        let (slow, fast) = (self.ends(slow), self.ends(fast));
        let both = self.tried.iter().zip(slow.iter().zip(fast.iter()));
        let mut late = both.filter_map(|(start, (slow, fast))| Some((*start, (*slow)?, (*fast)?)));
        let (start, slow, fast) = late.find(|(_, slow, fast)| slow > fast)?;
        Some(self.described(start, slow, fast))
    }

    /// For each of these times, in one pass from the last to the first: one that stands after it and is over earlier
    /// from some start, by its position.
    pub fn overtaken(&mut self, times: &[&Clocked<'_>]) -> Vec<Option<(usize, Late)>> {
        let mixed = times.iter().zip(times.iter().skip(1)).any(|(one, next)| one.calendar != next.calendar);
        let mut found = Vec::new();
        let mut earliest: Vec<Option<(Timestamp, usize)>> = vec![None; if mixed { self.tried.len() } else { 0 }];
        for (index, time) in times.iter().enumerate().rev() {
            let ends = if mixed { self.ends(time) } else { Rc::default() };
            let mut overtaken = None;
            for (earliest, (start, end)) in earliest.iter_mut().zip(self.tried.iter().zip(ends.iter())) {
                let Some(end) = end else { continue };
                match earliest {
                    Some((other, by)) if *other < *end => {
                        overtaken = overtaken.or(Some((*by, *start, *end, *other)));
                    }
                    _ => *earliest = Some((*end, index)),
                }
            }
            found.push(overtaken.map(|(by, start, slow, fast)| (by, self.described(start, slow, fast))));
        }
        found.reverse();
        found
    }

    fn described(&self, start: Timestamp, slow: Timestamp, fast: Timestamp) -> Late {
        let start = self.zone.local(start);
        let by = |end| {
            let end = self.zone.local(end);
            let day = Weekday::of(end.date()).name();
            let soon = std::iter::successors(Some(start.date()), |date| date.tomorrow().ok()).take(WEEK);
            let date = if soon.into_iter().any(|date| date == end.date()) {
                String::new()
            } else {
                format!(" {}", end.date())
            };
            format!("{day}{date} {}", clock(end))
        };
        let opened = format!("{} {} at {}", Weekday::of(start.date()).name(), start.date(), clock(start));
        Late { opened, slow: by(slow), fast: by(fast) }
    }
}

fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn name(calendar: &CalendarRef) -> Option<&str> {
    match calendar {
        CalendarRef::Named(name) => Some(name),
        CalendarRef::Always => None,
    }
}
