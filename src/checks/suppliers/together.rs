//! For how much of one window what a service needs fails at most, whichever windows the promises of others have.

use super::network::{Leaf, Network};
use super::window::{most_down, whole};
use super::worst::Worst;
use super::{Chains, First, Promise, percent};
use crate::evaluate::Interval;
use crate::values::Exact;
use std::collections::BTreeMap;

/// So many windows of a promise are looked at, from the first one on.
const MOST_WINDOWS: usize = 12;
/// So much is computed for the windows of all promises together.
pub(super) const MOST_WORK: usize = 1_000_000;

/// The part of a window in which each service fails, by name.
type Parts = BTreeMap<String, Exact>;

/// That it would be too much work.
pub(super) struct TooMuch;

/// A window in which a service may fail for longer than is promised of it.
pub(super) struct Together {
    pub first: Option<First>,
    pub fails: Exact,
    /// Whether there is a course of events in which it does; otherwise it may be less.
    pub exact: bool,
    /// Whether it comes from promises over other windows.
    pub windows: bool,
    may: Parts,
    /// What it is said of.
    over: Over,
}

/// Of which windows it is said how much fails at most.
#[derive(Clone, Copy)]
enum Over {
    /// Of each: all promises are for the same windows.
    Each,
    /// Of the one that is shown.
    One,
    /// Of one that would be a window of every promise.
    Common,
}

impl Together {
    /// That of the first window in which there is one.
    pub fn of(
        chains: &Chains<'_>,
        network: &Network<'_>,
        own: &Promise<'_>,
        (steps, work): (&mut usize, &mut usize),
    ) -> Result<Option<Together>, TooMuch> {
        let leaves = network.leaves();
        let strict = leaves.iter().any(|leaf| leaf.binding().is_some_and(|promise| promise.strict));
        let by_rates = Worst::of(network, &|leaf| Exact::one() - leaf.bound(), steps);
        let broken = own.is_broken_by(&by_rates.fails, strict);
        let model = chains.model;
        let promises: Vec<Promise<'_>> =
            leaves.iter().flat_map(|leaf| chains.binding(&leaf.service.head.name)).collect();
        let anchors = model.agreement.effective.as_ref().map(|term| model.agreement.anchors(term.from));
        let same = |one: &Promise<'_>| anchors.is_some_and(|anchors| one.window.is_aligned(anchors, own.window));
        let windows = promises.iter().any(|one| !same(one));
        let rates = || Together {
            first: First::of(model, own.window).filter(|_| !windows),
            fails: by_rates.fails.clone(),
            exact: by_rates.exact && !windows,
            windows: false,
            may: leaves.iter().map(|leaf| (leaf.service.head.name.clone(), Exact::one() - leaf.bound())).collect(),
            over: if windows { Over::Common } else { Over::Each },
        };
        let limited: Vec<Leaf<'_>> = leaves.iter().chain(&network.limits).copied().collect();
        let all = whole(model, own.window).filter(|_| windows && leaves.len() > 1);
        for at in all.into_iter().flatten().take(MOST_WINDOWS) {
            let Some((may, exact)) = each(chains, &limited, at, work)? else { break };
            let most = |leaf: &Leaf<'_>| may.get(&leaf.service.head.name).cloned().unwrap_or_else(Exact::one);
            let worst = Worst::of(network, &most, steps);
            if own.is_broken_by(&worst.fails, false) {
                let (first, exact) = (First::at(model, at), exact && worst.exact);
                let over = Over::One;
                return Ok(Some(Together { first, fails: worst.fails, exact, windows: !broken, may, over }));
            }
        }
        Ok(broken.then(rates))
    }

    /// How much works at least, as a step of what is computed.
    pub fn step(&self) -> String {
        let over = match (self.over, &self.first) {
            (Over::One, Some(first)) => format!(", {}", first.inside()),
            (Over::Common, _) => ", in a window of all of them".to_owned(),
            _ => String::new(),
        };
        let least = if self.exact { "" } else { "at least " };
        format!("whatever they have in common{over}: {least}{}", percent(&(Exact::one() - &self.fails)))
    }

    /// The part of the window in which a service fails.
    pub fn may(&self, leaf: &Leaf<'_>) -> Exact {
        self.may.get(&leaf.service.head.name).cloned().unwrap_or_default()
    }
}

/// The part of a window in which each service may be down; nothing where a promise has no windows in time.
fn each(
    chains: &Chains<'_>,
    leaves: &[Leaf<'_>],
    at: Interval,
    work: &mut usize,
) -> Result<Option<(Parts, bool)>, TooMuch> {
    let (mut may, mut all) = (BTreeMap::new(), true);
    for leaf in leaves {
        let theirs = chains.binding(&leaf.service.head.name);
        *work = work.checked_sub(theirs.len() + 1).ok_or(TooMuch)?;
        if theirs.is_empty() {
            may.insert(leaf.service.head.name.clone(), Exact::one());
            continue;
        }
        let Some((share, exact)) = most_down(chains.model, &theirs, at, work) else {
            return if *work == 0 { Err(TooMuch) } else { Ok(None) };
        };
        all &= exact;
        may.insert(leaf.service.head.name.clone(), share);
    }
    Ok(Some((may, all)))
}
