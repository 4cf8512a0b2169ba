//! Means, shares, sums and counts, added up one after another.

use super::functions::Weighted;
use super::gap::Gap;
use super::interval::whole;
use super::known::Known;
use super::quick::Word;
use crate::calculus::{Function, Type, Value};
use crate::values::{Exact, Sum};

/// What was read so far.
pub(super) struct Tally {
    function: Function,
    /// Whether a sum adds up totals: of a slice that is cut there is less, whatever it weighs.
    adds_up: bool,
    low: Sum,
    /// The sum of upper bounds, where anything is not known exactly.
    high: Option<Sum>,
    /// The slices that weigh one, and those of them for which a condition holds.
    slices: i64,
    good_slices: i64,
    /// What others weigh, and those of them for which a condition holds.
    weight: Exact,
    good: Exact,
    /// How often a condition holds.
    count: i128,
}

impl Tally {
    /// Nothing yet; nothing at all for a function that is not added up.
    pub fn new(function: Function, adds_up: bool) -> Option<Tally> {
        matches!(function, Function::Mean | Function::Share | Function::Sum | Function::Count).then(|| Tally {
            function,
            adds_up,
            low: Sum::new(),
            high: None,
            slices: 0,
            good_slices: 0,
            weight: Exact::zero(),
            good: Exact::zero(),
            count: 0,
        })
    }

    /// Adds a whole slice.
    pub fn add_word(&mut self, word: Word) {
        match word {
            Word::Fraction(numerator, denominator) => {
                self.low.add_fraction(numerator, denominator, 1);
                if let Some(high) = &mut self.high {
                    high.add_fraction(numerator, denominator, 1);
                }
            }
            Word::Truth(true) => self.good_slices += 1,
            Word::Truth(false) | Word::Missing => {}
        }
        self.slices += 1;
    }

    /// Adds a value with what it weighs, and for how many slices or occurrences it stands.
    pub fn add(&mut self, one: &Weighted) -> Result<(), Gap> {
        let (weight, count) = (&one.weight, one.count);
        self.weight = &self.weight + weight;
        let (low, high) = match one.value.ends() {
            (Value::Boolean(holds), _) => {
                if *holds {
                    self.good = &self.good + weight;
                    self.count += count;
                }
                return Ok(());
            }
            (low, high) => (low.exact().ok_or(Gap::Poisoned)?, high.exact().ok_or(Gap::Poisoned)?),
        };
        if low != high && self.high.is_none() {
            self.high = Some(self.low.clone());
        }
        // Counts of the whole of a slice are no less for what is cut out of it.
        let adds_up = self.adds_up && self.function == Function::Sum && !one.by_start;
        let times = if adds_up { whole(count) } else { weight.clone() };
        let add = |sum: &mut Sum, number: &Exact| match times.to_i64() {
            Some(times) => sum.add(number, times),
            None => sum.add(&(number * &times), 1),
        };
        add(&mut self.low, low);
        if let Some(sum) = &mut self.high {
            add(sum, high);
        }
        Ok(())
    }

    /// The value of the function; nothing of nothing.
    pub fn finish(self, ty: &Type, exact: bool) -> Option<Known> {
        let all = &self.weight + &Exact::from_int(self.slices);
        let value = |number: Exact| Value::of(ty, number);
        match self.function {
            Function::Share => {
                let good = &self.good + &Exact::from_int(self.good_slices);
                Some(Known::Exactly(value(good.checked_div(&all)?)?))
            }
            Function::Count => Some(Known::Exactly(value(whole(self.count + i128::from(self.good_slices)))?)),
            _ => {
                let by = if self.function == Function::Mean { all } else { Exact::one() };
                let (low, most) = self.low.bounds(exact);
                let high = self.high.map_or(most, |high| high.bounds(exact).1);
                let end = |sum: &Exact| value(sum.checked_div(&by)?);
                let least = end(&low)?;
                Some(if low == high { Known::Exactly(least) } else { Known::between(least, end(&high)?) })
            }
        }
    }
}
