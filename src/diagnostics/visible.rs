/// How many characters of a message are shown; the rest of a hostile name is cut.
const LONGEST: usize = 1000;

/// One line of text that cannot do anything to a terminal, nor forge a second line.
#[must_use]
pub fn line(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).map(letter).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// What stands for a character: itself, unless it moves the cursor, turns the direction of writing, or hides.
///
/// It is always one character, so that columns stay true. Joiners stay, since words of several scripts need them.
pub(super) fn letter(letter: char) -> char {
    match letter {
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{FFFD}'),
        '\u{7F}' => '␡',
        _ if is_hazard(letter) => '\u{FFFD}',
        _ => letter,
    }
}

/// Whether a character must not reach a terminal as it is.
pub fn is_hazard(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        // Marks, embeddings, overrides and isolates of the direction of writing.
        | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}'
        // Line breaks by another name.
        | '\u{2028}' | '\u{2029}'
        // Characters without a shape: blanks of no width, invisible operators, annotations, tags.
        | '\u{00AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}
