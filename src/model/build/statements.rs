//! The statements of a block by their keyword: whether each belongs there, and whether it may stand there twice.

use super::Builder;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::{Kind, Node, NodeExt, form, keyword};

/// Statements that may stand in a block several times.
const REPEATABLE: &[&str] = &[
    "history",
    "scope",
    "out of scope",
    "waive",
    "closed",
    "open",
    "count",
    "value",
    "field",
    "milestone",
    "span",
    "option",
    "outcome",
    "channel",
    "step",
    "final",
    "pause",
    "after",
    "exclude",
    "excuses",
    "terminate",
    "cap",
    "times",
    "source",
    "given",
    "given case",
    "expect",
    "target",
    "standard",
    "contact",
    "priority",
    "agenda",
    "mitigate",
    "keep",
    "shows",
    "kpi",
    "via",
    "combine largest with",
    "depends on",
    "for",
    "use",
    "below",
    "above",
    "at most",
    "at least",
    "otherwise",
    "credit",
];

/// Statements that one may look for in a block, with what stands there instead.
const INSTEAD: &[(&str, &str, &str)] =
    &[("report", "on", "the calendar stands with the days: `within 5 days on office of window end`")];

/// The statements of one block.
#[derive(Default)]
pub(super) struct Statements(Vec<Kept>);

/// One of them.
struct Kept {
    keyword: String,
    node: Node,
    /// Whether it is for some options only.
    chosen: bool,
}

/// What is known of the place where a statement stands.
struct Place {
    /// Whether something that does not belong there has been told.
    misplaced: bool,
    /// Whether it is within a `for`.
    chosen: bool,
}

impl Statements {
    /// The first statement with this keyword.
    pub fn one(&self, keyword: &str) -> Option<&Node> {
        self.first(keyword).map(|kept| &kept.node)
    }

    fn first(&self, keyword: &str) -> Option<&Kept> {
        self.0.iter().find(|kept| kept.keyword == keyword)
    }

    /// Whether one of the statements with this keyword is for some options only.
    pub fn is_chosen(&self, keyword: &str) -> bool {
        self.0.iter().any(|kept| kept.keyword == keyword && kept.chosen)
    }

    /// All statements with this keyword.
    pub fn all<'a>(&'a self, keyword: &'a str) -> impl Iterator<Item = &'a Node> {
        self.0.iter().filter(move |kept| kept.keyword == keyword).map(|kept| &kept.node)
    }
}

impl Builder<'_> {
    /// The statements of a declaration's block that belong there; the others are told.
    pub(super) fn statements(&mut self, owner: &str, block: Option<Node>) -> Statements {
        let mut kept = Statements::default();
        // Where a brace is missing, what stands in the wrong block is its consequence.
        let misplaced = block.iter().flat_map(Node::ancestors).any(|node| {
            matches!(node.kind(), Kind::block | Kind::template_block)
                && self.scope.unread_in(self.scope.file_of(&node)).unclosed.contains(&node.text_range().start().into())
        });
        let mut place = Place { misplaced, chosen: false };
        for node in block.iter().flat_map(Node::children) {
            self.keep(owner, node, &mut kept, &mut place);
        }
        kept
    }

    /// The same without a word on those that do not belong there: that is said where the declaration is lowered.
    pub(super) fn plain_statements(&mut self, owner: &str, decl: &crate::syntax::Decl) -> Statements {
        let (told, hushed) = (self.findings.len(), self.scope.hushed);
        let all = self.statements(owner, decl.block());
        self.findings.truncate(told);
        self.scope.hushed = hushed;
        all
    }

    /// Keeps a statement that belongs in the block of `owner`; of one that stands for others, those.
    fn keep(&mut self, owner: &str, node: Node, kept: &mut Statements, place: &mut Place) {
        match node.kind() {
            Kind::s_variant_block => {
                if self.holds_here(&node) {
                    let block = node.child(Kind::block);
                    let outer = std::mem::replace(&mut place.chosen, true);
                    block.iter().flat_map(Node::children).for_each(|node| self.keep(owner, node, kept, place));
                    place.chosen = outer;
                }
                return;
            }
            // In a template either stands for the statements of another one.
            Kind::s_use | Kind::use_items => {
                let body = self.used(&node, Some(owner));
                // What could not be read of a template may be said where it is used.
                let is_torn = body.as_ref().is_some_and(|body| self.is_torn(body));
                self.scope.hushed += usize::from(is_torn);
                body.iter().flat_map(Node::children).for_each(|node| self.keep(owner, node, kept, place));
                return;
            }
            // What differs by an option is read with the value that it is.
            Kind::row | Kind::s_variant if ["constant", "fee", "metric"].contains(&owner) => {
                let rows = owner != "metric";
                if rows != (node.kind() == Kind::row) || node.child(Kind::bounds).is_some() {
                    let shape = if rows { "a row is written `gold gives 99.9%`" } else { "write `for gold = …`" };
                    self.misplaced(&node, "this", &format!("another block: {shape}"));
                }
                return;
            }
            _ => {}
        }
        self.keep_one(owner, node, kept, place);
    }

    /// Whether what stands after `for` holds in the variant that is lowered.
    fn holds_here(&mut self, node: &Node) -> bool {
        let among = self.chosen_dimensions();
        if self.scope.is_unused_template() && (among.is_empty() || self.scope.tried.is_some()) {
            // Which options there are is known where it is used: each block is tried by itself.
            let block = node.text_range();
            return self.scope.tried.is_some_and(|tried| block.contains_range(tried));
        }
        let options = super::variants::options_of(node);
        let Some(selection) = self.selection(&options, &among) else { return false };
        let holds = selection.has(&self.scope.variant);
        let span = self.span(node);
        let place = Span { file: span.file.plain(), ..span };
        // What a shared file says for options that this agreement does not have holds for others.
        let elsewhere = options.iter().any(|token| self.left_out(token, &among).is_some());
        *self.scope.holding.entry(place).or_default() |= holds || elsewhere;
        holds
    }

    fn keep_one(&mut self, owner: &str, node: Node, kept: &mut Statements, place: &mut Place) {
        let word = keyword(&node);
        let Some(form) = form(&word).filter(|form| !form.blocks.is_empty() && node.kind() != Kind::row) else {
            place.misplaced |= self.follows_unread(&node);
            if node.kind() == Kind::row && !place.misplaced {
                place.misplaced = true;
                self.misplaced(&node, "a row", "the block of a `credit` or a `constant`");
            }
            return;
        };
        if !form.blocks.contains(&owner) {
            place.misplaced |= self.follows_unread(&node);
            if !place.misplaced {
                let blocks = form.blocks.iter().map(|block| format!("`{block}`")).collect::<Vec<_>>().join(", ");
                self.misplaced(&node, &format!("`{word}`"), &format!("the block of {blocks}"));
            }
            place.misplaced = true;
            return;
        }
        let first = kept.first(&word).map(|first| (self.span(&first.node), first.chosen || place.chosen));
        if let Some((first, chosen)) = first
            && !REPEATABLE.contains(&word.as_str())
        {
            let finding =
                Diagnostic::new(codes::REPEATED_STATEMENT, self.span(&node), format!("`{word}` is said twice"))
                    .primary("the second time")
                    .label(first, "the first time")
                    .help("keep one of them");
            self.tell(if chosen { self.for_variant(finding) } else { finding });
            return;
        }
        self.reject_extras(&node);
        kept.0.push(Kept { keyword: word, node, chosen: place.chosen });
    }

    /// A finding about something that is so for one combination of options, which is its witness.
    pub(super) fn for_variant(&self, finding: Diagnostic) -> Diagnostic {
        match self.scope.variant.as_slice() {
            [] => finding,
            variant => {
                let titles: Vec<&str> = variant.iter().map(|choice| choice.title.as_str()).collect();
                let options: Vec<&str> = variant.iter().map(|choice| choice.option.as_str()).collect();
                finding.witness(format!("both hold for {}", titles.join(", "))).help(format!(
                    "say it once for that, in a block of its own: `for {} {{ … }}`, and elsewhere for the others",
                    options.join(", ")
                ))
            }
        }
    }

    /// Whether a part of a template's body could not be read.
    fn is_torn(&self, body: &Node) -> bool {
        let range = body.text_range();
        self.scope.unread_in(self.scope.file_of(body)).touches(range.start().into(), range.end().into())
    }

    /// Whether the end of the statement before could not be read: a brace may be missing there.
    fn follows_unread(&self, node: &Node) -> bool {
        let start = node.text_range().start().into();
        let before = node.prev_sibling().map_or(start, |before| before.text_range().start().into());
        self.scope.unread_in(self.scope.file_of(node)).touches(before, start)
    }

    /// Tells a misplaced statement. Others in the same block are likely to be there for the same reason.
    fn misplaced(&mut self, node: &Node, what: &str, place: &str) {
        let word = keyword(node);
        let outer = node.ancestors().find_map(|node| match node.kind() {
            Kind::decl | Kind::sub | Kind::odd_decl | Kind::s_oblige_block => Some(keyword(&node)),
            _ => None,
        });
        let owner_word = outer.as_deref().unwrap_or_default();
        let instead = INSTEAD.iter().find(|(owner, statement, _)| *owner == owner_word && *statement == word);
        let instead = instead.map(|(.., instead)| *instead);
        let owner =
            outer.as_ref().map_or_else(|| "this block".to_owned(), |word| format!("the block of this `{word}`"));
        self.tell(
            Diagnostic::new(codes::MISPLACED_STATEMENT, self.span(node), format!("{what} does not belong in {owner}"))
                .primary(format!("belongs in {place}"))
                .help(instead.unwrap_or("is a `}` missing before it?")),
        );
    }
}
