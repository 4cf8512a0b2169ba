//! A file that holds the tables of several options, taken apart once: to read it anew for each of them would take as many
//! times as long.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use memchr::memchr;

use super::cell::Cell;
use super::complaints::Complaints;
use super::load::{Folder, table_of};
use super::needs::{DataFile, Table};
use super::table::read;

/// So many bytes are taken apart in memory; files beyond that are read once for each table in them.
const MOST_BYTES: u64 = 512 << 20;

/// By which columns a file is taken apart.
type Places = Vec<usize>;

/// The files of a folder that are taken apart, by name and by the columns that tell their tables from each other.
#[derive(Default)]
pub(super) struct Parts(HashMap<(String, Places), File>);

impl Parts {
    /// Takes those files apart that hold several tables.
    pub fn of(files: &[DataFile], names: &[String], folder: Folder<'_>) -> Parts {
        let mut left = MOST_BYTES;
        let mut all = Parts::default();
        for of in files {
            let mut groups: BTreeMap<Places, usize> = BTreeMap::new();
            for table in of.tables.iter().filter(|table| !table.only.is_empty()) {
                *groups.entry(places(table)).or_default() += 1;
            }
            for (places, _) in groups.into_iter().filter(|(_, tables)| *tables > 1) {
                for name in names.iter().filter(|name| table_of(name) == Some(&of.name)) {
                    let rest = folder.world.size(Path::new(name)).and_then(|size| left.checked_sub(size));
                    let Some(rest) = rest else { continue };
                    if let Some(file) = File::of(name, of, &places, folder) {
                        left = rest;
                        all.0.insert((name.clone(), places.clone()), file);
                    }
                }
            }
        }
        all
    }

    /// The part of a file that one table has; nothing where the file is not taken apart.
    pub fn open(&self, name: &str, table: &Table) -> Option<Box<dyn Read + Send + '_>> {
        let file = self.0.get(&(name.to_owned(), places(table)))?;
        let options: Vec<String> = table.only.iter().map(|(_, choice)| choice.option.clone()).collect();
        let pieces = file.pieces.get(&options).map_or(&[][..], Vec::as_slice);
        let head = file.bytes.get(..file.head).unwrap_or_default();
        let lines = count_lines(head);
        Some(Box::new(Part { file, pieces, rest: head, line: lines + 1 }))
    }
}

fn places(table: &Table) -> Places {
    table.options().map(|(place, _)| place).collect()
}

/// A file with the rows of each combination of options.
struct File {
    bytes: Vec<u8>,
    /// Where its header ends.
    head: usize,
    pieces: HashMap<Vec<String>, Vec<Piece>>,
}

/// Rows that follow each other.
struct Piece {
    /// The line of the first one, from 1.
    line: u64,
    /// Where the bytes begin and end.
    from: usize,
    to: usize,
}

impl File {
    /// Takes a file apart; nothing if anything is wrong with it, which is told where it is read as a whole.
    fn of(name: &str, of: &DataFile, places: &[usize], folder: Folder<'_>) -> Option<File> {
        let mut bytes = Vec::new();
        folder.world.open(Path::new(name)).ok()?.read_to_end(&mut bytes).ok()?;
        let mut complaints = Complaints::new(name.to_owned());
        let mut starts: Vec<(u64, Vec<String>)> = Vec::new();
        let mut sound = true;
        read(name, &mut bytes.as_slice(), &of.layout, &mut complaints, &mut |_| {}, &mut |row| {
            let option = |place: &usize| match row.cells.get(*place) {
                Some(Cell::Text(text)) => Some((*text).to_owned()),
                _ => None,
            };
            match places.iter().map(option).collect::<Option<Vec<String>>>() {
                // Rows of one option often follow each other.
                Some(options) if starts.last().is_some_and(|(_, last)| *last == options) => {}
                Some(options) => starts.push((row.line, options)),
                None => sound = false,
            }
        });
        if !sound || !complaints.finish().is_empty() {
            return None;
        }
        let mut file = File { head: bytes.len(), pieces: HashMap::new(), bytes };
        let (mut line, mut at) = (1, 0);
        let mut open: Option<(Piece, Vec<String>)> = None;
        for (number, options) in starts {
            while line < number {
                at += memchr(b'\n', file.bytes.get(at..)?)? + 1;
                line += 1;
            }
            match open.take() {
                Some((piece, of)) => file.add(Piece { to: at, ..piece }, of),
                None => file.head = at,
            }
            open = Some((Piece { line, from: at, to: at }, options));
        }
        if let Some((piece, of)) = open {
            let to = file.bytes.len();
            file.add(Piece { to, ..piece }, of);
        }
        Some(file)
    }

    fn add(&mut self, piece: Piece, of: Vec<String>) {
        self.pieces.entry(of).or_default().push(piece);
    }
}

/// The header and the rows of one table, with an empty line for each line between them, so that lines keep their numbers.
struct Part<'f> {
    file: &'f File,
    pieces: &'f [Piece],
    /// What is left of the piece that is read.
    rest: &'f [u8],
    /// The line after that piece.
    line: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty()
            && let Some((next, pieces)) = self.pieces.split_first()
        {
            if self.line < next.line {
                let empty = usize::try_from(next.line - self.line).unwrap_or(usize::MAX).min(room.len());
                room.iter_mut().take(empty).for_each(|byte| *byte = b'\n');
                self.line += empty as u64;
                return Ok(empty);
            }
            self.pieces = pieces;
            self.rest = self.file.bytes.get(next.from..next.to).unwrap_or_default();
            self.line += count_lines(self.rest);
        }
        self.rest.read(room)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
