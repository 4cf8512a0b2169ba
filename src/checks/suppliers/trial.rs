//! What comes out of a promise where something is supposed to fail.

use super::spans::sharing;
use super::{First, Promise, Side, sides};
use crate::calculus::{Binary, ExprKind, Function, Part, Value};
use crate::evaluate::{Budget, Interval, Judged, Sense, Supposed, Verdict, suppose};
use crate::model::Model;
use crate::values::{Exact, Ratio, Timestamp};
use crate::wording::date_time;

/// A promise that is read in more slices of a window is not supposed anything of.
pub(super) const MOST_SLICES: i128 = 100_000;
/// So many slices are looked at for the outages that one check shows.
pub(super) const ALL_SLICES: i128 = 3_000_000;

/// That there are too many slices.
pub(super) struct TooMuch;

/// A promise that is supposed to be measured, with what is good for it.
pub(super) struct Trial<'a> {
    of: Supposed<'a>,
    sense: Sense,
}

impl<'a> Trial<'a> {
    /// Nothing where it cannot be found out what is good: then all is well without an outage, and something is lost with one.
    pub fn new(
        model: &'a Model,
        side: &Side<'a>,
        first: &First,
        left: &mut i128,
    ) -> Result<Option<Trial<'a>>, TooMuch> {
        let of = Supposed { model, commitment: side.commitment, window: first.at, most_slices: MOST_SLICES };
        for sense in [Sense::Plain, Sense::Turned] {
            let mut trial = Trial { of, sense };
            let Some(none) = trial.judged(&[], &Exact::one(), left)?.filter(|none| none.verdict == Verdict::Met) else {
                continue;
            };
            let all = trial.judged(&[first.at], &Exact::one(), left)?;
            if all.is_some_and(|all| all.verdict == Verdict::Missed || is_worse(side, &all, &none)) {
                return Ok(Some(trial));
            }
        }
        Ok(None)
    }

    pub fn judged(&mut self, bad: &[Interval], part: &Exact, left: &mut i128) -> Result<Option<Judged>, TooMuch> {
        let cost = self.of.cost();
        if cost > MOST_SLICES {
            return Err(TooMuch);
        }
        *left -= cost.saturating_add(i128::try_from(bad.len()).unwrap_or(MOST_SLICES));
        if *left < 0 {
            return Err(TooMuch);
        }
        Ok(suppose(self.of, bad, part, self.sense, &Budget::new(1_000_000)))
    }
}

/// Whether a promise of a supplier is kept, as far as that can be computed.
pub(super) fn keeps(
    model: &Model,
    promise: &Promise<'_>,
    (bad, part): (&[Interval], &Exact),
    first: &First,
    left: &mut i128,
) -> bool {
    let Some(windows) = sharing(model, promise.window, first.at) else { return false };
    let down = |window: Interval| {
        let nanos: i128 = bad.iter().map(|bad| bad.and(window)).map(|bad| (bad.end - bad.start).max(0)).sum();
        Interval { start: 0, end: nanos }.length().times(part)
    };
    let Some(side) = sides(vec![*promise]).pop() else {
        return windows.into_iter().all(|window| down(window) <= window.length().times(&promise.slack()));
    };
    let Ok(Some(trial)) = Trial::new(model, &side, first, left) else { return false };
    windows.into_iter().all(|at| {
        let mut trial = Trial { of: Supposed { window: at, ..trial.of }, sense: trial.sense };
        let judged = trial.judged(bad, part, left).ok().flatten();
        judged.is_some_and(|judged| judged.verdict == Verdict::Met)
    })
}

/// What a promise comes to.
pub(super) fn attained(judged: &Judged) -> Option<Exact> {
    match judged.attained.first()?.as_ref().ok()?.ends().0 {
        Value::Ratio(Ratio(part)) => Some(part.clone()),
        _ => None,
    }
}

/// Whether one result is worse than another.
fn is_worse(side: &Side<'_>, one: &Judged, than: &Judged) -> bool {
    let both = attained(one).zip(attained(than));
    both.is_some_and(|(one, than)| if side.target.is_floor() { one < than } else { one > than })
}

/// Whether a promise loses as much as what it measures fails, however that is spread: it has no threshold, is not
/// rounded, and takes means and shares alone.
pub(super) fn is_in_proportion(model: &Model, promise: &Promise<'_>) -> bool {
    let Some((_, target)) = promise.commitment else { return true };
    let mut all = true;
    super::super::slack::through(model, &target.measure, &mut |part| {
        all &= match &part.kind {
            ExprKind::Literal(_) | ExprKind::Constant(_) | ExprKind::Reading(_) => true,
            ExprKind::Metric(name) => model.metrics.get(name).is_some_and(|metric| metric.round.is_none()),
            ExprKind::Binary { op, .. } => matches!(op, Binary::Add | Binary::Subtract | Binary::Divide),
            ExprKind::Apply { function: Function::Mean, filter: None, .. } => true,
            ExprKind::Apply { function: Function::Share, slice: None, filter: None, arguments, .. } => {
                arguments.iter().all(|one| matches!(&one.kind, ExprKind::Reading(of) if of.part == Part::State))
            }
            _ => false,
        };
    });
    all
}

/// Whether an outage breaks our promise, and keeps all of others; that is computed where a promise is not in proportion.
pub(super) fn is_shown(
    model: &Model,
    own: &Promise<'_>,
    theirs: &[Promise<'_>],
    (first, bad): (&First, &[Interval]),
    left: &mut i128,
) -> bool {
    let proportional = |one: &Promise<'_>| is_in_proportion(model, one);
    let whole = Exact::one();
    let kept = theirs.iter().all(|one| proportional(one) || keeps(model, one, (bad, &whole), first, left));
    kept && (proportional(own) || {
        let Some(side) = sides(vec![*own]).pop() else { return false };
        let trial = Trial::new(model, &side, first, left).ok().flatten();
        let judged = trial.and_then(|mut trial| trial.judged(bad, &whole, left).ok().flatten());
        judged.is_some_and(|judged| judged.verdict == Verdict::Missed)
    })
}

/// The longest outage that all promises of a service allow once in a window, in whole slices of theirs, about its middle.
pub(super) fn outage(model: &Model, theirs: &[Promise<'_>], first: &First) -> Option<Interval> {
    let slice = theirs.iter().filter_map(|one| {
        let (_, target) = one.commitment?;
        crate::evaluate::nanos(&super::super::slack::coarsest(model, &target.measure)?.length)
    });
    let slice = slice.max().filter(|slice| *slice > 0).unwrap_or(1);
    let most = theirs.iter().map(|one| one.slack()).min()?;
    let seconds = first.length(&most).seconds() * Exact::from_int(1_000_000_000);
    let down = i128::from(seconds.floor().to_i64()?) / slice * slice;
    let middle = first.at.start + (first.at.end - first.at.start) / 2;
    let from = Timestamp::from_nanosecond(middle).ok()?;
    let zone = model.agreement.clock();
    let start = zone.start_of_day(zone.date(from))?.as_nanosecond().max(first.at.start);
    (down > 0 && start + down <= first.at.end).then_some(Interval { start, end: start + down })
}

/// When an outage begins, in words.
pub(super) fn from(model: &Model, bad: Interval) -> String {
    let start = Timestamp::from_nanosecond(bad.start).ok();
    start.map(|start| date_time(model.agreement.clock().local(start))).unwrap_or_default()
}
