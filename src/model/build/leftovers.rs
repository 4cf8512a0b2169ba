//! Templates and imports that nothing uses, and parameters that their templates do not read.

use super::Builder;
use super::imports::Local;
use super::names::noun;
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::syntax::{Decl, Element, Kind, Linked, Node, NodeExt, Token, Tree, range_span};
use std::collections::BTreeSet;

/// Whether a file holds an agreement: a library does not.
pub(super) fn is_agreement(tree: &Tree) -> bool {
    tree.root.children().any(|node| node.kind() == Kind::decl && Decl(node).keyword() == "agreement")
}

impl Builder<'_> {
    /// Tells the parameters of a file's templates that are never read and, if the file is an agreement, the templates that it
    /// declares, and whatever it imports by name, and does not use. Where something is wrong, it may be what would use them.
    pub(super) fn leftovers(&mut self, linked: &Linked) {
        let root = &linked.root.root;
        // A library has no agreement.
        let is_wrong = |one: &Diagnostic| one.severity == Severity::Error && one.code != codes::MISSING_AGREEMENT;
        if self.findings.iter().any(is_wrong) || linked.root.unread.any {
            return;
        }
        let is_agreement = is_agreement(&linked.root);
        for template in root.children().filter(|node| node.kind() == Kind::template) {
            let Some(name) = Decl(template.clone()).name() else { continue };
            let place = range_span(linked.root.file, template.text_range());
            if is_agreement && !self.scope.used.contains(&place) {
                self.leftover(&name, "template", "no `use` names it");
            }
            self.unread_parameters(&template);
        }
        let imports = root.children().filter(|node| is_agreement && node.kind() == Kind::import);
        for name in imports.flat_map(|node| node.all(Kind::imported).collect::<Vec<_>>()) {
            let Some(name) = name.leaves(Kind::ident).last() else { continue };
            let Some((file, original, what)) = self.origin(linked.root.file, name.text()) else { continue };
            if self.scope.idle.contains(&(file, original)) {
                match what {
                    Local::Template(_) => self.leftover(&name, "imported template", "no `use` names it"),
                    Local::Declared(_, "term") => self.leftover(&name, "imported term", "no text uses its words"),
                    Local::Declared(_, keyword) => {
                        self.leftover(&name, &format!("imported {}", noun(keyword)), "nothing here names it");
                    }
                    Local::Imported(..) | Local::Lost => {}
                }
            }
        }
    }

    fn unread_parameters(&mut self, template: &Node) {
        let block = template.child(Kind::template_block);
        let tokens = block.iter().flat_map(|block| block.descendants_with_tokens().filter_map(Element::into_token));
        let words: BTreeSet<String> = tokens.flat_map(|token| words_of(&token)).collect();
        let params = template.child(Kind::params);
        let names = params.iter().flat_map(|all| all.all(Kind::param)).filter_map(|param| param.leaf(Kind::ident));
        for name in names.filter(|name| !words.contains(name.text())).collect::<Vec<_>>() {
            self.leftover(&name, "parameter", "the template says nothing with it");
        }
    }

    fn leftover(&mut self, name: &Token, what: &str, why: &str) {
        let message = format!("the {what} `{}` is never used", name.text());
        let finding = Diagnostic::new(codes::UNUSED_NAME, self.at(name), message);
        self.tell(finding.primary(why).help("use it, or delete it"));
    }
}

/// The names by which a token may mean a parameter.
fn words_of(token: &Token) -> Vec<String> {
    match token.kind() {
        Kind::code => super::placeholders::names(token.text()),
        _ => token.text().split('.').next().map(str::to_owned).into_iter().collect(),
    }
}
