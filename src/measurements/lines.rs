//! A stream as lines of bounded length.

use std::io::{ErrorKind, Read};

use memchr::memchr;

use crate::source::ReadError;

/// The most bytes that a line, or a row of several lines, may have.
pub(super) const LONGEST: usize = 1 << 20;

/// How many bytes are asked for at a time.
const BLOCK: usize = 256 << 10;

/// Why there is no next line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is longer than [`LONGEST`]; the next call goes on after it.
    TooLong,
    /// The stream broke off.
    Broken(ReadError),
}

/// The lines of a stream, one after another, in one buffer.
pub(super) struct Lines<'s> {
    stream: &'s mut dyn Read,
    on_bytes: &'s mut dyn FnMut(u64),
    buffer: Vec<u8>,
    /// Where the present row begins, where it ends, where the next one begins, and where the bytes end.
    from: usize,
    to: usize,
    next: usize,
    filled: usize,
    /// Whether the stream has no more bytes.
    ended: bool,
    /// Whether the rest of a line that is too long has to be passed over first.
    skipping: bool,
    /// The line in which the present row begins, and the lines that were begun in all.
    first: u64,
    begun: u64,
}

impl<'s> Lines<'s> {
    /// The lines of a stream. `on_bytes` is told how many bytes each reading brought.
    pub(super) fn new(stream: &'s mut dyn Read, on_bytes: &'s mut dyn FnMut(u64)) -> Self {
        Self {
            stream,
            on_bytes,
            buffer: vec![0; BLOCK],
            from: 0,
            to: 0,
            next: 0,
            filled: 0,
            ended: false,
            skipping: false,
            first: 0,
            begun: 0,
        }
    }

    /// The first bytes of the stream, as many as there are of four. A mark of UTF-8 is taken off.
    pub(super) fn head(&mut self) -> Result<&[u8], Trouble> {
        while self.filled < 4 && !self.ended {
            self.fill()?;
        }
        if self.unread().starts_with(b"\xEF\xBB\xBF") {
            self.next = 3;
        }
        Ok(self.unread().get(..4).unwrap_or(self.unread()))
    }

    /// Goes on to the next line; there may be none.
    #[inline]
    pub(super) fn next(&mut self) -> Result<bool, Trouble> {
        if self.skipping {
            self.skip()?;
        }
        self.from = self.next;
        self.first = self.begun + 1;
        self.extend()
    }

    /// Takes one more line into the present row; there may be none.
    #[inline]
    pub(super) fn extend(&mut self) -> Result<bool, Trouble> {
        let mut searched = self.next;
        loop {
            if let Some(at) = memchr(b'\n', self.buffer.get(searched..self.filled).unwrap_or_default()) {
                (self.to, self.next) = (searched + at, searched + at + 1);
                self.begun += 1;
                return if self.to - self.from > LONGEST { Err(Trouble::TooLong) } else { Ok(true) };
            }
            searched = self.filled;
            if searched - self.from > LONGEST {
                self.skipping = true;
                self.begun += 1;
                self.next = self.filled;
                return Err(Trouble::TooLong);
            }
            if self.ended {
                let any = searched > self.next;
                self.begun += u64::from(any);
                (self.to, self.next) = (searched, searched);
                return Ok(any);
            }
            let before = self.from;
            self.fill()?;
            searched -= before - self.from;
        }
    }

    /// The present row without the break at its end.
    #[inline]
    pub(super) fn text(&self) -> &[u8] {
        let text = self.buffer.get(self.from..self.to).unwrap_or_default();
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// The number of the line in which the present row begins, from 1.
    #[inline]
    pub(super) fn line(&self) -> u64 {
        self.first
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.next..self.filled).unwrap_or_default()
    }

    /// Passes over the rest of a line without keeping it.
    fn skip(&mut self) -> Result<(), Trouble> {
        loop {
            if let Some(at) = memchr(b'\n', self.unread()) {
                self.next += at + 1;
                break;
            }
            (self.from, self.next) = (self.filled, self.filled);
            if self.ended {
                break;
            }
            self.fill()?;
        }
        self.skipping = false;
        Ok(())
    }

    /// Reads once more. What is before the present row makes room.
    fn fill(&mut self) -> Result<(), Trouble> {
        if self.from > 0 {
            self.buffer.copy_within(self.from..self.filled, 0);
            self.to = self.to.saturating_sub(self.from);
            self.next -= self.from;
            self.filled -= self.from;
            self.from = 0;
        }
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled + BLOCK, 0);
        }
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let read = loop {
            match self.stream.read(room) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    return Err(Trouble::Broken(error.into()));
                }
                Ok(read) => break read.min(room.len()),
            }
        };
        self.filled += read;
        self.ended = read == 0;
        (self.on_bytes)(read as u64);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A stream that gives a few bytes at a time.
    struct Trickle<'t>(&'t [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(room.len());
            room[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    /// Each line with its number; nothing where it is too long.
    fn all(text: &[u8], step: usize) -> Vec<(u64, Option<Vec<u8>>)> {
        let (mut stream, mut bytes, mut found) = (Trickle(text, step), 0, Vec::new());
        let mut on_bytes = |more| bytes += more;
        let mut lines = Lines::new(&mut stream, &mut on_bytes);
        loop {
            match lines.next() {
                Ok(true) => found.push((lines.line(), Some(lines.text().to_vec()))),
                Ok(false) => break,
                Err(_) => found.push((lines.line(), None)),
            }
        }
        assert!(lines.buffer.len() <= LONGEST + 2 * BLOCK, "memory is bounded");
        assert_eq!(bytes, text.len() as u64);
        found
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let mut text = b"a\n".to_vec();
        text.extend(vec![b'x'; 3 * LONGEST]);
        text.extend(b"\nb\r\n\nc");
        let expected = vec![
            (1, Some(b"a".to_vec())),
            (2, None),
            (3, Some(b"b".to_vec())),
            (4, Some(Vec::new())),
            (5, Some(b"c".to_vec())),
        ];
        assert_eq!(all(&text, usize::MAX), expected);
        assert_eq!(all(&text, 70_001), expected);
        assert_eq!(all(&vec![b'x'; 2 * LONGEST], usize::MAX), [(1, None)]);
        assert_eq!(all(&vec![b'x'; LONGEST], usize::MAX)[0].1.as_ref().map(Vec::len), Some(LONGEST));
    }

    #[test]
    fn a_row_can_take_more_lines() {
        let mut stream: &[u8] = b"\xEF\xBB\xBFa\r\nb\nc\n";
        let mut on_bytes = |_| ();
        let mut lines = Lines::new(&mut stream, &mut on_bytes);
        assert_eq!(lines.head().unwrap(), b"a\r\nb");
        assert_eq!((lines.next(), lines.extend()), (Ok(true), Ok(true)));
        assert_eq!((lines.text(), lines.line()), (&b"a\r\nb"[..], 1));
        assert_eq!((lines.next(), lines.text().to_vec(), lines.line()), (Ok(true), b"c".to_vec(), 3));
        assert_eq!((lines.extend(), lines.next()), (Ok(false), Ok(false)));
    }

    #[test]
    fn a_stream_that_breaks_off_says_so() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(ErrorKind::PermissionDenied.into())
            }
        }
        let (mut stream, mut on_bytes) = (Broken, |_| ());
        let mut lines = Lines::new(&mut stream, &mut on_bytes);
        assert_eq!(lines.next(), Err(Trouble::Broken(ReadError::Denied)));
        assert_eq!(lines.next(), Ok(false));
    }

    proptest! {
        #[test]
        fn lines_are_those_of_the_text(text in "[ab\r\n]{0,40}", step in 1_usize..8) {
            let mut expected: Vec<&str> = text.split('\n').collect();
            if expected.last() == Some(&"") {
                expected.pop();
            }
            let expected: Vec<_> = expected
                .iter()
                .zip(1..)
                .map(|(line, number)| (number, Some(line.strip_suffix('\r').unwrap_or(line).as_bytes().to_vec())))
                .collect();
            prop_assert_eq!(all(text.as_bytes(), step), expected);
        }
    }
}
