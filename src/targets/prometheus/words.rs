//! Words of alerts: whole sentences, with whatever the file says made safe for Prometheus's templates.

use crate::calculus::{Attribute, Expr, ExprKind, Subject};
use crate::model::{Commitment, Condition, Model, PartyRef};

/// A text of the file as a template of Prometheus prints it unchanged.
pub(super) fn safe(text: &str) -> String {
    // Only an opening pair of braces means anything in a template.
    text.replace("{{", "{{ \"{{\" }}")
}

/// Sentences as one text: each non-empty, with a full stop.
pub(super) fn sentences(parts: &[String]) -> String {
    let whole = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    let ended =
        whole.map(|part| if part.ends_with(['.', '!', '?', '"']) { part.to_owned() } else { format!("{part}.") });
    ended.collect::<Vec<_>>().join(" ")
}

/// What is promised and what a breach costs.
pub(super) fn promise(model: &Model, commitment: &Commitment) -> String {
    let credit = wording::credit_summary(model, commitment).unwrap_or_default();
    safe(&sentences(&[wording::promise(model, commitment), credit]))
}

/// Whom the contract names to tell when an attribute holds: in ladders and notices, each once.
pub(super) fn to_tell(model: &Model, subject: &Subject, attribute: Option<Attribute>) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut add = |people: &[PartyRef]| {
        for person in people {
            let name = contact(model, person);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    };
    let watches = |when: &Option<Condition>| match when {
        Some(Condition::Measured(expr)) => reads(expr, subject, attribute),
        _ => false,
    };
    for escalation in model.escalations.iter().filter(|escalation| watches(&escalation.when)) {
        escalation.steps.iter().for_each(|step| add(&step.notify));
    }
    for notice in model.notices.iter().filter(|notice| watches(&notice.when)) {
        add(&notice.between.to);
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => safe(&format!("The agreement names {one} to be told")),
        [most @ .., last] => safe(&format!("The agreement names {} and {last} to be told", most.join(", "))),
    }
}

fn reads(expr: &Expr, subject: &Subject, attribute: Option<Attribute>) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        if let ExprKind::Attribute { of, attribute: read } = &part.kind {
            found |= of == subject && attribute.is_none_or(|wanted| wanted == *read);
        }
    });
    found
}

/// A party or contact by its title.
pub(super) fn contact(model: &Model, person: &PartyRef) -> String {
    let Some(party) = model.parties.get(&person.party) else {
        return person.to_string();
    };
    match person.contact.as_ref().and_then(|name| party.contact(name)) {
        Some(contact) => format!("the {} of {}", contact.head.label(), party.head.label()),
        None => party.head.label(),
    }
}

/// The party that owes a service or runs a support, by name.
pub(super) fn owed_by(model: &Model, of: &str) -> Option<String> {
    let between = match (model.services.get(of), model.supports.get(of)) {
        (Some(service), _) => &service.between,
        (None, Some(support)) => &support.between,
        (None, None) => return None,
    };
    between.by.as_ref().map(|person| person.party.clone())
}

/// What a commitment promises, until the shared sentences are here.
mod wording {
    use crate::model::{Commitment, Model};

    pub fn promise(_model: &Model, commitment: &Commitment) -> String {
        let targets = commitment.targets.iter().map(|target| {
            let value = target.value.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {} {value} in each {}", commitment.head.label(), target.comparison.as_str(), target.window)
        });
        targets.collect::<Vec<_>>().join(" and ")
    }

    pub fn credit_summary(_model: &Model, _commitment: &Commitment) -> Option<String> {
        None
    }
}
