//! Functions over another window than that of the promise: `count(interruptions over rolling 30 days)`.

use super::gap::Gap;
use super::interval::{Interval, nanos};
use super::known::Known;
use super::reader::{Place, Reader};
use crate::calculus::Expr;
use crate::model::Model;
use crate::values::{Amount, Timestamp, Window, Zone};

/// The time of a window that ends with another: as far as it lies within the term. Of the windows before, the first one
/// stands first.
pub(super) fn over(
    model: &Model,
    window: &Window,
    own: Interval,
    before: &[Interval],
    zone: &Zone,
) -> Option<Interval> {
    let date = |at: i128| Timestamp::from_nanosecond(at).ok().map(|at| zone.date(at));
    let term = model.agreement.effective.as_ref();
    let start = match window {
        Window::Rolling(Amount::Elapsed(length)) => own.end - nanos(length)?,
        Window::Rolling(Amount::Period(period)) => {
            zone.start_of_day(period.subtract_from(date(own.end)?)?)?.as_nanosecond()
        }
        Window::Last { count, of: None } => {
            let earlier = usize::try_from(count.checked_sub(1)?).ok()?;
            let first = before.len().saturating_sub(earlier);
            before.get(first).map_or(own.start, |first| first.start.min(own.start))
        }
        Window::Term => i128::MIN,
        Window::Periodic { .. } => {
            let last = date(own.end - 1)?;
            let (first, _) = window.dates_around(model.agreement.anchors(last), last)?;
            zone.start_of_day(first)?.as_nanosecond()
        }
        _ => return None,
    };
    let effective = term.and_then(|term| zone.start_of_day(term.from)).map(Timestamp::as_nanosecond);
    Some(Interval { start: effective.map_or(start, |effective| start.max(effective)), end: own.end })
}

impl<'a> Reader<'a> {
    /// The value of a function over a window of its own.
    pub(super) fn over_window(&self, expr: &'a Expr, window: &Window, place: Place<'_>) -> Result<Known, Gap> {
        let history = || Gap::History(expr.to_string());
        let commitment = self.commitment.filter(|_| place.at == self.window && self.facts.records().is_some());
        let commitment = commitment.ok_or_else(history)?;
        let at = over(self.model, window, self.window, self.before, &self.zone).ok_or_else(history)?;
        let mut inner = Reader::new(self.model, self.facts, at, self.budget).for_commitment(commitment);
        (inner.exact, inner.lifted) = (self.exact, Some(expr));
        inner.value(expr, Place { depth: place.depth, ..Place::new(at, place.wish) })
    }

    /// Whether this is the expression over the window of which the reader reads.
    pub(super) fn is_lifted(&self, expr: &Expr) -> bool {
        self.lifted.is_some_and(|lifted| std::ptr::eq(lifted, expr))
    }
}
