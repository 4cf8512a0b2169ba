//! The window of a promise beside those of the services that it depends on.

use super::{Chains, First, Promise, percent};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Model;
use crate::wording::date;

/// What may go wrong in a longer window may all go wrong in one of ours.
pub fn longer(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    let mut found = Vec::new();
    for own in chains.ours() {
        let needed = chains.needed(own.service).unwrap_or_default();
        found.extend(needed.into_iter().filter_map(|other| longer_than(model, own, other)));
    }
    found
}

fn longer_than(model: &Model, own: &Promise<'_>, other: &Promise<'_>) -> Option<Diagnostic> {
    // One that promises less in any window has been told.
    if other.bound < own.bound || other.window.shortest()? <= own.window.longest()? {
        return None;
    }
    let longer = First::of(model, other.window)?;
    let first = First::from(model, own.window, longer.days.0)?;
    let (allowed, theirs) = (first.length(&own.slack()), longer.length(&other.slack()));
    if theirs <= allowed {
        return None;
    }
    let (name, service, other_name) = (own.name(), &own.service.head.name, &other.service.head.name);
    let (window, long) = (own.window, other.window);
    let message = format!("`{other_name}` is promised per {long}, and `{name}`, which depends on it, per {window}");
    let (time, most) = (super::super::slack::words(&theirs), super::super::slack::words(&allowed));
    let whole = format!("the {long} from {} to {}", date(longer.days.0), date(longer.days.1));
    Some(
        Diagnostic::new(codes::SUPPLIER_WINDOW_LONGER, own.span, message)
            .primary(format!("allows {most} in {}", first.words))
            .label(other.span, format!("{} per {long} is {time}, in any part of it", percent(other.bound)))
            .witness(format!(
                "`{other_name}` is down for {time} in {}, and keeps its promise for {whole} if nothing else happens; \
                 `{service}` may be down for {most} only",
                first.name(),
            ))
            .help(format!("have `{other_name}` promised per {window} too, or promise per {long}")),
    )
}
