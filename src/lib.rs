//! `sla`: a language and compiler for service level agreements.
//!
//! One `.sla` file says what parties promise each other. This crate parses it, builds a typed and checked model, and
//! compiles the model to contract text, a JSON rule bundle and Prometheus rules.

pub mod calculus;
pub mod checks;
pub mod diagnostics;
pub mod model;
pub mod source;
pub mod syntax;
pub mod targets;
pub mod values;
pub mod wording;
