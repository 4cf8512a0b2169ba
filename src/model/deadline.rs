//! On which date a deadline ends.

use super::{CalendarRef, Deadline, Model};
use crate::values::{Amount, Calendar, Date, Period, PeriodUnit, Window, Zone};

/// The days after which a deadline is not looked for any more.
const FAR: usize = 800;

/// The date on which a deadline ends that is counted from an event on some day, which is taken to end with that day;
/// nothing for one that ends too far off to look for.
#[must_use]
pub fn last_date(model: &Model, zone: &Zone, deadline: &Deadline, day: Date) -> Option<Date> {
    let calendar = match &deadline.calendar {
        Some(CalendarRef::Named(name)) => Some(&model.calendars.get(name)?.calendar),
        _ => None,
    };
    let mut later = std::iter::successors(day.tomorrow().ok(), |date| date.tomorrow().ok()).take(FAR);
    match (&deadline.amount, calendar) {
        (Amount::Elapsed(time), calendar) => {
            let end = calendar.unwrap_or(&Calendar::Always).add_working(
                zone,
                zone.start_of_day(day.tomorrow().ok()?)?,
                time,
                later.last()?,
            )?;
            Some(zone.date(end))
        }
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
