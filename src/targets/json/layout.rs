//! The layout of a bundle: what fits into a line stands in one, and no string holds a risky character.

use std::fmt::Write as _;

/// How wide a line may get before an object or a list is spread over several.
const WIDTH: usize = 110;

/// A document without blanks as people read it: what fits into a line stands in one. There is an escape for each risky
/// character; those, like letters of any kind, stand in strings only.
pub fn laid_out(compact: &str) -> String {
    let mut text = String::with_capacity(compact.len() + compact.len() / 2);
    let mut lengths = flat_lengths(compact).into_iter();
    let harmless = is_harmless(compact);
    let (mut depth, mut line_start) = (0_usize, 0);
    let break_line = |text: &mut String, depth: usize| {
        text.push('\n');
        let start = text.len();
        text.extend(std::iter::repeat_n("  ", depth));
        start
    };
    let mut at = 0;
    while let Some(&first) = compact.as_bytes().get(at) {
        if matches!(first, b'{' | b'[') {
            let flat = lengths.next().unwrap_or_default();
            let longest = line_start + WIDTH;
            if text.len() + flat.length <= longest
                && let Some(end) = push_flat(&mut text, longest, compact, at, harmless)
            {
                lengths.by_ref().take(flat.within).for_each(drop);
                at = end;
                continue;
            }
        }
        if matches!(first, b'}' | b']') {
            depth = depth.saturating_sub(1);
            line_start = break_line(&mut text, depth);
        }
        at = push_token(&mut text, compact, at, harmless);
        if matches!(first, b'{' | b'[') {
            depth += 1;
        }
        if matches!(first, b'{' | b'[' | b',') {
            line_start = break_line(&mut text, depth);
        } else if first == b':' {
            text.push(' ');
        }
    }
    text.push('\n');
    text
}

/// How long an object or a list is in one line, before risky characters are escaped.
#[derive(Clone, Copy, Default)]
struct Flat {
    length: usize,
    /// How many objects and lists are in it.
    within: usize,
}

/// The objects and lists of a document, in the order in which they begin.
fn flat_lengths(compact: &str) -> Vec<Flat> {
    let mut all: Vec<Flat> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let (mut at, mut blanks) = (0, 0);
    while let Some(&byte) = compact.as_bytes().get(at) {
        match byte {
            b'"' => {
                at += string_length(compact.get(at..).unwrap_or_default());
                continue;
            }
            b'{' | b'[' => {
                open.push((all.len(), at + blanks));
                all.push(Flat::default());
            }
            b'}' | b']' => {
                let count = all.len();
                if let Some((index, start)) = open.pop()
                    && let Some(flat) = all.get_mut(index)
                {
                    *flat = Flat { length: at + 1 + blanks - start, within: count - index - 1 };
                }
            }
            b',' | b':' => blanks += 1,
            _ => {}
        }
        at += 1;
    }
    all
}

/// Puts the object or list that starts here into the line, and says where it ends; puts nothing if the text would get
/// longer than that.
fn push_flat(text: &mut String, longest: usize, compact: &str, start: usize, harmless: bool) -> Option<usize> {
    let length = text.len();
    let (mut depth, mut at) = (0, start);
    while let Some(&first) = compact.as_bytes().get(at) {
        at = push_token(text, compact, at, harmless);
        match first {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b',' | b':' => text.push(' '),
            _ => {}
        }
        if text.len() > longest {
            break;
        }
        if depth == 0 {
            return Some(at);
        }
    }
    text.truncate(length);
    None
}

/// Puts the string, the number, the word or the sign that starts here, and says where it ends.
fn push_token(text: &mut String, compact: &str, start: usize, harmless: bool) -> usize {
    let is_sign = |byte: u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':');
    let rest = compact.get(start..).unwrap_or_default();
    let length = match rest.as_bytes().first() {
        Some(b'"') => string_length(rest),
        Some(&first) if is_sign(first) => 1,
        _ => rest.bytes().position(is_sign).unwrap_or(rest.len()),
    };
    let token = rest.get(..length).unwrap_or_default();
    if harmless {
        text.push_str(token)
    } else {
        push_harmless(text, token)
    }
    start + length
}

/// How long the string at the start of a text is, with its quotation marks.
fn string_length(text: &str) -> usize {
    let mut length = 1;
    while let Some(rest) = text.as_bytes().get(length..)
        && let Some(at) = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\'))
    {
        if rest.get(at) == Some(&b'"') {
            return length + at + 1;
        }
        length += at + 2;
    }
    text.len()
}

/// Whether a text holds only characters of ASCII that nobody takes for anything else.
fn is_harmless(text: &str) -> bool {
    // Looking at all of them takes fewer steps than asking at each whether to go on.
    let risky = |byte: u8| byte >= 0x7F || matches!(byte, b'<' | b'>' | b'&');
    !text.bytes().fold(false, |found, byte| found | risky(byte))
}

fn push_harmless(text: &mut String, string: &str) {
    if is_harmless(string) {
        text.push_str(string);
        return;
    }
    for letter in string.chars() {
        if is_risky(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(letter);
        }
    }
}

/// Whether a character could end a script of HTML, end a line of JavaScript, turn the direction of writing, or hide.
fn is_risky(letter: char) -> bool {
    matches!(letter,
        '<' | '>' | '&' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}
