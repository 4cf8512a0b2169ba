//! Functions over slices, moments and occurrences.

use super::gap::Gap;
use super::interval::{Interval, seconds, whole};
use super::known::Known;
use super::quick::Word;
use super::reader::{One, Place, Reader};
use super::slices::Group;
use super::stretch::Run;
use super::tally::Tally;
use super::wish::Wish;
use crate::calculus::{self, Expr, ExprKind, Function, Grain, Part, Reading, Slice, Type, Value};
use crate::values::{Duration, Exact};

/// What is read in a slice: a word where it is whole and fits, and a value otherwise.
pub(super) enum Seen {
    Word(Interval, Word),
    Value(Weighted),
}

/// A value with the time that it stands for.
pub(super) struct Weighted {
    pub value: Known,
    /// In slices, or in nanoseconds.
    pub weight: Exact,
    /// For how many slices it stands.
    pub count: i128,
    /// Where it was read; of several slices the first.
    pub at: Interval,
    /// Whether it was not measured, and this is what that counts as.
    pub missing: bool,
    /// Whether counts of the whole slice measure what is left of it.
    pub by_start: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn apply(&self, expr: &'a Expr, place: Place<'_>) -> Result<Known, Gap> {
        let ExprKind::Apply { function, arguments, slice, filter, over } = &expr.kind else {
            return Err(Gap::Poisoned);
        };
        let first = arguments.first().ok_or(Gap::Poisoned)?;
        if let Some(fees) = expr.fees_summed() {
            return self.sum_of_fees(&fees, &expr.ty, place);
        }
        if let Some((fee, initial)) = expr.fee_before() {
            return self.fee_before(fee, initial, place).map(Known::Exactly);
        }
        if let Some((condition, within)) = expr.windows_counted() {
            return self.windows_counted(condition, within, place).map(|all| number(all.len()));
        }
        match (function, over) {
            (_, Some(window)) if !self.is_lifted(expr) => return self.over_window(expr, window, place),
            (Function::Streak, _) => return self.streak(first, place).map(|all| number(all.len())),
            (Function::Previous, _) => {
                return match self.previous(first, place)? {
                    Some((value, _)) => Ok(value),
                    None => self.value(arguments.get(1).ok_or(Gap::Poisoned)?, place),
                };
            }
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
                    self.leaves_some(filter, place)?;
                }
                self.over(expr, *function, first, (slice.as_ref(), filter.as_deref()), place)
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

    /// Whether a condition on occurrences leaves any. What is given of occurrences is so for each of them: the condition holds
    /// for all or for none, and one on parts that are not given leaves some that are like the others. How many are left of a
    /// number that is given in all is not known.
    fn leaves_some(&self, filter: &'a Expr, place: Place<'_>) -> Result<(), Gap> {
        let (mut counted, mut given) = (None, false);
        filter.walk(&mut |part| {
            let ExprKind::Reading(reading) = &part.kind else { return };
            given |= self.facts.knows(&reading.to_string(), place.at);
            counted = self.count_given(&reading.signal, place.at).or(counted.take());
        });
        match counted {
            Some(count) => Err(Gap::InAll(count)),
            None if !given || self.holds(filter, place.wishing(Wish::None))? => Ok(()),
            None => Err(Gap::Empty),
        }
    }

    /// A number of occurrences of a signal that is given.
    fn count_given(&self, signal: &str, at: Interval) -> Option<String> {
        let counts = self.model.signals.get(signal).into_iter().flat_map(|signal| &signal.counts);
        let mut counts = counts.map(|count| format!("{signal}.{}", count.head.name));
        counts.find(|count| self.facts.knows(count, at))
    }

    /// A condition over the values of a signal's fields: for all of them, for any, for none. In an interval at least one
    /// of several states holds if at every moment one of them does, be it not the same one.
    fn over_keys(&self, function: Function, of: &'a Expr, place: Place<'_>) -> Result<Known, Gap> {
        let keys = self.keys(of, place.at)?;
        let wish = place.wish.of_argument(function, 0);
        let decisive = function != Function::All;
        let pieces = if decisive && of.grain == Grain::Moment { self.steady(of, place.at) } else { vec![place.at] };
        let mut gap = None;
        let mut holds = true;
        for at in pieces {
            let (mut found, mut unknown) = (false, None);
            for key in &keys {
                match self.holds(of, Place { one: Some(One::Key(key)), at, ..place.wishing(wish) }) {
                    Ok(holds) if holds == decisive => found = true,
                    Ok(_) => {}
                    Err(other) => unknown = unknown.or(Some(other)),
                }
            }
            match unknown {
                Some(unknown) if !found => gap = gap.or(Some(unknown)),
                _ => holds &= found == decisive,
            }
        }
        match gap {
            // What fails at one moment fails in the interval, whatever is known of the others.
            Some(gap) if holds => Err(gap),
            _ => Ok(Value::Boolean(holds != (function == Function::None)).into()),
        }
    }

    /// The parts of an interval in which none of the states of a signal changes.
    fn steady(&self, of: &'a Expr, at: Interval) -> Vec<Interval> {
        let mut parts = Vec::new();
        for part in self.open(at) {
            let mut ends: Vec<i128> = self.changes_of(of, part);
            ends.extend([part.start, part.end]);
            ends.sort_unstable();
            ends.dedup();
            parts
                .extend(ends.iter().zip(ends.iter().skip(1)).map(|(start, end)| Interval { start: *start, end: *end }));
        }
        if parts.is_empty() { vec![at] } else { parts }
    }

    /// A function over slices, from moment to moment, or over occurrences.
    fn over(
        &self,
        expr: &'a Expr,
        function: Function,
        of: &'a Expr,
        (slice, filter): (Option<&Slice>, Option<&'a Expr>),
        place: Place<'_>,
    ) -> Result<Known, Gap> {
        let on_record = self.facts.records().is_some();
        // Sums and counts of an example are of slices: what happened besides is not given one by one.
        let adds = slice.is_some() || on_record || !matches!(function, Function::Sum | Function::Count);
        let mut any = false;
        let found = match Tally::new(function, self.is_total(of)).filter(|_| adds) {
            Some(mut tally) => {
                self.visit(of, slice, filter, place, &mut |seen| {
                    any = true;
                    match seen {
                        Seen::Word(_, word) => tally.add_word(word),
                        Seen::Value(one) => tally.add(&one)?,
                    }
                    Ok(())
                })?;
                tally.finish(&expr.ty, self.exact)
            }
            None => {
                let all = self.spread(of, slice, filter, place)?;
                any = !all.is_empty();
                extreme(function, &all)?.and_then(|number| Value::of(&expr.ty, number)).map(Known::Exactly)
            }
        };
        let counts = function == Function::Count && on_record;
        found.filter(|_| any || counts).ok_or_else(|| if any { Gap::Unknown(expr.to_string()) } else { Gap::Empty })
    }

    /// The values of an expression in each slice, from moment to moment, or of each occurrence, with what each stands for.
    pub(super) fn spread(
        &self,
        of: &'a Expr,
        slice: Option<&Slice>,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Result<Vec<Weighted>, Gap> {
        let mut all = Vec::new();
        self.visit(of, slice, filter, place, &mut |seen| {
            all.push(match seen {
                Seen::Value(one) => one,
                Seen::Word(at, word) => {
                    let value = match word {
                        Word::Truth(holds) => Some(Value::Boolean(holds)),
                        word => word.exact().and_then(|number| Value::of(&of.ty, number)),
                    };
                    let value = value.ok_or(Gap::Poisoned)?.into();
                    Weighted { value, weight: Exact::one(), count: 1, at, missing: false, by_start: false }
                }
            });
            Ok(())
        })?;
        Ok(all)
    }

    /// Calls `each` with the values of an expression, as [`Reader::spread`] gives them.
    pub(super) fn visit(
        &self,
        of: &'a Expr,
        slice: Option<&Slice>,
        filter: Option<&'a Expr>,
        place: Place<'_>,
        each: &mut dyn FnMut(Seen) -> Result<(), Gap>,
    ) -> Result<(), Gap> {
        let records = self.facts.records();
        if let (None, Some(records), false) = (slice, records, of.grain == Grain::Moment) {
            let all = self.each(records, of, filter, place)?;
            return all.into_iter().try_for_each(|one| each(Seen::Value(one)));
        }
        let groups = match slice {
            Some(slice) => self.groups(of, slice, place.at)?,
            None if matches!(of.grain, Grain::Moment | Grain::Sample) => self.moments(of, place.at),
            None => vec![Group::of(place.at)],
        };
        // Of time that is wholly cut out nothing is empty, and nothing is missing.
        if groups.is_empty() {
            return Err(Gap::Excluded);
        }
        let timed = slice.is_none();
        let quick = self.quick(of).filter(|_| !timed);
        let (mut any, mut idle, mut missing) = (false, false, None);
        for group in groups {
            let at = group.first;
            let whole_slice = at.end - at.start == group.whole && !self.is_touched(at);
            match quick.as_ref().filter(|_| whole_slice && group.count == 1).and_then(|quick| quick.at(at)) {
                None | Some(Word::Missing) => {}
                Some(word) => {
                    any = true;
                    each(Seen::Word(at, word))?;
                    continue;
                }
            }
            let inner = Place { sliced: !timed, ..place.within(at) };
            let value = self.value(of, inner);
            if !timed && value == Err(Gap::Empty) {
                idle = true;
                continue;
            }
            let lacks = value.as_ref().err().cloned();
            let missed = matches!(value, Err(Gap::Missing(_)));
            match self.weighed(value, of, inner) {
                Some(value) => {
                    any = true;
                    let weight = if timed { whole(at.end - at.start) } else { self.weight(&group) };
                    let (value, count, by_start) = (value?, group.count, self.is_by_start(of, inner));
                    each(Seen::Value(Weighted { value, weight, count, at, missing: missed, by_start }))?;
                }
                None => missing = lacks,
            }
        }
        // `when empty` of the whole is for where there is nothing in any slice.
        match missing {
            _ if idle => Err(if any { Gap::Idle } else { Gap::Empty }),
            Some(gap) if !any => Err(gap),
            _ => Ok(()),
        }
    }

    /// The stretches of an interval in each of which nothing changes that an expression reads.
    pub(super) fn moments(&self, of: &'a Expr, at: Interval) -> Vec<Group> {
        let each = at.cut_at(&self.changes(of, at)).into_iter();
        each.filter(|piece| !self.open(*piece).is_empty()).map(Group::of).collect()
    }

    /// Whether what is read in a slice is a total of what occurred in it: what is left of a slice that is cut has less of it.
    fn is_total(&self, of: &'a Expr) -> bool {
        let mut found = false;
        let mut note = |part: &Expr| {
            found |= matches!(&part.kind, ExprKind::Reading(Reading { part: Part::Count(_), .. }));
        };
        // What an example states of a metric is so of the whole of a slice.
        if self.facts.records().is_some() {
            self.walk(of, &mut |part| note(part))
        } else {
            of.walk(&mut |part| note(part))
        }
        found
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

/// The least, the greatest, or the percentile of what was read; nothing of nothing, and for any other function.
fn extreme(function: Function, all: &[Weighted]) -> Result<Option<Exact>, Gap> {
    let time = || all.iter().fold(Exact::zero(), |sum, one| &sum + &one.weight);
    Ok(match function {
        Function::Min => numbers(all)?.into_iter().map(|(value, _)| value).min().cloned(),
        Function::Max => numbers(all)?.into_iter().map(|(value, _)| value).max().cloned(),
        _ => match function.percentile() {
            Some(percent) => ranked(numbers(all)?, &time(), percent.into()),
            None => None,
        },
    })
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

/// How many there are.
fn number(count: usize) -> Known {
    Value::Number(whole(i128::try_from(count).unwrap_or(i128::MAX))).into()
}
