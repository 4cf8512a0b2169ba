//! What rules are made of: conditions and computations over named inputs. A program needs these few operations and
//! nothing of the language to execute a rule.

use schemars::JsonSchema;
use serde::Serialize;

use super::expression::{Expression, Subject, ops};
use super::value::{TypeOf, Value, Window};
use super::words::Attribute;

/// A condition over inputs: true, false, or unknown where an input that it needs was not measured. Unknown counts as in
/// three-valued logic: `and` is false with one part that is false, `or` is true with one part that is true, and otherwise
/// a part that is unknown makes the whole unknown, as it does in every other operation. A rule applies only if its
/// condition is true.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Condition {
    /// Several conditions: `and` holds when all of them hold, `or` when at least one does.
    Logic {
        /// The operation.
        op: LogicOp,
        /// The conditions.
        #[schemars(length(min = 2))]
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

/// A value that is computed exactly from inputs, fees and values. Where an input that it needs was not measured it cannot
/// be computed: a comparison with it is unknown, and an amount that is owed is reported as one that is not known, never
/// as zero.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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
    /// Constant money for a whole period. In a partial first or last one it is reduced pro rata: multiplied by the number of
    /// local days of the period within the term, divided by that of the whole period.
    ProRata {
        /// The operation.
        op: ProRataOp,
        /// The money for a whole period.
        value: Value,
    },
    /// The amount of a fee, as its rule says, in the fee period that contains the last instant of the window. Of a credit
    /// that is its measurement window, of a limit the limit's window, and within a fee the period of that fee.
    Fee {
        /// The operation.
        op: FeeOp,
        /// The fee's name.
        fee: String,
    },
    /// The amounts of a fee for all options of the open dimension, in the fee period that contains the last instant of the
    /// window.
    AllFees {
        /// The operation.
        op: SumOp,
        /// The name of the fee, for each option.
        fee: String,
    },
    /// The amount of a fee for the period before the one that contains the last instant of the window.
    FeeBefore {
        /// The operation.
        op: PreviousOp,
        /// The fee's name.
        fee: String,
        /// The periods of the fee.
        per: Window,
        /// What stands for it where that period ends by the first day of the term.
        otherwise: Box<Computation>,
    },
    /// An operation on computed values.
    Arithmetic {
        /// The operation.
        op: ArithmeticOp,
        /// What it is applied to, in order.
        #[schemars(length(min = 2, max = 2))]
        operands: Vec<Computation>,
    },
    /// The negative of a computed value.
    Negative {
        /// The operation.
        op: NegateOp,
        /// What it is applied to.
        operand: Box<Computation>,
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
    /// Money for a whole period.
    ProRataOp {
        /// Reduced by local days in a partial period.
        ProRata = "pro_rata",
    }
    /// A negative.
    NegateOp {
        /// The negative of one value.
        Negate = "negate",
    }
    /// A fee.
    FeeOp {
        /// The amount of a fee.
        Fee = "fee",
    }
    /// A fee of the period before.
    PreviousOp {
        /// The amount for the period before.
        Previous = "previous",
    }
    /// The sum of a fee.
    SumOp {
        /// The amounts for all options together.
        Sum = "sum",
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
        /// The largest of the operands.
        Max = "max",
        /// The smallest of the operands.
        Min = "min",
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
    /// The window over which it is read; null for the present moment. Where an input is of a commitment, time of what the
    /// commitment excludes is treated first: time that counts as `excluded` is cut out, and time that counts as `met`
    /// stays in the window as time in which the promise was kept; where both apply, `excluded` wins. While a duty of the
    /// customer that excuses the commitment is not performed, time counts as `excluded`.
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
    /// It is the number of uninterrupted stretches that ended since the evaluation before; at the first evaluation, of all
    /// that ended in its window.
    Ended {
        /// The commitment in whose scope they are read, by name.
        commitment: String,
        /// The stretches.
        runs: Box<Expression>,
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
    /// It is what the provider invoices for the fee's period: for an option of an open dimension nothing, where an amount is
    /// invoiced for another option of it.
    Invoiced {
        /// The fee, by name.
        fee: String,
    },
}
