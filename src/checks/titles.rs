//! Titles: the contract calls things by them, so that each stands for one thing of its kind.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Declared, Head, Model};
use crate::source::Span;
use std::collections::BTreeMap;

/// Two things of one kind have two titles, and so have two things that the contract defines.
pub(super) fn twice(model: &Model) -> Vec<Diagnostic> {
    let kinds = model.kinds().into_iter();
    let mut found: Vec<Diagnostic> = kinds.flat_map(|(kind, heads)| of(model, &kind, heads.into_iter())).collect();
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
        let finding = Diagnostic::new(codes::SAME_TITLE, second.at, format!("two {kind} are called \"{title}\""))
            .witness(format!("where people read \"{title}\", nobody can tell which of the two is meant"))
            .primary(if second.is_use { "the second one comes from this use of a template" } else { "the second one" })
            .label(first.at, if first.is_use { "the first one from this use" } else { "the first one" });
        let agreement = model.agreement.head.name_span;
        let is_elsewhere = |place: &Origin| place.at.file.plain() != agreement.file.plain();
        // Neither file says that something takes both.
        let finding = match is_elsewhere(&first) && is_elsewhere(&second) {
            true => finding.met_in(agreement),
            false => finding,
        };
        found.push(match (second.is_use, first.is_use) {
            (false, false) => finding.help("give one of them a title of its own"),
            (true, true) if is_same_place(head.name_span, other.name_span) => {
                finding.label(head.name_span, "the title that both have").help(TELL_APART)
            }
            (true, _) => finding.label(head.name_span, "its title").help(TELL_APART),
            (false, true) => finding.label(other.name_span, "its title").help(TELL_APART),
        });
    }
    found
}

/// What helps where a template declares one of the two, which may be a file of the library.
const TELL_APART: &str = "say where the template is used what tells its titles apart: `use …(…) as two \"Title\"` puts it in brackets after them";

/// Where one of two things comes from: its declaration, or the use of the template that declares it.
struct Origin {
    at: Span,
    is_use: bool,
}

/// Where two things come from: the uses of templates in which they differ, the outermost ones, or else their declarations.
fn apart(model: &Model, one: Span, other: Span) -> (Origin, Origin) {
    let (one, other) = (way(model, one), way(model, other));
    let shared = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    let origin = |way: &[Span]| {
        let place = way.len().saturating_sub(shared + 1);
        Origin { at: way.get(place).copied().unwrap_or_default(), is_use: place > 0 }
    };
    (origin(&one), origin(&other))
}

/// A place, and the uses of templates that lead to it, the innermost first.
fn way(model: &Model, declared: Span) -> Vec<Span> {
    let used = |span: &Span| model.uses.get((span.file.view() as usize).checked_sub(1)?).copied();
    std::iter::successors(Some(declared), used).collect()
}

/// Whether two things are declared at one place, in a template.
fn is_same_place(one: Span, other: Span) -> bool {
    (one.file.plain(), one.start) == (other.file.plain(), other.start)
}
