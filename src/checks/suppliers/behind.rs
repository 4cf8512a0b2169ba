//! Services on which others depend through what is promised of these, and which are counted by themselves.

use super::Chains;
use super::falls::Falls;
use super::network::{Leaf, Network, Part};
use crate::model::Service;
use std::collections::{BTreeMap, BTreeSet};

/// The services that are counted by themselves and on which another one depends in any case, through what is promised of it,
/// by its name: its failures include theirs.
pub(super) type Behind<'a> = BTreeMap<&'a str, Vec<&'a Service>>;

/// Those of a network, for what one service needs: such as are needed besides, or by alternatives. Nothing where it takes more
/// steps than there are left.
pub(super) fn behind<'a>(
    chains: &Chains<'a>,
    network: &Network<'a>,
    service: &'a Service,
    left: &mut usize,
) -> Option<Behind<'a>> {
    let mut counted = network.leaves();
    if counted.len() > 1 {
        counted.extend(of_alternatives(chains, network, service, left)?);
    }
    let promised: BTreeMap<&str, &Service> = counted
        .iter()
        .filter(|leaf| leaf.promise.is_some() && counted.len() > 1)
        .map(|leaf| (leaf.service.head.name.as_str(), leaf.service))
        .collect();
    let falls = Falls::of(chains.model, promised.values().copied(), left)?;
    let mut found = Behind::new();
    for leaf in &counted {
        for above in falls.with(std::iter::once(leaf.service.head.name.as_str()), left)? {
            if promised.contains_key(above.head.name.as_str()) {
                found.entry(&above.head.name).or_default().push(leaf.service);
            }
        }
    }
    Some(found)
}

/// The services that take down the whole through alternatives that each have a promise of their own. Where one that is needed
/// in any case falls with them, its promise has counted that already.
fn of_alternatives<'a>(
    chains: &Chains<'a>,
    network: &Network<'a>,
    service: &'a Service,
    left: &mut usize,
) -> Option<Vec<Leaf<'a>>> {
    let mut found = Vec::new();
    if !network.parts.iter().any(|part| matches!(part, Part::Some(..))) {
        return Some(found);
    }
    let leaves = network.leaves();
    let names =
        |leaves: &[Leaf<'a>]| leaves.iter().map(|leaf| leaf.service.head.name.as_str()).collect::<BTreeSet<_>>();
    let (known, needed) = (names(&leaves), names(&network.needed()));
    let below = Falls::of(chains.model, leaves.iter().map(|leaf| leaf.service), left)?;
    let all = Falls::of(chains.model, std::iter::once(service), left)?;
    for name in below.needed().filter(|name| !known.contains(name)) {
        let Some(leaf) = chains.model.services.get(name).and_then(|one| chains.leaf(one)) else { continue };
        let above = all.with(std::iter::once(name), left)?;
        let falls = |which: &dyn Fn(&str) -> bool| above.iter().any(|one| which(&one.head.name));
        if falls(&|one| one == service.head.name) && !falls(&|one| needed.contains(one)) {
            found.push(leaf);
        }
    }
    Some(found)
}
