//! Files that are written whole or not at all.

use crate::source::ReadError;
use std::fs::Permissions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file that is written, but does not yet have its name.
#[derive(Debug)]
pub(super) struct Staged {
    text: NamedTempFile,
    path: PathBuf,
}

/// Writes a text beside the place where it belongs.
///
/// # Errors
/// The reason why it cannot be written, or why its place cannot be taken.
pub(super) fn stage(path: PathBuf, text: &str) -> io::Result<Staged> {
    if let Ok(there) = path.symlink_metadata() {
        if there.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        // A rename would replace it all the same, and whoever made it read-only meant it.
        if path.metadata().is_ok_and(|file| file.permissions().readonly()) {
            return Err(ErrorKind::ReadOnlyFilesystem.into());
        }
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".sla-");
    let permissions = ordinary();
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    Ok(Staged { text: file, path })
}

impl Staged {
    /// Gives the file its name, in place of the one that had it.
    ///
    /// # Errors
    /// The operating system's reason; the old file is then as it was.
    pub fn replace(self) -> io::Result<()> {
        self.text.persist(&self.path).map(|_| ()).map_err(|error| error.error)
    }

    /// Gives the file its name, if nothing has it.
    ///
    /// # Errors
    /// `AlreadyExists`, or the operating system's reason.
    pub fn create(self) -> io::Result<()> {
        self.text.persist_noclobber(&self.path).map(|_| ()).map_err(|error| error.error)
    }
}

/// The reason in words, without a path of the machine.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ReadOnlyFilesystem => "it is read-only".to_owned(),
        ErrorKind::IsADirectory => "a folder stands in its place".to_owned(),
        ErrorKind::AlreadyExists => "there is a file of that name".to_owned(),
        ErrorKind::PermissionDenied => "writing there is not permitted".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is a file, not a folder".to_owned(),
        ErrorKind::NotFound => "no file can be made there".to_owned(),
        kind => ReadError::from(io::Error::from(kind)).to_string(),
    }
}

/// What any new file may: files of this kind are private by default, and a contract is to be read by others.
#[cfg(unix)]
fn ordinary() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary() -> Option<Permissions> {
    None
}
