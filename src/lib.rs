//! `sla`: a language and compiler for service level agreements.
//!
//! One `.sla` file says what parties promise each other. This crate parses it, builds a typed and checked model, and
//! compiles the model to contract text, a JSON rule bundle and Prometheus rules.
//!
//! [`load`], [`check`] and [`compile`] are the whole pipeline, as functions of a [`World`](source::World):
//!
//! ```
//! use sla::source::{MemoryWorld, SourceMap};
//!
//! let world = MemoryWorld::new().with("web.sla", "agreement web \"Web hosting\" {}\n");
//! let mut sources = SourceMap::new();
//! let file = sla::load(&world, "web.sla".as_ref(), &mut sources).expect("the file is in the world");
//! let checked = sla::check(file, &sources);
//! assert_eq!(checked.model.agreement.head.name, "web");
//! ```

pub mod calculus;
pub mod checks;
pub mod cli;
pub mod diagnostics;
pub mod evaluate;
pub mod measurements;
pub mod model;
mod pipeline;
pub mod project;
pub mod source;
pub mod statement;
pub mod status;
pub mod std_library;
pub mod syntax;
pub mod targets;
pub mod values;
pub mod wording;

pub use pipeline::{
    Checked, admit, check, check_joined, check_standards, compile, load, model_for, one_agreement_a_name, one_of_a_name,
};
