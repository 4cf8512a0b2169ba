//! The periods for which fees are paid, and whether they are those for which something is owed.

use super::{Credit, Fee, Model};
use crate::calculus::{Expr, ExprKind, Type, Value, fold};
use crate::source::Span;
use crate::values::{Date, Window};
use std::collections::BTreeSet;

/// A fee that is named somewhere, and the place.
pub type FeeRef<'a> = (&'a str, Span);

impl Credit {
    /// The fees that it is a part of, each where it is named first.
    pub fn fees<'a>(&'a self, model: &'a Model) -> Vec<FeeRef<'a>> {
        let table = match self {
            Credit::Formula { amount, .. } => return model.fees_in(amount),
            Credit::Table(table) => table,
        };
        let base = table.rows.iter().any(|row| row.gives.ty == Type::Ratio);
        let base = base.then_some((table.base.value.as_str(), table.base.span));
        let mut found: Vec<FeeRef<'_>> = base.into_iter().collect();
        for (name, span) in table.rows.iter().flat_map(|row| model.fees_in(&row.gives)) {
            if found.iter().all(|(known, _)| *known != name) {
                found.push((name, span));
            }
        }
        found
    }
}

impl Model {
    /// The value of an expression that the file states: constants and fees are worked in.
    pub fn stated(&self, expr: &Expr) -> Option<Value> {
        fold(expr, &|name| match self.constants.get(name) {
            Some(constant) => constant.exact.clone(),
            None => self.fees.get(name)?.exact.clone(),
        })
    }

    /// The fees that an amount is computed from, by way of constants too; each where it is named first in the amount.
    pub fn fees_in<'a>(&'a self, amount: &'a Expr) -> Vec<FeeRef<'a>> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        self.collect_fees(amount, None, &mut seen, &mut found);
        found
    }

    /// The fees in an expression; those behind a constant stand where that is named.
    fn collect_fees<'a>(
        &'a self,
        expr: &'a Expr,
        place: Option<Span>,
        seen: &mut BTreeSet<&'a str>,
        found: &mut Vec<FeeRef<'a>>,
    ) {
        let mut named = Vec::new();
        expr.walk(&mut |part| {
            if let ExprKind::Fee(name) | ExprKind::Constant(name) = &part.kind {
                named.push((name.as_str(), place.unwrap_or(part.span)));
            }
        });
        for (name, place) in named {
            if !seen.insert(name) {
                continue;
            }
            match self.constants.get(name) {
                Some(constant) => self.collect_fees(&constant.value, Some(place), seen, found),
                None => found.push((name, place)),
            }
        }
    }

    /// The fees with a period of their own that an amount is a part of, each once: by way of sums and parts of them too.
    pub fn fees_behind<'a>(&'a self, amount: &'a Expr) -> Vec<&'a Fee> {
        let (mut found, mut seen, mut left) = (Vec::new(), BTreeSet::new(), vec![amount]);
        while let Some(amount) = left.pop() {
            for fee in self.fees_in(amount).into_iter().filter_map(|(name, _)| self.fees.get(name)) {
                match fee.per {
                    _ if !seen.insert(fee.head.name.as_str()) => {}
                    Some(_) => found.push(fee),
                    None => left.push(&fee.amount),
                }
            }
        }
        found
    }

    /// The periods for which a fee is paid, each once: its own, or those of the fees that it is the sum of.
    pub fn fee_periods(&self, name: &str) -> Vec<&Window> {
        let mut periods = Vec::new();
        self.collect_periods(name, &mut BTreeSet::new(), &mut periods);
        periods
    }

    fn collect_periods<'a>(&'a self, name: &str, seen: &mut BTreeSet<String>, periods: &mut Vec<&'a Window>) {
        let Some(fee) = self.fees.get(name) else { return };
        if !seen.insert(name.to_owned()) {
            return;
        }
        match &fee.per {
            Some(per) if !periods.contains(&per) => periods.push(per),
            Some(_) => {}
            None => {
                self.fees_in(&fee.amount).into_iter().for_each(|(part, _)| self.collect_periods(part, seen, periods))
            }
        }
    }

    /// The periods of a fee, if not all of them begin and end with the windows in which it is used. Nothing for a single
    /// case or event, which has no length.
    pub fn other_periods(&self, fee: &str, window: &Window) -> Option<Vec<&Window>> {
        let periods = self.fee_periods(fee);
        let single = matches!(window, Window::EachCase | Window::EachEvent);
        (!single && periods.iter().any(|period| !self.aligned(window, period))).then_some(periods)
    }

    /// Whether two windows always begin and end together.
    pub fn aligned(&self, one: &Window, other: &Window) -> bool {
        one.is_aligned(self.agreement.anchors(Date::constant(2027, 1, 1)), other)
    }
}
