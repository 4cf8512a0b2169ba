//! Rules and groups as Prometheus reads them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::selector::push_quoted;
use crate::model::Head;

/// Labels or annotations.
pub(super) type Pairs = BTreeMap<Cow<'static, str>, String>;

/// Labels whose names are known beforehand.
pub(super) fn pairs<const N: usize>(pairs: [(&'static str, String); N]) -> Pairs {
    pairs.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect()
}

/// The labels that rules have besides those of options.
const OWN: [&str; 24] = [
    "agreement",
    "alertname",
    "bound",
    "clause",
    "commitment",
    "escalation",
    "job",
    "le",
    "member",
    "metric",
    "milestone",
    "notice",
    "notify",
    "owed_by",
    "priority",
    "range",
    "series",
    "severity",
    "signal",
    "slice",
    "start",
    "step",
    "support",
    "window",
];

/// The options for which a declaration is, each under the name of its dimension. Those of an open dimension are not known:
/// their labels come with the series.
pub(super) fn options(head: &Head) -> Pairs {
    let known = head.variant.iter().filter(|choice| !choice.each);
    known.map(|choice| (Cow::Owned(option_label(&choice.dimension)), choice.option.clone())).collect()
}

/// The label of the options of a dimension: its name, or `option_…` where another label has that, or another dimension could
/// have it for this reason.
pub(super) fn option_label(dimension: &str) -> String {
    match OWN.contains(&dimension) || dimension.starts_with("option_") {
        true => format!("option_{dimension}"),
        false => dimension.to_owned(),
    }
}

/// A rule file.
#[derive(Serialize)]
pub(super) struct RuleFile {
    /// Its groups.
    pub groups: Vec<Group>,
}

/// A group: its rules are evaluated together, one after another.
#[derive(Serialize)]
pub(super) struct Group {
    /// Unique in all files that are loaded together.
    pub name: String,
    /// How often it is evaluated.
    pub interval: &'static str,
    /// Its rules; a rule may use what an earlier one records at the same instant.
    pub rules: Vec<Rule>,
}

/// A rule that records a series or fires an alert.
#[derive(Serialize, Default)]
pub(super) struct Rule {
    /// The series that it records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<&'static str>,
    /// The alert that it fires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<&'static str>,
    /// The expression.
    #[serde(serialize_with = "literally")]
    pub expr: String,
    /// For how long the expression must hold.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// For how long the alert stays after the expression has ceased to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_firing_for: Option<String>,
    /// What the series or alert is labelled with.
    pub labels: Pairs,
    /// Words for people.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: Pairs,
}

impl Rule {
    /// A rule that records a series.
    pub fn record(name: &'static str, expr: String, labels: Pairs) -> Rule {
        Rule { record: Some(name), expr, labels, ..Rule::default() }
    }
}

/// Line by line, and never folded.
fn literally<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_saphyr::LitStr(text).serialize(serializer)
}

/// A selector of a recorded series, by its labels.
pub(super) fn recorded(name: &str, labels: &Pairs) -> String {
    let mut selector = String::with_capacity(128);
    selector.push_str(name);
    for (index, (label, value)) in labels.iter().enumerate() {
        selector.push(if index == 0 { '{' } else { ',' });
        selector.push_str(label);
        selector.push('=');
        push_quoted(&mut selector, value);
    }
    if !labels.is_empty() {
        selector.push('}');
    }
    selector
}
