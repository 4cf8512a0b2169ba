//! What the windows of a promise before came to: streaks, counts of windows, the value of the window before.
//!
//! A window that was not measured, or to which the commitment does not apply, is passed over.

use super::gap::Gap;
use super::interval::Interval;
use super::known::Known;
use super::over::over;
use super::promise::applies;
use super::reader::{Place, Reader};
use super::recorded::not_begun;
use super::wish::Wish;
use crate::calculus::{Expr, ExprKind, Function};
use crate::model::{Condition, Model};
use crate::values::Window;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The values of expressions in windows before, each by its own place in the model and by the window's place: by where it stands
/// in a file, the expressions of two uses of one template are one.
pub(super) type Past = Rc<RefCell<BTreeMap<(usize, usize), Result<Known, Gap>>>>;

/// Whether an expression looks at windows before the one that is judged.
pub(super) fn looks_back<'a>(model: &'a Model, expr: &'a Expr) -> bool {
    is_made_of(model, expr, &|part| {
        judges(part) || matches!(&part.kind, ExprKind::Apply { over: Some(Window::Last { .. }), .. })
    })
}

/// Whether an expression asks what windows of the promise came to: `streak`, `previous`, and counts of windows.
#[must_use]
pub fn judges_windows(model: &Model, expr: &Expr) -> bool {
    is_made_of(model, expr, &judges)
}

fn judges(part: &Expr) -> bool {
    let looks = matches!(part.kind, ExprKind::Apply { function: Function::Streak | Function::Previous, .. });
    looks && part.fee_before().is_none() || part.windows_counted().is_some()
}

/// Whether any part of an expression is so, also of the metrics that it names.
fn is_made_of<'a>(model: &'a Model, expr: &'a Expr, is_so: &dyn Fn(&Expr) -> bool) -> bool {
    let (mut waiting, mut seen, mut found) = (vec![expr], Vec::new(), false);
    while let Some(expr) = waiting.pop() {
        expr.walk(&mut |part| {
            found |= is_so(part);
            if let ExprKind::Metric(name) = &part.kind
                && !seen.contains(&name)
            {
                seen.push(name);
                waiting.extend(model.metrics.get(name).map(|metric| &metric.value));
            }
        });
    }
    found
}

impl<'a> Reader<'a> {
    /// The windows in a row, up to this one, that meet a condition, the last one first.
    pub(super) fn streak(&self, condition: &'a Expr, place: Place<'_>) -> Result<Vec<Interval>, Gap> {
        let mut found = Vec::new();
        for index in (0..=self.before.len()).rev() {
            match self.met(condition, index, place)? {
                Some((true, window)) => found.push(window),
                Some((false, _)) => break,
                None => {}
            }
        }
        Ok(found)
    }

    /// The windows that meet a condition, of those that end within another one that ends with this, the last one first.
    pub(super) fn windows_counted(
        &self,
        condition: &'a Expr,
        within: &Window,
        place: Place<'_>,
    ) -> Result<Vec<Interval>, Gap> {
        let first = match within {
            Window::Last { count, of: None } => {
                (self.before.len() + 1).saturating_sub(usize::try_from(*count).unwrap_or(usize::MAX))
            }
            _ => {
                let at = over(self.model, within, self.window, self.before, &self.zone);
                let at = at.ok_or_else(|| Gap::History(condition.to_string()))?;
                self.before.partition_point(|window| window.end <= at.start)
            }
        };
        let mut found = Vec::new();
        for index in (first..=self.before.len()).rev() {
            found.extend(self.met(condition, index, place)?.and_then(|(holds, window)| holds.then_some(window)));
        }
        Ok(found)
    }

    /// Whether a window, by its place, meets a condition; nothing where that is passed over.
    fn met(&self, condition: &'a Expr, index: usize, place: Place<'_>) -> Result<Option<(bool, Interval)>, Gap> {
        let find = || {
            let mut found = None;
            self.look_back(place, std::iter::once(index), &mut |then, place, _| {
                found = Some(then.holds(condition, place)?);
                Ok(true)
            })?;
            Ok(found)
        };
        let earlier = self.before.get(index).copied();
        let holds = match (earlier, self.commitment) {
            (Some(window), Some(commitment)) => {
                self.budget.spend(1)?;
                self.facts.earlier().met.or_find(commitment, condition, (window, self.exact), find)
            }
            _ => find(),
        };
        Ok(holds?.map(|holds| (holds, earlier.unwrap_or(self.window))))
    }

    /// The value of an expression in the last window before this one that was measured, with that window; nothing if there
    /// is none.
    pub(super) fn previous(&self, of: &'a Expr, place: Place<'_>) -> Result<Option<(Known, Interval)>, Gap> {
        let key = |index: usize| (std::ptr::from_ref(of).addr(), index);
        let mut look = |then: &Reader<'a>, inner: Place<'_>, index: usize| {
            let value = then.value(of, inner.wishing(place.wish));
            self.past.borrow_mut().insert(key(index), value.clone());
            value.map(|_| false)
        };
        let windows = 0..self.before.len();
        if looks_back(self.model, of) {
            // From the first one on, so that each finds the value of the one before it.
            for index in windows.clone() {
                let unknown = !self.past.borrow().contains_key(&key(index));
                if unknown {
                    self.past.borrow_mut().insert(key(index), Err(Gap::Excluded));
                    self.look_back(place, std::iter::once(index), &mut look)?;
                }
            }
        } else {
            self.look_back(place, windows.clone().rev(), &mut look)?;
        }
        let past = self.past.borrow();
        let known = |index: usize| match past.get(&key(index)) {
            Some(Ok(value)) => Some((value.clone(), *self.before.get(index)?)),
            _ => None,
        };
        Ok(windows.rev().find_map(known))
    }

    /// Calls `each` with windows by their places, those before the promise's own and then itself, until it says that it is
    /// enough. What is not known of windows before passes over them.
    fn look_back(
        &self,
        place: Place<'_>,
        windows: impl Iterator<Item = usize>,
        each: &mut dyn FnMut(&Reader<'a>, Place<'_>, usize) -> Result<bool, Gap>,
    ) -> Result<(), Gap> {
        let commitment = self.commitment.filter(|_| place.at == self.window).ok_or(Gap::Poisoned)?;
        // That which windows count depends on which windows count has been told.
        if matches!(&commitment.applies_when, Some(Condition::Measured(when)) if judges_windows(self.model, when)) {
            return Err(Gap::Poisoned);
        }
        for index in windows {
            self.budget.spend(1)?;
            let earlier = self.before.get(index).copied();
            let window = earlier.unwrap_or(self.window);
            // Of a time before anything was recorded nothing is missing.
            let begun =
                self.facts.records().is_none_or(|records| not_begun(self.model, commitment, records, window).is_none());
            if !begun {
                continue;
            }
            let facts = if earlier.is_some() { self.facts.earlier() } else { self.facts };
            let mut then = Reader::new(self.model, facts, window, self.budget).for_commitment(commitment);
            then.before = self.before.get(..index).unwrap_or_default();
            then.past = Rc::clone(&self.past);
            then.exact = self.exact;
            if applies(&then, commitment) != Ok(true) {
                continue;
            }
            match each(&then, Place { depth: place.depth, ..Place::new(window, Wish::None) }, index) {
                Ok(true) => {}
                Ok(false) => break,
                Err(gap @ (Gap::Unsure | Gap::TooLong)) => return Err(gap),
                Err(gap) if earlier.is_none() => return Err(gap),
                Err(_) => {}
            }
        }
        Ok(())
    }
}
