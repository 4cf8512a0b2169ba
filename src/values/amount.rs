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
