//! Targets: what a model is compiled to. A target sees the model and nothing else; what it cannot express exactly is a
//! diagnostic at the clause, never an approximation in silence.

pub mod contract;
pub mod json;
pub mod prometheus;

use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::source::SourceMap;
use crate::values::Date;

/// A file that a target makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name, without a folder.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What the user may choose for a build.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How far ahead dates are worked out, if the term does not say it.
    pub horizon: Option<Date>,
    /// Whether rules are emitted for agreements that are not yet agreed.
    pub drafts: bool,
    /// Whether the contract leaves out what holds between the provider and its suppliers.
    pub omit_suppliers: bool,
}

/// One thing that a model is compiled to. The same model and options give the same bytes.
pub trait Target: Sync {
    /// The word for it on the command line.
    fn name(&self) -> &'static str;
    /// The end of its files' names, such as `bundle.json`.
    fn extension(&self) -> &'static str;
    /// Compiles a model without errors.
    fn emit(&self, model: &Model, sources: &SourceMap, options: &Options) -> (Vec<Artifact>, Vec<Diagnostic>);
}

/// Every target, in the order in which its files are made.
#[must_use]
pub fn all() -> &'static [&'static dyn Target] {
    &[&json::Json, &prometheus::Prometheus, &contract::Contract]
}
