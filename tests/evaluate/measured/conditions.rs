//! What is known of a part and not of another: whether a promise applies, a target, and what a table looks at.

use super::{parties, run};
use sla::evaluate::Verdict;

fn text(commitment: &str) -> String {
    parties("Europe/Berlin", "2027-01-01", "")
        + &format!(
            r#"signal requests "Requests" as events of api {{ measured by acme; count total; count failed; missing bad }}
signal loss "Loss" as samples of api {{ measured by acme; unit %; missing bad }}
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 100%
metric losses "Lost" = mean(loss)
commitment kept "Kept" of api {{ {commitment} }}
"#
        )
}

const LOSS: &str = "time,value\n2027-01-10T10:00:00Z,0.2\n2027-01-11T10:00:00Z,0.4\n";

/// There is no table of requests, so that the target is not decided. The bands look at what was lost, which is known.
#[test]
fn bands_pay_by_what_they_look_at() {
    let bands = "target uptime >= 99% per calendar month; target losses <= 0.5% per calendar month
  credit of monthly using losses as bands { above 1% gives 10%; otherwise gives 1% }; claim automatic";
    let ran = run(&text(bands), &[("loss.csv", LOSS)], "2027-01-01", "2027-01-31");
    assert!(matches!(ran.verdicts("kept")[..], [Verdict::NotMeasured(_)]));
    assert_eq!(ran.owed("kept"), [10_00]);
    // If it does not look at that, or only pays what is missed, nothing is known.
    let ladder = bands.replace("as bands { above 1% gives 10%; otherwise gives 1% }", "{ above 0.1% gives 10% }");
    let ran = run(&text(&ladder), &[("loss.csv", LOSS)], "2027-01-01", "2027-01-31");
    assert!(ran.all[0].owed.clone().unwrap().is_err());
}

/// A day that is wholly excluded is neither kept nor missed, whatever is read of it and whatever missing data counts as.
#[test]
fn a_day_that_is_cut_out_is_not_decided() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal calls "Calls" as events of api { measured by acme; value latency ms; missing bad }
signal up "Up" as state of api { measured by acme; missing bad }
exclusion away "Away" { when "Away"; counts excluded }
metric quick "Quick" = share(calls.latency <= 800ms) when empty 100%
metric share_up "Up" = share(up) when empty 100%
commitment fast "Fast" of api { target quick >= 99% per calendar day; exclude away }
commitment there "There" of api { target share_up >= 99% per calendar day; exclude away }
"#;
    let calls = "time,latency\n2027-01-10T10:00:00Z,500\n2027-01-12T10:00:00Z,500\n";
    let up = "time,state\n2027-01-10T00:00:00Z,up\n";
    let away = "from,to\n2027-01-11T00:00:00Z,2027-01-12T00:00:00Z\n";
    let files = [("calls.csv", calls), ("up.csv", up), ("away.csv", away)];
    let ran = run(&text, &files, "2027-01-10", "2027-01-12");
    for name in ["fast", "there"] {
        assert!(
            matches!(ran.verdicts(name)[..], [Verdict::Met, Verdict::NotMeasured(_), Verdict::Met]),
            "{:?}",
            ran.verdicts(name)
        );
    }
}

/// Whether there were requests is not known, and so it is not known whether the promise applies: there is a reason for a right
/// only if it does.
#[test]
fn a_right_needs_a_promise_that_applies() {
    let right = "applies when requests.total >= 10; target losses <= 0.5% per calendar month; terminate by globex when losses > BOUND within 60 days of window end";
    for (bound, expected) in [("0.1%", None), ("5%", Some(false))] {
        let ran = run(&text(&right.replace("BOUND", bound)), &[("loss.csv", LOSS)], "2027-01-01", "2027-01-31");
        assert_eq!(ran.all[0].rights[0].clone().ok(), expected, "{bound}");
    }
}

/// A day without any row counts as bad for the right as for the target, and in a streak.
#[test]
fn a_window_that_counts_as_bad_counts_wherever_it_is_read() {
    let text = super::parties("UTC", "2027-01-01", "")
        + r#"signal calls "Calls" as events of api { measured by acme; value latency ms; missing bad }
metric fast "Fast" = share(calls.latency <= 500ms)
commitment quick "Quick" of api { target fast >= 99% per calendar day; terminate by globex when streak(fast < 99%) >= 2 within 30 days of window end }
commitment once "Once" of api { target fast >= 99% per calendar day; terminate by globex when fast < 50% within 30 days of window end }
"#;
    let rows = "time,latency\n2027-03-01T10:00:00Z,100\n2027-03-04T10:00:00Z,100\n";
    let ran = super::run(&text, &[("calls.csv", rows)], "2027-03-01", "2027-03-04");
    let rights = |name: &str| ran.of(name).into_iter().map(|one| one.rights[0].clone()).collect::<Vec<_>>();
    assert_eq!(rights("once"), [Ok(false), Ok(true), Ok(true), Ok(false)]);
    assert_eq!(rights("quick"), [Ok(false), Ok(false), Ok(true), Ok(false)]);
    // Where good counts instead, nothing speaks against the promise.
    let good =
        super::run(&text.replace("missing bad", "missing good"), &[("calls.csv", rows)], "2027-03-01", "2027-03-04");
    assert!(good.of("once").into_iter().chain(good.of("quick")).all(|one| one.rights[0] == Ok(false)));
}

/// Nothing is counted less than never: that is the best of what is to stay low, and the worst of what is to be high. What is
/// made of something else as well has no such value.
#[test]
fn the_least_count_is_zero_where_it_is_missing() {
    let text = super::parties("UTC", "2027-01-01", "")
        + r#"signal lost "Lost" as events of api { measured by acme; count parcels; missing good }
signal torn "Torn" as events of api { measured by acme; count parcels; missing good }
signal sent "Sent" as events of api { measured by acme; count parcels; missing bad }
metric few "Few" = lost.parcels
metric few_an_hour "Few an hour" = max(2 * lost.parcels per 1h)
metric many "Many" = sum(sent.parcels per 6h)
metric both "Both" = lost.parcels + torn.parcels
commitment low "Low" of api { target few <= 5 per calendar day }
commitment low_an_hour "Low an hour" of api { target few_an_hour <= 5 per calendar day }
commitment high "High" of api { target many >= 5 per calendar day }
commitment mixed "Mixed" of api { target both <= 5 per calendar day }
"#;
    let lost = "time,parcels\n2027-03-01T10:00:00Z,2\n2027-03-03T10:00:00Z,2\n";
    let sent = "time,parcels\n2027-03-01T10:00:00Z,7\n2027-03-03T10:00:00Z,7\n";
    let torn = "time,parcels\n2027-03-01T10:00:00Z,1\n2027-03-02T10:00:00Z,9\n2027-03-03T10:00:00Z,1\n";
    let ran =
        super::run(&text, &[("lost.csv", lost), ("torn.csv", torn), ("sent.csv", sent)], "2027-03-01", "2027-03-03");
    let attained = |name: &str| {
        let shown = |one: &super::One| one.attained[0].as_ref().ok().map(|(least, _)| least.to_string());
        ran.of(name).into_iter().map(shown).collect::<Vec<_>>()
    };
    let known = |values: [&str; 3]| values.map(|value| Some(value.to_owned())).to_vec();
    assert_eq!(attained("low"), known(["2", "0", "2"]));
    assert_eq!(attained("low_an_hour"), known(["4", "0", "4"]));
    assert_eq!(attained("high"), known(["7", "0", "7"]));
    assert_eq!(attained("mixed"), [Some("3".to_owned()), None, Some("3".to_owned())]);
}

/// What only a right and a factor look at counts as bad as well where it is missing.
#[test]
fn what_no_target_reads_counts_as_bad_too() {
    let text = super::parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
signal queue "Queue" as events of api { measured by acme; count all_of_it; count lost; missing bad }
metric rate "Rate" = requests.failed / requests.total when empty 0%
metric lost "Lost" = mean(each_lost per calendar day)
metric each_lost "Each" = queue.lost / queue.all_of_it when empty 0%
commitment kept "Kept" of api { target rate <= 1% per calendar month; credit = 10.00 EUR; times 2 when lost > 10%; claim automatic; terminate by globex when lost > 90% within 30 days of window end }
"#;
    let requests = "time,total,failed\n2027-03-01T10:00:00Z,100,50\n2027-04-01T10:00:00Z,100,50\n";
    let queue = "time,all_of_it,lost\n2027-03-01T10:00:00Z,10,0\n";
    let ran = super::run(&text, &[("requests.csv", requests), ("queue.csv", queue)], "2027-03-01", "2027-04-30");
    // 30 of 31 days are missing in March, and all of April.
    assert_eq!(ran.owed("kept"), [2000, 2000]);
    assert_eq!(ran.rights("kept"), [[true], [true]]);
}

/// What a rule reads of a whole window by itself is measured like a metric: a count that is missing counts as what it is worth.
#[test]
fn what_a_rule_reads_itself_is_measured_like_a_metric() {
    let text = super::parties("UTC", "2027-01-01", "")
        + r#"signal heat "Heat" as state of api { measured by acme; missing bad }
signal sent "Sent" as events of api { measured by acme; count parcels; missing bad }
metric cool "Cool" = share(heat)
metric volume "Volume" = sent.parcels
commitment named "Named" of api { target cool >= 99% per calendar day; credit = 10.00 EUR; times 2 when volume < 5; claim automatic }
commitment direct "Direct" of api { target cool >= 99% per calendar day; credit = 10.00 EUR; times 2 when sent.parcels < 5; claim automatic }
commitment chosen "Chosen" of api { target cool >= 99% per calendar day; credit = if sent.parcels < 5 then 30.00 EUR else 10.00 EUR; claim automatic }
commitment right "Right" of api { target cool >= 99% per calendar day; terminate by globex when sent.parcels < 5 within 30 days of window end }
commitment busy "Busy" of api { target cool >= 99% per calendar day; applies when sent.parcels >= 5; credit = 10.00 EUR; claim automatic }
"#;
    let sent = "time,parcels\n2027-03-01T10:00:00Z,7\n2027-03-03T10:00:00Z,7\n";
    let heat = "time,state\n2027-03-01T00:00:00Z,down\n";
    let ran = super::run(&text, &[("sent.csv", sent), ("heat.csv", heat)], "2027-03-01", "2027-03-03");
    assert_eq!(ran.owed("named"), [1000, 2000, 1000]);
    assert_eq!(ran.owed("direct"), [1000, 2000, 1000]);
    assert_eq!(ran.owed("chosen"), [1000, 3000, 1000]);
    assert_eq!(ran.rights("right"), [[false], [true], [false]]);
    assert_eq!(ran.owed("busy"), [1000, 0, 1000]);
}
