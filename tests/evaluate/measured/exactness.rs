//! Means of 8,640 ratios with denominators that share next to nothing, on and beside a bound: no digit is lost.

use super::{One, midnight, parties, run, stamp};
use num_bigint::BigUint;
use sla::evaluate::Verdict;
use sla::values::{Date, Zone};

fn text(target: &str) -> String {
    parties("UTC", "2027-01-01", "")
        + &format!(
            r#"signal requests "Requests" as events of api {{ measured by acme; count total; count failed; missing bad }}
metric errors "Errors" = requests.failed / requests.total
metric uptime "Uptime" = 100% - mean(errors per 5min)
commitment kept "Kept" of api {{ target uptime >= {target} per calendar month
  credit of monthly {{ below target gives 10%; below 99.0% gives 25% }}
  claim automatic }}
"#
        )
}

fn primes(from: usize, count: usize) -> Vec<u64> {
    let mut sieve = vec![true; 100_000];
    for number in 2..317 {
        (number * number..sieve.len()).step_by(number).for_each(|other| sieve[other] = false);
    }
    let all = (from..sieve.len()).filter(|number| sieve[*number]).map(|number| number as u64);
    all.take(count).collect()
}

/// A table for the 30 days of April 2027 whose errors come to `1 / part` in the mean, `off` parts in 10^12 more.
fn table(part: u64, off: i64) -> String {
    // Two slices together have 2 / part: 1 / p and 2 / part - 1 / p = (2 p - part) / (part p), with p another prime each time.
    let primes = primes(usize::try_from(part).unwrap() + 1, 4_320);
    let first = primes.iter().map(|prime| (1, *prime));
    let second = primes.iter().map(|prime| (2 * prime - part, part * prime));
    let mut slices: Vec<(u64, u64)> = first.chain(second).collect();
    assert_eq!(slices.len(), 8_640);
    // All denominators differ, and those of the first half have no divisor in common.
    let mut denominators: Vec<u64> = slices.iter().map(|slice| slice.1).collect();
    denominators.sort_unstable();
    denominators.dedup();
    assert_eq!(denominators.len(), 8_640);
    // What is off in the mean stands in one slice: 8,640 times as much.
    let (failed, total) = slices[4_320];
    let scale = 1_000_000_000_000;
    let failed = u128::from(failed) * scale;
    let more = u128::from(off.unsigned_abs()) * 8_640 * u128::from(total);
    let failed = if off < 0 { failed - more } else { failed + more };
    let whole = u128::from(total) * scale;
    slices[4_320] = (u64::try_from(failed).unwrap(), u64::try_from(whole).unwrap());
    let start = midnight(&Zone::parse("UTC").unwrap(), Date::constant(2027, 4, 1));
    let rows = slices.iter().enumerate().map(|(index, (failed, total))| {
        format!("{},{total},{failed}\n", stamp(start + index as i128 * 300_000_000_000, 0))
    });
    format!("time,total,failed\n{}", rows.collect::<String>())
}

fn april(target: &str, part: u64, off: i64) -> One {
    let table = table(part, off);
    let ran = run(&text(target), &[("requests.csv", &table)], "2027-04-01", "2027-04-30");
    assert!(ran.said.is_empty(), "{:?}", ran.said);
    ran.all[0].clone()
}

/// The common denominator of all is a number of tens of thousands of bits: any that is shorter has lost something.
#[test]
fn the_denominators_share_next_to_nothing() {
    let product = primes(1_001, 4_320).into_iter().fold(BigUint::from(1_u8), |product, prime| product * prime);
    assert!(product.bits() > 50_000, "{}", product.bits());
}

#[test]
fn a_mean_on_its_target_meets_it_and_one_part_in_a_trillion_decides() {
    for (off, verdict, cents) in [(0, Verdict::Met, 0), (-1, Verdict::Met, 0), (1, Verdict::Missed, 100_00)] {
        let one = april("99.9%", 1_000, off);
        assert_eq!(one.verdict, verdict, "{off}");
        assert_eq!(one.owed, Some(Ok(cents)), "{off}");
    }
}

#[test]
fn a_mean_on_the_bound_of_a_row_is_not_below_it() {
    for (off, cents) in [(0, 100_00), (-1, 100_00), (1, 250_00)] {
        let one = april("99.9%", 100, off);
        assert_eq!(one.verdict, Verdict::Missed, "{off}");
        assert_eq!(one.owed, Some(Ok(cents)), "{off}");
    }
}
