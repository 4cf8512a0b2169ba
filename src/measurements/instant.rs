//! Moments as a table states them: a day, a time of day, and a zone or an offset.

use crate::diagnostics::codes;
use crate::values::{DateError, Timestamp, Zone, parse_date};

use super::cell::Wrong;
use super::shown::quoted;

/// The nanoseconds of a second.
const SECOND: i128 = 1_000_000_000;

/// The day that was read last. Rows tend to come in order, so that the next one is often of the same day.
#[derive(Debug, Clone, Default)]
pub(super) struct LastDay {
    text: [u8; 10],
    midnight: i64,
}

impl LastDay {
    /// The seconds from 1970 to the start of a day in UTC, if there is such a day.
    fn midnight(&mut self, text: &[u8; 10]) -> Option<i64> {
        if self.text != *text {
            let date = parse_date(std::str::from_utf8(text).ok()?).ok()?;
            self.midnight = Zone::utc().start_of_day(date)?.as_second();
            self.text = *text;
        }
        Some(self.midnight)
    }
}

/// The nanoseconds from 1970 in UTC, if the text is a moment, and one within the range of [`Timestamp`].
pub(super) fn read(text: &[u8], last: &mut LastDay) -> Option<i128> {
    let (day, rest) = text.split_first_chunk()?;
    let midnight = last.midnight(day)?;
    let [b'T' | b't' | b' ', rest @ ..] = rest else { return None };
    let clock = Clock::read(rest).filter(Clock::exists)?;
    let seconds = midnight + clock.hour * 3600 + clock.minute * 60 + clock.second - offset(clock.rest)?;
    (seconds <= Timestamp::MAX.as_second()).then(|| i128::from(seconds) * SECOND + i128::from(clock.nanoseconds))
}

/// A time of day as written, possible or not, and what follows it.
struct Clock<'t> {
    hour: i64,
    minute: i64,
    second: i64,
    nanoseconds: u32,
    rest: &'t [u8],
}

impl<'t> Clock<'t> {
    #[inline]
    fn read(text: &'t [u8]) -> Option<Self> {
        let [a, b, b':', c, d, rest @ ..] = text else { return None };
        let (hour, minute) = (pair(*a, *b)?, pair(*c, *d)?);
        let [b':', e, f, rest @ ..] = rest else {
            return Some(Self { hour, minute, second: 0, nanoseconds: 0, rest });
        };
        let second = pair(*e, *f)?;
        let (nanoseconds, rest) = match rest {
            [b'.', rest @ ..] => fraction(rest)?,
            _ => (0, rest),
        };
        Some(Self { hour, minute, second, nanoseconds, rest })
    }

    fn exists(&self) -> bool {
        self.hour < 24 && self.minute < 60 && self.second < 60
    }
}

/// The number of two digits.
#[inline]
fn pair(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| i64::from(tens) * 10 + i64::from(ones))
}

/// The nanoseconds of a fraction of one to nine digits, and what follows it.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(digits).filter(|(digits, _)| (1..=9).contains(&digits.len()))?;
    let padded = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
    Some((padded.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')), rest))
}

/// The seconds by which a zone is ahead of UTC: `Z`, `+01:00`, `+0100` or `+01`.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match text {
        [b'Z' | b'z'] => return Some(0),
        [sign, a, b, b':', c, d] | [sign, a, b, c, d] => (sign, pair(*a, *b)?, pair(*c, *d)?),
        [sign, a, b] => (sign, pair(*a, *b)?, 0),
        _ => return None,
    };
    let ahead = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
    match sign {
        b'+' => Some(ahead),
        b'-' => Some(-ahead),
        _ => None,
    }
}

/// Why a text that [`read`] refuses is not a moment.
pub(super) fn wrong(text: &[u8]) -> Wrong {
    let shown = quoted(text);
    let form = "write `2027-03-01T10:00:00Z`, or with the offset from UTC such as `2027-03-01T10:00:00+01:00`";
    let no_time = || Wrong::value(format!("{shown} is not a date with a time of day: {form}"));
    if text.len() >= 9 && text.iter().all(u8::is_ascii_digit) {
        return Wrong::value(format!("{shown} is a number, which may count seconds or less: {form}"));
    }
    let Some((day, rest)) = text.split_first_chunk::<10>() else { return no_time() };
    let day = String::from_utf8_lossy(day);
    match parse_date(&day) {
        Err(DateError::Shape(_)) => return no_time(),
        Err(reason) => return Wrong::value(format!("the day of {shown} does not exist: {reason}")),
        Ok(_) => {}
    }
    let [b'T' | b't' | b' ', rest @ ..] = rest else {
        return if rest.is_empty() {
            Wrong::value(format!("{shown} is a day without a time of day: {form}"))
        } else {
            no_time()
        };
    };
    let Some(clock) = Clock::read(rest) else {
        let digits = rest.iter().skip_while(|byte| **byte != b'.').skip(1).take_while(|byte| byte.is_ascii_digit());
        return if digits.count() > 9 {
            Wrong::value(format!("{shown} is too fine: a second has at most nine decimals"))
        } else {
            no_time()
        };
    };
    if let Some(reason) = impossible(&clock) {
        return Wrong::value(format!("{shown} does not exist: {reason}"));
    }
    if clock.rest.is_empty() {
        let time = String::from_utf8_lossy(rest);
        let seconds = if rest.len() == 5 { ":00" } else { "" };
        let message =
            format!("{shown} has no zone: write `{day}T{time}{seconds}Z`, or the offset from UTC such as `+01:00`");
        return Wrong { code: codes::TIME_WITHOUT_ZONE, message };
    }
    match offset(clock.rest) {
        Some(_) => Wrong::value(format!("{shown} is later than any time that can be counted")),
        None => {
            let rest = quoted(clock.rest);
            Wrong::value(format!("{shown} ends in {rest}: write `Z` for UTC, or the offset from UTC such as `+01:00`"))
        }
    }
}

/// Why there is no such time of day.
fn impossible(clock: &Clock<'_>) -> Option<&'static str> {
    if clock.exists() {
        None
    } else if clock.hour == 24 {
        Some("there is no hour 24: midnight is `00:00` of the next day")
    } else if clock.second == 60 && clock.hour < 24 && clock.minute < 60 {
        Some("leap seconds are not counted: write second `59`")
    } else {
        Some("a time of day runs from `00:00:00` to `23:59:59`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ours(text: &str) -> Option<i128> {
        read(text.as_bytes(), &mut LastDay::default())
    }

    #[test]
    fn the_usual_shapes_are_read() {
        let ten = ours("2027-03-01T10:00:00Z").unwrap();
        assert_eq!(ten, 1_803_895_200 * SECOND);
        for same in [
            "2027-03-01t10:00:00z",
            "2027-03-01 10:00:00Z",
            "2027-03-01T10:00Z",
            "2027-03-01T11:00:00+01:00",
            "2027-03-01 11:00:00+01",
            "2027-03-01T15:30:00.000+0530",
            "2027-02-28T23:00:00-11:00",
            "2027-03-01T10:00:00-00:00",
        ] {
            assert_eq!(ours(same), Some(ten), "{same}");
        }
        assert_eq!(ours("2027-03-01T10:00:00.5Z"), Some(ten + 500_000_000));
        assert_eq!(ours("2027-03-01T10:00:00.000000001Z"), Some(ten + 1));
        assert_eq!(ours("1969-12-31T23:59:59.9Z"), Some(-100_000_000));
        assert!(ours("9999-12-30T21:59:59Z").is_some() && ours("9999-12-30T21:59:59-01:00").is_none());
    }

    #[test]
    fn the_day_that_is_remembered_is_not_taken_for_another() {
        let mut last = LastDay::default();
        for text in ["2027-03-01T10:00:00Z", "2027-02-30T10:00:00Z", "2027-03-02T10:00:00Z", "2027-03-01T10:00:00Z"] {
            assert_eq!(read(text.as_bytes(), &mut last), ours(text));
        }
    }

    #[test]
    fn each_refusal_says_why() {
        let form = "write `2027-03-01T10:00:00Z`, or with the offset from UTC such as `2027-03-01T10:00:00+01:00`";
        for (text, message) in [
            ("2027-02-29T10:00:00Z", "the day of `2027-02-29T10:00:00Z` does not exist: February 2027 has 28 days"),
            ("2027-13-01T10:00:00Z", "the day of `2027-13-01T10:00:00Z` does not exist: there is no month 13"),
            (
                "2027-03-01T24:00Z",
                "`2027-03-01T24:00Z` does not exist: there is no hour 24: midnight is `00:00` of the next day",
            ),
            (
                "2026-12-31T23:59:60Z",
                "`2026-12-31T23:59:60Z` does not exist: leap seconds are not counted: write second `59`",
            ),
            (
                "2027-03-01T10:60Z",
                "`2027-03-01T10:60Z` does not exist: a time of day runs from `00:00:00` to `23:59:59`",
            ),
            (
                "2027-03-01T10:00:00.0000000001Z",
                "`2027-03-01T10:00:00.0000000001Z` is too fine: a second has at most nine decimals",
            ),
            (
                "2027-03-01T10:00:00 UTC",
                "`2027-03-01T10:00:00 UTC` ends in ` UTC`: write `Z` for UTC, or the offset from UTC such as `+01:00`",
            ),
            ("9999-12-30T21:59:59-01:00", "`9999-12-30T21:59:59-01:00` is later than any time that can be counted"),
            ("2027-03-01", &format!("`2027-03-01` is a day without a time of day: {form}")),
            ("1803895200", &format!("`1803895200` is a number, which may count seconds or less: {form}")),
            ("1.3.2027 10:00", &format!("`1.3.2027 10:00` is not a date with a time of day: {form}")),
            ("soon", &format!("`soon` is not a date with a time of day: {form}")),
        ] {
            assert_eq!(ours(text), None, "{text}");
            let wrong = wrong(text.as_bytes());
            assert_eq!((wrong.code.id, wrong.message.as_str()), ("SLA754", message));
        }
    }

    #[test]
    fn a_time_without_a_zone_is_told_how_to_have_one() {
        for (text, better) in [
            ("2027-03-01 10:00", "2027-03-01T10:00:00Z"),
            ("2027-03-01T10:00:30", "2027-03-01T10:00:30Z"),
            ("2027-03-01 10:00:30.25", "2027-03-01T10:00:30.25Z"),
        ] {
            let wrong = wrong(text.as_bytes());
            let message = format!("`{text}` has no zone: write `{better}`, or the offset from UTC such as `+01:00`");
            assert_eq!((wrong.code.id, wrong.message), ("SLA755", message));
        }
    }

    proptest! {
        #[test]
        fn moments_are_the_library_s(
            seconds in -62_000_000_000_i64..253_402_207_200, nanoseconds in 0_i32..1_000_000_000, offset in -1439_i32..1440,
            separator in "[Tt ]", places in 0_usize..=9,
        ) {
            let moment = Timestamp::new(seconds, nanoseconds).unwrap();
            let zone = jiff::tz::Offset::from_seconds(offset * 60).unwrap();
            let local = zone.to_datetime(moment);
            prop_assume!((0..=9999).contains(&local.year()));
            let fraction = &format!(".{nanoseconds:09}")[..if places == 0 { 0 } else { places + 1 }];
            let (sign, ahead) = (if offset < 0 { '-' } else { '+' }, offset.abs());
            let text = format!(
                "{}{separator}{:02}:{:02}:{:02}{fraction}{sign}{:02}:{:02}",
                local.date(), local.hour(), local.minute(), local.second(), ahead / 60, ahead % 60,
            );
            let theirs: Timestamp = text.parse().unwrap();
            prop_assert_eq!(ours(&text), Some(theirs.as_nanosecond()), "{}", text);
        }

        #[test]
        fn what_is_read_is_what_the_library_reads(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{1,10})?)?(Z|[+-][0-2][0-9](:?[0-5][0-9])?|)",
        ) {
            match ours(&text) {
                Some(moment) => prop_assert_eq!(text.parse::<Timestamp>().map(|them| them.as_nanosecond()).ok(), Some(moment)),
                None => {
                    let leap = text.get(17..19) == Some("60");
                    prop_assert!(leap || text.parse::<Timestamp>().is_err() || offset_too_far(&text), "{}", text);
                }
            }
        }

        #[test]
        fn nothing_panics(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            if read(&text, &mut LastDay::default()).is_none() {
                let _ = wrong(&text);
            }
        }
    }

    /// The library knows offsets of more than a day.
    fn offset_too_far(text: &str) -> bool {
        let zone = text.get(11..).and_then(|time| time.split_once(['+', '-'])).map(|(_, zone)| zone);
        zone.and_then(|zone| zone.get(..2)).is_some_and(|hours| ("24".."30").contains(&hours))
    }
}
