//! What depends on more than one window: functions over a window of their own, promises that roll, and caps.

use super::{One, Ran, parties, run};
use sla::evaluate::{Gap, Verdict};

/// Down for five minutes on 10 February, for one on the 11th, for five on 5 March, and for six around the end of March.
const STATES: &str = "time,state\n2027-01-01T00:00:00Z,up\n2027-02-10T00:00:00Z,down\n2027-02-10T00:05:00Z,up\n\
2027-02-11T00:00:00Z,down\n2027-02-11T00:01:00Z,up\n2027-03-05T00:00:00Z,down\n2027-03-05T00:05:00Z,up\n\
2027-03-31T23:59:00Z,down\n2027-04-01T00:05:00Z,up\n";

fn states() -> String {
    parties("UTC", "2027-01-01", "")
        + r#"signal up "Up" as state of api { measured by acme; missing bad }
metric stops "Stops" = count(runs(not up per 1min) where length >= 2min)
metric share_up "Share" = share(up)
"#
}

/// Whether there is a reason for the only right of the only commitment, by window.
fn rights(ran: &Ran) -> Vec<bool> {
    ran.of("kept").into_iter().map(|one| one.rights[0].clone().unwrap()).collect()
}

/// Up to the end of March the 60 days begin with 31 January and hold three stops; up to the end of April, with 2 March, two.
#[test]
fn a_function_over_its_own_window_looks_back() {
    let text = states()
        + "commitment kept \"Kept\" of api { target share_up >= 99% per calendar month; terminate by globex when count(runs(not up per 1min) where length >= 2min over rolling 60 days) >= 3 within 30 days of window end }\n";
    let ran = run(&text, &[("up.csv", STATES)], "2027-01-01", "2027-04-30");
    assert_eq!(rights(&ran), [false, false, true, false]);
    // The same, if only March is asked for.
    assert_eq!(rights(&run(&text, &[("up.csv", STATES)], "2027-03-01", "2027-03-31")), [true]);
}

/// Two stops within 30 days are too many: the second one is paid for at the midnight after it, and so is the one that ends on
/// 1 April, since that of 5 March is still among its 30 days.
#[test]
fn each_run_is_paid_for_once() {
    let text = states()
        + "commitment few \"Few\" of api { target stops <= 1 per rolling 30 days; credit of monthly { above target gives 5% }; claim automatic }\n";
    let ran = run(&text, &[("up.csv", STATES)], "2027-01-01", "2027-04-30");
    let paid = ran.of("few").into_iter().filter_map(|one| {
        let cents = one.owed.clone().unwrap().unwrap();
        let end = super::stamp(one.window.end, 0);
        (cents != 0).then(|| (end.get(..10).unwrap().to_owned(), cents))
    });
    let expected = [("2027-03-06", 5000), ("2027-04-02", 5000)].map(|(end, cents)| (end.to_owned(), cents));
    assert_eq!(paid.collect::<Vec<_>>(), expected);
}

/// The days from the first to the last of each window.
fn windows(ran: &Ran, name: &str) -> Vec<String> {
    let day = |instant| super::stamp(instant, 0).get(..10).unwrap().to_owned();
    ran.of(name).into_iter().map(|one| format!("{} {}", day(one.window.start), day(one.window.end - 1))).collect()
}

/// Fiscal quarters from 1 February, billing months from the 31st or the last day of a shorter month: the six minutes around
/// the end of March lie in one of them.
#[test]
fn periods_begin_on_the_days_that_are_stated() {
    let text = parties("UTC", "2027-01-01", "fiscal year starts 02-01\nbilling month starts 31\n")
        + r#"fee quarterly "Quarterly fee" of api = 9200.00 EUR per fiscal quarter
signal up "Up" as state of api { measured by acme; missing bad }
metric share_up "Share" = share(up)
commitment fiscal_year "Fiscal" of api { target share_up >= 99.99% per fiscal quarter; credit of quarterly { below target gives 10% }; claim automatic }
commitment billed "Billed" of api { target share_up >= 99.99% per billing month; credit of monthly { below target gives 10% }; cap 150.00 EUR per fiscal year; claim automatic }
"#;
    let ran = run(&text, &[("up.csv", STATES)], "2027-01-01", "2027-04-30");
    assert_eq!(windows(&ran, "fiscal_year"), ["2027-01-01 2027-01-31", "2027-02-01 2027-04-30"]);
    assert_eq!(ran.owed("fiscal_year"), [0, 92_000]);
    let billed = ["2027-01-01 2027-01-30", "2027-01-31 2027-02-27", "2027-02-28 2027-03-30", "2027-03-31 2027-04-29"];
    assert_eq!(windows(&ran, "billed"), billed);
    // 6 of 40,320 minutes, 5 of 44,640 and 6 of 43,200; what the fiscal year allows is used up.
    assert_eq!(ran.owed("billed"), [0, 10_000, 5_000, 0]);
}

/// No more of a budget is used in any period of its length: of days on the calendar, of hours from any instant.
#[test]
fn a_budget_for_any_period_is_used_in_none_beyond_it() {
    let text = |per: &str| {
        super::parties("Europe/Berlin", "2027-01-01", "")
            + &format!(
                r#"signal web "Web" as state of api {{ measured by globex; missing bad }}
metric up "Up" = share(web)
maintenance works "Works" of api {{ budget 8h per {per}; counts excluded }}
commitment kept "Kept" of api {{ target up >= 99% per calendar month; exclude works }}
"#
            )
    };
    // Planned, and down, for eight hours each time.
    let attained = |per: &str, begins: [&str; 3]| {
        let (mut works, mut web) = ("from,to\n".to_owned(), "time,state\n2027-05-01T00:00:00+02:00,up\n".to_owned());
        for begin in begins {
            let ends = begin.replace("T00", "T08").replace("T16", "T24").replace("T24:00:00", "T23:59:59");
            works += &format!("{begin}+02:00,{ends}+02:00\n");
            web += &format!("{begin}+02:00,down\n{ends}+02:00,up\n");
        }
        let tables = [("works.csv", works.as_str()), ("web.csv", web.as_str())];
        let ran = super::run(&text(per), &tables, "2027-06-01", "2027-07-31");
        ran.of("kept").iter().map(|one| one.attained[0].as_ref().unwrap().0.to_string()).collect::<Vec<_>>()
    };
    let eighteen_days = ["2027-06-02T00:00:00", "2027-06-20T00:00:00", "2027-07-10T00:00:00"];
    assert_eq!(attained("rolling 7 days", eighteen_days), ["1", "1"]);
    let over_the_end = ["2027-06-02T00:00:00", "2027-06-20T00:00:00", "2027-07-05T00:00:00"];
    // The second and the third lie within thirty days of one before.
    assert_ne!(attained("rolling 30 days", over_the_end)[0], "1");
    assert_ne!(attained("rolling 30 days", eighteen_days)[0], "1");
    assert_eq!(
        attained("rolling 24h", ["2027-06-02T00:00:00", "2027-06-03T00:00:00", "2027-07-05T00:00:00"]),
        ["1", "1"]
    );
    let too_soon = attained("rolling 24h", ["2027-06-02T00:00:00", "2027-06-02T16:00:00", "2027-07-05T00:00:00"]);
    assert_ne!(too_soon[0], "1");
    assert_eq!(too_soon[1], "1");
}

/// Two billing months from the 15th share March, each with an hour of maintenance of its own: 740 of 742 hours are up. What is
/// invoiced on 20 February is for the one from 15 February.
#[test]
fn budgets_and_invoices_are_for_the_periods_that_are_stated() {
    let works = "from,to\n2027-03-10T10:00:00Z,2027-03-10T12:00:00Z\n2027-03-20T10:00:00Z,2027-03-20T12:00:00Z\n";
    let states = "time,state\n2027-01-01T00:00:00Z,up\n2027-03-10T10:00:00Z,down\n2027-03-10T12:00:00Z,up\n\
2027-03-20T10:00:00Z,down\n2027-03-20T12:00:00Z,up\n";
    let bills = "date,amount\n2027-01-20,100\n2027-02-20,200\n2027-03-20,400\n";
    let text = |terms: &str| {
        parties("UTC", "2027-01-01", terms)
            + r#"signal up "Up" as state of api { measured by acme; missing bad }
fee bill "Bill" of api = invoiced per billing month
metric share_up "Share" = share(up)
maintenance works "Works" of api { budget 1h per billing month; counts excluded }
commitment monthly_one "Monthly" of api { target share_up >= 99.7% per calendar month; exclude works; credit of monthly { below target gives 10% }; claim automatic }
commitment billed "Billed" of api { target share_up >= 99.99% per billing month; credit of bill { below target gives 10% }; claim automatic }
"#
    };
    let files = [("up.csv", states), ("works.csv", works), ("bill.csv", bills)];
    let from_the_15th = run(&text("billing month starts 15\n"), &files, "2027-03-01", "2027-04-14");
    assert_eq!(from_the_15th.verdicts("monthly_one"), [Verdict::Met]);
    assert_eq!(windows(&from_the_15th, "billed"), ["2027-02-15 2027-03-14", "2027-03-15 2027-04-14"]);
    assert_eq!(from_the_15th.owed("billed"), [2_000, 4_000]);
    let from_the_1st = run(&text(""), &files, "2027-03-01", "2027-03-31");
    assert_eq!(from_the_1st.verdicts("monthly_one"), [Verdict::Missed]);
    assert_eq!(from_the_1st.owed("billed"), [4_000]);
}

/// The same of an agreement that took effect weeks before anything was recorded.
#[test]
fn each_run_is_paid_for_though_nothing_was_recorded_at_first() {
    let text = states().replace("effective 2027-01-01", "effective 2026-12-10")
        + "commitment few \"Few\" of api { target stops <= 1 per rolling 30 days; credit of monthly { above target gives 5% }; claim automatic }\n";
    let ran = run(&text, &[("up.csv", STATES)], "2027-03-05", "2027-04-01");
    assert_eq!((ran.owed("few")[0], ran.owed("few").last().copied()), (5000, Some(5000)));
    assert_eq!(ran.owed("few").into_iter().sum::<i64>(), 10_000);
}

/// One breach from 10 February on, which never ends: the first day that gives the largest credit gives it, and no other.
#[test]
fn an_uninterrupted_breach_is_paid_for_once() {
    let text = states()
        + "commitment rolls \"Rolls\" of api { target share_up >= 99.99% per rolling 30 days; credit of monthly { below target gives 2% }; claim automatic }\n";
    let ran = run(&text, &[("up.csv", STATES)], "2027-01-01", "2027-04-30");
    let missed: Vec<&One> = ran.of("rolls").into_iter().filter(|one| one.verdict == Verdict::Missed).collect();
    assert!(missed.len() > 30);
    assert_eq!(ran.owed("rolls").into_iter().sum::<i64>(), 2000);
    assert_eq!(missed.first().unwrap().owed, Some(Ok(2000)));
}

/// What a cap for the year leaves depends on January, of which a part was not measured.
#[test]
fn a_credit_that_depends_on_an_undecided_one_is_not_decided() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 1h)
commitment kept "Kept" of api { target uptime >= 99.9% per calendar month; credit of monthly { below target gives 8% }; cap 100.00 EUR per calendar year; claim automatic }
"#;
    let mut rows = "time,total,failed\n".to_owned();
    for (month, days) in [(1, 31), (2, 28)] {
        for hour in 0..days * 24 {
            if (month, hour) != (1, 100) {
                let failed = if hour == 7 { 60 } else { 0 };
                rows.push_str(&format!("2027-{month:02}-{:02}T{:02}:30:00Z,60,{failed}\n", hour / 24 + 1, hour % 24));
            }
        }
    }
    let ran = run(&text, &[("requests.csv", &rows)], "2027-01-01", "2027-02-28");
    let owed: Vec<_> = ran.of("kept").into_iter().map(|one| one.owed.clone().unwrap()).collect();
    assert!(matches!(owed[0], Err(Gap::Missing(_))), "{owed:?}");
    assert!(matches!(owed[1], Err(Gap::Depends(..))), "{owed:?}");
}

/// A thousand requests each hour, of which so many fail in each hour of a month.
fn months(failed: &[u32]) -> String {
    let mut rows = String::from("time,total,failed\n");
    for (month, failed) in (1..).zip(failed) {
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
        for hour in 0..days * 24 {
            rows.push_str(&format!("2027-{month:02}-{:02}T{:02}:00:00Z,1000,{failed}\n", hour / 24 + 1, hour % 24));
        }
    }
    rows
}

fn requests() -> String {
    parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric kept_up "Kept up" = 100% - mean(errors per 1h)
metric best "Best" = max(previous(best, 99%), kept_up)
"#
}

/// Missed in February, April, May: of the last four windows three are missed first in May; of the twelve months up to it,
/// two are below 99.5%.
#[test]
fn windows_are_counted_among_the_last_ones() {
    let text = requests()
        + "commitment kept \"Kept\" of api { target kept_up >= 99.9% per calendar month; terminate by globex when count(kept_up < 99.9% over last 4 windows) >= 3 within 30 days of window end }\n\
           commitment year \"Year\" of api { target kept_up >= 99.9% per calendar month; terminate by globex when count(kept_up < 99.5% over rolling 3 months) >= 2 within 30 days of window end }\n";
    let rows = months(&[0, 6, 0, 2, 6, 0, 0]);
    let ran = run(&text, &[("requests.csv", &rows)], "2027-01-01", "2027-07-31");
    assert_eq!(rights(&ran), [false, false, false, false, true, false, false]);
    let year: Vec<bool> = ran.of("year").into_iter().map(|one| one.rights[0].clone().unwrap()).collect();
    assert_eq!(year, [false; 7]);
    // One month alone comes to the same.
    assert_eq!(rights(&run(&text, &[("requests.csv", &rows)], "2027-05-01", "2027-05-31")), [true]);
    // February and April lie within three months, and so do April and May.
    let ran = run(&text, &[("requests.csv", &months(&[0, 6, 0, 6, 6, 0, 0]))], "2027-01-01", "2027-07-31");
    let year: Vec<bool> = ran.of("year").into_iter().map(|one| one.rights[0].clone().unwrap()).collect();
    assert_eq!(year, [false, false, false, true, true, true, false]);
}

/// Twice for the second month in a row, and two and a half times for the third, up to the cap.
#[test]
fn a_repeated_miss_costs_more() {
    let text = requests()
        + "commitment kept \"Kept\" of api { target kept_up >= 99.9% per calendar month; credit of monthly { below target gives 10% }; times 2 when streak(kept_up < 99.9%) >= 2; times 2.5 when streak(kept_up < 99.9%) >= 3; cap 22% of monthly; claim automatic }\n";
    let rows = months(&[2, 0, 2, 2, 2, 0, 2]);
    let ran = run(&text, &[("requests.csv", &rows)], "2027-01-01", "2027-07-31");
    assert_eq!(ran.owed("kept"), [10000, 0, 10000, 20000, 22000, 0, 10000]);
    assert_eq!(run(&text, &[("requests.csv", &rows)], "2027-04-01", "2027-04-30").owed("kept"), [20000]);
    // March was not measured: it is passed over, and April is the second miss after February.
    let mut rows = months(&[0, 2]);
    for hour in 0..30 * 24 {
        rows.push_str(&format!("2027-04-{:02}T{:02}:00:00Z,1000,2\n", hour / 24 + 1, hour % 24));
    }
    let text = text.replace("missing bad", "").replace("count failed; }", "count failed }");
    let ran = run(&text, &[("requests.csv", &rows)], "2027-01-01", "2027-04-30");
    let owed: Vec<Option<i64>> = ran.of("kept").into_iter().map(|one| one.owed.clone().unwrap().ok()).collect();
    assert_eq!(owed, [Some(0), Some(10000), None, Some(20000)]);
}

/// The bound is the best month so far; 99% before there is one.
#[test]
fn a_promise_follows_what_was_attained_before() {
    let text = requests()
        + "commitment kept \"Kept\" of api { target kept_up >= previous(best, 99%) per calendar month; credit of monthly { below target gives 10% }; claim automatic }\n";
    // 99.2%, 99.6%, 99.3%, 99.6%, 99.7%, 99.6%.
    let rows = months(&[8, 4, 7, 4, 3, 4]);
    let ran = run(&text, &[("requests.csv", &rows)], "2027-01-01", "2027-06-30");
    use Verdict::{Met, Missed};
    assert_eq!(ran.verdicts("kept"), [Met, Met, Missed, Met, Met, Missed]);
    assert_eq!(run(&text, &[("requests.csv", &rows)], "2027-03-01", "2027-03-31").verdicts("kept"), [Missed]);
}

/// A template that is used twice looks back at each of its metrics: few fail, but many are slow in the month before.
#[test]
fn each_use_of_a_template_looks_back_at_its_own_metric() {
    let text = parties("UTC", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; count slow; missing bad }
metric errors "Errors" = requests.failed / requests.total when empty 0%
metric delays "Delays" = requests.slow / requests.total when empty 0%
metric worst_errors "Worst errors" = max(previous(worst_errors, 0%), errors)
metric worst_delays "Worst delays" = max(previous(worst_delays, 0%), delays)
template again(measure as metric) of commitment { times 2 when previous(measure, 0%) > 1% }
commitment kept "Kept" of api {
  target errors <= 0.1% per calendar month
  credit of monthly { above target gives 10% }
  use    again(worst_errors)
  use    again(worst_delays)
  claim  automatic
}
"#;
    let rows = "time,total,failed,slow\n2027-01-05T00:00:00Z,1000,2,50\n2027-02-05T00:00:00Z,1000,2,50\n";
    let ran = run(&text, &[("requests.csv", rows)], "2027-01-01", "2027-02-28");
    assert_eq!(ran.owed("kept"), [10000, 20000]);
}

/// Every day looks at the one before it: as many steps as there are days, and no deeper for that.
#[test]
fn a_chain_of_days_has_no_depth() {
    let text =
        requests() + "commitment kept \"Kept\" of api { target kept_up >= previous(best, 99%) per calendar day }\n";
    let rows = months(&[8, 4, 7, 4]);
    let ran = run(&text, &[("requests.csv", &rows)], "2027-01-01", "2027-04-30");
    let met = ran.verdicts("kept").into_iter().filter(|verdict| *verdict == Verdict::Met).count();
    assert_eq!((ran.of("kept").len(), met), (120, 31 + 28 + 30));
}
