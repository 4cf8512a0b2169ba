//! Templates: each stands once, is checked by itself, and is read anew wherever it is used.

use super::imports::{Local, PRIVATE};
use super::places::{Argument, View, same_place, sole_path};
use super::{Builder, Declaration, Doubled};
use crate::calculus::Type;
use crate::diagnostics::{Diagnostic, codes, did_you_mean};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Token, declaration_form, range_span};
use std::collections::{BTreeMap, BTreeSet};

/// How deep templates may use each other.
const DEEPEST: usize = 16;
/// How many uses of templates an agreement may have.
const MOST_USES: usize = 5_000;
/// What a parameter may be, if not a declaration: the words, and the type of such a value.
const VALUES: &[(&str, Option<Type>)] = &[
    ("ratio", Some(Type::Ratio)),
    ("duration", Some(Type::Duration)),
    ("number", Some(Type::Number)),
    ("condition", Some(Type::Boolean)),
    // Of any currency, and of any length: they are checked where they are used.
    ("money", None),
    ("amount", None),
];
/// The declarations that a parameter may stand for.
const DECLARED: &[&str] = &[
    "party",
    "service",
    "fee",
    "constant",
    "signal",
    "metric",
    "calendar",
    "holidays",
    "commitment",
    "support",
    "exclusion",
    "maintenance",
    "dimension",
    "contact",
];

impl Builder<'_> {
    /// The body of the template that a `use` names, to be read with what is given there. `owner` is the keyword of the
    /// block that it stands in; without one nothing is said about how it is used.
    pub(super) fn used(&mut self, call: &Node, owner: Option<&str>) -> Option<Node> {
        let call = call.child(Kind::call)?;
        let name = call.leaf(Kind::ident)?;
        let file = self.scope.file_of(&call);
        let (from, template) = match self.origin(file, name.text()) {
            Some((from, _, Local::Template(template))) => (from, template),
            Some((.., Local::Declared(decl, keyword))) => {
                let message = format!("`{}` is {}, not a template", name.text(), super::parts::article(keyword));
                let finding = Diagnostic::new(codes::WRONG_KIND, self.at(&name), message);
                let at = decl.name().map_or_else(|| self.span(&decl.0), |name| self.at(&name));
                self.tell(finding.primary("a template is expected here").label(at, "it is declared here"));
                return None;
            }
            _ => {
                self.no_template(&name, file);
                return None;
            }
        };
        let at = self.span(&call);
        let block = template.child(Kind::template_block)?;
        if let Some(owner) = owner {
            self.fits_block(&template, owner, &name);
        }
        let params: Vec<Node> =
            template.child(Kind::params).iter().flat_map(|all| all.all(Kind::param).collect::<Vec<_>>()).collect();
        let given: Vec<Node> = call.all(Kind::query).collect();
        if params.len() != given.len() {
            let message = format!(
                "`{}` takes {}, and {} given",
                name.text(),
                counted(params.len()),
                if given.len() == 1 { "1 is".to_owned() } else { format!("{} are", given.len()) }
            );
            let head = Decl(template.clone()).name().map(|name| self.at(&name)).unwrap_or_default();
            let finding = Diagnostic::new(codes::WRONG_ARGUMENT, at, message);
            self.tell(finding.primary("the numbers differ").label(head, "the template is declared here"));
            return None;
        }
        let mut misfits = Vec::new();
        if owner.is_some() {
            for (param, given) in params.iter().zip(&given) {
                if !self.fits_parameter(param, from, given) {
                    misfits.extend(param.leaf(Kind::ident).map(|name| name.text().to_owned()));
                }
            }
        }
        let key = (at, range_span(from, template.text_range()));
        if let Some(body) = self.scope.bodies.get(&key).cloned() {
            // What follows from something of another kind is no mistake of its own.
            let view = self.scope.file_of(&body);
            if let Some(view) = self.scope.views.of_mut(view) {
                view.arguments.extend(misfits.into_iter().map(|name| (name, Argument::Any(Type::Poison))));
            }
            return Some(body);
        }
        if !self.may_use(&template, from, at) {
            return None;
        }
        let arguments = params.iter().zip(&given).filter_map(|(param, given)| {
            let name = param.leaf(Kind::ident)?.text().to_owned();
            let fits = !misfits.contains(&name);
            Some((name, if fits { Argument::Given(given.clone()) } else { Argument::Any(Type::Poison) }))
        });
        let view = View { arguments: arguments.collect(), own: BTreeSet::new(), used: at };
        let root = template.ancestors().last()?;
        let (copy, _) = self.scope.views.add(&root, from, view);
        let body = same_place(&block, &copy)?;
        self.scope.bodies.insert(key, body.clone());
        Some(body)
    }

    /// Whether a template can be used once more: it does not lead back to itself, and there are not too many uses.
    fn may_use(&mut self, template: &Node, from: FileId, at: Span) -> bool {
        let name = Decl(template.clone()).name().map(|name| name.text().to_owned()).unwrap_or_default();
        let range = template.text_range();
        let (mut file, mut depth) = (at, 0);
        loop {
            let within = file.file.plain() == from && range.contains(file.start.into());
            if within || depth > DEEPEST {
                let message = match within {
                    true => format!("the template `{name}` uses itself"),
                    false => format!("templates use each other more than {DEEPEST} levels deep"),
                };
                let finding = Diagnostic::new(codes::CIRCULAR_DEFINITION, at, message);
                self.tell(finding.primary("this would never end"));
                return false;
            }
            depth += 1;
            match self.scope.views.of(file.file) {
                Some(view) => file = view.used,
                None => break,
            }
        }
        if self.scope.views.len() >= MOST_USES {
            let message = format!("templates are used more than {MOST_USES} times");
            let finding = Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, at, message);
            if !std::mem::replace(&mut self.scope.overused, true) {
                self.tell(finding.primary("one too many").help("write several agreements"));
            }
            return false;
        }
        true
    }

    fn no_template(&mut self, name: &Token, file: FileId) {
        let known =
            self.scope.locals.iter().filter(|((of, _), _)| *of == file.plain()).map(|((_, name), _)| name.clone());
        let known: Vec<String> = known.collect();
        if self.scope.is_murky(name.text()) {
            self.scope.hushed += 1;
            return;
        }
        let finding =
            Diagnostic::new(codes::UNDEFINED_NAME, self.at(name), format!("no template is called `{}`", name.text()));
        self.tell(match did_you_mean(name.text(), known.iter().map(String::as_str)) {
            Some(near) => finding.primary(format!("did you mean `{near}`?")),
            None => finding.primary("not declared or imported here"),
        });
    }

    /// Tells a template of other statements than those of the block that it is used in.
    fn fits_block(&mut self, template: &Node, owner: &str, name: &Token) {
        let of = Decl(template.clone()).of();
        let made = of.as_ref().map(Token::text);
        if made.unwrap_or_default() == owner {
            return;
        }
        let message = match (made, owner) {
            (Some(made), "") => format!("`{}` holds statements of a {made}, and no declarations", name.text()),
            (Some(made), _) => format!("`{}` is for the block of `{made}`, and this is `{owner}`", name.text()),
            (None, _) => format!("`{}` holds declarations, which stand at the top of a file", name.text()),
        };
        let at = Decl(template.clone()).name().map(|name| self.at(&name)).unwrap_or_default();
        let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, self.at(name), message);
        self.tell(finding.primary("does not belong here").label(at, "the template is declared here"));
    }

    /// Whether what is given for a parameter is of its kind; tells it if not.
    fn fits_parameter(&mut self, param: &Node, from: FileId, given: &Node) -> bool {
        let (Some(name), Some(kind)) = (param.leaf(Kind::ident), param.child(Kind::as_kind)) else { return true };
        let Some(kind) = kind.leaf(Kind::ident) else { return true };
        let declared = range_span(from, name.text_range());
        let span = self.span(given);
        let wanted = kind.text();
        let label = |finding: Diagnostic| {
            finding.label(declared, format!("`{}` is {}", name.text(), super::parts::article(wanted)))
        };
        if DECLARED.contains(&wanted) {
            let Some(path) = sole_path(given) else {
                let message =
                    format!("`{}` stands for {}, and this is a value", name.text(), super::parts::article(wanted));
                self.tell(label(Diagnostic::new(codes::WRONG_KIND, span, message).primary("a name is expected here")));
                return false;
            };
            return match wanted {
                "contact" => self.party_ref(&path).is_some(),
                _ => !self.all_of(&path, &[wanted]).is_empty(),
            };
        }
        if wanted == "amount" {
            return true;
        }
        let told = self.findings.len();
        let value = self.query(
            given,
            &super::expression::Local {
                measure: Some((Type::Poison, crate::calculus::Grain::Interval)),
                ..Default::default()
            },
        );
        if value.is_poison() || self.findings.len() > told {
            return true;
        }
        let fits = match VALUES.iter().find(|(word, _)| *word == wanted) {
            Some((_, Some(ty))) => value.ty == *ty,
            Some((_, None)) => matches!(value.ty, Type::Money(_)),
            None => true,
        };
        if !fits {
            let message = format!("`{}` is {}, and this is {}", name.text(), super::parts::article(wanted), value.ty);
            self.tell(label(
                Diagnostic::new(codes::UNIT_MISMATCH, span, message).primary(format!("this is {}", value.ty)),
            ));
        }
        fits
    }

    /// The declarations that a `use` at the top of a file makes.
    pub(super) fn made_by_template(&mut self, node: &Node, doubled: &mut Vec<Vec<Doubled>>) -> Vec<Declaration> {
        let Some(body) = self.used(node, None) else { return Vec::new() };
        let (view, outer) = (self.scope.file_of(&body), self.scope.file);
        self.scope.file = view;
        let (mut made, mut run) = (Vec::new(), Vec::new());
        let decls: Vec<Decl> = body.children().filter(|node| node.kind() == Kind::decl).map(Decl).collect();
        for decl in &decls {
            let Some(name) = decl.name() else { continue };
            if let Some(view) = self.scope.views.of_mut(view) {
                view.own.insert(name.text().to_owned());
            }
            let mut at = outer;
            while let Some(user) = self.scope.views.of_mut(at) {
                user.own.insert(name.text().to_owned());
                at = user.used.file;
            }
            let key = (at.plain(), name.text().to_owned());
            self.scope.globals.entry(key).or_insert_with(|| name.text().to_owned());
        }
        for decl in decls {
            let (Some(form), Some(name)) = (declaration_form(&decl.keyword()), decl.name()) else { continue };
            if PRIVATE.contains(&form.keyword) {
                let message = format!("a template makes no {}", form.keyword);
                let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, self.span(&decl.0), message);
                self.tell(finding.primary("belongs into an agreement itself"));
                continue;
            }
            let at = self.at(&name);
            run.extend(self.declare_as(name.text(), form.keyword, at, self.is_unread(&decl)));
            self.reject_extras(&decl.0);
            let base = name.text().to_owned();
            made.push(Declaration::new(form.keyword, decl, view, base));
        }
        doubled.push(run);
        for inner in body.children().filter(|node| node.kind() == Kind::use_items) {
            made.extend(self.made_by_template(&inner, doubled));
        }
        self.scope.file = outer;
        made
    }

    /// Checks what is given to the templates that are used at the top of the file.
    pub(super) fn check_uses(&mut self, root: &Node) {
        for node in root.children().filter(|node| node.kind() == Kind::use_items) {
            self.used(&node, Some(""));
        }
    }

    /// Checks each template of the file by itself, with anything of their kind for its parameters.
    pub(super) fn check_templates(&mut self, linked: &Linked) {
        for template in linked.root.root.children().filter(|node| node.kind() == Kind::template) {
            self.scope.file = linked.root.file;
            self.check_template(&template, linked.root.file);
        }
        self.scope.file = linked.root.file;
        self.scope.variant.clear();
    }

    fn check_template(&mut self, template: &Node, file: FileId) {
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
                    Some((_, ty)) => Argument::Any(ty.clone().unwrap_or(Type::Poison)),
                    None => {
                        let words: Vec<&str> =
                            VALUES.iter().map(|(word, _)| *word).chain(DECLARED.iter().copied()).collect();
                        let finding =
                            kind.as_ref().map(|kind| self.unknown_word(codes::UNKNOWN_OPTION_WORD, kind, &words));
                        self.findings.extend(finding);
                        Argument::Any(Type::Poison)
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
                    Argument::Any(Type::Poison)
                }
            };
            if arguments.insert(name.text().to_owned(), argument).is_some() {
                let message = format!("`{}` is declared twice", name.text());
                let finding = Diagnostic::new(codes::DUPLICATE_NAME, self.at(&name), message);
                self.tell(finding.primary("this parameter needs another name"));
            }
        }
        let (Some(root), Some(block)) = (template.ancestors().last(), template.child(Kind::template_block)) else {
            return;
        };
        let used = Span::new(file, 0, 0);
        let view = View { arguments, own: BTreeSet::new(), used };
        let (copy, view) = self.scope.views.add(&root, file, view);
        let (Some(body), Some(again)) = (same_place(&block, &copy), same_place(template, &copy)) else { return };
        self.scope.file = view;
        if let Some(of) = Decl(template.clone()).of() {
            self.check_statements(&of, &again, &body);
        }
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

fn counted(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}
