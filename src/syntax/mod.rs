//! Text to a lossless syntax tree that always exists. The only room that knows pest.
//!
//! Every byte of a file is in one leaf of the tree; what could not be read is a node of its own and a diagnostic.

mod errors;
mod forms;
mod grammar;
mod hidden;
mod nesting;
mod node;
mod shared;
mod tree;
mod words;

pub use forms::{DECLARATIONS, Form, STATEMENTS, declaration_form, form};
pub use grammar::Kind;
pub use nesting::MAX_NESTING;
pub use node::{Decl, NodeExt, keyword, range_span};
pub use shared::{Import, Origin, Parsed, parse_shared};
pub use tree::{Element, Node, Sla, Token, print};
pub use words::text_value;

use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use pest::Parser as _;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Where they stand: the first byte of each, in order.
    pub places: Vec<usize>,
    /// The keywords of declarations whose name is missing.
    pub nameless: BTreeSet<String>,
    /// The first byte of each block that is not closed.
    pub unclosed: BTreeSet<usize>,
    /// What stands in place of names, such as `print-co`; the author may write it otherwise elsewhere.
    pub odd_names: Vec<String>,
    /// Statements and heads that were read only in part: the first byte of each, the first byte that could not be read,
    /// and the byte after the last one.
    pub torn: Vec<(usize, usize, usize)>,
}

impl Unread {
    /// Whether a place from `start` on, before `end`, could not be read.
    pub fn touches(&self, start: usize, end: usize) -> bool {
        self.places.get(self.places.partition_point(|place| *place < start)).is_some_and(|place| *place < end)
    }

    /// Whether a finding may be the consequence of a statement that was read only in part.
    ///
    /// A name that nothing is called stays a mistake, unless it is a word of the language or the rest of it is unread.
    pub fn explains(&self, finding: &Diagnostic, word: impl FnOnce() -> String) -> bool {
        let Some(span) = finding.span else { return false };
        let (start, end) = (span.start as usize, span.end as usize);
        // The pieces are apart from each other and in order.
        let after = self.torn.partition_point(|(from, ..)| *from <= start);
        let Some((_, broken, to)) = after.checked_sub(1).and_then(|last| self.torn.get(last)) else { return false };
        if start >= *to {
            return false;
        }
        finding.code != codes::UNDEFINED_NAME || end >= *broken || forms::is_word(&word())
    }
}

/// A file with all files that it imports, directly or by way of others.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The file itself.
    pub root: Tree,
    /// Those that are imported, each once, in the order in which they are first named.
    pub others: Vec<Tree>,
    /// Where each `import` leads, by the file that it stands in and its first byte. One that leads nowhere is not here;
    /// that is told.
    pub leads: BTreeMap<(FileId, u32), FileId>,
}

impl Linked {
    /// A file that imports nothing, or whose imports are not looked for.
    #[must_use]
    pub fn alone(root: Tree) -> Linked {
        Linked { root, others: Vec::new(), leads: BTreeMap::new() }
    }

    /// Whether each import of all files leads somewhere: what one that does not would bring is unknown.
    #[must_use]
    pub fn leads_everywhere(&self) -> bool {
        std::iter::once(&self.root).chain(&self.others).all(|tree| {
            let at = |node: Node| (tree.file, node.text_range().start().into());
            tree.root.all(Kind::import).all(|node| self.leads.contains_key(&at(node)))
        })
    }
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
    let (root, noted) = tree::build(text, pairs);
    let (hidden, mut findings) = hidden::find(file, text);
    let (unread, found) = errors::report(file, text, &noted, &hidden);
    findings.extend(found);
    (Tree { file, root, unread }, findings)
}

/// How many events pest alone makes of a text: the measure that the tree is held against. Of no other use.
#[doc(hidden)]
pub fn parse_bare(text: &str) -> usize {
    grammar::SlaParser::parse(Kind::file, text).map_or(0, |pairs| pairs.tokens().len())
}
