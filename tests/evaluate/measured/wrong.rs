//! Tables that are wrong: each mistake is told with its file and line, and nothing is left out in silence.

use super::{parties, run};

fn counts() -> String {
    parties("Europe/Berlin", "2027-01-01", "")
        + r#"signal requests "Requests" as events of api { measured by acme; count total; count failed; missing bad }
metric errors "Errors" = requests.failed / requests.total when empty 0%
commitment kept "Kept" of api { target errors <= 3% per calendar month }
"#
}

fn states() -> String {
    parties("Europe/Berlin", "2027-01-01", "")
        + r#"signal up "Up" as state of api { measured by acme; missing bad; field place text }
metric all_up "All up" = share(all(up per place))
commitment kept "Kept" of api { target all_up >= 99% per calendar month }
"#
}

fn tickets() -> String {
    parties("Europe/Berlin", "2027-01-01", "")
        + r#"signal tickets "Tickets" as cases of api { measured by acme; milestone opened, responded, resolved; span waiting }
support desk "Desk" of api { by acme to globex; cases tickets; on always
  priority high "High" { when "Down"; respond within 1h; resolve within 4h }
  priority low "Low" { when "Other"; respond within 4h; resolve within 2 days }
  reclassify keep_clock; pause while tickets.waiting }
metric in_time "In time" = share(tickets.resolved.in_time) when empty 100%
commitment kept "Kept" of desk { target in_time >= 99% per calendar month }
"#
}

/// What is said of a table for March 2027, as code and place.
fn said(text: &str, name: &str, table: &str) -> Vec<String> {
    let ran = run(text, &[(name, table)], "2027-03-01", "2027-03-31");
    ran.places()
}

#[test]
fn rows_of_counts_that_are_wrong_are_told() {
    for (rows, expected) in [
        // A time without a zone.
        ("time,total,failed\n2027-03-01T10:00:00,1,0\n", vec!["SLA755 requests.csv:2"]),
        ("time,total,failed\n2027-03-01T10:00:00Z,1,0\n2027-03-01 10:00,1,0\n", vec!["SLA755 requests.csv:3"]),
        // A column that nobody knows.
        ("time,total,failed,mistakes\n2027-03-01T10:00:00Z,1,0,3\n", vec!["SLA752 requests.csv:1"]),
        // A count beyond 64 bits, below zero, and with a fraction.
        ("time,total,failed\n2027-03-01T10:00:00Z,18446744073709551616,0\n", vec!["SLA754 requests.csv:2"]),
        ("time,total,failed\n2027-03-01T10:00:00Z,5,-1\n", vec!["SLA754 requests.csv:2"]),
        ("time,total,failed\n2027-03-01T10:00:00Z,5,0.5\n", vec!["SLA754 requests.csv:2"]),
        // No time.
        ("time,total,failed\n,5,0\n", vec!["SLA754 requests.csv:2"]),
        // Another number of cells, a day that does not exist, and a time that the offset moves out of the calendar.
        ("time,total,failed\n2027-03-01T10:00:00Z,5\n", vec!["SLA751 requests.csv:2"]),
        ("time,total,failed\n2027-02-29T10:00:00Z,5,0\n", vec!["SLA754 requests.csv:2"]),
        ("", vec!["SLA751 requests.csv:1"]),
    ] {
        assert_eq!(said(&counts(), "requests.csv", rows), expected, "{rows}");
    }
    assert_eq!(
        said(&counts(), "requests.jsonl", "{\"time\":\"2027-03-01T10:00:00\",\"total\":1,\"failed\":0}\n"),
        ["SLA755 requests.jsonl:1"]
    );
}

/// Counts that each fit, and together do not.
#[test]
fn sums_beyond_64_bits_are_told() {
    let rows = "time,total,failed\n2027-03-01T10:00:00Z,18446744073709551615,0\n2027-03-02T10:00:00Z,1,0\n";
    let found = said(&counts(), "requests.csv", rows);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("SLA754 requests.csv"), "{found:?}");
}

#[test]
fn a_count_without_a_column_is_told() {
    let rows = "time,total\n2027-03-01T10:00:00Z,100\n";
    assert_eq!(said(&counts(), "requests.csv", rows), ["SLA753 requests.csv:1"]);
}

/// Two requests in one second are no mistake; two rows of one name are.
#[test]
fn a_row_of_counts_that_stands_twice_is_told() {
    let rows = "time,total,failed,id\n2027-03-01T10:00:00Z,100,5,a\n2027-03-01T10:00:00Z,100,5,a\n2027-03-02T10:00:00Z,200,0,b\n";
    assert_eq!(said(&counts(), "requests.csv", rows), ["SLA756 requests.csv:3"]);
}

#[test]
fn rows_outside_are_counted() {
    let rows = "time,total,failed\n2027-02-28T22:59:59Z,9,9\n2027-02-28T23:00:00Z,100,1\n2027-03-31T21:59:59Z,100,1\n2027-03-31T22:00:00Z,9,9\n";
    let ran = run(&counts(), &[("requests.csv", rows)], "2027-03-01", "2027-03-31");
    assert_eq!(ran.places(), ["SLA757 requests.csv"]);
    assert!(ran.said[0].2.starts_with("2 rows lie outside") && ran.said[0].2.ends_with("line 2"), "{:?}", ran.said);
    let exactly = super::part(1, 100);
    assert_eq!(ran.all[0].attained, [Ok((exactly.clone(), exactly))]);
}

#[test]
fn states_that_contradict_each_other_are_told() {
    let same =
        "time,state,place\n2027-03-01T10:00:00Z,up,a\n2027-03-01T10:00:00Z,up,b\n2027-03-01T11:00:00+01:00,up,a\n";
    assert_eq!(said(&states(), "up.csv", same), ["SLA756 up.csv:4"]);
    let other = "time,state,place\n2027-03-01T10:00:00Z,up,a\n2027-03-01T10:00:00Z,down,a\n";
    assert_eq!(said(&states(), "up.csv", other), ["SLA758 up.csv:3"]);
}

#[test]
fn states_that_contradict_each_other_before_the_period_are_told() {
    let other = "time,state,place\n2027-02-27T10:00:00Z,up,a\n2027-02-27T10:00:00Z,down,a\n";
    let found = said(&states(), "up.csv", other);
    assert!(found.contains(&"SLA758 up.csv:3".to_owned()), "{found:?}");
}

#[test]
fn files_that_contradict_each_other_are_told() {
    let (one, two) =
        ("time,state,place\n2027-03-01T10:00:00Z,up,a\n", "time,state,place\n2027-03-01T10:00:00Z,down,a\n");
    let ran = run(&states(), &[("up.1.csv", one), ("up.2.csv", two)], "2027-03-01", "2027-03-31");
    assert_eq!(ran.places(), ["SLA758 up.2.csv:2"]);
    assert!(ran.said[0].2.contains("up.1.csv:2"), "{:?}", ran.said);
}

#[test]
fn cases_that_contradict_themselves_are_told() {
    let head = "case,time,event,priority\n";
    for (rows, expected) in [
        ("A,2027-03-01T10:00:00Z,opened,high\nA,2027-03-01T09:00:00Z,resolved,\n", vec!["SLA758 tickets.csv:3"]),
        ("A,2027-03-01T09:00:00Z,resolved,high\n", vec!["SLA758 tickets.csv:2"]),
        ("A,2027-03-01T09:00:00Z,opened,\nA,2027-03-01T10:00:00Z,resolved,\n", vec!["SLA754 tickets.csv:2"]),
        (
            "A,2027-03-01T09:00:00Z,opened,high\nA,2027-03-01T10:00:00Z,resolved,\nA,2027-03-01T10:00:00Z,resolved,\n",
            vec!["SLA756 tickets.csv:4"],
        ),
        (
            "A,2027-03-01T09:00:00Z,opened,high\nA,2027-03-01T10:00:00Z,,low\nA,2027-03-01T10:00:00Z,,high\n",
            vec!["SLA758 tickets.csv:3"],
        ),
        ("A,2027-03-01T09:00:00Z,opened,urgent\n", vec!["SLA754 tickets.csv:2"]),
        ("A,2027-03-01T09:00:00Z,waiting ends,high\nA,2027-03-01T09:00:00Z,opened,\n", vec!["SLA758 tickets.csv:2"]),
        ("A,2027-03-01T09:00:00Z,opened,high\nA,2027-03-01T09:30:00Z,,\n", vec!["SLA754 tickets.csv:3"]),
    ] {
        assert_eq!(said(&tickets(), "tickets.csv", &format!("{head}{rows}")), expected, "{rows}");
    }
}

#[test]
fn a_case_that_is_opened_twice_is_told() {
    let rows = "case,time,event,priority\nA,2027-03-01T12:00:00Z,opened,high\nA,2027-03-01T13:00:00Z,opened,\nA,2027-03-01T16:30:00Z,resolved,\n";
    assert_eq!(said(&tickets(), "tickets.csv", rows).len(), 1);
}

#[test]
fn files_that_belong_to_nothing_and_files_that_are_not_there_are_told() {
    let ran = run(&counts(), &[("request.csv", "time,total,failed\n")], "2027-03-01", "2027-03-31");
    assert_eq!(ran.places(), ["SLA759 request.csv", "SLA759 requests.csv"]);
    assert!(matches!(ran.all[0].verdict, sla::evaluate::Verdict::NotMeasured(_)));
}

/// A file that is packed is told, not taken for one that is not there.
#[test]
fn a_packed_table_is_told() {
    let rows = "time,total,failed\n2027-03-01T10:00:00Z,1,0\n";
    let ran = run(&counts(), &[("requests.csv.gz", "x"), ("requests.csv", rows)], "2027-03-01", "2027-03-31");
    let message = "`requests.csv.gz` is not read: a table is CSV or JSON Lines, and this ends with `.csv.gz`";
    assert_eq!(ran.said, [("SLA759".to_owned(), "requests.csv.gz".to_owned(), message.to_owned())]);
}
