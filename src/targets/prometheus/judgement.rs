//! What a slice is worth, by what was counted in it.

use super::measure::Judgement;
use super::slices::number_text;
use crate::calculus::Binary;
use crate::values::Exact;

/// A number of the operators of the calculus as PromQL writes it.
pub(super) fn operator(comparison: Binary) -> &'static str {
    match comparison {
        Binary::Less => "<",
        Binary::AtMost => "<=",
        Binary::Greater => ">",
        Binary::AtLeast => ">=",
        Binary::NotEqual => "!=",
        _ => "==",
    }
}

/// What a slice with a quotient is worth, as PromQL writes it.
pub(super) fn judged(value: &str, judgement: &Judgement) -> String {
    match judgement {
        Judgement::Part(false) => value.to_owned(),
        Judgement::Part(true) => format!("(1 - {value})"),
        Judgement::Holds(comparison, number) => {
            format!("({value} {} bool {})", operator(*comparison), number_text(number))
        }
    }
}

/// What a quotient with a known value is worth.
pub(super) fn worth(quotient: &Exact, judgement: &Judgement) -> Exact {
    let holds = match judgement {
        Judgement::Part(false) => return quotient.clone(),
        Judgement::Part(true) => return Exact::one() - quotient,
        Judgement::Holds(Binary::Less, number) => quotient < number,
        Judgement::Holds(Binary::AtMost, number) => quotient <= number,
        Judgement::Holds(Binary::Greater, number) => quotient > number,
        Judgement::Holds(_, number) => quotient >= number,
    };
    if holds { Exact::one() } else { Exact::zero() }
}
