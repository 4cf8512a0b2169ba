//! Letters that no keyboard of Latin letters gives: what word processors put in, and letters that only look alike.

/// A letter, what it is called, and what is written instead.
const FOREIGN: &[(char, &str, &str)] = &[
    ('\u{201C}', "a typographic quotation mark", "\""),
    ('\u{201D}', "a typographic quotation mark", "\""),
    ('\u{201E}', "a typographic quotation mark", "\""),
    ('\u{2018}', "a typographic quotation mark", "\""),
    ('\u{2019}', "a typographic quotation mark", "\""),
    ('\u{00AB}', "a typographic quotation mark", "\""),
    ('\u{00BB}', "a typographic quotation mark", "\""),
    ('\u{00A0}', "a no-break space", " "),
    ('\u{202F}', "a narrow no-break space", " "),
    ('\u{2009}', "a thin space", " "),
    ('\u{3000}', "an ideographic space", " "),
    ('\u{2010}', "a typographic hyphen", "-"),
    ('\u{2011}', "a no-break hyphen", "-"),
    ('\u{2012}', "a long dash", "-"),
    ('\u{2013}', "a long dash", "-"),
    ('\u{2014}', "a long dash", "-"),
    ('\u{2212}', "a typographic minus", "-"),
    ('\u{2265}', "the sign ≥", ">="),
    ('\u{2264}', "the sign ≤", "<="),
    ('\u{2260}', "the sign ≠", "!="),
    ('\u{00D7}', "the sign ×", "*"),
    ('\u{00F7}', "the sign ÷", "/"),
    ('\u{2026}', "an ellipsis", ""),
];

/// Letters of other scripts, and the Latin letters that they look like, in the same order.
const ALIKE: &[(&str, &str)] = &[
    ("авеіјкмнорсѕтухԁһԛԝ", "abeijkmhopcstyxdhqw"),
    ("АВЕІЈКМНОРСЅТУХ", "ABEIJKMHOPCSTYX"),
    ("αινοτυχρκ", "aivotuxpk"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
];

/// A letter in a text that cannot be read.
pub(super) struct Letter {
    /// Its place in the text.
    pub at: usize,
    /// The letter.
    pub letter: char,
    /// What it is called.
    pub name: String,
    /// What is written instead, where that is known.
    pub instead: Option<String>,
}

/// The first letter of a text that is not read outside of quotes.
pub(super) fn foreign(text: &str) -> Option<Letter> {
    text.char_indices().filter(|(_, letter)| !letter.is_ascii()).find_map(|(at, letter)| {
        if let Some((_, name, instead)) = FOREIGN.iter().find(|(known, ..)| *known == letter) {
            let instead = (!instead.is_empty()).then(|| (*instead).to_owned());
            return Some(Letter { at, letter, name: (*name).to_owned(), instead });
        }
        letter.is_alphabetic().then(|| Letter {
            at,
            letter,
            name: format!("the letter `{letter}` (U+{:04X})", u32::from(letter)),
            instead: latin(letter),
        })
    })
}

/// Whether a letter is a quotation mark of a word processor.
pub(super) fn is_quote(letter: char) -> bool {
    FOREIGN.iter().any(|(known, _, instead)| *known == letter && *instead == "\"")
}

/// Whether a letter is a hyphen or a dash.
pub(super) fn is_dash(letter: char) -> bool {
    letter == '-' || FOREIGN.iter().any(|(known, _, instead)| *known == letter && *instead == "-")
}

/// The Latin letter that a letter of another script looks like.
fn latin(letter: char) -> Option<String> {
    ALIKE.iter().find_map(|(theirs, ours)| {
        let place = theirs.chars().position(|known| known == letter)?;
        ours.chars().nth(place).map(String::from)
    })
}
