//! From the syntax tree to the model.
//!
//! Names are collected first; then declarations are lowered in the order in which they need each other. Whatever is
//! wrong is told once and left out, and the declaration that it is in is marked as poisoned.

mod agreement;
mod calendars;
mod commitment;
mod credit;
mod example;
mod expression;
mod governance;
mod measures;
mod names;
mod obligations;
mod order;
mod parties;
mod parts;
mod statements;
mod support;
mod unsupported;
mod values;

use super::{Agreement, Head, Model, Table};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::source::Span;
use crate::syntax::{Decl, Kind, Node, NodeExt, Tree, range_span};
use names::Scope;

/// Builds the model of a file. It cannot fail: what could not be resolved is absent or poisoned, after a diagnostic.
pub fn build(tree: &Tree) -> (Model, Vec<Diagnostic>) {
    let mut builder = Builder { scope: Scope::new(tree), findings: Vec::new() };
    builder.reject_unsupported(&tree.root);
    let declarations = builder.declare(&tree.root);
    let model = builder.lower(tree, &declarations);
    builder.check_proposals(&model);
    (model, builder.findings)
}

/// What lowering carries along.
struct Builder<'a> {
    scope: Scope<'a>,
    findings: Vec<Diagnostic>,
}

/// A declaration with the keyword that it is taken for.
struct Declaration {
    keyword: &'static str,
    decl: Decl,
}

impl Builder<'_> {
    fn lower(&mut self, tree: &Tree, declarations: &[Declaration]) -> Model {
        let agreement = self.agreement(tree, declarations);
        self.scope.currency = agreement.currency.as_ref().map(|currency| currency.value);
        let parties = self.table(declarations, "party", Self::party);
        self.scope.take_parties(&parties);
        self.collect_supports(declarations);
        self.collect_warnings(declarations);
        let holidays = self.table(declarations, "holidays", Self::holidays);
        let calendars = self.calendars(declarations, &holidays);
        let services = self.table(declarations, "service", Self::service);
        let signals = self.table(declarations, "signal", Self::signal);
        self.scope.take_signals(&signals);
        let defined = self.values(declarations);
        let commitments = self.table(declarations, "commitment", Self::commitment);
        Model {
            file: tree.file,
            unread: tree.unread.any || self.scope.unsupported,
            agreement: self.with_caps(agreement, declarations),
            parties,
            services,
            fees: defined.fees,
            constants: defined.constants,
            terms: self.table(declarations, "term", Self::term),
            holidays,
            calendars,
            signals,
            metrics: defined.metrics,
            commitments,
            supports: self.table(declarations, "support", Self::support),
            escalations: self.table(declarations, "escalation", Self::escalation),
            duties: self.table(declarations, "duty", Self::duty),
            risks: self.table(declarations, "risk", Self::risk),
            recoveries: self.table(declarations, "recovery", Self::recovery),
            maintenances: self.table(declarations, "maintenance", Self::maintenance),
            exclusions: self.table(declarations, "exclusion", Self::exclusion),
            reports: self.table(declarations, "report", Self::report),
            meetings: self.table(declarations, "meeting", Self::meeting),
            notices: self.table(declarations, "notice", Self::notice),
            objectives: self.table(declarations, "objective", Self::objective),
            proposals: self.table(declarations, "proposal", Self::proposal),
            reviews: self.table(declarations, "review", Self::review),
            amendments: self.table(declarations, "amendment", Self::amendment),
            disputes: self.table(declarations, "dispute", Self::dispute),
            records: self.table(declarations, "records", Self::records),
            audits: self.table(declarations, "audit", Self::audit),
            examples: self.table(declarations, "example", Self::example),
        }
    }

    /// Lowers all declarations of one keyword.
    fn table<T: super::Declared>(
        &mut self,
        declarations: &[Declaration],
        keyword: &str,
        lower: impl Fn(&mut Self, &Decl) -> Poisonable<T>,
    ) -> Table<T> {
        let mut table = Table::default();
        for declaration in declarations.iter().filter(|declaration| declaration.keyword == keyword) {
            table.push(self.poisonable(&declaration.decl, &lower));
        }
        table
    }

    /// Lowers one declaration and marks it if an error was told within it.
    fn poisonable<T>(&mut self, decl: &Decl, lower: impl Fn(&mut Self, &Decl) -> Poisonable<T>) -> T {
        let before = self.findings.len();
        let mut made = lower(self, decl);
        let broken = self.findings.iter().skip(before).any(|finding| finding.severity == Severity::Error);
        let range = std::ops::Range::<usize>::from(decl.0.text_range());
        let places = &self.scope.unread.places;
        let unread = places.get(places.partition_point(|place| *place < range.start)).is_some_and(|at| *at < range.end);
        (made.head)(&mut made.item).poisoned |= broken || unread;
        made.item
    }

    /// The head of a declaration: `id` is `keyword.name`, after the id of what it is in.
    fn head(&self, decl: &Decl, within: Option<&str>) -> Head {
        let keyword = decl.keyword();
        let name = decl.name();
        let file = self.scope.file;
        let span = decl.0.span(file);
        let text = name.as_ref().map(|name| name.text().to_owned()).unwrap_or_default();
        let own = format!("{keyword}.{text}");
        Head {
            id: within.map_or(own.clone(), |outer| format!("{outer}.{own}")),
            title: decl.title(),
            doc: decl.doc(),
            name_span: name.map_or(Span::new(file, span.start, span.start + keyword.len() as u32), |name| {
                range_span(file, name.text_range())
            }),
            name: text,
            span,
            poisoned: false,
        }
    }

    fn tell(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    fn span(&self, node: &Node) -> Span {
        node.span(self.scope.file)
    }
}

/// A lowered declaration with the way to its head.
struct Poisonable<T> {
    item: T,
    head: fn(&mut T) -> &mut Head,
}

/// Wraps a lowered declaration whose head is the member `head`.
macro_rules! made {
    ($kind:ident { $($fields:tt)* }) => {
        $crate::model::build::Poisonable {
            item: $kind { $($fields)* },
            head: |item: &mut $kind| &mut item.head,
        }
    };
}
use made;

impl Builder<'_> {
    /// Collects the declarations and their names. A keyword that does not exist stands for the one it is like.
    fn declare(&mut self, root: &Node) -> Vec<Declaration> {
        let mut declarations = Vec::new();
        let mut count = 0_usize;
        for node in root.children() {
            count += 1;
            let decl = Decl(node);
            let written = decl.keyword();
            let form = crate::syntax::declaration_form(&written);
            let keyword = form.map_or("", |form| form.keyword);
            match decl.0.kind() {
                Kind::decl | Kind::odd_decl if self.scope.is_unsupported(&decl) => self.scope.poison(&decl),
                Kind::decl | Kind::odd_decl => {
                    self.declare_name(&decl, keyword);
                    declarations.push(Declaration { keyword, decl });
                }
                _ => self.scope.poison(&decl),
            }
        }
        if count == 0 && !self.scope.unread.any {
            let start = Span::new(self.scope.file, 0, 0);
            self.tell(
                Diagnostic::new(codes::EMPTY_FILE, start, "the file holds no agreement")
                    .primary("nothing is declared here")
                    .help("`sla new NAME` writes an agreement to start from"),
            );
        }
        declarations
    }

    fn declare_name(&mut self, decl: &Decl, keyword: &'static str) {
        let Some(name) = decl.name() else { return };
        let span = range_span(self.scope.file, name.text_range());
        if keyword.is_empty() {
            self.scope.poison(decl);
        } else if let Some(first) = self.scope.declare(name.text(), keyword, span) {
            let message = format!("`{}` is declared twice", name.text());
            let finding = Diagnostic::new(codes::DUPLICATE_NAME, span, message)
                .primary(format!("this {keyword} needs another name"))
                .label(first, "the first one is here")
                .help("every name stands for one thing in the whole agreement");
            self.tell(finding);
        }
    }

    /// The agreement, or one that stands for its absence.
    fn agreement(&mut self, tree: &Tree, declarations: &[Declaration]) -> Agreement {
        let mut found = declarations.iter().filter(|declaration| declaration.keyword == "agreement");
        let first = found.next();
        if let (Some(first), Some(second)) = (first, found.next()) {
            let (one, two) = (self.head(&first.decl, None), self.head(&second.decl, None));
            self.tell(
                Diagnostic::new(codes::SEVERAL_AGREEMENTS, two.name_span, "a file holds one agreement")
                    .primary("this is the second one")
                    .label(one.name_span, "the first one is here")
                    .help("move it to a file of its own"),
            );
        }
        match first {
            Some(first) => self.poisonable(&first.decl, Self::agreement_head),
            None => {
                if !tree.unread.any && !declarations.is_empty() {
                    let start = Span::new(tree.file, 0, 0);
                    self.tell(
                        Diagnostic::new(codes::MISSING_AGREEMENT, start, "the file has no `agreement`")
                            .help("begin it with `agreement ID \"Title\" { version \"1.0\"; status draft; … }`"),
                    );
                }
                Self::no_agreement(tree)
            }
        }
    }
}
