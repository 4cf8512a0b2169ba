//! Files without an agreement: what others import.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::{Decl, Kind, Linked, Tree, declaration_form, range_span};

/// The declarations that are written to be imported. A file that holds another one, and no agreement, most likely lost it.
const IMPORTABLE: &[&str] = &["constant", "calendar", "holidays", "dimension", "exclusion", "party", "term"];

/// Whether a file is a library: it declares something, and no agreement. One that is looked at by itself is so only if
/// all that it declares is written to be imported.
#[must_use]
pub fn is_library(tree: &Tree, alone: bool) -> bool {
    // What could not be read may be the agreement.
    if tree.unread.words.contains("agreement") {
        return false;
    }
    let (mut any, mut importable) = (false, true);
    for node in tree.root.children() {
        match node.kind() {
            Kind::template | Kind::import => any = true,
            Kind::decl | Kind::odd_decl => {
                let written = Decl(node).keyword();
                let keyword = declaration_form(&written).map_or(written.as_str(), |form| form.keyword);
                if keyword == "agreement" {
                    return false;
                }
                any = true;
                importable &= IMPORTABLE.contains(&keyword);
            }
            _ => {}
        }
    }
    any && (importable || !alone)
}

/// The findings that libraries among what an agreement imports hold proposals. Nothing would show them: a proposal belongs to
/// one agreement, and a library is none. The root is one of the libraries if it is taken for one.
#[must_use]
pub fn lost_proposals(linked: &Linked, root: bool) -> Vec<Diagnostic> {
    let trees = root.then_some(&linked.root).into_iter().chain(&linked.others);
    trees.filter(|tree| is_library(tree, false)).flat_map(proposals).collect()
}

fn proposals(tree: &Tree) -> Vec<Diagnostic> {
    let declared = tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl);
    let names = declared.filter(|decl| decl.keyword() == "proposal").filter_map(|decl| decl.name());
    names
        .map(|name| {
            let message = format!("the proposal `{}` is in a file without an agreement", name.text());
            Diagnostic::new(codes::WRONG_KIND, range_span(tree.file, name.text_range()), message)
                .primary("belongs to no agreement, and would be shown nowhere")
                .help("move it to the agreement in which it is negotiated; it can be about what that imports by name")
        })
        .collect()
}
