//! Dimensions, and what differs by their options.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::common::Head;
use crate::model::{self, Model};

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

/// A clause that differs by options: it stands in this bundle once for each of its variants, resolved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Family {
    /// The keyword of the clause, such as `commitment`.
    pub keyword: String,
    /// The name of the clause.
    pub name: String,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// The names of the dimensions.
    pub per: Vec<String>,
    /// The variants.
    pub variants: Vec<Variant>,
}

/// A clause for one option of each dimension.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Variant {
    /// The stable id.
    pub id: String,
    /// The name, by which other members of the bundle refer to it.
    pub name: String,
    /// The options, in the order of the dimensions.
    pub options: Vec<String>,
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

/// Every family of a model, in the order of the bundle.
pub fn families(model: &Model) -> Vec<Family> {
    let mut all: Vec<Family> = Vec::new();
    let mut places = BTreeMap::new();
    for head in model.varied() {
        let keyword = head.id.split('.').next().unwrap_or_default().to_owned();
        let per: Vec<String> = head.variant.iter().map(|choice| choice.dimension.clone()).collect();
        // What is read for plans, and for plans and regions, is a family of each.
        let place = *places.entry((keyword.clone(), head.family.clone(), per.clone())).or_insert(all.len());
        if place == all.len() {
            let (name, title) = (head.family.clone(), head.title.clone());
            all.push(Family { keyword, name, title, per, variants: Vec::new() });
        }
        all.iter_mut().skip(place).take(1).for_each(|family| family.variants.push(variant(head)));
    }
    all
}

fn variant(head: &model::Head) -> Variant {
    let options = head.variant.iter().map(|choice| choice.option.clone()).collect();
    Variant { id: head.id.clone(), name: head.name.clone(), options }
}
