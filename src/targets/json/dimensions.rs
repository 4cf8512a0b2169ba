//! Dimensions and their options.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::Head;
use crate::model;

/// What clauses differ by.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dimension {
    /// Id, name and title.
    #[serde(flatten)]
    pub head: Head,
    /// The options; none where they are those that the measurements have. Then a clause stands in this bundle once, for
    /// each of them, with the option `each`.
    pub options: Vec<Head>,
    /// Whether the options are those that the measurements have.
    pub open: bool,
}

impl From<&model::Dimension> for Dimension {
    fn from(dimension: &model::Dimension) -> Self {
        Dimension {
            head: (&dimension.head).into(),
            options: dimension.options.iter().map(Head::from).collect(),
            open: dimension.open,
        }
    }
}
