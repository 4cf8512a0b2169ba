//! Prometheus rules: what is emitted, that Prometheus accepts it, and that it says the right thing at the right moment.

mod emitted;
mod options;
#[cfg(feature = "outside")]
mod promtool;

use sla::diagnostics::Diagnostic;
use sla::model::Model;
use sla::source::{FileId, SourceMap};
use sla::targets::prometheus::Prometheus;
use sla::targets::{Options, Target};

/// The model of a text without errors.
pub fn model(text: &str) -> Model {
    let (tree, found) = sla::syntax::parse(FileId::new(0), text);
    assert!(found.is_empty(), "{found:#?}");
    let (model, found) = sla::model::build(&tree);
    assert!(found.is_empty(), "{found:#?}");
    model
}

/// The rules of a text, and the notes on them.
pub fn emit(text: &str, options: &Options) -> (String, Vec<Diagnostic>) {
    let (mut artifacts, notes) = Prometheus.emit(&model(text), &SourceMap::new(), options);
    assert_eq!(artifacts.len(), 1);
    (artifacts.remove(0).text, notes)
}

/// The rules of a text.
pub fn rules(text: &str) -> String {
    emit(text, &Options::default()).0
}

/// The codes and messages of notes.
pub fn told(notes: &[Diagnostic]) -> Vec<String> {
    notes
        .iter()
        .map(|note| format!("{} {}: {}", note.code.id, note.message, note.primary.as_deref().unwrap_or_default()))
        .collect()
}

/// An agreement with a signal of requests, and whatever is added.
pub fn agreement(added: &str) -> String {
    format!(
        r#"
agreement small "Small" {{
  status    in_force
  effective 2027-01-01 to 2027-12-31
  timezone  "Europe/Berlin"
  currency  EUR
}}
party acme "Acme" as provider {{ contact noc "NOC" {{ email "noc@acme.example" }} }}
party globex "Globex" as customer {{ contact it "IT" {{ email "it@globex.example" }} }}
service api "API" {{ by acme to globex }}
{added}
"#
    )
}
