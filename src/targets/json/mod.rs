//! The JSON rule bundle: one canonical document an agreement, with everything in it as data and as plain rules, so that
//! a program without any knowledge of the language can compute every credit.

mod agreement;
mod bundle;
mod canonical;
mod commitments;
mod common;
mod conditions;
mod examples;
mod execution;
mod expression;
mod governance;
mod inputs;
mod measures;
mod obligations;
mod rules;
mod schema;
mod source;
mod support;
mod value;
mod words;

pub use canonical::{UNSIGNED, digest, pretty};
pub use schema::{ID, schema};

use serde_json::Value;

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

    fn emit(&self, model: &Model, sources: &SourceMap, _: &Options) -> (Vec<Artifact>, Vec<Diagnostic>) {
        let artifact = bundle(model, sources).map(|bundle| Artifact {
            name: format!("{}.{}", model.agreement.head.name, self.extension()),
            text: pretty(&bundle),
        });
        (artifact.into_iter().collect(), Vec::new())
    }
}

/// The bundle of a model as a document; nothing for a model with a part that was not understood, of which an error has
/// told.
pub fn bundle(model: &Model, sources: &SourceMap) -> Option<Value> {
    let mut bundle = serde_json::to_value(bundle::Bundle::new(model, sources)).ok()?;
    if !model.agreement.declared || has_unknown(&bundle) {
        return None;
    }
    let digest = digest(&bundle);
    bundle.as_object_mut()?.insert("digest".to_owned(), digest.into());
    Some(bundle)
}

/// Whether an expression or a type could not be understood.
fn has_unknown(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            let is_unknown = |name: &str| members.get(name).and_then(Value::as_str) == Some("unknown");
            is_unknown("op") || is_unknown("kind") || members.values().any(has_unknown)
        }
        Value::Array(items) => items.iter().any(has_unknown),
        _ => false,
    }
}
