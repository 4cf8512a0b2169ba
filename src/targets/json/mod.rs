//! The JSON rule bundle: one canonical document an agreement, with everything in it as data and as plain rules, so that
//! a program without any knowledge of the language can compute every credit.

mod agreement;
mod bundle;
mod calendars;
mod canonical;
mod commitments;
mod common;
mod conditions;
mod credits;
mod dimensions;
mod examples;
mod execution;
mod expression;
mod families;
mod governance;
mod inputs;
mod layout;
mod lowering;
mod measures;
mod negotiation;
mod notifications;
mod obligations;
mod resolved;
mod rules;
mod schema;
mod source;
mod stage;
mod support;
mod value;
mod words;

pub use canonical::{UNSIGNED, digest, pretty};
pub use schema::{ID, schema, schema_text};

use super::{Artifact, Options, Target};
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::source::SourceMap;

/// Compiles an agreement to its rule bundle.
pub struct Json;

impl Target for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extension(&self) -> &'static str {
        "bundle.json"
    }

    fn emit(&self, model: &Model, sources: &SourceMap, options: &Options) -> (Vec<Artifact>, Vec<Diagnostic>) {
        let name = format!("{}.{}", model.agreement.head.name, self.extension());
        let artifact = text(model, sources, options).map(|text| Artifact { name, text });
        (artifact.into_iter().collect(), Vec::new())
    }
}

/// The text of the bundle of a model; nothing for a model with a part that was not understood, of which an error has
/// told.
fn text(model: &Model, sources: &SourceMap, options: &Options) -> Option<String> {
    if !model.agreement.declared {
        return None;
    }
    let bundle = bundle::Bundle::new(model, sources, options);
    // No text of the author can hold these, since its quotation marks are escaped.
    let is_unknown = |text: &String| UNKNOWN.iter().any(|member| text.contains(member));
    canonical::signed(&bundle).ok().filter(|text| !is_unknown(text))
}

/// An expression or a type that could not be understood.
const UNKNOWN: [&str; 2] = ["\"op\": \"unknown\"", "\"kind\": \"unknown\""];
