//! Until when a supplier's credit is claimed, beside when ours is.

use super::{Chains, First, Side};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Anchor, Deadline, Model, last_date};
use crate::wording::date;

/// What a customer may still claim of us can still be claimed of the supplier.
pub fn lapsed(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    chains.pairs().iter().filter_map(|(own, other)| earlier(model, own, other)).collect()
}

fn earlier(model: &Model, own: &Side<'_>, other: &Side<'_>) -> Option<Diagnostic> {
    let (ours, theirs) = (deadline(own)?, deadline(other)?);
    if own.target.window != other.target.window {
        return None;
    }
    let (zone, first) = (model.agreement.clock(), First::of(model, &own.target.window)?);
    let last = |deadline: &Deadline| last_date(model, &zone, deadline, first.days.1);
    let (until, lapses) = (last(ours)?, last(theirs)?);
    if until <= lapses {
        return None;
    }
    let (name, their_name) = (&own.commitment.head.name, &other.commitment.head.name);
    let message = format!("the claim under `{their_name}` may lapse before the one under `{name}` is made");
    let whole = first.name();
    Some(
        Diagnostic::new(codes::SUPPLIER_CLAIM_LAPSES, theirs.span, message)
            .primary(format!("ends {} after the window", theirs.length()))
            .label(ours.span, format!("a claim under `{name}` has {}", ours.length()))
            .witness(format!(
                "for {whole} a credit under `{name}` may be claimed until {}, and the supplier's must be claimed by {}",
                date(until), date(lapses)
            ))
            .help("claim from the supplier whenever its promise is missed, without waiting for a claim; or agree on a longer deadline with it"),
    )
}

/// The deadline of a claim that is counted from the end of the window.
fn deadline<'a>(side: &Side<'a>) -> Option<&'a Deadline> {
    let claim = side.commitment.claim.as_ref().filter(|claim| !claim.automatic)?;
    claim.within.as_ref().filter(|deadline| deadline.of == Some(Anchor::WindowEnd))
}
