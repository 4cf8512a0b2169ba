//! Outages of several services one after another, tried out on all that is promised of them.

use super::besides::{Kept, kept};
use super::network::Leaf;
use super::trial::{Bad, Trial, from, keeps, outage_of, slice};
use super::{Chains, First, Promise, time_words};
use crate::evaluate::{Interval, Verdict};
use crate::values::Exact;
use crate::wording::listed;
use std::cmp::Reverse;

/// One outage of each of some services without which ours does not work, one after another in the middle of a window, each for
/// as long as it may be down in whole slices: in words, where that keeps all that is promised of each and breaks ours.
pub(super) fn one_after_another<'a>(
    chains: &Chains<'a>,
    own: &Promise<'a>,
    needed: &[Leaf<'a>],
    (first, may): (&First, &dyn Fn(&Leaf<'a>) -> Exact),
    slices: &mut i128,
) -> Option<String> {
    let model = chains.model;
    let lengths = needed.iter().map(|leaf| {
        let theirs = chains.promises(&leaf.service.head.name);
        let slice = theirs.iter().filter_map(|one| slice(model, one)).max().unwrap_or(1);
        let nanos = first.length(&may(leaf)).seconds() * Exact::from_int(1_000_000_000);
        (leaf, slice, i128::from(nanos.floor().to_i64().unwrap_or(0)) / slice * slice)
    });
    let mut lengths: Vec<(&Leaf<'_>, i128, i128)> = lengths.filter(|(_, _, length)| *length > 0).collect();
    // Those with the longest slices first, so that each begins with a slice of its own.
    lengths.sort_by_key(|(_, slice, _)| Reverse(*slice));
    let whole = outage_of(model, first, lengths.iter().map(|(_, _, length)| length).sum())?;
    let mut start = whole.start;
    let mut outages = Vec::new();
    for (leaf, _, length) in lengths {
        outages.push((leaf, Interval { start, end: start + length }));
        start += length;
    }
    let part = Exact::one();
    for (leaf, outage) in &outages {
        let name = &leaf.service.head.name;
        let bad = Bad { at: &[*outage], part: &part, unmeasured: false };
        let keeps = chains.promises(name).iter().all(|one| keeps(model, one, bad, first, slices));
        if !keeps || !matches!(kept(chains, name, bad, first, slices), Kept::All) {
            return None;
        }
    }
    let trial = Trial::of_target(model, own.commitment?, first, slices).ok()??;
    let judged = trial.judged(Bad { at: &[whole], part: &part, unmeasured: false }, slices).ok()??;
    if judged.verdict != Verdict::Missed {
        return None;
    }
    let times =
        outages.iter().map(|(leaf, at)| format!("`{}` for {}", leaf.service.head.name, time_words(&at.length())));
    Some(format!(
        "in {} {} are down one after another, from {}: each keeps what is promised of it if it is down for no longer, and `{}` \
         may be down {}",
        first.words,
        listed(&times.collect::<Vec<_>>(), "and"),
        from(model, whole),
        own.service.head.name,
        own.only(&time_words(&first.length(&own.slack())))
    ))
}
