//! For how much of the time enough of what a service needs works, where services fail independently of each other.
//!
//! Each part of a network becomes a decision diagram: it asks of one service after the other whether it works, and what
//! comes to the same is one node. A service that is needed in several ways is thereby asked once, so that the result is exact.

use super::network::{Network, Part};
use crate::values::{Exact, Rounding};
use std::collections::BTreeMap;

/// The node that works, whatever else does.
const WORKS: usize = 1;
/// The node that does not.
const FAILS: usize = 0;
/// Shares with a longer denominator are rounded down.
const MOST_BITS: u64 = 512;

/// A service, what follows where it works, and what follows where it does not.
type Node = (usize, usize, usize);

/// The diagrams of a network.
pub(super) struct Diagram {
    nodes: Vec<Node>,
    known: BTreeMap<Node, usize>,
    chosen: BTreeMap<(usize, usize, usize), usize>,
    /// For how much of the time each node fails: exactly, or a little less where the number would become too long.
    fails: Vec<Exact>,
    /// The diagram of each part that is needed in any case or one of some.
    parts: BTreeMap<usize, usize>,
}

/// What is still to be done for a choice.
enum Task {
    Choose(usize, usize, usize),
    Join(usize, (usize, usize, usize)),
}

impl Diagram {
    /// That of a network; nothing where it takes more steps than there are left.
    pub fn of(network: &Network<'_>, left: &mut usize) -> Option<Diagram> {
        let mut diagram = Diagram {
            // No service stands behind the two ends.
            nodes: vec![(usize::MAX, FAILS, FAILS), (usize::MAX, WORKS, WORKS)],
            known: BTreeMap::new(),
            chosen: BTreeMap::new(),
            fails: vec![Exact::one(), Exact::zero()],
            parts: BTreeMap::new(),
        };
        for (index, part) in network.parts.iter().enumerate() {
            let node = match part {
                Part::One(_) => diagram.node((index, WORKS, FAILS), &network.bound(index)),
                Part::Some(number, of) => {
                    let mut each = Vec::new();
                    for one in of {
                        let node = diagram.all(network, *one, left)?;
                        diagram.parts.insert(*one, node);
                        each.push(node);
                    }
                    diagram.some(network, *number, &each, left)?
                }
                Part::All(_) => continue,
            };
            diagram.parts.insert(index, node);
        }
        let whole = network.root.map(|root| diagram.all(network, root, left));
        if let (Some(root), Some(node)) = (network.root, whole) {
            diagram.parts.insert(root, node?);
        }
        Some(diagram)
    }

    /// For how much of the time a part fails, rounded down where the number is very long.
    pub fn fails(&self, part: Option<usize>) -> Exact {
        let node = part.and_then(|part| self.parts.get(&part));
        node.and_then(|node| self.fails.get(*node)).cloned().unwrap_or_default()
    }

    /// All that is needed in any case for a part.
    fn all(&mut self, network: &Network<'_>, part: usize, left: &mut usize) -> Option<usize> {
        let mut each = network.series(part).to_vec();
        *left = left.checked_sub(each.len())?;
        // The last one first: what comes before it is put in front, and what is behind stays as it is.
        each.sort_unstable();
        let mut whole = WORKS;
        for one in each.into_iter().rev() {
            let node = *self.parts.get(&one)?;
            whole = self.choose(network, node, whole, FAILS, left)?;
        }
        Some(whole)
    }

    /// At least so many of some.
    fn some(&mut self, network: &Network<'_>, number: usize, of: &[usize], left: &mut usize) -> Option<usize> {
        // What works where none, one, two … of those that are looked at have still to work.
        let mut still = vec![FAILS; number + 1];
        *still.first_mut()? = WORKS;
        for one in of.iter().rev() {
            for count in (1..=number).rev() {
                let (fewer, same) = (*still.get(count - 1)?, *still.get(count)?);
                *still.get_mut(count)? = self.choose(network, *one, fewer, same, left)?;
            }
        }
        still.pop()
    }

    /// One diagram where another works, and a third one where it does not.
    fn choose(
        &mut self,
        network: &Network<'_>,
        which: usize,
        yes: usize,
        no: usize,
        left: &mut usize,
    ) -> Option<usize> {
        let (mut tasks, mut done) = (vec![Task::Choose(which, yes, no)], Vec::new());
        while let Some(task) = tasks.pop() {
            *left = left.checked_sub(1)?;
            match task {
                Task::Choose(WORKS, yes, _) => done.push(yes),
                Task::Choose(FAILS, _, no) => done.push(no),
                Task::Choose(_, yes, no) if yes == no => done.push(yes),
                Task::Choose(which, WORKS, FAILS) => done.push(which),
                Task::Choose(which, yes, no) => {
                    let all = (which, yes, no);
                    if let Some(known) = self.chosen.get(&all) {
                        done.push(*known);
                        continue;
                    }
                    let (which, yes, no) = (*self.nodes.get(which)?, *self.nodes.get(yes)?, *self.nodes.get(no)?);
                    let first = which.0.min(yes.0).min(no.0);
                    let at =
                        |node: Node, itself: usize| if node.0 == first { (node.1, node.2) } else { (itself, itself) };
                    let (which, yes, no) = (at(which, all.0), at(yes, all.1), at(no, all.2));
                    tasks.push(Task::Join(first, all));
                    tasks.push(Task::Choose(which.1, yes.1, no.1));
                    tasks.push(Task::Choose(which.0, yes.0, no.0));
                }
                Task::Join(first, all) => {
                    let (fails, works) = (done.pop()?, done.pop()?);
                    let node = self.node((first, works, fails), &network.bound(first));
                    self.chosen.insert(all, node);
                    done.push(node);
                }
            }
        }
        done.pop()
    }

    fn node(&mut self, node: Node, works: &Exact) -> usize {
        let (_, yes, no) = node;
        if yes == no {
            return yes;
        }
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        let fails = |of: usize| self.fails.get(of).cloned().unwrap_or_default();
        self.fails.push(short(works * &fails(yes) + (Exact::one() - works) * &fails(no)));
        self.nodes.push(node);
        self.known.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }
}

/// A share whose digits do not become too many: rounded down, to as many digits however small it is.
pub(super) fn short(share: Exact) -> Exact {
    const STEP: u64 = 62;
    let (above, below) = (share.numerator().bits(), share.denominator().bits());
    if below <= MOST_BITS || above <= STEP {
        return share;
    }
    let steps = (below.saturating_sub(above) + MOST_BITS / 2) / STEP;
    let part = Exact::ratio(1, 1 << STEP).unwrap_or_default();
    let step = (0..steps).fold(Exact::one(), |step, _| step * &part);
    share.round_to(&step, Rounding::Floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_factors_stay_short() {
        let factor = Exact::ratio(1, 1_000).unwrap();
        let (mut all, mut exact) = (Exact::one(), Exact::one());
        for _ in 0..200 {
            all = short(&all * &factor);
            exact = &exact * &factor;
        }
        assert!(all <= exact && all.signum() > 0);
        assert!((&exact - &all).checked_div(&exact).unwrap() < Exact::ratio(1, 1_000_000_000_000).unwrap());
        let part = Exact::ratio(999, 1_000).unwrap();
        let many = (0..400).fold(Exact::one(), |all, _| short(&all * &part));
        assert!(many.denominator().bits() <= MOST_BITS + 64);
    }
}
