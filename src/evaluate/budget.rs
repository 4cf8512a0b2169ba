use super::gap::Gap;
use std::cell::Cell;

/// How much may still be computed: an agreement comes from the other side of a negotiation, and must not keep anybody
/// waiting.
#[derive(Debug)]
pub struct Budget(Cell<u64>);

impl Budget {
    /// As many steps, each about a microsecond.
    #[must_use]
    pub fn new(steps: u64) -> Budget {
        Budget(Cell::new(steps))
    }

    /// Takes steps from it, while there are enough.
    pub(super) fn spend(&self, steps: u64) -> Result<(), Gap> {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(Gap::TooLong)
    }
}

impl Default for Budget {
    /// Enough for all examples of an agreement that people would write.
    fn default() -> Budget {
        Budget::new(2_000_000)
    }
}
