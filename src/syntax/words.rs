//! What a quoted text says.

/// What may stand after a backslash, and what it means.
pub(super) const ESCAPES: &[(char, char)] = &[('"', '"'), ('\\', '\\'), ('n', '\n'), ('t', '\t')];

/// The value of a string as it is written, quotes included: escapes are resolved, and the indentation that all lines of
/// a `"""` string share is taken off, with its first and last line if they are blank. An escape that does not exist
/// has been told; it stands for the letter after the backslash.
pub fn text_value(written: &str) -> String {
    if let Some(inner) = written.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")) {
        return dedent(inner);
    }
    let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
    let mut value = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        let escaped = if letter == '\\' { letters.next() } else { None };
        let means = escaped.and_then(|escaped| ESCAPES.iter().find(|(known, _)| *known == escaped));
        value.push(means.map_or(escaped.unwrap_or(letter), |(_, means)| *means));
    }
    value
}

fn dedent(inner: &str) -> String {
    let mut lines: Vec<&str> = inner.lines().collect();
    if lines.first().is_some_and(|line| line.trim().is_empty()) {
        lines.remove(0);
    }
    if lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let blanks = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let margin = lines.iter().filter(|line| !line.trim().is_empty()).map(blanks).min().unwrap_or(0);
    let cut: Vec<&str> = lines.iter().map(|line| line.get(margin..).unwrap_or("").trim_end()).collect();
    cut.join("\n")
}

#[cfg(test)]
mod tests {
    use super::text_value;

    #[test]
    fn escapes_and_indentation() {
        assert_eq!(text_value(r#""a \"b\" \\ c""#), r#"a "b" \ c"#);
        assert_eq!(text_value("\"\"\"\n    one\n      two\n\n    three\n  \"\"\""), "one\n  two\n\nthree");
    }
}
