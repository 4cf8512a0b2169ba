//! What is on record behind a value: the slices, occurrences and cases that speak against the promise first.

use super::derivation::Step;
use super::functions::Weighted;
use super::gap::Gap;
use super::interval::Interval;
use super::known::Known;
use super::reader::{Place, Reader};
use super::tally::Tally;
use super::wish::Wish;
use crate::calculus::{CaseReading, Expr, ExprKind, Function, Part, Reading, Slice, Type, Value, shown};
use crate::values::Exact;
use std::cmp::Ordering;

/// How many slices or cases are shown one by one.
const MOST: usize = 12;

impl<'a> Reader<'a> {
    /// The slices behind a value: those that are worst for the promise, with what was counted in them, and how many others
    /// there are.
    pub(super) fn slices_on_record(&self, of: &'a Expr, slice: &Slice, place: Place<'_>) -> Vec<Step> {
        let Ok(mut all) = self.spread(of, Some(slice), None, place) else { return Vec::new() };
        worst_first(&mut all, place.wish);
        let (Some(worst), Some(best)) = (all.first(), all.last()) else { return Vec::new() };
        let length = match slice {
            Slice::Elapsed(length) => length.to_string(),
            Slice::Window(window) => window.to_string(),
            Slice::Key(key) => key.clone(),
        };
        let count: i128 = all.iter().map(|one| one.count).sum();
        let gives = if worst.value == best.value {
            worst.value.shown()
        } else {
            format!("{} to {}", worst.value.shown(), best.value.shown())
        };
        let mut whole = Step::new(format!("`{of}` in {} of {length}", counted(count, "slice")), gives);
        let (bad, good): (Vec<&Weighted>, Vec<&Weighted>) = all.iter().partition(|one| one.value != best.value);
        let stretches = in_a_row(&bad);
        for (at, one, count) in stretches.iter().take(MOST) {
            let slices = if *count == 1 { String::new() } else { format!(" ({})", counted(*count, "slice")) };
            let from = self.counts_in(of, if *count == 1 { place.in_slice(*at) } else { place.within(*at) });
            let missing = if one.missing { "not measured, counts as " } else { "" };
            let gives = format!("{missing}{}", one.value.shown());
            whole.from.push(Step { from, ..Step::new(format!("{}{slices}", self.times(*at)), gives) });
        }
        if let Some((_, next, _)) = stretches.get(MOST) {
            let more: i128 = stretches.iter().skip(MOST).map(|(_, _, count)| count).sum();
            whole.from.push(Step::new(format!("{more} more, none worse than"), next.value.shown()));
            // What is not listed can be checked as a whole.
            let sum = Tally::new(Function::Sum, false).and_then(|mut tally| {
                all.iter().try_for_each(|one| tally.add(one)).ok()?;
                tally.finish(&of.ty, self.exact)
            });
            if let (Some(sum), true) = (sum, of.ty.is_ordered()) {
                let weight = all.iter().fold(Exact::zero(), |sum, one| &sum + &one.weight);
                let weight = shown(&Value::Number(weight));
                whole.from.push(Step::new(format!("sum of all {weight} slices"), sum.shown()));
            }
        }
        if !bad.is_empty() {
            let rest: i128 = good.iter().map(|one| one.count).sum();
            whole.from.push(Step::new(format!("the other {}", counted(rest, "slice")), best.value.shown()));
        }
        vec![whole]
    }

    /// From moment to moment: how long a condition held, and when it did not.
    pub(super) fn times_on_record(&self, of: &'a Expr, place: Place<'_>) -> Vec<Step> {
        let Ok(all) = self.spread(of, None, None, place) else { return Vec::new() };
        let holds = |one: &&Weighted| one.value == Value::Boolean(true).into();
        let mut steps = Vec::new();
        for (truth, missing) in [(true, false), (true, true), (false, false), (false, true)] {
            let own: Vec<&Weighted> = all.iter().filter(|one| holds(one) == truth && one.missing == missing).collect();
            if own.is_empty() {
                continue;
            }
            let time: i128 = own.iter().map(|one| one.at.end - one.at.start).sum();
            let word = if missing { " is missing" } else { "" };
            let gives = if missing { format!("counts as {truth}") } else { truth.to_string() };
            let length = Interval { start: 0, end: time }.length();
            // What is as it should be needs no list.
            let shown = missing || truth != (place.wish == Wish::High);
            let from = if shown { self.listed(&in_a_row(&own)) } else { Vec::new() };
            steps.push(Step { from, ..Step::new(format!("`{of}`{word} for {length}"), gives) });
        }
        steps
    }

    /// When something was not measured of which nothing says what that counts as.
    pub(super) fn missing_on_record(&self, of: &'a Expr, slice: Option<&Slice>, place: Place<'_>) -> Vec<Step> {
        let groups = match slice {
            Some(slice) => self.groups(of, slice, place.at).unwrap_or_default(),
            None => self.moments(of, place.at),
        };
        let part = |at: Interval| Place { sliced: slice.is_some(), ..place.within(at) };
        let lacks = |at: Interval| matches!(self.value(of, part(at)), Err(Gap::Missing(_)));
        let missing: Vec<Weighted> = groups
            .into_iter()
            .filter(|group| lacks(group.first))
            .map(|group| {
                let (value, at) = (Value::Boolean(false).into(), group.first);
                Weighted { value, weight: Exact::one(), count: group.count, at, missing: true, by_start: false }
            })
            .collect();
        let stretches = in_a_row(&missing.iter().collect::<Vec<_>>());
        if stretches.is_empty() {
            return Vec::new();
        }
        let time: i128 = stretches.iter().map(|(at, ..)| at.end - at.start).sum();
        let length = Interval { start: 0, end: time }.length();
        vec![Step { from: self.listed(&stretches), ..Step::new("not measured for", length.to_string()) }]
    }

    /// The first stretches, with their lengths, and how many more there are.
    fn listed(&self, stretches: &[(Interval, &Weighted, i128)]) -> Vec<Step> {
        let shown = stretches.iter().take(MOST);
        let mut steps: Vec<Step> = shown.map(|(at, ..)| Step::new(self.times(*at), at.length().to_string())).collect();
        if stretches.len() > MOST {
            steps.push(Step::new("and more", (stretches.len() - MOST).to_string()));
        }
        steps
    }

    /// What was counted in an interval, of the counts that an expression reads.
    fn counts_in(&self, of: &'a Expr, place: Place<'_>) -> Vec<Step> {
        let mut counts: Vec<&'a Expr> = Vec::new();
        self.walk(of, &mut |part| {
            let is_count = matches!(&part.kind, ExprKind::Reading(Reading { part: Part::Count(_), .. }));
            if is_count && !counts.iter().any(|known| known.kind_of_count() == part.kind_of_count()) {
                counts.push(part);
            }
        });
        let value = |count: &'a Expr| Some(Step::new(format!("`{count}`"), self.value(count, place).ok()?.shown()));
        counts.into_iter().filter_map(value).collect()
    }

    /// The occurrences behind a value.
    pub(super) fn occurrences_on_record(
        &self,
        function: Function,
        of: &'a Expr,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Vec<Step> {
        let Some(records) = self.facts.records() else { return Vec::new() };
        let Ok(mut all) = self.each(records, of, filter, place) else { return Vec::new() };
        let count: i128 = all.iter().map(|one| one.count).sum();
        if of.ty == Type::Occurrences {
            return vec![Step::new(format!("`{of}`"), count.to_string())];
        }
        if of.ty == Type::Boolean {
            let holds =
                all.iter().filter(|one| one.value == Value::Boolean(true).into()).map(|one| one.count).sum::<i128>();
            let step = Step::new(format!("`{of}`"), format!("holds for {holds} of {count}"));
            return vec![Step { from: self.cases_against(records, of, filter, place), ..step }];
        }
        worst_first(&mut all, place.wish);
        match (all.first(), all.last()) {
            (Some(worst), Some(best)) => {
                let values = counted(count, "value");
                let gives = format!("{values} from {} to {}", worst.value.shown(), best.value.shown());
                let mut steps = vec![Step::new(format!("`{of}`"), gives)];
                if let Some(percent) = function.percentile() {
                    // By nearest rank: the least that at least so many percent do not exceed.
                    let rank = (count * i128::from(percent) + 99) / 100;
                    steps.push(Step::new(format!("value {rank} of {count}"), "in rising order"));
                }
                steps
            }
            _ => vec![Step::new(format!("`{of}`"), "no values")],
        }
    }

    /// The cases for which a condition on a milestone does not hold, each with its clock.
    fn cases_against(
        &self,
        records: &'a super::records::Records,
        of: &'a Expr,
        filter: Option<&'a Expr>,
        place: Place<'_>,
    ) -> Vec<Step> {
        let ExprKind::Reading(Reading { part: Part::Milestone { name, reading: CaseReading::InTime }, .. }) = &of.kind
        else {
            return Vec::new();
        };
        let mut steps = Vec::new();
        let mut more = 0;
        for case in self.cases(records, of, filter, place).unwrap_or_default() {
            let mut from = Vec::new();
            let Ok(Value::Boolean(false)) = case.reading(name, CaseReading::InTime, &mut from) else { continue };
            if steps.len() == MOST {
                more += 1;
                continue;
            }
            let gives = if case.reached(name).is_some() { "late" } else { "open and late" };
            let priority = case.priority(case.until).ok().flatten().map_or("?", |priority| priority.head.name.as_str());
            steps.push(Step { from, ..Step::new(format!("case `{}`, {priority}", case.record.id), gives) });
        }
        if more > 0 {
            steps.push(Step::new("more that are late", more.to_string()));
        }
        steps
    }
}

impl Expr {
    /// The signal and the name of a count.
    fn kind_of_count(&self) -> Option<(&str, &str)> {
        match &self.kind {
            ExprKind::Reading(Reading { signal, part: Part::Count(name) }) => Some((signal, name)),
            _ => None,
        }
    }
}

/// Equal slices one after another, as stretches with the number of slices in each; one that counts of the whole slice measure
/// stands alone.
fn in_a_row<'w>(all: &[&'w Weighted]) -> Vec<(Interval, &'w Weighted, i128)> {
    let mut stretches: Vec<(Interval, &Weighted, i128)> = Vec::new();
    for one in all {
        let end = one.at.start + (one.at.end - one.at.start) * one.count;
        match stretches.last_mut() {
            Some((at, first, count))
                if at.end == one.at.start
                    && (&first.value, first.missing) == (&one.value, one.missing)
                    && !first.by_start
                    && !one.by_start =>
            {
                at.end = end;
                *count += one.count;
            }
            _ => stretches.push((Interval { start: one.at.start, end }, one, one.count)),
        }
    }
    stretches
}

fn counted(count: i128, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The worst for a promise first; of equal ones the earlier. Without a wish, the largest first.
fn worst_first(all: &mut [Weighted], wish: Wish) {
    let order = |one: &Known, other: &Known| match (one.ends().0, other.ends().0) {
        (Value::Boolean(one), Value::Boolean(other)) => one.cmp(other),
        (one, other) => match (one.exact(), other.exact()) {
            (Some(one), Some(other)) => Exact::cmp(one, other),
            _ => shown(one).cmp(&shown(other)),
        },
    };
    all.sort_by(|one, other| {
        let rising = order(&one.value, &other.value);
        let by_value: Ordering = if wish == Wish::High { rising } else { rising.reverse() };
        by_value.then(one.at.cmp(&other.at))
    });
}
