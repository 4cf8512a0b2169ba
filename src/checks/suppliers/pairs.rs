//! Our commitments beside those of the services that they depend on.

use super::{Chains, Promise};
use crate::model::{Commitment, Target};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A commitment with the target that is compared.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub promise: Promise<'a>,
    pub commitment: &'a Commitment,
    pub target: &'a Target,
}

/// A commitment of ours, the highest of a service without which its own does not work, and all of that service.
pub(super) type Pair<'a> = (Side<'a>, Side<'a>, Rc<[Side<'a>]>);

/// Those that are commitments.
pub(super) fn sides(promises: Vec<Promise<'_>>) -> Vec<Side<'_>> {
    let sides = promises
        .into_iter()
        .filter_map(|promise| promise.commitment.map(|(commitment, target)| Side { promise, commitment, target }));
    sides.collect()
}

/// The highest promise of each commitment, and the figures.
pub(super) fn highest<'a>(promises: &[Promise<'a>]) -> Vec<Promise<'a>> {
    let mut told = BTreeSet::new();
    let all = promises.iter().copied();
    all.filter(|one| one.commitment.is_none_or(|(one, _)| told.insert(one.head.name.as_str()))).collect()
}

impl<'a> Chains<'a> {
    /// Each of our commitments with what is committed of each service without which its own does not work: the highest
    /// commitment, and all of them, each by its highest target.
    pub(super) fn pairs(&self) -> Vec<Pair<'a>> {
        let mut pairs = Vec::new();
        for own in self.own().0 {
            let needed = own.network.needed();
            let needed: Vec<Rc<[Side<'a>]>> =
                needed.iter().map(|leaf| sides(highest(self.promises(&leaf.service.head.name))).into()).collect();
            for ours in sides(own.highest()) {
                let with = needed.iter().filter_map(|theirs| Some((ours, *theirs.first()?, Rc::clone(theirs))));
                pairs.extend(with);
            }
        }
        pairs
    }

    /// The pairs of which the provider of ours receives what is owed under the other one, and those of which a supplier owes it
    /// to somebody else. What we owe ourselves for a service in between is in neither.
    pub(super) fn owed(&self) -> (Vec<Pair<'a>>, Vec<Pair<'a>>) {
        let of_suppliers = self.pairs().into_iter().filter(|(_, other, _)| self.is_supplied(other.promise.service));
        of_suppliers.partition(|(own, other, _)| {
            let provider = own.promise.service.between.by.as_ref().map(|by| &by.party);
            let to = &other.promise.service.between.to;
            to.is_empty() || to.iter().any(|to| provider == Some(&to.party))
        })
    }
}
