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
    let mut word_before = false;
    while let Some(&byte) = bytes.get(at) {
        let mut step = 1;
        match byte {
            b'"' => step = string_length(text, at, &mut triple_ends),
            b'\'' => step = until(bytes, at, b'\''),
            b'/' if bytes.get(at + 1) == Some(&b'/') => step = line_length(bytes, at),
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            b'\n' if forms::starts_declaration(text.get(at + 1..).unwrap_or("")) => (depth, ifs) = (0, 0),
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

fn line_length(bytes: &[u8], at: usize) -> usize {
    bytes.iter().skip(at).take_while(|byte| **byte != b'\n').count()
}

/// The length of a piece that ends with `close` on its own line, or 1 where it does not end.
fn until(bytes: &[u8], at: usize, close: u8) -> usize {
    let inside = bytes.iter().skip(at + 1).take_while(|byte| **byte != close && **byte != b'\n').count();
    if bytes.get(at + 1 + inside) == Some(&close) { inside + 2 } else { 1 }
}

fn string_length(text: &str, at: usize, triple_ends: &mut bool) -> usize {
    let rest = text.get(at..).unwrap_or("");
    if *triple_ends && let Some(inner) = rest.strip_prefix("\"\"\"") {
        match inner.find("\"\"\"") {
            Some(length) => return length + 6,
            None => *triple_ends = false,
        }
    }
    let mut escaped = false;
    for (index, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return 1,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    1
}
