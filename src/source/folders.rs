use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::world::confined;
use super::{MAX_BYTES, MemoryWorld, ReadError, World};

/// The file that makes its folder the folder of a project.
pub const PROJECT_FILE: &str = "sla.toml";

/// The folders of projects that a run reads from. A file is known by a path that is the same however it is reached; it
/// lies in the folder of one project, and a path that is written in it leads nowhere else.
pub trait Folders: Sync {
    /// The file that `written` leads to, relative to the file that it is written in.
    ///
    /// # Errors
    /// [`ReadError`] if it leads out of the project's folder, or to nothing, or to no file.
    fn resolve(&self, from: &Path, written: &str) -> Result<PathBuf, ReadError>;

    /// The bytes of a file, as far as they may be the text of an agreement.
    ///
    /// # Errors
    /// [`ReadError`] if it cannot be read.
    fn read(&self, file: &Path) -> Result<Vec<u8>, ReadError>;

    /// The path by which people know the file at `written`: like that of the file in which it is written.
    fn name(&self, from: (&Path, &str), written: &str, file: &Path) -> String;

    /// Where `written` would lead by its name alone, whether or not something is there.
    fn wanted(&self, from: &Path, written: &str) -> Option<PathBuf>;

    /// The `.sla` files that lie in the folder that `written` leads into.
    fn beside(&self, from: &Path, written: &str) -> Vec<String>;

    /// The folder of the project that a file is in, as people know it.
    fn home_name(&self, file: &Path) -> String;

    /// Whether an `sla.toml` makes that the folder of the project: one further up then changes nothing.
    fn is_home_by_file(&self, file: &Path) -> bool;
}

/// Folders on disk, and whose they are. The folder of a file's project is the nearest one above it that holds an
/// `sla.toml`; else a folder that the command names; else the working directory if the file lies below it; else the
/// folder of the named file itself.
#[derive(Debug)]
pub struct DiskFolders {
    working: PathBuf,
    named: Vec<PathBuf>,
    own: Vec<PathBuf>,
    /// The nearest folder with an `sla.toml`, by folder: it is asked for every file.
    nearest: Mutex<BTreeMap<PathBuf, Option<PathBuf>>>,
}

impl DiskFolders {
    /// The folders of a run: the working directory, and the folders and files that are named, all by their real paths.
    #[must_use]
    pub fn new(working: PathBuf, named: Vec<PathBuf>, files: &[PathBuf]) -> Self {
        let own = files.iter().filter_map(|file| file.parent()).map(Path::to_path_buf).collect();
        Self { working, named, own, nearest: Mutex::default() }
    }

    /// The folder of the project that a file is in.
    #[must_use]
    pub fn home(&self, file: &Path) -> PathBuf {
        let folder = file.parent().unwrap_or(file);
        if let Some(project) = self.project(folder) {
            return project;
        }
        // Of several the widest, so that it does not matter in which order they are named.
        let widest = |folders: &[PathBuf]| {
            let around = folders.iter().filter(|folder| file.starts_with(folder));
            around.min_by_key(|folder| folder.components().count()).cloned()
        };
        let working = || file.starts_with(&self.working).then(|| self.working.clone());
        widest(&self.named).or_else(working).or_else(|| widest(&self.own)).unwrap_or_else(|| folder.to_path_buf())
    }

    /// The nearest folder with an `sla.toml`, from this one upwards.
    fn project(&self, folder: &Path) -> Option<PathBuf> {
        let mut nearest = self.nearest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = nearest.get(folder) {
            return known.clone();
        }
        // A link that leads nowhere is one as well: what is wrong with it is told when it is read.
        let holds = |folder: &&Path| folder.join(PROJECT_FILE).symlink_metadata().is_ok();
        let found = folder.ancestors().find(holds).map(Path::to_path_buf);
        nearest.insert(folder.to_path_buf(), found.clone());
        found
    }

    /// The folder of the project, and the path below it, by name alone.
    fn inside(&self, from: &Path, written: &str) -> Result<(PathBuf, PathBuf), ReadError> {
        let home = self.home(from);
        let folder = from.parent().and_then(|folder| folder.strip_prefix(&home).ok()).ok_or(ReadError::Outside)?;
        // Joining an absolute path would forget the folder.
        let written = Path::new(written);
        if written.has_root() {
            return Err(ReadError::Outside);
        }
        let path = confined(&folder.join(written))?;
        Ok((home, path))
    }

    /// A path as seen from the working directory; as it is, if the two have nothing in common.
    #[must_use]
    pub fn seen(&self, path: &Path) -> String {
        let common = path.components().zip(self.working.components()).take_while(|(one, other)| one == other).count();
        if common <= 1 {
            return slashed(path);
        }
        let up = self.working.components().skip(common).map(|_| Component::ParentDir);
        let seen: PathBuf = up.chain(path.components().skip(common)).collect();
        if seen.as_os_str().is_empty() { ".".to_owned() } else { slashed(&seen) }
    }
}

impl Folders for DiskFolders {
    fn resolve(&self, from: &Path, written: &str) -> Result<PathBuf, ReadError> {
        let (home, path) = self.inside(from, written)?;
        let real = home.join(path).canonicalize().map_err(|error| match error.kind() {
            // A file on the way is no folder, so there is nothing in it.
            ErrorKind::NotADirectory => ReadError::NotFound,
            _ => error.into(),
        })?;
        if !real.starts_with(&home) {
            return Err(ReadError::LinkOutside);
        }
        if real.is_file() { Ok(real) } else { Err(ReadError::NotAFile) }
    }

    fn read(&self, file: &Path) -> Result<Vec<u8>, ReadError> {
        // Opening a pipe would wait for ever, so the kind is asked first.
        let kind = file.metadata()?;
        if !kind.is_file() {
            return Err(ReadError::NotAFile);
        }
        let limit = MAX_BYTES as u64 + 1;
        let mut bytes = Vec::with_capacity(usize::try_from(kind.len().min(limit)).unwrap_or_default());
        File::open(file)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn name(&self, from: (&Path, &str), written: &str, file: &Path) -> String {
        let folder = Path::new(from.1).parent().unwrap_or(Path::new(""));
        let typed = folded(&folder.join(written));
        // By way of a link the name would lead elsewhere.
        let leads = folded(&self.working.join(&typed)) == file;
        if leads { slashed(&typed) } else { self.seen(file) }
    }

    fn wanted(&self, from: &Path, written: &str) -> Option<PathBuf> {
        self.inside(from, written).ok().map(|(home, path)| home.join(path))
    }

    fn beside(&self, from: &Path, written: &str) -> Vec<String> {
        let Ok((home, path)) = self.inside(from, written) else { return Vec::new() };
        let folder = home.join(path).parent().and_then(|folder| folder.canonicalize().ok());
        let Some(folder) = folder.filter(|folder| folder.starts_with(&home)) else { return Vec::new() };
        let entries = folder.read_dir().into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.retain(|name| name.ends_with(".sla"));
        names.sort();
        names
    }

    fn home_name(&self, file: &Path) -> String {
        self.seen(&self.home(file))
    }

    fn is_home_by_file(&self, file: &Path) -> bool {
        file.parent().is_some_and(|folder| self.project(folder).is_some())
    }
}

/// The files of a world in memory are those of one project.
impl Folders for MemoryWorld {
    fn resolve(&self, from: &Path, written: &str) -> Result<PathBuf, ReadError> {
        let path = confined(&from.parent().unwrap_or(Path::new("")).join(written))?;
        self.size(&path).map(|_| path).ok_or(ReadError::NotFound)
    }

    fn read(&self, file: &Path) -> Result<Vec<u8>, ReadError> {
        World::read(self, file)
    }

    fn name(&self, _: (&Path, &str), _: &str, file: &Path) -> String {
        slashed(file)
    }

    fn wanted(&self, from: &Path, written: &str) -> Option<PathBuf> {
        confined(&from.parent()?.join(written)).ok()
    }

    fn beside(&self, from: &Path, written: &str) -> Vec<String> {
        let wanted = self.wanted(from, written);
        let folder = wanted.as_deref().and_then(Path::parent);
        let beside = self.paths().filter(|path| path.parent() == folder);
        beside.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect()
    }

    fn home_name(&self, _: &Path) -> String {
        ".".to_owned()
    }

    fn is_home_by_file(&self, _: &Path) -> bool {
        false
    }
}

/// The path with `.` left out and `..` resolved by name; those that lead above its beginning stay.
fn folded(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) => {}
            _ => parts.push(part),
        }
    }
    parts.into_iter().collect()
}

fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
