//! For how much of the time what a service needs fails at most, however failures come together.

use super::network::{Leaf, Network, Part};
use crate::values::{Exact, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// Of more services at once it is not computed exactly, where some are needed in several ways.
const MOST_SERVICES: usize = 64;
/// Nor where there are more ways to fail.
const MOST_CUTS: usize = 300;
/// Nor in more steps for all networks together.
pub(super) const MOST_STEPS: usize = 4_000_000;
/// Steps that it takes to compute with long numbers.
const LONG: usize = 10;
/// Shares with a longer denominator are rounded up.
const MOST_BITS: u64 = 512;

/// A share of the time in which something fails at most.
pub(super) struct Worst {
    pub fails: Exact,
    /// Whether there is a course of events in which it does; otherwise it may be less.
    pub exact: bool,
}

impl Worst {
    /// That of a network of which each service fails for no longer than it may; exactly while there are steps left.
    pub fn of(network: &Network<'_>, may: &dyn Fn(&Leaf<'_>) -> Exact, left: &mut usize) -> Worst {
        let exact = network.shared().is_empty() && network.rests.is_empty() && network.limits.is_empty();
        match if exact { None } else { together(network, may, left) } {
            Some(fails) => Worst { fails, exact: true },
            None => Worst { fails: apart(network, may), exact },
        }
    }
}

/// What fails at most if what is needed in several ways is taken for as many services. It is not too little.
fn apart(network: &Network<'_>, may: &dyn Fn(&Leaf<'_>) -> Exact) -> Exact {
    let mut each: BTreeMap<usize, Exact> = BTreeMap::new();
    let all = |each: &BTreeMap<usize, Exact>, part: usize| {
        let fails = network.series(part).iter().filter_map(|one| each.get(one));
        fails.fold(Exact::zero(), |all, one| &all + one).min(Exact::one())
    };
    for (index, part) in network.parts.iter().enumerate() {
        let fails = match part {
            Part::One(leaf) => may(leaf),
            Part::Some(number, of) => {
                let fails: Vec<Exact> = of.iter().map(|one| all(&each, *one)).collect();
                covered(fails.len() + 1 - number, fails)
            }
            Part::All(_) => continue,
        };
        each.insert(index, fails);
    }
    network.root.map(|root| all(&each, root)).unwrap_or_default()
}

/// For how much of the time at least so many of some shares come together, at most.
fn covered(number: usize, mut shares: Vec<Exact>) -> Exact {
    shares.sort();
    let mut sum = Exact::zero();
    let mut most = Exact::one();
    // Whichever of the greatest are taken to last all the time, the others have to come for the rest, and share what they have.
    for (index, share) in shares.iter().enumerate() {
        sum = &sum + share;
        let spared = shares.len() - 1 - index;
        if let Some(rest) = number.checked_sub(spared).filter(|rest| *rest > 0) {
            let rest = Exact::from_int(i64::try_from(rest).unwrap_or(i64::MAX));
            most = most.min(sum.checked_div(&rest).unwrap_or_default());
        }
    }
    if most.denominator().bits() > MOST_BITS {
        let part = Exact::ratio(1, 1 << 62).unwrap_or_default();
        let step = &(&part * &part) * &(&part * &part);
        return most.round_to(&step, Rounding::Ceiling);
    }
    most
}

/// The same, exactly: the time is shared out among the ways to fail, and no service fails for longer than it may.
fn together(network: &Network<'_>, may: &dyn Fn(&Leaf<'_>) -> Exact, left: &mut usize) -> Option<Exact> {
    let leaves: Vec<usize> =
        network.parts.iter().enumerate().filter(|(_, part)| part.leaf().is_some()).map(|(index, _)| index).collect();
    if leaves.len() > MOST_SERVICES {
        return None;
    }
    let cuts = ways_to_fail(network, &leaves, left)?;
    let names: Vec<&str> = leaves.iter().filter_map(|leaf| network.name(*leaf)).collect();
    let mut with = Vec::new();
    for cut in &cuts {
        let down = names.iter().enumerate().filter(|(place, _)| cut >> place & 1 == 1).map(|(_, name)| *name);
        let falls = network.falls.with(down.clone(), left)?;
        with.push(down.chain(falls.iter().map(|one| one.head.name.as_str())).collect::<BTreeSet<_>>());
    }
    // One that stands for what is left of it fails while any of those does that are counted by themselves, and what does not
    // work without others fails with these.
    let limited =
        leaves.iter().filter_map(|leaf| network.parts.get(*leaf)?.leaf()).chain(network.limits.iter().copied());
    let limits: Vec<Limit> = limited
        .map(|leaf| (with.iter().map(|down| down.contains(leaf.service.head.name.as_str())).collect(), may(&leaf)))
        .collect();
    most_time(&limits, cuts.len(), left)
}

/// The smallest sets of services without which it fails, a bit for each service.
fn ways_to_fail(network: &Network<'_>, leaves: &[usize], left: &mut usize) -> Option<Vec<u64>> {
    let mut each: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    let all = |each: &BTreeMap<usize, Vec<u64>>, part: usize, left: &mut usize| {
        smallest(network.series(part).iter().filter_map(|one| each.get(one)).flatten().copied().collect(), left)
    };
    for (index, part) in network.parts.iter().enumerate() {
        let cuts = match part {
            Part::One(_) => vec![1 << leaves.iter().position(|leaf| *leaf == index)?],
            Part::Some(number, of) => {
                // The ways in which none, one, two … of those that were looked at fail.
                let mut failing: Vec<Vec<u64>> = vec![Vec::new(); of.len() + 2 - number];
                failing.first_mut()?.push(0);
                for one in of {
                    let cuts = all(&each, *one, left)?;
                    for count in (1..failing.len()).rev() {
                        let fewer = failing.get(count - 1)?;
                        if fewer.len() * cuts.len() > MOST_CUTS * 16 {
                            return None;
                        }
                        let more: Vec<u64> =
                            fewer.iter().flat_map(|way| cuts.iter().map(move |cut| way | cut)).collect();
                        let same = failing.get_mut(count)?;
                        same.extend(more);
                        *same = smallest(std::mem::take(same), left)?;
                    }
                }
                failing.pop()?
            }
            Part::All(_) => continue,
        };
        each.insert(index, cuts);
    }
    all(&each, network.root?, left)
}

/// Those sets of which no other one is a part; nothing where they are too many.
fn smallest(mut sets: Vec<u64>, left: &mut usize) -> Option<Vec<u64>> {
    sets.sort_by_key(|set| (set.count_ones(), *set));
    sets.dedup();
    let mut found: Vec<u64> = Vec::new();
    for set in sets {
        *left = left.checked_sub(found.len() + 1)?;
        if !found.iter().any(|smaller| set & smaller == *smaller) {
            found.push(set);
        }
        if found.len() > MOST_CUTS {
            return None;
        }
    }
    Some(found)
}

/// Which sets count, and for how long all of these may be given together.
type Limit = (Vec<bool>, Exact);

/// The most time that so many sets can be given together, all the time being one, if none of the limits is exceeded: the
/// simplex method, in which a step never comes back to where it was.
fn most_time(limits: &[Limit], sets: usize, left: &mut usize) -> Option<Exact> {
    let counts = |is_so: &bool| if *is_so { Exact::one() } else { Exact::zero() };
    let mut rows: Vec<Vec<Exact>> = Vec::new();
    for (which, limit) in limits {
        rows.push(which.iter().map(counts).chain([limit.clone()]).collect());
    }
    rows.push(vec![Exact::one(); sets + 1]);
    // What is gained by one more of a column; at its end, what was gained, below zero.
    let mut gain: Vec<Exact> = (0..sets).map(|_| Exact::one()).chain([Exact::zero()]).collect();
    // Which variable a column or a row stands for: the sets first, then what is left of the limits.
    let mut columns: Vec<usize> = (0..sets).collect();
    let mut basis: Vec<usize> = (0..rows.len()).map(|row| sets + row).collect();
    loop {
        let enters = (0..sets).filter(|column| gain.get(*column).is_some_and(|gain| gain.signum() > 0));
        let Some(column) = enters.min_by_key(|column| columns.get(*column)) else { break };
        let ratio = |row: usize| {
            let row = rows.get(row)?;
            let by = row.get(column).filter(|by| by.signum() > 0)?;
            row.last()?.checked_div(by)
        };
        let leaves = (0..rows.len()).filter_map(|row| Some((ratio(row)?, *basis.get(row)?, row))).min();
        let (.., row) = leaves?;
        *left = left.checked_sub(rows.len() * (sets + 1) * LONG)?;
        pivot(&mut rows, &mut gain, row, column)?;
        std::mem::swap(columns.get_mut(column)?, basis.get_mut(row)?);
    }
    gain.last().map(|gained| -gained)
}

/// Exchanges the variable of a row for that of a column.
fn pivot(rows: &mut [Vec<Exact>], gain: &mut [Exact], row: usize, column: usize) -> Option<()> {
    let by = rows.get(row)?.get(column)?.clone();
    let mut chosen = rows.get(row)?.clone();
    *chosen.get_mut(column)? = Exact::one();
    for cell in &mut chosen {
        *cell = cell.checked_div(&by)?;
    }
    for (index, other) in rows.iter_mut().enumerate() {
        if index != row {
            subtract(other, &chosen, column)?;
        }
    }
    subtract(gain, &chosen, column)?;
    *rows.get_mut(row)? = chosen;
    Some(())
}

/// Takes so much of a chosen row from another one that nothing is left of it in a column.
fn subtract(from: &mut [Exact], chosen: &[Exact], column: usize) -> Option<()> {
    let times = std::mem::take(from.get_mut(column)?);
    if times.signum() != 0 {
        for (cell, chosen) in from.iter_mut().zip(chosen).filter(|(_, chosen)| chosen.signum() != 0) {
            *cell = &*cell - &(&times * chosen);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The members that are there in each sixth of the time, in every way in which each is there for so many of them.
    fn courses(times: &[usize]) -> Vec<Vec<u64>> {
        times.iter().enumerate().fold(vec![vec![0; 6]], |courses, (member, times)| {
            let sixths = (0..1_u64 << 6).filter(|sixths| sixths.count_ones() as usize == *times);
            let add = |course: &Vec<u64>, sixths: u64| -> Vec<u64> {
                course.iter().enumerate().map(|(at, all)| all | ((sixths >> at & 1) << member)).collect()
            };
            sixths
                .flat_map(|sixths| courses.iter().map(move |course| add(course, sixths)).collect::<Vec<_>>())
                .collect()
        })
    }

    /// For how long sets with a member may be given.
    fn limit(member: usize, sets: &[u64], most: Exact) -> Limit {
        (sets.iter().map(|set| set >> member & 1 == 1).collect(), most)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_most_time_is_that_of_the_best_course(
            times in prop::collection::vec(prop::sample::select(vec![0_usize, 2, 4]), 3),
            sets in prop::collection::vec(1_u64..8, 1..4),
        ) {
            let sets = smallest(sets, &mut MOST_STEPS.clone()).unwrap();
            let limits = times.iter().enumerate();
            let limits: Vec<Limit> =
                limits.map(|(member, times)| limit(member, &sets, Exact::ratio(*times as i64, 6).unwrap())).collect();
            let hits = |course: &Vec<u64>| course.iter().filter(|there| sets.iter().any(|set| *there & set == *set)).count();
            let best = courses(&times).iter().map(hits).max().unwrap();
            prop_assert_eq!(most_time(&limits, sets.len(), &mut MOST_STEPS.clone()), Exact::ratio(best as i64, 6));
        }

        #[test]
        fn shares_come_together_as_the_best_course_says(
            times in prop::collection::vec(prop::sample::select(vec![0_usize, 2, 4]), 3), number in 1_usize..=3,
        ) {
            let shares: Vec<Exact> = times.iter().map(|times| Exact::ratio(*times as i64, 6).unwrap()).collect();
            let sets = (1_u64..8).filter(|set| set.count_ones() as usize >= number).collect();
            let sets = smallest(sets, &mut MOST_STEPS.clone()).unwrap();
            let best = courses(&times).iter().map(|course| {
                course.iter().filter(|there| there.count_ones() as usize >= number).count()
            }).max().unwrap();
            prop_assert_eq!(covered(number, shares.clone()), Exact::ratio(best as i64, 6).unwrap());
            let limits: Vec<Limit> =
                shares.iter().enumerate().map(|(member, share)| limit(member, &sets, share.clone())).collect();
            prop_assert_eq!(most_time(&limits, sets.len(), &mut MOST_STEPS.clone()), Exact::ratio(best as i64, 6));
        }
    }
}
