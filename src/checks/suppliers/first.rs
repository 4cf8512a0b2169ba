//! A window of an agreement's term, in time and in words.

use super::time_words;
use super::window::whole;
use crate::evaluate::Interval;
use crate::model::Model;
use crate::values::{Amount, Date, Duration, Exact, Timestamp, Window, YearMonth};
use crate::wording::{date, stretch};

/// The first window of an agreement's term.
pub(super) struct First {
    pub at: Interval,
    /// Its first and its last day.
    pub days: (Date, Date),
    /// Such as `June 2027`, or `the 30 days from 1 January 2027`.
    pub words: String,
}

impl First {
    /// Nothing for a window that has no length of its own, or does not fit into the term; of one of the calendar that does not,
    /// the first part over which it is judged.
    pub fn of(model: &Model, window: &Window) -> Option<First> {
        let parts = || First::at(model, whole(model, window)?.next()?);
        First::inside_term(model, window).or_else(|| matches!(window, Window::Periodic { .. }).then(parts).flatten())
    }

    fn inside_term(model: &Model, window: &Window) -> Option<First> {
        let term = model.agreement.effective.as_ref()?;
        let date_of = term.from;
        let (from, to) = match window {
            Window::Periodic { .. } => {
                let anchors = model.agreement.anchors(date_of);
                let (from, to) = window.dates_around(anchors, date_of)?;
                if from < date_of { window.dates_around(anchors, to)? } else { (from, to) }
            }
            Window::Rolling(Amount::Period(period)) => (date_of, period.add_to(date_of)?),
            Window::Term => (term.from, term.to?.tomorrow().ok()?),
            _ => return None,
        };
        let last = to.yesterday().ok()?;
        let ends = term.to.filter(|_| model.agreement.renews.is_none());
        if to <= from || ends.is_some_and(|end| end < last) {
            return None;
        }
        let zone = model.agreement.clock();
        First::at(model, Interval::between(zone.start_of_day(from)?, zone.start_of_day(to)?))
    }

    /// A stretch of time as such a window.
    pub fn at(model: &Model, at: Interval) -> Option<First> {
        let zone = model.agreement.clock();
        let date_of = |instant: i128| Some(zone.date(Timestamp::from_nanosecond(instant).ok()?));
        let (from, last) = (date_of(at.start)?, date_of(at.end - 1)?);
        let month = YearMonth::of(from);
        let words = if from == last {
            date(from)
        } else if from == month.first_day() && last == month.last_day() {
            format!("{} ({} days)", month.words(), month.days())
        } else {
            format!("the time from {} to {}", date(from), date(last))
        };
        Some(First { at, days: (from, last), words })
    }

    /// In it, in a sentence: `in June 2027`, `on 1 June 2027`.
    pub fn inside(&self) -> String {
        format!("{} {}", if self.days.0 == self.days.1 { "on" } else { "in" }, self.name())
    }

    /// When it is, in a sentence: `on 1 June 2027`, `from 1 June 2027 to 6 June 2027`.
    pub fn stretch(&self) -> String {
        stretch(self.days.0, self.days.1)
    }

    /// The words without the number of its days.
    pub fn name(&self) -> &str {
        self.words.split(" (").next().unwrap_or(&self.words)
    }

    /// How long a part of it is, in words.
    pub fn part(&self, part: &Exact) -> String {
        time_words(&self.length(part))
    }

    /// How long a part of it is.
    pub fn length(&self, part: &Exact) -> Duration {
        self.at.length().times(part)
    }
}
