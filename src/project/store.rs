//! The files of a run, read round by round: first those that are named, then those that these import, and so on.
//!
//! In a round files are read and parsed side by side, each once. Between the rounds ids are given in one order, so that
//! nothing depends on which thread was first.

use super::{graph, refused};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{self, FileId, Folders, ReadError, Rejection, SourceFile, SourceMap, Span};
use crate::std_library;
use crate::syntax::{Import, Linked, Origin, Parsed, parse_shared};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

/// How many files one agreement may import, directly or by way of others.
pub const MAX_IMPORTS: usize = 500;

/// A file that the user names.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its path as people know it.
    pub name: String,
    /// Where it is, as [`Folders`] know it.
    pub path: PathBuf,
    /// What is in it, if that is not to be read: the standard input.
    pub bytes: Option<Vec<u8>>,
}

/// What a file is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// One of a project.
    File(PathBuf),
    /// One that comes with the program.
    Library(&'static str),
}

/// Where an import leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lead {
    /// The first byte of the import.
    pub at: u32,
    /// Its path, as it is written.
    pub span: Span,
    /// The imported file.
    pub to: FileId,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct File {
    pub key: Key,
    pub parsed: Parsed,
    /// Where its imports lead, in their order.
    pub leads: Vec<Lead>,
    /// What is wrong with its imports.
    pub told: Vec<Diagnostic>,
}

/// Why there is no text.
#[derive(Debug, Clone)]
pub(super) enum Broken {
    /// It could not be read.
    Unreadable(ReadError),
    /// It is something else.
    Rejected(Rejection),
}

/// The files of a run. It may be loaded again, and reads only what it does not have.
#[derive(Debug, Default)]
pub struct Store {
    /// The texts.
    pub sources: SourceMap,
    pub(super) files: BTreeMap<FileId, File>,
    pub(super) known: BTreeMap<Key, FileId>,
    broken: BTreeMap<Key, Broken>,
    /// The settings of projects.
    asides: BTreeMap<PathBuf, FileId>,
    /// What is to be read again.
    pub(super) stale: BTreeSet<Key>,
    /// What was new or had another text when it was loaded last.
    pub(super) changed: BTreeSet<Key>,
    /// The places of files that are gone, for those that come.
    pub(super) free: Vec<FileId>,
}

/// An agreement with what it imports, for the model.
#[derive(Debug)]
pub struct Joined {
    /// The trees.
    pub linked: Linked,
    /// What could not be read in any of them, and which imports lead nowhere.
    pub findings: Vec<Diagnostic>,
}

impl Store {
    /// Reads files and what they import. Gives the named files that are texts, in the order of their paths, and what is
    /// wrong with the others.
    pub fn load(&mut self, folders: &dyn Folders, mut named: Vec<Named>) -> (Vec<FileId>, Vec<Diagnostic>) {
        named.sort_by(|a, b| (Path::new(&a.name), &a.path).cmp(&(Path::new(&b.name), &b.path)));
        let mut seen = BTreeSet::new();
        named.retain(|one| seen.insert(one.path.clone()));
        self.begin();
        let most = MAX_IMPORTS.saturating_mul(named.len().max(1));
        self.broken.clear();
        let keys: Vec<(Key, String)> =
            named.iter().map(|one| (Key::File(one.path.clone()), one.name.clone())).collect();
        let named = named.into_iter().map(|one| (Key::File(one.path), one.name, one.bytes));
        self.add(folders, named.collect());
        let (mut roots, mut findings) = (Vec::new(), Vec::new());
        for (key, name) in keys {
            match (self.known.get(&key), self.broken.get(&key)) {
                (Some(file), _) => roots.push(*file),
                (None, Some(Broken::Unreadable(error))) => findings.push(Diagnostic::unreadable(name, error)),
                (None, Some(Broken::Rejected(rejection))) => findings.push(Diagnostic::rejected(name, rejection)),
                (None, None) => {}
            }
        }
        let reached = self.follow(folders, &roots, most);
        self.forget_others(&reached);
        graph::settle(&mut self.files, &self.sources);
        (roots, findings)
    }

    /// Adds the text of a project's settings, or a new one in the place of the old one.
    pub fn set_aside(&mut self, path: &Path, name: String, text: String) -> FileId {
        let file = SourceFile { aside: true, ..SourceFile::new(name, text) };
        if let Some(id) = self.asides.get(path) {
            self.sources.replace(*id, file);
            return *id;
        }
        let id = self.sources.push(file);
        self.asides.insert(path.to_path_buf(), id);
        id
    }

    /// Where a file is, if it is one of a project.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<&Path> {
        self.files.get(&file).and_then(|file| path_of(&file.key))
    }

    /// Follows the imports of files, round by round.
    fn follow(&mut self, folders: &dyn Folders, roots: &[FileId], most: usize) -> BTreeSet<FileId> {
        let mut seen: BTreeSet<FileId> = roots.iter().copied().collect();
        let (mut round, mut imported) = (roots.to_vec(), 0);
        while !round.is_empty() {
            let wanted = self.targets(folders, &round);
            let mut missing = BTreeMap::new();
            let mut order = Vec::new();
            for (file, import, target) in &wanted {
                let Ok(key) = target else { continue };
                if !self.has(key) && !self.broken.contains_key(key) && !missing.contains_key(key) {
                    let name = self.name_of(folders, *file, import, key);
                    missing.insert(key.clone(), name);
                    order.push(key.clone());
                }
            }
            order.truncate(most.saturating_sub(imported));
            imported += order.len();
            let new = order.into_iter().filter_map(|key| missing.remove(&key).map(|name| (key, name, None)));
            self.add(folders, new.collect());
            round = self.lead(wanted, &mut seen);
        }
        seen
    }

    /// Where the imports of some files lead. Those of one folder that name the same file are looked for once.
    fn targets(&self, folders: &dyn Folders, round: &[FileId]) -> Vec<(FileId, Import, Result<Key, Diagnostic>)> {
        let mut all = Vec::new();
        let mut asked = BTreeMap::new();
        for id in round {
            let Some(file) = self.files.get(id) else { continue };
            for import in &file.parsed.imports {
                let from = path_of(&file.key);
                let question = (from.and_then(Path::parent), &import.from);
                let number = asked.len();
                let at = *asked.entry(question).or_insert((number, from, import));
                all.push((*id, import, at.0));
            }
        }
        let mut asked: Vec<_> = asked.into_values().collect();
        asked.sort_by_key(|(number, ..)| *number);
        let answers: Vec<_> =
            asked.par_iter().map(|(_, from, import)| refused::target(folders, *from, import)).collect();
        let own = |import: &Import, answer: &Result<Key, Diagnostic>, from: Option<&Path>| match answer {
            Ok(key) => Ok(key.clone()),
            // What is told stands at this import, and not at that of the file that asked first.
            Err(_) => refused::target(folders, from, import),
        };
        let one = |(id, import, number): (FileId, &Import, usize)| {
            let from = self.files.get(&id).and_then(|file| path_of(&file.key));
            answers.get(number).map(|answer| (id, import.clone(), own(import, answer, from)))
        };
        all.into_iter().filter_map(one).collect()
    }

    /// Sets the leads of a round, and gives the files that come next.
    fn lead(
        &mut self,
        wanted: Vec<(FileId, Import, Result<Key, Diagnostic>)>,
        seen: &mut BTreeSet<FileId>,
    ) -> Vec<FileId> {
        let mut next = Vec::new();
        for (id, import, target) in wanted {
            let found = target.and_then(|key| match (self.known.get(&key), self.broken.get(&key)) {
                (Some(to), _) => Ok(*to),
                (None, Some(broken)) => Err(refused::broken(&import, broken)),
                (None, None) => Err(too_many(import.span)),
            });
            let Some(file) = self.files.get_mut(&id) else { continue };
            match found {
                Ok(to) => {
                    file.leads.push(Lead { at: import.at, span: import.span, to });
                    next.extend(seen.insert(to).then_some(to));
                }
                Err(finding) => file.told.push(finding),
            }
        }
        next
    }

    /// Reads files that are not known yet and parses them. Some are read already.
    fn add(&mut self, folders: &dyn Folders, named: Vec<(Key, String, Option<Vec<u8>>)>) {
        let new: Vec<_> = named.into_iter().filter(|(key, ..)| !self.has(key)).collect();
        let read: Vec<(Key, Result<SourceFile, Broken>)> = new
            .into_par_iter()
            .map(|(key, name, bytes)| {
                let text = text_of(folders, &key, name, bytes);
                (key, text)
            })
            .collect();
        let mut added = Vec::new();
        for (key, text) in read {
            match text {
                Ok(file) => added.extend(self.place(&key, file).map(|id| (id, key))),
                Err(broken) => {
                    self.lose(&key);
                    self.broken.insert(key, broken);
                }
            }
        }
        let sources = &self.sources;
        let parse = |(id, key): (FileId, Key)| {
            let parsed = parse_shared(id, sources.text(id));
            (id, File { key, parsed, leads: Vec::new(), told: Vec::new() })
        };
        let parsed: Vec<(FileId, File)> = added.into_par_iter().map(parse).collect();
        self.files.extend(parsed);
    }

    /// An agreement, or a library, with all that it imports.
    #[must_use]
    pub fn join(&self, root: FileId) -> Option<Joined> {
        let first = self.files.get(&root)?;
        let (mut others, mut leads) = (Vec::new(), BTreeMap::new());
        let (mut findings, mut over) = (Vec::new(), None);
        let mut seen = BTreeSet::from([root]);
        // Each file with the import of the agreement by way of which it is reached.
        let mut queue = VecDeque::from([(root, None)]);
        while let Some((id, by)) = queue.pop_front() {
            let Some(file) = self.files.get(&id) else { continue };
            findings.extend(file.parsed.findings.iter().chain(&file.told).cloned());
            for lead in &file.leads {
                let by = by.or(Some(lead.span));
                let is_new = !seen.contains(&lead.to);
                if is_new && others.len() == MAX_IMPORTS {
                    over = over.or(by);
                    continue;
                }
                if is_new {
                    seen.insert(lead.to);
                    others.push(lead.to);
                    queue.push_back((lead.to, by));
                }
                leads.insert((id, lead.at), lead.to);
            }
        }
        findings.extend(over.map(too_many));
        let others = others.iter().filter_map(|id| self.files.get(id)).map(|file| file.parsed.tree()).collect();
        Some(Joined { linked: Linked { root: first.parsed.tree(), others, leads }, findings })
    }

    fn name_of(&self, folders: &dyn Folders, from: FileId, import: &Import, key: &Key) -> String {
        let from_path = self.files.get(&from).and_then(|file| path_of(&file.key));
        match (key, from_path, &import.from) {
            (Key::File(path), Some(from_path), Origin::File(written)) => {
                folders.name((from_path, self.sources.name(from)), written, path)
            }
            (Key::File(path), ..) => path.display().to_string(),
            (Key::Library(name), ..) => format!("std.{name}"),
        }
    }
}

/// The text of a file, with its lines.
fn text_of(folders: &dyn Folders, key: &Key, name: String, bytes: Option<Vec<u8>>) -> Result<SourceFile, Broken> {
    let bytes = match (key, bytes) {
        (_, Some(bytes)) => bytes,
        (Key::File(path), None) => folders.read(path).map_err(Broken::Unreadable)?,
        (Key::Library(library), None) => {
            let text = std_library::text(library).unwrap_or_default();
            return Ok(SourceFile { aside: true, ..SourceFile::new(name, text) });
        }
    };
    source::admit(bytes).map(|text| SourceFile::new(name, text)).map_err(Broken::Rejected)
}

fn too_many(span: Span) -> Diagnostic {
    let message = format!("with this import the agreement imports more than {MAX_IMPORTS} files");
    let finding = Diagnostic::new(codes::TOO_MANY_IMPORTS, span, message);
    finding.help("put what belongs together into one file")
}

pub(super) fn path_of(key: &Key) -> Option<&Path> {
    match key {
        Key::File(path) => Some(path),
        Key::Library(_) => None,
    }
}
