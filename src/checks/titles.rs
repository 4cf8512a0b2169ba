//! Titles: the contract calls things by them, so that each stands for one thing of its kind.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Declared, Model, Table};
use std::collections::BTreeMap;

/// Two things of one kind have two titles.
pub(super) fn twice(model: &Model) -> Vec<Diagnostic> {
    let mut found = of("parties", &model.parties);
    found.extend(of("services", &model.services));
    found.extend(of("fees", &model.fees));
    found.extend(of("signals", &model.signals));
    found.extend(of("metrics", &model.metrics));
    found.extend(of("commitments", &model.commitments));
    found.extend(of("calendars", &model.calendars));
    found.extend(of("terms", &model.terms));
    found
}

fn of<T: Declared>(kind: &str, table: &Table<T>) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut found = Vec::new();
    for head in table.iter().map(Declared::head) {
        let Some(title) = &head.title else { continue };
        let Some(other) = first.get(&title.to_lowercase()) else {
            first.insert(title.to_lowercase(), head);
            continue;
        };
        // One name for two things is told as such.
        if head.name != other.name {
            found.push(
                Diagnostic::new(codes::SAME_TITLE, head.name_span, format!("two {kind} are called \"{title}\""))
                    .primary("the second one")
                    .label(other.name_span, "the first one")
                    .witness(format!("where the contract says \"{title}\", nobody can tell which of the two it means"))
                    .help("give one of them a title of its own"),
            );
        }
    }
    found
}
