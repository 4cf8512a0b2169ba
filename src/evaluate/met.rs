//! What is remembered of windows before: whether each met a condition. The windows of a promise that look back judge the same
//! ones again, and by one memory for all of them each is judged once.

use super::interval::Interval;
use crate::calculus::Expr;
use crate::model::Commitment;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The places of a promise and of a condition in memory, where the model keeps them, a window, and whether sums may be of any length.
type Key = (usize, usize, Interval, bool);

/// Which windows met which conditions; nothing of one that was not measured, or to which the promise does not apply. It belongs
/// to the facts by which they are judged: others begin with an empty one. The facts are those of one model, which outlives them,
/// so that a place in memory is that of one condition: of another model, and of another promise, other facts are made.
#[derive(Debug, Default)]
pub(super) struct Met(Mutex<HashMap<Key, Option<bool>>>);

impl Clone for Met {
    fn clone(&self) -> Met {
        Met::default()
    }
}

impl Met {
    /// What is known of a window, or else what is found, which is remembered.
    ///
    /// # Errors
    /// That of what is looked for, which is looked for again the next time.
    pub fn or_find<E>(
        &self,
        commitment: &Commitment,
        condition: &Expr,
        (window, exact): (Interval, bool),
        find: impl FnOnce() -> Result<Option<bool>, E>,
    ) -> Result<Option<bool>, E> {
        let key = (std::ptr::from_ref(commitment).addr(), std::ptr::from_ref(condition).addr(), window, exact);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some(known) = known {
            return Ok(known);
        }
        // The lock is not held meanwhile: what is looked for may look for others.
        let found = find()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found);
        Ok(found)
    }
}
