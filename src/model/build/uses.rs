//! What stands elsewhere: declarations of other files that are imported, and templates that are used.

use super::places::{Argument, View, import_key, same_place, sole_path};
use super::{Builder, Declaration, Doubled};
use crate::calculus::Type;
use crate::diagnostics::{Diagnostic, codes, did_you_mean};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Element, Kind, Linked, Node, NodeExt, Token, declaration_form, range_span};
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
    "party", "service", "fee", "constant", "signal", "metric", "calendar", "holidays", "commitment", "support",
    "exclusion", "maintenance", "dimension", "contact",
];
/// The declarations that belong to one agreement and to no other.
const PRIVATE: &[&str] = &["agreement", "example", "proposal"];

/// What a name of a file stands for.
#[derive(Clone)]
pub(super) enum Local {
    /// A declaration of that file.
    Declared(Decl, &'static str),
    /// A template of that file.
    Template(Node),
    /// What another file calls so.
    Imported(FileId, String),
}

/// The names of all files of an agreement.
pub(super) type Locals = BTreeMap<(FileId, String), Local>;

impl Builder<'_> {
    /// Collects what each file declares and imports.
    pub(super) fn collect_files(&mut self, linked: &Linked) {
        let shares = |node: &Node| matches!(node.kind(), Kind::template | Kind::import);
        let any = !linked.others.is_empty() || linked.root.root.children().any(|node| shares(&node));
        for tree in std::iter::once(&linked.root).chain(&linked.others) {
            if any {
                self.scope.views.add_file(&tree.root, tree.file);
            }
            self.scope.file = tree.file;
            for node in tree.root.children() {
                match node.kind() {
                    Kind::import => self.collect_imports(linked, &node),
                    Kind::template => self.collect_template(&node),
                    _ => {}
                }
            }
        }
        if any {
            for tree in &linked.others {
                for decl in tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl) {
                    let Some(form) = declaration_form(&decl.keyword()) else { continue };
                    let Some(name) = decl.name() else { continue };
                    let key = (tree.file, name.text().to_owned());
                    self.scope.locals.entry(key).or_insert(Local::Declared(decl, form.keyword));
                }
            }
        }
        self.scope.file = linked.root.file;
    }

    fn collect_template(&mut self, node: &Node) {
        let Some(name) = Decl(node.clone()).name() else { return };
        let key = (self.scope.file, name.text().to_owned());
        if self.scope.locals.contains_key(&key) {
            let finding = Diagnostic::new(
                codes::DUPLICATE_NAME,
                self.at(&name),
                format!("`{}` is declared twice", name.text()),
            );
            self.tell(finding.primary("this template needs another name"));
            return;
        }
        self.scope.locals.insert(key, Local::Template(node.clone()));
    }

    fn collect_imports(&mut self, linked: &Linked, node: &Node) {
        let file = self.scope.file;
        let leads = linked.leads.get(&import_key(node, file)).copied();
        for imported in node.all(Kind::imported) {
            let mut names = imported.leaves(Kind::ident);
            let Some(name) = names.next() else { continue };
            let local = names.next().unwrap_or_else(|| name.clone());
            let key = (file, local.text().to_owned());
            match leads {
                Some(leads) if !self.scope.locals.contains_key(&key) => {
                    self.scope.locals.insert(key, Local::Imported(leads, name.text().to_owned()));
                }
                Some(_) => {
                    let message = format!("`{}` is declared twice", local.text());
                    let finding = Diagnostic::new(codes::DUPLICATE_NAME, self.at(&local), message);
                    let help = format!("import it under another name: `{} as another_name`", name.text());
                    self.tell(finding.primary("imported under a name that is taken").help(help));
                }
                // Where the file is not found, that is told, and its names are unknown.
                None => self.scope.poison_name(local.text()),
            }
        }
    }

    /// What a name of a file stands for in the end, and in which file that is.
    fn origin(&self, file: FileId, name: &str) -> Option<(FileId, String, Local)> {
        let (mut file, mut name) = (file.plain(), name.to_owned());
        // A name that leads in a circle leads nowhere.
        for _ in 0..=self.scope.files {
            match self.scope.locals.get(&(file, name.clone()))? {
                Local::Imported(next, of) => (file, name) = (*next, of.clone()),
                found => return Some((file, name, found.clone())),
            }
        }
        None
    }

    /// The declaration of a constant by what a file calls it.
    pub(super) fn constant_decl(&self, name: &str, file: FileId) -> Option<Decl> {
        match self.origin(file, name)? {
            (.., Local::Declared(decl, "constant")) => Some(decl),
            _ => None,
        }
    }

    /// The declarations that the root imports, and those that come along because they are named there.
    pub(super) fn imported(&mut self, linked: &Linked, doubled: &mut Vec<Vec<Doubled>>) -> Vec<Declaration> {
        let root = linked.root.file;
        let mut brought: BTreeMap<(FileId, String), (String, Span)> = BTreeMap::new();
        let mut open: Vec<(FileId, String)> = Vec::new();
        for node in linked.root.root.children().filter(|node| node.kind() == Kind::import) {
            for imported in node.all(Kind::imported) {
                let mut names = imported.leaves(Kind::ident);
                let Some(name) = names.next() else { continue };
                let local = names.next().unwrap_or_else(|| name.clone());
                match self.origin(root, local.text()) {
                    Some((file, original, Local::Declared(_, keyword))) if !PRIVATE.contains(&keyword) => {
                        let key = (file, original);
                        brought.entry(key.clone()).or_insert((local.text().to_owned(), self.at(&local)));
                        open.push(key);
                    }
                    Some((file, original, Local::Template(template))) => {
                        // What a template names comes along too.
                        self.needs(&template, file, &mut open);
                        let _ = original;
                    }
                    Some((_, _, Local::Declared(_, keyword))) => {
                        let message = format!("{} belongs to its own agreement", super::parts::article(keyword));
                        let finding = Diagnostic::new(codes::WRONG_KIND, self.at(&name), message);
                        self.tell(finding.primary("cannot be imported"));
                    }
                    _ => self.no_such_import(linked, &node, &name),
                }
            }
        }
        let along = self.span_of_imports(linked);
        let mut seen: BTreeSet<(FileId, String)> = BTreeSet::new();
        while let Some(key) = open.pop() {
            if !seen.insert(key.clone()) {
                continue;
            }
            let Some(Local::Declared(decl, _)) = self.scope.locals.get(&key).cloned() else { continue };
            brought.entry(key.clone()).or_insert((key.1.clone(), along));
            self.needs(&decl.0, key.0, &mut open);
        }
        let mut declarations = Vec::new();
        for tree in &linked.others {
            let mut run = Vec::new();
            for decl in tree.root.children().filter(|node| node.kind() == Kind::decl).map(Decl) {
                let Some(name) = decl.name() else { continue };
                let key = (tree.file, name.text().to_owned());
                let Some((global, at)) = brought.get(&key) else { continue };
                let Some(Local::Declared(first, keyword)) = self.scope.locals.get(&key).cloned() else { continue };
                if first.0 != decl.0 || self.scope.globals.contains_key(&key) {
                    continue;
                }
                self.scope.globals.insert(key, global.clone());
                self.scope.file = tree.file;
                let own = range_span(tree.file, name.text_range());
                run.extend(self.declare_as(global, keyword, own, self.is_unread(&decl)).map(|twice| Doubled { span: *at, ..twice }));
                declarations.push(Declaration::new(keyword, decl, tree.file, global.clone()));
            }
            doubled.push(run);
        }
        self.scope.file = root;
        let aliases: Vec<(FileId, String)> = self.scope.locals.keys().cloned().collect();
        for key in aliases {
            let Some((file, name, _)) = self.origin(key.0, &key.1) else { continue };
            if let Some(global) = self.scope.globals.get(&(file, name)).cloned() {
                self.scope.globals.insert(key, global);
            }
        }
        declarations
    }

    fn span_of_imports(&self, linked: &Linked) -> Span {
        let first = linked.root.root.children().find(|node| node.kind() == Kind::import);
        first.map_or_else(|| Span::new(linked.root.file, 0, 0), |node| node.span(linked.root.file))
    }

    /// The declarations of its file, or of those that it imports, that a node names.
    fn needs(&self, node: &Node, file: FileId, open: &mut Vec<(FileId, String)>) {
        for token in node.descendants_with_tokens().filter_map(Element::into_token) {
            let parent = token.parent().map(|parent| parent.kind());
            let named = match token.kind() {
                Kind::path | Kind::amount_name | Kind::unit_name => true,
                Kind::ident => {
                    matches!(parent, Some(Kind::s_on | Kind::keys | Kind::closed_day | Kind::call))
                }
                _ => false,
            };
            if !named {
                continue;
            }
            let first = token.text().split('.').next().unwrap_or_default();
            match self.origin(file, first) {
                Some((file, name, Local::Declared(_, keyword)))
                    if !PRIVATE.contains(&keyword) && (token.kind() != Kind::unit_name || keyword == "dimension") =>
                {
                    open.push((file, name));
                }
                Some((of, _, Local::Template(template))) if template != *node => {
                    // A template that uses itself is told where it is used.
                    if parent == Some(Kind::call) && !node.ancestors().any(|outer| outer == template) {
                        self.needs_once(&template, of, open);
                    }
                }
                _ => {}
            }
        }
    }

    /// What a template names that another one uses, without following further templates in a circle.
    fn needs_once(&self, template: &Node, file: FileId, open: &mut Vec<(FileId, String)>) {
        for token in template.descendants_with_tokens().filter_map(Element::into_token) {
            let first = token.text().split('.').next().unwrap_or_default();
            if matches!(token.kind(), Kind::path | Kind::amount_name)
                && let Some((file, name, Local::Declared(_, keyword))) = self.origin(file, first)
                && !PRIVATE.contains(&keyword)
            {
                open.push((file, name));
            }
        }
    }

    fn no_such_import(&mut self, linked: &Linked, import: &Node, name: &Token) {
        let Some(leads) = linked.leads.get(&import_key(import, linked.root.file)).copied() else { return };
        if linked.others.iter().any(|tree| tree.file == leads && tree.unread.any) {
            // It may be what could not be read there.
            self.scope.poison_name(name.text());
            return;
        }
        let path = import.said().find(|token| matches!(token.kind(), Kind::text | Kind::path));
        let path = path.map(|token| token.text().trim_matches('"').to_owned()).unwrap_or_default();
        let message = format!("`{path}` declares nothing called `{}`", name.text());
        let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(name), message);
        let known = self.scope.locals.keys().filter(|(file, _)| *file == leads).map(|(_, name)| name.as_str());
        let near = did_you_mean(name.text(), known).map(str::to_owned);
        self.scope.poison_name(name.text());
        self.tell(match near {
            Some(near) => finding.primary(format!("did you mean `{near}`?")),
            None => finding.primary("not declared there"),
        });
    }

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
        let params: Vec<Node> = template.child(Kind::params).iter().flat_map(|all| all.all(Kind::param).collect::<Vec<_>>()).collect();
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
        if owner.is_some() {
            for (param, given) in params.iter().zip(&given) {
                self.fits_parameter(param, from, given);
            }
        }
        let key = (at, range_span(from, template.text_range()));
        if let Some(body) = self.scope.bodies.get(&key) {
            return Some(body.clone());
        }
        if !self.may_use(&template, from, at) {
            return None;
        }
        let arguments = params.iter().zip(&given).filter_map(|(param, given)| {
            Some((param.leaf(Kind::ident)?.text().to_owned(), Argument::Given(given.clone())))
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
            if self.scope.views.len() == MOST_USES {
                self.tell(finding.primary("one too many").help("write several agreements"));
            }
            return false;
        }
        true
    }

    fn no_template(&mut self, name: &Token, file: FileId) {
        let known = self.scope.locals.iter().filter(|((of, _), _)| *of == file.plain()).map(|((_, name), _)| name.clone());
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

    /// Tells what is given for a parameter of another kind.
    fn fits_parameter(&mut self, param: &Node, from: FileId, given: &Node) {
        let (Some(name), Some(kind)) = (param.leaf(Kind::ident), param.child(Kind::as_kind)) else { return };
        let Some(kind) = kind.leaf(Kind::ident) else { return };
        let declared = range_span(from, name.text_range());
        let span = self.span(given);
        let wanted = kind.text();
        let label = |finding: Diagnostic| finding.label(declared, format!("`{}` is {}", name.text(), super::parts::article(wanted)));
        if DECLARED.contains(&wanted) {
            let Some(path) = sole_path(given) else {
                let message = format!("`{}` stands for {}, and this is a value", name.text(), super::parts::article(wanted));
                self.tell(label(Diagnostic::new(codes::WRONG_KIND, span, message).primary("a name is expected here")));
                return;
            };
            match wanted {
                "contact" => drop(self.party_ref(&path)),
                _ => drop(self.reference(&path, &[wanted])),
            }
            return;
        }
        if wanted == "amount" {
            return;
        }
        let told = self.findings.len();
        let value = self.query(given, &super::expression::Local { measure: Some((Type::Poison, crate::calculus::Grain::Interval)), ..Default::default() });
        if value.is_poison() || self.findings.len() > told {
            return;
        }
        let fits = match VALUES.iter().find(|(word, _)| *word == wanted) {
            Some((_, Some(ty))) => value.ty == *ty,
            Some((_, None)) => matches!(value.ty, Type::Money(_)),
            None => true,
        };
        if !fits {
            let message = format!("`{}` is {}, and this is {}", name.text(), super::parts::article(wanted), value.ty);
            self.tell(label(Diagnostic::new(codes::UNIT_MISMATCH, span, message).primary(format!("this is {}", value.ty))));
        }
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
                        let words: Vec<&str> = VALUES.iter().map(|(word, _)| *word).chain(DECLARED.iter().copied()).collect();
                        let finding = kind.as_ref().map(|kind| self.unknown_word(codes::UNKNOWN_OPTION_WORD, kind, &words));
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
                    self.tell(finding.primary("`as …` is missing").help("say for example `as ratio`, `as fee` or `as party`"));
                    Argument::Any(Type::Poison)
                }
            };
            if arguments.insert(name.text().to_owned(), argument).is_some() {
                let message = format!("`{}` is declared twice", name.text());
                let finding = Diagnostic::new(codes::DUPLICATE_NAME, self.at(&name), message);
                self.tell(finding.primary("this parameter needs another name"));
            }
        }
        let (Some(root), Some(block)) = (template.ancestors().last(), template.child(Kind::template_block)) else { return };
        let used = Span::new(file, 0, 0);
        let view = View { arguments, own: BTreeSet::new(), used };
        let (copy, view) = self.scope.views.add(&root, file, view);
        let (Some(body), Some(again)) = (same_place(&block, &copy), same_place(template, &copy)) else { return };
        self.scope.file = view;
        match Decl(template.clone()).of() {
            Some(of) => self.check_statements(&of, &again, &body),
            None => {}
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
                self.tell(finding.primary("say for which block the statements are").help(
                    "for example `template month_credits(goal as ratio, base as fee) of commitment { … }`",
                ));
            }
        }
    }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}
