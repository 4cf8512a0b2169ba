//! Which of our promises are paid for one outage of a service on which all of them depend.

use super::{Chains, Side, highest, sides};
use crate::model::{Choice, Dependency, Model, Needs, Service};
use std::collections::{BTreeMap, BTreeSet};

/// In so many steps what depends on services is followed.
const MOST_STEPS: usize = 5_000_000;

/// The services of ours that depend in any case on another, by its name; and what has been looked at.
pub(super) struct Shared<'a> {
    above: BTreeMap<&'a str, Vec<&'a Service>>,
    seen: BTreeSet<(&'a [Choice], &'a str, String)>,
    told: BTreeSet<(Vec<&'a str>, &'a str)>,
    left: usize,
}

impl<'a> Shared<'a> {
    /// That of an agreement, with nothing looked at.
    pub fn of(model: &'a Model) -> Shared<'a> {
        let mut above: BTreeMap<&'a str, Vec<&'a Service>> = BTreeMap::new();
        for service in &model.services {
            let needed = service.depends_on.iter().filter(|dependency| needs_all(dependency));
            for on in needed.flat_map(|dependency| &dependency.on) {
                above.entry(&on.value).or_default().push(service);
            }
        }
        Shared { above, seen: BTreeSet::new(), told: BTreeSet::new(), left: MOST_STEPS }
    }

    /// Ours that are paid for one outage of a service, this one first, where it is the first of several that are not looked
    /// at yet: each service of ours that depends on it, also through another of ours. Nothing as well where there are no
    /// steps left, which is known by `is_spent`.
    pub fn paid(&mut self, chains: &Chains<'a>, own: &Side<'a>, other: &Side<'a>) -> Option<Vec<Side<'a>>> {
        let key = (chains.variant, other.commitment.head.name.as_str(), own.target.window.to_string());
        if own.commitment.credit.is_none() || !self.seen.insert(key) {
            return None;
        }
        let mut services = vec![own.promise.service];
        services.extend(self.depending(chains, other.promise.service)?);
        let names: BTreeSet<&str> = services.iter().map(|service| service.head.name.as_str()).collect();
        let mut ours: Vec<Side<'a>> =
            names.into_iter().flat_map(|name| sides(highest(chains.promises(name)))).collect();
        ours.retain(|one| one.commitment.credit.is_some() && one.target.window == own.target.window);
        let names = ours.iter().map(|one| one.commitment.head.name.as_str()).collect();
        ours.sort_by_key(|one| one.commitment.head.name != own.commitment.head.name);
        (ours.len() > 1 && self.told.insert((names, &other.commitment.head.name))).then_some(ours)
    }

    /// Whether there are no steps left.
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// The services of ours that do not work without one of a supplier, also through others of ours.
    fn depending(&mut self, chains: &Chains<'a>, on: &'a Service) -> Option<Vec<&'a Service>> {
        let (mut found, mut seen, mut open) = (Vec::new(), BTreeSet::new(), Vec::new());
        if chains.is_supplied(on) {
            open.push(on);
        }
        while let Some(one) = open.pop() {
            for above in self.above.get(one.head.name.as_str()).into_iter().flatten() {
                self.left = self.left.saturating_sub(1);
                if self.left == 0 {
                    return None;
                }
                if chains.is_own(above) && seen.insert(above.head.name.as_str()) {
                    found.push(*above);
                    open.push(above);
                }
            }
        }
        Some(found)
    }
}

/// Whether each of the services is needed.
pub(super) fn needs_all(dependency: &Dependency) -> bool {
    match dependency.needs {
        Needs::All => true,
        Needs::AtLeast(number) => usize::try_from(number).is_ok_and(|number| number >= dependency.on.len()),
    }
}
