//! Ranges of attained values with exact ends, for what credit tables cover and what they leave out.

use super::amounts::shown;
use crate::calculus::{Binary, Type, Value};
use crate::model::{Target, Tier};
use crate::values::Exact;

/// A place between two values: before or after a number, or beyond all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    /// Below every number.
    Lowest,
    /// Just before the number, or, if true, just after it.
    At(Exact, bool),
    /// Above every number.
    Highest,
}

/// The values between two cuts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    pub from: Cut,
    pub to: Cut,
}

impl Interval {
    /// The values of a tier; nothing if an end has no number.
    pub fn of_tier(tier: &Tier<'_>) -> Option<Interval> {
        let from = match &tier.from {
            Some((value, inclusive)) => Cut::At(value.exact()?.clone(), !inclusive),
            None => Cut::Lowest,
        };
        let to = match &tier.to {
            Some((value, inclusive)) => Cut::At(value.exact()?.clone(), *inclusive),
            None => Cut::Highest,
        };
        Some(Interval { from, to })
    }

    /// The values that miss a target.
    pub fn missed(target: &Target) -> Option<Interval> {
        let bound = target.value.as_ref()?.exact()?.clone();
        match target.comparison {
            Binary::AtLeast => Some(Interval { from: Cut::Lowest, to: Cut::At(bound, false) }),
            Binary::Greater => Some(Interval { from: Cut::Lowest, to: Cut::At(bound, true) }),
            Binary::AtMost => Some(Interval { from: Cut::At(bound, true), to: Cut::Highest }),
            Binary::Less => Some(Interval { from: Cut::At(bound, false), to: Cut::Highest }),
            _ => None,
        }
    }

    /// The values that meet a target.
    pub fn met(target: &Target) -> Option<Interval> {
        let missed = Interval::missed(target)?;
        Some(match missed.from {
            Cut::Lowest => Interval { from: missed.to, to: Cut::Highest },
            from => Interval { from: Cut::Lowest, to: from },
        })
    }

    /// Without the values that no metric of the type can have: a share lies between 0% and 100%, both included.
    pub fn possible(self, ty: &Type) -> Interval {
        match ty {
            Type::Ratio => self.and(&Interval { from: Cut::At(Exact::zero(), false), to: Cut::At(Exact::one(), true) }),
            Type::Duration => self.and(&Interval { from: Cut::At(Exact::zero(), false), to: Cut::Highest }),
            _ => self,
        }
    }

    /// One value.
    pub fn only(number: &Exact) -> Interval {
        Interval { from: Cut::At(number.clone(), false), to: Cut::At(number.clone(), true) }
    }

    /// Where its values lie, in words: `between 0% and 100%`.
    pub fn words(&self, ty: &Type) -> String {
        let end = |cut: &Cut| match cut {
            Cut::At(number, _) => Value::of(ty, number.clone()).map(|value| shown(&value)),
            _ => None,
        };
        match (end(&self.from), end(&self.to)) {
            (Some(from), Some(to)) => format!("between {from} and {to}"),
            (Some(from), None) => format!("at {from} or above"),
            (None, Some(to)) => format!("at {to} or below"),
            (None, None) => "anywhere".to_owned(),
        }
    }

    /// The values in both.
    pub fn and(&self, other: &Interval) -> Interval {
        Interval { from: self.from.clone().max(other.from.clone()), to: self.to.clone().min(other.to.clone()) }
    }

    /// Whether no value lies in it.
    pub fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    /// Whether exactly one value lies in it.
    pub fn is_point(&self) -> bool {
        matches!((&self.from, &self.to), (Cut::At(from, false), Cut::At(to, true)) if from == to)
    }

    /// A value in it that is easy to read: an end that is included, or one near an end.
    pub fn inside(&self, ty: &Type) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        let upper = match &self.to {
            Cut::At(to, true) => Some(to.clone()),
            Cut::At(to, false) => self.near(to, &-step(ty)),
            _ => None,
        };
        let lower = match &self.from {
            Cut::At(from, false) => Some(from.clone()),
            Cut::At(from, true) => self.near(from, &step(ty)),
            _ => None,
        };
        // Nobody meets 0% or 100% in a table of credits; the other end says more.
        let extreme = |number: &Exact| number.is_zero() || *number == Exact::one();
        let ends = [upper, lower];
        let number = ends.iter().flatten().find(|number| !extreme(number)).or(ends.iter().flatten().next());
        let number = number.cloned().unwrap_or_else(Exact::zero);
        Value::of(ty, number)
    }

    /// A value in it that lies the step, or a part of it, from an end.
    fn near(&self, end: &Exact, step: &Exact) -> Option<Exact> {
        let mut step = step.clone();
        for _ in 0..12 {
            let number = end + &step;
            let cut = Cut::At(number.clone(), false);
            if self.from <= cut && cut < self.to {
                return Some(number);
            }
            step = step.checked_div(&Exact::from_int(10))?;
        }
        None
    }
}

/// A readable distance between two values of a type.
fn step(ty: &Type) -> Exact {
    match ty {
        Type::Ratio | Type::Points => Exact::ratio(1, 100).unwrap_or_default(),
        Type::Duration => Exact::from_int(60),
        _ => Exact::one(),
    }
}
