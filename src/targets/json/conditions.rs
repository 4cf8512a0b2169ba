//! What rules are made of: conditions and computations over named inputs. A program needs these few operations and
//! nothing of the language to execute a rule.

use schemars::JsonSchema;
use serde::Serialize;

use super::expression::{Expression, Subject, ops};
use super::value::{TypeOf, Value, Window};
use super::words::Attribute;

/// A condition over inputs. If an input that it needs was not measured, the rule does not apply.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Condition {
    /// Several conditions: `and` holds when all of them hold, `or` when at least one does.
    Logic {
        /// The operation.
        op: LogicOp,
        /// The conditions.
        conditions: Vec<Condition>,
    },
    /// Holds when the condition within does not.
    Not {
        /// The operation.
        op: NotOp,
        /// The condition within.
        condition: Box<Condition>,
    },
    /// Compares two values of one type exactly.
    Comparison {
        /// The comparison.
        op: ComparisonOp,
        /// The left value.
        left: Computation,
        /// The right value.
        right: Computation,
    },
    /// Holds when the value is one of the options.
    Membership {
        /// The operation.
        op: MembershipOp,
        /// The value.
        left: Computation,
        /// The options.
        options: Vec<Value>,
    },
    /// Holds when the input is true.
    Input {
        /// The operation.
        op: InputOp,
        /// The input's name.
        input: String,
    },
}

/// A value that is computed exactly from inputs, fees and values.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Computation {
    /// A value of the agreement.
    Value {
        /// The operation.
        op: ValueOp,
        /// The value.
        value: Value,
    },
    /// The value of an input.
    Input {
        /// The operation.
        op: InputOp,
        /// The input's name.
        input: String,
    },
    /// The amount of a fee in the fee period that contains the window's end: see the rules of kind `fee`.
    Fee {
        /// The operation.
        op: FeeOp,
        /// The fee's name.
        fee: String,
    },
    /// An operation on computed values.
    Arithmetic {
        /// The operation.
        op: ArithmeticOp,
        /// What it is applied to, in order.
        operands: Vec<Computation>,
    },
    /// One of two values, by a condition.
    Choice {
        /// The operation.
        op: ChooseOp,
        /// The condition.
        condition: Box<Condition>,
        /// The value if it holds.
        then: Box<Computation>,
        /// The value if not.
        otherwise: Box<Computation>,
    },
}

ops! {
    /// Several conditions.
    LogicOp {
        /// All of them hold.
        And = "and",
        /// At least one of them holds.
        Or = "or",
    }
    /// The opposite.
    NotOp {
        /// The condition does not hold.
        Not = "not",
    }
    /// A comparison.
    ComparisonOp {
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
    }
    /// Membership.
    MembershipOp {
        /// One of several.
        In = "in",
    }
    /// An input.
    InputOp {
        /// The input of this name.
        Input = "input",
    }
    /// A value.
    ValueOp {
        /// The value that is given.
        Value = "value",
    }
    /// A fee.
    FeeOp {
        /// The amount of a fee.
        Fee = "fee",
    }
    /// A choice.
    ChooseOp {
        /// One of two values, by a condition.
        If = "if",
    }
    /// An operation on values.
    ArithmeticOp {
        /// The sum of two.
        Add = "+",
        /// The difference of two; of two ratios it is in points.
        Subtract = "-",
        /// The product of two.
        Multiply = "*",
        /// The quotient of two; of two values of one type it is a ratio.
        Divide = "/",
        /// A part of something: the product of two.
        Of = "of",
        /// The negative of one.
        Negate = "negate",
        /// The largest.
        Max = "max",
        /// The first divided by the second, rounded up to a whole number: how many units have begun.
        Started = "started",
        /// The first divided by the second, rounded down to a whole number: how many units are complete.
        Completed = "completed",
    }
}

/// Something that a program has to know in order to execute rules.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Input {
    /// The name by which rules refer to it.
    pub name: String,
    /// What its values are.
    pub r#type: TypeOf,
    /// The window over which it is read; null for the present moment. Where an input is of a commitment, time that the
    /// commitment excludes is cut out first.
    pub per: Option<Window>,
    /// What it is.
    pub source: InputSource,
}

/// Where the value of an input comes from.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InputSource {
    /// It is measured: the value of an expression over signals and metrics, rounded where its metric says so.
    Measured {
        /// The commitment in whose scope it is read, by name; null outside of one.
        commitment: Option<String>,
        /// The expression.
        expression: Box<Expression>,
    },
    /// It is how a commitment or the cases of a priority stand now.
    Attribute {
        /// Of what.
        of: Subject,
        /// Which attribute.
        attribute: Attribute,
    },
    /// It is judged by people.
    Judged {
        /// The condition, in words.
        words: String,
    },
    /// It is what the provider invoices for the fee's period.
    Invoiced {
        /// The fee, by name.
        fee: String,
    },
}
