//! Dimensions, and what differs by their options.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::Head;
use crate::model::{self, Declared, Model, Table};

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
    let mut all = Vec::new();
    add(&model.fees, &mut all);
    add(&model.constants, &mut all);
    add(&model.signals, &mut all);
    add(&model.metrics, &mut all);
    add(&model.commitments, &mut all);
    add(&model.supports, &mut all);
    add(&model.escalations, &mut all);
    add(&model.duties, &mut all);
    add(&model.recoveries, &mut all);
    add(&model.maintenances, &mut all);
    add(&model.exclusions, &mut all);
    add(&model.reports, &mut all);
    add(&model.notices, &mut all);
    all
}

/// Adds the families of a table. What is read for plans, and for plans and regions, is a family of each.
fn add<T: Declared>(table: &Table<T>, all: &mut Vec<Family>) {
    let from = all.len();
    for head in table.iter().map(Declared::head).filter(|head| !head.variant.is_empty()) {
        let per: Vec<String> = head.variant.iter().map(|choice| choice.dimension.clone()).collect();
        let known = all.iter_mut().skip(from).find(|family| family.name == head.family && family.per == per);
        match known {
            Some(family) => family.variants.push(variant(head)),
            None => all.push(Family {
                keyword: head.id.split('.').next().unwrap_or_default().to_owned(),
                name: head.family.clone(),
                title: head.title.clone(),
                per,
                variants: vec![variant(head)],
            }),
        }
    }
}

fn variant(head: &model::Head) -> Variant {
    let options = head.variant.iter().map(|choice| choice.option.clone()).collect();
    Variant { id: head.id.clone(), name: head.name.clone(), options }
}
