//! What is promised of a service besides a part of the time, such as a length of time or a number of outages: a course of
//! events that is shown keeps that too.

use super::spans::sharing;
use super::trial::{Bad, Trial, daily, is_shown, outage};
use super::{Chains, First, Promise, is_under, time_words};
use crate::evaluate::{Interval, Verdict};
use crate::model::{Commitment, Model, Target};
use crate::values::{Exact, Rounding};

/// A target that is read from states and counts, and is no part of the time.
#[derive(Clone, Copy)]
pub(super) struct Besides<'a> {
    pub commitment: &'a Commitment,
    pub target: &'a Target,
}

/// Whether a course of events keeps what is promised besides.
pub(super) enum Kept<'a> {
    /// All of it, or nothing is.
    All,
    /// It breaks this.
    Broken(Besides<'a>),
    /// Of this it is not known.
    Hidden(Besides<'a>),
}

impl<'a> Kept<'a> {
    /// Of both; what is broken is told first.
    fn and(self, other: Kept<'a>) -> Kept<'a> {
        match (&self, &other) {
            (Kept::Broken(_), _) | (_, Kept::All) => self,
            (_, Kept::Broken(_)) | (Kept::All, _) => other,
            _ => self,
        }
    }
}

/// Those of a service where the options of ours are chosen: of a promise for several options, those for which the lowest part
/// of the time is promised, where one is.
fn of_service<'a>(chains: &Chains<'a>, service: &str) -> Vec<Besides<'a>> {
    let compared: Vec<&Commitment> =
        chains.promises(service).iter().filter_map(|one| Some(one.commitment?.0)).collect();
    let chosen = |one: &Besides<'a>| {
        let head = &one.commitment.head;
        let mut family = compared.iter().filter(|other| other.head.family == head.family).peekable();
        is_under(&head.variant, chains.variant)
            && (family.peek().is_none() || family.any(|other| other.head.name == head.name))
    };
    chains.besides.get(service).into_iter().flatten().copied().filter(chosen).collect()
}

/// Whether a course of events keeps all that is promised of a service besides.
pub(super) fn kept<'a>(chains: &Chains<'a>, service: &str, bad: Bad<'_>, first: &First, left: &mut i128) -> Kept<'a> {
    kept_each(chains, service, &|_| bad, first, left)
}

/// The same where it is another course of events for each of them.
pub(super) fn kept_each<'a, 'b>(
    chains: &Chains<'a>,
    service: &str,
    bad: &dyn Fn(&Besides<'a>) -> Bad<'b>,
    first: &First,
    left: &mut i128,
) -> Kept<'a> {
    let all = of_service(chains, service).into_iter();
    all.fold(Kept::All, |kept, one| match keeps(chains.model, one, bad(&one), first, left) {
        Some(true) => kept,
        Some(false) => kept.and(Kept::Broken(one)),
        None => kept.and(Kept::Hidden(one)),
    })
}

/// Whether one of them is kept in all windows that share time with one of ours; nothing where that cannot be computed.
fn keeps(model: &Model, of: Besides<'_>, bad: Bad<'_>, first: &First, left: &mut i128) -> Option<bool> {
    let windows = sharing(model, &of.target.window, first.at)?;
    let trial = Trial::of_target(model, (of.commitment, of.target), first, left).ok()??;
    let (mut kept, mut known) = (true, true);
    for at in windows {
        match trial.judged_in(at, bad, left).ok().flatten().map(|judged| judged.verdict) {
            Some(Verdict::Met | Verdict::NotApplicable) => {}
            Some(Verdict::Missed) => kept = false,
            Some(Verdict::NotMeasured(_)) | None => known = false,
        }
    }
    (known || !kept).then_some(kept)
}

/// What is shown of one service where more is promised of it than a part of the time.
pub(super) enum Shown<'a> {
    /// All that the part of the time allows.
    Whole,
    /// Something less, in words.
    Less(String),
    /// Nothing was found that keeps the rest and breaks ours.
    Nothing(Kept<'a>),
}

/// Looks for what keeps all that is promised of a service, and breaks ours: the longest outage that its part of the time
/// allows, the shortest that breaks ours, short ones on many days, and a part of what happens that fails all the time.
pub(super) fn shown<'a>(
    chains: &Chains<'a>,
    own: &Promise<'_>,
    service: &str,
    first: &First,
    left: &mut i128,
) -> Shown<'a> {
    if of_service(chains, service).is_empty() {
        return Shown::Whole;
    }
    let (model, theirs) = (chains.model, chains.promises(service));
    let whole = Exact::one();
    let Some(longest) = outage(model, theirs, first) else { return Shown::Whole };
    let bad = |at| Bad { at, part: &whole, unmeasured: false };
    let all = [longest];
    let kept_by_rest = kept(chains, service, bad(&all), first, left);
    if matches!(kept_by_rest, Kept::All) {
        return Shown::Whole;
    }
    let slice = theirs.iter().chain([own]).filter_map(|one| super::trial::slice(model, one)).max();
    let slice = slice.unwrap_or(60_000_000_000);
    let beyond = beyond(own, first, slice);
    let least = [Interval { end: longest.start + beyond, ..longest }];
    let days = daily(model, first, beyond, slice);
    let part = theirs.first().map_or_else(Exact::zero, Promise::slack);
    let always = [first.at];
    let less = (least.iter().all(|one| one.end < longest.end)).then(|| {
        (bad(&least), {
            let length = least.first().map(|one| time_words(&one.length())).unwrap_or_default();
            format!("`{service}` may be down for {length}, from {},", super::trial::from(model, longest))
        })
    });
    let each_day = days.first().filter(|_| days.len() > 1).map(|one| {
        let length = time_words(&one.length());
        (bad(&days), format!("`{service}` may be down for {length} on each of {} days", days.len()))
    });
    let partly = Bad { at: &always, part: &part, unmeasured: false };
    let partly = (partly, format!("`{service}` may fail {} of what is asked all the time", super::stated(&part)));
    for (bad, words) in less.into_iter().chain(each_day).chain([partly]) {
        let holds = is_shown(model, own, theirs, (first, bad), left)
            && theirs.iter().all(|one| super::trial::keeps(model, one, bad, first, left))
            && matches!(kept(chains, service, bad, first, left), Kept::All);
        if holds {
            return Shown::Less(words);
        }
    }
    Shown::Nothing(kept_by_rest)
}

/// How long an outage is that is just more than ours allows, in whole slices; in nanoseconds.
fn beyond(own: &Promise<'_>, first: &First, slice: i128) -> i128 {
    let nanos = first.length(&own.slack()).seconds() * Exact::from_int(1_000_000_000);
    let nanos = nanos.round_to(&Exact::one(), Rounding::Floor).to_i64().map_or(i128::MAX / 2, i128::from);
    (nanos / slice + 1).saturating_mul(slice)
}
