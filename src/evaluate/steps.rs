//! How a value came about, as steps that can be followed by hand.

use super::derivation::Step;
use super::functions::Weighted;
use super::gap::Gap;
use super::interval::{Interval, NANOS, seconds};
use super::known::Known;
use super::reader::{Place, Reader};
use super::stretch::Run;
use crate::calculus::{Expr, ExprKind, Function, Grain, Slice, Type};
use crate::values::{Duration, Exact, Timestamp};
use std::collections::BTreeMap;

/// How many runs, or different values of slices, are shown.
const MOST: usize = 12;
/// How many metrics that are made of each other are followed.
const DEEPEST: usize = 8;

impl<'a> Reader<'a> {
    /// The steps that lead to the value of an expression.
    pub(super) fn step(&self, expr: &'a Expr, place: Place<'_>) -> Step {
        self.step_to(expr, place, DEEPEST)
    }

    fn step_to(&self, expr: &'a Expr, place: Place<'_>, depth: usize) -> Step {
        let gives = match &expr.ty {
            Type::Runs => self.runs(expr, place).map(|runs| format!("{} in all", runs.len())),
            _ => self.value(expr, place).map(|known| known.shown()),
        };
        let mut step = Step::new(format!("`{expr}`"), gives.unwrap_or_else(|gap| format!("not known: {gap}")));
        let Some(depth) = depth.checked_sub(1) else { return step };
        step.from = match &expr.kind {
            ExprKind::Metric(name) => {
                match self.model.metrics.get(name).filter(|_| !self.facts.knows(name, self.window)) {
                    Some(metric) => self.parts(&metric.value, place.belonging(metric), depth),
                    None => Vec::new(),
                }
            }
            _ => self.parts(expr, place, depth),
        };
        step
    }

    /// The steps for what an expression is made of: its metrics and functions.
    fn parts(&self, expr: &'a Expr, place: Place<'_>, depth: usize) -> Vec<Step> {
        if let (ExprKind::Apply { arguments, slice, .. }, Some(_)) = (&expr.kind, self.facts.records())
            && let (Err(Gap::Missing(_)), Some(of)) = (self.value(expr, place), arguments.first())
            && let missing = self.missing_on_record(of, slice.as_ref(), place)
            && !missing.is_empty()
        {
            return missing;
        }
        if let Some(windows) = self.windows_before(expr, place) {
            return windows;
        }
        match &expr.kind {
            ExprKind::Metric(_) => vec![self.step_to(expr, place, depth)],
            ExprKind::Apply { function, arguments, slice, filter, .. } => {
                let first = arguments.first();
                let numbers = arguments.len() > 1 && *function != Function::Joined;
                match (first, slice) {
                    _ if numbers => self.operands(expr, place, depth),
                    _ if expr.ty == Type::Runs => self.each_run(expr, place),
                    (Some(runs), _) if runs.ty == Type::Runs => vec![self.step_to(runs, place, depth)],
                    (Some(of), Some(slice)) if self.facts.records().is_some() => {
                        self.slices_on_record(of, slice, place.wishing(place.wish.of_argument(*function, 0)))
                    }
                    (Some(of), None) if self.facts.records().is_some() && of.grain >= Grain::Sample => {
                        self.occurrences_on_record(*function, of, filter.as_deref(), place)
                    }
                    (Some(of), Some(slice)) => self.each_value(of, slice, place),
                    (Some(of), None) if matches!(of.grain, Grain::Moment | Grain::Sample) => self.each_time(of, place),
                    _ => Vec::new(),
                }
            }
            _ => self.operands(expr, place, depth),
        }
    }

    /// The windows that a function over windows is about; nothing for any other.
    fn windows_before(&self, expr: &'a Expr, place: Place<'_>) -> Option<Vec<Step>> {
        let ExprKind::Apply { function, arguments, .. } = &expr.kind else { return None };
        let first = arguments.first()?;
        let held = match (function, expr.windows_counted()) {
            (_, Some((condition, within))) => self.windows_counted(condition, within, place),
            (Function::Streak, _) => self.streak(first, place),
            (Function::Previous, _) if expr.fee_before().is_none() => {
                let (value, at) = self.previous(first, place).ok()??;
                return Some(vec![Step::new(format!("in {}", self.times(at)), value.shown())]);
            }
            _ => return None,
        };
        let held = held.unwrap_or_default();
        let mut steps: Vec<Step> =
            held.iter().take(MOST).map(|at| Step::new(format!("in {}", self.times(*at)), "counts")).collect();
        if held.len() > MOST {
            steps.push(Step::new("and more", (held.len() - MOST).to_string()));
        }
        Some(steps)
    }

    fn operands(&self, expr: &'a Expr, place: Place<'_>, depth: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        for (index, part) in expr.parts().into_iter().enumerate() {
            let wish = match &expr.kind {
                ExprKind::Unary { .. } => place.wish.turned(),
                ExprKind::Binary { op, .. } if index == 0 => place.wish.of_operands(*op).0,
                ExprKind::Binary { op, .. } => place.wish.of_operands(*op).1,
                ExprKind::Apply { function, .. } => place.wish.of_argument(*function, index),
                _ => place.wish,
            };
            match &part.kind {
                ExprKind::Literal(_) => {}
                // What was taken as good has no value of its own.
                ExprKind::Reading(_) if self.value(part, place.wishing(wish)).is_err() => {}
                ExprKind::Apply { .. } | ExprKind::Reading(_) => {
                    steps.push(self.step_to(part, place.wishing(wish), depth))
                }
                _ => steps.extend(self.parts(part, place.wishing(wish), depth)),
            }
        }
        steps
    }

    fn each_run(&self, expr: &'a Expr, place: Place<'_>) -> Vec<Step> {
        let runs = self.runs(expr, place).unwrap_or_default();
        let length = |run: &Run| Duration::from_seconds(seconds(run.length())).to_string();
        let shown = |run: &Run| Step::new(self.times(run.span()), length(run));
        let mut steps: Vec<Step> = runs.iter().take(MOST).map(shown).collect();
        if runs.len() > MOST {
            steps.push(Step::new("and more", (runs.len() - MOST).to_string()));
        }
        steps
    }

    /// The different values of slices, each with how often it occurs.
    fn each_value(&self, of: &'a Expr, slice: &Slice, place: Place<'_>) -> Vec<Step> {
        let Ok(all) = self.spread(of, Some(slice), None, place) else { return Vec::new() };
        let mut counts: BTreeMap<(usize, String), i128> = BTreeMap::new();
        let mut order: Vec<Known> = Vec::new();
        for Weighted { value, count, .. } in all {
            let position = order.iter().position(|known| *known == value).unwrap_or(order.len());
            if position == order.len() {
                if position == MOST {
                    return vec![Step::new(format!("`{of}`"), "many different values")];
                }
                order.push(value.clone());
            }
            *counts.entry((position, value.shown())).or_default() += count;
        }
        let length = match slice {
            Slice::Elapsed(length) => length.to_string(),
            Slice::Window(window) => window.to_string(),
            Slice::Key(key) => key.clone(),
        };
        let each = counts.into_iter();
        each.map(|((_, value), count)| {
            Step::new(format!("`{of}` in {count} slice{} of {length}", if count == 1 { "" } else { "s" }), value)
        })
        .collect()
    }

    /// The different values from moment to moment, each with how long it held.
    fn each_time(&self, of: &'a Expr, place: Place<'_>) -> Vec<Step> {
        if self.facts.records().is_some() && of.ty == Type::Boolean {
            return self.times_on_record(of, place);
        }
        let Ok(all) = self.spread(of, None, None, place) else { return Vec::new() };
        let mut held: Vec<(Known, Exact)> = Vec::new();
        for Weighted { value, weight, .. } in all {
            if let Some((_, time)) = held.iter_mut().find(|(known, _)| *known == value) {
                *time = &*time + &weight;
            } else if held.len() == MOST {
                return vec![Step::new(format!("`{of}`"), "many different values")];
            } else {
                held.push((value, weight));
            }
        }
        let length = |time: &Exact| time.checked_div(&Exact::from_int(NANOS)).map(Duration::from_seconds);
        let each = held.into_iter().filter_map(|(value, time)| Some((value, length(&time)?)));
        each.map(|(value, time)| Step::new(format!("`{of}` for {time}"), value.shown())).collect()
    }

    /// From when to when, in local time.
    pub(super) fn times(&self, run: Interval) -> String {
        let local = |instant: i128| match Timestamp::from_nanosecond(instant) {
            Ok(instant) => {
                let local = self.zone.local(instant);
                let clock = if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
                format!("{} {}", local.date(), local.strftime(clock))
            }
            Err(_) => "?".to_owned(),
        };
        format!("{} to {}", local(run.start), local(run.end))
    }
}
