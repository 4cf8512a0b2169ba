//! Parties and their contacts.

use super::{label, listed};
use crate::model::{Model, PartyRef, Ref};

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

/// Who owes what is promised of a service or support; the provider where nothing else is said.
pub fn debtor(model: &Model, of: Option<&Ref>) -> String {
    model.debtor(of).map_or_else(|| "the provider".to_owned(), |by| party(model, &by))
}

/// To whom it is owed; the customer where nothing else is said.
pub fn creditor(model: &Model, of: Option<&Ref>) -> String {
    match model.creditors(of).as_slice() {
        [] => "the customer".to_owned(),
        to => parties(model, to),
    }
}
