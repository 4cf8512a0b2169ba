//! Variants: what differs by plan, region or class.

use super::table::declared;
use super::{Head, Model};

/// What declarations may differ by: a closed list of options, or whatever the measurements name.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// Its name and title.
    pub head: Head,
    /// The options, in the order of the file; of an open one those that the measurements have, where they are known.
    pub options: Vec<Head>,
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
}

/// One option of each of some dimensions, in the order in which the dimensions are declared. Without any it stands for
/// whatever does not differ.
pub type Variant = Vec<Choice>;

impl Model {
    /// The same with titles that do not say for which options something is: for text that is about one variant.
    #[must_use]
    pub fn untitled(&self) -> Model {
        self.with_heads(|head| head.variant.clear())
    }

    /// The same for text that looks at one option of an open dimension, whichever it is.
    #[must_use]
    pub fn of_one(&self) -> Model {
        self.with_heads(|head| {
            for choice in head.variant.iter_mut().filter(|choice| choice.each) {
                choice.title = choice.title.replacen(EACH, "one", 1);
            }
        })
    }

    fn with_heads(&self, change: impl FnMut(&mut Head) + Copy) -> Model {
        let mut other = self.clone();
        other.fees.heads_mut().for_each(change);
        other.constants.heads_mut().for_each(change);
        other.signals.heads_mut().for_each(change);
        other.metrics.heads_mut().for_each(change);
        other.commitments.heads_mut().for_each(change);
        other.supports.heads_mut().for_each(change);
        other.escalations.heads_mut().for_each(change);
        other.duties.heads_mut().for_each(change);
        other.maintenances.heads_mut().for_each(change);
        other.exclusions.heads_mut().for_each(change);
        other.recoveries.heads_mut().for_each(change);
        other.reports.heads_mut().for_each(change);
        other.notices.heads_mut().for_each(change);
        other
    }
}

/// The options of open dimensions, by the names of these, as the measurements have them.
pub type Known = std::collections::BTreeMap<String, Vec<String>>;

/// What stands for each option of an open dimension while they are not known.
pub const EACH: &str = "each";

/// The name of a declaration in a variant: `goal[standard,eu]`.
pub fn name_in(name: &str, variant: &[Choice]) -> String {
    if variant.is_empty() {
        return name.to_owned();
    }
    // An option that measurements name may be any text; what stands around options is none of it.
    let plain = |option: &str| option.replace(['[', ']', ','], "_");
    let options: Vec<String> = variant.iter().map(|choice| plain(&choice.option)).collect();
    format!("{name}[{}]", options.join(","))
}

/// What people call a variant: `Standard, Europe`.
pub fn titles(variant: &[Choice]) -> String {
    variant.iter().map(|choice| choice.title.as_str()).collect::<Vec<_>>().join(", ")
}
