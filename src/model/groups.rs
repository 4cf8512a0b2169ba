//! The groups of commitments of which only the largest credit is owed.

use super::{Commitment, Model};
use std::collections::BTreeMap;

impl Model {
    /// The disjoint groups that `combine largest with` forms, each with its commitments in the order of the file: one
    /// that is joined to a commitment is joined to whatever that is joined to.
    pub fn combinations(&self) -> Vec<Vec<&Commitment>> {
        let mut joined = Forest::default();
        for commitment in &self.commitments {
            for other in &commitment.combine {
                joined.join(&commitment.head.name, &other.value);
            }
        }
        let mut groups: Vec<Vec<&Commitment>> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for commitment in &self.commitments {
            let Some(root) = joined.root(&commitment.head.name) else { continue };
            let place = *places.entry(root).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(commitment),
                None => groups.push(vec![commitment]),
            }
        }
        groups
    }
}

/// Disjoint sets of names: each name leads to another of its set, and in the end to the one that stands for all.
#[derive(Default)]
struct Forest<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Forest<'a> {
    /// The name that stands for all that are joined to a name; nothing if none is.
    fn root(&mut self, name: &str) -> Option<&'a str> {
        let mut last = *self.0.get(name)?;
        while let Some(next) = self.0.get(last).copied().filter(|next| *next != last) {
            // Halves the way for whoever comes next.
            if let Some(after) = self.0.get(next).copied() {
                self.0.insert(last, after);
            }
            last = next;
        }
        Some(last)
    }

    fn join(&mut self, one: &'a str, other: &'a str) {
        let [one, other] = [one, other].map(|name| {
            self.0.entry(name).or_insert(name);
            self.root(name).unwrap_or(name)
        });
        self.0.insert(one, other);
    }
}

#[cfg(test)]
mod tests {
    use super::Forest;

    #[test]
    fn what_is_joined_to_a_member_is_joined_to_all() {
        let mut forest = Forest::default();
        for (one, other) in [("a", "b"), ("c", "d"), ("e", "e"), ("b", "c"), ("d", "a")] {
            forest.join(one, other);
        }
        let mut root = |name| forest.root(name);
        assert!(["a", "b", "c", "d"].map(&mut root).iter().all(|root| root.is_some()));
        assert_eq!(root("a"), root("d"));
        assert_eq!(root("a"), root("b"));
        assert_ne!(root("a"), root("e"));
        assert_eq!(root("z"), None);
    }
}
