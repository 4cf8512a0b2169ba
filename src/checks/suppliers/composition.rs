//! What services come to together, with and without the assumption that their failures have nothing to do with each other.

use super::{Chains, MOST_SERVICES, Promise, percent};
use crate::model::{Needs, Service};
use crate::values::{Exact, Rounding};
use std::collections::BTreeSet;

/// Services in services are followed so deep.
const DEEPEST: usize = 32;
/// Of more services some are not enough in any way that is computed.
const MOST_PARALLEL: usize = 32;
/// Products with a longer denominator are rounded up.
const MOST_BITS: u64 = 1_024;

/// What a service needs.
pub(super) enum Needed<'a> {
    /// A service of which something is promised.
    One(Promise<'a>),
    /// Something of which nothing is promised: it is taken not to fail.
    Unknown,
    /// All of these.
    All(Vec<Needed<'a>>),
    /// At least so many of these.
    Some(usize, Vec<Needed<'a>>),
}

impl<'a> Chains<'a> {
    /// What a service needs of others; nothing where there is too much of it.
    pub(super) fn composition(&self, service: &'a Service) -> Option<Needed<'a>> {
        let mut left = MOST_SERVICES;
        self.below(service, &mut vec![&service.head.name], &mut left)
    }

    fn below(&self, service: &'a Service, way: &mut Vec<&'a str>, left: &mut usize) -> Option<Needed<'a>> {
        let mut all = Vec::new();
        for dependency in &service.depends_on {
            let mut on = Vec::new();
            for needed in &dependency.on {
                *left = left.checked_sub(1)?;
                on.push(self.one(&needed.value, way, left)?);
            }
            match dependency.needs {
                Needs::AtLeast(number) if usize::try_from(number).is_ok_and(|number| number < on.len()) => {
                    all.push(Needed::Some(usize::try_from(number).ok()?, on));
                }
                Needs::AtLeast(_) | Needs::All => all.extend(on),
            }
        }
        Some(Needed::All(all))
    }

    fn one(&self, name: &'a str, way: &mut Vec<&'a str>, left: &mut usize) -> Option<Needed<'a>> {
        if let Some(promise) = self.promise(name) {
            return Some(Needed::One(*promise));
        }
        let Some(service) = self.model.services.get(name) else { return Some(Needed::Unknown) };
        // A circle has been told, and what is behind it needs nothing.
        if service.depends_on.is_empty() || way.contains(&name) {
            return Some(Needed::Unknown);
        }
        if way.len() >= DEEPEST {
            return None;
        }
        way.push(name);
        let below = self.below(service, way, left);
        way.pop();
        below
    }
}

impl<'a> Needed<'a> {
    /// The promises that it is made of, each service once.
    pub fn promises(&self) -> Vec<&Promise<'a>> {
        let mut found: Vec<&Promise<'a>> = Vec::new();
        self.collect(&mut found);
        found.sort_by(|one, other| one.service.head.name.cmp(&other.service.head.name));
        found.dedup_by(|one, other| one.service.head.name == other.service.head.name);
        found
    }

    fn collect<'s>(&'s self, found: &mut Vec<&'s Promise<'a>>) {
        match self {
            Needed::One(promise) => found.push(promise),
            Needed::Unknown => {}
            Needed::All(of) | Needed::Some(_, of) => of.iter().for_each(|one| one.collect(found)),
        }
    }

    fn names(&self) -> BTreeSet<&'a str> {
        self.promises().into_iter().map(|promise| promise.service.head.name.as_str()).collect()
    }

    /// All that is needed in any case, each service once.
    pub(super) fn series(&self) -> Vec<&Needed<'a>> {
        let mut flat = Vec::new();
        let mut open = vec![self];
        let mut seen = BTreeSet::new();
        while let Some(one) = open.pop() {
            match one {
                Needed::All(of) => open.extend(of.iter().rev()),
                Needed::One(promise) if !seen.insert(promise.service.head.name.as_str()) => {}
                Needed::Unknown => {}
                other => flat.push(other),
            }
        }
        flat
    }

    /// How much of the time it works at most, where each promise is just kept and failures are independent.
    pub fn independent(&self) -> Exact {
        match self {
            Needed::Unknown => Exact::one(),
            Needed::One(promise) => promise.bound.clone(),
            Needed::All(_) => {
                // Of what has a service in common the worst counts: together it is not better.
                let mut groups: Vec<(BTreeSet<&str>, Exact)> = Vec::new();
                let (single, several): (Vec<_>, Vec<_>) =
                    self.series().into_iter().partition(|one| matches!(one, Needed::One(_)));
                let within: BTreeSet<&str> = several.iter().flat_map(|one| one.names()).collect();
                let mut all = Exact::one();
                for one in several.into_iter().chain(single) {
                    if let Needed::One(promise) = one
                        && !within.contains(promise.service.head.name.as_str())
                    {
                        all = short(&all * promise.bound);
                        continue;
                    }
                    let (mut names, mut worst) = (one.names(), one.independent());
                    groups.retain(|(others, value)| {
                        let apart = names.is_disjoint(others);
                        if !apart {
                            worst = worst.clone().min(value.clone());
                            names.extend(others);
                        }
                        apart
                    });
                    groups.push((names, worst));
                }
                groups.into_iter().fold(all, |all, (_, one)| short(&all * &one))
            }
            Needed::Some(number, of) => {
                let mut seen = BTreeSet::new();
                let shared = of.iter().flat_map(Needed::names).any(|name| !seen.insert(name));
                if shared || of.len() > MOST_PARALLEL {
                    Exact::one()
                } else {
                    at_least(*number, of.iter().map(Needed::independent).collect())
                }
            }
        }
    }

    /// How much of the time it works at least, where each promise is just kept, however failures come together.
    pub fn worst(&self) -> Exact {
        match self {
            Needed::Unknown => Exact::one(),
            Needed::One(promise) => promise.bound.clone(),
            Needed::All(_) => {
                let failing = self.series().into_iter().map(|one| Exact::one() - one.worst());
                let failing = failing.fold(Exact::zero(), |all, one| all + one);
                (Exact::one() - failing).max(Exact::zero())
            }
            Needed::Some(number, of) => at_worst(*number, of.iter().map(Needed::worst).collect()),
        }
    }

    /// In how many steps it is computed.
    pub fn work(&self) -> usize {
        match self {
            Needed::One(_) | Needed::Unknown => 1,
            Needed::All(of) => of.iter().map(Needed::work).sum(),
            Needed::Some(number, of) => of.len() * number + of.iter().map(Needed::work).sum::<usize>(),
        }
    }

    /// How it is computed, one line a step.
    pub fn steps(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let series = self.series();
        for one in &series {
            if let Needed::Some(number, of) = one {
                let parts: Vec<String> = of.iter().map(Needed::words).collect();
                let count = if *number == 1 { "any".to_owned() } else { number.to_string() };
                lines.push(format!("{count} of {}: {}", parts.join(", "), percent(&one.independent())));
            }
        }
        if series.len() > 1 {
            let parts: Vec<String> = series.iter().map(|one| percent(&one.independent())).collect();
            lines.push(format!("all of them: {} = {}", parts.join(" × "), percent(&self.independent())));
        }
        lines
    }

    fn words(&self) -> String {
        match self {
            Needed::One(promise) => format!("`{}` at {}", promise.service.head.name, percent(promise.bound)),
            Needed::Unknown => "one without a promise".to_owned(),
            Needed::All(_) | Needed::Some(..) => {
                let names: Vec<&str> = self.names().into_iter().collect();
                format!("`{}` at {}", names.join("` with `"), percent(&self.independent()))
            }
        }
    }
}

/// How much of the time at least so many of some work, whose failures are independent.
fn at_least(number: usize, of: Vec<Exact>) -> Exact {
    // The share of the time in which so many of those that were looked at work; the last one is for enough of them.
    let mut shares = vec![Exact::zero(); number + 1];
    if let Some(none) = shares.first_mut() {
        *none = Exact::one();
    }
    for works in of {
        let fails = Exact::one() - &works;
        for count in (0..=number).rev() {
            let stays = shares.get(count).map(|share| if count == number { share.clone() } else { share * &fails });
            let comes = count.checked_sub(1).and_then(|before| shares.get(before)).map(|share| share * &works);
            if let Some(share) = shares.get_mut(count) {
                *share = short(stays.unwrap_or_default() + comes.unwrap_or_default());
            }
        }
    }
    shares.pop().unwrap_or_default()
}

/// How much of the time at least so many of some work, however their failures come together.
fn at_worst(number: usize, of: Vec<Exact>) -> Exact {
    let mut failing: Vec<Exact> = of.iter().map(|works| Exact::one() - works).collect();
    failing.sort();
    // So many that fail together are too many. Whichever of the worst are taken to fail all the time, the others have to
    // fail for the rest, and share what they may.
    let fatal = (failing.len() + 1).saturating_sub(number);
    let mut most = Exact::one();
    for spared in 0..fatal {
        let rest = failing.iter().take(failing.len().saturating_sub(spared));
        let sum = rest.fold(Exact::zero(), |all, one| &all + one);
        let parts = i64::try_from(fatal - spared).unwrap_or(1);
        most = most.min(sum.checked_div(&Exact::from_int(parts)).unwrap_or_default());
    }
    Exact::one() - most
}

/// A number whose digits do not become too many; it is not less than it was.
fn short(number: Exact) -> Exact {
    if number.denominator().bits() <= MOST_BITS {
        return number;
    }
    let step = (0..6).fold(Exact::one(), |step, _| step * Exact::ratio(1, 1_000_000).unwrap_or_default());
    number.round_to(&step, Rounding::Ceiling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn promised(parts: &[i64]) -> Vec<Exact> {
        parts.iter().map(|part| Exact::ratio(*part, 10).unwrap()).collect()
    }

    proptest! {
        #[test]
        fn enough_of_several_is_the_sum_over_all_cases(parts in prop::collection::vec(0i64..=10, 1..6), number in 1usize..6) {
            prop_assume!(number <= parts.len());
            let works = promised(&parts);
            let mut sum = Exact::zero();
            for case in 0..1_u32 << parts.len() {
                if usize::try_from(case.count_ones()).unwrap() < number {
                    continue;
                }
                let share = works.iter().enumerate().map(|(index, works)| {
                    if case & (1 << index) > 0 { works.clone() } else { Exact::one() - works }
                });
                sum = sum + share.fold(Exact::one(), |all, one| all * one);
            }
            prop_assert_eq!(at_least(number, works.clone()), sum.clone());
            // However they fail together, it is not less than this; and it is this for all, and for any of them.
            let worst = at_worst(number, works.clone());
            prop_assert!(worst <= sum);
            if number == 1 {
                prop_assert_eq!(Some(&worst), works.iter().max());
            }
            if number == works.len() {
                let failing = works.iter().fold(Exact::zero(), |all, one| all + (Exact::one() - one));
                prop_assert_eq!(worst, (Exact::one() - failing).max(Exact::zero()));
            }
        }
    }

    #[test]
    fn many_factors_stay_short() {
        let factor = Exact::ratio(999, 1_000).unwrap();
        let (mut all, mut exact) = (Exact::one(), Exact::one());
        for _ in 0..400 {
            all = short(&all * &factor);
            exact = &exact * &factor;
        }
        assert!(all >= exact && all.denominator().bits() <= MOST_BITS + 64);
        assert!(&all - &exact < Exact::ratio(1, 1_000_000_000_000).unwrap());
    }
}
