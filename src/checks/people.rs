//! Parties and contacts: who signs, who is told, who can be reached.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Between, Head, Model, Role};

/// Reports, notices and meetings go to somebody.
pub(super) fn recipients(model: &Model) -> Vec<Diagnostic> {
    let reports = model.reports.iter().map(|report| ("the report", &report.head, &report.between));
    let notices = model.notices.iter().map(|notice| ("the notice", &notice.head, &notice.between));
    // Where nobody is named at all, that has been told.
    reports
        .chain(notices)
        .filter(|(_, head, between)| !head.poisoned && between.to.is_empty() && between.by.is_some())
        .map(|(what, head, between)| {
            let name = &head.name;
            let finding =
                Diagnostic::new(codes::NO_RECIPIENT, head.name_span, format!("{what} `{name}` goes to nobody"))
                    .primary("to whom?")
                    .help("add the recipient after `by`: `by … to …`");
            match &between.by {
                Some(by) => finding.label(by.span, format!("`{by}` sends it")),
                None => finding,
            }
        })
        .collect()
}

/// A report or notice goes by a way on which each of its recipients can be reached.
pub(super) fn ways(model: &Model) -> Vec<Diagnostic> {
    let reports = model.reports.iter().map(|report| (&report.head, &report.between, &report.via));
    let notices = model.notices.iter().map(|notice| (&notice.head, &notice.between, &notice.via));
    let mut found = Vec::new();
    for (head, between, via) in reports.chain(notices).filter(|(head, ..)| !head.poisoned) {
        for to in &between.to {
            let contact = to.contact.as_ref().and_then(|name| {
                let party = model.parties.get(&to.party)?;
                party.contacts.iter().find(|contact| contact.head.name == *name)
            });
            let Some(contact) = contact.filter(|contact| !contact.head.poisoned) else { continue };
            let has = |way: &str| match way {
                "email" => contact.email.is_some(),
                "phone" | "sms" => contact.phone.is_some(),
                _ => true,
            };
            // Several ways are alternatives, and somebody who cannot be reached at all is told as such.
            let nowhere = contact.email.is_none() && contact.phone.is_none() && contact.address.is_none();
            if via.is_empty() || nowhere || via.iter().any(|way| has(way)) {
                continue;
            }
            let (name, way) = (&head.name, via.join("` or `"));
            found.push(
                Diagnostic::new(codes::UNREACHABLE_CONTACT, to.span, format!("`{to}` cannot be reached by `{way}`"))
                    .primary(format!("`{name}` goes there"))
                    .label(contact.head.name_span, "no such number or address")
                    .help(if has("email") {
                        "add `phone \"…\"` to the contact, or send it via `email`"
                    } else {
                        "add `email \"…\"` to the contact, or send it via `phone`"
                    }),
            );
        }
    }
    found
}

/// A contact has an address of some kind.
pub(super) fn unreachable(model: &Model) -> Vec<Diagnostic> {
    let contacts = model.parties.iter().flat_map(|party| party.contacts.iter().map(move |contact| (party, contact)));
    contacts
        .filter(|(party, contact)| !party.head.poisoned && !contact.head.poisoned)
        .filter(|(_, contact)| contact.email.is_none() && contact.phone.is_none() && contact.address.is_none())
        .map(|(party, contact)| {
            let path = format!("{}.{}", party.head.name, contact.head.name);
            Diagnostic::new(codes::UNREACHABLE_CONTACT, contact.head.name_span, format!("`{path}` cannot be reached"))
                .primary("no e-mail, phone or address")
                .witness(format!("at three in the morning, a notice to `{path}` reaches nobody"))
                .help("add `email \"…\"` or `phone \"…\"`")
        })
        .collect()
}

/// An e-mail address is one.
pub(super) fn addresses(model: &Model) -> Vec<Diagnostic> {
    let of_contacts =
        model.parties.iter().flat_map(|party| &party.contacts).filter_map(|contact| contact.email.as_ref());
    let of_parties = model.parties.iter().filter_map(|party| party.email.as_ref());
    of_parties
        .chain(of_contacts)
        // An empty text has been told.
        .filter(|email| !is_address(&email.value) && !email.value.trim().is_empty())
        .map(|email| {
            let message = format!("`{}` is no e-mail address", email.value);
            Diagnostic::new(codes::UNREACHABLE_CONTACT, email.span, message)
                .primary("nothing can be sent there")
                .help("write a name, `@` and a domain, such as \"noc@acme.example\"")
        })
        .collect()
}

fn is_address(text: &str) -> bool {
    let sound = |part: &str| !part.is_empty() && !part.contains(|letter: char| letter == '@' || letter.is_whitespace());
    text.split_once('@').is_some_and(|(name, domain)| sound(name) && sound(domain))
}

/// An agreement has a provider and a customer.
pub(super) fn signatories(model: &Model) -> Vec<Diagnostic> {
    let poisoned = model.parties.iter().any(|party| party.head.poisoned) || model.agreement.head.poisoned;
    if !model.agreement.declared || poisoned {
        return Vec::new();
    }
    let has = |role: Role| model.parties.iter().any(|party| party.role.as_ref().is_some_and(|own| own.value == role));
    let missing: Vec<&str> =
        [Role::Provider, Role::Customer].into_iter().filter(|role| !has(*role)).map(Role::as_str).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let missing = missing.join(" and no ");
    let finding = Diagnostic::new(
        codes::MISSING_SIGNATORY,
        model.agreement.head.name_span,
        format!("the agreement has no {missing}"),
    )
    .primary("provider and customer sign it")
    .help("declare both, such as `party acme \"Acme GmbH\" as provider`");
    let without = model.parties.iter().filter(|party| party.role.is_none());
    let finding = without.fold(finding, |finding, party| {
        finding
            .label(party.head.name_span, format!("`{}` is declared without `as provider` or the like", party.head.name))
    });
    vec![finding]
}

/// Nobody owes anything to itself. What is proposed is not owed: that is told of negotiations.
pub(super) fn self_dealing(model: &Model) -> Vec<Diagnostic> {
    betweens(model)
        .into_iter()
        .filter_map(|(head, between)| {
            let by = between.by.as_ref()?;
            let to = between.to.iter().find(|to| to.party == by.party)?;
            let alone = between.to.iter().all(|to| to.party == by.party);
            alone.then(|| {
                let message = format!("in `{}`, `{}` owes it to itself", head.name, by.party);
                Diagnostic::new(codes::SELF_DEALING, to.span, message)
                    .primary("the other side")
                    .label(by.span, "the responsible side")
                    .help("name the other party after `to`")
            })
        })
        .collect()
}

fn betweens(model: &Model) -> Vec<(&Head, &Between)> {
    let mut all: Vec<(&Head, &Between)> = Vec::new();
    all.extend(model.services.iter().map(|one| (&one.head, &one.between)));
    all.extend(model.supports.iter().map(|one| (&one.head, &one.between)));
    all.extend(model.duties.iter().map(|one| (&one.head, &one.between)));
    all.extend(model.recoveries.iter().map(|one| (&one.head, &one.between)));
    all.extend(model.reports.iter().map(|one| (&one.head, &one.between)));
    all.extend(model.notices.iter().map(|one| (&one.head, &one.between)));
    all.extend(model.audits.iter().map(|one| (&one.head, &one.between)));
    all
}
