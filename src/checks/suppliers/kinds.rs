//! Targets that are not compared, such as those of latencies and of tickets, beside what suppliers promise of the same kind.

use crate::calculus::{ExprKind, Part};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Commitment, Model, Service, SignalKind, Target};
use std::collections::{BTreeMap, BTreeSet};

/// In so many steps services are followed.
const MOST_STEPS: usize = 1_000_000;

/// What a target is read from besides counts and states: the kind of the signal, and what is read of it.
type Kinds = BTreeSet<(SignalKind, String)>;

/// A target with what it is about.
struct Read<'a> {
    commitment: &'a Commitment,
    target: &'a Target,
    kinds: Kinds,
}

/// Each of ours of a kind that is not compared, where a supplier promises something of that kind.
pub fn unlike(model: &Model) -> Vec<Diagnostic> {
    let of_services = of_services(model);
    let mut left = MOST_STEPS;
    let mut found = Vec::new();
    let own = |one: &&Service| !one.depends_on.is_empty() && !is_supplied(model, one);
    for service in model.services.iter().filter(own) {
        let Some(ours) = of_services.get(service.head.name.as_str()) else { continue };
        let theirs = supplied(model, service, &mut left);
        let theirs: Vec<&Read<'_>> = theirs.into_iter().filter_map(|name| of_services.get(name)).flatten().collect();
        for own in ours {
            let mut same = theirs.iter().filter(|one| !one.kinds.is_disjoint(&own.kinds));
            found.extend(same.next().map(|other| finding(own, other)));
        }
        if left == 0 {
            found.extend(ours.first().map(too_much));
            break;
        }
    }
    found
}

/// The targets of each service, and of the supports of it, that are read from something else than counts and states.
fn of_services(model: &Model) -> BTreeMap<&str, Vec<Read<'_>>> {
    let mut all: BTreeMap<&str, Vec<Read<'_>>> = BTreeMap::new();
    for commitment in model.commitments.iter().filter(|one| !one.head.poisoned) {
        let Some(of) = &commitment.of else { continue };
        let support = model.supports.get(&of.value).and_then(|support| support.of.as_ref());
        let service = support.map_or(of.value.as_str(), |of| of.value.as_str());
        let read = commitment.targets.iter().map(|target| Read { commitment, target, kinds: kinds(model, target) });
        all.entry(service).or_default().extend(read.filter(|one| !one.kinds.is_empty()));
    }
    all
}

fn kinds(model: &Model, target: &Target) -> Kinds {
    let mut found = Kinds::new();
    model.through(&target.measure, &mut |part| {
        let ExprKind::Reading(reading) = &part.kind else { return };
        let Some(signal) = model.signals.get(&reading.signal) else { return };
        let what = match &reading.part {
            // A latency is not compared with a number of bytes.
            Part::Value(_) | Part::Sample => part.ty.to_string(),
            Part::Occurrences | Part::Score | Part::Milestone { .. } | Part::Span(_) => String::new(),
            Part::Count(_) | Part::State | Part::Field(_) => return,
        };
        if signal.kind != SignalKind::Events || matches!(reading.part, Part::Value(_)) {
            found.insert((signal.kind, what));
        }
    });
    found
}

fn is_supplied(model: &Model, service: &Service) -> bool {
    model.is_supplier(service.between.by.as_ref())
}

/// The services of suppliers that a service depends on, also through others of ours, by name.
fn supplied<'a>(model: &'a Model, service: &'a Service, left: &mut usize) -> Vec<&'a str> {
    let (mut found, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![service]);
    while let Some(one) = open.pop() {
        for on in one.depends_on.iter().flat_map(|dependency| &dependency.on) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                return found;
            }
            let Some(below) = model.services.get(&on.value).filter(|below| seen.insert(below.head.name.as_str()))
            else {
                continue;
            };
            match is_supplied(model, below) {
                true => found.push(below.head.name.as_str()),
                false => open.push(below),
            }
        }
    }
    found
}

fn finding(own: &Read<'_>, other: &Read<'_>) -> Diagnostic {
    let (name, theirs) = (&own.commitment.head.name, &other.commitment.head.name);
    let message = format!("`{name}` is not compared with `{theirs}`, which it depends on");
    let common = own.kinds.intersection(&other.kinds).next().map(|(kind, _)| *kind);
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.target.span, message)
        .primary(format!("promises about {} are not compared", words(common)))
        .label(other.target.span, "what the supplier promises of the same kind")
        .help("read the two side by side: nothing is said here of what they may differ in")
}

fn words(kind: Option<SignalKind>) -> &'static str {
    match kind {
        Some(SignalKind::Samples) => "samples",
        Some(SignalKind::Cases) => "cases",
        Some(SignalKind::Scores) => "scores",
        _ => "the values of events",
    }
}

fn too_much(own: &Read<'_>) -> Diagnostic {
    let message = format!("`{}` is not compared with the promises that it depends on", own.commitment.head.name);
    Diagnostic::new(codes::SUPPLIERS_NOT_COMPARED, own.target.span, message)
        .primary("services depend on too many others to look for promises of the same kind, here and for all that come after")
        .help("read the promises side by side")
}
