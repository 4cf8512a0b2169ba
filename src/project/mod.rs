//! The files of a run and what they import: each is read and parsed once, however many agreements import it.

mod graph;
mod library;
mod path;
mod refused;
mod store;

pub use graph::MAX_DEPTH;
pub use library::is_library;
pub use store::{Joined, MAX_IMPORTS, Named, Store};
