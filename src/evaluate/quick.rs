//! The value of an expression over counts in millions of slices: the same as [`Reader::value`], in machine words.
//!
//! What does not fit, and every slice that an exclusion touches, is left to the reader.

use super::interval::Interval;
use super::reader::Reader;
use super::records::{Counts, Recorded};
use crate::calculus::{Binary, Expr, ExprKind, Part, Reading, Unary, Value};
use crate::values::Exact;
use std::cell::Cell;
use std::ops::Range;

/// Metrics in metrics are followed so deep.
const DEEPEST: usize = 32;

/// An expression over the counts of one signal.
pub(super) struct Quick<'r> {
    program: Program,
    counts: &'r Counts,
    /// The cell in which the last slice ended.
    guess: Cell<usize>,
}

/// What came out of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A fraction, whose denominator is positive.
    Fraction(i64, i64),
    /// A condition.
    Truth(bool),
    /// There are no rows.
    Missing,
}

enum Program {
    Count(usize),
    Number(i64, i64),
    Truth(bool),
    Unary(Unary, Box<Program>),
    Binary(Binary, Box<[Program; 2]>),
    If(Box<[Program; 3]>),
    /// The value of the second where the first has a divisor that is zero.
    WhenEmpty(Box<[Program; 2]>),
}

/// Why there is no word.
enum Stop {
    /// A divisor is zero.
    Empty,
    /// It does not fit.
    Wide,
}

impl<'a> Reader<'a> {
    /// An expression over the counts of one signal, where it is one.
    pub(super) fn quick(&self, of: &'a Expr) -> Option<Quick<'a>> {
        let mut signal = None;
        self.walk(of, &mut |part| {
            if let ExprKind::Reading(reading) = &part.kind {
                signal = signal.or(Some(reading.signal.as_str()));
            }
        });
        let signal = signal?;
        let Recorded::Events(counts, _) = self.facts.records()?.signals.get(signal)? else { return None };
        let program = self.compile(of, (signal, counts), DEEPEST)?;
        Some(Quick { program, counts, guess: Cell::new(0) })
    }

    fn compile(&self, of: &Expr, (signal, counts): (&str, &Counts), depth: usize) -> Option<Program> {
        let depth = depth.checked_sub(1)?;
        let part = |part: &Expr| self.compile(part, (signal, counts), depth);
        Some(match &of.kind {
            ExprKind::Literal(value) => literal(value)?,
            ExprKind::Constant(name) => literal(self.model.constants.get(name)?.exact.as_ref()?)?,
            ExprKind::Reading(Reading { signal: read, part: Part::Count(name) }) if read == signal => {
                Program::Count(counts.position(name)?)
            }
            ExprKind::Metric(name) => {
                let metric = self.model.metrics.get(name).filter(|metric| metric.round.is_none())?;
                match &metric.when_empty {
                    Some(empty) => Program::WhenEmpty(Box::new([part(&metric.value)?, part(empty)?])),
                    None => part(&metric.value)?,
                }
            }
            ExprKind::Unary { op, operand } => Program::Unary(*op, Box::new(part(operand)?)),
            ExprKind::Binary { op: Binary::In, .. } => return None,
            ExprKind::Binary { op, left, right } => Program::Binary(*op, Box::new([part(left)?, part(right)?])),
            ExprKind::If { condition, then, otherwise } => {
                Program::If(Box::new([part(condition)?, part(then)?, part(otherwise)?]))
            }
            _ => return None,
        })
    }
}

fn literal(value: &Value) -> Option<Program> {
    match value {
        Value::Boolean(truth) => Some(Program::Truth(*truth)),
        value => value.exact()?.words().map(|(numerator, denominator)| Program::Number(numerator, denominator)),
    }
}

impl Quick<'_> {
    /// What comes out of a slice; nothing where the reader has to be asked.
    pub(super) fn at(&self, at: Interval) -> Option<Word> {
        let cells = self.counts.cells_near(at, self.guess.get())?;
        self.guess.set(cells.end);
        if self.counts.rows(&cells) == 0 {
            return Some(Word::Missing);
        }
        self.run(&self.program, &cells).ok()
    }

    fn run(&self, program: &Program, cells: &Range<usize>) -> Result<Word, Stop> {
        match program {
            Program::Count(position) => {
                let count = i64::try_from(self.counts.sum(*position, cells)).map_err(|_| Stop::Wide)?;
                Ok(Word::Fraction(count, 1))
            }
            Program::Number(numerator, denominator) => Ok(Word::Fraction(*numerator, *denominator)),
            Program::Truth(truth) => Ok(Word::Truth(*truth)),
            Program::Unary(op, operand) => match (op, self.run(operand, cells)?) {
                (Unary::Not, Word::Truth(truth)) => Ok(Word::Truth(!truth)),
                (Unary::Negate, Word::Fraction(numerator, denominator)) => Ok(Word::Fraction(-numerator, denominator)),
                _ => Err(Stop::Wide),
            },
            Program::Binary(op, sides) => {
                let [left, right] = &**sides;
                match (op, self.run(left, cells), self.run(right, cells)) {
                    (Binary::Or, Ok(Word::Truth(true)), _) | (Binary::Or, _, Ok(Word::Truth(true))) => {
                        Ok(Word::Truth(true))
                    }
                    (Binary::And, Ok(Word::Truth(false)), _) | (Binary::And, _, Ok(Word::Truth(false))) => {
                        Ok(Word::Truth(false))
                    }
                    (op, left, right) => binary(*op, left?, right?),
                }
            }
            Program::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                match self.run(condition, cells)? {
                    Word::Truth(true) => self.run(then, cells),
                    Word::Truth(false) => self.run(otherwise, cells),
                    _ => Err(Stop::Wide),
                }
            }
            Program::WhenEmpty(parts) => {
                let [value, empty] = &**parts;
                match self.run(value, cells) {
                    Err(Stop::Empty) => self.run(empty, cells),
                    other => other,
                }
            }
        }
    }
}

fn binary(op: Binary, left: Word, right: Word) -> Result<Word, Stop> {
    if let (Word::Truth(left), Word::Truth(right)) = (left, right) {
        return match op {
            Binary::And => Ok(Word::Truth(left && right)),
            Binary::Or => Ok(Word::Truth(left || right)),
            Binary::Equal => Ok(Word::Truth(left == right)),
            Binary::NotEqual => Ok(Word::Truth(left != right)),
            _ => Err(Stop::Wide),
        };
    }
    let (Word::Fraction(a, b), Word::Fraction(c, d)) = (left, right) else { return Err(Stop::Wide) };
    let (a, b, c, d) = (i128::from(a), i128::from(b), i128::from(c), i128::from(d));
    let order = || (a * d).cmp(&(c * b));
    let (numerator, denominator) = match op {
        Binary::Add if b == d => (a + c, b),
        Binary::Subtract if b == d => (a - c, b),
        Binary::Add => ((a * d).checked_add(c * b).ok_or(Stop::Wide)?, b * d),
        Binary::Subtract => ((a * d).checked_sub(c * b).ok_or(Stop::Wide)?, b * d),
        Binary::Multiply | Binary::Of => (a * c, b * d),
        Binary::Divide if c == 0 => return Err(Stop::Empty),
        Binary::Divide => (a * d * c.signum(), b * c.abs()),
        Binary::Equal => return Ok(Word::Truth(order().is_eq())),
        Binary::NotEqual => return Ok(Word::Truth(order().is_ne())),
        Binary::Less => return Ok(Word::Truth(order().is_lt())),
        Binary::AtMost => return Ok(Word::Truth(order().is_le())),
        Binary::Greater => return Ok(Word::Truth(order().is_gt())),
        Binary::AtLeast => return Ok(Word::Truth(order().is_ge())),
        Binary::And | Binary::Or | Binary::In => return Err(Stop::Wide),
    };
    match (i64::try_from(numerator), i64::try_from(denominator)) {
        (Ok(numerator), Ok(denominator)) if numerator != i64::MIN => Ok(Word::Fraction(numerator, denominator)),
        _ => Err(Stop::Wide),
    }
}

impl Word {
    /// The number that it is.
    pub(super) fn exact(self) -> Option<Exact> {
        match self {
            Word::Fraction(numerator, denominator) => Exact::ratio(numerator, denominator),
            Word::Truth(_) | Word::Missing => None,
        }
    }
}
