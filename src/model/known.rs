//! Which options open dimensions have, and when, as far as measurements say.

use super::Choice;
use std::collections::{BTreeMap, BTreeSet};

/// The time from the first row to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The moment of the first row, in nanoseconds from 1970 in UTC.
    pub first: i128,
    /// That of the last one.
    pub last: i128,
}

impl Presence {
    /// All time, for what does not differ by an open dimension.
    const ALWAYS: Presence = Presence { first: i128::MIN, last: i128::MAX };
    /// No time at all.
    pub const NEVER: Presence = Presence { first: i128::MAX, last: i128::MIN };

    /// From the beginning of the earlier to the end of the later.
    #[must_use]
    pub fn hull(self, other: Presence) -> Presence {
        Presence { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// Combinations of options, by the order of some dimensions, each with the time in which rows name it.
type Seen = BTreeMap<Vec<String>, Presence>;

/// What rows of measurements say of open dimensions.
///
/// A combination of options exists if rows name it: of the tables that have a column for each of some dimensions, those with
/// the most of them decide. It exists from the first row that names it to the last.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The open dimensions that some table has a column for.
    open: BTreeSet<String>,
    /// What rows name, by the dimensions that their table has columns for.
    tables: BTreeMap<Vec<String>, Seen>,
}

impl Known {
    /// Notes that there is a table with columns for some dimensions, of which some are open.
    pub fn add_table<'a>(&mut self, dimensions: impl IntoIterator<Item = (&'a str, bool)>) {
        let mut all = Vec::new();
        for (dimension, open) in dimensions {
            all.push(dimension.to_owned());
            self.open.extend(open.then(|| dimension.to_owned()));
        }
        all.sort();
        self.tables.entry(all).or_default();
    }

    /// Notes that a row of such a table names an option of each of its dimensions, at a time.
    pub fn add_row(&mut self, mut options: Vec<(&str, &str)>, at: Presence) {
        options.sort_unstable();
        let key = options.iter().map(|(dimension, _)| (*dimension).to_owned()).collect::<Vec<_>>();
        let row = options.into_iter().map(|(_, option)| option.to_owned()).collect();
        widen(self.tables.entry(key).or_default(), row, at);
    }

    /// Whether nothing is known of any open dimension.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The options of an open dimension, in the order of their letters; nothing where no table has a column for it.
    #[must_use]
    pub fn options(&self, dimension: &str) -> Option<BTreeSet<&str>> {
        self.open.contains(dimension).then_some(())?;
        let mut all = BTreeSet::new();
        for (dimensions, seen) in &self.tables {
            if let Some(place) = dimensions.iter().position(|one| one == dimension) {
                all.extend(seen.keys().filter_map(|options| options.get(place)).map(String::as_str));
            }
        }
        Some(all)
    }

    /// What decides which combinations of options of these dimensions exist.
    #[must_use]
    pub fn among(&self, dimensions: &[String]) -> Existing {
        let shared = |of_table: &Vec<String>| -> Vec<String> {
            of_table.iter().filter(|one| dimensions.contains(one)).cloned().collect()
        };
        let mut all: BTreeMap<Vec<String>, Seen> = BTreeMap::new();
        for (of_table, seen) in &self.tables {
            let shared = shared(of_table);
            if !shared.iter().any(|one| self.open.contains(one)) {
                continue;
            }
            let projected = all.entry(shared.clone()).or_default();
            for (options, at) in seen {
                let of_shared = of_table.iter().zip(options).filter(|(dimension, _)| shared.contains(dimension));
                widen(projected, of_shared.map(|(_, option)| option.clone()).collect(), *at);
            }
        }
        let covered = |one: &Vec<String>, by: &Vec<String>| one != by && one.iter().all(|it| by.contains(it));
        let keys: Vec<Vec<String>> = all.keys().cloned().collect();
        all.retain(|one, _| !keys.iter().any(|other| covered(one, other)));
        Existing(all)
    }
}

/// The combinations of options of some dimensions that exist.
pub struct Existing(BTreeMap<Vec<String>, Seen>);

impl Existing {
    /// When a combination exists; nothing where no rows name it.
    #[must_use]
    pub fn presence(&self, variant: &[Choice]) -> Option<Presence> {
        let mut all: Option<Presence> = None;
        // What stands for each option is there whatever rows say.
        for (dimensions, seen) in self.0.iter().filter(|_| !variant.iter().any(|choice| choice.each)) {
            let option = |dimension: &String| variant.iter().find(|choice| choice.dimension == *dimension);
            let options: Option<Vec<String>> =
                dimensions.iter().map(|dimension| Some(option(dimension)?.option.clone())).collect();
            let at = *seen.get(&options?)?;
            all = Some(all.map_or(at, |known| known.hull(at)));
        }
        Some(all.unwrap_or(Presence::ALWAYS))
    }
}

fn widen(seen: &mut Seen, options: Vec<String>, at: Presence) {
    seen.entry(options).and_modify(|known| *known = known.hull(at)).or_insert(at);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(first: i128, last: i128) -> Presence {
        Presence { first, last }
    }

    fn known() -> Known {
        let mut known = Known::default();
        known.add_table([("region", false), ("instance", true)]);
        known.add_table([("instance", true)]);
        known.add_row(vec![("region", "eu"), ("instance", "a")], at(1, 1));
        known.add_row(vec![("instance", "a"), ("region", "eu")], at(5, 7));
        known.add_row(vec![("instance", "b"), ("region", "us")], at(3, 3));
        known.add_row(vec![("instance", "c")], at(9, 9));
        known
    }

    fn choice(dimension: &str, option: &str) -> Choice {
        Choice {
            dimension: dimension.to_owned(),
            option: option.to_owned(),
            title: option.to_owned(),
            each: false,
            shared: false,
        }
    }

    #[test]
    fn options_are_those_of_all_tables() {
        assert_eq!(known().options("instance"), Some(["a", "b", "c"].into()));
        assert_eq!(known().options("region"), None);
        assert_eq!(known().options("other"), None);
    }

    #[test]
    fn a_combination_exists_as_long_as_the_rows_of_the_widest_table_name_it() {
        let both = known().among(&["region".to_owned(), "instance".to_owned()]);
        assert_eq!(both.presence(&[choice("region", "eu"), choice("instance", "a")]), Some(at(1, 7)));
        assert_eq!(both.presence(&[choice("region", "us"), choice("instance", "a")]), None);
        assert_eq!(both.presence(&[choice("region", "eu"), choice("instance", "c")]), None);
        let one = known().among(&["instance".to_owned()]);
        assert_eq!(one.presence(&[choice("instance", "c")]), Some(at(9, 9)));
        let closed = known().among(&["region".to_owned()]);
        assert_eq!(closed.presence(&[choice("region", "us")]), Some(Presence::ALWAYS));
    }

    #[test]
    fn an_empty_table_leaves_no_option() {
        let mut known = Known::default();
        assert!(known.is_empty());
        known.add_table([("instance", true)]);
        assert_eq!(known.options("instance"), Some(BTreeSet::new()));
    }
}
