//! The rows of what differs: one for each combination of options, and none that holds for nothing.

use super::Builder;
use super::dimensions::{Dimensions, MOST_VARIANTS};
use super::variants::{Selection, options_of};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Choice, Variant, titles};
use crate::source::Span;
use crate::syntax::{Decl, Kind, Node, NodeExt};
use std::collections::BTreeMap;

/// What a metric has for each combination of options. None is for all that are not named.
pub(super) const DEFINITION: &str = "definition";

/// The rows of a declaration, each under the options for which it holds.
pub(super) struct Rows {
    /// The dimensions by which the declaration says itself that it differs.
    own: Vec<String>,
    /// The rows, by the options in the order of the dimensions.
    rows: BTreeMap<Vec<String>, Node>,
}

/// Every combination of the options of some dimensions, each with the first two rows that hold for it.
struct Grid {
    dimensions: Vec<(String, Vec<Choice>)>,
    cells: Vec<(Option<usize>, Option<usize>)>,
}

impl Grid {
    /// No rows yet.
    fn new(all: &Dimensions, dimensions: &[String]) -> Grid {
        let dimensions: Vec<_> = dimensions.iter().map(|one| (one.clone(), all.options(one).to_vec())).collect();
        let count = dimensions.iter().map(|(_, options)| options.len()).product::<usize>().min(MOST_VARIANTS);
        Grid { dimensions, cells: vec![(None, None); count] }
    }

    /// Notes that a row holds for what it selects.
    fn select(&mut self, selection: &Selection, row: usize) {
        let mut places = vec![0_usize];
        for (dimension, options) in &self.dimensions {
            let wanted = selection.of(dimension);
            let is_wanted = |choice: &Choice| wanted.is_none_or(|wanted| wanted.contains(&choice.option));
            let chosen: Vec<usize> =
                options.iter().enumerate().filter(|(_, choice)| is_wanted(choice)).map(|(at, _)| at).collect();
            places = places.iter().flat_map(|place| chosen.iter().map(move |at| place * options.len() + at)).collect();
        }
        for place in places {
            match self.cells.get_mut(place) {
                Some((first @ None, _)) => *first = Some(row),
                Some((_, second @ None)) => *second = Some(row),
                _ => {}
            }
        }
    }

    /// The combination of a place.
    fn variant(&self, mut place: usize) -> Variant {
        let mut variant = Variant::new();
        for (_, options) in self.dimensions.iter().rev() {
            variant.extend(options.get(place % options.len().max(1)).cloned());
            place /= options.len().max(1);
        }
        variant.reverse();
        variant
    }

    /// The first combination with two rows.
    fn twice(&self) -> Option<(Variant, usize, usize)> {
        let twice =
            |(place, cell): (usize, &(Option<usize>, Option<usize>))| Some((self.variant(place), cell.0?, cell.1?));
        self.cells.iter().enumerate().find_map(twice)
    }

    /// Whether some combination has no row.
    fn is_open(&self) -> bool {
        self.cells.iter().any(|cell| cell.0.is_none())
    }

    /// The combinations without a row.
    fn missing(&self) -> Vec<Variant> {
        let without = self.cells.iter().enumerate().filter(|(_, cell)| cell.0.is_none());
        without.map(|(place, _)| self.variant(place)).collect()
    }

    /// The row of each combination; `otherwise` where no other one holds.
    fn rows(&self, otherwise: Option<usize>) -> Vec<(Vec<String>, usize)> {
        let of = |(place, cell): (usize, &(Option<usize>, Option<usize>))| {
            let options = self.variant(place).into_iter().map(|choice| choice.option).collect();
            Some((options, cell.0.or(otherwise)?))
        };
        self.cells.iter().enumerate().filter_map(of).collect()
    }
}

impl Builder<'_> {
    /// Tells the first combination of options for which a declaration says nothing, and that for which it says two
    /// things. `what` is what it has for each.
    pub(super) fn covered(&mut self, decl: &Decl, nodes: &[Node], dimensions: &[String], what: &str) {
        // No row can name an option of an open dimension, so that each holds for all of them.
        let closed: Vec<String> =
            dimensions.iter().filter(|one| !self.scope.dimensions.is_open(one)).cloned().collect();
        let mut table = Grid::new(&self.scope.dimensions, &closed);
        for (place, node) in nodes.iter().enumerate().filter(|(_, node)| node.leaf(Kind::otherwise).is_none()) {
            // What names an option that does not exist is told there.
            let Some(selection) = self.selection(&options_of(node), dimensions) else { return };
            table.select(&selection, place);
        }
        let mut rest =
            (0..nodes.len()).filter(|at| nodes.get(*at).is_some_and(|node| node.leaf(Kind::otherwise).is_some()));
        let (first, second) = (rest.next(), rest.next());
        let span = |builder: &Self, at: usize| nodes.get(at).map_or_else(Default::default, |node| builder.span(node));
        if let (Some(first), Some(second)) = (first, second) {
            let (one, other) = (span(self, first), span(self, second));
            let finding = Diagnostic::new(codes::VARIANT_TWICE, other, "`otherwise` stands here twice");
            self.tell(finding.primary("the second one").label(one, "the first one"));
        }
        let known = !self.share_an_option(&closed);
        let for_more = first.and_then(|at| nodes.get(at)).is_some_and(|node| self.is_for_more(node, &closed));
        if let (Some(first), false, false, true, false) = (first, closed.is_empty(), table.is_open(), known, for_more) {
            let finding = Diagnostic::new(
                codes::VARIANT_NEVER,
                span(self, first),
                "`otherwise` holds for no combination of options: each has a row of its own",
            );
            self.tell(finding.primary("never holds").help("delete it"));
        }
        let name = decl.name().map(|name| name.text().to_owned()).unwrap_or_default();
        if let Some((variant, one, other)) = table.twice().filter(|_| known) {
            let message = format!("`{name}` has two {what}s for {}", titles(&variant));
            let help = match dimensions.len() {
                0 | 1 => "let one of them name fewer options".to_owned(),
                _ => format!(
                    "let one of them name an option of each of `{}`: a row holds for every option of what it does not name",
                    dimensions.join("`, `")
                ),
            };
            let finding = Diagnostic::new(codes::VARIANT_TWICE, span(self, other), message)
                .primary("applies as well")
                .label(span(self, one), "applies already");
            self.tell(finding.witness(in_words(&variant)).help(help));
        }
        let missing = if first.is_none() && known && !self.scope.is_any_option && !self.is_unread(decl) {
            table.missing()
        } else {
            Vec::new()
        };
        if let Some(one) = missing.first() {
            let at = decl.name().map_or_else(|| self.span(&decl.0), |name| self.at(&name));
            let all = || dimensions.iter().map(|name| format!("each `{name}`")).collect::<Vec<_>>().join(", ");
            let for_what = if one.is_empty() { all() } else { titles(one) };
            let message = format!("`{name}` has no {what} for {for_what}");
            let help = match what {
                DEFINITION => format!("add what holds for it, such as `for {} = …`", options(one)),
                _ => "add what holds for it, or `otherwise` for all that are not named".to_owned(),
            };
            let witness = match missing.len() - 1 {
                0 => in_words(one),
                1 => format!("{}, and one more combination", in_words(one)),
                more => format!("{}, and {more} more combinations", in_words(one)),
            };
            let finding = Diagnostic::new(codes::VARIANT_MISSING, at, message).primary("something is missing");
            self.tell(finding.witness(witness).help(help));
        }
        let rows = table.rows(first).into_iter().filter_map(|(key, at)| Some((key, nodes.get(at)?.clone()))).collect();
        let at = self.span(&decl.0);
        self.scope.rows.insert(at, Rows { own: closed, rows });
    }

    /// Whether two dimensions have an option of one name, so that it is not known which rows are for what.
    fn share_an_option(&self, dimensions: &[String]) -> bool {
        dimensions.iter().enumerate().any(|(place, one)| {
            let others = dimensions.get(..place).unwrap_or_default();
            let mut options = self.scope.dimensions.options(one).iter();
            options.any(|choice| self.scope.dimensions.of_option(&choice.option, others).is_some())
        })
    }

    /// The row of a declaration for the variant that is lowered.
    pub(super) fn own_row(&self, decl: &Decl) -> Option<Node> {
        let rows = self.scope.rows.get(&self.span(&decl.0))?;
        let own = self.scope.variant.iter().filter(|choice| rows.own.contains(&choice.dimension));
        rows.rows.get(&own.map(|choice| choice.option.clone()).collect::<Vec<_>>()).cloned()
    }

    /// Tells what is said for some options and holds for none of the variants.
    pub(super) fn check_holding(&mut self) {
        let never: Vec<Span> =
            self.scope.holding.iter().filter(|(_, holds)| !**holds).map(|(place, _)| *place).collect();
        for place in never {
            let finding =
                Diagnostic::new(codes::VARIANT_NEVER, place, "what stands here holds for no combination of options");
            self.findings.push(
                finding
                    .primary("never holds")
                    .help("of one dimension name all options in one list, `for gold, basic`: one block within another holds where both do"),
            );
        }
    }
}

/// `infrequent, eu`.
fn options(variant: &[Choice]) -> String {
    variant.iter().map(|choice| choice.option.as_str()).collect::<Vec<_>>().join(", ")
}

/// `class = infrequent, region = eu`.
fn in_words(variant: &[Choice]) -> String {
    variant.iter().map(|choice| format!("{} = {}", choice.dimension, choice.option)).collect::<Vec<_>>().join(", ")
}
