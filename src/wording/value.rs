//! Values as a business letter writes them.

use super::plain;
use crate::calculus::Value;
use crate::values::Exact;

/// How many places a value that does not end is printed to.
const PLACES: usize = 6;

/// A number with commas between thousands; one that does not end is rounded to six places and marked.
pub fn number(number: &Exact) -> String {
    match number.decimal_places() {
        Some(places) => number.group_thousands(places),
        None => format!("approximately {}", number.group_thousands(PLACES)),
    }
}

/// A value in words: `99.95%`, `1 percentage point`, `1 hour 30 minutes`, `EUR 4,200.00`.
pub fn value(value: &Value) -> String {
    match value {
        Value::Boolean(true) => "yes".to_owned(),
        Value::Boolean(false) => "no".to_owned(),
        Value::Number(exact) => number(exact),
        Value::Ratio(ratio) => format!("{}%", number(&ratio.percent())),
        Value::Points(points) => {
            let points = points.points();
            let plural = if points == Exact::one() { "" } else { "s" };
            format!("{} percentage point{plural}", number(&points))
        }
        Value::Duration(duration) => duration.words(),
        Value::Money(money) => money.prose(),
        Value::Quantity(exact, unit) => {
            let blank = if unit.as_str().starts_with(['°', '%']) { "" } else { " " };
            format!("{}{blank}{unit}", number(exact))
        }
        Value::Text(text) => format!("“{}”", plain(text)),
    }
}
