//! What must not matter: other commitments, other tables, what comes after the period, and how much is evaluated at once.

use super::{One, part, parties, run};
use num_rational::BigRational;
use sla::evaluate::Verdict;

const MINUTE: i128 = 60_000_000_000;

/// 2027-03-01, 00:00 UTC.
const FIRST: i128 = 1_803_859_200 * 1_000_000_000;

fn stamp(minute: i128) -> String {
    super::stamp(FIRST + minute * MINUTE, 0)
}

fn attained(one: &One) -> BigRational {
    let (low, high) = one.attained[0].clone().unwrap();
    assert_eq!(low, high);
    low
}

/// the length of a gap is measured in cells, and another promise makes the cells smaller.
#[test]
fn a_gap_does_not_depend_on_another_commitment() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad after 15min }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 5min)
metric finer "Finer" = 100% - mean(errors per 1min)
commitment kept "Kept" of api { target uptime >= 99.9% per calendar day }
"#;
    let more = format!("{text}commitment other \"Other\" of api {{ target finer >= 0% per calendar day }}\n");
    // A row every five minutes; none at 10:00 and 10:05, and that of 10:10 comes at 10:14.
    let rows: String = (0..1440)
        .step_by(5)
        .filter(|at| *at != 600 && *at != 605)
        .map(|at| format!("{},100,0\n", stamp(if at == 610 { 614 } else { at })))
        .collect();
    let rows = format!("time,total,failed\n{rows}");
    let alone = run(&text, &[("requests.csv", &rows)], "2027-03-01", "2027-03-01");
    let beside = run(&more, &[("requests.csv", &rows)], "2027-03-01", "2027-03-01");
    assert_eq!(alone.of("kept"), beside.of("kept"));
}

/// where a state is missing at the beginning, the gap is cut where anything else happens.
#[test]
fn a_gap_of_a_state_does_not_depend_on_what_another_commitment_excludes() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal up "Up" as state of api { measured by acme; missing bad after 15min }
signal other "Other" as state of api { measured by acme; missing bad }
exclusion snow "Snow" { when "Snow"; counts excluded }
metric share_up "Share" = share(up)
metric share_other "Share" = share(other)
metric down "Down" = total(runs(not up per 5min))
commitment kept "Kept" of api { target share_up >= 99% per calendar day }
commitment short "Short" of api { target down <= 10min per calendar day }
commitment beside "Beside" of api { target share_other >= 99% per calendar day; exclude snow }
"#;
    let up = format!("time,state\n{},up\n", stamp(40));
    let other = format!("time,state\n{},up\n", stamp(0));
    let snow = format!("from,to\n{},{}\n", stamp(30), stamp(31));
    let ran = run(&text, &[("up.csv", &up), ("other.csv", &other), ("snow.csv", &snow)], "2027-03-01", "2027-03-01");
    // Missing for 40 minutes, which is longer than 15.
    assert_eq!(attained(ran.of("kept")[0]), part(1400, 1440));
    assert_eq!(attained(ran.of("short")[0]), part(40 * 60, 1));
}

/// readings that come every five minutes, three minutes past, are as many as there can be.
#[test]
fn readings_need_not_begin_with_the_period() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal heat "Heat" as samples of api { measured by acme; unit °C; every 5min; missing bad }
metric cool "Cool" = share(heat <= 27°C)
commitment kept "Kept" of api { target cool >= 100% per calendar day }
"#;
    let rows: String = (-1440..1440).step_by(5).map(|at| format!("{},20\n", stamp(at + 3))).collect();
    let rows = format!("time,value\n{rows}");
    let both = run(&text, &[("heat.csv", &rows)], "2027-02-28", "2027-03-01");
    let alone = run(&text, &[("heat.csv", &rows)], "2027-03-01", "2027-03-01");
    assert_eq!(both.of("kept")[1], alone.of("kept")[0]);
    assert_eq!(attained(alone.of("kept")[0]), part(1, 1));
}

/// a gap that begins before a window is as long as it is, whatever is evaluated with it.
#[test]
fn a_gap_across_midnight_does_not_depend_on_the_period() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad after 15min }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 5min)
commitment kept "Kept" of api { target uptime >= 99.9% per calendar day }
"#;
    let rows: String =
        (-1440..1440).filter(|at| !(-10..10).contains(at)).map(|at| format!("{},100,0\n", stamp(at))).collect();
    let rows = format!("time,total,failed\n{rows}");
    let both = run(&text, &[("requests.csv", &rows)], "2027-02-28", "2027-03-01");
    let alone = run(&text, &[("requests.csv", &rows)], "2027-03-01", "2027-03-01");
    assert_eq!(both.of("kept")[1], alone.of("kept")[0]);
}

fn places() -> String {
    parties("UTC", "2027-01-01", "")
        + r#"signal up "Up" as state of api { measured by acme; missing bad; field place text }
metric all_up "All up" = share(all(up per place))
metric all_down "All down" = share(none(up per place))
commitment kept "Kept" of api { target all_up >= 99% per calendar month }
commitment reached "Reached" of api { target all_down <= 1% per calendar month }
"#
}

/// where nothing at all is on record, `missing bad` is not asked, and the promise is kept.
#[test]
fn all_of_nothing_is_missing() {
    let ran = run(&places(), &[("up.csv", "time,state,place\n")], "2027-03-01", "2027-03-31");
    assert_ne!(ran.verdicts("kept"), [Verdict::Met]);
    assert_ne!(ran.verdicts("reached"), [Verdict::Met]);
}

/// A place that is there from April on is
/// missing in March.
#[test]
fn a_place_that_comes_later_changes_nothing() {
    let march = "time,state,place\n2027-03-01T00:00:00Z,up,a\n";
    let april = format!("{march}2027-04-01T00:00:00Z,up,b\n");
    let alone = run(&places(), &[("up.csv", march)], "2027-03-01", "2027-03-31");
    let both = run(&places(), &[("up.csv", &april)], "2027-03-01", "2027-03-31");
    assert_eq!(alone.all, both.all);
}

/// of a part, time that counts as kept adds to what is good and not to the whole.
#[test]
fn a_part_is_never_more_than_the_whole() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count served; missing bad }
exclusion snow "Snow" { when "Snow"; counts met }
metric served "Served" = requests.served / requests.total when empty 100%
commitment kept "Kept" of api { target served >= 99% per calendar day; exclude snow }
"#;
    let rows = format!("time,total,served\n{},100,90\n{},100,50\n", stamp(60), stamp(120));
    let snow = format!("from,to\n{},{}\n", stamp(120), stamp(180));
    let ran = run(&text, &[("requests.csv", &rows), ("snow.csv", &snow)], "2027-03-01", "2027-03-01");
    // 90 of 100, and of the other 100 all count as served.
    assert_eq!(attained(ran.of("kept")[0]), part(190, 200));
}

/// a reading that is missing in time that counts as kept makes the mean unknown.
#[test]
fn a_reading_that_is_left_out_is_left_out_in_time_that_counts_as_kept() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal heat "Heat" as samples of api { measured by acme; unit °C; every 6h; missing excluded }
exclusion snow "Snow" { when "Snow"; counts met }
metric warm "Mean" = mean(heat)
commitment kept "Kept" of api { target warm <= 27°C per calendar day; exclude snow }
"#;
    let rows = format!("time,value\n{},20\n{},22\n{},24\n", stamp(0), stamp(360), stamp(1080));
    let snow = format!("from,to\n{},{}\n", stamp(660), stamp(780));
    let ran = run(&text, &[("heat.csv", &rows), ("snow.csv", &snow)], "2027-03-01", "2027-03-01");
    assert_eq!(attained(ran.of("kept")[0]), part(22, 1));
}

/// A stretch that crosses the limit of a period is judged by its full length and added
/// up in both: eight minutes across midnight are two times four.
#[test]
fn a_run_across_the_end_of_a_window_has_its_full_length() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing good }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric down "Down" = total(runs(errors > 50% per 1min) where length >= 5min)
metric often "Often" = count(runs(errors > 50% per 1min) where length >= 5min)
commitment short "Short" of api { target down <= 2min per calendar day }
commitment seldom "Seldom" of api { target often <= 0 per calendar day }
"#;
    let rows: String = (-4..4).map(|at| format!("{},10,10\n", stamp(at))).collect();
    let rows = format!("time,total,failed\n{rows}");
    let ran = run(&text, &[("requests.csv", &rows)], "2027-02-28", "2027-03-01");
    let down: Vec<BigRational> = ran.of("short").into_iter().map(attained).collect();
    assert_eq!(down, [part(240, 1), part(240, 1)]);
    // It is counted where it starts.
    let often: Vec<BigRational> = ran.of("seldom").into_iter().map(attained).collect();
    assert_eq!(often, [part(1, 1), part(0, 1)]);
    // The same, if only the second day is asked for.
    let alone = run(&text, &[("requests.csv", &rows)], "2027-03-01", "2027-03-01");
    assert_eq!(alone.of("short")[0], ran.of("short")[1]);
}

/// Before the first row nothing is missing: an outage from the start of the first window that is judged begins there.
#[test]
fn a_run_does_not_begin_before_anything_was_recorded() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal beat "Heartbeat" as state of api { measured by acme; every 10min; missing bad }
metric outages "Outages" = count(runs(not beat))
commitment few "Few" of api { target outages <= 0 per calendar day }
"#;
    let rows = format!("time,state\n{},up\n", stamp(300));
    let ran = run(&text, &[("beat.csv", &rows)], "2027-03-01", "2027-03-01");
    assert_eq!(attained(ran.of("few")[0]), part(2, 1), "from midnight, and after the row");
    // With a row of the day before that day is judged, and the outage begins in it.
    let earlier = rows.replace("state\n", &format!("state\n{},up\n", stamp(-300)));
    let ran = run(&text, &[("beat.csv", &earlier)], "2027-02-28", "2027-03-01");
    assert_eq!(ran.of("few").into_iter().map(attained).collect::<Vec<_>>(), [part(2, 1), part(1, 1)]);
}

/// A budget of maintenance that was used in part before the window: of the second hour only half is left.
#[test]
fn a_budget_is_used_from_before_the_window() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
maintenance planned "Planned" of api { budget 90min per calendar year; counts excluded }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 1h)
commitment kept "Kept" of api { target uptime >= 99% per calendar day; exclude planned }
"#;
    // Everything fails from 10:00 to 11:00; maintenance is at that time, and was for an hour in February.
    let rows: String =
        (0..1440).step_by(10).map(|at| format!("{},4,{}\n", stamp(at), if at / 60 == 10 { 4 } else { 0 })).collect();
    let rows = format!("time,total,failed\n{rows}");
    let planned = format!("from,to\n2027-02-10T10:00:00Z,2027-02-10T11:00:00Z\n{},{}\n", stamp(600), stamp(660));
    let ran = run(&text, &[("requests.csv", &rows), ("planned.csv", &planned)], "2027-03-01", "2027-03-01");
    // Half a slice of 23.5 is bad.
    assert_eq!(attained(ran.of("kept")[0]), part(46, 47));
}

/// An hour of maintenance two days before the agreement begins uses up nothing: the hour of its first day is cut out whole.
#[test]
fn a_budget_is_not_used_from_before_the_term() {
    let text = parties("UTC", "2027-03-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
maintenance planned "Planned" of api { budget 90min per calendar year; counts excluded }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 1h)
commitment kept "Kept" of api { target uptime >= 99% per calendar day; exclude planned }
"#;
    let rows: String =
        (0..1440).step_by(10).map(|at| format!("{},4,{}\n", stamp(at), if at / 60 == 10 { 4 } else { 0 })).collect();
    let rows = format!("time,total,failed\n{rows}");
    let planned = format!("from,to\n2027-02-27T10:00:00Z,2027-02-27T11:00:00Z\n{},{}\n", stamp(600), stamp(660));
    let ran = run(&text, &[("requests.csv", &rows), ("planned.csv", &planned)], "2027-03-01", "2027-03-01");
    assert_eq!(attained(ran.of("kept")[0]), part(1, 1));
}

/// Of a state of which there is no row at all, time that counts as kept is kept all the same.
#[test]
fn time_counts_as_kept_where_nothing_is_on_record() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal up "Up" as state of api { measured by acme; missing bad }
exclusion snow "Snow" { when "Snow"; counts met }
metric share_up "Share" = share(up)
commitment kept "Kept" of api { target share_up >= 99% per calendar day; exclude snow }
"#;
    let snow = format!("from,to\n{},{}\n", stamp(0), stamp(360));
    // Measured for the last minute of the day only.
    let up = format!("time,state\n{},up\n", stamp(1439));
    let ran = run(&text, &[("up.csv", &up), ("snow.csv", &snow)], "2027-03-01", "2027-03-01");
    assert_eq!(attained(ran.of("kept")[0]), part(361, 1440));
}

/// Whether a slice that is cut lies in a gap is asked of what is left of it: the row at 10:00 is cut out, the next one comes at
/// 10:15, so that 10:01 to 10:02 has been missing for 15 minutes.
#[test]
fn what_is_left_of_a_slice_lies_in_a_gap() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad after 15min }
exclusion away "Away" { when "Away"; counts excluded }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 7min)
commitment kept "Kept" of api { target uptime >= 99% per calendar day; exclude away }
"#;
    let rows: String =
        (0..1440).step_by(5).filter(|at| *at != 605 && *at != 610).map(|at| format!("{},4,0\n", stamp(at))).collect();
    let rows = format!("time,total,failed\n{rows}");
    // Slices of seven minutes begin at 595 and 602; 500 to 601 is cut out.
    let away = format!("from,to\n{},{}\n", stamp(500), stamp(601));
    let ran = run(&text, &[("requests.csv", &rows), ("away.csv", &away)], "2027-03-01", "2027-03-01");
    // Of 1339 minutes, 497 to 500 are left out: rows at 495 and 500 are near. 601 to 602 and the slice from 602 to 609 are bad;
    // that from 609 to 616 has a row at 615.
    assert_eq!(attained(ran.of("kept")[0]), part(1336 - 8, 1336));
}

/// readings are missing for long enough where the time between those beside them is long enough, in slices as over a window.
#[test]
fn a_short_gap_of_readings_is_left_out_slice_by_slice() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal inlet "Inlet" as samples of api { measured by acme; unit °C; every 5min; missing bad after 15min }
metric cool "Cool" = share(inlet <= 27°C per 5min)
metric readings "Readings" = share(inlet <= 27°C)
commitment kept "Kept" of api { target cool >= 99% per calendar day }
commitment read "Read" of api { target readings >= 99% per calendar day }
"#;
    let without = |gap: std::ops::Range<i128>| {
        let rows = (0..1440).step_by(5).filter(|at| !gap.contains(at)).map(|at| format!("{},22\n", stamp(at)));
        let table = format!("time,value\n{}", rows.collect::<String>());
        run(&text, &[("inlet.csv", &table)], "2027-03-01", "2027-03-01")
    };
    // None at 10:05 and 10:10: ten minutes. With 10:15, fifteen: three of 288 are bad.
    let short = without(605..615);
    assert_eq!([attained(short.of("kept")[0]), attained(short.of("read")[0])], [part(1, 1), part(1, 1)]);
    let long = without(605..620);
    assert_eq!([attained(long.of("kept")[0]), attained(long.of("read")[0])], [part(285, 288), part(285, 288)]);
}

/// Every signal that a formula reads is read, however many there are, and by however many other formulas it is led to.
#[test]
fn a_long_sum_and_a_long_chain_read_all_their_signals() {
    let signal = |at: usize| {
        format!(
            "signal s{at} \"Signal {at}\" as events of api {{ measured by globex; count total; missing excluded }}\n"
        )
    };
    let signals: String = (0..90).map(signal).collect();
    let sum = (0..90).map(|at| format!("s{at}.total")).collect::<Vec<_>>().join(" + ");
    let chain: String = (1..50).map(|at| format!("metric m{at} \"M {at}\" = m{} + 1\n", at - 1)).collect();
    let text = parties("UTC", "2027-01-01", "")
        + &signals
        + &format!("metric all \"All\" = {sum}\nmetric m0 \"M 0\" = s0.total\n{chain}")
        + "commitment sum \"Sum\" of api { target all <= 10 per calendar day }\n\
           commitment chain \"Chain\" of api { target m49 <= 10 per calendar day; credit = 1% of monthly; claim automatic }\n";
    let files: Vec<(String, String)> =
        (0..90).map(|at| (format!("s{at}.csv"), format!("time,total\n{},{at}\n", stamp(0)))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, rows)| (name.as_str(), rows.as_str())).collect();
    let ran = run(&text, &files, "2027-03-01", "2027-03-01");
    assert_eq!(attained(ran.of("sum")[0]), part(90 * 89 / 2, 1));
    assert_eq!(attained(ran.of("chain")[0]), part(49, 1));
}
