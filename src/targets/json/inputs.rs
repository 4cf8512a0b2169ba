//! From expressions to conditions and computations; what has to be measured becomes a named input.

use std::collections::BTreeMap;

use super::conditions::{
    ArithmeticOp, ChooseOp, ComparisonOp, Computation, Condition, FeeOp, Input, InputOp, InputSource, LogicOp,
    MembershipOp, NegateOp, NotOp, PreviousOp, ProRataOp, SumOp, ValueOp,
};
use super::value::TypeOf;
use crate::calculus::{Attribute, Binary, Expr, ExprKind, Function, Subject, Type, Unary, Value};
use crate::model::{self, Constant, Model, Target};
use crate::values::Window;

/// Every input that rules refer to, by name.
pub type Inputs = BTreeMap<String, Input>;

/// Where an expression stands.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The agreement.
    pub model: &'a Model,
    /// The name of the clause: inputs are named after it.
    pub name: &'a str,
    /// Whether the clause is a commitment.
    pub is_commitment: bool,
    /// The window over which things are read.
    pub window: Option<&'a Window>,
    /// The commitment's only target.
    pub target: Option<&'a Target>,
    /// Whether constant money is for a whole period, and less in a partial one.
    pub pro_rata: bool,
}

impl<'a> Scope<'a> {
    /// A clause without a window.
    pub fn clause(model: &'a Model, name: &'a str) -> Self {
        Scope { model, name, is_commitment: false, window: None, target: None, pro_rata: false }
    }

    /// A commitment. What is not a target is read over the window of the first one.
    pub fn commitment(model: &'a Model, commitment: &'a model::Commitment) -> Self {
        let target = match commitment.targets.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        let window = commitment.targets.first().map(|target| &target.window);
        Scope { model, name: &commitment.head.name, is_commitment: true, window, target, pro_rata: false }
    }

    /// The same place, with constant money that is for a whole period.
    pub fn pro_rata(self) -> Self {
        Scope { pro_rata: true, ..self }
    }

    /// When something applies.
    pub fn when(self, when: &model::Condition, inputs: &mut Inputs) -> Condition {
        match when {
            model::Condition::Measured(expr) => self.condition(expr, inputs),
            model::Condition::Judged(words) => {
                let name = format!("{}[\"{}\"]", self.name, words.value);
                let source = InputSource::Judged { words: words.value.clone() };
                Condition::Input { op: InputOp::Input, input: self.input(name, &Type::Boolean, source, inputs) }
            }
        }
    }

    /// That something stands in a certain way now.
    pub fn stands(self, of: &Subject, attribute: Attribute, inputs: &mut Inputs) -> Condition {
        let source = InputSource::Attribute { of: of.into(), attribute: attribute.into() };
        let name = format!("{of}.{}", attribute.as_str());
        let input = Scope { window: None, ..self }.input(name, &Type::Boolean, source, inputs);
        Condition::Input { op: InputOp::Input, input }
    }

    /// A condition that is measured.
    pub fn condition(self, expr: &Expr, inputs: &mut Inputs) -> Condition {
        // What is compared is no amount for a period.
        let this = Scope { pro_rata: false, ..self };
        this.compared(expr, inputs)
    }

    fn compared(self, expr: &Expr, inputs: &mut Inputs) -> Condition {
        match &expr.kind {
            ExprKind::Binary { op: Binary::And, left, right } => self.logic(LogicOp::And, [left, right], inputs),
            ExprKind::Binary { op: Binary::Or, left, right } => self.logic(LogicOp::Or, [left, right], inputs),
            ExprKind::Binary { op: Binary::In, left, right } => match options(right) {
                Some(options) => {
                    Condition::Membership { op: MembershipOp::In, left: self.computation(left, inputs), options }
                }
                None => self.truth(expr, inputs),
            },
            ExprKind::Binary { op, left, right } => match comparison(*op) {
                Some(op) => {
                    let (left, right) = (self.computation(left, inputs), self.computation(right, inputs));
                    Condition::Comparison { op, left, right }
                }
                None => self.truth(expr, inputs),
            },
            ExprKind::Unary { op: Unary::Not, operand } => {
                Condition::Not { op: NotOp::Not, condition: Box::new(self.condition(operand, inputs)) }
            }
            ExprKind::Literal(Value::Boolean(_)) => Condition::Comparison {
                op: ComparisonOp::Equal,
                left: self.computation(expr, inputs),
                right: value(&Value::Boolean(true)),
            },
            _ => self.truth(expr, inputs),
        }
    }

    /// A chain of one operator becomes one list.
    fn logic(self, op: LogicOp, sides: [&Expr; 2], inputs: &mut Inputs) -> Condition {
        let mut conditions = Vec::new();
        for side in sides {
            match self.condition(side, inputs) {
                Condition::Logic { op: same, conditions: inner } if same == op => conditions.extend(inner),
                other => conditions.push(other),
            }
        }
        Condition::Logic { op, conditions }
    }

    fn truth(self, expr: &Expr, inputs: &mut Inputs) -> Condition {
        Condition::Input { op: InputOp::Input, input: self.measured(expr, self.window, inputs) }
    }

    /// A computed value.
    pub fn computation(self, expr: &Expr, inputs: &mut Inputs) -> Computation {
        let arithmetic = |op, operands: &[&Expr], inputs: &mut Inputs| Computation::Arithmetic {
            op,
            operands: operands.iter().map(|operand| self.computation(operand, inputs)).collect(),
        };
        match &expr.kind {
            ExprKind::Literal(literal @ Value::Money(_)) if self.pro_rata => {
                Computation::ProRata { op: ProRataOp::ProRata, value: literal.into() }
            }
            ExprKind::Literal(literal) => value(literal),
            ExprKind::Fee(name) => Computation::Fee { op: FeeOp::Fee, fee: name.clone() },
            ExprKind::Invoiced => {
                let source = InputSource::Invoiced { fee: self.name.to_owned() };
                self.read(format!("{}.invoiced", self.name), &expr.ty, source, inputs)
            }
            ExprKind::Constant(name) => match self.model.constants.get(name) {
                // What is a part of a fee follows it where it is reduced.
                Some(found) if !self.model.fees_in(&found.value).is_empty() => self.computation(&found.value, inputs),
                Some(Constant { exact: Some(value), .. }) => {
                    self.computation(&Expr::literal(value.clone(), expr.span), inputs)
                }
                _ => self.reading(expr, inputs),
            },
            ExprKind::Target if self.target.is_some() => self.bound(inputs),
            ExprKind::Attained => match self.target {
                Some(target) => self.attained(target, inputs),
                None => self.reading(expr, inputs),
            },
            ExprKind::Unary { op: Unary::Negate, operand } => {
                Computation::Negative { op: NegateOp::Negate, operand: Box::new(self.computation(operand, inputs)) }
            }
            ExprKind::Binary { op, left, right } => match operation(*op) {
                Some(op) => arithmetic(op, &[left, right], inputs),
                None => self.reading(expr, inputs),
            },
            ExprKind::If { condition, then, otherwise } => Computation::Choice {
                op: ChooseOp::If,
                condition: Box::new(self.condition(condition, inputs)),
                then: Box::new(self.computation(then, inputs)),
                otherwise: Box::new(self.computation(otherwise, inputs)),
            },
            ExprKind::Apply { function: Function::Min, arguments, slice: None, over: None, .. }
                if arguments.len() > 1 =>
            {
                arithmetic(ArithmeticOp::Min, &arguments.iter().collect::<Vec<_>>(), inputs)
            }
            ExprKind::Apply { function: Function::Max, arguments, slice: None, over: None, .. }
                if arguments.len() > 1 =>
            {
                arithmetic(ArithmeticOp::Max, &arguments.iter().collect::<Vec<_>>(), inputs)
            }
            ExprKind::Apply { function: Function::Started, arguments, .. } => {
                arithmetic(ArithmeticOp::Started, &arguments.iter().collect::<Vec<_>>(), inputs)
            }
            ExprKind::Apply { function: Function::Completed, arguments, .. } => {
                arithmetic(ArithmeticOp::Completed, &arguments.iter().collect::<Vec<_>>(), inputs)
            }
            _ if let Some((fee, initial)) = expr.fee_before()
                && let [per] = self.model.fee_periods(fee)[..] =>
            {
                Computation::FeeBefore {
                    op: PreviousOp::Previous,
                    fee: fee.to_owned(),
                    per: per.into(),
                    otherwise: Box::new(Scope { pro_rata: false, ..self }.computation(initial, inputs)),
                }
            }
            _ => {
                let all = |fee: &str| Computation::AllFees { op: SumOp::Sum, fee: fee.to_owned() };
                let parts = expr.fees_summed().unwrap_or_default().into_iter().map(all);
                let sum = parts
                    .reduce(|sum, part| Computation::Arithmetic { op: ArithmeticOp::Add, operands: vec![sum, part] });
                sum.unwrap_or_else(|| self.reading(expr, inputs))
            }
        }
    }

    /// The bound of the only target.
    fn bound(self, inputs: &mut Inputs) -> Computation {
        match self.target {
            Some(Target { value: Some(known), .. }) => value(known),
            Some(target) => Scope { target: None, ..self }.computation(&target.bound, inputs),
            None => value(&Value::Boolean(false)),
        }
    }

    /// What a target attained.
    pub fn attained(self, target: &Target, inputs: &mut Inputs) -> Computation {
        Computation::Input { op: InputOp::Input, input: self.measured(&target.measure, Some(&target.window), inputs) }
    }

    /// Whether a target is met.
    pub fn met(self, target: &Target, inputs: &mut Inputs) -> Condition {
        let right = match &target.value {
            Some(known) => value(known),
            None => Scope { target: None, ..self }.computation(&target.bound, inputs),
        };
        let op = of_target(target.comparison);
        Condition::Comparison { op, left: self.attained(target, inputs), right }
    }

    /// How many of some runs are judged at an evaluation.
    pub fn ended(self, runs: &Expr, inputs: &mut Inputs) -> Computation {
        let per = self.window.map(|window| format!(" per {window}")).unwrap_or_default();
        let name = format!("{}[ended {runs}{per}]", self.name);
        let source = InputSource::Ended { commitment: self.name.to_owned(), runs: Box::new(runs.into()) };
        self.read(name, &Type::Number, source, inputs)
    }

    fn reading(self, expr: &Expr, inputs: &mut Inputs) -> Computation {
        Computation::Input { op: InputOp::Input, input: self.measured(expr, self.window, inputs) }
    }

    fn read(self, name: String, ty: &Type, source: InputSource, inputs: &mut Inputs) -> Computation {
        Computation::Input { op: InputOp::Input, input: self.input(name, ty, source, inputs) }
    }

    /// The name of the input for a measured expression.
    fn measured(self, expr: &Expr, window: Option<&Window>, inputs: &mut Inputs) -> String {
        if let ExprKind::Attribute { of, attribute } = &expr.kind {
            let source = InputSource::Attribute { of: of.into(), attribute: (*attribute).into() };
            let scope = Scope { window: None, ..self };
            return scope.input(expr.to_string(), &expr.ty, source, inputs);
        }
        let per = window.map(|window| format!(" per {window}")).unwrap_or_default();
        let name = format!("{}[{}{per}]", self.name, expr);
        let commitment = self.is_commitment.then(|| self.name.to_owned());
        let source = InputSource::Measured { commitment, expression: Box::new(expr.into()) };
        Scope { window, ..self }.input(name, &expr.ty, source, inputs)
    }

    fn input(self, name: String, ty: &Type, source: InputSource, inputs: &mut Inputs) -> String {
        let per = self.window.map(Into::into);
        let input = Input { name: name.clone(), r#type: TypeOf::from(ty), per, source };
        inputs.entry(name.clone()).or_insert(input);
        name
    }
}

/// A value of the agreement as a computation.
pub fn value(value: &Value) -> Computation {
    Computation::Value { op: ValueOp::Value, value: value.into() }
}

fn options(expr: &Expr) -> Option<Vec<super::value::Value>> {
    let ExprKind::List(items) = &expr.kind else {
        return None;
    };
    let literal = |item: &Expr| match &item.kind {
        ExprKind::Literal(value) => Some(value.into()),
        _ => None,
    };
    items.iter().map(literal).collect()
}

/// How what is measured compares with the bound of a target.
pub fn of_target(op: Binary) -> ComparisonOp {
    comparison(op).unwrap_or(ComparisonOp::Equal)
}

fn comparison(op: Binary) -> Option<ComparisonOp> {
    match op {
        Binary::Equal => Some(ComparisonOp::Equal),
        Binary::NotEqual => Some(ComparisonOp::NotEqual),
        Binary::Less => Some(ComparisonOp::Less),
        Binary::AtMost => Some(ComparisonOp::AtMost),
        Binary::Greater => Some(ComparisonOp::Greater),
        Binary::AtLeast => Some(ComparisonOp::AtLeast),
        _ => None,
    }
}

fn operation(op: Binary) -> Option<ArithmeticOp> {
    match op {
        Binary::Add => Some(ArithmeticOp::Add),
        Binary::Subtract => Some(ArithmeticOp::Subtract),
        Binary::Multiply => Some(ArithmeticOp::Multiply),
        Binary::Divide => Some(ArithmeticOp::Divide),
        Binary::Of => Some(ArithmeticOp::Of),
        _ => None,
    }
}
