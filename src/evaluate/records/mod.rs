//! What was measured: the rows of every signal, added up between the instants at which anything is read.
//!
//! Memory follows the slices in which the agreement reads a signal, and not the rows.

mod case;
mod counts;
mod cuts;
mod occurrences;
mod states;

pub use case::CaseRecord;
pub use counts::{Counts, TooLarge};
pub use cuts::Cuts;
pub use occurrences::{MISSING, Occurrences};
pub use states::States;

use std::collections::BTreeMap;

/// Everything that was measured, by the names of signals. One that is not here was not measured at all.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// The signals.
    pub signals: BTreeMap<String, Recorded>,
    /// The first moment in any row of each signal: of what was before nothing is missing.
    pub began: BTreeMap<String, i128>,
    /// Up to when things are known, in nanoseconds since 1970, UTC.
    pub until: i128,
}

/// What was measured of one signal; which part is used follows from its kind.
#[derive(Clone, Debug)]
pub enum Recorded {
    /// Counts of events, and the values of single ones.
    Events(Counts, Occurrences),
    /// Readings of a quantity, or scores.
    Each(Occurrences),
    /// Up or down, by the values of its fields.
    States(BTreeMap<Vec<String>, States>),
    /// Cases.
    Cases(Vec<CaseRecord>),
}
