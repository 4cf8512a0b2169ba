//! Credits that are set off against invoices: what each invoice takes, what is carried forward, and what is left when the
//! agreement ends.
//!
//! An invoice is that of a fee period, and has the date of the period's end: the fees that are stated for the period and are
//! not made of other fees, rounded to the smallest unit. A credit is set off against the first invoice
//! after its measurement window, and what exceeds that against the ones after it.

use super::budget::Budget;
use super::facts::Facts;
use super::gap::Gap;
use super::interval::Interval;
use super::plan::Plan;
use super::promise::Judged;
use super::reader::{Place, Reader};
use super::settle::settle;
use super::wish::Wish;
use crate::calculus::Value;
use crate::model::{Fee, Model, Ref};
use crate::values::{Currency, Date, Exact, Money, Rounding, Timestamp};
use std::collections::BTreeMap;

/// Amounts with the instants at which they come in.
type Dated = Vec<(i128, Result<Exact, Gap>)>;

/// Periods of one fee that are looked at.
const MOST_PERIODS: usize = 100_000;

/// What became of the credits that one party owes another, invoice by invoice.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who owes the credits.
    pub by: String,
    /// To whom.
    pub to: Vec<String>,
    /// The invoices of the period that is evaluated, by date.
    pub entries: Vec<Entry>,
    /// What is left when the agreement ends, where it ends in the period.
    pub left_at_end: Option<Result<Money, Gap>>,
}

/// One invoice with what it takes of the credits.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The last day of the fee period.
    pub date: Date,
    /// The amount of the invoice; of several that have one date, of all of them.
    pub invoice: Result<Money, Gap>,
    /// The credits that wait for it, with what was carried forward.
    pub credits: Result<Money, Gap>,
    /// How much of them is set off against it.
    pub set_off: Result<Money, Gap>,
    /// What is carried forward.
    pub carried: Result<Money, Gap>,
}

/// The accounts of those who owe credits, where the agreement says what becomes of what is not used. It is taken that
/// everything is claimed in time.
#[must_use]
pub fn accounts(plan: &Plan<'_>, period: Interval, facts: &Facts, judged: &[Judged]) -> Vec<Account> {
    let model = plan.model;
    // Of invoices that are still to come nothing is said.
    let period = Interval { end: plan.as_of.map_or(period.end, |until| period.end.min(until)), ..period };
    let (Some(_), Some(currency)) = (&model.agreement.unused, &model.agreement.currency) else { return Vec::new() };
    let owed = settle(plan, facts, judged, true);
    let mut credits: BTreeMap<(String, Vec<String>), Dated> = BTreeMap::new();
    for (due, owed) in plan.due.iter().zip(owed) {
        let (Some(owed), false) = (owed, due.open) else { continue };
        if !model.is_carried(due.commitment) {
            continue;
        }
        let amount = match owed.amount {
            Ok(money) => Ok(money.amount),
            // Of a time before the first row nobody claims anything.
            Err(Gap::NotBegun(_)) => continue,
            Err(gap) => Err(gap),
        };
        let sides = sides(model, due.commitment.of.as_ref());
        credits.entry(sides).or_default().push((due.window.end, amount));
    }
    let each = credits.into_iter();
    each.map(|((by, to), credits)| {
        let invoices = invoices(plan, period, facts, (&by, &to));
        account(model, period, (by, to), credits, invoices, currency.value)
    })
    .collect()
}

/// Who owes the credits of a service, and to whom.
fn sides(model: &Model, of: Option<&Ref>) -> (String, Vec<String>) {
    let by = model.debtor(of).map_or_else(String::new, |party| party.party);
    (by, model.creditors(of).into_iter().map(|party| party.party).collect())
}

/// The amounts that one party invoices to another, by the instant at which their periods end.
fn invoices(
    plan: &Plan<'_>,
    period: Interval,
    facts: &Facts,
    (by, to): (&str, &[String]),
) -> BTreeMap<i128, Result<Exact, Gap>> {
    let mut all: BTreeMap<i128, Result<Exact, Gap>> = BTreeMap::new();
    let theirs = |fee: &&Fee| {
        let (own, others) = sides(plan.model, fee.of.as_ref());
        own == by && others == to && plan.model.fees_in(&fee.amount).is_empty()
    };
    for fee in plan.model.fees.iter().filter(theirs) {
        for at in periods(plan.model, fee, period) {
            let budget = Budget::default();
            let reader = Reader::new(plan.model, facts, at, &budget);
            let amount = reader.fee(&fee.head.name, Place::new(at, Wish::None));
            let amount = amount.and_then(|value| match value {
                Value::Money(money) => Ok(money.rounded(Rounding::HalfEven).amount),
                _ => Err(Gap::Poisoned),
            });
            let sum = all.entry(at.end).or_insert_with(|| Ok(Exact::zero()));
            *sum = match (sum.clone(), amount) {
                (Ok(sum), Ok(more)) => Ok(&sum + &more),
                (Err(gap), _) | (_, Err(gap)) => Err(gap),
            };
        }
    }
    all
}

/// The periods of a fee within the term, up to the end of the period that is evaluated.
fn periods(model: &Model, fee: &Fee, until: Interval) -> Vec<Interval> {
    let (Some(per), Some(term)) = (&fee.per, &model.agreement.effective) else { return Vec::new() };
    let zone = model.agreement.clock();
    let anchors = model.agreement.anchors(term.from);
    let around = |date: Date| per.dates_around(anchors, date);
    let dates = std::iter::successors(around(term.from), |(_, next)| around(*next)).take(MOST_PERIODS);
    let within = dates.map(|days| model.agreement.within_term(days));
    let instant = |date: Date| zone.start_of_day(date).map(Timestamp::as_nanosecond);
    let periods = within.map_while(|(from, next)| Some(Interval { start: instant(from)?, end: instant(next)? }));
    periods.take_while(|at| !at.is_empty() && at.end <= until.end).collect()
}

/// Sets credits off against invoices, in the order of time.
fn account(
    model: &Model,
    period: Interval,
    (by, to): (String, Vec<String>),
    mut credits: Dated,
    invoices: BTreeMap<i128, Result<Exact, Gap>>,
    currency: Currency,
) -> Account {
    let zone = model.agreement.clock();
    let money = |amount: &Result<Exact, Gap>| amount.clone().map(|amount| Money::new(amount, currency));
    credits.sort_by_key(|(at, _)| *at);
    let mut waiting = credits.into_iter().peekable();
    let mut balance: Result<Exact, Gap> = Ok(Exact::zero());
    let mut entries = Vec::new();
    let mut receive = |balance: &mut Result<Exact, Gap>, before: i128| {
        while let Some((_, amount)) = waiting.next_if(|(at, _)| *at < before) {
            *balance = match (balance.clone(), amount) {
                (Ok(sum), Ok(more)) => Ok(&sum + &more),
                (Err(gap), _) | (_, Err(gap)) => Err(gap),
            };
        }
    };
    for (at, invoice) in &invoices {
        receive(&mut balance, *at);
        let credits = balance.clone();
        let set_off = match (&balance, invoice) {
            (Ok(balance), _) if balance.is_zero() => Ok(Exact::zero()),
            (Ok(balance), Ok(invoice)) => Ok(balance.clone().min(invoice.clone())),
            (Err(gap), _) | (_, Err(gap)) => Err(gap.clone()),
        };
        balance = match (&balance, &set_off) {
            (Ok(balance), Ok(set_off)) => Ok(balance - set_off),
            (Err(gap), _) | (_, Err(gap)) => Err(gap.clone()),
        };
        let Some(date) = Timestamp::from_nanosecond(*at - 1).ok().map(|last| zone.date(last)) else { continue };
        if *at > period.start {
            let [invoice, credits] = [money(invoice), money(&credits)];
            let (set_off, carried) = (money(&set_off), money(&balance));
            entries.push(Entry { date, invoice, credits, set_off, carried });
        }
    }
    let last = model.agreement.effective.as_ref().and_then(|term| term.to);
    let last = last.filter(|_| model.agreement.renews.is_none()).and_then(|last| last.tomorrow().ok());
    let end = last.and_then(|date| zone.start_of_day(date)).map(Timestamp::as_nanosecond);
    let ends = end.is_some_and(|end| period.start < end && end <= period.end);
    receive(&mut balance, i128::MAX);
    Account { by, to, entries, left_at_end: ends.then(|| money(&balance)) }
}
