//! Views of the tree for the rooms that read it.

use super::grammar::Kind;
use super::tree::{Node, Token};
use super::words::text_value;
use crate::source::{FileId, Span};

/// Look-ups that readers of the tree need everywhere.
pub trait NodeExt {
    /// The first child node of a kind.
    fn child(&self, kind: Kind) -> Option<Node>;
    /// All child nodes of a kind.
    fn all(&self, kind: Kind) -> impl Iterator<Item = Node>;
    /// The first leaf of a kind directly below.
    fn leaf(&self, kind: Kind) -> Option<Token>;
    /// All leaves of a kind directly below.
    fn leaves(&self, kind: Kind) -> impl Iterator<Item = Token>;
    /// The leaves directly below that say something: no blanks, newlines, comments.
    fn said(&self) -> impl Iterator<Item = Token>;
    /// Its place.
    fn span(&self, file: FileId) -> Span;
}

impl NodeExt for Node {
    fn child(&self, kind: Kind) -> Option<Node> {
        self.children().find(|node| node.kind() == kind)
    }

    fn all(&self, kind: Kind) -> impl Iterator<Item = Node> {
        self.children().filter(move |node| node.kind() == kind)
    }

    fn leaf(&self, kind: Kind) -> Option<Token> {
        self.leaves(kind).next()
    }

    fn leaves(&self, kind: Kind) -> impl Iterator<Item = Token> {
        self.children_with_tokens().filter_map(rowan::NodeOrToken::into_token).filter(move |leaf| leaf.kind() == kind)
    }

    fn said(&self) -> impl Iterator<Item = Token> {
        let silent = |kind: Kind| matches!(kind, Kind::blank | Kind::newline | Kind::comment | Kind::doc);
        self.children_with_tokens().filter_map(rowan::NodeOrToken::into_token).filter(move |leaf| !silent(leaf.kind()))
    }

    fn span(&self, file: FileId) -> Span {
        range_span(file, self.text_range())
    }
}

/// A range of the tree as a span of its file.
pub fn range_span(file: FileId, range: rowan::TextRange) -> Span {
    Span::new(file, range.start().into(), range.end().into())
}

/// The keyword that a statement or declaration begins with, with single blanks.
pub fn keyword(node: &Node) -> String {
    let first = node.first_token().map(|token| token.text().to_owned()).unwrap_or_default();
    if first.contains([' ', '\t']) {
        first.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        first
    }
}

/// A declaration, or a `contact` or `priority` within one: they share one head.
#[derive(Debug, Clone)]
pub struct Decl(pub Node);

impl Decl {
    /// The keyword.
    pub fn keyword(&self) -> String {
        keyword(&self.0)
    }

    /// The name, if it has one.
    pub fn name(&self) -> Option<Token> {
        self.0.child(Kind::name).and_then(|name| name.leaf(Kind::ident))
    }

    /// The title in quotes, as text.
    pub fn title(&self) -> Option<String> {
        self.0.leaf(Kind::text).map(|text| text_value(text.text()))
    }

    /// The word after `as`.
    pub fn kind(&self) -> Option<Token> {
        self.0.child(Kind::as_kind).and_then(|part| part.leaf(Kind::ident))
    }

    /// The path after `of`.
    pub fn of(&self) -> Option<Token> {
        self.0.child(Kind::of_ref).and_then(|part| part.leaf(Kind::path))
    }

    /// The block, if it has one.
    pub fn block(&self) -> Option<Node> {
        self.0.child(Kind::block).or_else(|| self.0.child(Kind::template_block))
    }

    /// Whether a part of the head could not be read.
    pub fn is_broken(&self) -> bool {
        [Kind::head_junk, Kind::next_line].iter().any(|kind| self.0.leaf(*kind).is_some())
    }

    /// The lines of `///` directly before it, without the slashes.
    pub fn doc(&self) -> Option<String> {
        let mut lines = Vec::new();
        let mut before = self.0.prev_sibling_or_token();
        while let Some(element) = before {
            match element.kind() {
                Kind::blank | Kind::newline => {}
                Kind::doc => lines.push(element.as_token()?.text().trim_start_matches('/').trim().to_owned()),
                _ => break,
            }
            before = element.prev_sibling_or_token();
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}
