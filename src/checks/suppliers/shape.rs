//! What promises measure, whatever they call it: two that are computed in one way have one shape.

use super::Bound;
use crate::calculus::{Binary, Expr, ExprKind, Part, Reading, Value};
use crate::model::{Model, Target};
use crate::values::{Exact, Ratio};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Metrics in metrics are followed so deep.
const DEEPEST: usize = 64;

/// The shapes of an agreement's metrics.
pub(super) struct Shapes<'a> {
    model: &'a Model,
    /// Of each metric that was looked at, the number of its shape.
    metrics: RefCell<BTreeMap<String, usize>>,
    numbers: RefCell<BTreeMap<String, usize>>,
    depth: Cell<usize>,
}

impl<'a> Shapes<'a> {
    pub fn of(model: &'a Model) -> Shapes<'a> {
        Shapes { model, metrics: RefCell::default(), numbers: RefCell::default(), depth: Cell::new(0) }
    }

    /// How a promise is computed, as how much works where it says how much fails.
    pub fn of_target(&self, target: &Target, side: Bound) -> String {
        let mut measure = &target.measure;
        // What a metric is called does not matter, where it adds nothing.
        for _ in 0..DEEPEST {
            let ExprKind::Metric(name) = &measure.kind else { break };
            let metric = self.model.metrics.get(name);
            let Some(metric) = metric.filter(|one| one.when_empty.is_none() && one.round.is_none()) else { break };
            measure = &metric.value;
        }
        let measure = measure.clone();
        if side == Bound::Works {
            return self.shape(&measure);
        }
        let all = Expr::literal(Value::Ratio(Ratio(Exact::one())), measure.span);
        let (op, left, right) = (Binary::Subtract, Box::new(all), Box::new(measure.clone()));
        self.shape(&Expr { kind: ExprKind::Binary { op, left, right }, ..measure })
    }

    /// How an expression is computed: the names of signals, counts and metrics are left out.
    fn shape(&self, expr: &Expr) -> String {
        expr.clone().with(&|part| self.other(part)).to_string()
    }

    /// What stands in the place of a part.
    fn other(&self, part: &Expr) -> Option<Expr> {
        let like = |kind: ExprKind| Some(Expr { kind, ..part.clone() });
        match &part.kind {
            ExprKind::Literal(value) if value.to_string() == "1" => {
                like(ExprKind::Literal(Value::Ratio(Ratio(Exact::one()))))
            }
            ExprKind::Metric(name) => like(ExprKind::Metric(format!("metric {}", self.metric(name)?))),
            ExprKind::Reading(reading) => like(ExprKind::Reading(read(reading, "some"))),
            ExprKind::Binary { op: Binary::Divide, left, right } => {
                let ExprKind::Reading(reading) = &right.kind else { return None };
                let right = Expr { kind: ExprKind::Reading(read(reading, "all")), ..(**right).clone() };
                let left = (**left).clone().with(&|part| self.other(part));
                like(ExprKind::Binary { op: Binary::Divide, left: Box::new(left), right: Box::new(right) })
            }
            _ => None,
        }
    }

    /// The number of a metric's shape; nothing where it is too deep, which is then like itself alone.
    fn metric(&self, name: &str) -> Option<usize> {
        if let Some(known) = self.metrics.borrow().get(name) {
            return Some(*known);
        }
        let metric = self.model.metrics.get(name).filter(|_| self.depth.get() < DEEPEST)?;
        self.depth.set(self.depth.get() + 1);
        let empty = metric.when_empty.as_ref().map(|empty| self.shape(empty));
        let round = metric.round.as_ref().map(|round| &round.value);
        let shape = format!("{} {empty:?} {round:?}", self.shape(&metric.value));
        self.depth.set(self.depth.get() - 1);
        let next = self.numbers.borrow().len();
        let number = *self.numbers.borrow_mut().entry(shape).or_insert(next);
        self.metrics.borrow_mut().insert(name.to_owned(), number);
        Some(number)
    }
}

/// A reading without its names.
fn read(reading: &Reading, count: &str) -> Reading {
    let part = match &reading.part {
        Part::Count(_) => Part::Count(count.to_owned()),
        part => part.clone(),
    };
    Reading { signal: "signal".to_owned(), part }
}
