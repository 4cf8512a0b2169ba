//! Characters that nobody sees: they make a text look like another one, or like none.

use crate::diagnostics::{Diagnostic, codes, is_hazard};
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// How many further places of a character are shown.
const SHOWN: usize = 4;

/// What the characters are called and do.
const NAMES: &[(std::ops::RangeInclusive<char>, &str, &str)] = &[
    ('\r'..='\r', "a carriage return without a line feed", "some programs begin a new line here, and some do not"),
    ('\u{1B}'..='\u{1B}', "the escape character", "it gives orders to a terminal"),
    ('\0'..='\u{9F}', "a control character", "it has no shape"),
    ('\u{AD}'..='\u{AD}', "a soft hyphen", "it shows only at the end of a line"),
    ('\u{200B}'..='\u{200B}', "a space of no width", "it has no shape"),
    ('\u{200C}'..='\u{200D}', "a joiner of no width", "it has no shape"),
    ('\u{2028}'..='\u{2029}', "a line break by another name", "some programs begin a new line here, and some do not"),
    ('\u{2060}'..='\u{2065}', "a joiner of no width", "it has no shape"),
    ('\u{FEFF}'..='\u{FEFF}', "a byte order mark", "it belongs at the very beginning of a file, or nowhere"),
    ('\u{061C}'..='\u{061C}', "a mark of the direction of writing", "what follows may be shown in another order"),
    ('\u{200E}'..='\u{200F}', "a mark of the direction of writing", "what follows may be shown in another order"),
    ('\u{202A}'..='\u{202E}', "an override of the direction of writing", "what follows may be shown in another order"),
    ('\u{2066}'..='\u{206F}', "an override of the direction of writing", "what follows may be shown in another order"),
];

/// The places of all such characters, and one finding for each kind of them.
///
/// A byte order mark may begin a file, and joiners may stand between letters of scripts that need them.
pub(super) fn find(file: FileId, text: &str) -> (Vec<usize>, Vec<Diagnostic>) {
    let mut found: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    while let Some(more) = text.as_bytes().get(at..).and_then(|rest| rest.iter().position(|byte| is_suspect(*byte))) {
        at += more;
        let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            at += 1;
            continue;
        };
        if is_hidden(text, at, letter) {
            found.push((at, letter));
        }
        at += letter.len_utf8();
    }
    let mut kinds: BTreeMap<char, Vec<usize>> = BTreeMap::new();
    for (at, letter) in &found {
        kinds.entry(*letter).or_default().push(*at);
    }
    let findings = kinds.iter().map(|(letter, places)| finding(file, *letter, places)).collect();
    (found.into_iter().map(|(at, _)| at).collect(), findings)
}

/// Whether a byte may begin such a character: all other text is passed over quickly.
fn is_suspect(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11..=31 | 0x7F | 0xC2 | 0xD8 | 0xE1 | 0xE2 | 0xEF | 0xF3)
}

fn is_hidden(text: &str, at: usize, letter: char) -> bool {
    let next = || text.get(at + letter.len_utf8()..).and_then(|rest| rest.chars().next());
    match letter {
        '\r' => next() != Some('\n'),
        '\n' | '\t' => false,
        '\u{FEFF}' => at > 0,
        '\u{200C}' | '\u{200D}' => {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            [before, next()].iter().any(|side| side.is_none_or(|side| side.is_ascii() || is_hazard(side)))
        }
        _ => is_hazard(letter),
    }
}

fn finding(file: FileId, letter: char, places: &[usize]) -> Diagnostic {
    let number = u32::from(letter);
    let (name, does) = NAMES
        .iter()
        .find(|(range, ..)| range.contains(&letter))
        .map_or(("a character without a shape", "it has no shape"), |(_, name, does)| (name, does));
    let spans: Vec<Span> =
        places.iter().map(|at| Span::new(file, *at as u32, (at + letter.len_utf8()) as u32)).collect();
    let Some((first, others)) = spans.split_first() else {
        return Diagnostic::new(codes::HIDDEN_CHARACTER, Span::new(file, 0, 0), name);
    };
    let message = format!("the text holds U+{number:04X}, {name}");
    let mut finding = Diagnostic::new(codes::HIDDEN_CHARACTER, *first, message).primary(does);
    for other in others.iter().take(SHOWN) {
        finding = finding.label(*other, "and here");
    }
    let help = if letter == '\r' { "end each line with a line feed, or with both" } else { "take it out" };
    finding.help(match others.len().saturating_sub(SHOWN) {
        0 => help.to_owned(),
        more => format!("{help}; it stands at {more} more places"),
    })
}
