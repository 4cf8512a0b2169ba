//! What differs by options: one clause for all of them, with a table of what differs.

use super::block::Block;
use super::markdown::{Document, Md};
use crate::model::{Choice, Declared, Head, Model, Table, Variant};
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
        together(model, untitled, family, table, one, document);
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

fn together<T: Declared>(
    model: &Model,
    untitled: &Model,
    family: &[&T],
    table: fn(&Model) -> &Table<T>,
    one: fn(&Model, &T, &mut Document),
    document: &mut Document,
) {
    let written: Vec<Vec<Block>> = family
        .iter()
        .filter_map(|item| table(untitled).get(&item.head().name))
        .map(|item| document.aside(|aside| one(untitled, item, aside)))
        .collect();
    let alike = |other: &Vec<Block>| {
        written.first().is_some_and(|first| {
            first.len() == other.len() && first.iter().zip(other).all(|(one, other)| one.is_like(other))
        })
    };
    if written.len() < family.len() || !written.iter().all(alike) {
        // They have different clauses: each has its own.
        family.iter().for_each(|item| one(model, item, document));
        return;
    }
    let variants: Vec<&Variant> = family.iter().map(|item| &item.head().variant).collect();
    let count = written.first().map_or(0, Vec::len);
    for at in 0..count {
        let blocks: Vec<&Block> = written.iter().filter_map(|blocks| blocks.get(at)).collect();
        block(model, &variants, &blocks, document);
    }
}

/// One block of each variant as one.
fn block(model: &Model, variants: &[&Variant], blocks: &[&Block], document: &mut Document) {
    let Some(first) = blocks.first() else { return };
    let ids: Vec<&str> = blocks.iter().flat_map(|block| block.ids()).map(String::as_str).collect();
    let same = blocks.iter().all(|block| block.says_as(first));
    match first {
        Block::Topic { title, .. } => {
            document.topic_of(title, &ids);
            document.sub(for_each(model, variants), "");
        }
        Block::Sub { text, .. } if same => document.sub_of(text.clone(), &ids),
        Block::Sub { .. } => {
            let texts: Vec<Md> = blocks
                .iter()
                .map(|block| match block {
                    Block::Sub { text, .. } => text.clone(),
                    _ => Md::default(),
                })
                .collect();
            let shown = deciding(variants, &texts);
            document.sub(format!("This differs by {}:", names(model, &shown)), "");
            let mut rows: Vec<(Vec<Md>, Vec<String>)> = Vec::new();
            for ((variant, text), block) in variants.iter().zip(texts).zip(blocks) {
                let mut cells = options(variant, &shown);
                cells.push(text);
                push(&mut rows, cells, block.ids());
            }
            let header = header(model, &shown, &["What holds"]);
            document.rows_of(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows);
        }
        Block::Rows { header, rows } if same => {
            let ids = |at: usize| blocks.iter().filter_map(move |block| block.row_ids(at)).flatten().cloned().collect();
            let rows = rows.iter().enumerate().map(|(at, (cells, _))| (cells.clone(), ids(at))).collect();
            document.rows_of(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows);
        }
        Block::Rows { header: own, .. } => {
            let texts: Vec<Vec<Vec<Md>>> = blocks.iter().map(|block| block.cells()).collect();
            let shown = deciding(variants, &texts);
            let mut rows: Vec<(Vec<Md>, Vec<String>)> = Vec::new();
            for (variant, block) in variants.iter().zip(blocks) {
                for (at, cells) in block.cells().into_iter().enumerate() {
                    let cells = options(variant, &shown).into_iter().chain(cells).collect();
                    push(&mut rows, cells, block.row_ids(at).map(Vec::as_slice).unwrap_or_default());
                }
            }
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            let header = header(model, &shown, &own);
            document.rows_of(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows);
        }
        Block::Table { header, rows } => {
            let plain: Vec<&str> = header.iter().map(String::as_str).collect();
            if same {
                document.table(&plain, rows);
                return;
            }
            let texts: Vec<Vec<Vec<Md>>> = blocks.iter().map(|block| block.cells()).collect();
            let shown = deciding(variants, &texts);
            let mut all: Vec<Vec<Md>> = Vec::new();
            for (variant, cells) in variants.iter().zip(texts) {
                for row in cells {
                    let row: Vec<Md> = options(variant, &shown).into_iter().chain(row).collect();
                    if !all.contains(&row) {
                        all.push(row);
                    }
                }
            }
            let whole = self::header(model, &shown, &plain);
            document.table(&whole.iter().map(String::as_str).collect::<Vec<_>>(), &all);
        }
        Block::Also(_) => ids.iter().for_each(|id| document.also(id)),
    }
}

/// Adds a row, or the ids to one that says the same.
fn push(rows: &mut Vec<(Vec<Md>, Vec<String>)>, cells: Vec<Md>, ids: &[String]) {
    match rows.iter_mut().find(|(known, _)| *known == cells) {
        Some((_, known)) => known.extend(ids.iter().cloned()),
        None => rows.push((cells, ids.to_vec())),
    }
}

/// The dimensions that decide which of the texts of some variants holds: as few of them as tell the texts apart.
pub fn deciding<T: PartialEq>(variants: &[&Variant], texts: &[T]) -> Vec<String> {
    let all = variants.first().map(|first| first.iter().map(|choice| choice.dimension.clone()).collect::<Vec<_>>());
    let mut kept = all.unwrap_or_default();
    for dimension in kept.clone() {
        if kept.len() == 1 {
            break;
        }
        let rest: Vec<String> = kept.iter().filter(|one| **one != dimension).cloned().collect();
        let mut seen: Vec<(Vec<&Choice>, &T)> = Vec::new();
        let tells = variants.iter().zip(texts).all(|(variant, text)| {
            let key: Vec<&Choice> = variant.iter().filter(|choice| rest.contains(&choice.dimension)).collect();
            match seen.iter().find(|(known, _)| *known == key) {
                Some((_, known)) => *known == text,
                None => {
                    seen.push((key, text));
                    true
                }
            }
        });
        if tells {
            kept = rest;
        }
    }
    kept
}

/// The options of a variant in the dimensions that are shown.
pub fn options(variant: &[Choice], shown: &[String]) -> Vec<Md> {
    let of = |dimension: &String| variant.iter().find(|choice| choice.dimension == *dimension);
    shown.iter().map(|dimension| Md::from(of(dimension).map_or(String::new(), |choice| plain(&choice.title)))).collect()
}

/// The titles of dimensions as the first columns of a table.
pub fn header(model: &Model, shown: &[String], own: &[&str]) -> Vec<String> {
    let titles = shown.iter().map(|dimension| title(model, dimension));
    titles.chain(own.iter().map(|one| (*one).to_owned())).collect()
}

fn title(model: &Model, dimension: &str) -> String {
    model.dimensions.get(dimension).map_or_else(|| dimension.replace('_', " "), |one| label(&one.head))
}

/// `storage class and region`.
pub fn names(model: &Model, dimensions: &[String]) -> String {
    let titles: Vec<String> = dimensions.iter().map(|one| lowered(model, &title(model, one))).collect();
    listed(&titles, "and")
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
fn for_each(model: &Model, variants: &[&Variant]) -> String {
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
