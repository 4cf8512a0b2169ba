//! Which results are tried to find where a supplier pays less than is owed.

use super::Side;
use crate::calculus::{Expr, ExprKind, Function, Value, fold};
use crate::model::{Credit, Model};
use crate::values::Exact;
use std::collections::BTreeSet;

/// In so many parts the results below a target are tried of a credit that is computed.
const PARTS: i64 = 16;

/// So many steps next to a figure are tried where a credit goes by steps of what is missed; the others in wider and wider distances.
const NEAREST: i64 = 64;
/// No more steps than these are tried from one figure.
const MOST: usize = 512;
/// No more than these in all of one promise, from the figures and by the steps that it names first.
const MOST_OF_ONE: usize = 4_096;

/// How much works at a target, at a row, or at a figure from which on a credit is computed otherwise, of one of several promises, and
/// a little more and less; of credits that are computed, a row of parts of the target as well, and of those that go by steps, each
/// step.
pub(super) fn results(model: &Model, ours: &[Side<'_>], theirs: &[Side<'_>]) -> BTreeSet<Exact> {
    let step = Exact::ratio(1, 1_000_000).unwrap_or_default();
    let sides = ours.iter().chain(theirs);
    let bounds = sides.flat_map(|side| {
        let rows = side.table().map(|table| table.rows.as_slice()).unwrap_or_default();
        let limits = rows.iter().flat_map(|row| &row.bounds).filter_map(|bound| match bound.value.as_ref()? {
            Value::Ratio(limit) => Some(side.promise.side.of(&limit.0)),
            _ => None,
        });
        let (mut figures, mut steps) = (Vec::new(), Vec::new());
        if let Some(Credit::Formula { amount, .. }) = &side.commitment.credit {
            model.through(amount, &mut |part| {
                if let ExprKind::Literal(Value::Ratio(figure)) = &part.kind {
                    figures.push(side.promise.side.of(&figure.0));
                }
                steps.extend(step_of(model, part));
            });
        }
        let computed = side.table().is_none() && side.commitment.credit.is_some();
        let parts = if computed { PARTS } else { 1 };
        let bound = side.promise.bound();
        let each = (1..=parts).filter_map(|part| Some(&bound * Exact::ratio(part, parts)?));
        let from: Vec<Exact> = figures.iter().cloned().chain([bound.clone()]).collect();
        let stepped = from.iter().flat_map(|from| steps.iter().flat_map(move |step| stepped(from, step)));
        limits.chain(stepped.take(MOST_OF_ONE)).chain(figures).chain(each).collect::<Vec<_>>()
    });
    let around = bounds.flat_map(|bound| [&bound - &step, &bound + &step, bound]);
    around.filter(|result| result.signum() > 0 && *result <= Exact::one()).collect()
}

/// The share by which a credit goes in steps, where a part of it does.
fn step_of(model: &Model, part: &Expr) -> Option<Exact> {
    let ExprKind::Apply { function: Function::Started | Function::Completed, arguments, .. } = &part.kind else {
        return None;
    };
    match fold(arguments.get(1)?, &|name| model.constants.get(name)?.exact.clone())? {
        Value::Points(step) => Some(step.0),
        Value::Ratio(step) => Some(step.0),
        _ => None,
    }
}

/// What is left of a figure after so many steps of what is missed: after each of the next ones, and then after ever more.
fn stepped(from: &Exact, step: &Exact) -> Vec<Exact> {
    let left = |count: &i64| from - &(step * Exact::from_int(*count));
    let counts = std::iter::successors(Some(1), |count| Some(count + (count / NEAREST).max(1)));
    counts.map(|count| left(&count)).take_while(|left| left.signum() > 0).take(MOST).collect()
}
