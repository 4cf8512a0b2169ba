//! Which services do not work where others do not: one whose needs an outage breaks is taken with it, through alternatives of
//! which too few are left as well.

use crate::model::{Dependency, Model, Needs, Service};
use std::collections::{BTreeMap, BTreeSet};

/// The services that need others, by the names of those: as many as stand between these and some that are looked at.
#[derive(Default)]
pub(super) struct Falls<'a>(BTreeMap<&'a str, Vec<Need<'a>>>);

/// One statement of a service about what it needs.
#[derive(Clone, Copy)]
struct Need<'a> {
    of: &'a Service,
    /// Its place among those of the service.
    place: usize,
    /// So many of what is named may fail, and it still works.
    spare: usize,
}

impl<'a> Falls<'a> {
    /// What some services need, also through others; nothing where it takes more steps than there are left.
    pub fn of(model: &'a Model, looked_at: impl Iterator<Item = &'a Service>, left: &mut usize) -> Option<Falls<'a>> {
        let (mut falls, mut seen) = (Falls::default(), BTreeSet::new());
        let mut open: Vec<&Service> = looked_at.filter(|one| seen.insert(one.head.name.as_str())).collect();
        while let Some(of) = open.pop() {
            for (place, dependency) in of.depends_on.iter().enumerate() {
                let need = Need { of, place, spare: spare(dependency) };
                *left = left.checked_sub(dependency.on.len())?;
                for on in &dependency.on {
                    falls.0.entry(&on.value).or_default().push(need);
                    let below = model.services.get(&on.value);
                    open.extend(below.filter(|below| seen.insert(below.head.name.as_str())));
                }
            }
        }
        Some(falls)
    }

    /// The names of what is needed by others.
    pub fn needed(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().copied()
    }

    /// The services that do not work where none of some does; without these. Nothing where it takes more steps than there are left.
    pub fn with(&self, down: impl Iterator<Item = &'a str>, left: &mut usize) -> Option<Vec<&'a Service>> {
        let (mut found, mut open) = (Vec::new(), down.collect::<Vec<_>>());
        let mut seen: BTreeSet<&str> = open.iter().copied().collect();
        let mut failed: BTreeMap<(&str, usize), usize> = BTreeMap::new();
        while let Some(one) = open.pop() {
            for need in self.0.get(one).into_iter().flatten() {
                *left = left.checked_sub(1)?;
                let name = need.of.head.name.as_str();
                let fails = failed.entry((name, need.place)).or_default();
                *fails += 1;
                if *fails > need.spare && seen.insert(name) {
                    found.push(need.of);
                    open.push(name);
                }
            }
        }
        Some(found)
    }
}

/// How many of the services may fail of which some are needed.
fn spare(dependency: &Dependency) -> usize {
    match dependency.needs {
        Needs::All => 0,
        Needs::AtLeast(number) => dependency.on.len().saturating_sub(usize::try_from(number).unwrap_or(usize::MAX)),
    }
}
