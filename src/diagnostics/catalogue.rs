use std::fmt;

use super::did_you_mean;

/// How much a finding weighs, the heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The agreement has no meaning, or one that nobody can want; nothing is built.
    Error,
    /// The agreement has a meaning that is probably not the one intended.
    Warning,
    /// The agreement could be better.
    Advice,
    /// Information, such as that no alert can be made for a clause.
    Note,
}

impl Severity {
    /// The word shown to people and programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// One kind of finding. Codes are stable and never reused.
#[derive(PartialEq, Eq)]
pub struct Code {
    /// The stable id, such as `SLA201`.
    pub id: &'static str,
    /// The stable name, such as `undefined-name`.
    pub name: &'static str,
    /// The weight, unless a finding says otherwise.
    pub severity: Severity,
    /// What the finding is, in one line.
    pub title: &'static str,
    /// Why it matters, an example that fails and one that passes, in Markdown.
    pub explanation: &'static str,
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.id, self.name)
    }
}

/// The families of codes: the digit after `SLA`, and what the family is about.
pub const FAMILIES: [(char, &str); 10] = [
    ('0', "the file itself"),
    ('1', "syntax"),
    ('2', "names"),
    ('3', "types, units and values"),
    ('4', "targets, tiers and credits"),
    ('5', "time, calendars, clocks and support"),
    ('6', "duties, disputes and people"),
    ('7', "completeness and status"),
    ('8', "what a target cannot express"),
    ('9', "not supported yet"),
];

impl Code {
    /// What the code's family is about.
    #[must_use]
    pub fn family(&self) -> &'static str {
        let digit = self.id.chars().nth(3);
        FAMILIES.iter().find(|(family, _)| Some(*family) == digit).map_or("", |(_, about)| about)
    }
}

/// Declares the codes, one a line, in the order of their ids.
macro_rules! catalogue {
    ($($constant:ident $id:literal $name:literal $severity:ident $title:literal;)*) => {
        /// Every code as a constant.
        pub mod codes {
            use super::{Code, Severity};

            $(
                #[doc = concat!($id, " ", $name, ": ", $title)]
                pub const $constant: &Code = &Code {
                    id: $id,
                    name: $name,
                    severity: Severity::$severity,
                    title: $title,
                    explanation: include_str!(concat!("../../docs/findings/", $id, ".md")),
                };
            )*

            /// Every code, in the order of ids.
            #[must_use]
            pub fn all() -> &'static [&'static Code] {
                &[$($constant),*]
            }
        }
    };
}

catalogue! {
    // The file itself.
    UNREADABLE_FILE "SLA001" "unreadable-file" Error "a file cannot be read";
    FILE_TOO_LARGE "SLA002" "file-too-large" Error "a file is too large to be an agreement";
    NOT_UTF8 "SLA003" "not-utf8" Error "a file is not written in UTF-8";
    ANOTHER_KIND_OF_FILE "SLA004" "another-kind-of-file" Error "a file belongs to another program";
    EMPTY_FILE "SLA005" "empty-file" Error "an agreement file says nothing";
    NESTED_TOO_DEEPLY "SLA006" "nested-too-deeply" Error "blocks or brackets are nested too deeply";
    NO_AGREEMENT_FILE "SLA007" "no-agreement-file" Error "a folder has no agreement file";
    SAME_AGREEMENT_TWICE "SLA008" "same-agreement-twice" Error "two agreements of one run have the same name";
    UNWRITABLE_FILE "SLA009" "unwritable-file" Error "a file cannot be written";

    // Syntax.
    UNEXPECTED_TEXT "SLA101" "unexpected-text" Error "a text cannot be read";
    MISSING_BRACE "SLA102" "missing-brace" Error "a block is not closed";
    STRAY_BRACE "SLA103" "stray-brace" Error "a closing brace has no block";
    MISSING_NAME "SLA104" "missing-name" Error "a declaration has no name";
    UNTERMINATED_STRING "SLA105" "unterminated-string" Error "a string is not closed";

    // Names.
    UNDEFINED_NAME "SLA201" "undefined-name" Error "a name is not declared";
    DUPLICATE_NAME "SLA202" "duplicate-name" Error "a name is declared twice";
    UNUSED_NAME "SLA203" "unused-name" Warning "a declaration is never used";
    MISSING_AGREEMENT "SLA204" "missing-agreement" Error "a file has no agreement";
    SEVERAL_AGREEMENTS "SLA205" "several-agreements" Error "a file has several agreements";
    CIRCULAR_DEFINITION "SLA206" "circular-definition" Error "a definition leads back to itself";

    // Types, units and values.
    UNIT_MISMATCH "SLA301" "unit-mismatch" Error "two values of different units are mixed";
    OUT_OF_RANGE "SLA302" "out-of-range" Error "a value is outside its range";
    UNKNOWN_OPTION_WORD "SLA303" "unknown-option-word" Error "a word is not one of the choices";
    MISPLACED_STATEMENT "SLA304" "misplaced-statement" Error "a statement stands in the wrong block";
    REPEATED_STATEMENT "SLA305" "repeated-statement" Error "a statement is written twice";
    WRONG_KIND "SLA306" "wrong-kind" Error "a name is of the wrong kind";
    NO_WARNING_MARGIN "SLA307" "no-warning-margin" Error "a commitment without a warning margin is never at risk";
    WRONG_ARGUMENT "SLA308" "wrong-argument" Error "a function or a place is given what it cannot take";
    WRONG_GRAIN "SLA309" "wrong-grain" Error "a value cannot be read at this place";
    NUMBER_OUT_OF_RANGE "SLA310" "number-out-of-range" Error "a number is too long or too large";
    IMPOSSIBLE_DATE "SLA311" "impossible-date" Error "a date does not exist";
    UNKNOWN_ZONE "SLA312" "unknown-zone" Error "a time zone does not exist";
    UNKNOWN_CURRENCY "SLA313" "unknown-currency" Error "a currency does not exist";
    INCOMPLETE_STATEMENT "SLA314" "incomplete-statement" Error "a statement lacks a part that it needs";
    IMPOSSIBLE_HOURS "SLA315" "impossible-hours" Error "opening hours do not fit a day";

    // Not supported yet.
    NOT_SUPPORTED_YET "SLA901" "not-supported-yet" Error "a form of the language is not supported yet";
}

/// The code with that id or name, in any case of letters: `SLA201`, `sla201`, `undefined-name`.
///
/// # Errors
/// The id or name that was probably meant, if there is one.
pub fn find(word: &str) -> Result<&'static Code, Option<&'static str>> {
    let word = word.trim();
    let same = |code: &&&'static Code| code.id.eq_ignore_ascii_case(word) || code.name.eq_ignore_ascii_case(word);
    let names = || codes::all().iter().map(|code| code.name).chain(codes::all().iter().map(|code| code.id));
    codes::all().iter().find(same).copied().ok_or_else(|| did_you_mean(word, names()))
}
