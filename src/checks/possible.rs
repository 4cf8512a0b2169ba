//! Which values an expression can have at all, by the way it is computed: a mean of scores lies within their scale, a
//! count is never negative, bad time never exceeds the window. Bounds hold in every case and need not be reached.

use super::interval::{Cut, Interval};
use crate::calculus::{Binary, CaseReading, Expr, ExprKind, Function, Part, Reading, Type, Unary, Value, apply, fold};
use crate::model::{Model, Target};
use crate::values::{Exact, Window};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Metrics that name each other are followed so deep.
const DEEPEST: usize = 32;

/// Ends with longer numerators or denominators are none.
const MAX_BITS: u64 = 4096;

/// The values from the one to the other, both included; none for no end.
#[derive(Clone, Debug, Default)]
struct Range {
    low: Option<Exact>,
    high: Option<Exact>,
}

impl Range {
    fn new(low: Option<Exact>, high: Option<Exact>) -> Range {
        Range { low, high }
    }

    fn from_zero() -> Range {
        Range::new(Some(Exact::zero()), None)
    }

    fn is_from_zero(&self) -> bool {
        self.low.as_ref().is_some_and(|low| low.signum() >= 0)
    }

    fn is_to_zero(&self) -> bool {
        self.high.as_ref().is_some_and(|high| high.signum() <= 0)
    }

    fn negated(self) -> Range {
        Range::new(self.high.map(|high| -high), self.low.map(|low| -low))
    }

    fn plus(self, other: Range) -> Range {
        let sum = |a: Option<Exact>, b: Option<Exact>| short(&a? + &b?);
        Range::new(sum(self.low, other.low), sum(self.high, other.high))
    }

    fn times(self, other: Range) -> Range {
        if let (Some(a), Some(b), Some(c), Some(d)) = (&self.low, &self.high, &other.low, &other.high) {
            let mut products = [a * c, a * d, b * c, b * d];
            products.sort();
            return Range::new(products.first().cloned().and_then(short), products.last().cloned().and_then(short));
        }
        if let Some(factor) = self.point() {
            return other.scaled(factor);
        }
        if let Some(factor) = other.point() {
            return self.scaled(factor);
        }
        match (self.is_from_zero(), self.is_to_zero(), other.is_from_zero(), other.is_to_zero()) {
            (true, _, true, _) | (_, true, _, true) => Range::from_zero(),
            (true, _, _, true) | (_, true, true, _) => Range::from_zero().negated(),
            _ => Range::default(),
        }
    }

    /// The only value, if there is no other.
    fn point(&self) -> Option<&Exact> {
        self.low.as_ref().filter(|low| Some(*low) == self.high.as_ref())
    }

    /// All values times the factor; an end that there is not stays away.
    fn scaled(&self, factor: &Exact) -> Range {
        let end = |end: &Option<Exact>| end.as_ref().and_then(|end| short(end * factor));
        match factor.signum() {
            0 => Range::new(Some(Exact::zero()), Some(Exact::zero())),
            1 => Range::new(end(&self.low), end(&self.high)),
            _ => Range::new(end(&self.high), end(&self.low)),
        }
    }

    /// All values divided by the others.
    fn over(self, divisor: Range) -> Range {
        match divisor.point().and_then(|divisor| Exact::one().checked_div(divisor)) {
            Some(factor) => self.scaled(&factor),
            None if self.is_from_zero() && divisor.is_from_zero() => Range::from_zero(),
            None if self.is_to_zero() && divisor.is_from_zero() => Range::from_zero().negated(),
            None => Range::default(),
        }
    }

    /// From the smaller low end to the larger high end.
    fn or(self, other: Range) -> Range {
        let low = self.low.zip(other.low).map(|(a, b)| a.min(b));
        let high = self.high.zip(other.high).map(|(a, b)| a.max(b));
        Range::new(low, high)
    }

    fn interval(self) -> Interval {
        Interval {
            from: self.low.map_or(Cut::Lowest, |low| Cut::At(low, false)),
            to: self.high.map_or(Cut::Highest, |high| Cut::At(high, true)),
        }
    }
}

/// A number that is not too long: metrics that square each other would grow beyond any memory.
fn short(number: Exact) -> Option<Exact> {
    (number.numerator().bits().max(number.denominator().bits()) <= MAX_BITS).then_some(number)
}

/// What is known of the place where an expression stands.
struct Place<'a> {
    model: &'a Model,
    /// The target whose window it is read over, and which has been missed where a credit is computed.
    target: Option<&'a Target>,
    /// The metrics that have been computed: one that names another twice would double the work at each step.
    known: RefCell<BTreeMap<&'a str, Range>>,
    /// The one case that is looked at, where it is not all of them.
    case: Option<Case>,
}

/// A window of the shortest length from which nothing is excluded.
struct Case {
    /// What a fee is taken for whose amount the file does not state.
    unstated: Exact,
    /// What the target's measure attains, once that has been decided.
    attained: Option<Exact>,
}

/// A result, with the credit that is computed for it.
pub(super) struct Earned {
    /// What the target's measure attains.
    pub attained: Exact,
    /// The credit.
    pub amount: Exact,
}

/// The values that an expression can have.
pub(super) fn values(model: &Model, expr: &Expr) -> Interval {
    Place::new(model, None).range(expr, 0).interval()
}

/// The values that a target's measure can have in its window.
pub(super) fn attained(model: &Model, target: &Target) -> Interval {
    Place::new(model, Some(target)).range(&target.measure, 0).interval()
}

/// Whether an amount that is computed for a missed target is never more than nothing.
pub(super) fn never_positive(model: &Model, target: &Target, amount: &Expr) -> bool {
    Place::new(model, Some(target)).range(amount, 0).is_to_zero()
}

/// The worst result that the target's measure can have in its shortest window, with the least of some amounts that is computed for
/// it: of a credit and its caps. A fee whose amount the file does not state is taken for so much. Nothing where it depends on
/// more than that result.
pub(super) fn at_worst<'a>(
    model: &Model,
    target: &Target,
    unstated: &Exact,
    amounts: impl IntoIterator<Item = &'a Expr>,
) -> Option<Earned> {
    let mut place =
        Place { case: Some(Case { unstated: unstated.clone(), attained: None }), ..Place::new(model, Some(target)) };
    let values = place.range(&target.measure, 0).interval().possible(&target.measure.ty);
    let worst = if target.is_floor() { values.from } else { values.to };
    let Cut::At(attained, _) = worst else { return None };
    if Interval::only(&attained).and(&Interval::missed(target)?).is_empty() {
        return None;
    }
    place.known.borrow_mut().clear();
    place.case = Some(Case { unstated: unstated.clone(), attained: Some(attained.clone()) });
    place.settle(&target.measure, attained.clone(), 0);
    let amounts: Option<Vec<Exact>> =
        amounts.into_iter().map(|amount| place.range(amount, 0).point().cloned()).collect();
    Some(Earned { attained, amount: amounts?.into_iter().min()? })
}

/// Whether a condition holds whatever is measured, or never holds; nothing if it depends on that.
pub(super) fn always(model: &Model, target: Option<&Target>, condition: &Expr) -> Option<bool> {
    Place::new(model, target).always(condition, 0)
}

impl<'a> Place<'a> {
    fn new(model: &'a Model, target: Option<&'a Target>) -> Place<'a> {
        Place { model, target, known: RefCell::default(), case: None }
    }

    /// Gives metrics the values that follow from that of an expression, as far as each is all that is not known of it.
    fn settle(&self, expr: &'a Expr, value: Exact, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match &expr.kind {
            ExprKind::Metric(name) => {
                let Some(metric) = self.model.metrics.get(name) else { return };
                let only = Range::new(Some(value.clone()), Some(value.clone()));
                self.known.borrow_mut().insert(&metric.head.name, only);
                if metric.round.is_none() {
                    self.settle(&metric.value, value, depth + 1);
                }
            }
            ExprKind::Binary { op, left, right } => {
                let (one, other) = (self.range(left, depth + 1), self.range(right, depth + 1));
                let (unknown, value) = match (op, one.point(), other.point()) {
                    (Binary::Add, Some(known), None) => (right, Some(&value - known)),
                    (Binary::Add, None, Some(known)) => (left, Some(&value - known)),
                    (Binary::Subtract, Some(known), None) => (right, Some(known - &value)),
                    (Binary::Subtract, None, Some(known)) => (left, Some(&value + known)),
                    (Binary::Multiply, Some(known), None) => (right, value.checked_div(known)),
                    (Binary::Multiply, None, Some(known)) => (left, value.checked_div(known)),
                    (Binary::Divide, None, Some(known)) => (left, Some(&value * known)),
                    _ => return,
                };
                if let Some(value) = value.and_then(short) {
                    self.settle(unknown, value, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// What a fee whose amount the file does not state, or an invoice, may be.
    fn unstated(&self) -> Range {
        let taken = self.case.as_ref().map(|case| case.unstated.clone());
        taken.map_or_else(Range::from_zero, |taken| Range::new(Some(taken.clone()), Some(taken)))
    }

    fn always(&self, condition: &Expr, depth: usize) -> Option<bool> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(Value::Boolean(value)) = fold(condition, &|name| self.model.constants.get(name)?.exact.clone()) {
            return Some(value);
        }
        match &condition.kind {
            ExprKind::Unary { op: Unary::Not, operand } => self.always(operand, depth + 1).map(|value| !value),
            ExprKind::Binary { op: op @ (Binary::And | Binary::Or), left, right } => {
                let decisive = *op == Binary::Or;
                match (self.always(left, depth + 1), self.always(right, depth + 1)) {
                    (Some(value), _) | (_, Some(value)) if value == decisive => Some(decisive),
                    (Some(_), Some(_)) => Some(!decisive),
                    _ => None,
                }
            }
            ExprKind::Binary { op, left, right } if left.ty.is_ordered() => {
                let (left, right) = (self.range(left, depth + 1), self.range(right, depth + 1));
                // The order of the left end nearest to the other side's, and of the one farthest from it.
                let order = |a: &Option<Exact>, b: &Option<Exact>| Some(a.as_ref()?.cmp(b.as_ref()?));
                let highest = order(&left.high, &right.low);
                let lowest = order(&left.low, &right.high);
                let is =
                    |order: Option<Ordering>, wanted: &[Ordering]| order.is_some_and(|order| wanted.contains(&order));
                use Ordering::{Equal, Greater, Less};
                match op {
                    Binary::Less if is(highest, &[Less]) => Some(true),
                    Binary::Less if is(lowest, &[Greater, Equal]) => Some(false),
                    Binary::AtMost if is(highest, &[Less, Equal]) => Some(true),
                    Binary::AtMost if is(lowest, &[Greater]) => Some(false),
                    Binary::Greater if is(lowest, &[Greater]) => Some(true),
                    Binary::Greater if is(highest, &[Less, Equal]) => Some(false),
                    Binary::AtLeast if is(lowest, &[Greater, Equal]) => Some(true),
                    Binary::AtLeast if is(highest, &[Less]) => Some(false),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn range(&self, expr: &Expr, depth: usize) -> Range {
        if depth > DEEPEST {
            return Range::default();
        }
        match &expr.kind {
            ExprKind::Literal(value) => of_value(Some(value)),
            ExprKind::Constant(name) => {
                of_value(self.model.constants.get(name).and_then(|constant| constant.exact.as_ref()))
            }
            ExprKind::Fee(name) => match self.model.fees.get(name).and_then(|fee| fee.exact.as_ref()) {
                // A negative fee has been told by itself.
                Some(exact) if exact.exact().is_some_and(|number| number.signum() >= 0) => of_value(Some(exact)),
                _ => self.unstated(),
            },
            ExprKind::Invoiced => self.unstated(),
            ExprKind::RunLength => Range::from_zero(),
            ExprKind::WindowLength | ExprKind::WholeWindow if self.case.is_some() => {
                Range::new(self.longest(), self.longest())
            }
            ExprKind::WindowLength | ExprKind::WholeWindow => Range::new(Some(Exact::zero()), self.longest()),
            ExprKind::Metric(name) => self.metric(name, depth),
            ExprKind::Reading(reading) => self.reading(reading, &expr.ty),
            ExprKind::Target => of_value(self.target.and_then(|target| target.value.as_ref())),
            ExprKind::Attained => match self.case.as_ref().and_then(|case| case.attained.clone()) {
                Some(attained) => Range::new(Some(attained.clone()), Some(attained)),
                None => self.target.map_or_else(Range::default, |target| self.range(&target.measure, depth + 1)),
            },
            ExprKind::Unary { op: Unary::Negate, operand } => self.range(operand, depth + 1).negated(),
            ExprKind::If { condition, then, otherwise } => match self.always(condition, depth + 1) {
                Some(true) => self.range(then, depth + 1),
                Some(false) => self.range(otherwise, depth + 1),
                None => self.range(then, depth + 1).or(self.range(otherwise, depth + 1)),
            },
            ExprKind::Binary { op, left, right } => self.operation(*op, left, right, depth),
            ExprKind::Apply { .. } if expr.windows_counted().is_some() => {
                Range::new(Some(Exact::zero()), self.most_counted(expr))
            }
            ExprKind::Apply { function, arguments, .. } => self.function(*function, arguments, depth),
            _ => Range::default(),
        }
    }

    /// The most windows that can be counted.
    fn most_counted(&self, expr: &Expr) -> Option<Exact> {
        let looked_at = match expr.windows_counted()?.1 {
            Window::Last { count, .. } => Some(Exact::from_int(i64::from(*count))),
            _ => None,
        };
        looked_at.into_iter().chain(self.windows()).min()
    }

    /// The length of the window at most, or in the case that is looked at.
    fn longest(&self) -> Option<Exact> {
        let window = &self.target?.window;
        let length = if self.case.is_some() { window.shortest()? } else { window.longest()? };
        Some(length.seconds().clone())
    }

    /// How many windows of the target begin within the term, where it ends.
    fn windows(&self) -> Option<Exact> {
        let term = self.model.agreement.effective.as_ref().filter(|_| self.model.agreement.renews.is_none())?;
        let (window, to) = (&self.target?.window, term.to.filter(|to| *to >= term.from)?);
        let count = window.start_dates(self.model.agreement.anchors(term.from), term.from, to).count();
        i64::try_from(count).ok().filter(|count| *count > 0).map(Exact::from_int)
    }

    fn metric(&self, name: &str, depth: usize) -> Range {
        let Some(metric) = self.model.metrics.get(name) else { return Range::default() };
        if let Some(range) = self.known.borrow().get(metric.head.name.as_str()) {
            return range.clone();
        }
        let mut range = self.range(&metric.value, depth + 1);
        if let Some(empty) = &metric.when_empty {
            range = range.or(self.range(empty, depth + 1));
        }
        if let Some((step, mode)) =
            metric.round.as_ref().and_then(|round| Some((round.value.1.exact()?, round.value.0)))
        {
            let rounded = |end: Option<Exact>| end.map(|end| end.round_to(step, mode));
            range = Range::new(rounded(range.low), rounded(range.high));
        }
        self.known.borrow_mut().insert(&metric.head.name, range.clone());
        range
    }

    fn reading(&self, reading: &Reading, ty: &Type) -> Range {
        let signal = self.model.signals.get(&reading.signal);
        match &reading.part {
            // A case is opened at its first milestone.
            Part::Milestone { name, reading: CaseReading::After }
                if signal
                    .and_then(|signal| signal.milestones.first())
                    .is_some_and(|first| first.head.name == *name) =>
            {
                Range::new(Some(Exact::zero()), Some(Exact::zero()))
            }
            Part::Count(_) | Part::Milestone { reading: CaseReading::After, .. } => Range::from_zero(),
            Part::Score => match signal.and_then(|signal| signal.scale.as_ref()) {
                Some(scale) => Range::new(Some(scale.value.0.clone()), Some(scale.value.1.clone())),
                None => Range::default(),
            },
            Part::Value(_) | Part::Sample if matches!(ty, Type::Duration | Type::Ratio) => Range::from_zero(),
            _ => Range::default(),
        }
    }

    fn operation(&self, op: Binary, left: &Expr, right: &Expr, depth: usize) -> Range {
        let decided = self.case.as_ref().is_some_and(|case| case.attained.is_some());
        if let (Binary::Subtract, Some(target), false) = (op, self.target, decided) {
            // A credit is computed where the target is missed: the result lies on the far side of it.
            match (&left.kind, &right.kind, target.is_floor()) {
                (ExprKind::Target, ExprKind::Attained, true) | (ExprKind::Attained, ExprKind::Target, false) => {
                    return Range::from_zero();
                }
                (ExprKind::Target, ExprKind::Attained, false) | (ExprKind::Attained, ExprKind::Target, true) => {
                    return Range::from_zero().negated();
                }
                _ => {}
            }
        }
        // Counts are never negative. Which of them is a part of the other the file does not tell: there may be more
        // attempts than jobs.
        if let (Binary::Divide, ExprKind::Reading(part), ExprKind::Reading(whole)) = (op, &left.kind, &right.kind)
            && part.signal == whole.signal
        {
            return Range::from_zero();
        }
        let (left, right) = (self.range(left, depth + 1), self.range(right, depth + 1));
        match op {
            Binary::Add => left.plus(right),
            Binary::Subtract => left.plus(right.negated()),
            Binary::Multiply | Binary::Of => left.times(right),
            Binary::Divide => left.over(right),
            _ => Range::default(),
        }
    }

    fn function(&self, function: Function, arguments: &[Expr], depth: usize) -> Range {
        let ranges: Vec<Range> = arguments.iter().map(|argument| self.range(argument, depth + 1)).collect();
        let points: Option<Vec<Value>> = ranges.iter().map(|range| range.point().cloned().map(Value::Number)).collect();
        if let Some(value) = points.and_then(|points| apply(function, &points, &Type::Number)) {
            return of_value(Some(&value));
        }
        let mut ranges = ranges.into_iter();
        match function {
            Function::Share => match arguments.first().and_then(|condition| self.always(condition, depth + 1)) {
                Some(true) => Range::new(Some(Exact::one()), Some(Exact::one())),
                Some(false) => Range::new(Some(Exact::zero()), Some(Exact::zero())),
                None => Range::new(Some(Exact::zero()), Some(Exact::one())),
            },
            Function::Count => Range::from_zero(),
            Function::Streak => Range::new(Some(Exact::zero()), self.windows()),
            Function::Total => Range::new(Some(Exact::zero()), self.longest()),
            Function::Mean | Function::Min | Function::Max | Function::Previous => {
                let first = ranges.next().unwrap_or_default();
                ranges.fold(first, Range::or)
            }
            Function::P50 | Function::P90 | Function::P95 | Function::P99 => ranges.next().unwrap_or_default(),
            Function::Sum | Function::Started | Function::Completed => match ranges.next() {
                Some(range) if range.is_from_zero() => Range::from_zero(),
                Some(range) if range.is_to_zero() => Range::from_zero().negated(),
                _ => Range::default(),
            },
            _ => Range::default(),
        }
    }
}

fn of_value(value: Option<&Value>) -> Range {
    let number = value.and_then(Value::exact).cloned();
    Range::new(number.clone(), number)
}
