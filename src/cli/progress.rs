//! How far the reading of measurements has got, for a person who waits.

use super::terminal::Terminal;
use crate::source::World;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Nothing is shown of less than so many bytes.
const LEAST: u64 = 64 << 20;

/// The bytes that were read, of all that there are.
pub(super) struct Progress {
    whole: u64,
    read: AtomicU64,
    shown: AtomicU64,
    is_read: bool,
}

impl Progress {
    /// Of the tables of a folder.
    pub fn new(terminal: &Terminal, world: &dyn World) -> Progress {
        let names = world.names().unwrap_or_default();
        let tables = names.iter().filter(|name| crate::measurements::is_table(name));
        let whole = tables.filter_map(|name| world.size(Path::new(name))).sum();
        Progress {
            whole,
            read: AtomicU64::new(0),
            shown: AtomicU64::new(0),
            is_read: terminal.is_read && whole >= LEAST,
        }
    }

    /// So many more were read.
    pub fn add(&self, bytes: u64) {
        if !self.is_read {
            return;
        }
        let read = self.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let percent = (read * 100).checked_div(self.whole).unwrap_or(100).min(100);
        if self.shown.fetch_max(percent, Ordering::Relaxed) < percent {
            let _ = write!(std::io::stderr(), "\rreading measurements: {percent}%");
        }
    }

    /// Everything was read.
    pub fn end(&self) {
        if self.is_read {
            let _ = write!(std::io::stderr(), "\r\u{1B}[K");
        }
    }
}
