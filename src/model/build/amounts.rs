//! Amounts of time: as they are written, or by the name of a parameter or constant.

use super::Builder;
use super::expression;
use super::places::{Argument, Meaning};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::{Kind, Node, NodeExt, Token};
use crate::values::Amount;

/// How many names may stand for each other.
const MOST_STEPS: usize = 16;

/// How an amount is said.
const WRITTEN: &str =
    "an amount is written as it is meant, such as `4h` or `30 days`; one of elapsed time may be named by a constant";

/// The only token of a node that says something.
pub(super) fn sole_token(node: &Node) -> Option<Token> {
    let silent = [Kind::blank, Kind::newline, Kind::comment, Kind::doc];
    let leaves = node.descendants_with_tokens().filter_map(crate::syntax::Element::into_token);
    let mut said = leaves.filter(|token| !silent.contains(&token.kind()));
    let one = said.next()?;
    said.next().is_none().then_some(one)
}

/// The literals of amounts of time.
const AMOUNTS: [Kind; 4] = [Kind::duration, Kind::period, Kind::window_count, Kind::quantity];

/// Whether a literal is an amount of the calendar, which has no exact length.
pub(super) fn is_of_calendar(literal: &Token) -> bool {
    matches!(literal.kind(), Kind::period | Kind::window_count)
}

impl Builder<'_> {
    /// The literal of the amount that a parameter or a constant stands for.
    fn named_amount(&mut self, name: &Token) -> Option<Token> {
        let mut token = name.clone();
        // A constant may stand for a constant; one that leads back to itself is told there.
        for _ in 0..MOST_STEPS {
            let node = match self.scope.meaning(token.text(), self.scope.file_at(&token)) {
                Meaning::Argument(Argument::Given(node)) => node,
                Meaning::Argument(Argument::Value("duration" | "amount") | Argument::Broken) => {
                    self.scope.hushed += 1;
                    return None;
                }
                Meaning::Argument(_) => return self.no_amount(&token),
                Meaning::Nothing => {
                    let finding = self.scope.undefined_name(token.text(), self.at(&token), &["constant"]);
                    self.findings.extend(finding);
                    return None;
                }
                Meaning::Declared(_) | Meaning::Varies { .. } => self.constant_of(&token)?,
            };
            match sole_token(&node) {
                Some(one) if AMOUNTS.contains(&one.kind()) => return Some(one),
                Some(one) if one.kind() == Kind::path => token = one,
                _ => break,
            }
        }
        self.no_amount(name)
    }

    /// Whether what is given for a parameter is an amount of time; tells it if not.
    pub(super) fn given_amount(&mut self, given: &Node) -> bool {
        match sole_token(given) {
            Some(one) if one.kind() == Kind::path => match self.scope.meaning(one.text(), self.scope.file_at(&one)) {
                // What stands for any amount is one.
                Meaning::Argument(Argument::Value("duration" | "amount") | Argument::Broken) => true,
                _ => self.named_amount(&one).is_some(),
            },
            Some(one) if AMOUNTS.contains(&one.kind()) => true,
            _ => {
                let said = given.text().to_string();
                let message = format!("`{}` is no amount of time", said.trim());
                let finding = Diagnostic::new(codes::WRONG_KIND, self.span(given), message);
                self.tell(finding.primary("an amount is needed here").help(WRITTEN));
                false
            }
        }
    }

    fn no_amount<T>(&mut self, name: &Token) -> Option<T> {
        let message = format!("`{}` is no amount of time", name.text());
        let finding = Diagnostic::new(codes::WRONG_KIND, self.at(name), message);
        self.tell(finding.primary("an amount is needed here").help(WRITTEN));
        None
    }

    /// What stands after the `=` of a constant, in the variant that is lowered.
    fn constant_of(&mut self, token: &Token) -> Option<Node> {
        let constant = self.reference(token, &["constant"])?;
        self.scope.lengths.insert(constant.value);
        let decl = self.constant_decl(token.text(), self.scope.file_at(token))?;
        self.definition(&decl)?.child(Kind::query)
    }

    /// The amount directly in a node.
    pub(super) fn amount(&mut self, node: &Node) -> Option<Amount> {
        let token = node.said().find(|token| AMOUNTS.contains(&token.kind()) || token.kind() == Kind::amount_name)?;
        let token = if token.kind() == Kind::amount_name { self.named_amount(&token)? } else { token };
        expression::amount(&token, self.scope.file_at(&token), &mut self.findings)
    }
}
