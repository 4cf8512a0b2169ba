//! The agreements that a command is about: found, read and checked.

use super::report::many;
use crate::diagnostics::{Diagnostic, codes};
use crate::pipeline::{Checked, check_joined};
use crate::project::{Named, Store};
use crate::source::{DiskFolders, FileId, MAX_BYTES, SourceMap};
use clap::Args;
use rayon::prelude::*;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Which agreements.
#[derive(Args)]
pub(super) struct Inputs {
    /// Files, or folders with all `.sla` files below them; `-` is standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
}

/// The files of a run with what they import, and what was found while they were read.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// All files.
    pub store: Store,
    /// What could not be read.
    pub findings: Vec<Diagnostic>,
    /// The files that are named or lie in a named folder, in the order of their paths.
    named: Vec<FileId>,
    /// Whether a single file is named, so that it is most likely meant as an agreement.
    alone: bool,
}

/// What a command line names.
#[derive(Debug, Default)]
struct Found {
    files: Vec<Named>,
    folders: Vec<PathBuf>,
    /// The files that are named by themselves.
    single: Vec<PathBuf>,
    findings: Vec<Diagnostic>,
}

impl Inputs {
    /// Reads every file once, however often it is named or imported.
    pub fn read(&self) -> Texts {
        let working = std::env::current_dir().and_then(|folder| folder.canonicalize()).unwrap_or_default();
        let mut found = Found::default();
        let mut has_input = false;
        for path in &self.paths {
            if path.as_os_str() == "-" {
                // What has been read is not there a second time.
                if !std::mem::replace(&mut has_input, true) {
                    found.add_standard_input(&working);
                }
            } else if path.is_dir() {
                found.add_folder(path);
            } else {
                found.add_file(path, true);
            }
        }
        let first = found.files.first().map(|file| file.path.clone());
        let alone = found.folders.is_empty() && found.files.iter().all(|file| Some(&file.path) == first.as_ref());
        let folders = DiskFolders::new(working, found.folders, &found.single);
        let mut store = Store::default();
        let (named, unread) = store.load(&folders, found.files);
        found.findings.extend(unread);
        Texts { store, findings: found.findings, named, alone }
    }
}

impl Texts {
    /// Checks every named file, several at a time; the results are in the order of the files.
    pub fn check(&self) -> Vec<Checked> {
        self.named.par_iter().filter_map(|file| check_joined(&self.store, *file, self.alone)).collect()
    }

    /// How many agreements and libraries were looked at, if there is any library; else the number of files says it.
    pub fn looked_at(&self, checked: &[Checked]) -> Option<String> {
        let agreements = checked.iter().filter(|one| !one.library).count();
        let read = self.sources().files().filter(|(_, file)| !file.shipped).count();
        let libraries = read.saturating_sub(agreements);
        let shown = if libraries == 1 { "1 library".to_owned() } else { format!("{libraries} libraries") };
        (libraries > 0).then(|| format!("{}, {shown}", many(agreements, "agreement")))
    }

    /// The texts of all files.
    pub fn sources(&self) -> &SourceMap {
        &self.store.sources
    }
}

impl Found {
    fn add_standard_input(&mut self, working: &Path) {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
        let name = "<stdin>".to_owned();
        match read {
            // Its imports are those of a file in the working directory. No file has a name with such an ending.
            Ok(_) => self.files.push(Named { path: working.join(&name), name, bytes: Some(bytes) }),
            Err(error) => self.findings.push(Diagnostic::unreadable(name, &error.into())),
        }
    }

    fn add_file(&mut self, path: &Path, single: bool) {
        match path.canonicalize() {
            Ok(real) => {
                self.single.extend(single.then(|| real.clone()));
                self.files.push(Named { name: display(path), path: real, bytes: None });
            }
            Err(error) => self.findings.push(Diagnostic::unreadable(display(path), &error.into())),
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        let (files, unread) = agreements_below(folder);
        self.findings.extend(unread);
        self.folders.extend(folder.canonicalize());
        if files.is_empty() {
            let message = "the folder has no file whose name ends in `.sla`";
            let finding = Diagnostic::without_place(codes::NO_AGREEMENT_FILE, display(folder), message);
            self.findings
                .push(finding.help("name a file or another folder, or begin an agreement with `sla new NAME`"));
        }
        for file in files {
            self.add_file(&file, false);
        }
    }
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
