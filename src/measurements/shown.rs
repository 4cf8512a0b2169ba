//! How the words of a file stand in a message.

/// How many characters of a value are shown.
const LONGEST: usize = 60;

/// A value in backquotes; what is not UTF-8 in it is replaced, and a long one is cut.
pub(super) fn quoted(text: &[u8]) -> String {
    // A character has at most four bytes, so no more of a hostile value is looked at.
    let head = text.get(..4 * LONGEST + 4).unwrap_or(text);
    let letters = String::from_utf8_lossy(head);
    let mut shown: String = letters.chars().take(LONGEST).collect();
    if letters.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Words in backquotes as people list them: "`a`, `b` and `c`".
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let mut quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match (quoted.pop(), quoted.is_empty()) {
        (None, _) => String::new(),
        (Some(only), true) => only,
        (Some(end), false) => format!("{} {last} {end}", quoted.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_and_made_text() {
        assert_eq!(quoted(b"12ms"), "`12ms`");
        assert_eq!(quoted(b"a\xFFb"), "`a\u{FFFD}b`");
        assert_eq!(quoted("é".repeat(1_000_000).as_bytes()), format!("`{}…`", "é".repeat(60)));
        assert_eq!(quoted("価".repeat(60).as_bytes()), format!("`{}`", "価".repeat(60)));
    }

    #[test]
    fn lists_are_those_of_people() {
        assert_eq!(listed([], "or"), "");
        assert_eq!(listed(["a"], "or"), "`a`");
        assert_eq!(listed(["a", "b"], "or"), "`a` or `b`");
        assert_eq!(listed(["a", "b", "c"], "and"), "`a`, `b` and `c`");
    }
}
