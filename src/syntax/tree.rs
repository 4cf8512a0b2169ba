//! From pest's events to a lossless tree: every byte of the file is in exactly one leaf, in order.

use super::grammar::Kind;
use pest::Token as Event;
use pest::iterators::Pairs;
use rowan::GreenNodeBuilder;
use std::sync::LazyLock;

/// The language of the tree, as rowan wants to know it: a kind is a rule of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sla {}

/// The rules by their number; pest's own list leaves some out.
static KINDS: LazyLock<Vec<Option<Kind>>> = LazyLock::new(|| {
    let mut kinds = Vec::new();
    for kind in Kind::all_rules() {
        let number = *kind as usize;
        kinds.resize(kinds.len().max(number + 1), None);
        if let Some(slot) = kinds.get_mut(number) {
            *slot = Some(*kind);
        }
    }
    kinds
});

impl rowan::Language for Sla {
    type Kind = Kind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> Kind {
        KINDS.get(usize::from(raw.0)).copied().flatten().unwrap_or(Kind::junk)
    }

    fn kind_to_raw(kind: Kind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the tree.
pub type Node = rowan::SyntaxNode<Sla>;
/// A node or a leaf.
pub type Element = rowan::SyntaxElement<Sla>;
/// A leaf of the tree.
pub type Token = rowan::SyntaxToken<Sla>;

/// A place where the parser had to recover.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trouble {
    /// The rule of the grammar that caught it.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// The kind and the first byte of the node that it is directly in.
    pub parent: (Kind, usize),
    /// The first byte of what stands before it in that node, or of the node.
    pub before: usize,
    /// The first byte of the node around that one: of a block, its head.
    pub owner: usize,
    /// The first byte of the declaration that it is in, or that it follows at the top of the file.
    pub declaration: Option<usize>,
}

/// What is noted while the tree is built.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// The places of recovery.
    pub troubles: Vec<Trouble>,
    /// Names that begin with a capital letter, where they are declared.
    pub capitals: Vec<(usize, usize)>,
    /// Texts in quotes that have a backslash.
    pub escapes: Vec<(usize, usize)>,
    /// The first currency that a statement names: that of the agreement.
    pub currency: Option<(usize, usize)>,
}

/// A node that is not finished.
struct Open {
    kind: Kind,
    start: usize,
    /// The first byte of the last thing in it.
    last: usize,
}

/// Builds the tree from the events of a parse, and notes what is wrong. Blanks at a node's end are left to its parent,
/// so that the range of a node is the range of what it says.
pub(super) fn build(text: &str, pairs: Pairs<'_, Kind>) -> (Node, Noted) {
    let mut builder = GreenNodeBuilder::new();
    let (mut noted, mut open, mut declaration) = (Noted::default(), Vec::<Open>::new(), None);
    let mut done = 0;
    let mut events = pairs.tokens().peekable();
    while let Some(event) = events.next() {
        match event {
            Event::Start { rule: Kind::EOI, .. } | Event::End { rule: Kind::EOI, .. } => {}
            Event::Start { rule, pos } => {
                let start = pos.pos();
                fill(&mut builder, text.get(done..start).unwrap_or(""));
                done = start;
                if open.len() == 1 && matches!(rule, Kind::decl | Kind::odd_decl | Kind::template) {
                    declaration = Some(start);
                }
                let end = match events.peek() {
                    Some(Event::End { rule: next, pos }) if *next == rule && !always_node(rule) => Some(pos.pos()),
                    _ => None,
                };
                let (parent, before) =
                    open.last().map_or(((Kind::file, 0), 0), |node| ((node.kind, node.start), node.last));
                if is_trouble(rule) {
                    let end = end.unwrap_or(start);
                    let owner = open.iter().rev().nth(1).map_or(0, |node| node.start);
                    noted.troubles.push(Trouble { kind: rule, start, end, parent, before, owner, declaration });
                }
                if let Some(node) = open.last_mut() {
                    node.last = start;
                }
                if let Some(end) = end {
                    let leaf = text.get(start..end).unwrap_or("");
                    match rule {
                        Kind::ident
                            if names(parent.0) && leaf.starts_with(|first: char| first.is_ascii_uppercase()) =>
                        {
                            noted.capitals.push((start, end));
                        }
                        Kind::currency => noted.currency = noted.currency.or(Some((start, end))),
                        Kind::text if leaf.contains('\\') => noted.escapes.push((start, end)),
                        _ => {}
                    }
                    builder.token(raw(rule), leaf);
                    done = end;
                    events.next();
                } else {
                    builder.start_node(raw(rule));
                    open.push(Open { kind: rule, start, last: start });
                }
            }
            Event::End { rule, pos } => {
                let gap = text.get(done..pos.pos()).unwrap_or("");
                let said = if rule == Kind::file { gap } else { gap.trim_end_matches([' ', '\t', '\r', '\n']) };
                fill(&mut builder, said);
                done += said.len();
                builder.finish_node();
                open.pop();
            }
        }
    }
    (Node::new_root(builder.finish()), noted)
}

/// A tree of one unreadable leaf, for a text that the parser must not see.
pub(super) fn unreadable(text: &str) -> Node {
    let mut builder = GreenNodeBuilder::new();
    builder.start_node(raw(Kind::file));
    builder.token(raw(Kind::junk), text);
    builder.finish_node();
    Node::new_root(builder.finish())
}

fn is_trouble(rule: Kind) -> bool {
    matches!(
        rule,
        Kind::junk
            | Kind::head_junk
            | Kind::tail_junk
            | Kind::late_open
            | Kind::next_line
            | Kind::next_tail
            | Kind::odd_call
            | Kind::odd_kw
            | Kind::odd_name
            | Kind::doubled_open
            | Kind::missing_close
            | Kind::missing_name
            | Kind::stray_close
    )
}

/// Rules whose word is the name of something that is declared there.
fn names(rule: Kind) -> bool {
    matches!(rule, Kind::name | Kind::named | Kind::param | Kind::imported | Kind::use_as)
}

fn raw(kind: Kind) -> rowan::SyntaxKind {
    rowan::SyntaxKind(kind as u16)
}

/// Rules that are nodes even when they hold nothing but punctuation.
fn always_node(rule: Kind) -> bool {
    matches!(rule, Kind::block | Kind::template_block | Kind::rows | Kind::series_block | Kind::stamp_block)
}

/// Names the bytes between two rules: blanks, newlines, punctuation.
fn fill(builder: &mut GreenNodeBuilder<'_>, mut gap: &str) {
    while let Some(first) = gap.chars().next() {
        let blanks = gap.len() - gap.trim_start_matches([' ', '\t', '\u{FEFF}']).len();
        let (kind, length) = match first {
            ' ' | '\t' | '\u{FEFF}' => (Kind::blank, blanks),
            '\n' => (Kind::newline, 1),
            '\r' if gap.starts_with("\r\n") => (Kind::newline, 2),
            '\r' => (Kind::newline, 1),
            other => (Kind::punct, other.len_utf8()),
        };
        let (leaf, rest) = gap.split_at_checked(length).unwrap_or((gap, ""));
        builder.token(raw(kind), leaf);
        gap = rest;
    }
}

/// The tree's text, leaf by leaf: the file, byte for byte.
pub fn print(root: &Node) -> String {
    let mut text = String::with_capacity(root.text_range().len().into());
    for element in root.descendants_with_tokens() {
        if let Some(token) = element.as_token() {
            text.push_str(token.text());
        }
    }
    text
}
