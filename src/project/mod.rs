//! The files of a run and what they import: each is read and parsed once, however many agreements import it.

mod affected;
mod graph;
mod library;
mod path;
mod pattern;
mod refused;
mod settings;
mod store;
mod updates;

pub use affected::{Imports, affected};
pub use graph::MAX_DEPTH;
pub use library::{is_library, lost_proposals};
pub use settings::Settings;
pub use store::{Joined, MAX_IMPORTS, Named, Store};
