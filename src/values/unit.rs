//! Units of measurement of samples, as written.

use std::fmt;

use super::exact::Exact;

/// The name of a unit of measurement as written: `°C`, `ms`, `req/s`. A newtype, so that units and other words do
/// not mix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitName(String);

impl UnitName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of quantity a unit measures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// A part of one; a value in this unit times `factor` is the ratio.
    Ratio {
        /// `1/100` for percent.
        factor: Exact,
    },
    /// Elapsed time; a value in this unit times `seconds` is its length in seconds.
    Time {
        /// The unit in seconds.
        seconds: Exact,
    },
    /// Any other quantity; comparable only to quantities of the same name.
    Other,
}

/// A unit of measurement with its kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    /// As written.
    pub name: UnitName,
    /// What it measures.
    pub kind: UnitKind,
}

impl Unit {
    /// The unit of this name: a letter, `%` or `°` and a letter, then letters, digits and `_`, then perhaps `/` and
    /// letters. Nothing for a text of another shape.
    pub fn parse(text: &str) -> Option<Unit> {
        if !is_unit_name(text) {
            return None;
        }
        let time =
            |numerator, denominator| Exact::ratio(numerator, denominator).map(|seconds| UnitKind::Time { seconds });
        let kind = match text {
            "%" => UnitKind::Ratio { factor: Exact::ratio(1, 100)? },
            "us" => time(1, 1_000_000)?,
            "ms" => time(1, 1_000)?,
            "s" => time(1, 1)?,
            "min" => time(60, 1)?,
            "h" => time(3_600, 1)?,
            _ => UnitKind::Other,
        };
        Some(Unit { name: UnitName(text.to_owned()), kind })
    }

    /// Whether values of the two units can be compared and added.
    pub fn is_like(&self, other: &Unit) -> bool {
        match (&self.kind, &other.kind) {
            (UnitKind::Ratio { .. }, UnitKind::Ratio { .. }) | (UnitKind::Time { .. }, UnitKind::Time { .. }) => true,
            (UnitKind::Other, UnitKind::Other) => self.name == other.name,
            _ => false,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

fn is_unit_name(text: &str) -> bool {
    let (first, per) = match text.split_once('/') {
        Some((first, per)) => (first, Some(per)),
        None => (text, None),
    };
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic());
    let first = first.strip_prefix('°').unwrap_or(first);
    let word = first.starts_with(|c: char| c.is_ascii_alphabetic())
        && first.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (word || text.split('/').next() == Some("%")) && per.is_none_or(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_classified() {
        let kind = |text: &str| Unit::parse(text).map(|unit| unit.kind);
        assert_eq!(kind("%"), Some(UnitKind::Ratio { factor: Exact::ratio(1, 100).unwrap() }));
        assert_eq!(kind("ms"), Some(UnitKind::Time { seconds: Exact::ratio(1, 1000).unwrap() }));
        for text in ["°C", "req/s", "users", "m3", "kWh"] {
            assert_eq!(kind(text), Some(UnitKind::Other), "{text}");
        }
        for text in ["", "°", "/s", "req/", "3m", "a b", "%%", "req/s/s", "°%"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn only_like_units_compare() {
        let like = |a: &str, b: &str| Unit::parse(a).unwrap().is_like(&Unit::parse(b).unwrap());
        assert!(like("ms", "h") && like("°C", "°C"));
        assert!(!like("°C", "°F") && !like("ms", "%") && !like("ms", "users"));
    }
}
