//! The contract: an agreement in plain English that people read, sign and file, in Markdown.
//!
//! Every number and every duty of the source is in it, in a numbered clause and its last schedule says which
//! stable id each clause has. What the language decides by default is spelled out where it applies.

mod block;
mod counting;
mod credits;
mod definitions;
mod examples;
mod fees;
mod front;
mod governance;
mod grids;
mod interpretation;
mod levels;
mod markdown;
mod moments;
mod negotiation;
mod omitted;
mod options;
mod responsibilities;
mod risk;
mod schedules;
mod services;
mod signatures;
mod support;
mod together;
mod variants;

use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::source::SourceMap;
use crate::targets::{Artifact, Options, Target};
use crate::wording::{lowered, plain};
pub(crate) use markdown::pages;
use markdown::{Document, Names};
pub use markdown::{Md, bold, code};
use std::collections::BTreeSet;

/// The target `contract`: one Markdown file.
#[derive(Debug)]
pub struct Contract;

impl Target for Contract {
    fn name(&self) -> &'static str {
        "contract"
    }

    fn extension(&self) -> &'static str {
        "contract.md"
    }

    fn emit(&self, model: &Model, _: &SourceMap, options: &Options) -> (Vec<Artifact>, Vec<Diagnostic>) {
        let name = if model.agreement.head.name.is_empty() { "agreement" } else { &model.agreement.head.name };
        let text = if options.omit_suppliers { text_for_customer(model) } else { text(model) };
        (vec![Artifact { name: format!("{name}.{}", self.extension()), text }], Vec::new())
    }
}

/// The whole contract.
pub fn text(model: &Model) -> String {
    written(&model.told_apart(), false)
}

/// The contract without what holds between the provider and its suppliers.
pub fn text_for_customer(model: &Model) -> String {
    written(&omitted::without_suppliers(&model.told_apart()), true)
}

fn written(model: &Model, for_customer: bool) -> String {
    let mut document = Document::of(for_customer, names(model));
    let sections = [
        front::write,
        services::write,
        definitions::write,
        interpretation::write,
        levels::write,
        credits::write,
        support::write,
        responsibilities::write,
        risk::exclusions,
        risk::write,
        governance::communication,
        governance::review,
        governance::disputes,
        governance::records,
        schedules::fees,
        schedules::calendars,
        examples::write,
        schedules::suppliers,
        negotiation::write,
        schedules::editions,
        schedules::identifiers,
        signatures::write,
    ];
    for section in sections {
        section(model, &mut document);
    }
    document.finish()
}

/// What the declarations are called, as it stands in a sentence.
fn names(model: &Model) -> Names {
    let heads = model.kinds().into_iter().flat_map(|(_, heads)| heads);
    let titles: BTreeSet<String> = heads.map(|head| plain(&head.family_label())).collect();
    Names::of(titles.into_iter().flat_map(|title| [lowered(model, &title), title]))
}
