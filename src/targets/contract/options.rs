//! For which options something holds: as the first cells of a row, and as the first words of a clause.

use super::markdown::Md;
use crate::model::{Choice, Model, Variant};
use crate::wording::{label, listed, lowered, plain};
use std::collections::{BTreeMap, BTreeSet};

/// The titles of dimensions with the options that some variants have of them.
pub struct Axes<'a> {
    model: &'a Model,
    all: Vec<Axis<'a>>,
}

struct Axis<'a> {
    dimension: String,
    /// In the order of the file.
    options: Vec<&'a Choice>,
    /// Whether these are all options that there are.
    is_whole: bool,
}

/// Options of each of some dimensions, by their places: all combinations of these.
type Cover = Vec<BTreeSet<usize>>;

/// What holds for the same options, with the places of the variants that have these.
pub struct Part {
    cover: Cover,
    /// The places of the variants.
    pub at: Vec<usize>,
}

impl<'a> Axes<'a> {
    /// Those of some dimensions.
    pub fn of(model: &'a Model, variants: &[&'a Variant], shown: &[String]) -> Axes<'a> {
        let axis = |dimension: &String| {
            let mut seen = BTreeSet::new();
            let choices = variants.iter().flat_map(|variant| variant.iter()).filter(|one| one.dimension == *dimension);
            let options: Vec<&Choice> = choices.filter(|choice| seen.insert(&choice.option)).collect();
            let declared = model.dimensions.get(dimension).map(|one| one.options.len());
            let is_whole = declared.is_none_or(|all| options.len() >= all);
            Axis { dimension: dimension.clone(), options, is_whole }
        };
        Axes { model, all: shown.iter().map(axis).collect() }
    }

    /// Some of the variants in as few parts as can be found: each holds for all combinations of some options.
    pub fn parts(&self, variants: &[&Variant], at: &[usize]) -> Vec<Part> {
        let place = |axis: &Axis<'_>, variant: &Variant| {
            let mine = variant.iter().find(|choice| choice.dimension == axis.dimension);
            axis.options.iter().position(|one| mine.is_some_and(|mine| mine.option == one.option)).into_iter().collect()
        };
        let mut parts: Vec<Part> = Vec::new();
        for at in at.iter().copied() {
            let Some(variant) = variants.get(at) else { continue };
            parts.push(Part { cover: self.all.iter().map(|axis| place(axis, variant)).collect(), at: vec![at] });
        }
        // The same options first, and then those that differ in one dimension only: the last one is the first to go.
        parts = merged(parts, self.all.len());
        loop {
            let before = parts.len();
            for axis in (0..self.all.len()).rev() {
                parts = merged(parts, axis);
            }
            if parts.len() == before {
                return parts;
            }
        }
    }

    /// The names of the dimensions.
    pub fn dimensions(&self) -> Vec<String> {
        self.all.iter().map(|axis| axis.dimension.clone()).collect()
    }

    /// The titles of the dimensions.
    pub fn header(&self) -> Vec<String> {
        self.all.iter().map(|axis| title(self.model, &axis.dimension)).collect()
    }

    /// The options of a part as the first cells of a row.
    pub fn cells(&self, part: &Part) -> Vec<Md> {
        let cell = |(axis, places): (&Axis<'_>, &BTreeSet<usize>)| match axis.options.len() > 1 && axis.has_all(places)
        {
            true => Md::from("Each"),
            false => Md::from(super::levels::capital(&axis.titles(places).join(", "))),
        };
        self.all.iter().zip(&part.cover).map(cell).collect()
    }

    /// The options of a part as they stand after a title: `Basic, each region`.
    pub fn words(&self, part: &Part) -> String {
        let of_axis =
            |(axis, places): (&Axis<'_>, &BTreeSet<usize>)| match axis.options.len() > 1 && axis.has_all(places) {
                true => format!("each {}", lowered(self.model, &title(self.model, &axis.dimension))),
                false => listed(&axis.titles(places), "and"),
            };
        self.all.iter().zip(&part.cover).map(of_axis).collect::<Vec<_>>().join(", ")
    }

    /// The options of some parts as they stand after `for`: `the plan “Pro” with the region “Europe” or “Asia”`.
    pub fn phrase(&self, parts: &[Part]) -> String {
        let of_axis = |(axis, places): (&Axis<'_>, &BTreeSet<usize>)| {
            let quoted: Vec<String> = axis.titles(places).iter().map(|title| format!("“{title}”")).collect();
            let noun = lowered(self.model, &title(self.model, &axis.dimension));
            (!axis.has_all(places)).then(|| format!("the {noun} {}", listed(&quoted, "or")))
        };
        let of_part = |part: &Part| {
            let words: Vec<String> = self.all.iter().zip(&part.cover).filter_map(of_axis).collect();
            format!("for {}", words.join(" with "))
        };
        parts.iter().map(of_part).collect::<Vec<_>>().join(", and ")
    }
}

impl Axis<'_> {
    /// Whether these are all options that there are.
    fn has_all(&self, places: &BTreeSet<usize>) -> bool {
        self.is_whole && places.len() == self.options.len()
    }

    fn titles(&self, places: &BTreeSet<usize>) -> Vec<String> {
        places.iter().filter_map(|at| self.options.get(*at)).map(|choice| plain(&choice.title)).collect()
    }
}

/// Parts that have the same options in all dimensions but one, as one.
fn merged(parts: Vec<Part>, axis: usize) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut known: BTreeMap<Cover, usize> = BTreeMap::new();
    for part in parts {
        let mut key = part.cover.clone();
        key.get_mut(axis).into_iter().for_each(BTreeSet::clear);
        let place = *known.entry(key).or_insert(all.len());
        match all.get_mut(place) {
            Some(one) => {
                one.cover.iter_mut().zip(part.cover).for_each(|(mine, more)| mine.extend(more));
                one.at.extend(part.at);
            }
            None => all.push(part),
        }
    }
    all
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
        let mut seen: BTreeMap<Vec<&Choice>, &T> = BTreeMap::new();
        let tells = variants.iter().zip(texts).all(|(variant, text)| {
            let key = variant.iter().filter(|choice| rest.contains(&choice.dimension)).collect();
            *seen.entry(key).or_insert(text) == text
        });
        if tells {
            kept = rest;
        }
    }
    kept
}

/// What is the same for several, in the order of the first of each, with the places of all.
pub fn grouped<T: PartialEq>(at: &[usize], of: impl Fn(usize) -> T) -> Vec<(T, Vec<usize>)> {
    let mut groups: Vec<(T, Vec<usize>)> = Vec::new();
    for at in at.iter().copied() {
        let one = of(at);
        match groups.iter_mut().find(|(known, _)| *known == one) {
            Some((_, places)) => places.push(at),
            None => groups.push((one, vec![at])),
        }
    }
    groups
}

/// The title of a dimension.
pub fn title(model: &Model, dimension: &str) -> String {
    model.dimensions.get(dimension).map_or_else(|| dimension.replace('_', " "), |one| label(&one.head))
}

/// `storage class and region`.
pub fn names(model: &Model, dimensions: &[String]) -> String {
    let titles: Vec<String> = dimensions.iter().map(|one| lowered(model, &title(model, one))).collect();
    listed(&titles, "and")
}
