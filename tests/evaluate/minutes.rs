//! A second evaluator that is slow and plain: it looks at every minute of a window, and knows neither groups of slices nor
//! intervals. On generated measurements in months of every length, with changes of the clocks, it agrees with the first.

use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;
use sla::calculus::Value;
use sla::evaluate::{Budget, Facts, Interval, judge};
use sla::source::SourceMap;
use sla::values::{Date, Duration, Exact, Period, PeriodUnit, Ratio, Zone};

const NANOS: i128 = 1_000_000_000;

/// What is measured, in minutes and thousandths of a percent.
#[derive(Clone, Debug)]
struct Shape {
    slice: u32,
    threshold: u32,
    least: u32,
    gap: u32,
}

impl Shape {
    fn text(&self) -> String {
        let Shape { slice, threshold, least, gap } = self;
        let bad = format!("error_rate > {}.{:03}% per {slice}min", threshold / 1000, threshold % 1000);
        let mut text = String::from(
            r#"agreement naive "Naive" { version "1.0"; status draft; effective 2024-01-01; timezone "UTC"; currency EUR }
party acme "Acme GmbH" as provider { contact noc "Operations" { email "noc@acme.example" } }
party globex "Globex" as customer { contact it "IT" { email "it@globex.example" } }
service api "The interface" { by acme to globex }
signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
maintenance planned "Planned" of api { announce 1 days before start; counts excluded }
exclusion outside "Outside" { when "Outside"; counts met }
metric error_rate "Errors" = requests.failed / requests.total when empty 0%
"#,
        );
        let metrics = [
            (format!("100% - mean(error_rate per {slice}min)"), ">= 99%"),
            (format!("share({})", bad.replace('>', "<=")), ">= 99%"),
            (format!("total(runs({bad}) where length >= {least}min)"), "<= 1h"),
            (format!("count(joined(runs({bad}), {gap}min) where length > {least}min)"), "<= 1"),
            (format!("count({bad})"), "<= 1"),
            (format!("1 - total(runs({bad})) / window"), ">= 99%"),
            (format!("max(error_rate per {slice}min)"), "<= 1%"),
            (format!("p90(error_rate per {slice}min)"), "<= 1%"),
            (
                format!(
                    "mean(if error_rate <= 1% then 1 else if {} then 0.5 else 0 per {slice}min)",
                    "error_rate <= 40%"
                ),
                ">= 0.9",
            ),
        ];
        for (index, (metric, target)) in metrics.iter().enumerate() {
            text.push_str(&format!("metric m{index} \"M{index}\" = {metric}\ncommitment c{index} \"C{index}\" of api {{ target m{index} {target} per calendar month; exclude planned, outside }}\n"));
        }
        text
    }
}

fn rational(thousandths: u32) -> BigRational {
    BigRational::new(thousandths.into(), 100_000.into())
}

/// What is known of each minute: the error rate, and whether the minute is cut out of the window.
struct Minutes {
    rate: Vec<u32>,
    cut: Vec<bool>,
}

/// The values of the metrics of a shape, minute by minute; nothing where all of the window is cut out.
fn plainly(shape: &Shape, minutes: &Minutes) -> Option<Vec<BigRational>> {
    let count = |number: usize| BigRational::from_integer(number.into());
    let width = shape.slice as usize;
    let open: Vec<usize> = (0..minutes.rate.len()).filter(|minute| !minutes.cut[*minute]).collect();
    if open.is_empty() {
        return None;
    }
    let all = count(open.len());
    let bad = |minute: &usize| minutes.rate[*minute] > shape.threshold;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for minute in open.iter().copied().filter(bad) {
        match runs.last_mut() {
            Some(run) if run.1 == minute => run.1 += 1,
            _ => runs.push((minute, minute + 1)),
        }
    }
    let total = |least: usize| runs.iter().map(|run| run.1 - run.0).filter(|length| *length >= least).sum::<usize>();
    // The end of what is joined, and its bad minutes: the gaps are no part of its length.
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for run in &runs {
        match joined.last_mut() {
            Some(last) if run.0 - last.0 <= shape.gap as usize => *last = (run.1, last.1 + run.1 - run.0),
            _ => joined.push((run.1, run.1 - run.0)),
        }
    }
    let joined = joined.iter().filter(|run| run.1 > shape.least as usize).count();
    let bad_slices: std::collections::BTreeSet<usize> =
        open.iter().filter(|minute| bad(minute)).map(|minute| minute / width).collect();
    let mut sorted: Vec<u32> = open.iter().map(|minute| minutes.rate[*minute]).collect();
    sorted.sort_unstable();
    let rank = (sorted.len() * 9).div_ceil(10);
    let weight = |rate: &u32| match rate {
        0..=1_000 => BigRational::one(),
        1_001..=40_000 => BigRational::new(1.into(), 2.into()),
        _ => BigRational::zero(),
    };
    Some(vec![
        BigRational::one() - sorted.iter().map(|rate| rational(*rate)).sum::<BigRational>() / &all,
        count(open.iter().filter(|minute| !bad(minute)).count()) / &all,
        count(total(shape.least as usize)) * count(60),
        count(joined),
        count(bad_slices.len()),
        BigRational::one() - count(total(0)) / &all,
        rational(*sorted.last().unwrap()),
        rational(sorted[rank - 1]),
        sorted.iter().map(weight).sum::<BigRational>() / &all,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn every_minute_says_the_same(
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
        month in 0u32..48,
        slice in prop::sample::select(vec![1u32, 5, 10, 30]),
        threshold in 0u32..60_000,
        least in 0u32..90,
        gap in 0u32..120,
        excluded in prop::collection::vec((0u32..45_000, 1u32..2_000), 0..4),
        kept in prop::collection::vec((0u32..1_500, 1u32..40), 0..3),
        given in prop::collection::vec((0u32..1_500, 1u32..40, prop_oneof![Just(0u32), Just(100_000), 0u32..100_000]), 0..8),
    ) {
        let shape = Shape { slice, threshold, least, gap };
        let text = shape.text().replace("\"UTC\"", &format!("\"{zone}\""));
        let mut sources = SourceMap::new();
        let file = sources.add("naive.sla", text);
        let checked = sla::check(file, &sources);
        prop_assert!(!checked.fails(), "{}", sla::diagnostics::plain::render(&checked.findings, &sources, false));
        let zone = Zone::parse(zone).unwrap();
        let first: Date = Period::new(month, PeriodUnit::Month).add_to(Date::constant(2024, 1, 1)).unwrap();
        let next = Period::new(1, PeriodUnit::Month).add_to(first).unwrap();
        let window = Interval::between(zone.start_of_day(first).unwrap(), zone.start_of_day(next).unwrap());
        let minutes = usize::try_from((window.end - window.start) / (60 * NANOS)).unwrap();
        let at = |minute: usize| window.start + minute as i128 * 60 * NANOS;
        let mut plain = Minutes { rate: vec![0; minutes], cut: vec![false; minutes] };
        let mut facts = Facts::default();
        let within = |start: u32, length: u32, unit: u32| {
            let (start, end) = ((start * unit) as usize, ((start + length) * unit) as usize);
            (start < minutes).then(|| start..end.min(minutes))
        };
        for (range, rate) in given.into_iter().filter_map(|(start, length, rate)| Some((within(start, length, slice)?, rate))) {
            plain.rate[range.clone()].fill(rate);
            let during = Interval { start: at(range.start), end: at(range.end) };
            facts.state("error_rate", Some(during), Value::Ratio(Ratio(Exact::ratio(rate.into(), 100_000).unwrap())));
        }
        // Of a slice that is kept in part the rate would not be one.
        for range in kept.into_iter().filter_map(|(start, length)| within(start, length, slice)) {
            plain.rate[range.clone()].fill(0);
            facts.state("outside", Some(Interval { start: at(range.start), end: at(range.end) }), Value::Boolean(true));
        }
        for range in excluded.into_iter().filter_map(|(start, length)| within(start, length, 1)) {
            plain.cut[range.clone()].fill(true);
            facts.state("planned", Some(Interval { start: at(range.start), end: at(range.end) }), Value::Boolean(true));
        }
        let plain = plainly(&shape, &plain);
        for index in 0..9 {
            let commitment = checked.model.commitments.get(&format!("c{index}")).unwrap();
            let judged = judge(&checked.model, commitment, &facts, window, &Budget::default());
            let value = judged.attained[0].clone();
            match &plain {
                Some(plain) => prop_assert_eq!(value.unwrap().exactly().unwrap().exact().unwrap().to_big(), plain[index].clone(), "m{} of {:?}", index, shape),
                None => prop_assert!(value.is_err()),
            }
        }
        prop_assert_eq!(window.length(), Duration::from_whole_seconds(i64::try_from(minutes).unwrap() * 60));
    }
}
