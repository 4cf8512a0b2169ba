//! Variants: what differs by plan, region or class.

use super::negotiation::{in_family, without_options};
use super::table::declared;
use super::{Commitment, Counts, Declared, Duty, Head, Model, Table};
use std::collections::BTreeSet;

/// What declarations may differ by: a closed list of options, or whatever the measurements name.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// Its name and title.
    pub head: Head,
    /// The options, in the order of the file; of an open one those that the measurements have, where they are known.
    pub options: Vec<Head>,
    /// The options that it lists and the agreement does not have: `import plan for gold from …`.
    pub left_out: Vec<Head>,
    /// Whether the options are those that the measurements have, and not a list in the file.
    pub open: bool,
}
declared!(Dimension);

/// One option of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// The name of the dimension.
    pub dimension: String,
    /// The name of the option.
    pub option: String,
    /// What people call the option.
    pub title: String,
    /// Whether this stands for each option of an open dimension, which are not known.
    pub each: bool,
    /// Whether an option of another dimension has this name, so that a name says of which dimension it is.
    pub shared: bool,
}

/// One option of each of some dimensions, in the order in which the dimensions are declared. Without any it stands for
/// whatever does not differ.
pub type Variant = Vec<Choice>;

impl Head {
    /// Whether it is for one option of a dimension.
    pub fn has(&self, dimension: &str) -> bool {
        self.variant.iter().any(|choice| choice.dimension == dimension)
    }
}

impl Model {
    /// By which dimensions, in order, the commitments differ that exclude a clause or that its breach excuses, and it does not:
    /// it may concern some of their options alone.
    #[must_use]
    pub fn dimensions_beside(&self, clause: &Head) -> Vec<&str> {
        let choices = self.excluding(clause).flat_map(|one| &one.head.variant);
        let all: BTreeSet<&str> = choices.map(|choice| choice.dimension.as_str()).collect();
        all.into_iter().filter(|dimension| !clause.has(dimension)).collect()
    }

    /// Those of the dimensions beside a clause by which not all of these commitments differ: what concerns some of their options
    /// alone does not concern a commitment that holds for all of them together.
    #[must_use]
    pub fn dimensions_apart(&self, clause: &Head) -> Vec<&str> {
        let mut apart = self.dimensions_beside(clause);
        apart.retain(|dimension| self.excluding(clause).any(|one| !one.head.has(dimension)));
        apart
    }

    /// Whether a commitment excludes a clause: of another one the time is like any other time.
    #[must_use]
    pub fn is_excluded(&self, clause: &Head) -> bool {
        self.excluding(clause).next().is_some()
    }

    /// Whether time is taken out of the measurement of any commitment in this way.
    #[must_use]
    pub fn takes_out(&self, how: Counts) -> bool {
        self.commitments.iter().any(|commitment| self.takes_out_of(commitment, how))
    }

    /// Whether time is taken out of the measurement of a commitment in this way: by an exclusion, by a maintenance, or, so
    /// that it is not counted, by the breach of a duty.
    #[must_use]
    pub fn takes_out_of(&self, commitment: &Commitment, how: Counts) -> bool {
        let counts = |name: &str| {
            let maintenance = self.maintenances.get(name).map(|one| one.counts.as_ref());
            let counts = maintenance.or_else(|| self.exclusions.get(name).map(|one| one.counts.as_ref()));
            counts.flatten().map(|counts| counts.value)
        };
        let is_excused = |duty: &Duty| duty.excuses.iter().any(|one| one.value == commitment.head.name);
        commitment.exclude.iter().any(|name| counts(&name.value) == Some(how))
            || how == Counts::Excluded && self.duties.iter().any(is_excused)
    }

    /// The commitments that exclude a clause, or that its breach excuses.
    pub(super) fn excluding<'m>(&'m self, clause: &Head) -> impl Iterator<Item = &'m Commitment> {
        let excused = self.duties.get(&clause.name).map(|duty| duty.excuses.as_slice()).unwrap_or_default();
        self.commitments.iter().filter(move |commitment| {
            let excludes = commitment.exclude.iter().any(|name| name.value == clause.name);
            excludes || excused.iter().any(|name| name.value == commitment.head.name)
        })
    }

    /// The same with titles that do not say for which options of some dimensions something is: for text that is about
    /// one of these options.
    #[must_use]
    pub fn untitled(&self, dimensions: impl Fn(&str) -> bool + Copy) -> Model {
        self.with_heads(|head| head.variant.retain(|choice| !dimensions(&choice.dimension)))
    }

    /// The same for text that looks at one option of an open dimension: `called` says what it is called there, if the text is
    /// about one of that dimension.
    #[must_use]
    pub fn of_one(&self, called: impl Fn(&Choice) -> Option<String> + Copy) -> Model {
        self.with_heads(|head| {
            for choice in head.variant.iter_mut().filter(|choice| choice.each) {
                if let Some(title) = called(choice) {
                    choice.title = title;
                    choice.each = false;
                }
            }
        })
    }

    /// The heads of all that is for some options, in the order of a bundle.
    pub fn varied(&self) -> Vec<&Head> {
        fn of<T: Declared>(table: &Table<T>) -> impl Iterator<Item = &Head> {
            table.iter().map(Declared::head).filter(|head| !head.variant.is_empty())
        }
        let measures = of(&self.fees).chain(of(&self.constants)).chain(of(&self.signals)).chain(of(&self.metrics));
        let promises =
            of(&self.commitments).chain(of(&self.supports)).chain(of(&self.escalations)).chain(of(&self.duties));
        let risks = of(&self.recoveries).chain(of(&self.maintenances)).chain(of(&self.exclusions));
        measures.chain(promises).chain(risks).chain(of(&self.reports)).chain(of(&self.notices)).collect()
    }
}

impl Model {
    /// Whether a clause, by its id or that of one of its parts, is one of several that differ by an option.
    pub fn has_variants(&self, id: &str) -> bool {
        let Some((head, _)) = id.split_once(']') else { return false };
        let head = format!("{head}]");
        let is_open = |one: &&Head| one.id == head && one.variant.iter().any(|choice| choice.each);
        if self.varied().iter().any(is_open) {
            return true;
        }
        // What a clause says for one option alone has no variants, though the clause around it has some.
        let family = without_options(id);
        let clauses = self.clauses();
        let variants: BTreeSet<&str> = clauses.iter().filter_map(|clause| in_family(&clause.id, &family)).collect();
        variants.len() > 1
    }
}

/// What stands for each option of an open dimension while they are not known.
pub const EACH: &str = "each";

/// The name of a declaration in a variant: `goal[standard,eu]`, or `goal[plan=standard,eu]` where another dimension has an
/// option `standard`: what is measured may differ by either of them.
pub fn name_in(name: &str, variant: &[Choice]) -> String {
    if variant.is_empty() {
        return name.to_owned();
    }
    let option = |choice: &Choice| match choice.shared {
        true => format!("{}={}", choice.dimension, escaped(&choice.option)),
        false => escaped(&choice.option),
    };
    let options: Vec<String> = variant.iter().map(option).collect();
    format!("{name}[{}]", options.join(","))
}

/// The name of a declaration in a variant without its options: `goal` of `goal[standard,eu]`.
#[must_use]
pub fn family_of(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}

/// An option in a name. One that measurements name may be any text; what stands around options and names, and what cannot be
/// seen, is written as in a URL, so that different options have different names.
fn escaped(option: &str) -> String {
    let mut plain = String::new();
    for letter in option.chars() {
        match letter {
            '[' | ']' | ',' | '%' | '`' | '=' => plain.push_str(&format!("%{:02X}", u32::from(letter))),
            _ if letter.is_control() => plain.push_str(&format!("%{:02X}", u32::from(letter))),
            _ => plain.push(letter),
        }
    }
    plain
}

/// What people call a variant: `Standard, Europe`.
pub fn titles(variant: &[Choice]) -> String {
    variant.iter().map(|choice| choice.title.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn choices(options: &[String]) -> Variant {
        let choice = |option: &String| Choice {
            dimension: "any".to_owned(),
            option: option.clone(),
            title: option.clone(),
            each: false,
            shared: false,
        };
        options.iter().map(choice).collect()
    }

    proptest! {
        #[test]
        fn different_variants_have_different_names(
            one in proptest::collection::vec("[ab,=\\[\\]%250C_`\n]{0,4}", 1..3),
            other in proptest::collection::vec("[ab,\\[\\]%250C_`\n]{0,4}", 1..3),
        ) {
            let (a, b) = (name_in("it", &choices(&one)), name_in("it", &choices(&other)));
            prop_assert_eq!(one == other, a == b, "{} {}", a, b);
        }
    }
}
