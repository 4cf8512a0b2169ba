//! Ways to round to a whole number of steps.

use std::fmt;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::One;

use super::exact::Exact;

/// How a number between two steps is rounded. Up and down are away from zero and towards it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// To the nearest step, a tie to the even one.
    HalfEven,
    /// To the nearest step, a tie away from zero.
    HalfUp,
    /// To the nearest step, a tie towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// To the lower step.
    Floor,
    /// To the higher step.
    Ceiling,
}

impl Rounding {
    /// Every mode, in the order of the reference.
    pub const ALL: [Rounding; 7] = [
        Rounding::HalfEven,
        Rounding::HalfUp,
        Rounding::HalfDown,
        Rounding::Up,
        Rounding::Down,
        Rounding::Floor,
        Rounding::Ceiling,
    ];

    /// The mode that a file calls `word`.
    pub fn parse(word: &str) -> Option<Rounding> {
        Rounding::ALL.into_iter().find(|mode| mode.as_str() == word)
    }

    /// The word for the mode in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Rounding::HalfEven => "half_even",
            Rounding::HalfUp => "half_up",
            Rounding::HalfDown => "half_down",
            Rounding::Up => "up",
            Rounding::Down => "down",
            Rounding::Floor => "floor",
            Rounding::Ceiling => "ceiling",
        }
    }

    /// The whole number that `number` rounds to.
    pub(super) fn to_whole(self, number: &Exact) -> Exact {
        let floor = number.floor();
        let rest = number - &floor;
        if rest.is_zero() {
            return floor;
        }
        let tie = (&rest + &rest).cmp(&Exact::one());
        let even = || (&floor.numerator() % 2u32) == BigInt::ZERO;
        let negative = number.signum() < 0;
        if self.rises(tie, negative, even) { floor + Exact::one() } else { floor }
    }

    /// As [`Rounding::to_whole`], for the printing of numbers that are not negative.
    pub(super) fn big_to_whole(self, number: &BigRational) -> BigInt {
        let floor = number.floor().to_integer();
        let rest = number - BigRational::from_integer(floor.clone());
        if rest.numer() == &BigInt::ZERO {
            return floor;
        }
        let tie = (&rest + &rest).cmp(&BigRational::one());
        let even = || (&floor % 2u32) == BigInt::ZERO;
        if self.rises(tie, false, even) { floor + 1 } else { floor }
    }

    /// Whether a number strictly between two steps goes to the higher one. `half` compares its distance from the
    /// lower step with half a step.
    fn rises(self, half: std::cmp::Ordering, negative: bool, lower_is_even: impl Fn() -> bool) -> bool {
        let tie = half.is_eq();
        match self {
            Rounding::Floor => false,
            Rounding::Ceiling => true,
            Rounding::Up => !negative,
            Rounding::Down => negative,
            Rounding::HalfEven if tie => !lower_is_even(),
            Rounding::HalfUp if tie => !negative,
            Rounding::HalfDown if tie => negative,
            Rounding::HalfEven | Rounding::HalfUp | Rounding::HalfDown => half.is_gt(),
        }
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
