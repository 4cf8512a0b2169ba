//! The shape of a flat chain of operands and operators, by precedence.

use super::scope::Scope;
use super::term::{self, Options};
use super::{call, mismatch};
use crate::calculus::{Binary, Expr, ExprKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::{Kind, Node, Token};
use rowan::NodeOrToken;

/// The operators as they are written, with how tightly they bind.
const OPERATORS: [(Binary, u8); 14] = [
    (Binary::Or, 1),
    (Binary::And, 2),
    (Binary::Equal, COMPARISON),
    (Binary::NotEqual, COMPARISON),
    (Binary::Less, COMPARISON),
    (Binary::AtMost, COMPARISON),
    (Binary::Greater, COMPARISON),
    (Binary::AtLeast, COMPARISON),
    (Binary::In, 4),
    (Binary::Add, 5),
    (Binary::Subtract, 5),
    (Binary::Multiply, 6),
    (Binary::Divide, 6),
    (Binary::Of, 6),
];
const COMPARISON: u8 = 3;

/// An operator that waits for its right operand.
struct Waiting {
    op: Binary,
    strength: u8,
    span: Span,
}

/// The typed expression of a node of kind `expr` or `expr_tight`. It loops over the operators, so that a chain of any
/// length needs no stack.
pub(super) fn expr(node: &Node, scope: &mut Scope<'_>) -> Expr {
    let operands = node.children_with_tokens().filter(term::is_operand).count();
    if !scope.afford(operands, scope.span(node)) {
        return Expr::poison(scope.span(node));
    }
    let (mut done, mut waiting): (Vec<Expr>, Vec<Waiting>) = (Vec::new(), Vec::new());
    for element in node.children_with_tokens() {
        match element {
            operand if term::is_operand(&operand) => {
                let options = options_of(done.last(), waiting.last(), scope);
                let operand = term::term(&operand, options.as_ref(), scope);
                let listed = waiting.last().is_some_and(|top| top.op == Binary::In);
                done.push(match operand.kind {
                    ExprKind::List(_) if !listed => scope.tell(term::no_list(operand.span)),
                    _ => operand,
                });
            }
            NodeOrToken::Token(token) if matches!(token.kind(), Kind::binop | Kind::arith) => {
                let Some((op, strength)) = operator(&token) else {
                    // The calendars' operator: whatever stands on its right is no expression.
                    return no_operator(&token, node, scope);
                };
                while waiting.last().is_some_and(|top| top.strength >= strength && strength != COMPARISON)
                    || waiting.last().is_some_and(|top| top.strength > strength)
                {
                    reduce(&mut done, &mut waiting, scope);
                }
                let span = scope.leaf(&token);
                if waiting.last().is_some_and(|top| top.strength == COMPARISON && strength == COMPARISON) {
                    return chained(span, node, scope);
                }
                waiting.push(Waiting { op, strength, span });
            }
            _ => {}
        }
    }
    while !waiting.is_empty() {
        reduce(&mut done, &mut waiting, scope);
    }
    done.pop().unwrap_or_else(|| Expr::poison(scope.span(node)))
}

fn operator(token: &Token) -> Option<(Binary, u8)> {
    OPERATORS.into_iter().find(|(op, _)| op.as_str() == token.text())
}

/// The words that may stand on the right of an operator without being declared: the options of what is on its left.
fn options_of(left: Option<&Expr>, op: Option<&Waiting>, scope: &mut Scope<'_>) -> Option<Options> {
    let (left, op) = (left?, op?);
    matches!(op.op, Binary::Equal | Binary::NotEqual | Binary::In).then(|| term::options(left, scope)).flatten()
}

fn reduce(done: &mut Vec<Expr>, waiting: &mut Vec<Waiting>, scope: &mut Scope<'_>) {
    if let (Some(operator), Some(right), Some(left)) = (waiting.pop(), done.pop(), done.pop()) {
        let (left, right) = (call::scores(&left).unwrap_or(left), call::scores(&right).unwrap_or(right));
        let span = left.span.to(right.span);
        let compared = matches!(operator.op, Binary::Equal | Binary::NotEqual | Binary::In);
        if let Some(finding) = compared.then(|| no_option(&left, &right, scope)).flatten() {
            scope.tell(finding);
            done.push(Expr::poison(span));
            return;
        }
        done.push(match mismatch::binary(&left, operator.op, &right, operator.span, scope) {
            Some((ty, grain)) => {
                let kind = ExprKind::Binary { op: operator.op, left: Box::new(left), right: Box::new(right) };
                Expr { kind, ty, grain, span }
            }
            None => Expr::poison(span),
        });
    }
}

/// The error that one side is a text, and none of the options of the other.
fn no_option(left: &Expr, right: &Expr, scope: &mut Scope<'_>) -> Option<Diagnostic> {
    [(left, right), (right, left)].into_iter().find_map(|(field, text)| {
        let options = term::options(field, scope)?;
        term::no_option(text, &options)
    })
}

fn chained(span: Span, node: &Node, scope: &mut Scope<'_>) -> Expr {
    scope.tell(
        Diagnostic::new(codes::WRONG_ARGUMENT, span, "comparisons cannot be chained")
            .primary("the second comparison")
            .help("join two comparisons: `x >= 30% and x <= 60%`"),
    );
    Expr::poison(scope.span(node))
}

fn no_operator(token: &Token, node: &Node, scope: &mut Scope<'_>) -> Expr {
    let message = format!("`{}` combines calendars, not values", token.text());
    scope.error(codes::WRONG_ARGUMENT, scope.leaf(token), message);
    Expr::poison(scope.span(node))
}
