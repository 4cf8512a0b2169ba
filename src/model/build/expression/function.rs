//! What each function takes, and what it gives.

use super::Named;
use super::call::scores;
use super::mismatch::{self, describe, read};
use super::scope::Scope;
use crate::calculus::operators::Class;
use crate::calculus::{Expr, ExprKind, Function, Grain, Slice, Type};
use crate::diagnostics::{Code, Diagnostic, codes};
use crate::source::Span;
use crate::values::Window;

/// A function with what it is applied to, not yet checked.
pub(super) struct Applied {
    pub function: Function,
    pub span: Span,
    pub arguments: Vec<Expr>,
    pub slice: Option<(Slice, Span)>,
    pub filter: Option<Expr>,
    pub over: Option<(Window, Span)>,
}

impl Applied {
    pub fn new(function: Function) -> Applied {
        let span = Span::default();
        Applied { function, span, arguments: Vec::new(), slice: None, filter: None, over: None }
    }
}

/// What a function takes, in words, and how it is written.
pub(super) struct Shape {
    pub takes: &'static str,
    pub example: &'static str,
}

/// The shape of a function.
pub(super) fn shape(function: Function) -> Shape {
    let (takes, example) = match function {
        Function::Mean => ("values per slice, or of each event, sample, case or score", "mean(error_rate per 5min)"),
        Function::Share => (
            "a condition per slice or of each event, sample, case or score, or a state",
            "share(error_rate <= 5% per 1min)",
        ),
        Function::Sum => ("values per slice, or of each event, sample, case or score", "sum(users.affected per 1min)"),
        Function::Min => ("values per slice or of each occurrence, or several values", "min(requests.latency)"),
        Function::Max => ("values per slice or of each occurrence, or several values", "max(inlet)"),
        Function::Count => ("a signal, runs, or a condition", "count(requests where route = \"login\")"),
        Function::Runs => ("a condition per slice, or a state", "runs(error_rate > 10% per 1min)"),
        Function::Joined => ("runs and the longest gap to close", "joined(runs(error_rate > 10% per 1min), 2min)"),
        Function::Total => ("runs", "total(runs(error_rate > 10% per 1min))"),
        Function::All => ("a state or condition per key", "all(power per feed)"),
        Function::Any => ("a state or condition per key", "any(power per feed)"),
        Function::None => ("a state or condition per key", "none(power per feed)"),
        Function::P50 => ("values per slice, or of each event, sample or case", "p50(requests.latency)"),
        Function::P90 => ("values per slice, or of each event, sample or case", "p90(requests.latency)"),
        Function::P95 => ("values per slice, or of each event, sample or case", "p95(requests.latency)"),
        Function::P99 => ("values per slice, or of each event, sample or case", "p99(requests.latency)"),
        Function::Streak => ("a condition on the window", "streak(uptime < 99%)"),
        Function::Previous => {
            ("a value of the window and the one that stands for it in the first window", "previous(uptime, 99.9%)")
        }
        Function::Started => ("a value and a unit of the same kind", "started(dark, 1h)"),
        Function::Completed => ("a value and a unit of the same kind", "completed(target - attained, 1pp)"),
    };
    Shape { takes, example }
}

/// Whether a function can look at a window of its own.
pub(super) fn has_window(function: Function) -> bool {
    use Function::{Count, Max, Mean, Min, P50, P90, P95, P99, Share, Sum, Total};
    matches!(function, Mean | Share | Sum | Min | Max | Count | Total | P50 | P90 | P95 | P99)
}

/// Over what a function goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    /// Slices of time.
    Slices,
    /// Values of a field.
    Keys,
    /// Events, samples, cases or scores.
    Each,
    /// All time, of a state.
    Time,
}

/// Checks what a function is applied to. The arguments are sound by themselves.
pub(super) fn apply(mut applied: Applied, scope: &mut Scope<'_>) -> Expr {
    if applied.function != Function::Count {
        for argument in &mut applied.arguments {
            if let Some(scores) = scores(argument) {
                *argument = scores;
            }
        }
    }
    let span = applied.span;
    let Some((ty, grain)) = typed(&applied, scope) else { return Expr::poison(span) };
    let Applied { function, arguments, slice, filter, over, .. } = applied;
    let kind = ExprKind::Apply {
        function,
        arguments,
        slice: slice.map(|(slice, _)| slice),
        filter: filter.map(Box::new),
        over: over.map(|(window, _)| window),
    };
    Expr { kind, ty, grain, span }
}

fn typed(applied: &Applied, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    use Function::{Completed, Joined, Max, Min, Previous, Started};
    let function = applied.function;
    let arguments = applied.arguments.as_slice();
    let fits = match function {
        Min | Max => !arguments.is_empty(),
        Joined | Started | Completed | Previous => arguments.len() == 2,
        _ => arguments.len() == 1,
    };
    if !fits {
        return wrong_count(applied, scope);
    }
    if let Some((_, over)) = applied.over.as_ref().filter(|_| !has_window(function)) {
        return misfit(applied, codes::WRONG_ARGUMENT, *over, "has no window of its own", scope);
    }
    match (function, arguments) {
        (Min | Max, [_, _, ..]) => several(applied, scope),
        (Joined, [runs, gap]) => joined(applied, runs, gap, scope),
        (Started | Completed, [amount, unit]) => units(applied, amount, unit, scope),
        (Previous, [of, initial]) => previous(applied, of, initial, scope),
        (_, [argument]) => one(applied, argument, scope),
        _ => None,
    }
}

/// A condition that a template is given, where it is checked by itself: what it is read of is known where it is given, and any
/// function takes some.
fn of_any_grain(applied: &Applied, argument: &Expr, scope: &mut Scope<'_>) -> Option<Grain> {
    let mut is_any = false;
    argument.walk(&mut |part| {
        let named = |name: &str, scope: &mut Scope<'_>| scope.find(name, scope.file).map(|found| found.named);
        is_any |=
            matches!(&part.kind, ExprKind::Constant(name) if matches!(named(name, scope), Some(Named::Any { .. })));
    });
    let grain = match (applied.function, &applied.slice, &applied.over) {
        (Function::Streak, ..) | (_, Some(_), _) | (Function::Count, None, Some(_)) => Grain::Interval,
        (Function::Count, None, None) => Grain::Event,
        _ => Grain::Moment,
    };
    (is_any && argument.ty == Type::Boolean && argument.grain == Grain::Constant).then_some(grain)
}

/// Functions of one argument.
fn one(applied: &Applied, argument: &Expr, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    let any = of_any_grain(applied, argument, scope).map(|grain| Expr { grain, ..argument.clone() });
    let argument = any.as_ref().unwrap_or(argument);
    use Function::{
        All, Any, Completed, Count, Joined, Max, Mean, Min, P50, P90, P95, P99, Previous, Share, Started, Streak, Sum,
        Total,
    };
    let function = applied.function;
    let takes = match function {
        Share | Function::Runs | All | Any | Function::None | Streak => argument.ty == Type::Boolean,
        Mean | Sum | Min | Max | P50 | P90 | P95 | P99 => argument.ty.is_ordered(),
        Count => matches!(argument.ty, Type::Boolean | Type::Runs | Type::Occurrences),
        Total => argument.ty == Type::Runs,
        Joined | Started | Completed | Previous => false,
    };
    if !takes {
        return wrong_type(applied, argument, scope);
    }
    if function == Streak {
        of_other_windows(applied, argument, scope)?;
        return streak(applied, argument, scope);
    }
    if argument.ty == Type::Runs {
        unsliced(applied, scope)?;
        return Some((if function == Total { Type::Duration } else { Type::Number }, Grain::Interval));
    }
    if argument.ty == Type::Occurrences && applied.slice.is_none() {
        filter_fits(applied, argument, scope)?;
        return Some((Type::Number, Grain::Interval));
    }
    if function == Count && argument.grain == Grain::Interval && applied.over.is_some() && applied.slice.is_none() {
        // Windows of the promise are counted.
        unsliced(applied, scope)?;
        of_other_windows(applied, argument, scope)?;
        return Some((Type::Number, Grain::Interval));
    }
    let over = reading(applied, argument, scope)?;
    filter_fits(applied, argument, scope)?;
    let fits = match function {
        Function::Runs => matches!(over, Over::Slices | Over::Time),
        All | Any | Function::None => over == Over::Keys,
        Count => over != Over::Time,
        Mean | Sum | Min | Max | P50 | P90 | P95 | P99 => over != Over::Time,
        _ => true,
    };
    if !fits {
        let why = match (function, over) {
            (Function::Runs, Over::Keys) => {
                "needs one condition on all values of a field: `all`, `any` or `none` of them".to_owned()
            }
            _ => needs_per(function),
        };
        return misfit(applied, codes::WRONG_GRAIN, argument.span, &why, scope);
    }
    let ty = match function {
        Share => Type::Ratio,
        Count => Type::Number,
        Function::Runs => Type::Runs,
        _ => argument.ty.clone(),
    };
    // What is taken over keys is still read when each of them is; the number of keys is one of the window.
    let grain = if over == Over::Keys && function != Count { argument.grain } else { Grain::Interval };
    Some((ty, grain))
}

fn needs_per(function: Function) -> String {
    match function {
        Function::All | Function::Any | Function::None => "needs a key after `per`, a field of the signal".to_owned(),
        Function::Count => "needs a slice of time after `per`, or the windows to look at after `over`".to_owned(),
        Function::Runs => "needs a slice of time after `per`, unless it looks at a state".to_owned(),
        _ => "needs a slice of time after `per`".to_owned(),
    }
}

/// Over what the function goes; nothing after an error.
fn reading(applied: &Applied, argument: &Expr, scope: &mut Scope<'_>) -> Option<Over> {
    let wrong = codes::WRONG_GRAIN;
    match (applied.slice.as_ref(), argument.grain) {
        (_, Grain::Constant) => misfit(applied, wrong, argument.span, "needs something that is measured", scope),
        (Some((Slice::Key(_), _)), _) => Some(Over::Keys),
        (Some(_), Grain::Interval | Grain::Moment | Grain::Sample) => Some(Over::Slices),
        (Some((_, per)), Grain::Event | Grain::Case | Grain::Score) => {
            let why = match applied.function {
                Function::Runs => {
                    "goes over slices, and this is read of each one; take an aggregate in each slice first"
                }
                _ => {
                    "takes each one here, so that there are no slices; leave out `per`, or take an aggregate in each slice first"
                }
            };
            misfit(applied, wrong, *per, why, scope)
        }
        (None, Grain::Sample | Grain::Event | Grain::Case | Grain::Score) => Some(Over::Each),
        (None, Grain::Moment) => Some(Over::Time),
        (None, Grain::Interval) => misfit(applied, wrong, argument.span, &needs_per(applied.function), scope),
    }
}

fn streak(applied: &Applied, argument: &Expr, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    unsliced(applied, scope)?;
    if argument.grain != Grain::Interval {
        return misfit(applied, codes::WRONG_GRAIN, argument.span, "needs a condition on the window", scope);
    }
    Some((Type::Number, Grain::Interval))
}

/// That what is read in other windows does not go by the words for the one that is judged.
fn of_other_windows(applied: &Applied, of: &Expr, scope: &mut Scope<'_>) -> Option<()> {
    let mut word = None;
    of.walk(&mut |part| {
        if matches!(part.kind, ExprKind::Target | ExprKind::Attained) {
            word = word.take().or(Some((part.to_string(), part.span)));
        }
    });
    let Some((word, span)) = word else { return Some(()) };
    let message =
        format!("`{word}` is that of the window that is judged, and `{}` looks at others", applied.function.as_str());
    let finding = Diagnostic::new(codes::WRONG_ARGUMENT, span, message)
        .primary("of which window?")
        .help("name the metric and the value: `streak(uptime < 99.9%) >= 2`");
    scope.tell(finding);
    None
}

/// The value of the window before, with the one that stands for it in the first window.
fn previous(applied: &Applied, of: &Expr, initial: &Expr, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    unsliced(applied, scope)?;
    of_other_windows(applied, of, scope)?;
    // What is paid has periods of its own, whatever is measured.
    let is_fee = matches!(of.kind, ExprKind::Fee(_));
    if !is_fee && of.grain != Grain::Interval {
        return misfit(applied, codes::WRONG_GRAIN, of.span, "needs a value of the window", scope);
    }
    let ty = mismatch::same_type(&[of, initial], "the two arguments of `previous`", scope)?;
    if initial.grain != Grain::Constant {
        let why = "needs a fixed value for the first window";
        return misfit(applied, codes::WRONG_ARGUMENT, initial.span, why, scope);
    }
    Some((ty, if is_fee { Grain::Constant } else { Grain::Interval }))
}

/// The smallest or largest of several values.
fn several(applied: &Applied, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    unsliced(applied, scope)?;
    let all: Vec<&Expr> = applied.arguments.iter().collect();
    let ty = mismatch::same_type(&all, &format!("the arguments of `{}`", applied.function.as_str()), scope)?;
    if !ty.is_ordered() {
        return wrong_type(applied, applied.arguments.first()?, scope);
    }
    let (first, rest) = all.split_first()?;
    let mut grain = first.grain;
    for other in rest {
        let so_far = Expr { grain, ..(*first).clone() };
        grain = mismatch::grain(&so_far, other, scope)?;
    }
    Some((ty, grain))
}

fn joined(applied: &Applied, runs: &Expr, gap: &Expr, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    unsliced(applied, scope)?;
    if runs.ty != Type::Runs {
        return wrong_type(applied, runs, scope);
    }
    if gap.ty != Type::Duration {
        return wrong_type(applied, gap, scope);
    }
    if gap.grain != Grain::Constant {
        return misfit(applied, codes::WRONG_ARGUMENT, gap.span, "needs a fixed length for the gap", scope);
    }
    Some((Type::Runs, Grain::Interval))
}

fn units(applied: &Applied, amount: &Expr, unit: &Expr, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    unsliced(applied, scope)?;
    // Points are the unit in which a percentage is counted.
    let like = amount.ty == unit.ty || (amount.ty == Type::Ratio && unit.ty == Type::Points);
    if !like || !amount.ty.is_ordered() {
        let what = format!("the two arguments of `{}`", applied.function.as_str());
        return match mismatch::same_type(&[amount, unit], &what, scope) {
            Some(_) => wrong_type(applied, amount, scope),
            None => None,
        };
    }
    if unit.grain != Grain::Constant {
        return misfit(applied, codes::WRONG_ARGUMENT, unit.span, "needs a fixed unit", scope);
    }
    Some((Type::Number, amount.grain))
}

/// That there is no `per` and no condition where nothing is divided or left out.
fn unsliced(applied: &Applied, scope: &mut Scope<'_>) -> Option<()> {
    if let Some((_, per)) = &applied.slice {
        return misfit(applied, codes::WRONG_ARGUMENT, *per, "does not go over slices or keys here", scope);
    }
    match &applied.filter {
        Some(filter) if !applied.arguments.first().is_some_and(|argument| argument.ty == Type::Runs) => misfit(
            applied,
            codes::WRONG_ARGUMENT,
            filter.span,
            "leaves nothing out here, so `where` has no meaning",
            scope,
        ),
        _ => Some(()),
    }
}

/// That a condition after `where` is about the occurrences that the function goes over.
fn filter_fits(applied: &Applied, argument: &Expr, scope: &mut Scope<'_>) -> Option<()> {
    let Some(filter) = &applied.filter else { return Some(()) };
    if filter.grain == argument.grain || filter.grain == Grain::Constant || argument.grain == Grain::Interval {
        return Some(());
    }
    let finding = Diagnostic::new(codes::WRONG_GRAIN, filter.span, "the condition is not about what is counted")
        .primary(read(filter))
        .label(argument.span, read(argument))
        .help("after `where` stand fields and values of the same signal");
    scope.tell(finding);
    None
}

fn wrong_count<T>(applied: &Applied, scope: &mut Scope<'_>) -> Option<T> {
    let Shape { takes, example } = shape(applied.function);
    let given = match applied.arguments.len() {
        0 => "nothing".to_owned(),
        1 => "1 argument".to_owned(),
        count => format!("{count} arguments"),
    };
    let message = format!("`{}` takes {takes}, and is given {given}", applied.function.as_str());
    scope.tell(Diagnostic::new(codes::WRONG_ARGUMENT, applied.span, message).help(format!("for example `{example}`")));
    None
}

fn wrong_type<T>(applied: &Applied, argument: &Expr, scope: &mut Scope<'_>) -> Option<T> {
    let Shape { takes, example } = shape(applied.function);
    let message = format!("`{}` takes {takes}, not {}", applied.function.as_str(), argument.ty);
    let finding = Diagnostic::new(codes::WRONG_ARGUMENT, argument.span, message).primary(describe(argument, scope));
    let finding = match scope.declaration(argument) {
        Some((name, at)) => finding.label(at, format!("`{name}` is declared here")),
        None => finding,
    };
    let instead = match (&argument.ty, applied.function) {
        (Type::Boolean, Function::Mean) => Some("take `share(…)` of a condition"),
        (ty, Function::Share) if Class::of(ty).is_some() => {
            Some("compare it with something: `share(x <= 5% per 1min)`")
        }
        (Type::Occurrences, _) => Some("name a value of it, such as `requests.latency`"),
        _ => None,
    };
    scope.tell(finding.help(match instead {
        Some(instead) => instead.to_owned(),
        None => format!("for example `{example}`"),
    }));
    None
}

fn misfit<T>(applied: &Applied, code: &'static Code, at: Span, why: &str, scope: &mut Scope<'_>) -> Option<T> {
    let message = format!("`{}` {why}", applied.function.as_str());
    let mut finding = Diagnostic::new(code, at, message);
    if code == codes::WRONG_GRAIN
        && let Some(argument) = applied.arguments.first()
    {
        finding = if argument.span == at {
            finding.primary(read(argument))
        } else {
            finding.label(argument.span, read(argument))
        };
        if let Some((name, declared)) = scope.declaration(argument) {
            finding = finding.label(declared, format!("`{name}` is declared here"));
        }
    }
    let of_windows = applied.function == Function::Count
        && applied.arguments.iter().all(|argument| argument.ty == Type::Boolean && argument.grain == Grain::Interval);
    let of_keys = applied.function == Function::Runs && matches!(applied.slice, Some((Slice::Key(_), _)));
    let example = match (of_windows, of_keys) {
        (true, _) => "count(uptime < 99% over last 6 windows)",
        (_, true) => "runs(none(power per feed))",
        _ => shape(applied.function).example,
    };
    let help = match applied.arguments.first().map(|argument| &argument.kind) {
        Some(ExprKind::Fee(fee)) if applied.function == Function::Sum => format!(
            "one option of the fee is meant here: leave out `sum`, or add all of them up in a fee of its own, `fee all_of_it \"All\" of SERVICE = sum({})`, and name that",
            crate::model::family_of(fee)
        ),
        _ => format!("for example `{example}`"),
    };
    scope.tell(finding.help(help));
    None
}
