use super::cell::Cell;
use crate::calculus::Value;
use crate::values::{Duration, Exact, Ratio, Unit, UnitKind};

/// The value of a cell, in the unit of its column; nothing where it is empty.
pub(super) fn worth(cell: &Cell<'_>, unit: Option<&Unit>) -> Option<Value> {
    let number = match cell {
        Cell::Text(text) => return Some(Value::Text((*text).to_owned())),
        Cell::Boolean(truth) => return Some(Value::Boolean(*truth)),
        cell => cell.number()?,
    };
    Some(in_unit(number, unit))
}

/// A number in a unit, as the value that it is.
pub(super) fn in_unit(number: Exact, unit: Option<&Unit>) -> Value {
    match unit.map(|unit| (&unit.kind, &unit.name)) {
        None => Value::Number(number),
        Some((UnitKind::Ratio { factor }, _)) => Value::Ratio(Ratio(&number * factor)),
        Some((UnitKind::Time { seconds }, _)) => Value::Duration(Duration::from_seconds(&number * seconds)),
        Some((UnitKind::Other, name)) => Value::Quantity(number, name.clone()),
    }
}
