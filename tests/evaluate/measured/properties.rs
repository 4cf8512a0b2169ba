//! What holds of every table of credits, and whatever units things are written in.

use super::{Ran, checked, evaluated_alone, parties};
use proptest::prelude::*;
use sla::calculus::Value;
use sla::evaluate::{Budget, Facts, Interval, judge};
use sla::values::{Date, Exact, Ratio, Zone, parse_date};

/// Bounds in thousandths of a percent, from the best one on, with what they give in percent, which grows.
fn ladder() -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::btree_map(80_000u32..99_900, 0u32..30, 1..6).prop_map(|rows| {
        let mut gives = 1;
        rows.into_iter()
            .rev()
            .map(|(bound, more)| {
                gives += more;
                (bound, gives.min(100))
            })
            .collect()
    })
}

fn percent(thousandths: u32) -> String {
    format!("{}.{:03}%", thousandths / 1000, thousandths % 1000)
}

/// What is owed in June for an uptime in thousandths of a percent; in parts of a cent.
fn owed(text: &str, uptimes: &[u32]) -> Vec<Exact> {
    let model = checked(text);
    let zone = Zone::parse("Europe/Berlin").unwrap();
    let start = |date: &str| zone.start_of_day(parse_date(date).unwrap()).unwrap();
    let window = Interval::between(start("2027-06-01"), start("2027-07-01"));
    let commitment = model.commitments.get("kept").unwrap();
    let amount = |uptime: &u32| {
        let mut facts = Facts::default();
        let ratio = Ratio(Exact::ratio(i64::from(*uptime), 100_000).unwrap());
        facts.state("uptime", None, Value::Ratio(ratio));
        let judged = judge(&model, commitment, &facts, window, &Budget::default());
        judged.credit.unwrap().unwrap().amount.unwrap().amount
    };
    uptimes.iter().map(amount).collect()
}

fn agreement(credit: &str, more: &str) -> String {
    parties("Europe/Berlin", "2027-01-01", "")
        + &format!(
            r#"signal requests "Requests" as events of api {{ measured by acme; count total; count failed; missing bad }}
metric uptime "Uptime" = 1 - requests.failed / requests.total when empty 0%
commitment kept "Kept" of api {{
  target uptime >= 99.9% per calendar month
  {credit}
  {more}
  claim automatic
}}
"#
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A worse result never earns less, nothing is owed where the target is met, and never more than the cap.
    #[test]
    fn credits_grow_with_the_miss_up_to_the_cap(
        rows in ladder(), cap in 1u32..100_000, times in any::<bool>(), formula in any::<bool>(),
        mut uptimes in prop::collection::vec(75_000u32..=100_000, 2..12),
    ) {
        uptimes.extend(rows.iter().flat_map(|(bound, _)| [*bound, bound - 1, bound + 1]));
        uptimes.sort_unstable();
        let all: Vec<String> = rows.iter().map(|(bound, gives)| format!("below {} gives {gives}%", percent(*bound))).collect();
        let credit = if formula { "credit = 3.21 EUR * started(target - attained, 0.7pp)".to_owned() } else { format!("credit of monthly {{ {} }}", all.join("; ")) };
        let times = if times { "times 2 when uptime < 90%" } else { "" };
        let most = Exact::ratio(i64::from(cap), 100).unwrap();
        let limited = format!("{times}\n  cap {}.{:02} EUR", cap / 100, cap % 100);
        let (free, capped) = (owed(&agreement(&credit, times), &uptimes), owed(&agreement(&credit, &limited), &uptimes));
        for amounts in [&free, &capped] {
            prop_assert!(amounts.windows(2).all(|pair| pair[0] >= pair[1]), "{uptimes:?}: {amounts:?}");
        }
        for ((uptime, free), capped) in uptimes.iter().zip(&free).zip(&capped) {
            prop_assert_eq!(capped, &free.clone().min(most.clone()), "{}", uptime);
            prop_assert!(*uptime < 99_900 || free.is_zero());
        }
    }

    /// The same in milliseconds, minutes and percent as in seconds, hours and parts of one.
    #[test]
    fn units_make_no_difference(latencies in prop::collection::vec(0u32..2_000, 1..40), bound in 1u32..2_000, hot in 15u32..40) {
        let run = |small: bool| {
            let unit = if small { "ms" } else { "s" };
            let time = |ms: u32| if small { format!("{ms}ms") } else { format!("{}.{:03}s", ms / 1000, ms % 1000) };
            let cell = |ms: u32| if small { ms.to_string() } else { format!("{}.{:03}", ms / 1000, ms % 1000) };
            let (hour, day, part) = if small { ("60min", "1440min", "1/2") } else { ("1h", "24h", "50%") };
            let text = parties("UTC", "2027-01-01", "") + &format!(
                r#"signal calls "Calls" as events of api {{ measured by acme; value wait {unit}; missing good }}
signal inlet "Inlet" as samples of api {{ measured by acme; unit °C; every {hour}; missing excluded }}
metric fast "Fast" = share(calls.wait <= {})
metric mean_wait "Mean" = mean(calls.wait)
metric slowest "Slowest tenth" = p90(calls.wait)
metric hot "Hot" = total(runs(max(inlet) > 27°C per {hour}) where length >= {day})
commitment quick "Quick" of api {{ target fast >= {part} * 100% per calendar month; credit of monthly {{ below target gives 10% }}; claim automatic }}
commitment mean_of "Mean of" of api {{ target mean_wait <= {} per calendar month; credit = 7.77 EUR * started(attained - target, {}); claim automatic }}
commitment tenth "Tenth" of api {{ target slowest <= {} per calendar month }}
commitment cool "Cool" of api {{ target hot <= {hour} per calendar month }}
"#, time(bound), time(bound), time(100), time(bound));
            let mut calls = "time,wait\n".to_owned();
            for (index, wait) in latencies.iter().enumerate() {
                calls.push_str(&format!("2027-03-{:02}T10:00:00Z,{}\n", index % 28 + 1, cell(*wait)));
            }
            let mut inlet = "time,value\n".to_owned();
            for hour in 0..31 * 24 {
                let value = if hour < hot { 28 } else { 20 };
                inlet.push_str(&format!("2027-03-{:02}T{:02}:00:00Z,{value}\n", hour / 24 + 1, hour % 24));
            }
            let files = [("calls.csv".to_owned(), calls), ("inlet.csv".to_owned(), inlet)];
            evaluated_alone(&checked(&text), &files, Date::constant(2027, 3, 1), Date::constant(2027, 3, 31))
        };
        let (small, large): (Ran, Ran) = (run(true), run(false));
        prop_assert_eq!(small.all.len(), 4);
        prop_assert_eq!(small.all, large.all);
    }
}
