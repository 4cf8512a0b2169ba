//! Statements of the flagship for a quarter with known failures: as text, Markdown and JSON, which say the same.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A row every five minutes of the quarter, in the time of Berlin: the fourth day of each month fails from eleven on, and in
/// March the database is down for seven minutes and not measured for three.
fn tables() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut requests = "time,total,failed\n".to_owned();
    let mut states = "time,state\n".to_owned();
    let mut latencies = "time,latency,occurrences,route\n".to_owned();
    let mut cases = "case,time,event,priority\n".to_owned();
    let mut scores = "time,score\n".to_owned();
    for (month, days) in [(1, 31), (2, 28), (3, 31)] {
        for day in 1..=days {
            // Daylight saving begins on 28 March at two in the morning.
            let offset = |hour: u32| if (month, day) > (3, 28) || (month, day) == (3, 28) && hour >= 3 { 2 } else { 1 };
            for minute in (0..1440).step_by(5) {
                let (hour, minute) = (minute / 60, minute % 60);
                if (month, day, hour) == (3, 28, 2) {
                    continue;
                }
                let at = format!("2027-{month:02}-{day:02}T{hour:02}:{minute:02}:00+{:02}:00", offset(hour));
                let failed = if day == 4 && hour > 10 { 120 } else { 0 };
                writeln!(requests, "{at},120,{failed}").unwrap();
            }
            writeln!(latencies, "2027-{month:02}-{day:02}T10:00:00Z,0.2,990,search").unwrap();
            writeln!(latencies, "2027-{month:02}-{day:02}T10:00:00Z,0.81,{},login", 5 + month * 3).unwrap();
            writeln!(scores, "2027-{month:02}-{day:02}T17:00:00Z,{}", 3 + day % 3).unwrap();
            let case = format!("C-{month}-{day}");
            writeln!(cases, "{case},2027-{month:02}-{day:02}T09:00:00Z,opened,p1").unwrap();
            let resolved = if day % 9 == 0 { 14 } else { 12 };
            writeln!(cases, "{case},2027-{month:02}-{day:02}T{resolved:02}:00:00Z,resolved,").unwrap();
        }
    }
    for minute in 0..31 * 1440 {
        let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        let state = if day == 10 && hour == 3 && minute < 7 { "down" } else { "up" };
        if (day, hour, minute / 3) != (20, 7, 5) {
            writeln!(states, "2027-03-{day:02}T{hour:02}:{minute:02}:00+01:00,{state}").unwrap();
        }
    }
    let planned = "from,to,announced\n2027-03-07T02:00:00+01:00,2027-03-07T04:00:00+01:00,2027-03-01T00:00:00+01:00\n";
    for (name, text) in [
        ("requests.csv", requests.as_str()),
        ("requests.latency.csv", &latencies),
        ("db_up.csv", &states),
        ("tickets.csv", &cases),
        ("survey.csv", &scores),
        ("planned.csv", planned),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn evaluated(folder: &TempDir, options: &[&str]) -> String {
    evaluated_of("acme-cloud", folder, options)
}

fn evaluated_of(example: &str, folder: &TempDir, options: &[&str]) -> String {
    let flagship = format!("{}/examples/{example}.sla", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_sla"))
        .args(["evaluate", &flagship, "--data", "."])
        .args(options)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_quarter_as_text() {
    let folder = tables();
    insta::assert_snapshot!("quarter", evaluated(&folder, &["--period", "2027-01..2027-03"]));
}

#[test]
fn a_month_with_its_steps() {
    let folder = tables();
    insta::assert_snapshot!("month", evaluated(&folder, &["--period", "2027-03", "--steps"]));
}

#[test]
fn half_a_month_so_far() {
    let folder = tables();
    insta::assert_snapshot!("so_far", evaluated(&folder, &["--as-of", "2027-03-15"]));
}

#[test]
fn a_month_as_markdown() {
    let folder = tables();
    insta::assert_snapshot!("markdown", evaluated(&folder, &["--period", "2027-03", "--format", "markdown"]));
}

#[test]
fn the_json_says_what_the_text_says() {
    let folder = tables();
    let text = evaluated(&folder, &["--period", "2027-01..2027-03"]);
    let json: Value =
        serde_json::from_str(&evaluated(&folder, &["--period", "2027-01..2027-03", "--format", "json"])).unwrap();
    let mut windows = 0;
    for commitment in json["commitments"].as_array().unwrap() {
        let name = commitment["commitment"].as_str().unwrap();
        let part = text.split("\n\n").find(|part| part.starts_with(&format!("{name}  "))).unwrap();
        let lines: Vec<&str> = part.lines().skip(1).collect();
        let all = commitment["windows"].as_array().unwrap();
        assert_eq!(lines.len(), all.len(), "{part}");
        for (line, window) in lines.iter().zip(all) {
            windows += 1;
            let verdict = window["verdict"].as_str().unwrap().replace('_', " ");
            assert!(line.contains(&format!("  {verdict}")), "{line}");
            if let Some(amount) = window["credit"]["if_claimed"]["amount"].as_str() {
                let told = if amount == "0.00" { "credit none".to_owned() } else { format!("credit {amount} EUR") };
                assert!(line.contains(&told), "{line} says something else than {amount}");
            }
            if let Some(until) = window["credit"]["claim_until"].as_str() {
                assert!(line.contains(&format!("claimed by {until}")), "{line}");
            }
            let may = window["terminations"].as_array().unwrap().iter().any(|right| right["may"] == true);
            assert_eq!(line.contains("may terminate"), may, "{line}");
        }
    }
    assert_eq!(windows, 13);
    assert!(only_strings(&json), "a number of the JSON is not a string");
    assert!(json["draft"] == false && !text.contains("DRAFT"), "it is in force");
    let owed = json["owed"][0]["if_claimed"]["amount"].as_str().unwrap();
    assert!(text.contains(&format!("{owed} EUR if everything is claimed in time")), "{owed}\n{text}");
}

fn only_strings(value: &Value) -> bool {
    match value {
        Value::Number(_) => false,
        Value::Array(all) => all.iter().all(only_strings),
        Value::Object(all) => all.values().all(only_strings),
        _ => true,
    }
}

#[test]
fn the_tables_of_the_flagship_are_described() {
    let folder = TempDir::new().unwrap();
    insta::assert_snapshot!("described", evaluated(&folder, &["--describe"]));
}

/// The reader of bundles in `examples/consume` says of the flagship what the program says: values, verdicts, money and rights.
#[cfg(feature = "outside")]
#[test]
fn the_reader_of_bundles_says_the_same() {
    for (example, folder, period, expected) in
        [("acme-cloud", tables(), "2027-01..2027-03", 13), ("help-desk", desk_tables(), "2027-05", 4)]
    {
        let told: Value =
            serde_json::from_str(&evaluated_of(example, &folder, &["--period", period, "--format", "json"])).unwrap();
        let flagship = format!("{}/examples/{example}.sla", env!("CARGO_MANIFEST_DIR"));
        let built = TempDir::new().unwrap();
        let out = built.path().to_str().unwrap();
        let build = Command::new(env!("CARGO_BIN_EXE_sla"));
        let built = { build }.args(["build", &flagship, "--target", "json", "--out", out]).output().unwrap();
        assert!(built.status.success());
        let bundle = format!("{out}/{}.bundle.json", example.replace('-', "_"));
        let consumed = crate::evaluate::consumed(&bundle, folder.path().to_str().unwrap(), period);
        let mut windows = 0;
        for commitment in told["commitments"].as_array().unwrap() {
            let all = consumed["commitments"].as_array().unwrap().iter();
            let own = all.clone().find(|one| one["commitment"] == commitment["commitment"]).unwrap();
            let each = commitment["windows"].as_array().unwrap().iter().zip(own["windows"].as_array().unwrap());
            for (window, said) in each {
                windows += 1;
                assert_eq!(window["verdict"], said["verdict"], "{said:#}");
                assert_eq!(window["credit"]["if_claimed"]["amount"], said["credit"]["if_claimed"], "{said:#}");
                let rights: Vec<&Value> =
                    window["terminations"].as_array().unwrap().iter().map(|right| &right["may"]).collect();
                assert_eq!(rights, said["terminations"].as_array().unwrap().iter().collect::<Vec<_>>(), "{said:#}");
            }
        }
        assert_eq!(windows, expected);
        let sums = |all: &Value, amount: &dyn Fn(&Value) -> Value| -> Vec<Value> {
            all.as_array().unwrap().iter().map(amount).collect()
        };
        assert_eq!(
            sums(&told["owed"], &|owed| owed["if_claimed"]["amount"].clone()),
            sums(&consumed["owed"], &|owed| owed["if_claimed"].clone())
        );
    }
}

/// The help desk in May 2027, worked out by hand. Its hours are 9 to 17 from Monday to Friday, without 3 and 31 May; on call it
/// is on Saturdays from 9 to 13 as well.
#[test]
fn a_help_desk_with_its_clocks() {
    let folder = desk_tables();
    let told = evaluated_of("help-desk", &folder, &["--period", "2027-05", "--steps"]);
    insta::assert_snapshot!("help_desk", told);
}

/// What is computed of a draft is owed by nobody, and each form of the statement says so.
#[test]
fn the_statement_of_a_draft_says_so() {
    let folder = desk_tables();
    let of = |example: &str, format: &str| evaluated_of(example, &folder, &["--period", "2027-05", "--format", format]);
    let mark = "DRAFT FOR DISCUSSION. It binds nobody. 1 point is open.";
    assert_eq!(of("help-desk", "text").lines().nth(2), Some(mark));
    let page = of("help-desk", "markdown");
    let headings = page.lines().filter(|line| line.starts_with('#')).count();
    assert!(headings > 3);
    assert_eq!(
        page.matches("\n\n> **DRAFT FOR DISCUSSION.** It binds nobody. 1 point is open.\n\n").count(),
        headings,
        "{page}"
    );
    let json: Value = serde_json::from_str(&of("help-desk", "json")).unwrap();
    assert_eq!(json["draft"], true);
}

fn desk_tables() -> TempDir {
    let folder = TempDir::new().unwrap();
    let tickets = "case,time,event,priority\n\
        A,2027-05-07T16:30:00+01:00,opened,p3\nA,2027-05-10T09:30:00+01:00,responded,\nA,2027-05-11T12:00:00+01:00,resolved,\n\
        B,2027-05-08T10:00:00+01:00,opened,p1\nB,2027-05-08T10:10:00+01:00,responded,\nB,2027-05-10T11:30:00+01:00,resolved,\n\
        C,2027-05-12T09:00:00+01:00,opened,p2\nC,2027-05-12T10:00:00+01:00,responded,\n\
        C,2027-05-12T11:00:00+01:00,waiting starts,\nC,2027-05-14T11:00:00+01:00,waiting ends,\nC,2027-05-14T17:00:00+01:00,resolved,\n\
        D,2027-05-28T16:00:00+01:00,opened,p2\nD,2027-06-01T09:30:00+01:00,responded,\nD,2027-06-01T16:30:00+01:00,resolved,\n";
    let calls =
        "time,offered,abandoned,quick\n2027-05-05T12:00:00+01:00,150,12,130\n2027-05-20T12:00:00+01:00,50,4,20\n";
    for (name, text) in [("tickets.csv", tickets), ("calls.csv", calls), ("survey.csv", "time,score\n")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// A colocation in January 2027, worked out by hand, in hours of New York. A day's charge is 9,000.00 / 30 = 300.00 USD for the
/// cage and 1,500.00 / 30 = 50.00 USD for the uplink.
#[test]
fn a_colocation_with_credits_that_cannot_be_combined() {
    let folder = TempDir::new().unwrap();
    let at =
        |minute: u32| format!("2027-01-{:02}T{:02}:{:02}:00-05:00", 1 + minute / 1440, minute / 60 % 24, minute % 60);
    let time = |day: u32, hour: u32| (day - 1) * 1440 + hour * 60;
    // One feed alone is down for four hours on the 4th; both are on the 10th, from 03:00 to 04:30, for 90 minutes: two hours have
    // begun, 600.00 USD. On the 20th both are down for 15 minutes, which is no interruption.
    let mut power = format!("time,state,feed\n{},up,a\n{},up,b\n", at(0), at(0));
    let both = [(time(10, 3), time(10, 4) + 30), (time(20, 12), time(20, 12) + 15)];
    for (feed, from, to) in std::iter::once(("a", time(4, 5), time(4, 9)))
        .chain(both.iter().flat_map(|(from, to)| [("a", *from, *to), ("b", *from, *to)]))
    {
        writeln!(power, "{},down,{feed}\n{},up,{feed}", at(from), at(to)).unwrap();
    }
    let mut inlet = "time,value,rack\n".to_owned();
    let mut humidity = "time,value\n".to_owned();
    let mut probes = "time,sent,lost\n".to_owned();
    let mut trips = "time,value\n".to_owned();
    for minute in (0..31 * 1440).step_by(5) {
        let within = |from: u32, to: u32| (from..to).contains(&minute);
        // One of two racks is above 35°C on the 12th from 13:00 to 15:00: two hours, of which one day has begun, 300.00 USD; on
        // the 13th for 85 minutes, which is too short. On the 14th it is not read for ten minutes, which are left out.
        let hot = within(time(12, 13), time(12, 15)) || within(time(13, 13), time(13, 14) + 25);
        if !within(time(14, 8), time(14, 8) + 10) {
            writeln!(inlet, "{},24,r1\n{},{},r2", at(minute), at(minute), if hot { "35.1" } else { "35" }).unwrap();
        }
        // 8 of 744 hours are too dry: 736 / 744 = 98.924731%, 3% of 9,000.00 USD are 270.00 USD.
        let dry = within(time(15, 0), time(15, 8));
        writeln!(humidity, "{},{}", at(minute), if dry { "29.9" } else { "30" }).unwrap();
        // No packet comes back for 9 hours: 9 / 744 = 1.209677%, two percentage points have begun, 100.00 USD.
        let cut = within(time(25, 0), time(25, 9));
        writeln!(probes, "{},50,{}", at(minute), if cut { 50 } else { 0 }).unwrap();
        // Five days at 75 ms, 26 at 43 ms: (5 x 75 + 26 x 43) / 31 = 48.16 ms, which is 3.16 ms above 45 ms: twice 3 ms have
        // begun, 100.00 USD.
        let slow = within(time(25, 0), time(30, 0));
        writeln!(trips, "{},{}", at(minute), if slow { 75 } else { 43 }).unwrap();
    }
    let tables = [("power", power), ("inlet", inlet), ("humidity", humidity), ("probes", probes), ("trips", trips)];
    for (name, text) in tables {
        std::fs::write(folder.path().join(format!("{name}.csv")), text).unwrap();
    }
    // Of power, temperature and humidity only the largest is owed: 600.00 + 100.00 + 100.00 = 800.00 USD.
    insta::assert_snapshot!("colocation", evaluated_of("colocation", &folder, &["--period", "2027-01", "--steps"]));
    // Dark for 19 days more: 19 x 24 + 2 = 458 hours have begun, 137,400.00 USD. The cap is half of 10,500.00 USD for all
    // together, 5,250.00 USD of 137,600.00: 5,242.369, 3.815 and 3.815 USD. Of the two cents that remain after rounding down one
    // goes to the largest remainder, and one of two equal ones to the id that comes first, which is that of the latency.
    let dark: String = ["a", "b"]
        .iter()
        .map(|feed| format!("{},down,{feed}\n{},up,{feed}\n", at(time(11, 0)), at(time(30, 0))))
        .collect();
    let rest = std::fs::read_to_string(folder.path().join("power.csv")).unwrap();
    let rest: String = rest.lines().take(9).map(|line| format!("{line}\n")).collect();
    std::fs::write(folder.path().join("power.csv"), rest + &dark).unwrap();
    insta::assert_snapshot!("colocation_capped", evaluated_of("colocation", &folder, &["--period", "2027-01"]));
}

/// A cluster that is there for 23 hours is in no deployment of a day: why nothing is promised for it is said.
#[test]
fn why_a_commitment_does_not_apply_is_among_its_steps() {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("attempts.csv", "time,total,failed,cluster\n2027-06-10T00:00:00Z,10,0,c1\n2027-06-10T12:00:00Z,10,10,c1\n"),
        ("cluster_fee.csv", "date,amount,cluster\n2027-06-15,600.00,c1\n"),
        (
            "deployment.csv",
            "time,state,cluster\n2027-06-01T00:00:00Z,down,c1\n2027-06-10T00:00:00Z,up,c1\n2027-06-10T23:00:00Z,down,c1\n",
        ),
        ("life.csv", "time,age,cluster\n2027-06-10T22:59:00Z,22.9,c1\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let of = |options: &[&str]| evaluated_of("published/document-store", &folder, options);
    insta::assert_snapshot!("does_not_apply", of(&["--period", "2027-06", "--steps"]));
    let statement: Value = serde_json::from_str(&of(&["--period", "2027-06", "--format", "json"])).unwrap();
    let window = &statement["commitments"][0]["windows"][0];
    assert_eq!(window["verdict"], "not_applicable");
    let steps = window["derivation"].as_array().unwrap();
    let why = steps.iter().find(|step| step["what"].as_str().unwrap().starts_with("applies when: ")).unwrap();
    assert_eq!(why["gives"], "false");
    assert!(!why["from"].as_array().unwrap().is_empty(), "{why}");
}

#[test]
fn a_file_where_nothing_is_measured_is_told_so() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("cases.csv"), "case,time,event\n").unwrap();
    let agreement = folder.path().join("bare.sla");
    let text = "agreement bare \"Bare\" { version \"1\"; status draft; effective 2027-01-01; timezone \"UTC\" }\n";
    std::fs::write(&agreement, text).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_sla"));
    program.arg("evaluate").arg(&agreement).arg("--data").arg(folder.path()).args(["--period", "2027-06"]);
    let err = String::from_utf8(program.output().unwrap().stderr).unwrap();
    assert!(err.contains("no commitment of the agreement reads a signal: nothing is measured"), "{err}");
}
