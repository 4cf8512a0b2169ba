//! Conflicts of interest: a party that judges, excuses or claims against itself.

use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Commitment, Model, PartyRef};
use crate::source::Span;

/// The party that owes a commitment, with its place.
fn debtor<'a>(model: &'a Model, commitment: &Commitment) -> Option<&'a PartyRef> {
    model.between(commitment.of.as_ref())?.by.as_ref()
}

fn finding(span: Span, severity: Severity, message: String) -> Diagnostic {
    Diagnostic::new(codes::SELF_DEALING, span, message).severity(severity)
}

/// Nobody excuses its own promise, claims or terminates for its own failure, or decides its own claim.
pub(super) fn conflicts(model: &Model) -> Vec<Diagnostic> {
    let mut found = own_excuses(model);
    for commitment in &model.commitments {
        let debtor = debtor(model, commitment);
        let owes = |party: &PartyRef| debtor.is_some_and(|debtor| debtor.party == party.party);
        let name = &commitment.head.name;
        let label = |finding: Diagnostic| match debtor {
            Some(debtor) => finding.label(debtor.span, format!("`{}` owes `{name}`", debtor.party)),
            None => finding,
        };
        let claimant = commitment.claim.as_ref().and_then(|claim| claim.by.as_ref());
        if let Some(by) = claimant.filter(|by| owes(by)) {
            let message = format!("`{by}` claims the credit that `{}` owes", by.party);
            found.push(
                label(finding(by.span, Severity::Error, message).primary("the party that owes it"))
                    .witness("nobody else has a right to the credit, so that it is never paid")
                    .help("name the other party after `claim by`"),
            );
        }
        // The wrong claimant has been told; the rest follows from it.
        let claimant = claimant.filter(|by| !owes(by));
        if let (Some(by), Some(claim)) = (claimant, &commitment.claim)
            && let Some(to) = claim.to.first()
            && claim.to.iter().all(|to| to.party == by.party)
        {
            let message = format!("the claim of `{}` goes to `{to}`, the same side", by.party);
            found.push(
                finding(to.span, Severity::Warning, message)
                    .primary("the receiving side")
                    .label(by.span, "the claiming side")
                    .help("name a contact of the other party after `to`"),
            );
        }
        let judge = commitment.decide.as_ref().and_then(|decide| decide.by.as_ref());
        if let (Some(judge), Some(by)) = (judge, claimant)
            && judge.party == by.party
        {
            found.push(
                finding(judge.span, Severity::Warning, format!("`{}` decides its own claim", judge.party))
                    .primary("decides")
                    .label(by.span, "claims")
                    .help("name the other party after `decide by`"),
            );
        }
        for by in commitment.terminate.iter().filter_map(|right| right.by.as_ref()).filter(|by| owes(by)) {
            let message = format!("`{}` may terminate for its own failure", by.party);
            found.push(
                label(finding(by.span, Severity::Error, message).primary("the party that fails"))
                    .witness(format!("whoever wants to be rid of the agreement has only to miss `{name}`"))
                    .help("name the other party after `terminate by`"),
            );
        }
    }
    found
}

/// A duty excuses the other side's promises while it is not performed.
fn own_excuses(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for duty in &model.duties {
        let Some(by) = &duty.between.by else { continue };
        for excused in &duty.excuses {
            let owed = model.commitments.get(&excused.value).and_then(|commitment| debtor(model, commitment));
            let Some(owed) = owed.filter(|owed| owed.party == by.party) else { continue };
            let message = format!("`{}` is excused from `{}` by neglecting its own duty", by.party, excused.value);
            found.push(
                finding(excused.span, Severity::Error, message)
                    .primary("excused while the duty is not performed")
                    .label(by.span, "owes the duty")
                    .label(owed.span, format!("owes `{}`", excused.value))
                    .witness(format!(
                        "as long as `{}` leaves `{}` undone, it owes nothing for `{}`",
                        by.party, duty.head.name, excused.value
                    ))
                    .help(
                        "a duty excuses the promises of the other side: leave out `excuses`, or name the other party",
                    ),
            );
        }
    }
    found
}
