//! What comes along with an import without being named there. It is known where it is declared, and has a name in the
//! agreement that is nobody else's; the file that imports does not know it by any.

use super::Builder;
use super::imports::{Local, PRIVATE, of_import};
use super::places::{Argument, import_key};
use super::slugs::{mark, slug};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Element, Kind, Linked, Node, NodeExt, Token, Tree, text_value};
use std::collections::{BTreeMap, BTreeSet};

/// A name as a file writes it.
pub(super) type Key = (FileId, String);

/// A declaration that comes along.
pub(super) struct Along {
    /// Its keyword.
    pub keyword: &'static str,
    /// What the agreement calls it.
    pub global: String,
    /// Its name, where it is declared.
    pub at: Span,
    /// The path of its file, as an import writes it.
    pub path: String,
    /// The files that import that file themselves, by the same path.
    pub imported_by: BTreeSet<FileId>,
}

/// A party that comes along and is a party of the agreement already.
#[derive(Clone)]
pub(super) struct Twin {
    /// Where it is declared.
    pub file: FileId,
    /// What is said of it there.
    pub decl: Decl,
    /// The file of the other agreement to which it belongs, in which it has a role.
    pub elsewhere: Option<FileId>,
}

/// How imports write the paths of files.
pub(super) type Paths = BTreeMap<FileId, (String, BTreeSet<FileId>)>;

/// The path of each file that is imported, as the first import writes it, and who writes it so.
pub(super) fn paths(linked: &Linked) -> Paths {
    let mut paths = Paths::new();
    for tree in std::iter::once(&linked.root).chain(&linked.others) {
        for import in tree.root.all(Kind::import) {
            let leads = linked.leads.get(&import_key(&import, tree.file)).copied();
            let (Some(leads), Some(path)) = (leads, of_import(&import)) else { continue };
            let (first, by) = paths.entry(leads).or_insert_with(|| (path.clone(), BTreeSet::new()));
            if *first == path {
                by.insert(tree.file);
            }
        }
    }
    paths
}

/// Where each file is, from the folder of the agreement, without the ending: `../shared/terms`, or `std.holidays`. It is the
/// same however many files import it, and in whatever order.
pub(super) fn places(linked: &Linked) -> BTreeMap<FileId, String> {
    let mut places = BTreeMap::from([(linked.root.file, String::new())]);
    for tree in std::iter::once(&linked.root).chain(&linked.others) {
        let folder =
            places.get(&tree.file).and_then(|at| at.rsplit_once('/')).map_or("", |(folder, _)| folder).to_owned();
        for import in tree.root.all(Kind::import) {
            let leads = linked.leads.get(&import_key(&import, tree.file)).copied();
            if let (Some(leads), Some(path)) = (leads, of_import(&import)) {
                places.entry(leads).or_insert_with(|| place(&folder, &path));
            }
        }
    }
    places
}

/// The place of what an import in a folder names.
fn place(folder: &str, path: &str) -> String {
    let written = path.trim_matches('"');
    if written == path {
        return path.to_owned();
    }
    let mut at: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(written.strip_suffix(".sla").unwrap_or(written).split('/')) {
        match part {
            "" | "." => {}
            ".." if at.last().is_some_and(|last| *last != "..") => drop(at.pop()),
            part => at.push(part),
        }
    }
    at.join("/")
}

/// All texts in a node, in small letters.
fn texts(node: &Node) -> String {
    let tokens = node.descendants_with_tokens().filter_map(Element::into_token);
    let texts = tokens.filter(|token| token.kind() == Kind::text).map(|token| text_value(token.text()).to_lowercase());
    texts.collect::<Vec<_>>().join("\n") + "\n"
}

impl Builder<'_> {
    /// What the agreement calls declarations that come along: as their file does, if the name is free and of one alone, or else
    /// by the place of the file besides, as in `share_failed_of_shared_metrics`. Of several of one name none has it alone, and
    /// what tells them apart is made of nothing but their own places: another import must not give the name of one to another.
    pub(super) fn names_along(&self, linked: &Linked, keys: &[(&Key, &'static str)]) -> BTreeMap<Key, String> {
        let places = places(linked);
        let place = |key: &Key| places.get(&key.0).map_or("", String::as_str);
        let full = |key: &Key| format!("{}_of_{}", key.1, slug(place(key)));
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for (key, keyword) in keys {
            // A party of one name is one party.
            *count.entry(key.1.clone()).or_default() += usize::from(*keyword != "party");
            *count.entry(full(key)).or_default() += 1;
        }
        let is_free = |name: &String| !self.scope.is_taken(name) && count.get(name).is_none_or(|count| *count <= 1);
        let name = |key: &Key| {
            let full = full(key);
            match () {
                () if is_free(&key.1) => key.1.clone(),
                () if is_free(&full) => full,
                () => format!("{full}_{}", mark(place(key))),
            }
        };
        keys.iter().map(|(key, _)| ((*key).clone(), name(key))).collect()
    }

    /// All that is needed by what is imported: the keys that are open, and what these name in turn, but for what those name that
    /// are passed over.
    pub(super) fn closure(&self, mut open: Vec<Key>, passed_over: impl Fn(&Key) -> bool) -> BTreeSet<Key> {
        let (mut seen, mut views) = (BTreeSet::new(), BTreeSet::new());
        while let Some(key) = open.pop() {
            if !seen.insert(key.clone()) || passed_over(&key) {
                continue;
            }
            match self.scope.locals.get(&key) {
                Some(Local::Declared(decl, _)) => self.needs(&decl.0, &mut views, &mut open),
                Some(Local::Template(template)) => self.needs(template, &mut views, &mut open),
                _ => {}
            }
        }
        seen
    }

    /// What a file names itself, besides what it only imports.
    pub(super) fn named_by(&self, tree: &Tree) -> Vec<Key> {
        let mut open = Vec::new();
        for node in tree.root.children().filter(|node| node.kind() != Kind::import) {
            self.named_in(&node, tree.file, &mut open);
        }
        open
    }

    /// Adds the imported terms whose words stand in a text of the agreement, or of what it has of other files. A term is named
    /// by its words.
    pub(super) fn add_terms(&self, linked: &Linked, imported: &[(Key, (String, Span))], all: &mut BTreeSet<Key>) {
        let is_term = |key: &&Key| matches!(self.scope.locals.get(*key), Some(Local::Declared(_, "term")));
        let mut terms: BTreeSet<&Key> = imported.iter().map(|(key, _)| key).filter(is_term).collect();
        terms.retain(|key| !all.contains(*key));
        if terms.is_empty() {
            return;
        }
        let root = linked.root.root.children().filter(|node| node.kind() != Kind::import);
        let mut open: Vec<Node> = root.chain(all.iter().filter_map(|key| self.node_of(key))).collect();
        while !open.is_empty() {
            let said: String = open.drain(..).map(|node| texts(&node)).collect();
            let (found, rest): (BTreeSet<&Key>, BTreeSet<&Key>) =
                terms.into_iter().partition(|key| self.label_of(key).is_some_and(|label| said.contains(&label)));
            open.extend(found.iter().filter_map(|key| self.node_of(key)));
            all.extend(found.into_iter().cloned());
            terms = rest;
        }
    }

    fn node_of(&self, key: &Key) -> Option<Node> {
        match self.scope.locals.get(key)? {
            Local::Declared(Decl(node), _) | Local::Template(node) => Some(node.clone()),
            Local::Imported(..) | Local::Lost => None,
        }
    }

    /// The words of a term, in small letters.
    fn label_of(&self, key: &Key) -> Option<String> {
        match self.scope.locals.get(key)? {
            Local::Declared(decl, _) => Some(decl.title().unwrap_or_else(|| key.1.clone()).to_lowercase()),
            _ => None,
        }
    }

    /// What a node names, and, where a template is read, what is given to that. `views` are those that have been looked at.
    fn needs(&self, node: &Node, views: &mut BTreeSet<FileId>, open: &mut Vec<Key>) {
        let mut file = self.scope.file_of(node);
        self.named_in(node, file, open);
        while let Some(view) = self.scope.views.of(file).filter(|_| views.insert(file)) {
            for argument in view.arguments.values() {
                if let Argument::Given(node) = argument {
                    self.named_in(node, self.scope.file_of(node), open);
                }
            }
            file = view.used.file;
        }
    }

    /// What a name stands for where it is read; nothing for a parameter.
    fn origin_in(&self, mut file: FileId, name: &str) -> Option<(FileId, String, Local)> {
        let mut name = name.to_owned();
        while let Some(view) = self.scope.views.of(file).filter(|view| !view.arguments.contains_key(&name)) {
            let Some(outer) = view.own.get(&name) else { break };
            (name, file) = (outer.clone(), view.used.file);
        }
        let is_parameter = self.scope.views.of(file).is_some_and(|view| view.arguments.contains_key(&name));
        if is_parameter { None } else { self.origin(file, &name) }
    }

    /// The declarations and templates of its file, or of those that it imports, that a node names. What a template is given, or
    /// declares itself, is meant within it by the name, whatever else has that name.
    fn named_in(&self, node: &Node, file: FileId, open: &mut Vec<Key>) {
        let hidden = if node.kind() == Kind::template { own_names(node) } else { BTreeSet::new() };
        for token in node.descendants_with_tokens().filter_map(Element::into_token) {
            let Some(wanted) = wanted(&token) else { continue };
            let first = token.text().split('.').next().unwrap_or_default();
            match self.origin_in(file, first).filter(|_| !hidden.contains(first)) {
                Some((file, name, Local::Declared(_, keyword)))
                    if !PRIVATE.contains(&keyword) && wanted.takes(keyword) =>
                {
                    open.push((file, name));
                }
                Some((of, name, Local::Template(_))) if wanted == Wanted::Template => open.push((of, name)),
                _ => {}
            }
        }
    }
}

/// What a name may stand for where it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Anything,
    Only(&'static [&'static str]),
    Template,
}

impl Wanted {
    fn takes(self, keyword: &str) -> bool {
        match self {
            Wanted::Anything => true,
            Wanted::Only(keywords) => keywords.contains(&keyword),
            Wanted::Template => false,
        }
    }
}

/// What a token may name; nothing for one that names no declaration.
fn wanted(token: &Token) -> Option<Wanted> {
    let parent = token.parent().map(|parent| parent.kind());
    match (token.kind(), parent) {
        (Kind::unit_name, _) | (Kind::ident, Some(Kind::keys)) => Some(Wanted::Only(&["dimension"])),
        (Kind::ident, Some(Kind::s_on)) => Some(Wanted::Only(&["calendar"])),
        (Kind::ident, Some(Kind::closed_day)) => Some(Wanted::Only(&["holidays", "calendar"])),
        (Kind::ident, Some(Kind::call)) => Some(Wanted::Template),
        // What comes first there is a field of what is counted.
        (Kind::path, _) if token.parent_ancestors().any(|node| node.kind() == Kind::where_) => {
            Some(Wanted::Only(&["constant", "calendar", "holidays", "dimension"]))
        }
        (Kind::path | Kind::amount_name, _) => Some(Wanted::Anything),
        _ => None,
    }
}

/// The names that a template is given, and those of what it declares.
fn own_names(template: &Node) -> BTreeSet<String> {
    let params = template.child(Kind::params);
    let params = params.iter().flat_map(|all| all.all(Kind::param).collect::<Vec<_>>());
    let params = params.filter_map(|param| param.leaf(Kind::ident));
    let declared = template.descendants().filter(|node| node.kind() == Kind::decl).map(Decl);
    let declared = declared.filter_map(|decl| decl.name());
    params.chain(declared).map(|name| name.text().to_owned()).collect()
}

impl super::names::Scope<'_> {
    /// What comes along under a name that a file does not know.
    fn along_as(&self, name: &str, file: FileId) -> Option<&Along> {
        self.along.get(name)?.iter().find(|one| one.at.file != file.plain())
    }

    /// What is most likely meant by a name that only comes along, once that is told: the name in the agreement.
    pub fn meant_along(&self, name: &str, file: FileId, kinds: &[&str]) -> Option<String> {
        self.along_as(name, file).filter(|one| kinds.contains(&one.keyword)).map(|one| one.global.clone())
    }

    /// The finding that a name which a file does not know comes along with what it imports.
    pub fn only_along(&self, name: &str, span: Span) -> Option<Diagnostic> {
        let file = span.file.plain();
        let Along { at, path, imported_by, .. } = self.along_as(name, file)?;
        let shown = path.trim_matches('"');
        let message = format!("`{name}` comes along with `{shown}` and is not imported by name");
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, span, message).primary("not known in this file");
        let finding = finding.label(*at, "it is declared here");
        let direct = imported_by.contains(&file) || !path.starts_with('"');
        Some(finding.help(match direct {
            true => format!("`import {name} from {path}`"),
            false => format!("import it by name from the file that declares it: `import {name} from \"…\"`"),
        }))
    }
}
