//! The dimensions of an agreement, with the options that it has, and their combinations.

use super::{Builder, Declaration, Poisonable, made};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Choice, Dimension, EACH, Existing, Head, Known, Presence, Variant};
use crate::syntax::{Decl, Kind, Node, NodeExt};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The most variants of one declaration.
pub(super) const MOST_VARIANTS: usize = 1_000;

/// A dimension: where it stands among the others, its options, and whether it is open.
type Declared = (usize, Vec<Choice>, bool);

/// The dimensions of an agreement, as far as their names and options go.
#[derive(Clone, Default)]
pub(super) struct Dimensions {
    all: BTreeMap<String, Declared>,
    /// The options that a dimension lists and the agreement does not have.
    left_out: BTreeMap<String, BTreeSet<String>>,
    /// Those whose list could not be read whole: an option that one of them seems not to have may be there.
    unread: BTreeSet<String>,
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

    /// Whether the list of options of one among some could not be read whole.
    pub fn is_unread(&self, among: &[String]) -> bool {
        among.iter().any(|name| self.unread.contains(name))
    }

    /// The names of all.
    pub fn names(&self) -> Vec<String> {
        self.all.keys().cloned().collect()
    }

    /// The options that a dimension lists and the agreement does not have.
    pub fn left_out(&self, dimension: &str) -> impl Iterator<Item = &String> {
        self.left_out.get(dimension).into_iter().flatten()
    }

    /// The dimension among some that lists an option of this name which the agreement does not have.
    pub fn without<'d>(&self, option: &str, among: &'d [String]) -> Option<&'d str> {
        among.iter().find(|name| self.left_out(name).any(|one| one == option)).map(String::as_str)
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
    pub fn is_shared(&self, option: &str, among: &[String]) -> bool {
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

impl Builder<'_> {
    /// Collects the dimensions with their options, to which everything else refers.
    pub(super) fn collect_dimensions(&mut self, declarations: &[Declaration], measured: Rc<Known>) {
        let (mut known, mut left_out) = (BTreeMap::new(), BTreeMap::new());
        for (place, one) in declarations.iter().filter(|one| one.keyword == "dimension").enumerate() {
            let block = one.decl.block();
            let options = listed(&one.decl).into_iter().filter_map(|node| {
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
                Some(_) => match self.scope.narrowed.get(&one.base) {
                    Some(narrowed) => {
                        let (has, lacks): (Vec<_>, Vec<_>) =
                            options.partition(|choice| narrowed.options.contains(&choice.option));
                        left_out.insert(one.base.clone(), lacks.into_iter().map(|choice| choice.option).collect());
                        has
                    }
                    None => options.collect::<Vec<_>>(),
                },
                None => open_options(&one.base, &one.decl, &measured),
            };
            known.entry(one.base.clone()).or_insert((place, options, open));
        }
        tell_apart(&mut known);
        let unread = declarations.iter().filter(|one| one.keyword == "dimension" && self.is_unread(&one.decl));
        let unread = unread.map(|one| one.base.clone()).collect();
        self.scope.dimensions =
            Dimensions { all: known, left_out, unread, known: measured, existing: RefCell::default() };
    }

    pub(super) fn dimension(&mut self, decl: &Decl) -> Poisonable<Dimension> {
        let all = self.statements("dimension", decl.block());
        let mut head = self.head(decl, None);
        // What was to differ by it is told already.
        head.poisoned |= self.scope.crowded.contains(&head.family);
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
        let is_left_out = |option: &Head| self.scope.dimensions.left_out(&head.family).any(|one| *one == option.name);
        let (left_out, options): (Vec<_>, Vec<_>) = options.into_iter().partition(is_left_out);
        let options = match open {
            false => options,
            true => self.measured_options(&head),
        };
        made!(Dimension { head, options, left_out, open })
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

/// The options that a dimension lists.
pub(super) fn listed(decl: &Decl) -> Vec<Node> {
    let statements = decl.block().into_iter().flat_map(|block| block.children().collect::<Vec<_>>());
    statements.flat_map(|node| node.all(Kind::named).collect::<Vec<_>>()).collect()
}
