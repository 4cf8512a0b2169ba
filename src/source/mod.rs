//! Where text comes from and how a place in it is named: files, byte spans, lines and columns, and the confined world
//! that files are read from.

mod admit;
mod folders;
mod lines;
mod map;
mod span;
mod world;

pub use admit::{MAX_BYTES, OtherKind, Rejection, admit};
pub use folders::{DiskFolders, Folders, PROJECT_FILE};
pub(crate) use lines::floor;
pub use lines::{LineIndex, Position};
pub use map::{Location, SourceFile, SourceMap};
pub use span::{FileId, Span};
pub use world::{DiskWorld, MemoryWorld, ReadError, World, confined};
