//! Computed credits that come to more than the fee for their window.

use super::amounts::shown;
use super::options::found_in_each;
use super::possible::{self, Earned};
use crate::calculus::{Expr, ExprKind, Value};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Commitment, Credit, Fee, Model, Target};
use crate::values::{Exact, Money, Ratio, Rounding, Window};

/// A formula gives no more for the worst result than the whole fee, which the rows of a table are compared with too.
pub(super) fn above_fee(model: &Model) -> Vec<Diagnostic> {
    found_in_each(model, |commitment| of_formula(model, commitment).into_iter().collect())
}

fn of_formula(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    let (Some(Credit::Formula { amount, .. }), [target]) = (&commitment.credit, commitment.targets.as_slice()) else {
        return None;
    };
    let caps = model.agreement.caps.iter().filter(|_| model.shares_caps(commitment)).chain(&commitment.caps);
    let amounts: Vec<&Expr> = caps.map(|cap| &cap.amount).chain([amount]).collect();
    let whole = Whole::of(model, target, &amounts)?;
    let worst = whole.at_worst(model, target, &amounts).filter(|worst| worst.amount > whole.amount)?;
    let attained = shown(&Value::of(&target.measure.ty, worst.attained)?);
    let part = Value::Ratio(Ratio(worst.amount.checked_div(&whole.amount)?));
    let earned = match &whole.stated {
        Some(fee) => {
            let earned = Money::new(worst.amount, fee.currency).rounded(Rounding::HalfEven);
            format!("{}, and {} is {}", shown(&Value::Money(earned)), whole.name, shown(&Value::Money(fee.clone())))
        }
        None => format!("{} of {}", shown(&part), whole.name),
    };
    let finding = Diagnostic::new(codes::OUT_OF_RANGE, amount.span, "the credit can be more than the whole fee")
        .severity(Severity::Warning)
        .primary("more than the whole for the worst result")
        .witness(format!("a result of {attained} earns {earned}"))
        .help("limit it with a `cap` of at most the fee, lower the factor, or choose a larger base if more is meant");
    Some(finding.label(target.span, "missed by the most"))
}

/// What the credit is a part of.
struct Whole {
    /// In words.
    name: String,
    /// How much it is; one, where the file does not say it.
    amount: Exact,
    /// The amount, where the file states it.
    stated: Option<Money>,
}

impl Whole {
    /// The fees with periods of their own that a credit and its caps are parts of, or what is invoiced. Nothing where a fee is
    /// paid for less than the window: that it is, has been told by itself.
    fn of(model: &Model, target: &Target, amounts: &[&Expr]) -> Option<Whole> {
        let mut fees: Vec<&Fee> = Vec::new();
        let mut invoiced = 0;
        for amount in amounts {
            for fee in model.fees_behind(amount) {
                if !fees.iter().any(|one| one.head.name == fee.head.name) {
                    fees.push(fee);
                }
            }
            amount.walk(&mut |part| invoiced += usize::from(matches!(part.kind, ExprKind::Invoiced)));
        }
        let shorter = |period: &Window| period.longest() < target.window.shortest();
        if fees.iter().filter_map(|fee| fee.per.as_ref()).any(shorter) {
            return None;
        }
        let named: Vec<String> = fees.iter().map(|fee| format!("`{}`", fee.head.name)).collect();
        let stated: Option<Vec<&Money>> = fees
            .iter()
            .map(|fee| match &fee.exact {
                Some(Value::Money(money)) if money.amount.signum() > 0 => Some(money),
                _ => None,
            })
            .collect();
        // A part of a fee whose amount is not stated has none either, and is not the whole.
        let undivided = || amounts.iter().flat_map(|amount| model.fees_in(amount)).all(|(fee, _)| is_paid(model, fee));
        match (named.as_slice(), stated, invoiced) {
            ([], _, 1..) => Some(Whole { name: "what is invoiced".to_owned(), amount: Exact::one(), stated: None }),
            ([name], None, 0) if undivided() => Some(Whole { name: name.clone(), amount: Exact::one(), stated: None }),
            ([_, ..], Some(all), 0) => {
                let currency = all.first()?.currency;
                let sum = all.iter().fold(Exact::zero(), |sum, money| &sum + &money.amount);
                let stated = Some(Money::new(sum.clone(), currency));
                Some(Whole { name: named.join(" + "), amount: sum, stated })
            }
            _ => None,
        }
    }

    /// The credit for the worst result; of a whole whose amount is not stated, only where it is nothing but a part of that.
    fn at_worst(&self, model: &Model, target: &Target, amounts: &[&Expr]) -> Option<Earned> {
        let with = |whole: &Exact| possible::at_worst(model, target, whole, amounts.iter().copied());
        let worst = with(&self.amount)?;
        let two = Exact::from_int(2);
        let part = self.stated.is_some() || with(&two)?.amount == &worst.amount * &two;
        part.then_some(worst)
    }
}

fn is_paid(model: &Model, fee: &str) -> bool {
    model.fees.get(fee).is_some_and(|fee| fee.per.is_some())
}
