//! Values that are read one by one: of events, from the buckets of a histogram; of samples, from a gauge as well.

use super::judgement::operator;
use super::measure::{Core, Count, Linear, Quotient, Reduced, constant, inexpressible, mirrored};
use super::reason::Reason;
use super::sources::TARGET;
use crate::calculus::{Binary, CaseReading, Expr, ExprKind, Function, Part, Reading};
use crate::model::{Model, SeriesKind, Signal, SignalKind};
use crate::values::{Duration, Exact, Unit, UnitKind};

/// The name of the value of samples that have only one, as a source names it.
const ONLY_VALUE: &str = "value";

/// The share of values that compare so with bounds.
pub(super) fn share(model: &Model, condition: &Expr) -> Result<Reduced, Reason> {
    let mut bounds = Vec::new();
    let read = bounded(model, condition, &mut bounds)?;
    within(model, read, &bounds)
}

/// What is compared in a condition; its bounds, all of which hold, are added to those known.
fn bounded<'a>(model: &Model, condition: &'a Expr, bounds: &mut Vec<(Binary, Exact)>) -> Result<&'a Expr, Reason> {
    match &condition.kind {
        ExprKind::Binary { op: Binary::And, left, right } => {
            let first = bounded(model, left, bounds)?;
            let second = bounded(model, right, bounds)?;
            let same = matches!((&first.kind, &second.kind), (ExprKind::Reading(a), ExprKind::Reading(b)) if a == b);
            if same { Ok(first) } else { Err("its condition is about several values".into()) }
        }
        ExprKind::Binary { op, left, right } if op.is_comparison() => {
            let (comparison, read, bound) = match constant(model, right) {
                Some(bound) => (*op, left, bound),
                None => (mirrored(*op), right, constant(model, left).ok_or("it compares two measurements")?),
            };
            bounds.push((comparison, bound));
            Ok(read)
        }
        _ => Err(inexpressible(Function::Share, condition)),
    }
}

/// The share of values that compare so with bounds in the base unit of their type.
pub(super) fn within(model: &Model, read: &Expr, bounds: &[(Binary, Exact)]) -> Result<Reduced, Reason> {
    let read = Read::of(model, read)?;
    let bound = |bound: &Exact| bound.checked_div(&read.scale).ok_or("its unit has no size");
    let (complement, numerator, rest) = match (read.is_gauge, bounds) {
        (true, _) => {
            let bounds = bounds.iter().map(|(comparison, limit)| Ok((operator(*comparison), bound(limit)?)));
            let bounds = bounds.collect::<Result<_, Reason>>()?;
            let all = read.count(Count::Read(read.value.clone()));
            let good = read.count(Count::ReadWhere { value: read.value.clone(), bounds });
            return Ok(quotient(false, good, all));
        }
        (false, [(Binary::AtMost, limit)]) => {
            (false, Count::Within { value: read.value.clone(), bound: bound(limit)? }, limit)
        }
        (false, [(Binary::Greater, limit)]) => {
            (true, Count::Within { value: read.value.clone(), bound: bound(limit)? }, limit)
        }
        _ => {
            return Err("buckets count values up to and including their bound, so only `<=` and `>` are exact".into());
        }
    };
    let numerator = read.count(numerator);
    let beyond = read.count(Count::Beyond { value: read.value.clone(), bound: bound(rest)? });
    let denominator = numerator.plus(&beyond, &Exact::one())?;
    Ok(quotient(complement, numerator, denominator))
}

/// The mean of readings that are parts of one: of other quantities it is not known how good or bad the rest can be.
pub(super) fn mean(model: &Model, read: &Expr) -> Result<Reduced, Reason> {
    let read = Read::of(model, read)?;
    if !read.is_gauge {
        return Err("no rules are made for the mean of values in buckets".into());
    }
    if !read.is_ratio {
        return Err("how far a mean of readings can still be made up for is known of percentages only".into());
    }
    let all = read.count(Count::Read(read.value.clone()));
    let sum = Linear { terms: vec![(read.scale.clone(), Count::ReadSum(read.value.clone()))], ..all.clone() };
    Ok(quotient(false, sum, all))
}

/// The sum of readings over slices as long as readings are apart, each of which has one.
pub(super) fn sum(model: &Model, read: &Expr, slice: &Duration) -> Result<Linear, Reason> {
    let read = Read::of(model, read)?;
    let every = model.signals.get(&read.signal).and_then(|signal| signal.every.as_ref());
    if !read.is_gauge || every.is_none_or(|every| every.value.seconds() != slice.seconds()) {
        return Err("of sums, rules are made for those of readings that come once in each slice".into());
    }
    Ok(Linear { signal: read.signal, terms: vec![(read.scale, Count::ReadSum(read.value))] })
}

fn quotient(complement: bool, numerator: Linear, denominator: Linear) -> Reduced {
    Reduced { complement, core: Core::Quotient(Quotient { numerator, denominator, empty: None }) }
}

/// A value of events or samples, and how it is read.
struct Read {
    signal: String,
    value: String,
    is_gauge: bool,
    is_ratio: bool,
    /// What a value in its unit is multiplied by to be in the base unit of its type.
    scale: Exact,
}

impl Read {
    fn of(model: &Model, expr: &Expr) -> Result<Read, Reason> {
        let (signal, value) = match &expr.kind {
            ExprKind::Reading(Reading { signal, part: Part::Value(value) }) => (signal, value.as_str()),
            ExprKind::Reading(Reading { signal, part: Part::Sample }) => (signal, ONLY_VALUE),
            ExprKind::Reading(Reading { part: Part::Milestone { reading: CaseReading::InTime, .. }, .. }) => {
                return Err("cases are not counted in Prometheus".into());
            }
            _ => return Err("no rules are made for a condition of this shape".into()),
        };
        let declared = model.signals.get(signal).ok_or("its signal is not declared")?;
        let unit = unit(declared, value).map(|unit| &unit.kind);
        let scale = match unit {
            Some(UnitKind::Time { seconds: scale } | UnitKind::Ratio { factor: scale }) => scale.clone(),
            _ => Exact::one(),
        };
        let of_gauge = |signal: &Signal| {
            let mut series = signal.source(TARGET).into_iter().flat_map(|source| &source.series);
            series.any(|series| series.member == value && series.kind.value == SeriesKind::Gauge)
        };
        let is_gauge = declared.kind == SignalKind::Samples && of_gauge(declared);
        let is_ratio = matches!(unit, Some(UnitKind::Ratio { .. }));
        Ok(Read { signal: signal.clone(), value: value.to_owned(), is_gauge, is_ratio, scale })
    }

    fn count(&self, count: Count) -> Linear {
        Linear { signal: self.signal.clone(), terms: vec![(Exact::one(), count)] }
    }
}

fn unit<'a>(signal: &'a Signal, value: &str) -> Option<&'a Unit> {
    let named = signal.values.iter().find(|member| member.head.name == value);
    named.map_or(signal.unit.as_ref().map(|unit| &unit.value), |member| member.unit.as_ref())
}
