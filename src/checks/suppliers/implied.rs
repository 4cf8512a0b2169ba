//! Whether one condition on measurements holds whenever another one does, where their form shows it.

use crate::calculus::{Binary, Expr, ExprKind, Type, Value, binary, fold};
use crate::model::Model;

/// In so many steps that is looked for; what is left is not found to hold.
const STEPS: usize = 2_000;

/// Whether one of several conditions holds whenever another one does. What is not seen may hold all the same.
pub(super) fn implies(model: &Model, when: &Expr, any: &[&Expr]) -> bool {
    Search { model, left: STEPS }.any(when, any)
}

struct Search<'a> {
    model: &'a Model,
    left: usize,
}

impl Search<'_> {
    fn any(&mut self, when: &Expr, any: &[&Expr]) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let cases = joined(when, Binary::Or);
        if cases.len() > 1 {
            return cases.into_iter().all(|case| self.any(case, any));
        }
        any.iter().any(|of| {
            let either = joined(of, Binary::Or);
            if either.len() > 1 {
                return self.any(when, &either);
            }
            let each = joined(of, Binary::And);
            if each.len() > 1 {
                return each.into_iter().all(|of| self.any(when, &[of]));
            }
            joined(when, Binary::And).into_iter().any(|one| match joined(one, Binary::Or).len() {
                1 => self.is_stricter(one, of),
                _ => self.any(one, &[of]),
            })
        })
    }

    /// Whether a condition that is not joined of others is the same as another one, or compares the same with a value that
    /// leaves less.
    fn is_stricter(&self, one: &Expr, of: &Expr) -> bool {
        if one.to_string() == of.to_string() {
            return true;
        }
        let Some(((read, op, most), (also, wider, limit))) = self.comparison(one).zip(self.comparison(of)) else {
            return false;
        };
        let is = |op: Binary| binary(op, &most, &limit, &Type::Boolean) == Some(Value::Boolean(true));
        let same = || read.to_string() == also.to_string();
        let leaves_less = match (op, wider) {
            (Binary::Greater, Binary::Greater | Binary::AtLeast)
            | (Binary::AtLeast | Binary::Equal, Binary::AtLeast) => is(Binary::AtLeast),
            (Binary::AtLeast | Binary::Equal, Binary::Greater) => is(Binary::Greater),
            (Binary::Less, Binary::Less | Binary::AtMost) | (Binary::AtMost | Binary::Equal, Binary::AtMost) => {
                is(Binary::AtMost)
            }
            (Binary::AtMost | Binary::Equal, Binary::Less) => is(Binary::Less),
            (Binary::Equal, Binary::Equal) => is(Binary::Equal),
            _ => false,
        };
        leaves_less && same()
    }

    /// What is compared, how, and with which value.
    fn comparison<'e>(&self, expr: &'e Expr) -> Option<(&'e Expr, Binary, Value)> {
        let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
        let value = |side: &Expr| fold(side, &|name| self.model.constants.get(name)?.exact.clone());
        match (value(left), value(right)) {
            (None, Some(value)) => Some((left, *op, value)),
            (Some(value), None) => Some((right, op.turned(), value)),
            _ => None,
        }
    }
}

/// The conditions that are joined by an operator; the whole where it is not joined so.
fn joined(expr: &Expr, by: Binary) -> Vec<&Expr> {
    let (mut parts, mut open) = (Vec::new(), vec![expr]);
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Binary { op, left, right } if *op == by => open.extend([right.as_ref(), left.as_ref()]),
            _ => parts.push(expr),
        }
    }
    parts
}
