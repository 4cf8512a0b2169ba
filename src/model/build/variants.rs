//! Dimensions and their options: which of them a declaration differs by, and what it says for each.

use super::names::Scope;
use super::{Builder, Declaration, Poisonable, made};
use crate::diagnostics::{Diagnostic, codes, did_you_mean, with_article};
use crate::model::{Choice, Dimension, EACH, Existing, Head, Known, Presence, Variant};
use crate::syntax::{Decl, Kind, Node, NodeExt, Token};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most variants of one declaration.
pub(super) const MOST_VARIANTS: usize = 1_000;

/// The declarations that may differ by an option.
pub(super) const VARYING: &[&str] = &[
    "fee",
    "constant",
    "signal",
    "metric",
    "commitment",
    "support",
    "escalation",
    "duty",
    "recovery",
    "maintenance",
    "exclusion",
    "report",
    "notice",
];

/// A dimension: where it stands among the others, its options, and whether it is open.
type Declared = (usize, Vec<Choice>, bool);

/// The dimensions of an agreement, as far as their names and options go.
#[derive(Clone, Default)]
pub(super) struct Dimensions {
    all: BTreeMap<String, Declared>,
    /// What measurements say of those that are open.
    known: Rc<Known>,
    /// Which combinations of some of them exist, where this was asked for.
    existing: RefCell<BTreeMap<Vec<String>, Rc<Existing>>>,
}

impl Dimensions {
    /// The options of a dimension.
    pub fn options(&self, dimension: &str) -> &[Choice] {
        self.all.get(dimension).map_or(&[], |(_, options, _)| options)
    }

    /// Whether a dimension has the options that the measurements have.
    pub fn is_open(&self, dimension: &str) -> bool {
        self.all.get(dimension).is_some_and(|(.., open)| *open)
    }

    /// The names of all.
    pub fn names(&self) -> Vec<String> {
        self.all.keys().cloned().collect()
    }

    /// Whether a dimension is declared.
    pub fn has(&self, dimension: &str) -> bool {
        self.all.contains_key(dimension)
    }

    /// The same dimensions in the order in which they are declared, each once.
    pub fn sorted(&self, dimensions: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut all: Vec<String> = dimensions.into_iter().filter(|name| self.has(name)).collect();
        all.sort_by_key(|name| self.place(name));
        all.dedup();
        all
    }

    fn place(&self, dimension: &str) -> usize {
        self.all.get(dimension).map_or(usize::MAX, |(place, ..)| *place)
    }

    /// Where a variant stands among others of the same dimensions.
    pub fn rank(&self, variant: &[Choice]) -> Vec<(usize, usize)> {
        let option = |choice: &Choice| self.options(&choice.dimension).iter().position(|one| one == choice);
        variant.iter().map(|choice| (self.place(&choice.dimension), option(choice).unwrap_or(usize::MAX))).collect()
    }

    /// Every combination of the options of some dimensions that exists; nothing where they are more than
    /// [`MOST_VARIANTS`].
    pub fn product(&self, dimensions: &[String]) -> Option<Vec<Variant>> {
        self.completed(&[], dimensions)
    }

    /// Every way to go on from the options that are chosen with options of some more dimensions, in the order in which
    /// dimensions are declared; nothing where they are more than [`MOST_VARIANTS`].
    pub fn completed(&self, chosen: &[Choice], left: &[String]) -> Option<Vec<Variant>> {
        let mut dimensions: Vec<String> = chosen.iter().map(|choice| choice.dimension.clone()).collect();
        let mut all = vec![chosen.to_vec()];
        for dimension in left {
            dimensions.push(dimension.clone());
            let existing = self.existing(&dimensions);
            let mut longer = Vec::new();
            for variant in &all {
                for option in self.options(dimension) {
                    let one = [variant.as_slice(), std::slice::from_ref(option)].concat();
                    if existing.presence(&one).is_some() {
                        longer.push(one);
                    }
                    if longer.len() > MOST_VARIANTS {
                        return None;
                    }
                }
            }
            all = longer;
        }
        all.iter_mut().for_each(|variant| variant.sort_by_key(|choice| self.rank(std::slice::from_ref(choice))));
        Some(all)
    }

    /// When measurements have the options for which fees and commitments are.
    pub fn present(&self, model: &crate::model::Model) -> BTreeMap<String, Presence> {
        let heads = model.fees.iter().map(|fee| &fee.head).chain(model.commitments.iter().map(|one| &one.head));
        let present = heads.filter(|_| !self.known.is_empty()).filter_map(|head| {
            let dimensions: Vec<String> = head.variant.iter().map(|choice| choice.dimension.clone()).collect();
            let is_open = dimensions.iter().any(|dimension| self.is_open(dimension));
            let is_named = |choice: &Choice| !choice.each || self.known.options(&choice.dimension).is_none();
            let presence = match head.variant.iter().all(is_named) {
                true => self.existing(&dimensions).presence(&head.variant).filter(|_| is_open)?,
                // There are tables, and no row in them names an option.
                false => Presence::NEVER,
            };
            Some((head.name.clone(), presence))
        });
        present.collect()
    }

    /// Which combinations of the options of some dimensions exist.
    pub fn existing(&self, dimensions: &[String]) -> Rc<Existing> {
        let mut known = self.existing.borrow_mut();
        Rc::clone(known.entry(dimensions.to_vec()).or_insert_with(|| Rc::new(self.known.among(dimensions))))
    }

    /// Whether several dimensions among some have an option of this name.
    fn is_shared(&self, option: &str, among: &[String]) -> bool {
        among.iter().filter(|name| self.of_option(option, std::slice::from_ref(*name)).is_some()).count() > 1
    }

    /// The dimension among some that has an option of this name in the file. What measurements call an option cannot be
    /// meant there.
    pub fn of_option<'d>(&self, option: &str, among: &'d [String]) -> Option<&'d str> {
        let has =
            |name: &&String| !self.is_open(name) && self.options(name).iter().any(|choice| choice.option == option);
        among.iter().find(has).map(String::as_str)
    }
}

/// What a list of options selects: those that have one of its options for each dimension that it names.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection(BTreeMap<String, Vec<String>>);

impl Selection {
    /// Which options of a dimension it names; nothing where it takes all of them.
    pub fn of(&self, dimension: &str) -> Option<&[String]> {
        self.0.get(dimension).map(Vec::as_slice)
    }

    /// Whether a variant is among what is selected.
    pub fn has(&self, variant: &[Choice]) -> bool {
        self.0.iter().all(|(dimension, options)| {
            variant.iter().any(|choice| choice.dimension == *dimension && options.contains(&choice.option))
        })
    }
}

impl Builder<'_> {
    /// Collects the dimensions with their options, to which everything else refers.
    pub(super) fn collect_dimensions(&mut self, declarations: &[Declaration], measured: Rc<Known>) {
        let mut known = BTreeMap::new();
        for (place, one) in declarations.iter().filter(|one| one.keyword == "dimension").enumerate() {
            let block = one.decl.block();
            let named =
                block.iter().flat_map(Node::children).flat_map(|node| node.all(Kind::named).collect::<Vec<_>>());
            let options = named.filter_map(|node| {
                let name = node.leaf(Kind::ident)?;
                let head = self.named_head(&node, &name, "");
                Some(Choice {
                    dimension: one.base.clone(),
                    title: head.label(),
                    option: head.name,
                    each: false,
                    shared: false,
                })
            });
            let open = block.is_none();
            let options = match block {
                Some(_) => options.collect::<Vec<_>>(),
                None => open_options(&one.base, &one.decl, &measured),
            };
            known.entry(one.base.clone()).or_insert((place, options, open));
        }
        tell_apart(&mut known);
        self.scope.dimensions = Dimensions { all: known, known: measured, existing: RefCell::default() };
    }

    pub(super) fn dimension(&mut self, decl: &Decl) -> Poisonable<Dimension> {
        let all = self.statements("dimension", decl.block());
        let head = self.head(decl, None);
        let named: Vec<Node> = all.all("option").flat_map(|node| node.all(Kind::named)).collect();
        let within = format!("{}.option", head.id);
        let options: Vec<Head> =
            named.iter().filter_map(|node| Some(self.named_head(node, &node.leaf(Kind::ident)?, &within))).collect();
        self.unique(options.iter(), "option");
        if let Some(rest) = options.iter().find(|option| option.name == "otherwise") {
            let message = "`otherwise` stands for all options that are not named";
            let finding = Diagnostic::new(codes::DUPLICATE_NAME, rest.name_span, message);
            self.tell(finding.primary("this option needs another name"));
        }
        let open = decl.block().is_none();
        if options.is_empty() && !open && !self.is_unread(decl) {
            let finding = Diagnostic::new(
                codes::INCOMPLETE_STATEMENT,
                head.name_span,
                format!("the dimension `{}` has no options", head.name),
            );
            self.tell(
                finding
                    .primary("nothing can differ by it")
                    .help("add `option ID \"Title\"` for each of them, or leave out the braces: then it has those of the measurements"),
            );
        }
        let options = match open {
            false => options,
            true => self.measured_options(&head),
        };
        made!(Dimension { head, options, open })
    }

    /// The options of an open dimension, as far as they are known.
    fn measured_options(&self, head: &Head) -> Vec<Head> {
        let known = self.scope.dimensions.options(&head.family).iter().filter(|choice| !choice.each);
        let option = |choice: &Choice| Head {
            id: format!("{}.option.{}", head.id, choice.option),
            name: choice.option.clone(),
            family: choice.option.clone(),
            title: None,
            ..head.clone()
        };
        known.map(option).collect()
    }

    /// The dimensions after `per` in the head of a declaration, in the order in which they are declared.
    pub(super) fn own_dimensions(&mut self, keyword: &str, decl: &Decl) -> Vec<String> {
        let Some(keys) = decl.0.child(Kind::keys) else { return Vec::new() };
        if !VARYING.contains(&keyword) {
            let finding = Diagnostic::new(
                codes::MISPLACED_STATEMENT,
                self.span(&keys),
                format!("{} does not differ by an option", with_article(super::names::noun(keyword))),
            );
            self.tell(
                finding
                    .primary("has no meaning here")
                    .help(format!("what differs by a dimension is {}", super::names::alternatives(VARYING))),
            );
            return Vec::new();
        }
        let mut found: Vec<String> = Vec::new();
        for token in keys.leaves(Kind::ident) {
            let Some(dimension) = self.reference(&token, &["dimension"]) else {
                self.scope.is_any_option = true;
                continue;
            };
            if found.contains(&dimension.value) {
                let finding = Diagnostic::new(
                    codes::REPEATED_STATEMENT,
                    dimension.span,
                    format!("`{}` is named twice", dimension.value),
                );
                self.tell(finding.primary("the second time"));
                continue;
            }
            self.reject_shared_options(&dimension.value, &found, &token);
            found.push(dimension.value);
        }
        let found = self.scope.dimensions.sorted(found);
        if self.scope.dimensions.product(&found).is_none() {
            let finding = Diagnostic::new(
                codes::NUMBER_OUT_OF_RANGE,
                self.span(&keys),
                format!("there are more than {MOST_VARIANTS} combinations of these options"),
            );
            self.tell(
                finding.primary("too many variants").help("leave out a dimension, or write agreements of their own"),
            );
            self.scope.is_any_option = true;
            return Vec::new();
        }
        found
    }

    /// Tells that an option of two dimensions of one declaration has one name, so that it selects neither.
    fn reject_shared_options(&mut self, dimension: &str, others: &[String], token: &Token) {
        let options =
            self.scope.dimensions.options(dimension).iter().filter(|_| !self.scope.dimensions.is_open(dimension));
        let shared = options.into_iter().find_map(|choice| {
            let other = self.scope.dimensions.of_option(&choice.option, others)?;
            Some((choice.option.clone(), other.to_owned()))
        });
        let Some((option, other)) = shared else { return };
        let message = format!("`{other}` and `{dimension}` both have an option `{option}`");
        let finding = Diagnostic::new(codes::DUPLICATE_NAME, self.at(token), message);
        self.tell(finding.primary("which one is meant cannot be told").help("give one of the two another name"));
    }

    /// What a list of options selects among the variants of these dimensions; nothing after an error.
    pub(super) fn selection(&mut self, options: &[Token], among: &[String]) -> Option<Selection> {
        let mut selected: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut sound = true;
        for (place, token) in options.iter().enumerate() {
            let before = options.get(..place).unwrap_or_default();
            let first = before.iter().find(|first| first.text() == token.text());
            // Of two dimensions that share an option, each may be meant once; that has been told.
            if let Some(first) = first.filter(|_| !self.scope.dimensions.is_shared(token.text(), among)) {
                let message = format!("`{}` is named twice", token.text());
                let finding = Diagnostic::new(codes::REPEATED_STATEMENT, self.at(token), message);
                self.tell(finding.primary("the second time").label(self.at(first), "the first time"));
                continue;
            }
            match self.scope.dimensions.of_option(token.text(), among) {
                Some(dimension) => selected.entry(dimension.to_owned()).or_default().push(token.text().to_owned()),
                None => {
                    sound = false;
                    self.no_option(token, among);
                }
            }
        }
        sound.then_some(Selection(selected))
    }

    fn no_option(&mut self, token: &Token, among: &[String]) {
        // It may be one of a dimension that an import does not bring.
        if self.scope.is_open || self.scope.is_any_option {
            self.scope.hushed += 1;
            return;
        }
        let name = token.text();
        let finding = Diagnostic::new(
            codes::UNDEFINED_NAME,
            self.at(token),
            match among {
                [one] => format!("`{one}` has no option `{name}`"),
                _ => format!("no option of this declaration is called `{name}`"),
            },
        );
        let (open, closed): (Vec<&String>, Vec<&String>) =
            among.iter().partition(|one| self.scope.dimensions.is_open(one));
        let options: Vec<String> =
            closed.iter().flat_map(|one| self.scope.dimensions.options(one)).map(|one| one.option.clone()).collect();
        self.tell(match did_you_mean(name, options.iter().map(String::as_str)) {
            Some(near) => finding.primary(format!("did you mean `{near}`?")),
            None if among.is_empty() => finding
                .primary("nothing differs by an option here")
                .help("name the dimensions in the head of the declaration, after `per`"),
            None if options.is_empty() => finding.primary("no option of it can be named here").help(format!(
                "the options of `{}` are those that the measurements have: what holds for each of them stands after `otherwise`, \
                 or outside of `for`",
                open.first().map_or("", |name| name.as_str())
            )),
            None => finding.primary("no such option").help(format!(
                "its options are {}",
                options.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ")
            )),
        });
    }

    /// The dimensions that a declaration differs by where it is lowered now.
    pub(super) fn chosen_dimensions(&self) -> Vec<String> {
        self.scope.variant.iter().map(|choice| choice.dimension.clone()).collect()
    }
}

/// Notes which options have the name of an option of another dimension. Names in the file do not depend on what is measured: an
/// option that is measured is told apart from one of a list, and not the other way round.
fn tell_apart(dimensions: &mut BTreeMap<String, Declared>) {
    // By name, the dimensions that list it, and those that have it by measurements or for each of their options.
    let mut named: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (_, options, open) in dimensions.values() {
        for choice in options {
            let (listed, measured) = named.entry(choice.option.clone()).or_default();
            if *open { *measured += 1 } else { *listed += 1 }
        }
    }
    for (_, options, open) in dimensions.values_mut() {
        for choice in options {
            let (listed, measured) = named.get(&choice.option).copied().unwrap_or_default();
            choice.shared = if *open { listed + measured > 1 } else { listed > 1 };
        }
    }
}

/// The options of an open dimension: those that are measured, or one that stands for each.
fn open_options(base: &str, decl: &Decl, measured: &Known) -> Vec<Choice> {
    let choice = |option: &str, title: String, each| Choice {
        dimension: base.to_owned(),
        option: option.to_owned(),
        title,
        each,
        shared: false,
    };
    match measured.options(base) {
        Some(options) if !options.is_empty() => {
            options.into_iter().map(|option| choice(option, option.to_owned(), false)).collect()
        }
        _ => {
            let title = decl.title().unwrap_or_else(|| base.replace('_', " "));
            let mut letters = title.chars();
            let small = letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
            vec![choice(EACH, format!("each {small}"), true)]
        }
    }
}

impl Scope<'_> {
    /// How the head of what is lowered says which variant of what it names is meant, where one can be meant there.
    pub fn how_to_choose(&self, by: &[String]) -> Option<String> {
        match self.keyword {
            "example" => {
                // An option of an open dimension has no name here: an example is about any of them.
                let closed: Vec<&str> =
                    by.iter().filter(|one| !self.dimensions.is_open(one)).map(String::as_str).collect();
                let of = closed.join("` and one of `");
                (!closed.is_empty()).then(|| {
                    let for_one = format!("write `for` and an option of `{of}` in the head of this example");
                    format!("{for_one}, if what it is about differs by that; else give what is made of all of them, such as their sum")
                })
            }
            keyword if VARYING.contains(&keyword) => {
                let missing: Vec<String> = by.iter().filter_map(|dimension| self.import_of(dimension)).collect();
                let names: Vec<&str> = by.iter().map(|dimension| self.called(dimension).unwrap_or(dimension)).collect();
                let head = format!("write `per {}` in the head of this declaration", names.join(", "));
                Some(match missing.is_empty() {
                    true => head,
                    false => format!("import what it differs by, `{}`, and {head}", missing.join("`, `")),
                })
            }
            _ => None,
        }
    }

    /// The same as a help, where nothing can stand for all variants either.
    pub fn help_to_choose(&self, by: &[String]) -> String {
        let same = || "nothing can be meant for one option here: name what is the same for all of them".to_owned();
        self.how_to_choose(by).unwrap_or_else(same)
    }

    /// What the file that is lowered calls something of the agreement.
    fn called(&self, global: &str) -> Option<&str> {
        let names = self.globals.range((self.file.plain(), String::new())..);
        let mut names = names.take_while(|((file, _), _)| *file == self.file.plain());
        names.find(|(_, full)| *full == global).map(|((_, name), _)| name.as_str())
    }

    /// The import that gives the file a name for a dimension that only came along.
    fn import_of(&self, dimension: &str) -> Option<String> {
        if self.called(dimension).is_some() {
            return None;
        }
        let (name, along) =
            self.along.iter().find_map(|(name, all)| Some((name, all.iter().find(|one| one.global == dimension)?)))?;
        let renamed = if name == dimension { String::new() } else { format!(" as {dimension}") };
        Some(format!("import {name}{renamed} from {}", along.path))
    }
}

/// The options that a row, or what stands after `for`, names.
pub(super) fn options_of(node: &Node) -> Vec<Token> {
    let list = [Kind::key_list, Kind::for_keys].iter().find_map(|kind| node.child(*kind));
    list.iter().flat_map(|list| list.leaves(Kind::ident).collect::<Vec<_>>()).collect()
}
