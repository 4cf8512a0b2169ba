//! Conditions after `when`: words that people judge, or something that can be measured.

use super::Builder;
use super::expression::{Local, is_never, never_within, without_never};
use super::statements::Statements;
use crate::calculus::{Expr, Type};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Condition;
use crate::syntax::{Kind, Node, NodeExt};

/// The declarations whose clauses are left out for options for which their condition never holds.
const LEFT_OUT: &[&str] = &["escalation", "notice", "commitment"];

impl Builder<'_> {
    /// `when …`: words or something that can be measured.
    pub(super) fn condition(&mut self, node: &Node) -> Option<Condition> {
        if let Some(words) = self.text(node) {
            return Some(Condition::Judged(words));
        }
        let query = node.child(Kind::query)?;
        let value = self.query(&query, &Local::default());
        let value = without_never(self.must_be_condition(value)?);
        match never_within(&value) {
            Some(span) if !(is_never(&value) && LEFT_OUT.contains(&self.scope.keyword)) => {
                let is_priority = self.scope.lacks.get(&span).is_some_and(|one| one.code == codes::UNDEFINED_NAME);
                let (code, message) = match is_priority {
                    true => (codes::UNDEFINED_NAME, "not every option has this priority"),
                    false => (codes::NO_WARNING_MARGIN, "not every option has a warning margin to be at risk of"),
                };
                let finding = Diagnostic::new(code, span, message);
                self.tell(
                    finding
                        .primary("this is for options that have none as well")
                        .help("say it in a block for those that have it: `for … { when … }`"),
                );
                None
            }
            _ => Some(Condition::Measured(value)),
        }
    }

    pub(super) fn condition_of(&mut self, statements: &Statements, keyword: &str) -> Option<Condition> {
        statements.one(keyword).cloned().and_then(|node| self.condition(&node))
    }

    pub(super) fn must_be_condition(&mut self, value: Expr) -> Option<Expr> {
        match &value.ty {
            Type::Poison => None,
            Type::Boolean => Some(value),
            other => {
                let finding = Diagnostic::new(
                    codes::UNIT_MISMATCH,
                    value.span,
                    format!("a condition is needed here, not {other}"),
                )
                .primary(format!("this is {other}"))
                .help("compare it with something, for example `uptime < 99.0%`");
                self.tell(finding);
                None
            }
        }
    }

    /// Tells where a promise is asked for its warning margin, or a support for a priority, for options only that have none.
    pub(super) fn check_lacks(&mut self) {
        let (lacks, has) = (std::mem::take(&mut self.scope.lacks), std::mem::take(&mut self.scope.has));
        self.findings.extend(lacks.into_iter().filter(|(at, _)| !has.contains(at)).map(|(_, finding)| finding));
    }
}

/// Whether a condition never holds, so that there is no such clause for the option for which it was lowered.
pub(super) fn never_holds(condition: Option<&Condition>) -> bool {
    matches!(condition, Some(Condition::Measured(expr)) if is_never(expr))
}
