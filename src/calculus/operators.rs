//! Which values an operator joins, and what it gives: one table, which the language reference prints.

use super::{Binary, Type, Unary};
use std::fmt;

/// A kind of type in the table of operators: currencies and units are left open, and are the same throughout a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A condition.
    Boolean,
    /// A plain number.
    Number,
    /// The literal `1` or `100%`, of which something is the complement.
    One,
    /// A part of one.
    Ratio,
    /// Percentage points.
    Points,
    /// Elapsed time.
    Duration,
    /// Money in a currency.
    Money,
    /// A quantity in a unit.
    Quantity,
    /// Words or the name of an option.
    Text,
}

impl Class {
    /// The class of a type; nothing for what no operator joins.
    pub fn of(ty: &Type) -> Option<Class> {
        Some(match ty {
            Type::Boolean => Class::Boolean,
            Type::Number => Class::Number,
            Type::Ratio => Class::Ratio,
            Type::Points => Class::Points,
            Type::Duration => Class::Duration,
            Type::Money(_) => Class::Money,
            Type::Quantity(_) => Class::Quantity,
            Type::Text => Class::Text,
            Type::Runs | Type::Occurrences | Type::Poison => return None,
        })
    }

    /// The type of the class, which takes its currency or unit from `from`.
    fn ty(self, from: &[&Type]) -> Option<Type> {
        Some(match self {
            Class::Boolean => Type::Boolean,
            Class::Number => Type::Number,
            Class::One | Class::Ratio => Type::Ratio,
            Class::Points => Type::Points,
            Class::Duration => Type::Duration,
            Class::Text => Type::Text,
            Class::Money | Class::Quantity => {
                return from.iter().find(|ty| Class::of(ty) == Some(self)).map(|ty| (*ty).clone());
            }
        })
    }
}

/// As the language reference prints it.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Boolean => "condition",
            Class::Number => "number",
            Class::One => "`1` or `100%`",
            Class::Ratio => "percentage",
            Class::Points => "percentage points",
            Class::Duration => "duration",
            Class::Money => "money",
            Class::Quantity => "quantity",
            Class::Text => "text",
        })
    }
}

/// A row of the table: the left operand, the operators, the right operand, and what they give.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What stands on the left.
    pub left: Class,
    /// The operators of the row.
    pub operators: &'static [Binary],
    /// What stands on the right.
    pub right: Class,
    /// What it gives.
    pub gives: Class,
}

const SUM: &[Binary] = &[Binary::Add, Binary::Subtract];
const PLUS: &[Binary] = &[Binary::Add];
const MINUS: &[Binary] = &[Binary::Subtract];
const TIMES: &[Binary] = &[Binary::Multiply];
const PART: &[Binary] = &[Binary::Multiply, Binary::Of];
const OVER: &[Binary] = &[Binary::Divide];
const LOGIC: &[Binary] = &[Binary::And, Binary::Or];
const SAME: &[Binary] = &[Binary::Equal, Binary::NotEqual];
const ORDER: &[Binary] =
    &[Binary::Equal, Binary::NotEqual, Binary::Less, Binary::AtMost, Binary::Greater, Binary::AtLeast];

const fn rule(left: Class, operators: &'static [Binary], right: Class, gives: Class) -> Rule {
    Rule { left, operators, right, gives }
}

/// Every row; of several that fit, the first one holds. A difference of percentages is in points, save the complement;
/// quotients of like units are percentages, since both are parts of one.
pub const RULES: &[Rule] = {
    use Class::{Boolean, Duration, Money, Number, One, Points, Quantity, Ratio, Text};
    &[
        rule(Boolean, LOGIC, Boolean, Boolean),
        rule(Boolean, SAME, Boolean, Boolean),
        rule(Text, SAME, Text, Boolean),
        rule(Number, ORDER, Number, Boolean),
        rule(Ratio, ORDER, Ratio, Boolean),
        rule(Points, ORDER, Points, Boolean),
        rule(Duration, ORDER, Duration, Boolean),
        rule(Money, ORDER, Money, Boolean),
        rule(Quantity, ORDER, Quantity, Boolean),
        rule(One, MINUS, Ratio, Ratio),
        rule(Ratio, MINUS, Ratio, Points),
        rule(Ratio, PLUS, Ratio, Ratio),
        rule(Ratio, SUM, Points, Ratio),
        rule(Points, PLUS, Ratio, Ratio),
        rule(Points, SUM, Points, Points),
        rule(Number, SUM, Number, Number),
        rule(Duration, SUM, Duration, Duration),
        rule(Money, SUM, Money, Money),
        rule(Quantity, SUM, Quantity, Quantity),
        rule(Number, TIMES, Number, Number),
        rule(Number, TIMES, Ratio, Ratio),
        rule(Number, TIMES, Points, Points),
        rule(Number, TIMES, Duration, Duration),
        rule(Number, TIMES, Money, Money),
        rule(Number, TIMES, Quantity, Quantity),
        rule(Ratio, TIMES, Number, Ratio),
        rule(Points, TIMES, Number, Points),
        rule(Duration, TIMES, Number, Duration),
        rule(Money, TIMES, Number, Money),
        rule(Quantity, TIMES, Number, Quantity),
        rule(Ratio, &[Binary::Of], Number, Number),
        rule(Ratio, PART, Ratio, Ratio),
        rule(Ratio, PART, Points, Points),
        rule(Ratio, PART, Duration, Duration),
        rule(Ratio, PART, Money, Money),
        rule(Ratio, PART, Quantity, Quantity),
        rule(Points, TIMES, Ratio, Points),
        rule(Duration, TIMES, Ratio, Duration),
        rule(Money, TIMES, Ratio, Money),
        rule(Quantity, TIMES, Ratio, Quantity),
        rule(Number, OVER, Number, Ratio),
        rule(Ratio, OVER, Ratio, Ratio),
        rule(Points, OVER, Points, Ratio),
        rule(Duration, OVER, Duration, Ratio),
        rule(Money, OVER, Money, Ratio),
        rule(Quantity, OVER, Quantity, Ratio),
        rule(Ratio, OVER, Number, Ratio),
        rule(Points, OVER, Number, Points),
        rule(Duration, OVER, Number, Duration),
        rule(Money, OVER, Number, Money),
        rule(Quantity, OVER, Number, Quantity),
    ]
};

/// What an operator gives for operands of these types; nothing where it does not join them. `complement` says that the
/// left operand is the literal `1` or `100%`.
pub fn joined(left: &Type, op: Binary, right: &Type, complement: bool) -> Option<Type> {
    let (l, r) = (Class::of(left)?, Class::of(right)?);
    if l == r && left != right {
        // Two currencies, or two units.
        return None;
    }
    let fits = |rule: &&Rule| {
        (rule.left == l || (complement && rule.left == Class::One)) && rule.right == r && rule.operators.contains(&op)
    };
    RULES.iter().find(fits)?.gives.ty(&[left, right])
}

/// What an operator with one operand gives; nothing where it does not fit.
pub fn applied(op: Unary, operand: &Type) -> Option<Type> {
    let fits = match op {
        Unary::Not => *operand == Type::Boolean,
        Unary::Negate => !matches!(Class::of(operand), None | Some(Class::Boolean | Class::Text)),
    };
    fits.then(|| operand.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Currency;

    #[test]
    fn no_row_is_hidden_by_an_earlier_one() {
        for (index, rule) in RULES.iter().enumerate() {
            for earlier in RULES.iter().take(index) {
                let same = (earlier.left, earlier.right) == (rule.left, rule.right);
                assert!(!same || !rule.operators.iter().any(|op| earlier.operators.contains(op)), "{rule:?}");
            }
        }
    }

    #[test]
    fn currencies_do_not_mix_and_complements_are_percentages() {
        let [eur, usd] = ["EUR", "USD"].map(|code| Type::Money(Currency::parse(code).unwrap()));
        assert_eq!(joined(&eur, Binary::Add, &eur, false), Some(eur.clone()));
        assert_eq!(joined(&eur, Binary::Add, &usd, false), None);
        assert_eq!(joined(&eur, Binary::Divide, &eur, false), Some(Type::Ratio));
        assert_eq!(joined(&Type::Ratio, Binary::Of, &usd, false), Some(usd));
        assert_eq!(joined(&Type::Ratio, Binary::Subtract, &Type::Ratio, false), Some(Type::Points));
        assert_eq!(joined(&Type::Ratio, Binary::Subtract, &Type::Ratio, true), Some(Type::Ratio));
        assert_eq!(joined(&Type::Number, Binary::Subtract, &Type::Ratio, true), Some(Type::Ratio));
        assert_eq!(joined(&Type::Number, Binary::Subtract, &Type::Ratio, false), None);
        assert_eq!(joined(&Type::Number, Binary::Less, &Type::Ratio, true), None);
    }
}
