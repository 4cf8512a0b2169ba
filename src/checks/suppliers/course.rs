//! Outages of several services one after another, tried out on all that is promised of them.

use super::besides::{Kept, kept};
use super::network::Leaf;
use super::trial::{Bad, Trial, from, keeps, outage_of, slice};
use super::{Chains, First, Promise, quoted, time_words};
use crate::evaluate::{Interval, Verdict};
use crate::model::Service;
use crate::values::Exact;
use crate::wording::listed;
use std::cmp::Reverse;
use std::collections::BTreeMap;

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
    let nanos = |part: &Exact| {
        let nanos = first.length(part).seconds() * Exact::from_int(1_000_000_000);
        i128::from(nanos.floor().to_i64().unwrap_or(0))
    };
    // What is left for each supplier's service that does not work without some of these.
    let mut spare: BTreeMap<&str, i128> = BTreeMap::new();
    let lengths = needed.iter().map(|leaf| {
        let name = &leaf.service.head.name;
        let slice = chains.binding(name).iter().filter_map(|one| slice(model, one)).max().unwrap_or(1);
        let above: Vec<&Promise<'a>> =
            chains.limited_by(name).filter_map(|one| chains.promise(&one.head.name)).collect();
        let left = above.iter().map(|one| *spare.entry(&one.service.head.name).or_insert_with(|| nanos(&one.slack())));
        let length = left.fold(nanos(&may(leaf)), i128::min) / slice * slice;
        for one in above {
            spare.entry(&one.service.head.name).and_modify(|left| *left -= length);
        }
        (leaf, slice, length)
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
    let limiting = limiting(chains, &outages);
    for (service, at) in &limiting {
        let bad = Bad { at, part: &part, unmeasured: false };
        let name = &service.head.name;
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
    let lasts = |(leaf, at): &(&Leaf<'a>, Interval)| (leaf.service.head.name.as_str(), time_words(&at.length()));
    let from = from(model, whole);
    let with = match limiting.as_slice() {
        [] => String::new(),
        [(one, _)] => format!(", and so does `{}`, which does not work then", one.head.name),
        many => format!(
            ", and so do {}, which do not work then",
            quoted(many.iter().map(|(one, _)| one.head.name.as_str()))
        ),
    };
    let how = match outages.as_slice() {
        [only] => {
            let (name, length) = lasts(only);
            format!(
                "`{name}` is down for {length}, from {from}: it keeps what is promised of it if it is down for no longer"
            )
        }
        all => {
            let times = all.iter().map(lasts).map(|(name, length)| format!("`{name}` for {length}"));
            format!(
                "{} are down one after another, from {from}: each keeps what is promised of it if it is down for no longer",
                listed(&times.collect::<Vec<_>>(), "and")
            )
        }
    };
    Some(format!(
        "in {} {how}{with}, and `{}` may be down {}",
        first.words,
        own.service.head.name,
        own.only(&time_words(&first.length(&own.slack())))
    ))
}

/// The suppliers' services that are down because of outages of those without which they do not work, each with these.
fn limiting<'a>(chains: &Chains<'a>, outages: &[(&Leaf<'a>, Interval)]) -> Vec<(&'a Service, Vec<Interval>)> {
    let mut found: Vec<(&Service, Vec<Interval>)> = Vec::new();
    for (leaf, at) in outages {
        for service in chains.limited_by(&leaf.service.head.name) {
            match found.iter_mut().find(|(known, _)| known.head.name == service.head.name) {
                Some((_, all)) => all.push(*at),
                None => found.push((service, vec![*at])),
            }
        }
    }
    // One that is down by itself as well has all of its outages.
    for (service, all) in &mut found {
        all.extend(outages.iter().filter(|(leaf, _)| leaf.service.head.name == service.head.name).map(|(_, at)| *at));
        all.sort_unstable();
    }
    found
}
