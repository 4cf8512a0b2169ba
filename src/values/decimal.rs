//! Digits of exact numbers: how many places a fraction has, and how it is written.

use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::exact::Exact;
use super::rounding::Rounding;

/// Ten to the power of `places`.
pub(super) fn power_of_ten(places: usize) -> BigInt {
    num_traits::pow(BigInt::from(10), places)
}

/// The places of the decimal expansion of a fraction in lowest terms with this positive denominator, when it ends:
/// the larger exponent of two and five, if the denominator has no other prime factor.
pub(super) fn places(denominator: &BigInt) -> Option<usize> {
    let twos = usize::try_from(denominator.trailing_zeros().unwrap_or(0)).ok()?;
    let mut rest: BigInt = denominator >> twos;
    let five = BigInt::from(5);
    let mut fives = 0usize;
    while (&rest % &five).is_zero() && !rest.is_zero() {
        rest /= &five;
        fives += 1;
    }
    rest.is_one().then_some(twos.max(fives))
}

/// The number rounded half even to exactly `places` places.
pub(super) fn fixed(number: &Exact, places: usize) -> String {
    let scaled = &number.abs().to_big() * power_of_ten(places);
    let digits = Rounding::HalfEven.big_to_whole(&scaled).to_string();
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    // A negative number that rounds to zero prints without its sign.
    let negative = number.signum() < 0 && digits.bytes().any(|digit| digit != b'0');
    let sign = if negative { "-" } else { "" };
    let point = if places > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

/// The text without trailing zeros after the point.
pub(super) fn trim(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The text with commas between thousands of its whole part.
pub(super) fn group(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut grouped = String::from(sign);
    for (position, character) in digits.chars().enumerate() {
        if position > 0 && position < whole && (whole - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(character);
    }
    grouped
}
