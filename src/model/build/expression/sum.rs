//! Sums of a fee over its options.

use super::Named;
use super::path::declared;
use super::scope::Scope;
use crate::calculus::{Binary, Expr, ExprKind, Function, Grain, Type, Value};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::build::places::sole_path;
use crate::model::family_of;
use crate::source::Span;
use crate::values::{Exact, Money};

/// That a sum over all options of some dimensions has some in a supplier's agreement that are not here.
pub(in crate::model::build) fn other_sum(by: &[String], elsewhere: &[String], span: Span) -> Diagnostic {
    let message = format!(
        "this sum has options in the supplier's agreement that this one leaves out: `{}`",
        elsewhere.join("`, `")
    );
    let help = format!("import `{}` with all options that the supplier's agreement has", by.join("` and `"));
    Diagnostic::new(codes::VARIANT_MISSING, span, message).help(help)
}

/// That a fee whose option is chosen, or that has none, is added up. `name` is what it is called there, and `one` the fee that it is.
fn sum_of_one(name: &str, one: &str, span: Span) -> Diagnostic {
    let message = format!("`sum` adds up a fee over its options, and `{name}` is one fee here");
    let which = if family_of(one) == one { "it has no options".to_owned() } else { format!("it is `{one}` here") };
    Diagnostic::new(codes::WRONG_ARGUMENT, span, message)
        .primary(which)
        .help(format!("write `{name}` for this one; a sum over all of them has a name of its own, outside of their blocks: `fee all \"…\" of … = sum({name})`"))
}

/// The sum of a fee over its variants that are open here, if it has any. Over an open dimension it stays a sum, whose
/// parts are those that measurements have.
pub(super) fn sum_of_fees(query: &crate::syntax::Node, scope: &mut Scope<'_>) -> Option<Expr> {
    let token = sole_path(query)?;
    let span = scope.leaf(&token);
    let (text, file) = scope.names.path(&token)?;
    let found = scope.find(&text, file)?;
    let (all, open, by) = match found.named {
        Named::Varies { what: "fee", all, open, by, .. } => (all, open, by),
        Named::Fee { .. } => return Some(scope.tell(sum_of_one(token.text(), &found.name, span))),
        // Over which options is known where the fee is given.
        Named::Any { ty, is_fee: true } => {
            let kind = ExprKind::Constant(found.name);
            return Some(Expr { kind, ty, grain: Grain::Constant, span });
        }
        _ => return None,
    };
    let elsewhere = scope.names.summed_elsewhere(&by, span);
    if !elsewhere.is_empty() {
        return Some(scope.tell(other_sum(&by, &elsewhere, span).primary("it would be another sum here")));
    }
    if open && !scope.names.afford_sum(all.len()) {
        let message = "the sums over all options have too many parts together";
        let finding = Diagnostic::new(codes::NUMBER_OUT_OF_RANGE, span, message);
        return Some(
            scope.tell(finding.help("give the sum a name: `fee NAME \"Title\" of SERVICE = sum(…)`, and use that")),
        );
    }
    if !open && !scope.afford(all.len(), span) {
        return Some(Expr::poison(span));
    }
    let fees: Vec<Expr> = all.into_iter().map(|fee| declared(fee, &[], span, scope)).collect();
    if fees.iter().any(Expr::is_poison) {
        return Some(Expr::poison(span));
    }
    if open {
        let currency = scope.names.currency()?;
        let (ty, grain) = (Type::Money(currency), Grain::Constant);
        let kind = match fees.is_empty() {
            true => ExprKind::Literal(Value::Money(Money::new(Exact::zero(), currency))),
            false => {
                ExprKind::Apply { function: Function::Sum, arguments: fees, slice: None, filter: None, over: None }
            }
        };
        return Some(Expr { kind, ty, grain, span });
    }
    let mut fees = fees.into_iter();
    let first = fees.next()?;
    Some(fees.fold(first, |left, right| {
        if left.is_poison() || right.is_poison() {
            return Expr::poison(span);
        }
        let (ty, grain) = (left.ty.clone(), left.grain);
        let kind = ExprKind::Binary { op: Binary::Add, left: Box::new(left), right: Box::new(right) };
        Expr { kind, ty, grain, span }
    }))
}
