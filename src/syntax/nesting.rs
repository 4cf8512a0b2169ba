//! The cap on nesting, checked before the parser runs, since the parser descends one stack frame per level.

use super::forms;

/// How deeply braces, brackets, parentheses and conditions may be nested within one declaration.
pub const MAX_NESTING: usize = 48;

/// The byte offset of the first opener that is nested too deeply, if there is one.
///
/// It reads the text as the grammar does: strings, code and comments are skipped where they end properly, and the head
/// of a declaration starts anew, since the grammar's recovery does so.
pub fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut ifs, mut at) = (0_usize, 0_usize, 0_usize);
    let mut triple_ends = true;
    // Up to where no text ends: the rest of a line with a quotation mark that is not closed.
    let mut open_until = 0_usize;
    let mut word_before = false;
    while let Some(&byte) = bytes.get(at) {
        let mut step = 1;
        match byte {
            b'"' if at >= open_until => match string_length(text, at, &mut triple_ends) {
                Some(length) => step = length,
                None => open_until = at + line_length(bytes, at),
            },
            b'\'' => step = until(bytes, at, b'\''),
            b'/' if bytes.get(at + 1) == Some(&b'/') => step = line_length(bytes, at),
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            b'\n' | b'\r' if forms::starts_declaration(text.get(at + 1..).unwrap_or("")) => (depth, ifs) = (0, 0),
            b'i' if !word_before && text.get(at..at + 2) == Some("if") => ifs += 1,
            _ => {}
        }
        if depth > MAX_NESTING || ifs > MAX_NESTING {
            return Some(at);
        }
        word_before = byte.is_ascii_alphanumeric() || byte == b'_';
        at += step;
    }
    None
}

/// A line ends where the grammar ends it, at a lone carriage return too.
fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn line_length(bytes: &[u8], at: usize) -> usize {
    bytes.iter().skip(at).take_while(|byte| !ends_line(**byte)).count()
}

/// The length of a piece that ends with `close` on its own line, or 1 where it does not end.
fn until(bytes: &[u8], at: usize, close: u8) -> usize {
    let inside = bytes.iter().skip(at + 1).take_while(|byte| **byte != close && !ends_line(**byte)).count();
    if bytes.get(at + 1 + inside) == Some(&close) { inside + 2 } else { 1 }
}

/// The length of a text in quotes; nothing where it does not end.
fn string_length(text: &str, at: usize, triple_ends: &mut bool) -> Option<usize> {
    let rest = text.get(at..).unwrap_or("");
    if *triple_ends && let Some(inner) = rest.strip_prefix("\"\"\"") {
        match inner.find("\"\"\"") {
            Some(length) => return Some(length + 6),
            None => *triple_ends = false,
        }
    }
    let mut escaped = false;
    for (index, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            byte if ends_line(byte) => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}
