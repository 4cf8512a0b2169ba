//! The amounts of fees, and the parts of periods that lie within the term.

use super::gap::Gap;
use super::interval::Interval;
use super::known::Known;
use super::reader::{Place, Reader};
use super::wish::Wish;
use crate::calculus::{Expr, ExprKind, Type, Value};
use crate::model::{Choice, Fee};
use crate::values::{Date, Exact, Timestamp, Window};
use std::collections::BTreeMap;

impl<'a> Reader<'a> {
    /// The amount of a fee for its period that contains the window's last instant. Constant money in it is reduced by
    /// days where only a part of that period lies within the term. Another fee in it is that of the end of this period.
    pub(super) fn fee(&self, name: &str, place: Place<'_>) -> Result<Value, Gap> {
        if let Some(stated) = self.stated_fee(name) {
            return Ok(stated.clone());
        }
        let fee = self.model.fees.get(name).ok_or(Gap::Poisoned)?;
        let part = fee.per.as_ref().and_then(|per| self.part_within_term(per));
        let place = Place { part: part.as_ref(), wish: Wish::None, at: self.window, ..place };
        let of_others = !self.model.fees_in(&fee.amount).is_empty();
        let period = fee.per.as_ref().and_then(|per| self.period_around(per)).filter(|_| of_others);
        let amount = match period.filter(|period| *period != self.window) {
            Some(at) => {
                Reader::new(self.model, self.facts, at, self.budget).exactly(&fee.amount, Place { at, ..place })
            }
            None => self.exactly(&fee.amount, place),
        };
        let amount = match amount {
            Err(Gap::Unknown(word)) if word == "invoiced" => self.not_invoiced(fee)?,
            // Whoever asks for the sum can give it.
            Err(Gap::AllOptions) => return Err(Gap::Unknown(name.to_owned())),
            other => other?,
        };
        // A negative fee is told as such.
        if amount.exact().is_some_and(|amount| amount.signum() >= 0) { Ok(amount) } else { Err(Gap::Poisoned) }
    }

    /// The amount of a fee for the period before that which contains the window's last instant; what stands for it where
    /// that lies before the term.
    pub(super) fn fee_before(&self, name: &str, initial: &'a Expr, place: Place<'_>) -> Result<Value, Gap> {
        let [per] = self.model.fee_periods(name)[..] else { return Err(Gap::Poisoned) };
        let before = self.dates_around(per).and_then(|(first, _)| first.yesterday().ok());
        let anchors = self.model.agreement.anchors(before.ok_or(Gap::Poisoned)?);
        let (first, next) = before.and_then(|day| per.dates_around(anchors, day)).ok_or(Gap::Poisoned)?;
        let (from, to) = self.within_term(first, next);
        if from >= to {
            return self.exactly(initial, Place { part: None, ..place });
        }
        let instant = |date: Date| self.zone.start_of_day(date).map(Timestamp::as_nanosecond);
        let (Some(start), Some(end)) = (instant(from), instant(to)) else { return Err(Gap::TooLong) };
        let at = Interval { start, end };
        Reader::new(self.model, self.facts, at, self.budget)
            .fee(name, Place { depth: place.depth, ..Place::new(at, Wish::None) })
    }

    /// What is said to be the amount of a fee for its period that contains the window's last instant.
    fn stated_fee(&self, name: &str) -> Option<&'a Value> {
        let last = Interval { start: self.window.end - 1, end: self.window.end };
        self.facts.whole(name).or_else(|| self.facts.at(name, last))
    }

    /// What a fee comes to for a period for which it is not invoiced by itself. An invoice is one for all options of an open
    /// dimension: where it charges another option, it charges nothing for this one.
    fn not_invoiced(&self, fee: &Fee) -> Result<Value, Gap> {
        if self.is_invoiced_for_another(fee) {
            return Value::of(&fee.amount.ty, Exact::zero()).ok_or(Gap::Poisoned);
        }
        Err(match fee.per.as_ref().and_then(|per| self.dates_around(per)) {
            Some((from, _)) if self.facts.records().is_some() => {
                Gap::NotInvoiced(fee.head.name.clone(), from.to_string())
            }
            _ => Gap::Unknown(fee.head.name.clone()),
        })
    }

    /// Whether the fee differs by an open dimension and is invoiced for another option, in the period that contains the window's
    /// last instant.
    fn is_invoiced_for_another(&self, fee: &Fee) -> bool {
        let is_open = |choice: &Choice| self.model.dimensions.get(&choice.dimension).is_some_and(|one| one.open);
        let mut others = self.model.fees.iter().filter(|one| one.head.family == fee.head.family);
        fee.head.variant.iter().any(is_open) && others.any(|one| self.stated_fee(&one.head.name).is_some())
    }

    /// The fees of all options of an open dimension together. For an option that does not exist in the period nothing is
    /// charged, unless it is not known which options exist in it: nothing is invoiced for the period at all. In a worked example
    /// nobody says which other options there are.
    pub(super) fn sum_of_fees(&self, names: &[&str], ty: &Type, place: Place<'_>) -> Result<Known, Gap> {
        let unnamed = |name: &&str| {
            let variant = self.model.fees.get(name).map(|fee| &fee.head.variant);
            variant.is_some_and(|variant| variant.iter().any(|choice| choice.each))
        };
        if self.facts.records().is_none() && names.iter().any(unnamed) {
            return Err(Gap::AllOptions);
        }
        let mut sum = Exact::zero();
        // Whether there is an invoice is looked up once for all of its options.
        let mut invoiced: BTreeMap<&str, bool> = BTreeMap::new();
        for name in names {
            let fee = self.model.fees.get(name).ok_or(Gap::Poisoned)?;
            let period = fee.per.as_ref().and_then(|per| self.period_around(per)).unwrap_or(self.window);
            let is_absent = self.model.present.get(*name).is_some_and(|present| !period.overlaps(*present));
            let is_nothing = match fee.amount.kind {
                ExprKind::Invoiced if self.stated_fee(name).is_none() => {
                    *invoiced.entry(fee.head.family.as_str()).or_insert_with(|| self.is_invoiced_for_another(fee))
                }
                ExprKind::Invoiced => false,
                _ => is_absent,
            };
            if is_nothing {
                continue;
            }
            sum = &sum + self.fee(name, place)?.exact().ok_or(Gap::Poisoned)?;
        }
        Value::of(ty, sum).map(Known::Exactly).ok_or(Gap::Poisoned)
    }

    /// An amount of money that is agreed for a period.
    pub(super) fn amount_per(&self, amount: &'a Expr, per: &Window) -> Result<Value, Gap> {
        let part = self.part_within_term(per);
        self.exactly(amount, Place { part: part.as_ref(), ..Place::new(self.window, Wish::None) })
    }

    /// The days of a period around the window's last instant: its first, and the first after it.
    fn dates_around(&self, per: &Window) -> Option<(Date, Date)> {
        let last = self.zone.date(self.window.last()?);
        per.dates_around(self.model.agreement.anchors(last), last)
    }

    /// What of a period lies within the term, as local days; one that lies within it as a whole needs no part.
    fn part_within_term(&self, per: &Window) -> Option<Exact> {
        let (first, next) = self.dates_around(per)?;
        let (from, to) = self.within_term(first, next);
        let days = |from: Date, to: Date| from.until(to).ok().map(|span| Exact::from_int(span.get_days().into()));
        if (from, to) == (first, next) {
            return None;
        }
        days(from, to)?.checked_div(&days(first, next)?)
    }

    /// The term; without an end, or without a beginning, it has none.
    pub(super) fn term(&self) -> Interval {
        let (first, next) = self.within_term(Date::MIN, Date::MAX);
        let instant = |date: Date| self.zone.start_of_day(date).map(Timestamp::as_nanosecond);
        Interval { start: instant(first).unwrap_or(i128::MIN), end: instant(next).unwrap_or(i128::MAX) }
    }

    /// A period, cut where the term begins and ends; the end of a term that renews itself is none.
    fn within_term(&self, first: Date, next: Date) -> (Date, Date) {
        self.model.agreement.within_term((first, next))
    }

    /// The period that contains the window's last instant, as far as it lies within the term.
    pub(super) fn period_around(&self, per: &Window) -> Option<Interval> {
        let (first, next) = self.dates_around(per)?;
        let (first, next) = self.within_term(first, next);
        let start = |date: Date| self.zone.start_of_day(date).map(Timestamp::as_nanosecond);
        Some(Interval { start: start(first)?, end: start(next)? })
    }
}
