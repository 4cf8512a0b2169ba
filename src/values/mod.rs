//! Exact arithmetic and calendars, without syntax: numbers, ratios, durations, periods, money, units, dates, zones,
//! working hours and windows.

mod amount;
mod arithmetic;
mod calendar;
mod date;
mod decimal;
mod duration;
mod exact;
mod holidays;
mod hours;
pub mod intervals;
mod money;
mod period;
mod ratio;
mod rounding;
mod series;
mod sum;
mod unit;
mod window;
mod working;
mod zone;

pub use amount::Amount;
pub use calendar::{Calendar, Openings};
pub use date::{
    Date, DateError, DateTime, MonthDay, Time, Timestamp, YearMonth, days_in_month, month_name, parse_date,
    parse_datetime, parse_time,
};
pub use duration::{Duration, DurationError};
pub(crate) use exact::gcd_word;
pub use exact::{Exact, ExactError, MAX_DIGITS};
pub use holidays::Holidays;
pub use hours::{DatedHours, MinuteRange, Weekday, WeeklyHours, minute_of_day};
pub use money::{Currency, Money};
pub use period::{Period, PeriodUnit};
pub use ratio::{Points, Ratio};
pub use rounding::Rounding;
pub use sum::Sum;
pub use unit::{Unit, UnitKind, UnitName};
pub use window::{Anchors, Window, WindowKind};
pub use zone::{Edge, Zone, instant_before};
