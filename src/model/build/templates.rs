//! Templates: each stands once, is checked by itself, and is read anew wherever it is used.

use super::imports::{Local, PRIVATE};
use super::places::{Argument, Meaning, Prefix, View, same_place, sole_path};
use super::{Builder, Declaration, Doubled};
use crate::calculus::Type;
use crate::diagnostics::{Diagnostic, Fix, Severity, codes, did_you_mean, with_article};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Token, declaration_form, range_span};
use std::collections::{BTreeMap, BTreeSet};

/// How deep templates may use each other.
const DEEPEST: usize = 16;
/// How many uses of templates an agreement may have.
const MOST_USES: usize = 5_000;
/// What a parameter may be, if not a declaration: the words, and the type of such a value.
pub(super) const VALUES: &[(&str, Option<Type>)] = &[
    ("ratio", Some(Type::Ratio)),
    ("duration", Some(Type::Duration)),
    ("number", Some(Type::Number)),
    ("condition", Some(Type::Boolean)),
    ("text", Some(Type::Text)),
    // Of any currency, and of any length: they are checked where they are used.
    ("money", None),
    ("amount", None),
];
/// The declarations that a parameter may stand for.
pub(super) const DECLARED: &[&str] = &[
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
    pub(super) fn used(&mut self, statement: &Node, owner: Option<&str>) -> Option<Node> {
        let call = statement.child(Kind::call)?;
        let name = call.leaf(Kind::ident)?;
        let file = self.scope.file_of(&call);
        let (from, template) = match self.origin(file, name.text()) {
            Some((from, _, Local::Template(template))) => (from, template),
            Some((.., Local::Declared(decl, keyword))) => {
                let message = format!("`{}` is {}, not a template", name.text(), with_article(keyword));
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
        self.scope.used.insert(range_span(from, template.text_range()));
        let at = self.span(&call);
        let block = template.child(Kind::template_block)?;
        let prefix = statement.child(Kind::use_as);
        if let Some(owner) = owner {
            let fits = self.fits_block(&template, owner, &name);
            if let Some(prefix) = prefix.as_ref().filter(|_| Decl(template.clone()).of().is_some()) {
                let message = format!("`{}` declares nothing that could be called otherwise", name.text());
                let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, self.span(prefix), message);
                self.tell(finding.primary("has no meaning here").help("leave it out"));
            }
            // What it says belongs in another block as well.
            if !fits {
                return None;
            }
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
                view.arguments.extend(misfits.into_iter().map(|name| (name, Argument::Broken)));
            }
            return Some(body);
        }
        if !self.may_use(&template, from, at) {
            return None;
        }
        let arguments = params.iter().zip(&given).filter_map(|(param, given)| {
            let name = param.leaf(Kind::ident)?.text().to_owned();
            let fits = !misfits.contains(&name);
            Some((name, if fits { Argument::Given(given.clone()) } else { Argument::Broken }))
        });
        let prefix = prefix.as_ref().and_then(|prefix| {
            let name = prefix.leaf(Kind::ident)?.text().to_owned();
            Some(Prefix { name, title: Decl(prefix.clone()).title() })
        });
        let view = View { arguments: arguments.collect(), own: BTreeMap::new(), prefix, used: at };
        let (copy, _) = self.scope.views.add(&template, from, view);
        let body = same_place(&block, &copy)?;
        self.scope.bodies.insert(key, body.clone());
        Some(body)
    }

    /// Whether a template can be used once more: it does not lead back to itself, and there are not too many uses.
    fn may_use(&mut self, template: &Node, from: FileId, at: Span) -> bool {
        let name = Decl(template.clone()).name().map(|name| name.text().to_owned()).unwrap_or_default();
        let range = template.text_range();
        let (mut file, mut depth) = (at, 0);
        let mut way = BTreeSet::new();
        loop {
            way.insert((file.file.plain(), file.start));
            let within = file.file.plain() == from && range.contains(file.start.into());
            if within {
                let message = format!("the template `{name}` uses itself");
                let finding = Diagnostic::new(codes::CIRCULAR_DEFINITION, at, message);
                // A circle is the same one from wherever it is entered.
                self.cannot_follow(way, finding.primary("this would never end"));
                return false;
            }
            if depth > DEEPEST {
                let message = format!("templates are nested more than {DEEPEST} deep");
                let finding = Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, at, message);
                let finding = finding.primary("one too many").help("write what the innermost ones say in one template");
                self.cannot_follow(BTreeSet::new(), finding);
                return false;
            }
            depth += 1;
            match self.scope.views.of(file.file) {
                Some(view) if !view.used.is_empty() => file = view.used,
                // One that is tried by itself is used nowhere.
                _ => break,
            }
        }
        if self.scope.views.len() >= MOST_USES {
            let message = format!("templates are used more than {MOST_USES} times");
            let finding = Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, at, message);
            self.cannot_follow(BTreeSet::new(), finding.primary("one too many").help("write several agreements"));
            return false;
        }
        true
    }

    /// Notes why a use cannot be followed, which is told once. What the use stands in is not known whole.
    fn cannot_follow(&mut self, way: BTreeSet<(FileId, u32)>, finding: Diagnostic) {
        self.scope.hushed += 1;
        self.scope.endless.entry(way).or_insert(finding);
    }

    fn no_template(&mut self, name: &Token, file: FileId) {
        if self.scope.is_unreadable(name.text()) {
            self.scope.hushed += 1;
            return;
        }
        let at = self.at(name);
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, at, format!("no template is called `{}`", name.text()));
        if !self.scope.is_looked_for(name.text(), at) {
            self.tell(finding.primary("not declared or imported here"));
            return;
        }
        let is_here = |of: FileId| of == file.plain();
        let elsewhere = |((of, known), local): (&(FileId, String), &Local)| match local {
            Local::Template(template) if known == name.text() && !is_here(*of) => Decl(template.clone()).name(),
            _ => None,
        };
        if let Some(there) = self.scope.locals.iter().find_map(elsewhere) {
            let help = format!("import it by name: `import {} from …`", name.text());
            self.tell(finding.primary("not imported by name").label(self.at(&there), "it is declared here").help(help));
            return;
        }
        let known = self.scope.locals.keys().filter(|(of, _)| is_here(*of)).map(|(_, name)| name.as_str());
        let near = did_you_mean(name.text(), known).map(str::to_owned);
        self.tell(match near {
            Some(near) => finding.primary(format!("did you mean `{near}`?")),
            None => finding.primary("not declared or imported here"),
        });
    }

    /// Tells a template of other statements than those of the block that it is used in.
    fn fits_block(&mut self, template: &Node, owner: &str, name: &Token) -> bool {
        let of = Decl(template.clone()).of();
        let made = of.as_ref().map(Token::text);
        if made.unwrap_or_default() == owner {
            return true;
        }
        let message = match (made, owner) {
            (Some(made), "") => format!("`{}` holds statements of a {made}, and no declarations", name.text()),
            (Some(made), _) => format!("`{}` is for the block of `{made}`, and this is `{owner}`", name.text()),
            (None, _) => format!("`{}` holds declarations, which stand at the top of a file", name.text()),
        };
        let at = Decl(template.clone()).name().map(|name| self.at(&name)).unwrap_or_default();
        let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, self.at(name), message);
        self.tell(finding.primary("does not belong here").label(at, "the template is declared here"));
        false
    }

    /// Whether what is given for a parameter is of its kind; tells it if not.
    fn fits_parameter(&mut self, param: &Node, from: FileId, given: &Node) -> bool {
        let Some(name) = param.leaf(Kind::ident) else { return true };
        let declared = range_span(from, name.text_range());
        if self.is_reserved(name.text(), "parameter", declared) {
            return false;
        }
        let Some(kind) = param.child(Kind::as_kind).and_then(|kind| kind.leaf(Kind::ident)) else { return true };
        let span = self.span(given);
        let wanted = kind.text();
        let label =
            |finding: Diagnostic| finding.label(declared, format!("`{}` is {}", name.text(), with_article(wanted)));
        if DECLARED.contains(&wanted) {
            let Some(path) = sole_path(given) else {
                let message = format!("`{}` stands for {}, and this is a value", name.text(), with_article(wanted));
                self.tell(label(Diagnostic::new(codes::WRONG_KIND, span, message).primary("a name is expected here")));
                return false;
            };
            return match wanted {
                "calendar" if self.scope.is_always(&path) => true,
                "contact" => self.party_ref(&path).is_some(),
                _ => !self.all_of(&path, &[wanted]).is_empty(),
            };
        }
        let told = self.findings.len();
        if wanted == "amount" {
            let fits = self.given_amount(given);
            let findings = self.findings.split_off(told);
            self.findings.extend(findings.into_iter().map(label));
            return fits;
        }
        if wanted == "text"
            && let Some(path) = sole_path(given)
            && !matches!(self.scope.meaning(path.text(), self.scope.file_at(&path)), Meaning::Argument(_))
        {
            let message = format!("`{}` is a text, and `{}` is none", name.text(), path.text());
            let quoted = format!("\"{}\"", path.text());
            let fix = Fix::replace(format!("write `{quoted}`"), span, quoted);
            self.tell(label(
                Diagnostic::new(codes::WRONG_KIND, span, message).primary("a text stands in quotes").fix(fix),
            ));
            return false;
        }
        let value = self.query(
            given,
            &super::expression::Local {
                measure: Some((Type::Poison, crate::calculus::Grain::Interval)),
                ..Default::default()
            },
        );
        if self.findings.iter().skip(told).any(|finding| finding.severity == Severity::Error) {
            // What is wrong with it is wrong wherever it stands in the template.
            return false;
        }
        if value.is_poison() {
            return true;
        }
        let fits = match VALUES.iter().find(|(word, _)| *word == wanted) {
            Some((_, Some(ty))) => value.ty == *ty,
            Some((_, None)) => matches!(value.ty, Type::Money(_)),
            None => true,
        };
        if let crate::calculus::ExprKind::Literal(crate::calculus::Value::Text(text)) = &value.kind
            && text.is_empty()
        {
            let message = format!("the text for `{}` is empty", name.text());
            let finding = Diagnostic::new(codes::INCOMPLETE_STATEMENT, span, message);
            self.tell(label(finding.primary("nothing would be chosen by it")));
            return false;
        }
        if !fits {
            let message = format!("`{}` is {}, and this is {}", name.text(), with_article(wanted), value.ty);
            self.tell(label(
                Diagnostic::new(codes::UNIT_MISMATCH, span, message).primary(format!("this is {}", value.ty)),
            ));
        }
        fits
    }

    /// The declarations that a `use` at the top of a file makes.
    pub(super) fn made_by_template(&mut self, node: &Node, doubled: &mut Vec<Vec<Doubled>>) -> Vec<Declaration> {
        let Some(body) = self.used(node, None) else {
            // What it would declare is not known.
            (self.scope.is_open, self.scope.is_any_name) = (true, true);
            return Vec::new();
        };
        self.made_of_body(&body, doubled)
    }

    /// The declarations in the body of a template, as it is read in one of its views.
    pub(super) fn made_of_body(&mut self, body: &Node, doubled: &mut Vec<Vec<Doubled>>) -> Vec<Declaration> {
        let (view, outer) = (self.scope.file_of(body), self.scope.file);
        self.scope.file = view;
        self.scope.is_any_name |= self.lacks_names(body);
        let (mut made, mut run) = (Vec::new(), Vec::new());
        for decl in body.children().filter(|node| node.kind() == Kind::decl).map(Decl) {
            let (Some(form), Some(name)) = (declaration_form(&decl.keyword()), decl.name()) else { continue };
            if PRIVATE.contains(&form.keyword) {
                let message = format!("a template makes no {}", form.keyword);
                let finding = Diagnostic::new(codes::MISPLACED_STATEMENT, self.span(&decl.0), message);
                self.tell(finding.primary("belongs into an agreement itself"));
                continue;
            }
            let base = self.scope.own(name.text(), view);
            let at = self.at(&name);
            if self.is_reserved(&base, form.keyword, at) {
                self.scope.poison_name(&base);
                continue;
            }
            run.extend(self.declare_as(&base, form.keyword, at, self.is_unread(&decl)));
            self.reject_extras(&decl.0);
            made.push(Declaration::new(form.keyword, decl, view, base));
        }
        doubled.push(run);
        for inner in body.children().filter(|node| node.kind() == Kind::use_items) {
            made.extend(self.made_by_template(&inner, doubled));
        }
        self.scope.file = outer;
        made
    }

    /// Whether the body of a template has places outside of named declarations that could not be read: a `use`, or a declaration,
    /// of which it is not known what it makes.
    pub(super) fn lacks_names(&self, body: &Node) -> bool {
        let unread = self.scope.unread_in(self.scope.file_of(body));
        let mut start = body.text_range().start().into();
        let named = body.children().filter(|node| node.kind() == Kind::decl && Decl(node.clone()).name().is_some());
        for range in named.map(|decl| decl.text_range()) {
            if unread.touches(start, range.start().into()) {
                return true;
            }
            start = range.end().into();
        }
        unread.touches(start, body.text_range().end().into())
    }

    /// The same of the uses in other files that have made something of the agreement.
    pub(super) fn check_uses_of_others(&mut self, linked: &Linked) {
        let uses = linked.others.iter().flat_map(|tree| tree.root.children());
        for node in uses.filter(|node| node.kind() == Kind::use_items) {
            self.check_use_of_other(&node);
        }
    }

    fn check_use_of_other(&mut self, node: &Node) {
        let Some(body) = self.used(node, None) else { return };
        let view = self.scope.file_of(&body);
        let mut names = body.children().filter(|node| node.kind() == Kind::decl).filter_map(|node| Decl(node).name());
        if names.any(|name| self.scope.global(name.text(), view).is_some()) {
            self.used(node, Some(""));
        }
        for inner in body.children().filter(|node| node.kind() == Kind::use_items) {
            self.check_use_of_other(&inner);
        }
    }

    /// Checks what is given to the templates of declarations that are used in a file, or in the body of one.
    pub(super) fn check_uses(&mut self, root: &Node) {
        for node in root.children().filter(|node| node.kind() == Kind::use_items) {
            if let Some(body) = self.used(&node, Some("")) {
                self.check_uses(&body);
            }
        }
    }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}
