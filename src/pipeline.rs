//! The stages in a row: from a path to a text, from the text to a checked model, from the model to files.

use crate::checks;
use crate::diagnostics::{Diagnostic, Severity, arrange, codes, did_you_mean, in_plain_sight, visible_line};
use crate::model::{self, Known, Model, Status, Words};
use crate::project::{Joined, Store, is_library, lost_proposals};
use crate::source::{self, FileId, SourceMap, Span, World};
use crate::syntax::{self, Linked};
use crate::targets::{Artifact, Options, Target, prometheus};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// An agreement after all checks.
#[derive(Debug)]
pub struct Checked {
    /// What the file says; where it could not be understood, there is a finding.
    pub model: Model,
    /// What is to be said about it and about what it imports, in the order of places.
    pub findings: Vec<Diagnostic>,
    /// Whether it is no agreement, but a file that agreements import: nothing is built from it.
    pub library: bool,
}

impl Checked {
    /// Whether it has an error, so that nothing is built from it.
    #[must_use]
    pub fn fails(&self) -> bool {
        fails(&self.findings)
    }
}

/// Whether any of some findings is an error.
#[must_use]
pub fn fails(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Reads a file of the world and adds it to the sources under its path.
///
/// # Errors
/// The finding that it cannot be read, or is not the text of an agreement.
pub fn load(world: &dyn World, path: &Path, sources: &mut SourceMap) -> Result<FileId, Diagnostic> {
    let name = path.display().to_string();
    let bytes = world.read(path).map_err(|error| Diagnostic::unreadable(&name, &error))?;
    admit(name, bytes, sources)
}

/// Adds bytes to the sources under a name that is shown to people.
///
/// # Errors
/// The finding that they are not the text of an agreement.
pub fn admit(name: String, bytes: Vec<u8>, sources: &mut SourceMap) -> Result<FileId, Diagnostic> {
    match source::admit(bytes) {
        Ok(text) => Ok(sources.add(name, text)),
        Err(rejection) => Err(Diagnostic::rejected(name, &rejection)),
    }
}

/// Parses a file, builds its model and checks it. It cannot fail: whatever the text, there are a model and findings.
/// What it imports is not looked for.
#[must_use]
pub fn check(file: FileId, sources: &SourceMap) -> Checked {
    let (tree, findings) = syntax::parse(file, sources.text(file));
    conclude(&Linked::alone(tree), findings)
}

/// Builds the model of a file of a store with all that it imports, and checks it. A file that is looked at by itself is
/// taken for a library only if it cannot be an agreement that lost its head. A file of another store gives nothing.
#[must_use]
pub fn check_joined(store: &Store, file: FileId, alone: bool) -> Option<Checked> {
    let Joined { linked, mut findings } = store.join(file)?;
    // An empty path is told as one, and not as an empty text besides.
    let odd: BTreeSet<_> =
        findings.iter().filter(|one| one.code == codes::ODD_IMPORT_PATH).map(|one| one.span).collect();
    let is_twice = |one: &Diagnostic| one.code == codes::INCOMPLETE_STATEMENT && odd.contains(&one.span);
    let library = is_library(&linked.root, alone);
    findings.extend(lost_proposals(&linked, library));
    let mut checked = if library {
        let (model, built) = model::build_linked(&linked);
        // It has no agreement, as it should be; the checks are about whole agreements.
        findings.extend(built.into_iter().filter(|finding| finding.code != codes::MISSING_AGREEMENT));
        let findings = arrange(in_plain_sight(findings, &model.uses));
        Checked { model, findings, library: true }
    } else {
        conclude(&linked, findings)
    };
    // What one agreement leaves unused of a file that it imports, another one may use; what a template makes for it is
    // its own.
    let is_here = |span: Span| span.file.plain() == file.plain();
    let is_made_here = |one: &Diagnostic| one.uses().any(is_here);
    let is_elsewhere = |one: &Diagnostic| one.span.is_some_and(|span| !is_here(span)) && !is_made_here(one);
    let may_be_used = |one: &Diagnostic| one.code == codes::UNUSED_NAME && is_elsewhere(one);
    checked.findings.retain(|one| !is_twice(one) && !may_be_used(one));
    Some(checked)
}

/// The model of an agreement of a store for measurements, whose open dimensions have these options; with what is wrong with
/// it then, such as that there are too many variants.
#[must_use]
pub fn model_for(store: &Store, file: FileId, known: Known) -> Option<(Model, Vec<Diagnostic>)> {
    let (model, mut findings) = model::build_for(&store.join(file)?.linked, known);
    findings.retain(|finding| finding.severity == Severity::Error);
    let findings = arrange(in_plain_sight(findings, &model.uses));
    Some((model, findings))
}

fn conclude(linked: &Linked, mut findings: Vec<Diagnostic>) -> Checked {
    let (model, built) = model::build_linked(linked);
    findings.extend(built);
    let (checked, selectors) = rayon::join(|| checks::check(&model), || prometheus::check_selectors(&model));
    findings.extend(checked);
    findings.extend(selectors);
    let findings = arrange(in_plain_sight(findings, &model.uses));
    Checked { model, findings, library: false }
}

/// Compiles an agreement to each target. One with an error compiles to nothing, since its findings say why.
#[must_use]
pub fn compile(
    checked: &Checked,
    sources: &SourceMap,
    targets: &[&'static dyn Target],
    options: &Options,
) -> (Vec<Artifact>, Vec<Diagnostic>) {
    if checked.fails() {
        return (Vec::new(), Vec::new());
    }
    let emit = |target: &&'static dyn Target| target.emit(&checked.model, sources, options);
    let (artifacts, findings): (Vec<_>, Vec<_>) = targets.par_iter().map(emit).unzip();
    (artifacts.concat(), arrange(in_plain_sight(findings.concat(), &checked.model.uses)))
}

/// The findings that an agreement in force does not name standards that its project requires, in words of its records.
/// Each standard comes with the place where it is required.
#[must_use]
pub fn check_standards(model: &Model, standards: &[(String, Span)]) -> Vec<Diagnostic> {
    let agreement = &model.agreement;
    let in_force = agreement.status.as_ref().is_some_and(|status| status.value == Status::InForce);
    // What could not be read may name them.
    if !agreement.declared || !in_force || model.unread {
        return Vec::new();
    }
    let named: Vec<&Words> = model.records.iter().flat_map(|records| &records.standards).collect();
    let missing = standards.iter().filter(|(standard, _)| !named.iter().any(|words| words.value == *standard));
    let tell = |(standard, span): &(String, Span)| {
        let shown = visible_line(standard);
        let message = format!("no records of `{}` name the standard `{shown}`", agreement.head.name);
        let finding = Diagnostic::new(codes::STANDARD_NOT_NAMED, agreement.head.name_span, message);
        let finding = finding.primary("in force").label(*span, "the project requires it here");
        let near = did_you_mean(standard, named.iter().map(|words| words.value.as_str()));
        match named.iter().find(|words| Some(words.value.as_str()) == near) {
            Some(words) => finding.label(words.span, "a standard with a similar name").help("write it word by word"),
            None => finding.help(format!("write `standard \"{shown}\"` into the records that satisfy it")),
        }
    };
    in_plain_sight(missing.map(tell).collect(), &model.uses)
}

/// The findings that two agreements of a run have one name and one folder of what is built, so that one's files would replace
/// the other's. Each comes with its folder, which has one path only.
///
/// Letters of either case are the same letter, as they are in the file names of some systems.
pub fn one_agreement_a_name<'a>(
    models: impl IntoIterator<Item = (&'a Model, PathBuf)>,
    sources: &SourceMap,
) -> Vec<Diagnostic> {
    let declared = models.into_iter().filter(|(model, _)| model.agreement.declared);
    let heads = declared.map(|(model, out)| (&model.agreement.head, out));
    one_of_a_name(heads.map(|(head, out)| (head.name.as_str(), out, head.name_span)), sources)
}

/// The same of names with their folders and places.
pub fn one_of_a_name<'a>(
    names: impl IntoIterator<Item = (&'a str, PathBuf, Span)>,
    sources: &SourceMap,
) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut found = Vec::new();
    for (name, out, name_span) in names {
        let (known, span) = *first.entry((out, name.to_lowercase())).or_insert((name, name_span));
        if span != name_span {
            let named = match known == name {
                true => format!("two agreements are named `{name}`"),
                false => format!("`{known}` and `{name}` differ only in small and capital letters"),
            };
            let message = format!("{named}, so the files of one would replace the other's");
            let other = match known == name {
                true => format!("`{}` has the name as well", sources.name(span.file)),
                false => format!("`{}` has the name `{known}`", sources.name(span.file)),
            };
            let finding = Diagnostic::new(codes::SAME_AGREEMENT_TWICE, name_span, message);
            found.push(finding.primary("the second of that name").label(span, other).help(
                "give one of them another name, or build the two into different folders: with an `out` in the `sla.toml` of each, or in runs of their own",
            ));
        }
    }
    found
}
