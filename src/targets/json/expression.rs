//! Expressions as trees. The member `op` of a node says what it is; every node carries its type and its grain.

use schemars::JsonSchema;
use serde::Serialize;

use super::value::{Amount, TypeOf, Value, Window};
use super::words::{Attribute, Function, Grain};

/// A node of an expression; `op` tells which.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Expression {
    /// A value that stands in the agreement.
    Literal(Literal),
    /// Something that a signal measures.
    Reading(Reading),
    /// A declared metric, constant or fee.
    Named(Named),
    /// A value that the place of the expression makes known.
    Known(Known),
    /// How something stands now.
    Standing(Standing),
    /// An operator with one operand.
    Unary(Unary),
    /// An operator with two operands.
    Binary(Binary),
    /// One of two values.
    Choice(Choice),
    /// A function with what it is applied to.
    Application(Application),
    /// Several values.
    List(List),
    /// What could not be understood; a bundle with it is never written.
    #[schemars(skip)]
    Unknown(Unknown),
}

/// What every node carries.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Typed {
    /// What its values are.
    pub r#type: TypeOf,
    /// At what it is read.
    pub grain: Grain,
}

/// A value that stands in the agreement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Literal {
    /// What the node is.
    pub op: LiteralOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// The value.
    pub value: Value,
}

/// Something that a signal measures.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reading {
    /// What the node is.
    pub op: ReadingOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// The signal's name.
    pub signal: String,
    /// Which part of it.
    pub part: Part,
}

/// A declared metric, constant or fee.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Named {
    /// What the node is.
    pub op: NamedOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// Its name.
    pub name: String,
}

/// A value that the place of the expression makes known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Known {
    /// Which.
    pub op: KnownOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
}

/// How a commitment or the cases of a priority stand now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Standing {
    /// What the node is.
    pub op: StandingOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// Of what.
    pub of: Subject,
    /// Which attribute.
    pub attribute: Attribute,
}

/// An operator with one operand.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unary {
    /// The operator.
    pub op: UnaryOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// Its operand.
    pub operand: Box<Expression>,
}

/// An operator with two operands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Binary {
    /// The operator.
    pub op: BinaryOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// The left operand.
    pub left: Box<Expression>,
    /// The right operand.
    pub right: Box<Expression>,
}

/// One of two values, by a condition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Choice {
    /// What the node is.
    pub op: ChoiceOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// The condition.
    pub condition: Box<Expression>,
    /// The value if it holds.
    pub then: Box<Expression>,
    /// The value if not.
    pub otherwise: Box<Expression>,
}

/// A function with what it is applied to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Application {
    /// The function.
    pub op: Function,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// Its arguments.
    pub arguments: Vec<Expression>,
    /// For each of what; null for the window as a whole, or for each of its moments, occurrences or windows.
    pub per: Option<Slice>,
    /// Which of them; null for all.
    pub r#where: Option<Box<Expression>>,
    /// In which window, which ends with that of the commitment; null for that of the commitment itself.
    pub over: Option<Window>,
}

/// Several values.
#[derive(Debug, Serialize, JsonSchema)]
pub struct List {
    /// What the node is.
    pub op: ListOp,
    /// Type and grain.
    #[serde(flatten)]
    pub typed: Typed,
    /// The values.
    pub items: Vec<Expression>,
}

/// What could not be understood.
#[derive(Debug, Serialize)]
pub struct Unknown {
    /// What the node is.
    pub op: UnknownOp,
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal),* $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
        pub enum $name { $($(#[$about])* #[serde(rename = $word)] $variant),* }
    )* };
}
pub(super) use ops;

ops! {
    /// A literal.
    LiteralOp {
        /// A value that stands in the agreement.
        Literal = "literal",
    }
    /// A reading.
    ReadingOp {
        /// Something that a signal measures.
        Reading = "reading",
    }
    /// What is named.
    NamedOp {
        /// The value of a metric.
        Metric = "metric",
        /// The value of a constant.
        Constant = "constant",
        /// The amount of a fee.
        Fee = "fee",
    }
    /// What is known.
    KnownOp {
        /// What the provider invoices.
        Invoiced = "invoiced",
        /// The bound of the commitment's only target.
        Target = "target",
        /// What the commitment's only target attained.
        Attained = "attained",
        /// The length of the window, without excluded time.
        WindowLength = "window_length",
        /// The length of the window, excluded time included.
        WholeWindow = "whole_window",
        /// The length of a run.
        RunLength = "run_length",
        /// The priority of a case.
        CasePriority = "case_priority",
    }
    /// How something stands.
    StandingOp {
        /// An attribute of a commitment or a priority.
        Attribute = "attribute",
    }
    /// An operator with one operand.
    UnaryOp {
        /// Not.
        Not = "not",
        /// The negative.
        Negate = "negate",
    }
    /// An operator with two operands.
    BinaryOp {
        /// Both hold.
        And = "and",
        /// At least one holds.
        Or = "or",
        /// Equal.
        Equal = "=",
        /// Not equal.
        NotEqual = "!=",
        /// Less than.
        Less = "<",
        /// Less than or equal to.
        AtMost = "<=",
        /// Greater than.
        Greater = ">",
        /// Greater than or equal to.
        AtLeast = ">=",
        /// One of a list.
        In = "in",
        /// The sum.
        Add = "+",
        /// The difference; of two ratios in points.
        Subtract = "-",
        /// The product.
        Multiply = "*",
        /// The quotient.
        Divide = "/",
        /// A part of something: the product.
        Of = "of",
    }
    /// A choice.
    ChoiceOp {
        /// One of two values, by a condition.
        If = "if",
    }
    /// A list.
    ListOp {
        /// Several values.
        List = "list",
    }
    /// What could not be understood.
    UnknownOp {
        /// Nothing.
        Unknown = "unknown",
    }
    /// What is read of a milestone.
    CaseReading {
        /// The time on the clock from the opening to it.
        After = "after",
        /// Whether it came before its deadline or exactly on it.
        InTime = "in_time",
    }
}

/// A part of a signal.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// All its occurrences: events, cases, scores.
    Occurrences,
    /// A named count of events.
    Count {
        /// Its name.
        name: String,
    },
    /// A named value of each event or sample.
    Value {
        /// Its name.
        name: String,
    },
    /// A named field.
    Field {
        /// Its name.
        name: String,
    },
    /// The value of a sample.
    Sample,
    /// The state: up or down.
    State,
    /// The score.
    Score,
    /// A milestone of a case.
    Milestone {
        /// Its name.
        name: String,
        /// What is read of it.
        reading: CaseReading,
    },
    /// A span of a case.
    Span {
        /// Its name.
        name: String,
    },
}

/// What an attribute is of.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Subject {
    /// A commitment.
    Commitment {
        /// Its name.
        name: String,
    },
    /// A priority of a support.
    Priority {
        /// The support's name.
        support: String,
        /// The priority's name.
        name: String,
    },
}

/// What a measurement is divided by.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Slice {
    /// Elapsed time from the window's start; daylight saving does not shift it.
    Elapsed {
        /// How long each slice is.
        amount: Amount,
    },
    /// A calendar window.
    Window {
        /// Which.
        window: Window,
    },
    /// Each value of a field of the signal.
    Key {
        /// The field's name.
        field: String,
    },
}
