//! What the grammar reads and the model does not carry yet: one error for each kind of thing, at its first place.

use super::Builder;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::{Decl, Kind, Node, NodeExt};

const VARIANTS: (&str, &str) = (
    "variants (`dimension`, `per` and `for` in a head) are not supported yet",
    "write one declaration for each variant",
);
const TEMPLATES: (&str, &str) =
    ("templates (`template` and `use`) are not supported yet", "write the statements where they are used");
const IMPORTS: (&str, &str) = ("imports are not supported yet", "write the declarations into this file");

impl Builder<'_> {
    /// Tells what is not supported. Everything that depends on it is passed over in silence.
    pub(super) fn reject_unsupported(&mut self, root: &Node) {
        let (mut variants, mut templates, mut imports) = (Vec::new(), Vec::new(), Vec::new());
        for node in root.children() {
            match node.kind() {
                Kind::import => imports.push(self.span(&node)),
                Kind::template => templates.push(self.head_span(&node)),
                Kind::decl if uses_variants(&node) => variants.push(self.head_span(&node)),
                Kind::decl => {
                    let block = node.child(Kind::block);
                    let uses = block.iter().flat_map(|block| block.all(Kind::s_use));
                    templates.extend(uses.map(|node| self.span(&node)));
                }
                _ => {}
            }
        }
        for (places, (message, help)) in [(variants, VARIANTS), (templates, TEMPLATES), (imports, IMPORTS)] {
            let Some(first) = places.first() else { continue };
            self.scope.unsupported = true;
            let more = match places.len() - 1 {
                0 => String::new(),
                1 => "; there is one more place".to_owned(),
                count => format!("; there are {count} more places"),
            };
            self.tell(Diagnostic::new(codes::NOT_SUPPORTED_YET, *first, message).help(format!("{help}{more}")));
        }
    }

    fn head_span(&self, node: &Node) -> Span {
        let span = self.span(node);
        let block = node.child(Kind::block).map(|block| self.span(&block).start);
        Span::new(span.file, span.start, block.unwrap_or(span.end).max(span.start + 1) - u32::from(block.is_some()))
    }
}

/// Whether a declaration depends on a dimension.
pub(super) fn uses_variants(node: &Node) -> bool {
    let in_block = |block: Node| {
        block.child(Kind::s_variant).is_some()
            || block.child(Kind::s_variant_block).is_some()
            || (Decl(node.clone()).keyword() == "constant" && block.child(Kind::row).is_some())
    };
    node.child(Kind::keys).is_some()
        || node.child(Kind::for_keys).is_some()
        || Decl(node.clone()).keyword() == "dimension"
        || node.child(Kind::block).is_some_and(in_block)
}
