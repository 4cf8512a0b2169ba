//! Claims: who may make them and until when, from which event their times are counted, and clauses about credits that
//! there are none of.

use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Anchor, Claim, Commitment, Deadline, Decision, Model, Status, last_date};
use crate::source::Span;
use crate::values::Date;

/// A claim says by whom and until when, and a decision too.
pub(super) fn incomplete(model: &Model) -> Vec<Diagnostic> {
    let in_force = model.agreement.status.as_ref().is_some_and(|status| status.value == Status::InForce);
    let severity = if in_force { Severity::Error } else { Severity::Warning };
    let mut found = Vec::new();
    for commitment in model.commitments.iter().filter(|commitment| !commitment.head.poisoned) {
        let name = &commitment.head.name;
        found.extend(commitment.claim.as_ref().and_then(|claim| open_claim(name, claim, severity)));
        found.extend(commitment.decide.as_ref().and_then(|decision| open_decision(name, decision)));
    }
    found
}

/// What is not said of who does something and by when, in words.
fn lacks(by: bool, within: bool) -> Option<&'static str> {
    match (by, within) {
        (false, false) => Some("by whom and until when"),
        (false, true) => Some("by whom"),
        (true, false) => Some("until when"),
        (true, true) => None,
    }
}

fn open_claim(name: &str, claim: &Claim, severity: Severity) -> Option<Diagnostic> {
    let lacks = lacks(claim.by.is_some(), claim.within.is_some()).filter(|_| !claim.automatic)?;
    let message = format!("`{name}` does not say {lacks} its credit is claimed");
    Some(
        Diagnostic::new(codes::CREDIT_WITHOUT_CLAIM, claim.span, message)
            .severity(severity)
            .primary(format!("{lacks}?"))
            .witness("months after a missed target one side can say that the claim comes too late, and the other that it does not")
            .help("write `claim by … within … of window end`, or `claim automatic`"),
    )
}

fn open_decision(name: &str, decision: &Decision) -> Option<Diagnostic> {
    let lacks = lacks(decision.by.is_some(), decision.within.is_some())?;
    let message = format!("`{name}` does not say {lacks} a claim is decided");
    Some(
        Diagnostic::new(codes::NO_DEADLINE, decision.span, message)
            .severity(Severity::Warning)
            .primary(format!("{lacks}?"))
            .help("write `decide by … within … of claim`"),
    )
}

/// The events from which nobody can count the time for a claim.
const NOT_FOR_CLAIMS: &[Anchor] = &[Anchor::Claim, Anchor::Decision, Anchor::Request, Anchor::Start, Anchor::End];
/// The events from which nobody can count the time for a decision.
const NOT_FOR_DECISIONS: &[Anchor] = &[Anchor::Decision, Anchor::Start, Anchor::End];
/// The events from which nobody can count the time for a notice of termination.
const NOT_FOR_TERMINATIONS: &[Anchor] = &[Anchor::Request, Anchor::Start, Anchor::End];

/// The time for a claim, a decision or a notice of termination is counted from an event that comes before it.
pub(super) fn anchors(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in &model.commitments {
        let claim = commitment.claim.as_ref().and_then(|claim| claim.within.as_ref());
        found.extend(claim.and_then(|within| anchor("claim", within, NOT_FOR_CLAIMS, "window end")));
        let decide = commitment.decide.as_ref().and_then(|decision| decision.within.as_ref());
        found.extend(decide.and_then(|within| anchor("decision", within, NOT_FOR_DECISIONS, "claim")));
        let rights = commitment.terminate.iter().filter_map(|right| right.within.as_ref());
        found.extend(
            rights.filter_map(|within| anchor("notice of termination", within, NOT_FOR_TERMINATIONS, "window end")),
        );
    }
    found
}

fn anchor(what: &str, within: &Deadline, excluded: &[Anchor], instead: &str) -> Option<Diagnostic> {
    let of = within.of.as_ref().filter(|of| excluded.contains(of))?;
    let (word, amount) = (of.as_str(), within.length());
    let finding = if word == what {
        let message = format!("the time for a {what} is counted from the {what} itself");
        Diagnostic::new(codes::CIRCULAR_DEFINITION, within.span, message).primary("never too late")
    } else {
        let message = format!("the time for a {what} cannot be counted from `{word}`");
        Diagnostic::new(codes::WRONG_ARGUMENT, within.span, message).primary(format!("no {what} follows it"))
    };
    Some(finding.help(format!("name what comes before it: `within {amount} of {instead}`")))
}

/// A claim can be made until later than it is to be decided: both are counted from one event.
pub(super) fn decided_before(model: &Model) -> Vec<Diagnostic> {
    model.commitments.iter().filter_map(|commitment| decided_early(model, commitment)).collect()
}

fn decided_early(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    let claim = commitment.claim.as_ref().filter(|claim| !claim.automatic)?.within.as_ref()?;
    let decide = commitment.decide.as_ref()?.within.as_ref()?;
    let anchor = claim.of.as_ref().filter(|of| decide.of.as_ref() == Some(*of))?;
    // What is wrong with these events has been told.
    if NOT_FOR_CLAIMS.contains(anchor) {
        return None;
    }
    let zone = model.agreement.clock();
    let from = model.agreement.effective.as_ref().map_or(Date::constant(2027, 1, 1), |term| term.from);
    let days = std::iter::successors(Some(from), |date| date.tomorrow().ok()).take(WEEK);
    let both = days.map(|day| Some((day, last_date(model, &zone, decide, day)?, last_date(model, &zone, claim, day)?)));
    let both: Vec<(Date, Date, Date)> = both.collect::<Option<_>>()?;
    if both.iter().any(|(_, decide, claim)| decide > claim) {
        return None;
    }
    let (day, decided, claimed) = both.first()?;
    let of = anchor.as_str();
    let message = format!("`{}` may have to decide on a claim before it is made", commitment.head.name);
    Some(
        Diagnostic::new(codes::DECISION_BEFORE_CLAIM, decide.span, message)
            .primary(format!("ends {} after `{of}`", decide.length()))
            .label(claim.span, format!("a claim may come until {} after it", claim.length()))
            .witness(format!(
                "counted from {day}, a claim of {claimed} is in time, and its decision is due by {decided}"
            ))
            .help(format!("count the decision from the claim: `within {} of claim`", decide.length())),
    )
}

/// The days from which two deadlines are compared.
const WEEK: usize = 7;
/// Every clause about a credit has one, and a decision has a claim.
pub(super) fn idle(model: &Model) -> Vec<Diagnostic> {
    // Without a target it is told that the commitment promises nothing.
    let sound = model.commitments.iter().filter(|one| !one.head.poisoned && !one.targets.is_empty());
    let own = sound.filter_map(|commitment| without_credit(model, commitment).or_else(|| undecided(commitment)));
    own.chain(without_any_credit(model)).chain(without_any_remedy(model)).chain(without_set_off(model)).collect()
}

/// That the agreement says what becomes of unused credits, and none is set off against an invoice.
fn without_set_off(model: &Model) -> Option<Diagnostic> {
    let unused = model.agreement.unused.as_ref()?;
    let unknown = model.commitments.iter().any(|one| one.head.poisoned) || model.unread;
    if unknown || model.commitments.iter().any(|one| model.is_carried(one)) {
        return None;
    }
    let help = "add `pay next_invoice`, and what is owed for a miss, or delete it";
    let message = "no credit is set off against an invoice";
    Some(Diagnostic::new(codes::IDLE_CLAUSE, unused.span, message).primary("nothing can be left unused").help(help))
}

/// A cap or a skip of the agreement that no credit falls under. Without a commitment that is told as such.
fn without_any_credit(model: &Model) -> Vec<Diagnostic> {
    let unknown = model.commitments.iter().any(|one| one.head.poisoned) || model.commitments.iter().next().is_none();
    let mut credits = model.commitments.iter().filter(|one| one.credit.is_some());
    if unknown || model.unread || credits.any(|one| model.shares_caps(one)) {
        return Vec::new();
    }
    let caps = model.agreement.caps.iter().map(|cap| (cap.span, "cap"));
    // What the customer owes may be too small to be paid; what a supplier owes is not owed under the agreement.
    let may_skip = |one: &Commitment| one.credit.is_some() && !model.is_supplied(one.of.as_ref());
    let has_credit = model.commitments.iter().any(may_skip);
    let skip = model.agreement.skip.iter().filter(|_| !has_credit).map(|skip| (skip.span, "skip"));
    let all = caps.chain(skip).map(|(span, word)| {
        let message = format!("no credit falls under the `{word}` of the agreement");
        Diagnostic::new(codes::IDLE_CLAUSE, span, message).primary("there is nothing that it limits").help(
            "add what the provider owes for a miss, such as `credit of … { below target gives 10% }`, or delete it",
        )
    });
    all.collect()
}

/// The credits are the only remedy, and there are neither any, nor a right to terminate.
fn without_any_remedy(model: &Model) -> Option<Diagnostic> {
    let remedy = model.agreement.remedy.as_ref()?;
    let mut commitments = model.commitments.iter().peekable();
    let unknown = model.unread || commitments.peek().is_none();
    if unknown || commitments.any(|one| one.head.poisoned || one.credit.is_some() || !one.terminate.is_empty()) {
        return None;
    }
    Some(
        Diagnostic::new(
            codes::IDLE_CLAUSE,
            remedy.span,
            "nothing is owed for a miss, and `remedy sole` excludes the rest",
        )
        .primary("there is no remedy at all")
        .witness("a service that is down all month costs the provider nothing, and cannot be terminated for it")
        .help("add what is owed for a miss, such as `credit of … { below target gives 10% }`, or delete it"),
    )
}

fn without_credit(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    if commitment.credit.is_some() {
        return None;
    }
    let mut clauses: Vec<(Span, &str)> = Vec::new();
    clauses.extend(commitment.caps.iter().map(|cap| (cap.span, "cap")));
    clauses.extend(commitment.times.iter().map(|factor| (factor.span, "times")));
    clauses.extend(commitment.skip.iter().map(|skip| (skip.span, "skip")));
    clauses.extend(commitment.combine.iter().map(|with| (with.span, "combine largest with")));
    clauses.extend(commitment.claim.iter().map(|claim| (claim.span, "claim")));
    clauses.extend(commitment.decide.iter().map(|decision| (decision.span, "decide")));
    clauses.extend(commitment.pay.iter().map(|pay| (pay.span, "pay")));
    clauses.sort();
    let ((first, word), rest) = clauses.split_first()?;
    let message = format!("`{}` has a `{word}` and no credit", commitment.head.name);
    let finding = Diagnostic::new(codes::IDLE_CLAUSE, *first, message).primary("there is nothing that it is about");
    let finding = rest.iter().fold(finding, |finding, (span, _)| finding.label(*span, "nor this"));
    let is_variant = |other: &&Commitment| other.head.family == commitment.head.family && other.credit.is_some();
    Some(finding.help(match model.commitments.iter().find(is_variant) {
        Some(_) => {
            "add what is owed there, or put it into the `for … { … }` of the options for which something is owed"
        }
        None => "add what is owed for a miss, such as `credit of … { below target gives 10% }`, or delete it",
    }))
}

fn undecided(commitment: &Commitment) -> Option<Diagnostic> {
    let claim = commitment.claim.as_ref().filter(|claim| claim.automatic)?;
    let decision = commitment.decide.as_ref()?;
    let message = format!("`{}` decides on claims, and its credit needs none", commitment.head.name);
    Some(
        Diagnostic::new(codes::IDLE_CLAUSE, decision.span, message)
            .primary("there is no claim to decide")
            .label(claim.span, "the credit comes by itself")
            .help("delete the one that is not meant"),
    )
}

/// Credits of which only the largest is owed are owed by one party.
pub(super) fn combined(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for commitment in &model.commitments {
        for with in &commitment.combine {
            let Some(other) = model.commitments.get(&with.value) else { continue };
            let (Some(own), Some(theirs)) = (debtor(model, commitment), debtor(model, other)) else { continue };
            if own != theirs {
                let message =
                    format!("the credits of `{}` and `{}` are owed by two parties", commitment.head.name, with.value);
                found.push(
                    Diagnostic::new(codes::WRONG_ARGUMENT, with.span, message)
                        .primary(format!("owed by `{theirs}`"))
                        .label(commitment.head.name_span, format!("owed by `{own}`"))
                        .help("combine commitments of one party, or leave out `combine`: then each pays its own"),
                );
            }
        }
    }
    found
}

/// The party that owes the credits of a commitment: the one that gives its service or support.
fn debtor<'a>(model: &'a Model, commitment: &Commitment) -> Option<&'a str> {
    model.between(commitment.of.as_ref())?.by.as_ref().map(|party| party.party.as_str())
}
