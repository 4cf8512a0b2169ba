//! What each file declares and imports, and which declarations of other files an agreement has.

use super::along::{Along, Key, Paths, Twin, paths};
use super::leftovers::is_agreement;
use super::names;
use super::places::import_key;
use super::{Builder, Declaration, Doubled};
use crate::diagnostics::{Diagnostic, codes, did_you_mean, with_article};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Token, declaration_form, range_span};
use std::collections::{BTreeMap, BTreeSet};

/// The declarations that belong to one agreement and to no other.
pub(super) const PRIVATE: &[&str] = &["agreement", "example", "proposal"];

/// The declarations that say nothing by themselves, but only where a clause names them.
const WAITING: &[&str] = &["constant", "calendar", "holidays", "dimension", "signal", "metric", "exclusion", "term"];

/// What a name of a file stands for.
#[derive(Clone)]
pub(super) enum Local {
    /// A declaration of that file.
    Declared(Decl, &'static str),
    /// A template of that file.
    Template(Node),
    /// What another file calls so.
    Imported(FileId, String),
    /// What a file would have declared that is not found. That is told.
    Lost,
}

impl Local {
    /// Whether it says nothing until something names it. Clauses bind because they are there, and who signs is there to sign.
    fn waits(&self) -> bool {
        match self {
            Local::Template(_) => true,
            Local::Declared(decl, "party") => {
                !decl.kind().is_some_and(|role| matches!(role.text(), "provider" | "customer"))
            }
            Local::Declared(_, keyword) => WAITING.contains(keyword),
            Local::Imported(..) | Local::Lost => false,
        }
    }
}

/// What an agreement has of other files.
pub(super) struct Brought {
    /// What is imported by name: what it is called here, and where that is said.
    named: BTreeMap<Key, (String, Span)>,
    /// That, and all that it needs.
    all: BTreeSet<Key>,
    /// What the parties of the agreement are called.
    parties: BTreeSet<String>,
    /// What belongs to other agreements, with the files of those.
    elsewhere: BTreeMap<Key, FileId>,
    paths: Paths,
}

/// The path of an import, as it is written.
pub(super) fn of_import(node: &Node) -> Option<String> {
    node.said().find(|token| matches!(token.kind(), Kind::text | Kind::path)).map(|token| token.text().to_owned())
}

/// The names of all files of an agreement.
pub(super) type Locals = BTreeMap<(FileId, String), Local>;

impl Builder<'_> {
    /// Collects what each file declares and imports.
    pub(super) fn collect_files(&mut self, linked: &Linked) {
        let shares = |node: &Node| matches!(node.kind(), Kind::template | Kind::import);
        let any = !linked.others.is_empty() || linked.root.root.children().any(|node| shares(&node));
        for tree in std::iter::once(&linked.root).chain(&linked.others) {
            if any {
                self.scope.views.add_file(&tree.root, tree.file);
            }
            self.scope.file = tree.file;
            for node in tree.root.children() {
                match node.kind() {
                    Kind::import => self.collect_imports(linked, &node),
                    Kind::template => self.collect_template(&node),
                    _ => {}
                }
            }
        }
        if any {
            for tree in &linked.others {
                for decl in tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl) {
                    let Some(form) = declaration_form(&decl.keyword()) else { continue };
                    let Some(name) = decl.name() else { continue };
                    let key = (tree.file, name.text().to_owned());
                    self.scope.locals.entry(key).or_insert(Local::Declared(decl, form.keyword));
                }
            }
        }
        for tree in &linked.others {
            self.scope.file = tree.file;
            for node in tree.root.children().filter(|node| node.kind() == Kind::use_items) {
                self.collect_made(&node, tree.file);
            }
        }
        self.scope.file = linked.root.file;
    }

    /// Collects what a use of a template at the top of another file makes: names of that file like all others. What is wrong
    /// in the template is told where that is checked.
    fn collect_made(&mut self, node: &Node, file: FileId) {
        let Some(body) = self.used(node, None) else {
            self.scope.unmade.insert(file);
            return;
        };
        if self.lacks_names(&body) {
            self.scope.unmade.insert(file);
        }
        let view = self.scope.file_of(&body);
        for decl in body.children().filter(|node| node.kind() == Kind::decl).map(Decl) {
            let (Some(form), Some(name)) = (declaration_form(&decl.keyword()), decl.name()) else { continue };
            let (_, outer) = self.scope.outer(name.text(), view);
            let key = (file, outer.clone());
            if PRIVATE.contains(&form.keyword) || self.scope.locals.contains_key(&key) {
                continue;
            }
            self.scope.locals.insert(key, Local::Declared(decl.clone(), form.keyword));
            self.scope.made.entry(file).or_default().push((outer, decl));
        }
        for inner in body.children().filter(|node| node.kind() == Kind::use_items) {
            self.collect_made(&inner, file);
        }
    }

    fn collect_template(&mut self, node: &Node) {
        let Some(name) = Decl(node.clone()).name() else { return };
        let key = (self.scope.file, name.text().to_owned());
        // Of another file it is told there.
        if names::reserved(name.text()).is_some() {
            if self.scope.file == self.scope.root {
                self.is_reserved(name.text(), "template", self.at(&name));
            }
            self.scope.locals.insert(key, Local::Lost);
            return;
        }
        if self.scope.locals.contains_key(&key) {
            let finding =
                Diagnostic::new(codes::DUPLICATE_NAME, self.at(&name), format!("`{}` is declared twice", name.text()));
            self.tell(finding.primary("this template needs another name"));
            return;
        }
        self.scope.locals.insert(key, Local::Template(node.clone()));
    }

    fn collect_imports(&mut self, linked: &Linked, node: &Node) {
        let file = self.scope.file;
        let leads = linked.leads.get(&import_key(node, file)).copied();
        for imported in node.all(Kind::imported) {
            let mut names = imported.leaves(Kind::ident);
            let Some(name) = names.next() else { continue };
            let local = names.next().unwrap_or_else(|| name.clone());
            let key = (file, local.text().to_owned());
            if self.is_reserved(local.text(), "import", self.at(&local)) {
                self.scope.locals.entry(key).or_insert(Local::Lost);
                continue;
            }
            match leads {
                Some(leads) if !self.scope.locals.contains_key(&key) => {
                    self.scope.locals.insert(key, Local::Imported(leads, name.text().to_owned()));
                }
                Some(_) => {
                    let message = format!("`{}` is declared twice", local.text());
                    let finding = Diagnostic::new(codes::DUPLICATE_NAME, self.at(&local), message);
                    let help = help_to_import_once(node, &imported, &name);
                    self.tell(finding.primary("imported under a name that is taken").help(help));
                }
                // Where the file is not found, that is told, and its names are unknown.
                None => {
                    self.scope.locals.entry(key).or_insert(Local::Lost);
                    self.scope.poison_name(local.text());
                }
            }
        }
    }

    /// What a name of a file stands for in the end, and in which file that is.
    pub(super) fn origin(&self, file: FileId, name: &str) -> Option<(FileId, String, Local)> {
        let (mut file, mut name) = (file.plain(), name.to_owned());
        // A name that leads in a circle leads nowhere.
        for _ in 0..=self.scope.files {
            match self.scope.locals.get(&(file, name.clone()))? {
                Local::Imported(next, of) => (file, name) = (*next, of.clone()),
                found => return Some((file, name, found.clone())),
            }
        }
        None
    }

    /// The declaration of a constant by what a file calls it.
    pub(super) fn constant_decl(&self, name: &str, file: FileId) -> Option<Decl> {
        match self.origin(file, name)? {
            (.., Local::Declared(decl, "constant")) => Some(decl),
            _ => None,
        }
    }

    /// What the root imports by name, and all that comes along because it is named there. What an agreement imports and does
    /// not use stays out of it.
    pub(super) fn brought(&mut self, linked: &Linked) -> Brought {
        let root = linked.root.file;
        let (mut imported, mut open) = (Vec::new(), Vec::new());
        let chooses = is_agreement(&linked.root) && !linked.root.unread.any;
        for node in linked.root.root.children().filter(|node| node.kind() == Kind::import) {
            for names in node.all(Kind::imported) {
                let mut names = names.leaves(Kind::ident);
                let Some(name) = names.next() else { continue };
                let local = names.next().unwrap_or_else(|| name.clone());
                match self.origin(root, local.text()) {
                    Some((_, _, Local::Declared(_, keyword))) if PRIVATE.contains(&keyword) => {
                        let message = format!("{} belongs to its own agreement", with_article(keyword));
                        let finding = Diagnostic::new(codes::WRONG_KIND, self.at(&name), message);
                        self.tell(finding.primary("cannot be imported"));
                    }
                    Some((.., Local::Lost)) => self.scope.poison_name(local.text()),
                    Some((file, original, what @ (Local::Declared(..) | Local::Template(_)))) => {
                        let key = (file, original);
                        if !chooses || !what.waits() {
                            open.push(key.clone());
                        }
                        imported.push((key, (local.text().to_owned(), self.at(&local))));
                    }
                    _ => self.no_such_import(linked, &node, &name, local.text()),
                }
            }
        }
        if chooses {
            open.extend(self.named_by(&linked.root));
        }
        let mut all = self.closure(open, |_| false);
        if chooses {
            self.add_promises(linked, &mut all);
            self.add_excuses(linked, &mut all);
            self.add_terms(linked, &imported, &mut all);
        }
        let (used, unused): (Vec<_>, Vec<_>) = imported.into_iter().partition(|(key, _)| all.contains(key));
        self.scope.idle = unused.into_iter().map(|(key, _)| key).collect();
        let mut named = BTreeMap::new();
        for (key, called) in used {
            if matches!(self.scope.locals.get(&key), Some(Local::Declared(..))) {
                named.entry(key).or_insert(called);
            }
        }
        let elsewhere = self.belonging_elsewhere(linked, &all);
        Brought { parties: self.own_parties(linked, &named), elsewhere, all, paths: paths(linked), named }
    }

    /// Declares what is imported by name, or what comes along: that comes last, and takes the names that are left. Each
    /// declaration has the place of its file among the others.
    pub(super) fn declare_brought(
        &mut self,
        linked: &Linked,
        brought: &mut Brought,
        along: bool,
        doubled: &mut Vec<Vec<Doubled>>,
    ) -> Vec<((usize, usize), Declaration)> {
        let names = if along { self.names_along(linked, &self.unnamed(brought)) } else { BTreeMap::new() };
        let mut declarations = Vec::new();
        for (place, tree) in linked.others.iter().enumerate() {
            let mut run = Vec::new();
            let supplies = self.is_of_supplier(linked, tree);
            let own = tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl);
            let own = own.filter_map(|decl| Some((decl.name()?.text().to_owned(), decl)));
            let made = self.scope.made.get(&tree.file).cloned().unwrap_or_default();
            for (nth, (written, decl)) in own.chain(made).enumerate() {
                let Some(name) = decl.name() else { continue };
                let key = (tree.file, written);
                if !brought.all.contains(&key) || along == brought.named.contains_key(&key) {
                    continue;
                }
                let Some(Local::Declared(first, keyword)) = self.scope.locals.get(&key).cloned() else { continue };
                if first.0 != decl.0 || self.scope.globals.contains_key(&key) {
                    continue;
                }
                let file = self.scope.file_of(&decl.0);
                let elsewhere = brought.elsewhere.get(&key).copied();
                // A party of a file that is not found is a party all the same.
                let is_lost = matches!(self.scope.locals.get(&(linked.root.file, key.1.clone())), Some(Local::Lost));
                if along && keyword == "party" && (is_lost || brought.parties.contains(&key.1)) {
                    // It is the party that is called so here, and who is known of it there is known here.
                    self.scope.globals.insert(key.clone(), key.1.clone());
                    self.scope.twins.entry(key.1).or_default().push(Twin { file, decl, elsewhere });
                    continue;
                }
                let own = range_span(file, name.text_range());
                let (global, at) = match brought.named.get(&key) {
                    Some(named) => named.clone(),
                    None => {
                        let global = names.get(&key).unwrap_or(&key.1).clone();
                        self.note_along(&key.1, &global, (keyword, self.scope.used_at(own)), brought);
                        (global, self.span_of_import(linked, tree.file))
                    }
                };
                if keyword == "party" {
                    brought.parties.insert(global.clone());
                    if supplies || elsewhere.is_some() {
                        self.take_foreign_party(&decl, &global, at);
                    }
                }
                self.scope.globals.insert(key, global.clone());
                self.scope.elsewhere.extend(elsewhere.map(|there| (global.clone(), there)));
                self.scope.file = file;
                run.extend(
                    self.declare_as(&global, keyword, own, self.is_unread(&decl))
                        .map(|twice| Doubled { span: at, ..twice }),
                );
                declarations.push(((place, nth), Declaration::new(keyword, decl, file, global)));
            }
            doubled.push(run);
        }
        self.scope.file = linked.root.file;
        let aliases: Vec<(FileId, String)> = self.scope.locals.keys().cloned().collect();
        for key in aliases {
            let Some((file, name, _)) = self.origin(key.0, &key.1) else { continue };
            if let Some(global) = self.scope.globals.get(&(file, name)).cloned() {
                self.scope.globals.insert(key, global);
            }
        }
        declarations
    }

    /// What comes along without being named, with the keyword of each; parties only that are no party of the agreement yet.
    fn unnamed<'b>(&self, brought: &'b Brought) -> Vec<(&'b Key, &'static str)> {
        let keyword = |key: &'b Key| match self.scope.locals.get(key)? {
            Local::Declared(_, keyword) => Some((key, *keyword)),
            _ => None,
        };
        let is_party = |keyword: &str, name: &String| keyword == "party" && brought.parties.contains(name);
        let unnamed = brought.all.iter().filter(|key| !brought.named.contains_key(*key)).filter_map(keyword);
        unnamed.filter(|(key, keyword)| !is_party(keyword, &key.1) && !self.scope.globals.contains_key(*key)).collect()
    }

    /// Notes what the agreement calls a declaration that comes along.
    fn note_along(&mut self, name: &str, global: &str, (keyword, at): (&'static str, Span), brought: &Brought) {
        let (path, imported_by) = brought.paths.get(&at.file).cloned().unwrap_or_default();
        let along = Along { keyword, global: global.to_owned(), at, path, imported_by };
        self.scope.along.entry(name.to_owned()).or_default().push(along);
    }

    /// What the parties of the agreement are called: those of its own file, and those that it imports by name.
    fn own_parties(&self, linked: &Linked, named: &BTreeMap<Key, (String, Span)>) -> BTreeSet<String> {
        let is_party = |decl: &Decl| declaration_form(&decl.keyword()).is_some_and(|form| form.keyword == "party");
        let own = linked.root.root.children().filter(|node| node.kind() == Kind::decl).map(Decl).filter(is_party);
        let own = own.filter_map(|decl| decl.name()).map(|name| name.text().to_owned());
        let imported =
            named.iter().filter(|(key, _)| matches!(self.scope.locals.get(key), Some(Local::Declared(_, "party"))));
        own.chain(imported.map(|(_, (name, _))| name.clone())).collect()
    }

    /// The import of the agreement that brings each other file.
    pub(super) fn imports(&self, linked: &Linked) -> BTreeMap<FileId, Span> {
        linked.others.iter().map(|tree| (tree.file, self.span_of_import(linked, tree.file))).collect()
    }

    /// The import of the agreement that brings a file; the first one where another file does.
    fn span_of_import(&self, linked: &Linked, file: FileId) -> Span {
        let mut imports = linked.root.root.children().filter(|node| node.kind() == Kind::import);
        let leads = |import: &Node| linked.leads.get(&import_key(import, linked.root.file)) == Some(&file);
        imports.find(leads).map_or_else(|| self.span_of_imports(linked), |node| node.span(linked.root.file))
    }

    pub(super) fn span_of_imports(&self, linked: &Linked) -> Span {
        let first = linked.root.root.children().find(|node| node.kind() == Kind::import);
        first.map_or_else(|| Span::new(linked.root.file, 0, 0), |node| node.span(linked.root.file))
    }

    fn no_such_import(&mut self, linked: &Linked, import: &Node, name: &Token, local: &str) {
        let Some(leads) = linked.leads.get(&import_key(import, linked.root.file)).copied() else { return };
        let unread = linked.others.iter().any(|tree| tree.file == leads && tree.unread.any);
        if unread || self.scope.unmade.contains(&leads) {
            // It may be what could not be read there, or what a use makes that was not understood.
            self.scope.poison_name(local);
            return;
        }
        let path = of_import(import).unwrap_or_default();
        let message = format!("`{}` declares nothing called `{}`", path.trim_matches('"'), name.text());
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(name), message);
        let known = self.scope.locals.keys().filter(|(file, _)| *file == leads).map(|(_, name)| name.as_str());
        let near = did_you_mean(name.text(), known).map(str::to_owned);
        self.scope.poison_name(local);
        self.tell(match near {
            Some(near) => finding.primary(format!("did you mean `{near}`?")),
            None => finding.primary("not declared there"),
        });
    }
}

/// What to do about a name that is imported under one that is taken. Where another import names the same dimension, which of its
/// options are meant is said in one of the two.
fn help_to_import_once(import: &Node, imported: &Node, name: &Token) -> String {
    let local = |node: &Node| node.leaves(Kind::ident).last().map(|name| name.text().to_owned());
    let imports = import.parent().into_iter().flat_map(|file| file.children().collect::<Vec<_>>());
    let imports = imports.filter(|node| node.kind() == Kind::import);
    let mut all = imports.flat_map(|node| node.all(Kind::imported).collect::<Vec<_>>());
    let first = all.find(|one| local(one) == local(imported)).filter(|first| first != imported);
    let has_options = |node: &Node| node.child(Kind::for_keys).is_some();
    let name = name.text();
    match (first.as_ref().map(has_options), has_options(imported)) {
        (Some(false), true) => format!("delete `{name}` from the first import: this one says which options are meant"),
        (Some(true), false) => format!("delete `{name}` here: the first import says which options are meant"),
        (_, true) => format!("write all options in one list after `{name} for`"),
        (_, false) => format!("import it under another name: `{name} as another_name`"),
    }
}
