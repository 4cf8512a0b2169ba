//! Parties and their contacts.

use super::{label, listed};
use crate::model::{Between, Model, PartyRef, Ref, Role};

/// A party by its title, with the contact that is meant: `Acme Cloud GmbH (Head of Service Delivery)`.
pub fn party(model: &Model, reference: &PartyRef) -> String {
    let Some(party) = model.parties.get(&reference.party) else {
        return reference.party.replace('_', " ");
    };
    let name = label(&party.head);
    match &reference.contact {
        Some(contact) => {
            let title = party.contact(contact).map_or_else(|| contact.replace('_', " "), |found| label(&found.head));
            format!("{name} ({title})")
        }
        None => name,
    }
}

/// Several parties: `Acme Cloud GmbH and Globex Corporation`.
pub fn parties(model: &Model, references: &[PartyRef]) -> String {
    listed(&references.iter().map(|reference| party(model, reference)).collect::<Vec<_>>(), "and")
}

/// Who provides and who receives what a reference names, a service or a support.
fn between<'a>(model: &'a Model, of: Option<&Ref>) -> Option<&'a Between> {
    let name = &of?.value;
    let service = model.services.get(name).map(|service| &service.between);
    let support = model.supports.get(name);
    let desk = support.map(|support| &support.between).filter(|between| between.by.is_some());
    service.or(desk).or_else(|| match support?.of.as_ref() {
        Some(of) => model.services.get(&of.value).map(|service| &service.between),
        None => None,
    })
}

fn of_role(model: &Model, role: Role, otherwise: &str) -> String {
    let found = model.parties.iter().find(|party| party.role.as_ref().is_some_and(|said| said.value == role));
    found.map_or_else(|| otherwise.to_owned(), |party| label(&party.head))
}

/// Who owes what is promised of a service or support; the provider where nothing else is said.
pub fn debtor(model: &Model, of: Option<&Ref>) -> String {
    match between(model, of).and_then(|between| between.by.as_ref()) {
        Some(by) => party(model, by),
        None => of_role(model, Role::Provider, "the provider"),
    }
}

/// To whom it is owed; the customer where nothing else is said.
pub fn creditor(model: &Model, of: Option<&Ref>) -> String {
    match between(model, of) {
        Some(between) if !between.to.is_empty() => parties(model, &between.to),
        _ => of_role(model, Role::Customer, "the customer"),
    }
}
