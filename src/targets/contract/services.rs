//! The services and their scope.

use super::is_supplier;
use super::markdown::{Document, Md, prose};
use crate::model::{Model, Service};
use crate::wording::{label, listed, parties, party, plain, sentence};

/// Writes the services that are owed under the agreement; those of suppliers stand in a schedule.
pub fn write(model: &Model, document: &mut Document) {
    let owed: Vec<&Service> =
        model.services.iter().filter(|service| !is_supplier(model, service.between.by.as_ref())).collect();
    if owed.is_empty() {
        return;
    }
    document.section("Services");
    for service in owed {
        one(model, service, document);
    }
}

/// One service.
pub fn one(model: &Model, service: &Service, document: &mut Document) {
    let title = label(&service.head);
    document.topic(&title, &service.head.id);
    let to = match service.between.to.as_slice() {
        [] => String::new(),
        to => format!(" to {}", parties(model, to)),
    };
    match &service.between.by {
        Some(by) if is_supplier(model, Some(by)) => {
            document.sub(sentence(&format!("{} provides the service “{title}”{to}", party(model, by))), "");
        }
        Some(by) => {
            document.sub(sentence(&format!("{} shall provide the service “{title}”{to}", party(model, by))), "")
        }
        None => document.sub(format!("The service “{title}” is provided under this agreement."), ""),
    }
    for scope in &service.scope {
        document.sub(Md::from("The service covers:").and(prose(&scope.value)), "");
    }
    for scope in &service.out_of_scope {
        document.sub(Md::from("The service does not cover:").and(prose(&scope.value)), "");
    }
    let needs: Vec<String> = service
        .depends_on
        .iter()
        .map(|of| {
            model.services.get(&of.value).map_or_else(|| plain(&of.value), |other| format!("“{}”", label(&other.head)))
        })
        .collect();
    if !needs.is_empty() {
        let noun = if needs.len() == 1 { "service" } else { "services" };
        document.sub(format!("The service depends on the {noun} {}.", listed(&needs, "and")), "");
    }
}
