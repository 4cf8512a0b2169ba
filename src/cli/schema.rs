use super::Outcome;
use super::terminal::Terminal;
use crate::targets::json;
use clap::Args;

/// Print the JSON Schema of the bundle
#[derive(Args)]
pub(super) struct Schema {}

impl Schema {
    /// The schema of the version that this program writes.
    pub fn run(self, terminal: &Terminal) -> Outcome {
        match json::pretty(&json::schema()) {
            Ok(text) => Outcome::output(text),
            Err(error) => Outcome::failure(terminal, &format!("the schema cannot be written: {error}"), None),
        }
    }
}
