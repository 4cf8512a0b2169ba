//! Two negotiations of one clause at the same time: what is agreed in one is a surprise in the other.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Model, Negotiation, Proposal, Standing};
use crate::values::Date;
use std::collections::BTreeMap;

/// A negotiation that stands: it is open, or something was agreed in it.
#[derive(Clone, Copy)]
struct Talk<'a> {
    first: &'a Proposal,
    /// The id of the clause, with all its variants.
    of: &'a str,
    /// The day on which it was raised; unless it is known, the last one on which that can have been.
    start: Date,
    /// The day on which it was agreed; none while it is open.
    end: Option<Date>,
}

/// Of those that were met so far, the one that goes on for longest.
#[derive(Clone, Copy, Default)]
struct Longest<'a> {
    /// Of those that are about the clause itself.
    of_clause: Option<Talk<'a>>,
    /// Of those and of the ones about its parts.
    with_parts: Option<Talk<'a>>,
}

/// Of a clause, and of a clause and a part of it, one negotiation that stands is led at a time. Of the agreement as a whole
/// there may be several, since they may be about different things.
pub(super) fn talks(model: &Model) -> Vec<Diagnostic> {
    let negotiations = model.negotiations(None);
    let whole = model.agreement.head.id.as_str();
    let clauses: Vec<String> = negotiations.iter().map(|one| one.clause().unwrap_or_default()).collect();
    let of_clauses = negotiations.iter().zip(&clauses).filter(|(_, of)| !of.is_empty() && *of != whole);
    let mut talks: Vec<Talk<'_>> = of_clauses.filter_map(|(one, of)| standing(one, of)).collect();
    // In the order in which they were raised: one that began before overlaps if it had not ended by then, and of those the
    // one that ends last does if any does. That takes no look at each pair.
    talks.sort_by_key(|talk| (talk.start, talk.end.is_none(), talk.end));
    let mut met: BTreeMap<&str, Longest<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for talk in talks {
        let own = met.get(talk.of).and_then(|longest| longest.with_parts);
        let around = around(talk.of).filter_map(|id| met.get(id)?.of_clause);
        let other = own.into_iter().chain(around).find(|other| other.overlaps(&talk));
        found.extend(other.map(|other| finding(&other, &talk)));
        let longest = met.entry(talk.of).or_default();
        longest.of_clause = later(longest.of_clause, talk);
        for id in std::iter::once(talk.of).chain(self::around(talk.of)) {
            let longest = met.entry(id).or_default();
            longest.with_parts = later(longest.with_parts, talk);
        }
    }
    found
}

/// A negotiation of a clause that stands, with its time.
fn standing<'a>(negotiation: &Negotiation<'a>, of: &'a str) -> Option<Talk<'a>> {
    let (first, last) = (negotiation.rounds.first()?.proposal, negotiation.last()?);
    let stands = matches!(last.standing, Standing::Open | Standing::Accepted);
    if !stands || first.head.poisoned {
        return None;
    }
    let end = last.end().map(|outcome| outcome.date);
    let start = first.raised.as_ref().map(|raised| raised.value).or(end).unwrap_or(Date::MAX);
    Some(Talk { first, of, start, end })
}

/// The ids of the clauses that a clause is a part of, from the narrowest to the widest.
fn around(id: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(id.rsplit_once('.'), |(around, _)| around.rsplit_once('.')).map(|(around, _)| around)
}

fn later<'a>(one: Option<Talk<'a>>, other: Talk<'a>) -> Option<Talk<'a>> {
    let lasts = |talk: &Talk<'_>| (talk.end.is_none(), talk.end);
    one.filter(|one| lasts(one) >= lasts(&other)).or(Some(other))
}

impl Talk<'_> {
    /// Whether both were under way on some day. On the day on which one ends the other may begin.
    fn overlaps(&self, other: &Talk<'_>) -> bool {
        let before = |start: Date, end: Option<Date>| end.is_none_or(|end| start < end);
        before(self.start, other.end) && before(other.start, self.end)
    }
}

fn finding(first: &Talk<'_>, second: &Talk<'_>) -> Diagnostic {
    let (one, two) = (&first.first.head, &second.first.head);
    let (message, help) = match (first.end, second.end) {
        (None, None) => (
            format!("`{}` and `{}` are both open", one.name, two.name),
            format!("let one answer the other, `of {}`, or end one of them with `outcome`", one.name),
        ),
        (Some(_), Some(_)) => (
            format!("`{}` and `{}` were negotiated at the same time and both accepted", one.name, two.name),
            "which of the two holds? Say of the other one in its `outcome` that it was declined or taken back"
                .to_owned(),
        ),
        (agreed, _) => {
            let (agreed, open) = if agreed.is_some() { (one, two) } else { (two, one) };
            (
                format!("`{}` was accepted while `{}` was open", agreed.name, open.name),
                format!(
                    "end `{}` with `outcome`, and propose anew what is to change after `{}`",
                    open.name, agreed.name
                ),
            )
        }
    };
    let (of_one, of_two) = (first.of, second.of);
    let about = match of_one.len().cmp(&of_two.len()) {
        std::cmp::Ordering::Equal => "they are about one clause".to_owned(),
        std::cmp::Ordering::Less => format!("`{of_two}` is a part of `{of_one}`"),
        std::cmp::Ordering::Greater => format!("`{of_one}` is a part of `{of_two}`"),
    };
    Diagnostic::new(codes::PARALLEL_NEGOTIATIONS, two.name_span, format!("{message}, and {about}"))
        .primary("a negotiation of the clause")
        .label(one.name_span, "another one")
        .help(help)
}
