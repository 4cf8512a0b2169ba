/// Names one file of a [`SourceMap`](super::SourceMap), in the order in which files were added, and how it is seen: as it
/// stands, or as the text of a template in one of its uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId {
    pub(super) number: u32,
    view: u32,
}

impl FileId {
    /// The file that was added after `number` others, as it stands.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self { number, view: 0 }
    }

    /// The same file in another view. What a view is, the one knows who made it.
    #[must_use]
    pub const fn seen(self, view: u32) -> Self {
        Self { view, ..self }
    }

    /// The view; 0 for the file as it stands.
    #[must_use]
    pub const fn view(self) -> u32 {
        self.view
    }

    /// The same file as it stands.
    #[must_use]
    pub const fn plain(self) -> Self {
        Self::new(self.number)
    }
}

/// A half-open range of bytes `[start, end)` in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file that the range is in.
    pub file: FileId,
    /// The first byte of the range.
    pub start: u32,
    /// The byte after the range.
    pub end: u32,
}

impl Span {
    /// The range `[start, end)` of `file`; an end before the start makes an empty range at the start.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end: end.max(start) }
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the range holds no byte: a place between two bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The smallest range that covers both; of two files, the range of the first stays as it is.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the byte at `offset` lies in the range; an empty range contains its own place.
    #[must_use]
    pub fn contains(self, offset: u32) -> bool {
        offset == self.start || (self.start < offset && offset < self.end)
    }
}
