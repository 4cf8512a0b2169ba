//! Dimensions of which an agreement has some options only: `import plan for gold from "terms.sla"`.

use super::Builder;
use super::dimensions::listed;
use super::imports::Local;
use super::variants::options_of;
use crate::diagnostics::{Diagnostic, codes, did_you_mean, with_article};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Token};
use std::collections::{BTreeMap, BTreeSet};

/// The options of a dimension that an agreement has, and where it says so.
#[derive(Clone)]
pub(super) struct Narrowed {
    pub options: BTreeSet<String>,
    pub at: Span,
}

/// What the imports of an agreement leave of the dimensions, by the name that a dimension has in it.
pub(super) type AllNarrowed = BTreeMap<String, Narrowed>;

impl Builder<'_> {
    /// Collects which options the imports name. The agreement itself decides; where it does not import a dimension by
    /// name, the first file does that imports it with options. Every other one that does needs to have all of them.
    pub(super) fn collect_narrowed(&mut self, linked: &Linked) {
        let mut whole: BTreeMap<String, Span> = BTreeMap::new();
        for tree in std::iter::once(&linked.root).chain(&linked.others) {
            let imports = tree.root.children().filter(|node| node.kind() == Kind::import);
            for imported in imports.flat_map(|node| node.all(Kind::imported).collect::<Vec<_>>()) {
                let is_root = tree.file == linked.root.file;
                let Some(local) = imported.leaves(Kind::ident).last() else { continue };
                let Some((file, name, what)) = self.origin(tree.file, local.text()) else { continue };
                let options = options_of(&imported);
                let found = self.options_imported(&local, &what, &options, tree.file).filter(|_| !options.is_empty());
                let Some(global) = self.scope.globals.get(&(file, name)).cloned() else { continue };
                let at = Span { file: tree.file, ..imported.span(tree.file) };
                match found {
                    Some(options) => self.narrow(global, Narrowed { options, at }, is_root, &whole),
                    None if is_root && options.is_empty() => {
                        whole.entry(global).or_insert(at);
                    }
                    None => {}
                }
            }
        }
    }

    /// The options of a dimension that an import names. What is wrong with them is told in the file that is checked.
    fn options_imported(
        &mut self,
        name: &Token,
        what: &Local,
        options: &[Token],
        file: FileId,
    ) -> Option<BTreeSet<String>> {
        let (first, told) = (options.first()?, self.findings.len());
        let Local::Declared(decl, "dimension") = what else {
            let kind = match what {
                Local::Declared(_, keyword) => with_article(keyword),
                Local::Template(_) => "a template".to_owned(),
                Local::Imported(..) | Local::Lost => return None,
            };
            let message = format!("`{}` is {kind}, and has no options", name.text());
            let finding = Diagnostic::new(codes::WRONG_KIND, self.at(first), message);
            let help = "a dimension is imported `for` some of its options, as the last of its import";
            self.tell_of(file, finding.primary("has no meaning here").help(help));
            // They may be meant as names.
            options.iter().for_each(|option| self.scope.poison_name(option.text()));
            return None;
        };
        let known: BTreeSet<String> =
            listed(decl).iter().filter_map(|node| Some(node.leaf(Kind::ident)?.text().to_owned())).collect();
        let mut chosen = BTreeSet::new();
        for token in options {
            if chosen.contains(token.text()) {
                let message = format!("`{}` is named twice", token.text());
                let finding = Diagnostic::new(codes::REPEATED_STATEMENT, self.at(token), message);
                self.tell_of(file, finding.primary("the second time"));
            } else if known.contains(token.text()) {
                chosen.insert(token.text().to_owned());
            } else {
                let finding = self.no_such_option(name, token, decl, &known);
                self.tell_of(file, finding);
                // Which one is meant is not known.
                self.scope.is_any_option = true;
            }
        }
        let is_sound = self.findings.len() == told && chosen.len() == options.len();
        (is_sound || !chosen.is_empty()).then_some(chosen)
    }

    fn no_such_option(&self, name: &Token, token: &Token, decl: &Decl, known: &BTreeSet<String>) -> Diagnostic {
        let message = format!("`{}` has no option `{}`", name.text(), token.text());
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(token), message);
        if decl.block().is_none() {
            let help = "its options are those that the measurements have: import it without `for`";
            return finding.primary("no option of it can be named here").help(help);
        }
        match did_you_mean(token.text(), known.iter().map(String::as_str)) {
            Some(near) => finding.primary(format!("did you mean `{near}`?")),
            None => finding.primary("no such option").help(format!(
                "its options are {}; what else is imported stands before `{} for`",
                known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", "),
                name.text()
            )),
        }
    }

    /// Tells what is wrong in the file that is checked; in other files it is told when they are.
    fn tell_of(&mut self, file: FileId, finding: Diagnostic) {
        if file == self.scope.root {
            self.tell(finding);
        }
    }

    fn narrow(&mut self, dimension: String, new: Narrowed, is_root: bool, whole: &BTreeMap<String, Span>) {
        let here = self.scope.narrowed.get(&dimension);
        let (lacking, at) = match (here, whole.get(&dimension)) {
            (Some(here), _) => (here.options.difference(&new.options).cloned().collect::<Vec<_>>(), here.at),
            // The agreement has all of them.
            (None, Some(at)) if !is_root => (vec!["the others".to_owned()], *at),
            (None, _) => {
                self.scope.narrowed.insert(dimension, new);
                return;
            }
        };
        if lacking.is_empty() {
            return;
        }
        let names = lacking.iter().map(|one| if here.is_some() { format!("`{one}`") } else { one.clone() });
        let names = names.collect::<Vec<_>>().join(", ");
        let only = new.options.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        let message = format!("`{dimension}` has options here for which another file says nothing: {names}");
        let finding = Diagnostic::new(codes::VARIANT_MISSING, at, message).primary("with these options");
        self.scope.is_any_option = true;
        self.tell(
            finding
                .label(new.at, format!("only {only} there"))
                .help(format!("import `{dimension}` for options that both have")),
        );
    }

    /// Whether a name stands for an option that the agreement leaves out. Files that are shared say something for
    /// options that not every agreement has; in the agreement itself it is a mistake.
    pub(super) fn left_out(&self, token: &Token, among: &[String]) -> Option<String> {
        let is_shared = self.at(token).file.plain() != self.scope.root;
        self.scope.dimensions.without(token.text(), among).filter(|_| is_shared).map(str::to_owned)
    }

    /// Whether what stands at a place is written for more options than the agreement may have.
    pub(super) fn is_for_more(&self, node: &Node, among: &[String]) -> bool {
        let is_shared = self.span(node).file.plain() != self.scope.root;
        is_shared && among.iter().any(|dimension| self.scope.narrowed.contains_key(dimension))
    }
}
