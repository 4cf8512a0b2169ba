//! Expressions on one line, in a canonical form: the same meaning is written the same way, whatever blanks, brackets and
//! trailing zeros the file has. Stable ids and the names of inputs are made of it.

use super::{CaseReading, Expr, ExprKind, Function, Part, Reading, Slice, Subject, Unary};
use std::fmt;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&name(self))
    }
}

impl fmt::Display for Reading {
    /// As a path of names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match part(&self.part) {
            Some(part) => write!(f, "{}.{part}", self.signal),
            None => f.write_str(&self.signal),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&subject(self))
    }
}

fn name(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal(value) => value.to_string(),
        ExprKind::Reading(reading) => reading.to_string(),
        ExprKind::Metric(name) | ExprKind::Constant(name) | ExprKind::Fee(name) => name.clone(),
        ExprKind::Invoiced => "invoiced".to_owned(),
        ExprKind::Target => "target".to_owned(),
        ExprKind::Attained => "attained".to_owned(),
        ExprKind::WindowLength => "window".to_owned(),
        ExprKind::WholeWindow => "window.whole".to_owned(),
        ExprKind::RunLength => "length".to_owned(),
        ExprKind::CasePriority => "priority".to_owned(),
        ExprKind::Attribute { of, attribute } => format!("{}.{}", subject(of), attribute.as_str()),
        ExprKind::Unary { op: Unary::Not, operand } => format!("not {}", inner(operand)),
        ExprKind::Unary { op: Unary::Negate, operand } => format!("-{}", inner(operand)),
        ExprKind::Binary { op, left, right } => format!("{} {} {}", inner(left), op.as_str(), inner(right)),
        ExprKind::If { condition, then, otherwise } => {
            format!("if {} then {} else {}", name(condition), name(then), name(otherwise))
        }
        ExprKind::Apply { function, arguments, slice, filter, over } => {
            let mut within = list(arguments);
            if let Some(slice) = slice {
                within.push_str(&match slice {
                    Slice::Elapsed(duration) => format!(" per {duration}"),
                    Slice::Window(window) => format!(" per {window}"),
                    Slice::Key(field) => format!(" per {field}"),
                });
            }
            // The length of a run is asked for behind the brackets, what is true of an occurrence within them.
            let mut behind = String::new();
            if let Some(filter) = filter {
                let place = if *function == Function::Runs { &mut behind } else { &mut within };
                place.push_str(&format!(" where {}", name(filter)));
            }
            if let Some(over) = over {
                within.push_str(&format!(" over {over}"));
            }
            format!("{}({within}){behind}", function.as_str())
        }
        ExprKind::List(items) => format!("[{}]", list(items)),
        ExprKind::Poison => "unknown".to_owned(),
    }
}

/// What an attribute is of, as a path of names.
fn subject(of: &Subject) -> String {
    match of {
        Subject::Commitment(name) => name.clone(),
        Subject::Priority { support, priority } => format!("{support}.{priority}"),
    }
}

fn list(items: &[Expr]) -> String {
    items.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// A part of an operation, in parentheses if it is one itself.
fn inner(expr: &Expr) -> String {
    match expr.kind {
        ExprKind::Binary { .. } | ExprKind::If { .. } | ExprKind::Unary { .. } => format!("({})", name(expr)),
        _ => name(expr),
    }
}

fn part(part: &Part) -> Option<String> {
    match part {
        Part::Occurrences | Part::Sample | Part::State => None,
        Part::Count(name) | Part::Value(name) | Part::Field(name) | Part::Span(name) => Some(name.clone()),
        Part::Score => Some("score".to_owned()),
        Part::Milestone { name, reading: CaseReading::After } => Some(format!("{name}.after")),
        Part::Milestone { name, reading: CaseReading::InTime } => Some(format!("{name}.in_time")),
    }
}
