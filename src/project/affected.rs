//! What depends on what has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each file imports directly: files that are there, and places where one is looked for.
pub type Imports = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// The files that have to be looked at again: those that changed, came or went, and all that import one of them, directly
/// or by way of others.
#[must_use]
pub fn affected(imports: &Imports, changed: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let mut importers: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for (file, imported) in imports {
        for path in imported {
            importers.entry(path).or_default().push(file);
        }
    }
    let mut found: BTreeSet<PathBuf> = changed.clone();
    let mut queue: Vec<&Path> = changed.iter().map(PathBuf::as_path).collect();
    while let Some(file) = queue.pop() {
        for importer in importers.get(file).into_iter().flatten() {
            if found.insert(importer.to_path_buf()) {
                queue.push(importer);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Imports, affected};
    use std::path::PathBuf;

    #[test]
    fn importers_are_affected_and_nobody_else() {
        let imports: Imports = [
            ("a", &["terms", "calendars"][..]),
            ("b", &["terms"]),
            ("c", &["missing"]),
            ("d", &[]),
            ("terms", &["goals"]),
            ("ring", &["round"]),
            ("round", &["ring"]),
        ]
        .into_iter()
        .map(|(file, imported)| (PathBuf::from(file), imported.iter().map(PathBuf::from).collect()))
        .collect();
        let cases: [(&[&str], &[&str]); 7] = [
            (&["goals"], &["a", "b", "goals", "terms"]),
            (&["calendars"], &["a", "calendars"]),
            (&["missing"], &["c", "missing"]),
            (&["d"], &["d"]),
            (&["ring"], &["ring", "round"]),
            (&["new"], &["new"]),
            (&[], &[]),
        ];
        for (changed, expected) in cases {
            let changed = changed.iter().map(PathBuf::from).collect();
            let found: Vec<String> =
                affected(&imports, &changed).into_iter().map(|path| path.display().to_string()).collect();
            assert_eq!(found, expected);
        }
    }
}
