use super::Outcome;
use crate::targets::json;
use clap::Args;

/// Print the JSON Schema of the bundle
#[derive(Args)]
pub(super) struct Schema {}

impl Schema {
    /// The schema of the version that this program writes.
    pub fn run(self) -> Outcome {
        Outcome::output(json::schema_text())
    }
}
