//! Constants whose rows are of different kinds.

use super::expression::PercentSign;
use super::values::Typed;
use super::{Builder, Declaration};
use crate::calculus::{Expr, Type};
use crate::diagnostics::{Diagnostic, codes};
use crate::model::Variant;
use std::collections::{BTreeMap, BTreeSet};

/// A row of a constant that is of another kind than most of its rows.
pub(super) struct OddRow {
    /// Its place among all that is defined.
    pub place: usize,
    /// The name of the constant.
    name: String,
    /// What the row gives.
    value: Expr,
    /// What the first of the other rows gives.
    other: Expr,
}

/// Of each constant with rows of different kinds the rows that differ: from most of the rows, or else from those whose values
/// have a unit, or else from the first one.
pub(super) fn odd_rows(instances: &[(&Declaration, &Variant)], typed: &BTreeMap<usize, Typed>) -> Vec<OddRow> {
    let mut constants: BTreeMap<&str, Vec<(usize, &Expr)>> = BTreeMap::new();
    for (place, (declaration, _)) in instances.iter().enumerate().filter(|(_, (one, _))| one.keyword == "constant") {
        let value = typed.get(&place).map(|typed| &typed.value).filter(|value| !value.is_poison());
        let rows = constants.entry(&declaration.base).or_default();
        rows.extend(value.map(|value| (place, value)));
    }
    let mut odd = Vec::new();
    for (name, rows) in constants {
        let mut kinds: Vec<(&Expr, usize)> = Vec::new();
        let mut seen = BTreeSet::new();
        // A row may hold for several combinations of options.
        for (_, value) in rows.iter().filter(|(_, value)| seen.insert(value.span)) {
            match kinds.iter_mut().find(|(first, _)| is_alike(&first.ty, &value.ty)) {
                Some((_, count)) => *count += 1,
                None => kinds.push((value, 1)),
            }
        }
        // Of several with as many rows the last one is taken.
        kinds.reverse();
        let Some((usual, _)) = kinds.iter().max_by_key(|(first, count)| (*count, first.ty != Type::Number)) else {
            continue;
        };
        let others = rows.iter().filter(|(_, value)| !is_alike(&value.ty, &usual.ty));
        odd.extend(others.map(|(place, value)| OddRow {
            place: *place,
            name: name.to_owned(),
            value: (*value).clone(),
            other: (*usual).clone(),
        }));
    }
    odd
}

/// Whether values of two types are of one kind: money of whichever currency is.
fn is_alike(one: &Type, other: &Type) -> bool {
    one == other || matches!((one, other), (Type::Money(_), Type::Money(_)))
}

impl Builder<'_> {
    /// Tells a row of a constant that is of another kind than its other rows.
    pub(super) fn odd_row(&mut self, odd: OddRow) {
        let OddRow { name, value, other, .. } = odd;
        let message = format!("the rows of `{name}` are of different kinds");
        let finding = Diagnostic::new(codes::UNIT_MISMATCH, value.span, message)
            .primary(format!("this is {}", value.ty))
            .label(other.span, format!("this is {}", other.ty));
        self.tell(match PercentSign::missing(&value, &other.ty) {
            Some(sign) => sign.advise(finding),
            None => finding.help("give all rows of a constant the same kind of value"),
        });
    }
}
