//! Expressions of the calculus to nodes of the bundle.

use super::expression::*;
use crate::calculus::{self, ExprKind};

impl From<&calculus::Expr> for Expression {
    fn from(expr: &calculus::Expr) -> Self {
        let typed = Typed { r#type: (&expr.ty).into(), grain: expr.grain.into() };
        let boxed = |part: &calculus::Expr| Box::new(Expression::from(part));
        let named = |op, name: &str, typed| Expression::Named(Named { op, typed, name: name.to_owned() });
        let known = |op, typed| Expression::Known(Known { op, typed });
        match &expr.kind {
            ExprKind::Literal(value) => {
                Expression::Literal(Literal { op: LiteralOp::Literal, typed, value: value.into() })
            }
            ExprKind::Reading(reading) => Expression::Reading(Reading {
                op: ReadingOp::Reading,
                typed,
                signal: reading.signal.clone(),
                part: (&reading.part).into(),
            }),
            ExprKind::Metric(name) => named(NamedOp::Metric, name, typed),
            ExprKind::Constant(name) => named(NamedOp::Constant, name, typed),
            ExprKind::Fee(name) => named(NamedOp::Fee, name, typed),
            ExprKind::Invoiced => known(KnownOp::Invoiced, typed),
            ExprKind::Target => known(KnownOp::Target, typed),
            ExprKind::Attained => known(KnownOp::Attained, typed),
            ExprKind::WindowLength => known(KnownOp::WindowLength, typed),
            ExprKind::WholeWindow => known(KnownOp::WholeWindow, typed),
            ExprKind::RunLength => known(KnownOp::RunLength, typed),
            ExprKind::CasePriority => known(KnownOp::CasePriority, typed),
            ExprKind::Attribute { of, attribute } => Expression::Standing(Standing {
                op: StandingOp::Attribute,
                typed,
                of: of.into(),
                attribute: (*attribute).into(),
            }),
            ExprKind::Unary { op, operand } => {
                Expression::Unary(Unary { op: (*op).into(), typed, operand: boxed(operand) })
            }
            ExprKind::Binary { op, left, right } => {
                Expression::Binary(Binary { op: (*op).into(), typed, left: boxed(left), right: boxed(right) })
            }
            ExprKind::If { condition, then, otherwise } => Expression::Choice(Choice {
                op: ChoiceOp::If,
                typed,
                condition: boxed(condition),
                then: boxed(then),
                otherwise: boxed(otherwise),
            }),
            ExprKind::Apply { function, arguments, slice, filter, over } => Expression::Application(Application {
                op: (*function).into(),
                typed,
                arguments: arguments.iter().map(Into::into).collect(),
                per: slice.as_ref().map(Into::into),
                r#where: filter.as_deref().map(boxed),
                over: over.as_ref().map(Into::into),
            }),
            ExprKind::List(items) => {
                Expression::List(List { op: ListOp::List, typed, items: items.iter().map(Into::into).collect() })
            }
            ExprKind::Poison => Expression::Unknown(Unknown { op: UnknownOp::Unknown }),
        }
    }
}

impl From<&calculus::Part> for Part {
    fn from(part: &calculus::Part) -> Self {
        match part {
            calculus::Part::Occurrences => Part::Occurrences,
            calculus::Part::Count(name) => Part::Count { name: name.clone() },
            calculus::Part::Value(name) => Part::Value { name: name.clone() },
            calculus::Part::Field(name) => Part::Field { name: name.clone() },
            calculus::Part::Sample => Part::Sample,
            calculus::Part::State => Part::State,
            calculus::Part::Score => Part::Score,
            calculus::Part::Milestone { name, reading } => Part::Milestone {
                name: name.clone(),
                reading: match reading {
                    calculus::CaseReading::After => CaseReading::After,
                    calculus::CaseReading::InTime => CaseReading::InTime,
                },
            },
            calculus::Part::Span(name) => Part::Span { name: name.clone() },
        }
    }
}

impl From<&calculus::Subject> for Subject {
    fn from(subject: &calculus::Subject) -> Self {
        match subject {
            calculus::Subject::Commitment(name) => Subject::Commitment { name: name.clone() },
            calculus::Subject::Priority { support, priority } => {
                Subject::Priority { support: support.clone(), name: priority.clone() }
            }
        }
    }
}

impl From<&calculus::Slice> for Slice {
    fn from(slice: &calculus::Slice) -> Self {
        match slice {
            calculus::Slice::Elapsed(duration) => Slice::Elapsed { amount: duration.into() },
            calculus::Slice::Window(window) => Slice::Window { window: window.into() },
            calculus::Slice::Key(field) => Slice::Key { field: field.clone() },
        }
    }
}

impl From<calculus::Unary> for UnaryOp {
    fn from(op: calculus::Unary) -> Self {
        match op {
            calculus::Unary::Not => UnaryOp::Not,
            calculus::Unary::Negate => UnaryOp::Negate,
        }
    }
}

impl From<calculus::Binary> for BinaryOp {
    fn from(op: calculus::Binary) -> Self {
        match op {
            calculus::Binary::And => BinaryOp::And,
            calculus::Binary::Or => BinaryOp::Or,
            calculus::Binary::Equal => BinaryOp::Equal,
            calculus::Binary::NotEqual => BinaryOp::NotEqual,
            calculus::Binary::Less => BinaryOp::Less,
            calculus::Binary::AtMost => BinaryOp::AtMost,
            calculus::Binary::Greater => BinaryOp::Greater,
            calculus::Binary::AtLeast => BinaryOp::AtLeast,
            calculus::Binary::In => BinaryOp::In,
            calculus::Binary::Add => BinaryOp::Add,
            calculus::Binary::Subtract => BinaryOp::Subtract,
            calculus::Binary::Multiply => BinaryOp::Multiply,
            calculus::Binary::Divide => BinaryOp::Divide,
            calculus::Binary::Of => BinaryOp::Of,
        }
    }
}
