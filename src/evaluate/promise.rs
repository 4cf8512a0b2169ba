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
}

/// Judges a commitment in one window by itself. What is not known is taken as present and good; nothing was owed before.
#[must_use]
pub fn judge(model: &Model, commitment: &Commitment, facts: &Facts, window: Interval, budget: &Budget) -> Judged {
    let mut reader = Reader::new(model, facts, window, budget).for_commitment(commitment);
    let targets = commitment.targets.iter();
    let attained: Vec<Result<Value, Gap>> =
        targets.map(|target| reader.in_window(&target.measure, Wish::of_target(target.comparison))).collect();
    let verdict =
        if applies(&reader, commitment) { verdict(&reader, commitment, &attained) } else { Verdict::NotApplicable };
    if let ([target], [attained]) = (commitment.targets.as_slice(), attained.as_slice()) {
        reader.target = bound(&reader, target).ok();
        reader.attained = attained.clone().ok();
    }
    let credit = commitment.credit.as_ref().map(|own| credit(&reader, commitment, own, &verdict, &attained));
    Judged { attained, verdict, credit }
}

/// How a judgement of a commitment comes about: what is excluded, what each target attains, and what is owed for it.
#[must_use]
pub fn derive(model: &Model, commitment: &Commitment, facts: &Facts, window: Interval, budget: &Budget) -> Vec<Step> {
    let reader = Reader::new(model, facts, window, budget).for_commitment(commitment);
    let mut steps = reader.excluded();
    for target in &commitment.targets {
        let place = Place::new(window, Wish::of_target(target.comparison));
        steps.push(reader.step(&target.measure, place));
    }
    let credit = judge(model, commitment, facts, window, budget).credit;
    steps.extend(credit.into_iter().flatten().flat_map(|credit| credit.steps));
    steps
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
