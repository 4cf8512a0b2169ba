//! What suppliers' promises, fees and escalations look back at that lies before this agreement: misses in a row, windows that
//! are counted, the value of the window before, budgets for any so many days.

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
        let at_each_moment = matches!(counted, Counted::Budget(..) | Counted::Escalation(_));
        let is_fee = matches!(counted, Counted::Fee(_));
        let first = First { per, anchors, start: ours.from, at_each_moment, is_fee, next, began: theirs.from };
        let read = self.looked_at(counted).into_iter().filter_map(|expr| self.reach(expr, &first)).min();
        let from = read.into_iter().chain(first.rolls(counted)).min()?;
        let whole = (from.max(theirs.from), next);
        let (here, elsewhere) = (self.agreement.within_term(whole), there.within_term(whole));
        let cuts = here.0 < here.1 && elsewhere.0 < here.0 && elsewhere.0 < elsewhere.1;
        cuts.then_some(Cut { there, per, is_past: true, whole, here, elsewhere, of: Vec::new() })
    }

    /// From which day on an expression reads, from the end of the first window, where that is before the first day of this
    /// agreement; of metrics that it names, and of fees in the amount of a fee, as well.
    fn reach<'a>(&'a self, expr: &'a Expr, first: &First<'_>) -> Option<Date> {
        let (mut waiting, mut seen, mut earliest) = (vec![(expr, None, first.next)], BTreeSet::new(), None::<Date>);
        while let Some((expr, of, next)) = waiting.pop() {
            let last = First { next, ..*first };
            let before = last.before();
            expr.walk(&mut |part| {
                let named = match &part.kind {
                    ExprKind::Metric(name) => self.metrics.get(name).map(|metric| (name, &metric.value)),
                    ExprKind::Fee(name) if first.is_fee => self.fees.get(name).map(|fee| (name, &fee.amount)),
                    ExprKind::Apply { function: Function::Previous, arguments, .. } => {
                        waiting.extend(arguments.first().zip(before).map(|(argument, next)| (argument, of, next)));
                        None
                    }
                    _ => None,
                };
                // What names itself does so for the window before, and so for all windows.
                let from = match named {
                    Some((name, _)) if of == Some(name) => Some(first.began),
                    _ => last.reach(part),
                };
                earliest = [earliest, from.filter(|from| *from < first.start)].into_iter().flatten().min();
                let new = named.filter(|(_, value)| seen.insert((value.span, next)));
                waiting.extend(new.map(|(name, value)| (value, Some(name), next)));
            });
        }
        earliest
    }
}

/// The first window of something under this agreement.
#[derive(Clone, Copy)]
struct First<'a> {
    per: &'a Window,
    anchors: Anchors,
    /// The first day of this agreement.
    start: Date,
    /// Whether it is counted at each moment, and not only when a window ends.
    at_each_moment: bool,
    /// Whether it is a fee, which may be made of others.
    is_fee: bool,
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
            (Function::Previous, _) => self.earlier(2),
            (Function::Streak, _) | (_, Some(Window::Term)) => Some(self.began),
            (_, Some(Window::Rolling(amount))) => self.rolling(amount),
            (_, Some(Window::Last { count, of: None })) => self.earlier(*count),
            (_, Some(other)) => other.dates_around(self.anchors, self.next.yesterday().ok()?).map(|(from, _)| from),
            (_, None) => None,
        }
    }

    /// The first day of what rolls over the beginning of this agreement: it is judged there, and not in full here.
    fn rolls(&self, counted: Counted<'_>) -> Option<Date> {
        match (self.per, counted) {
            (Window::Rolling(amount), Counted::Promise(_) | Counted::Cap(_) | Counted::Budget(..)) => {
                self.rolling(amount)
            }
            _ => None,
        }
    }

    /// The first day of an amount of time that ends with the first window; where it ends at each moment, with the first one.
    fn rolling(&self, amount: &Amount) -> Option<Date> {
        let end = if self.at_each_moment && matches!(amount, Amount::Elapsed(_)) { self.start } else { self.next };
        in_days(amount)?.subtract_from(end)
    }

    /// The day after the window before; nothing where that is before the supplier's agreement.
    fn before(&self) -> Option<Date> {
        self.earlier(1).filter(|next| *next > self.began)
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
