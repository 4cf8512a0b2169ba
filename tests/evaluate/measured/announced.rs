//! Maintenance that was announced in time, or too late, by a calendar.

use super::{Ran, parties, run};

/// Two hours of work on Monday, 15 March 2027, from 10:00 to 12:00 in Berlin, in which everything fails.
fn ran(effective: &str, announce: &str, told: &str) -> Ran {
    let text = parties("Europe/Berlin", effective, "")
        + &format!(
            r#"
holidays days "Holidays" {{ closed 2027-03-09 "A holiday" }}
calendar office "Office" {{ open mon to fri 09:00 to 17:00 }}
calendar shut "Office but for holidays" {{ open mon to fri 09:00 to 17:00; closed days }}
calendar evenings "Evenings in New York" {{ timezone "America/New_York"; open sat 20:00 to 24:00; open tue 09:00 to 10:00 }}
signal requests "Requests" as events of api {{ measured by acme; count total, failed; missing good }}
metric uptime "Uptime" = 100% - mean(requests.failed / requests.total per 1h)
maintenance planned "Planned" of api {{ announce {announce} before start to globex.it; budget 4h per calendar month; counts excluded }}
commitment kept "Kept" of api {{
  target uptime >= 99.9% per calendar month; exclude planned
  credit of monthly {{ below target gives 10% }}
  claim automatic
}}
"#
        );
    let planned = format!("from,to,announced\n2027-03-15T10:00:00+01:00,2027-03-15T12:00:00+01:00,{told}\n");
    let requests = "time,total,failed\n2027-03-15T10:00:00+01:00,10,10\n2027-03-15T11:00:00+01:00,10,10\n";
    run(&text, &[("planned.csv", &planned), ("requests.csv", requests)], "2027-03-31", "2027-03-31")
}

/// Whether the last moment is in time, and the one after it too late.
fn is_due(announce: &str, last: &str, late: &str) {
    let owed = |told: &str| ran("2027-01-01", announce, told).owed("kept");
    assert_eq!(owed(last), [0], "{announce} {last}");
    assert_eq!(owed(late), [100_00], "{announce} {late}");
}

#[test]
fn working_days_are_counted_back_from_the_day_before() {
    is_due("5 days on office", "2027-03-08T23:59:59.999999999+01:00", "2027-03-09T00:00:00+01:00");
    is_due("1 days on office", "2027-03-12T23:59:59+01:00", "2027-03-13T00:00:00+01:00");
    is_due("5 days on shut", "2027-03-05T23:59:59+01:00", "2027-03-06T00:00:00+01:00");
    // The evening of Saturday in New York is the morning of Sunday in Berlin too; Tuesday was the 9th.
    is_due("1 days on evenings", "2027-03-14T23:59:59+01:00", "2027-03-15T00:00:00+01:00");
    is_due("2 days on evenings", "2027-03-09T23:59:59+01:00", "2027-03-10T00:00:00+01:00");
    is_due("5 days", "2027-03-10T23:59:59+01:00", "2027-03-11T00:00:00+01:00");
    is_due("5 days on always", "2027-03-10T23:59:59+01:00", "2027-03-11T00:00:00+01:00");
}

#[test]
fn hours_are_counted_back_while_the_calendar_is_open() {
    is_due("16h on office", "2027-03-11T10:00:00+01:00", "2027-03-11T10:00:00.000000001+01:00");
    is_due("1h on office", "2027-03-12T17:00:00+01:00", "2027-03-15T09:00:01+01:00");
    is_due("16h", "2027-03-14T18:00:00+01:00", "2027-03-14T18:00:00.000000001+01:00");
}

#[test]
fn whole_periods_end_before_the_one_of_the_start() {
    is_due("1 calendar months", "2027-02-28T23:59:59+01:00", "2027-03-01T00:00:00+01:00");
    is_due("2 calendar weeks", "2027-03-07T23:59:59+01:00", "2027-03-08T00:00:00+01:00");
    is_due("5 contract months", "2026-10-31T23:59:59+01:00", "2026-11-01T00:00:00+01:00");
}

/// The bundle has the hours before the term by which an announcement for its first days is counted.
#[test]
fn an_announcement_before_the_term_is_in_time_by_hours_before_it() {
    for (announce, told, in_time) in [
        ("5 days on shut", "2027-03-05T12:00:00+01:00", true),
        ("5 days on shut", "2027-03-08T12:00:00+01:00", false),
        ("25h on office", "2027-03-10T09:00:00+01:00", true),
        ("25h on office", "2027-03-10T09:00:01+01:00", false),
    ] {
        let ran = ran("2027-03-15", announce, told);
        assert_eq!(ran.owed("kept") == [0], in_time, "{announce} {told}");
    }
}

#[test]
fn what_was_agreed_is_told() {
    let said = |announce: &str| ran("2027-01-01", announce, "2027-03-15T09:30:00+01:00").said[0].2.clone();
    let told = |ahead: &str| {
        format!("it was announced too late: at least {ahead} before it begins were agreed, so the time is not excluded")
    };
    assert_eq!(said("7 days on office"), told("7 working days of `office`"));
    assert_eq!(said("16h on office"), told("16h in the hours of `office`"));
    assert_eq!(said("7 days"), told("7 days"));
}
