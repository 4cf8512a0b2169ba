//! Functions over slices, moments and occurrences.

use super::gap::Gap;
use super::interval::{Interval, seconds, whole};
use super::reader::{Place, Reader};
use super::slices::Group;
use super::stretch::Run;
use crate::calculus::{self, Expr, ExprKind, Function, Grain, Part, Reading, Slice, Type, Value};
use crate::values::{Duration, Exact};

/// A value with the time that it stands for.
pub(super) struct Weighted {
    pub value: Value,
    /// In slices, or in nanoseconds.
    pub weight: Exact,
    /// For how many slices it stands.
    pub count: i128,
}

impl<'a> Reader<'a> {
    pub(super) fn apply(&self, expr: &'a Expr, place: Place<'_>) -> Result<Value, Gap> {
        let ExprKind::Apply { function, arguments, slice, filter, over } = &expr.kind else {
            return Err(Gap::Poisoned);
        };
        if over.is_some() || *function == Function::Streak {
            return Err(Gap::History(expr.to_string()));
        }
        let first = arguments.first().ok_or(Gap::Poisoned)?;
        match function {
            Function::Runs | Function::Joined => Err(Gap::Poisoned),
            Function::Total | Function::Count if first.ty == Type::Runs => {
                let mut runs = self.runs(first, place)?;
                if let Some(filter) = filter {
                    runs = self.filtered(runs, filter, place)?;
                }
                Ok(of_runs(*function, &runs, place.at))
            }
            // What is given of a state holds for every value of its key.
            Function::All | Function::Any => self.value(first, place),
            Function::None => {
                let any = self.holds(first, place.wishing(place.wish.of_argument(*function, 0)))?;
                Ok(Value::Boolean(!any))
            }
            Function::Started | Function::Completed | Function::Min | Function::Max if arguments.len() > 1 => {
                self.arithmetic(*function, arguments, &expr.ty, place)
            }
            _ => {
                if let Some(filter) = filter {
                    self.nothing_known_of(filter)?;
                }
                let all = self.spread(first, slice.as_ref(), place)?;
                aggregate(*function, &all, slice.is_some(), is_total(first), &expr.ty)
                    .ok_or_else(|| if all.is_empty() { Gap::Empty } else { Gap::Unknown(expr.to_string()) })
            }
        }
    }

    fn arithmetic(&self, function: Function, arguments: &'a [Expr], ty: &Type, place: Place<'_>) -> Result<Value, Gap> {
        let divides = matches!(function, Function::Started | Function::Completed);
        let mut values = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let wish = place.wish.of_argument(function, index);
            values.push(self.value(argument, place.wishing(wish))?);
        }
        if divides && values.get(1).and_then(Value::exact).is_some_and(Exact::is_zero) {
            return Err(Gap::Empty);
        }
        calculus::apply(function, &values, ty).ok_or(Gap::Poisoned)
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

    /// The values of an expression in each slice, or from moment to moment, with the time that each stands for.
    pub(super) fn spread(&self, of: &'a Expr, slice: Option<&Slice>, place: Place<'_>) -> Result<Vec<Weighted>, Gap> {
        let groups = match slice {
            Some(slice) => {
                let each = self.groups(slice, place.at)?.into_iter();
                each.map(|group| (group.first, self.weight(&group), group.count)).collect()
            }
            None if matches!(of.grain, Grain::Moment | Grain::Sample) => self.moments(place.at),
            None => vec![(place.at, whole(place.at.end - place.at.start), 1)],
        };
        let each = groups
            .into_iter()
            .map(|(at, weight, count)| Ok(Weighted { value: self.value(of, place.within(at))?, weight, count }));
        each.collect()
    }

    /// The stretches of an interval in each of which nothing changes.
    fn moments(&self, at: Interval) -> Vec<(Interval, Exact, i128)> {
        let each = at.cut_at(&self.edges).into_iter();
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

fn aggregate(function: Function, all: &[Weighted], sliced: bool, adds_up: bool, ty: &Type) -> Option<Value> {
    let time = all.iter().fold(Exact::zero(), |sum, one| &sum + &one.weight);
    let holds = |one: &&Weighted| one.value == Value::Boolean(true);
    let number = match function {
        Function::Mean => {
            let mut sum = Exact::zero();
            for one in all {
                sum = &sum + &(one.value.exact()? * &one.weight);
            }
            sum.checked_div(&time)?
        }
        Function::Share => {
            let good = all.iter().filter(holds).fold(Exact::zero(), |sum, one| &sum + &one.weight);
            good.checked_div(&time)?
        }
        Function::Sum if sliced => {
            let mut sum = Exact::zero();
            for one in all {
                let times = if adds_up { whole(one.count) } else { one.weight.clone() };
                sum = &sum + &(one.value.exact()? * &times);
            }
            sum
        }
        Function::Count if sliced => whole(all.iter().filter(holds).map(|one| one.count).sum()),
        Function::Min => all.iter().filter_map(|one| one.value.exact()).min()?.clone(),
        Function::Max => all.iter().filter_map(|one| one.value.exact()).max()?.clone(),
        Function::P50 => ranked(all, &time, 50)?,
        Function::P90 => ranked(all, &time, 90)?,
        Function::P95 => ranked(all, &time, 95)?,
        Function::P99 => ranked(all, &time, 99)?,
        _ => return None,
    };
    Value::of(ty, number)
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
fn ranked(all: &[Weighted], time: &Exact, percent: i64) -> Option<Exact> {
    let mut sorted: Vec<(&Exact, &Exact)> =
        all.iter().filter_map(|one| Some((one.value.exact()?, &one.weight))).collect();
    sorted.sort_by(|a, b| a.0.cmp(b.0));
    let rank = time * &Exact::ratio(percent, 100)?;
    let mut below = Exact::zero();
    sorted.into_iter().find_map(|(value, weight)| {
        below = &below + weight;
        (below >= rank).then(|| value.clone())
    })
}
