//! Regular expressions of label matchers: what every version of Prometheus reads, and reads in the same way.
//!
//! Prometheus reads them with Go's engine, and refuses a whole file for one that it does not know. Only the part is
//! taken that this engine and that of Rust have in common.

use std::iter::Peekable;
use std::str::Chars;

/// The most repetitions in all; Go refuses more than 1000 in each other.
const MAX_REPEATS: u64 = 1000;

/// Of what is no pattern at all, in words that go on like those of [`check`].
pub(super) const UNKNOWN: &str = "a pattern in it is not one that every version of Prometheus understands";

/// Checks a pattern.
///
/// # Errors
/// What in it is not common to all, in words that go on from "this is not a plain selector of series".
pub(super) fn check(pattern: &str) -> Result<(), String> {
    if regex_syntax::ast::parse::Parser::new().parse(pattern).is_err() {
        return Err(UNKNOWN.to_owned());
    }
    let mut characters = pattern.chars().peekable();
    let mut repeats: u64 = 1;
    let mut after_repeat = false;
    while let Some(character) = characters.next() {
        let repeats_now = matches!(character, '*' | '+' | '?' | '{');
        if repeats_now && after_repeat {
            return Err(format!("a repetition in `{pattern}` is repeated"));
        }
        match character {
            '\\' => escape(pattern, &mut characters)?,
            '[' => class(pattern, &mut characters)?,
            '(' => group(pattern, &mut characters)?,
            '{' => {
                repeats = repeats.saturating_mul(count(pattern, &mut characters)?);
                if repeats > MAX_REPEATS {
                    return Err(format!("`{pattern}` repeats more than {MAX_REPEATS} times in all"));
                }
            }
            _ => {}
        }
        if repeats_now {
            // A repetition that takes as little as it can.
            characters.next_if_eq(&'?');
        }
        after_repeat = repeats_now;
    }
    Ok(())
}

fn unknown(pattern: &str, what: &str) -> String {
    format!("not every version of Prometheus understands `{what}` in `{pattern}`")
}

fn escape(pattern: &str, characters: &mut Peekable<Chars<'_>>) -> Result<(), String> {
    match characters.next() {
        Some(c) if c.is_ascii_punctuation() || "dDwWsSbBtnrfvx".contains(c) => Ok(()),
        other => Err(unknown(pattern, &format!("\\{}", other.map(String::from).unwrap_or_default()))),
    }
}

/// What stands in brackets: characters, ranges and escapes, but no class in a class and no calculation with classes.
fn class(pattern: &str, characters: &mut Peekable<Chars<'_>>) -> Result<(), String> {
    characters.next_if_eq(&'^');
    characters.next_if_eq(&']');
    while let Some(character) = characters.next() {
        match character {
            ']' => return Ok(()),
            '[' => return Err(unknown(pattern, "[ within [")),
            '\\' => escape(pattern, characters)?,
            '&' | '-' | '~' if characters.peek() == Some(&character) => {
                return Err(unknown(pattern, &format!("{character}{character}")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a group begins with: nothing, `?:`, a name as `?P<name>`, or flags.
fn group(pattern: &str, characters: &mut Peekable<Chars<'_>>) -> Result<(), String> {
    if characters.next_if_eq(&'?').is_none() {
        return Ok(());
    }
    let mut flags = String::new();
    while let Some(character) = characters.next() {
        match character {
            ':' | ')' => return Ok(()),
            'P' if flags.is_empty() && characters.peek() == Some(&'<') => return Ok(()),
            'i' | 'm' | 's' | '-' => flags.push(character),
            other => return Err(unknown(pattern, &format!("(?{flags}{other}"))),
        }
    }
    Ok(())
}

/// The most repetitions of a count in braces, at least one.
fn count(pattern: &str, characters: &mut Peekable<Chars<'_>>) -> Result<u64, String> {
    let inside: String = characters.by_ref().take_while(|character| *character != '}').collect();
    let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
    let most = if most.is_empty() { least } else { most };
    match (least.parse::<u64>(), most.parse::<u64>()) {
        (Ok(_), Ok(most)) => Ok(most.max(1)),
        _ => Err(unknown(pattern, &format!("{{{inside}}}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_all_understand_is_taken() {
        for pattern in [
            "5..",
            ".*",
            "a|b",
            "(a|b)+",
            "(?:a)*?",
            "(?i)get",
            "(?i-s:a)b",
            "(?P<n>b)",
            "[a-z0-9_-]+",
            "[]a]",
            "[^]]",
            "a{2}",
            "a{2,}b",
            "a{1,1000}",
            r"\d+\.\d+",
            r"[\]\[]",
            r"\x41",
            "^a$",
            "[a&]",
            "é+",
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }

    #[test]
    fn what_only_some_understand_is_not() {
        for pattern in [
            "(?x)b c",
            r"\u{41}",
            "b{2000}",
            "(a{50}){50}",
            "(?<n>b)",
            "(?R)b",
            "a++",
            "a*+",
            "a{2}{3}",
            "a+??",
            "[a-z&&[^b]]+",
            "[a--b]",
            "[a~~b]",
            "[[:alpha:]]",
            r"\Qab\E",
            r"\p{Greek}",
            r"\b{start}",
            "a{,3}",
            "(?U)a",
            r"\z",
            r"\<",
        ] {
            // An escape of punctuation is taken here; the parser before has refused those with another meaning.
            assert!(check(pattern).is_err() || pattern == r"\<", "{pattern}");
        }
    }
}
