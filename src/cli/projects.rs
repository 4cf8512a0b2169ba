//! The projects that the files of a run belong to, each with its settings.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::Model;
use crate::project::{Settings, Store};
use crate::source::{DiskFolders, DiskWorld, PROJECT_FILE, Span, World, admit};
use crate::targets;
use crate::values::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Projects by their folders.
#[derive(Debug)]
pub(super) struct Projects {
    /// Which folder a file belongs to.
    pub folders: DiskFolders,
    settings: BTreeMap<PathBuf, Settings>,
    /// What each of the files with settings says, or why it cannot be read.
    said: BTreeMap<PathBuf, Arc<str>>,
    none: Settings,
}

impl Projects {
    pub fn new(folders: DiskFolders) -> Projects {
        Projects { folders, settings: BTreeMap::new(), said: BTreeMap::new(), none: Settings::default() }
    }

    /// The settings for a file or a folder, as far as they have been read.
    pub fn settings(&self, path: Option<&Path>) -> &Settings {
        path.and_then(|path| self.settings.get(&self.folders.home(path))).unwrap_or(&self.none)
    }

    /// Reads the settings of the project that a file is in, and gives the project's folder.
    pub fn read(&mut self, path: &Path, store: &mut Store) -> PathBuf {
        let home = self.folders.home(path);
        if !self.settings.contains_key(&home) {
            let settings = self.read_at(&home, store);
            self.settings.insert(home.clone(), settings);
        }
        home
    }

    fn read_at(&mut self, home: &Path, store: &mut Store) -> Settings {
        let path = home.join(PROJECT_FILE);
        if path.symlink_metadata().is_err() {
            return Settings::default();
        }
        let name = self.folders.seen(&path);
        // It lies in the project's folder, and so must what a link in its place leads to.
        let bytes = DiskWorld::new(home).and_then(|world| Ok((world.read(Path::new(PROJECT_FILE))?, world)));
        let why = match bytes.map(|(bytes, world)| (admit(bytes), world)) {
            Ok((Ok(text), world)) => {
                self.said.insert(home.to_path_buf(), text.as_str().into());
                let file = store.set_aside(&path, name, text);
                let targets: Vec<&str> = targets::all().iter().map(|target| target.name()).collect();
                let mut settings = Settings::read(file, store.sources.text(file), &targets);
                if settings.out.as_ref().is_some_and(|(out, _)| world.leads_out(Path::new(out))) {
                    settings.refuse_out();
                }
                return settings;
            }
            Ok((Err(rejection), _)) => rejection.reason(),
            Err(error) => error.to_string(),
        };
        self.said.insert(home.to_path_buf(), why.as_str().into());
        let message = format!("the file cannot be read: {why}");
        Settings::unreadable(Diagnostic::without_place(codes::BROKEN_PROJECT_FILE, &name, message))
    }

    /// What decides of a file how it is checked and built, besides what it and its imports say.
    pub fn terms(&self, path: &Path) -> (PathBuf, Option<Arc<str>>) {
        let home = self.folders.home(path);
        let said = self.said.get(&home).cloned();
        (home, said)
    }

    /// Whether a file or a folder is passed over where its folder is looked through.
    pub fn passes_over(&mut self, path: &Path, store: &mut Store) -> bool {
        let home = self.read(path, store);
        let Some(settings) = self.settings.get_mut(&home) else { return false };
        path.strip_prefix(&home).is_ok_and(|path| settings.excludes(path))
    }

    /// What settings do nothing, of the projects that lie in folders which were looked through.
    pub fn idle(&self, folders: &[PathBuf]) -> Vec<Diagnostic> {
        let whole = self.settings.iter().filter(|(home, _)| folders.iter().any(|folder| home.starts_with(folder)));
        whole.flat_map(|(_, settings)| settings.idle()).collect()
    }

    /// The folder that an agreement's files are written to, if its project says so.
    pub fn out(&self, path: &Path) -> Option<PathBuf> {
        let (out, _) = self.settings(Some(path)).out.as_ref()?;
        Some(PathBuf::from(self.folders.seen(&self.folders.home(path).join(out))))
    }

    /// What is wrong with settings.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.settings.values().flat_map(|settings| &settings.findings)
    }
}

/// The finding that dates are worked out up to a day that comes before an agreement begins. The day comes with the place
/// where the project says it.
pub(super) fn check_horizon(model: &Model, (horizon, span): (Date, Span)) -> Option<Diagnostic> {
    let effective = model.agreement.effective.as_ref().filter(|effective| effective.from > horizon)?;
    let name = &model.agreement.head.name;
    let message = format!("the horizon {horizon} comes before `{name}` begins, so that no date of it is worked out");
    let finding = Diagnostic::new(codes::IDLE_SETTING, span, message).primary("too early");
    let finding = finding.label(effective.span, format!("`{name}` begins on {}", effective.from));
    Some(finding.help("name a later day, or leave `horizon` out"))
}
