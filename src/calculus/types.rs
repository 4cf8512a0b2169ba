use crate::values::{Currency, Duration, Exact, Money, Points, Ratio, Rounding, UnitName};
use std::fmt;

/// The type of an expression: values of different types are never mixed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// True or false.
    Boolean,
    /// A plain number or a count.
    Number,
    /// A part of one, such as a percentage or a quotient of like units.
    Ratio,
    /// A difference of ratios, in percentage points.
    Points,
    /// Elapsed time.
    Duration,
    /// An amount of money in a currency.
    Money(Currency),
    /// A measured quantity in a unit that is none of the above, such as `°C`.
    Quantity(UnitName),
    /// Words.
    Text,
    /// A set of runs: uninterrupted stretches of slices for which a condition holds.
    Runs,
    /// A signal as a whole, of which occurrences can be counted.
    Occurrences,
    /// What could not be typed; an error has been told, and whatever uses it is silent.
    Poison,
}

impl Type {
    /// Whether values of the type have an order.
    pub fn is_ordered(&self) -> bool {
        !matches!(self, Type::Boolean | Type::Text | Type::Runs | Type::Occurrences)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Boolean => f.write_str("a condition"),
            Type::Number => f.write_str("a number"),
            Type::Ratio => f.write_str("a percentage"),
            Type::Points => f.write_str("a number of percentage points"),
            Type::Duration => f.write_str("a duration"),
            Type::Money(currency) => write!(f, "an amount of money in {currency}"),
            Type::Quantity(unit) => write!(f, "a quantity in {unit}"),
            Type::Text => f.write_str("a text"),
            Type::Runs => f.write_str("a set of runs"),
            Type::Occurrences => f.write_str("a signal"),
            Type::Poison => f.write_str("unknown"),
        }
    }
}

/// At what an expression is read: it says which functions may take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// The same whatever is measured: literals, constants, fees.
    Constant,
    /// Once for each span of time, be it a slice or the window: counts, ratios of counts, aggregates.
    Interval,
    /// At each moment: a state.
    Moment,
    /// For each sample.
    Sample,
    /// For each event.
    Event,
    /// For each case.
    Case,
    /// For each score.
    Score,
}

/// A value that stands in a file, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Exact),
    /// A part of one; `99.95%`.
    Ratio(Ratio),
    /// Percentage points; `0.5pp`.
    Points(Points),
    /// Elapsed time; `4h`.
    Duration(Duration),
    /// Money; `4200.00 EUR`.
    Money(Money),
    /// A quantity in a unit; `35°C`.
    Quantity(Exact, UnitName),
    /// Words, or the name of an option such as a priority.
    Text(String),
}

impl Value {
    /// Its type.
    pub fn ty(&self) -> Type {
        match self {
            Value::Boolean(_) => Type::Boolean,
            Value::Number(_) => Type::Number,
            Value::Ratio(_) => Type::Ratio,
            Value::Points(_) => Type::Points,
            Value::Duration(_) => Type::Duration,
            Value::Money(money) => Type::Money(money.currency),
            Value::Quantity(_, unit) => Type::Quantity(unit.clone()),
            Value::Text(_) => Type::Text,
        }
    }

    /// The number behind it in the type's base unit: parts of one, seconds, major units of the currency.
    pub fn exact(&self) -> Option<&Exact> {
        match self {
            Value::Number(number) | Value::Quantity(number, _) => Some(number),
            Value::Ratio(ratio) => Some(&ratio.0),
            Value::Points(points) => Some(&points.0),
            Value::Duration(duration) => Some(duration.seconds()),
            Value::Money(money) => Some(&money.amount),
            Value::Boolean(_) | Value::Text(_) => None,
        }
    }

    /// The value of a type with this number in the type's base unit; the inverse of [`Value::exact`].
    pub fn of(ty: &Type, number: Exact) -> Option<Value> {
        match ty {
            Type::Number => Some(Value::Number(number)),
            Type::Ratio => Some(Value::Ratio(Ratio(number))),
            Type::Points => Some(Value::Points(Points(number))),
            Type::Duration => Some(Value::Duration(Duration::from_seconds(number))),
            Type::Money(currency) => Some(Value::Money(Money::new(number, *currency))),
            Type::Quantity(unit) => Some(Value::Quantity(number, unit.clone())),
            Type::Boolean | Type::Text | Type::Runs | Type::Occurrences | Type::Poison => None,
        }
    }
}

/// As it is written in a file.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Boolean(value) => write!(f, "{value}"),
            Value::Number(value) => write!(f, "{value}"),
            Value::Ratio(value) => write!(f, "{value}"),
            Value::Points(value) => write!(f, "{value}"),
            Value::Duration(value) => write!(f, "{value}"),
            Value::Money(value) => write!(f, "{value}"),
            Value::Quantity(value, unit) => write!(f, "{value}{unit}"),
            Value::Text(value) => write!(f, "{value}"),
        }
    }
}

/// A value as a file writes it; one whose decimals do not end, or are many, is shown to six places.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Ratio(ratio) => ratio.to_percent_string(6),
        Value::Number(number) => number.to_decimal_string(6),
        Value::Quantity(number, unit) => format!("{}{unit}", number.to_decimal_string(6)),
        Value::Money(money) if !money.amount.is_terminating() => {
            format!("{} {}", money.amount.to_decimal_string(6), money.currency)
        }
        // To a millionth of a millisecond.
        Value::Duration(duration) => match Exact::ratio(1, 1_000_000_000) {
            Some(step) if !duration.seconds().is_terminating() => {
                Duration::from_seconds(duration.seconds().round_to(&step, Rounding::HalfEven)).to_string()
            }
            _ => duration.to_string(),
        },
        other => other.to_string(),
    }
}
