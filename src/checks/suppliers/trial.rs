//! What comes out of a promise where something is supposed to fail.

use super::spans::sharing;
use super::{First, Promise};
use crate::calculus::{Binary, ExprKind, Function, Part, Value};
use crate::evaluate::{Budget, Interval, Judged, Sense, Supposed, Verdict, suppose};
use crate::model::{Commitment, Model, Target};
use crate::values::{Exact, Ratio, Timestamp};
use crate::wording::date_time;
use std::borrow::Cow;

/// A promise that is read in more slices of a window is not supposed anything of: a quarter has no more minutes.
pub(super) const MOST_SLICES: i128 = 140_000;
/// So many slices are looked at for the outages that one check shows.
pub(super) const ALL_SLICES: i128 = 3_000_000;

/// That there are too many slices.
pub(super) struct TooMuch;

/// What goes wrong in a window, and when.
#[derive(Clone, Copy)]
pub(super) struct Bad<'b> {
    pub at: &'b [Interval],
    /// How much of what happens fails then.
    pub part: &'b Exact,
    /// Whether nothing is measured then, instead.
    pub unmeasured: bool,
}

/// A promise that is supposed to be measured, with what is good for it.
pub(super) struct Trial<'a> {
    model: &'a Model,
    commitment: Cow<'a, Commitment>,
    window: Interval,
    sense: Sense,
}

impl<'a> Trial<'a> {
    /// All that a commitment promises. Nothing where it cannot be found out what is good: then all is well without an outage,
    /// and something is lost with one.
    pub fn new(
        model: &'a Model,
        (commitment, target): (&'a Commitment, &Target),
        first: &First,
        left: &mut i128,
    ) -> Result<Option<Trial<'a>>, TooMuch> {
        Trial::with(model, (Cow::Borrowed(commitment), target), first, left)
    }

    /// The same for one target of a commitment, as if it had no other.
    pub fn of_target(
        model: &'a Model,
        (commitment, target): (&'a Commitment, &Target),
        first: &First,
        left: &mut i128,
    ) -> Result<Option<Trial<'a>>, TooMuch> {
        let alone = match commitment.targets.len() {
            0 | 1 => Cow::Borrowed(commitment),
            _ => Cow::Owned(Commitment { targets: vec![target.clone()], ..commitment.clone() }),
        };
        Trial::with(model, (alone, target), first, left)
    }

    fn with(
        model: &'a Model,
        (commitment, target): (Cow<'a, Commitment>, &Target),
        first: &First,
        left: &mut i128,
    ) -> Result<Option<Trial<'a>>, TooMuch> {
        let mut trial = Trial { model, commitment, window: first.at, sense: Sense::Plain };
        let whole = Exact::one();
        for sense in [Sense::Plain, Sense::Turned] {
            trial.sense = sense;
            let bad = |at| Bad { at, part: &whole, unmeasured: false };
            let Some(none) = trial.judged(bad(&[]), left)?.filter(|none| none.verdict == Verdict::Met) else {
                continue;
            };
            let all = trial.judged(bad(&[first.at]), left)?;
            if all.is_some_and(|all| all.verdict == Verdict::Missed || is_worse(target, &all, &none)) {
                return Ok(Some(trial));
            }
        }
        Ok(None)
    }

    pub fn judged(&self, bad: Bad<'_>, left: &mut i128) -> Result<Option<Judged>, TooMuch> {
        self.judged_in(self.window, bad, left)
    }

    /// What comes of it in another window.
    pub fn judged_in(&self, window: Interval, bad: Bad<'_>, left: &mut i128) -> Result<Option<Judged>, TooMuch> {
        let Trial { model, commitment, sense, .. } = self;
        let (most_slices, unmeasured) = (MOST_SLICES, bad.unmeasured);
        let of = Supposed { model, commitment, window, most_slices, unmeasured };
        let cost = of.cost();
        if cost > MOST_SLICES {
            return Err(TooMuch);
        }
        *left -= cost.saturating_add(i128::try_from(bad.at.len()).unwrap_or(MOST_SLICES));
        if *left < 0 {
            return Err(TooMuch);
        }
        Ok(suppose(of, bad.at, bad.part, *sense, &Budget::new(1_000_000)))
    }
}

/// Whether a promise of a supplier is kept, as far as that can be computed.
pub(super) fn keeps(model: &Model, promise: &Promise<'_>, bad: Bad<'_>, first: &First, left: &mut i128) -> bool {
    let Some(windows) = sharing(model, promise.window, first.at) else { return false };
    let down = |window: Interval| {
        let nanos: i128 = bad.at.iter().map(|bad| bad.and(window)).map(|bad| (bad.end - bad.start).max(0)).sum();
        Interval { start: 0, end: nanos }.length().times(bad.part)
    };
    let Some(of) = promise.commitment else {
        return windows.into_iter().all(|window| down(window) <= window.length().times(&promise.slack()));
    };
    let Ok(Some(trial)) = Trial::new(model, of, first, left) else { return false };
    windows.into_iter().all(|at| {
        let judged = trial.judged_in(at, bad, left).ok().flatten();
        judged.is_some_and(|judged| judged.verdict == Verdict::Met)
    })
}

/// What a promise comes to.
pub(super) fn attained(judged: &Judged) -> Option<&Value> {
    Some(judged.attained.first()?.as_ref().ok()?.ends().0)
}

/// Whether one result is worse than another.
fn is_worse(target: &Target, one: &Judged, than: &Judged) -> bool {
    let number = |judged: &Judged| match attained(judged)? {
        Value::Ratio(Ratio(number)) | Value::Number(number) => Some(number.clone()),
        Value::Duration(time) => Some(time.seconds().clone()),
        _ => None,
    };
    let both = number(one).zip(number(than));
    both.is_some_and(|(one, than)| if target.is_floor() { one < than } else { one > than })
}

/// Whether a promise loses as much as what it measures fails, however that is spread: it has no threshold, is not
/// rounded, and takes means and shares alone.
pub(super) fn is_in_proportion(model: &Model, promise: &Promise<'_>) -> bool {
    let Some((_, target)) = promise.commitment else { return true };
    let mut all = true;
    model.through(&target.measure, &mut |part| {
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
    (first, bad): (&First, Bad<'_>),
    left: &mut i128,
) -> bool {
    let proportional = |one: &Promise<'_>| is_in_proportion(model, one);
    let kept = theirs.iter().all(|one| proportional(one) || keeps(model, one, bad, first, left));
    kept && (proportional(own) || {
        let Some(of) = own.commitment else { return false };
        let trial = Trial::of_target(model, of, first, left).ok().flatten();
        let judged = trial.and_then(|trial| trial.judged(bad, left).ok().flatten());
        judged.is_some_and(|judged| judged.verdict == Verdict::Missed)
    })
}

/// The longest outage that all promises of a service allow once in a window, in whole slices of theirs, about its middle.
pub(super) fn outage(model: &Model, theirs: &[Promise<'_>], first: &First) -> Option<Interval> {
    let slice = theirs.iter().filter_map(|one| slice(model, one)).max().unwrap_or(1);
    let most = theirs.iter().map(|one| one.slack()).min()?;
    let seconds = first.length(&most).seconds() * Exact::from_int(1_000_000_000);
    let down = i128::from(seconds.floor().to_i64()?) / slice * slice;
    outage_of(model, first, down)
}

/// An outage of a length in nanoseconds that begins with the day in the middle of a window; nothing where it does not fit.
pub(super) fn outage_of(model: &Model, first: &First, length: i128) -> Option<Interval> {
    let middle = first.at.start + (first.at.end - first.at.start) / 2;
    let from = Timestamp::from_nanosecond(middle).ok()?;
    let zone = model.agreement.clock();
    let start = zone.start_of_day(zone.date(from))?.as_nanosecond().max(first.at.start);
    (length > 0 && start + length <= first.at.end).then_some(Interval { start, end: start + length })
}

/// Equal outages that begin with days of a window, one a day, in whole slices and as short as possible, that last for some time
/// together or just longer; in nanoseconds.
pub(super) fn daily(model: &Model, first: &First, together: i128, slice: i128) -> Vec<Interval> {
    let zone = model.agreement.clock();
    let days = std::iter::successors(Some(first.days.0), |day| day.tomorrow().ok());
    let starts = days.take_while(|day| *day <= first.days.1).filter_map(|day| zone.start_of_day(day));
    let starts: Vec<i128> = starts.map(|start| start.as_nanosecond().max(first.at.start)).collect();
    let up = |length: i128, step: i128| (length + step - 1) / step.max(1);
    let days = i128::try_from(starts.len()).unwrap_or(1).max(1);
    let each = up(up(together, days), slice) * slice;
    let needed = usize::try_from(up(together, each)).unwrap_or(0);
    let all = starts.into_iter().take(needed).map(|start| Interval { start, end: start + each });
    all.filter(|one| one.end <= first.at.end).collect()
}

/// The longest slice in which a promise is measured, in nanoseconds; nothing where it is measured without slices.
pub(super) fn slice(model: &Model, promise: &Promise<'_>) -> Option<i128> {
    let (_, target) = promise.commitment?;
    let slice = super::super::slack::coarsest(model, &target.measure)?;
    crate::evaluate::nanos(&slice.length).filter(|slice| *slice > 0)
}

/// When an outage begins, in words.
pub(super) fn from(model: &Model, bad: Interval) -> String {
    let start = Timestamp::from_nanosecond(bad.start).ok();
    start.map(|start| date_time(model.agreement.clock().local(start))).unwrap_or_default()
}
