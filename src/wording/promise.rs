//! What a commitment promises.

use super::whole::{is_all, is_part};
use super::{condition, debtor, expr, limit, relation, sentence, window};
use crate::calculus::Binary;
use crate::model::{Commitment, Model, Target};

/// What is measured against what: `the monthly uptime percentage is at least 99.95% in each calendar month`.
pub fn measured(model: &Model, target: &Target) -> String {
    format!("{} {}", bounded(model, target), window(&target.window))
}

/// The same without the window.
fn bounded(model: &Model, target: &Target) -> String {
    if target.comparison == Binary::AtLeast
        && target.value.as_ref().is_some_and(is_all)
        && is_part(model, &target.measure)
    {
        return format!("{} is 100%", expr(model, &target.measure));
    }
    let bound = limit(model, &target.bound, target.value.as_ref());
    format!("{} is {} {bound}", expr(model, &target.measure), relation(target.comparison))
}

/// The promise in one sentence, with the condition on which it applies: `Acme Cloud GmbH promises that the monthly uptime
/// percentage is at least 99.95% in each calendar month.`
pub fn promise(model: &Model, commitment: &Commitment) -> String {
    let proviso = match &commitment.applies_when {
        Some(when) => format!(", provided that {}", condition(model, when)),
        None => String::new(),
    };
    sentence(&format!("{}{proviso}", promised(model, commitment)))
}

/// The promise without its condition and without a full stop.
pub fn promised(model: &Model, commitment: &Commitment) -> String {
    let who = debtor(model, commitment.of.as_ref());
    let mut parts: Vec<String> = Vec::new();
    for (index, target) in commitment.targets.iter().enumerate() {
        // One window for several targets is said once, after the last of them.
        let same_next = commitment.targets.get(index + 1).is_some_and(|next| next.window == target.window);
        let words = if same_next { bounded(model, target) } else { measured(model, target) };
        parts.push(format!("that {words}"));
    }
    if parts.is_empty() {
        return format!("{who} has promised nothing that can be measured here");
    }
    format!("{who} promises {}", super::listed(&parts, "and"))
}
