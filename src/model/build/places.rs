//! Where a text stands and how it is read there: the names of each file, and templates with what they are given.
//!
//! A template stands once and is read anew at each of its uses. Each use sees the text in a *view* of its own: a tree with
//! a root of its own and the template at its place, so that every node knows by its root where it is read. Spans carry the view in their file, and
//! findings tell by it where a template is used.

use super::names::Scope;
use crate::source::{FileId, Span};
use crate::syntax::{Kind, Node, NodeExt, Sla, Token};
use rowan::{GreenNode, Language};
use std::collections::BTreeMap;

/// The calendar that needs no declaration.
pub(super) const ALWAYS: &str = "always";

/// What stands for a parameter of a template.
#[derive(Clone)]
pub(super) enum Argument {
    /// What a use of it says.
    Given(Node),
    /// Any value of that kind, one of the words of [`VALUES`](super::templates::VALUES), where the template is checked by itself.
    Value(&'static str),
    /// Any declaration of that keyword, where the template is checked by itself.
    Declared(&'static str),
    /// Something that was told to be wrong.
    Broken,
}

/// One use of a template.
pub(super) struct View {
    /// What is given, by parameter.
    pub arguments: BTreeMap<String, Argument>,
    /// What the template declares, with what that is called where it is used.
    pub own: BTreeMap<String, String>,
    /// What the names and the titles of what it declares begin with.
    pub prefix: Option<Prefix>,
    /// Where it is used; empty where the template is checked by itself.
    pub used: Span,
}

/// What a use of a template puts before the names, and the titles, of what it declares.
#[derive(Clone)]
pub(super) struct Prefix {
    pub name: String,
    pub title: Option<String>,
}

/// All views of one agreement, and where each tree is read.
#[derive(Default)]
pub(super) struct Views {
    views: Vec<View>,
    /// In which file, and view, the nodes below a root stand, by the address of its green node.
    roots: BTreeMap<usize, FileId>,
    /// The roots, which keep their addresses as long as they live.
    kept: Vec<Node>,
    /// Blank text: each piece is twice as long as the one before it.
    blanks: Vec<GreenNode>,
}

impl Views {
    /// Adds the tree of a file that is imported.
    pub fn add_file(&mut self, root: &Node, file: FileId) {
        self.roots.insert(address(root), file);
        self.kept.push(root.clone());
    }

    /// Adds a use of a template that stands in a file; the root below which it is read, in its place. What stands before it in
    /// its file is blank there, so that a view costs the same however long the file is.
    pub fn add(&mut self, template: &Node, file: FileId, view: View) -> (Node, FileId) {
        self.views.push(view);
        let file = file.plain().seen(u32::try_from(self.views.len()).unwrap_or(u32::MAX));
        let before = u32::from(template.text_range().start());
        let places = (0..u32::BITS).filter(|place| before >> place & 1 == 1);
        let blanks: Vec<_> = places.map(|place| self.blank(place as usize).into()).collect();
        let children = blanks.into_iter().chain([template.green().into_owned().into()]);
        let copy = rowan::SyntaxNode::<Sla>::new_root(GreenNode::new(
            Sla::kind_to_raw(Kind::file),
            children.collect::<Vec<_>>(),
        ));
        self.roots.insert(address(&copy), file);
        self.kept.push(copy.clone());
        (copy, file)
    }

    /// A piece of 2 to the power of `exponent` blanks, made of two halves that are the same node.
    fn blank(&mut self, exponent: usize) -> GreenNode {
        let kind = Sla::kind_to_raw(Kind::blank);
        while self.blanks.len() <= exponent {
            let next = match self.blanks.last() {
                Some(half) => GreenNode::new(kind, [half.clone().into(), half.clone().into()]),
                None => GreenNode::new(kind, [rowan::GreenToken::new(kind, " ").into()]),
            };
            self.blanks.push(next);
        }
        self.blanks.get(exponent).cloned().unwrap_or_else(|| GreenNode::new(kind, []))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.views.len()
    }

    /// The view that a file is seen in.
    pub fn of(&self, file: FileId) -> Option<&View> {
        self.views.get((file.view() as usize).checked_sub(1)?)
    }

    /// Whether a file is seen as a template by itself.
    pub fn is_trial(&self, file: FileId) -> bool {
        self.of(file).is_some_and(|view| view.used.is_empty())
    }

    /// The same, to be completed.
    pub fn of_mut(&mut self, file: FileId) -> Option<&mut View> {
        self.views.get_mut((file.view() as usize).checked_sub(1)?)
    }

    /// Where each use stands.
    pub fn uses(&self) -> Vec<Span> {
        self.views.iter().map(|view| view.used).collect()
    }

    /// Where a node is read; nothing if there is one file only.
    fn file(&self, node: &Node) -> Option<FileId> {
        if self.roots.is_empty() {
            return None;
        }
        node.ancestors().last().and_then(|root| self.roots.get(&address(&root)).copied())
    }
}

/// What tells one root from another.
fn address(root: &Node) -> usize {
    std::ptr::from_ref::<rowan::GreenNodeData>(&root.green()).addr()
}

/// What a name means where it stands.
pub(super) enum Meaning {
    /// What a parameter stands for.
    Argument(Argument),
    /// A declaration: its name in the model.
    Declared(String),
    /// A declaration that differs by dimensions of which no option is chosen here.
    Varies {
        /// Its name.
        base: String,
        /// The dimensions.
        by: Vec<String>,
    },
    /// Nothing.
    Nothing,
}

impl Scope<'_> {
    /// Whether what is lowered is a template by itself, so that no option is chosen.
    pub fn is_unused_template(&self) -> bool {
        self.views.is_trial(self.file)
    }

    /// The dimension that a word names, by itself or as what a parameter stands for.
    pub fn dimension_called(&self, token: &Token) -> Option<String> {
        let named = |token: &Token| {
            let name = self.global(token.text(), self.file_at(token))?;
            self.dimensions.has(name).then(|| name.to_owned())
        };
        match self.meaning(token.text(), self.file_at(token)) {
            Meaning::Argument(Argument::Given(node)) => named(&super::amounts::sole_token(&node)?),
            Meaning::Argument(_) => None,
            _ => named(token),
        }
    }
    /// Where a node is read.
    pub fn file_of(&self, node: &Node) -> FileId {
        self.views.file(node).unwrap_or(self.file)
    }

    /// Where a token is read.
    pub fn file_at(&self, token: &Token) -> FileId {
        token.parent().map_or(self.file, |node| self.file_of(&node))
    }

    /// The name in the agreement of what a file calls by a name.
    pub fn global(&self, name: &str, file: FileId) -> Option<&str> {
        match self.views.of(file).and_then(|view| Some((view.own.get(name)?, view.used.file))) {
            Some((name, user)) => self.global(name, user),
            None => self.globals.get(&(file.plain(), name.to_owned())).map(String::as_str),
        }
    }

    /// Declares a name in a view, and so in each that uses that one; the file whose `use` makes it, and what that file calls it.
    pub fn outer(&mut self, name: &str, file: FileId) -> (FileId, String) {
        let (mut name, mut file) = (name.to_owned(), file);
        while let Some(view) = self.views.of_mut(file) {
            let outer = match &view.prefix {
                Some(prefix) => format!("{}_{name}", prefix.name),
                None => name.clone(),
            };
            view.own.insert(name, outer.clone());
            (name, file) = (outer, view.used.file);
        }
        (file.plain(), name)
    }

    /// What a name of the agreement that is made in a view would be without what the outermost use puts before it.
    pub fn without_prefix<'n>(&self, name: &'n str, file: FileId) -> &'n str {
        let uses = std::iter::successors(self.views.of(file), |view| self.views.of(view.used.file));
        let prefix = uses.last().and_then(|outermost| outermost.prefix.as_ref());
        let rest = prefix.and_then(|prefix| name.strip_prefix(prefix.name.as_str())?.strip_prefix('_'));
        rest.unwrap_or(name)
    }

    /// Declares a name of the agreement in a view; what the agreement calls it.
    pub fn own(&mut self, name: &str, file: FileId) -> String {
        let (file, name) = self.outer(name, file);
        self.globals.entry((file, name.clone())).or_insert(name).clone()
    }

    /// A place in a file: for one in a view, where that is used.
    pub fn used_at(&self, span: Span) -> Span {
        let mut at = span;
        while let Some(view) = self.views.of(at.file) {
            at = view.used;
        }
        at
    }

    /// The title of what is declared in a view, with those of the uses that lead to it in brackets, the innermost first: there they
    /// tell things apart and leave the title a noun that sentences can use.
    pub fn titled(&self, title: String, file: FileId) -> String {
        let (mut uses, mut file) = (Vec::new(), file);
        while let Some(view) = self.views.of(file) {
            uses.extend(view.prefix.as_ref().and_then(|prefix| prefix.title.as_deref()));
            file = view.used.file;
        }
        if uses.is_empty() { title } else { format!("{title} ({})", uses.join(", ")) }
    }

    /// Whether a token stands for the calendar that never closes, which nobody declares.
    pub fn is_always(&self, token: &Token) -> bool {
        self.path(token).is_some_and(|(path, _)| path == ALWAYS)
    }

    /// What a name means in a file.
    pub fn meaning(&self, name: &str, file: FileId) -> Meaning {
        if let Some(argument) = self.views.of(file).and_then(|view| view.arguments.get(name)) {
            return Meaning::Argument(argument.clone());
        }
        match self.global(name, file) {
            Some(base) => self.in_variant(base),
            None => Meaning::Nothing,
        }
    }

    /// The declaration of a name in the variant that is lowered now.
    pub fn in_variant(&self, base: &str) -> Meaning {
        let Some(family) = self.families.get(base) else { return Meaning::Declared(base.to_owned()) };
        let chosen = |dimension: &String| self.variant.iter().any(|choice| choice.dimension == *dimension);
        let open: Vec<String> = family.hard.iter().filter(|dimension| !chosen(dimension)).cloned().collect();
        if !open.is_empty() {
            return Meaning::Varies { base: base.to_owned(), by: open };
        }
        Meaning::Declared(crate::model::name_in(base, &family.restricted(&self.variant)))
    }

    /// The name in the agreement of what a token names, if that is one thing.
    pub fn full_name(&self, token: &Token) -> Option<String> {
        let (text, file) = self.path(token)?;
        match self.meaning(&text, file) {
            Meaning::Declared(full) => Some(full),
            _ => None,
        }
    }

    /// The path of a token with what is given for its first name, and where that stands; nothing where it stands for
    /// something that is no path.
    pub fn path(&self, token: &Token) -> Option<(String, FileId)> {
        let (mut text, mut file) = (token.text().to_owned(), self.file_at(token));
        loop {
            let first = text.split('.').next().unwrap_or_default().to_owned();
            let Meaning::Argument(argument) = self.meaning(&first, file) else { return Some((text, file)) };
            let Argument::Given(node) = argument else { return Some((text, file)) };
            let given = sole_path(&node)?;
            text = format!("{}{}", given.text(), text.get(first.len()..).unwrap_or_default());
            file = self.file_at(&given);
        }
    }
}

/// The path that a node is, and nothing else.
pub(super) fn sole_path(node: &Node) -> Option<Token> {
    let mut said = node
        .descendants_with_tokens()
        .filter_map(crate::syntax::Element::into_token)
        .filter(|token| !matches!(token.kind(), Kind::blank | Kind::newline | Kind::comment | Kind::doc));
    let first = said.next().filter(|token| token.kind() == Kind::path)?;
    said.next().is_none().then_some(first)
}

/// The node of the same place in another copy of the tree.
pub(super) fn same_place(node: &Node, root: &Node) -> Option<Node> {
    let range = node.text_range();
    let kind = node.kind();
    let mut at = root.clone();
    loop {
        if at.text_range() == range && at.kind() == kind {
            return Some(at);
        }
        at = at.children().find(|child| child.text_range().contains_range(range))?;
    }
}

/// The file in which a statement of `import` stands, to find where it leads.
pub(super) fn import_key(node: &Node, file: FileId) -> (FileId, u32) {
    let span = node.span(file.plain());
    (span.file, span.start)
}
