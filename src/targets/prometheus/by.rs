//! Open dimensions: which options they have is known from the series only, so that a label of what is recorded tells each from
//! the others.

use super::rule::option_label;
use crate::model::{EACH, Head};

/// The labels that tell the options of open dimensions apart, in the order of the dimensions; none where there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct By(Vec<String>);

impl By {
    /// These labels.
    pub fn labels(labels: Vec<String>) -> By {
        By(labels)
    }

    /// Those of the open dimensions by which a declaration differs.
    pub fn of(head: &Head) -> By {
        let open = head.variant.iter().filter(|choice| choice.each);
        By(open.map(|choice| option_label(&choice.dimension)).collect())
    }

    /// Whether there is nothing to tell apart.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As they stand after `on` or `by`.
    pub fn list(&self) -> String {
        self.0.join(", ")
    }

    /// The same with the start of the window.
    pub fn with_start(&self) -> String {
        ["start"].into_iter().chain(self.0.iter().map(String::as_str)).collect::<Vec<_>>().join(", ")
    }

    /// An aggregation for each of the options.
    pub fn each(&self, aggregation: &str) -> String {
        if self.is_empty() { aggregation.to_owned() } else { format!("{aggregation} by ({})", self.list()) }
    }

    /// Whether all labels of others are among them.
    pub fn covers(&self, others: &By) -> bool {
        others.0.iter().all(|label| self.0.contains(label))
    }

    /// Those that others have too.
    pub fn shared(&self, others: &By) -> By {
        By(self.0.iter().filter(|label| others.0.contains(label)).cloned().collect())
    }

    /// An expression that has these labels in place of others, if none of these is one of the others.
    pub fn in_place_of(&self, others: &By, expr: String) -> Option<String> {
        let mut text = expr;
        for (label, other) in self.0.iter().zip(&others.0).filter(|(label, other)| label != other) {
            if others.0.contains(label) {
                return None;
            }
            text = format!("label_replace({text}, \"{label}\", \"$1\", \"{other}\", \"(.*)\")");
        }
        Some(format!("{}({text})", self.each("sum")))
    }

    /// A selector with a place for the option of an alert, and the template of the option in each place.
    pub fn of_alert(&self, selector: &str) -> String {
        let places: Vec<String> = self.0.iter().map(|label| format!("{label}=%q")).collect();
        match selector.replace('%', "%%").strip_suffix('}') {
            Some(open) if !places.is_empty() => format!("{open},{}}}", places.join(",")),
            _ => selector.to_owned(),
        }
    }

    /// What puts the options of an alert into the places of a query, as the argument of a template's function.
    pub fn query(&self, query: &str) -> String {
        let options: Vec<String> = self.0.iter().map(|label| format!("$labels.{label}")).collect();
        if options.is_empty() { query.to_owned() } else { format!("(printf {query} {})", options.join(" ")) }
    }
}

/// What stands in a title for each option of an open dimension, as a template that names the one of an alert.
pub(super) fn option_of_alert(title: &str, dimension: &str) -> String {
    let what = title.strip_prefix(EACH).unwrap_or(title).trim_start();
    format!("{what} {{{{ $labels.{} }}}}", option_label(dimension))
}
