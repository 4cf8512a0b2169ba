//! Services on which others depend through what is promised of these, and which are needed besides.

use super::falls::Falls;
use super::network::Network;
use crate::model::{Model, Service};
use std::collections::BTreeMap;

/// The services of a network on which one of its services depends in any case, through what is promised of it, by its name:
/// its failures include theirs.
pub(super) type Behind<'a> = BTreeMap<&'a str, Vec<&'a Service>>;

/// Those of a network; nothing where it takes more steps than there are left.
pub(super) fn behind<'a>(model: &'a Model, network: &Network<'a>, left: &mut usize) -> Option<Behind<'a>> {
    let leaves = network.leaves();
    let promised: BTreeMap<&str, &Service> = leaves
        .iter()
        .filter(|leaf| leaf.promise.is_some() && leaves.len() > 1)
        .map(|leaf| (leaf.service.head.name.as_str(), leaf.service))
        .collect();
    let falls = Falls::of(model, promised.values().copied(), left)?;
    let mut found = Behind::new();
    for leaf in &leaves {
        for above in falls.with(std::iter::once(leaf.service.head.name.as_str()), left)? {
            if promised.contains_key(above.head.name.as_str()) {
                found.entry(&above.head.name).or_default().push(leaf.service);
            }
        }
    }
    Some(found)
}
