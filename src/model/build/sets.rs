//! What is made of others of its kind with `or`, `and` and `except`: calendars and sets of holidays.

use super::order::in_order;
use super::values::way_in_words;
use super::{Builder, Declaration, Poisonable};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Declared, Table};
use crate::syntax::{Decl, Element, Kind, Node, NodeExt, Token, keyword};
use std::collections::BTreeMap;

/// A kind of declaration that is made of others of its kind.
pub(super) struct Made {
    /// Its keyword.
    pub keyword: &'static str,
    /// With its article, as in `a calendar is made of calendars`.
    pub one: &'static str,
    /// Several of them.
    pub several: &'static str,
    /// An expression.
    pub example: &'static str,
    /// What leads back in a circle.
    pub circle: &'static str,
    /// A statement of its own.
    pub own: &'static str,
}

/// What stands beside an operator.
pub(super) enum Operand<T> {
    /// A name.
    Named(Token),
    /// What stands in brackets.
    Grouped(T),
}

impl Builder<'_> {
    /// All declarations of one kind. Those that are made of others come after those: `lower` is given the ones before.
    pub(super) fn made_of_others<T: Declared + Clone>(
        &mut self,
        declarations: &[Declaration],
        made: &Made,
        lower: impl Fn(&mut Self, &Decl, &Table<T>) -> Poisonable<T>,
    ) -> Table<T> {
        let found: Vec<&Declaration> = declarations.iter().filter(|one| one.keyword == made.keyword).collect();
        let names: BTreeMap<&str, usize> = found.iter().enumerate().map(|(at, one)| (one.base.as_str(), at)).collect();
        let named = |one: &&Declaration| {
            let names_in = names_in(&one.decl).into_iter().filter_map(|name| self.scope.full_name(&name));
            names_in.filter_map(|name| names.get(name.as_str()).copied()).collect()
        };
        let (order, circles) = in_order(&found.iter().map(named).collect::<Vec<Vec<usize>>>());
        for circle in circles {
            let way: Vec<&Decl> = circle.iter().filter_map(|index| found.get(*index).map(|one| &one.decl)).collect();
            self.in_a_circle(&way, made);
        }
        let mut known = Table::default();
        let mut all: Vec<(usize, T)> = Vec::new();
        for index in order {
            let Some(declaration) = found.get(index) else { continue };
            self.enter(declaration, &crate::model::Variant::new());
            let one = self.poisonable(&declaration.decl, |builder, decl| lower(builder, decl, &known));
            known.push(one.clone());
            all.push((index, one));
        }
        self.leave();
        all.sort_by_key(|(index, _)| *index);
        let mut table = Table::default();
        all.into_iter().for_each(|(_, one)| table.push(one));
        table
    }

    fn in_a_circle(&mut self, way: &[&Decl], made: &Made) {
        let Some(first) = way.first() else { return };
        let head = self.head(first, None);
        let message = format!("`{}` is defined by itself", head.name);
        let finding = Diagnostic::new(codes::CIRCULAR_DEFINITION, head.name_span, message)
            .primary(format!("its {} lead back to it", made.circle))
            .help(format!("give one of the {} {} of its own: `{}`", made.several, made.circle, made.own));
        let witness = way_in_words(way);
        self.tell(if way.len() > 1 { finding.witness(witness) } else { finding });
    }

    /// The expression after `=` of a declaration that is made of others; what its block says as well is told.
    pub(super) fn made_of(&mut self, decl: &Decl, made: &Made) -> Option<Node> {
        let expr = decl.0.child(Kind::assign)?.child(Kind::query)?.child(Kind::expr)?;
        let block = decl.block();
        if let Some(statement) = block.iter().flat_map(|block| block.children()).next() {
            let message = format!("{} that is made of others says nothing by itself", made.one);
            self.tell(
                Diagnostic::new(codes::MISPLACED_STATEMENT, self.span(&statement), message)
                    .primary(format!("`{}` has no place here", keyword(&statement)))
                    .label(self.span(&expr), "it is made of these")
                    .help(format!("declare {} with this line, and name it after the `=`", made.one)),
            );
        }
        Some(expr)
    }

    /// What is joined by `or`, `and`, `except`, from left to right; brackets group. `join` is given what stands on the left,
    /// if anything does, with the operator.
    pub(super) fn joined<T>(
        &mut self,
        expr: &Node,
        made: &Made,
        join: &mut impl FnMut(&mut Self, Option<(T, &str)>, Operand<T>) -> Option<T>,
    ) -> Option<T> {
        let mut whole: Option<T> = None;
        let mut operator = String::new();
        for element in expr.children_with_tokens() {
            let operand = match (element.kind(), element) {
                (Kind::binop, Element::Token(token)) if OPERATORS.contains(&token.text()) => {
                    operator = token.text().to_owned();
                    continue;
                }
                (Kind::path, Element::Token(token)) => Operand::Named(token),
                (Kind::grouped, Element::Node(node)) => {
                    let inner = node.child(Kind::query).and_then(|query| query.child(Kind::expr))?;
                    Operand::Grouped(self.joined(&inner, made, join)?)
                }
                (Kind::blank | Kind::newline | Kind::comment | Kind::doc | Kind::punct, _) => continue,
                _ => {
                    let message = format!("{} is made of {}, `or`, `and` and `except`", made.one, made.several);
                    self.tell(
                        Diagnostic::new(codes::WRONG_KIND, self.span(expr), message)
                            .primary(format!("not a combination of {}", made.several))
                            .help(format!("write for example `{}`", made.example)),
                    );
                    return None;
                }
            };
            whole = Some(join(self, whole.take().map(|left| (left, operator.as_str())), operand)?);
        }
        whole
    }
}

/// What joins two of a kind.
const OPERATORS: [&str; 3] = ["or", "and", "except"];

/// The names in the expression of a declaration.
fn names_in(decl: &Decl) -> Vec<Token> {
    let assign = decl.0.child(Kind::assign);
    let tokens = assign.iter().flat_map(|node| node.descendants_with_tokens()).filter_map(Element::into_token);
    tokens.filter(|token| token.kind() == Kind::path).collect()
}
