//! Titles: the contract calls things by them, so that each stands for one thing of its kind.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Declared, Head, Model, Table};
use crate::source::Span;
use std::collections::BTreeMap;

/// Two things of one kind have two titles, and so have two things that the contract defines.
pub(super) fn twice(model: &Model) -> Vec<Diagnostic> {
    let defined = heads(&model.signals).chain(heads(&model.metrics)).chain(heads(&model.terms));
    let mut found = of(model, "parties", heads(&model.parties));
    found.extend(of(model, "services", heads(&model.services)));
    found.extend(of(model, "fees", heads(&model.fees)));
    found.extend(of(model, "commitments", heads(&model.commitments)));
    found.extend(of(model, "calendars", heads(&model.calendars)));
    found.extend(of(model, "definitions", defined));
    found.extend(parts(model));
    found
}

/// The same of the parts of one declaration.
fn parts(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for signal in &model.signals {
        let members = [&signal.counts, &signal.values, &signal.fields, &signal.milestones, &signal.spans];
        let heads = members.into_iter().flatten().map(Declared::head);
        found.extend(of(model, &format!("parts of `{}`", signal.head.name), heads));
    }
    for dimension in model.dimensions.iter().filter(|dimension| !dimension.open) {
        found.extend(of(model, &format!("options of `{}`", dimension.head.name), dimension.options.iter()));
    }
    for support in &model.supports {
        let heads = support.priorities.iter().map(Declared::head);
        found.extend(of(model, &format!("priorities of `{}`", support.head.name), heads));
    }
    for party in &model.parties {
        let heads = party.contacts.iter().map(Declared::head);
        found.extend(of(model, &format!("contacts of `{}`", party.head.name), heads));
    }
    for dispute in &model.disputes {
        let heads = dispute.steps.iter().map(Declared::head);
        found.extend(of(model, &format!("steps of `{}`", dispute.head.name), heads));
    }
    found
}

fn heads<T: Declared>(table: &Table<T>) -> impl Iterator<Item = &Head> {
    table.iter().map(Declared::head)
}

fn of<'a>(model: &Model, kind: &str, heads: impl Iterator<Item = &'a Head>) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut found = Vec::new();
    for head in heads {
        let Some(title) = &head.title else { continue };
        let Some(other) = first.get(&title.to_lowercase()) else {
            first.insert(title.to_lowercase(), head);
            continue;
        };
        // One name for two things is told as such.
        if head.family == other.family {
            continue;
        }
        let (second, first) = apart(model, head.name_span, other.name_span);
        let finding = Diagnostic::new(codes::SAME_TITLE, second, format!("two {kind} are called \"{title}\""))
            .witness(format!("where the contract says \"{title}\", nobody can tell which of the two it means"));
        found.push(match second == head.name_span {
            true => finding
                .primary("the second one")
                .label(first, "the first one")
                .help("give one of them a title of its own"),
            false => finding
                .primary("the second one comes from this use of a template")
                .label(first, "the first one from this use")
                .label(head.name_span, "the title that both have")
                .help("say how the titles begin where the template is used: `use …(…) as two \"Title\"`"),
        });
    }
    found
}

/// The places of two things; where they are declared at one place, in a template, the uses in which they differ.
fn apart(model: &Model, one: Span, other: Span) -> (Span, Span) {
    let plain = |span: Span| (span.file.plain(), span.start);
    let used = |span: Span| model.uses.get((span.file.view() as usize).checked_sub(1)?).copied();
    let (mut one, mut other) = (one, other);
    while plain(one) == plain(other) {
        let (Some(first), Some(second)) = (used(one), used(other)) else { break };
        (one, other) = (first, second);
    }
    (one, other)
}
