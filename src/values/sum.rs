//! Sums of many fractions: exact where that is short, and otherwise two numbers between which the sum lies.

use std::collections::HashMap;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::exact::Exact;

/// The bits after the binary point of bounds: each fraction is off by less than one part in 2^64.
const PLACES: u32 = 64;
/// Sums whose denominators have at most so many bits together are exact without being asked.
const SHORT_BITS: u64 = 4096;

/// A sum of fractions, which are kept by their denominators: adding is cheap however many there are.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    numerators: HashMap<i64, i128>,
    /// What does not fit machine words.
    rest: Exact,
}

impl Sum {
    /// A sum of nothing.
    #[must_use]
    pub fn new() -> Sum {
        Sum::default()
    }

    /// Adds a number as often as it counts.
    pub fn add(&mut self, number: &Exact, times: i64) {
        match number.words() {
            Some((numerator, denominator)) => self.add_fraction(numerator, denominator, times),
            None => self.rest = &self.rest + &(number * &Exact::from_int(times)),
        }
    }

    /// Adds a fraction, whose denominator is positive, as often as it counts.
    pub fn add_fraction(&mut self, numerator: i64, denominator: i64, times: i64) {
        if numerator == 0 || times == 0 {
            return;
        }
        let more = i128::from(numerator) * i128::from(times);
        let sum = self.numerators.entry(denominator).or_default();
        match sum.checked_add(more) {
            Some(total) => *sum = total,
            None => {
                let more = BigRational::new(more.into(), denominator.into());
                self.rest = Exact::from_big(self.rest.to_big() + more);
            }
        }
    }

    /// Adds another sum.
    pub fn append(&mut self, other: Sum) {
        for (denominator, numerator) in other.numerators {
            let sum = self.numerators.entry(denominator).or_default();
            match sum.checked_add(numerator) {
                Some(total) => *sum = total,
                None => {
                    let more = BigRational::new(numerator.into(), denominator.into());
                    self.rest = Exact::from_big(self.rest.to_big() + more);
                }
            }
        }
        self.rest = &self.rest + &other.rest;
    }

    /// The sum, or two numbers between which it lies, where its denominator would be long and it need not be exact.
    #[must_use]
    pub fn bounds(&self, exact: bool) -> (Exact, Exact) {
        let bits: u64 = self.numerators.keys().map(|denominator| u64::from(64 - denominator.leading_zeros())).sum();
        if exact || bits <= SHORT_BITS {
            let sum = self.exact();
            return (sum.clone(), sum);
        }
        let mut low = BigInt::ZERO;
        for (denominator, numerator) in &self.numerators {
            low += floor(*numerator, *denominator);
        }
        let high = &low + BigInt::from(self.numerators.len());
        let scaled = |number: BigInt| Exact::from_big(BigRational::new(number, BigInt::from(1) << PLACES));
        (&self.rest + &scaled(low), &self.rest + &scaled(high))
    }

    /// The sum, to the last bit. Neighbours are added first, so that long numbers meet late.
    #[must_use]
    pub fn exact(&self) -> Exact {
        let mut parts: Vec<(i64, i128)> = self.numerators.iter().map(|(key, value)| (*key, *value)).collect();
        parts.sort_unstable();
        let fraction = |(denominator, numerator): &(i64, i128)| {
            Exact::from_big(BigRational::new((*numerator).into(), (*denominator).into()))
        };
        let mut level: Vec<Exact> = parts.iter().map(fraction).collect();
        while level.len() > 1 {
            level = level.chunks(2).map(|pair| pair.iter().fold(Exact::zero(), |sum, one| &sum + one)).collect();
        }
        &self.rest + &level.pop().unwrap_or_default()
    }
}

/// The greatest whole number that is not above a fraction times 2^64.
fn floor(numerator: i128, denominator: i64) -> BigInt {
    match i64::try_from(numerator) {
        Ok(small) => ((i128::from(small) << PLACES).div_euclid(i128::from(denominator))).into(),
        Err(_) => {
            let scaled = Exact::from_big(BigRational::new(BigInt::from(numerator) << PLACES, denominator.into()));
            scaled.floor().numerator()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sum_lies_between_its_bounds(parts in prop::collection::vec((any::<i32>(), 1i64..1_000_000, 0i64..5), 0..400)) {
            let mut sum = Sum::new();
            let (mut halves, mut plain) = ((Sum::new(), Sum::new()), Exact::zero());
            for (index, (numerator, denominator, times)) in parts.iter().enumerate() {
                let number = Exact::ratio((*numerator).into(), *denominator).unwrap();
                sum.add(&number, *times);
                let half = if index % 2 == 0 { &mut halves.0 } else { &mut halves.1 };
                half.add(&number, *times);
                plain = &plain + &(&number * &Exact::from_int(*times));
            }
            prop_assert_eq!(&sum.exact(), &plain);
            let (low, high) = sum.bounds(false);
            prop_assert!(low <= plain && plain <= high);
            let most = Exact::ratio(parts.len() as i64, i64::MAX).unwrap();
            prop_assert!(&high - &low <= most);
            halves.0.append(halves.1);
            prop_assert_eq!(halves.0.exact(), plain);
        }

        #[test]
        fn large_numbers_add_up(parts in prop::collection::vec((any::<i64>(), 1i64.., 1i64..), 0..40)) {
            let mut sum = Sum::new();
            let mut plain = Exact::zero();
            for (numerator, denominator, times) in &parts {
                let number = Exact::ratio(*numerator, *denominator).unwrap();
                sum.add(&number, *times);
                plain = &plain + &(&number * &Exact::from_int(*times));
            }
            prop_assert_eq!(&sum.exact(), &plain);
            let (low, high) = sum.bounds(false);
            prop_assert!(low <= plain && plain <= high);
        }
    }
}
