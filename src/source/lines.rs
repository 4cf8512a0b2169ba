/// How many bytes lie between two checkpoints, so that a column in a line of any length costs a scan of this many.
const STRIDE: usize = 4096;

/// A place as people and editors count it: both numbers are 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1; lines end with `\n`.
    pub line: u32,
    /// The column, from 1, in characters or UTF-16 units as the function says.
    pub column: u32,
}

/// How many characters and UTF-16 units precede an offset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    chars: u32,
    utf16: u32,
}

impl Count {
    /// Counts whole characters by their first bytes, so any cut of the text may be passed.
    fn of(bytes: &[u8]) -> Self {
        let chars = bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let pairs = bytes.iter().filter(|byte| **byte >= 0xF0).count();
        Self { chars: small(chars), utf16: small(chars + pairs) }
    }

    fn plus(self, other: Self) -> Self {
        Self { chars: self.chars.saturating_add(other.chars), utf16: self.utf16.saturating_add(other.utf16) }
    }
}

/// Converts between byte offsets and lines and columns of one text, both ways, in logarithmic time.
///
/// A byte order mark at the start of the text takes no column, as in editors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    /// The offset of each line's first byte; never empty.
    starts: Vec<u32>,
    /// The counts before each multiple of [`STRIDE`]; never empty.
    checkpoints: Vec<Count>,
}

impl LineIndex {
    /// Reads the lines of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let first = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| small(at + 1));
        let starts = std::iter::once(first).chain(breaks).collect();
        let mut checkpoints = vec![Count::default()];
        let mut sum = Count::default();
        for chunk in text.as_bytes().chunks(STRIDE) {
            sum = sum.plus(Count::of(chunk));
            checkpoints.push(sum);
        }
        Self { starts, checkpoints }
    }

    /// The number of lines; a text that ends with a newline has an empty last line.
    #[must_use]
    pub fn count(&self) -> u32 {
        small(self.starts.len())
    }

    /// The line, from 1, that the byte at `offset` is in.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        small(self.starts.partition_point(|start| *start <= offset)).max(1)
    }

    /// The range of bytes of a line without its line break, or nothing if there is no such line.
    #[must_use]
    pub fn line_range(&self, text: &str, line: u32) -> Option<(u32, u32)> {
        let at = usize::try_from(line.checked_sub(1)?).ok()?;
        let start = *self.starts.get(at)?;
        let Some(next) = self.starts.get(at + 1) else {
            return Some((start, small(text.len()).max(start)));
        };
        let end = next.saturating_sub(1);
        let returned = text.as_bytes().get(start as usize..end as usize).is_some_and(|line| line.ends_with(b"\r"));
        Some((start, if returned { end - 1 } else { end }))
    }

    /// The line and the column in characters of the byte at `offset`; past the end, the end.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let (line, before) = self.before(text, offset);
        Position { line, column: before.chars.saturating_add(1) }
    }

    /// The line and the column in UTF-16 units, which editors count in.
    #[must_use]
    pub fn position_utf16(&self, text: &str, offset: u32) -> Position {
        let (line, before) = self.before(text, offset);
        Position { line, column: before.utf16.saturating_add(1) }
    }

    /// The offset of a line and a column in characters; past the end of the line, its end. Nothing without such a line.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position) -> Option<u32> {
        self.find(text, position, |count| count.chars, |_| 1)
    }

    /// The offset of a line and a column in UTF-16 units; inside a pair, the start of its character.
    #[must_use]
    pub fn offset_utf16(&self, text: &str, position: Position) -> Option<u32> {
        self.find(text, position, |count| count.utf16, |letter| small(letter.len_utf16()))
    }

    /// The line of `offset`, and what precedes it in that line.
    fn before(&self, text: &str, offset: u32) -> (u32, Count) {
        let offset = small(floor(text, offset as usize));
        let line = self.line_of(offset);
        let start = self.starts.get(line as usize - 1).copied().unwrap_or(0).min(offset);
        if ((offset - start) as usize) < STRIDE {
            return (line, Count::of(text.as_bytes().get(start as usize..offset as usize).unwrap_or_default()));
        }
        let (from, to) = (self.total(text, start), self.total(text, offset));
        (line, Count { chars: to.chars - from.chars, utf16: to.utf16 - from.utf16 })
    }

    /// What precedes `offset` in the whole text.
    fn total(&self, text: &str, offset: u32) -> Count {
        let chunk = offset as usize / STRIDE;
        let known = self.checkpoints.get(chunk).copied().unwrap_or_default();
        known.plus(Count::of(text.as_bytes().get(chunk * STRIDE..offset as usize).unwrap_or_default()))
    }

    fn find(
        &self,
        text: &str,
        position: Position,
        count: impl Fn(&Count) -> u32,
        width: impl Fn(char) -> u32,
    ) -> Option<u32> {
        let (start, end) = self.line_range(text, position.line)?;
        let goal = count(&self.total(text, start)).saturating_add(position.column.saturating_sub(1));
        // The last checkpoint that is not past the goal, or the start of the line if that is later.
        let chunk = self.checkpoints.partition_point(|point| count(point) <= goal).saturating_sub(1);
        let from = floor(text, chunk * STRIDE).clamp(start as usize, end as usize);
        let mut seen = count(&self.total(text, small(from)));
        let mut offset = from;
        for letter in text.get(from..end as usize)?.chars() {
            seen = seen.saturating_add(width(letter));
            if seen > goal {
                break;
            }
            offset += letter.len_utf8();
        }
        Some(small(offset))
    }
}

/// Texts are at most [`MAX_BYTES`](super::MAX_BYTES) long, so that every offset fits; a larger one saturates.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The start of the character that the byte at `offset` is in; past the end, the end.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
