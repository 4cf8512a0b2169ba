//! The services and their scope.

use super::markdown::{Document, Md, prose};
use crate::model::{Dependency, Model, Needs, Ref, Service};
use crate::wording::{expr, label, listed, parties, party, plain, sentence, window};

/// Writes the services that are owed under the agreement; those of suppliers stand in a schedule.
pub fn write(model: &Model, document: &mut Document) {
    let owed: Vec<&Service> =
        model.services.iter().filter(|service| !model.is_supplier(service.between.by.as_ref())).collect();
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
        Some(by) if model.is_supplier(Some(by)) => {
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
    if let Some(figure) = &service.promised {
        let (by, bound) = (service.between.by.as_ref(), expr(model, &figure.bound));
        let by = by.map(|by| format!(" by {}", party(model, by))).unwrap_or_default();
        let each = window(&figure.window);
        document
            .sub(format!("The service is promised{by} to be available for at least {bound} of the time {each}."), "");
    }
    for dependency in &service.depends_on {
        document.sub(needs(model, dependency), "");
    }
}

/// That a service needs others, all of them or some.
fn needs(model: &Model, dependency: &Dependency) -> String {
    let title = |of: &Ref| {
        let Some(other) = model.services.get(&of.value) else { return plain(&of.value) };
        let supplier = other.between.by.as_ref().filter(|by| model.is_supplier(Some(by)));
        let of = supplier.map(|by| format!(" of {}", party(model, by))).unwrap_or_default();
        format!("“{}”{of}", label(&other.head))
    };
    let on: Vec<String> = dependency.on.iter().map(title).collect();
    let all = || match on.len() {
        1 => format!("the service {}", on.concat()),
        _ => format!("each of the services {}", listed(&on, "and")),
    };
    let what = match dependency.needs {
        Needs::AtLeast(number) if usize::try_from(number).is_ok_and(|number| number < on.len()) => match number {
            1 if on.len() == 2 => format!("one of the services {}: either of them is enough", listed(&on, "and")),
            1 => format!("one of the services {}: any one of them is enough", listed(&on, "and")),
            _ => format!("the services {}: any {} of the {} are enough", listed(&on, "and"), word(number), on.len()),
        },
        Needs::AtLeast(_) | Needs::All => all(),
    };
    format!("The service depends on {what}.")
}

/// A small number as a word.
fn word(number: u32) -> String {
    const WORDS: [&str; 11] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let known = usize::try_from(number).ok().and_then(|number| WORDS.get(number));
    known.map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
