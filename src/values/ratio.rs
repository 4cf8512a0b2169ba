//! Parts of one, and differences between them.

use std::fmt;

use super::exact::Exact;

/// A part of one: `99.95%` is 0.9995.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio(pub Exact);

/// A difference of ratios in percentage points, stored as a part of one: `0.5pp` is 0.005.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub Exact);

fn hundredth() -> Exact {
    Exact::from_int(1).checked_div(&Exact::from_int(100)).unwrap_or_default()
}

impl Ratio {
    /// The ratio of `percent` hundredths.
    pub fn from_percent(percent: &Exact) -> Ratio {
        Ratio(percent * hundredth())
    }

    /// The ratio in hundredths.
    pub fn percent(&self) -> Exact {
        &self.0 * Exact::from_int(100)
    }

    /// `100%` minus this ratio.
    pub fn complement(&self) -> Ratio {
        Ratio(Exact::one() - &self.0)
    }

    /// The difference to another ratio, in points.
    pub fn minus(&self, other: &Ratio) -> Points {
        Points(&self.0 - &other.0)
    }

    /// The percent rounded half even to at most `max_places` places, for values that do not end.
    pub fn to_percent_string(&self, max_places: usize) -> String {
        format!("{}%", self.percent().to_decimal_string(max_places))
    }
}

impl Points {
    /// The difference of `points` percentage points.
    pub fn from_points(points: &Exact) -> Points {
        Points(points * hundredth())
    }

    /// The number of percentage points.
    pub fn points(&self) -> Exact {
        &self.0 * Exact::from_int(100)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent())
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}pp", self.points())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_print_as_percent_and_differ_in_points() {
        let ratio = |text: &str| Ratio::from_percent(&Exact::parse_decimal(text).unwrap());
        assert_eq!(ratio("99.95").0.to_string(), "0.9995");
        assert_eq!(ratio("99.950").to_string(), "99.95%");
        assert_eq!(ratio("99.95").complement().to_string(), "0.05%");
        assert_eq!(ratio("99.95").minus(&ratio("99.45")).to_string(), "0.5pp");
        assert_eq!(Ratio(Exact::ratio(1, 3).unwrap()).to_string(), "100/3%");
        assert_eq!(Ratio(Exact::ratio(1, 3).unwrap()).to_percent_string(3), "33.333%");
    }
}
