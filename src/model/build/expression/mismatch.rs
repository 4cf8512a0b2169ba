//! Operators meet their operands: the type and grain that they give, or the error that names both sides.

use super::literal::meant_time;
use super::scope::Scope;
use super::term;
use crate::calculus::operators::{applied, joined};
use crate::calculus::{Binary, Expr, ExprKind, Grain, Type, Unary, Value};
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::Span;
use crate::values::Exact;

/// Type and grain of an operation; nothing after an error.
pub(super) fn binary(left: &Expr, op: Binary, right: &Expr, at: Span, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    if left.is_poison() || right.is_poison() {
        return None;
    }
    if op == Binary::In {
        return contained(left, right, scope);
    }
    if let Some(list) = [left, right].into_iter().find(|side| matches!(side.kind, ExprKind::List(_))) {
        scope.tell(term::no_list(list.span));
        return None;
    }
    let complement = match &left.kind {
        ExprKind::Literal(Value::Number(one)) => *one == Exact::one(),
        ExprKind::Literal(Value::Ratio(one)) => one.0 == Exact::one(),
        _ => false,
    };
    let Some(ty) = joined(&left.ty, op, &right.ty, complement) else {
        let finding = unlike(left, op, right, at, scope);
        scope.tell(finding);
        return None;
    };
    Some((ty, grain(left, right, scope)?))
}

/// The type of an operation with one operand; nothing after an error.
pub(super) fn unary(op: Unary, operand: &Expr, at: Span, scope: &mut Scope<'_>) -> Option<Type> {
    if operand.is_poison() {
        return None;
    }
    let ty = applied(op, &operand.ty);
    if ty.is_none() {
        let (sign, needs) = match op {
            Unary::Not => ("not", "needs a condition"),
            Unary::Negate => ("-", "needs something that has a negative"),
        };
        let finding = Diagnostic::new(codes::UNIT_MISMATCH, at, format!("`{sign}` {needs}, not {}", operand.ty))
            .label(operand.span, describe(operand, scope));
        let finding = declared(finding, &[operand], scope);
        scope.tell(match op {
            Unary::Not => finding.help("`not` binds first; put the whole condition in brackets: `not (x < 99%)`"),
            Unary::Negate => finding,
        });
    }
    ty
}

/// Whether an expression is a condition; if not, an error says so of `what`.
pub(super) fn is_condition(expr: &Expr, what: &str, scope: &mut Scope<'_>) -> bool {
    if expr.is_poison() || expr.ty == Type::Boolean {
        return !expr.is_poison();
    }
    let finding = Diagnostic::new(codes::WRONG_ARGUMENT, expr.span, format!("{what} must be a condition"))
        .primary(describe(expr, scope))
        .help("compare it with something: `x >= 99%`");
    let finding = declared(finding, &[expr], scope);
    scope.tell(finding);
    false
}

/// The type that all expressions have; nothing after an error about `what`.
pub(super) fn same_type(all: &[&Expr], what: &str, scope: &mut Scope<'_>) -> Option<Type> {
    if all.iter().any(|expr| expr.is_poison()) {
        return None;
    }
    let (first, rest) = all.split_first()?;
    if let Some(other) = rest.iter().find(|other| other.ty != first.ty) {
        let message = format!("{what} must be alike, and these are {} and {}", first.ty, other.ty);
        let finding = Diagnostic::new(codes::UNIT_MISMATCH, other.span, message);
        let finding = explain(finding, first, other, scope);
        scope.tell(finding);
        return None;
    }
    Some(first.ty.clone())
}

/// The grain at which two expressions are read together; nothing after an error.
pub(super) fn grain(left: &Expr, right: &Expr, scope: &mut Scope<'_>) -> Option<Grain> {
    let grain = match (left.grain, right.grain) {
        (Grain::Constant, grain) | (grain, Grain::Constant) => Some(grain),
        // Within a slice a state is read with what is counted.
        (Grain::Interval, Grain::Moment) | (Grain::Moment, Grain::Interval) => Some(Grain::Interval),
        (one, other) => (one == other && !of_different_signals(left, right)).then_some(one),
    };
    if grain.is_none() {
        let message = if left.grain == right.grain {
            "values of two signals do not come in pairs".to_owned()
        } else {
            "the two sides are read at different grains".to_owned()
        };
        let finding = Diagnostic::new(codes::WRONG_GRAIN, right.span, message)
            .primary(read(right))
            .label(left.span, read(left))
            .help(
                "take `mean`, `min`, `max` or `share` of each one first, so that both are values of a slice or window",
            );
        let finding = declared(finding, &[left, right], scope);
        scope.tell(finding);
    }
    grain
}

/// Whether two expressions that are read for each event or the like are so for those of different signals.
fn of_different_signals(left: &Expr, right: &Expr) -> bool {
    let counted = |expr: &Expr| matches!(expr.grain, Grain::Sample | Grain::Event | Grain::Case | Grain::Score);
    let signal = |expr: &Expr| {
        let mut name: Option<String> = None;
        expr.walk(&mut |part| {
            if let ExprKind::Reading(reading) = &part.kind {
                name.get_or_insert_with(|| reading.signal.clone());
            }
        });
        name
    };
    counted(left) && matches!((signal(left), signal(right)), (Some(one), Some(other)) if one != other)
}

/// When an expression is read, as the words of a label.
pub(in crate::model::build) fn read(expr: &Expr) -> String {
    let name = name(expr).map_or_else(|| "this".to_owned(), |name| format!("`{name}`"));
    match expr.grain {
        Grain::Constant => format!("{name} is the same whatever is measured"),
        Grain::Interval => format!("{name} is read once for each slice or window"),
        Grain::Moment => format!("{name} is read at each moment"),
        Grain::Sample => format!("{name} is read for each sample"),
        Grain::Event => format!("{name} is read for each event"),
        Grain::Case => format!("{name} is read for each case"),
        Grain::Score => format!("{name} is read for each score"),
    }
}

fn contained(left: &Expr, right: &Expr, scope: &mut Scope<'_>) -> Option<(Type, Grain)> {
    let ExprKind::List(items) = &right.kind else {
        let finding = Diagnostic::new(codes::WRONG_ARGUMENT, right.span, "`in` needs a list")
            .primary(describe(right, scope))
            .help("write the values in brackets: `priority in [p3, p4]`");
        scope.tell(finding);
        return None;
    };
    let Some(item) = items.first().filter(|item| item.ty != left.ty) else {
        return Some((Type::Boolean, left.grain));
    };
    let message = format!("{} cannot be in a list of values of another kind", left.ty);
    let finding = Diagnostic::new(codes::UNIT_MISMATCH, item.span, message);
    let finding = explain(finding, left, item, scope);
    scope.tell(finding);
    None
}

fn unlike(left: &Expr, op: Binary, right: &Expr, at: Span, scope: &Scope<'_>) -> Diagnostic {
    let (l, r) = (&left.ty, &right.ty);
    let sign = op.as_str();
    let message = match op {
        _ if l == r && matches!(l, Type::Runs | Type::Occurrences) => format!("`{sign}` needs values, not {l}"),
        Binary::And | Binary::Or => format!("`{sign}` joins conditions, not {l} and {r}"),
        _ if op.is_comparison() && l == r => format!("{l} has no order"),
        _ if op.is_comparison() => format!("{l} cannot be compared with {r}"),
        Binary::Add => format!("{r} cannot be added to {l}"),
        Binary::Subtract => format!("{r} cannot be subtracted from {l}"),
        Binary::Multiply => format!("{l} cannot be multiplied by {r}"),
        Binary::Divide => format!("{l} cannot be divided by {r}"),
        _ => format!("`of` takes a percentage of something, not {l} of {r}"),
    };
    let finding = Diagnostic::new(codes::UNIT_MISMATCH, at, message).label(left.span, describe(left, scope));
    let finding = declared(finding.label(right.span, describe(right, scope)), &[left, right], scope);
    advise(finding, left, right, scope)
}

/// Labels for the two sides, and a way to mend it.
fn explain(finding: Diagnostic, left: &Expr, right: &Expr, scope: &Scope<'_>) -> Diagnostic {
    let finding = finding.primary(describe(right, scope)).label(left.span, describe(left, scope));
    advise(declared(finding, &[left, right], scope), left, right, scope)
}

fn declared(mut finding: Diagnostic, all: &[&Expr], scope: &Scope<'_>) -> Diagnostic {
    for expr in all {
        if let Some((name, span)) = scope.declaration(expr)
            && !finding.labels.iter().any(|label| label.span == span)
        {
            finding = finding.label(span, format!("`{name}` is declared here"));
        }
    }
    finding
}

/// What an expression is, as the words of a label.
pub(super) fn describe(expr: &Expr, _scope: &Scope<'_>) -> String {
    match (name(expr), &expr.kind) {
        (Some(name), _) => format!("`{name}` is {}", expr.ty),
        (None, ExprKind::Literal(_) | ExprKind::List(_)) => expr.ty.to_string(),
        (None, _) => format!("this is {}", expr.ty),
    }
}

/// The name that an expression is, if it is no more than a name.
fn name(expr: &Expr) -> Option<String> {
    let compound = matches!(
        expr.kind,
        ExprKind::Literal(_)
            | ExprKind::List(_)
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::If { .. }
            | ExprKind::Apply { .. }
            | ExprKind::Attribute { .. }
            | ExprKind::Poison
    );
    (!compound).then(|| expr.to_string())
}

/// A number where a percentage is wanted: its sign was probably forgotten.
pub(in crate::model::build) enum PercentSign<'a> {
    /// At a number, which stands here.
    Here(&'a Exact, Span),
    /// At the value of a constant.
    OfConstant(&'a str),
}

impl PercentSign<'_> {
    /// Where the sign is missing, if it is.
    pub fn missing<'a>(expr: &'a Expr, wanted: &Type) -> Option<PercentSign<'a>> {
        match (&expr.kind, &expr.ty, wanted) {
            (ExprKind::Literal(Value::Number(number)), _, Type::Ratio) => Some(PercentSign::Here(number, expr.span)),
            (ExprKind::Constant(name), Type::Number, Type::Ratio) => Some(PercentSign::OfConstant(name)),
            _ => None,
        }
    }

    /// The finding with the way to mend it.
    pub fn advise(self, finding: Diagnostic) -> Diagnostic {
        match self {
            // No share is so large: a number per thousand, or an amount of money, was meant.
            PercentSign::Here(number, _) if *number > Exact::from_int(100) => {
                finding.help("a percentage is written with its sign: `0.4%` for 4 per thousand")
            }
            PercentSign::Here(number, span) => {
                let percent = if *number <= Exact::one() { number * Exact::from_int(100) } else { number.clone() };
                let meant = format!("{percent}%");
                finding.help(format!("did you mean `{meant}`?")).fix(Fix::replace(
                    format!("write `{meant}`"),
                    span,
                    meant,
                ))
            }
            PercentSign::OfConstant(name) => finding
                .help(format!("a percentage is written with its sign, such as `99.5%`: is it missing from `{name}`?")),
        }
    }
}

/// Whether a value is what a parameter of a template stands for: it is of the kind that the parameter has, so that nothing else
/// can be meant where it is given.
fn is_given(expr: &Expr, scope: &Scope<'_>) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => expr.span.file != scope.file,
        ExprKind::Constant(_) => scope.declaration(expr).is_none(),
        _ => false,
    }
}

/// What was probably meant by two operands that do not fit.
fn advise(finding: Diagnostic, left: &Expr, right: &Expr, scope: &Scope<'_>) -> Diagnostic {
    for (one, other) in [(left, right), (right, left)] {
        if is_given(one, scope) {
            continue;
        }
        if let Some(sign) = PercentSign::missing(one, &other.ty) {
            return sign.advise(finding);
        }
        match (&one.kind, &one.ty, &other.ty) {
            (ExprKind::Literal(value @ Value::Quantity(..)), _, Type::Duration) => {
                if let Some(meant) = meant_time(&value.to_string()) {
                    return finding.help(format!("did you mean `{meant}`?")).fix(Fix::replace(
                        format!("write `{meant}`"),
                        one.span,
                        meant.clone(),
                    ));
                }
            }
            (ExprKind::Literal(Value::Quantity(number, unit)), _, Type::Quantity(other))
                if other.as_str().strip_prefix('°') == Some(unit.as_str()) =>
            {
                let meant = format!("{number}{other}");
                return finding.help(format!("did you mean `{meant}`?")).fix(Fix::replace(
                    format!("write `{meant}`"),
                    one.span,
                    meant,
                ));
            }
            (_, Type::Runs, _) => {
                return finding.help("take `total(…)` of the runs for their length, `count(…)` for their number");
            }
            (_, Type::Occurrences, _) => {
                return finding.help("name a part of the signal, such as `requests.total`, or take `count(…)` of it");
            }
            (_, Type::Points, Type::Ratio) => {
                return finding
                    .help("percentage points (`pp`) are differences between percentages; a share is written with `%`");
            }
            _ => {}
        }
    }
    match (&left.ty, &right.ty) {
        (Type::Money(one), Type::Money(other)) if one != other => {
            finding.help("an agreement has no exchange rate; write both amounts in one currency")
        }
        _ => finding,
    }
}
