//! Values: exact numbers as text, tagged by what they are.

use schemars::JsonSchema;
use serde::Serialize;

use super::words::{PeriodUnit, WindowKind};
use crate::calculus;
use crate::values::{self, Exact};

/// An exact number as text, never a JSON number: a decimal where it ends, otherwise a fraction in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Number {
    /// A decimal that ends.
    Decimal(Decimal),
    /// A number whose decimal expansion does not end.
    Fraction {
        /// The numerator; carries the sign.
        numerator: Whole,
        /// The denominator; more than one.
        denominator: Denominator,
    },
}

/// A decimal: an optional minus, digits, and perhaps a point and more digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Decimal(#[schemars(regex(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"))] String);

/// A whole number as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Whole(#[schemars(regex(pattern = r"^-?(0|[1-9][0-9]*)$"))] String);

/// A whole number from 2 on as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Denominator(#[schemars(regex(pattern = r"^([2-9]|[1-9][0-9]+)$"))] String);

/// A date of the Gregorian calendar: `2027-06-03`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Day(#[schemars(regex(pattern = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))] String);

/// A day of every year: `12-24`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct YearlyDay(#[schemars(regex(pattern = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))] String);

/// A local time in the agreement's zone: `2027-06-03T10:00:00`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LocalTime(
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?$"))] String,
);

/// A currency of ISO 4217: `EUR`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Currency(#[schemars(regex(pattern = r"^[A-Z]{3}$"))] String);

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyAmount {
    /// How much, in major units, with at least the currency's usual places.
    pub amount: Number,
    /// In which currency.
    pub currency: Currency,
}

/// A value with its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Value {
    /// True or false.
    Boolean {
        /// Which.
        value: bool,
    },
    /// A number or a count.
    Number {
        /// How much.
        value: Number,
    },
    /// A part of one: 99.95% is `0.9995`.
    Ratio {
        /// The part of one.
        value: Number,
    },
    /// A difference of ratios in percentage points, as a part of one: half a point is `0.005`.
    Points {
        /// The part of one.
        value: Number,
    },
    /// Elapsed time.
    Duration {
        /// How many seconds.
        seconds: Number,
    },
    /// Money.
    Money {
        /// How much, in major units, with at least the currency's usual places.
        amount: Number,
        /// In which currency.
        currency: Currency,
    },
    /// A quantity in a unit of measurement.
    Quantity {
        /// How much.
        value: Number,
        /// In which unit.
        unit: String,
    },
    /// Words, or the name of an option.
    Text {
        /// The words.
        value: String,
    },
}

/// What the values of an expression are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TypeOf {
    /// True or false.
    Boolean,
    /// A plain number or a count.
    Number,
    /// A part of one.
    Ratio,
    /// A difference of ratios, in percentage points.
    Points,
    /// Elapsed time.
    Duration,
    /// An amount of money.
    Money {
        /// In which currency.
        currency: Currency,
    },
    /// A measured quantity.
    Quantity {
        /// In which unit.
        unit: String,
    },
    /// Words.
    Text,
    /// A set of runs: uninterrupted stretches of slices, or of time, for which a condition holds.
    Runs,
    /// A signal as a whole, of which occurrences can be counted.
    Occurrences,
    /// What could not be typed; a bundle with it is never written.
    #[schemars(skip)]
    Unknown,
}

/// An amount of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Amount {
    /// Elapsed time.
    Duration {
        /// How many seconds.
        seconds: Number,
    },
    /// Calendar units: local dates, or working days where a calendar is named beside it.
    Period {
        /// How many.
        count: u32,
        /// Of what.
        unit: PeriodUnit,
    },
    /// Whole windows. A deadline of so many ends with the last of that number of such windows after the one in which the
    /// event falls: two calendar months from an event in January end with the end of March.
    Windows {
        /// How many.
        count: u32,
        /// What they are aligned to.
        kind: WindowKind,
        /// How long each is.
        unit: PeriodUnit,
    },
}

/// The span over which a promise is judged; half-open, in local time of the agreement's zone, of true length: a month has
/// 28 to 31 days, a day on which the clocks change 23 or 25 hours. A first or last window that lies within the term only
/// in part is judged over that part. A local time that a change of the clocks skips is the moment of the change; of one
/// that occurs twice, an opening is the first and a closing the second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Window {
    /// One after another.
    Periodic {
        /// What they are aligned to.
        kind: WindowKind,
        /// How long each is.
        unit: PeriodUnit,
    },
    /// Evaluated each day at midnight over an amount of time that ends then, for the first time once it is full.
    Rolling {
        /// How long.
        amount: Amount,
    },
    /// Several windows together. In an expression, the last ones of the promise that reads it, up to the one that is
    /// judged; as a rhythm, one set after another, the first beginning with the window in which the agreement takes effect.
    Last {
        /// How many.
        count: u32,
        /// Of which window; null for the promise's own.
        of: Option<Box<Window>>,
    },
    /// Each case by itself.
    EachCase,
    /// Each event by itself.
    EachEvent,
    /// The whole term of the agreement.
    Term,
}

impl From<&Exact> for Number {
    fn from(number: &Exact) -> Self {
        if number.is_terminating() {
            return Number::Decimal(Decimal(number.to_string()));
        }
        Number::Fraction {
            numerator: Whole(number.numerator().to_string()),
            denominator: Denominator(number.denominator().to_string()),
        }
    }
}

impl From<values::Date> for Day {
    fn from(date: values::Date) -> Self {
        Day(date.to_string())
    }
}

impl From<values::MonthDay> for YearlyDay {
    fn from(day: values::MonthDay) -> Self {
        YearlyDay(format!("{:02}-{:02}", day.month(), day.day()))
    }
}

impl From<values::DateTime> for LocalTime {
    fn from(time: values::DateTime) -> Self {
        LocalTime(time.to_string())
    }
}

impl From<values::Currency> for Currency {
    fn from(currency: values::Currency) -> Self {
        Currency(currency.code().to_owned())
    }
}

impl From<&values::Money> for MoneyAmount {
    fn from(money: &values::Money) -> Self {
        let least = usize::from(money.currency.minor_units());
        let amount = match money.amount.decimal_places() {
            Some(places) => Number::Decimal(Decimal(money.amount.to_fixed(places.max(least)))),
            None => Number::from(&money.amount),
        };
        MoneyAmount { amount, currency: money.currency.into() }
    }
}

impl From<&values::Money> for Value {
    fn from(money: &values::Money) -> Self {
        let MoneyAmount { amount, currency } = money.into();
        Value::Money { amount, currency }
    }
}

impl From<&calculus::Value> for Value {
    fn from(value: &calculus::Value) -> Self {
        match value {
            calculus::Value::Boolean(value) => Value::Boolean { value: *value },
            calculus::Value::Number(value) => Value::Number { value: value.into() },
            calculus::Value::Ratio(ratio) => Value::Ratio { value: (&ratio.0).into() },
            calculus::Value::Points(points) => Value::Points { value: (&points.0).into() },
            calculus::Value::Duration(duration) => Value::Duration { seconds: duration.seconds().into() },
            calculus::Value::Money(money) => money.into(),
            calculus::Value::Quantity(value, unit) => {
                Value::Quantity { value: value.into(), unit: unit.as_str().to_owned() }
            }
            calculus::Value::Text(value) => Value::Text { value: value.clone() },
        }
    }
}

impl From<&calculus::Type> for TypeOf {
    fn from(ty: &calculus::Type) -> Self {
        match ty {
            calculus::Type::Boolean => TypeOf::Boolean,
            calculus::Type::Number => TypeOf::Number,
            calculus::Type::Ratio => TypeOf::Ratio,
            calculus::Type::Points => TypeOf::Points,
            calculus::Type::Duration => TypeOf::Duration,
            calculus::Type::Money(currency) => TypeOf::Money { currency: (*currency).into() },
            calculus::Type::Quantity(unit) => TypeOf::Quantity { unit: unit.as_str().to_owned() },
            calculus::Type::Text => TypeOf::Text,
            calculus::Type::Runs => TypeOf::Runs,
            calculus::Type::Occurrences => TypeOf::Occurrences,
            calculus::Type::Poison => TypeOf::Unknown,
        }
    }
}

impl From<&values::Duration> for Amount {
    fn from(duration: &values::Duration) -> Self {
        Amount::Duration { seconds: duration.seconds().into() }
    }
}

impl From<&values::Amount> for Amount {
    fn from(amount: &values::Amount) -> Self {
        match amount {
            values::Amount::Elapsed(duration) => duration.into(),
            values::Amount::Period(period) => Amount::Period { count: period.count, unit: period.unit.into() },
            values::Amount::Windows { count, kind, unit } => {
                Amount::Windows { count: *count, kind: (*kind).into(), unit: (*unit).into() }
            }
        }
    }
}

impl From<&values::Window> for Window {
    fn from(window: &values::Window) -> Self {
        match window {
            values::Window::Periodic { kind, unit } => Window::Periodic { kind: (*kind).into(), unit: (*unit).into() },
            values::Window::Rolling(amount) => Window::Rolling { amount: amount.into() },
            values::Window::Last { count, of } => {
                Window::Last { count: *count, of: of.as_deref().map(|window| Box::new(window.into())) }
            }
            values::Window::EachCase => Window::EachCase,
            values::Window::EachEvent => Window::EachEvent,
            values::Window::Term => Window::Term,
        }
    }
}
