//! A parsed file that threads can share: trees with parents cannot leave their thread, and are made of it in no time.

use super::tree::Node;
use super::{Kind, NodeExt, Tree, Unread, range_span, text_value};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};
use rowan::GreenNode;
use std::sync::Arc;

/// What a file says, without the ways from a node to its parent.
#[derive(Debug, Clone)]
pub struct Parsed {
    file: FileId,
    green: GreenNode,
    unread: Arc<Unread>,
    /// What could not be read.
    pub findings: Vec<Diagnostic>,
    /// What it imports, in the order of the text.
    pub imports: Vec<Import>,
}

/// One `import`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its first byte, which is how [`Linked::leads`](super::Linked) knows it.
    pub at: u32,
    /// The path, as it stands in the text.
    pub span: Span,
    /// What it names.
    pub from: Origin,
}

/// Where an `import` takes its names from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file: the value of the text in quotes.
    File(String),
    /// A file that comes with the program: a path with dots.
    Library(String),
}

/// Parses a file for all who import it.
#[must_use]
pub fn parse_shared(file: FileId, text: &str) -> Parsed {
    let (tree, findings) = super::parse(file, text);
    let imports = tree.root.all(Kind::import).filter_map(|node| import(file, &node)).collect();
    Parsed { file, green: tree.root.green().into_owned(), unread: Arc::new(tree.unread), findings, imports }
}

impl Parsed {
    /// The tree, for one reader.
    #[must_use]
    pub fn tree(&self) -> Tree {
        let unread = self.unread.as_ref().clone();
        Tree { file: self.file, root: Node::new_root(self.green.clone()), unread }
    }
}

fn import(file: FileId, node: &Node) -> Option<Import> {
    let at = node.text_range().start().into();
    let path = node.leaf(Kind::text).or_else(|| node.leaf(Kind::path))?;
    let from = match path.kind() {
        Kind::text => Origin::File(text_value(path.text())),
        _ => Origin::Library(path.text().to_owned()),
    };
    Some(Import { at, span: range_span(file, path.text_range()), from })
}
