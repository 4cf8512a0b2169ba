//! What differs by options, before it is resolved: what all variants of a clause share, and in what they differ.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::model::{Choice, Head, Model};

/// A clause that differs by options. It stands in this bundle once for each of its variants, resolved, and here as a whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Family {
    /// The keyword of the clause, such as `commitment`.
    pub keyword: String,
    /// The name of the clause.
    pub name: String,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// The names of the dimensions.
    pub per: Vec<String>,
    /// The variants.
    pub variants: Vec<Variant>,
    /// The members of the clause that are the same for all variants. A reference to what differs by some of the same
    /// dimensions is a name without options: each variant refers to the one for its own options.
    pub shared: Vec<Member>,
    /// The members in which the variants differ.
    pub differing: Vec<Differing>,
}

/// A clause for one option of each dimension.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Variant {
    /// The stable id.
    pub id: String,
    /// The name, by which other members of the bundle refer to it.
    pub name: String,
    /// The options, in the order of the dimensions.
    pub options: Vec<String>,
}

/// A member of a clause, as all variants have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Member {
    /// The name of the member.
    pub member: String,
    /// Its value.
    pub value: Value,
}

/// A member of a clause in which variants differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Differing {
    /// The name of the member.
    pub member: String,
    /// Its values.
    pub values: Vec<Cell>,
}

/// A value of a member, and the variants that have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cell {
    /// The options of each of these variants, in the order of the dimensions.
    pub options: Vec<Vec<String>>,
    /// The value.
    pub value: Value,
}

/// The members that say which variant a clause is, and those that stand beside.
const OWN: [&str; 3] = ["id", "name", "title"];

/// Every family of a model, in the order of the bundle; the clauses are those of the bundle, resolved, by their ids.
pub fn families(model: &Model, clauses: &BTreeMap<String, Value>) -> Vec<Family> {
    let varied = model.varied();
    let names: Names<'_> = varied.iter().map(|head| (head.name.as_str(), head.variant.as_slice())).collect();
    let mut all: Vec<(Family, Vec<Value>)> = Vec::new();
    let mut places = BTreeMap::new();
    for head in varied {
        let keyword = head.id.split('.').next().unwrap_or_default().to_owned();
        let per: Vec<String> = head.variant.iter().map(|choice| choice.dimension.clone()).collect();
        // What is read for plans, and for plans and regions, is a family of each.
        let place = *places.entry((keyword.clone(), head.family.clone(), per.clone())).or_insert(all.len());
        if place == all.len() {
            let (name, title) = (head.family.clone(), head.title.clone());
            let (shared, differing) = Default::default();
            all.push((Family { keyword, name, title, per, variants: Vec::new(), shared, differing }, Vec::new()));
        }
        if let Some((family, members)) = all.get_mut(place) {
            family.variants.push(variant(head));
            let resolved = clauses.get(&head.id).cloned().unwrap_or_default();
            members.push(unresolved(resolved, &names, &head.variant));
        }
    }
    all.into_iter().map(|(family, members)| compared(family, members)).collect()
}

/// What is for some options, by its name: `goal[gold]`.
type Names<'a> = BTreeMap<&'a str, &'a [Choice]>;

fn variant(head: &Head) -> Variant {
    let options = head.variant.iter().map(|choice| choice.option.clone()).collect();
    Variant { id: head.id.clone(), name: head.name.clone(), options }
}

/// A clause of a variant without the options of the variant in its texts.
fn unresolved(clause: Value, names: &Names<'_>, variant: &[Choice]) -> Value {
    match clause {
        Value::String(text) => Value::String(without(&text, names, variant)),
        Value::Array(items) => items.into_iter().map(|item| unresolved(item, names, variant)).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(key, value)| (key, unresolved(value, names, variant))).collect()
        }
        plain => plain,
    }
}

/// A text in which the names of what is for options of a variant are those of their families.
fn without(text: &str, names: &Names<'_>, variant: &[Choice]) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let close = rest.get(open..).and_then(|options| options.find(']')).map(|length| open + length + 1);
        let name = |end: usize| {
            let start = rest.get(..open)?.rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            rest.get(start.map_or(0, |before| before + 1)..end)
        };
        let own = close.and_then(name).and_then(|name| names.get(name));
        let is_own = own.is_some_and(|choices| choices.iter().all(|choice| variant.contains(choice)));
        let end = close.filter(|_| is_own);
        whole.push_str(rest.get(..end.map_or(open + 1, |_| open)).unwrap_or_default());
        rest = rest.get(end.unwrap_or(open + 1)..).unwrap_or_default();
    }
    whole + rest
}

/// A family with what its variants share, and in what they differ.
fn compared(family: Family, clauses: Vec<Value>) -> Family {
    let mut cells: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    for (variant, clause) in family.variants.iter().zip(clauses) {
        let Value::Object(members) = clause else { continue };
        for (member, value) in members.into_iter().filter(|(member, _)| !OWN.contains(&member.as_str())) {
            let cells = cells.entry(member).or_default();
            match cells.iter_mut().find(|cell| cell.value == value) {
                Some(cell) => cell.options.push(variant.options.clone()),
                None => cells.push(Cell { options: vec![variant.options.clone()], value }),
            }
        }
    }
    let count = family.variants.len();
    let everywhere = |cells: &Vec<Cell>| matches!(cells.as_slice(), [cell] if cell.options.len() == count);
    let (shared, differing): (Vec<_>, Vec<_>) = cells.into_iter().partition(|(_, values)| everywhere(values));
    let of_all = |(member, values): (String, Vec<Cell>)| {
        values.into_iter().next().map(|cell| Member { member, value: cell.value })
    };
    let shared = shared.into_iter().filter_map(of_all).collect();
    let differing = differing.into_iter().map(|(member, values)| Differing { member, values }).collect();
    Family { shared, differing, ..family }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_options_of_their_variant_only() {
        let choice = |dimension: &str, option: &str| Choice {
            dimension: dimension.to_owned(),
            option: option.to_owned(),
            title: option.to_owned(),
            each: false,
            shared: false,
        };
        let (gold, basic, eu) = (choice("plan", "gold"), choice("plan", "basic"), choice("region", "eu"));
        let heads = [
            ("goal[gold]", vec![gold.clone()]),
            ("goal[basic]", vec![basic]),
            ("up[gold,eu]", vec![gold.clone(), eu.clone()]),
        ];
        let names: Names<'_> = heads.iter().map(|(name, choices)| (*name, choices.as_slice())).collect();
        let of = |text| without(text, &names, &[gold.clone(), eu.clone()]);
        assert_eq!(of("commitment.up[gold,eu].target >= goal[gold]"), "commitment.up.target >= goal");
        assert_eq!(of("goal[basic] [gold] other[gold] goal[gold"), "goal[basic] [gold] other[gold] goal[gold");
        assert_eq!(without("up[gold,eu]", &names, std::slice::from_ref(&gold)), "up[gold,eu]");
    }
}
