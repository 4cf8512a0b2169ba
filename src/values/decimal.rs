//! Digits of exact numbers: how many places a fraction has, and how it is written.

use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};

use super::exact::{Exact, Repr};
use super::rounding::Rounding;

/// Ten to the power of `places`.
pub(super) fn power_of_ten(places: usize) -> BigInt {
    num_traits::pow(BigInt::from(10), places)
}

/// The places of the decimal expansion of a fraction in lowest terms with this positive denominator, when it ends:
/// the larger exponent of two and five, if the denominator has no other prime factor.
pub(super) fn places(denominator: &BigInt) -> Option<usize> {
    if let Some(denominator) = denominator.to_u64() {
        return places_of_word(denominator);
    }
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

/// [`places`] of a denominator that fits a machine word, as nearly all do.
pub(super) fn places_of_word(denominator: u64) -> Option<usize> {
    let twos = usize::try_from(denominator.trailing_zeros()).ok()?;
    let mut rest = denominator.checked_shr(denominator.trailing_zeros())?;
    let mut fives = 0usize;
    while rest.is_multiple_of(5) {
        rest /= 5;
        fives += 1;
    }
    (rest == 1).then_some(twos.max(fives))
}

/// The number rounded half even to exactly `places` places.
pub(super) fn fixed(number: &Exact, places: usize) -> String {
    let digits = whole_digits(number, places).unwrap_or_else(|| {
        let scaled = &number.abs().to_big() * power_of_ten(places);
        Rounding::HalfEven.big_to_whole(&scaled).to_string()
    });
    // A negative number that rounds to zero prints without its sign.
    let negative = number.signum() < 0 && digits.bytes().any(|digit| digit != b'0');
    let mut text = String::with_capacity(digits.len().max(places + 1) + 2);
    if negative {
        text.push('-');
    }
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if places > 0 {
        text.push('.');
        text.extend(std::iter::repeat_n('0', places - fraction.len()));
        text.push_str(fraction);
    }
    text
}

/// The digits of a number that has no more than so many places, shifted by as many; nothing where that takes rounding,
/// or more than machine words.
fn whole_digits(number: &Exact, places: usize) -> Option<String> {
    let Repr::Small(numerator, denominator) = &number.0 else { return None };
    let power = 10u64.checked_pow(u32::try_from(places).ok()?)?;
    let denominator = denominator.unsigned_abs();
    let shifted = u128::from(numerator.unsigned_abs()) * u128::from(power.checked_div(denominator)?);
    power.is_multiple_of(denominator).then(|| shifted.to_string())
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
