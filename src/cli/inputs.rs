//! The agreements that a command is about: found, read and checked.

use super::projects::{Projects, check_horizon};
use super::report::many;
use crate::diagnostics::{Diagnostic, codes};
use crate::pipeline::{Checked, check_joined, check_standards};
use crate::project::{Named, Settings, Store, affected};
use crate::source::{DiskFolders, FileId, MAX_BYTES, SourceMap};
use clap::Args;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// The folder of what is built where nothing else is said.
const OUT: &str = "build";

/// Which agreements.
#[derive(Args)]
pub(super) struct Inputs {
    /// Files, or folders with all `.sla` files below them; `-` is standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
}

/// The files of a run with what they import, and what was found while they were read.
#[derive(Debug)]
pub(super) struct Texts {
    /// All files.
    pub store: Store,
    /// What could not be read.
    pub findings: Vec<Diagnostic>,
    /// How many of the files that are named, or lie in a named folder, could not be read.
    pub unread: usize,
    /// The projects that they belong to.
    pub projects: Projects,
    /// The paths that were looked at: files as they are named, and folders in which files may come and go.
    pub looked: BTreeSet<PathBuf>,
    /// The files that are named or lie in a named folder, in the order of their paths; then the libraries that they import.
    pub looked_through: Vec<FileId>,
    /// The libraries that are not named.
    libraries: BTreeSet<FileId>,
    /// Whether a single file is named, so that it is most likely meant as an agreement.
    pub alone: bool,
}

/// What a command line names.
struct Found {
    files: Vec<Named>,
    findings: Vec<Diagnostic>,
    unread: usize,
    looked: BTreeSet<PathBuf>,
    projects: Projects,
    store: Store,
}

impl Inputs {
    /// Whether the standard input is among them.
    pub fn has_standard_input(&self) -> bool {
        self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    /// Reads every file once, however often it is named or imported.
    pub fn read(&self) -> Texts {
        self.read_into(Store::default())
    }

    /// The same, without reading again what the store has.
    pub fn read_into(&self, store: Store) -> Texts {
        let working = std::env::current_dir().and_then(|folder| folder.canonicalize()).unwrap_or_default();
        let mut paths: Vec<&Path> = self.paths.iter().map(PathBuf::as_path).collect();
        // The results do not depend on the order of the arguments, and what has been read is not there a second time.
        paths.sort();
        paths.dedup();
        let real = |folders: bool| {
            let of_kind = paths.iter().filter(move |path| path.is_dir() == folders);
            of_kind.filter_map(|path| path.canonicalize().ok()).collect::<Vec<_>>()
        };
        let through = real(true);
        let folders = DiskFolders::new(working.clone(), through.clone(), &real(false));
        let mut found = Found {
            files: Vec::new(),
            findings: Vec::new(),
            unread: 0,
            looked: BTreeSet::new(),
            projects: Projects::new(folders),
            store,
        };
        let mut alone = true;
        for path in paths {
            if path.as_os_str() == "-" {
                found.add_standard_input(&working);
            } else if path.is_dir() {
                found.add_folder(path);
                alone = false;
            } else {
                found.add_file(path);
            }
        }
        let first = found.files.first().map(|file| file.path.clone());
        alone &= found.files.iter().all(|file| Some(&file.path) == first.as_ref());
        let Found { files, mut findings, mut unread, looked, mut projects, mut store } = found;
        for file in &files {
            projects.read(&file.path, &mut store);
        }
        findings.extend(projects.findings().cloned());
        findings.extend(projects.idle(&through));
        let (named, broken) = store.load(&projects.folders, files);
        unread += broken.len();
        findings.extend(broken);
        let others = store.libraries_beside(&named);
        let looked_through = [named, others.clone()].concat();
        Texts {
            store,
            findings,
            unread,
            projects,
            looked,
            looked_through,
            libraries: others.into_iter().collect(),
            alone,
        }
    }
}

impl Texts {
    /// Checks every named file and the libraries that they import, several at a time; the results are in the order of the
    /// files.
    pub fn check(&self) -> Vec<Checked> {
        self.check_only(&self.looked_through)
    }

    /// Checks some of the files.
    pub fn check_only(&self, files: &[FileId]) -> Vec<Checked> {
        files.par_iter().filter_map(|file| Some(self.asked_more(self.check_one(*file)?))).collect()
    }

    /// The same as all files say it themselves, whatever their projects ask of them.
    pub fn check_alone(&self) -> Vec<Checked> {
        self.looked_through.par_iter().filter_map(|file| self.check_one(*file)).collect()
    }

    fn check_one(&self, file: FileId) -> Option<Checked> {
        check_joined(&self.store, file, self.alone && !self.libraries.contains(&file))
    }

    /// What the project of a file asks of it besides, with the weights that it gives.
    fn asked_more(&self, mut checked: Checked) -> Checked {
        let settings = self.settings(checked.model.file);
        checked.findings.extend(check_standards(&checked.model, &settings.standards));
        checked.findings.extend(settings.horizon.and_then(|horizon| check_horizon(&checked.model, horizon)));
        checked.findings = settings.weighed(checked.findings);
        // With settings that are not what was meant, nothing is built.
        checked.findings.extend(settings.findings.iter().cloned());
        checked
    }

    /// The files that import one of some others, directly or by way of others.
    pub fn importers(&self, of: &BTreeSet<FileId>) -> BTreeSet<FileId> {
        let paths: BTreeSet<PathBuf> =
            of.iter().filter_map(|file| self.store.path(*file)).map(Path::to_path_buf).collect();
        let found =
            if paths.is_empty() { paths } else { affected(&self.store.imports(&self.projects.folders), &paths) };
        let is_found = |file: &&FileId| self.store.path(**file).is_some_and(|path| found.contains(path));
        self.looked_through.iter().filter(is_found).copied().collect()
    }

    /// The settings of the project that a file is in.
    pub fn settings(&self, file: FileId) -> &Settings {
        self.projects.settings(self.store.path(file))
    }

    /// The folder that the files of an agreement are written to, unless the command line names another one.
    pub fn out(&self, path: Option<&Path>) -> PathBuf {
        path.and_then(|path| self.projects.out(path)).unwrap_or_else(|| PathBuf::from(OUT))
    }

    /// How many agreements and libraries were looked at, if there is any library; else the number of files says it.
    pub fn looked_at(&self, agreements: usize) -> Option<String> {
        let read = self.sources().files().filter(|(_, file)| !file.aside).count();
        let libraries = read.saturating_sub(agreements);
        let shown = if libraries == 1 { "1 library".to_owned() } else { format!("{libraries} libraries") };
        (libraries > 0).then(|| format!("{}, {shown}", many(agreements, "agreement")))
    }

    /// The texts of all files.
    pub fn sources(&self) -> &SourceMap {
        &self.store.sources
    }
}

/// The one path of a folder that may not be there yet: by way of links it may have several.
pub(super) fn real(folder: &Path) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let there = folder.ancestors().find_map(|there| Some((there, there.canonicalize().ok()?)));
    let rest = there.and_then(|(there, real)| Some(real.join(folder.strip_prefix(there).ok()?)));
    rest.unwrap_or(folder)
}

/// How many of some files are agreements.
pub(super) fn agreements(checked: &[Checked]) -> usize {
    checked.iter().filter(|one| !one.library).count()
}

impl Found {
    fn add_standard_input(&mut self, working: &Path) {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
        let name = "<stdin>".to_owned();
        match read {
            // Its imports are those of a file in the working directory. No file has a name with such an ending.
            Ok(_) => self.files.push(Named { path: working.join(&name), name, bytes: Some(bytes) }),
            Err(error) => self.tell_unread(name, error),
        }
    }

    fn add_file(&mut self, path: &Path) {
        self.looked.insert(path.to_path_buf());
        match path.canonicalize() {
            Ok(real) => self.files.push(Named { name: display(path), path: real, bytes: None }),
            Err(error) => self.tell_unread(display(path), error),
        }
    }

    fn tell_unread(&mut self, name: String, error: std::io::Error) {
        self.unread += 1;
        self.findings.push(Diagnostic::unreadable(name, &error.into()));
    }

    fn add_folder(&mut self, folder: &Path) {
        let (projects, store) = (&mut self.projects, &mut self.store);
        let below = agreements_below(folder, |path| projects.passes_over(path, store));
        let Below { files, folders, unread, excluded } = below;
        self.looked.extend(folders);
        self.findings.extend(unread);
        if files.is_empty() {
            let (message, help) = match excluded {
                true => (
                    "`exclude` in `sla.toml` passes over all that the folder has",
                    "name the file that is meant, which is then read all the same, or take it out of `exclude`",
                ),
                false => (
                    "the folder has no file whose name ends in `.sla`",
                    "name a file or another folder, or begin an agreement with `sla new NAME`",
                ),
            };
            let finding = Diagnostic::without_place(codes::NO_AGREEMENT_FILE, display(folder), message);
            self.findings.push(finding.help(help));
        }
        for file in files {
            self.add_file(&file);
        }
    }
}

/// The path as it was typed, without `.` in it.
fn display(path: &Path) -> String {
    let shown: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if shown.as_os_str().is_empty() { ".".to_owned() } else { shown.display().to_string() }
}

/// What lies below a folder.
#[derive(Default)]
struct Below {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    unread: Vec<Diagnostic>,
    /// Whether anything was passed over because a project says so.
    excluded: bool,
}

/// Every `.sla` file below a folder, in the order of paths, and the folders that could not be read.
///
/// Hidden files and folders are passed over, and links that lead out of the folder. Links to folders are never followed:
/// what they show is found at its own place, and a ring of links has no end. What is passed over is asked by real paths.
fn agreements_below(root: &Path, mut passed_over: impl FnMut(&Path) -> bool) -> Below {
    let Below { mut files, folders: mut looked, mut unread, mut excluded } = Below::default();
    let mut folders = vec![root.to_path_buf()];
    let real_root = root.canonicalize().ok();
    let inside = |path: &Path| match (path.canonicalize(), &real_root) {
        (Ok(real), Some(root)) => real.starts_with(root) && real.is_file(),
        _ => false,
    };
    while let Some(folder) = folders.pop() {
        looked.push(folder.clone());
        let entries = std::fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.unwrap_or_else(|error| {
            unread.push(Diagnostic::unreadable(display(&folder), &error.into()));
            Vec::new()
        });
        for entry in entries {
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            let kind = entry.file_type().ok().filter(|_| !hidden);
            let path = entry.path();
            let real = path.strip_prefix(root).ok().zip(real_root.as_ref()).map(|(path, root)| root.join(path));
            let kind = kind.filter(|kind| {
                let counts = kind.is_dir() || path.extension().is_some_and(|end| end == "sla");
                let passed = counts && real.as_deref().is_some_and(&mut passed_over);
                excluded |= passed;
                counts && !passed
            });
            match kind {
                Some(kind) if kind.is_dir() => folders.push(path),
                Some(_) if path.extension().is_some_and(|end| end == "sla") && inside(&path) => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    Below { files, folders: looked, unread, excluded }
}
