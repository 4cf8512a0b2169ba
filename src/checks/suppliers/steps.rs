//! How it is computed what the services come to on which another one depends, one line a step.

use super::network::Part;
use super::targets::{Composed, SHOWN};
use super::{percent, quoted};
use crate::wording::listed;

impl Composed<'_, '_> {
    /// How it is computed, one line a step.
    pub fn steps(&self) -> Vec<String> {
        let network = self.network();
        let Some(root) = network.root else { return Vec::new() };
        let series = network.series(root);
        let mut lines = self.counted_apart();
        for one in series.iter().take(SHOWN) {
            let Some(Part::Some(number, of)) = network.parts.get(*one) else { continue };
            let count = if *number == 1 { "any".to_owned() } else { number.to_string() };
            let parts = first_of(of, ", ", |part| self.part(part));
            lines.push(format!("{count} of {parts}: {}", percent(&self.works(*one))));
        }
        let all = percent(&self.works(root));
        let shared = network.shared();
        if !shared.is_empty() {
            let shared = first_of(&shared, ", ", |part| network.words(part));
            lines.push(format!("{shared}, needed in several ways, counted once: {all}"));
        } else if series.len() > 1 {
            lines.push(format!("all of them: {} = {all}", first_of(series, " × ", |one| percent(&self.works(one)))));
        }
        lines.extend(self.limited());
        lines
    }

    /// That less fails where what is promised of services that do not work without several of these is kept.
    fn limited(&self) -> Option<String> {
        let (network, works) = (self.network(), self.limited_works()?);
        let by = quoted(network.limits.iter().map(|leaf| leaf.service.head.name.as_str()));
        Some(format!(
            "as far as what is promised of {by} is kept, which does not work without them: {}",
            percent(&works)
        ))
    }

    /// Those that fail whenever others do, in a sentence.
    pub fn with_others(&self) -> String {
        let network = self.network();
        let whenever = network.rests.iter().take(SHOWN).filter_map(|(part, rest)| {
            let shared = quoted(rest.shared.iter().filter_map(|one| network.name(*one)));
            let are = if rest.shared.len() > 1 { "any of them is" } else { "that is" };
            Some(format!("`{}`, which depends on {shared}, whenever {are}", network.name(*part)?))
        });
        let whenever: Vec<String> = whenever.collect();
        if whenever.is_empty() { String::new() } else { format!("{}, and otherwise ", listed(&whenever, "and")) }
    }

    /// What is left of services beside those on which they depend and that are needed besides, one line each.
    fn counted_apart(&self) -> Vec<String> {
        let network = self.network();
        let names = |shared: &[usize]| quoted(shared.iter().filter_map(|one| network.name(*one)));
        let rests = network.rests.iter().filter_map(|(part, rest)| {
            let leaf = network.parts.get(*part)?.leaf()?;
            Some(format!(
                "`{}` without {}, counted by itself: {} ÷ {} = {}",
                leaf.service.head.name,
                names(&rest.shared),
                percent(&leaf.bound()),
                percent(&rest.others),
                percent(&rest.works)
            ))
        });
        let covered = network.covered.iter().map(|(leaf, shared)| {
            format!(
                "`{}` at {} is down whenever {} {}, which may be as long: only that is counted",
                leaf.service.head.name,
                percent(&leaf.bound()),
                names(shared),
                if shared.len() > 1 { "are" } else { "is" }
            )
        });
        let limited = network.leaves().into_iter().filter_map(|leaf| {
            let limit = leaf.limit?;
            Some(format!(
                "`{}` may be down for no longer than `{}`, which does not work without it and is promised at {}",
                leaf.service.head.name,
                limit.service.head.name,
                limit.stated()
            ))
        });
        limited.take(SHOWN).chain(rests.take(SHOWN)).chain(covered.take(SHOWN)).collect()
    }

    /// A part that is one of some.
    fn part(&self, part: usize) -> String {
        let network = self.network();
        let one = match network.series(part) {
            [one] => *one,
            _ => part,
        };
        match network.parts.get(one) {
            Some(Part::One(leaf)) => match leaf.binding() {
                Some(promise) => format!("`{}` at {}", leaf.service.head.name, promise.stated()),
                None => format!("`{}` without a promise", leaf.service.head.name),
            },
            Some(Part::Some(..)) => format!("some of {} at {}", network.words(one), percent(&self.works(one))),
            _ if let Some(leaf) = network.whole(part) => {
                format!("`{}` at {}", leaf.service.head.name, percent(&leaf.bound()))
            }
            _ => format!("{} together at {}", network.words(part), percent(&self.works(part))),
        }
    }
}

/// The first of many parts in words.
fn first_of(parts: &[usize], between: &str, words: impl Fn(usize) -> String) -> String {
    let shown = parts.iter().take(SHOWN).map(|part| words(*part)).collect::<Vec<_>>().join(between);
    match parts.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}{between}{more} more"),
    }
}
