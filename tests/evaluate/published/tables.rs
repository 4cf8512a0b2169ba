//! Some of the published agreements, evaluated from tables.

use super::super::measured::{Ran, part, run};
use super::agreement;
use sla::evaluate::Verdict::{Met, Missed};
use std::fmt::Write as _;

fn evaluated(name: &str, files: &[(&str, &str)], from: &str, to: &str) -> Ran {
    run(&agreement(name).0, files, from, to)
}

/// The minutes of June 2027, as tables have them.
fn minutes() -> impl Iterator<Item = (usize, String)> {
    (0..43_200).map(|minute| {
        let (day, hour, rest) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        (minute, format!("2027-06-{day:02}T{hour:02}:{rest:02}:00Z"))
    })
}

/// 200 users are licensed until the 15th, and 300 from the 16th on; on the 25th nothing is measured for half an hour,
/// which is left out: 200 x 21,600 + 300 x 21,570 = 10,791,000 user minutes, of which 0.1% are 10,791.
#[test]
fn user_minutes_from_tables() {
    let table = |last: usize| {
        let mut users = "time,licensed,affected\n".to_owned();
        for (minute, at) in minutes() {
            let of = |day: usize, hour: usize| minute.checked_sub((day - 1) * 1440 + hour * 60).unwrap_or(43_200);
            if of(25, 12) < 30 {
                continue;
            }
            let licensed = if minute < 21_600 { 200 } else { 300 };
            // 100 users for 90 minutes, and 9 users for 199: 9,000 + 1,791.
            let affected = match () {
                () if of(10, 10) < 90 => 100,
                () if of(20, 10) < 199 => 9,
                () if of(20, 10) == 199 => last,
                () => 0,
            };
            writeln!(users, "{at},{licensed},{affected}").unwrap();
        }
        users
    };
    let fee = "date,amount\n2027-06-30,2400.00\n";
    let at = evaluated("m365", &[("users.csv", &table(0)), ("office_fee.csv", fee)], "2027-06-01", "2027-06-30");
    assert_eq!(at.attained("suite_kept"), [part(999, 1000)]);
    assert_eq!((at.verdicts("suite_kept"), at.owed("suite_kept")), (vec![Met], vec![0]));
    // One user for one minute more.
    let more = evaluated("m365", &[("users.csv", &table(1)), ("office_fee.csv", fee)], "2027-06-01", "2027-06-30");
    assert_eq!(more.attained("suite_kept"), [part(10_780_208, 10_791_000)]);
    assert_eq!((more.verdicts("suite_kept"), more.owed("suite_kept")), (vec![Missed], vec![600_00]));
}

/// Of 10,000 requests: 9,910 within a second weigh 1, 80 within ten seconds weigh 0.5, and 10 weigh nothing.
#[test]
fn apdex_from_tables() {
    let rows = |slow: u32| {
        format!(
            "time,latency,occurrences\n2027-06-03T10:00:00Z,0.2,9000\n2027-06-03T10:00:00Z,1,910\n\
            2027-06-10T10:00:00Z,10,{slow}\n2027-06-20T10:00:00Z,10.001,{}\n",
            90 - slow
        )
    };
    let apdex = |slow| {
        let requests = "time,total,failed,slow\n2027-06-03T10:00:00Z,100,0,0\n";
        let files = [("answers.csv", rows(slow)), ("requests.csv", requests.to_owned())];
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        evaluated("gitlab", &files, "2027-06-01", "2027-06-30")
    };
    let at = apdex(80);
    assert_eq!(at.attained("dedicated_kept"), [part(995, 1000)]);
    assert_eq!((at.verdicts("dedicated_kept"), at.owed("dedicated_kept")), (vec![Met], vec![0]));
    // 79 and 11: 9,910 + 39.5.
    let below = apdex(79);
    assert_eq!(below.attained("dedicated_kept"), [part(99_495, 100_000)]);
    assert_eq!((below.verdicts("dedicated_kept"), below.owed("dedicated_kept")), (vec![Missed], vec![900_00]));
}

/// Downtime in runs, to the second: only whole minutes count, and of a basic share only five of them in a row.
#[test]
fn runs_from_tables() {
    let table = |last: &str| {
        let mut states = "time,state\n2027-06-01T00:00:00Z,up\n".to_owned();
        // Eight runs of five whole minutes.
        for hour in 0..8 {
            writeln!(states, "2027-06-10T{hour:02}:00:00Z,down\n2027-06-10T{hour:02}:05:00Z,up").unwrap();
        }
        // From 10:00:30 to 10:05:20 there are four: 10:01 to 10:05.
        states += "2027-06-11T10:00:30Z,down\n2027-06-11T10:05:20Z,up\n";
        writeln!(states, "2027-06-12T10:00:00Z,down\n2027-06-12T10:{last}Z,up").unwrap();
        states
    };
    let fees = "date,amount\n2027-06-30,300.00\n";
    let run = |last: &str| {
        let table = table(last);
        let files = [
            ("basic_share.csv", table.as_str()),
            ("enterprise_share.csv", &table),
            ("basic_fee.csv", fees),
            ("enterprise_fee.csv", fees),
        ];
        evaluated("filestore", &files, "2027-06-01", "2027-06-30")
    };
    // Basic: 40 minutes and none; with five, 45 of 43,200, where 43.2 are allowed.
    let four = run("04:59");
    assert_eq!(four.attained("basic_kept"), [part(43_160, 43_200)]);
    assert_eq!((four.verdicts("basic_kept"), four.owed("basic_kept")), (vec![Met], vec![0]));
    let five = run("05:00");
    assert_eq!(five.attained("basic_kept"), [part(43_155, 43_200)]);
    assert_eq!((five.verdicts("basic_kept"), five.owed("basic_kept")), (vec![Missed], vec![30_00]));
    // Enterprise: 40 + 4 + 4.
    assert_eq!(four.attained("enterprise_kept"), [part(43_152, 43_200)]);
}

/// An object belongs to the month in which its replication began: one of 1,000 that began in June was not replicated within 15
/// minutes; two of three that began in July were not.
#[test]
fn replications_from_tables() {
    let table = |june: &str| {
        let mut objects = "case,time,event\n".to_owned();
        for object in 0..998 {
            writeln!(objects, "j{object},2027-06-10T10:00:00Z,begun\nj{object},2027-06-10T10:15:00Z,replicated")
                .unwrap();
        }
        // Begun in June and replicated in July, within 14 minutes.
        objects += "a,2027-06-30T23:50:00Z,begun\na,2027-07-01T00:04:00Z,replicated\n";
        writeln!(objects, "b,2027-06-30T23:50:00Z,begun\nb,2027-07-01T00:{june}Z,replicated").unwrap();
        objects += "c,2027-07-10T10:00:00Z,begun\nc,2027-07-10T10:15:00Z,replicated\n";
        objects += "d,2027-07-10T10:00:00Z,begun\nd,2027-07-10T10:15:01Z,replicated\n";
        // Never replicated: more than 15 minutes have passed.
        objects + "e,2027-07-10T10:00:00Z,begun\n"
    };
    let fees = "date,amount\n2027-06-30,60.00\n2027-07-31,60.00\n";
    let run = |june: &str| {
        let table = table(june);
        let requests = "time,total,failed\n2027-06-01T00:00:00Z,1,0\n";
        let files = [
            ("objects.csv", table.as_str()),
            ("requests.csv", requests),
            ("rare.csv", requests),
            ("standard_fee.csv", fees),
            ("infrequent_fee.csv", fees),
            ("replication_fee.csv", fees),
        ];
        evaluated("s3", &files, "2027-06-01", "2027-07-31")
    };
    // 999 of 1,000 are exactly 99.9%. In July one of three: below 95%.
    let at = run("05:01");
    assert_eq!(at.attained("replicated"), [part(999, 1000), part(1, 3)]);
    assert_eq!((at.verdicts("replicated"), at.owed("replicated")), (vec![Met, Missed], vec![0, 60_00]));
    let all = run("05:00");
    assert_eq!(all.attained("replicated"), [part(1, 1), part(1, 3)]);
}

/// More than 7.2 hours in a month, or more than 43.8 minutes in each of three months in a row.
#[test]
fn rights_to_terminate_from_tables() {
    let run = |times: &[(&str, &str)]| {
        let mut states = "time,state\n2027-01-01T00:00:00Z,up\n".to_owned();
        for minute in 0..273 * 1440 {
            let (month, day) = day_of_year(minute / 1440);
            let at = format!("2027-{month:02}-{day:02}T{:02}:{:02}:00Z", minute / 60 % 24, minute % 60);
            let down = times.iter().any(|(from, to)| *from <= at.as_str() && at.as_str() < *to);
            writeln!(states, "{at},{}", if down { "down" } else { "up" }).unwrap();
        }
        let states = states.replacen("2027-01-01T00:00:00Z,up\n", "", 1);
        evaluated("fastly", &[("network_up.csv", &states)], "2027-01-01", "2027-06-30").rights("network_kept")
    };
    // 7.2 hours in January are not more than 7.2 hours; a minute more in February is.
    let hours = run(&[
        ("2027-01-10T10:00:00Z", "2027-01-10T17:12:00Z"),
        ("2027-02-10T10:00:00Z", "2027-02-10T17:13:00Z"),
        ("2027-04-10T10:00:00Z", "2027-04-10T10:44:00Z"),
        ("2027-05-10T10:00:00Z", "2027-05-10T10:43:00Z"),
    ]);
    let none = vec![false, false];
    assert_eq!(hours, [none.clone(), vec![true, false], none.clone(), none.clone(), none.clone(), none.clone()]);
    // 44 minutes in March, April and May; in June 43.
    let months = run(&[
        ("2027-03-10T10:00:00Z", "2027-03-10T10:44:00Z"),
        ("2027-04-10T10:00:00Z", "2027-04-10T10:44:00Z"),
        ("2027-05-10T10:00:00Z", "2027-05-10T10:44:00Z"),
        ("2027-06-10T10:00:00Z", "2027-06-10T10:43:00Z"),
    ]);
    assert_eq!(months, [none.clone(), none.clone(), none.clone(), none.clone(), vec![false, true], none]);
}

/// The month and the day of a day of 2027, counted from zero.
fn day_of_year(day: usize) -> (usize, usize) {
    let mut rest = day;
    for (month, days) in [31, 28, 31, 30, 31, 30, 31, 31, 30].into_iter().enumerate() {
        if rest < days {
            return (month + 1, rest + 1);
        }
        rest -= days;
    }
    (10, rest + 1)
}

/// A severity that changes: the clock goes on, and the target is that of the new one.
#[test]
fn a_changed_severity_from_tables() {
    let answered = |rows: &str| {
        let table = format!("case,time,event,priority\n{rows}");
        evaluated("aws-support", &[("tickets.csv", &table)], "2027-06-01", "2027-06-30").attained("answers")
    };
    // Three hours as a question, and then 60 minutes with the production system impaired: 4 h in all, which is the target.
    let rows = "a,2027-06-05T00:00:00Z,opened,guidance\na,2027-06-05T03:00:00Z,,production\na,2027-06-05T04:00:00Z,responded,\n";
    assert_eq!(answered(rows), [part(1, 1)]);
    assert_eq!(answered(&rows.replace("T04:00:00Z", "T04:00:01Z")), [part(0, 1)]);
    // A developer is answered after twelve business hours of Tokyo: Friday 17:00 there, to Tuesday 09:00 there. The desk is
    // the one that has the severity.
    let developer = "a,2027-06-04T08:00:00Z,opened,dev_impaired\na,2027-06-08T00:00:00Z,responded,\n";
    assert_eq!(answered(developer), [part(1, 1)]);
    assert_eq!(answered(&developer.replace("T00:00:00Z", "T00:00:01Z")), [part(0, 1)]);
    // Made critical after 20 minutes it is late at once, since 15 minutes have passed.
    assert_eq!(
        answered(&rows.replace("T03:00:00Z,,production", "T00:20:00Z,,critical").replace("T04:00", "T00:21")),
        [part(0, 1)]
    );
}

/// Of 100 scheduled transfers one is not delivered within 24 hours; what is started on demand does not count.
#[test]
fn transfers_from_tables() {
    let run = |last: &str| {
        let mut transfers = "case,time,event,kind\n".to_owned();
        for run in 0..99 {
            writeln!(
                transfers,
                "s{run},2027-06-10T10:00:00Z,started,scheduled\ns{run},2027-06-11T10:00:00Z,delivered,"
            )
            .unwrap();
        }
        writeln!(transfers, "t,2027-06-29T10:00:00Z,started,scheduled\nt,{last},delivered,").unwrap();
        transfers += "d,2027-06-10T10:00:00Z,started,on_demand\nd,2027-06-20T10:00:00Z,delivered,\n";
        // Started a month later.
        transfers += "u,2027-07-01T00:00:00Z,started,scheduled\nu,2027-07-03T00:00:00Z,delivered,\n";
        let queries = "time,total,failed\n2027-06-10T10:00:00Z,10,0\n";
        let fee = "date,amount\n2027-06-30,700.00\n";
        let files = [("transfers.csv", transfers.as_str()), ("queries.csv", queries), ("warehouse_fee.csv", fee)];
        let ran = evaluated("bigquery", &files, "2027-06-01", "2027-06-30");
        (ran.attained("transfers_kept"), ran.verdicts("transfers_kept"), ran.owed("transfers_kept"))
    };
    assert_eq!(run("2027-06-30T10:00:00Z"), (vec![part(1, 1)], vec![Met], vec![0]));
    // Exactly 99% is kept.
    assert_eq!(run("2027-06-30T10:00:01Z"), (vec![part(99, 100)], vec![Met], vec![0]));
}
