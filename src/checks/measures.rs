//! Metrics and signals: what is measured, by whom, and what counts when nothing was measured.

use crate::calculus::{Expr, ExprKind, Function, Part, Subject, Type};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{AgreementPart, Member, Metric, MissingPolicy, Model, Signal, SignalKind};
use std::collections::{BTreeMap, BTreeSet};

/// A metric depends on something that is measured.
pub(super) fn nothing_measured(model: &Model) -> Vec<Diagnostic> {
    let metrics = model.metrics.iter().filter(|metric| !metric.head.poisoned && !metric.value.is_poison());
    // What leads back to itself has been told so.
    metrics
        .filter(|metric| {
            dependencies(model, &metric.value)
                .is_some_and(|(signals, metrics)| signals.is_empty() && !metrics.contains(metric.head.name.as_str()))
        })
        .filter(|metric| !reads_window(&metric.value) || is_promised(model, &metric.head.name))
        .map(|metric| {
            let name = &metric.head.name;
            Diagnostic::new(
                codes::NOTHING_MEASURED,
                metric.value.span,
                format!("nothing that is measured enters `{name}`"),
            )
            .primary("always the same")
            .label(metric.head.name_span, "this metric")
            .help("name a signal, such as `requests.failed / requests.total`, or make it a `constant`")
        })
        .collect()
}

/// The length of the window differs from one to the next: beside what is promised, that is a value of its own.
fn reads_window(expr: &Expr) -> bool {
    let mut reads = false;
    expr.walk(&mut |part| reads |= matches!(part.kind, ExprKind::WindowLength | ExprKind::WholeWindow));
    reads
}

/// Whether a target measures a metric, by itself or through others.
fn is_promised(model: &Model, name: &str) -> bool {
    let mut targets = model.commitments.iter().flat_map(|one| &one.targets);
    targets.any(|target| dependencies(model, &target.measure).is_none_or(|(_, metrics)| metrics.contains(name)))
}

/// The signals that an expression depends on, through all metrics; nothing if a part is not understood.
pub(super) fn signals_of<'a>(model: &'a Model, expr: &'a Expr) -> Option<BTreeSet<&'a str>> {
    Some(dependencies(model, expr)?.0)
}

/// The signals that an expression depends on, and the metrics and commitments on the way to them.
fn dependencies<'a>(model: &'a Model, expr: &'a Expr) -> Option<(BTreeSet<&'a str>, BTreeSet<&'a str>)> {
    let (mut signals, mut seen, mut open, mut poisoned) = (BTreeSet::new(), BTreeSet::new(), vec![expr], false);
    while let Some(expr) = open.pop() {
        expr.walk(&mut |part| match &part.kind {
            ExprKind::Attribute { of: Subject::Commitment(name), .. } if seen.insert(name.as_str()) => {
                let targets = model.commitments.get(name).map(|one| one.targets.as_slice()).unwrap_or_default();
                poisoned |= targets.is_empty();
                open.extend(targets.iter().map(|target| &target.measure));
            }
            ExprKind::Attribute { of: Subject::Priority { support, .. }, .. } => {
                match model.supports.get(support).and_then(|support| support.cases.as_ref()) {
                    Some(cases) => signals.extend([cases.value.as_str()]),
                    None => poisoned = true,
                }
            }
            ExprKind::Reading(reading) => {
                signals.insert(reading.signal.as_str());
            }
            ExprKind::Metric(name) if seen.insert(name.as_str()) => match model.metrics.get(name) {
                Some(metric) => open.push(&metric.value),
                None => poisoned = true,
            },
            ExprKind::Poison => poisoned = true,
            _ => {}
        });
    }
    (!poisoned).then_some((signals, seen))
}

/// A case opens with its first milestone, so that one which is called so comes first.
pub(super) fn openings(model: &Model) -> Vec<Diagnostic> {
    let signals = model.signals.iter().filter(|signal| !signal.head.poisoned);
    signals.filter_map(|signal| opened_later(&signal.head.name, &signal.milestones)).collect()
}

fn opened_later(signal: &str, milestones: &[Member]) -> Option<Diagnostic> {
    let (first, later) = milestones.split_first()?;
    let opened = later.iter().find(|milestone| milestone.head.name == "opened")?;
    let name = &first.head.name;
    Some(
        Diagnostic::new(
            codes::WRONG_ARGUMENT,
            opened.head.name_span,
            format!("`opened` is not the first milestone of `{signal}`"),
        )
        .severity(Severity::Warning)
        .primary("comes later")
        .label(first.head.name_span, "a case begins with this milestone")
        .witness(format!("every time of a case is counted from `{name}`, and what comes before that is free"))
        .help("list `opened` first, or give it another name"),
    )
}

/// Whoever measures its own performance can be audited by another party.
pub(super) fn no_audit(model: &Model) -> Vec<Diagnostic> {
    let waived = model.agreement.waivers.iter().any(|waiver| waiver.part == AgreementPart::Records);
    if waived || model.audits.iter().any(|audit| audit.head.poisoned) {
        return Vec::new();
    }
    let mut first: BTreeMap<&str, &Signal> = BTreeMap::new();
    for commitment in model.commitments.iter().filter(|commitment| !commitment.head.poisoned) {
        let Some(provider) = commitment.of.as_ref().and_then(|of| provider(model, &of.value)) else { continue };
        let signals = commitment.targets.iter().filter_map(|target| signals_of(model, &target.measure)).flatten();
        for signal in signals.filter_map(|name| model.signals.get(name)) {
            if signal.measured_by.as_ref().is_some_and(|by| by.party == provider) {
                first.entry(provider).or_insert(signal);
            }
        }
    }
    let audited = |party: &str| {
        let by_another = |by: &str| by != party;
        model.audits.iter().any(|audit| {
            audit.between.by.as_ref().is_some_and(|by| by_another(&by.party))
                && audit.between.to.iter().any(|to| to.party == party)
        })
    };
    first
        .into_iter()
        .filter(|(party, _)| !audited(party))
        .map(|(party, signal)| {
            let span = signal.measured_by.as_ref().map_or(signal.head.name_span, |by| by.span);
            let message = format!("`{party}` measures its own performance, and nobody may check it");
            Diagnostic::new(codes::NO_AUDIT_RIGHT, span, message)
                .primary("measured by the party that is judged by it")
                .witness(format!(
                    "if the figures of `{}` are in doubt, the other side has no right to see them",
                    signal.head.family
                ))
                .help(format!("add an audit: `audit measurement \"Audit\" {{ by … to {party}; every 12 months }}`"))
        })
        .collect()
}

/// The party that provides a service or runs a support.
fn provider<'a>(model: &'a Model, name: &str) -> Option<&'a str> {
    let service = model.services.get(name).map(|service| &service.between);
    let between = service.or_else(|| model.supports.get(name).map(|support| &support.between))?;
    between.by.as_ref().map(|by| by.party.as_str())
}

/// `missing bad` has a worst value in every metric that reads the signal, and `missing good` a best one.
pub(super) fn unbounded(model: &Model) -> Vec<Diagnostic> {
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for metric in &model.metrics {
        let worst =
            raw_readings(&metric.value, wants(model, metric, false)).into_iter().map(|name| (name, MissingPolicy::Bad));
        let best = without_best(model, metric).into_iter().map(|name| (name, MissingPolicy::Good));
        for (name, policy) in worst.chain(best) {
            let Some(signal) = model.signals.get(name) else { continue };
            let missing = signal.missing.as_ref().filter(|missing| missing.policy == policy);
            let percent = signal.unit.as_ref().is_some_and(|unit| unit.value.to_string() == "%");
            if let Some(missing) = missing.filter(|_| signal.kind != SignalKind::Scores && !percent)
                && told.insert(name)
            {
                found.push(match policy {
                    MissingPolicy::Good => no_best_value(metric, signal, missing.span),
                    _ => no_worst_value(metric, signal, missing.span, sharer(model, name)),
                });
            }
        }
    }
    found
}

/// The signals that a metric reads for which no value is the best one: the larger the better, or in a unit without an end.
fn without_best<'a>(model: &Model, metric: &'a Metric) -> BTreeSet<&'a str> {
    let has_no_end = matches!(metric.value.ty, Type::Quantity(_));
    match wants(model, metric, true) || has_no_end && wants(model, metric, false) {
        true => raw_readings(&metric.value, true),
        false => BTreeSet::new(),
    }
}

/// A metric in which the gaps of a signal do have a worst value, so that they are to stay bad there.
fn sharer<'a>(model: &'a Model, signal: &str) -> Option<&'a str> {
    let bounded = |metric: &&Metric| {
        let mut read = false;
        metric.value.walk(&mut |part| {
            read |= matches!(&part.kind, ExprKind::Reading(reading) if reading.signal == signal);
        });
        read && !raw_readings(&metric.value, wants(model, metric, false)).contains(signal)
    };
    model.metrics.iter().find(bounded).map(|metric| metric.head.name.as_str())
}

fn no_worst_value(metric: &Metric, signal: &Signal, missing: crate::source::Span, sharer: Option<&str>) -> Diagnostic {
    let (name, signal) = (&metric.head.name, &signal.head.name);
    let help = match sharer {
        Some(other) => format!(
            "give `{name}` a signal of its own, with `missing excluded`: for `{other}` a gap should still count as bad"
        ),
        None => excluded_or_share(metric),
    };
    Diagnostic::new(
        codes::UNBOUNDED_MISSING,
        missing,
        format!("there is no worst value for `{name}` when `{signal}` is missing"),
    )
    .primary("a gap counts as the worst value")
    .label(metric.value.span, format!("{} has no largest value", metric.value.ty))
    .witness(format!("after one minute without data, `{name}` would have to be larger than any number"))
    .help(help)
}

fn no_best_value(metric: &Metric, signal: &Signal, missing: crate::source::Span) -> Diagnostic {
    let (name, signal) = (&metric.head.name, &signal.head.name);
    Diagnostic::new(
        codes::UNBOUNDED_MISSING,
        missing,
        format!("there is no best value for `{name}` when `{signal}` is missing"),
    )
    .primary("a gap counts as the best value")
    .label(metric.value.span, format!("{} has no best value", metric.value.ty))
    .witness(format!("a day without data would be better than every day on which `{signal}` is measured"))
    .help(excluded_or_share(metric))
}

/// What has a worst value and a best one in place of a metric that has none.
fn excluded_or_share(metric: &Metric) -> String {
    let share = if metric.value.ty == Type::Number { "failed / total" } else { "share(… <= 45ms)" };
    format!("write `missing excluded`, or measure a share, such as `{share}`")
}

/// Whether a promise is that a metric stays high, or that it stays low.
fn wants(model: &Model, metric: &Metric, high: bool) -> bool {
    let mut targets = model.commitments.iter().flat_map(|commitment| &commitment.targets);
    targets.any(|target| {
        matches!(&target.measure.kind, ExprKind::Metric(name) if *name == metric.head.name) && target.is_floor() == high
    })
}

/// The signals of which a value without a largest one is taken as it is: not compared, not counted; with `counts`, of
/// which a count is not divided either.
fn raw_readings(expr: &Expr, counts: bool) -> BTreeSet<&str> {
    let mut signals = BTreeSet::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            _ if !matches!(expr.ty, Type::Duration | Type::Quantity(_) | Type::Number) => {}
            ExprKind::Reading(reading) if matches!(reading.part, Part::Sample | Part::Value(_)) => {
                signals.insert(reading.signal.as_str());
            }
            ExprKind::Reading(reading) if counts && matches!(reading.part, Part::Count(_)) => {
                signals.insert(reading.signal.as_str());
            }
            ExprKind::Apply { function: Function::Sum, arguments, .. } if counts => open.extend(arguments.first()),
            ExprKind::Apply { function: Function::Mean | Function::Max | Function::P50, arguments, .. }
            | ExprKind::Apply { function: Function::P90 | Function::P95 | Function::P99, arguments, .. } => {
                open.extend(arguments.first());
            }
            ExprKind::Binary { left, right, .. } => open.extend([left.as_ref(), right.as_ref()]),
            _ => {}
        }
    }
    signals
}
