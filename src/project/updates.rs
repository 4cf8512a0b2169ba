//! Loading again: what did not change is neither read nor parsed a second time.

use super::store::{File, Key, Store, path_of};
use super::{Imports, is_library};
use crate::source::{FileId, Folders, SourceFile};
use crate::syntax::Origin;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

impl Store {
    /// A file may have changed: it is read again when it is loaded next.
    pub fn doubt(&mut self, path: &Path) {
        self.stale.insert(Key::File(path.to_path_buf()));
    }

    /// The files that were new when the store was loaded last, or had another text.
    #[must_use]
    pub fn changed(&self) -> BTreeSet<PathBuf> {
        self.changed.iter().filter_map(path_of).map(Path::to_path_buf).collect()
    }

    /// All files of projects.
    pub fn paths(&self) -> impl Iterator<Item = (FileId, &Path)> {
        self.files.iter().filter_map(|(id, file)| Some((*id, path_of(&file.key)?)))
    }

    /// The libraries of the project that are none of some files, in the order of their names.
    #[must_use]
    pub fn libraries_beside(&self, named: &[FileId]) -> Vec<FileId> {
        let named: BTreeSet<FileId> = named.iter().copied().collect();
        let others = self.paths().map(|(id, _)| id).filter(|id| !named.contains(id));
        let is_library = |id: &FileId| self.files.get(id).is_some_and(|file| is_library(&file.parsed.tree(), false));
        let mut found: Vec<FileId> = others.filter(is_library).collect();
        found.sort_by_key(|id| Path::new(self.sources.name(*id)));
        found
    }

    /// What each file imports directly, whether or not it is there.
    #[must_use]
    pub fn imports(&self, folders: &dyn Folders) -> Imports {
        let one = |file: &File| {
            let path = path_of(&file.key)?;
            let mut imported: BTreeSet<PathBuf> =
                file.leads.iter().filter_map(|lead| self.path(lead.to)).map(Path::to_path_buf).collect();
            for import in &file.parsed.imports {
                if let Origin::File(written) = &import.from {
                    imported.extend(folders.wanted(path, written));
                }
            }
            Some((path.to_path_buf(), imported))
        };
        self.files.values().filter_map(one).collect()
    }

    /// Whether a file is there, and is not to be read again.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.known.contains_key(key) && !self.stale.contains(key)
    }

    /// What is known of imports is found anew each time: a file may have come to where there was none.
    pub(super) fn begin(&mut self) {
        self.changed.clear();
        for file in self.files.values_mut() {
            file.leads.clear();
            file.told.clear();
        }
    }

    /// Gives a file that was read its place; nothing if it says what it said before.
    pub(super) fn place(&mut self, key: &Key, file: SourceFile) -> Option<FileId> {
        self.stale.remove(key);
        let known = self.known.get(key).copied();
        if known.and_then(|id| self.sources.get(id)).is_some_and(|old| old.text == file.text) {
            return None;
        }
        self.changed.insert(key.clone());
        let id = match known.or_else(|| self.free.pop()) {
            Some(id) => {
                self.sources.replace(id, file);
                id
            }
            None => self.sources.push(file),
        };
        self.known.insert(key.clone(), id);
        Some(id)
    }

    /// A file is gone, or is no text any more.
    pub(super) fn lose(&mut self, key: &Key) {
        self.stale.remove(key);
        if let Some(id) = self.known.remove(key) {
            self.files.remove(&id);
            self.sources.replace(id, SourceFile { aside: true, ..SourceFile::new("", "") });
            self.changed.insert(key.clone());
            self.free.push(id);
        }
    }

    /// Drops the files that nobody names or imports any more.
    pub(super) fn forget_others(&mut self, reached: &BTreeSet<FileId>) {
        let others: Vec<Key> =
            self.files.iter().filter(|(id, _)| !reached.contains(id)).map(|(_, file)| file.key.clone()).collect();
        others.iter().for_each(|key| self.lose(key));
    }
}
