//! The value of an expression that is the same whatever is measured.

use super::{Binary, Expr, ExprKind, Function, Type, Unary, Value};
use crate::values::Exact;
use std::cmp::Ordering;

/// Values with longer numerators or denominators are not computed: constants that square each other would grow beyond
/// any memory.
const MAX_BITS: u64 = 4096;

/// The value of an expression of literals, constants and fees; `constants` gives the value of a constant or fee by its
/// name. Nothing where something is measured, a divisor is zero, or a number grows too long.
pub fn fold(expr: &Expr, constants: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    let value = match &expr.kind {
        ExprKind::Literal(value) => value.clone(),
        ExprKind::Constant(name) | ExprKind::Fee(name) => constants(name)?,
        ExprKind::Unary { op, operand } => unary(*op, fold(operand, constants)?, &expr.ty)?,
        ExprKind::Binary { op: Binary::In, left, right } => {
            let ExprKind::List(items) = &right.kind else { return None };
            let left = fold(left, constants)?;
            let items: Option<Vec<Value>> = items.iter().map(|item| fold(item, constants)).collect();
            Value::Boolean(items?.contains(&left))
        }
        ExprKind::Binary { op, left, right } => {
            binary(*op, &fold(left, constants)?, &fold(right, constants)?, &expr.ty)?
        }
        ExprKind::If { condition, then, otherwise } => match fold(condition, constants)? {
            Value::Boolean(true) => fold(then, constants)?,
            Value::Boolean(false) => fold(otherwise, constants)?,
            _ => return None,
        },
        ExprKind::Apply { function, arguments, slice: None, filter: None, over: None } => {
            let values: Option<Vec<Value>> = arguments.iter().map(|argument| fold(argument, constants)).collect();
            apply(*function, &values?, &expr.ty)?
        }
        _ => return None,
    };
    let small = |number: &Exact| number.numerator().bits() <= MAX_BITS && number.denominator().bits() <= MAX_BITS;
    value.exact().is_none_or(small).then_some(value)
}

/// The value of an operator with one operand; nothing where it takes no such value.
pub fn unary(op: Unary, value: Value, ty: &Type) -> Option<Value> {
    match (op, value) {
        (Unary::Not, Value::Boolean(value)) => Some(Value::Boolean(!value)),
        (Unary::Negate, value) => Value::of(ty, -value.exact()?.clone()),
        (Unary::Not, _) => None,
    }
}

/// The value of an operator with two operands, of the type that the expression has; nothing where the divisor is zero, or it
/// takes no such values.
pub fn binary(op: Binary, left: &Value, right: &Value, ty: &Type) -> Option<Value> {
    if let (Value::Boolean(left), Value::Boolean(right)) = (left, right) {
        return Some(Value::Boolean(match op {
            Binary::And => *left && *right,
            Binary::Or => *left || *right,
            Binary::Equal => left == right,
            Binary::NotEqual => left != right,
            _ => return None,
        }));
    }
    if let (Value::Text(left), Value::Text(right)) = (left, right) {
        return compare(op, left.cmp(right)).map(Value::Boolean);
    }
    // All types are kept in base units in which these operators are those of numbers: percentages and points are both
    // parts of one.
    let (left, right) = (left.exact()?, right.exact()?);
    let number = match op {
        Binary::Add => left + right,
        Binary::Subtract => left - right,
        Binary::Multiply | Binary::Of => left * right,
        Binary::Divide => left.checked_div(right)?,
        _ => return compare(op, left.cmp(right)).map(Value::Boolean),
    };
    Value::of(ty, number)
}

fn compare(op: Binary, order: Ordering) -> Option<bool> {
    Some(match op {
        Binary::Equal => order.is_eq(),
        Binary::NotEqual => order.is_ne(),
        Binary::Less => order.is_lt(),
        Binary::AtMost => order.is_le(),
        Binary::Greater => order.is_gt(),
        Binary::AtLeast => order.is_ge(),
        _ => return None,
    })
}

/// The value of a function of numbers, of the type that the expression has; nothing for a function over measurements.
pub fn apply(function: Function, values: &[Value], ty: &Type) -> Option<Value> {
    let numbers: Option<Vec<&Exact>> = values.iter().map(Value::exact).collect();
    let numbers = numbers?;
    let number = match (function, numbers.as_slice()) {
        (Function::Min, [_, _, ..]) => numbers.into_iter().min()?.clone(),
        (Function::Max, [_, _, ..]) => numbers.into_iter().max()?.clone(),
        (Function::Started, [amount, unit]) => amount.checked_div(unit)?.ceil(),
        (Function::Completed, [amount, unit]) => amount.checked_div(unit)?.floor(),
        _ => return None,
    };
    Value::of(ty, number)
}
