//! Findings about what holds for some options only: they name the variant, and the row of the constant that decides.

use super::amounts::shown;
use crate::calculus::{Expr, ExprKind};
use crate::diagnostics::Diagnostic;
use crate::model::{Commitment, Model};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What makes two findings in variants of one commitment the same: the commitment, the place, the code and the words.
type Key<'a> = (Span, Option<Span>, &'static str, &'a str);

/// What is found in each commitment by itself.
pub(super) fn found_in_each(model: &Model, look: impl Fn(&Commitment) -> Vec<Diagnostic>) -> Vec<Diagnostic> {
    named(model.commitments.iter().map(|commitment| (commitment, look(commitment))).collect())
}

/// What was found in commitments. What was found in some variants only says in which, since the others may be as they
/// should; what was found in all of them is told once, with the labels of each.
pub(super) fn named(all: Vec<(&Commitment, Vec<Diagnostic>)>) -> Vec<Diagnostic> {
    let mut sizes: BTreeMap<Span, usize> = BTreeMap::new();
    let mut found_in: BTreeMap<Key<'_>, BTreeSet<&str>> = BTreeMap::new();
    for (commitment, found) in &all {
        *sizes.entry(commitment.head.name_span).or_default() += 1;
        for finding in found {
            found_in.entry(key(commitment, finding)).or_default().insert(&commitment.head.name);
        }
    }
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut places: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for (commitment, found) in &all {
        for finding in found {
            let key = key(commitment, finding);
            let count = found_in.get(&key).map_or(0, BTreeSet::len);
            if sizes.get(&commitment.head.name_span).is_some_and(|size| *size > count) {
                let message = format!("{} in `{}`", finding.message, commitment.head.name);
                told.push(Diagnostic { message, ..finding.clone() });
                continue;
            }
            match places.get(&key).and_then(|place| told.get_mut(*place)).filter(|_| count > 1) {
                Some(first) => {
                    let more = finding.labels.iter().filter(|label| !first.labels.contains(label)).cloned();
                    let more: Vec<_> = more.collect();
                    first.labels.extend(more);
                }
                None => {
                    places.insert(key, told.len());
                    told.push(finding.clone());
                }
            }
        }
    }
    told
}

fn key<'a>(commitment: &Commitment, finding: &'a Diagnostic) -> Key<'a> {
    (commitment.head.name_span, finding.span, finding.code.id, &finding.message)
}

/// With the row of a constant that differs, where a value is that constant: the clause only names it.
pub(super) fn with_row(model: &Model, finding: Diagnostic, value: &Expr) -> Diagnostic {
    let ExprKind::Constant(name) = &value.kind else { return finding };
    let constant = model.constants.get(name).filter(|constant| !constant.head.variant.is_empty());
    match constant.and_then(|constant| Some((constant.value.span, constant.exact.as_ref()?))) {
        Some((row, value)) => finding.label(row, format!("`{name}` is {}", shown(value))),
        None => finding,
    }
}
