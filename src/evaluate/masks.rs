//! The time that is cut out of a window, and the time that counts as kept.

use super::facts::Facts;
use super::interval::{Interval, nanos};
use super::rolling;
use crate::calculus::Value;
use crate::model::{CalendarRef, Commitment, Counts, Duty, Maintenance, Model};
use crate::values::intervals::{intersect, merge, subtract};
use crate::values::{Amount, Timestamp, Window, Zone};

/// Stretches of time, in order, apart from each other.
type Stretches = Vec<(i128, i128)>;

/// Under which name facts have the times of an exclusion that are for one commitment alone. No clause is called so.
#[must_use]
pub fn known_for(exclusion: &str, commitment: &str) -> String {
    format!("{exclusion} for {commitment}")
}

/// What exclusions and maintenance do to a window.
#[derive(Debug, Default)]
pub(super) struct Masks {
    cut: Stretches,
    met: Stretches,
}

impl Masks {
    /// Those of the exclusions of a commitment that are known to have occurred. Where time is both cut out and counts as
    /// kept, it is cut out.
    pub fn of(model: &Model, commitment: &Commitment, facts: &Facts, window: Interval, zone: &Zone) -> Masks {
        let mut masks = Masks::default();
        let excuses = |duty: &&Duty| duty.excuses.iter().any(|it| it.value == commitment.head.name);
        let duties = model.duties.iter().filter(excuses).map(|duty| duty.head.name.as_str());
        let own = commitment.exclude.iter().map(|exclusion| exclusion.value.as_str());
        for name in own.chain(duties) {
            let maintenance = model.maintenances.get(name);
            let reach = reach(model, maintenance, facts, window, zone);
            let own = known_for(name, &commitment.head.name);
            let occurred: Stretches = [name, own.as_str()]
                .into_iter()
                .flat_map(|path| facts.pieces(path, reach))
                .filter(|(_, value)| *value == Some(&Value::Boolean(true)))
                .map(|(piece, _)| (piece.start, piece.end))
                .collect();
            let occurred = match maintenance {
                Some(maintenance) => {
                    intersect(&allowed(model, maintenance, merge(occurred), reach, zone), &[(window.start, window.end)])
                }
                None => merge(occurred),
            };
            let counts = maintenance.and_then(|one| one.counts.as_ref());
            let counts = counts.or(model.exclusions.get(name).and_then(|one| one.counts.as_ref()));
            match counts.map(|counts| counts.value) {
                Some(Counts::Met) => masks.met.extend(occurred),
                Some(Counts::Excluded) | None => masks.cut.extend(occurred),
            }
        }
        masks.cut = merge(masks.cut);
        masks.met = subtract(&merge(masks.met), &masks.cut);
        masks
    }

    /// The instants at which any of it begins or ends.
    pub fn edges(&self) -> impl Iterator<Item = i128> {
        self.cut.iter().chain(&self.met).flat_map(|(start, end)| [*start, *end])
    }

    /// What of an interval is not cut out.
    pub fn open(&self, at: Interval) -> Vec<Interval> {
        let rest = subtract(&[(at.start, at.end)], within(&self.cut, at));
        rest.into_iter().map(|(start, end)| Interval { start, end }).collect()
    }

    /// Whether all of an interval is cut out or counts as kept; nothing where a part of it is.
    pub fn cover(&self, at: Interval) -> Option<bool> {
        let whole = [(at.start, at.end)];
        match subtract(&subtract(&whole, within(&self.cut, at)), within(&self.met, at)).as_slice() {
            [] => Some(true),
            rest => (*rest == whole).then_some(false),
        }
    }

    /// The time that is cut out.
    pub fn cut(&self) -> &[(i128, i128)] {
        &self.cut
    }

    /// Whether any of it lies in an interval.
    pub fn touches(&self, at: Interval) -> bool {
        [&self.cut, &self.met].into_iter().any(|all| !within(all, at).is_empty())
    }

    /// Whether all of an interval counts as kept.
    pub fn is_met(&self, at: Interval) -> bool {
        subtract(&[(at.start, at.end)], within(&self.met, at)).is_empty()
    }

    /// What is cut out of a window, and what of it counts as kept.
    pub fn stretches(&self) -> [(&'static str, &[(i128, i128)]); 2] {
        [("cut out", &self.cut), ("counts as kept", &self.met)]
    }
}

/// Those of some stretches that have a part in an interval.
fn within(all: &[(i128, i128)], at: Interval) -> &[(i128, i128)] {
    let from = all.partition_point(|(_, end)| *end <= at.start);
    let to = all.partition_point(|(start, _)| *start < at.end);
    all.get(from..to).unwrap_or_default()
}

/// A window, from where on its maintenance uses up a budget: what was done earlier in the budget's own window counts where
/// it is on record, and nothing that was done before the term.
fn reach(model: &Model, maintenance: Option<&Maintenance>, facts: &Facts, window: Interval, zone: &Zone) -> Interval {
    let start = || {
        facts.records()?;
        let first = zone.date(Timestamp::from_nanosecond(window.start).ok()?);
        let anchors = model.agreement.anchors(first);
        let term = anchors.effective;
        let from = match &maintenance?.budget.as_ref()?.per {
            // What was used long ago decides what could be used later.
            Window::Rolling(_) => term,
            per => per.dates_around(anchors, first)?.0,
        };
        let [from, term] = [from.max(term), term].map(|date| zone.start_of_day(date).map(Timestamp::as_nanosecond));
        Some(from?.min(window.start).max(term?))
    };
    Interval { start: start().unwrap_or(window.start), ..window }
}

/// What of a maintenance may be relied on: in its hours, and as long as its budget lasts. It is used in the order of time.
fn allowed(model: &Model, maintenance: &Maintenance, occurred: Stretches, window: Interval, zone: &Zone) -> Stretches {
    let mut allowed = occurred;
    if let Some(CalendarRef::Named(name)) = &maintenance.calendar
        && let Some(hours) = model.calendars.get(name)
        && let (Ok(start), Ok(end)) = (Timestamp::from_nanosecond(window.start), Timestamp::from_nanosecond(window.end))
    {
        let (from, to) = (zone.date(start), zone.date(end));
        let days = from.until(to).map_or(0, |span| usize::try_from(span.get_days()).unwrap_or(0)) + 1;
        let openings = hours.calendar.openings(zone, from, days);
        let open: Stretches = openings.map(|(open, close)| (open.as_nanosecond(), close.as_nanosecond())).collect();
        allowed = intersect(&allowed, &open);
    }
    let Some(budget) = &maintenance.budget else { return allowed };
    let Amount::Elapsed(amount) = &budget.amount else { return allowed };
    if let (Some(whole), Window::Rolling(period)) = (nanos(amount), &budget.per) {
        return merge(rolling::covered(&allowed, whole, period, zone));
    }
    let (Some(whole), Some(starts)) = (nanos(amount), starts(model, &budget.per, window, zone)) else { return allowed };
    let (mut left, mut kept) = (whole, Stretches::new());
    let mut starts = starts.into_iter().peekable();
    for (start, end) in allowed {
        let mut from = start;
        while from < end {
            // A new window of the budget begins.
            while starts.next_if(|next| *next <= from).is_some() {
                left = whole;
            }
            let to = starts.peek().map_or(end, |next| end.min(*next));
            let used = left.min(to - from);
            if used > 0 {
                kept.push((from, from + used));
            }
            left -= used;
            from = to;
        }
    }
    merge(kept)
}

/// The instants within a window at which a window of a budget begins.
fn starts(model: &Model, per: &Window, window: Interval, zone: &Zone) -> Option<Vec<i128>> {
    let date = |instant: i128| Timestamp::from_nanosecond(instant).ok().map(|instant| zone.date(instant));
    let (from, to) = (date(window.start)?, date(window.end)?);
    let all = per.boundaries(zone, model.agreement.anchors(from), from, to);
    Some(all.into_iter().map(Timestamp::as_nanosecond).filter(|start| *start > window.start).collect())
}
