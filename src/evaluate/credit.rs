//! What is owed for one commitment and one window: the row that counts, limits, and the only rounding.

use super::derivation::Step;
use super::gap::Gap;
use super::interval::Interval;
use super::known::Known;
use super::promise::Verdict;
use super::reader::{Place, Reader};
use super::wish::Wish;
use crate::calculus::{Expr, Type, Value, shown};
use crate::model::{Bound, Cap, Commitment, Credit, CreditRow, CreditTable, Factor, Side, Skip};
use crate::values::{Exact, Money, Ratio, Rounding, Window};
use std::cmp::Reverse;

/// What is owed for a window, before a claim.
#[derive(Clone, Debug)]
pub struct Credited {
    /// The row that counts, by its id; nothing for a formula, and where no row applies.
    pub row: Option<String>,
    /// Which part of the fee it is, before limits; nothing where it is an amount of money.
    pub part: Option<Ratio>,
    /// The amount after limits and before rounding, where a limit changed it.
    pub limited: Option<Exact>,
    /// The amount after limits and rounding; a gap where the fee is not known.
    pub amount: Result<Money, Gap>,
    /// How it was computed.
    pub steps: Vec<Step>,
}

pub(super) fn credit<'a>(
    reader: &Reader<'a>,
    commitment: &'a Commitment,
    credit: &'a Credit,
    (applies, verdict): (&Result<bool, Gap>, &Verdict),
    attained: &[Result<Known, Gap>],
) -> Result<Credited, Gap> {
    let literal = matches!(credit, Credit::Table(table) if table.bands);
    match verdict {
        // Bands pay by what they look at, whatever is known of the target.
        Verdict::NotMeasured(_) if literal && applies.is_ok() => {}
        Verdict::NotMeasured(gap) => return Err(gap.clone()),
        Verdict::NotApplicable => return Ok(nothing(reader, commitment, "the commitment does not apply")),
        Verdict::Met if !literal => return Ok(nothing(reader, commitment, "the target is met")),
        Verdict::Met | Verdict::Missed => {}
    }
    let (mut owed, amount) = match credit {
        Credit::Formula { amount, .. } => {
            let value = reader.in_rule(amount, Wish::Low)?.exactly()?;
            let steps = vec![Step {
                from: reader.parts_of(amount, Place::of_rule(reader.window, Wish::Low)),
                ..Step::new(amount.to_string(), shown(&value))
            }];
            let Value::Money(money) = value else { return Err(Gap::Poisoned) };
            // A computed credit is never less than zero.
            let money = Money::new(money.amount.max(Exact::zero()), money.currency);
            (Credited { row: None, part: None, limited: None, amount: Err(Gap::Empty), steps }, Ok(money))
        }
        Credit::Table(table) => {
            let looked_at = match (&table.using, attained.first()) {
                (Some(using), _) => reader.in_rule(using, Wish::of_rows(table))?,
                (None, Some(attained)) => attained.clone()?,
                (None, None) => return Err(Gap::Poisoned),
            };
            of_table(reader, commitment, table, &looked_at)?
        }
    };
    let amount = multiplied(reader, commitment, amount, &mut owed)?;
    // Of windows on record, what was owed before counts too: their limits are applied when all are settled.
    owed.amount = match reader.facts.records() {
        Some(_) => amount,
        None => amount.and_then(|amount| limited(reader, commitment, amount, &mut owed)),
    };
    Ok(owed)
}

/// The amount times the largest factor that applies.
fn multiplied<'a>(
    reader: &Reader<'a>,
    commitment: &'a Commitment,
    amount: Result<Money, Gap>,
    owed: &mut Credited,
) -> Result<Result<Money, Gap>, Gap> {
    // Nothing stays nothing, whatever is known of the windows before.
    if amount.as_ref().is_ok_and(|amount| amount.amount.is_zero()) {
        return Ok(amount);
    }
    let place = Place::of_rule(reader.window, Wish::Low);
    let mut largest: Option<(Exact, &Factor)> = None;
    for factor in &commitment.times {
        let by = reader.number(&factor.by, place)?;
        if largest.as_ref().is_none_or(|(most, _)| *most < by) && reader.holds(&factor.when, place)? {
            largest = Some((by, factor));
        }
    }
    let Some((by, factor)) = largest else { return Ok(amount) };
    let amount = amount.map(|amount| Money::new(&amount.amount * &by, amount.currency));
    owed.part = owed.part.take().map(|part| Ratio(&part.0 * &by));
    let gives = match (&amount, &owed.part) {
        (Ok(amount), _) => shown(&Value::Money(amount.clone())),
        (Err(_), Some(part)) => shown(&Value::Ratio(part.clone())),
        (Err(gap), None) => format!("not known: {gap}"),
    };
    let from = reader.parts_of(&factor.when, place);
    owed.steps.push(Step { from, ..Step::new(format!("times {}, since `{}`", factor.by, factor.when), gives) });
    Ok(amount)
}

/// That nothing is owed, and why.
fn nothing(reader: &Reader<'_>, commitment: &Commitment, why: &str) -> Credited {
    let currency = reader.model.currency(commitment);
    let amount = currency.map(|currency| Money::new(Exact::zero(), currency)).ok_or(Gap::Poisoned);
    let steps = vec![Step::new("credit", format!("nothing, since {why}"))];
    Credited { row: None, part: Some(Ratio(Exact::zero())), limited: None, amount, steps }
}

/// The row of a table that counts, and its amount.
fn of_table<'a>(
    reader: &Reader<'a>,
    commitment: &Commitment,
    table: &'a CreditTable,
    looked_at: &Known,
) -> Result<(Credited, Result<Money, Gap>), Gap> {
    if table.rows.is_empty() {
        return Err(Gap::Poisoned);
    }
    let (mut applying, mut rest) = (Vec::new(), Vec::new());
    for row in &table.rows {
        match row.bounds.as_slice() {
            [] => rest.push(row),
            bounds if within(reader, bounds, looked_at)? => applying.push(row),
            _ => {}
        }
    }
    if applying.is_empty() {
        applying = rest;
    }
    let gives = |row: &'a CreditRow| reader.in_window(&row.gives, Wish::None)?.exactly();
    let row = if table.bands {
        // Of several the largest: parts of one fee compare by themselves.
        let mut largest: Option<(Exact, &CreditRow)> = None;
        for row in applying {
            let amount = match gives(row)? {
                Value::Ratio(part) if table.rows.iter().all(|row| row.gives.ty == Type::Ratio) => part.0,
                value => money(reader, table, &value)?.amount,
            };
            if largest.as_ref().is_none_or(|(most, _)| *most < amount) {
                largest = Some((amount, row));
            }
        }
        largest.map(|(_, row)| row)
    } else {
        farthest(reader, applying)?
    };
    let Some(row) = row else {
        return Ok((nothing(reader, commitment, "no row covers the value"), nothing(reader, commitment, "").amount));
    };
    let value = gives(row)?;
    let amount = money(reader, table, &value);
    let part = match &value {
        Value::Ratio(part) => Some(part.clone()),
        _ => None,
    };
    let of = if part.is_some() { format!(" of {}", table.base.value) } else { String::new() };
    let mut step = Step::new(row_in_words(row), format!("{}{of}", shown(&value)));
    if let (Some(_), Ok(fee)) = (&part, reader.fee_of(&table.base.value)) {
        step.from.push(Step::new(format!("`{}`", table.base.value), shown(&fee)));
    }
    if let Ok(amount) = &amount {
        step.from.push(Step::new("amount", shown(&Value::Money(amount.clone()))));
    }
    Ok((
        Credited { row: Some(row.id.clone()), part, limited: None, amount: Err(Gap::Empty), steps: vec![step] },
        amount,
    ))
}

fn row_in_words(row: &CreditRow) -> String {
    if row.bounds.is_empty() {
        return "row `otherwise`".to_owned();
    }
    let bounds: Vec<String> =
        row.bounds.iter().map(|bound| format!("{} {}", bound.side.as_str(), bound.limit)).collect();
    format!("row `{}`", bounds.join(" and "))
}

/// Whether a number is within all bounds of a row.
fn within<'a>(reader: &Reader<'a>, bounds: &'a [Bound], value: &Known) -> Result<bool, Gap> {
    let (low, high) = value.ends();
    let (low, high) = (low.exact().ok_or(Gap::Poisoned)?, high.exact().ok_or(Gap::Poisoned)?);
    for bound in bounds {
        let limit = limit(reader, bound)?;
        let fits = |number: &Exact| match bound.side {
            Side::Below => *number < limit,
            Side::AtMost => *number <= limit,
            Side::Above => *number > limit,
            Side::AtLeast => *number >= limit,
        };
        if fits(low) != fits(high) {
            return Err(Gap::Unsure);
        }
        if !fits(low) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn limit<'a>(reader: &Reader<'a>, bound: &'a Bound) -> Result<Exact, Gap> {
    match bound.value.as_ref().and_then(Value::exact) {
        Some(known) => Ok(known.clone()),
        None => reader.number(&bound.limit, Place::new(reader.window, Wish::None)),
    }
}

/// Of the rows of a ladder that apply, the one whose bound is farthest from the target; of two at one value the strict one.
fn farthest<'a>(reader: &Reader<'a>, rows: Vec<&'a CreditRow>) -> Result<Option<&'a CreditRow>, Gap> {
    let mut known = Vec::new();
    let mut upper = true;
    for row in rows {
        let Some(bound) = row.bounds.first() else { return Ok(Some(row)) };
        upper = bound.side.is_upper();
        known.push((limit(reader, bound)?, bound.side.is_inclusive(), row));
    }
    let strict_last = |inclusive: bool| !inclusive;
    Ok(if upper {
        known.into_iter().max_by_key(|(limit, inclusive, _)| (Reverse(limit.clone()), strict_last(*inclusive)))
    } else {
        known.into_iter().max_by_key(|(limit, inclusive, _)| (limit.clone(), strict_last(*inclusive)))
    }
    .map(|(_, _, row)| row))
}

/// What a row gives as money: an amount, or a part of the table's fee.
fn money(reader: &Reader<'_>, table: &CreditTable, gives: &Value) -> Result<Money, Gap> {
    match (gives, reader.fee_of(&table.base.value)) {
        (Value::Money(money), _) => Ok(money.clone()),
        (Value::Ratio(part), Ok(Value::Money(fee))) => Ok(Money::new(&part.0 * &fee.amount, fee.currency)),
        (Value::Ratio(_), Err(gap)) => Err(gap),
        _ => Err(Gap::Poisoned),
    }
}

/// An amount after the caps of the commitment and the agreement, without what is too small, rounded once.
fn limited<'a>(
    reader: &Reader<'a>,
    commitment: &'a Commitment,
    amount: Money,
    credited: &mut Credited,
) -> Result<Money, Gap> {
    let steps = &mut credited.steps;
    let (mut owed, mut capped) = (amount, false);
    let agreement = &reader.model.agreement;
    let shared: &[Cap] = if reader.model.shares_caps(commitment) { &agreement.caps } else { &[] };
    for cap in commitment.caps.iter().chain(shared) {
        let most = most(reader, commitment, cap)?;
        if most < owed.amount {
            owed.amount = most.max(Exact::zero());
            capped = true;
            credited.limited = Some(owed.amount.clone());
            steps.push(Step::new(format!("cap `{}`", cap.amount), shown(&Value::Money(owed.clone()))));
        }
    }
    if let Some(skip) = reader.model.skip(commitment)
        && is_skipped(reader, skip, &owed)?
    {
        let small = format!("{} is too small to be paid", shown(&Value::Money(owed.clone())));
        owed.amount = Exact::zero();
        credited.limited = Some(Exact::zero());
        steps.push(Step::new("skip", small));
    }
    let rounded = owed.rounded(if capped { Rounding::Down } else { Rounding::HalfEven });
    if rounded != owed {
        steps.push(Step::new("rounded to the smallest unit", shown(&Value::Money(rounded.clone()))));
    }
    Ok(rounded)
}

/// The most that a cap leaves: a fee in it is that of the period in which the cap's own window ends.
pub(super) fn most<'a>(reader: &Reader<'a>, commitment: &'a Commitment, cap: &'a Cap) -> Result<Exact, Gap> {
    let own = commitment.targets.first().map(|target| &target.window);
    let value = match cap.per.as_ref().or(own) {
        Some(per) => {
            // The term ends at some time, or else goes on.
            let term = Some(reader.term()).filter(|term| *per == Window::Term && term.end < i128::MAX);
            let window: Interval = term.or_else(|| reader.period_around(per)).unwrap_or(reader.window);
            let mut inner = Reader::new(reader.model, reader.facts, window, reader.budget);
            (inner.target, inner.attained) = (reader.target.clone(), reader.attained.clone());
            inner.amount_per(&cap.amount, per)?
        }
        None => reader.in_window(&cap.amount, Wish::None)?.exactly()?,
    };
    value.exact().cloned().ok_or(Gap::Poisoned)
}

pub(super) fn is_skipped<'a>(reader: &Reader<'a>, skip: &'a Skip, owed: &Money) -> Result<bool, Gap> {
    within(reader, std::slice::from_ref(&skip.bound), &Value::Money(owed.clone()).into())
}

impl<'a> Reader<'a> {
    /// The amount of a fee, wherever it is named.
    fn fee_of(&self, name: &str) -> Result<Value, Gap> {
        self.fee(name, Place::new(self.window, Wish::None))
    }

    /// The steps for the metrics and functions that an expression is made of.
    pub(super) fn parts_of(&self, expr: &'a Expr, place: Place<'_>) -> Vec<Step> {
        self.step(expr, place).from
    }
}
