//! What is owed for several windows: claims, caps, combination, what is too small, and the only rounding.
//!
//! Windows are settled in the order in which they end; those that end together share what a cap leaves. What was settled
//! is not cut afterwards.

use super::credit::{is_skipped, most};
use super::derivation::Step;
use super::facts::Facts;
use super::gap::Gap;
use super::interval::Interval;
use super::plan::Due;
use super::promise::{Judged, Verdict};
use super::reader::Reader;
use super::{Budget, Plan};
use crate::calculus::{Value, shown};
use crate::model::{Cap, Commitment, Credit, Model};
use crate::values::{Amount, Currency, Exact, Money, Rounding, Timestamp, Window};
use std::collections::{BTreeMap, BTreeSet};

/// What is owed for a commitment and a window in the end.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The amount that is paid.
    pub amount: Result<Money, Gap>,
    /// What became of the credit on the way.
    pub steps: Vec<Step>,
}

/// One credit on its way.
struct Credited<'a> {
    due: &'a Due<'a>,
    amount: Result<Exact, Gap>,
    currency: Option<Currency>,
    /// Whether a cap of its own reduced it.
    capped: bool,
    /// Whether a cap reduced it together with others.
    shared: bool,
    steps: Vec<Step>,
}

impl Credited<'_> {
    fn is_owed(&self) -> bool {
        self.amount.as_ref().is_ok_and(|amount| amount.signum() > 0)
    }

    fn shown(&self, amount: &Exact) -> String {
        match self.currency {
            Some(currency) => shown(&Value::Money(Money::new(amount.clone(), currency))),
            None => amount.to_string(),
        }
    }

    fn set(&mut self, amount: Exact, what: impl Into<String>) {
        let gives = self.shown(&amount);
        self.amount = Ok(amount);
        self.steps.push(Step::new(what, gives));
    }
}

/// Settles the credits of judged windows, each in the place of the one that it is due for; nothing where a commitment has no
/// credit. `claimed` says whether those that must be claimed are.
#[must_use]
pub fn settle(plan: &Plan<'_>, facts: &Facts, judged: &[Judged], claimed: bool) -> Vec<Option<Settled>> {
    let model = plan.model;
    let budget = Budget::new(u64::MAX);
    let (amounts, reasons) = once_a_breach(plan, judged);
    let mut settled: Vec<Option<Settled>> = Vec::new();
    let mut paid: Vec<(usize, Result<Exact, Gap>)> = Vec::new();
    let mut from = 0;
    while let Some(first) = plan.due.get(from) {
        let together = plan.due.get(from..).unwrap_or_default();
        let together = together.iter().take_while(|due| due.window.end == first.window.end).count();
        let mut group: Vec<Option<Credited<'_>>> = Vec::new();
        for (place, (due, amount)) in plan.due.iter().zip(&amounts).enumerate().skip(from).take(together) {
            group.push(amount.clone().map(|amount| {
                let currency = model.currency(due.commitment);
                let steps = reasons.get(&place).cloned().into_iter().collect();
                let mut one = Credited { due, amount, currency, capped: false, shared: false, steps };
                let automatic = due.commitment.claim.as_ref().is_some_and(|claim| claim.automatic);
                if !claimed && !automatic && one.is_owed() {
                    one.set(Exact::zero(), "not claimed in time");
                }
                one
            }));
        }
        let scene = Scene { model, facts, plan, paid: &paid, budget: &budget };
        let mut live: Vec<&mut Credited<'_>> = group.iter_mut().flatten().collect();
        scene.own_caps(&mut live);
        scene.combine(&mut live);
        scene.shared_caps(&mut live);
        scene.skip(&mut live);
        round(&mut live);
        for (offset, one) in group.into_iter().enumerate() {
            paid.extend(one.as_ref().map(|one| (from + offset, one.amount.clone())));
            settled.push(one.map(|one| Settled {
                amount:
                    one.amount.and_then(|amount| {
                        one.currency.map(|currency| Money::new(amount, currency)).ok_or(Gap::Poisoned)
                    }),
                steps: one.steps,
            }));
        }
        from += together.max(1);
    }
    settled
}

/// An amount for each window of a plan; nothing where its commitment has no credit.
type Amounts = Vec<Option<Result<Exact, Gap>>>;

/// The amounts before limits. Of a promise that is judged every day, an uninterrupted breach gives one credit: the largest
/// that its days would give, for the first day that gives it. Beside them, why days of a breach give nothing more.
fn once_a_breach(plan: &Plan<'_>, judged: &[Judged]) -> (Amounts, BTreeMap<usize, Step>) {
    let mut reasons = BTreeMap::new();
    let plain = |judged: &Judged| {
        Some(match judged.credit.as_ref()? {
            Ok(credited) => credited.amount.as_ref().map(|money| money.amount.clone()).map_err(Clone::clone),
            Err(gap) => Err(gap.clone()),
        })
    };
    let mut amounts: Amounts = judged.iter().map(plain).collect();
    let mut rolling: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, due) in plan.due.iter().enumerate() {
        if due.commitment.rolls().is_some() && due.commitment.credit.is_some() {
            rolling.entry(&due.commitment.head.name).or_default().push(index);
        }
    }
    for days in rolling.into_values() {
        let breach = |day: usize, amount: &Exact| {
            let bands = plan
                .due
                .get(day)
                .is_some_and(|due| matches!(&due.commitment.credit, Some(Credit::Table(table)) if table.bands));
            match judged.get(day).map(|one| &one.verdict) {
                Some(Verdict::Missed) => Some(true),
                Some(Verdict::Met) => Some(bands && amount.signum() > 0),
                // A row that pays is a breach, whether or not the target is missed.
                Some(Verdict::NotMeasured(_)) if bands && amount.signum() > 0 => Some(true),
                _ => None,
            }
        };
        // Of days before the first row nothing is known, not even that.
        let pays_runs = days.iter().filter_map(|day| judged.get(*day)).any(|one| one.ended.is_some());
        if pays_runs {
            for day in &days {
                let ended = judged.get(*day).and_then(|one| one.ended.clone());
                let Some(Some(amount)) = amounts.get_mut(*day) else { continue };
                let Ok(each) = amount.clone() else { continue };
                *amount = match (breach(*day, &each), ended) {
                    (Some(true), Some(Ok(times))) => Ok(&each * &Exact::from_int(times)),
                    (Some(true), Some(Err(gap))) => Err(gap),
                    _ => Ok(Exact::zero()),
                };
            }
            continue;
        }
        let mut largest: Option<(usize, Exact)> = None;
        let (mut kept, mut breached) = (BTreeSet::new(), Vec::new());
        // One breach, one credit: the other days say for which day it is given.
        let mut close = |days: &mut Vec<usize>, largest: Option<(usize, Exact)>| {
            let days = std::mem::take(days);
            let Some((day, _)) = largest else { return };
            kept.insert(day);
            let zone = plan.model.agreement.clock();
            let last = plan.due.get(day).and_then(|due| due.window.last()).map(|at| zone.date(at));
            for other in days.into_iter().filter(|other| *other != day) {
                let until = last.map_or(String::new(), |last| last.to_string());
                let what = format!("one breach gives one credit: that of the window to {until}");
                reasons.insert(other, Step::new(what, "nothing more"));
            }
        };
        for day in &days {
            let Some(Some(Ok(amount))) = amounts.get(*day) else { continue };
            match breach(*day, amount) {
                Some(true) => {}
                Some(false) => {
                    close(&mut breached, largest.take());
                    continue;
                }
                None => continue,
            }
            breached.push(*day);
            if largest.as_ref().is_none_or(|(_, most)| most < amount) {
                largest = Some((*day, amount.clone()));
            }
        }
        close(&mut breached, largest);
        for day in days.iter().filter(|day| !kept.contains(day)) {
            if let Some(Some(Ok(amount))) = amounts.get_mut(*day) {
                *amount = Exact::zero();
            }
        }
    }
    (amounts, reasons)
}

/// Credits of windows that end together, and what was paid before.
struct Scene<'s> {
    model: &'s Model,
    facts: &'s Facts,
    plan: &'s Plan<'s>,
    /// What was paid for the windows before, by their places.
    paid: &'s [(usize, Result<Exact, Gap>)],
    budget: &'s Budget,
}

impl Scene<'_> {
    /// What a cap leaves of credits that a condition selects, of windows that end with this one; and how much it is in all,
    /// where a part of its window lies outside the term.
    fn left(&self, cap: &Cap, due: &Due<'_>, of: &dyn Fn(&Commitment) -> bool) -> Result<(Exact, Exact), Gap> {
        let reader = Reader::new(self.model, self.facts, due.window, self.budget);
        let most = most(&reader, due.commitment, cap)?;
        let own = due.commitment.targets.first().map(|target| &target.window);
        let span = cap.per.as_ref().or(own).and_then(|per| self.span(per, due, &reader)).unwrap_or(due.window);
        let counted = self.paid.iter().filter_map(|(place, amount)| Some((self.plan.due.get(*place)?, amount)));
        let inside = counted.filter(|(before, _)| {
            of(before.commitment) && span.start < before.window.end && before.window.end <= span.end
        });
        let mut left = most.clone();
        for (before, amount) in inside {
            match amount {
                Ok(amount) => left = &left - amount,
                // Of a time before the first row nobody claims anything.
                Err(Gap::NotBegun(_)) => {}
                Err(_) => return Err(self.depends_on(before)),
            }
        }
        Ok((left.max(Exact::zero()), most))
    }

    /// The time of a cap that holds for a window: the one that contains the window's last instant; one that rolls ends with
    /// it.
    fn span(&self, per: &Window, due: &Due<'_>, reader: &Reader<'_>) -> Option<Interval> {
        match per {
            Window::Rolling(Amount::Period(length)) => {
                let zone = self.model.agreement.clock();
                let end = zone.date(Timestamp::from_nanosecond(due.window.end).ok()?);
                let start = zone.start_of_day(length.subtract_from(end)?)?.as_nanosecond();
                Some(Interval { start, end: due.window.end })
            }
            Window::Rolling(Amount::Elapsed(length)) => {
                Some(Interval { start: due.window.end - super::interval::nanos(length)?, end: due.window.end })
            }
            Window::Term => Some(Interval { start: i128::MIN, end: due.window.end }),
            per => reader.period_around(per),
        }
    }

    fn own_caps(&self, live: &mut [&mut Credited<'_>]) {
        for one in live.iter_mut() {
            let commitment = one.due.commitment;
            for cap in &commitment.caps {
                let Ok(owed) = one.amount.clone() else { break };
                match self.left(cap, one.due, &|other| other.head.name == commitment.head.name) {
                    Ok((left, most)) if left < owed => {
                        let what = format!("what the cap `{}` leaves of {}", cap.amount, one.shown(&most));
                        one.set(left, what);
                        one.capped = true;
                    }
                    Ok(_) => {}
                    Err(gap) if owed.signum() > 0 => one.amount = Err(gap),
                    Err(_) => {}
                }
            }
        }
    }

    /// Of commitments that are combined, only the largest credit counts; of equal ones, that which stands first in the
    /// agreement, since windows that end together are in its order.
    fn combine(&self, live: &mut [&mut Credited<'_>]) {
        for group in self.model.combinations() {
            let within = |one: &Credited<'_>| group.iter().any(|other| other.head.name == one.due.commitment.head.name);
            let mut members: Vec<&mut &mut Credited<'_>> = live.iter_mut().filter(|one| within(one)).collect();
            // Of a time before the first row nobody claims anything: that is no credit beside the others.
            let open = |one: &&mut &mut Credited<'_>| {
                one.amount.as_ref().err().filter(|gap| !matches!(gap, Gap::NotBegun(_))).cloned()
            };
            if let Some(gap) = members.iter().find_map(open) {
                // Which one is the largest is not known.
                members.iter_mut().filter(|one| one.is_owed()).for_each(|one| one.amount = Err(gap.clone()));
                continue;
            }
            let largest = members.iter().filter_map(|one| one.amount.clone().ok()).max().unwrap_or_default();
            let winner = members.iter().position(|one| one.amount.as_ref() == Ok(&largest));
            for (index, one) in members.iter_mut().enumerate() {
                if Some(index) != winner && one.is_owed() {
                    one.set(Exact::zero(), "only the largest of combined credits is owed");
                }
            }
        }
    }

    /// The caps of the agreement, which credits share in proportion.
    fn shared_caps(&self, live: &mut [&mut Credited<'_>]) {
        for cap in &self.model.agreement.caps {
            let shares = |one: &Credited<'_>| self.model.shares_caps(one.due.commitment);
            let undecided = live.iter().filter(|one| shares(one)).find_map(|one| self.depends(one));
            let mut owing: Vec<&mut &mut Credited<'_>> =
                live.iter_mut().filter(|one| shares(one) && one.is_owed()).collect();
            let Some(first) = owing.first() else { continue };
            let left = self.left(cap, first.due, &|other| self.model.shares_caps(other));
            let sum =
                owing.iter().filter_map(|one| one.amount.as_ref().ok()).fold(Exact::zero(), |sum, one| &sum + one);
            // How much of the cap is left for one depends on all others, unless nothing is left.
            let left = match (left, undecided) {
                (Ok((left, _)), Some(gap)) if left.signum() > 0 => Err(gap),
                (left, _) => left,
            };
            let (left, most) = match left {
                Ok((left, most)) if left < sum => (left, most),
                Ok(_) => continue,
                Err(gap) => {
                    owing.iter_mut().for_each(|one| one.amount = Err(gap.clone()));
                    continue;
                }
            };
            let together = owing.len() > 1;
            for one in &mut owing {
                let part = one.amount.clone().ok().and_then(|amount| (amount * left.clone()).checked_div(&sum));
                let what = format!("what the cap `{}` of the agreement leaves of {}", cap.amount, one.shown(&most));
                one.set(part.unwrap_or_default(), what);
                one.capped = true;
                one.shared |= together;
            }
        }
    }

    /// That others depend on a credit which is not decided.
    fn depends(&self, one: &Credited<'_>) -> Option<Gap> {
        // Of a time before the first row nobody claims anything.
        let gap = one.amount.as_ref().err().filter(|gap| !matches!(gap, Gap::NotBegun(_)));
        gap.map(|_| self.depends_on(one.due))
    }

    fn depends_on(&self, due: &Due<'_>) -> Gap {
        let zone = self.model.agreement.clock();
        let last = due.window.last().map(|at| zone.date(at).to_string()).unwrap_or_default();
        Gap::Depends(due.commitment.head.name.clone(), last)
    }

    fn skip(&self, live: &mut [&mut Credited<'_>]) {
        for one in live.iter_mut().filter(|one| one.is_owed()) {
            let commitment = one.due.commitment;
            let (Some(skip), Some(currency)) = (self.model.skip(commitment), one.currency) else { continue };
            let Ok(owed) = one.amount.clone() else { continue };
            let reader = Reader::new(self.model, self.facts, one.due.window, self.budget);
            match is_skipped(&reader, skip, &Money::new(owed.clone(), currency)) {
                Ok(true) => one.set(Exact::zero(), format!("{} is too small to be paid", one.shown(&owed))),
                Ok(false) => {}
                Err(gap) => one.amount = Err(gap),
            }
        }
    }
}

/// Rounds once to the smallest unit: half to even, or down where a cap reduced the amount. Of those that one cap reduced
/// together, the sum is rounded, and what is left goes to the largest remainders, then by name.
fn round(live: &mut [&mut Credited<'_>]) {
    for one in live.iter_mut().filter(|one| !one.shared) {
        let (Ok(amount), Some(currency)) = (one.amount.clone(), one.currency) else { continue };
        let mode = if one.capped { Rounding::Down } else { Rounding::HalfEven };
        let rounded = Money::new(amount.clone(), currency).rounded(mode).amount;
        if rounded != amount {
            one.set(rounded, "rounded to the smallest unit");
        }
    }
    let mut shared: Vec<&mut &mut Credited<'_>> = live.iter_mut().filter(|one| one.shared && one.is_owed()).collect();
    let Some(currency) = shared.first().and_then(|one| one.currency) else { return };
    let unit = Money::minor_unit(currency);
    let amount = |one: &Credited<'_>| one.amount.clone().unwrap_or_default();
    let sum = shared.iter().fold(Exact::zero(), |sum, one| &sum + &amount(one));
    let mut left = sum.round_to(&unit, Rounding::Down);
    let down = |amount: &Exact| amount.round_to(&unit, Rounding::Down);
    shared.iter().for_each(|one| left = &left - &down(&amount(one)));
    shared.sort_by_key(|one| {
        let exact = amount(one);
        (std::cmp::Reverse(&exact - &down(&exact)), one.due.commitment.head.name.clone())
    });
    for one in shared {
        let exact = amount(one);
        let mut rounded = down(&exact);
        if left >= unit {
            rounded = &rounded + &unit;
            left = &left - &unit;
        }
        if rounded != exact {
            one.set(rounded, "rounded together to the smallest unit");
        }
    }
}
