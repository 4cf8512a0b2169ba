//! Elapsed time, exact.

use std::fmt;
use std::ops::{Add, Sub};

use super::exact::{Exact, ExactError};

/// Elapsed time in exact seconds. Days are not durations: a local day may have 23 or 25 hours.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(Exact);

/// A unit of elapsed time: its word in a file, in prose, in PromQL, and its length in milliseconds.
struct DurationUnit {
    suffix: &'static str,
    word: &'static str,
    promql: &'static str,
    millis: i64,
}

/// The units, longest first.
const UNITS: [DurationUnit; 4] = [
    DurationUnit { suffix: "h", word: "hour", promql: "h", millis: 3_600_000 },
    DurationUnit { suffix: "min", word: "minute", promql: "m", millis: 60_000 },
    DurationUnit { suffix: "s", word: "second", promql: "s", millis: SECOND },
    DurationUnit { suffix: "ms", word: "millisecond", promql: "ms", millis: MILLISECOND },
];

/// A second in milliseconds.
const SECOND: i64 = 1_000;

/// The smallest unit, in its own length.
const MILLISECOND: i64 = 1;

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DurationError {
    /// There is nothing where a number with a unit should stand.
    Empty,
    /// A number is not well formed.
    Number(ExactError),
    /// The unit is not one of `h`, `min`, `s`, `ms`.
    UnknownUnit(String),
    /// A unit comes twice, or after a smaller one.
    UnitOrder(&'static str),
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DurationError::Empty => f.write_str("a duration is a number with a unit, such as `15min`"),
            DurationError::Number(error) => error.fmt(f),
            DurationError::UnknownUnit(unit) => {
                write!(f, "`{unit}` is not a unit of elapsed time; the units are `h`, `min`, `s` and `ms`")
            }
            DurationError::UnitOrder(unit) => {
                write!(f, "`{unit}` stands after a unit that is not larger; write each unit once, the largest first")
            }
        }
    }
}

impl std::error::Error for DurationError {}

impl Duration {
    /// No time at all.
    pub fn zero() -> Duration {
        Duration::default()
    }

    /// A duration of exact seconds.
    pub fn from_seconds(seconds: Exact) -> Duration {
        Duration(seconds)
    }

    /// A duration of whole seconds.
    pub fn from_whole_seconds(seconds: i64) -> Duration {
        Duration(Exact::from_int(seconds))
    }

    /// A duration as written: numbers with glued units, `1h30min`, each unit once and the largest first.
    ///
    /// # Errors
    /// When a number, a unit, or the order of the units is wrong.
    pub fn parse(text: &str) -> Result<Duration, DurationError> {
        let mut rest = text;
        let mut total = Exact::zero();
        let mut smallest = i64::MAX;
        if rest.is_empty() {
            return Err(DurationError::Empty);
        }
        while !rest.is_empty() {
            let number_end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '_')).unwrap_or(rest.len());
            let (number, after) = rest.split_at(number_end);
            let suffix_end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
            let (suffix, after) = after.split_at(suffix_end);
            if number.is_empty() {
                return Err(DurationError::Empty);
            }
            let number = Exact::parse_decimal(number).map_err(DurationError::Number)?;
            let unit = UNITS
                .iter()
                .find(|unit| unit.suffix == suffix)
                .ok_or_else(|| DurationError::UnknownUnit(suffix.to_owned()))?;
            if unit.millis >= smallest {
                return Err(DurationError::UnitOrder(unit.suffix));
            }
            smallest = unit.millis;
            total = total + number * Exact::from_int(unit.millis);
            rest = after;
        }
        Ok(Duration(total.checked_div(&Exact::from_int(1000)).unwrap_or_default()))
    }

    /// The length in exact seconds.
    pub fn seconds(&self) -> &Exact {
        &self.0
    }

    /// The length in seconds, when it is whole and fits.
    pub fn as_whole_seconds(&self) -> Option<i64> {
        self.0.to_i64()
    }

    /// Whether there is no time in it.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// The duration `factor` times.
    pub fn times(&self, factor: &Exact) -> Duration {
        Duration(&self.0 * factor)
    }

    /// How many times `other` fits, exactly; nothing when `other` is zero.
    pub fn divided_by(&self, other: &Duration) -> Option<Exact> {
        self.0.checked_div(&other.0)
    }

    /// In words: `1 hour 30 minutes`, `30.1 seconds`, `200 milliseconds`.
    pub fn words(&self) -> String {
        let part = |count: &Exact, unit: &DurationUnit| {
            let plural = if *count == Exact::one() { "" } else { "s" };
            format!("{count} {}{plural}", unit.word)
        };
        self.render(" ", "0 minutes", SECOND, part)
    }

    /// As PromQL writes it, `1h30m`; nothing for a negative length or a fraction of a millisecond.
    pub fn promql(&self) -> Option<String> {
        let millis = (&self.0 * Exact::from_int(1000)).to_i64()?;
        (millis >= 0).then(|| self.render("", "0s", MILLISECOND, |count, unit| format!("{count}{}", unit.promql)))
    }

    /// The parts, largest unit first. The first one up to the length of `divided` takes what remains, so nothing is lost.
    fn render(
        &self,
        between: &str,
        zero: &str,
        divided: i64,
        part: impl Fn(&Exact, &DurationUnit) -> String,
    ) -> String {
        if self.is_zero() {
            return zero.to_owned();
        }
        let mut millis = (&self.0 * Exact::from_int(1000)).abs();
        let mut parts = Vec::new();
        for unit in &UNITS {
            let length = Exact::from_int(unit.millis);
            let count = millis.checked_div(&length).unwrap_or_default();
            let whole = count.floor();
            let takes_rest = unit.millis == MILLISECOND || (unit.millis <= divided && !whole.is_zero());
            let count = if takes_rest { count } else { whole };
            if !count.is_zero() {
                millis = millis - &count * &length;
                parts.push(part(&count, unit));
            }
        }
        let sign = if self.0.signum() < 0 { "-" } else { "" };
        format!("{sign}{}", parts.join(between))
    }
}

impl fmt::Display for Duration {
    /// Canonical, as a file writes it: `1h30min`, and `0min` for zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render("", "0min", MILLISECOND, |count, unit| format!("{count}{}", unit.suffix)))
    }
}

impl Add for &Duration {
    type Output = Duration;
    fn add(self, other: &Duration) -> Duration {
        Duration(&self.0 + &other.0)
    }
}

impl Sub for &Duration {
    type Output = Duration;
    fn sub(self, other: &Duration) -> Duration {
        Duration(&self.0 - &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_have_one_canonical_form() {
        for (text, printed, words, promql) in [
            ("1h30min", "1h30min", "1 hour 30 minutes", "1h30m"),
            ("90min", "1h30min", "1 hour 30 minutes", "1h30m"),
            ("4h", "4h", "4 hours", "4h"),
            ("800ms", "800ms", "800 milliseconds", "800ms"),
            ("0.5s", "500ms", "500 milliseconds", "500ms"),
            ("0s", "0min", "0 minutes", "0s"),
            ("1h1min1s1ms", "1h1min1s1ms", "1 hour 1 minute 1.001 seconds", "1h1m1s1ms"),
            ("30.1s", "30s100ms", "30.1 seconds", "30s100ms"),
            ("1min1ms", "1min1ms", "1 minute 1 millisecond", "1m1ms"),
            ("1_000h", "1000h", "1000 hours", "1000h"),
        ] {
            let duration = Duration::parse(text).unwrap();
            assert_eq!((duration.to_string().as_str(), duration.words().as_str()), (printed, words));
            assert_eq!(duration.promql().as_deref(), Some(promql));
        }
        assert_eq!(Duration::parse("0.1ms").unwrap().promql(), None);
        assert_eq!(Duration::parse("0.1ms").unwrap().to_string(), "0.1ms");
        assert_eq!(Duration::parse("1.5h").unwrap().as_whole_seconds(), Some(5_400));
    }

    #[test]
    fn what_is_not_a_duration_is_refused() {
        assert_eq!(Duration::parse(""), Err(DurationError::Empty));
        assert_eq!(Duration::parse("h"), Err(DurationError::Empty));
        assert_eq!(Duration::parse("5"), Err(DurationError::UnknownUnit(String::new())));
        assert_eq!(Duration::parse("5d"), Err(DurationError::UnknownUnit("d".to_owned())));
        assert_eq!(Duration::parse("5 min"), Err(DurationError::UnknownUnit(" min".to_owned())));
        assert_eq!(Duration::parse("30min1h"), Err(DurationError::UnitOrder("h")));
        assert_eq!(Duration::parse("1h2h"), Err(DurationError::UnitOrder("h")));
        assert_eq!(Duration::parse("1.h"), Err(DurationError::Number(ExactError::NotANumber)));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(millis in 0i64..1_000_000_000_000) {
            let duration = Duration::from_seconds(Exact::ratio(millis, 1000).unwrap());
            prop_assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
        }

        #[test]
        fn no_text_panics(text in "[0-9hmins._°]{0,20}") {
            let _ = Duration::parse(&text);
        }
    }
}
