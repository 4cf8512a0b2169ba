//! The meaning: from what is known of one window to what was attained, whether the promise is kept, and what is owed.
//!
//! Everything is exact, and nothing that is not known is made up: a value either is there or is a [`Gap`] that says what
//! is missing. Each result comes with the steps that led to it.

mod budget;
mod case;
mod credit;
mod derivation;
mod example;
mod facts;
mod fees;
mod functions;
mod gap;
mod interval;
mod masks;
mod promise;
mod reader;
mod readings;
mod runs;
mod slices;
mod steps;
mod stretch;
mod wish;

pub use budget::Budget;
pub use credit::Credited;
pub use derivation::Step;
pub use example::{Compared, Worked, explain, work};
pub use facts::Facts;
pub use gap::Gap;
pub use interval::Interval;
pub use promise::{Judged, Verdict, derive, judge};
