//! The groups of commitments of which only the largest credit is owed.

use super::{Commitment, Model};
use std::collections::BTreeSet;

impl Model {
    /// The disjoint groups that `combine largest with` forms, each with its commitments in the order of the file: one
    /// that is joined to a commitment is joined to whatever that is joined to.
    pub fn combinations(&self) -> Vec<Vec<&Commitment>> {
        let mut groups: Vec<BTreeSet<&str>> = Vec::new();
        for commitment in self.commitments.iter().filter(|commitment| !commitment.combine.is_empty()) {
            let others = commitment.combine.iter().map(|other| other.value.as_str());
            let mut group: BTreeSet<&str> = others.chain([commitment.head.name.as_str()]).collect();
            let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|other| !other.is_disjoint(&group));
            group.extend(joined.into_iter().flatten());
            groups = apart;
            groups.push(group);
        }
        let members = |group: BTreeSet<&str>| {
            self.commitments.iter().filter(|one| group.contains(one.head.name.as_str())).collect()
        };
        groups.into_iter().map(members).collect()
    }
}
