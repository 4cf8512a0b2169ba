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
        if let Some(percent) = self.reached(bytes) {
            let _ = write!(std::io::stderr(), "\rreading measurements: {percent}%");
        }
    }

    /// The part of all in percent, where that is more than was shown before and anybody reads it.
    fn reached(&self, bytes: u64) -> Option<u64> {
        if !self.is_read {
            return None;
        }
        let read = self.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let percent = (read * 100).checked_div(self.whole).unwrap_or(100).min(100);
        (self.shown.fetch_max(percent, Ordering::Relaxed) < percent).then_some(percent)
    }

    /// Everything was read.
    pub fn end(&self) {
        if self.is_read {
            let _ = write!(std::io::stderr(), "\r\u{1B}[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryWorld;

    fn of(whole: u64, is_read: bool) -> Progress {
        Progress { whole, read: AtomicU64::new(0), shown: AtomicU64::new(0), is_read }
    }

    #[test]
    fn each_percent_is_shown_once() {
        let progress = of(200, true);
        let shown: Vec<Option<u64>> = [1, 1, 1, 97, 0, 100, 50].map(|bytes| progress.reached(bytes)).into();
        assert_eq!(shown, [None, Some(1), None, Some(50), None, Some(100), None]);
    }

    #[test]
    fn nothing_is_shown_to_nobody_and_of_little() {
        assert_eq!(of(200, false).reached(100), None);
        let small = MemoryWorld::new().with("requests.csv", b"time,total\n");
        let terminal = Terminal { is_read: true, ..Terminal::default() };
        assert!(!Progress::new(&terminal, &small).is_read);
        let large = MemoryWorld::new().with("requests.csv", vec![b' '; usize::try_from(LEAST).unwrap()]);
        let large = large.with("notes.txt", b"not a table");
        let progress = Progress::new(&terminal, &large);
        assert!(progress.is_read);
        assert_eq!(progress.whole, LEAST);
    }
}
