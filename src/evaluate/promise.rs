//! Whether a promise was kept in a window, and what is owed if not.

use super::budget::Budget;
use super::credit::{Credited, credit};
use super::derivation::Step;
use super::facts::Facts;
use super::gap::Gap;
use super::interval::Interval;
use super::reader::{Place, Reader};
use super::wish::Wish;
use crate::calculus::{self, Type, Value};
use crate::model::{Commitment, Condition, Model, Target};

/// How a commitment came out in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every target is met.
    Met,
    /// A target is missed.
    Missed,
    /// What a target measures is not known, and no other one is missed.
    NotMeasured(Gap),
    /// It did not apply in the window.
    NotApplicable,
}

/// What came out of a commitment in a window.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What each target attained.
    pub attained: Vec<Result<Value, Gap>>,
    /// Whether it was kept.
    pub verdict: Verdict,
    /// What is owed; nothing where the commitment has no credit.
    pub credit: Option<Result<Credited, Gap>>,
    /// How it was computed.
    pub steps: Vec<Step>,
}

/// Judges a commitment in one window by itself. What is not known is taken as present and good; nothing was owed before.
#[must_use]
pub fn judge(model: &Model, commitment: &Commitment, facts: &Facts, window: Interval, budget: &Budget) -> Judged {
    let mut reader = Reader::new(model, facts, window, budget).for_commitment(commitment);
    let mut steps = reader.excluded();
    let attained: Vec<Result<Value, Gap>> = commitment
        .targets
        .iter()
        .map(|target| {
            let wish = Wish::of_target(target.comparison);
            let value = reader.in_window(&target.measure, wish);
            steps.push(reader.step(&target.measure, Place::new(window, wish)));
            value
        })
        .collect();
    let verdict =
        if applies(&reader, commitment) { verdict(&reader, commitment, &attained) } else { Verdict::NotApplicable };
    if let ([target], [attained]) = (commitment.targets.as_slice(), attained.as_slice()) {
        reader.target = bound(&reader, target).ok();
        reader.attained = attained.clone().ok();
    }
    let credit = commitment.credit.as_ref().map(|own| credit(&reader, commitment, own, &verdict, &attained));
    steps.extend(credit.iter().flatten().flat_map(|credit| credit.steps.clone()));
    Judged { attained, verdict, credit, steps }
}

/// Whether a commitment applies: an example is about a window to which it does, unless what is given says otherwise.
fn applies<'a>(reader: &Reader<'a>, commitment: &'a Commitment) -> bool {
    match &commitment.applies_when {
        Some(Condition::Measured(condition)) => reader.in_window(condition, Wish::High) != Ok(Value::Boolean(false)),
        Some(Condition::Judged(_)) | None => true,
    }
}

fn verdict<'a>(reader: &Reader<'a>, commitment: &'a Commitment, attained: &[Result<Value, Gap>]) -> Verdict {
    let mut unknown = None;
    for (target, attained) in commitment.targets.iter().zip(attained) {
        match attained.clone().and_then(|attained| is_met(reader, target, &attained)) {
            Ok(true) => {}
            Ok(false) => return Verdict::Missed,
            Err(gap) => unknown = unknown.or(Some(gap)),
        }
    }
    unknown.map_or(Verdict::Met, Verdict::NotMeasured)
}

fn is_met<'a>(reader: &Reader<'a>, target: &'a Target, attained: &Value) -> Result<bool, Gap> {
    let bound = bound(reader, target)?;
    match calculus::binary(target.comparison, attained, &bound, &Type::Boolean) {
        Some(Value::Boolean(met)) => Ok(met),
        _ => Err(Gap::Poisoned),
    }
}

/// What is promised.
fn bound<'a>(reader: &Reader<'a>, target: &'a Target) -> Result<Value, Gap> {
    match &target.value {
        Some(known) => Ok(known.clone()),
        None => reader.in_window(&target.bound, Wish::None),
    }
}
