//! What is owed for an outage, beside what suppliers owe for the same.

use super::{Chains, First, Side, not_compared};
use crate::calculus::{Value, shown};
use crate::diagnostics::{Diagnostic, codes};
use crate::evaluate::{Budget, Facts, Gap, judge};
use crate::model::{Credit, CreditTable, Model};
use crate::source::Span;
use crate::values::{Exact, Money, Ratio};
use std::cell::Cell;
use std::collections::BTreeSet;

/// So many steps are taken to find out what is owed.
const STEPS: u64 = 2_000_000;
/// So many results are tried for two promises.
const MOST_RESULTS: usize = 40;

/// What is owed for a window in which a supplier's service did not work, or not well, is received from it.
pub fn received(model: &Model) -> Vec<Diagnostic> {
    let Some(chains) = Chains::of(model) else { return Vec::new() };
    let purse = Purse { budget: Budget::new(STEPS), empty: Cell::new(false) };
    let mut found = Vec::new();
    for (own, other, theirs) in chains.pairs() {
        found.extend(less(model, &own, (&other, &theirs), &purse));
        if purse.empty.get() {
            let why = "too much is to be computed for the credits of this one and of all that come after";
            found.push(not_compared(&own, &other, why));
            break;
        }
    }
    found
}

/// The steps that are left, and whether they were not enough.
struct Purse {
    budget: Budget,
    empty: Cell<bool>,
}

fn less(model: &Model, own: &Side<'_>, (other, theirs): (&Side<'_>, &[Side<'_>]), purse: &Purse) -> Option<Diagnostic> {
    let own_credit = own.credit_span()?;
    let paying: Vec<&Side<'_>> = theirs.iter().filter(|one| one.commitment.credit.is_some()).collect();
    if paying.iter().any(|one| one.target.window != own.target.window) {
        return None;
    }
    let first = First::of(model, &own.target.window)?;
    let currency = model.currency(own.commitment)?;
    if let Some(one) = paying.iter().find(|one| model.currency(one.commitment) != Some(currency)) {
        let theirs = model.currency(one.commitment)?;
        return Some(not_compared(own, one, &format!("credits in {currency} and in {theirs} are not compared")));
    }
    let results = std::iter::once(Exact::zero()).chain(results(own, &paying)).take(MOST_RESULTS);
    let amounts = results.map(|result| {
        let received = paying.iter().try_fold(Money::new(Exact::zero(), currency), |all, one| {
            Some(Money::new(all.amount + self::owed(model, one, &first, purse, &result)?.amount, currency))
        })?;
        Some((owed(model, own, &first, purse, &result)?, received, result))
    });
    // What costs the most; of several, nothing at all rather than a part.
    let mut most: Option<(Money, Money, Exact)> = None;
    for (owed, received, result) in amounts.flatten().filter(|(owed, received, _)| owed.amount > received.amount) {
        let more = |than: &(Money, Money, Exact)| &owed.amount - &received.amount > &than.0.amount - &than.1.amount;
        if most.as_ref().is_none_or(more) {
            most = Some((owed, received, result));
        }
    }
    let (owed, received, result) = most?;
    let (name, their_name, supplied) =
        (&own.commitment.head.name, &other.commitment.head.name, &other.promise.service.head.name);
    let message = match paying.is_empty() {
        true => format!("an outage of `{supplied}` is paid for under `{name}`, and `{their_name}` pays nothing for it"),
        false => format!("an outage of `{supplied}` costs more under `{name}` than `{their_name}` pays for it"),
    };
    let whole = first.name();
    let when = match result.is_zero() {
        true => format!("for {whole} without `{supplied}`"),
        false => format!("for {whole}, if {} is attained under both", super::stated(&result)),
    };
    let (owed, received) = (shown(&Value::Money(owed)), shown(&Value::Money(received)));
    let place =
        other.credit_span().or_else(|| paying.first()?.credit_span()).unwrap_or(other.commitment.head.name_span);
    Some(
        Diagnostic::new(codes::SUPPLIER_PAYS_LESS, own_credit, message)
            .primary(owed.clone())
            .label(place, if paying.is_empty() { "no credit".to_owned() } else { received.clone() })
            .witness(format!("{when}, {owed} are owed under `{name}`, and {received} are received from the supplier"))
            .help("agree on a higher credit with the supplier, or keep the difference as a risk that is known"),
    )
}

/// Results that come out just below a target or a row of one of several promises.
fn results(own: &Side<'_>, theirs: &[&Side<'_>]) -> BTreeSet<Exact> {
    let step = Exact::ratio(1, 1_000_000).unwrap_or_default();
    let sides = std::iter::once(own).chain(theirs.iter().copied());
    let bounds = sides.flat_map(|side| {
        let rows = side.table().map(|table| table.rows.as_slice()).unwrap_or_default();
        let limits = rows.iter().flat_map(|row| &row.bounds).filter_map(|bound| match bound.value.as_ref()? {
            Value::Ratio(limit) => Some(limit.0.clone()),
            _ => None,
        });
        limits.chain([side.promise.bound.clone()]).collect::<Vec<_>>()
    });
    bounds.map(|bound| bound - &step).filter(|result| result.signum() > 0).collect()
}

impl<'a> Side<'a> {
    fn table(&self) -> Option<&'a CreditTable> {
        match self.commitment.credit.as_ref()? {
            Credit::Table(table) => Some(table),
            Credit::Formula { .. } => None,
        }
    }

    fn credit_span(&self) -> Option<Span> {
        match self.commitment.credit.as_ref()? {
            Credit::Table(table) => Some(table.span),
            Credit::Formula { span, .. } => Some(*span),
        }
    }
}

/// What is owed for a window with a result, where the file tells the amount.
fn owed(model: &Model, side: &Side<'_>, first: &First, purse: &Purse, result: &Exact) -> Option<Money> {
    let metric = side.target.metric()?;
    let mut facts = Facts::default();
    facts.state(metric, None, Value::Ratio(Ratio(result.clone())));
    let credit = judge(model, side.commitment, &facts, first.at, &purse.budget).credit?;
    let amount = credit.and_then(|credit| credit.amount);
    purse.empty.set(purse.empty.get() || amount == Err(Gap::TooLong));
    amount.ok()
}
