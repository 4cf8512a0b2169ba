//! The article of a noun.

/// How words begin that are spelt with a vowel and spoken with a consonant.
const SPOKEN_CONSONANT: [&str; 5] = ["uni", "use", "usa", "eu", "one"];
/// How words begin that are spelt with a consonant and spoken with a vowel.
const SPOKEN_VOWEL: [&str; 3] = ["hour", "honest", "heir"];

/// A noun with its indefinite article: `a feature`, `an offering`, `a unit`, `an hour`.
#[must_use]
pub fn with_article(noun: &str) -> String {
    let word = noun.trim_start_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let begins = |all: &[&str]| all.iter().any(|beginning| word.starts_with(beginning));
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u']);
    let article = if vowel && !begins(&SPOKEN_CONSONANT) || begins(&SPOKEN_VOWEL) { "an" } else { "a" };
    format!("{article} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_goes_by_how_the_word_is_spoken() {
        for (noun, with) in [
            ("feature", "a feature"),
            ("application", "an application"),
            ("Offering", "an Offering"),
            ("`exclusion`", "an `exclusion`"),
            ("unit", "a unit"),
            ("user", "a user"),
            ("hour", "an hour"),
            ("house", "a house"),
        ] {
            assert_eq!(with_article(noun), with);
        }
    }
}
