use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::MAX_BYTES;

/// The files that the tool may read: those of one folder, and no other.
pub trait World {
    /// The bytes of the file at `path`, which is relative to the root.
    ///
    /// # Errors
    /// [`ReadError`] if the path leaves the root, or there is no such file, or it cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError>;

    /// The bytes of the file at `path` as a stream, however many there are.
    ///
    /// # Errors
    /// As [`World::read`].
    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send + '_>, ReadError>;

    /// How many bytes the file at `path` has; nothing if it cannot be opened.
    fn size(&self, path: &Path) -> Option<u64>;

    /// The names of the files directly in the root, in order. Folders, pipes and links that lead out are left out, and
    /// so are names that are not text.
    ///
    /// # Errors
    /// [`ReadError`] if the root cannot be read.
    fn names(&self) -> Result<Vec<String>, ReadError>;
}

/// Why a file was not read. The text never holds a path of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The path leads out of the project's folder.
    Outside,
    /// A link on the way leads out of the project's folder.
    LinkOutside,
    /// There is no file of that name.
    NotFound,
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// Links lead to it in a circle.
    Loop,
    /// The user may not read it.
    Denied,
    /// Anything else, in the operating system's words.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside => out.write_str("the path leads out of the project's folder"),
            Self::LinkOutside => out.write_str("a link on the way leads out of the project's folder"),
            Self::NotFound => out.write_str("there is no such file"),
            Self::NotAFile => out.write_str("it is not a file but a folder, a pipe or a device"),
            Self::Loop => out.write_str("the links that lead to it form a circle"),
            Self::Denied => out.write_str("reading it is not permitted"),
            Self::Other(reason) => out.write_str(reason),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::PermissionDenied => Self::Denied,
            ErrorKind::IsADirectory | ErrorKind::NotADirectory => Self::NotAFile,
            // The kind has no name that may be used yet.
            kind if format!("{kind:?}") == "FilesystemLoop" => Self::Loop,
            kind => Self::Other(kind.to_string()),
        }
    }
}

/// The path with `.` and `..` resolved by name alone, as its parts below the root.
///
/// # Errors
/// [`ReadError::Outside`] if the path is absolute, or climbs above the root on its way.
pub fn confined(path: &Path) -> Result<PathBuf, ReadError> {
    let mut inside = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => inside.push(name),
            Component::CurDir => {}
            Component::ParentDir if inside.pop() => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(ReadError::Outside);
            }
        }
    }
    Ok(inside)
}

/// A folder on disk. Links may point anywhere inside it, never out of it.
#[derive(Debug, Clone)]
pub struct DiskWorld {
    root: PathBuf,
}

impl DiskWorld {
    /// The world of the files below `root`.
    ///
    /// # Errors
    /// [`ReadError`] if there is no such folder.
    pub fn new(root: &Path) -> Result<Self, ReadError> {
        let root = root.canonicalize()?;
        if root.is_dir() { Ok(Self { root }) } else { Err(ReadError::NotAFile) }
    }

    /// Whether a path below the root leads out of it by way of a link, as far as there is anything.
    #[must_use]
    pub fn leads_out(&self, path: &Path) -> bool {
        let Ok(path) = confined(path) else { return true };
        let real = path.ancestors().find_map(|there| self.root.join(there).canonicalize().ok());
        real.is_some_and(|real| !real.starts_with(&self.root))
    }

    /// Where a file really is, which is within the root, and how many bytes it has.
    fn find(&self, path: &Path) -> Result<(PathBuf, u64), ReadError> {
        // Links are resolved before the check and before opening, so a link cannot lead out of the root.
        let real = self.root.join(confined(path)?).canonicalize()?;
        if !real.starts_with(&self.root) {
            return Err(ReadError::Outside);
        }
        // Opening a pipe would wait for ever, so the kind is asked first.
        let kind = real.metadata()?;
        if kind.is_file() { Ok((real, kind.len())) } else { Err(ReadError::NotAFile) }
    }
}

impl World for DiskWorld {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        // One byte more than admitted is enough to be rejected as too large.
        File::open(self.find(path)?.0)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send + '_>, ReadError> {
        Ok(Box::new(File::open(self.find(path)?.0)?))
    }

    fn size(&self, path: &Path) -> Option<u64> {
        self.find(path).ok().map(|(_, size)| size)
    }

    fn names(&self) -> Result<Vec<String>, ReadError> {
        let mut names = Vec::new();
        for entry in self.root.read_dir()? {
            let name = entry?.file_name();
            if self.find(Path::new(&name)).is_ok() {
                names.extend(name.into_string().ok());
            }
        }
        names.sort();
        Ok(names)
    }
}

/// Files held in memory, for tests and for texts that an editor has not saved.
#[derive(Debug, Clone, Default)]
pub struct MemoryWorld {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryWorld {
    /// A world without files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same world with one more file; a path that leaves the root is never found.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        if let Ok(path) = confined(path.as_ref()) {
            self.files.insert(path, bytes.into());
        }
        self
    }

    /// All files, in the order of paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    fn find(&self, path: &Path) -> Result<&[u8], ReadError> {
        self.files.get(&confined(path)?).map(Vec::as_slice).ok_or(ReadError::NotFound)
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.find(path).map(<[u8]>::to_vec)
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send + '_>, ReadError> {
        Ok(Box::new(self.find(path)?))
    }

    fn size(&self, path: &Path) -> Option<u64> {
        self.find(path).ok().map(|bytes| bytes.len() as u64)
    }

    fn names(&self) -> Result<Vec<String>, ReadError> {
        let direct = self.files.keys().filter(|path| path.components().count() == 1);
        Ok(direct.filter_map(|path| path.to_str().map(str::to_owned)).collect())
    }
}
