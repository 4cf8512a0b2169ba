//! Files without an agreement: what others import.

use crate::syntax::{Decl, Kind, Tree, declaration_form};

/// The declarations that are written to be imported. A file that holds another one, and no agreement, most likely lost it.
const IMPORTABLE: &[&str] = &["constant", "calendar", "holidays", "dimension", "party", "term"];

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
