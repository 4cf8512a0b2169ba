//! What comes along with an import without being named there. It is known where it is declared, and has a name in the
//! agreement that is nobody else's; the file that imports does not know it by any.

use super::Builder;
use super::imports::{Local, PRIVATE, of_import};
use super::places::{Argument, import_key};
use super::slugs::slug;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Element, Kind, Linked, Node, NodeExt, Tree, text_value};
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
    /// Whether that is an agreement, in which it has a role.
    pub agreed: bool,
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

/// Where each file is, from the folder of the agreement: its folders and its own name without the ending, such as `shared`
/// and `terms`, or `std` and `holidays`. It is the same however many files import it, and in whatever order.
pub(super) fn places(linked: &Linked) -> BTreeMap<FileId, Vec<String>> {
    let mut places = BTreeMap::from([(linked.root.file, Vec::new())]);
    for tree in std::iter::once(&linked.root).chain(&linked.others) {
        let folder = places.get(&tree.file).and_then(|at| at.split_last()).map(|(_, folder)| folder.to_vec());
        for import in tree.root.all(Kind::import) {
            let leads = linked.leads.get(&import_key(&import, tree.file)).copied();
            if let (Some(leads), Some(path)) = (leads, of_import(&import)) {
                places.entry(leads).or_insert_with(|| place(folder.clone().unwrap_or_default(), &path));
            }
        }
    }
    places
}

/// The place of a file that an import in a folder names.
fn place(folder: Vec<String>, path: &str) -> Vec<String> {
    let written = path.trim_matches('"');
    let is_file = written != path;
    let mut at = if is_file { folder } else { Vec::new() };
    for part in written.strip_suffix(".sla").unwrap_or(written).split(if is_file { '/' } else { '.' }) {
        match part {
            "" | "." => {}
            ".." if at.last().is_some_and(|last| last != "..") => drop(at.pop()),
            part => at.push(part.to_owned()),
        }
    }
    at
}

/// What may tell declarations of one name apart: nothing, the name of the file, the same with that of its folder, and so on.
fn qualified(name: &str, place: &[String]) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    for from in (0..place.len()).rev() {
        let parts = place.get(from..).unwrap_or_default().iter().map(|part| slug(part));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        all.push(format!("{name}_of_{}", parts.join("_")));
    }
    all.dedup();
    all
}

/// All texts in a node, in small letters.
fn texts(node: &Node) -> String {
    let tokens = node.descendants_with_tokens().filter_map(Element::into_token);
    let texts = tokens.filter(|token| token.kind() == Kind::text).map(|token| text_value(token.text()).to_lowercase());
    texts.collect::<Vec<_>>().join("\n") + "\n"
}

impl Builder<'_> {
    /// What the agreement calls declarations that come along: as their file does, if the name is free, or else by the name of
    /// the file besides, as in `share_failed_of_metrics`, and by its folders as far as needed. Of several of one name none has
    /// it alone: another import must not give the name of one to another one.
    pub(super) fn names_along(&self, linked: &Linked, keys: &[(&Key, &'static str)]) -> BTreeMap<Key, String> {
        let places = places(linked);
        let mut groups: BTreeMap<&str, Vec<(&Key, Vec<String>)>> = BTreeMap::new();
        for (key, keyword) in keys {
            let all = qualified(&key.1, places.get(&key.0).map_or(&[], Vec::as_slice));
            let group = groups.entry(&key.1).or_default();
            // A party of one name is one party.
            if *keyword != "party" || group.is_empty() {
                group.push((key, all));
            }
        }
        let mut names: BTreeMap<Key, String> = BTreeMap::new();
        for (name, mut group) in groups {
            group.sort_by(|(_, one), (_, other)| one.cmp(other));
            let longest = group.iter().map(|(_, all)| all.len()).max().unwrap_or(0);
            let nth = |all: &[String], count: usize| all.get(count).or(all.last()).cloned().unwrap_or_default();
            let is_free = |name: &String| !self.scope.is_taken(name) && !names.values().any(|taken| taken == name);
            let at = |count: usize| group.iter().map(|(_, all)| nth(all, count)).collect::<Vec<_>>();
            let differ =
                |all: &Vec<String>| all.iter().collect::<BTreeSet<_>>().len() == all.len() && all.iter().all(is_free);
            let chosen = (usize::from(group.len() > 1)..longest).map(at).find(differ).unwrap_or_else(|| {
                let numbered = (2_usize..).map(|number| format!("{name}_{number}")).filter(is_free);
                numbered.take(group.len()).collect()
            });
            let found: Vec<(Key, String)> = group.iter().map(|(key, _)| (*key).clone()).zip(chosen).collect();
            names.extend(found);
        }
        names
    }

    /// All that is needed by what is imported: the keys that are open, and what these name in turn.
    pub(super) fn closure(&self, mut open: Vec<Key>) -> BTreeSet<Key> {
        let (mut seen, mut views) = (BTreeSet::new(), BTreeSet::new());
        while let Some(key) = open.pop() {
            if !seen.insert(key.clone()) {
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

    /// The declarations and templates of its file, or of those that it imports, that a node names.
    fn named_in(&self, node: &Node, file: FileId, open: &mut Vec<Key>) {
        for token in node.descendants_with_tokens().filter_map(Element::into_token) {
            let parent = token.parent().map(|parent| parent.kind());
            let named = match token.kind() {
                Kind::path | Kind::amount_name | Kind::unit_name => true,
                Kind::ident => matches!(parent, Some(Kind::s_on | Kind::keys | Kind::closed_day | Kind::call)),
                _ => false,
            };
            if !named {
                continue;
            }
            let first = token.text().split('.').next().unwrap_or_default();
            match self.origin_in(file, first) {
                Some((file, name, Local::Declared(_, keyword)))
                    if !PRIVATE.contains(&keyword) && (token.kind() != Kind::unit_name || keyword == "dimension") =>
                {
                    open.push((file, name));
                }
                Some((of, name, Local::Template(_))) if parent == Some(Kind::call) => open.push((of, name)),
                _ => {}
            }
        }
    }
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
