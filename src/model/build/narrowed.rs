//! Dimensions of which an agreement has some options only: `import plan for gold from "terms.sla"`.

use super::dimensions::listed;
use super::imports::Local;
use super::names::Scope;
use super::variants::options_of;
use super::{Builder, Declaration};
use crate::diagnostics::{Diagnostic, codes, did_you_mean, with_article};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Token};
use std::collections::{BTreeMap, BTreeSet};

/// The options of a dimension that an agreement has, and where it says so.
#[derive(Clone)]
pub(super) struct Narrowed {
    pub options: BTreeSet<String>,
    pub at: Span,
}

/// The options of a dimension that a file has, where those are not all.
#[derive(Clone)]
pub(super) struct Narrows {
    pub file: FileId,
    /// The name of the dimension in the agreement.
    pub dimension: String,
    pub options: BTreeSet<String>,
}

/// What the imports of an agreement leave of the dimensions, by the name that a dimension has in it.
pub(super) type AllNarrowed = BTreeMap<String, Narrowed>;

/// What each import says of options, by the file and what that calls the dimension.
type Said = BTreeMap<(FileId, String), Narrowed>;

/// A dimension as an import names it.
struct Imported {
    /// In which file, and what that calls it.
    key: (FileId, String),
    /// Its name in the agreement.
    global: String,
    /// The options that it lists.
    listed: BTreeSet<String>,
    at: Span,
}

impl Builder<'_> {
    /// Collects which options the imports name. The agreement itself decides; where it does not import a dimension by
    /// name, the first file does that imports it with options. Every other one that does needs to have all of them.
    pub(super) fn collect_narrowed(&mut self, linked: &Linked) {
        let (mut said, mut imports) = (Said::new(), Vec::new());
        for tree in std::iter::once(&linked.root).chain(&linked.others) {
            let nodes = tree.root.children().filter(|node| node.kind() == Kind::import);
            for imported in nodes.flat_map(|node| node.all(Kind::imported).collect::<Vec<_>>()) {
                let Some(local) = imported.leaves(Kind::ident).last() else { continue };
                let Some((file, name, what)) = self.origin(tree.file, local.text()) else { continue };
                let options = self.options_imported(&local, &what, &options_of(&imported), tree.file);
                let (Local::Declared(decl, "dimension"), Some(global)) = (what, self.scope.globals.get(&(file, name)))
                else {
                    continue;
                };
                let (key, at) = ((tree.file, local.text().to_owned()), imported.span(tree.file));
                if let Some(options) = options {
                    said.insert(key.clone(), Narrowed { options, at });
                }
                imports.push(Imported { key, global: global.clone(), listed: names_of(&decl), at });
            }
        }
        let is_root = |one: &&Imported| one.key.0 == linked.root.file;
        for one in imports.iter().filter(is_root) {
            let Some(narrowed) = self.options_had(&one.key, &said) else { continue };
            match self.scope.narrowed.get(&one.global) {
                Some(first) => self.reject_second_list(one, first.clone(), &narrowed),
                None => drop(self.scope.narrowed.insert(one.global.clone(), narrowed)),
            }
        }
        let named: BTreeMap<&str, Span> = imports.iter().filter(is_root).map(|one| (&*one.global, one.at)).collect();
        for one in imports.iter().filter(|one| !is_root(one)) {
            let Some(there) = said.get(&one.key) else { continue };
            let here = self.scope.narrowed.get(&one.global).cloned();
            if here.is_none() && !named.contains_key(&*one.global) {
                self.scope.narrowed.insert(one.global.clone(), there.clone());
                continue;
            }
            let at = named.get(&*one.global).copied().unwrap_or_else(|| self.span_of_imports(linked));
            let has = here.map_or_else(|| one.listed.clone(), |here| here.options);
            self.reject_lacking(one, &has, there, (at, named.contains_key(&*one.global)));
        }
        let narrows = imports.iter().filter_map(|one| {
            let options = self.options_had(&one.key, &said)?.options;
            Some(Narrows { file: one.key.0, dimension: one.global.clone(), options })
        });
        self.scope.narrows = narrows.collect();
    }

    /// Tells a dimension that an agreement imports twice, with other options.
    fn reject_second_list(&mut self, one: &Imported, first: Narrowed, second: &Narrowed) {
        if first.options == second.options {
            return;
        }
        let message = format!("`{}` is imported twice, with other options", one.global);
        let finding = Diagnostic::new(codes::DUPLICATE_NAME, one.at, message).primary("the second time");
        let all: Vec<&str> = first.options.union(&second.options).map(String::as_str).collect();
        let help = format!("write all options in one list: `{} for {}`", one.key.1, all.join(", "));
        self.scope.is_any_option = true;
        self.tell(finding.label(first.at, "the first time").help(help));
    }

    /// The options that a file has of a dimension: those that it names, or those that the file has from which it takes it.
    fn options_had(&self, key: &(FileId, String), said: &Said) -> Option<Narrowed> {
        let mut key = key.clone();
        for _ in 0..=self.scope.files {
            if let Some(narrowed) = said.get(&key) {
                return Some(narrowed.clone());
            }
            match self.scope.locals.get(&key)? {
                Local::Imported(file, name) => key = (*file, name.clone()),
                _ => return None,
            }
        }
        None
    }

    /// Tells options of the agreement for which another file says nothing. `at` is the agreement's import, which may name the
    /// dimension.
    fn reject_lacking(&mut self, one: &Imported, has: &BTreeSet<String>, there: &Narrowed, at: (Span, bool)) {
        let lacking: Vec<String> = has.difference(&there.options).map(|one| format!("`{one}`")).collect();
        if lacking.is_empty() {
            return;
        }
        let dimension = &one.global;
        let message =
            format!("another file says nothing for options of `{dimension}` that are here: {}", lacking.join(", "));
        let finding = Diagnostic::new(codes::VARIANT_MISSING, at.0, message);
        let only = there.options.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        let common: Vec<&str> = has.intersection(&there.options).map(String::as_str).collect();
        let help = match (common.is_empty(), at.1) {
            (true, _) => {
                format!("no option of `{dimension}` is in all that is imported: write agreements of their own")
            }
            (false, true) => format!("what all files have is `import {dimension} for {} from …`", common.join(", ")),
            (false, false) => {
                format!("say which options this agreement has: `import {dimension} for {} from …`", common.join(", "))
            }
        };
        // What it lacks is not told again.
        self.scope.is_any_option = true;
        if !common.is_empty() {
            let options = common.into_iter().map(str::to_owned).collect();
            self.scope.narrowed.insert(dimension.clone(), Narrowed { options, at: at.0 });
        }
        let label = if at.1 { "imported here" } else { "what is imported has all of them together" };
        self.tell(finding.primary(label).label(there.at, format!("only {only} there")).help(help));
    }

    /// The options of a dimension that an import names. What is wrong with them is told in the file that is checked.
    fn options_imported(
        &mut self,
        name: &Token,
        what: &Local,
        options: &[Token],
        file: FileId,
    ) -> Option<BTreeSet<String>> {
        let (first, told) = (options.first()?, self.findings.len());
        let Local::Declared(decl, "dimension") = what else {
            let kind = match what {
                Local::Declared(_, keyword) => with_article(keyword),
                Local::Template(_) => "a template".to_owned(),
                Local::Imported(..) | Local::Lost => return None,
            };
            let message = format!("`{}` is {kind}, and has no options", name.text());
            let finding = Diagnostic::new(codes::WRONG_KIND, self.at(first), message);
            let help = "a dimension is imported `for` some of its options, as the last of its import";
            self.tell_of(file, finding.primary("has no meaning here").help(help));
            // They may be meant as names.
            options.iter().for_each(|option| self.scope.poison_name(option.text()));
            return None;
        };
        let known = names_of(decl);
        let mut chosen = BTreeSet::new();
        for token in options {
            if chosen.contains(token.text()) {
                let message = format!("`{}` is named twice", token.text());
                let finding = Diagnostic::new(codes::REPEATED_STATEMENT, self.at(token), message);
                self.tell_of(file, finding.primary("the second time"));
            } else if known.contains(token.text()) {
                chosen.insert(token.text().to_owned());
            } else {
                if !self.is_unread(decl) {
                    let finding = self.no_such_option(name, token, decl, &known);
                    self.tell_of(file, finding);
                }
                // Which one is meant is not known.
                self.scope.is_any_option = true;
            }
        }
        let is_sound = self.findings.len() == told && chosen.len() == options.len();
        (is_sound || !chosen.is_empty()).then_some(chosen)
    }

    fn no_such_option(&self, name: &Token, token: &Token, decl: &Decl, known: &BTreeSet<String>) -> Diagnostic {
        let message = format!("`{}` has no option `{}`", name.text(), token.text());
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(token), message);
        if decl.block().is_none() {
            let help = "its options are those that the measurements have: import it without `for`";
            return finding.primary("no option of it can be named here").help(help);
        }
        match did_you_mean(token.text(), known.iter().map(String::as_str)) {
            Some(near) => finding.primary(format!("did you mean `{near}`?")),
            None => finding.primary("no such option").help(format!(
                "its options are {}; what else is imported stands before `{} for`",
                known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", "),
                name.text()
            )),
        }
    }

    /// Tells what is wrong in the file that is checked; in other files it is told when they are.
    fn tell_of(&mut self, file: FileId, finding: Diagnostic) {
        if file == self.scope.root {
            self.tell(finding);
        }
    }

    /// Whether a name stands for an option that the agreement leaves out. Files that are shared say something for
    /// options that not every agreement has; in the agreement itself it is a mistake.
    pub(super) fn left_out(&self, token: &Token, among: &[String]) -> Option<String> {
        let is_shared = self.at(token).file.plain() != self.scope.root;
        self.scope.dimensions.without(token.text(), among).filter(|_| is_shared).map(str::to_owned)
    }

    /// Visits the statements within a block that stand for options which the agreement leaves out. `out` says whether the whole
    /// block does.
    pub(super) fn each_left_out(
        &mut self,
        block: Option<Node>,
        among: &[String],
        out: bool,
        visit: &mut dyn FnMut(&Node),
    ) {
        for node in block.iter().flat_map(Node::children) {
            match node.kind() {
                Kind::s_variant_block => {
                    let out = out || options_of(&node).iter().any(|option| self.left_out(option, among).is_some());
                    self.each_left_out(node.child(Kind::block), among, out, visit);
                }
                Kind::s_use => {
                    let body = self.used(&node, None);
                    self.each_left_out(body, among, out, visit);
                }
                _ if out => visit(&node),
                _ => {}
            }
        }
    }

    /// Collects what a declaration of a shared file has for options that the agreement leaves out.
    pub(super) fn collect_left_out(&mut self, one: &Declaration, part: impl Fn(&Node) -> Option<String>) {
        let mut found = BTreeSet::new();
        let (told, hushed) = (self.findings.len(), self.scope.hushed);
        self.scope.file = one.file;
        self.each_left_out(one.decl.block(), &one.own, false, &mut |node| {
            found.extend(part(node).map(|part| (one.base.clone(), part)));
        });
        // What is wrong there is told where the declaration is lowered.
        self.findings.truncate(told);
        self.scope.hushed = hushed;
        self.scope.left_out.extend(found);
    }

    /// Whether what stands at a place is written for more options than the agreement may have.
    pub(super) fn is_for_more(&self, node: &Node, among: &[String]) -> bool {
        let is_shared = self.span(node).file.plain() != self.scope.root;
        is_shared && among.iter().any(|dimension| self.scope.narrowed.contains_key(dimension))
    }
}

impl Scope<'_> {
    /// The options of some dimensions that the agreement of another file has, and this one does not: those that the file itself
    /// imports, or another one for it, and otherwise all that are listed. None for files without an agreement.
    pub(super) fn more_in(&self, dimensions: &[String], file: FileId) -> Vec<String> {
        let file = file.plain();
        if file == self.root || !self.agreed.contains(&file) {
            return Vec::new();
        }
        let more = dimensions.iter().flat_map(|dimension| {
            let others = || self.narrows.iter().filter(|one| one.dimension == *dimension && one.file != self.root);
            let has = others().find(|one| one.file == file).or_else(|| others().next());
            let left_out = self.dimensions.left_out(dimension);
            left_out.filter(move |option| has.is_none_or(|has| has.options.contains(*option))).cloned()
        });
        more.collect()
    }
}

/// The names of the options that a dimension lists.
fn names_of(decl: &Decl) -> BTreeSet<String> {
    listed(decl).iter().filter_map(|node| Some(node.leaf(Kind::ident)?.text().to_owned())).collect()
}
