//! States: conditions on one, or on several that are read together.

use super::measure::{Core, Count, Judgement, Linear, MAX_DEPTH, Quotient, Reduced};
use super::reason::Reason;
use super::term::INTERVAL;
use crate::calculus::{Binary, Expr, ExprKind, Function, Part, Reading, Slice, Unary};
use crate::model::{MissingPolicy, Model};
use crate::values::Exact;

/// How states are read together: when they count as down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Together {
    /// There is one; where it has several series, it is down when any of them is.
    One,
    /// When any of them is down.
    All,
    /// When all of them are down.
    Any,
}

impl Together {
    /// What an aggregation of PromQL makes of their series: zero while they count as down.
    pub fn aggregation(self) -> &'static str {
        match self {
            Together::One | Together::All => "min",
            Together::Any => "max",
        }
    }

    /// What stands before the name of what is counted of them.
    pub fn prefix(self) -> &'static str {
        match self {
            Together::One | Together::All => "",
            Together::Any => "any_",
        }
    }

    /// Whether what is missing of one of them counts as it should without knowing that it is missing.
    pub fn is_known(self, missing: MissingPolicy) -> bool {
        match self {
            Together::One => true,
            // One that is missing and counts as up leaves it to the others.
            Together::All => missing == MissingPolicy::Good,
            // One that is missing and counts as down leaves it to the others.
            Together::Any => missing == MissingPolicy::Bad,
        }
    }
}

/// A condition on states.
struct Condition<'a> {
    signal: &'a str,
    together: Together,
    /// Whether it holds while they count as up, and not while they count as down.
    is_up: bool,
}

/// The share of the time, or of slices of so many seconds, for which a condition on states holds; nothing for any other
/// condition.
pub(super) fn share(model: &Model, condition: &Expr, seconds: Option<i64>) -> Option<Result<Reduced, Reason>> {
    let Condition { signal, together, is_up } = read(model, condition, 0)?;
    let Some(seconds) = seconds else {
        return Some(Ok(Reduced { complement: is_up, core: Core::Down(signal.to_owned(), together) }));
    };
    if seconds % INTERVAL != 0 {
        return Some(Err("a state is read once a minute, and its slices are no whole minutes".into()));
    }
    let of = |count| Linear { signal: signal.to_owned(), terms: vec![(Exact::one(), count)] };
    let (numerator, denominator) = (of(Count::Down(together)), of(Count::Decided(together)));
    let quotient = Quotient { numerator, denominator, empty: None };
    // It holds in a slice if it holds throughout it.
    let comparison = if is_up { Binary::AtMost } else { Binary::Greater };
    let judgement = Judgement::Holds(comparison, Exact::zero());
    Some(Ok(Reduced { complement: false, core: Core::Mean { seconds, quotient, judgement } }))
}

fn read<'a>(model: &'a Model, expr: &'a Expr, depth: usize) -> Option<Condition<'a>> {
    if depth > MAX_DEPTH {
        return None;
    }
    match &expr.kind {
        ExprKind::Metric(name) => read(model, &model.metrics.get(name)?.value, depth + 1),
        ExprKind::Unary { op: Unary::Not, operand } => {
            let condition = read(model, operand, depth + 1)?;
            Some(Condition { is_up: !condition.is_up, ..condition })
        }
        ExprKind::Apply { function, arguments, slice: Some(Slice::Key(_)), filter: None, over: None } => {
            let [state] = arguments.as_slice() else { return None };
            let (together, is_up) = match function {
                Function::All => (Together::All, true),
                Function::Any => (Together::Any, true),
                Function::None => (Together::Any, false),
                _ => return None,
            };
            Some(Condition { signal: signal(state)?, together, is_up })
        }
        _ => Some(Condition { signal: signal(expr)?, together: Together::One, is_up: true }),
    }
}

fn signal(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Reading(Reading { signal, part: Part::State }) => Some(signal),
        _ => None,
    }
}
