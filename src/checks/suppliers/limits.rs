//! Suppliers' services that do not work without others of suppliers: what is promised of them limits the outages of those as
//! well, since each of these is an outage of theirs.

use super::falls::Falls;
use super::network::{Leaf, Network, Part};
use super::{Chains, Promise};
use crate::model::{Model, Role, Service};
use std::collections::{BTreeMap, BTreeSet};

/// The suppliers' services that do not work without others.
pub(super) struct Limits<'a> {
    /// What they need.
    falls: Falls<'a>,
    /// Those that do not work without a single one, by the name of that.
    alone: BTreeMap<&'a str, Vec<&'a Service>>,
}

/// Those of an agreement; nothing where it would be too much work.
pub(super) fn limits<'a>(model: &'a Model, mut left: usize) -> Option<Limits<'a>> {
    let supplied = |one: &&Service| one.between.by.as_ref().and_then(|by| model.role(by)) == Some(Role::Supplier);
    let falls = Falls::of(model, model.services.iter().filter(supplied), &mut left)?;
    let mut alone = BTreeMap::new();
    for name in falls.needed() {
        let mut above = falls.with(std::iter::once(name), &mut left)?;
        above.retain(supplied);
        above.sort_by_key(|one| one.head.name_span);
        alone.insert(name, above);
    }
    Some(Limits { falls, alone })
}

impl<'a> Chains<'a> {
    /// The services of suppliers of which something is promised, and that do not work without this one.
    pub fn limited_by(&self, service: &str) -> impl Iterator<Item = &'a Service> {
        let all = self.limits.iter().filter_map(|all| all.alone.get(service)).flatten().copied();
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

    /// The services that limit several of those in a network together: they do not work without any of these, or where some of
    /// them fail at once; with what all of its services and these need. Nothing where it takes more steps than there are left.
    pub(super) fn limits_of(&self, network: &Network<'a>, left: &mut usize) -> Option<(Vec<Leaf<'a>>, Falls<'a>)> {
        let leaves = network.leaves();
        let names: BTreeSet<&str> = leaves.iter().map(|leaf| leaf.service.head.name.as_str()).collect();
        let supplied = match self.limits.as_ref() {
            Some(limits) => limits.falls.with(names.iter().copied(), left)?,
            None => Vec::new(),
        };
        let mut all: BTreeMap<&str, &Service> =
            leaves.iter().map(|leaf| leaf.service).chain(supplied).map(|one| (one.head.name.as_str(), one)).collect();
        all.retain(|name, one| !one.depends_on.is_empty() && !self.promises(name).is_empty());
        let falls = Falls::of(self.model, all.values().copied(), left)?;
        let mut alone: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for name in names.iter().filter(|_| !all.is_empty()) {
            for above in falls.with(std::iter::once(*name), left)? {
                alone.entry(&above.head.name).or_default().insert(name);
            }
        }
        let rest = |name: &str| network.rests.keys().any(|part| network.name(*part) == Some(name));
        let mut found = Vec::new();
        for (name, service) in all {
            let each = alone.remove(name).unwrap_or_default();
            let others = names.iter().copied().filter(|one| *one != name && !each.contains(one));
            let at_once = || Some(falls.with(others, left)?.iter().any(|one| one.head.name == name));
            // What stands for what is left of it fails with those beside which that is left.
            let with_one = each.len() > 1 || (each.len() == 1 && names.contains(name));
            if (with_one && !rest(name)) || at_once()? {
                let promise = self.promise(name).copied();
                found.push(Leaf { service, promise, limit: self.limit(name) });
            }
        }
        Some((found, falls))
    }
}

impl<'a> Network<'a> {
    /// The services that limit others in it: one of them, or several together; each once, by name.
    pub fn limiting(&self) -> Vec<&'a Service> {
        let alone = self.parts.iter().filter_map(Part::leaf).filter_map(|leaf| Some(leaf.limit?.service));
        let mut all: Vec<&Service> = alone.chain(self.limits.iter().map(|leaf| leaf.service)).collect();
        all.sort_by(|one, other| one.head.name.cmp(&other.head.name));
        all.dedup_by(|one, other| one.head.name == other.head.name);
        all
    }
}
