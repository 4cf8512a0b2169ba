//! Texts that say nothing: a title, a duty or an address in empty quotes.

use super::Builder;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::{Element, Kind, Node, text_value};

impl Builder<'_> {
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
