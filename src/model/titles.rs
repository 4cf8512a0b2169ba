//! Titles: what people call the declarations, and which of them share one.

use super::{Declared, Head, Model, Table};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Heads of one kind, which are told apart by their titles, with the word for several of the kind.
pub type Kindred<'a> = (String, Vec<&'a Head>);

fn heads<T: Declared>(table: &Table<T>) -> Vec<&Head> {
    table.iter().map(Declared::head).collect()
}

impl Model {
    /// The declarations by their kinds: within one of these, a title stands for one thing.
    pub fn kinds(&self) -> Vec<Kindred<'_>> {
        // What the contract defines in one list is of one kind.
        let defined = [heads(&self.signals), heads(&self.metrics), heads(&self.constants), heads(&self.terms)];
        vec![
            ("parties".to_owned(), heads(&self.parties)),
            ("services".to_owned(), heads(&self.services)),
            ("dimensions".to_owned(), heads(&self.dimensions)),
            ("fees".to_owned(), heads(&self.fees)),
            ("commitments".to_owned(), heads(&self.commitments)),
            ("supports".to_owned(), heads(&self.supports)),
            ("calendars".to_owned(), heads(&self.calendars)),
            ("definitions".to_owned(), defined.concat()),
            ("kinds of time that is cut out".to_owned(), [heads(&self.exclusions), heads(&self.maintenances)].concat()),
            ("duties".to_owned(), heads(&self.duties)),
            ("risks".to_owned(), heads(&self.risks)),
            ("escalations".to_owned(), heads(&self.escalations)),
            ("recoveries".to_owned(), heads(&self.recoveries)),
            ("reports".to_owned(), heads(&self.reports)),
            ("reviews".to_owned(), heads(&self.reviews)),
            ("disputes".to_owned(), heads(&self.disputes)),
        ]
    }

    /// The same with the name after each title that things of one kind share, as in `Rate (rate_of_terms)`: for text in which
    /// a title stands for one thing alone.
    #[must_use]
    pub fn told_apart(&self) -> Cow<'_, Model> {
        let shared: BTreeSet<&str> = self.kinds().iter().flat_map(|(_, heads)| shared(heads)).collect();
        if shared.is_empty() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(self.with_heads(|head| {
            if shared.contains(head.id.as_str()) {
                head.title = Some(format!("{} ({})", head.family_label(), head.family));
            }
        }))
    }

    /// The same with other heads of its declarations.
    pub(super) fn with_heads(&self, change: impl Fn(&mut Head) + Copy) -> Model {
        let mut other = self.clone();
        other.parties.heads_mut().for_each(change);
        other.services.heads_mut().for_each(change);
        other.dimensions.heads_mut().for_each(change);
        other.fees.heads_mut().for_each(change);
        other.constants.heads_mut().for_each(change);
        other.terms.heads_mut().for_each(change);
        other.calendars.heads_mut().for_each(change);
        other.signals.heads_mut().for_each(change);
        other.metrics.heads_mut().for_each(change);
        other.commitments.heads_mut().for_each(change);
        other.supports.heads_mut().for_each(change);
        other.escalations.heads_mut().for_each(change);
        other.duties.heads_mut().for_each(change);
        other.risks.heads_mut().for_each(change);
        other.maintenances.heads_mut().for_each(change);
        other.exclusions.heads_mut().for_each(change);
        other.recoveries.heads_mut().for_each(change);
        other.reports.heads_mut().for_each(change);
        other.notices.heads_mut().for_each(change);
        other.reviews.heads_mut().for_each(change);
        other.disputes.heads_mut().for_each(change);
        other
    }
}

/// The ids of those that share what they are called, however it is spelled, with another declaration.
fn shared<'a>(heads: &[&'a Head]) -> Vec<&'a str> {
    let mut families: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let called = |head: &Head| head.family_label().to_lowercase();
    for head in heads {
        families.entry(called(head)).or_default().insert(&head.family);
    }
    let is_shared = |head: &&&Head| families.get(&called(head)).is_some_and(|all| all.len() > 1);
    heads.iter().filter(is_shared).map(|head| head.id.as_str()).collect()
}
