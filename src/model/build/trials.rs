//! Each template is checked by itself, with anything of their kind for its parameters.

use super::places::{Argument, Prefix, View, same_place};
use super::templates::{DECLARED, VALUES};
use super::variants::VARYING;
use super::{Builder, Declaration};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Known;
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Token, range_span};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many blocks for some options of one template are tried by themselves.
const MOST_TRIED: usize = 100;

/// Whether a dimension is given to a template.
fn takes_dimension(template: &Node) -> bool {
    let params = template.child(Kind::params);
    let params = params.iter().flat_map(|all| all.all(Kind::param).collect::<Vec<_>>());
    let mut kinds = params.filter_map(|param| param.child(Kind::as_kind)?.leaf(Kind::ident));
    kinds.any(|kind| kind.text() == "dimension")
}

impl Builder<'_> {
    /// Checks the templates of statements of the file, and the parameters of all of them.
    pub(super) fn check_templates(&mut self, linked: &Linked) {
        let file = linked.root.file;
        for template in linked.root.root.children().filter(|node| node.kind() == Kind::template) {
            self.scope.file = file;
            let arguments = self.stand_ins(&template);
            let of = Decl(template.clone()).of();
            self.reject_mixture(&template, of.is_some());
            let Some(of) = of else { continue };
            let blocks = template.descendants().filter(|node| node.kind() == Kind::s_variant_block);
            let blocks = blocks.take(MOST_TRIED).map(|block| Some(block.text_range()));
            for tried in std::iter::once(None).chain(blocks) {
                let Some((again, body)) = self.by_itself(&template, arguments.clone(), None, file) else { continue };
                // What differs means something wherever the template is used for one of its options.
                if VARYING.contains(&of.text()) {
                    self.scope.variant = self.any_variant(&body);
                }
                self.scope.tried = tried;
                self.check_statements(&of, &again, &body);
                self.scope.tried = None;
                self.leave();
            }
        }
        self.leave();
    }

    /// Checks the templates of declarations that nothing has been made of, by making declarations of each. They are lowered
    /// beside those of the agreement, which they name, and nothing remains of them but what is found in them.
    pub(super) fn try_templates(&mut self, linked: &Linked, declarations: Vec<Declaration>, known: Rc<Known>) {
        self.try_some(linked, declarations.clone(), Rc::clone(&known), |template| !takes_dimension(template));
        // Which options a dimension has that is given, and whether what differs is chosen by it, is known where it is given.
        self.scope.is_any_option = true;
        self.try_some(linked, declarations, known, takes_dimension);
    }

    fn try_some(
        &mut self,
        linked: &Linked,
        declarations: Vec<Declaration>,
        known: Rc<Known>,
        which: fn(&Node) -> bool,
    ) {
        let file = linked.root.file;
        let (views, told) = (self.scope.views.len(), self.findings.len());
        let mut all = declarations;
        let before = all.len();
        for template in linked.root.root.children().filter(|node| node.kind() == Kind::template && which(node)) {
            let is_made = self.scope.used.contains(&range_span(file, template.text_range()));
            if Decl(template.clone()).of().is_some() || is_made {
                continue;
            }
            self.leave();
            let arguments = self.stand_ins(&template);
            let prefix = self.trial_prefix(&template);
            let Some((_, body)) = self.by_itself(&template, arguments, prefix, file) else { continue };
            let made = self.made_of_body(&body, &mut Vec::new());
            self.check_uses(&body);
            all.extend(made);
        }
        if all.len() > before {
            self.collect_dimensions(&all, known);
            self.spread(&mut all);
            self.lower(&linked.root, &all);
        }
        self.leave();
        let is_new = |finding: &Diagnostic| finding.span.is_some_and(|span| span.file.view() as usize > views);
        let found = self.findings.split_off(told);
        self.findings.extend(found.into_iter().filter(is_new));
    }

    /// Tells a declaration among the statements of a template, and a statement among its declarations.
    fn reject_mixture(&mut self, template: &Node, statements: bool) {
        let Some(block) = template.child(Kind::template_block) else { return };
        let is_use = |node: &Node| matches!(node.kind(), Kind::use_items | Kind::s_use);
        let odd = |node: &Node| !is_use(node) && statements == (node.kind() == Kind::decl);
        let Some(first) = block.children().find(odd) else { return };
        if self.scope.unread_in(self.scope.file).unclosed.contains(&block.text_range().start().into()) {
            return;
        }
        let word = crate::syntax::keyword(&first);
        let (message, help) = match statements {
            true => (
                format!("`{word}` is a declaration, and this template holds statements"),
                "leave out `of …` where a template holds declarations".to_owned(),
            ),
            false => {
                // What stands in many blocks does not tell which one is meant; what it holds may.
                let is_wide = |word: &str| matches!(word, "for" | "otherwise");
                let within = first.descendants().skip(1).map(|node| crate::syntax::keyword(&node));
                let words = std::iter::once(word.clone()).chain(within).filter(|word| !is_wide(word));
                let form = words.filter_map(|word| crate::syntax::form(&word)?.blocks.first()).next();
                (
                    format!("`{word}` is a statement, and this template holds declarations"),
                    format!("say for which block its statements are: `of {}`", form.unwrap_or(&"commitment")),
                )
            }
        };
        let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, self.span(&first), message);
        self.tell(finding.primary("does not belong here").help(help));
    }

    /// What is put before the names of a template that is tried, if one of them is taken.
    fn trial_prefix(&self, template: &Node) -> Option<Prefix> {
        let block = template.child(Kind::template_block)?;
        let names = block.children().filter(|node| node.kind() == Kind::decl).filter_map(|node| Decl(node).name());
        let taken = names.into_iter().any(|name| self.scope.is_taken(name.text()));
        let name = Decl(template.clone()).name().filter(|_| taken)?;
        Some(Prefix { name: name.text().to_owned(), title: None })
    }

    /// A template in a view of its own, and its body.
    fn by_itself(
        &mut self,
        template: &Node,
        arguments: BTreeMap<String, Argument>,
        prefix: Option<Prefix>,
        file: FileId,
    ) -> Option<(Node, Node)> {
        let view = View { arguments, own: BTreeMap::new(), prefix, used: Span::new(file, 0, 0) };
        let (root, view) = self.scope.views.add(template, file, view);
        self.scope.file = view;
        let again = same_place(template, &root)?;
        let body = again.child(Kind::template_block)?;
        Some((again, body))
    }

    /// What stands for the parameters of a template; those that say nothing that can be understood are told.
    fn stand_ins(&mut self, template: &Node) -> BTreeMap<String, Argument> {
        let mut arguments = BTreeMap::new();
        let params = template.child(Kind::params);
        for param in params.iter().flat_map(|all| all.all(Kind::param).collect::<Vec<_>>()) {
            let Some(name) = param.leaf(Kind::ident) else { continue };
            let kind = param.child(Kind::as_kind).and_then(|kind| kind.leaf(Kind::ident));
            let argument = match kind.as_ref().map(Token::text) {
                Some(word) if DECLARED.contains(&word) => {
                    Argument::Declared(DECLARED.iter().find(|one| **one == word).copied().unwrap_or_default())
                }
                Some(word) => match VALUES.iter().find(|(one, _)| *one == word) {
                    Some((word, _)) => Argument::Value(word),
                    None => {
                        let words: Vec<&str> =
                            VALUES.iter().map(|(word, _)| *word).chain(DECLARED.iter().copied()).collect();
                        let finding =
                            kind.as_ref().map(|kind| self.unknown_word(codes::UNKNOWN_OPTION_WORD, kind, &words));
                        self.findings.extend(finding);
                        Argument::Broken
                    }
                },
                None => {
                    let finding = Diagnostic::new(
                        codes::INCOMPLETE_STATEMENT,
                        self.at(&name),
                        format!("the parameter `{}` does not say what it is", name.text()),
                    );
                    self.tell(
                        finding.primary("`as …` is missing").help("say for example `as ratio`, `as fee` or `as party`"),
                    );
                    Argument::Broken
                }
            };
            self.is_reserved(name.text(), "parameter", self.at(&name));
            if arguments.insert(name.text().to_owned(), argument).is_some() {
                let message = format!("`{}` is declared twice", name.text());
                let finding = Diagnostic::new(codes::DUPLICATE_NAME, self.at(&name), message);
                self.tell(finding.primary("this parameter needs another name"));
            }
        }
        arguments
    }

    /// Checks the statements of a template as those of the declaration that they are for.
    fn check_statements(&mut self, of: &Token, template: &Node, body: &Node) {
        let decl = Decl(template.clone());
        match of.text() {
            "commitment" => drop(self.commitment(&decl)),
            "support" => drop(self.support(&decl)),
            "maintenance" => drop(self.maintenance(&decl)),
            "duty" => drop(self.duty(&decl)),
            "report" => drop(self.report(&decl)),
            "signal" => drop(self.signal(&decl)),
            word if crate::syntax::form(word).is_some_and(|form| form.blocks.is_empty()) => {
                self.statements(word, Some(body.clone()));
            }
            word => {
                let message = format!("no declaration has the keyword `{word}`");
                let finding = Diagnostic::new(codes::UNKNOWN_OPTION_WORD, self.at(of), message);
                self.tell(
                    finding
                        .primary("say for which block the statements are")
                        .help("for example `template month_credits(goal as ratio, base as fee) of commitment { … }`"),
                );
            }
        }
    }
}
