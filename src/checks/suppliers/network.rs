//! What a service needs of others, with what is promised of them.

use super::behind::{Behind, behind};
use super::diagram::short;
use super::falls::Falls;
use super::{Chains, Promise, quoted};
use crate::model::{Commitment, Needs, Role, Service};
use crate::values::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// A service on which others depend, with what is promised of it; nothing where a supplier promises nothing of it.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    pub service: &'a Service,
    pub promise: Option<Promise<'a>>,
    /// What is promised of a supplier's service that does not work without it, where that is higher.
    pub limit: Option<Promise<'a>>,
}

impl<'a> Leaf<'a> {
    /// The part of the time in which it works at least, where all that is promised is kept.
    pub fn bound(&self) -> Exact {
        self.binding().map_or_else(Exact::zero, |promise| promise.bound())
    }

    /// The promise that allows the least of it.
    pub fn binding(&self) -> Option<Promise<'a>> {
        self.limit.or(self.promise)
    }
}

/// In so many steps what services have in common is looked for.
const MOST_COMMON: usize = 100_000;

/// A part of a network; others are known by their places.
pub(super) enum Part<'a> {
    /// A service that is not followed further.
    One(Leaf<'a>),
    /// All of these are needed.
    All(Vec<usize>),
    /// So many of these are enough, fewer than all.
    Some(usize, Vec<usize>),
}

/// What is left of a service beside others on which it depends and that are counted by themselves.
pub(super) struct Rest {
    /// The part of the time in which that works: with the others, as much as is promised.
    pub works: Exact,
    /// The part of the time in which the others work together.
    pub others: Exact,
    /// Those services.
    pub shared: Vec<usize>,
    /// The service with the others, as it is promised.
    pub whole: usize,
}

/// What a service needs. Each service stands in it once, however often it is needed, and each part behind what it is made of.
#[derive(Default)]
pub(super) struct Network<'a> {
    pub parts: Vec<Part<'a>>,
    /// The whole; nothing where nothing is needed that may fail.
    pub root: Option<usize>,
    series: BTreeMap<usize, Vec<usize>>,
    /// Services of which something is promised that is not compared, each with that promise: they are not taken to fail.
    pub unread: Vec<(&'a Service, &'a Commitment)>,
    /// Services that stand for what is left of them.
    pub rests: BTreeMap<usize, Rest>,
    /// Services of which nothing is left beside those that are counted by themselves, with these.
    pub covered: Vec<(Leaf<'a>, Vec<usize>)>,
    /// Services that do not work without several of these, or where several of them fail at once, which they limit together.
    pub limits: Vec<Leaf<'a>>,
    /// Which of these services, and of those that limit them, do not work where others do not.
    pub falls: Falls<'a>,
}

/// How far a service has been followed.
#[derive(Clone, Copy)]
enum Seen {
    Begun,
    /// Its part; nothing for what does not fail.
    Done(Option<usize>),
}

impl<'a> Network<'a> {
    /// What a service needs of which so much is promised; nothing where it is more than there are steps left.
    pub fn of(chains: &Chains<'a>, service: &'a Service, promises: usize, left: &mut usize) -> Option<Network<'a>> {
        let network = Network::follow(chains, service, &Behind::new(), left)?;
        // Each promise is compared with each of those that are needed.
        *left = left.checked_sub(network.parts.len().checked_mul(promises)?)?;
        Some(network)
    }

    /// The same where services are counted once that are needed by themselves and also through what is promised of others, or
    /// by alternatives through what is promised of each; nothing as well where there are none.
    pub fn counted_once(
        &self,
        chains: &Chains<'a>,
        service: &'a Service,
        left: &mut usize,
    ) -> Option<Option<Network<'a>>> {
        let behind = behind(chains, self, service, left)?;
        if behind.is_empty() {
            return Some(None);
        }
        Network::follow(chains, service, &behind, left).map(Some)
    }

    fn follow(chains: &Chains<'a>, service: &'a Service, behind: &Behind<'a>, left: &mut usize) -> Option<Network<'a>> {
        let mut network = Network::default();
        let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
        // A service stands twice on the stack: to be begun, and, below what it needs, to be ended.
        let mut open = vec![(service, true)];
        while let Some((one, begins)) = open.pop() {
            let name = one.head.name.as_str();
            if !begins {
                let part = match behind.get(name).zip(chains.leaf(one)) {
                    Some((shared, leaf)) => network.beside(leaf, shared, &seen, left)?,
                    None => network.gate(one, &seen),
                };
                seen.insert(name, Seen::Done(part));
                continue;
            }
            *left = left.checked_sub(1)?;
            if seen.contains_key(name) {
                continue;
            }
            let is_own = name == service.head.name;
            let leaf = chains.leaf(one).filter(|_| !is_own);
            let shared = leaf.and_then(|_| behind.get(name));
            if let Some(leaf) = leaf.filter(|_| shared.is_none()) {
                network.parts.push(Part::One(leaf));
                seen.insert(name, Seen::Done(Some(network.parts.len() - 1)));
                continue;
            }
            if !is_own && let Some(Some(commitment)) = chains.unread.get(name) {
                network.unread.push((one, commitment));
            }
            seen.insert(name, Seen::Begun);
            open.push((one, false));
            let below = one.depends_on.iter().flat_map(|dependency| &dependency.on);
            let below = below.filter_map(|needed| chains.model.services.get(&needed.value));
            let first = open.len();
            match shared {
                Some(shared) => open.extend(shared.iter().map(|below| (*below, true))),
                None => open.extend(below.map(|below| (below, true))),
            }
            if let Some(added) = open.get_mut(first..) {
                added.reverse();
            }
            *left = left.checked_sub(open.len() - first)?;
        }
        if let Some(Seen::Done(root)) = seen.get(service.head.name.as_str()) {
            network.root = *root;
        }
        network.flatten(left)?;
        (network.limits, network.falls) = chains.limits_of(&network, left)?;
        Some(network)
    }

    /// The part of a service of which something is promised, made of those on which it depends and that are needed besides,
    /// and of what is left of it.
    fn beside(
        &mut self,
        leaf: Leaf<'a>,
        shared: &[&Service],
        seen: &BTreeMap<&str, Seen>,
        left: &mut usize,
    ) -> Option<Option<usize>> {
        let part = |one: &&Service| match seen.get(one.head.name.as_str()) {
            Some(Seen::Done(part)) => *part,
            _ => None,
        };
        let mut all: Vec<usize> = shared.iter().filter_map(part).collect();
        let mut each = BTreeSet::new();
        for one in &all {
            each.extend(self.flat(*one, left)?);
        }
        let others = each.iter().fold(Exact::one(), |all, one| short(&all * &self.bound(*one)));
        let shared: Vec<usize> = each.into_iter().collect();
        let rest = leaf.bound().checked_div(&others).filter(|rest| *rest < Exact::one());
        if rest.is_some() || all.is_empty() {
            self.parts.push(Part::One(leaf));
            all.push(self.parts.len() - 1);
        } else {
            self.covered.push((leaf, shared.clone()));
        }
        if let [only] = all.as_slice() {
            return Some(Some(*only));
        }
        let whole = self.parts.len();
        if let Some(works) = rest {
            self.rests.insert(whole - 1, Rest { works, others, shared, whole });
        }
        self.parts.push(Part::All(all));
        Some(Some(whole))
    }

    /// The part of the time in which a service works at least; of one that stands for what is left of it, this.
    pub fn bound(&self, part: usize) -> Exact {
        let leaf = self.parts.get(part).and_then(Part::leaf);
        let rest = self.rests.get(&part).map(|rest| rest.works.clone());
        rest.or_else(|| leaf.map(|leaf| leaf.bound())).unwrap_or_default()
    }

    /// What the service is called that a part is.
    pub fn name(&self, part: usize) -> Option<&'a str> {
        Some(&self.parts.get(part)?.leaf()?.service.head.name)
    }

    /// The service that a part is with others on which it depends, and that are counted by themselves.
    pub fn whole(&self, part: usize) -> Option<Leaf<'a>> {
        let (rest, _) = self.rests.iter().find(|(_, rest)| rest.whole == part)?;
        self.parts.get(*rest)?.leaf()
    }

    /// The part of a service that is made of what it depends on.
    fn gate(&mut self, service: &Service, seen: &BTreeMap<&str, Seen>) -> Option<usize> {
        let mut all = Vec::new();
        for dependency in &service.depends_on {
            // A circle has been told, and what is not declared as well: neither is taken to fail.
            let on: Vec<usize> = dependency
                .on
                .iter()
                .filter_map(|needed| match seen.get(needed.value.as_str()) {
                    Some(Seen::Done(part)) => *part,
                    _ => None,
                })
                .collect();
            let certain = dependency.on.len() - on.len();
            let needed = match dependency.needs {
                Needs::All => on.len(),
                Needs::AtLeast(number) => usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(certain),
            };
            // Alternatives of which nothing is left beside one service are this one.
            let is_one = needed > 0 && on.iter().all(|part| Some(part) == on.first());
            if needed >= on.len() || is_one {
                all.extend(on);
            } else if needed > 0 {
                self.parts.push(Part::Some(needed, on));
                all.push(self.parts.len() - 1);
            }
        }
        let mut once = BTreeSet::new();
        all.retain(|part| once.insert(*part));
        if all.len() < 2 {
            return all.pop();
        }
        self.parts.push(Part::All(all));
        Some(self.parts.len() - 1)
    }

    /// Finds what is needed in any case for the whole and for each part that is one of some; nothing where it is too much.
    fn flatten(&mut self, left: &mut usize) -> Option<()> {
        let somes = self.parts.iter().filter_map(|part| match part {
            Part::Some(_, of) => Some(of.as_slice()),
            Part::One(_) | Part::All(_) => None,
        });
        let mut series: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for part in somes.flatten().chain(self.root.as_ref()) {
            if !series.contains_key(part) {
                let flat = self.flat(*part, left)?;
                series.insert(*part, flat);
            }
            *left = left.checked_sub(series.get(part).map_or(0, Vec::len))?;
        }
        self.series = series;
        Some(())
    }

    /// What is needed in any case for a part, each once: services, and parts of which some are enough.
    fn flat(&self, part: usize, left: &mut usize) -> Option<Vec<usize>> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![part], BTreeSet::new());
        while let Some(one) = open.pop() {
            *left = left.checked_sub(1)?;
            match self.parts.get(one) {
                _ if !seen.insert(one) => {}
                Some(Part::All(of)) => open.extend(of.iter().rev()),
                Some(_) => found.push(one),
                None => {}
            }
        }
        Some(found)
    }

    /// What is needed in any case for the whole, or for a part that is one of some, each once.
    pub fn series(&self, part: usize) -> &[usize] {
        self.series.get(&part).map_or(&[], Vec::as_slice)
    }

    /// The services that may fail and are needed in some way, by name.
    pub fn leaves(&self) -> Vec<Leaf<'a>> {
        self.root.map(|root| self.below(root)).unwrap_or_default()
    }

    /// The services of which a part is made, by name.
    fn below(&self, part: usize) -> Vec<Leaf<'a>> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![part], BTreeSet::new());
        while let Some(one) = open.pop() {
            match self.parts.get(one) {
                _ if !seen.insert(one) => {}
                Some(Part::One(leaf)) => found.push(*leaf),
                Some(Part::All(of) | Part::Some(_, of)) => open.extend(of),
                None => {}
            }
        }
        found.sort_by(|one, other| one.service.head.name.cmp(&other.service.head.name));
        found
    }

    /// The services without which it does not work in any case.
    pub fn needed(&self) -> Vec<Leaf<'a>> {
        let series = self.root.map(|root| self.series(root)).unwrap_or_default();
        series.iter().filter_map(|one| self.parts.get(*one)?.leaf()).collect()
    }

    /// What is needed in more than one way, once all is said that is needed in any case.
    pub fn shared(&self) -> Vec<usize> {
        let mut uses: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open = self.root.map(|root| self.series(root).to_vec()).unwrap_or_default();
        while let Some(one) = open.pop() {
            let count = uses.entry(one).or_default();
            *count += 1;
            if let (1, Some(Part::Some(_, of))) = (*count, self.parts.get(one)) {
                open.extend(of.iter().flat_map(|child| self.series(*child)).copied());
            }
        }
        uses.into_iter().filter(|(_, count)| *count > 1).map(|(one, _)| one).collect()
    }

    /// A service on which several of those depend that are needed, or one of them on another, through what is promised of
    /// them and beside what is counted by itself; in words.
    pub fn common(&self, chains: &Chains<'a>) -> Option<String> {
        let mut left = MOST_COMMON;
        let leaves = self.leaves();
        let names: BTreeSet<&str> = leaves.iter().map(|leaf| leaf.service.head.name.as_str()).collect();
        let mut reached: BTreeMap<&'a str, Vec<&'a str>> = BTreeMap::new();
        for leaf in &leaves {
            let mut seen = self.counted_besides(leaf);
            seen.insert(&leaf.service.head.name);
            let mut open = vec![leaf.service];
            while let Some(one) = open.pop() {
                let needed = one.depends_on.iter().flat_map(|dependency| &dependency.on);
                for below in needed.filter_map(|needed| chains.model.services.get(&needed.value)) {
                    left = left.checked_sub(1)?;
                    if seen.insert(below.head.name.as_str()) {
                        reached.entry(&below.head.name).or_default().push(&leaf.service.head.name);
                        open.push(below);
                    }
                }
            }
        }
        let (on, by) = reached.into_iter().find(|(on, by)| by.len() > 1 || names.contains(on))?;
        let depend = if by.len() > 1 { "depend" } else { "depends" };
        Some(format!("{} {depend} on `{on}`", quoted(by.into_iter())))
    }

    /// The services beside which one stands for what is left of it, by name.
    fn counted_besides(&self, of: &Leaf<'a>) -> BTreeSet<&'a str> {
        let rests = self.rests.iter().filter(|(part, _)| self.name(**part) == Some(&of.service.head.name));
        rests.flat_map(|(_, rest)| &rest.shared).filter_map(|one| self.name(*one)).collect()
    }

    /// What a part is called: the services of which it is made.
    pub fn words(&self, part: usize) -> String {
        quoted(self.below(part).iter().map(|leaf| leaf.service.head.name.as_str()))
    }
}

impl<'a> Part<'a> {
    /// The service that it is.
    pub fn leaf(&self) -> Option<Leaf<'a>> {
        match self {
            Part::One(leaf) => Some(*leaf),
            Part::All(_) | Part::Some(..) => None,
        }
    }
}

impl<'a> Chains<'a> {
    /// A service that is not followed further: something is promised of it, or a supplier promises nothing of it and it
    /// depends on nothing.
    pub(super) fn leaf(&self, service: &'a Service) -> Option<Leaf<'a>> {
        let promise = self.promise(&service.head.name).copied();
        let nothing = service.depends_on.is_empty() && self.role(service) == Some(Role::Supplier);
        let open = service.head.poisoned || self.unread.contains_key(service.head.name.as_str());
        (promise.is_some() || (nothing && !open)).then(|| Leaf {
            service,
            promise,
            limit: self.limit(&service.head.name),
        })
    }
}
