//! Targets: what they warn of, what can be seen of them, and what may go wrong before they are missed.

use super::amounts::shown;
use super::interval::{Cut, Interval};
use super::options::{found_in_each, with_row};
use super::{possible, slack};
use crate::calculus::{Binary, ExprKind, Grain, Type, Value};
use crate::diagnostics::{Diagnostic, Fix, Severity, codes};
use crate::model::{Bound, Commitment, Model, Target};
use crate::values::Exact;
use std::collections::BTreeMap;

fn sole_target(commitment: &Commitment) -> Option<&Target> {
    match commitment.targets.as_slice() {
        [target] => Some(target),
        _ => None,
    }
}

pub(super) fn targets(model: &Model) -> impl Iterator<Item = (&Commitment, &Target)> {
    model.commitments.iter().flat_map(|commitment| commitment.targets.iter().map(move |target| (commitment, target)))
}

/// A target bounds something that is measured: that stands on its left, and the bound on its right. So does a warning.
pub(super) fn turned_round(model: &Model) -> Vec<Diagnostic> {
    let found = targets(model).filter_map(|(_, target)| no_measure(target));
    found.chain(model.commitments.iter().filter_map(no_margin)).collect()
}

fn no_margin(commitment: &Commitment) -> Option<Diagnostic> {
    let warn = commitment.warn.as_ref()?;
    let limit = warn.limit.to_string();
    let is_itself = commitment.targets.iter().any(|target| target.measure.to_string() == limit);
    is_itself.then(|| {
        Diagnostic::new(codes::WRONG_ARGUMENT, warn.span, format!("the warning compares `{limit}` with itself"))
            .primary("comes out the same whatever is measured")
            .help("write a value that is met before the target is missed: `warn below 99.95%`")
    })
}

fn no_measure(target: &Target) -> Option<Diagnostic> {
    let (measure, bound) = (&target.measure, &target.bound);
    let comparison = measure.span.to(bound.span);
    let sign = target.comparison.as_str();
    if measure.to_string() == bound.to_string() {
        let message = format!("the target compares `{measure}` with itself");
        return Some(
            Diagnostic::new(codes::WRONG_ARGUMENT, comparison, message)
                .primary("comes out the same whatever is measured")
                .help("write a value on the right: `target uptime >= 99.9% per calendar month`"),
        );
    }
    if measure.grain != Grain::Constant {
        return None;
    }
    if bound.grain == Grain::Constant {
        let mut metric = false;
        measure.walk(&mut |part| metric |= matches!(part.kind, ExprKind::Metric(_)));
        // A metric without a measurement has been told by itself.
        return (!metric).then(|| {
            Diagnostic::new(codes::WRONG_ARGUMENT, comparison, "nothing in the target is measured")
                .primary("two fixed values")
                .help("write a metric on the left: `target uptime >= 99.9% per calendar month`")
        });
    }
    let written = format!("{bound} {} {measure}", target.comparison.turned().as_str());
    let message = format!("the target bounds `{measure}`, which is fixed, by what is measured");
    Some(
        Diagnostic::new(codes::WRONG_ARGUMENT, comparison, message)
            .primary(format!("the measure stands on the right of `{sign}`"))
            .help("a target is read from what is measured to its bound: turn the comparison round")
            .fix(Fix::replace(format!("write `{written}`"), comparison, written)),
    )
}

/// A warning comes while the target can still be met.
pub(super) fn warnings(model: &Model) -> Vec<Diagnostic> {
    found_in_each(model, |commitment| warning(model, commitment).into_iter().collect())
}

fn warning(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    let (warn, target) = (commitment.warn.as_ref()?, sole_target(commitment)?);
    let (value, bound) = (warn.value.as_ref()?, target.value.as_ref()?);
    Interval::missed(target).filter(|_| value.ty() == bound.ty() && !is_never_missed(model, target))?;
    let floor = target.is_floor();
    let side = if floor { "below" } else { "above" };
    let finding = |message: String, help: String| {
        let finding = Diagnostic::new(codes::WARNING_TOO_LATE, warn.span, message).help(help);
        let finding = finding.label(target.span, "this is the target");
        with_row(model, with_row(model, finding, &warn.limit), &target.bound)
    };
    if warn.side.is_upper() != floor {
        let (word, value) = (warn.side.as_str(), shown(value));
        let finding = finding(
            format!("the warning `{word} {value}` is on whenever all is well"),
            format!("a result that gets worse goes {side} the warning: write `warn {side} …`"),
        );
        return Some(finding.primary("looks away from the target"));
    }
    let late = if floor { value.exact()? <= bound.exact()? } else { value.exact()? >= bound.exact()? };
    if !late {
        return warned_at_best(model, warn, value, target);
    }
    let order = if floor { "higher" } else { "lower" };
    let (value, bound) = (shown(value), shown(bound));
    Some(
        finding(
            format!("the warning at {value} comes when the target of {bound} is already missed"),
            format!("choose a value {order} than the target, between it and the usual result"),
        )
        .primary(format!("not {order} than the target"))
        .witness(format!("once the best result still possible is {side} {value}, {bound} cannot be reached any more")),
    )
}

/// A warning that is on even while nothing has gone wrong.
fn warned_at_best(model: &Model, warn: &Bound, value: &Value, target: &Target) -> Option<Diagnostic> {
    let number = value.exact()?.clone();
    let results = possible::attained(model, target).possible(&value.ty());
    let best = match (target.is_floor(), &results.from, &results.to) {
        (true, _, Cut::At(best, true)) | (false, Cut::At(best, false), _) => best,
        _ => return None,
    };
    let equal = warn.side.is_inclusive() && *best == number;
    // A percentage beyond its range has been told by itself.
    if !equal {
        return None;
    }
    let (word, value) = (warn.side.as_str(), shown(value));
    let strict = if target.is_floor() { "below" } else { "above" };
    Some(
        Diagnostic::new(codes::WARNING_TOO_LATE, warn.span, format!("the warning `{word} {value}` is always on"))
            .primary("covers the best result too")
            .label(target.span, "this is the target")
            .witness(format!("on the first day, without a single failure, the best result still possible is {value}"))
            .help(format!("write `{strict} …` with a value between the target and {value}")),
    )
}

/// A target allows at least one bad slice of its measurement.
pub(super) fn fineness(model: &Model) -> Vec<Diagnostic> {
    found_in_each(model, |commitment| commitment.targets.iter().filter_map(|target| fine(model, target)).collect())
}

fn fine(model: &Model, target: &Target) -> Option<Diagnostic> {
    let window = target.window.longest()?;
    let allowed = slack::time(target, &window)?;
    let coarsest = slack::coarsest(model, &target.measure)?;
    // A target of 100% is meant to break with anything bad.
    if allowed.is_zero() || coarsest.length <= allowed {
        return None;
    }
    // Not rounded: what is as fine as that is not 100%.
    let bound = match target.value.as_ref()? {
        Value::Ratio(bound) => format!("{}%", bound.percent()),
        other => shown(other),
    };
    let (window, slice, most) = (target.window.to_string(), &coarsest.length, slack::words(&allowed));
    let step = if coarsest.signal { "one reading stands for" } else { "it is measured in slices of" };
    let message = format!("a target of {bound} per {window} is finer than its measurement can show");
    let finding = Diagnostic::new(codes::TARGET_TOO_FINE, target.span, message)
        .primary(format!("allows at most {most} in a {window}"))
        .label(coarsest.span, format!("{step} {slice}"))
        .witness(format!("a single {slice} that is bad throughout misses the target, though only {most} are allowed"))
        .help("measure more often, or promise what the measurement can show");
    Some(with_row(model, finding, &target.bound))
}

/// A metric is rounded finer than the distance between its target and perfection.
pub(super) fn rounding(model: &Model) -> Vec<Diagnostic> {
    found_in_each(model, |commitment| commitment.targets.iter().filter_map(|target| coarse(model, target)).collect())
}

fn coarse(model: &Model, target: &Target) -> Option<Diagnostic> {
    let metric = model.metrics.get(target.metric()?)?;
    let round = metric.round.as_ref()?;
    let (mode, step) = &round.value;
    let room = slack::share(target).filter(|room| !room.is_zero())?;
    if step.exact()?.abs() <= room || !matches!(step, Value::Ratio(_) | Value::Points(_)) {
        return None;
    }
    let bound = target.value.as_ref()?;
    let rounded = bound.exact()?.round_to(step.exact()?, *mode);
    let rounded = Value::of(&Type::Ratio, rounded)?;
    let (name, step) = (&metric.head.name, shown(step));
    let message = format!("`{name}` is rounded to {step}, a step larger than the target leaves room for");
    let finding = Diagnostic::new(codes::ROUNDING_TOO_COARSE, round.span, message)
        .primary(format!("a step of {step}"))
        .label(target.span, format!("leaves room for {}", shown(&Value::of(&Type::Ratio, room)?)))
        .witness(format!("a result of {} becomes {} before it meets the target", shown(bound), shown(&rounded)))
        .help("round to a smaller step, or not at all: comparisons are exact");
    Some(with_row(model, finding, &target.bound))
}

/// A target can be missed, and can be met.
pub(super) fn empty(model: &Model) -> Vec<Diagnostic> {
    let mut found = found_in_each(model, |commitment| {
        commitment.targets.iter().filter_map(|target| empty_promise(model, target)).collect()
    });
    found.extend(found_in_each(model, |commitment| contradiction(model, commitment).into_iter().collect()));
    found
}

/// Whether no possible result misses a target: what else it makes of no use is told there alone.
pub(super) fn is_never_missed(model: &Model, target: &Target) -> bool {
    let values = Interval::missed(target).zip(target.value.as_ref());
    values
        .is_some_and(|(missed, bound)| missed.and(&possible::attained(model, target).possible(&bound.ty())).is_empty())
}

fn empty_promise(model: &Model, target: &Target) -> Option<Diagnostic> {
    let bound = target.value.as_ref()?;
    let ty = bound.ty();
    // A percentage beyond its range has been told by itself.
    if matches!(bound, Value::Ratio(ratio) if ratio.0.signum() < 0 || ratio.0 > Exact::one()) {
        return None;
    }
    let computed = possible::attained(model, target);
    // What is always the same has been told as measuring nothing.
    if computed.is_point() {
        return None;
    }
    let can_be = computed.clone().possible(&ty);
    let never = |values: Interval| values.and(&can_be).is_empty();
    let at_an_end =
        can_be.from == Cut::At(bound.exact()?.clone(), false) || can_be.to == Cut::At(bound.exact()?.clone(), true);
    let only = Interval::only(bound.exact()?);
    let (message, primary, help) = match target.comparison {
        Binary::NotEqual => (
            "is missed only by exactly this value",
            "every other result meets it",
            "write a bound: `>=` if more is better, `<=` if less is",
        ),
        Binary::Equal if never(only) => {
            ("can never be met", "no possible result meets it", "choose a value that can be")
        }
        Binary::Equal if !at_an_end && matches!(ty, Type::Ratio | Type::Duration) => (
            "is met only by exactly this value",
            "every other result misses it",
            "write a bound: `>=` if more is better, `<=` if less is",
        ),
        _ if never(Interval::missed(target)?) => {
            ("can never be missed", "every possible result meets it", "choose a bound that a bad month would miss")
        }
        _ if never(Interval::met(target)?) => {
            ("can never be met", "no possible result meets it", "choose a bound that a result can meet")
        }
        _ => return None,
    };
    let words = format!("{} {}", target.comparison.as_str(), shown(bound));
    let finding = Diagnostic::new(codes::EMPTY_PROMISE, target.span, format!("the target `{words}` {message}"))
        .primary(primary)
        .help(help);
    let finding = with_row(model, finding, &target.bound);
    Some(match can_be {
        Interval { from: Cut::Lowest, to: Cut::Highest } => finding,
        values => {
            // A share that is computed as less than nothing is shown as it is computed.
            let values = if values.is_point() || values.is_empty() { computed } else { values };
            finding.witness(format!("the results of a {} lie {}", target.window, values.words(&ty)))
        }
    })
}

/// Two targets of one measure that no result meets together.
fn contradiction(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    let mut of_measure: BTreeMap<String, Vec<(&Target, Interval)>> = BTreeMap::new();
    for target in &commitment.targets {
        if let Some(met) = Interval::met(target) {
            of_measure.entry(format!("{} per {}", target.measure, target.window)).or_default().push((target, met));
        }
    }
    // If any two exclude each other, the highest start lies beyond the lowest end.
    let (one, other) = of_measure.into_values().find_map(|targets| {
        let from = targets.iter().max_by(|a, b| a.1.from.cmp(&b.1.from))?;
        let to = targets.iter().min_by(|a, b| a.1.to.cmp(&b.1.to))?;
        from.1.and(&to.1).is_empty().then_some(if from.0.span < to.0.span { (from.0, to.0) } else { (to.0, from.0) })
    })?;
    let words = |target: &Target| {
        let bound = target.value.as_ref().map_or_else(String::new, shown);
        format!("{} {bound}", target.comparison.as_str())
    };
    let message = format!("no result is both `{}` and `{}`", words(one), words(other));
    let finding = Diagnostic::new(codes::EMPTY_PROMISE, other.span, message)
        .severity(Severity::Error)
        .primary("all targets of a commitment must hold")
        .label(one.span, "the other target")
        .help("keep the one that is meant, or turn a comparison round");
    Some(with_row(model, with_row(model, finding, &one.bound), &other.bound))
}
