//! What never holds: that a promise is at risk for options for which it has no warning margin, while it has one for others; and
//! that a case of a priority is open or late for options of which the desk has no such priority.
//!
//! It is `false` at a moment, which nothing else is: a word that is written holds for a whole window.

use crate::calculus::{Binary, Expr, ExprKind, Grain, Type, Value};
use crate::source::Span;

/// What never holds, by what stands at a place.
pub(super) fn never(span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(Value::Boolean(false)), ty: Type::Boolean, grain: Grain::Moment, span }
}

/// Whether an expression never holds.
pub(in crate::model::build) fn is_never(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Value::Boolean(false))) && expr.grain == Grain::Moment
}

/// The first place within an expression at which something never holds.
pub(in crate::model::build) fn never_within(expr: &Expr) -> Option<Span> {
    let mut found = None;
    expr.walk(&mut |part| {
        if found.is_none() && is_never(part) {
            found = Some(part.span);
        }
    });
    found
}

/// The same condition without what never holds: of two conditions joined by `or` the other one is left, and two that are
/// joined by `and` never hold together.
pub(in crate::model::build) fn without_never(expr: Expr) -> Expr {
    let Expr { kind: ExprKind::Binary { op: op @ (Binary::Or | Binary::And), left, right }, ty, grain, span } = expr
    else {
        return expr;
    };
    let (left, right) = (without_never(*left), without_never(*right));
    match (op, is_never(&left), is_never(&right)) {
        (Binary::Or, true, _) => right,
        (Binary::Or, false, true) => left,
        (Binary::And, true, _) | (Binary::And, _, true) => never(span),
        _ => Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, ty, grain, span },
    }
}
