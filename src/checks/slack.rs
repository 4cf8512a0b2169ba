//! How much may go wrong before a target is missed.

use crate::calculus::{Expr, ExprKind, Part, Slice, Type, Value};
use crate::model::{Model, SignalKind, Target};
use crate::source::Span;
use crate::values::{Duration, Exact, Window};

/// The part of a window that may be bad, for a target that is a percentage; nothing for other targets.
pub(super) fn share(target: &Target) -> Option<Exact> {
    let Value::Ratio(bound) = target.value.as_ref()? else { return None };
    let possible = bound.0.signum() >= 0 && bound.0 <= Exact::one();
    possible.then(|| if target.is_floor() { Exact::one() - &bound.0 } else { bound.0.clone() })
}

/// The time that may be bad in a window of this length.
pub(super) fn time(target: &Target, window: &Duration) -> Option<Duration> {
    Some(window.times(&share(target)?))
}

/// The longest slice by which something is measured, with its place.
#[derive(Clone, Debug)]
pub(super) struct Coarsest {
    pub length: Duration,
    pub span: Span,
    /// Whether it is the interval of a signal rather than a slice of a metric.
    pub signal: bool,
}

/// The seconds of a day on which the clocks do not change.
const DAY: i64 = 86_400;

/// The seconds of the longest window that no change of the clocks makes longer.
pub(super) fn whole(window: &Window) -> Option<Exact> {
    let longest = window.longest()?;
    let day = Exact::from_int(DAY);
    let of_the_clock = window.shortest()? == longest;
    Some(if of_the_clock { longest.seconds().clone() } else { longest.seconds().checked_div(&day)?.floor() * day })
}

/// What a target allows where a part of a window is cut out: the length of the longest window that no change of the
/// clocks makes longer, and the time that may be bad in the rest of it, both in words.
pub(super) fn without(target: &Target, window: &Window, seconds: &Exact) -> Option<(String, String)> {
    let day = Exact::from_int(DAY);
    let days = whole(window)?.checked_div(&day)?.floor();
    let rest = &days * &day - seconds;
    if days.signum() <= 0 || rest.signum() <= 0 {
        return None;
    }
    let whole = if days == Exact::one() { "24 hours".to_owned() } else { format!("{days} days") };
    Some((whole, words(&time(target, &Duration::from_seconds(rest))?)))
}

/// Whether failures of what is measured take time: it is read in slices, at regular intervals, or is a state.
pub(super) fn is_of_time(model: &Model, expr: &Expr) -> bool {
    let mut timed = false;
    let regular = |signal: &str| {
        let found = model.signals.get(signal);
        found.is_some_and(|signal| signal.kind == SignalKind::Samples && signal.every.is_some())
    };
    model.through(expr, &mut |part| {
        timed |= match &part.kind {
            ExprKind::Apply { slice: Some(Slice::Elapsed(_)), .. } => true,
            ExprKind::Reading(reading) => reading.part == Part::State || regular(&reading.signal),
            _ => false,
        };
    });
    timed
}

/// The coarsest measurement that a percentage depends on: slices, and the intervals of state signals.
pub(super) fn coarsest(model: &Model, expr: &Expr) -> Option<Coarsest> {
    let mut found: Option<Coarsest> = None;
    model.through(expr, &mut |part| {
        let candidate = match &part.kind {
            ExprKind::Apply { slice: Some(Slice::Elapsed(length)), .. } => {
                Some(Coarsest { length: length.clone(), span: part.span, signal: false })
            }
            ExprKind::Reading(reading) => model.signals.get(&reading.signal).and_then(|signal| {
                let every = signal.every.as_ref().filter(|_| reading.part == Part::State)?;
                Some(Coarsest { length: every.value.clone(), span: every.span, signal: true })
            }),
            _ => None,
        };
        if let Some(candidate) = candidate
            && found.as_ref().is_none_or(|known| known.length < candidate.length)
        {
            found = Some(candidate);
        }
    });
    found.filter(|_| expr.ty == Type::Ratio)
}

/// A length as people read it: to a tenth of a second where it is shorter than an hour, else to a minute.
pub(super) fn words(length: &Duration) -> String {
    let hour = Duration::from_whole_seconds(3_600);
    let step = if *length < hour { Exact::ratio(1, 10).unwrap_or_default() } else { Exact::from_int(60) };
    let seconds = length.seconds().round_to(&step, crate::values::Rounding::HalfEven);
    let minutes = seconds.checked_div(&Exact::from_int(60)).unwrap_or_default();
    if minutes < Exact::one() {
        return format!("{} s", seconds.to_decimal_string(1));
    }
    if minutes < Exact::from_int(60) {
        let whole = minutes.floor();
        let rest = &seconds - &whole * Exact::from_int(60);
        return if rest.is_zero() {
            format!("{whole} min")
        } else {
            format!("{whole} min {} s", rest.to_decimal_string(1))
        };
    }
    Duration::from_seconds(seconds).words()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Amount, PeriodUnit, WindowKind};

    #[test]
    fn a_window_is_as_long_as_its_days_where_no_clock_changes() {
        let hours = |hours: i64| Duration::from_whole_seconds(hours * 3_600);
        let month = Window::Periodic { kind: WindowKind::Calendar, unit: PeriodUnit::Month };
        assert_eq!(whole(&month), Some(hours(744).seconds().clone()));
        let rolling = Window::Rolling(Amount::Elapsed(hours(36)));
        assert_eq!(whole(&rolling), Some(hours(36).seconds().clone()));
    }
}
