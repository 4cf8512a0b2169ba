//! Credits: the rows of a commitment, which of them counts, and when they are owed.

use super::common::{all, one};
use super::conditions::{ArithmeticOp, ComparisonOp, Computation, Condition, FeeOp, LogicOp, NotOp};
use super::inputs::{Inputs, Scope, value};
use super::rules::{self, Choose, Once, RowBound, Rule};
use super::stage::Stage;
use crate::calculus::{Expr, Type, Value};
use crate::model::{Bound, Commitment, Credit, CreditRow, CreditTable, Factor, Model, Side, Tier};
use crate::values::{Exact, Window};

/// The credit of a commitment; nothing for one without a credit or a window.
pub fn credit(model: &Model, commitment: &Commitment, inputs: &mut Inputs) -> Option<Rule> {
    let scope = Scope::commitment(model, commitment);
    let window = scope.window?;
    let (choose, rows) = match commitment.credit.as_ref()? {
        Credit::Formula { amount, .. } => {
            let then = not_negative(amount, scope.computation(amount, inputs));
            (Choose::Only, vec![rules::CreditRow { clause: commitment.head.id.clone(), when: None, bound: None, then }])
        }
        Credit::Table(table) => rows(scope, commitment, table, inputs)?,
    };
    let run = model.paid_run(commitment);
    Some(Rule::Credit {
        stage: Stage,
        clause: commitment.head.id.clone(),
        commitment: commitment.head.name.clone(),
        by: one(&model.debtor(commitment.of.as_ref())),
        to: all(&model.creditors(commitment.of.as_ref())),
        per: window.into(),
        applies: commitment.applies_when.as_ref().map(|when| scope.when(when, inputs)),
        breach: breach(scope, commitment, window, &rows, inputs),
        once: match (window, run) {
            (Window::Rolling(_), Some(_)) => Once::Run,
            (Window::Rolling(_), None) => Once::Breach,
            _ => Once::Window,
        },
        multiply: commitment.times.iter().map(|factor| multiply(scope, factor, inputs)).collect(),
        times: run.map(|run| scope.ended(run, inputs)),
        choose,
        rows,
    })
}

fn multiply(scope: Scope<'_>, factor: &Factor, inputs: &mut Inputs) -> rules::Factor {
    let by = factor.value.as_ref().map_or_else(|| scope.computation(&factor.by, inputs), value);
    rules::Factor { clause: factor.id.clone(), when: scope.condition(&factor.when, inputs), by }
}

/// The rows of a table, and which of them counts.
fn rows(
    scope: Scope<'_>,
    commitment: &Commitment,
    table: &CreditTable,
    inputs: &mut Inputs,
) -> Option<(Choose, Vec<rules::CreditRow>)> {
    let target = commitment.targets.first()?;
    let mut looks_at = |inputs: &mut Inputs| match &table.using {
        Some(expr) => scope.computation(expr, inputs),
        None => scope.attained(target, inputs),
    };
    let bounded = || table.rows.iter().filter(|row| !row.bounds.is_empty());
    let known = |row: &CreditRow| row.bounds.iter().all(|bound| bound.value.is_some());
    // The rows of a ladder are ranges that exclude one another only if all of their ends are known.
    let choose = match (table.bands, bounded().all(known)) {
        (true, _) => Choose::LargestAmount,
        (false, true) => Choose::Only,
        (false, false) => farthest(table),
    };
    let mut rows = Vec::new();
    if choose == Choose::Only {
        for tier in commitment.tiers() {
            let when = range(&tier, &mut looks_at, inputs);
            rows.push(row(scope, table, tier.row, when, None, inputs));
        }
    } else {
        for written in bounded() {
            let when = bounds(scope, written, &mut looks_at, inputs);
            let bound = written.bounds.first().filter(|_| !table.bands);
            let bound = bound.map(|it| RowBound { value: limit(scope, it, inputs), strict: !it.side.is_inclusive() });
            rows.push(row(scope, table, written, when, bound, inputs));
        }
    }
    for rest in table.rows.iter().filter(|row| row.bounds.is_empty()) {
        let others = bounded().filter_map(|other| bounds(scope, other, &mut looks_at, inputs)).collect();
        let when = joined(LogicOp::Or, others).map(not);
        rows.push(row(scope, table, rest, when, None, inputs));
    }
    Some((choose, rows)).filter(|(_, rows)| !rows.is_empty())
}

/// The row of a ladder that is farthest from the target; all of its rows are bounded on one side.
fn farthest(table: &CreditTable) -> Choose {
    let first = table.rows.iter().find_map(|row| row.bounds.first());
    if first.is_some_and(|bound| bound.side.is_upper()) { Choose::LowestBound } else { Choose::HighestBound }
}

fn row(
    scope: Scope<'_>,
    table: &CreditTable,
    row: &CreditRow,
    when: Option<Condition>,
    bound: Option<RowBound>,
    inputs: &mut Inputs,
) -> rules::CreditRow {
    rules::CreditRow { clause: row.id.clone(), when, bound, then: gives(scope, table, row, inputs) }
}

/// The ends of a tier as a condition; nothing for a tier without ends.
fn range(
    tier: &Tier<'_>,
    looks_at: &mut impl FnMut(&mut Inputs) -> Computation,
    inputs: &mut Inputs,
) -> Option<Condition> {
    let mut conditions = Vec::new();
    if let Some((end, inclusive)) = &tier.from {
        let op = if *inclusive { ComparisonOp::AtLeast } else { ComparisonOp::Greater };
        conditions.push(Condition::Comparison { op, left: looks_at(inputs), right: value(end) });
    }
    if let Some((end, inclusive)) = &tier.to {
        let op = if *inclusive { ComparisonOp::AtMost } else { ComparisonOp::Less };
        conditions.push(Condition::Comparison { op, left: looks_at(inputs), right: value(end) });
    }
    joined(LogicOp::And, conditions)
}

/// The bounds of a row as it is written.
fn bounds(
    scope: Scope<'_>,
    row: &CreditRow,
    looks_at: &mut impl FnMut(&mut Inputs) -> Computation,
    inputs: &mut Inputs,
) -> Option<Condition> {
    let bounds = row.bounds.iter();
    let conditions = bounds.map(|bound| Condition::Comparison {
        op: within(bound.side),
        left: looks_at(inputs),
        right: limit(scope, bound, inputs),
    });
    joined(LogicOp::And, conditions.collect())
}

/// The limit of a bound: its value where the agreement alone tells it.
pub fn limit(scope: Scope<'_>, bound: &Bound, inputs: &mut Inputs) -> Computation {
    bound.value.as_ref().map_or_else(|| scope.computation(&bound.limit, inputs), value)
}

/// How a value compares with the limit of a bound that it is within.
pub fn within(side: Side) -> ComparisonOp {
    match side {
        Side::Below => ComparisonOp::Less,
        Side::AtMost => ComparisonOp::AtMost,
        Side::Above => ComparisonOp::Greater,
        Side::AtLeast => ComparisonOp::AtLeast,
    }
}

/// What a row gives: money, or a ratio of the table's fee.
fn gives(scope: Scope<'_>, table: &CreditTable, row: &CreditRow, inputs: &mut Inputs) -> Computation {
    let amount = row.value.as_ref().map_or_else(|| scope.computation(&row.gives, inputs), value);
    if row.gives.ty != Type::Ratio {
        return amount;
    }
    let fee = Computation::Fee { op: FeeOp::Fee, fee: table.base.value.clone() };
    Computation::Arithmetic { op: ArithmeticOp::Of, operands: vec![amount, fee] }
}

/// A computed credit is never less than zero.
fn not_negative(amount: &Expr, then: Computation) -> Computation {
    match Value::of(&amount.ty, Exact::zero()) {
        Some(zero) => Computation::Arithmetic { op: ArithmeticOp::Max, operands: vec![value(&zero), then] },
        None => then,
    }
}

/// When a credit is owed, the rows apart. Bands mean what they say, so that only a promise that rolls has to say how long
/// its breach lasts: while a target is missed, or a row gives more than nothing.
fn breach(
    scope: Scope<'_>,
    commitment: &Commitment,
    window: &Window,
    rows: &[rules::CreditRow],
    inputs: &mut Inputs,
) -> Option<Condition> {
    let missed = missed(scope, commitment, inputs);
    let table = match &commitment.credit {
        Some(Credit::Table(table)) if table.bands => table,
        _ => return missed,
    };
    if !matches!(window, Window::Rolling(_)) {
        return None;
    }
    let mut any: Vec<Condition> = missed.into_iter().collect();
    for row in rows {
        let Some(written) = table.rows.iter().find(|written| written.id == row.clause) else { continue };
        let pays = match &written.value {
            Some(known) if known.exact().is_some_and(Exact::is_zero) => continue,
            Some(_) => None,
            None => Value::of(&written.gives.ty, Exact::zero()).map(|nothing| Condition::Comparison {
                op: ComparisonOp::Greater,
                left: scope.computation(&written.gives, inputs),
                right: value(&nothing),
            }),
        };
        // A row without a condition that pays is a breach without end.
        any.push(joined(LogicOp::And, row.when.iter().cloned().chain(pays).collect())?);
    }
    joined(LogicOp::Or, any)
}

/// That not all targets are met.
fn missed(scope: Scope<'_>, commitment: &Commitment, inputs: &mut Inputs) -> Option<Condition> {
    let targets = commitment.targets.iter();
    joined(LogicOp::And, targets.map(|target| scope.met(target, inputs)).collect()).map(not)
}

fn not(condition: Condition) -> Condition {
    Condition::Not { op: NotOp::Not, condition: Box::new(condition) }
}

/// Several conditions as one; one alone is itself.
fn joined(op: LogicOp, mut conditions: Vec<Condition>) -> Option<Condition> {
    if conditions.len() > 1 {
        return Some(Condition::Logic { op, conditions });
    }
    conditions.pop()
}
