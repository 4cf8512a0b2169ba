//! The value of an expression in a window, or in a slice of it.

use super::budget::Budget;
use super::derivation::Step;
use super::facts::Facts;
use super::gap::Gap;
use super::history::Past;
use super::interval::{Interval, seconds};
use super::known::Known;
use super::masks::Masks;
use super::place::is_measured;
pub(super) use super::place::{One, Place};
use super::plan::reads_of;
use super::records::Recorded;
use super::wish::Wish;
use crate::calculus::{self, Binary, CaseReading, Expr, ExprKind, Part, Reading, Type, Value};
use crate::model::{Commitment, Metric, Model};
use crate::values::{Duration, Exact, Money, Ratio, Zone};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Expressions and metrics that name each other are followed so deep.
const DEEPEST: u16 = 200;
/// Numbers with longer numerators or denominators are not computed with.
const MAX_BITS: u64 = 1 << 16;

/// How far runs are followed beyond the window on record: a week, in nanoseconds.
pub const BEYOND: i128 = 7 * 86_400 * super::interval::NANOS as i128;

/// A metric, where it was read, and what was assumed.
type Looked<'a> = (&'a str, Interval, Wish);

/// Reads the expressions of an agreement in one window of it.
pub(super) struct Reader<'a> {
    pub model: &'a Model,
    pub facts: &'a Facts,
    pub zone: Zone,
    /// The window of the promise.
    pub window: Interval,
    /// What `target` stands for, where there is one.
    pub target: Option<Value>,
    /// What `attained` stands for, where it is known.
    pub attained: Option<Known>,
    /// The windows of the promise before this one, the first one first.
    pub before: &'a [Interval],
    /// The promise that is judged.
    pub commitment: Option<&'a Commitment>,
    /// What is wished of the metrics of the promise: one metric has one value in it, wherever it is read.
    pub wishes: BTreeMap<&'a str, Wish>,
    /// What exclusions do to the window.
    masks: Masks,
    /// The instants at which anything changes, in order.
    pub edges: Vec<i128>,
    known: RefCell<BTreeMap<Looked<'a>, Result<Known, Gap>>>,
    pub budget: &'a Budget,
    /// The expression over whose own window this is.
    pub lifted: Option<&'a Expr>,
    /// What is known of windows before.
    pub past: Past,
    /// How far runs are followed beyond the window, in nanoseconds.
    pub beyond: i128,
    /// Whether sums are computed to the last bit, however long they get.
    pub exact: bool,
}

impl<'a> Reader<'a> {
    pub fn new(model: &'a Model, facts: &'a Facts, window: Interval, budget: &'a Budget) -> Reader<'a> {
        Reader {
            model,
            facts,
            zone: model.agreement.clock(),
            window,
            target: None,
            attained: None,
            before: &[],
            commitment: None,
            wishes: BTreeMap::new(),
            masks: Masks::default(),
            edges: facts.edges(),
            known: RefCell::default(),
            budget,
            lifted: None,
            past: Past::default(),
            beyond: if facts.records().is_some() { BEYOND } else { 0 },
            exact: false,
        }
    }

    /// The same after other windows of the promise.
    pub fn after(
        before: &'a [Interval],
        model: &'a Model,
        facts: &'a Facts,
        window: Interval,
        budget: &'a Budget,
    ) -> Reader<'a> {
        Reader { before, ..Reader::new(model, facts, window, budget) }
    }

    /// The same for a commitment: with what is wished of its metrics, and with its exclusions.
    pub fn for_commitment(mut self, commitment: &'a Commitment) -> Reader<'a> {
        let scope = self.scope_of_exclusions(commitment);
        self.wishes = Wish::in_commitment(self.model, commitment);
        self.masks = Masks::of(self.model, commitment, self.facts, scope, &self.zone);
        self.edges.extend(self.masks.edges());
        self.edges.sort_unstable();
        self.edges.dedup();
        self.commitment = Some(commitment);
        self
    }

    /// The time in which exclusions matter: runs are followed beyond the window, and the clock of a case stands still in
    /// excluded time however long ago.
    fn scope_of_exclusions(&self, commitment: &Commitment) -> Interval {
        let mut scope = Interval { start: self.window.start - self.beyond, end: self.window.end + self.beyond };
        let Some(records) = self.facts.records() else { return scope };
        for signal in reads_of(self.model, commitment) {
            if let (Some(Recorded::Cases(_)), Some(began)) = (records.signals.get(signal), records.began.get(signal)) {
                scope = Interval { start: scope.start.min(*began), end: scope.end.max(records.until) };
            }
        }
        scope
    }

    /// The same, with sums to the last bit, however long they get.
    pub fn summed_exactly(self) -> Reader<'a> {
        Reader { exact: true, ..self }
    }

    /// What of an interval is not cut out of the window.
    pub fn open(&self, at: Interval) -> Vec<Interval> {
        if !self.masks.touches(at) {
            return if at.is_empty() { Vec::new() } else { vec![at] };
        }
        self.masks.open(at)
    }

    /// What is stated of a path at a place, one after another: nothing of time that is cut out, and nothing where time
    /// counts as kept, so that the best is taken.
    pub fn stated(&self, path: &str, at: Interval) -> Result<Vec<(Interval, Option<&'a Value>)>, Gap> {
        let mut all = Vec::new();
        for part in self.open(at) {
            let pieces = part.cut_at(&self.edges);
            let steps = u64::try_from(pieces.len()).unwrap_or(u64::MAX);
            self.budget.spend(steps.saturating_mul(1 + self.facts.count(path)))?;
            for piece in pieces {
                let kept = self.masks.is_met(piece);
                all.push((piece, self.facts.at(path, piece).filter(|_| !kept)));
            }
        }
        Ok(all)
    }

    /// Whether all of an interval counts as kept.
    pub fn is_kept(&self, at: Interval) -> bool {
        self.masks.is_met(at)
    }

    /// Whether anything of an interval is cut out or counts as kept.
    pub fn is_touched(&self, at: Interval) -> bool {
        self.masks.touches(at)
    }

    /// The time that is cut out.
    pub fn cut(&self) -> &[(i128, i128)] {
        self.masks.cut()
    }

    /// Whether all of an interval is cut out or counts as kept; nothing where a part of it is.
    pub fn is_masked(&self, at: Interval) -> Option<bool> {
        self.masks.cover(at)
    }

    /// The steps that say what exclusions did.
    pub fn excluded(&self) -> Vec<Step> {
        let each =
            self.masks.stretches().into_iter().flat_map(|(what, all)| {
                all.iter().map(move |(start, end)| (what, Interval { start: *start, end: *end }))
            });
        let inside = each.map(|(what, at)| (what, at.and(self.window))).filter(|(_, at)| !at.is_empty());
        inside.map(|(what, at)| Step::new(format!("{what}: {}", self.times(at)), at.length().to_string())).collect()
    }

    /// The value of an expression in the whole window.
    pub fn in_window(&self, expr: &'a Expr, wish: Wish) -> Result<Known, Gap> {
        self.value(expr, Place::new(self.window, wish))
    }

    /// The same of an expression in a rule.
    pub fn in_rule(&self, expr: &'a Expr, wish: Wish) -> Result<Known, Gap> {
        self.value(expr, Place::of_rule(self.window, wish))
    }

    /// Whether a condition holds in the whole window.
    pub fn holds(&self, condition: &'a Expr, place: Place<'_>) -> Result<bool, Gap> {
        match self.exactly(condition, place)? {
            Value::Boolean(holds) => Ok(holds),
            _ => Err(Gap::Poisoned),
        }
    }

    /// The number of an expression in the base unit of its type.
    pub fn number(&self, expr: &'a Expr, place: Place<'_>) -> Result<Exact, Gap> {
        self.exactly(expr, place)?.exact().cloned().ok_or(Gap::Poisoned)
    }

    /// The value of an expression at a place, where it is known exactly.
    pub fn exactly(&self, expr: &'a Expr, place: Place<'_>) -> Result<Value, Gap> {
        self.value(expr, place)?.exactly()
    }

    /// The value of an expression at a place: the one that is stated, or else the one that is computed.
    pub fn value(&self, expr: &'a Expr, place: Place<'_>) -> Result<Known, Gap> {
        self.budget.spend(1)?;
        if place.depth > DEEPEST {
            return Err(Gap::TooLong);
        }
        let place = place.deeper();
        match self.facts.path_of(expr) {
            Some(path) => self.stated_or(&path, place.of_measure(), &|place| self.value_of_parts(expr, place)),
            None => self.value_of_parts(expr, place),
        }
    }

    /// The value of an expression, from those of its parts.
    fn value_of_parts(&self, expr: &'a Expr, place: Place<'_>) -> Result<Known, Gap> {
        if place.direct && is_measured(expr) {
            let place = Place { direct: false, ..place };
            let value = self.value(expr, place);
            let whole = self.facts.records().is_some() && place.at == self.window;
            return if whole { self.weighed(value.clone(), expr, place).unwrap_or(value) } else { value };
        }
        let value: Value = match &expr.kind {
            ExprKind::Literal(literal) => part_of(literal.clone(), place.part),
            ExprKind::Reading(reading) => match self.facts.records() {
                Some(records) => self.recorded(records, reading, place)?,
                None => self.reading(reading, &expr.ty, place)?,
            },
            ExprKind::Metric(name) => return self.metric(name, place),
            ExprKind::Constant(name) => self.constant(name, place)?,
            ExprKind::Fee(name) => self.fee(name, place)?,
            ExprKind::Invoiced => return Err(Gap::Unknown(expr.to_string())),
            ExprKind::Target => self.target.clone().ok_or_else(|| Gap::Open(expr.to_string()))?,
            ExprKind::Attained => return self.attained.clone().ok_or_else(|| Gap::Open(expr.to_string())),
            ExprKind::WindowLength => {
                let open: i128 = self.open(self.window).into_iter().map(|part| part.end - part.start).sum();
                Value::Duration(Duration::from_seconds(seconds(open)))
            }
            ExprKind::WholeWindow => {
                Value::Duration(Duration::from_seconds(seconds(self.window.end - self.window.start)))
            }
            ExprKind::RunLength => match place.run {
                Some(length) => Value::Duration(Duration::from_seconds(seconds(length))),
                None => return Err(Gap::Poisoned),
            },
            ExprKind::CasePriority => match place.one {
                Some(One::Case(case)) => match case.priority(case.until)? {
                    Some(priority) => Value::Text(priority.head.name.clone()),
                    None => return Err(Gap::Unknown("priority".to_owned())),
                },
                _ => return Err(Gap::Open(expr.to_string())),
            },
            ExprKind::Attribute { .. } => return Err(Gap::Open(expr.to_string())),
            ExprKind::Unary { op, operand } => {
                let operand = self.value(operand, place.wishing(place.wish.turned()))?;
                let at = |values: &[&Value]| calculus::unary(*op, (*values.first()?).clone(), &expr.ty);
                return Known::of(&[&operand], &at);
            }
            ExprKind::Binary { op, left, right } => return self.short(self.binary(expr, *op, (left, right), place)?),
            ExprKind::If { condition, then, otherwise } => {
                let wish = place.wish.of_condition(then, otherwise);
                let condition = self.holds(condition, place.wishing(wish))?;
                return self.value(if condition { then } else { otherwise }, place);
            }
            ExprKind::Apply { .. } => return self.apply(expr, place),
            ExprKind::List(_) | ExprKind::Poison => return Err(Gap::Poisoned),
        };
        self.short(value.into())
    }

    /// A value that is not longer than one that people would write, unless long ones were asked for.
    fn short(&self, known: Known) -> Result<Known, Gap> {
        let short = |number: &Exact| number.numerator().bits().max(number.denominator().bits()) <= MAX_BITS;
        if self.exact || known.ends().0.exact().is_none_or(short) { Ok(known) } else { Err(Gap::TooLong) }
    }

    fn binary(&self, whole: &'a Expr, op: Binary, sides: (&'a Expr, &'a Expr), place: Place<'_>) -> Result<Known, Gap> {
        let (left, right) = sides;
        let (of_left, of_right) = place.wish.of_operands(op);
        if let (Binary::And | Binary::Or, decisive) = (op, op == Binary::Or) {
            // What decides by itself decides, whatever is unknown beside it.
            let sides = (self.holds(left, place.wishing(of_left)), self.holds(right, place.wishing(of_right)));
            return match sides {
                (Ok(value), _) | (_, Ok(value)) if value == decisive => Ok(Value::Boolean(decisive).into()),
                (Err(gap), _) | (_, Err(gap)) => Err(gap),
                (Ok(_), Ok(_)) => Ok(Value::Boolean(!decisive).into()),
            };
        }
        if let (Binary::In, ExprKind::List(items)) = (op, &right.kind) {
            let left = self.exactly(left, place.wishing(of_left))?;
            let items: Result<Vec<Value>, Gap> =
                items.iter().map(|item| self.exactly(item, place.wishing(of_right))).collect();
            return Ok(Value::Boolean(items?.contains(&left)).into());
        }
        if let (Binary::Divide, Some(best)) = (op, self.best_part(left, right, place)) {
            return Ok(best.into());
        }
        if let (Binary::Divide, Some(parts)) = (op, self.kept_part(left, right, place)) {
            let (part, all) = parts?;
            let count = |count: u64| Exact::parse_decimal(&count.to_string()).unwrap_or_default();
            let part = count(part).checked_div(&count(all)).ok_or(Gap::Empty)?;
            return Value::of(&whole.ty, part).map(Known::Exactly).ok_or(Gap::Poisoned);
        }
        if let Some(holds) = self.by_now(op, sides, place)? {
            return Ok(Value::Boolean(holds).into());
        }
        let left = self.value(left, place.wishing(of_left))?;
        let right = self.value(right, place.wishing(of_right))?;
        if op == Binary::Divide && matches!(&right, Known::Exactly(zero) if zero.exact().is_some_and(Exact::is_zero)) {
            return Err(Gap::Empty);
        }
        Known::binary(op, &left, &right, &whole.ty)
    }

    /// A comparison of the time to a milestone that a case has not reached: decided where more time has passed already.
    fn by_now(&self, op: Binary, sides: (&'a Expr, &'a Expr), place: Place<'_>) -> Result<Option<bool>, Gap> {
        let Some(One::Case(case)) = place.one else { return Ok(None) };
        let time = |expr: &'a Expr| match &expr.kind {
            ExprKind::Reading(Reading { part: Part::Milestone { name, reading: CaseReading::After }, .. }) => {
                Some(name)
            }
            _ => None,
        };
        let (name, bound, op) = match (time(sides.0), time(sides.1)) {
            (Some(name), None) => (name, sides.1, op),
            (None, Some(name)) => (name, sides.0, op.turned()),
            _ => return Ok(None),
        };
        match self.exactly(bound, place)? {
            Value::Duration(bound) => case.by_now(name, op, &bound),
            _ => Ok(None),
        }
    }

    /// The best value of a quotient of two counts of one signal of which nothing is known: all of them, or none.
    fn best_part(&self, left: &Expr, right: &Expr, place: Place<'_>) -> Option<Value> {
        let count = |expr: &Expr| match &expr.kind {
            ExprKind::Reading(Reading { signal, part: Part::Count(_) }) => Some(signal.clone()),
            _ => None,
        };
        let signal = count(left)?;
        let known = self.facts.records().is_some() || self.facts.knows(&signal, place.at);
        if count(right)? != signal || known || left.ty != Type::Number {
            return None;
        }
        match place.wish {
            Wish::High => Some(Value::Ratio(Ratio(Exact::one()))),
            Wish::Low => Some(Value::Ratio(Ratio(Exact::zero()))),
            Wish::None => None,
        }
    }

    /// The value of a metric: the one that is stated, or else the one that is computed, with its rule for emptiness and
    /// its rounding.
    pub fn metric(&self, name: &str, place: Place<'_>) -> Result<Known, Gap> {
        let metric = self.model.metrics.get(name).ok_or(Gap::Poisoned)?;
        let place = place.wishing(self.wishes.get(name).copied().unwrap_or(place.wish));
        let key = (metric.head.name.as_str(), place.at, place.wish);
        // What is read in one slice only is not worth keeping.
        let in_window = place.at == self.window && !place.sliced;
        let keep = place.one.is_none() && (self.facts.records().is_none() || in_window);
        if let Some(known) = self.known.borrow().get(&key).filter(|_| keep) {
            return known.clone();
        }
        let place = place.of_measure().deeper();
        let value = self.stated_or(&metric.head.name, place, &|place| self.computed(metric, place));
        // Where nothing was measured in the whole window, what missing data counts as is its value wherever it is read.
        let whole = self.facts.records().is_some() && place.at == self.window && place.one.is_none();
        let value = if whole { self.weighed(value.clone(), &metric.value, place).unwrap_or(value) } else { value };
        if keep {
            self.known.borrow_mut().insert(key, value.clone());
        }
        value
    }

    /// What is stated of a measure at a place, and what is computed of it where nothing is.
    fn stated_or<'p>(
        &self,
        path: &str,
        place: Place<'p>,
        computed: &dyn Fn(Place<'p>) -> Result<Known, Gap>,
    ) -> Result<Known, Gap> {
        if self.facts.records().is_some() {
            return computed(place);
        }
        let pieces = self.stated(path, place.at)?;
        if pieces.iter().all(|(_, stated)| stated.is_none()) {
            return if pieces.is_empty() { Err(Gap::Excluded) } else { computed(place) };
        }
        let mut found: Option<Known> = None;
        for (piece, stated) in pieces {
            let value = match stated {
                Some(value) => value.clone().into(),
                None => computed(place.within(piece))?,
            };
            match &found {
                Some(before) if *before != value => return Err(Gap::Changes(path.to_owned())),
                _ => found = Some(value),
            }
        }
        found.ok_or(Gap::Excluded)
    }

    fn computed(&self, metric: &'a Metric, place: Place<'_>) -> Result<Known, Gap> {
        let place = place.belonging(metric);
        let value = match (self.value(&metric.value, place), &metric.when_empty) {
            (Err(Gap::Empty), Some(empty)) => self.value(empty, place)?,
            (value, _) => value?,
        };
        let Some(round) = &metric.round else { return Ok(value) };
        let (mode, step) = &round.value;
        let step = step.exact().ok_or(Gap::Poisoned)?;
        let at = |values: &[&Value]| Value::of(&metric.value.ty, values.first()?.exact()?.round_to(step, *mode));
        Known::of(&[&value], &at)
    }

    /// A constant. What is a part of a fee follows it where it is reduced.
    pub fn constant(&self, name: &str, place: Place<'_>) -> Result<Value, Gap> {
        if let Some(stated) = self.facts.whole(name) {
            return Ok(stated.clone());
        }
        let constant = self.model.constants.get(name).ok_or(Gap::Poisoned)?;
        match &constant.exact {
            Some(exact) if self.model.fees_in(&constant.value).is_empty() => Ok(part_of(exact.clone(), place.part)),
            _ => self.exactly(&constant.value, place),
        }
    }
}

/// The part of a constant amount of money; anything else is the same in a partial period.
fn part_of(value: Value, part: Option<&Exact>) -> Value {
    match (value, part) {
        (Value::Money(money), Some(part)) => Value::Money(Money::new(&money.amount * part, money.currency)),
        (other, _) => other,
    }
}
