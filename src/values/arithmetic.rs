//! Order and operators of exact numbers. Words of 63 bits are multiplied and added in 127; the rest is left to big
//! rationals.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

use super::exact::{Exact, Repr};

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => self.to_big().cmp(&other.to_big()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn add(left: &Exact, right: &Exact) -> Exact {
    match (&left.0, &right.0) {
        (Repr::Small(a, b), Repr::Small(c, d)) => {
            let (a, b, c, d) = (i128::from(*a), i128::from(*b), i128::from(*c), i128::from(*d));
            Exact::reduce(a * d + c * b, b * d)
        }
        _ => Exact::from_big(left.to_big() + right.to_big()),
    }
}

fn mul(left: &Exact, right: &Exact) -> Exact {
    match (&left.0, &right.0) {
        (Repr::Small(a, b), Repr::Small(c, d)) => {
            Exact::reduce(i128::from(*a) * i128::from(*c), i128::from(*b) * i128::from(*d))
        }
        _ => Exact::from_big(left.to_big() * right.to_big()),
    }
}

impl Neg for &Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        match &self.0 {
            Repr::Small(n, d) => Exact(Repr::Small(-n, *d)),
            Repr::Big(value) => Exact::from_big(-(**value).clone()),
        }
    }
}

impl Neg for Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        -&self
    }
}

/// The four combinations of owned and borrowed operands of one operator.
macro_rules! operator {
    ($trait:ident, $method:ident, $function:expr) => {
        impl $trait<&Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                $function(self, other)
            }
        }
        impl $trait<Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                $function(self, &other)
            }
        }
        impl $trait<&Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                $function(&self, other)
            }
        }
        impl $trait<Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                $function(&self, &other)
            }
        }
    };
}

operator!(Add, add, add);
operator!(Sub, sub, |left: &Exact, right: &Exact| add(left, &-right));
operator!(Mul, mul, mul);

impl std::iter::Sum for Exact {
    fn sum<I: Iterator<Item = Exact>>(numbers: I) -> Exact {
        numbers.fold(Exact::zero(), |total, number| total + number)
    }
}
