//! What would come out of a promise in a window in which what it measures is bad at some times, or a part of it is, and
//! good at all others.

use super::budget::Budget;
use super::facts::Facts;
use super::interval::{Interval, nanos};
use super::plan::{Plan, most_slices};
use super::promise::{Judged, judge};
use super::records::{Counts, Cuts, Occurrences, Recorded, Records, States};
use crate::calculus::{Binary, Expr, ExprKind, Part, Value};
use crate::model::{Commitment, Model, Signal, SignalKind};
use crate::values::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// Nanoseconds for which one event is supposed: a load that is the same at all times.
const EVENT: i128 = 1_000_000;
/// Metrics in metrics are followed so deep.
const DEEPEST: usize = 64;

/// Which values are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// A state that holds, and counts of failures that are zero.
    Plain,
    /// A state that does not hold, and counts of successes that are as high as their total.
    Turned,
}

/// A window of a promise with what is bad in it.
#[derive(Clone, Copy, Debug)]
pub struct Supposed<'a> {
    /// The agreement.
    pub model: &'a Model,
    /// The promise.
    pub commitment: &'a Commitment,
    /// The window.
    pub window: Interval,
    /// The promise is not judged where it is read in more slices than these.
    pub most_slices: i128,
    /// Whether what is bad is that nothing is measured at these times; otherwise it is measured, and fails.
    pub unmeasured: bool,
}

impl Supposed<'_> {
    /// In how many slices it is read.
    #[must_use]
    pub fn cost(&self) -> i128 {
        most_slices(self.model, self.commitment, self.window).unwrap_or(self.most_slices)
    }
}

/// Judges a promise whose signals are bad at some times, and good and measured without a gap at all others. Where a part
/// of what happens is bad, so many of the events at these times are. Nothing where it reads anything but states and counts
/// of events, where a state is to be bad in part, and where there is too much.
#[must_use]
pub fn suppose(of: Supposed<'_>, bad: &[Interval], part: &Exact, sense: Sense, budget: &Budget) -> Option<Judged> {
    let Supposed { model, commitment, window, unmeasured, .. } = of;
    if most_slices(model, commitment, window)? > of.most_slices {
        return None;
    }
    let mut parts = Parts::default();
    commitment.measured().into_iter().try_for_each(|expr| parts.add(model, expr, DEEPEST))?;
    let mut facts = Facts::default();
    // What begins or ends within a slice is measured by itself.
    bad.iter().for_each(|at| facts.state("", Some(*at), Value::Boolean(true)));
    let cuts = Plan::of_one(model, commitment, window).cuts(&facts).ok()?;
    let mut records = Records { until: window.end, ..Records::default() };
    for (name, cuts) in cuts {
        let signal = model.signals.get(&name)?;
        let recorded = match signal.kind {
            SignalKind::Events if unmeasured => parts.with_gaps(signal, cuts, window, bad, sense)?,
            SignalKind::State if unmeasured => states_with_gaps(window, bad, signal, sense),
            SignalKind::Events => parts.events(signal, cuts, window, (bad, part), sense)?,
            SignalKind::State if *part == Exact::one() => states(signal, window, bad, sense),
            SignalKind::State => return None,
            SignalKind::Samples | SignalKind::Cases | SignalKind::Scores => return None,
        };
        records.began.insert(name.clone(), window.start);
        records.signals.insert(name, recorded);
    }
    Some(judge(model, commitment, &facts.with_records(records), window, budget))
}

/// What a promise reads of events.
#[derive(Default)]
struct Parts<'a> {
    /// Counts by which others are divided, each with its signal: how many there are in all.
    totals: BTreeSet<(&'a str, &'a str)>,
    seen: BTreeSet<&'a str>,
}

impl<'a> Parts<'a> {
    /// Adds what an expression reads; nothing where it reads what cannot be supposed.
    fn add(&mut self, model: &'a Model, expr: &'a Expr, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match &expr.kind {
            ExprKind::Reading(reading) if !matches!(reading.part, Part::Count(_) | Part::State) => return None,
            ExprKind::Metric(name) if self.seen.insert(name) => {
                self.add(model, &model.metrics.get(name)?.value, depth)?;
            }
            ExprKind::Binary { op: Binary::Divide, right, .. } => {
                if let ExprKind::Reading(reading) = &right.kind
                    && let Part::Count(count) = &reading.part
                {
                    self.totals.insert((&reading.signal, count));
                }
            }
            _ => {}
        }
        expr.parts().into_iter().try_for_each(|part| self.add(model, part, depth))
    }

    /// Events under a load that is the same at all times.
    fn events(
        &self,
        signal: &Signal,
        cuts: Cuts,
        window: Interval,
        (bad, part): (&[Interval], &Exact),
        sense: Sense,
    ) -> Option<Recorded> {
        let counts = self.counted(signal, &cuts, window, (bad, part), (sense, false))?;
        Some(Recorded::Events(counts, Occurrences::new(cuts, Vec::new())))
    }

    /// Events of which none is bad, and which are not measured at some times.
    fn with_gaps(
        &self,
        signal: &Signal,
        cuts: Cuts,
        window: Interval,
        gaps: &[Interval],
        sense: Sense,
    ) -> Option<Recorded> {
        let mut all = self.counted(signal, &cuts, window, (gaps, &Exact::zero()), (sense, true))?;
        if let Some(grace) = signal.missing.as_ref().and_then(|missing| nanos(missing.after.as_ref()?)) {
            all = all.with_gaps(gaps.iter().filter(|gap| gap.end - gap.start >= grace).copied().collect());
        }
        Some(Recorded::Events(all, Occurrences::new(cuts, Vec::new())))
    }

    /// What is counted, cell by cell.
    fn counted(
        &self,
        signal: &Signal,
        cuts: &Cuts,
        window: Interval,
        (bad, part): (&[Interval], &Exact),
        (sense, gaps): (Sense, bool),
    ) -> Option<Counts> {
        let names: Vec<String> = signal.counts.iter().map(|count| count.head.name.clone()).collect();
        let is_total = |name: &String| self.totals.contains(&(signal.head.name.as_str(), name.as_str()));
        let totals: Vec<bool> = names.iter().map(is_total).collect();
        let mut counts = Counts::new(cuts.clone(), names);
        let mut row = vec![None; totals.len()];
        for cell in cuts.each().filter(|cell| window.covers(*cell) && !(gaps && is_in(bad, *cell))) {
            let all = u64::try_from((cell.end - cell.start) / EVENT).ok()?.max(1);
            let failing = match is_in(bad, cell) {
                true => u64::try_from((part * Exact::from_int(i64::try_from(all).ok()?)).floor().to_i64()?).ok()?,
                false => 0,
            };
            for (count, is_total) in row.iter_mut().zip(&totals) {
                *count = Some(match sense {
                    _ if *is_total => all,
                    Sense::Plain => failing,
                    Sense::Turned => all.checked_sub(failing)?,
                });
            }
            counts.add(cell.start, &row).ok()?;
        }
        counts.close().ok()
    }
}

/// When a state is bad for those who read it: one that is read at intervals from the first reading on at which it is, until
/// the first one at which it is not.
fn as_read(signal: &Signal, window: Interval, bad: &[Interval]) -> Vec<Interval> {
    let every = signal.every.as_ref().and_then(|every| nanos(&every.value)).filter(|every| *every > 0).unwrap_or(1);
    let reading = |at: i128| {
        let after = (at - window.start + every - 1).div_euclid(every) * every;
        (window.start + after).clamp(window.start, window.end)
    };
    let mut read: Vec<Interval> = Vec::new();
    for at in bad.iter().map(|at| Interval { start: reading(at.start), end: reading(at.end) }) {
        match read.last_mut() {
            Some(last) if at.start <= last.end => last.end = last.end.max(at.end),
            _ if at.is_empty() => {}
            _ => read.push(at),
        }
    }
    read
}

/// A state that is read without a gap.
fn states(signal: &Signal, window: Interval, bad: &[Interval], sense: Sense) -> Recorded {
    let good = sense == Sense::Plain;
    let mut states = States::default();
    states.add(window.start, good, None);
    for at in &as_read(signal, window, bad) {
        states.add(at.start, !good, None);
        states.add(at.end, good, None);
    }
    recorded(signal, states, window)
}

/// A state that is good at all times, and of which nothing is known at some.
fn states_with_gaps(window: Interval, gaps: &[Interval], signal: &Signal, sense: Sense) -> Recorded {
    let good = sense == Sense::Plain;
    let mut states = States::default();
    states.add(window.start, good, None);
    for gap in gaps {
        states.end(gap.start, None);
        states.add(gap.end, good, None);
    }
    recorded(signal, states, window)
}

fn recorded(signal: &Signal, mut states: States, window: Interval) -> Recorded {
    states.end(window.end, None);
    let key = signal.fields.iter().map(|field| field.head.name.clone()).collect();
    Recorded::States(BTreeMap::from([(key, states)]))
}

/// Whether an interval lies in one of several, which are in order.
fn is_in(all: &[Interval], at: Interval) -> bool {
    let before = all.partition_point(|one| one.start <= at.start).checked_sub(1);
    before.and_then(|before| all.get(before)).is_some_and(|one| one.covers(at))
}
