//! Exact numbers: rationals without floats, so that a comparison at a threshold is never a matter of luck.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::decimal;
use super::rounding::Rounding;

/// The most digits that a number in a file may have; more is hostile or a slip.
pub const MAX_DIGITS: usize = 60;

/// An exact rational number in lowest terms.
///
/// Numbers whose numerator and denominator fit 63 bits are kept in machine words; the representation is canonical,
/// so equality and hashing need no arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exact(pub(super) Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Repr {
    /// Lowest terms, positive denominator, neither part is `i64::MIN`.
    Small(i64, i64),
    /// Lowest terms, and at least one part does not fit `Small`.
    Big(Box<BigRational>),
}

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExactError {
    /// The text is not digits with an optional fraction.
    NotANumber,
    /// The text has more than [`MAX_DIGITS`] digits.
    TooLong,
}

impl fmt::Display for ExactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExactError::NotANumber => f.write_str("this is not a decimal number"),
            ExactError::TooLong => write!(f, "a number has at most {MAX_DIGITS} digits"),
        }
    }
}

impl std::error::Error for ExactError {}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            return gcd_word(x, y).into();
        }
        (a, b) = (b, a % b);
    }
    a
}

/// The greatest number that divides both; the other one, where one is zero.
pub(crate) fn gcd_word(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn word(value: i128) -> Option<i64> {
    i64::try_from(value).ok().filter(|v| *v != i64::MIN)
}

impl Exact {
    /// A whole number.
    pub fn from_int(value: i64) -> Exact {
        Exact::reduce(value.into(), 1)
    }

    /// Zero.
    pub fn zero() -> Exact {
        Exact::from_int(0)
    }

    /// One.
    pub fn one() -> Exact {
        Exact::from_int(1)
    }

    /// `numerator / denominator`, or nothing when the denominator is zero.
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Exact> {
        Exact::from_int(numerator).checked_div(&Exact::from_int(denominator))
    }

    /// A number as written in a file: digits with `_` between digits, and an optional fraction; no sign, no exponent.
    ///
    /// # Errors
    /// When the text has another shape, or more than [`MAX_DIGITS`] digits.
    pub fn parse_decimal(text: &str) -> Result<Exact, ExactError> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let separated =
            |part: &str| !part.split('_').any(str::is_empty) && part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
        if !separated(whole) || !fraction.is_none_or(separated) {
            return Err(ExactError::NotANumber);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() > MAX_DIGITS {
            return Err(ExactError::TooLong);
        }
        let places = fraction.map_or(0, |part| part.bytes().filter(u8::is_ascii_digit).count());
        if let (true, Ok(digits)) = (places <= 18, digits.parse::<i64>()) {
            return Ok(Exact::reduce(digits.into(), 10i128.pow(u32::try_from(places).unwrap_or(0))));
        }
        let numerator: BigInt = digits.parse().map_err(|_| ExactError::NotANumber)?;
        let denominator = decimal::power_of_ten(places);
        Ok(Exact::from_big(BigRational::new(numerator, denominator)))
    }

    /// The fraction `numerator / denominator` in lowest terms; the denominator must be positive and both must be
    /// far enough from the ends of `i128` to be negated.
    pub(super) fn reduce(numerator: i128, denominator: i128) -> Exact {
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).unwrap_or(1).max(1);
        let (n, d) = (numerator / divisor, denominator / divisor);
        match (word(n), word(d)) {
            (Some(n), Some(d)) => Exact(Repr::Small(n, d)),
            _ => Exact(Repr::Big(Box::new(BigRational::new_raw(n.into(), d.into())))),
        }
    }

    /// The number in its canonical representation.
    pub(super) fn from_big(value: BigRational) -> Exact {
        let small = |part: &BigInt| part.to_i64().filter(|v| *v != i64::MIN);
        match (small(value.numer()), small(value.denom())) {
            (Some(n), Some(d)) => Exact(Repr::Small(n, d)),
            _ => Exact(Repr::Big(Box::new(value))),
        }
    }

    /// The same number as a big rational.
    pub fn to_big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => BigRational::new_raw((*n).into(), (*d).into()),
            Repr::Big(value) => (**value).clone(),
        }
    }

    /// Numerator and denominator, where both fit machine words.
    pub fn words(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Repr::Small(n, d) => Some((*n, *d)),
            Repr::Big(_) => None,
        }
    }

    /// The numerator in lowest terms; carries the sign.
    pub fn numerator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(n, _) => (*n).into(),
            Repr::Big(value) => value.numer().clone(),
        }
    }

    /// The denominator in lowest terms; positive.
    pub fn denominator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(_, d) => (*d).into(),
            Repr::Big(value) => value.denom().clone(),
        }
    }

    /// The quotient, or nothing when the divisor is zero.
    pub fn checked_div(&self, divisor: &Exact) -> Option<Exact> {
        match (&self.0, &divisor.0) {
            (_, Repr::Small(0, _)) => None,
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                let (a, b, c, d) = (i128::from(*a), i128::from(*b), i128::from(*c), i128::from(*d));
                Some(Exact::reduce(a * d * c.signum(), b * c.abs()))
            }
            _ => Some(Exact::from_big(self.to_big() / divisor.to_big())),
        }
    }

    /// Whether the number is zero.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Whether the number is whole.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(_, d) => *d == 1,
            Repr::Big(value) => value.denom().is_one(),
        }
    }

    /// `-1`, `0` or `1`.
    pub fn signum(&self) -> i32 {
        match &self.0 {
            Repr::Small(n, _) => match n.cmp(&0) {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            },
            Repr::Big(value) if value.is_negative() => -1,
            Repr::Big(value) if value.is_zero() => 0,
            Repr::Big(_) => 1,
        }
    }

    /// The number without its sign.
    pub fn abs(&self) -> Exact {
        if self.signum() < 0 { -self } else { self.clone() }
    }

    /// The greatest whole number that is not above this one.
    pub fn floor(&self) -> Exact {
        match &self.0 {
            Repr::Small(n, d) => Exact(Repr::Small(n.div_euclid(*d), 1)),
            Repr::Big(value) => Exact::from_big(value.floor()),
        }
    }

    /// The least whole number that is not below this one.
    pub fn ceil(&self) -> Exact {
        -(-self).floor()
    }

    /// The value as a machine integer, when it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(n, 1) => Some(*n),
            Repr::Small(..) => None,
            Repr::Big(value) if value.is_integer() => value.numer().to_i64(),
            Repr::Big(_) => None,
        }
    }

    /// Whether the decimal expansion ends.
    pub fn is_terminating(&self) -> bool {
        self.decimal_places().is_some()
    }

    /// How many places the decimal expansion has, when it ends.
    pub fn decimal_places(&self) -> Option<usize> {
        match &self.0 {
            Repr::Small(_, d) => decimal::places_of_word(d.unsigned_abs()),
            Repr::Big(value) => decimal::places(value.denom()),
        }
    }

    /// The multiple of `step` nearest to the number in the sense of `mode`; the number itself when `step` is zero.
    /// The sign of the step does not matter.
    pub fn round_to(&self, step: &Exact, mode: Rounding) -> Exact {
        let step = step.abs();
        match self.checked_div(&step) {
            Some(steps) => &mode.to_whole(&steps) * &step,
            None => self.clone(),
        }
    }

    /// The number rounded half even to at most `max_places` places, without trailing zeros. Nothing marks the
    /// rounding; use it for reading, never for decisions.
    pub fn to_decimal_string(&self, max_places: usize) -> String {
        decimal::trim(decimal::fixed(self, max_places))
    }

    /// The number rounded half even to exactly `places` places, padded with zeros.
    pub fn to_fixed(&self, places: usize) -> String {
        decimal::fixed(self, places)
    }

    /// [`Exact::to_fixed`] with commas between thousands, for prose: `18,500.00`.
    pub fn group_thousands(&self, places: usize) -> String {
        decimal::group(&decimal::fixed(self, places))
    }
}

impl Default for Exact {
    fn default() -> Exact {
        Exact::zero()
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Exact {
        Exact::from_int(value)
    }
}

impl fmt::Display for Exact {
    /// The canonical decimal in full when it ends (`0.9995`), else the fraction (`1/3`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal_places() {
            Some(places) => f.write_str(&decimal::fixed(self, places)),
            None => write!(f, "{}/{}", self.numerator(), self.denominator()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Exact {
        match text.strip_prefix('-') {
            Some(rest) => -Exact::parse_decimal(rest).unwrap(),
            None => Exact::parse_decimal(text).unwrap(),
        }
    }

    #[test]
    fn decimals_are_read_and_printed_in_full() {
        for (text, printed) in [
            ("0.9995", "0.9995"),
            ("18_500.00", "18500"),
            ("007.50", "7.5"),
            ("0.0", "0"),
            ("123456789012345678901234567890.000000001", "123456789012345678901234567890.000000001"),
        ] {
            assert_eq!(number(text).to_string(), printed);
        }
        assert_eq!(Exact::ratio(1, 3).unwrap().to_string(), "1/3");
        assert_eq!(Exact::ratio(-2, 6).unwrap().to_string(), "-1/3");
        assert_eq!(Exact::ratio(3, -8).unwrap().to_string(), "-0.375");
        assert_eq!(Exact::ratio(1, 0), None);
    }

    #[test]
    fn what_is_not_a_decimal_is_refused() {
        for text in ["", ".", "1.", ".5", "_1", "1_", "1__0", "1._5", "1.2.3", "-1", "+1", "1e9", "٣", " 1"] {
            assert_eq!(Exact::parse_decimal(text), Err(ExactError::NotANumber), "{text}");
        }
        assert!(Exact::parse_decimal(&"9".repeat(60)).is_ok());
        assert_eq!(Exact::parse_decimal(&"9".repeat(61)), Err(ExactError::TooLong));
        assert_eq!(Exact::parse_decimal(&format!("0.{}", "0".repeat(60))), Err(ExactError::TooLong));
    }

    #[test]
    fn printing_rounds_half_even() {
        let third = Exact::ratio(2, 3).unwrap();
        assert_eq!(third.to_decimal_string(4), "0.6667");
        assert_eq!(number("0.125").to_decimal_string(2), "0.12");
        assert_eq!(number("0.375").to_fixed(2), "0.38");
        assert_eq!(number("100").to_decimal_string(0), "100");
        assert_eq!(number("99.999").to_decimal_string(2), "100");
        assert_eq!(number("-0.001").to_fixed(2), "0.00");
        assert_eq!(number("7").to_fixed(2), "7.00");
        assert_eq!(number("18500").group_thousands(2), "18,500.00");
        assert_eq!(number("-1234567.5").group_thousands(1), "-1,234,567.5");
        assert_eq!(number("999").group_thousands(0), "999");
    }

    #[test]
    fn each_mode_rounds_as_it_says() {
        let rounded = |text: &str| Rounding::ALL.map(|mode| number(text).round_to(&Exact::one(), mode).to_string());
        // Half even, half up, half down, up, down, floor, ceiling.
        assert_eq!(rounded("2.5"), ["2", "3", "2", "3", "2", "2", "3"]);
        assert_eq!(rounded("3.5"), ["4", "4", "3", "4", "3", "3", "4"]);
        assert_eq!(rounded("-2.5"), ["-2", "-3", "-2", "-3", "-2", "-3", "-2"]);
        assert_eq!(rounded("2.4"), ["2", "2", "2", "3", "2", "2", "3"]);
        assert_eq!(rounded("-2.6"), ["-3", "-3", "-3", "-3", "-2", "-3", "-2"]);
        assert_eq!(rounded("4"), ["4"; 7]);
        assert_eq!(number("99.865").round_to(&number("0.01"), Rounding::HalfEven).to_string(), "99.86");
        assert_eq!(number("7").round_to(&Exact::zero(), Rounding::Up).to_string(), "7");
        assert!(Rounding::ALL.into_iter().all(|mode| Rounding::parse(mode.as_str()) == Some(mode)));
    }

    #[test]
    fn the_ends_of_machine_words_are_no_ends() {
        let least = Exact::from_int(i64::MIN);
        assert_eq!((-&least).to_string(), "9223372036854775808");
        assert_eq!(least.to_i64(), Some(i64::MIN));
        assert_eq!(&least - &least, Exact::zero());
        assert_eq!(least.checked_div(&least), Some(Exact::one()));
        let most = Exact::from_int(i64::MAX);
        assert_eq!((&most * &most).to_string(), "85070591730234615847396907784232501249");
        assert_eq!((&most + Exact::one()).to_i64(), None);
    }

    proptest! {
        #[test]
        fn arithmetic_agrees_with_big_rationals(a: i64, b: i64, c: i64, d: i64) {
            prop_assume!(b != 0 && d != 0);
            let (x, y) = (Exact::ratio(a, b).unwrap(), Exact::ratio(c, d).unwrap());
            let big = |n: i64, d: i64| BigRational::new(n.into(), d.into());
            let (p, q) = (big(a, b), big(c, d));
            for (ours, theirs) in [(&x + &y, &p + &q), (&x - &y, &p - &q), (&x * &y, &p * &q)] {
                // Equal in representation too, or equality and hashing would lie.
                prop_assert_eq!(&ours, &Exact::from_big(theirs.clone()));
                prop_assert_eq!(ours.to_big(), theirs);
            }
            if c != 0 {
                prop_assert_eq!(x.checked_div(&y).unwrap().to_big(), &p / &q);
            }
            prop_assert_eq!(x.cmp(&y), p.cmp(&q));
            prop_assert_eq!(x.floor().to_big(), p.floor());
            prop_assert_eq!(x.ceil().to_big(), p.ceil());
        }

        #[test]
        fn what_is_printed_is_read_back(n in 0i64.., places in 0u32..18) {
            let value = Exact::ratio(n, 10i64.pow(places)).unwrap();
            prop_assert_eq!(Exact::parse_decimal(&value.to_string()), Ok(value));
        }

        #[test]
        fn rounding_stays_within_a_step(n: i64, d in 1i64.., step in 1i64..1000, mode in 0usize..7) {
            let (value, step) = (Exact::ratio(n, d).unwrap(), Exact::from_int(step));
            let rounded = value.round_to(&step, Rounding::ALL[mode]);
            prop_assert!((&rounded - &value).abs() < step);
            prop_assert!(rounded.checked_div(&step).unwrap().is_integer());
        }

        #[test]
        fn no_text_panics(text in ".{0,70}") {
            let _ = Exact::parse_decimal(&text);
        }
    }
}
