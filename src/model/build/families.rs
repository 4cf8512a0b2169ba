//! By which dimensions each declaration differs, and in which variants it is needed.
//!
//! A declaration differs by the dimensions after `per` in its head. A value differs by those of what it is made of too:
//! a metric that reads a constant `per class` is another one for each class. A signal with a field of a dimension can be
//! read for one option, or whole; so can a metric of it. What is needed follows from the promises: each commitment, in
//! each of its variants, asks for what it names.

use super::places::{Argument, Meaning, sole_path};
use super::variants::Selection;
use super::{Builder, Declaration};
use crate::diagnostics::{Diagnostic, codes, with_article};
use crate::model::{Choice, Variant};
use crate::source::{FileId, Span};
use crate::syntax::{Decl, Element, Kind, Node, NodeExt, Token};
use std::collections::{BTreeMap, BTreeSet};

/// What is read by what refers to it, in its variants.
const VALUES: [&str; 4] = ["fee", "constant", "metric", "signal"];

/// The most variants of all clauses of an agreement together.
const MOST_IN_ALL: usize = 20_000;

/// By which dimensions a declaration differs.
#[derive(Clone, Debug, Default)]
pub(super) struct Family {
    /// Those of which an option must be chosen.
    pub hard: Vec<String>,
    /// Those of which an option can be chosen.
    pub soft: Vec<String>,
}

impl Family {
    /// The part of a variant that makes a difference.
    pub fn restricted(&self, variant: &[Choice]) -> Variant {
        let differs = |choice: &&Choice| self.hard.contains(&choice.dimension) || self.soft.contains(&choice.dimension);
        variant.iter().filter(differs).cloned().collect()
    }
}

impl Builder<'_> {
    /// Finds the families, and in which variants each declaration is lowered.
    pub(super) fn spread(&mut self, declarations: &mut [Declaration]) {
        if declarations.iter().all(|one| one.keyword != "dimension") {
            self.reject_strays(declarations);
            return;
        }
        let own: Vec<Vec<String>> = declarations.iter().map(|one| self.own(one)).collect();
        let mentions: Vec<Mentions> = declarations.iter().map(|one| self.mentions(one)).collect();
        self.find_families(declarations, &own, &mentions);
        self.find_variants(declarations, &own, &mentions);
    }

    /// What refers to dimensions where there is none.
    fn reject_strays(&mut self, declarations: &[Declaration]) {
        for one in declarations {
            self.scope.file = one.file;
            self.own_dimensions(one.keyword, &one.decl);
            self.chosen_variant(one);
        }
    }

    fn own(&mut self, one: &Declaration) -> Vec<String> {
        self.scope.file = one.file;
        self.own_dimensions(one.keyword, &one.decl)
    }

    fn find_families(&mut self, declarations: &[Declaration], own: &[Vec<String>], mentions: &[Mentions]) {
        let mut families: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        for (one, own) in declarations.iter().zip(own) {
            let soft = if one.keyword == "signal" { self.field_dimensions(&one.decl) } else { BTreeSet::new() };
            families.insert(one.base.clone(), (own.iter().cloned().collect(), soft));
        }
        // What a value is made of may be declared after it: each that learns of a dimension tells those that name it.
        let mut named_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (one, mentions) in declarations.iter().zip(mentions).filter(|(one, _)| VALUES.contains(&one.keyword)) {
            mentions.single.iter().for_each(|name| named_by.entry(name).or_default().push(&one.base));
        }
        let mut open: Vec<String> = families.keys().cloned().collect();
        while let Some(name) = open.pop() {
            let Some((hard, soft)) = families.get(&name).cloned() else { continue };
            if hard.is_empty() && soft.is_empty() {
                continue;
            }
            for user in named_by.get(name.as_str()).into_iter().flatten() {
                let Some((its_hard, its_soft)) = families.get_mut(*user) else { continue };
                let before = its_hard.len() + its_soft.len();
                its_hard.extend(hard.iter().cloned());
                its_soft.extend(soft.iter().cloned());
                if its_hard.len() + its_soft.len() > before {
                    open.push((*user).to_owned());
                }
            }
        }
        for (name, (hard, soft)) in families {
            if hard.is_empty() && soft.is_empty() {
                continue;
            }
            let soft = soft.difference(&hard).cloned().collect::<Vec<_>>();
            let family = Family { hard: self.scope.dimensions.sorted(hard), soft: self.scope.dimensions.sorted(soft) };
            self.scope.families.insert(name, family);
        }
    }

    fn find_variants(&mut self, declarations: &mut [Declaration], own: &[Vec<String>], mentions: &[Mentions]) {
        let mut needed: BTreeMap<String, BTreeSet<Variant>> = BTreeMap::new();
        let mut open: Vec<(String, Variant)> = Vec::new();
        let dimensions = self.scope.dimensions.clone();
        // Where no option is chosen, all variants are meant: the fees of a sum, what a report shows.
        let families = self.scope.families.clone();
        let mut ask_all = |name: &str, variant: &[Choice], open: &mut Vec<(String, Variant)>| {
            let family = families.get(name).cloned().unwrap_or_default();
            let left: Vec<String> = family.hard.iter().filter(|one| !has(variant, one)).cloned().collect();
            for whole in dimensions.completed(&family.restricted(variant), &left).unwrap_or_default() {
                if needed.entry(name.to_owned()).or_default().insert(whole.clone()) {
                    open.push((name.to_owned(), whole));
                }
            }
        };
        let by_name: BTreeMap<String, usize> =
            declarations.iter().enumerate().rev().map(|(index, one)| (one.base.clone(), index)).collect();
        let is_value = |name: &str| {
            by_name
                .get(name)
                .and_then(|index| declarations.get(*index))
                .is_some_and(|one| VALUES.contains(&one.keyword))
        };
        let mut roots: Vec<Vec<Variant>> = Vec::new();
        for (one, own) in declarations.iter().zip(own) {
            self.scope.file = one.file;
            let chosen = self.chosen_variant(one);
            roots.push(match one.keyword {
                "example" => vec![chosen],
                _ => self.scope.dimensions.product(own).unwrap_or_default(),
            });
        }
        for ((one, variants), mentions) in declarations.iter().zip(&roots).zip(mentions) {
            // Signals can always be read whole, and values of their own dimensions exist in all of them.
            let starts = !VALUES.contains(&one.keyword) || one.keyword == "signal";
            for variant in variants.iter().filter(|_| starts) {
                match VALUES.contains(&one.keyword) {
                    true => ask_all(&one.base, variant, &mut open),
                    false => {
                        mentions.all().filter(|name| is_value(name)).for_each(|name| ask_all(name, variant, &mut open))
                    }
                }
            }
        }
        let mut idle = declarations.iter().filter(|one| VALUES.contains(&one.keyword)).map(|one| &one.base);
        let mut asked = BTreeSet::new();
        loop {
            while let Some((name, variant)) = open.pop() {
                asked.insert(name.clone());
                let Some(mentions) = by_name.get(&name).and_then(|index| mentions.get(*index)) else { continue };
                for name in mentions.all().filter(|name| is_value(name)) {
                    ask_all(name, &variant, &mut open);
                }
            }
            // What nothing asks for is there all the same, and with it what it is made of.
            match idle.find(|name| !asked.contains(*name)) {
                Some(name) => ask_all(name, &[], &mut open),
                None => break,
            }
        }
        for ((one, own), roots) in declarations.iter_mut().zip(own).zip(roots) {
            one.variants = roots;
            one.own.clone_from(own);
            if VALUES.contains(&one.keyword) {
                let mut all: Vec<Variant> = needed.get(&one.base).into_iter().flatten().cloned().collect();
                all.iter_mut()
                    .for_each(|variant| variant.sort_by_key(|choice| dimensions.rank(std::slice::from_ref(choice))));
                all.sort_by_key(|variant| dimensions.rank(variant));
                one.variants = all;
            }
        }
        self.reject_too_many(declarations);
    }

    /// Tells an agreement with more variants than anybody would read, and leaves the rest of them out.
    fn reject_too_many(&mut self, declarations: &mut [Declaration]) {
        let (mut count, mut told) = (0_usize, false);
        for one in declarations.iter_mut().filter(|one| one.variants.iter().any(|variant| !variant.is_empty())) {
            count = count.saturating_add(one.variants.len());
            if count <= MOST_IN_ALL {
                continue;
            }
            one.variants.clear();
            if told {
                continue;
            }
            told = true;
            self.scope.file = one.file;
            let message = format!("an agreement has at most {MOST_IN_ALL} variants of clauses in all");
            let finding = Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, self.span(&one.decl.0), message);
            self.findings
                .push(finding.primary("one too many").help("leave out a dimension, or write several agreements"));
        }
    }

    /// The dimensions that the fields of a signal are options of.
    fn field_dimensions(&self, decl: &Decl) -> BTreeSet<String> {
        let block = decl.block();
        let nodes = block.iter().flat_map(Node::children).filter(|node| crate::syntax::keyword(node) == "field");
        let named = nodes.flat_map(|node| node.all(Kind::named).collect::<Vec<_>>());
        let types = named.filter_map(|node| node.leaf(Kind::unit_name));
        types.filter_map(|token| self.scope.dimension_called(&token)).collect()
    }

    /// The options that a head chooses, as in `example hour of uptime for gold`.
    fn chosen_variant(&mut self, one: &Declaration) -> Variant {
        let keys = one.decl.0.child(Kind::for_keys);
        if keys.is_none() && one.keyword != "example" {
            return Variant::new();
        }
        let Some(keys) = keys.or_else(|| one.decl.0.child(Kind::of_ref)) else { return Variant::new() };
        let file = self.scope.file_of(&keys);
        if one.keyword != "example" {
            let finding = Diagnostic::new(
                codes::MISPLACED_STATEMENT,
                self.span(&keys),
                format!("the head of {} chooses no option", with_article(one.keyword)),
            );
            self.tell(
                finding
                    .primary("has no meaning here")
                    .help("what differs stands in its block, after `for`; only an example is about one variant"),
            );
            return Variant::new();
        }
        let of = one.decl.of().and_then(|token| self.scope.path(&token)).map(|(path, _)| path).unwrap_or_default();
        let base = self.scope.global(&of, file).unwrap_or_default().to_owned();
        let among = self.scope.families.get(&base).map(|family| family.hard.clone()).unwrap_or_default();
        let tokens: Vec<_> = keys.leaves(Kind::ident).collect();
        let Some(selection) = self.selection(&tokens, &among) else { return Variant::new() };
        self.reject_several_options(&tokens, &selection, &among);
        let choice = |dimension: &String| {
            // An example of what holds for each option of an open dimension is about any of them.
            let named = |choice: &&Choice| choice.each || tokens.iter().any(|token| token.text() == choice.option);
            self.scope.dimensions.options(dimension).iter().find(named).cloned()
        };
        among.iter().filter_map(choice).collect()
    }

    /// Tells an example for two options of one dimension: it is about one variant.
    fn reject_several_options(&mut self, tokens: &[Token], selection: &Selection, among: &[String]) {
        for dimension in among {
            let options = selection.of(dimension).unwrap_or_default();
            let mut chosen = tokens.iter().filter(|token| options.iter().any(|option| option == token.text()));
            let Some(first) = chosen.next() else { continue };
            // One that is named twice has been told.
            let Some(second) = chosen.find(|second| second.text() != first.text()) else { continue };
            let message = format!("an example is for one option of `{dimension}`, and this one names two");
            let finding = Diagnostic::new(codes::VARIANT_UNKNOWN, self.at(second), message);
            let finding = finding.primary("the second one").label(self.at(first), "the first one");
            self.tell(finding.help("write an example for each of them"));
        }
    }

    /// The declarations that a declaration names, also by way of the templates that it uses.
    fn mentions(&mut self, one: &Declaration) -> Mentions {
        let mut found = Mentions::default();
        self.scope.file = one.file;
        self.mentioned(&one.decl.0, &mut found);
        found.single.remove(&one.base);
        found
    }

    /// One option of each dimension by which that differs which a node names, as it is for one variant of what it stands in.
    pub(super) fn any_variant(&mut self, node: &Node) -> Variant {
        let mut found = Mentions::default();
        self.mentioned(node, &mut found);
        let families = found.single.iter().filter_map(|name| self.scope.families.get(name));
        let dimensions = self.scope.dimensions.sorted(families.flat_map(|family| family.hard.iter().cloned()));
        dimensions.iter().filter_map(|one| self.scope.dimensions.options(one).first().cloned()).collect()
    }

    fn mentioned(&mut self, node: &Node, found: &mut Mentions) {
        // What is given for a parameter is the same at each mention of it.
        if !found.seen.insert(self.span(node)) {
            return;
        }
        for call in node.descendants().filter(|node| matches!(node.kind(), Kind::s_use | Kind::use_items)) {
            if let Some(body) = self.used(&call, None) {
                self.mentioned(&body, found);
            }
        }
        for token in node.descendants_with_tokens().filter_map(Element::into_token) {
            if matches!(token.kind(), Kind::path | Kind::amount_name) {
                let first = token.text().split('.').next().unwrap_or_default();
                self.mean(first, self.scope.file_at(&token), is_summed(&token), found);
            }
        }
    }

    /// What a name stands for, through all that is given for parameters.
    fn mean(&mut self, name: &str, file: FileId, summed: bool, found: &mut Mentions) {
        match self.scope.meaning(name, file) {
            Meaning::Argument(Argument::Given(node)) => match sole_path(&node).filter(|_| summed) {
                // What stands for a parameter in a sum is summed.
                Some(token) => self.mean(token.text(), self.scope.file_at(&token), summed, found),
                None => self.mentioned(&node, found),
            },
            Meaning::Argument(_) | Meaning::Nothing => {}
            Meaning::Declared(base) | Meaning::Varies { base, .. } => {
                let is_fee = self.scope.symbol_of(&base).is_some_and(|symbol| symbol.keyword == "fee");
                if summed && is_fee { &mut found.summed } else { &mut found.single }.insert(base);
            }
        }
    }
}

/// What a declaration names.
#[derive(Default)]
struct Mentions {
    /// For the options for which the declaration is.
    single: BTreeSet<String>,
    /// In a sum, for all options.
    summed: BTreeSet<String>,
    /// What has been looked through.
    seen: BTreeSet<Span>,
}

impl Mentions {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.single.iter().chain(&self.summed)
    }
}

/// Whether a path is all that stands in the brackets of `sum(…)`.
fn is_summed(token: &Token) -> bool {
    let query = token.parent_ancestors().find(|node| node.kind() == Kind::query);
    let call = query.as_ref().and_then(|query| query.parent()).filter(|call| call.kind() == Kind::call);
    call.and_then(|call| call.leaf(Kind::ident)).is_some_and(|name| name.text() == "sum")
        && query.is_some_and(|query| sole_path(&query).is_some())
}

fn has(variant: &[Choice], dimension: &str) -> bool {
    variant.iter().any(|choice| choice.dimension == dimension)
}
