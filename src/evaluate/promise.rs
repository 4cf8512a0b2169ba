//! Whether a promise was kept in a window, and what is owed if not.

use super::budget::Budget;
use super::credit::{Credited, credit, most};
use super::derivation::Step;
use super::facts::Facts;
use super::gap::Gap;
use super::interval::Interval;
use super::known::Known;
use super::plan::{Due, windows_before};
use super::reader::{Place, Reader};
use super::recorded::not_begun;
use super::wish::Wish;
use crate::calculus::{Expr, Type, Value};
use crate::model::{Commitment, Condition, Model, Target};
use crate::values::Exact;

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
    pub attained: Vec<Result<Known, Gap>>,
    /// Whether it was kept.
    pub verdict: Verdict,
    /// What is owed; nothing where the commitment has no credit.
    pub credit: Option<Result<Credited, Gap>>,
    /// Of each right to terminate, by its id, whether there is a reason.
    pub rights: Vec<(String, Result<bool, Gap>)>,
    /// Of a promise that pays for each run, how many ended since it was judged before.
    pub ended: Option<Result<i64, Gap>>,
}

/// Judges a commitment in one window by itself. What is not known is taken as present and good; nothing was owed before.
#[must_use]
pub fn judge(model: &Model, commitment: &Commitment, facts: &Facts, window: Interval, budget: &Budget) -> Judged {
    let before = windows_before(model, commitment, window);
    judge_with(commitment, &|| Reader::after(&before, model, facts, window, budget).for_commitment(commitment))
}

/// The most that the caps of the agreement leave for a window of a commitment, and of all that share them with it; nothing where it
/// shares none. Nothing was owed before.
#[must_use]
pub fn shared_limit(
    model: &Model,
    commitment: &Commitment,
    facts: &Facts,
    window: Interval,
    budget: &Budget,
) -> Option<Result<Exact, Gap>> {
    let reader = Reader::new(model, facts, window, budget).for_commitment(commitment);
    let caps = model.agreement.caps.iter().filter(|_| model.shares_caps(commitment));
    let limits: Result<Vec<Exact>, Gap> = caps.map(|cap| most(&reader, commitment, cap)).collect();
    limits.map(|limits| limits.into_iter().min()).transpose()
}

/// Judges a commitment in a window after others, by what is on record.
pub(super) fn judge_after<'a>(model: &'a Model, due: &'a Due<'a>, facts: &'a Facts, budget: &'a Budget) -> Judged {
    let records = facts.records();
    if let Some(gap) = records.and_then(|records| not_begun(model, due.commitment, records, due.window)) {
        let credit = due.commitment.credit.as_ref().map(|_| Err(gap.clone()));
        let attained = due.commitment.targets.iter().map(|_| Err(gap.clone())).collect();
        return Judged { attained, verdict: Verdict::NotMeasured(gap), credit, rights: Vec::new(), ended: None };
    }
    judge_with(due.commitment, &|| {
        Reader::after(due.before(), model, facts, due.window, budget).for_commitment(due.commitment)
    })
}

fn judge_with<'a>(commitment: &'a Commitment, reader: &dyn Fn() -> Reader<'a>) -> Judged {
    let quickly = judged(reader(), commitment);
    if quickly.is_sure() { quickly } else { judged(reader().summed_exactly(), commitment) }
}

fn judged<'a>(mut reader: Reader<'a>, commitment: &'a Commitment) -> Judged {
    let attained: Vec<Result<Known, Gap>> = commitment.targets.iter().map(|target| attained(&reader, target)).collect();
    let applies = applies(&reader, commitment);
    let verdict = match &applies {
        Ok(true) => verdict(&reader, commitment, &attained),
        Ok(false) => Verdict::NotApplicable,
        Err(gap) => Verdict::NotMeasured(gap.clone()),
    };
    if let ([target], [attained]) = (commitment.targets.as_slice(), attained.as_slice()) {
        reader.target = bound(&reader, target).ok();
        reader.attained = attained.clone().ok();
    }
    let credit =
        commitment.credit.as_ref().map(|own| credit(&reader, commitment, own, (&applies, &verdict), &attained));
    let rights = rights(&reader, commitment, &applies);
    let ended = reader.model.paid_run(commitment).filter(|_| reader.facts.records().is_some());
    let ended = ended.map(|runs| reader.ended(runs));
    Judged { attained, verdict, credit, rights, ended }
}

impl Judged {
    /// Whether the targets are met; one to which the commitment does not apply is neither met nor missed.
    pub(super) fn met(&self) -> Result<bool, Gap> {
        match &self.verdict {
            // Without a target that could be read, there is nothing to meet.
            Verdict::Met if self.attained.is_empty() => Err(Gap::Poisoned),
            Verdict::Met => Ok(true),
            Verdict::Missed => Ok(false),
            Verdict::NotMeasured(gap) => Err(gap.clone()),
            Verdict::NotApplicable => Err(Gap::NotApplied),
        }
    }

    /// Whether there is a reason for any of the rights to terminate that go by what is measured.
    pub(super) fn may_terminate(&self) -> Result<bool, Gap> {
        let mut known = Ok(false);
        for (_, holds) in &self.rights {
            match holds {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(gap) => known = known.and(Err(gap.clone())),
            }
        }
        known
    }

    /// Whether no decision fell between the bounds of a value.
    fn is_sure(&self) -> bool {
        let credit = self.credit.as_ref().map(|credit| credit.as_ref().map(|credited| &credited.amount));
        self.verdict != Verdict::NotMeasured(Gap::Unsure)
            && !matches!(credit, Some(Err(Gap::Unsure) | Ok(Err(Gap::Unsure))))
            && !self.attained.contains(&Err(Gap::Unsure))
            && !self.rights.iter().any(|(_, holds)| *holds == Err(Gap::Unsure))
    }
}

/// The rights to terminate for which there is a reason; a window to which the commitment does not apply gives none, and where
/// it is not known whether it applies, a reason alone gives none either.
fn rights<'a>(
    reader: &Reader<'a>,
    commitment: &'a Commitment,
    applies: &Result<bool, Gap>,
) -> Vec<(String, Result<bool, Gap>)> {
    let mut all = Vec::new();
    for right in &commitment.terminate {
        let Some(Condition::Measured(when)) = &right.when else { continue };
        let holds = || reader.holds(when, Place::of_rule(reader.window, Wish::Low));
        let holds = match applies {
            Ok(false) => Ok(false),
            Ok(true) => holds(),
            Err(gap) => holds().and_then(|holds| if holds { Err(gap.clone()) } else { Ok(false) }),
        };
        all.push((right.id.clone(), holds));
    }
    all
}

/// What a target attained: where nothing was measured at all, what missing data counts as.
fn attained<'a>(reader: &Reader<'a>, target: &'a Target) -> Result<Known, Gap> {
    let place = Place::new(reader.window, Wish::of_target(target.comparison));
    let value = reader.in_window(&target.measure, place.wish);
    reader.weighed(value.clone(), &target.measure, place).unwrap_or(value)
}

/// How a judgement of a commitment comes about: what is excluded, whether it applies, what each target attains, and what is owed
/// for it.
#[must_use]
pub fn derive(model: &Model, commitment: &Commitment, facts: &Facts, window: Interval, budget: &Budget) -> Vec<Step> {
    let before = windows_before(model, commitment, window);
    let reader = Reader::after(&before, model, facts, window, budget).for_commitment(commitment);
    let mut steps = reader.excluded();
    steps.extend(application(&reader, commitment));
    steps.extend(attainments(&reader, commitment));
    let credit = judge(model, commitment, facts, window, budget).credit;
    steps.extend(credit.into_iter().flatten().flat_map(|credit| credit.steps));
    steps
}

/// The same for a window on record, without its credit.
pub(super) fn derive_due(model: &Model, due: &Due<'_>, facts: &Facts, budget: &Budget) -> Vec<Step> {
    let reader = Reader::after(due.before(), model, facts, due.window, budget).for_commitment(due.commitment);
    let mut steps = reader.excluded();
    steps.extend(application(&reader, due.commitment));
    steps.extend(attainments(&reader, due.commitment));
    steps.extend(terminations(&reader, due.commitment));
    steps
}

/// Whether each target is met.
pub(super) fn verdicts<'a>(reader: &Reader<'a>, commitment: &'a Commitment) -> Vec<Step> {
    let step = |target: &'a Target| {
        let Target { measure, comparison, bound, .. } = target;
        let met = attained(reader, target).and_then(|attained| is_met(reader, target, &attained));
        let gives = met.map_or_else(|gap| gap.to_string(), |met| if met { "met" } else { "missed" }.to_owned());
        Step::new(format!("target: `{measure} {} {bound}`", comparison.as_str()), gives)
    };
    commitment.targets.iter().map(step).collect()
}

/// Whether each right to terminate that goes by what is measured arises, and why.
pub(super) fn terminations<'a>(reader: &Reader<'a>, commitment: &'a Commitment) -> impl Iterator<Item = Step> {
    let measured = commitment.terminate.iter().filter_map(|right| right.when.as_ref()?.measured());
    measured.map(|when| decision(reader, "right to terminate", when, Wish::Low))
}

/// Whether a commitment applies, where it depends on what was measured; an example need not say so.
fn application<'a>(reader: &Reader<'a>, commitment: &'a Commitment) -> Option<Step> {
    let Some(Condition::Measured(when)) = &commitment.applies_when else { return None };
    let is_known = || reader.holds(when, Place::of_rule(reader.window, Wish::High)).is_ok();
    (reader.facts.records().is_some() || is_known()).then(|| decision(reader, "applies when", when, Wish::High))
}

/// Whether a condition holds, and why.
fn decision<'a>(reader: &Reader<'a>, what: &str, when: &'a Expr, wish: Wish) -> Step {
    let place = Place::of_rule(reader.window, wish);
    let gives = reader.holds(when, place).map_or_else(|gap| gap.to_string(), |holds| holds.to_string());
    Step { from: reader.parts_of(when, place), ..Step::new(format!("{what}: `{when}`"), gives) }
}

/// What each target attained, and what was promised where that depends on what was measured.
fn attainments<'a>(reader: &Reader<'a>, commitment: &'a Commitment) -> Vec<Step> {
    let mut steps = Vec::new();
    for target in &commitment.targets {
        let place = Place::new(reader.window, Wish::of_target(target.comparison));
        steps.push(reader.step(&target.measure, place));
        if target.value.is_none() {
            let Step { what, gives, from } = reader.step(&target.bound, Place::new(reader.window, Wish::None));
            steps.push(Step { from, ..Step::new(format!("promised: {what}"), gives) });
        }
    }
    steps
}

/// Whether a commitment applies: an example is about a window to which it does, unless what is given says otherwise.
pub(super) fn applies<'a>(reader: &Reader<'a>, commitment: &'a Commitment) -> Result<bool, Gap> {
    let Some(Condition::Measured(condition)) = &commitment.applies_when else { return Ok(true) };
    match reader.in_rule(condition, Wish::High).and_then(|known| known.exactly()) {
        Ok(value) => Ok(value == Value::Boolean(true)),
        Err(gap) if reader.facts.records().is_some() || gap == Gap::Unsure => Err(gap),
        Err(_) => Ok(true),
    }
}

fn verdict<'a>(reader: &Reader<'a>, commitment: &'a Commitment, attained: &[Result<Known, Gap>]) -> Verdict {
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

fn is_met<'a>(reader: &Reader<'a>, target: &'a Target, attained: &Known) -> Result<bool, Gap> {
    let bound = bound(reader, target)?;
    match Known::binary(target.comparison, attained, &bound.into(), &Type::Boolean)?.exactly()? {
        Value::Boolean(met) => Ok(met),
        _ => Err(Gap::Poisoned),
    }
}

/// What is promised.
fn bound<'a>(reader: &Reader<'a>, target: &'a Target) -> Result<Value, Gap> {
    match &target.value {
        Some(known) => Ok(known.clone()),
        None => reader.in_window(&target.bound, Wish::None)?.exactly(),
    }
}
