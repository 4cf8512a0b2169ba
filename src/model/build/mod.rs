//! From the syntax tree to the model.
//!
//! Names are collected first; then declarations are lowered in the order in which they need each other. Whatever is
//! wrong is told once and left out, and the declaration that it is in is marked as poisoned.

mod agreement;
mod along;
mod amounts;
mod calendars;
mod channels;
mod commitment;
mod conditions;
mod credit;
mod dimensions;
mod elsewhere;
mod example;
mod expression;
mod extras;
mod families;
mod governance;
mod holidays;
mod imports;
mod kinds;
mod leftovers;
mod measures;
mod names;
mod narrowed;
mod negotiation;
mod obligations;
mod order;
mod parties;
mod parts;
mod placeholders;
mod places;
mod rows;
mod sets;
mod slugs;
mod statements;
mod sums;
mod support;
mod templates;
mod texts;
mod trials;
mod values;
mod variants;

use super::{Agreement, Head, Known, Model, Table, Variant, name_in};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Kind, Linked, Node, NodeExt, Tree, range_span};
use expression::TOO_LONG;
use names::Scope;

/// Builds the model of a file that imports nothing, or whose imports are not looked for.
pub fn build(tree: &Tree) -> (Model, Vec<Diagnostic>) {
    build_linked(&Linked::alone(tree.clone()))
}

/// Builds the model of a file and of what it imports. It cannot fail: what could not be resolved is absent or poisoned,
/// after a diagnostic.
pub fn build_linked(linked: &Linked) -> (Model, Vec<Diagnostic>) {
    build_for(linked, Known::default())
}

/// The same for measurements: open dimensions have the options that are known from them.
pub fn build_for(linked: &Linked, known: Known) -> (Model, Vec<Diagnostic>) {
    let tree = &linked.root;
    let mut builder = Builder { scope: Scope::new(linked), findings: Vec::new() };
    builder.scope.is_open = !linked.leads_everywhere();
    builder.collect_files(linked);
    let mut declarations = builder.declare(linked);
    // An example is about each option, of which there is none in measurements.
    declarations.retain(|one| known.is_empty() || one.keyword != "example");
    let known = std::rc::Rc::new(known);
    builder.collect_narrowed(linked);
    builder.collect_dimensions(&declarations, std::rc::Rc::clone(&known));
    builder.spread(&mut declarations);
    let mut model = builder.lower(tree, &declarations);
    builder.check_holding();
    builder.check_lacks();
    builder.check_templates(linked);
    builder.check_uses(&tree.root);
    builder.check_uses_of_others(linked);
    builder.check_proposals(&mut model);
    builder.reject_empty_texts(&tree.root);
    builder.reject_named_values(&tree.root);
    builder.try_templates(linked, declarations, known);
    builder.findings.extend(std::mem::take(&mut builder.scope.endless).into_values());
    builder.leftovers(linked);
    let foreign = builder.foreign_agreements(linked);
    let foreign_limits = builder.foreign_limits(linked);
    (model.foreign, model.foreign_limits) = (foreign, foreign_limits);
    (model.imports, model.desks_there) = (builder.imports(linked), builder.desks_there(linked));
    model.elsewhere = std::mem::take(&mut builder.scope.elsewhere);
    model.name_suppliers();
    model.beyond = builder.options_beyond(&model);
    builder.check_sums(&model);
    let Builder { mut scope, mut findings } = builder;
    model.uses = scope.views.uses();
    model.lengths = std::mem::take(&mut scope.lengths);
    model.present = scope.dimensions.present(&model);
    findings.retain(|finding| {
        finding.span.is_some_and(|span| span.file.plain() != tree.file)
            || !tree.unread.explains(finding, || word_at(&tree.root, finding))
    });
    // What is lowered in several variants, or at several uses, is told once. An expression that grows from template to
    // template is too long in each of them.
    let grows = |one: &Diagnostic| one.message == TOO_LONG && one.span.is_some_and(|span| span.file.view() > 0);
    let grows = findings.iter().any(grows);
    let mut told = std::collections::BTreeSet::new();
    // What is wrong with a template by itself is no matter of what it is given.
    findings.sort_by_key(|finding| !finding.span.is_some_and(|span| scope.views.is_trial(span.file)));
    findings.retain(|finding| {
        let place = finding.span.map(|span| (span.file.plain(), span.start, span.end));
        told.insert((finding.code.id, place.filter(|_| !grows || finding.message != TOO_LONG), finding.message.clone()))
    });
    (model, scope.grouped(findings))
}

/// The name at the place of a finding.
fn word_at(root: &Node, finding: &Diagnostic) -> String {
    let at = finding.span.map_or(0, |span| span.start).into();
    let token = root.text_range().contains(at).then(|| root.token_at_offset(at).right_biased()).flatten();
    token.and_then(|token| token.text().split('.').next().map(str::to_owned)).unwrap_or_default()
}

/// What lowering carries along.
struct Builder<'a> {
    scope: Scope<'a>,
    findings: Vec<Diagnostic>,
}

/// A declaration with the keyword that it is taken for.
#[derive(Clone)]
struct Declaration {
    keyword: &'static str,
    decl: Decl,
    /// Where it stands, and in which view.
    file: FileId,
    /// Its name in the agreement.
    base: String,
    /// The dimensions after `per` in its head.
    own: Vec<String>,
    /// The variants in which it is lowered; one without options where it does not differ.
    variants: Vec<Variant>,
}

impl Declaration {
    fn new(keyword: &'static str, decl: Decl, file: FileId, base: String) -> Declaration {
        Declaration { keyword, decl, file, base, own: Vec::new(), variants: vec![Variant::new()] }
    }
}

impl Builder<'_> {
    fn lower(&mut self, tree: &Tree, declarations: &[Declaration]) -> Model {
        declarations.iter().filter(|one| values::DEFINED.contains(&one.keyword)).for_each(|one| self.covers_all(one));
        let agreement = self.agreement(tree, declarations);
        self.scope.currency = agreement.currency.as_ref().map(|currency| currency.value);
        self.scope.currency_open = agreement.head.poisoned;
        let parties = self.table(declarations, "party", Self::party);
        self.scope.take_parties(&parties);
        self.collect_supports(declarations);
        self.collect_warnings(declarations);
        let holidays = self.holidays(declarations);
        let calendars = self.calendars(declarations, &holidays, &agreement.clock());
        let signals = self.table(declarations, "signal", Self::signal);
        self.scope.take_signals(&signals);
        let defined = self.values(declarations);
        let services = self.table(declarations, "service", Self::service);
        let commitments = self.table(declarations, "commitment", Self::commitment);
        let supports = self.table(declarations, "support", Self::support);
        let unread = tree.unread.any || self.scope.is_open;
        self.collect_channels(declarations, &supports, unread);
        Model {
            file: tree.file,
            unread,
            agreement: self.with_caps(agreement, declarations),
            foreign: Vec::new(),
            foreign_limits: Vec::new(),
            elsewhere: std::collections::BTreeMap::new(),
            beyond: Vec::new(),
            imports: std::collections::BTreeMap::new(),
            desks_there: Vec::new(),
            uses: Vec::new(),
            dimensions: self.table(declarations, "dimension", Self::dimension),
            lengths: std::collections::BTreeSet::new(),
            present: std::collections::BTreeMap::new(),
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
            supports,
            escalations: self.escalations(declarations),
            duties: self.table(declarations, "duty", Self::duty),
            risks: self.table(declarations, "risk", Self::risk),
            recoveries: self.table(declarations, "recovery", Self::recovery),
            maintenances: self.table(declarations, "maintenance", Self::maintenance),
            exclusions: self.table(declarations, "exclusion", Self::exclusion),
            reports: self.table(declarations, "report", Self::report),
            meetings: self.table(declarations, "meeting", Self::meeting),
            notices: self.notices(declarations),
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
            for variant in &declaration.variants {
                self.enter(declaration, variant);
                table.push(self.poisonable(&declaration.decl, &lower));
            }
        }
        self.leave();
        table
    }

    /// Lowers what follows as a declaration in one of its variants.
    fn enter(&mut self, declaration: &Declaration, variant: &Variant) {
        self.scope.file = declaration.file;
        self.scope.keyword = declaration.keyword;
        self.scope.headed = declaration.file;
        self.scope.variant.clone_from(variant);
    }

    /// Goes back to the file itself.
    fn leave(&mut self) {
        self.scope.file = self.scope.root;
        self.scope.keyword = "";
        self.scope.headed = self.scope.root;
        self.scope.variant.clear();
    }

    /// Lowers one declaration and marks it if an error was told within it.
    fn poisonable<T>(&mut self, decl: &Decl, lower: impl Fn(&mut Self, &Decl) -> Poisonable<T>) -> T {
        let (before, hushed) = (self.findings.len(), self.scope.hushed);
        let mut made = lower(self, decl);
        let broken = self.findings.iter().skip(before).any(|finding| finding.severity == Severity::Error);
        (made.head)(&mut made.item).poisoned |= broken || hushed < self.scope.hushed || self.is_unread(decl);
        made.item
    }

    /// Whether a part of a declaration could not be read, or what follows it up to the next one: it may belong to it.
    fn is_unread(&self, decl: &Decl) -> bool {
        let next = decl.0.next_sibling().map_or(usize::MAX, |next| next.text_range().start().into());
        self.scope.unread_in(self.scope.file_of(&decl.0)).touches(decl.0.text_range().start().into(), next)
    }

    /// The head of a declaration: `id` is `keyword.name`, after the id of what it is in.
    fn head(&self, decl: &Decl, within: Option<&str>) -> Head {
        let keyword = decl.keyword();
        let name = decl.name();
        let file = self.scope.file_of(&decl.0);
        let span = decl.0.span(file);
        let written = name.as_ref().map(|name| name.text().to_owned()).unwrap_or_default();
        let global = self.scope.global(&written, file).filter(|_| within.is_none());
        let family = global.map_or_else(|| written.clone(), str::to_owned);
        let differs = self.scope.families.get(&family).filter(|_| within.is_none());
        let variant = differs.map(|family| family.restricted(&self.scope.variant)).unwrap_or_default();
        let text = name_in(&family, &variant);
        let own = format!("{keyword}.{text}");
        Head {
            id: within.map_or(own.clone(), |outer| format!("{outer}.{own}")),
            title: decl.title().map(|title| if within.is_none() { self.scope.titled(title, file) } else { title }),
            doc: decl.doc(),
            name_span: name.map_or(Span::new(file, span.start, span.start + keyword.len() as u32), |name| {
                range_span(file, name.text_range())
            }),
            // What is called by a reserved word cannot be named.
            poisoned: within.is_none() && names::reserved(&family).is_some(),
            name: text,
            family,
            variant,
            span,
        }
    }

    fn tell(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    fn span(&self, node: &Node) -> Span {
        node.span(self.scope.file_of(node))
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

/// A name that is declared a second time.
struct Doubled {
    name: String,
    keyword: &'static str,
    span: Span,
    first: Span,
    first_keyword: &'static str,
}

/// From how many doubled names in a row on they are told as one.
const MOST_DOUBLED: usize = 3;

impl Builder<'_> {
    /// Collects the declarations and their names. A keyword that does not exist stands for the one it is like.
    fn declare(&mut self, linked: &Linked) -> Vec<Declaration> {
        let root = &linked.root.root;
        let mut doubled: Vec<Vec<Doubled>> = Vec::new();
        let mut brought = self.brought(linked);
        let mut others = self.declare_brought(linked, &mut brought, false, &mut doubled);
        let mut declarations = Vec::new();
        let mut count = 0_usize;
        for node in root.children() {
            count += 1;
            match node.kind() {
                Kind::import | Kind::template => continue,
                Kind::use_items => {
                    let made = self.made_by_template(&node, &mut doubled);
                    declarations.extend(made);
                    continue;
                }
                _ => {}
            }
            let decl = Decl(node);
            let written = decl.keyword();
            let form = crate::syntax::declaration_form(&written);
            let keyword = form.map_or("", |form| form.keyword);
            match decl.0.kind() {
                Kind::decl | Kind::odd_decl => {
                    match (self.declare_name(&decl, keyword), doubled.last_mut()) {
                        (Some(twice), Some(run)) => run.push(twice),
                        (Some(twice), None) => doubled.push(vec![twice]),
                        (None, _) => doubled.push(Vec::new()),
                    }
                    self.reject_extras(&decl.0);
                    let base = decl.name().map(|name| name.text().to_owned()).unwrap_or_default();
                    declarations.push(Declaration::new(keyword, decl, self.scope.file, base));
                }
                _ => self.scope.poison(&decl),
            }
        }
        others.extend(self.declare_brought(linked, &mut brought, true, &mut doubled));
        doubled.into_iter().for_each(|run| self.tell_doubled(run));
        others.sort_by_key(|(place, _)| *place);
        declarations.splice(0..0, others.into_iter().map(|(_, one)| one));
        if count == 0 && !linked.root.unread.any {
            let start = Span::new(self.scope.file, 0, 0);
            self.tell(
                Diagnostic::new(codes::EMPTY_FILE, start, "the file holds no agreement")
                    .primary("nothing is declared here")
                    .help("`sla new NAME` writes an agreement to start from"),
            );
        }
        declarations
    }

    /// Declares the name of a declaration; what is to be told if there is one of that name already.
    fn declare_name(&mut self, decl: &Decl, keyword: &'static str) -> Option<Doubled> {
        let name = decl.name()?;
        let span = self.at(&name);
        if keyword.is_empty() {
            self.scope.poison(decl);
            return None;
        }
        if self.is_reserved(name.text(), keyword, span) {
            self.scope.poison(decl);
            return None;
        }
        let key = (self.scope.file.plain(), name.text().to_owned());
        self.scope.globals.entry(key.clone()).or_insert_with(|| name.text().to_owned());
        self.scope.locals.entry(key).or_insert_with(|| imports::Local::Declared(decl.clone(), keyword));
        self.declare_as(name.text(), keyword, span, self.is_unread(decl))
    }

    /// Whether a name stands for something in every agreement, which is then told.
    fn is_reserved(&mut self, name: &str, keyword: &str, span: Span) -> bool {
        let Some(what) = names::reserved(name) else { return false };
        let message = format!("`{name}` already stands for {what}");
        let finding = Diagnostic::new(codes::DUPLICATE_NAME, span, message);
        self.tell(finding.primary(format!("this {keyword} needs another name")));
        true
    }

    /// Declares a name of the agreement; what is to be told if there is one of that name already.
    fn declare_as(&mut self, name: &str, keyword: &'static str, span: Span, broken: bool) -> Option<Doubled> {
        let first = self.scope.declare(name, keyword, span, broken)?;
        let first_keyword = self.scope.symbol_of(name).map_or("", |symbol| symbol.keyword);
        Some(Doubled { name: name.to_owned(), keyword, span, first, first_keyword })
    }

    /// Tells names that are declared twice. Many in a row come from one piece of the file that stands there twice.
    fn tell_doubled(&mut self, run: Vec<Doubled>) {
        // A second agreement is told as such.
        let is_told = |twice: &Doubled| twice.keyword == "agreement" && twice.first_keyword == "agreement";
        let run: Vec<Doubled> = run.into_iter().filter(|twice| !is_told(twice)).collect();
        let pasted = run.len() > MOST_DOUBLED;
        for twice in run.iter().take(if pasted { 1 } else { run.len() }) {
            let message = format!("`{}` is declared twice", twice.name);
            let finding = Diagnostic::new(codes::DUPLICATE_NAME, twice.span, message)
                .primary(format!("this {} needs another name", twice.keyword));
            if self.scope.views.of(twice.span.file).is_some() {
                let first = self.scope.views.of(twice.first.file);
                let finding = match first {
                    Some(first) => finding.label(first.used, "the first use is here"),
                    None => finding.label(twice.first, "the first one is here"),
                };
                let bare = self.scope.without_prefix(&twice.name, twice.span.file);
                let is_free = |start: &&str| self.scope.symbol_of(&format!("{start}_{bare}")).is_none();
                let start = ["web", "shop"].into_iter().find(is_free).unwrap_or("another");
                self.tell(finding.help(format!(
                    "say how the names begin that the template declares: with `use …(…) as {start}` it declares `{start}_{bare}`"
                )));
                // So are the other names of the template.
                break;
            }
            let finding = finding.label(twice.first, "the first one is here");
            self.tell(match pasted {
                true => finding.help(format!(
                    "so are the {} names after it: does a part of the file stand there twice?",
                    run.len() - 1
                )),
                false => finding.help("every name stands for one thing in the whole agreement"),
            });
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
