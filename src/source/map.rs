use std::sync::Arc;

use super::lines::small;
use super::{FileId, LineIndex, Span};

/// One file as the compiler sees it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path shown to people, relative to the project's folder, with forward slashes.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The lines of the text.
    pub lines: LineIndex,
    /// Whether it is none of the user's files of the language: it comes with the program, or is a project's `sla.toml`.
    pub aside: bool,
}

impl SourceFile {
    /// A file under its display path; backslashes become forward slashes.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let lines = LineIndex::new(&text);
        Self { name: name.into().replace('\\', "/"), text, lines, aside: false }
    }
}

/// Where a span is, as people count: lines and columns from 1, columns in characters, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location<'a> {
    /// The file's display path.
    pub path: &'a str,
    /// The line of the first character.
    pub line: u32,
    /// The column of the first character.
    pub column: u32,
    /// The line of the place after the last character.
    pub end_line: u32,
    /// The column of the place after the last character.
    pub end_column: u32,
}

/// All files of one run, named by [`FileId`].
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// A map without files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file under its display path; backslashes become forward slashes.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(SourceFile::new(name, text))
    }

    /// Adds a file.
    pub fn push(&mut self, file: SourceFile) -> FileId {
        let id = FileId::new(small(self.files.len()));
        self.files.push(file);
        id
    }

    /// Puts a file in the place of another one: the same file with another text, or one that takes over from a file that
    /// is gone. An id of another map changes nothing.
    pub fn replace(&mut self, id: FileId, file: SourceFile) {
        if let Some(place) = self.files.get_mut(id.number as usize) {
            *place = file;
        }
    }

    /// The file of that id, or nothing if it is of another map.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.number as usize)
    }

    /// The display path of a file; empty for an unknown one.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.name)
    }

    /// The text of a file; empty for an unknown one.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.text)
    }

    /// The text of a span; empty if the span does not fit its file.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Where a span is; a span past the end of its file is at the end.
    #[must_use]
    pub fn locate(&self, span: Span) -> Location<'_> {
        let Some(file) = self.get(span.file) else {
            return Location { path: "", line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let start = file.lines.position(&file.text, span.start);
        let end = file.lines.position(&file.text, span.end.max(span.start));
        Location {
            path: &file.name,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    /// All files with their ids, in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId::new(small(at)), file))
    }
}
