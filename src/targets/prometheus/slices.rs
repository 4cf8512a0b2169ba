//! Recorded series of slices, sums of them, and the numbers and ranges in them as PromQL writes them.

use super::by::By;
use super::rule::{Pairs, recorded};
use super::term::INTERVAL;
use crate::values::Exact;

/// A recorded series of slices.
#[derive(Clone, Debug)]
pub(super) struct Slices {
    /// What each is of.
    pub kind: Kind,
    /// All labels but the start of the window and those of options that are not known beforehand.
    pub labels: Pairs,
    /// The labels of these options.
    pub by: By,
}

/// What a series of slices is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A count.
    Count,
    /// How bad each was.
    Bad,
}

impl Slices {
    /// The name of the series.
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Count => "sla:count:slice",
            Kind::Bad => "sla:bad:slice",
        }
    }

    /// The selector of the series.
    pub fn selector(&self) -> String {
        recorded(self.name(), &self.labels)
    }

    /// What an option that had a slice of the window before is worth in the one that ends now: for those that have no data in
    /// it.
    pub fn went_on(&self, seconds: i64, worth: i64, tick: &str) -> String {
        let (by, before) = (self.by.with_start(), self.over_time("last_over_time", &range(seconds + INTERVAL)));
        format!("(\n  sum by ({by}) ({before}) * 0 + {worth}\n  and on (start)\n{tick}\n)")
    }

    /// A function over its slices in a range.
    pub fn over_time(&self, function: &str, range: &str) -> String {
        format!("{function}({}[{range}])", self.selector())
    }
}

/// Series of slices to be summed, each times a number; with no number to count.
#[derive(Clone, Debug)]
pub(super) enum Parts {
    /// A sum.
    Sum(Vec<(Exact, Slices)>),
    /// A number of slices: those of the first of several series that is there.
    Number(Vec<Slices>),
}

impl Parts {
    /// The series of which at least one is there where anything is known: those that are added.
    pub fn needed(&self) -> Vec<&Slices> {
        match self {
            Parts::Sum(parts) => added(parts).map(|(_, slices)| slices).collect(),
            Parts::Number(slices) => slices.iter().collect(),
        }
    }
}

fn added(parts: &[(Exact, Slices)]) -> impl Iterator<Item = &(Exact, Slices)> {
    parts.iter().filter(|(number, _)| number.signum() > 0)
}

/// A sum of terms, known where any of those that are added is there: a counter is born with its first event. Below zero
/// it is zero, since increases are estimates.
pub(super) fn sum(parts: &[(Exact, Slices)], mut read: impl FnMut(&Slices) -> String) -> String {
    let known: Vec<String> = added(parts).map(|(_, slices)| read(slices)).collect();
    let zero = match known.as_slice() {
        [only] => format!("{only} * 0"),
        _ => format!("({}) * 0", known.join(" or ")),
    };
    let mut text = String::new();
    for (number, slices) in parts {
        let size = number.abs();
        let read = read(slices);
        let scaled = if size == Exact::one() { read } else { format!("{} * {read}", number_text(&size)) };
        let is_known = known.len() == 1 && number.signum() > 0;
        let term = if is_known { scaled } else { format!("({scaled} or {zero})") };
        if text.is_empty() {
            text = term;
        } else {
            let sign = if number.signum() < 0 { "-" } else { "+" };
            text = format!("{text} {sign} {term}");
        }
    }
    match parts.iter().any(|(number, _)| number.signum() < 0) {
        true => format!("clamp_min({text}, 0)"),
        false if parts.len() > 1 => format!("({text})"),
        false => text,
    }
}

/// A number as PromQL writes it, exactly: a decimal, or a fraction where it does not end.
pub(super) fn number_text(number: &Exact) -> String {
    if number.is_terminating() { number.to_string() } else { format!("({number})") }
}

/// A whole number of seconds as PromQL writes it.
pub(super) fn span(seconds: i64) -> String {
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let mut text = String::new();
    for (number, unit) in parts.into_iter().filter(|(number, _)| *number > 0) {
        text.push_str(&number.to_string());
        text.push_str(unit);
    }
    text
}

/// A range over which exactly the slices of so many seconds are found, in Prometheus 2 with both of its ends and in
/// Prometheus 3 with one: a second less.
pub(super) fn range(seconds: i64) -> String {
    span(seconds - 1)
}

/// A range that holds exactly one multiple of a slice's length, at each instant in the interval after it.
pub(super) fn aligned(seconds: i64) -> String {
    if seconds > INTERVAL { range(seconds) } else { format!("{}999ms", range(seconds)) }
}
