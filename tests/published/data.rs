//! Published agreements, evaluated against measurements.

use super::run;
use std::fs;
use tempfile::TempDir;

/// Two clusters cannot be reached for 433 minutes of June: one is there all month, the other for 23 hours.
#[test]
fn each_cluster_is_judged_by_itself_and_a_young_one_is_not() {
    let data = TempDir::new().unwrap();
    let mut attempts = String::from("time,total,failed,cluster\n");
    for cluster in ["orders", "trial"] {
        for minute in 600..1_033 {
            let (hour, minute) = (minute / 60, minute % 60);
            attempts += &format!("2027-06-10T{hour:02}:{minute:02}:00Z,2,2,{cluster}\n");
        }
        attempts += &format!("2027-06-01T00:00:00Z,2,0,{cluster}\n");
    }
    let deployment =
        ["2027-06-01T00:00:00Z,up,orders", "2027-06-10T00:00:00Z,up,trial", "2027-06-10T23:00:00Z,down,trial"];
    fs::write(data.path().join("attempts.csv"), attempts).unwrap();
    fs::write(data.path().join("deployment.csv"), format!("time,state,cluster\n{}\n", deployment.join("\n"))).unwrap();
    let life = "time,age,cluster\n2027-06-10T23:00:00Z,5000,orders\n2027-06-10T22:59:00Z,22.9,trial\n";
    fs::write(data.path().join("life.csv"), life).unwrap();
    let fees = "date,amount,cluster\n2027-06-01,600.00,orders\n2027-06-01,20.00,trial\n";
    fs::write(data.path().join("cluster_fee.csv"), fees).unwrap();
    let ran = run(&["evaluate", "document-store.sla", "--data", data.path().to_str().unwrap(), "--period", "2027-06"]);
    let after = |name: &str| {
        let lines: Vec<&str> = ran.out.lines().collect();
        let at = lines.iter().position(|line| line.starts_with(name)).unwrap();
        lines[at + 1].split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // 42,767 of 43,200 minutes are good.
    assert!(after("kept[orders]").starts_with("2027-06 missed 98.997685%"), "{}", ran.out);
    assert!(after("kept[orders]").contains("credit 150.00 USD"), "{}", ran.out);
    assert!(after("kept[trial]").starts_with("2027-06 does not apply"), "{}", ran.out);
    assert!(ran.out.contains("owes Example Customer Ltd 150.00 USD"), "{}", ran.out);
}

/// What is computed of the measurements in a folder for a file and a period.
fn evaluated(data: &TempDir, file: &str, period: &str) -> String {
    run(&["evaluate", file, "--data", data.path().to_str().unwrap(), "--period", period]).out
}

/// Ten interruptions of 61 minutes are eleven hours that have begun, and not ten times two. In the same month 4.7% of the packets
/// are lost, which is four whole per cent: only the larger of the two credits is owed.
#[test]
fn hours_without_power_are_paid_once_and_credits_are_not_combined() {
    let data = TempDir::new().unwrap();
    let (mut power, mut path) = (String::from("time,state,feed\n"), String::from("time,delay,lost\n"));
    for minute in 0..30 * 24 * 60 {
        let (day, hour, of_hour) = (minute / 1_440 + 1, minute / 60 % 24, minute % 60);
        let time = format!("2027-06-{day:02}T{hour:02}:{of_hour:02}:00Z");
        let dark = day % 3 == 0 && (600..661).contains(&(minute % 1_440));
        let state = if dark { "down" } else { "up" };
        power += &format!("{time},{state},a\n{time},{state},b\n");
        let lost = if (10..12).contains(&day) && minute < 9 * 1_440 + 2_040 { 100 } else { 0 };
        path += &format!("{time},10,{lost}\n");
    }
    fs::write(data.path().join("power.csv"), power).unwrap();
    fs::write(data.path().join("path.csv"), path).unwrap();
    fs::write(data.path().join("climate.csv"), "time,temperature,humidity\n2027-06-01T00:00:00Z,22,50\n").unwrap();
    let out = evaluated(&data, "colocation.sla", "2027-06");
    assert!(out.contains("10h10min  credit 3300.00 USD"), "{out}");
    assert!(out.contains("credit none; only the largest of combined credits is owed"), "{out}");
    assert!(out.contains("owes Example Tenant Inc. 3300.00 USD if everything is claimed"), "{out}");
}

/// Both feeds are dead from 10:00:30 to 10:15:30 on each of the first days, and a minute longer on the next one: only that is more
/// than fifteen minutes.
#[test]
fn fifteen_minutes_without_power_are_no_interruption_wherever_in_a_minute_they_begin() {
    let data = TempDir::new().unwrap();
    let mut power = String::from("time,state,feed\n2027-05-31T23:59:30Z,up,a\n2027-05-31T23:59:30Z,up,b\n");
    for minute in 0..30 * 24 * 60 {
        let (day, hour, of_hour) = (minute / 1_440 + 1, minute / 60 % 24, minute % 60);
        let last = if day == 4 { 616 } else { 615 };
        let state = if day <= 4 && (600..last).contains(&(minute % 1_440)) { "down" } else { "up" };
        let time = format!("2027-06-{day:02}T{hour:02}:{of_hour:02}:30Z");
        power += &format!("{time},{state},a\n{time},{state},b\n");
    }
    fs::write(data.path().join("power.csv"), power).unwrap();
    fs::write(data.path().join("path.csv"), "time,delay,lost\n2027-06-01T00:00:00Z,10,0\n").unwrap();
    fs::write(data.path().join("climate.csv"), "time,temperature,humidity\n2027-06-01T00:00:00Z,22,50\n").unwrap();
    let out = evaluated(&data, "colocation.sla", "2027-06");
    assert!(out.contains("missed  16min  credit 300.00 USD"), "{out}");
}

/// Whoever hangs up has no time to an answer, and leaves the mean of the others decided.
#[test]
fn an_abandoned_call_leaves_the_speed_to_answer_decided() {
    let data = TempDir::new().unwrap();
    let calls = "case,time,event,abandoned\n\
        c1,2027-11-02T10:00:00Z,opened,no\nc1,2027-11-02T10:00:20Z,responded,no\n\
        c2,2027-11-02T11:00:00Z,opened,yes\n";
    fs::write(data.path().join("calls.csv"), calls).unwrap();
    fs::write(data.path().join("survey.csv"), "time,score\n2027-11-02T10:10:00Z,6\n").unwrap();
    let out = evaluated(&data, "call-centre.sla", "2027-11");
    assert!(out.contains("2027-11  met      20s"), "{out}");
}

/// The attempts go on, and fail, after the cluster was taken away: an absent cluster counts 100%.
#[test]
fn an_absent_cluster_fails_nothing() {
    let data = TempDir::new().unwrap();
    let attempts = (16..31).flat_map(|day| (0..24).map(move |hour| format!("2027-06-{day}T{hour:02}:00:00Z,2,2,a\n")));
    fs::write(
        data.path().join("attempts.csv"),
        "time,total,failed,cluster\n".to_owned() + &attempts.collect::<String>(),
    )
    .unwrap();
    let deployment = "time,state,cluster\n2027-06-01T00:00:00Z,up,a\n2027-06-16T00:00:00Z,down,a\n";
    fs::write(data.path().join("deployment.csv"), deployment).unwrap();
    fs::write(data.path().join("life.csv"), "time,age,cluster\n2027-06-15T23:00:00Z,1000,a\n").unwrap();
    fs::write(data.path().join("cluster_fee.csv"), "date,amount,cluster\n2027-06-01,600.00,a\n").unwrap();
    let out = evaluated(&data, "document-store.sla", "2027-06");
    assert!(out.contains("2027-06  met  100%"), "{out}");
}

/// An hour without a connection is owed for the one database, and not for both: together they would be connected.
#[test]
fn each_database_is_judged_by_itself() {
    let data = TempDir::new().unwrap();
    let rows = (0..60).map(|minute| {
        let time = format!("2027-06-10T10:{minute:02}:00Z");
        format!("{time},2,2,multi_az,orders\n{time},2,0,multi_az,stock\n")
    });
    let attempts = "time,total,failed,deployment,instance\n".to_owned() + &rows.collect::<String>();
    fs::write(data.path().join("attempts.csv"), attempts).unwrap();
    let fees = "date,amount,deployment,instance\n2027-06-15,400.00,multi_az,orders\n2027-06-15,90.00,multi_az,stock\n";
    fs::write(data.path().join("database_fee.csv"), fees).unwrap();
    let out = evaluated(&data, "database.sla", "2027-06");
    assert!(out.contains("owes Example Customer Ltd. 40.00 USD if everything is claimed"), "{out}");
}

/// One interval of the month has a row, and every request in it fails: all the others have an error rate of 0%.
#[test]
fn an_interval_without_requests_has_no_errors() {
    let data = TempDir::new().unwrap();
    fs::write(data.path().join("requests.csv"), "time,total,failed,class\n2027-06-10T10:00:00Z,2,2,standard\n")
        .unwrap();
    fs::write(data.path().join("class_fee.csv"), "date,amount,class\n2027-06-15,500.00,standard\n").unwrap();
    let out = evaluated(&data, "object-storage.sla", "2027-06");
    assert!(out.contains("met          99.988426%"), "{out}");
}

/// A copy that begins in May and ends in June is one of May, in which it took longer than 15 minutes.
#[test]
fn an_object_belongs_to_the_month_in_which_its_replication_began() {
    let data = TempDir::new().unwrap();
    let objects = "case,time,event,pair\n\
        a,2027-05-31T23:50:00Z,begun,x\na,2027-06-01T00:10:00Z,replicated,x\n\
        b,2027-06-10T10:00:00Z,begun,x\nb,2027-06-10T10:01:00Z,replicated,x\n";
    fs::write(data.path().join("objects.csv"), objects).unwrap();
    fs::write(data.path().join("replication_fee.csv"), "date,amount,pair\n2027-05-15,60.00,x\n2027-06-15,60.00,x\n")
        .unwrap();
    let told = |period: &str| {
        let out = evaluated(&data, "object-storage.sla", period);
        let line = out.lines().skip_while(|line| !line.starts_with("pair_kept[x]")).nth(1);
        line.unwrap_or_else(|| panic!("{out}")).split_whitespace().take(3).collect::<Vec<_>>().join(" ")
    };
    assert_eq!([told("2027-05"), told("2027-06")], ["2027-05 missed 0%", "2027-06 met 100%"]);
}
