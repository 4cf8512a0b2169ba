//! From what a target measures to what is recorded: a sum of what was bad, a sum of weights, and no division before
//! the end, unless the promise itself is a mean over slices.

use super::readings;
use super::reason::Reason;
use super::runs;
use super::states::{self, Together};
use crate::calculus::{Binary, Expr, ExprKind, Function, Part, Reading, Slice, Type, Value};
use crate::model::{Metric, Model};
use crate::values::Exact;

/// Metrics that name metrics are followed so far.
pub(super) const MAX_DEPTH: usize = 16;

/// Something that is counted in each slice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Count {
    /// A named count of events.
    Named(String),
    /// The same as a whole number: no event is estimated, and none is lost between two slices.
    Whole(String),
    /// The events with a value of at most a bound.
    Within {
        /// The value's name.
        value: String,
        /// The bound, in the unit of the value.
        bound: Exact,
    },
    /// The events with a value above a bound; like those within it, not known without the bucket of that bound.
    Beyond {
        /// The value's name.
        value: String,
        /// The bound, in the unit of the value.
        bound: Exact,
    },
    /// All observations of a histogram.
    Observed(String),
    /// The sum of all observations of a histogram.
    Summed(String),
    /// All readings of a gauge.
    Read(String),
    /// The readings of a gauge that compare so with bounds.
    ReadWhere {
        /// The value's name.
        value: String,
        /// Operators of PromQL with bounds in the unit of the value; all of them hold.
        bounds: Vec<(&'static str, Exact)>,
    },
    /// The sum of all readings of a gauge.
    ReadSum(String),
    /// The minutes that a state was down.
    Down(Together),
    /// The minutes of a state that count.
    Watched(Together),
    /// The minutes of a state that count in a slice of which it is known whether it was up throughout it.
    Decided(Together),
}

/// A sum of counts of one signal, each times a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Linear {
    /// The signal.
    pub signal: String,
    /// What is added up; the first number is positive.
    pub terms: Vec<(Exact, Count)>,
}

/// A quotient of two sums, taken last.
#[derive(Clone, Debug)]
pub(super) struct Quotient {
    /// What is counted.
    pub numerator: Linear,
    /// Out of what.
    pub denominator: Linear,
    /// What it is where the denominator is zero.
    pub empty: Option<Exact>,
}

/// What a slice is worth, from 0 (all good) to 1 (all bad).
#[derive(Clone, Debug)]
pub(super) enum Judgement {
    /// The quotient, or one less the quotient.
    Part(bool),
    /// 1 if the quotient compares so with the number, else 0.
    Holds(Binary, Exact),
}

/// How what was bad is summed up.
#[derive(Clone, Debug)]
pub(super) enum Sum {
    /// Over the whole window, weighted by volume.
    Pooled {
        /// What was bad.
        bad: Linear,
        /// Out of what.
        weight: Linear,
        /// The most that one occurrence can add to what was bad; nothing where minutes are summed.
        occurrence: Option<Exact>,
    },
    /// Over slices that weigh the same.
    Sliced {
        /// The length of a slice in seconds.
        seconds: i64,
        /// What is read in each.
        quotient: Quotient,
        /// What that is worth.
        judgement: Judgement,
        /// What counts single bad occurrences, so that one alone wakes nobody.
        occurrences: Option<Linear>,
    },
    /// The number of what was bad in the window, which is out of nothing.
    Counted(Linear),
}

impl Sum {
    /// What has to be counted for it to be measured at all.
    pub fn needed(&self) -> &Linear {
        match self {
            Sum::Pooled { weight, .. } => weight,
            Sum::Sliced { quotient, .. } => &quotient.denominator,
            Sum::Counted(counted) => counted,
        }
    }

    /// Whether it adds up events, of which it is not known how many are missing.
    pub fn is_of_events(&self) -> bool {
        matches!(self, Sum::Pooled { occurrence: Some(_), .. } | Sum::Counted(_))
    }
}

/// What a target promises, in the form that rules can watch: that the share of what was bad is at most a budget.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    /// How what was bad is summed up.
    pub sum: Sum,
    /// The attained value is this less the share of what was bad; nothing where it is that share itself.
    pub best: Option<Exact>,
    /// The greatest share that there can be; a number has no greatest.
    pub worst: Option<Exact>,
    /// Whether the attained value is a part of one, for printing.
    pub is_ratio: bool,
    /// The value of a window in which nothing was counted, where the agreement states one.
    pub empty: Option<Exact>,
}

impl Measure {
    /// The share of what was bad at which an attained value stands.
    pub fn share_at(&self, attained: &Exact) -> Exact {
        self.best.as_ref().map_or_else(|| attained.clone(), |best| best - attained)
    }
}

/// What an expression is before it is known which way is better.
pub(super) struct Reduced {
    /// Whether it is one less the core.
    pub complement: bool,
    /// The rest.
    pub core: Core,
}

/// What is measured, apart from which way is better.
pub(super) enum Core {
    /// A quotient of sums over the window.
    Quotient(Quotient),
    /// The share of minutes in which the states of a signal, read together, were down.
    Down(String, Together),
    /// The mean of scores on a scale.
    Scores { signal: String, member: String, scale: (Exact, Exact) },
    /// A number of events.
    Count(Linear),
    /// The mean over slices of a judgement.
    Mean { seconds: i64, quotient: Quotient, judgement: Judgement },
}

/// Why a promise of a state is not watched the wrong way round.
const PROMISED_DOWN: &str = "it promises that a state is down";

/// What a target's expression measures, where the target is a floor or a ceiling.
pub(super) fn measure(model: &Model, expr: &Expr, is_floor: bool) -> Result<Measure, Reason> {
    let Reduced { complement, core } = reduce(model, expr, 0)?;
    let best = is_floor.then(Exact::one);
    let worst = Some(Exact::one());
    let is_ratio = expr.ty == Type::Ratio;
    // What is bad is the core itself where more of it makes the promise fail.
    let core_is_bad = is_floor == complement;
    let mut empty = None;
    let sum = match core {
        Core::Quotient(Quotient { numerator, denominator, empty: stated }) => {
            empty = stated.map(|value| if complement { Exact::one() - value } else { value });
            let bad = if core_is_bad { numerator } else { denominator.less(&numerator)? };
            Sum::Pooled { bad, weight: denominator, occurrence: Some(Exact::one()) }
        }
        Core::Down(signal, together) => {
            if !core_is_bad {
                return Err(PROMISED_DOWN.into());
            }
            let of = |count| Linear { signal: signal.clone(), terms: vec![(Exact::one(), count)] };
            Sum::Pooled { bad: of(Count::Down(together)), weight: of(Count::Watched(together)), occurrence: None }
        }
        Core::Count(counted) => {
            if is_floor || complement {
                return Err("of a number of events, rules are made for an upper bound only".into());
            }
            return Ok(Measure { sum: Sum::Counted(counted), best, worst: None, is_ratio, empty });
        }
        Core::Scores { signal, member, scale } => return scores(signal, member, scale, is_floor && !complement),
        Core::Mean { seconds, quotient, judgement } => {
            let of_states = quotient.denominator.together().is_some();
            let occurrences = match core_is_part_of_bad(&judgement, core_is_bad) {
                // Each minute of a state is seen.
                true if of_states => None,
                false if of_states => return Err(PROMISED_DOWN.into()),
                true => Some(quotient.numerator.clone()),
                false => quotient.denominator.less(&quotient.numerator).ok(),
            };
            let judgement = if core_is_bad { judgement } else { judgement.opposite() };
            Sum::Sliced { seconds, quotient, judgement, occurrences }
        }
    };
    Ok(Measure { sum, best, worst, is_ratio, empty })
}

/// Whether more of the quotient makes a slice worse.
fn core_is_part_of_bad(judgement: &Judgement, core_is_bad: bool) -> bool {
    let rises = match judgement {
        Judgement::Part(complement) => !complement,
        Judgement::Holds(comparison, _) => matches!(comparison, Binary::Greater | Binary::AtLeast),
    };
    rises == core_is_bad
}

/// The mean of scores: what is bad is what is missing to the best score.
fn scores(signal: String, member: String, scale: (Exact, Exact), plain_floor: bool) -> Result<Measure, Reason> {
    if !plain_floor {
        return Err("of scores, rules are made for a least mean only".into());
    }
    let (low, high) = scale;
    let weight = Linear { signal: signal.clone(), terms: vec![(Exact::one(), Count::Observed(member.clone()))] };
    let terms = vec![(high.clone(), Count::Observed(member.clone())), (-Exact::one(), Count::Summed(member))];
    let range = &high - &low;
    let sum = Sum::Pooled { bad: Linear { signal, terms }, weight, occurrence: Some(range.clone()) };
    Ok(Measure { sum, best: Some(high), worst: Some(range), is_ratio: false, empty: None })
}

impl Judgement {
    fn opposite(self) -> Judgement {
        match self {
            Judgement::Part(complement) => Judgement::Part(!complement),
            Judgement::Holds(comparison, number) => Judgement::Holds(opposite(comparison), number),
        }
    }
}

fn opposite(comparison: Binary) -> Binary {
    match comparison {
        Binary::Less => Binary::AtLeast,
        Binary::AtMost => Binary::Greater,
        Binary::Greater => Binary::AtMost,
        Binary::AtLeast => Binary::Less,
        other => other,
    }
}

/// The comparison with its sides exchanged.
pub(super) fn mirrored(comparison: Binary) -> Binary {
    match comparison {
        Binary::Less => Binary::Greater,
        Binary::AtMost => Binary::AtLeast,
        Binary::Greater => Binary::Less,
        Binary::AtLeast => Binary::AtMost,
        other => other,
    }
}

impl Linear {
    /// Whether it counts readings of a gauge, each of which is seen.
    pub fn is_of_readings(&self) -> bool {
        self.terms
            .iter()
            .any(|(_, count)| matches!(count, Count::Read(_) | Count::ReadWhere { .. } | Count::ReadSum(_)))
    }

    /// How the states that it counts the minutes of are read together, if it does.
    pub fn together(&self) -> Option<Together> {
        self.terms.iter().find_map(|(_, count)| match count {
            Count::Down(together) | Count::Watched(together) | Count::Decided(together) => Some(*together),
            _ => None,
        })
    }

    /// This less another of the same signal.
    pub fn less(&self, other: &Linear) -> Result<Linear, Reason> {
        self.plus(other, &-Exact::one())
    }

    /// This and another of the same signal, as many times.
    pub fn plus(&self, other: &Linear, factor: &Exact) -> Result<Linear, Reason> {
        if self.signal != other.signal {
            return Err("it mixes counts of several signals".into());
        }
        let mut terms = self.terms.clone();
        for (number, count) in &other.terms {
            let number = number * factor;
            match terms.iter_mut().find(|(_, known)| known == count) {
                Some((sum, _)) => *sum = &*sum + &number,
                None => terms.push((number, count.clone())),
            }
        }
        terms.retain(|(number, _)| !number.is_zero());
        terms.sort_by_key(|(number, _)| number.signum() < 0);
        match terms.first() {
            Some((number, _)) if number.signum() > 0 => Ok(Linear { signal: self.signal.clone(), terms }),
            _ => Err("a sum of counts has nothing to add".into()),
        }
    }
}

fn reduce(model: &Model, expr: &Expr, depth: usize) -> Result<Reduced, Reason> {
    if depth > MAX_DEPTH {
        return Err("its metrics are nested too deeply".into());
    }
    match &expr.kind {
        ExprKind::Metric(name) => {
            let metric = model.metrics.get(name).ok_or("its metric is not declared")?;
            let mut reduced = named(model, metric, depth)?;
            if let (Core::Quotient(quotient), Some(empty)) = (&mut reduced.core, &metric.when_empty) {
                let value = constant(model, empty).ok_or("its value when empty is not a plain number")?;
                quotient.empty = Some(if reduced.complement { Exact::one() - value } else { value });
            }
            Ok(reduced)
        }
        ExprKind::Binary { op: Binary::Subtract, left, right } if constant(model, left) == Some(Exact::one()) => {
            let reduced = reduce(model, right, depth + 1)?;
            Ok(Reduced { complement: !reduced.complement, ..reduced })
        }
        ExprKind::Binary { op: Binary::Divide, left, right } => {
            if let (ExprKind::WindowLength, Some(part)) = (&right.kind, runs::part_of_window(model, left, depth)) {
                return part;
            }
            let quotient = Quotient {
                numerator: counts(model, left, depth)?,
                denominator: counts(model, right, depth)?,
                empty: None,
            };
            if quotient.numerator.signal != quotient.denominator.signal {
                return Err("it mixes counts of several signals".into());
            }
            Ok(Reduced { complement: false, core: Core::Quotient(quotient) })
        }
        ExprKind::Reading(Reading { part: Part::Count(_), .. })
        | ExprKind::Binary { op: Binary::Add | Binary::Subtract, .. } => {
            Ok(Reduced { complement: false, core: Core::Count(whole(counts(model, expr, depth)?)?) })
        }
        ExprKind::Apply { filter: Some(_), .. } => Err("no rules are made for `where`".into()),
        ExprKind::Apply { over: Some(_), .. } => Err("no rules are made for `over`".into()),
        ExprKind::Apply { function, arguments, slice, .. } => match arguments.as_slice() {
            [argument] => applied(model, *function, argument, slice.as_ref(), depth),
            [first, ..] => Err(inexpressible(*function, first)),
            [] => Err("no rules are made for an expression of this shape".into()),
        },
        _ => Err("no rules are made for an expression of this shape".into()),
    }
}

fn named(model: &Model, metric: &Metric, depth: usize) -> Result<Reduced, Reason> {
    if metric.round.is_some() {
        return Err("its value is rounded before it is compared".into());
    }
    if metric.window_of.is_some() {
        return Err("it says to which window a case belongs".into());
    }
    reduce(model, &metric.value, depth + 1)
}

/// That no rules are made for a function of what it is applied to.
pub(super) fn inexpressible(function: Function, argument: &Expr) -> Reason {
    format!("no rules are made for `{}` of `{argument}`", function.as_str()).into()
}

pub(super) fn applied(
    model: &Model,
    function: Function,
    argument: &Expr,
    slice: Option<&Slice>,
    depth: usize,
) -> Result<Reduced, Reason> {
    let seconds = match slice {
        None => None,
        Some(Slice::Elapsed(length)) => match length.as_whole_seconds() {
            Some(seconds) if seconds >= 60 => Some(seconds),
            _ => return Err("its slices are shorter than a minute, the interval of the rules".into()),
        },
        Some(Slice::Window(window)) => return Err(format!("no rules are made for slices of a {window}").into()),
        Some(Slice::Key(key)) => return Err(format!("no rules are made for a value of each `{key}`").into()),
    };
    if let Some(of_states) = states::share(model, argument, seconds).filter(|_| function == Function::Share) {
        return of_states;
    }
    match (function, seconds, &argument.kind) {
        (Function::Mean, Some(seconds), _) => {
            let Reduced { complement, core: Core::Quotient(quotient) } = reduce(model, argument, depth + 1)? else {
                return Err("of slices, rules are made for the mean of a quotient of counts only".into());
            };
            let judgement = Judgement::Part(complement);
            Ok(Reduced { complement: false, core: Core::Mean { seconds, quotient, judgement } })
        }
        (Function::Mean, None, ExprKind::Reading(Reading { signal, part: Part::Score })) => {
            let declared = model.signals.get(signal).ok_or("its signal is not declared")?;
            let scale = declared.scale.as_ref().ok_or("its scores have no scale")?.value.clone();
            let core = Core::Scores { signal: signal.clone(), member: "score".to_owned(), scale };
            Ok(Reduced { complement: false, core })
        }
        (Function::Mean, None, ExprKind::Reading(_)) => readings::mean(model, argument),
        (Function::Share, None, ExprKind::Binary { .. }) => readings::share(model, argument),
        (Function::Share, Some(seconds), ExprKind::Binary { op, left, right }) if op.is_comparison() => {
            let (comparison, measured, bound) = match constant(model, right) {
                Some(bound) => (*op, left, bound),
                None => (mirrored(*op), right, constant(model, left).ok_or("it compares two measurements")?),
            };
            let Reduced { complement, core: Core::Quotient(quotient) } = reduce(model, measured, depth + 1)? else {
                return Err("of slices, rules are made for conditions on a quotient of counts only".into());
            };
            if matches!(comparison, Binary::Equal | Binary::NotEqual) {
                return Err("no rules are made for a condition on equality".into());
            }
            let judgement = match complement {
                true => Judgement::Holds(mirrored(comparison), Exact::one() - bound),
                false => Judgement::Holds(comparison, bound),
            };
            Ok(Reduced { complement: false, core: Core::Mean { seconds, quotient, judgement } })
        }
        _ => Err(inexpressible(function, argument)),
    }
}

/// A sum of named counts as a whole number, which can only grow.
fn whole(linear: Linear) -> Result<Linear, Reason> {
    let terms = linear.terms.into_iter().map(|(number, count)| match count {
        Count::Named(name) if number.signum() > 0 => Ok((number, Count::Whole(name))),
        _ => Err(Reason::from("a difference of counts can fall again")),
    });
    Ok(Linear { signal: linear.signal, terms: terms.collect::<Result<_, _>>()? })
}

/// A sum or difference of named counts, or of sums of readings.
fn counts(model: &Model, expr: &Expr, depth: usize) -> Result<Linear, Reason> {
    let of = |expr| counts(model, expr, depth);
    match &expr.kind {
        ExprKind::Metric(name) if depth < MAX_DEPTH => match model.metrics.get(name) {
            Some(metric) if metric.round.is_none() && metric.when_empty.is_none() => {
                counts(model, &metric.value, depth + 1)
            }
            _ => Err("a metric that is counted with is rounded, or has a value when it is empty".into()),
        },
        ExprKind::Apply { function: Function::Sum, arguments, slice, filter: None, over: None } => {
            match (arguments.as_slice(), slice) {
                ([read], Some(Slice::Elapsed(length))) => readings::sum(model, read, length),
                _ => Err("of sums, rules are made for those of readings over slices only".into()),
            }
        }
        ExprKind::Reading(Reading { signal, part: Part::Count(count) }) => {
            Ok(Linear { signal: signal.clone(), terms: vec![(Exact::one(), Count::Named(count.clone()))] })
        }
        ExprKind::Binary { op: Binary::Add, left, right } => of(left)?.plus(&of(right)?, &Exact::one()),
        ExprKind::Binary { op: Binary::Subtract, left, right } => of(left)?.less(&of(right)?),
        _ => Err("of sums and quotients, rules are made for those of counts of events only".into()),
    }
}

/// The number behind an expression that stands in the file.
pub(super) fn constant(model: &Model, expr: &Expr) -> Option<Exact> {
    match &expr.kind {
        ExprKind::Literal(value) => value.exact().cloned(),
        ExprKind::Constant(name) => match &model.constants.get(name)?.value.kind {
            ExprKind::Literal(value) => Value::exact(value).cloned(),
            _ => None,
        },
        _ => None,
    }
}

/// The least or greatest volume of a window at which a commitment applies: a sum of counts, a comparison, a number.
pub(super) fn volume(model: &Model, expr: &Expr) -> Option<(Linear, Binary, Exact)> {
    let ExprKind::Binary { op, left, right } = &expr.kind else {
        return None;
    };
    if !op.is_comparison() || matches!(op, Binary::Equal | Binary::NotEqual) {
        return None;
    }
    match (counts(model, left, 0), constant(model, right)) {
        (Ok(counted), Some(number)) => Some((counted, *op, number)),
        _ => Some((counts(model, right, 0).ok()?, mirrored(*op), constant(model, left)?)),
    }
}
