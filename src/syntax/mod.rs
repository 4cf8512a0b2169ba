//! Text to a lossless syntax tree that always exists. The only room that knows pest.
//!
//! Every byte of a file is in one leaf of the tree; what could not be read is a node of its own and a diagnostic.

mod errors;
mod forms;
mod grammar;
mod nesting;
mod node;
mod tree;
mod words;

pub use forms::{DECLARATIONS, Form, STATEMENTS, declaration_form, form};
pub use grammar::Kind;
pub use nesting::MAX_NESTING;
pub use node::{Decl, NodeExt, keyword, range_span};
pub use tree::{Element, Node, Sla, Token, print};
pub use words::text_value;

use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use pest::Parser as _;
use std::collections::BTreeSet;

/// A parsed file.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The file.
    pub file: FileId,
    /// The node of the whole file.
    pub root: Node,
    /// What could not be read, so that later stages do not take its consequences for mistakes.
    pub unread: Unread,
}

/// What the parser passed over.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    /// Whether there is anything that could not be read: then nothing is known to be absent.
    pub any: bool,
    /// The words in the unreadable pieces; one of them may have declared the name that seems to be undefined.
    pub words: BTreeSet<String>,
    /// Where they stand: the first byte of each.
    pub places: Vec<usize>,
    /// The keywords of declarations whose name is missing.
    pub nameless: BTreeSet<String>,
}

/// Parses a file. It cannot fail: what cannot be read is in the tree and in the diagnostics.
pub fn parse(file: FileId, text: &str) -> (Tree, Vec<Diagnostic>) {
    if let Some(at) = nesting::too_deep(text) {
        let span = Span::new(file, at as u32, at as u32 + 1);
        let finding =
            Diagnostic::new(codes::NESTED_TOO_DEEPLY, span, "braces, parentheses or conditions are nested too deeply")
                .primary(format!("this is level {}", MAX_NESTING + 1))
                .help(format!("at most {MAX_NESTING} levels can be read; give the inner parts names of their own"));
        let unread = Unread { any: true, ..Unread::default() };
        return (Tree { file, root: tree::unreadable(text), unread }, vec![finding]);
    }
    let Ok(pairs) = grammar::SlaParser::parse(Kind::file, text) else {
        let span = Span::new(file, 0, 0);
        let finding = Diagnostic::new(codes::UNEXPECTED_TEXT, span, "the file cannot be read");
        let unread = Unread { any: true, ..Unread::default() };
        return (Tree { file, root: tree::unreadable(text), unread }, vec![finding]);
    };
    let (root, troubles) = tree::build(text, pairs);
    let (unread, findings) = errors::report(file, text, &troubles);
    (Tree { file, root, unread }, findings)
}

/// How many events pest alone makes of a text: the measure that the tree is held against. Of no other use.
#[doc(hidden)]
pub fn parse_bare(text: &str) -> usize {
    grammar::SlaParser::parse(Kind::file, text).map_or(0, |pairs| pairs.tokens().len())
}
