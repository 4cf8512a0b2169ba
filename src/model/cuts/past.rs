//! What suppliers' promises and fees look back at that lies before this agreement: misses in a row, windows that are counted,
//! the value of the window before.

use super::{Counted, Cut};
use crate::calculus::{Expr, ExprKind, Function};
use crate::model::{Agreement, Model};
use crate::values::{Amount, Anchors, Date, Exact, Period, PeriodUnit, Window};
use std::collections::BTreeSet;

impl Model {
    /// What something looks back at from the end of its first window here, where a part of that lies before our term and
    /// within the term of the supplier's own agreement.
    pub(super) fn past_elsewhere<'a>(
        &'a self,
        there: &'a Agreement,
        per: &'a Window,
        counted: Counted<'a>,
    ) -> Option<Cut<'a>> {
        let (ours, theirs) = (self.agreement.effective.as_ref()?, there.effective.as_ref()?);
        if theirs.from >= ours.from || !self.agreement.begins_like(there, per) {
            return None;
        }
        let anchors = self.agreement.anchors(ours.from);
        let next = end_of_first(per, anchors, ours.from)?;
        let first = First { per, anchors, start: ours.from, next, began: theirs.from };
        let read = self.looked_at(counted).into_iter().filter_map(|expr| self.reach(expr, &first)).min();
        let from = read.into_iter().chain(first.rolls(counted)).min()?;
        let whole = (from.max(theirs.from), next);
        let (here, elsewhere) = (self.agreement.within_term(whole), there.within_term(whole));
        let cuts = here.0 < here.1 && elsewhere.0 < here.0 && elsewhere.0 < elsewhere.1;
        cuts.then_some(Cut { there, per, is_past: true, whole, here, elsewhere, of: Vec::new() })
    }

    /// The expressions by which something may look back.
    fn looked_at<'a>(&'a self, counted: Counted<'a>) -> Vec<&'a Expr> {
        match counted {
            Counted::Promise(commitment) => commitment.measured(),
            Counted::Fee(fee) => vec![&fee.amount],
            Counted::Cap(_) | Counted::Budget(..) => Vec::new(),
        }
    }

    /// From which day on an expression reads, from the end of the first window, where that is before this window; of metrics
    /// that it names, and of fees, as well.
    fn reach(&self, expr: &Expr, first: &First<'_>) -> Option<Date> {
        let (mut waiting, mut seen, mut earliest) = (vec![expr], BTreeSet::new(), None::<Date>);
        while let Some(expr) = waiting.pop() {
            expr.walk(&mut |part| {
                let from = first.reach(part).filter(|from| *from < first.start);
                earliest = [earliest, from].into_iter().flatten().min();
                let named = match &part.kind {
                    ExprKind::Metric(name) => self.metrics.get(name).map(|metric| &metric.value),
                    _ => None,
                };
                waiting.extend(named.filter(|value| seen.insert(value.span)));
            });
        }
        earliest
    }
}

/// The first window of something under this agreement.
struct First<'a> {
    per: &'a Window,
    anchors: Anchors,
    /// The first day of this agreement.
    start: Date,
    /// The day after the last one of the window.
    next: Date,
    /// The first day of the supplier's own agreement.
    began: Date,
}

impl First<'_> {
    /// From which day on one function reads; what looks back as far as there are windows, from the first day of the supplier's
    /// agreement.
    fn reach(&self, part: &Expr) -> Option<Date> {
        let ExprKind::Apply { function, over, .. } = &part.kind else { return None };
        match (function, over) {
            (Function::Previous, _) if part.fee_before().is_some() => self.earlier(2),
            (Function::Streak | Function::Previous, _) | (_, Some(Window::Term)) => Some(self.began),
            (_, Some(Window::Rolling(amount))) => in_days(amount)?.subtract_from(self.next),
            (_, Some(Window::Last { count, of: None })) => self.earlier(*count),
            (_, Some(other)) => other.dates_around(self.anchors, self.next.yesterday().ok()?).map(|(from, _)| from),
            (_, None) => None,
        }
    }

    /// The first day of what rolls over the beginning of this agreement: it is judged there, and not in full here.
    fn rolls(&self, counted: Counted<'_>) -> Option<Date> {
        match (self.per, counted) {
            (Window::Rolling(amount), Counted::Promise(_) | Counted::Cap(_)) => {
                in_days(amount)?.subtract_from(self.next)
            }
            _ => None,
        }
    }

    /// The first day of so many windows together, of which the first one here is the last.
    fn earlier(&self, count: u32) -> Option<Date> {
        let mut from = self.next;
        for _ in 0..count {
            // As many days as there are between ours and theirs are enough.
            if from <= self.began {
                break;
            }
            let last = from.yesterday().ok()?;
            from = match self.per {
                // Of one that is judged every day each day ends a window.
                Window::Rolling(_) => last,
                per => per.dates_around(self.anchors, last)?.0,
            };
        }
        Some(from)
    }
}

/// The day after the first window that ends in a term; one that rolls ends every day.
fn end_of_first(per: &Window, anchors: Anchors, from: Date) -> Option<Date> {
    match per {
        Window::Rolling(_) => from.tomorrow().ok(),
        per => per.dates_around(anchors, from).map(|(_, next)| next),
    }
}

/// An amount of time as a period that is counted in days; a part of a day is in all of it.
fn in_days(amount: &Amount) -> Option<Period> {
    match amount {
        Amount::Period(period) => Some(*period),
        Amount::Elapsed(length) => {
            let days = length.seconds().checked_div(&Exact::from_int(86_400))?.ceil().to_i64()?;
            Some(Period::new(u32::try_from(days).ok()?, PeriodUnit::Day))
        }
        Amount::Windows { .. } => None,
    }
}
