//! The language of an agreement.

use crate::diagnostics::{Diagnostic, codes};
use crate::model::Model;

/// The language of an agreement is named by its tag: letters of the language, then perhaps of script and region (BCP 47).
pub(super) fn language(model: &Model) -> Vec<Diagnostic> {
    let language =
        model.agreement.language.as_ref().filter(|words| !is_tag(&words.value) && !words.value.trim().is_empty());
    let finding = language.map(|words| {
        let message = format!("`{}` is not the tag of a language", words.value);
        Diagnostic::new(codes::UNKNOWN_OPTION_WORD, words.span, message)
            .primary("two or three letters are needed")
            .help("write for example `language \"en\"`, `\"de\"` or `\"en-GB\"`")
    });
    finding.into_iter().collect()
}

fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let language = (2..=3).contains(&first.len()) && first.bytes().all(|letter| letter.is_ascii_alphabetic());
    language
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|letter| letter.is_ascii_alphanumeric()))
}
