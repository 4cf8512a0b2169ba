//! Generated agreements and tables of windows in several zones: what the program computes, held against minutes one by one.

use super::minute::{
    Counts, Expected, Masks, Policy, Seen, Shape, of_counts, of_readings, of_values, share_of_time, stretches_of_time,
};
use super::{Ran, checked, evaluated, evaluated_alone, midnight, parties, stamp};
use num_rational::BigRational;
use proptest::prelude::*;
use sla::evaluate::{Gap, Verdict};
use sla::values::{Date, Zone};
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i128 = 60_000_000_000;
/// Rows without failures reach so many minutes beyond the window.
const MARGIN: i64 = 120;
const GRACE: usize = 15;

/// Stretches of minutes from the window's start, each with its length.
type Stretches = Vec<(i64, i64)>;

#[derive(Clone, Debug)]
struct Made {
    zone: &'static str,
    window: &'static str,
    /// A day in the window.
    day: Date,
    /// So many days after the window begins the agreement takes effect; otherwise long before.
    late: Option<i64>,
    shape: Shape,
    /// A row comes every so many minutes.
    every: i64,
    policy: Policy,
    grace: bool,
    gaps: Stretches,
    /// With the requests of each row, and how many of them fail.
    bursts: Vec<(i64, i64, u64, u64)>,
    planned: Stretches,
    budget: i64,
    away: Stretches,
    kept: Stretches,
    /// Readings of a state, at minutes.
    states: Vec<(i64, usize, bool)>,
    state_every: Option<i64>,
    /// Places in a row of readings that are lacking, and others with a value in tenths of a degree.
    lost: Vec<i64>,
    heat: Vec<(i64, u32)>,
    /// A minute, milliseconds, and how many.
    calls: Vec<(i64, u32, usize)>,
    offset: i32,
}

const TARGETS: [(&str, &str); 18] = [
    ("100% - mean(errors per SLICEmin)", ">= 99%"),
    ("100% - errors", ">= 99%"),
    ("share(errors <= LIMIT per SLICEmin)", ">= 99%"),
    ("total(runs(errors > LIMIT per SLICEmin) where length >= LEASTmin)", "<= 1h"),
    ("count(joined(runs(errors > LIMIT per SLICEmin), GAPmin) where length > LEASTmin)", "<= 1"),
    ("share(db)", ">= 99%"),
    ("share(all(up per place))", ">= 90%"),
    ("share(none(up per place))", "<= 10%"),
    ("share(heat <= 27°C)", ">= 95%"),
    ("mean(heat)", "<= 25°C"),
    ("p95(heat)", "<= 27°C"),
    ("share(calls.latency <= 800ms)", ">= 90%"),
    ("mean(calls.latency)", "<= 700ms"),
    ("p90(calls.latency)", "<= 1s"),
    ("count(calls)", ">= 5"),
    ("total(runs(not db))", "<= 1h"),
    ("total(runs(not db) where length >= LEASTmin)", "<= 1h"),
    ("count(joined(runs(none(up per place)), GAPmin) where length > LEASTmin)", "<= 1"),
];

impl Made {
    /// A temperature has no worst value, and a latency none either: of those the language wants another rule.
    fn has(&self, index: usize) -> bool {
        let [warm, slow] = [matches!(index, 9 | 10), matches!(index, 12 | 13)];
        match self.policy {
            Policy::Bad => !warm && !slow,
            Policy::Good => !warm,
            _ => true,
        }
    }

    fn text(&self, effective: Date) -> String {
        let Shape { slice, threshold, least, gap } = self.shape;
        let grace = self.grace.then_some(GRACE);
        let every = self.state_every.map_or(String::new(), |every| format!("every {every}min;"));
        let mut text = parties(self.zone, &effective.to_string(), "");
        text.push_str(&format!(
            r#"signal requests "Requests" as events of api {{ measured by acme; count total; count failed; {with_grace} }}
signal db "Database" as state of api {{ measured by acme; {every} {with_grace} }}
signal up "Up" as state of api {{ measured by acme; {every} field place text; {plain} }}
signal heat "Heat" as samples of api {{ measured by acme; unit °C; every 5min; {plain} }}
signal calls "Calls" as events of api {{ measured by acme; value latency ms; {plain} }}
maintenance planned "Planned" of api {{ budget {budget}min per calendar year; counts excluded }}
exclusion away "Away" {{ when "Away"; counts excluded }}
exclusion kept "Kept" {{ when "Kept"; counts met }}
metric errors "Errors" = requests.failed / requests.total when empty 0%
"#,
            with_grace = self.policy.text(grace),
            plain = self.policy.text(None),
            budget = self.budget,
        ));
        let limit = format!("{}.{:03}%", threshold / 1000, threshold % 1000);
        for (index, (metric, target)) in TARGETS.iter().enumerate().filter(|(index, _)| self.has(*index)) {
            let metric = metric.replace("SLICE", &slice.to_string()).replace("LIMIT", &limit);
            let metric = metric.replace("LEAST", &least.to_string()).replace("GAP", &gap.to_string());
            text.push_str(&format!("metric m{index} \"M\" = {metric}\ncommitment c{index} \"C\" of api {{ target m{index} {target} per {}; exclude planned, away, kept }}\n", self.window));
        }
        text
    }

    /// The first day of the window, and the first after it.
    fn dates(&self) -> (Date, Date) {
        let day = self.day;
        match self.window {
            "calendar day" => (day, day.tomorrow().unwrap()),
            "calendar week" => {
                let monday =
                    (0..i32::from(day.weekday().to_monday_zero_offset())).fold(day, |day, _| day.yesterday().unwrap());
                (monday, (0..7).fold(monday, |day, _| day.tomorrow().unwrap()))
            }
            _ => (day.first_of_month(), day.last_of_month().tomorrow().unwrap()),
        }
    }
}

/// Rows of a table, without its header.
struct Table {
    name: &'static str,
    columns: &'static str,
    rows: Vec<String>,
}

impl Table {
    /// The table in the order of `keys`, as CSV or JSON Lines, in one file or two.
    fn files(&self, keys: &[u32], split: bool, jsonl: bool) -> Vec<(String, String)> {
        let key =
            |index: usize| (keys.get(index % keys.len().max(1)).map(|key| key.rotate_left(index as u32 % 32)), index);
        let mut rows: Vec<(usize, &String)> = self.rows.iter().enumerate().collect();
        if !keys.is_empty() {
            rows.sort_by_key(|(index, _)| key(*index));
        }
        let columns: Vec<&str> = self.columns.split(',').collect();
        let write = |rows: &[(usize, &String)]| -> String {
            let object = |row: &str| {
                let cells = columns.iter().zip(row.split(',')).map(|(name, cell)| format!("\"{name}\":\"{cell}\""));
                format!("{{{}}}\n", cells.collect::<Vec<_>>().join(","))
            };
            if jsonl {
                return rows.iter().map(|(_, row)| object(row)).collect();
            }
            format!("{}\n{}", self.columns, rows.iter().map(|(_, row)| format!("{row}\n")).collect::<String>())
        };
        let end = if jsonl { "jsonl" } else { "csv" };
        if !split {
            return vec![(format!("{}.{end}", self.name), write(&rows))];
        }
        let (one, two) = rows.split_at(rows.len() / 2);
        // One part as CSV, so that both forms make one table.
        let first = format!("{}\n{}", self.columns, one.iter().map(|(_, row)| format!("{row}\n")).collect::<String>());
        vec![(format!("{}.1.csv", self.name), first), (format!("{}.2.{end}", self.name), write(two))]
    }
}

/// The minutes of stretches, within the window.
fn within(stretches: &Stretches, minutes: usize) -> impl Iterator<Item = usize> {
    let end = i64::try_from(minutes).unwrap();
    stretches
        .iter()
        .flat_map(move |(start, length)| (*start).max(0)..(start + length).min(end))
        .map(|minute| usize::try_from(minute).unwrap())
}

/// The tables, and what each metric comes to.
fn plainly(made: &Made, zone: &Zone, start: i128, minutes: usize, effective: Date) -> (Vec<Table>, Vec<Expected>) {
    let at = |minute: i64| stamp(start + i128::from(minute) * MINUTE, made.offset);
    let end = i64::try_from(minutes).unwrap();
    let times = |name, stretches: &Stretches| {
        let all: BTreeSet<&(i64, i64)> = stretches.iter().collect();
        let rows = all.into_iter().map(|(from, length)| format!("{},{}", at(*from), at(from + length))).collect();
        Table { name, columns: "from,to", rows }
    };
    let mut masks = Masks { cut: vec![false; minutes], kept: vec![false; minutes] };
    within(&made.away, minutes).for_each(|minute| masks.cut[minute] = true);
    // Maintenance takes from its budget minute by minute, from the beginning of the year or of the agreement.
    let planned: BTreeSet<i64> = made.planned.iter().flat_map(|(from, length)| *from..from + length).collect();
    let year = |minute: i64| {
        zone.date(sla::values::Timestamp::from_nanosecond(start + i128::from(minute) * MINUTE).unwrap()).year()
    };
    let begins = midnight(zone, effective);
    let mut used: BTreeMap<i16, i64> = BTreeMap::new();
    for minute in planned.into_iter().filter(|minute| *minute < end && start + i128::from(*minute) * MINUTE >= begins) {
        let used = used.entry(year(minute)).or_default();
        if *used < made.budget {
            *used += 1;
            usize::try_from(minute).into_iter().for_each(|minute| masks.cut[minute] = true);
        }
    }
    within(&made.kept, minutes).for_each(|minute| masks.kept[minute] = !masks.cut[minute]);

    let mut requests: BTreeMap<i64, (u64, u64)> =
        (-MARGIN..end + MARGIN).filter(|minute| minute % made.every == 0).map(|minute| (minute, (4, 0))).collect();
    let inside = |minute: &i64| (0..end).contains(minute);
    for (from, length, total, failed) in &made.bursts {
        let minutes = (*from..from + length).filter(inside);
        requests.extend(minutes.map(|minute| (minute, (*total, *failed.min(total)))));
    }
    for (from, length) in &made.gaps {
        requests.retain(|minute, _| !inside(minute) || !(*from..from + length).contains(minute));
    }
    let mut counts = Counts {
        total: vec![0; minutes],
        failed: vec![0; minutes],
        rows: vec![false; minutes],
        times: requests.keys().copied().collect(),
        grace: made.grace.then_some(GRACE),
    };
    for (minute, (total, failed)) in requests.iter().filter(|(minute, _)| inside(minute)) {
        let minute = usize::try_from(*minute).unwrap();
        (counts.total[minute], counts.failed[minute], counts.rows[minute]) = (*total, *failed, true);
    }
    let mut all = of_counts(&counts, &masks, made.policy, made.shape);
    let rows = requests.iter().map(|(minute, (total, failed))| format!("{},{total},{failed}", at(*minute))).collect();
    let mut tables = vec![Table { name: "requests", columns: "time,total,failed", rows }];

    let mut readings: Vec<BTreeMap<i64, bool>> = vec![BTreeMap::new(); 4];
    for (minute, place, up) in made.states.iter().filter(|(minute, ..)| *minute < end) {
        readings[*place].insert(*minute, *up);
    }
    let db = of_readings(&readings[0], made.state_every, counts.grace, minutes);
    // What time that counts as kept is worth where there is no row at all is a test of its own.
    let unrecorded =
        |none: bool, value: Expected| if none && masks.kept.contains(&true) { Expected::Open } else { value };
    all.push(unrecorded(readings[0].is_empty(), share_of_time(&db, &masks, made.policy, true)));
    let of_places = |decisive: bool| -> Vec<Seen<bool>> {
        let places: Vec<_> = readings[1..]
            .iter()
            .filter_map(|one| Some((*one.keys().next()?, of_readings(one, made.state_every, None, minutes))))
            .collect();
        let minute = |minute: usize| {
            let here =
                places.iter().filter(|(first, _)| *first <= i64::try_from(minute).unwrap()).map(|one| &one.1[minute]);
            let here: Vec<&Seen<bool>> = here.collect();
            match () {
                () if here.contains(&&Seen::Is(decisive)) => Seen::Is(false),
                () if here.is_empty() || here.iter().any(|one| matches!(one, Seen::Missing(_))) => Seen::Missing(true),
                () => Seen::Is(true),
            }
        };
        (0..minutes).map(minute).collect()
    };
    let first = readings[1..].iter().filter_map(|one| one.keys().next().copied()).min().unwrap_or(end);
    let nowhere = (0..end).any(|minute| minute < first && masks.kept[usize::try_from(minute).unwrap()]);
    all.push(unrecorded(nowhere, share_of_time(&of_places(false), &masks, made.policy, true)));
    all.push(unrecorded(nowhere, share_of_time(&of_places(true), &masks, made.policy, false)));
    let word = |up: bool| if up { "up" } else { "down" };
    let rows = readings[0].iter().map(|(minute, up)| format!("{},{}", at(*minute), word(*up))).collect();
    tables.push(Table { name: "db", columns: "time,state", rows });
    let rows = readings[1..]
        .iter()
        .zip(["a", "b", "c"])
        .flat_map(|(one, place)| one.iter().map(move |(minute, up)| (*minute, *up, place)));
    tables.push(Table {
        name: "up",
        columns: "time,state,place",
        rows: rows.map(|(minute, up, place)| format!("{},{},{place}", at(minute), word(up))).collect(),
    });

    let mut heat: BTreeMap<i64, u32> = (-MARGIN / 5..(end + MARGIN) / 5).map(|place| (place * 5, 215)).collect();
    heat.extend(made.heat.iter().map(|(place, tenths)| (place * 5, *tenths)).filter(|(minute, _)| *minute < end));
    heat.retain(|minute, _| *minute >= end || !made.lost.contains(&minute.div_euclid(5)));
    let open = |minute: &i64| inside(minute) && !masks.cut[usize::try_from(*minute).unwrap()];
    let is_kept = |minute: i64| masks.kept[usize::try_from(minute).unwrap()];
    let tenths = |tenths: u32| BigRational::new(tenths.into(), 10.into());
    let seen: Vec<_> = (0..end / 5)
        .map(|place| place * 5)
        .filter(open)
        .map(|minute| (heat.get(&minute).map_or(Seen::Missing(true), |value| Seen::Is(tenths(*value))), minute))
        .collect();
    let kept = seen
        .iter()
        .map(|(seen, minute)| (if is_kept(*minute) { Seen::Kept } else { seen.clone() }, 1))
        .collect::<Vec<_>>();
    all.push(of_values(&kept, &tenths(270), None, 95, made.policy)[0].clone());
    // A reading has no best value, so it stands in time that counts as kept as well; of one that is missing there nothing is said.
    let lacks = seen.iter().any(|(seen, minute)| is_kept(*minute) && matches!(seen, Seen::Missing(_)))
        && made.policy != Policy::Excluded;
    let plain = seen.into_iter().map(|(seen, _)| (seen, 1)).collect::<Vec<_>>();
    let [_, mean, ranked] = of_values(&plain, &tenths(270), None, 95, made.policy);
    all.extend([mean, ranked].map(|value| if lacks { Expected::Open } else { value }));
    let rows = heat.iter().map(|(minute, value)| format!("{},{}.{}", at(*minute), value / 10, value % 10)).collect();
    tables.push(Table { name: "heat", columns: "time,value", rows });

    let seconds = |milliseconds: u32| BigRational::new(milliseconds.into(), 1000.into());
    let calls = made.calls.iter().filter(|(minute, ..)| open(minute));
    let seen: Vec<_> = calls
        .map(|(minute, latency, times)| {
            (if is_kept(*minute) { Seen::Kept } else { Seen::Is(seconds(*latency)) }, *times)
        })
        .collect();
    all.extend(of_values(&seen, &seconds(800), Some(&seconds(0)), 90, made.policy));
    let number: usize = seen.iter().map(|one| one.1).sum();
    all.push(if masks.open() == 0 { Expected::Open } else { Expected::Value(super::minute::count(number)) });
    let rows = made.calls.iter().map(|(minute, latency, times)| format!("{},{latency},{times}", at(*minute))).collect();
    tables.push(Table { name: "calls", columns: "time,latency,occurrences", rows });
    let down = |seen: &Seen<bool>| match seen {
        Seen::Is(up) => Seen::Is(!up),
        other => other.clone(),
    };
    let down: Vec<Seen<bool>> = db.iter().map(down).collect();
    let [whole, long, _] = stretches_of_time(&down, &masks, made.policy, made.shape);
    let [_, _, dark] = stretches_of_time(&of_places(true), &masks, made.policy, made.shape);
    all.extend([whole, long].map(|value| unrecorded(readings[0].is_empty(), value)));
    all.push(unrecorded(nowhere, dark));
    tables.extend([times("planned", &made.planned), times("away", &made.away), times("kept", &made.kept)]);
    (tables, all)
}

fn stretches(most: i64, length: i64, number: usize) -> impl Strategy<Value = Stretches> {
    prop::collection::vec((0..most, 1..length), 0..number)
}

fn made() -> impl Strategy<Value = Made> {
    let zones =
        ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago"];
    let days = [
        (2027, 3, 10),
        (2027, 3, 28),
        (2027, 10, 31),
        (2027, 3, 14),
        (2027, 11, 7),
        (2028, 2, 29),
        (2027, 2, 28),
        (2027, 4, 4),
        (2027, 10, 3),
        (2027, 12, 31),
        (2028, 1, 1),
        (2027, 9, 5),
    ];
    let place = (
        prop::sample::select(zones.to_vec()),
        prop_oneof![6 => Just("calendar day"), 2 => Just("calendar week"), 1 => Just("calendar month")],
        prop::sample::select(days.to_vec()).prop_map(|(year, month, day)| Date::constant(year, month, day)),
        prop::option::weighted(0.3, 0i64..20),
        prop::sample::select(vec![0, 60, -300, 345]),
    );
    let shape = (prop::sample::select(vec![5usize, 7, 60]), 0u32..60_000, 0usize..40, 0usize..60)
        .prop_map(|(slice, threshold, least, gap)| Shape { slice, threshold, least, gap });
    let policy = prop::sample::select(vec![Policy::Good, Policy::Bad, Policy::Excluded, Policy::Silent]);
    let rows = (
        stretches(1_500, 40, 4),
        prop::collection::vec((0i64..1_500, 1i64..60, 0u64..9, 0u64..9), 0..6),
        prop::sample::select(vec![1i64, 5]),
        any::<bool>(),
    );
    let masks = (
        prop::collection::vec((-90_000i64..2_000, 1i64..400), 0..4),
        0i64..600,
        stretches(1_500, 100, 2),
        stretches(1_500, 100, 2),
    );
    let each = (
        prop::collection::vec((-30i64..1_500, 0usize..4, any::<bool>()), 0..24),
        prop::option::weighted(0.4, (1i64..40).prop_map(|half| half * 2)),
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(0i64..300, 0..4)],
        prop::collection::vec((0i64..300, 200u32..300), 0..20),
        prop::collection::vec((0i64..1_400, 0u32..2_000, 1usize..4), 0..20),
    );
    (place, shape, policy, rows, masks, each).prop_map(|(place, shape, policy, rows, masks, each)| {
        let ((zone, window, day, late, offset), (gaps, bursts, every, grace)) = (place, rows);
        let ((planned, budget, away, kept), (states, state_every, lost, heat, calls)) = (masks, each);
        let late = late.filter(|_| window == "calendar month");
        Made {
            zone,
            window,
            day,
            late,
            shape,
            every,
            policy,
            grace,
            gaps,
            bursts,
            planned,
            budget,
            away,
            kept,
            states,
            state_every,
            lost,
            heat,
            calls,
            offset,
        }
    })
}

fn compare(made: &Made, keys: &[u32], split: bool, jsonl: bool) -> Result<(), TestCaseError> {
    let zone = Zone::parse(made.zone).unwrap();
    let (first, next) = made.dates();
    let effective =
        made.late.map_or(Date::constant(2025, 6, 1), |days| (0..days).fold(first, |day, _| day.tomorrow().unwrap()));
    let start = midnight(&zone, first.max(effective));
    let minutes = usize::try_from((midnight(&zone, next) - start) / MINUTE).unwrap();
    let (tables, expected) = plainly(made, &zone, start, minutes, effective);
    let text = made.text(effective);
    let model = checked(&text);
    let files = |keys: &[u32], split, jsonl| {
        tables.iter().flat_map(|table| table.files(keys, split, jsonl)).collect::<Vec<_>>()
    };
    // The reader of bundles takes longer than both evaluators: it is asked about a quarter of them.
    let ask = if split && jsonl { evaluated } else { evaluated_alone };
    let ran = ask(&model, &files(&[], false, false), first, next.yesterday().unwrap());
    let told: Vec<_> = ran.said.iter().filter(|one| one.0 != "SLA757").collect();
    prop_assert!(told.is_empty(), "{:?}", told);
    for (index, expected) in expected.iter().enumerate().filter(|(index, _)| made.has(*index)) {
        let one = ran.of(&format!("c{index}"))[0].clone();
        // Of a table without a row by then nothing is known, whatever is missing.
        if matches!(one.verdict, Verdict::NotMeasured(Gap::NotBegun(_))) {
            continue;
        }
        let about =
            || format!("{}\nexpected {expected:?}, got {:?}, {:?}", TARGETS[index].0, one.attained, one.verdict);
        match expected {
            Expected::Open => {}
            Expected::Unknown => prop_assert!(matches!(one.verdict, Verdict::NotMeasured(_)), "{}", about()),
            Expected::Value(value) => {
                let Ok((low, high)) = &one.attained[0] else { return Err(TestCaseError::fail(about())) };
                prop_assert!(low <= value && value <= high, "{}", about());
                prop_assert_eq!(
                    &one.verdict,
                    &if is_met(index, value) { Verdict::Met } else { Verdict::Missed },
                    "{}",
                    about()
                );
            }
        }
    }
    // Neither the order of rows, nor the files in which they stand, nor how they are written makes a difference.
    let other = evaluated_alone(&model, &files(keys, split, jsonl), first, next.yesterday().unwrap());
    let without_places = |ran: &Ran| ran.all.clone();
    prop_assert_eq!(without_places(&ran), without_places(&other));
    Ok(())
}

fn is_met(index: usize, value: &BigRational) -> bool {
    let (comparison, bound) = TARGETS[index].1.split_once(' ').unwrap();
    let number = |text: &str| BigRational::from_integer(text.parse::<i64>().unwrap().into());
    let bound = if let Some(percent) = bound.strip_suffix('%') {
        number(percent) / number("100")
    } else if let Some(hours) = bound.strip_suffix('h') {
        number(hours) * number("3600")
    } else if let Some(milliseconds) = bound.strip_suffix("ms") {
        number(milliseconds) / number("1000")
    } else {
        number(bound.trim_end_matches("°C").trim_end_matches('s'))
    };
    if comparison == ">=" { *value >= bound } else { *value <= bound }
}

/// How many agreements are generated: `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn minutes_one_by_one_say_the_same(made in made(), keys in prop::collection::vec(any::<u32>(), 0..5), split in any::<bool>(), jsonl in any::<bool>()) {
        compare(&made, &keys, split, jsonl)?;
    }
}
