//! The target of a service beside what the services that it depends on come to.

use super::composition::Needed;
use super::{Chains, First, Promise, percent, quoted};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Model;
use crate::values::{Exact, Rounding};
use crate::wording::listed;

/// So many promises of others are shown beside one.
const SHOWN: usize = 4;
/// What all services together need is computed in so many steps; nothing is said of the rest.
const MOST_WORK: usize = 20_000;

/// A promise is not higher than what the services come to that it depends on.
pub fn composed(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    let mut left = MOST_WORK;
    let mut found = Vec::new();
    for own in chains.ours() {
        let Some(needed) = chains.composition(own.service) else { continue };
        let Some(rest) = left.checked_sub(needed.work()) else { break };
        left = rest;
        found.extend(below(&chains, own, &needed).or_else(|| together(&chains, own, &needed)));
    }
    found
}

/// Even where failures are independent, the services come to less.
fn below<'a>(chains: &Chains<'a>, own: &Promise<'a>, needed: &Needed<'a>) -> Option<Diagnostic> {
    let all = needed.independent();
    if all >= *own.bound {
        return None;
    }
    let (name, service, bound) = (own.name(), &own.service.head.name, percent(own.bound));
    let others = needed.promises();
    let names = quoted(others.iter().map(|other| other.service.head.name.as_str()));
    let comes = match others.as_slice() {
        [_] => format!("is promised at {} only", percent(&all)),
        _ => format!("come to {} together", percent(&all)),
    };
    let message = format!("`{name}` promises {bound}, and {names}, on which `{service}` depends, {comes}");
    let finding = Diagnostic::new(codes::SUPPLIERS_BELOW_TARGET, own.span, message);
    let finding = with_promises(finding.primary(format!("promises {bound} per {}", own.window)), &others);
    let finding = match First::of(chains.model, own.window) {
        Some(first) => finding.witness(witness(needed, own, &first, &all)),
        None => finding,
    };
    let finding = finding.derivation(needed.steps());
    Some(finding.help(format!("promise at most {}, or have the suppliers promise more", lower(&all))))
}

fn witness(needed: &Needed<'_>, own: &Promise<'_>, first: &First, all: &Exact) -> String {
    let (service, own) = (&own.service.head.name, first.part(&own.slack()));
    let others = needed.promises();
    let in_series = needed.series().iter().all(|one| matches!(one, Needed::One(_)));
    let window = &first.words;
    match others.as_slice() {
        [other] if in_series => {
            let (name, time) = (&other.service.head.name, first.part(&other.slack()));
            format!("in {window} `{name}` may be down for {time} and keep its promise, and `{service}` for {own} only")
        }
        _ if in_series && others.len() <= SHOWN => {
            let times =
                others.iter().map(|other| format!("`{}` for {}", other.service.head.name, first.part(&other.slack())));
            let times = listed(&times.collect::<Vec<_>>(), "and");
            let rest = first.part(&(Exact::one() - all));
            format!(
                "in {window} each may be down and keep its promise, {times}; at times that have nothing to do with each other \
                 `{service}` is then down for {rest}, and it may be for {own} only"
            )
        }
        _ => {
            let rest = first.part(&(Exact::one() - all));
            format!(
                "in {window}, if each of them is down for as long as it may be, `{service}` is down for {rest}, and it may \
                 be for {own} only"
            )
        }
    }
}

/// The services come to enough only where their failures are independent.
fn together<'a>(chains: &Chains<'a>, own: &Promise<'a>, needed: &Needed<'a>) -> Option<Diagnostic> {
    let worst = needed.worst();
    let others = needed.promises();
    if worst >= *own.bound || others.len() < 2 {
        return None;
    }
    let (name, service, bound) = (own.name(), &own.service.head.name, percent(own.bound));
    let names = quoted(others.iter().map(|other| other.service.head.name.as_str()));
    let message = format!("`{name}` relies on {names} failing independently of each other");
    let finding = Diagnostic::new(codes::FAILURES_TOGETHER, own.span, message);
    let finding = with_promises(finding.primary(format!("promises {bound} per {}", own.window)), &others);
    let finding = match First::of(chains.model, own.window) {
        Some(first) => finding.witness(format!(
            "in {}, if they fail at the worst times for each other, `{service}` is down for {} while each of them keeps its \
             promise, and it may be for {} only",
            first.words,
            first.part(&(Exact::one() - &worst)),
            first.part(&own.slack()),
        )),
        None => finding,
    };
    let mut steps = needed.steps();
    steps.push(format!("whatever they have in common: {}", percent(&worst)));
    Some(finding.derivation(steps).help(
        "failures are independent where no power, network, region, supplier or release is shared: make sure of it, and \
         write it down as a `risk`",
    ))
}

/// A part that can be promised: the percentage with three places that is not above it.
fn lower(part: &Exact) -> String {
    let step = Exact::ratio(1, 100_000).unwrap_or_default();
    percent(&part.round_to(&step, Rounding::Floor))
}

fn with_promises(finding: Diagnostic, others: &[&Promise<'_>]) -> Diagnostic {
    others.iter().take(SHOWN).fold(finding, |finding, other| {
        let (name, window) = (&other.service.head.name, other.window);
        finding.label(other.span, format!("`{name}`: {} per {window}", percent(other.bound)))
    })
}
