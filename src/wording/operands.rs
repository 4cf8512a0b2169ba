//! Operands in words: in parentheses wherever it would not be seen where they end.

use super::expr;
use crate::calculus::{Binary, Expr, ExprKind, Function, Unary, Value};
use crate::model::Model;
use crate::values::Exact;

/// What is left where something is multiplied by one, as in `fee * 1/3`.
pub(super) fn without_one(expr: &Expr) -> &Expr {
    let one =
        |factor: &Expr| matches!(&factor.kind, ExprKind::Literal(Value::Number(number)) if *number == Exact::one());
    match &expr.kind {
        ExprKind::Binary { op: Binary::Multiply, left, right } if one(right) => without_one(left),
        ExprKind::Binary { op: Binary::Multiply, left, right } if one(left) => without_one(right),
        _ => expr,
    }
}

/// An operand: in parentheses where it is itself an operation.
pub(super) fn operand_of(model: &Model, operand: &Expr) -> String {
    let operand = without_one(operand);
    let words = expr(model, operand);
    match &operand.kind {
        ExprKind::Binary { left, right, .. }
            if matches!(
                (&left.kind, &right.kind),
                (ExprKind::Target, ExprKind::Attained) | (ExprKind::Attained, ExprKind::Target)
            ) =>
        {
            words
        }
        ExprKind::Binary { .. } | ExprKind::If { .. } => format!("({words})"),
        // A list runs on to where a parenthesis ends it.
        ExprKind::Apply { function: Function::Min | Function::Max | Function::Sum, arguments, .. }
            if arguments.len() > 1 =>
        {
            format!("({words})")
        }
        _ => words,
    }
}

/// An operand that needs no parentheses where it is a part of something, or the operation that the next one continues.
pub(super) fn chain(model: &Model, left: &Expr, like: Binary) -> String {
    let left = without_one(left);
    match &left.kind {
        ExprKind::Binary { op: Binary::Of, .. } => expr(model, left),
        ExprKind::Binary { op, .. } if *op == like => expr(model, left),
        _ => operand_of(model, left),
    }
}

/// The first of two operands: in parentheses where what follows would be read as a part of it.
pub(super) fn first_of(model: &Model, left: &Expr, like: Binary) -> String {
    if ends_open(left) { format!("({})", expr(model, left)) } else { chain(model, left, like) }
}

/// Whether the words of an expression end in a condition, or in what is counted in steps: neither shows where it ends.
fn ends_open(expr: &Expr) -> bool {
    match &without_one(expr).kind {
        ExprKind::Apply { function, arguments, filter, .. } => match function {
            Function::Share | Function::Count | Function::Streak | Function::Runs => true,
            Function::Started | Function::Completed => true,
            Function::Total => filter.is_some() || arguments.first().is_some_and(ends_open),
            _ => filter.is_some(),
        },
        // An operation within it has parentheses of its own.
        ExprKind::Binary { right, .. } => {
            !matches!(without_one(right).kind, ExprKind::Binary { .. } | ExprKind::If { .. }) && ends_open(right)
        }
        ExprKind::Unary { op: Unary::Negate, operand } => ends_open(operand),
        _ => false,
    }
}
