use super::{Function, Grain, Type, Value};
use crate::source::Span;
use crate::values::{Duration, Window};

/// An expression with its type, the grain at which it is read, and its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// What its values are.
    pub ty: Type,
    /// At what it is read.
    pub grain: Grain,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is. Names are those of declarations: the model resolves them before it builds an expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A value that stands in the file.
    Literal(Value),
    /// Something that a signal measures.
    Reading(Reading),
    /// The value of a metric.
    Metric(String),
    /// The value of a constant.
    Constant(String),
    /// The amount of a fee.
    Fee(String),
    /// The amount that the provider invoices, known with the invoice.
    Invoiced,
    /// The bound of the commitment's only target.
    Target,
    /// What the commitment's only target attained.
    Attained,
    /// The length of the window, without excluded time.
    WindowLength,
    /// The length of the window, excluded time included.
    WholeWindow,
    /// The length of a run, within `runs(…) where …`.
    RunLength,
    /// The priority of a case.
    CasePriority,
    /// How a commitment or the cases of a priority stand now.
    Attribute {
        /// Of what.
        of: Subject,
        /// Which.
        attribute: Attribute,
    },
    /// An operator with one operand.
    Unary {
        /// The operator.
        op: Unary,
        /// Its operand.
        operand: Box<Expr>,
    },
    /// An operator with two operands.
    Binary {
        /// The operator.
        op: Binary,
        /// The operand on its left.
        left: Box<Expr>,
        /// The operand on its right.
        right: Box<Expr>,
    },
    /// One of two values, by a condition.
    If {
        /// The condition.
        condition: Box<Expr>,
        /// The value if it holds.
        then: Box<Expr>,
        /// The value if not.
        otherwise: Box<Expr>,
    },
    /// A function with what it is applied to.
    Apply {
        /// The function.
        function: Function,
        /// Its arguments.
        arguments: Vec<Expr>,
        /// `per`: for each of what.
        slice: Option<Slice>,
        /// `where`: which of them.
        filter: Option<Box<Expr>>,
        /// `over`: in which window, if not that of the commitment.
        over: Option<Window>,
    },
    /// Several values.
    List(Vec<Expr>),
    /// What could not be understood; an error has been told.
    Poison,
}

/// One thing that a signal measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The signal's name.
    pub signal: String,
    /// Which of its parts.
    pub part: Part,
}

/// A part of a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All its occurrences: events, cases, scores.
    Occurrences,
    /// A named count of events.
    Count(String),
    /// A named value of each event or sample.
    Value(String),
    /// A named field.
    Field(String),
    /// The value of a sample without a name of its own.
    Sample,
    /// The state: up or down.
    State,
    /// The score.
    Score,
    /// A milestone of a case.
    Milestone {
        /// The milestone's name.
        name: String,
        /// What is read of it.
        reading: CaseReading,
    },
    /// A span of a case, such as waiting for the customer.
    Span(String),
}

/// What is read of a case's milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseReading {
    /// The time on the clock from the opening to it.
    After,
    /// Whether it came before its deadline or exactly on it.
    InTime,
}

/// What an attribute is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A commitment, by name.
    Commitment(String),
    /// A priority of a support.
    Priority {
        /// The support's name.
        support: String,
        /// The priority's name.
        priority: String,
    },
}

/// How something stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// The last complete slice, or the last five minutes, misses the target.
    Failing,
    /// The best that is still possible in the window is below the warning margin.
    AtRisk,
    /// Even the best that is still possible misses the target.
    Breached,
    /// There is an open case of the priority.
    Open,
    /// A case of the priority is past its deadline.
    Late,
}

impl Attribute {
    /// Every attribute.
    pub const ALL: [Attribute; 5] =
        [Attribute::Failing, Attribute::AtRisk, Attribute::Breached, Attribute::Open, Attribute::Late];

    /// The word for it in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Attribute::Failing => "failing",
            Attribute::AtRisk => "at_risk",
            Attribute::Breached => "breached",
            Attribute::Open => "open",
            Attribute::Late => "late",
        }
    }
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// Not.
    Not,
    /// The negative.
    Negate,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// Both hold.
    And,
    /// At least one holds.
    Or,
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Less than.
    Less,
    /// Less than or equal to.
    AtMost,
    /// Greater than.
    Greater,
    /// Greater than or equal to.
    AtLeast,
    /// One of a list.
    In,
    /// The sum.
    Add,
    /// The difference.
    Subtract,
    /// The product.
    Multiply,
    /// The quotient.
    Divide,
    /// A percentage of something.
    Of,
}

impl Binary {
    /// As it is written in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Binary::And => "and",
            Binary::Or => "or",
            Binary::Equal => "=",
            Binary::NotEqual => "!=",
            Binary::Less => "<",
            Binary::AtMost => "<=",
            Binary::Greater => ">",
            Binary::AtLeast => ">=",
            Binary::In => "in",
            Binary::Add => "+",
            Binary::Subtract => "-",
            Binary::Multiply => "*",
            Binary::Divide => "/",
            Binary::Of => "of",
        }
    }

    /// The operator that means the same with its operands exchanged: `>=` for `<=`.
    #[must_use]
    pub fn turned(self) -> Binary {
        match self {
            Binary::Less => Binary::Greater,
            Binary::AtMost => Binary::AtLeast,
            Binary::Greater => Binary::Less,
            Binary::AtLeast => Binary::AtMost,
            other => other,
        }
    }

    /// Whether it compares two values.
    pub fn is_comparison(self) -> bool {
        use Binary::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
        matches!(self, Equal | NotEqual | Less | AtMost | Greater | AtLeast)
    }
}

/// What `per` divides a measurement by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slice {
    /// Elapsed time from the window's start.
    Elapsed(Duration),
    /// A calendar window, such as a calendar day.
    Window(Window),
    /// Each value of a field of the signal.
    Key(String),
}

impl Expr {
    /// The expression that stands for what could not be understood.
    pub fn poison(span: Span) -> Expr {
        Expr { kind: ExprKind::Poison, ty: Type::Poison, grain: Grain::Constant, span }
    }

    /// A value that stands in the file.
    pub fn literal(value: Value, span: Span) -> Expr {
        Expr { ty: value.ty(), kind: ExprKind::Literal(value), grain: Grain::Constant, span }
    }

    /// Its direct parts.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Unary { operand, .. } => vec![operand],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
            ExprKind::Apply { arguments, filter, .. } => arguments.iter().chain(filter.as_deref()).collect(),
            ExprKind::List(items) => items.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Calls `visit` with it and every part of it, outer ones first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }

    /// Its direct parts, to be changed.
    fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            ExprKind::Unary { operand, .. } => vec![operand],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
            ExprKind::Apply { arguments, filter, .. } => arguments.iter_mut().chain(filter.as_deref_mut()).collect(),
            ExprKind::List(items) => items.iter_mut().collect(),
            _ => Vec::new(),
        }
    }

    /// The same with something else in place of each outermost part for which `other` has it.
    #[must_use]
    pub fn with(mut self, other: &impl Fn(&Expr) -> Option<Expr>) -> Expr {
        if let Some(other) = other(&self) {
            return other;
        }
        for part in self.parts_mut() {
            *part = std::mem::replace(part, Expr::poison(part.span)).with(other);
        }
        self
    }

    /// The condition and the window, where it counts windows of the promise: `count(uptime < 99% over last 6 windows)`.
    pub fn windows_counted(&self) -> Option<(&Expr, &Window)> {
        match &self.kind {
            ExprKind::Apply { function: Function::Count, arguments, slice: None, over: Some(over), .. } => {
                let of_windows = |first: &&Expr| first.ty == Type::Boolean && first.grain == Grain::Interval;
                arguments.first().filter(of_windows).map(|condition| (condition, over))
            }
            _ => None,
        }
    }

    /// The fees, where it is the sum of fees over the options of an open dimension.
    pub fn fees_summed(&self) -> Option<Vec<&str>> {
        let ExprKind::Apply { function: Function::Sum, arguments, .. } = &self.kind else { return None };
        let mut fees = Vec::new();
        for argument in arguments {
            let ExprKind::Fee(name) = &argument.kind else { return None };
            fees.push(name.as_str());
        }
        Some(fees)
    }

    /// The fee and what stands for it where there is none, where it is the amount of a fee for the period before:
    /// `previous(monthly_fee, 0.00 EUR)`.
    pub fn fee_before(&self) -> Option<(&str, &Expr)> {
        let ExprKind::Apply { function: Function::Previous, arguments, .. } = &self.kind else { return None };
        match arguments.as_slice() {
            [Expr { kind: ExprKind::Fee(name), .. }, initial] => Some((name, initial)),
            _ => None,
        }
    }

    /// Whether it could not be understood as a whole.
    pub fn is_poison(&self) -> bool {
        self.ty == Type::Poison
    }
}
