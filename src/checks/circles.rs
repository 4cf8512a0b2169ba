//! What leads back to itself over several kinds of declarations: a commitment that excludes what depends on it, services
//! that need each other. Circles of constants, fees and metrics alone are told while the model is built.

use crate::calculus::{Expr, ExprKind, Subject};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Commitment, Condition, Model};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Each declaration with what it depends on, and where it says so.
type Needs<'a> = BTreeMap<&'a str, Vec<(&'a str, Span)>>;

/// From so many declarations a way back is looked for.
const MOST_STARTS: usize = 100;

/// Whether a commitment is met, failing or breached never depends on itself.
pub(super) fn definitions(model: &Model) -> Vec<Diagnostic> {
    let mut needs = Needs::new();
    for metric in &model.metrics {
        // It can name itself only in `previous`, which is of another window.
        let others = names(&metric.value).filter(|(name, _)| *name != metric.head.name);
        needs.insert(&metric.head.name, others.collect());
    }
    for commitment in &model.commitments {
        needs.insert(&commitment.head.name, of_commitment(commitment));
    }
    let exclusions = model.exclusions.iter().map(|one| (&one.head, one.when.as_ref()));
    let maintenances = model.maintenances.iter().map(|one| (&one.head, one.when.as_ref()));
    for (head, when) in exclusions.chain(maintenances) {
        needs.insert(
            &head.name,
            when.and_then(Condition::measured).map(|expr| names(expr).collect()).unwrap_or_default(),
        );
    }
    // Circles of metrics alone have been told while they were built.
    needs.retain(|name, _| model.metrics.get(name).is_none_or(|metric| !metric.head.poisoned));
    told(&needs, |name| {
        (format!("`{name}` depends on itself"), "leads back to it", "leave out one of the steps on the way")
    })
}

/// No service needs itself, directly or over others.
pub(super) fn services(model: &Model) -> Vec<Diagnostic> {
    let needs = model.services.iter().map(|service| {
        let others = service.needed().map(|needed| (needed.value.as_str(), needed.span));
        (service.head.name.as_str(), others.collect())
    });
    told(&needs.collect(), |name| {
        (
            format!("the service `{name}` depends on itself"),
            "leads back to it",
            "name the service that it needs, or delete the line",
        )
    })
}

fn of_commitment(commitment: &Commitment) -> Vec<(&str, Span)> {
    let mut all: Vec<(&str, Span)> = Vec::new();
    for target in &commitment.targets {
        all.extend(names(&target.measure).chain(names(&target.bound)));
    }
    all.extend(commitment.applies_when.as_ref().and_then(Condition::measured).into_iter().flat_map(names));
    all.extend(commitment.exclude.iter().map(|name| (name.value.as_str(), name.span)));
    all
}

/// The metrics and commitments that an expression names.
fn names(expr: &Expr) -> impl Iterator<Item = (&str, Span)> {
    let mut all = Vec::new();
    expr.walk(&mut |part| match &part.kind {
        ExprKind::Metric(name) | ExprKind::Attribute { of: Subject::Commitment(name), .. } => {
            all.push((name.as_str(), part.span));
        }
        _ => {}
    });
    all.into_iter()
}

/// One finding for each circle, at the first of its steps.
fn told(needs: &Needs<'_>, words: impl Fn(&str) -> (String, &'static str, &'static str)) -> Vec<Diagnostic> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    // Only what leads into a circle is followed, since each way is looked for by itself.
    let left = leading_on(needs);
    for start in needs.keys().filter(|name| left.contains(**name)).take(MOST_STARTS) {
        let Some(way) = way_back(needs, start).filter(|way| way.iter().all(|(name, _)| !seen.contains(name))) else {
            continue;
        };
        seen.extend(way.iter().map(|(name, _)| *name));
        let Some((_, span)) = way.first() else { continue };
        let (message, primary, help) = words(start);
        let mut finding = Diagnostic::new(codes::CIRCULAR_DEFINITION, *span, message).primary(primary).help(help);
        if way.len() > 1 {
            let steps = std::iter::once(*start).chain(way.iter().map(|(name, _)| *name));
            finding = finding.witness(steps.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → "));
        }
        found.push(finding);
    }
    found
}

/// What is left when all that leads to an end is taken away, again and again.
fn leading_on<'a>(needs: &Needs<'a>) -> BTreeSet<&'a str> {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut needed_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, others) in needs {
        let others = others.iter().filter(|(other, _)| needs.contains_key(other));
        open.insert(name, others.clone().count());
        others.for_each(|(other, _)| needed_by.entry(other).or_default().push(name));
    }
    let mut ended: Vec<&str> = open.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    while let Some(name) = ended.pop() {
        open.remove(name);
        for other in needed_by.remove(name).unwrap_or_default() {
            if let Some(count) = open.get_mut(other) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ended.push(other);
                }
            }
        }
    }
    open.into_keys().collect()
}

/// The shortest way from a declaration back to it: each step with the place that takes it.
fn way_back<'a>(needs: &Needs<'a>, start: &'a str) -> Option<Vec<(&'a str, Span)>> {
    let mut from: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for (need, span) in needs.get(node).into_iter().flatten() {
            if from.contains_key(need) {
                continue;
            }
            from.insert(need, (node, *span));
            open.push_back(need);
        }
        if from.contains_key(start) {
            break;
        }
    }
    let mut way = Vec::new();
    let mut at = start;
    loop {
        let (before, span) = *from.get(at)?;
        way.push((at, span));
        if before == start {
            way.reverse();
            return Some(way);
        }
        at = before;
    }
}
