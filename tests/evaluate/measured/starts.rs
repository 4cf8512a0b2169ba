//! Rows that stand for a slice as a whole carry its start: what they measure where an exclusion takes that instant.

use super::{Ran, part, parties, run};
use crate::evaluate::open::evaluated_of;
use num_rational::BigRational;

/// 2027-03-01, 00:00 UTC.
const FIRST: i128 = 1_803_859_200 * 1_000_000_000;
const SECOND: i128 = 1_000_000_000;

/// An instant so many minutes and seconds after midnight.
fn at((minute, second): (i128, i128)) -> String {
    super::stamp(FIRST + (minute * 60 + second) * SECOND, 0)
}

fn text(metrics: &[(&str, &str)]) -> String {
    let mut text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total, failed; value latency ms; missing bad }
signal others "Others" as events of api { measured by acme; count total, failed; missing good }
signal calls "Calls" as events of api { measured by acme; value latency ms; missing excluded }
maintenance planned "Planned" of api { counts excluded }
exclusion kept "Kept" { when "Kept"; counts met }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric errors_of_others "Errors of others" = others.failed / others.total when empty 0%
metric failed "Failed" = requests.failed
"#;
    for (index, (metric, target)) in metrics.iter().enumerate() {
        text.push_str(&format!(
            "metric m{index} \"M\" = {metric}\ncommitment c{index} \"C\" of api {{ target m{index} {target} per calendar day; exclude planned, kept }}\n"
        ));
    }
    text
}

/// Rows that begin every five minutes without a failure, but for those of some times, which are instead.
fn rows(own: &[(i128, i128, u64)]) -> String {
    let plain = (0..1440).step_by(5).filter(|minute| !own.iter().any(|one| one.0 / 5 == minute / 5));
    let plain = plain.map(|minute| (minute, 0, 0));
    let rows = plain
        .chain(own.iter().copied())
        .map(|(minute, second, failed)| format!("{},100,{failed}\n", at((minute, second))));
    format!("time,total,failed\n{}", rows.collect::<String>())
}

fn times(stretches: &[(i128, i128)]) -> String {
    let rows = stretches.iter().map(|(from, to)| format!("{},{}\n", at((*from, 0)), at((*to, 0))));
    format!("from,to\n{}", rows.collect::<String>())
}

fn ran(metrics: &[(&str, &str)], files: &[(&str, &str)]) -> Ran {
    run(&text(metrics), files, "2027-03-01", "2027-03-01")
}

/// The same where what is missing is left out, since a sum has no worst value.
fn ran_of_sums(metrics: &[(&str, &str)], files: &[(&str, &str)]) -> Ran {
    let text = text(metrics).replace("missing bad", "missing excluded").replace("missing good", "missing excluded");
    run(&text, files, "2027-03-01", "2027-03-01")
}

const UPTIME: (&str, &str) = ("100% - mean(errors per 5min)", ">= 99.99%");

/// The share of the day that is lost, as a mean over slices.
fn lost(own: &[(i128, i128, u64)], cut: &[(i128, i128)], kept: &[(i128, i128)]) -> BigRational {
    let (rows, cut, kept) = (rows(own), times(cut), times(kept));
    let ran = ran(&[UPTIME], &[("requests.csv", &rows), ("planned.csv", &cut), ("kept.csv", &kept)]);
    part(1, 1) - &ran.attained("c0")[0]
}

#[test]
fn the_row_of_a_start_measures_what_is_left_of_its_slice() {
    // Ten in thirty-one minutes past: of the slice of 10:30 four minutes are left.
    assert_eq!(lost(&[], &[(600, 631)], &[]), part(0, 1));
    assert_eq!(lost(&[(630, 0, 50)], &[(600, 631)], &[]), part(2, 1409));
    // Where it begins with the slice.
    assert_eq!(lost(&[(630, 0, 50)], &[(630, 631)], &[]), part(2, 1439));
    // Two exclusions in one slice, the first and the last minute, and one that takes the first minute of the day.
    assert_eq!(lost(&[(630, 0, 50)], &[(600, 631), (633, 634)], &[]), part(3, 2 * 1408));
    assert_eq!(lost(&[(630, 0, 50)], &[(630, 631), (634, 635)], &[]), part(3, 2 * 1438));
    assert_eq!(lost(&[(0, 0, 50)], &[(0, 1)], &[]), part(2, 1439));
}

#[test]
fn any_other_row_counts_where_it_lies() {
    // The exclusion ends where the slice does: the slice is out, and the next one is whole.
    assert_eq!(lost(&[(625, 0, 50)], &[(600, 630)], &[]), part(0, 1));
    assert_eq!(lost(&[(630, 0, 50)], &[(600, 630)], &[]), part(5, 2 * 1410));
    // It begins within the slice, whose start is left.
    assert_eq!(lost(&[(630, 0, 50)], &[(631, 633)], &[]), part(3, 2 * 1438));
    // What is left has a row of its own.
    assert_eq!(lost(&[(630, 0, 50), (633, 0, 0)], &[(600, 631)], &[]), part(0, 1));
    // A row that is not of the start, by itself and beside that one: what is left is missing.
    assert_eq!(lost(&[(630, 1, 0)], &[(600, 631)], &[]), part(4, 1409));
    assert_eq!(lost(&[(630, 0, 0), (630, 30, 0)], &[(600, 631)], &[]), part(4, 1409));
    assert_eq!(lost(&[(629, 59, 0), (631, 0, 0), (634, 59, 0)], &[(600, 632)], &[]), part(0, 1));
}

/// What is left of a slice that counts as kept in part: the failures of the row are spread evenly over it.
#[test]
fn time_that_counts_as_kept_takes_its_part_of_the_failures() {
    assert_eq!(lost(&[(630, 0, 50)], &[], &[(600, 631)]), part(2, 1440));
    assert_eq!(lost(&[(630, 0, 50)], &[(600, 631)], &[(631, 633)]), part(1, 1409));
    assert_eq!(lost(&[(630, 0, 50)], &[(600, 631)], &[(631, 635)]), part(0, 1));
    // It takes the end, the middle, or both ends.
    assert_eq!(lost(&[(630, 0, 50)], &[], &[(631, 660)]), part(1, 2 * 1440));
    assert_eq!(lost(&[(630, 0, 50)], &[], &[(631, 633)]), part(3, 2 * 1440));
    assert_eq!(lost(&[(630, 0, 50)], &[(630, 631)], &[(632, 640)]), part(1, 2 * 1439));
    // In time that is left there is a row.
    assert_eq!(lost(&[(630, 0, 50), (632, 0, 50)], &[], &[(600, 631)]), part(5, 4 * 1440));
}

/// Counts and values of the same slices in files of their own, and two balancers, are several rows of one start.
#[test]
fn several_rows_of_the_start_measure_it_together() {
    let (one, cut) = (rows(&[(630, 0, 50)]), times(&[(600, 631)]));
    let two = format!("time,total,failed,latency\n{},300,0,\n{},,,20\n", at((630, 0)), at((630, 0)));
    let ran = ran(&[UPTIME], &[("requests.csv", &one), ("requests.two.csv", &two), ("planned.csv", &cut)]);
    assert_eq!(ran.attained("c0"), [part(1, 1) - part(4, 8 * 1409)]);
}

/// Every function over slices takes it so; what is read of the whole window takes rows where they lie.
#[test]
fn sums_runs_and_values_agree() {
    let metrics = [
        ("share(errors <= 10% per 5min)", ">= 99.99%"),
        ("total(runs(errors > 10% per 5min))", "<= 5min"),
        ("total(runs(errors > 10% per 5min) where length > 9min)", "<= 5min"),
        ("max(errors per 5min)", "<= 10%"),
        ("sum(requests.failed per 5min)", "<= 60"),
        ("sum(failed per 5min)", "<= 60"),
        ("sum(requests.failed per 5min) / sum(requests.total per 5min) when empty 0%", "<= 10%"),
        ("count(errors > 10% per 5min)", "<= 1"),
        ("sum(sum(requests.failed per 5min) per 1h)", "<= 60"),
        ("requests.failed", "<= 60"),
        ("sum(requests.failed + others.failed per 5min)", "<= 60"),
        ("100% - mean(errors_of_others per 5min)", ">= 99.99%"),
        ("mean(mean(calls.latency) per 5min)", "<= 100ms"),
        ("share(p95(calls.latency) <= 500ms per 5min)", ">= 99.99%"),
        ("mean(calls.latency)", "<= 100ms"),
    ];
    let (requests, cut) = (rows(&[(630, 0, 50), (635, 0, 20)]), times(&[(600, 631)]));
    let others = rows(&[(630, 0, 100)]);
    let call = |minute| format!("{},{}\n", at((minute, 0)), if minute == 630 { 1100 } else { 100 });
    let calls = format!("time,latency\n{}", (0..1440).step_by(5).map(call).collect::<String>());
    let ran = ran_of_sums(
        &metrics,
        &[("requests.csv", &requests), ("others.csv", &others), ("calls.csv", &calls), ("planned.csv", &cut)],
    );
    let attained = |index: usize| ran.attained(&format!("c{index}"))[0].clone();
    assert_eq!(attained(0), part(1400, 1409));
    assert_eq!(attained(1), part(9 * 60, 1));
    assert_eq!(attained(2), part(0, 1));
    assert_eq!(attained(3), part(1, 2));
    // Of the row of 10:30 four fifths.
    assert_eq!(attained(4), part(40 + 20, 1));
    assert_eq!(attained(5), part(40 + 20, 1));
    // 281 slices are whole.
    assert_eq!(attained(6), part(60, 28_100 + 80));
    assert_eq!(attained(7), part(2, 1));
    assert_eq!(attained(8), part(60, 1));
    assert_eq!(attained(9), part(20, 1));
    assert_eq!(attained(10), part(40 + 20 + 80, 1));
    assert_eq!(attained(11), part(1405, 1409));
    assert_eq!(attained(12), (part(1405, 10) + part(44, 10)) / part(1409, 1));
    assert_eq!(attained(13), part(1405, 1409));
    assert_eq!(attained(14), part(1, 10));
}

/// What was counted in what is left of a slice is all of it, also where a metric has it.
#[test]
fn a_slice_that_is_cut_has_less_already() {
    let metrics = [("sum(requests.failed per 5min)", "<= 60"), ("sum(failed per 5min)", "<= 60")];
    let (rows, cut) = (rows(&[(632, 0, 50)]), times(&[(600, 631)]));
    let ran = ran_of_sums(&metrics, &[("requests.csv", &rows), ("planned.csv", &cut)]);
    assert_eq!([ran.attained("c0"), ran.attained("c1")], [[part(50, 1)], [part(50, 1)]]);
}

/// Slices of calendar weeks in a month: the first begins with the window, and a row from before it is not of the window.
#[test]
fn a_slice_that_the_window_cuts_begins_with_the_window() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total, failed; missing bad }
maintenance planned "Planned" of api { counts excluded }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric lost "Lost" = mean(errors per calendar week)
commitment kept "Kept" of api { target lost <= 1% per calendar month; exclude planned }
"#;
    // 2027-04-01 is a Thursday; of its week there are four days, and half of the first of them is cut out.
    let cut = "from,to\n2027-03-31T12:00:00Z,2027-04-01T12:00:00Z\n";
    let lost = |first: &str| {
        let weeks = ["04-05", "04-12", "04-19", "04-26"].map(|day| format!("2027-{day}T00:00:00Z,100,0\n"));
        let rows = format!("time,total,failed\n2027-{first}T00:00:00Z,100,50\n{}", weeks.concat());
        let ran = run(&text, &[("requests.csv", &rows), ("planned.csv", cut)], "2027-04-01", "2027-04-30");
        ran.attained("kept")[0].clone()
    };
    assert_eq!(lost("04-01"), part(7, 2 * 59));
    // Thus three and a half days of 29 and a half are not measured.
    assert_eq!(lost("03-29"), part(7, 59));
}

/// A run goes on through the slices beyond the window in the same way.
#[test]
fn a_run_goes_on_through_a_slice_that_is_cut() {
    let metrics = [("total(runs(errors > 10% per 5min) where length >= 6min)", "<= 0min")];
    let day = rows(&[(1435, 0, 50)]);
    let next = format!("{},100,50\n{},100,0\n", at((1440, 0)), at((1445, 0)));
    let ran = |cut: &[(i128, i128)]| {
        let (rows, cut) = (format!("{day}{next}"), times(cut));
        ran(&metrics, &[("requests.csv", &rows), ("planned.csv", &cut)]).attained("c0")[0].clone()
    };
    assert_eq!(ran(&[]), part(300, 1));
    // Four minutes are left of the last slice and five follow; then one minute is cut out between them.
    assert_eq!(ran(&[(1435, 1436)]), part(240, 1));
    assert_eq!(ran(&[(1440, 1441)]), part(0, 1));
}

/// The tables say what the worked example of the same facts says.
#[test]
fn maintenance_that_ends_within_a_slice_breaks_no_promise() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by globex; count total, failed; missing bad }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 5min)
commitment kept "Availability" of api {
  target  uptime >= 99.99% per calendar month
  exclude planned
  credit of monthly { below target gives 10% }
  claim   automatic
}
maintenance planned "Planned work" of api { announce 3 days before start; budget 4h per calendar month; counts excluded }
example clean "Two pieces of planned work, and not one failure" of kept during 2027-06 {
  given  errors = 0%
  given  planned = true from 2027-06-03 10:00 to 2027-06-03 10:31
  given  planned = true from 2027-06-10 10:00 to 2027-06-10 10:31
  expect uptime = 100%, met = true, credit = 0 EUR
}
"#;
    let rows: String = (0..8640).map(|slice| format!("{},500,0\n", at((92 * 1440 + slice * 5, 0)))).collect();
    let rows = format!("time,total,failed\n{rows}");
    let planned = "from,to,announced\n2027-06-03T10:00:00Z,2027-06-03T10:31:00Z,2027-05-28T09:00:00Z\n\
                   2027-06-10T10:00:00Z,2027-06-10T10:31:00Z,2027-05-28T09:00:00Z\n";
    let ran = run(&text, &[("requests.csv", &rows), ("planned.csv", planned)], "2027-06-01", "2027-06-30");
    assert_eq!((ran.attained("kept"), ran.owed("kept")), (vec![part(1, 1)], vec![0]));
}

/// What an agreement of the examples comes to, as its line for a commitment says.
fn of_example(name: &str, tables: &[(&str, String)], period: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    tables.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
    let file = format!("{}/examples/published/{name}", env!("CARGO_MANIFEST_DIR"));
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_sla"))
        .args(["evaluate", &file, "--period", period, "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

/// Nights of maintenance, each from an instant of its day to another, announced long before.
fn nights(month: u32, days: std::ops::RangeInclusive<u32>, from: &str, to: &str) -> String {
    let rows = days.map(|day| {
        let date = format!("2027-{month:02}-{day:02}");
        format!("{date}T{from}Z,{date}T{to}Z,2027-05-01T00:00:00Z\n")
    });
    format!("from,to,announced\n{}", rows.collect::<String>())
}

/// Hours of which a minute is excluded fail: what is left of them does not count as good. Rows of another feature change
/// nothing.
#[test]
fn hours_that_fail_are_not_hidden_by_their_first_minute() {
    let said = |minute: i128| {
        let rows = (0..92 * 24).map(|hour| {
            let day = hour / 24;
            let failed = if hour % 24 == 3 && (35..=38).contains(&day) { 100 } else { 0 };
            format!("{},100,{failed},packages\n", at(((122 + day) * 1440 + hour % 24 * 60 + minute, 0)))
        });
        let other = "2027-08-05T03:00:30Z,100,0,issues\n2027-08-05T03:20:00Z,100,0,issues\n";
        let rows = format!("time,total,failed,feature\n{}{other}", rows.collect::<String>());
        let fee = "date,amount,feature\n2027-08-01,9200,packages\n".to_owned();
        let planned = nights(8, 5..=8, "02:30:00", "03:01:00");
        let tables = [("requests.csv", rows), ("planned.csv", planned), ("quarter_fee.csv", fee)];
        of_example("dev-platform.sla", &tables, "2027-Q3")
    };
    let line = "2027-07-01 to 2027-09-30  missed       99.821693%  budget left -78.3%; credit 900.00 USD";
    for minute in [0, 30] {
        assert!(said(minute).contains(line), "{}", said(minute));
    }
}

#[test]
fn minutes_of_which_seconds_are_left_are_measured() {
    let rows = (0..30 * 1440).map(|minute| format!("{},10,0\n", at((92 * 1440 + minute, 0))));
    let rows = format!("time,total,failed\n{}", rows.collect::<String>());
    let tables = [("logins.csv", rows), ("planned.csv", nights(6, 10..=19, "02:00:00", "02:30:10"))];
    let said = of_example("identity.sla", &tables, "2027-06");
    assert!(said.contains("2027-06  met  100%  budget left 100%; credit none"), "{said}");
}

/// Of an open dimension each option has its own rows.
#[test]
fn options_of_an_open_dimension_are_measured_by_their_own_rows() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"dimension tenant "Tenant"
signal requests "Requests" as events of api { measured by acme; count total, failed; field tenant tenant; missing bad }
maintenance planned "Planned" of api { counts excluded }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric lost "Lost" = mean(errors per 1h)
commitment kept "Kept" of api per tenant { target lost <= 1% per calendar day; exclude planned }
"#;
    let hours = (0..24).flat_map(|hour| ["a", "b"].map(|tenant| format!("{},100,0,{tenant}\n", at((hour * 60, 0)))));
    // The second tenant has a row of its own in excluded time, so that nothing is known of what is left of that hour.
    let rows = format!("time,total,failed,tenant\n{}{},100,0,b\n", hours.collect::<String>(), at((601, 0)));
    let planned = times(&[(600, 630)]);
    let (out, err) = evaluated_of(&text, &[("requests.csv", &rows), ("planned.csv", &planned)], "2027-03-01");
    assert_eq!(err, "");
    assert!(out.contains("2027-03-01  met           0%"), "{out}");
    assert!(out.contains("2027-03-01  missed  2.12766%"), "{out}");
}
