//! Services on which others depend through what is promised of these, and which are needed besides.

use super::network::Network;
use super::shared::needs_all;
use crate::model::{Model, Service};
use std::collections::{BTreeMap, BTreeSet};

/// The services of a network on which one of its services depends in any case, through what is promised of it, by its name:
/// its failures include theirs.
pub(super) type Behind<'a> = BTreeMap<&'a str, Vec<&'a Service>>;

/// Those of a network; nothing where it takes more steps than there are left.
pub(super) fn behind<'a>(model: &'a Model, network: &Network<'a>, left: &mut usize) -> Option<Behind<'a>> {
    let leaves = network.leaves();
    let names: BTreeSet<&str> = leaves.iter().map(|leaf| leaf.service.head.name.as_str()).collect();
    let mut found = Behind::new();
    let promised = leaves.iter().filter(|leaf| leaf.promise.is_some() && leaves.len() > 1);
    for service in promised.map(|leaf| leaf.service) {
        let mut shared = needed_by(model, service, left)?;
        shared.retain(|one| names.contains(one.head.name.as_str()));
        if !shared.is_empty() {
            found.insert(&service.head.name, shared);
        }
    }
    Some(found)
}

/// The services without which one does not work, also through others.
pub(super) fn needed_by<'a>(model: &'a Model, service: &'a Service, left: &mut usize) -> Option<Vec<&'a Service>> {
    let (mut found, mut open) = (Vec::new(), vec![service]);
    let mut seen = BTreeSet::from([service.head.name.as_str()]);
    while let Some(one) = open.pop() {
        for on in one.depends_on.iter().filter(|one| needs_all(one)).flat_map(|dependency| &dependency.on) {
            *left = left.checked_sub(1)?;
            let below = model.services.get(&on.value).filter(|below| seen.insert(below.head.name.as_str()));
            found.extend(below);
            open.extend(below);
        }
    }
    Some(found)
}
