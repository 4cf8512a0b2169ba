//! When a deadline ends, and until when something may be announced.

use super::{Anchor, Announcement, CalendarRef, Deadline, Model};
use crate::values::{Amount, Calendar, Date, Period, PeriodUnit, Timestamp, Window, Zone, instant_before};

/// The days after which a deadline is not looked for any more.
const FAR: usize = 800;

/// The last date on which something is in time, at least for a part of the day, that is counted from an event on some day: that
/// on which the deadline ends. The event is taken to end with its day; the start of a window begins with it. A deadline that ends
/// at midnight ends with the day before.
#[must_use]
pub fn last_date(model: &Model, zone: &Zone, deadline: &Deadline, day: Date) -> Option<Date> {
    let event = if deadline.of == Some(Anchor::WindowStart) { day } else { day.tomorrow().ok()? };
    let end = ends_at(model, zone, deadline, zone.start_of_day(event)?)?;
    whole_day(zone, end).or_else(|| Some(zone.date(end)))
}

/// The day that ends at an instant; nothing for one within a day.
#[must_use]
pub fn whole_day(zone: &Zone, end: Timestamp) -> Option<Date> {
    let date = zone.date(end);
    (zone.start_of_day(date)? == end).then(|| date.yesterday().ok()).flatten()
}

/// The instant at which a deadline ends that is counted from an event at some instant: hours from that instant, and days from its
/// date. What ends at midnight ends with the day before; the start of a window belongs to the day that begins then. Nothing for
/// one that ends too far off to look for.
#[must_use]
pub fn ends_at(model: &Model, zone: &Zone, deadline: &Deadline, event: Timestamp) -> Option<Timestamp> {
    let day = match deadline.of {
        Some(Anchor::WindowStart) => zone.date(event),
        _ => zone.date(instant_before(event)?),
    };
    match &deadline.amount {
        Amount::Elapsed(time) => {
            let calendar = calendar(model, deadline)?.unwrap_or(&Calendar::Always);
            let far = std::iter::successors(Some(day), |date| date.tomorrow().ok()).take(FAR).last()?;
            calendar.add_working(zone, event, time, far)
        }
        _ => zone.start_of_day(of_days(model, zone, deadline, day)?.tomorrow().ok()?),
    }
}

/// The calendar by which a deadline is counted, if it has one; nothing for one that is not known.
fn calendar<'a>(model: &'a Model, deadline: &Deadline) -> Option<Option<&'a Calendar>> {
    match &deadline.calendar {
        Some(CalendarRef::Named(name)) => Some(Some(&model.calendars.get(name)?.calendar)),
        _ => Some(None),
    }
}

/// The last date of a deadline in days or longer periods.
fn of_days(model: &Model, zone: &Zone, deadline: &Deadline, day: Date) -> Option<Date> {
    let calendar = calendar(model, deadline)?;
    let mut later = std::iter::successors(day.tomorrow().ok(), |date| date.tomorrow().ok()).take(FAR);
    match (&deadline.amount, calendar) {
        (Amount::Period(Period { count, unit: PeriodUnit::Day }), Some(calendar)) => {
            let before = usize::try_from(count.checked_sub(1)?).ok()?;
            later.by_ref().filter(|date| calendar.ever_opens(zone, *date, *date)).nth(before)
        }
        (Amount::Period(period), None) => period.add_to(day),
        (Amount::Windows { count, kind, unit }, _) => {
            let anchors = model.agreement.anchors(day);
            let window = Window::periodic(*kind, *unit);
            let mut next = window.dates_around(anchors, day)?.1;
            for _ in 0..(*count).min(FAR as u32) {
                next = window.dates_around(anchors, next)?.1;
            }
            next.yesterday().ok()
        }
        _ => None,
    }
}

/// The last instant at which something may be announced that starts at an instant: so many hours before it, or the end of the
/// last date that is so many days before its date; of whole periods, the end of the last of that number of them before the one in
/// which it starts. With a calendar only open hours, and dates on which it is open, are counted.
/// It is looked for back to the local date `back`, which is included; nothing where it would come before that.
#[must_use]
pub fn announced_by(
    model: &Model,
    zone: &Zone,
    announce: &Announcement,
    start: Timestamp,
    back: Date,
) -> Option<Timestamp> {
    let calendar = match &announce.calendar {
        Some(CalendarRef::Named(name)) => Some(&model.calendars.get(name)?.calendar),
        _ => None,
    };
    let day = zone.date(start);
    let end_of = |date: Date| {
        let next = zone.start_of_day(date.tomorrow().ok()?)?;
        instant_before(next)
    };
    match (&announce.amount, calendar) {
        (Amount::Elapsed(time), calendar) => {
            calendar.unwrap_or(&Calendar::Always).subtract_working(zone, start, time, back)
        }
        (Amount::Period(Period { count, unit: PeriodUnit::Day }), Some(calendar)) => {
            end_of(calendar.working_date_before(zone, day, *count, back)?)
        }
        (Amount::Period(period), _) => end_of(period.subtract_from(day)?).filter(|by| zone.date(*by) >= back),
        (Amount::Windows { count, kind, unit }, _) => {
            let anchors = model.agreement.anchors(day);
            let window = Window::periodic(*kind, *unit);
            let mut first = window.dates_around(anchors, day)?.0;
            for _ in 1..*count {
                first =
                    Some(window.dates_around(anchors, first.yesterday().ok()?)?.0).filter(|first| *first >= back)?;
            }
            end_of(first.yesterday().ok()?).filter(|by| zone.date(*by) >= back)
        }
    }
}
