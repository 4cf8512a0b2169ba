//! The windows of a promise one after another, and how long a service may be down in a stretch of time that they do not fit.

use crate::evaluate::{Interval, nanos};
use crate::model::Model;
use crate::values::{Amount, Date, Window};

/// The windows of a promise that end after a date began, in order; nothing for those that are no stretches of time.
pub(super) fn after<'a>(
    model: &'a Model,
    window: &'a Window,
    date: Date,
) -> Option<Box<dyn Iterator<Item = Interval> + 'a>> {
    let zone = model.agreement.clock();
    let start = move |date: Date| zone.start_of_day(date).map(|at| at.as_nanosecond());
    let anchors = model.agreement.anchors(date);
    match window {
        Window::Periodic { .. } => {
            let dates = std::iter::successors(window.dates_around(anchors, date), move |(_, next)| {
                window.dates_around(anchors, *next)
            });
            Some(Box::new(dates.map_while(move |(from, to)| Some(Interval { start: start(from)?, end: start(to)? }))))
        }
        Window::Rolling(length @ (Amount::Elapsed(_) | Amount::Period(_))) => {
            let ends = std::iter::successors(date.tomorrow().ok(), |date| date.tomorrow().ok());
            Some(Box::new(ends.map_while(move |to| {
                let end = start(to)?;
                let from = match length {
                    Amount::Elapsed(length) => end - nanos(length)?,
                    Amount::Period(period) => start(period.subtract_from(to)?)?,
                    Amount::Windows { .. } => return None,
                };
                Some(Interval { start: from, end })
            })))
        }
        Window::Term => {
            let term = model.agreement.effective.as_ref()?;
            let whole = Interval { start: start(term.from)?, end: start(term.to?.tomorrow().ok()?)? };
            Some(Box::new(std::iter::once(whole)))
        }
        Window::Rolling(_) | Window::Last { .. } | Window::EachCase | Window::EachEvent => None,
    }
}

/// The term in time: when it begins, and when it ends unless it goes on.
pub(super) fn term(model: &Model) -> (Option<i128>, Option<i128>) {
    let zone = model.agreement.clock();
    let start = |date: Date| zone.start_of_day(date).map(|at| at.as_nanosecond());
    let Some(term) = model.agreement.effective.as_ref() else { return (None, None) };
    let last = term.to.filter(|_| model.agreement.renews.is_none());
    (start(term.from), last.and_then(|last| start(last.tomorrow().ok()?)))
}

/// The windows of a promise that share time with a stretch. Of one of the calendar, the part counts that lies in the term.
pub(super) fn sharing(model: &Model, window: &Window, at: Interval) -> Option<Vec<Interval>> {
    let date = |instant: i128| {
        let instant = crate::values::Timestamp::from_nanosecond(instant).ok()?;
        Some(model.agreement.clock().date(instant))
    };
    let all = after(model, window, date(at.start)?)?;
    let shared = all.take_while(|one| one.start < at.end).filter(|one| one.end > at.start);
    let (begins, ends) = if matches!(window, Window::Periodic { .. }) { term(model) } else { (None, None) };
    let within = |one: Interval| Interval {
        start: begins.map_or(one.start, |begins| one.start.max(begins)),
        end: ends.map_or(one.end, |ends| one.end.min(ends)),
    };
    Some(shared.map(within).filter(|one| one.start < one.end).collect())
}

/// How long a service may be down in each part of a stretch, the parts in order, so that it is down for as long as it may be,
/// and in each window for no longer than the window allows. In nanoseconds.
pub(super) fn longest(at: Interval, windows: &[(Interval, i128)]) -> Vec<(Interval, i128)> {
    let ends = windows.iter().flat_map(|(window, _)| [window.start, window.end]);
    let mut points: Vec<i128> = ends.filter(|end| at.start < *end && *end < at.end).chain([at.end]).collect();
    points.sort_unstable();
    points.dedup();
    // How long it may have been down until each point: all the time since the last one, or what a window allows beyond
    // what was possible before it began, whichever is least.
    let mut until: Vec<(i128, i128)> = vec![(at.start, 0)];
    let mut parts = Vec::new();
    for point in points {
        let Some((before, was)) = until.last().copied() else { break };
        let most = windows.iter().filter(|(window, _)| window.start < point && point <= window.end);
        let most = most.map(|(window, allowed)| {
            let begun = until.partition_point(|(point, _)| *point <= window.start).saturating_sub(1);
            until.get(begun).map_or(0, |(_, down)| *down) + allowed
        });
        let down = most.chain([was + point - before]).min().unwrap_or(was);
        parts.push((Interval { start: before, end: point }, down - was));
        until.push((point, down));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_longest_time_is_that_of_the_best_course(
            windows in prop::collection::vec((-3_i128..9, 1_i128..8, 0_i128..5), 0..5),
        ) {
            let at = Interval { start: 0, end: 8 };
            let windows: Vec<(Interval, i128)> =
                windows.into_iter().map(|(start, length, most)| (Interval { start, end: start + length }, most)).collect();
            let keeps = |down: &dyn Fn(i128) -> i128| {
                windows.iter().all(|(window, most)| (window.start..window.end).map(down).sum::<i128>() <= *most)
            };
            let course = |bits: u32| move |hour: i128| if (0..8).contains(&hour) { i128::from(bits >> hour & 1) } else { 0 };
            let best = (0..1_u32 << 8).filter(|bits| keeps(&course(*bits))).map(u32::count_ones).max().unwrap();
            let parts = longest(at, &windows);
            prop_assert_eq!(parts.iter().map(|(_, down)| down).sum::<i128>(), i128::from(best));
            // And the parts are such a course.
            prop_assert!(parts.iter().all(|(part, down)| (0..=part.end - part.start).contains(down)));
            for (window, most) in &windows {
                let within = parts.iter().filter(|(part, _)| window.covers(*part)).map(|(_, down)| down).sum::<i128>();
                prop_assert!(within <= *most);
            }
        }
    }
}
