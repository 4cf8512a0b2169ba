//! The meaning: from what is known of one window to what was attained, whether the promise is kept, and what is owed.
//!
//! Everything is exact, and nothing that is not known is made up: a value either is there or is a [`Gap`] that says what
//! is missing. Each result comes with the steps that led to it.

mod account;
mod budget;
mod case;
mod counted;
mod credit;
mod derivation;
mod evaluation;
mod evidence;
mod example;
mod facts;
mod fees;
mod functions;
mod gap;
mod history;
mod interval;
mod known;
mod masks;
mod met;
mod over;
mod place;
mod plan;
mod promise;
mod quick;
mod reader;
mod readings;
mod recorded;
pub mod records;
mod rolling;
mod runs;
mod settle;
mod slices;
mod steps;
mod stretch;
mod suppose;
mod tally;
mod wish;

pub use account::{Account, Entry, accounts};
pub use budget::Budget;
pub use credit::Credited;
pub use derivation::Step;
pub use evaluation::{Outcome, Total, Totals, conclude, explain_due, judge_due, totals, window_deadline};
pub use example::{Compared, Worked, explain, work};
pub use facts::Facts;
pub use gap::Gap;
pub use history::judges_windows;
pub use interval::{Interval, nanos};
pub use known::Known;
pub use masks::known_for;
pub use plan::{Due, Plan, TooFine, looks_back, reads_of};
pub use promise::{Judged, Verdict, derive, judge, shared_limit};
pub use reader::BEYOND;
pub use settle::Settled;
pub use suppose::{Sense, Supposed, suppose};
