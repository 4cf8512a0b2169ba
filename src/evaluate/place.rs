//! Where an expression is read, and what may be assumed there.

use super::case::Case;
use super::interval::Interval;
use super::records::Occurrences;
use super::wish::Wish;
use crate::calculus::{Expr, ExprKind, Function, Value};
use crate::model::Metric;
use crate::values::Exact;

/// Whether a part of a rule is measured: a reading, or what a function makes of readings, other than the arithmetic of rules.
pub(super) fn is_measured(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Reading(_) => true,
        ExprKind::Apply { function: Function::Started | Function::Completed, .. } => false,
        ExprKind::Apply { function: Function::Min | Function::Max, arguments, slice: None, over: None, .. } => {
            arguments.len() == 1
        }
        ExprKind::Apply { .. } => true,
        _ => false,
    }
}

/// Where an expression is read, and what may be assumed of what is not known.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub at: Interval,
    pub wish: Wish,
    /// The length of the run that a condition is about, in nanoseconds.
    pub run: Option<i128>,
    /// The part of a period that lies within the term, where constant money is for a whole one.
    pub part: Option<&'p Exact>,
    /// Whether it is read in one slice of time, for which a row may stand as a whole.
    pub sliced: bool,
    /// What an expression is about that is read for each of something.
    pub one: Option<One<'p>>,
    /// Whether it stands in a rule itself, such as the condition of a right, and not in a metric: what it reads of the whole
    /// window is measured like one.
    pub direct: bool,
    /// The milestone by which cases belong to the window, where the metric says so.
    pub belongs: Option<&'p str>,
    pub depth: u16,
}

/// One of what an expression is read for.
#[derive(Clone, Copy)]
pub(super) enum One<'p> {
    /// The values of an event, a sample or a score.
    Row(&'p Occurrences, &'p [Option<Value>]),
    /// A case.
    Case(&'p Case<'p>),
    /// The values of a signal's fields.
    Key(&'p [String]),
}

impl<'p> Place<'p> {
    pub fn new(at: Interval, wish: Wish) -> Place<'p> {
        Place { at, wish, run: None, part: None, sliced: false, one: None, direct: false, belongs: None, depth: 0 }
    }

    /// A place of a rule of a commitment in its window.
    pub fn of_rule(at: Interval, wish: Wish) -> Place<'p> {
        Place { direct: true, ..Place::new(at, wish) }
    }

    pub fn wishing(self, wish: Wish) -> Place<'p> {
        Place { wish, ..self }
    }

    pub fn within(self, at: Interval) -> Place<'p> {
        Place { at, ..self }
    }

    /// The same place for a measure by itself: what stands around it does not matter to it.
    pub fn of_measure(self) -> Place<'p> {
        Place { run: None, part: None, direct: false, ..self }
    }

    /// One slice of the place.
    pub fn in_slice(self, at: Interval) -> Place<'p> {
        Place { at, sliced: true, ..self }
    }

    /// Cases belong to the window by the milestone that a metric names, if it names one.
    pub fn belonging(self, metric: &'p Metric) -> Place<'p> {
        Place { belongs: metric.window_of.as_ref().map(|of| of.value.1.as_str()).or(self.belongs), ..self }
    }

    pub fn deeper(self) -> Place<'p> {
        Place { depth: self.depth + 1, ..self }
    }
}
