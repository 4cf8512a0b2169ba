//! Conditions that always or never hold, rights that exist though the promise is kept, and credits that never pay.

use super::amounts::shown;
use super::interval::{Cut, Interval};
use super::options::found_in_each;
use super::{possible, targets};
use crate::calculus::{Binary, Expr, ExprKind, Function, Type};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::model::{Choice, Commitment, Condition, Credit, Model, Target, Termination};
use crate::values::Exact;
use std::collections::BTreeSet;

/// A condition depends on what is measured.
pub(super) fn constant(model: &Model) -> Vec<Diagnostic> {
    let mut all: Vec<(&Condition, &str)> = Vec::new();
    let mut found = found_in_each(model, |commitment| {
        let applies = commitment.applies_when.iter().map(|condition| (condition, "the commitment applies"));
        let rights = commitment.terminate.iter().filter_map(|right| Some((right.when.as_ref()?, "the right exists")));
        let both = applies.chain(rights).filter_map(|(condition, what)| Some((condition.measured()?, what)));
        let times = commitment.times.iter().map(|factor| (&factor.when, "the credit is multiplied"));
        let target = commitment.targets.first();
        times.chain(both).filter_map(|(when, what)| constant_condition(model, target, when, what)).collect()
    });
    all.extend(model.escalations.iter().filter_map(|one| Some((one.when.as_ref()?, "the escalation starts"))));
    all.extend(model.notices.iter().filter_map(|one| Some((one.when.as_ref()?, "the notice is due"))));
    all.extend(model.exclusions.iter().filter_map(|one| Some((one.when.as_ref()?, "the exclusion applies"))));
    all.extend(model.maintenances.iter().filter_map(|one| Some((one.when.as_ref()?, "the maintenance applies"))));
    let priorities = model.supports.iter().flat_map(|support| &support.priorities);
    all.extend(priorities.filter_map(|one| Some((one.when.as_ref()?, "a case has the priority"))));
    found.extend(
        all.into_iter().filter_map(|(condition, what)| constant_condition(model, None, condition.measured()?, what)),
    );
    found
}

fn constant_condition(model: &Model, target: Option<&Target>, expr: &Expr, what: &str) -> Option<Diagnostic> {
    let always = possible::always(model, target, expr)?;
    let (often, primary) = if always { ("always", "true whatever is measured") } else { ("never", "never true") };
    Some(
        Diagnostic::new(codes::EMPTY_PROMISE, expr.span, format!("the condition {often} holds"))
            .primary(primary)
            .witness(format!("{what} {}", if always { "at all times" } else { "at no time" }))
            .help("mend the bound, or turn the comparison round"),
    )
}

/// What is counted or shared out differs from one occurrence to the next.
pub(super) fn counted(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let targets = model.commitments.iter().flat_map(|one| one.targets.iter().map(|target| &target.measure));
    for whole in model.metrics.iter().map(|metric| &metric.value).chain(targets) {
        whole.walk(&mut |part| {
            let ExprKind::Apply { function, arguments, .. } = &part.kind else { return };
            let of_condition = matches!(function, Function::Share | Function::Count | Function::Runs);
            let conditions = arguments.iter().filter(|argument| of_condition && argument.ty == Type::Boolean);
            let what = format!("what `{}` looks at is so", function.as_str());
            found.extend(conditions.filter_map(|argument| constant_condition(model, None, argument, &what)));
        });
    }
    found
}

/// What is counted for one option is not that of another one alone: nothing would be counted, and nothing missed.
pub(super) fn of_other_options(model: &Model) -> Vec<Diagnostic> {
    found_in_each(model, |commitment| {
        let variant = commitment.head.variant.iter().filter(|choice| !choice.each);
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        let mut waiting: Vec<&Expr> = commitment.targets.iter().map(|target| &target.measure).collect();
        while let Some(expr) = waiting.pop() {
            match &expr.kind {
                ExprKind::Metric(name) if seen.insert(name.as_str()) => {
                    waiting.extend(model.metrics.get(name).map(|metric| &metric.value));
                }
                ExprKind::Apply { filter: Some(filter), .. } => {
                    found.extend(variant.clone().filter_map(|choice| of_another(model, choice, filter)));
                }
                _ => {}
            }
            waiting.extend(expr.parts());
        }
        found
    })
}

fn of_another(model: &Model, choice: &Choice, filter: &Expr) -> Option<Diagnostic> {
    let passes = |option: &str| model.passes(filter, &choice.dimension, option) != Some(false);
    let dimension = model.dimensions.get(&choice.dimension)?;
    // What is about options that this agreement leaves out is that of others.
    let is_of_others = dimension.options.iter().any(|option| passes(&option.name));
    (is_of_others && !passes(&choice.option)).then(|| {
        Diagnostic::new(codes::EMPTY_PROMISE, filter.span, "the condition never holds")
            .primary(format!("for `{}` nothing is counted", choice.option))
            .witness("each variant is measured by its own records, and those of another option are none of them")
            .help("leave the condition out, since each variant is measured by itself, or promise this for that option only")
    })
}

/// A streak, and a count of windows, counts whole ones.
pub(super) fn streaks(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for whole in model.expressions() {
        whole.walk(&mut |part| {
            let ExprKind::Binary { op, left, right } = &part.kind else { return };
            let streak = matches!(left.kind, ExprKind::Apply { function: Function::Streak, .. });
            if !op.is_comparison() || !(streak || left.windows_counted().is_some()) {
                return;
            }
            let Some(number) = model.stated(right).and_then(|value| value.exact().cloned()) else { return };
            if !number.is_integer() {
                let (low, high) = (number.floor(), number.ceil());
                found.push(
                    Diagnostic::new(codes::OUT_OF_RANGE, right.span, "windows are counted in whole numbers")
                        .severity(Severity::Warning)
                        .primary("not a whole number")
                        .help(format!("write {low} or {high}")),
                );
            }
        });
    }
    found
}

/// A right to terminate needs a result that misses the target.
pub(super) fn terminations(model: &Model) -> Vec<Diagnostic> {
    found_in_each(model, |commitment| {
        commitment.terminate.iter().filter_map(|right| though_met(model, commitment, right)).collect()
    })
}

fn though_met(model: &Model, commitment: &Commitment, right: &Termination) -> Option<Diagnostic> {
    let [target] = commitment.targets.as_slice() else { return None };
    let whole = right.when.as_ref().and_then(Condition::measured)?;
    if possible::always(model, Some(target), whole).is_some() || targets::is_never_missed(model, target) {
        return None;
    }
    let condition = repeated(whole);
    let ExprKind::Binary { op, left, right: bound } = &condition.kind else { return None };
    if left.to_string() != target.measure.to_string() {
        return None;
    }
    let limit = model.stated(bound)?;
    let holds = satisfying(*op, limit.exact()?)?;
    let both = Interval::met(target)?.and(&holds).and(&possible::attained(model, target)).possible(&limit.ty());
    let value = both.inside(&limit.ty())?;
    Some(
        Diagnostic::new(
            codes::EMPTY_PROMISE,
            whole.span,
            format!("the right to terminate exists though `{}` meets its target", left),
        )
        .primary(format!("holds for {}", shown(&value)))
        .label(target.span, "this is the target")
        .witness(format!("a result of {} meets the target, and counts towards termination", shown(&value)))
        .help("choose a bound that misses the target, or turn the comparison round"),
    )
}

/// The condition of the windows that are counted.
fn repeated(expr: &Expr) -> &Expr {
    if let ExprKind::Binary { op: Binary::AtLeast | Binary::Greater | Binary::Equal, left, .. } = &expr.kind
        && let ExprKind::Apply { function, arguments, .. } = &left.kind
        && (*function == Function::Streak || left.windows_counted().is_some())
        && let Some(inner) = arguments.first()
    {
        return inner;
    }
    expr
}

/// The values that compare so with a number.
fn satisfying(op: Binary, number: &Exact) -> Option<Interval> {
    let at = |after| Cut::At(number.clone(), after);
    Some(match op {
        Binary::AtLeast => Interval { from: at(false), to: Cut::Highest },
        Binary::Greater => Interval { from: at(true), to: Cut::Highest },
        Binary::AtMost => Interval { from: Cut::Lowest, to: at(true) },
        Binary::Less => Interval { from: Cut::Lowest, to: at(false) },
        _ => return None,
    })
}

/// A credit that is computed is more than nothing for some miss.
pub(super) fn formulas(model: &Model) -> Vec<Diagnostic> {
    found_in_each(model, |commitment| never_positive(model, commitment).into_iter().collect())
}

fn never_positive(model: &Model, commitment: &Commitment) -> Option<Diagnostic> {
    let (Some(Credit::Formula { amount, .. }), [target]) = (&commitment.credit, commitment.targets.as_slice()) else {
        return None;
    };
    if !possible::never_positive(model, target, amount) {
        return None;
    }
    let side = if target.is_floor() { "below" } else { "above" };
    let order = if target.is_floor() { "target - attained" } else { "attained - target" };
    Some(
        Diagnostic::new(codes::DEAD_TIER, amount.span, "the credit is never more than nothing")
            .primary("no miss earns anything")
            .label(target.span, format!("missed by results {side} it"))
            .help(format!("how far a result misses it is `{order}`; a credit has no minus sign")),
    )
}
