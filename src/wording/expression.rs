//! Expressions as nouns: what is computed, in words.

use super::clause::clause_within;
use super::names::{is_plural, quoted};
use super::operands::{chain, first_of, operand_of, without_one};
use super::time::intervals;
use super::{clause, lowered, metric, plain, signal, value, window_name};
use crate::calculus::{Binary, CaseReading, Expr, ExprKind, Function, Grain, Part, Reading, Slice, Unary, Value};
use crate::model::{Declared, Head, Member, Metric, Model, SignalKind};
use crate::values::{Exact, Window};

/// A metric's definition in words: `100% minus the mean of the error rate over the 5-minute intervals of the
/// measurement period`.
pub fn definition(model: &Model, metric: &Metric) -> String {
    expr(model, &metric.value)
}

/// What an expression computes, as a noun with its article.
pub fn expr(model: &Model, expr: &Expr) -> String {
    let expr = without_one(expr);
    match &expr.kind {
        ExprKind::Literal(literal) => value(literal),
        ExprKind::Reading(reading) => noun_of(model, reading),
        ExprKind::Metric(name) => metric(model, name),
        ExprKind::Constant(name) => titled(model, model.constants.get(name).map(Declared::head), name),
        ExprKind::Fee(name) => titled(model, model.fees.get(name).map(Declared::head), name),
        ExprKind::Invoiced => "the amount invoiced".to_owned(),
        ExprKind::Target => "the target".to_owned(),
        ExprKind::Attained => "the attained value".to_owned(),
        ExprKind::WindowLength => "the length of the measurement period".to_owned(),
        ExprKind::WholeWindow => "the whole length of the measurement period".to_owned(),
        ExprKind::RunLength => "its length".to_owned(),
        ExprKind::CasePriority => "its priority".to_owned(),
        ExprKind::Attribute { .. } | ExprKind::Unary { op: Unary::Not, .. } => {
            format!("whether {}", clause(model, expr))
        }
        ExprKind::Unary { op: Unary::Negate, operand } => format!("minus {}", operand_of(model, operand)),
        ExprKind::Binary { op, left, right } => binary(model, expr, *op, left, right),
        ExprKind::If { condition, then, otherwise } => format!(
            "{} if {}, and otherwise {}",
            chain(model, then, Binary::Of),
            clause(model, condition),
            match otherwise.kind {
                // A chain of conditions is read from its beginning.
                ExprKind::If { .. } => self::expr(model, otherwise),
                _ => chain(model, otherwise, Binary::Of),
            }
        ),
        ExprKind::Apply { function: Function::All | Function::Any | Function::None, .. } => {
            format!("whether {}", clause(model, expr))
        }
        ExprKind::Apply { .. } if expr.fee_before().is_some() => fee_before(model, expr).unwrap_or_default(),
        ExprKind::Apply { .. } if expr.windows_counted().is_some() => windows_counted(model, expr).unwrap_or_default(),
        ExprKind::Apply { function, arguments, slice, filter, over } => {
            let call = Call { model, arguments, slice: slice.as_ref(), filter: filter.as_deref() };
            let words = call.words(*function);
            match over {
                Some(window) => {
                    format!("{words} over the last {}", window_name(window).trim_start_matches("period of "))
                }
                None => words,
            }
        }
        ExprKind::List(items) => {
            super::listed(&items.iter().map(|item| self::expr(model, item)).collect::<Vec<_>>(), "or")
        }
        ExprKind::Poison => "a value that is not stated".to_owned(),
    }
}

/// What is paid for the period before.
fn fee_before(model: &Model, whole: &Expr) -> Option<String> {
    let (name, initial) = whole.fee_before()?;
    let fee = titled(model, model.fees.get(name).map(Declared::head), name);
    let period = model.fee_periods(name).first().map_or_else(|| "period".to_owned(), |per| window_name(per));
    Some(format!(
        "{fee} for the {period} before ({} where that ends before this agreement begins)",
        expr(model, initial)
    ))
}

fn titled(model: &Model, head: Option<&Head>, name: &str) -> String {
    super::titled(model, &head.map_or_else(|| name.replace('_', " "), super::label))
}

fn binary(model: &Model, whole: &Expr, op: Binary, left: &Expr, right: &Expr) -> String {
    let shortfall = |a: &ExprKind, b: &ExprKind| (matches!(a, ExprKind::Target), matches!(b, ExprKind::Attained));
    let (a, b) = (operand_of(model, left), operand_of(model, right));
    let comma = if a.contains(' ') && a.len() > 40 { "," } else { "" };
    match op {
        Binary::Subtract if shortfall(&left.kind, &right.kind) == (true, true) => {
            "the shortfall of the attained value below the target".to_owned()
        }
        Binary::Subtract if shortfall(&right.kind, &left.kind) == (true, true) => {
            "the excess of the attained value over the target".to_owned()
        }
        // A chain of sums or products needs no parentheses on its left.
        Binary::Add => format!("{} plus {b}", first_of(model, left, Binary::Add)),
        Binary::Subtract => format!("{}{comma} minus {b}", first_of(model, left, Binary::Add)),
        Binary::Multiply => match &without_one(left).kind {
            ExprKind::Literal(Value::Number(_)) => format!("{a} times {b}"),
            ExprKind::Literal(Value::Ratio(_)) => format!("{a} of {b}"),
            _ => format!("{}, multiplied by {b}", first_of(model, left, Binary::Multiply)),
        },
        Binary::Divide => {
            let product = matches!(without_one(left).kind, ExprKind::Binary { op: Binary::Multiply | Binary::Of, .. });
            let comma = if product { "," } else { comma };
            format!("{}{comma} divided by {b}", first_of(model, left, Binary::Multiply))
        }
        Binary::Of => format!("{a} of {b}"),
        _ => format!("whether {}", clause(model, whole)),
    }
}

fn member<'a>(members: &'a [Member], name: &str) -> Option<&'a Head> {
    members.iter().map(Declared::head).find(|head| head.name == name)
}

/// What is read of a signal, as a noun.
fn noun_of(model: &Model, reading: &Reading) -> String {
    let found = model.signals.get(&reading.signal);
    let of = signal(model, &reading.signal);
    let head = |members: fn(&crate::model::Signal) -> &Vec<Member>, name: &str| {
        let head = member(members(found?), name)?;
        head.title.as_ref().map(|_| lowered(model, &super::label(head)))
    };
    match &reading.part {
        Part::Occurrences => of,
        Part::Count(name) => match head(|signal| &signal.counts, name) {
            Some(title) if is_plural(&title) => format!("the number of {title}"),
            Some(title) => format!("the number of {of} counted as {}", quoted(&title)),
            None => format!("the number of {of} counted as {}", quoted(name)),
        },
        Part::Value(name) => match head(|signal| &signal.values, name) {
            Some(title) => format!("the {title}"),
            None => format!("the {} of {of}", plain(&name.replace('_', " "))),
        },
        Part::Field(name) => match head(|signal| &signal.fields, name) {
            Some(title) => format!("the {title}"),
            None => format!("the {} of {of}", plain(&name.replace('_', " "))),
        },
        Part::Sample => format!("the {of}"),
        Part::State => {
            format!("the state {}", found.map_or_else(|| of.clone(), |signal| quoted(&super::label(&signal.head))))
        }
        Part::Score => "the score".to_owned(),
        Part::Milestone { name, reading: CaseReading::After } => {
            let (time, start) = clock(model, reading);
            format!("{time} from {start} to {}", quoted(&milestone(model, reading, name)))
        }
        Part::Milestone { name, reading: CaseReading::InTime } => {
            format!("whether {} comes in time", quoted(&milestone(model, reading, name)))
        }
        Part::Span(name) => {
            let title = found.and_then(|signal| member(&signal.spans, name)).map(super::label);
            format!("the time spent in {}", quoted(&title.unwrap_or_else(|| name.replace('_', " "))))
        }
    }
}

/// The time of a case, and what it is counted from, its first milestone. Only the cases of a support have a clock.
fn clock(model: &Model, reading: &Reading) -> (&'static str, String) {
    let mut clocked = model.supports.iter().filter_map(|support| support.cases.as_ref());
    let time = if clocked.any(|cases| cases.value == reading.signal) { "the time on the clock" } else { "the time" };
    let first = model.signals.get(&reading.signal).and_then(|signal| signal.milestones.first());
    let start = match first.map(Declared::head) {
        Some(head) if head.name != "opened" => quoted(&super::label(head)),
        _ => "the opening".to_owned(),
    };
    (time, start)
}

/// A milestone's title, or its name in words.
pub(super) fn milestone(model: &Model, reading: &Reading, name: &str) -> String {
    let signal = model.signals.get(&reading.signal);
    let head = signal.and_then(|signal| member(&signal.milestones, name));
    head.map_or_else(|| plain(&name.replace('_', " ")), super::label)
}

const OF_WINDOW: &str = "of the measurement period";

/// A function with what it is applied to.
struct Call<'a> {
    model: &'a Model,
    arguments: &'a [Expr],
    slice: Option<&'a Slice>,
    filter: Option<&'a Expr>,
}

impl Call<'_> {
    fn words(&self, function: Function) -> String {
        let first = self.noun(0);
        let words = match function {
            Function::Mean => format!("the mean of {}{}", self.each(&self.operand()), self.across()),
            Function::Sum if self.arguments.len() > 1 => {
                let all: Vec<String> =
                    self.arguments.iter().map(|argument| chain(self.model, argument, Binary::Of)).collect();
                format!("the sum of {}", super::listed(&all, "and"))
            }
            Function::Sum => format!("the sum of {}{}", self.operand(), self.across()),
            Function::Min => self.extreme("lower", "lowest"),
            Function::Max => self.extreme("higher", "highest"),
            Function::P50 | Function::P90 | Function::P95 | Function::P99 => {
                let rank = function.as_str().trim_start_matches('p').to_owned();
                format!("the {rank}th percentile, by nearest rank, of {}{}", self.each(&self.operand()), self.across())
            }
            Function::Share => self.share(),
            Function::Count => self.count(),
            Function::Runs => {
                let within = if self.slice.is_some() { "in which" } else { "during which" };
                format!("the uninterrupted stretches of {} {within} {}", self.slices(), self.condition())
            }
            Function::Joined => format!(
                "{first}, stretches with at most {} between them taken as one, without the time between them",
                self.noun(1)
            ),
            Function::Total => return format!("the total length of {first}"),
            // These are conditions, and said as such before this is asked.
            Function::All | Function::Any | Function::None => first,
            Function::Streak => format!(
                "the number of consecutive measurement periods, up to and including the one that is judged, in which {}",
                self.condition()
            ),
            Function::Previous => format!(
                "{first} in the measurement period before (the last one that was measured and to which the service level applied; {} if there is none)",
                self.noun(1)
            ),
            Function::Started => self.steps("started"),
            Function::Completed => self.steps("complete"),
        };
        match self.filter {
            Some(filter) if function == Function::Runs => format!("{words}, where {}", run_filter(self.model, filter)),
            Some(filter) => format!("{words}, only where {}", clause(self.model, filter)),
            None => words,
        }
    }

    fn noun(&self, index: usize) -> String {
        self.arguments.get(index).map_or_else(String::new, |argument| expr(self.model, argument))
    }

    /// What is taken for each slice or occurrence: in parentheses where it is itself computed.
    fn operand(&self) -> String {
        self.in_slice(self.arguments.first().map_or_else(String::new, |argument| operand_of(self.model, argument)))
    }

    fn condition(&self) -> String {
        let slice = self.of_slice();
        let words = |argument: &Expr| clause_within(self.model, argument, slice.as_deref());
        self.in_slice(self.arguments.first().map_or_else(String::new, words))
    }

    /// What each slice of time is called, as it stands after what is taken of it.
    fn of_slice(&self) -> Option<String> {
        match self.slice? {
            Slice::Elapsed(_) => Some("of the interval".to_owned()),
            Slice::Window(window) => Some(format!("of the {}", window_name(window))),
            Slice::Key(_) => None,
        }
    }

    /// What is taken of all that occurs within a slice is of the slice.
    fn in_slice(&self, words: String) -> String {
        match self.of_slice() {
            Some(of_slice) => words.replace(OF_WINDOW, &of_slice),
            None => words,
        }
    }

    /// One of several values, which are numbered so that none is taken for a part of another; or of the values of one.
    fn extreme(&self, of_two: &str, of_more: &str) -> String {
        let numbers = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
        let number = |index: usize| numbers.get(index).map_or_else(|| (index + 1).to_string(), ToString::to_string);
        let all = self.arguments.iter().enumerate();
        let all: Vec<String> = all
            .map(|(index, argument)| format!("({}) {}", number(index), chain(self.model, argument, Binary::Of)))
            .collect();
        match all.len() {
            0 | 1 => format!("the {of_more} value of {}{}", self.operand(), self.across()),
            2 => format!("the {of_two} of {}{}", super::listed(&all, "and"), self.across()),
            _ => format!("the {of_more} of {}{}", super::listed(&all, "and"), self.across()),
        }
    }

    /// The signal that the arguments read.
    fn source(&self) -> Option<String> {
        let mut found = None;
        for argument in self.arguments {
            argument.walk(&mut |part| {
                if let (None, ExprKind::Reading(reading)) = (&found, &part.kind) {
                    found = Some(reading.signal.clone());
                }
            });
        }
        found
    }

    fn grain(&self) -> Grain {
        self.arguments.iter().map(|argument| argument.grain).max().unwrap_or(Grain::Constant)
    }

    /// What a mean or percentile is taken of, with the occurrences where it is of events.
    fn each(&self, noun: &str) -> String {
        match (self.slice, self.grain(), self.source()) {
            (None, Grain::Event | Grain::Case, Some(source)) => {
                format!("{noun} of all {} {OF_WINDOW}{}", signal(self.model, &source), self.with_values())
            }
            (None, Grain::Sample, Some(_)) => format!("{noun} over all readings {OF_WINDOW}"),
            (None, Grain::Score, Some(_)) => format!("{noun} over all answers {OF_WINDOW}"),
            _ => noun.to_owned(),
        }
    }

    /// That an event counts only if it has the values that are looked at: a record of events need not have any.
    fn with_values(&self) -> String {
        let mut titles: Vec<String> = Vec::new();
        for argument in self.arguments {
            argument.walk(&mut |part| {
                if let ExprKind::Reading(Reading { signal, part: Part::Value(name), .. }) = &part.kind
                    && let Some(signal) = self.model.signals.get(signal)
                    && signal.kind == SignalKind::Events
                {
                    let title = member(&signal.values, name).map_or_else(|| name.replace('_', " "), super::label);
                    let title = quoted(&title);
                    if !titles.contains(&title) {
                        titles.push(title);
                    }
                }
            });
        }
        match titles.as_slice() {
            [] => String::new(),
            [only] => format!(" that have the measured value {only}"),
            all => format!(" that have the measured values {}", super::listed(all, "and")),
        }
    }

    fn slices(&self) -> String {
        match self.slice {
            Some(Slice::Elapsed(length)) => intervals(length),
            Some(Slice::Window(window)) => format!("{}s", window_name(window)),
            Some(Slice::Key(key)) => format!("values of {}", quoted(&key.replace('_', " "))),
            None => "time".to_owned(),
        }
    }

    fn across(&self) -> String {
        match self.slice {
            Some(_) => format!(" over the {} {OF_WINDOW}", self.slices()),
            None => String::new(),
        }
    }

    fn share(&self) -> String {
        let condition = self.condition();
        if self.slice.is_some() {
            return format!("the share of the {} {OF_WINDOW} in which {condition}", self.slices());
        }
        let source = self.source().map_or_else(|| "cases".to_owned(), |source| signal(self.model, &source));
        match self.grain() {
            Grain::Event | Grain::Case => match self.with_values().as_str() {
                "" => format!("the share of {source} for which {condition}"),
                have => format!("the share, among the {source}{have}, of those for which {condition}"),
            },
            Grain::Sample => format!("the share of readings in which {condition}"),
            Grain::Score => format!("the share of answers in which {condition}"),
            _ => format!("the share of time in which {condition}"),
        }
    }

    fn count(&self) -> String {
        let first = self.noun(0);
        let first = first.strip_prefix("the ").unwrap_or(&first).to_owned();
        let what = match self.arguments.first().map(|argument| (&argument.kind, argument.grain)) {
            Some((ExprKind::Reading(reading), Grain::Score)) => {
                format!("answers to the {}", signal(self.model, &reading.signal))
            }
            Some((ExprKind::Reading(_) | ExprKind::Metric(_) | ExprKind::Apply { .. }, _)) => first,
            _ if self.slice.is_some() => {
                return format!("the number of {} {OF_WINDOW} in which {}", self.slices(), self.condition());
            }
            _ => return format!("the number of times that {}", self.condition()),
        };
        match self.slice {
            Some(Slice::Key(key)) => format!("the number of different values of {} in {what}", quoted(key)),
            _ => format!("the number of {what}{}", self.across()),
        }
    }

    /// `started(x, step)` and `completed(x, step)`: `the number of started hours in the downtime`.
    fn steps(&self, how: &str) -> String {
        let within = match self.arguments.first().map(|of| &of.kind) {
            Some(ExprKind::Binary { op: Binary::Subtract, left, right }) => {
                format!("by which {} exceeds {}", operand_of(self.model, left), operand_of(self.model, right))
            }
            Some(_) => format!("in {}", self.operand()),
            None => "in it".to_owned(),
        };
        let step = self.noun(1);
        let unit = match self.arguments.get(1).map(|step| &step.kind) {
            Some(ExprKind::Literal(Value::Duration(_) | Value::Points(_))) => step.strip_prefix("1 "),
            _ => None,
        };
        match unit {
            Some(unit) if !unit.contains(char::is_numeric) => format!("the number of {how} {unit}s {within}"),
            _ => {
                let length = self.arguments.get(1).map(|step| &step.kind);
                let long = matches!(length, Some(ExprKind::Literal(Value::Duration(step))) if *step.seconds() >= Exact::from_int(60));
                let word = if long { "periods" } else { "steps" };
                format!("the number of {how} {word} of {step} {within}")
            }
        }
    }
}

/// `count(c over last 6 windows)`: how many measurement periods meet a condition.
fn windows_counted(model: &Model, expr: &Expr) -> Option<String> {
    let (condition, window) = expr.windows_counted()?;
    let which = periods_counted(window).replacen("the measurement periods", "measurement periods", 1);
    Some(format!("the number of those in which {} among {which}", clause(model, condition)))
}

/// The measurement periods that are looked at: `the last 6 measurement periods`.
pub(super) fn periods_counted(window: &Window) -> String {
    match window {
        Window::Last { count, of: None } => {
            format!("the last {count} measurement periods up to and including the one that is judged")
        }
        Window::Term => "the measurement periods of the term so far".to_owned(),
        Window::Periodic { .. } => format!("the measurement periods that ended in the {}", window_name(window)),
        _ => format!(
            "the measurement periods that ended in the last {}",
            window_name(window).trim_start_matches("period of ")
        ),
    }
}

/// The condition on a run: its length is its own.
fn run_filter(model: &Model, filter: &Expr) -> String {
    clause(model, filter).replace("its length is", "the length of a stretch is")
}
