//! Numbers as a table states them: digits, with a point before the decimals, and nothing else.

use super::shown::quoted;

/// The first number that has more than the 18 digits that a decimal number may have.
const TOO_LONG: u64 = 1_000_000_000_000_000_000;

/// A whole number that is not below zero.
#[inline]
pub(super) fn count(text: &[u8]) -> Option<u64> {
    let digit = |byte: u8| Some(byte.wrapping_sub(b'0')).filter(|digit| *digit <= 9).map(u64::from);
    // Most counts are short, and need no look at how large they grow.
    if text.len() < 19 {
        return text.iter().try_fold(0_u64, |sum, byte| Some(sum * 10 + digit(*byte)?));
    }
    text.iter().try_fold(0_u64, |sum, byte| sum.checked_mul(10)?.checked_add(digit(*byte)?))
}

/// A decimal number as its digits and how many of them stand behind the point. Zeros before the number are free.
#[inline]
pub(super) fn decimal(text: &[u8]) -> Option<(i64, u8)> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (mut units, mut places, mut seen, mut pointed) = (0_u64, 0_u8, false, false);
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            units = units * 10 + u64::from(digit);
            places += u8::from(pointed);
            seen = true;
            if units >= TOO_LONG || places > 18 {
                return None;
            }
        } else if *byte == b'.' && seen && !pointed {
            (pointed, seen) = (true, false);
        } else {
            return None;
        }
    }
    let units = i64::try_from(units).ok().filter(|_| seen)?;
    Some((if negative { -units } else { units }, places))
}

/// Why a text that [`count`] refuses is not a count.
pub(super) fn not_a_count(text: &[u8]) -> String {
    let shown = quoted(text);
    match text {
        [b'-', rest @ ..] if decimal(rest).is_some() => {
            format!("{shown} is below zero: a whole number from `0` is expected")
        }
        _ if text.iter().all(u8::is_ascii_digit) => format!("{shown} is larger than any count can be"),
        _ if decimal(text).is_some() => format!("{shown} has decimals: a whole number is expected, such as `12`"),
        _ => shape(text).unwrap_or_else(|| format!("{shown} is not a whole number: write one such as `12`")),
    }
}

/// Why a text that [`decimal`] refuses is not a decimal number.
pub(super) fn not_a_decimal(text: &[u8]) -> String {
    shape(text).unwrap_or_else(|| format!("{} is not a number: write one such as `12.5`", quoted(text)))
}

/// What keeps a text that looks like a number from being one.
fn shape(text: &[u8]) -> Option<String> {
    let shown = quoted(text);
    let letters: Vec<char> = String::from_utf8_lossy(text).chars().collect();
    let bare = letters.strip_prefix(&['-']).or(letters.strip_prefix(&['+'])).unwrap_or(&letters);
    let word: String = bare.iter().take(9).collect::<String>().to_ascii_lowercase();
    if ["nan", "inf", "infinity", "null", "none", "n/a"].contains(&word.as_str()) {
        return Some(format!("{shown} is not a number: leave the cell empty where nothing was measured"));
    }
    if !bare.iter().any(char::is_ascii_digit) {
        return None;
    }
    let digits_and = |others: &dyn Fn(char) -> bool| bare.iter().all(|c| c.is_ascii_digit() || others(*c));
    let reason = if digits_and(&|c| matches!(c, '.' | ',')) && bare.contains(&',') {
        "has a comma: write a point before decimals, and nothing between thousands"
    } else if digits_and(&|c| matches!(c, '.' | ',' | '_' | '\'' | '’') || c.is_whitespace())
        && !digits_and(&|c| c == '.')
    {
        "has something between its digits: write the digits alone, with a point before decimals"
    } else if digits_and(&|c| matches!(c, '.' | 'e' | 'E' | '+' | '-')) && bare.iter().any(|c| matches!(c, 'e' | 'E')) {
        "has an exponent: write the number in full"
    } else if digits_and(&|c| c == '.') {
        return Some(digits_alone(&shown, &letters, bare));
    } else if bare.first().is_some_and(char::is_ascii_digit) && bare.last().is_some_and(|last| !last.is_ascii_digit()) {
        "has a unit: write the number alone, in the unit of the column"
    } else {
        return None;
    };
    Some(format!("{shown} {reason}"))
}

/// What is wrong with a number of nothing but digits, points and a sign.
fn digits_alone(shown: &str, letters: &[char], bare: &[char]) -> String {
    if letters.first() == Some(&'+') {
        format!("{shown} has a plus sign: write the number without it")
    } else if bare.iter().filter(|letter| **letter == '.').count() > 1 {
        format!("{shown} has more than one point: write nothing between thousands")
    } else if bare.first() == Some(&'.') || bare.last() == Some(&'.') {
        format!("{shown} lacks a digit before or behind its point: write `0.5` or `5`")
    } else {
        format!("{shown} has more than 18 digits: round it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_in_full() {
        assert_eq!(count(b"0"), Some(0));
        assert_eq!(count(b"00000000000000000000000012"), Some(12));
        assert_eq!(count(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(decimal(b"-0.50"), Some((-50, 2)));
        assert_eq!(decimal(b"999999999999999999"), Some((999_999_999_999_999_999, 0)));
        assert_eq!(decimal(b"0.999999999999999999"), Some((999_999_999_999_999_999, 18)));
    }

    #[test]
    fn what_is_no_number_says_why() {
        for (text, reason) in [
            ("12,5", "has a comma: write a point before decimals, and nothing between thousands"),
            ("1,234.5", "has a comma: write a point before decimals, and nothing between thousands"),
            ("1 234", "has something between its digits: write the digits alone, with a point before decimals"),
            ("1_000", "has something between its digits: write the digits alone, with a point before decimals"),
            (
                "1\u{202F}234,5",
                "has something between its digits: write the digits alone, with a point before decimals",
            ),
            ("12ms", "has a unit: write the number alone, in the unit of the column"),
            ("99.5 %", "has a unit: write the number alone, in the unit of the column"),
            ("1e3", "has an exponent: write the number in full"),
            ("-1.5E-7", "has an exponent: write the number in full"),
            ("NaN", "is not a number: leave the cell empty where nothing was measured"),
            ("-inf", "is not a number: leave the cell empty where nothing was measured"),
            ("+5", "has a plus sign: write the number without it"),
            ("1.234.567", "has more than one point: write nothing between thousands"),
            (".5", "lacks a digit before or behind its point: write `0.5` or `5`"),
            ("5.", "lacks a digit before or behind its point: write `0.5` or `5`"),
            ("1234567890123456789", "has more than 18 digits: round it"),
            ("0.1234567890123456789", "has more than 18 digits: round it"),
            ("many", "is not a number: write one such as `12.5`"),
            ("x12", "is not a number: write one such as `12.5`"),
            ("-", "is not a number: write one such as `12.5`"),
        ] {
            assert_eq!(decimal(text.as_bytes()), None, "{text}");
            assert_eq!(not_a_decimal(text.as_bytes()), format!("`{text}` {reason}"));
        }
    }

    #[test]
    fn what_is_no_count_says_why() {
        for (text, reason) in [
            ("-1", "is below zero: a whole number from `0` is expected"),
            ("5.0", "has decimals: a whole number is expected, such as `12`"),
            ("18446744073709551616", "is larger than any count can be"),
            ("1,234", "has a comma: write a point before decimals, and nothing between thousands"),
            ("12 requests", "has a unit: write the number alone, in the unit of the column"),
            ("few", "is not a whole number: write one such as `12`"),
        ] {
            assert_eq!(count(text.as_bytes()), None, "{text}");
            assert_eq!(not_a_count(text.as_bytes()), format!("`{text}` {reason}"));
        }
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_library(value: u64, text in "-?[0-9]{1,12}(\\.[0-9]{1,6})?") {
            prop_assert_eq!(count(value.to_string().as_bytes()), Some(value));
            let (units, places) = decimal(text.as_bytes()).unwrap();
            let digits: String = text.chars().filter(|letter| *letter != '.').collect();
            prop_assert_eq!(units, digits.parse::<i64>().unwrap());
            prop_assert_eq!(usize::from(places), text.split_once('.').map_or(0, |(_, decimals)| decimals.len()));
        }

        #[test]
        fn only_digits_are_numbers(text in "[-+0-9., e]{1,24}") {
            prop_assert_eq!(count(text.as_bytes()), text.parse().ok().filter(|_| !text.starts_with('+')));
            if decimal(text.as_bytes()).is_none() {
                prop_assert!(!not_a_decimal(text.as_bytes()).is_empty());
            }
        }
    }
}
