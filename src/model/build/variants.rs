//! Variants: by which dimensions a declaration differs, and which of them a list of options selects.

use super::Builder;
use super::dimensions::MOST_VARIANTS;
use super::names::Scope;
use crate::diagnostics::{Diagnostic, codes, did_you_mean, with_article};
use crate::model::Choice;
use crate::syntax::{Decl, Kind, Node, NodeExt, Token};
use std::collections::BTreeMap;

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
            self.scope.crowded.extend(found);
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
                None => match self.left_out(token, among) {
                    Some(dimension) => {
                        selected.entry(dimension).or_default();
                    }
                    None => {
                        sound = false;
                        self.no_option(token, among);
                    }
                },
            }
        }
        sound.then_some(Selection(selected))
    }

    fn no_option(&mut self, token: &Token, among: &[String]) {
        // It may be one of a dimension that an import does not bring, or one that could not be read.
        if self.scope.is_open || self.scope.is_any_option || self.scope.dimensions.is_unread(among) {
            self.scope.hushed += 1;
            return;
        }
        let name = token.text();
        let narrowed = self.scope.dimensions.without(name, among).and_then(|one| self.scope.narrowed.get(one));
        if let Some(narrowed) = narrowed {
            let message = format!("this agreement does not have the option `{name}`");
            let finding = Diagnostic::new(codes::UNDEFINED_NAME, self.at(token), message);
            let finding = finding.primary("not among those that are imported").label(narrowed.at, "only these are");
            self.tell(
                finding.help(format!("add `{name}` here to those that are imported, or delete what is said for it")),
            );
            return;
        }
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
                let head = format!("write `per {}` in the head of the {keyword}", names.join(", "));
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

    /// What the file calls something of the agreement in which the head of what is lowered stands.
    fn called(&self, global: &str) -> Option<&str> {
        let headed = self.headed.plain();
        let names = self.globals.range((headed, String::new())..);
        let mut names = names.take_while(|((file, _), _)| *file == headed);
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
