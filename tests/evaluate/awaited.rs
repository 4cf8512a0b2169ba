//! Cases that are still open at the end of the data.

use super::open::evaluated_of;

const JOBS: &str = r#"agreement nightly "Nightly jobs" {
  version   "1"
  status    agreed
  effective 2027-01-01 to 2028-12-31
  timezone  "UTC"
  currency  EUR
}
party acme "Acme" as provider
party globex "Globex" as customer
service api "Jobs" { by acme to globex }
signal jobs "Jobs" as cases of api { measured by globex; milestone started, delivered }
metric in_time "Delivered within a day" = share(jobs.delivered.after <= 24h) when empty 100% { window of jobs.started }
commitment kept "Delivery" of api { target in_time >= 99% per calendar month }
"#;

/// A case that is late by then is decided; one that may still be in time is not, whatever milestone stands in other rows.
#[test]
fn the_reason_names_the_cases_that_are_open_at_the_end_of_the_data() {
    let done = "case,time,event\na,2027-06-10T10:00:00Z,started\na,2027-06-10T20:00:00Z,delivered\n";
    let told = |more: &str| evaluated_of(JOBS, &[("jobs.csv", &format!("{done}{more}"))], "2027-06").0;
    let one = told("b,2027-06-30T12:00:00Z,started\n");
    let reason = "not decided: 1 case is still open at the end of the data, without `delivered`: more data or a later `--as-of` decides it";
    assert!(one.contains(reason), "{one}");
    let two = told("b,2027-06-30T12:00:00Z,started\nc,2027-06-30T13:00:00Z,started\n");
    assert!(two.contains("not decided: 2 cases are still open at the end of the data, without `delivered`"), "{two}");
    let late =
        told("b,2027-06-20T12:00:00Z,started\nc,2027-06-30T13:00:00Z,started\nc,2027-06-30T14:00:00Z,delivered\n");
    assert!(late.contains("missed") && !late.contains("not decided"), "{late}");
}
