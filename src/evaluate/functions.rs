//! Functions over slices, moments and occurrences.

use super::gap::Gap;
use super::interval::{Interval, seconds, whole};
use super::known::Known;
use super::reader::{One, Place, Reader};
use super::slices::Group;
use super::stretch::Run;
use crate::calculus::{self, Expr, ExprKind, Function, Grain, Part, Reading, Slice, Type, Value};
use crate::values::{Duration, Exact, Sum};

/// A value with the time that it stands for.
pub(super) struct Weighted {
    pub value: Known,
    /// In slices, or in nanoseconds.
    pub weight: Exact,
    /// For how many slices it stands.
    pub count: i128,
    /// Where it was read; of several slices the first.
    pub at: Interval,
}

impl<'a> Reader<'a> {
    pub(super) fn apply(&self, expr: &'a Expr, place: Place<'_>) -> Result<Known, Gap> {
        let ExprKind::Apply { function, arguments, slice, filter, over } = &expr.kind else {
            return Err(Gap::Poisoned);
        };
        let first = arguments.first().ok_or(Gap::Poisoned)?;
        match (function, over) {
            (_, Some(_)) => return Err(Gap::History(expr.to_string())),
            (Function::Streak, _) => return self.streak(first, place).map(Known::Exactly),
            _ => {}
        }
        match function {
            Function::Runs | Function::Joined => Err(Gap::Poisoned),
            Function::Total | Function::Count if first.ty == Type::Runs => {
                let mut runs = self.runs(first, place)?;
                if let Some(filter) = filter {
                    runs = self.filtered(runs, filter, place)?;
                }
                Ok(of_runs(*function, &runs, place.at).into())
            }
            Function::All | Function::Any | Function::None if self.facts.records().is_some() => {
                self.over_keys(*function, first, place)
            }
            // What is given of a state holds for every value of its key.
            Function::All | Function::Any => self.value(first, place),
            Function::None => {
                let any = self.holds(first, place.wishing(place.wish.of_argument(*function, 0)))?;
                Ok(Value::Boolean(!any).into())
            }
            Function::Started | Function::Completed | Function::Min | Function::Max if arguments.len() > 1 => {
                self.arithmetic(*function, arguments, &expr.ty, place)
            }
            _ => {
                if let Some(filter) = filter.as_deref().filter(|_| self.facts.records().is_none()) {
                    self.nothing_known_of(filter)?;
                }
                let all = self.spread(first, slice.as_ref(), filter.as_deref(), place)?;
                aggregate(
                    *function,
                    &all,
                    (slice.is_some() || self.facts.records().is_some(), is_total(first)),
                    &expr.ty,
                    self.exact,
                )?
                .ok_or_else(|| if all.is_empty() { Gap::Empty } else { Gap::Unknown(expr.to_string()) })
            }
        }
    }

    fn arithmetic(&self, function: Function, arguments: &'a [Expr], ty: &Type, place: Place<'_>) -> Result<Known, Gap> {
        let divides = matches!(function, Function::Started | Function::Completed);
        let mut values = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let wish = place.wish.of_argument(function, index);
            values.push(self.value(argument, place.wishing(wish))?);
        }
        if divides && values.get(1).is_some_and(|unit| unit.ends().0.exact().is_some_and(Exact::is_zero)) {
            return Err(Gap::Empty);
        }
        let at = |values: &[&Value]| {
            let values: Vec<Value> = values.iter().map(|value| (*value).clone()).collect();
            calculus::apply(function, &values, ty)
        };
        Known::of(&values.iter().collect::<Vec<_>>(), &at)
    }

    /// A condition on occurrences leaves those out for which it does not hold: only of what nothing is known, whatever is
    /// left is as good as the whole.
    fn nothing_known_of(&self, filter: &Expr) -> Result<(), Gap> {
        let mut known = None;
        filter.walk(&mut |part| {
            if let ExprKind::Reading(reading) = &part.kind
                && self.facts.knows(&reading.signal)
            {
                known = Some(Gap::Unknown(part.to_string()));
            }
        });
        known.map_or(Ok(()), Err)
    }

    /// A condition over the values of a signal's fields: for all of them, for any, for none.
    fn over_keys(&self, function: Function, of: &'a Expr, place: Place<'_>) -> Result<Known, Gap> {
        let wish = place.wish.of_argument(function, 0);
        let decisive = function != Function::All;
        let mut gap = None;
        let mut found = false;
        for key in self.keys(of)? {
            match self.holds(of, Place { one: Some(One::Key(key)), ..place.wishing(wish) }) {
                Ok(holds) if holds == decisive => found = true,
                Ok(_) => {}
                Err(other) => gap = gap.or(Some(other)),
            }
        }
        match gap {
            Some(gap) if !found => Err(gap),
            _ => Ok(Value::Boolean((found == decisive) != (function == Function::None)).into()),
        }
    }

    /// The values of an expression in each slice, from moment to moment, or of each occurrence, with what each stands for.
    pub(super) fn spread(
        &self,
        of: &'a Expr,
        slice: Option<&Slice>,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Result<Vec<Weighted>, Gap> {
        let groups = match (slice, self.facts.records()) {
            (Some(slice), _) => {
                let each = self.groups(of, slice, place.at)?.into_iter();
                each.map(|group| (group.first, self.weight(&group), group.count)).collect()
            }
            (None, Some(records)) if of.grain != Grain::Moment => return self.each(records, of, filter, place),
            _ if matches!(of.grain, Grain::Moment | Grain::Sample) => self.moments(of, place.at),
            _ => vec![(place.at, whole(place.at.end - place.at.start), 1)],
        };
        let (mut all, mut missing) = (Vec::with_capacity(groups.len()), None);
        for (at, weight, count) in groups {
            let place = place.within(at);
            let value = self.value(of, place);
            let gap = match (&value, self.facts.records()) {
                (Err(Gap::Missing(signal)), Some(records)) => self.gap_around(records, signal, at),
                _ => None,
            };
            let lacks = value.as_ref().err().cloned();
            match self.weighed(value, of, place, gap) {
                Some(value) => all.push(Weighted { value: value?, weight, count, at }),
                None => missing = lacks,
            }
        }
        match missing {
            Some(gap) if all.is_empty() => Err(gap),
            _ => Ok(all),
        }
    }

    /// The stretches of an interval in each of which nothing changes that an expression reads.
    fn moments(&self, of: &'a Expr, at: Interval) -> Vec<(Interval, Exact, i128)> {
        let each = at.cut_at(&self.changes(of, at)).into_iter();
        let open = each.filter(|piece| !self.open(*piece).is_empty());
        open.map(|piece| (piece, whole(piece.end - piece.start), 1)).collect()
    }

    /// How much slices weigh: one each, and one that is cut, the part of it that is left.
    fn weight(&self, group: &Group) -> Exact {
        if group.count > 1 {
            return whole(group.count);
        }
        let open = self.open(group.first).into_iter().map(|part| part.end - part.start).sum();
        whole(open).checked_div(&whole(group.whole)).unwrap_or_default()
    }
}

/// The length of runs within an interval, or the number of those that start in it.
fn of_runs(function: Function, runs: &[Run], within: Interval) -> Value {
    if function == Function::Count {
        let starts = runs.iter().map(|run| run.span().start);
        let starts = starts.filter(|start| within.start <= *start && *start < within.end).count();
        return Value::Number(whole(i128::try_from(starts).unwrap_or(i128::MAX)));
    }
    let inside: i128 = runs.iter().map(|run| run.within(within)).sum();
    Value::Duration(Duration::from_seconds(seconds(inside)))
}

/// The value of a function over what was read in slices, from moment to moment, or of each occurrence; nothing where it
/// needs a value that is not known exactly. `(sliced, adds_up)`: whether there are slices, and whether what is read in one
/// is a total.
fn aggregate(
    function: Function,
    all: &[Weighted],
    (sliced, adds_up): (bool, bool),
    ty: &Type,
    exact: bool,
) -> Result<Option<Known>, Gap> {
    let holds = |one: &&Weighted| one.value == Value::Boolean(true).into();
    let time = || all.iter().fold(Exact::zero(), |sum, one| &sum + &one.weight);
    let number = match function {
        Function::Mean => return Ok(divided(weighed(all, |one| one.weight.clone(), exact)?, &time(), ty)),
        Function::Share => {
            let good = all.iter().filter(holds).fold(Exact::zero(), |sum, one| &sum + &one.weight);
            good.checked_div(&time())
        }
        Function::Sum if sliced => {
            let times = |one: &Weighted| if adds_up { whole(one.count) } else { one.weight.clone() };
            return Ok(divided(weighed(all, times, exact)?, &Exact::one(), ty));
        }
        Function::Count if sliced => Some(whole(all.iter().filter(holds).map(|one| one.count).sum())),
        Function::Min => numbers(all)?.into_iter().map(|(value, _)| value).min().cloned(),
        Function::Max => numbers(all)?.into_iter().map(|(value, _)| value).max().cloned(),
        Function::P50 => ranked(numbers(all)?, &time(), 50),
        Function::P90 => ranked(numbers(all)?, &time(), 90),
        Function::P95 => ranked(numbers(all)?, &time(), 95),
        Function::P99 => ranked(numbers(all)?, &time(), 99),
        _ => None,
    };
    Ok(number.and_then(|number| Value::of(ty, number)).map(Known::Exactly))
}

/// The sum of values, each as often as it counts, by its bounds.
fn weighed(all: &[Weighted], times: impl Fn(&Weighted) -> Exact, exact: bool) -> Result<(Exact, Exact), Gap> {
    let (mut low, mut high, mut same) = (Sum::new(), Sum::new(), true);
    for one in all {
        let (least, most) = one.value.ends();
        let (least, most) = (least.exact().ok_or(Gap::Poisoned)?, most.exact().ok_or(Gap::Poisoned)?);
        let times = times(one);
        let add = |sum: &mut Sum, number: &Exact| match times.to_i64() {
            Some(count) => sum.add(number, count),
            None => sum.add(&(number * &times), 1),
        };
        same &= least == most;
        add(&mut low, least);
        add(&mut high, most);
    }
    let ends = low.bounds(exact);
    Ok(if same { ends } else { (ends.0, high.bounds(exact).1) })
}

/// A sum as a part of a number; nothing where that is zero.
fn divided((low, high): (Exact, Exact), by: &Exact, ty: &Type) -> Option<Known> {
    let end = |sum: &Exact| Value::of(ty, sum.checked_div(by)?);
    let least = end(&low)?;
    Some(if low == high { Known::Exactly(least) } else { Known::between(least, end(&high)?) })
}

/// The numbers that were read, with how much each stands for.
fn numbers(all: &[Weighted]) -> Result<Vec<(&Exact, &Exact)>, Gap> {
    let mut numbers = Vec::with_capacity(all.len());
    for one in all {
        match &one.value {
            Known::Exactly(value) => numbers.push((value.exact().ok_or(Gap::Poisoned)?, &one.weight)),
            Known::Between(_) => return Err(Gap::Unsure),
        }
    }
    Ok(numbers)
}

/// Whether what is read in a slice is a total of what occurred in it: what is left of a slice that is cut has less of it.
fn is_total(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= matches!(&part.kind, ExprKind::Reading(Reading { part: Part::Count(_), .. }));
    });
    found
}

/// The percentile by nearest rank: the least value such that at least that part of all is not above it.
fn ranked(mut sorted: Vec<(&Exact, &Exact)>, time: &Exact, percent: i64) -> Option<Exact> {
    sorted.sort_by(|a, b| a.0.cmp(b.0));
    let rank = time * &Exact::ratio(percent, 100)?;
    let mut below = Exact::zero();
    sorted.into_iter().find_map(|(value, weight)| {
        below = &below + weight;
        (below >= rank).then(|| value.clone())
    })
}
