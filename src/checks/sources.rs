//! Where targets find signals, and the fields by which they are told apart.

use super::measures::signals_of;
use crate::calculus::{ExprKind, Slice};
use crate::diagnostics::{Diagnostic, Fix, codes, did_you_mean};
use crate::model::{Member, Model, Series, SeriesKind, Signal, SignalKind, Source};
use crate::source::Span;
use std::collections::BTreeMap;

/// The names that a source can have series for, with the types of series that can hold them.
type Known<'a> = BTreeMap<&'a str, &'static [SeriesKind]>;

/// How many names a finding lists.
const MOST_NAMES: usize = 12;

const COUNTED: &[SeriesKind] = &[SeriesKind::Counter];
const VALUED: &[SeriesKind] = &[SeriesKind::Histogram, SeriesKind::Gauge];
const READ: &[SeriesKind] = &[SeriesKind::Gauge];
const TIMED: &[SeriesKind] = &[SeriesKind::Age, SeriesKind::Gauge];
const AGED: &[SeriesKind] = &[SeriesKind::Age];

fn known(signal: &Signal) -> Known<'_> {
    let values = all(&signal.values, VALUED);
    match signal.kind {
        SignalKind::Events => all(&signal.counts, COUNTED).into_iter().chain(values).collect(),
        SignalKind::Samples if values.is_empty() => BTreeMap::from([("value", VALUED)]),
        SignalKind::Samples => values,
        SignalKind::State => BTreeMap::from([("up", READ), ("state", READ)]),
        SignalKind::Cases => all(&signal.milestones, AGED).into_iter().chain(all(&signal.spans, TIMED)).collect(),
        SignalKind::Scores => BTreeMap::from([("score", VALUED)]),
    }
}

fn all<'a>(members: &'a [Member], kinds: &'static [SeriesKind]) -> Known<'a> {
    members.iter().map(|member| (member.head.name.as_str(), kinds)).collect()
}

/// A source names parts of its signal, each with a series that can hold it, and each once.
pub(super) fn series(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for signal in model.signals.iter().filter(|signal| !signal.head.poisoned && !signal.is_share()) {
        let (known, name) = (known(signal), format!("`{}`", signal.head.name));
        signal.sources.iter().for_each(|source| found.extend(of_source(source, &known, &name, signal.head.name_span)));
    }
    for maintenance in model.maintenances.iter().filter(|maintenance| !maintenance.head.poisoned) {
        let (known, head) = (BTreeMap::from([("active", READ)]), &maintenance.head);
        let name = format!("the maintenance `{}`", head.name);
        maintenance.sources.iter().for_each(|source| found.extend(of_source(source, &known, &name, head.name_span)));
    }
    found
}

fn of_source(source: &Source, known: &Known<'_>, name: &str, declared: Span) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for series in &source.series {
        let member = series.member.as_str();
        if let Some(place) = first.get(member) {
            found.push(
                Diagnostic::new(codes::REPEATED_STATEMENT, series.member_span, format!("`{member}` has two series"))
                    .primary("the second one")
                    .label(*place, "the first one")
                    .help("keep one of them"),
            );
            continue;
        }
        first.insert(member, series.member_span);
        match known.get(member) {
            None => found.push(unknown(series, known, name, declared)),
            Some(kinds) if !kinds.contains(&series.kind.value) => found.push(misfit(series, kinds, name, declared)),
            Some(_) => {}
        }
    }
    found
}

fn unknown(series: &Series, known: &Known<'_>, name: &str, declared: Span) -> Diagnostic {
    let member = &series.member;
    let names: Vec<String> = known.keys().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let finding = Diagnostic::new(
        codes::UNDEFINED_NAME,
        series.member_span,
        format!("a source of {name} has no series `{member}`"),
    )
    .label(declared, "declared here");
    let finding = match did_you_mean(member, known.keys().copied()) {
        Some(near) => finding.primary(format!("did you mean `{near}`?")).fix(Fix::replace(
            format!("write `{near}`"),
            series.member_span,
            near,
        )),
        None => finding.primary("not one of them"),
    };
    match names.as_slice() {
        [] => finding.help("declare what it counts or measures first"),
        names => finding.help(format!("it has {}", names.join(", "))),
    }
}

fn misfit(series: &Series, kinds: &[SeriesKind], name: &str, declared: Span) -> Diagnostic {
    let fitting: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
    let message = format!("`{}` of {name} cannot be read from a `{}`", series.member, series.kind.value.as_str());
    Diagnostic::new(codes::WRONG_ARGUMENT, series.kind.span, message)
        .primary("the type of the series does not fit")
        .label(declared, "declared here")
        .help(format!("its series is a {}", fitting.join(" or a ")))
}

/// What is told apart by a field is read from signals that have it.
pub(super) fn keys(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for expr in model.expressions() {
        expr.walk(&mut |part| {
            if let ExprKind::Apply { arguments, slice: Some(Slice::Key(key)), .. } = &part.kind
                && let Some(argument) = arguments.first()
                && let Some(signals) = signals_of(model, argument)
            {
                let signals: Vec<&Signal> = signals.iter().filter_map(|name| model.signals.get(name)).collect();
                found.extend(no_field(&signals, key, part.span));
            }
        });
    }
    found
}

fn no_field(signals: &[&Signal], key: &str, span: Span) -> Option<Diagnostic> {
    let fields = || signals.iter().flat_map(|signal| &signal.fields).map(|field| field.head.name.as_str());
    if signals.is_empty() || signals.iter().any(|signal| signal.head.poisoned) || fields().any(|field| field == key) {
        return None;
    }
    let names: Vec<String> = signals.iter().map(|signal| format!("`{}`", signal.head.name)).collect();
    let message = format!("`{key}` is not a field of {}", names.join(" or "));
    let mut finding = Diagnostic::new(codes::UNDEFINED_NAME, span, message);
    for signal in signals {
        finding = finding.label(signal.head.name_span, "declared here");
    }
    Some(match did_you_mean(key, fields()) {
        Some(near) => finding.primary(format!("did you mean `per {near}`?")),
        None => finding.primary("told apart by what?").help(format!("declare it: `field {key} text`")),
    })
}
