//! What is known of a value: itself, or two values between which it lies.

use super::gap::Gap;
use crate::calculus::{self, Binary, Type, Value, shown};

/// At most so many operands of one operation may be bounds.
const MOST_BOUNDS: usize = 6;

/// A value that is known, exactly or by its bounds.
///
/// The mean of thousands of ratios has a denominator of tens of thousands of bits. Whatever is made of it is computed
/// from its bounds first: all operations of the calculus are monotone in each operand, so that the results at the ends
/// bound the result. Where a decision falls between the bounds, it is [`Gap::Unsure`], and is made again exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// The value.
    Exactly(Value),
    /// The least and the greatest that it can be.
    Between(Box<(Value, Value)>),
}

impl Known {
    /// The value with these bounds.
    pub(super) fn between(low: Value, high: Value) -> Known {
        if low == high { Known::Exactly(low) } else { Known::Between(Box::new((low, high))) }
    }

    /// The value, where it is known exactly.
    ///
    /// # Errors
    /// [`Gap::Unsure`] where it is not.
    pub fn exactly(&self) -> Result<Value, Gap> {
        match self {
            Known::Exactly(value) => Ok(value.clone()),
            Known::Between(_) => Err(Gap::Unsure),
        }
    }

    /// The least and the greatest that it can be.
    #[must_use]
    pub fn ends(&self) -> (&Value, &Value) {
        match self {
            Known::Exactly(value) => (value, value),
            Known::Between(ends) => (&ends.0, &ends.1),
        }
    }

    /// As a person reads it, to six places; both ends are so near each other that they read the same.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(self.ends().0)
    }

    /// The result of an operation that is monotone in each of its operands; `at` computes it for values.
    pub(super) fn of(operands: &[&Known], at: &dyn Fn(&[&Value]) -> Option<Value>) -> Result<Known, Gap> {
        let bounds = operands.iter().filter(|operand| matches!(operand, Known::Between(_))).count();
        if bounds > MOST_BOUNDS {
            return Err(Gap::Unsure);
        }
        let mut found: Option<(Value, Value)> = None;
        for corner in 0..1_usize << bounds {
            let mut bit = 0;
            let values: Vec<&Value> = operands
                .iter()
                .map(|operand| match operand {
                    Known::Exactly(value) => value,
                    Known::Between(ends) => {
                        bit += 1;
                        if corner >> (bit - 1) & 1 == 0 { &ends.0 } else { &ends.1 }
                    }
                })
                .collect();
            let value = at(&values).ok_or(Gap::Poisoned)?;
            found = Some(match found {
                None => (value.clone(), value),
                Some((low, high)) if low == value || high == value => (low, high),
                Some((low, high)) => match (low.exact(), high.exact(), value.exact()) {
                    (Some(least), _, Some(number)) if number < least => (value, high),
                    (_, Some(most), Some(number)) if number > most => (low, value),
                    (Some(_), Some(_), Some(_)) => (low, high),
                    // A condition that holds at one end and not at the other.
                    _ => return Err(Gap::Unsure),
                },
            });
        }
        let (low, high) = found.ok_or(Gap::Poisoned)?;
        Ok(Known::between(low, high))
    }

    /// The result of an operator.
    pub(super) fn binary(op: Binary, left: &Known, right: &Known, ty: &Type) -> Result<Known, Gap> {
        let compare = |op: Binary| Known::of(&[left, right], &|ends| plain(op, ends, &Type::Boolean));
        match (op, left, right) {
            (_, Known::Exactly(left), Known::Exactly(right)) => {
                calculus::binary(op, left, right, ty).map(Known::Exactly).ok_or(Gap::Poisoned)
            }
            // Two numbers are equal at no end, and may be between.
            (Binary::Equal | Binary::NotEqual, ..) => {
                let no = Known::Exactly(Value::Boolean(false));
                if compare(Binary::AtMost)? == no || compare(Binary::AtLeast)? == no {
                    Ok(Known::Exactly(Value::Boolean(op == Binary::NotEqual)))
                } else {
                    Err(Gap::Unsure)
                }
            }
            (Binary::Divide, ..) => {
                let sign = |value: &Value| value.exact().map_or(0, crate::values::Exact::signum);
                let (low, high) = right.ends();
                if sign(low) == 0 || sign(low) != sign(high) {
                    return Err(Gap::Unsure);
                }
                Known::of(&[left, right], &|ends| plain(op, ends, ty))
            }
            _ => Known::of(&[left, right], &|ends| plain(op, ends, ty)),
        }
    }
}

impl From<Value> for Known {
    fn from(value: Value) -> Known {
        Known::Exactly(value)
    }
}

fn plain(op: Binary, operands: &[&Value], ty: &Type) -> Option<Value> {
    match operands {
        [left, right] => calculus::binary(op, left, right, ty),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Exact;
    use proptest::prelude::*;

    fn number(value: i64) -> Value {
        Value::Number(Exact::from_int(value))
    }

    proptest! {
        #[test]
        fn results_lie_between_the_results_of_bounds(
            a in -20i64..20, b in -20i64..20, below in 0i64..4, above in 0i64..4, under in 0i64..4, over in 0i64..4,
            op in prop::sample::select(vec![
                Binary::Add, Binary::Subtract, Binary::Multiply, Binary::Divide, Binary::Less, Binary::AtMost,
                Binary::Greater, Binary::AtLeast, Binary::Equal, Binary::NotEqual,
            ]),
        ) {
            let ty = if op.is_comparison() { Type::Boolean } else { Type::Number };
            let (left, right) = (
                Known::between(number(a - below), number(a + above)),
                Known::between(number(b - under), number(b + over)),
            );
            let plain = calculus::binary(op, &number(a), &number(b), &ty);
            match (Known::binary(op, &left, &right, &ty), plain) {
                (Ok(Known::Exactly(found)), Some(plain)) if op.is_comparison() => prop_assert_eq!(found, plain),
                (Ok(known), Some(plain)) => {
                    let (low, high) = known.ends();
                    prop_assert!(low.exact() <= plain.exact() && plain.exact() <= high.exact());
                }
                (Err(_), _) => {}
                (Ok(_), None) => prop_assert!(false, "a result where there is none"),
            }
        }
    }
}
