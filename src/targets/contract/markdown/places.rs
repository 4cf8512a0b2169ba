//! Where what is negotiated stands: all the numbers of a clause, of its variants, or of the parts that a name stands for.

use super::{MARK, Md, WHOLE, clause_link, link};
use crate::model::in_family;
use crate::wording::one_line;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Stands before a clause of which all places are told.
pub(super) const PLACES: char = '¶';
/// Stands before one that is meant in all its variants.
const VARIED: char = '*';
/// Of how many rows of tables each is named; of more, their clauses are.
const ROWS: usize = 6;

/// A reference to all places of a clause, by its id without options: `clause 4.1, in all its variants`, `clauses 4.2.1 and
/// 4.2.2`, `the whole agreement`.
pub fn place_reference(family: &str, is_varied: bool) -> Md {
    let varied = if is_varied { VARIED.to_string() } else { String::new() };
    Md(format!("{MARK}{PLACES}{varied}{}{MARK}", one_line(family)))
}

/// The same with the numbers.
pub(super) fn place_link(numbers: &BTreeMap<&str, &str>, rows: &BTreeMap<&str, usize>, family: &str) -> Md {
    let (family, is_varied) = family.strip_prefix(VARIED).map_or((family, false), |family| (family, true));
    let mut at = family;
    let mut found = places(numbers, at);
    while found.is_empty()
        && let Some((around, _)) = at.rsplit_once('.')
    {
        at = around;
        found = places(numbers, at);
    }
    match joined(found, rows).as_slice() {
        [] => Md::from("clause").and(clause_link(numbers, family)),
        [(number, id)] if *number == WHOLE => link("the whole agreement", id),
        [(number, id)] if number.starts_with("Party") => link(number, id),
        [(number, id)] => {
            let end = if is_varied { ", in all its variants" } else { "" };
            Md::from("clause").and(link(number, id)).then(end)
        }
        [others @ .., (last, last_id)] => {
            let others: Vec<String> = others.iter().map(|(number, id)| link(number, id).0).collect();
            Md::from("clauses").and(Md(others.join(", "))).and("and").and(link(last, last_id))
        }
    }
}

/// The numbers and ids of a clause or of its variants; of the parts, where these have none of their own.
fn places<'a>(numbers: &BTreeMap<&'a str, &'a str>, family: &str) -> Vec<(&'a str, &'a str)> {
    if let Some((id, number)) = numbers.get_key_value(family) {
        return vec![(number, id)];
    }
    let mut words = family.match_indices('.').map(|(at, _)| at).skip(1);
    let name = family.get(..words.next().unwrap_or(family.len())).unwrap_or_default();
    // Only what is declared, and no kind of declaration, has places.
    if !name.contains('.') {
        return Vec::new();
    }
    let of_name =
        numbers.range::<str, _>((Bound::Included(name), Bound::Unbounded)).take_while(|(id, _)| id.starts_with(name));
    let all = of_name.filter_map(|(id, number)| Some((*number, *id, in_family(id, family)?)));
    let own = all.filter(|(_, id, clause)| id == clause || !numbers.contains_key(clause));
    let mut found: Vec<(&str, &str)> = own.map(|(number, id, _)| (number, id)).collect();
    // `4.10` comes after `4.9`, and `(aa)` after `(z)`.
    found.sort_by_key(|(number, _)| (number.len(), *number));
    found.dedup_by_key(|(number, _)| *number);
    found
}

/// Several rows of a table as its clause, if they are all of its rows or too many to be named.
fn joined<'a>(found: Vec<(&'a str, &'a str)>, rows: &BTreeMap<&str, usize>) -> Vec<(&'a str, &'a str)> {
    let clauses: BTreeSet<&str> = found.iter().map(|(number, _)| clause_of(number)).collect();
    let of_all = || clauses.iter().filter_map(|clause| rows.get(clause)).sum::<usize>();
    if found.len() < 2 || found.len() <= ROWS && of_all() != found.len() {
        return found;
    }
    let mut joined: Vec<(&str, &str)> = found.into_iter().map(|(number, id)| (clause_of(number), id)).collect();
    joined.dedup_by_key(|(number, _)| *number);
    joined
}

/// The number of the clause of a row: `4.1` of `4.1 (b)`.
pub(super) fn clause_of(number: &str) -> &str {
    match number.rsplit_once(" (") {
        Some((clause, _)) if !clause.starts_with("Party") || clause.contains('(') => clause,
        _ => number,
    }
}
