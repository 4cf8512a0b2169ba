//! Texts that say nothing, such as a title in empty quotes, and texts that name a value in braces.

use super::Builder;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::{Element, Kind, Node, NodeExt, Token, text_value};

impl Builder<'_> {
    /// Tells each text that names a value in braces, `{api_uptime.target}`: it would stand in the contract as it is.
    pub(super) fn reject_named_values(&mut self, root: &Node) {
        let tokens = root.descendants_with_tokens().filter_map(Element::into_token);
        for token in tokens.filter(|token| token.kind() == Kind::text) {
            let found = named_value(token.text()).or_else(|| named_parameter(&token));
            let Some((at, named)) = found else { continue };
            let start = u32::from(token.text_range().start()) + at as u32;
            let span = Span::new(self.scope.root, start, start + named.len() as u32);
            self.tell(
                Diagnostic::new(codes::NOT_SUPPORTED_YET, span, "values in texts are not supported yet")
                    .primary("this would stand in the contract as it is written")
                    .help("write the value itself"),
            );
        }
    }

    /// Tells each text that holds nothing but blanks, save where a value is compared with it.
    pub(super) fn reject_empty_texts(&mut self, root: &Node) {
        let tokens = root.descendants_with_tokens().filter_map(Element::into_token);
        for token in tokens.filter(|token| token.kind() == Kind::text && text_value(token.text()).trim().is_empty()) {
            let compared =
                token.parent().is_some_and(|node| matches!(node.kind(), Kind::expr | Kind::expr_tight | Kind::list));
            if !compared {
                self.tell(
                    Diagnostic::new(codes::INCOMPLETE_STATEMENT, self.at(&token), "the text is empty")
                        .primary("nothing is said here")
                        .help("write the text, or delete what it belongs to"),
                );
            }
        }
    }
}

/// How long a name in braces is at most, with them.
const LONGEST_NAMED: usize = 200;

/// The first name in braces in a text, such as `{api_uptime.target}`, with the byte at which its brace opens.
fn named_value(text: &str) -> Option<(usize, &str)> {
    text.match_indices('{').find_map(|(at, _)| {
        let near = text.get(at..crate::source::floor(text, at + LONGEST_NAMED))?;
        let named = near.get(..=near.find('}')?)?;
        let path = named.trim_matches(['{', '}']);
        let is_word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
        };
        path.split('.').all(is_word).then_some((at, named))
    })
}

/// The first parameter of the template around a text that the text names as a selector would, `$tenant`.
fn named_parameter(token: &Token) -> Option<(usize, &str)> {
    let params = token.parent_ancestors().find(|node| node.kind() == Kind::template)?.child(Kind::params)?;
    let params: Vec<Token> = params.all(Kind::param).filter_map(|param| param.leaf(Kind::ident)).collect();
    let text = token.text();
    text.match_indices('$').find_map(|(at, _)| {
        let (name, length) = super::placeholders::name(text.get(at + 1..)?)?;
        let is_named = params.iter().any(|param| param.text() == name);
        Some((at, text.get(at..at + 1 + length)?)).filter(|_| is_named)
    })
}
