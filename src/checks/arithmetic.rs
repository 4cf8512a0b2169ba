//! Arithmetic that has no result: divisions by zero, and numbers that grow beyond any use.

use super::amounts::shown;
use crate::calculus::{Binary, Expr, ExprKind, Function};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Model;

/// Every operation on fixed values has a result, and nothing is divided by zero.
pub(super) fn without_result(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for whole in model.expressions() {
        // What has a value is made of parts that have one.
        if model.stated(whole).is_some() {
            continue;
        }
        whole.walk(&mut |part| found.extend(by_zero(model, part).or_else(|| too_long(model, part))));
    }
    found
}

fn by_zero(model: &Model, expr: &Expr) -> Option<Diagnostic> {
    let (divisor, message, help) = match &expr.kind {
        ExprKind::Binary { op: Binary::Divide, right, .. } => {
            (right.as_ref(), "a value is divided by zero".to_owned(), "divide by a value that is not zero")
        }
        ExprKind::Apply { function: function @ (Function::Started | Function::Completed), arguments, .. } => {
            let message = format!("`{}` counts units of no size", function.as_str());
            (arguments.get(1)?, message, "write a unit above zero, such as `1h` or `1pp`")
        }
        _ => return None,
    };
    let value = model.stated(divisor)?;
    if !value.exact()?.is_zero() {
        return None;
    }
    Some(
        Diagnostic::new(codes::OUT_OF_RANGE, divisor.span, message)
            .primary(format!("this is {}", shown(&value)))
            .label(expr.span, "this has no result")
            .help(help),
    )
}

/// An operation whose operands have values, and which has none: its result has more digits than are computed.
fn too_long(model: &Model, expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
    let number = |part: &Expr| model.stated(part)?.exact().cloned();
    if op.is_comparison() || number(left).is_none() || number(right).is_none() || model.stated(expr).is_some() {
        return None;
    }
    Some(
        Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, expr.span, "the result is too long to be meant")
            .primary("more than a thousand digits")
            .help("a number in an agreement can be read by people: mend the factors"),
    )
}
