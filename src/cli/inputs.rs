//! The agreements that a command is about: found, read and checked.

use crate::diagnostics::{Diagnostic, codes};
use crate::pipeline::{Checked, admit, check};
use crate::source::{DiskWorld, FileId, MAX_BYTES, ReadError, SourceMap, World};
use clap::Args;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Which agreements.
#[derive(Args)]
pub(super) struct Inputs {
    /// Files, or folders with all `.sla` files below them; `-` is standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
}

/// The texts of a run, and what was found while they were read.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The texts, in the order of the command line; of one folder, in the order of paths.
    pub sources: SourceMap,
    /// What could not be read.
    pub findings: Vec<Diagnostic>,
    seen: BTreeSet<PathBuf>,
}

impl Inputs {
    /// Reads every agreement once, however often it is named.
    pub fn read(&self) -> Texts {
        let mut texts = Texts::default();
        for path in &self.paths {
            if path.as_os_str() == "-" {
                // It is in nobody's way: the paths of files are absolute.
                if texts.seen.insert(path.clone()) {
                    texts.add_standard_input();
                }
            } else if path.is_dir() {
                texts.add_folder(path);
            } else {
                texts.add_file(path);
            }
        }
        texts
    }
}

impl Texts {
    /// Checks every text, several at a time; the results are in the order of the texts.
    pub fn check(&self) -> Vec<Checked> {
        let files: Vec<FileId> = self.sources.files().map(|(file, _)| file).collect();
        files.par_iter().map(|file| check(*file, &self.sources)).collect()
    }

    fn add(&mut self, name: String, bytes: Result<Vec<u8>, ReadError>) {
        let added = match bytes {
            Ok(bytes) => admit(name, bytes, &mut self.sources).map(|_| ()),
            Err(error) => Err(Diagnostic::unreadable(name, &error)),
        };
        self.findings.extend(added.err());
    }

    fn add_standard_input(&mut self) {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
        self.add("<stdin>".to_owned(), read.map(|_| bytes).map_err(ReadError::from));
    }

    fn add_file(&mut self, path: &Path) {
        match path.canonicalize() {
            Ok(real) if self.seen.insert(real.clone()) => self.add(display(path), read(&real)),
            Ok(_) => {}
            Err(error) => self.findings.push(Diagnostic::unreadable(display(path), &error.into())),
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        let (files, unread) = agreements_below(folder);
        self.findings.extend(unread);
        if files.is_empty() {
            let message = "the folder has no file whose name ends in `.sla`";
            let finding = Diagnostic::without_place(codes::NO_AGREEMENT_FILE, display(folder), message);
            self.findings
                .push(finding.help("name a file or another folder, or begin an agreement with `sla new NAME`"));
        }
        for file in files {
            self.add_file(&file);
        }
    }
}

/// The bytes of a file; the world is its folder, so nothing beside it could be read by its name.
fn read(real: &Path) -> Result<Vec<u8>, ReadError> {
    let (Some(folder), Some(name)) = (real.parent(), real.file_name()) else { return Err(ReadError::NotAFile) };
    DiskWorld::new(folder)?.read(Path::new(name))
}

/// The path as it was typed, without `.` in it.
fn display(path: &Path) -> String {
    let shown: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if shown.as_os_str().is_empty() { ".".to_owned() } else { shown.display().to_string() }
}

/// Every `.sla` file below a folder, in the order of paths, and the folders that could not be read.
///
/// Hidden files and folders are passed over, and links that lead out of the folder. Links to folders are never followed:
/// what they show is found at its own place, and a ring of links has no end.
fn agreements_below(root: &Path) -> (Vec<PathBuf>, Vec<Diagnostic>) {
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    let mut folders = vec![root.to_path_buf()];
    let real_root = root.canonicalize().ok();
    let inside = |path: &Path| match (path.canonicalize(), &real_root) {
        (Ok(real), Some(root)) => real.starts_with(root) && real.is_file(),
        _ => false,
    };
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.unwrap_or_else(|error| {
            unread.push(Diagnostic::unreadable(display(&folder), &error.into()));
            Vec::new()
        });
        for entry in entries {
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            let kind = entry.file_type().ok().filter(|_| !hidden);
            let path = entry.path();
            match kind {
                Some(kind) if kind.is_dir() => folders.push(path),
                Some(_) if path.extension().is_some_and(|end| end == "sla") && inside(&path) => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    (files, unread)
}
