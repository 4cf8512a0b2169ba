//! Amounts of time as an agreement states them.

use std::fmt;

use super::duration::Duration;
use super::exact::Exact;
use super::period::{Period, PeriodUnit};
use super::window::WindowKind;

/// An amount of time: exact and elapsed, or counted on a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// Elapsed time: `4h`.
    Elapsed(Duration),
    /// Calendar units from any date: `5 days`.
    Period(Period),
    /// Whole windows of a kind: `2 billing months`.
    Windows {
        /// How many.
        count: u32,
        /// Of which kind.
        kind: WindowKind,
        /// Of which length.
        unit: PeriodUnit,
    },
}

impl Amount {
    /// In words, for prose.
    pub fn words(&self) -> String {
        match self {
            Amount::Elapsed(duration) => duration.words(),
            Amount::Period(_) | Amount::Windows { .. } => self.to_string(),
        }
    }

    /// Lower and upper bound of the true length in seconds, for comparisons that must hold in every case: a day has
    /// 23 to 25 hours, a month 28 to 31 days.
    pub fn approximate_seconds(&self) -> (Exact, Exact) {
        match self {
            Amount::Elapsed(duration) => (duration.seconds().clone(), duration.seconds().clone()),
            Amount::Period(period) => period.approximate_seconds(),
            Amount::Windows { count, unit, .. } => Period::new(*count, *unit).approximate_seconds(),
        }
    }

    /// Whether it is no time at all.
    pub fn is_zero(&self) -> bool {
        match self {
            Amount::Elapsed(duration) => duration.is_zero(),
            Amount::Period(Period { count, .. }) | Amount::Windows { count, .. } => *count == 0,
        }
    }
}

impl fmt::Display for Amount {
    /// As a file writes it: `4h`, `5 days`, `2 billing months`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Elapsed(duration) => duration.fmt(f),
            Amount::Period(period) => period.fmt(f),
            Amount::Windows { count, kind, unit } => {
                let plural = if *count == 1 { "" } else { "s" };
                write!(f, "{count} {kind} {unit}{plural}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_as_written_and_are_bounded() {
        let hours = |amount: &Amount| {
            let (least, most) = amount.approximate_seconds();
            let hour = Exact::from_int(3_600);
            (least.checked_div(&hour).unwrap().to_i64().unwrap(), most.checked_div(&hour).unwrap().to_i64().unwrap())
        };
        let elapsed = Amount::Elapsed(Duration::parse("4h").unwrap());
        assert_eq!((elapsed.to_string().as_str(), elapsed.words().as_str()), ("4h", "4 hours"));
        assert_eq!(hours(&elapsed), (4, 4));
        let day = Amount::Period(Period::new(1, PeriodUnit::Day));
        assert_eq!((day.to_string().as_str(), hours(&day)), ("1 day", (23, 25)));
        let months = Amount::Windows { count: 2, kind: WindowKind::Billing, unit: PeriodUnit::Month };
        assert_eq!((months.words().as_str(), hours(&months)), ("2 billing months", (59 * 24 - 1, 62 * 24 + 1)));
        assert!(Amount::Period(Period::new(0, PeriodUnit::Year)).is_zero());
    }
}
