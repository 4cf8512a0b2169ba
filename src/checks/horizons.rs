//! Windows against the term of the agreement, and slices against windows and measurements.

use super::dates::{length, sound_term};
use super::targets::targets;
use crate::calculus::{Expr, ExprKind, Slice, Type};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Model, SignalKind};
use crate::source::Span;
use crate::values::{Duration, Window};
use std::collections::BTreeSet;

/// A target is judged at least once within the term. Periodic windows are judged over their true part.
pub(super) fn windows(model: &Model) -> Vec<Diagnostic> {
    let targets = targets(model)
        .filter_map(|(commitment, target)| never_judged(model, &commitment.head.name, &target.window, target.span));
    let figures = model.services.iter().filter_map(|service| {
        let figure = service.promised.as_ref()?;
        never_judged(model, &service.head.name, &figure.window, figure.span)
    });
    targets.chain(figures).collect()
}

fn never_judged(model: &Model, name: &str, window: &Window, span: Span) -> Option<Diagnostic> {
    let effective = model.agreement.effective.as_ref()?;
    if *window == Window::Term {
        return (effective.to.is_none()).then(|| {
            Diagnostic::new(
                codes::RHYTHM_LONGER_THAN_TERM,
                span,
                format!("`{name}` is judged over the whole term, which has no end"),
            )
            .primary("never judged")
            .label(effective.span, "no last day")
            .help("add the last day, `effective 2027-01-01 to 2027-12-31`, or judge it per calendar month or year")
        });
    }
    let (_, to) = sound_term(model).filter(|_| model.agreement.renews.is_none())?;
    let partial = matches!(window, Window::Periodic { .. });
    if partial || *window.shortest()?.seconds() <= length(effective.from, to) {
        return None;
    }
    Some(
        Diagnostic::new(
            codes::RHYTHM_LONGER_THAN_TERM,
            span,
            format!("`{name}` is judged per {window}, longer than the whole term"),
        )
        .primary("never judged")
        .label(effective.span, "the term")
        .witness(format!("counted from {}, the first {window} are over after {to}", effective.from))
        .help("choose a shorter window, or let the agreement renew itself"),
    )
}

/// A slice is not longer than the window that it is a part of.
pub(super) fn slices(model: &Model) -> Vec<Diagnostic> {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    let mut found = Vec::new();
    for (_, target) in targets(model) {
        let Some(longest) = target.window.longest() else { continue };
        for (part, slice) in sliced(model, &target.measure) {
            let (shortest, words) = match slice {
                Slice::Elapsed(length) => (Some(length.clone()), length.to_string()),
                Slice::Window(window) => (window.shortest(), window.to_string()),
                Slice::Key(_) => continue,
            };
            if shortest.is_some_and(|shortest| shortest > longest) && told.insert(part.span) {
                let message = format!("a slice of `{words}` is longer than the window that it divides");
                found.push(
                    Diagnostic::new(codes::WRONG_GRAIN, part.span, message)
                        .primary(format!("measured per {words}"))
                        .label(target.span, format!("judged per {}", target.window))
                        .help("choose a slice that fits into the window many times, such as `per 5min`"),
                );
            }
        }
    }
    found
}

/// A signal is measured at least once in each slice that it is read in. A state holds from one reading to the next, so that a
/// slice between the two has its value.
pub(super) fn readings(model: &Model) -> Vec<Diagnostic> {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    let measures = model.metrics.iter().map(|metric| &metric.value);
    for measure in measures.chain(targets(model).map(|(_, target)| &target.measure)) {
        measure.walk(&mut |part| {
            let ExprKind::Apply { arguments, slice: Some(Slice::Elapsed(slice)), .. } = &part.kind else { return };
            let Some((signal, every, at)) = arguments.iter().find_map(|argument| rarer(model, argument, slice)) else {
                return;
            };
            if !told.insert(signal) {
                return;
            }
            let message = format!("`{signal}` is measured more rarely than it is read");
            found.push(
                Diagnostic::new(codes::TARGET_TOO_FINE, part.span, message)
                    .primary(format!("in slices of {slice}"))
                    .label(at, format!("one reading in {every}"))
                    .witness(format!(
                        "in two hours there are slices of {slice} without any reading: they count as missing"
                    ))
                    .help(format!("measure more often, or take slices of at least {every}")),
            );
        });
    }
    found
}

/// A signal in an expression that is measured more rarely than once in a slice, with its distance.
fn rarer<'a>(model: &'a Model, expr: &'a Expr, slice: &Duration) -> Option<(&'a str, &'a Duration, Span)> {
    let mut rarest = None;
    let mut seen = BTreeSet::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        expr.walk(&mut |part| match &part.kind {
            ExprKind::Reading(reading) => {
                let signal = model.signals.get(&reading.signal).filter(|signal| signal.kind != SignalKind::State);
                if let Some((signal, every)) = signal.and_then(|signal| Some((signal, signal.every.as_ref()?)))
                    && every.value > *slice
                {
                    rarest = Some((signal.head.name.as_str(), &every.value, every.span));
                }
            }
            // A metric that is taken over slices of its own has been looked at by itself.
            ExprKind::Metric(name) if seen.insert(name.as_str()) => {
                open.extend(model.metrics.get(name).map(|metric| &metric.value).filter(|value| value.ty != Type::Runs));
            }
            _ => {}
        });
    }
    rarest
}

/// Every part of a measure that is taken over slices, through all metrics.
fn sliced<'a>(model: &'a Model, measure: &'a Expr) -> Vec<(&'a Expr, &'a Slice)> {
    let (mut found, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![measure]);
    while let Some(expr) = open.pop() {
        expr.walk(&mut |part| match &part.kind {
            // A part with a window of its own is not read in that of the target.
            ExprKind::Apply { slice: Some(slice), over: None, .. } => found.push((part, slice)),
            ExprKind::Metric(name) if seen.insert(name.as_str()) => {
                open.extend(model.metrics.get(name).map(|metric| &metric.value));
            }
            _ => {}
        });
    }
    found
}
