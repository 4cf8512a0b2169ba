//! Conditions as clauses: what holds, in words.

use super::expression::{expr, milestone, periods_counted};
use super::family::{any_of, of_each};
use super::names::quoted;
use super::time::consecutive;
use super::whole::{is_all, is_part};
use super::{label, lowered, plain, value};
use crate::calculus::{
    Attribute, Binary, CaseReading, Expr, ExprKind, Function, Grain, Part, Reading, Slice, Subject, Unary, Value,
};
use crate::model::{Commitment, Condition, Head, Member, Model, SignalKind};

/// When something applies, as it stands after `if`: `the number of requests received is at least 10,000`. A condition
/// that people judge is in the author's words.
pub fn condition(model: &Model, condition: &Condition) -> String {
    match condition {
        Condition::Measured(expr) => clause(model, expr),
        Condition::Judged(words) => lowered(model, &words.value).trim_end_matches('.').to_owned(),
    }
}

/// A comparison in words, as it stands after `is`.
pub fn relation(comparison: Binary) -> &'static str {
    match comparison {
        Binary::AtLeast => "at least",
        Binary::Greater => "above",
        Binary::AtMost => "at most",
        Binary::Less => "below",
        Binary::Equal => "exactly",
        Binary::NotEqual => "other than",
        _ => "",
    }
}

/// A condition as a clause with subject and verb.
pub fn clause(model: &Model, expr: &Expr) -> String {
    clause_within(model, expr, None)
}

/// The same within slices of time, which are called `slice`, such as `of the interval`: whether a state holds in one is a
/// question of all its moments, and said as such.
pub(super) fn clause_within(model: &Model, expr: &Expr, slice: Option<&str>) -> String {
    match &expr.kind {
        ExprKind::Reading(Reading { signal, part: Part::State, .. }) if slice.is_some() => {
            state_within(model, signal, true, slice.unwrap_or_default())
        }
        ExprKind::Literal(Value::Boolean(true)) => "this is always the case".to_owned(),
        ExprKind::Literal(Value::Boolean(false)) => "this is never the case".to_owned(),
        ExprKind::Reading(reading) => holds(model, reading, true),
        ExprKind::Metric(_) | ExprKind::Constant(_) => format!("{} holds", self::expr(model, expr)),
        ExprKind::Attribute { of, attribute } => {
            of_each(model, &[expr]).unwrap_or_else(|| attribute_of(model, of, *attribute, true, &label))
        }
        ExprKind::Unary { op: Unary::Not, operand } => negated(model, operand, slice),
        ExprKind::Binary { op: Binary::Or, .. } => any_of(model, expr, |one| part(model, one, Binary::Or, slice)),
        ExprKind::Binary { op, left, right } => binary(model, *op, left, right, slice),
        ExprKind::If { condition, then, otherwise } => format!(
            "either {} and {}, or otherwise {}",
            part(model, condition, Binary::And, slice),
            part(model, then, Binary::And, slice),
            clause_within(model, otherwise, slice)
        ),
        ExprKind::Apply { function, arguments, slice: key, .. } => {
            applied(model, expr, *function, arguments, key.as_ref(), slice)
        }
        _ => format!("{} holds", self::expr(model, expr)),
    }
}

/// The opposite of a condition, so that it is plain how far the negation reaches.
fn negated(model: &Model, expr: &Expr, slice: Option<&str>) -> String {
    match &expr.kind {
        ExprKind::Reading(Reading { signal, part: Part::State, .. }) if slice.is_some() => {
            state_within(model, signal, false, slice.unwrap_or_default())
        }
        ExprKind::Reading(reading) => holds(model, reading, false),
        ExprKind::Attribute { of, attribute } => attribute_of(model, of, *attribute, false, &label),
        ExprKind::Unary { op: Unary::Not, operand } => clause_within(model, operand, slice),
        ExprKind::Binary { op, left, right } => match opposite(*op) {
            Some(op) => comparison(model, op, left, right, slice),
            None => format!("it is not the case that ({})", clause_within(model, expr, slice)),
        },
        _ => format!("it is not the case that ({})", clause_within(model, expr, slice)),
    }
}

/// The comparison that holds where this one does not.
fn opposite(comparison: Binary) -> Option<Binary> {
    Some(match comparison {
        Binary::AtLeast => Binary::Less,
        Binary::Less => Binary::AtLeast,
        Binary::AtMost => Binary::Greater,
        Binary::Greater => Binary::AtMost,
        Binary::Equal => Binary::NotEqual,
        Binary::NotEqual => Binary::Equal,
        _ => return None,
    })
}

fn binary(model: &Model, op: Binary, left: &Expr, right: &Expr, slice: Option<&str>) -> String {
    match op {
        Binary::And => format!("{} and {}", part(model, left, op, slice), part(model, right, op, slice)),
        Binary::In => format!("{} is {}", subject(model, left), options(model, left, right)),
        _ => comparison(model, op, left, right, slice),
    }
}

/// One side of `and` or `or`: in parentheses where the other of the two joins it, or a choice would run on.
fn part(model: &Model, side: &Expr, like: Binary, slice: Option<&str>) -> String {
    match &side.kind {
        ExprKind::Binary { op: op @ (Binary::And | Binary::Or), .. } if *op != like => {
            format!("({})", clause_within(model, side, slice))
        }
        ExprKind::If { .. } => format!("({})", clause_within(model, side, slice)),
        _ => clause_within(model, side, slice),
    }
}

fn comparison(model: &Model, op: Binary, left: &Expr, right: &Expr, slice: Option<&str>) -> String {
    if let Some(words) = streak(model, op, left, right).or_else(|| counted(model, op, left, right)) {
        return words;
    }
    match (&right.kind, op) {
        (ExprKind::Literal(Value::Boolean(yes)), Binary::Equal | Binary::NotEqual) => {
            if *yes == (op == Binary::Equal) {
                return clause_within(model, left, slice);
            }
            return negated(model, left, slice);
        }
        (ExprKind::Literal(Value::Text(text)), Binary::Equal) => {
            return format!("{} is {}", subject(model, left), option(model, left, text));
        }
        (ExprKind::Literal(Value::Text(text)), Binary::NotEqual) => {
            return format!("{} is not {}", subject(model, left), option(model, left, text));
        }
        _ => {}
    }
    let subject = subject(model, left);
    if let (Binary::AtLeast, ExprKind::Literal(whole)) = (op, &right.kind)
        && is_all(whole)
        && is_part(model, left)
    {
        return format!("{subject} is 100%");
    }
    let verb = if subject.starts_with("the uninterrupted") { "are" } else { "is" };
    format!("{subject} {verb} {} {}", relation(op), expr(model, right))
}

/// What a comparison is about. A detail is that of the one case that is looked at.
fn subject(model: &Model, left: &Expr) -> String {
    if let ExprKind::Reading(Reading { signal, part: Part::Field(name), .. }) = &left.kind
        && let Some(signal) = model.signals.get(signal).filter(|signal| signal.kind == SignalKind::Cases)
        && signal.fields.iter().any(|field| field.head.name == *name && field.head.title.is_none())
    {
        return format!("the {} of the case", plain(&name.replace('_', " ")));
    }
    expr(model, left)
}

/// `streak(c) >= 3` as a sentence of its own.
fn streak(model: &Model, op: Binary, left: &Expr, right: &Expr) -> Option<String> {
    let ExprKind::Apply { function: Function::Streak, arguments, .. } = &left.kind else { return None };
    let ExprKind::Literal(count) = &right.kind else { return None };
    let condition = clause(model, arguments.first()?);
    Some(match (op, value(count).as_str()) {
        (Binary::AtLeast, "1") => format!("{condition} in the measurement period that is judged"),
        (_, "1") => {
            format!(
                "{condition} in {} 1 measurement period in a row up to and including the one that is judged",
                how_many(op)
            )
        }
        (_, count) => format!(
            "{condition} in {} {count} consecutive measurement periods up to and including the one that is judged",
            how_many(op)
        ),
    })
}

/// `count(c over last 6 windows) >= 3` as a sentence of its own.
fn counted(model: &Model, op: Binary, left: &Expr, right: &Expr) -> Option<String> {
    let (condition, window) = left.windows_counted()?;
    let ExprKind::Literal(count) = &right.kind else { return None };
    let (condition, periods) = (clause(model, condition), periods_counted(window));
    Some(format!("{condition} in {} {} of {periods}", how_many(op), value(count)))
}

/// How a number of things compares.
fn how_many(op: Binary) -> &'static str {
    match op {
        Binary::Greater => "more than",
        Binary::Less => "fewer than",
        other => relation(other),
    }
}

/// A list of options, by their titles where they are priorities.
fn options(model: &Model, left: &Expr, right: &Expr) -> String {
    let ExprKind::List(items) = &right.kind else { return expr(model, right) };
    let words = items.iter().map(|item| match &item.kind {
        ExprKind::Literal(Value::Text(text)) => option(model, left, text),
        _ => expr(model, item),
    });
    super::listed(&words.collect::<Vec<_>>(), "or")
}

/// The title of a priority or of an option of a dimension, or the text itself.
fn option(model: &Model, left: &Expr, text: &str) -> String {
    match &left.kind {
        ExprKind::CasePriority => quoted(&priority_title(model, text)),
        ExprKind::Reading(Reading { signal, part: Part::Field(name), .. }) => {
            let field = model.signals.get(signal).and_then(|one| one.fields.iter().find(|one| one.head.name == *name));
            quoted(&field.map_or_else(|| plain(text), |field| option_title(model, field, text)))
        }
        _ => quoted(text),
    }
}

/// What people call an option of a field: its title in the dimension whose options the field has.
pub fn option_title(model: &Model, field: &Member, option: &str) -> String {
    let dimension = field.dimension.as_ref().and_then(|name| model.dimensions.get(name));
    let titled = dimension.and_then(|one| one.options.iter().chain(&one.left_out).find(|head| head.name == option));
    titled.map_or_else(|| plain(option), label)
}

/// The title of the first priority of this name.
pub(super) fn priority_title(model: &Model, name: &str) -> String {
    let found = model.supports.iter().find_map(|support| support.priority(name));
    found.map_or_else(|| plain(name), |priority| label(&priority.head))
}

/// A reading that is true or false.
fn holds(model: &Model, reading: &Reading, yes: bool) -> String {
    let not = if yes { "" } else { " not" };
    let signal = model.signals.get(&reading.signal);
    match &reading.part {
        Part::State => format!("{} is{not} up", state(model, &reading.signal)),
        Part::Milestone { name, reading: CaseReading::InTime } => {
            let name = milestone(model, reading, name);
            let never = if yes { "" } else { "not " };
            format!("the milestone {} is {never}reached in time", quoted(&name))
        }
        Part::Field(name) => {
            let member = signal.and_then(|signal| signal.fields.iter().find(|field| field.head.name == *name));
            let title = member.map_or_else(|| name.replace('_', " "), |field| label(&field.head));
            format!("{} is {}", quoted(&title), if yes { "yes" } else { "no" })
        }
        Part::Span(name) => {
            let member = signal.and_then(|signal| signal.spans.iter().find(|span| span.head.name == *name));
            let title = member.map_or_else(|| name.replace('_', " "), |span| label(&span.head));
            format!("the case is{not} in {}", quoted(&title))
        }
        _ => {
            let noun = expr(
                model,
                &Expr {
                    kind: ExprKind::Reading(reading.clone()),
                    ..Expr::poison(crate::source::Span::new(model.file, 0, 0))
                },
            );
            format!("{noun} does{} hold", if yes { "" } else { " not" })
        }
    }
}

/// What is asked of a commitment or a priority, which is called by its head.
pub(super) fn attribute_of(
    model: &Model,
    of: &Subject,
    attribute: Attribute,
    yes: bool,
    called: &dyn Fn(&Head) -> String,
) -> String {
    let name = match of {
        Subject::Commitment(name) => {
            let found = model.commitments.get(name);
            format!("the service level {}", quoted(&found.map_or_else(|| name.clone(), |found| called(&found.head))))
        }
        Subject::Priority { support, priority } => {
            let desk = model.supports.get(support);
            let found = desk.and_then(|support| support.priority(priority));
            // Two desks may have priorities of one title.
            let of = match desk.filter(|_| model.supports.len() > 1) {
                Some(desk) => format!(" of the {}", quoted(&called(&desk.head))),
                None => String::new(),
            };
            format!(
                "{} case of priority {}{of}",
                if yes { "a" } else { "no" },
                quoted(&found.map_or_else(|| priority.clone(), |found| label(&found.head)))
            )
        }
    };
    let rolling = match of {
        Subject::Commitment(name) => model.commitments.get(name).and_then(Commitment::rolls).map(consecutive),
        Subject::Priority { .. } => None,
    };
    let not = if yes { "" } else { " not" };
    match attribute {
        Attribute::Failing => format!("{name} is{not} being missed"),
        Attribute::AtRisk => format!("{name} is{not} at risk"),
        Attribute::Breached if rolling.is_some() => {
            format!("{name} is{not} missed over the {} up to that moment", rolling.unwrap_or_default())
        }
        Attribute::Breached if yes => format!("{name} can no longer be met in the current measurement period"),
        Attribute::Breached => format!("{name} can still be met in the current measurement period"),
        Attribute::Open => format!("{name} is open"),
        Attribute::Late => format!("{name} is past a deadline"),
    }
}

/// Whether a state holds in a slice of time: it does if it holds throughout it.
fn state_within(model: &Model, signal: &str, yes: bool, slice: &str) -> String {
    let state = state(model, signal);
    if yes {
        format!("{state} is up at every moment {slice}")
    } else {
        format!("{state} is down at some moment {slice}")
    }
}

/// A state by its title.
fn state(model: &Model, signal: &str) -> String {
    let found = model.signals.get(signal);
    let title = found.map_or_else(|| signal.replace('_', " "), |signal| label(&signal.head));
    format!("the state {}", quoted(&title))
}

/// What holds for every, for at least one, or for no value of a field. Within a slice of time, that a state is up for at least
/// one has to be so at every moment, and that it is up for none is the opposite.
fn applied(
    model: &Model,
    whole: &Expr,
    function: Function,
    arguments: &[Expr],
    key: Option<&Slice>,
    slice: Option<&str>,
) -> String {
    let key = match key {
        Some(Slice::Key(key)) => plain(&key.replace('_', " ")),
        _ => "moment".to_owned(),
    };
    let Some(argument) = arguments.first() else {
        return format!("{} holds", expr(model, whole));
    };
    let inner = clause(model, argument);
    match (function, slice.filter(|_| argument.grain == Grain::Moment)) {
        (Function::All, Some(slice)) => format!("at every moment {slice}, for every {key} {inner}"),
        (Function::Any, Some(slice)) => format!("at every moment {slice}, for at least one {key} {inner}"),
        (Function::None, Some(slice)) => format!("at some moment {slice}, for no {key} {inner}"),
        (Function::All, None) => format!("for every {key} {inner}"),
        (Function::Any, None) => format!("for at least one {key} {inner}"),
        (Function::None, None) => format!("for no {key} {inner}"),
        _ => format!("{} holds", expr(model, whole)),
    }
}
