//! What differs by options: one clause for all of them, with a table of what differs.

use super::markdown::Document;
use super::options::{names, title};
use super::together::Family;
use crate::model::{Declared, Head, Model, Table, Variant};
use crate::wording::{label, listed, lowered, plain};
use std::collections::{BTreeMap, BTreeSet};

/// For how many sets of dimensions what a clause names is called by its other options. For more, these are left out: each
/// set takes a model of its own.
const MOST_DIMENSIONS: usize = 32;

/// Writes declarations; those of one family together.
pub fn each<T: Declared>(
    model: &Model,
    all: &[&T],
    table: fn(&Model) -> &Table<T>,
    one: fn(&Model, &T, &mut Document),
    document: &mut Document,
) {
    // By the dimensions that a family differs by.
    let mut untitled: BTreeMap<BTreeSet<&str>, Model> = BTreeMap::new();
    for family in all.chunk_by(|one, next| same_family(one.head(), next.head())) {
        if family.len() == 1 && !family.iter().any(|one| is_open(one.head())) {
            family.iter().for_each(|item| one(model, item, document));
            continue;
        }
        let choices = family.iter().flat_map(|item| &item.head().variant);
        let mut dimensions: BTreeSet<&str> = choices.map(|choice| choice.dimension.as_str()).collect();
        if untitled.len() >= MOST_DIMENSIONS && !untitled.contains_key(&dimensions) {
            dimensions = model.dimensions.iter().map(|one| one.head.name.as_str()).collect();
        }
        let untitled = untitled.entry(dimensions).or_insert_with_key(|among| model.untitled(|of| among.contains(of)));
        let mut of = |item: &&T| {
            table(untitled).get(&item.head().name).map(|of| document.aside(|aside| one(untitled, of, aside)))
        };
        let written = family.iter().map(|item| of(item).unwrap_or_default()).collect();
        let variants = family.iter().map(|item| &item.head().variant).collect();
        Family { model, variants }.write(written, document);
    }
}

/// Whether a declaration is for each option of an open dimension.
fn is_open(head: &Head) -> bool {
    head.variant.iter().any(|choice| choice.each)
}

/// Whether two declarations are variants of one.
pub fn same_family(one: &Head, other: &Head) -> bool {
    one.family == other.family && !one.variant.is_empty()
}

/// What a declaration is called that is the same for each option: `Monthly fee (each plan)`.
pub fn of_each(model: &Model, head: &Head) -> String {
    let dimensions: Vec<String> = head.variant.iter().map(|choice| choice.dimension.clone()).collect();
    let combination = if dimensions.len() > 1 { "combination of " } else { "" };
    format!(
        "{} (each {combination}{})",
        label(&Head { variant: Vec::new(), ..head.clone() }),
        names(model, &dimensions)
    )
}

/// That what follows is judged for each option by itself.
pub fn for_each(model: &Model, variants: &[&Variant]) -> String {
    let dimensions: Vec<String> =
        variants.first().iter().flat_map(|variant| variant.iter()).map(|choice| choice.dimension.clone()).collect();
    let each = names(model, &dimensions);
    let is_open = |dimension: &String| model.dimensions.get(dimension).is_some_and(|one| one.open);
    let all: Vec<String> = dimensions
        .iter()
        .map(|dimension| {
            if is_open(dimension) {
                return format!("every {}", lowered(model, &title(model, dimension)));
            }
            let mut titles: Vec<String> = Vec::new();
            for choice in variants.iter().flat_map(|variant| variant.iter()).filter(|one| one.dimension == *dimension) {
                let title = format!("“{}”", plain(&choice.title));
                if !titles.contains(&title) {
                    titles.push(title);
                }
            }
            listed(&titles, "and")
        })
        .collect();
    let each = match dimensions.len() {
        1 => format!("This holds for each {each} by itself"),
        _ => format!("This holds for each combination of {each} by itself"),
    };
    // Which options an open dimension has is not known: by itself it has none to name.
    if dimensions.iter().all(is_open) { format!("{each}.") } else { format!("{each}: {}.", all.join(", each with ")) }
}
