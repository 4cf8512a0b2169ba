//! Everything that comes out for a period: what was attained, whether it was kept, what is owed and until when it is
//! claimed.

use super::budget::Budget;
use super::derivation::Step;
use super::facts::Facts;
use super::gap::Gap;
use super::interval::Interval;
use super::plan::{Due, Plan};
use super::promise::{Judged, Verdict, derive_due, judge_after};
use super::settle::{Settled, settle};
use crate::calculus::{Binary, Type, Value};
use crate::model::{Anchor, Commitment, Deadline, Model, Target, ends_at};
use crate::values::{Currency, Exact, Money, Ratio, Timestamp};
use std::collections::BTreeMap;

/// The steps that the computation of one window may take, each about a microsecond.
const STEPS: u64 = 2_000_000_000;

/// What came out for one commitment and one window.
#[derive(Clone, Debug)]
pub struct Outcome<'a> {
    /// The commitment and its window.
    pub due: Due<'a>,
    /// What was attained, and whether it was kept.
    pub judged: Judged,
    /// Which part of what may fail is left, by the only target: less than nothing where more has failed.
    pub left: Option<Ratio>,
    /// What is owed, if it is claimed where it must be; nothing where the commitment has no credit.
    pub owed: Option<Settled>,
    /// What is owed if nothing is claimed.
    pub unclaimed: Option<Settled>,
    /// When the time for a claim ends, where one is needed; in deadlines of days with the last of them.
    pub claim_until: Option<Timestamp>,
}

/// Judges one window of a plan.
#[must_use]
pub fn judge_due<'a>(plan: &Plan<'a>, due: &Due<'a>, facts: &Facts) -> Judged {
    judge_after(plan.model, due, facts, &Budget::new(STEPS))
}

/// How the outcome of one window comes about: what is excluded, whether the commitment applies, what each target attains, the
/// rights to terminate, and the credit on its way.
#[must_use]
pub fn explain_due(plan: &Plan<'_>, outcome: &Outcome<'_>, facts: &Facts) -> Vec<Step> {
    let budget = Budget::new(STEPS);
    let mut steps = derive_due(plan.model, &outcome.due, facts, &budget);
    let credit = outcome.judged.credit.iter().flatten();
    steps.extend(credit.flat_map(|credit| credit.steps.clone()));
    steps.extend(outcome.owed.iter().flat_map(|owed| owed.steps.clone()));
    steps
}

/// Settles the windows of a plan that were judged, and keeps those that are asked for.
#[must_use]
pub fn conclude<'a>(plan: &Plan<'a>, facts: &Facts, judged: Vec<Judged>) -> Vec<Outcome<'a>> {
    let owed = settle(plan, facts, &judged, true);
    let unclaimed = settle(plan, facts, &judged, false);
    let all = plan.due.iter().zip(judged).zip(owed).zip(unclaimed);
    let all = all.map(|(((due, judged), owed), unclaimed)| {
        let left = left(due.commitment, &judged);
        let is_owed = owed.as_ref().is_some_and(|owed| matches!(&owed.amount, Ok(money) if money.amount.signum() > 0));
        let claim_until = if is_owed && !due.open { claim_until(plan.model, due) } else { None };
        Outcome { due: due.clone(), judged, left, owed, unclaimed, claim_until }
    });
    let mut asked: Vec<Outcome<'a>> = all.filter(|outcome| outcome.due.asked).collect();
    let place: BTreeMap<&str, usize> =
        plan.model.commitments.iter().enumerate().map(|(place, one)| (one.head.name.as_str(), place)).collect();
    asked.sort_by_key(|one| (place.get(one.due.commitment.head.name.as_str()).copied(), one.due.window));
    asked
}

/// What each party owes which in all, by who owes it, to whom, and in which currency.
pub type Totals = BTreeMap<(String, String, Currency), Total>;

/// What is owed in all.
#[derive(Clone, Debug)]
pub struct Total {
    /// The amount if everything is claimed in time, of the windows of which it is known.
    pub claimed: Money,
    /// The amount if nothing is claimed.
    pub unclaimed: Money,
    /// How many windows there are of which it is not known whether they give a credit, or how much; nothing is due for
    /// these yet.
    pub undecided: usize,
    /// Why it is not known of the first of these.
    pub why: Option<Gap>,
    /// Whether a supplier owes it whose own agreement limits what it owes: it may be less.
    pub limited_elsewhere: bool,
}

/// What is owed in all, by who owes it, to whom, and in which currency: amounts in several currencies are never added up.
#[must_use]
pub fn totals(model: &Model, outcomes: &[Outcome<'_>]) -> Totals {
    let mut all = Totals::new();
    for outcome in outcomes {
        // What a window that has not ended would give is not owed.
        let (Some(owed), Some(unclaimed), false) = (&outcome.owed, &outcome.unclaimed, outcome.due.open) else {
            continue;
        };
        let Some(currency) = model.currency(outcome.due.commitment) else { continue };
        let of = outcome.due.commitment.of.as_ref();
        let by = model.debtor(of).map_or_else(String::new, |party| party.party);
        let to: Vec<String> = model.creditors(of).into_iter().map(|party| party.party).collect();
        let nothing = || Money::new(Exact::zero(), currency);
        let total = all.entry((by, to.join(", "), currency)).or_insert_with(|| Total {
            claimed: nothing(),
            unclaimed: nothing(),
            undecided: 0,
            why: None,
            limited_elsewhere: false,
        });
        match (&owed.amount, &unclaimed.amount) {
            (Ok(claimed), Ok(unclaimed)) => {
                total.claimed.amount = &total.claimed.amount + &claimed.amount;
                total.unclaimed.amount = &total.unclaimed.amount + &unclaimed.amount;
                let owes = claimed.amount.signum() > 0;
                total.limited_elsewhere |= owes && model.limit_elsewhere(outcome.due.commitment).is_some();
            }
            (Err(gap), _) | (_, Err(gap)) => {
                total.undecided += 1;
                total.why.get_or_insert_with(|| gap.clone());
            }
        }
    }
    all
}

/// Which part of what may fail is left: of a target of 99.9%, all of it at 100%, and none of it at 99.9%.
fn left(commitment: &Commitment, judged: &Judged) -> Option<Ratio> {
    let ([target], [Ok(attained)]) = (commitment.targets.as_slice(), judged.attained.as_slice()) else { return None };
    let may_fail = |number: &Exact| failing(target, number);
    let Value::Ratio(bound) = target.value.as_ref()? else { return None };
    let (attained, allowed) = (may_fail(attained.ends().0.exact()?)?, may_fail(&bound.0)?);
    if target.measure.ty != Type::Ratio || matches!(judged.verdict, Verdict::NotApplicable) {
        return None;
    }
    attained.checked_div(&allowed).map(|used| Ratio(Exact::one() - used))
}

/// How much fails at a value.
fn failing(target: &Target, number: &Exact) -> Option<Exact> {
    match target.comparison {
        Binary::AtLeast | Binary::Greater => Some(Exact::one() - number.clone()),
        Binary::AtMost | Binary::Less => Some(number.clone()),
        _ => None,
    }
}

/// When the time for a claim ends that is counted from the window.
fn claim_until(model: &Model, due: &Due<'_>) -> Option<Timestamp> {
    let within = due.commitment.claim.as_ref().filter(|claim| !claim.automatic)?.within.as_ref()?;
    window_deadline(model, within, due.window)
}

/// When a deadline ends that is counted from a window; nothing for one that is counted from something else.
#[must_use]
pub fn window_deadline(model: &Model, within: &Deadline, window: Interval) -> Option<Timestamp> {
    let event = match within.of.as_ref()? {
        Anchor::WindowEnd => window.end,
        Anchor::WindowStart => window.start,
        _ => return None,
    };
    ends_at(model, &model.agreement.clock(), within, Timestamp::from_nanosecond(event).ok()?)
}
