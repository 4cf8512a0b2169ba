//! How many windows in a row meet a condition.

use super::gap::Gap;
use super::interval::Interval;
use super::reader::{Place, Reader};
use super::recorded::not_begun;
use super::wish::Wish;
use crate::calculus::{Expr, Value};
use crate::model::Condition;
use crate::values::Exact;

impl<'a> Reader<'a> {
    /// How many windows in a row, up to this one, meet a condition. One that was not measured or to which the commitment
    /// does not apply neither counts nor breaks.
    pub(super) fn streak(&self, condition: &'a Expr, place: Place<'_>) -> Result<Value, Gap> {
        let commitment = self.commitment.ok_or_else(|| Gap::History(condition.to_string()))?;
        let records = self.facts.records().ok_or_else(|| Gap::History(condition.to_string()))?;
        if place.at != self.window {
            return Err(Gap::Poisoned);
        }
        let mut count = 0;
        let windows: Vec<Interval> = self.before.iter().copied().chain([self.window]).collect();
        for (index, window) in windows.iter().enumerate().rev() {
            self.budget.spend(1)?;
            // Of a time before anything was recorded nothing is missing.
            if not_begun(self.model, commitment, records, *window).is_some() {
                continue;
            }
            let mut then = Reader::new(self.model, self.facts, *window, self.budget).for_commitment(commitment);
            then.before = self.before.get(..index).unwrap_or_default();
            then.exact = self.exact;
            if let Some(Condition::Measured(applies)) = &commitment.applies_when
                && then.in_window(applies, Wish::High).and_then(|known| known.exactly()) != Ok(Value::Boolean(true))
            {
                continue;
            }
            match then.holds(condition, Place { depth: place.depth, ..Place::new(*window, Wish::None) }) {
                Ok(true) => count += 1,
                Ok(false) => break,
                Err(gap @ (Gap::Unsure | Gap::TooLong)) => return Err(gap),
                Err(gap) if *window == self.window => return Err(gap),
                Err(_) => {}
            }
        }
        Ok(Value::Number(Exact::from_int(count)))
    }
}
