//! What a signal measured, by its records.

use super::case::{Awaited, Case};
use super::counted::Piece;
use super::functions::Weighted;
use super::gap::Gap;
use super::interval::Interval;
use super::known::Known;
use super::plan::reads_of;
use super::reader::{One, Place, Reader};
use super::records::{Counts, MISSING, Occurrences, Recorded, Records, States};
use super::wish::Wish;
use crate::calculus::{CaseReading, Expr, ExprKind, Part, Reading, Type, Value};
use crate::model::{Commitment, MissingPolicy, Model, SignalKind, Support};
use crate::values::{Duration, Exact, Ratio};
use std::borrow::Cow;
use std::collections::BTreeMap;

impl<'a> Reader<'a> {
    /// The value of a part of a signal at a place, where signals are on record.
    pub(super) fn recorded(&self, records: &'a Records, reading: &Reading, place: Place<'_>) -> Result<Value, Gap> {
        let unknown = || Gap::Unknown(format!("{}.{}", reading.signal, part_name(&reading.part)));
        match (&reading.part, place.one) {
            (Part::Value(_) | Part::Field(_) | Part::Sample | Part::Score, Some(One::Row(of, row))) => {
                let value = of.position(part_name(&reading.part)).and_then(|position| row.get(position)?.clone());
                return value.ok_or_else(unknown);
            }
            (Part::Field(name), Some(One::Case(case))) => {
                let value = case.record.fields.iter().find(|(field, _)| field == name);
                return value.map(|(_, value)| value.clone()).ok_or_else(unknown);
            }
            (Part::Milestone { name, reading }, Some(One::Case(case))) => {
                return case.reading(name, *reading, &mut Vec::new());
            }
            _ => {}
        }
        let signal = records.signals.get(&reading.signal).ok_or_else(|| Gap::Unknown(reading.signal.clone()))?;
        match (&reading.part, signal) {
            (Part::Count(_), Recorded::Events(counts, _)) => self.counted(counts, reading, place),
            (Part::State, Recorded::States(states)) => self.state(states, &reading.signal, place),
            (Part::Sample | Part::Value(_), Recorded::Each(each)) => self.same(each, reading, place),
            _ => Err(Gap::Open(format!("{}.{}", reading.signal, part_name(&reading.part)))),
        }
    }

    /// A state holds in an interval if it holds throughout it.
    fn state(&self, states: &BTreeMap<Vec<String>, States>, signal: &str, place: Place<'_>) -> Result<Value, Gap> {
        let one = match place.one {
            Some(One::Key(key)) => states.get(key),
            _ if states.len() > 1 => return Err(Gap::Several(signal.to_owned())),
            _ => states.values().next(),
        };
        let states = one.ok_or_else(|| self.nothing(signal, place.at))?;
        let (mut holds, mut missing, mut kept) = (None, false, false);
        for (piece, up) in self.open(place.at).into_iter().flat_map(|part| states.within(part)) {
            for piece in piece.cut_at(&self.edges) {
                match up {
                    _ if self.is_kept(piece) => kept = true,
                    Some(up) => holds = Some(holds.unwrap_or(true) && up),
                    None => missing = true,
                }
            }
        }
        match holds {
            Some(false) => Ok(Value::Boolean(false)),
            _ if missing => Err(Gap::Missing(signal.to_owned())),
            Some(true) => Ok(Value::Boolean(true)),
            None if kept => Err(Gap::Kept),
            None => Err(Gap::Excluded),
        }
    }

    /// The reading of an interval in which there is one, or all are the same.
    fn same(&self, each: &Occurrences, reading: &Reading, place: Place<'_>) -> Result<Value, Gap> {
        let position = each.position(part_name(&reading.part)).ok_or(Gap::Poisoned)?;
        let mut found: Option<Value> = None;
        for part in self.open(place.at) {
            for number in each.within(part).ok_or_else(|| Gap::Spread(reading.signal.clone()))?.into_keys() {
                match each.row(number).and_then(|row| row.get(position)?.clone()) {
                    Some(value) if found.as_ref().is_none_or(|found| *found == value) => found = Some(value),
                    Some(_) => return Err(Gap::Changes(reading.signal.clone())),
                    None => {}
                }
            }
        }
        found.ok_or_else(|| Gap::Missing(reading.signal.clone()))
    }

    /// The values of an expression for each occurrence of the signal that it reads.
    pub(super) fn each(
        &self,
        records: &'a Records,
        of: &'a Expr,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Result<Vec<Weighted>, Gap> {
        let signal = self.signal_of(of).or_else(|| self.signal_of(filter?)).ok_or(Gap::Poisoned)?;
        match records.signals.get(signal).ok_or_else(|| Gap::Unknown(signal.to_owned()))? {
            Recorded::Cases(_) => self.each_case(records, of, filter, place),
            Recorded::Events(counts, each) => self.each_row((signal, each, Some(counts)), of, filter, place),
            Recorded::Each(each) => self.each_row((signal, each, None), of, filter, place),
            Recorded::States(_) => Err(Gap::Poisoned),
        }
    }

    fn each_row(
        &self,
        (signal, each, counts): (&str, &Occurrences, Option<&Counts>),
        of: &'a Expr,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Result<Vec<Weighted>, Gap> {
        let mut rows: BTreeMap<(u32, bool), u64> = BTreeMap::new();
        if self.open(place.at).is_empty() {
            return Err(Gap::Excluded);
        }
        let pieces = self.measuring(counts, place).pieces;
        for Piece { at: piece, kept } in pieces.iter().copied() {
            for (number, count) in each.within(piece).ok_or_else(|| Gap::Spread(signal.to_owned()))? {
                *rows.entry((number, kept)).or_default() += count;
            }
        }
        self.budget.spend(u64::try_from(rows.len()).unwrap_or(u64::MAX))?;
        let kind = self.model.signals.get(signal).map(|signal| signal.kind);
        let samples = kind == Some(SignalKind::Samples);
        let (mut all, mut missing) = (Vec::new(), false);
        for ((number, kept), count) in rows {
            let place = match each.row(number) {
                Some(row) => Place { one: Some(One::Row(each, row)), ..place },
                None => place,
            };
            if let Some(filter) = filter.filter(|_| number != MISSING)
                && !self.holds(filter, place.wishing(Wish::None))?
            {
                continue;
            }
            let value = match (number, kept || of.ty == Type::Occurrences) {
                (MISSING, false) => Err(Gap::Missing(signal.to_owned())),
                // What occurs in time that counts as kept is as good as can be, where there is a best.
                (_, true) => Err(Gap::Kept),
                _ => self.value(of, place),
            };
            let value = match value {
                Err(Gap::Kept) if of.ty == Type::Occurrences => Ok(Value::Boolean(true).into()),
                Err(Gap::Kept) if extreme(&of.ty, place.wish).is_none() && number == MISSING => {
                    Err(Gap::Missing(signal.to_owned()))
                }
                Err(Gap::Kept) if extreme(&of.ty, place.wish).is_none() => self.value(of, place),
                // A reading that lacks this value is missing; an event of which it was not noted is not one of those.
                Err(Gap::Unknown(_)) if number != MISSING && samples => Err(Gap::Missing(signal.to_owned())),
                Err(Gap::Unknown(_)) if number != MISSING => continue,
                other => other,
            };
            let missed = matches!(value, Err(Gap::Missing(_)));
            match self.weighed(value, of, place) {
                Some(value) => all.push(Weighted {
                    value: value?,
                    weight: whole(count),
                    count: count.into(),
                    at: place.at,
                    missing: missed,
                    by_start: false,
                }),
                None => missing = true,
            }
        }
        // Of scores none is missing. Where there are rows of events, they were measured, though none gives this value.
        let has_rows =
            |counts: &Counts| pieces.iter().any(|piece| counts.cells(piece.at).is_none_or(|at| counts.rows(&at) > 0));
        let absent = kind != Some(SignalKind::Scores) && !counts.is_some_and(has_rows);
        if all.is_empty() && (missing || absent) && filter.is_none() && of.ty != Type::Occurrences {
            return Err(Gap::Missing(signal.to_owned()));
        }
        Ok(all)
    }

    fn each_case(
        &self,
        records: &'a Records,
        of: &'a Expr,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Result<Vec<Weighted>, Gap> {
        let (mut all, mut awaited) = (Vec::new(), Awaited::default());
        for case in self.cases(records, of, filter, place)? {
            let place = Place { one: Some(One::Case(&case)), ..place };
            let value = match of.ty {
                Type::Occurrences => Ok(Value::Boolean(true).into()),
                _ => self.value(of, place),
            };
            if let Some(value) = awaited.or_known(&case, value)? {
                let (weight, at) = (Exact::one(), place.at);
                all.push(Weighted { value, weight, count: 1, at, missing: false, by_start: false });
            }
        }
        awaited.none()?;
        Ok(all)
    }

    /// The cases that belong to an interval and meet a condition. One belongs to where its milestone is reached or its
    /// deadline passes, whichever is earlier, unless the metric says otherwise; one of which no milestone is asked, to where it
    /// is opened. The condition does not change that.
    pub(super) fn cases<'s>(
        &'s self,
        records: &'s Records,
        of: &'a Expr,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Result<Vec<Case<'s>>, Gap> {
        let signal = self.signal_of(of).or_else(|| self.signal_of(filter?)).ok_or(Gap::Poisoned)?;
        let Some(Recorded::Cases(cases)) = records.signals.get(signal) else { return Ok(Vec::new()) };
        let named = |support: &&Support| support.cases.as_ref().is_some_and(|it| it.value == signal);
        let supports: Vec<&Support> = self.model.supports.iter().filter(named).collect();
        let read = self.model.milestones_read(of);
        let milestone = read.first().map(|(name, _)| *name);
        let in_time = read.iter().find(|(_, reading)| *reading == CaseReading::InTime).map(|(name, _)| *name);
        let (mut found, mut awaited) = (Vec::new(), Awaited::default());
        for record in cases {
            self.budget.spend(1)?;
            let (zone, budget, until) = (&self.zone, self.budget, records.until);
            // Of several desks, the one with its first priority handles it.
            let first = record.priorities.first();
            let has = |support: &&&Support| first.is_some_and(|(_, name)| support.priority(name).is_some());
            let support = supports.iter().find(has).or(supports.first()).copied();
            let case = Case { model: self.model, signal, support, record, zone, budget, until, cut: self.cut() };
            // Without a deadline a case is neither in time nor late.
            if in_time.is_some_and(|milestone| !case.has_deadline(milestone)) {
                continue;
            }
            let judged = match (place.belongs, milestone) {
                (None, Some(milestone)) => case.judged(milestone)?,
                (Some(milestone), _) => case.reached(milestone),
                (None, None) => case.reached(case.opening().ok_or(Gap::Poisoned)?),
            };
            if !judged.is_some_and(|at| place.at.start <= at && at < place.at.end) {
                continue;
            }
            let place = Place { one: Some(One::Case(&case)), ..place };
            let holds = match filter {
                Some(filter) => self.holds(filter, place.wishing(Wish::None)),
                None => Ok(true),
            };
            if awaited.or_known(&case, holds)? == Some(true) {
                found.push(case);
            }
        }
        awaited.none()?;
        Ok(found)
    }

    /// The signal whose occurrences an expression is about.
    fn signal_of(&self, of: &'a Expr) -> Option<&'a str> {
        let mut found = None;
        self.walk(of, &mut |part| {
            if let ExprKind::Reading(reading) = &part.kind {
                found = found.or(Some(reading.signal.as_str()));
            }
        });
        found
    }

    /// Calls `visit` with an expression, all its parts, and those of the metrics in it.
    pub(super) fn walk(&self, of: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
        let (mut seen, mut waiting) = (Vec::new(), vec![of]);
        while let Some(expr) = waiting.pop() {
            expr.walk(&mut |part| {
                visit(part);
                if let ExprKind::Metric(name) = &part.kind
                    && !seen.contains(&name)
                {
                    seen.push(name);
                    waiting.extend(self.model.metrics.get(name).map(|metric| &metric.value));
                }
            });
        }
    }

    /// What a value counts as where it is missing, or where time counts as kept; nothing where it is left out.
    pub(super) fn weighed(&self, value: Result<Known, Gap>, of: &Expr, place: Place<'_>) -> Option<Result<Known, Gap>> {
        let mut least = None;
        let good = match (&value, self.facts.records()) {
            (Err(Gap::Kept), _) => true,
            (Err(Gap::Missing(signal)), Some(records)) => {
                let Some(missing) = self.model.signals.get(signal).and_then(|signal| signal.missing.as_ref()) else {
                    return Some(value);
                };
                let grace = missing.after.as_ref().and_then(super::interval::nanos).unwrap_or(0);
                let is_long = grace == 0 || self.is_long_missing(records, signal, place.at, grace);
                if missing.policy == MissingPolicy::Excluded || !is_long {
                    return None;
                }
                // Nothing was counted less than never.
                least = Value::of(&of.ty, Exact::zero()).filter(|_| self.model.is_count_of(signal, of));
                missing.policy == MissingPolicy::Good
            }
            _ => return Some(value),
        };
        let wish = if good { place.wish } else { place.wish.turned() };
        let least = least.filter(|_| wish == Wish::Low);
        Some(extreme(&of.ty, wish).or(least).map(Known::Exactly).map_or(value, Ok))
    }

    /// The instants in an interval at which anything changes that an expression reads from moment to moment, in order.
    pub(super) fn changes(&self, of: &'a Expr, at: Interval) -> Cow<'_, [i128]> {
        let Some(records) = self.facts.records() else { return Cow::Borrowed(&self.edges) };
        let mut changes = Vec::new();
        self.walk(of, &mut |part| {
            if let ExprKind::Reading(reading) = &part.kind
                && let Some(Recorded::States(states)) = records.signals.get(&reading.signal)
            {
                changes.extend(states.values().flat_map(|states| states.changes(at)));
            }
        });
        if changes.is_empty() {
            return Cow::Borrowed(&self.edges);
        }
        changes.extend_from_slice(&self.edges);
        changes.sort_unstable();
        changes.dedup();
        Cow::Owned(changes)
    }

    /// Whether an expression may differ from slice to slice although no state changes: it reads what is counted.
    pub(super) fn differs(&self, of: &'a Expr) -> bool {
        let mut differs = false;
        if self.facts.records().is_some() {
            self.walk(of, &mut |part| {
                differs |= matches!(&part.kind, ExprKind::Reading(reading) if reading.part != Part::State);
            });
        }
        differs
    }

    /// Why there is no value of a signal of which nothing is on record in an interval.
    fn nothing(&self, signal: &str, at: Interval) -> Gap {
        let open = self.open(at);
        if open.is_empty() {
            Gap::Excluded
        } else if open.iter().flat_map(|part| part.cut_at(&self.edges)).all(|piece| self.is_kept(piece)) {
            Gap::Kept
        } else {
            Gap::Missing(signal.to_owned())
        }
    }

    /// The values of the fields of the state that an expression reads, as far as they are known by the end of an interval:
    /// what is measured later at another place changes nothing.
    pub(super) fn keys(&self, of: &'a Expr, at: Interval) -> Result<Vec<&'a [String]>, Gap> {
        let signal = self.signal_of(of).ok_or(Gap::Poisoned)?;
        match self.facts.records().and_then(|records| records.signals.get(signal)) {
            Some(Recorded::States(states)) => {
                let begun = states.iter().filter(|(_, one)| one.first().is_some_and(|first| first < at.end));
                let keys: Vec<&[String]> = begun.map(|(key, _)| key.as_slice()).collect();
                if keys.is_empty() { Err(self.nothing(signal, at)) } else { Ok(keys) }
            }
            Some(_) => Err(Gap::Unknown(signal.to_owned())),
            None => Err(Gap::Unknown(signal.to_owned())),
        }
    }

    /// The instants within an interval at which the state that an expression reads changes for some value of its fields.
    pub(super) fn changes_of(&self, of: &'a Expr, at: Interval) -> Vec<i128> {
        let signal = self.signal_of(of).and_then(|signal| self.facts.records()?.signals.get(signal));
        match signal {
            Some(Recorded::States(states)) => states.values().flat_map(|one| one.changes(at)).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a signal that is missing in an interval is so for longer than its grace.
    fn is_long_missing(&self, records: &Records, signal: &str, at: Interval, grace: i128) -> bool {
        match records.signals.get(signal) {
            Some(Recorded::Events(counts, _)) => self.open(at).into_iter().any(|part| counts.lies_in_a_gap(part)),
            Some(Recorded::States(states)) => {
                let gaps: Vec<Option<i128>> = states.values().flat_map(|states| states.gaps(at)).collect();
                gaps.is_empty() || gaps.into_iter().any(|gap| gap.is_none_or(|gap| gap >= grace))
            }
            // Of readings, those that are missing for long enough have been noted, each in its place.
            Some(Recorded::Each(each)) => {
                let every = self.model.signals.get(signal).and_then(|signal| signal.every.as_ref());
                let every = every.and_then(|every| super::interval::nanos(&every.value));
                let noted = |part| each.within(part).is_none_or(|rows: BTreeMap<u32, u64>| rows.contains_key(&MISSING));
                every.is_none_or(|every| at.end - at.start < every) || self.open(at).into_iter().any(noted)
            }
            Some(Recorded::Cases(_)) | None => true,
        }
    }
}

/// A signal of which nothing was recorded by the end of a window, where that is true of all that a commitment reads: of a
/// time before the first row nothing is missing.
pub(super) fn not_begun(model: &Model, commitment: &Commitment, records: &Records, window: Interval) -> Option<Gap> {
    let reads = reads_of(model, commitment);
    let begun = |signal: &&str| records.began.get(*signal).is_some_and(|began| *began < window.end);
    let known: Vec<&str> = reads.into_iter().filter(|signal| records.signals.contains_key(*signal)).collect();
    let first = known.first()?;
    (!known.iter().any(begun)).then(|| Gap::NotBegun((*first).to_owned()))
}

/// The best value of a type for who wishes it, where it has one.
fn extreme(ty: &Type, wish: Wish) -> Option<Value> {
    match (ty, wish) {
        (_, Wish::None) => None,
        (Type::Ratio, Wish::High) => Some(Value::Ratio(Ratio(Exact::one()))),
        (Type::Ratio, Wish::Low) => Some(Value::Ratio(Ratio(Exact::zero()))),
        (Type::Boolean, wish) => Some(Value::Boolean(wish == Wish::High)),
        (Type::Duration, Wish::Low) => Some(Value::Duration(Duration::zero())),
        _ => None,
    }
}

/// The column of the rows of a signal that holds a part of it.
pub(super) fn part_name(part: &Part) -> &str {
    match part {
        Part::Count(name) | Part::Value(name) | Part::Field(name) | Part::Span(name) => name,
        Part::Milestone { name, reading: CaseReading::After | CaseReading::InTime } => name,
        Part::Sample => "value",
        Part::State => "state",
        Part::Score => "score",
        Part::Occurrences => "",
    }
}

fn whole(count: u64) -> Exact {
    super::interval::whole(i128::from(count))
}
