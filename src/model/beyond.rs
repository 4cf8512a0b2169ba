//! What a supplier promises over all options of a dimension, of which its own agreement has more than this one.

use super::{Agreement, Counted, Dimension, Model, Signal};
use crate::calculus::{Binary, Expr, ExprKind, Part, Reading, Unary, Value};
use crate::source::{FileId, Span};
use std::collections::BTreeSet;

/// The options of a dimension that the agreement of another file has, and this one does not.
#[derive(Clone, Debug)]
pub struct Beyond {
    /// The other file.
    pub file: FileId,
    /// The name of the dimension in this agreement.
    pub dimension: String,
    /// The names of the options.
    pub options: Vec<String>,
    /// Where it is said which options this agreement has.
    pub at: Span,
}

/// What counts more options of a dimension under the supplier's own agreement than here.
#[derive(Clone, Debug)]
pub struct More<'a> {
    /// The supplier's own agreement.
    pub there: &'a Agreement,
    /// The dimension, with the options that this agreement has.
    pub dimension: &'a Dimension,
    /// The options that it has besides.
    pub beyond: &'a Beyond,
    /// What counts them.
    pub of: Counted<'a>,
}

impl Model {
    /// The promises and the escalations of suppliers' agreements that are about all options of a dimension together, where their
    /// own agreement has more of them than this one.
    pub fn more_elsewhere(&self) -> Vec<More<'_>> {
        let mut found: Vec<More<'_>> = Vec::new();
        for (there, _, of) in self.counted_elsewhere() {
            let file = there.head.span.file.plain();
            for beyond in self.beyond.iter().filter(|one| one.file == file) {
                let is_known = |one: &More<'_>| {
                    one.of.key() == of.key()
                        && one.beyond.dimension == beyond.dimension
                        && std::ptr::eq(one.there, there)
                };
                let Some(dimension) = self.dimensions.get(&beyond.dimension) else { continue };
                if !found.iter().any(is_known) && self.looked_at(of).iter().any(|expr| self.counts_all(expr, beyond)) {
                    found.push(More { there, dimension, beyond, of });
                }
            }
        }
        found
    }

    /// Whether an expression reads what is measured for other options as well: of a signal with a field of the dimension all of
    /// what a condition does not leave out.
    fn counts_all(&self, expr: &Expr, beyond: &Beyond) -> bool {
        let (mut waiting, mut seen) = (vec![expr], BTreeSet::new());
        while let Some(expr) = waiting.pop() {
            match &expr.kind {
                ExprKind::Reading(reading) if self.is_over_all(reading, &beyond.dimension) => return true,
                ExprKind::Metric(name) if seen.insert(name.as_str()) => {
                    waiting.extend(self.metrics.get(name).map(|metric| &metric.value));
                }
                ExprKind::Apply { arguments, filter: Some(filter), .. } => {
                    let passes = |option: &String| self.passes(filter, &beyond.dimension, option) != Some(false);
                    waiting.extend(arguments.iter().filter(|_| beyond.options.iter().any(passes)));
                }
                _ => waiting.extend(expr.parts()),
            }
        }
        false
    }

    /// Whether a signal is read for all options of a dimension together.
    fn is_over_all(&self, reading: &Reading, dimension: &str) -> bool {
        let by = |signal: &Signal| signal.fields.iter().any(|field| field.dimension.as_deref() == Some(dimension));
        let signal = self.signals.get(&reading.signal);
        signal.is_some_and(|signal| by(signal) && signal.head.variant.iter().all(|one| one.dimension != dimension))
    }

    /// Whether a condition on occurrences holds for those of one option; nothing where that hangs on more.
    #[must_use]
    pub fn passes(&self, condition: &Expr, dimension: &str, option: &str) -> Option<bool> {
        match &condition.kind {
            ExprKind::Unary { op: Unary::Not, operand } => Some(!self.passes(operand, dimension, option)?),
            ExprKind::Binary { op: op @ (Binary::And | Binary::Or), left, right } => {
                let decides = *op == Binary::Or;
                let both = [left, right].map(|part| self.passes(part, dimension, option));
                if both.contains(&Some(decides)) {
                    return Some(decides);
                }
                both.iter().all(Option::is_some).then_some(!decides)
            }
            ExprKind::Binary { op, left, right } => {
                let (of, with) = if self.is_option(left, dimension) { (left, right) } else { (right, left) };
                let options = options(with).filter(|_| self.is_option(of, dimension))?;
                let is_one = options.contains(&option);
                match op {
                    Binary::Equal | Binary::In => Some(is_one),
                    Binary::NotEqual => Some(!is_one),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether an expression is the option of a dimension that an occurrence has.
    fn is_option(&self, expr: &Expr, dimension: &str) -> bool {
        let ExprKind::Reading(Reading { signal, part: Part::Field(name) }) = &expr.kind else { return false };
        let fields = self.signals.get(signal).map(|signal| signal.fields.as_slice()).unwrap_or_default();
        fields.iter().any(|field| field.head.name == *name && field.dimension.as_deref() == Some(dimension))
    }
}

/// The options that are written there.
fn options(expr: &Expr) -> Option<Vec<&str>> {
    match &expr.kind {
        ExprKind::Literal(Value::Text(option)) => Some(vec![option]),
        ExprKind::List(items) => items.iter().map(options).try_fold(Vec::new(), |all, one| Some([all, one?].concat())),
        _ => None,
    }
}
