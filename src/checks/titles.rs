//! Titles: the contract calls things by them, so that each stands for one thing of its kind.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Declared, Head, Model, Table};
use std::collections::BTreeMap;

/// Two things of one kind have two titles, and so have two things that the contract defines.
pub(super) fn twice(model: &Model) -> Vec<Diagnostic> {
    let defined = heads(&model.signals).chain(heads(&model.metrics)).chain(heads(&model.terms));
    let mut found = of("parties", heads(&model.parties));
    found.extend(of("services", heads(&model.services)));
    found.extend(of("fees", heads(&model.fees)));
    found.extend(of("commitments", heads(&model.commitments)));
    found.extend(of("calendars", heads(&model.calendars)));
    found.extend(of("definitions", defined));
    found.extend(parts(model));
    found
}

/// The same of the parts of one declaration.
fn parts(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for signal in &model.signals {
        let members = [&signal.counts, &signal.values, &signal.fields, &signal.milestones, &signal.spans];
        let heads = members.into_iter().flatten().map(Declared::head);
        found.extend(of(&format!("parts of `{}`", signal.head.name), heads));
    }
    for support in &model.supports {
        let heads = support.priorities.iter().map(Declared::head);
        found.extend(of(&format!("priorities of `{}`", support.head.name), heads));
    }
    for party in &model.parties {
        let heads = party.contacts.iter().map(Declared::head);
        found.extend(of(&format!("contacts of `{}`", party.head.name), heads));
    }
    for dispute in &model.disputes {
        let heads = dispute.steps.iter().map(Declared::head);
        found.extend(of(&format!("steps of `{}`", dispute.head.name), heads));
    }
    found
}

fn heads<T: Declared>(table: &Table<T>) -> impl Iterator<Item = &Head> {
    table.iter().map(Declared::head)
}

fn of<'a>(kind: &str, heads: impl Iterator<Item = &'a Head>) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut found = Vec::new();
    for head in heads {
        let Some(title) = &head.title else { continue };
        let Some(other) = first.get(&title.to_lowercase()) else {
            first.insert(title.to_lowercase(), head);
            continue;
        };
        // One name for two things is told as such.
        if head.family != other.family {
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
