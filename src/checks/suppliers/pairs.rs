//! Our commitments beside those of the services that they depend on.

use super::shared::needs_all;
use super::{Chains, Promise};
use crate::model::{Commitment, Service, Target};
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

    /// Each of our commitments with what suppliers commit of each service without which its own does not work, also through others
    /// of ours: what is promised of these is compared one after another, but we pay ourselves nothing. First those of which the
    /// provider of ours receives what is owed, and then those of which it is owed to somebody else.
    pub(super) fn owed(&self) -> (Vec<Pair<'a>>, Vec<Pair<'a>>) {
        let mut pairs = Vec::new();
        for own in self.own().0 {
            let Some(service) = own.highest().first().map(|one| one.service) else { continue };
            let mut needed = self.supplied_below(service);
            for leaf in own.network.needed() {
                if self.is_supplied(leaf.service) && needed.iter().all(|one| one.head.name != leaf.service.head.name) {
                    needed.push(leaf.service);
                }
            }
            let needed: Vec<Rc<[Side<'a>]>> =
                needed.iter().map(|one| sides(highest(self.promises(&one.head.name))).into()).collect();
            for ours in sides(own.highest()) {
                let with = needed.iter().filter_map(|theirs| Some((ours, *theirs.first()?, Rc::clone(theirs))));
                pairs.extend(with);
            }
        }
        pairs.into_iter().partition(|(own, other, _)| {
            let provider = own.promise.service.between.by.as_ref().map(|by| &by.party);
            let to = &other.promise.service.between.to;
            to.is_empty() || to.iter().any(|to| provider == Some(&to.party))
        })
    }

    /// The services of suppliers that are needed in any case, in the order in which they are named.
    fn supplied_below(&self, service: &'a Service) -> Vec<&'a Service> {
        let (mut found, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![service]);
        while let Some(one) = open.pop() {
            let needed = one.depends_on.iter().filter(|dependency| needs_all(dependency));
            let needed =
                needed.flat_map(|dependency| &dependency.on).filter_map(|on| self.model.services.get(&on.value));
            let (theirs, ours): (Vec<&Service>, Vec<&Service>) =
                needed.filter(|on| seen.insert(on.head.name.as_str())).partition(|on| self.is_supplied(on));
            found.extend(theirs);
            open.extend(ours);
        }
        found
    }
}
