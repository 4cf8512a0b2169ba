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
