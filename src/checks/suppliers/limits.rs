//! Suppliers' services that do not work without others of suppliers: what is promised of them limits the outages of those as
//! well, since each of these is an outage of theirs.

use super::behind::needed_by;
use super::network::{Leaf, Network, Part};
use super::{Chains, Promise};
use crate::model::{Model, Role, Service};
use std::collections::BTreeMap;

/// The suppliers' services that do not work without another one, by its name.
pub(super) type Limits<'a> = BTreeMap<&'a str, Vec<&'a Service>>;

/// Those of an agreement; nothing where it would be too much work.
pub(super) fn limits<'a>(model: &'a Model, mut left: usize) -> Option<Limits<'a>> {
    let mut found = Limits::new();
    let supplied = |one: &&Service| one.between.by.as_ref().and_then(|by| model.role(by)) == Some(Role::Supplier);
    for service in model.services.iter().filter(supplied) {
        for below in needed_by(model, service, &mut left)? {
            found.entry(&below.head.name).or_default().push(service);
        }
    }
    Some(found)
}

impl<'a> Chains<'a> {
    /// The services of suppliers of which something is promised, and that do not work without this one.
    pub fn limited_by(&self, service: &str) -> impl Iterator<Item = &'a Service> {
        let all = self.limits.iter().filter_map(|all| all.get(service)).flatten().copied();
        all.filter(|one| !self.promises(&one.head.name).is_empty())
    }

    /// All promises that an outage of a service breaks where it lasts for too long: its own, and those of the suppliers' services
    /// that do not work without it.
    pub fn binding(&self, service: &str) -> Vec<Promise<'a>> {
        let others = self.limited_by(service).flat_map(|one| self.promises(&one.head.name));
        self.promises(service).iter().chain(others).copied().collect()
    }

    /// The highest promise of a supplier's service that does not work without another one, where it is higher than what is
    /// promised of that.
    pub fn limit(&self, service: &str) -> Option<Promise<'a>> {
        let others = self.limited_by(service).filter_map(|one| self.promise(&one.head.name).copied());
        let highest = others.min_by_key(|one| (one.slack(), !one.strict));
        highest.filter(|one| self.promise(service).is_none_or(|own| one.slack() < own.slack()))
    }

    /// The services that limit several of those in a network together, with their parts of it.
    pub(super) fn limits_of(&self, network: &Network<'a>) -> Vec<(Leaf<'a>, Vec<usize>)> {
        let mut found: BTreeMap<&str, (&'a Service, Vec<usize>)> = BTreeMap::new();
        let leaves = network.parts.iter().enumerate().filter_map(|(at, part)| Some((at, part.leaf()?)));
        for (at, leaf) in leaves {
            for service in self.limited_by(&leaf.service.head.name) {
                found.entry(&service.head.name).or_insert_with(|| (service, Vec::new())).1.push(at);
            }
        }
        let rest = |name: &str| network.rests.keys().any(|part| network.name(*part) == Some(name));
        let several = found.into_iter().filter(|(name, (_, parts))| parts.len() > 1 && !rest(name));
        let leaf = |service: &'a Service| Leaf {
            service,
            promise: self.promise(&service.head.name).copied(),
            limit: self.limit(&service.head.name),
        };
        several.map(|(_, (service, parts))| (leaf(service), parts)).collect()
    }
}

impl<'a> Network<'a> {
    /// The services that limit others in it: one of them, or several together; each once, by name.
    pub fn limiting(&self) -> Vec<&'a Service> {
        let alone = self.parts.iter().filter_map(Part::leaf).filter_map(|leaf| Some(leaf.limit?.service));
        let mut all: Vec<&Service> = alone.chain(self.limits.iter().map(|(leaf, _)| leaf.service)).collect();
        all.sort_by(|one, other| one.head.name.cmp(&other.head.name));
        all.dedup_by(|one, other| one.head.name == other.head.name);
        all
    }
}
