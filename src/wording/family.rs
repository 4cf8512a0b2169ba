//! What is said of all variants of one declaration at once.

use super::clause::attribute_of;
use super::{label, listed, lowered};
use crate::calculus::{Attribute, Binary, Expr, ExprKind, Subject};
use crate::model::{Commitment, Head, Model};
use std::collections::{BTreeMap, BTreeSet};

/// Titles of declarations, where one stands for all variants if all of them are meant: `Availability` for each plan, and
/// `Availability (Pro)` for one.
pub fn titles_once(model: &Model, heads: &[&Head]) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for family in heads.chunk_by(|one, next| one.family == next.family && one.id != next.id) {
        let dimensions = if family.len() > 1 { spanned(model, family) } else { BTreeSet::new() };
        for title in family.iter().map(|head| label(&without(head, &dimensions))) {
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
    }
    titles
}

/// The conditions that `or` joins, one after the other, in words: those on all variants of a declaration as one.
pub(super) fn any_of(model: &Model, whole: &Expr, words: impl Fn(&Expr) -> String) -> String {
    let mut all: Vec<&Expr> = Vec::new();
    let mut waiting = vec![whole];
    while let Some(expr) = waiting.pop() {
        match &expr.kind {
            ExprKind::Binary { op: Binary::Or, left, right } => waiting.extend([right.as_ref(), left.as_ref()]),
            _ => all.push(expr),
        }
    }
    let alike = |one: &Expr, next: &Expr| {
        asked(model, one).zip(asked(model, next)).is_some_and(|(one, next)| one.is_like(&next))
    };
    let groups = all.chunk_by(|one, next| alike(one, next));
    let said = groups.flat_map(|group| match of_each(model, group) {
        Some(words) => vec![words],
        None => group.iter().map(|one| words(one)).collect(),
    });
    said.collect::<Vec<_>>().join(" or ")
}

/// What a condition asks of a variant of a declaration.
struct Asked<'a> {
    head: &'a Head,
    of: &'a Subject,
    attribute: Attribute,
    /// The title of the priority that is asked for.
    priority: Option<String>,
}

impl Asked<'_> {
    /// Whether the same is asked of another variant.
    fn is_like(&self, other: &Asked<'_>) -> bool {
        self.head.family == other.head.family
            && self.head.id != other.head.id
            && self.attribute == other.attribute
            && self.priority == other.priority
    }
}

fn asked<'a>(model: &'a Model, expr: &'a Expr) -> Option<Asked<'a>> {
    let ExprKind::Attribute { of, attribute } = &expr.kind else { return None };
    let (head, priority) = match of {
        Subject::Commitment(name) => (&model.commitments.get(name)?.head, None),
        Subject::Priority { support, priority } => {
            let desk = model.supports.get(support)?;
            (&desk.head, Some(label(&desk.priority(priority)?.head)))
        }
    };
    Some(Asked { head, of, attribute: *attribute, priority })
}

/// That something holds for at least one variant, if it is asked of all of them: `the service level “Availability” is being
/// missed for at least one plan`.
pub(super) fn of_each(model: &Model, group: &[&Expr]) -> Option<String> {
    let all: Vec<Asked<'_>> = group.iter().filter_map(|one| asked(model, one)).collect();
    let heads: Vec<&Head> = all.iter().map(|one| one.head).collect();
    let dimensions = spanned(model, &heads);
    let first = all.first().filter(|_| !dimensions.is_empty())?;
    let words = attribute_of(model, first.of, first.attribute, true, &|head| label(&without(head, &dimensions)));
    let of = if dimensions.len() > 1 { "combination of " } else { "" };
    Some(format!("{words} for at least one {of}{}", named(model, &dimensions)))
}

/// `plan and region`.
fn named(model: &Model, dimensions: &BTreeSet<&str>) -> String {
    let names = model.dimensions.iter().filter(|one| dimensions.contains(one.head.name.as_str()));
    let names: Vec<String> = names.map(|one| lowered(model, &label(&one.head))).collect();
    listed(&names, "and")
}

/// What holds for the credits of commitments that are combined: `of the service credits for “Availability” and “Latency” for
/// the same measurement period, only the largest is owed`. What is for each option of an open dimension is joined to what
/// is for the same option. Of a large group no more than so many are named, and the rest is counted.
pub fn only_largest(model: &Model, group: &[&Commitment], most: usize) -> String {
    let open = group.first().into_iter().flat_map(|one| &one.head.variant).filter(|choice| choice.each);
    let open: BTreeSet<&str> = open.map(|choice| choice.dimension.as_str()).collect();
    let named_ones = group.iter().take(most).map(|one| format!("“{}”", label(&without(&one.head, &open))));
    let mut titles: Vec<String> = named_ones.collect();
    if let Some(rest @ 1..) = group.len().checked_sub(most) {
        titles.push(format!("{rest} more"));
    }
    let of = if open.is_empty() { String::new() } else { format!("the same {} and ", named(model, &open)) };
    format!(
        "of the service credits for {} for {of}the same measurement period, only the largest is owed",
        listed(&titles, "and")
    )
}

/// The dimensions of all of whose options some variants of one declaration are, if these are all there are but for dimensions
/// of which they have the same option.
fn spanned<'a>(model: &Model, heads: &[&'a Head]) -> BTreeSet<&'a str> {
    let mut options: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut each: BTreeSet<&str> = BTreeSet::new();
    for choice in heads.iter().flat_map(|head| &head.variant) {
        options.entry(&choice.dimension).or_default().insert(&choice.option);
        if choice.each {
            each.insert(&choice.dimension);
        }
    }
    let declared = |dimension: &str| model.dimensions.get(dimension).map_or(0, |one| one.options.len());
    let is_spanned =
        |dimension: &str, count: usize| each.contains(dimension) || count > 1 && count == declared(dimension);
    options.retain(|dimension, options| is_spanned(dimension, options.len()) || options.len() > 1);
    let combinations = options.values().map(BTreeSet::len).try_fold(1_usize, usize::checked_mul);
    let ids: BTreeSet<&str> = heads.iter().map(|head| head.id.as_str()).collect();
    let is_all = options.iter().all(|(dimension, options)| is_spanned(dimension, options.len()));
    match is_all && ids.len() == heads.len() && combinations == Some(heads.len()) {
        true => options.into_keys().collect(),
        false => BTreeSet::new(),
    }
}

/// A head that does not say for which options of some dimensions it is.
fn without(head: &Head, dimensions: &BTreeSet<&str>) -> Head {
    let variant = head.variant.iter().filter(|choice| !dimensions.contains(choice.dimension.as_str()));
    Head { variant: variant.cloned().collect(), ..head.clone() }
}
