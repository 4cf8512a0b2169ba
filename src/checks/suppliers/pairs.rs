//! Our commitments beside those of the services that they depend on.

use super::shared::needs_all;
use super::{Chains, Promise};
use crate::model::{Commitment, Service, Target};
use std::collections::{BTreeMap, BTreeSet};
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
    /// of ours: what is promised of these is compared one after another, but we pay ourselves nothing.
    pub(super) fn owed(&self, left: &mut usize) -> Owed<'a> {
        let (mut pairs, mut left_out) = (Vec::new(), None);
        let mut below = Below { chains: self, known: BTreeMap::new() };
        for own in self.own().0 {
            let ours = sides(own.highest());
            let Some(first) = ours.first() else { continue };
            let supplied = below.supplied(first.promise.service, left);
            let also = own.network.needed().into_iter().map(|leaf| leaf.service).filter(|one| self.is_supplied(one));
            let needed = supplied.map(|supplied| each_once(supplied.iter().copied().chain(also)));
            let needed = needed.filter(|needed| needed.len() * ours.len() <= *left);
            let Some(needed) = needed else {
                (*left, left_out) = (0, Some(*first));
                break;
            };
            *left -= needed.len() * ours.len();
            let needed: Vec<Rc<[Side<'a>]>> =
                needed.iter().map(|one| sides(highest(self.promises(&one.head.name))).into()).collect();
            for ours in ours {
                let with = needed.iter().filter_map(|theirs| Some((ours, *theirs.first()?, Rc::clone(theirs))));
                pairs.extend(with);
            }
        }
        let (received, others) = pairs.into_iter().partition(|(own, other, _): &Pair<'a>| {
            let provider = own.promise.service.between.by.as_ref().map(|by| &by.party);
            let to = &other.promise.service.between.to;
            to.is_empty() || to.iter().any(|to| provider == Some(&to.party))
        });
        Owed { received, others, left_out }
    }
}

/// What suppliers owe for the services that ours need.
pub(super) struct Owed<'a> {
    /// That which the provider of ours receives.
    pub received: Vec<Pair<'a>>,
    /// That which is owed to somebody else.
    pub others: Vec<Pair<'a>>,
    /// Ours from which on nothing is looked at, since it would be too much.
    pub left_out: Option<Side<'a>>,
}

/// The services of suppliers that services of ours need in any case, also through others of ours. What is below a service is
/// found once, however many services are above it.
struct Below<'a, 'c> {
    chains: &'c Chains<'a>,
    known: BTreeMap<&'a str, Rc<[&'a Service]>>,
}

impl<'a> Below<'a, '_> {
    /// Those below one; nothing where there are no steps left.
    fn supplied(&mut self, service: &'a Service, left: &mut usize) -> Option<Rc<[&'a Service]>> {
        let (mut open, mut begun) = (vec![service], BTreeSet::new());
        while let Some(one) = open.last().copied() {
            let name = one.head.name.as_str();
            if self.known.contains_key(name) {
                open.pop();
                continue;
            }
            let (theirs, ours): (Vec<&Service>, Vec<&Service>) =
                self.needed(one).partition(|on| self.chains.is_supplied(on));
            let unknown = |on: &&Service| !self.known.contains_key(on.head.name.as_str());
            *left = left.checked_sub(theirs.len() + ours.len() + 1)?;
            // Of services that need each other, what is known when one comes again is enough.
            if begun.insert(name) && ours.iter().any(unknown) {
                open.extend(ours.into_iter().filter(unknown));
                continue;
            }
            let below: Vec<Rc<[&Service]>> =
                ours.iter().filter_map(|on| self.known.get(on.head.name.as_str()).cloned()).collect();
            let all = match (theirs.as_slice(), below.as_slice()) {
                ([], [one]) => Rc::clone(one),
                _ => {
                    *left = left.checked_sub(below.iter().map(|one| one.len()).sum())?;
                    each_once(theirs.into_iter().chain(below.iter().flat_map(|one| one.iter().copied()))).into()
                }
            };
            self.known.insert(name, all);
            open.pop();
        }
        self.known.get(service.head.name.as_str()).cloned()
    }

    /// The services without which one does not work.
    fn needed(&self, service: &'a Service) -> impl Iterator<Item = &'a Service> + use<'a> {
        let model = self.chains.model;
        let needed = service.depends_on.iter().filter(|dependency| needs_all(dependency));
        needed.flat_map(|dependency| &dependency.on).filter_map(|on| model.services.get(&on.value))
    }
}

/// Services in their order, each once.
fn each_once<'a>(services: impl Iterator<Item = &'a Service>) -> Vec<&'a Service> {
    let mut seen = BTreeSet::new();
    services.filter(|one| seen.insert(one.head.name.as_str())).collect()
}
