//! The clocks of cases from tables, with dates that were worked out by hand.

use super::{Ran, part, parties, run};
use sla::evaluate::Verdict;

/// A desk that is open from Monday to Friday, 08:00 to 18:00, but for Good Friday (2027-03-26) and Easter Monday.
fn text(reclassify: &str) -> String {
    parties("Europe/Berlin", "2027-01-01", "")
        + &format!(
            r#"holidays feasts "Holidays" {{ closed 2027-03-26 "Good Friday", 2027-03-29 "Easter Monday", 05-01 "Labour Day" }}
calendar office "Office" {{ open mon to fri 08:00 to 18:00; closed feasts }}
signal tickets "Tickets" as cases of api {{ measured by acme; milestone opened, responded, resolved, reopened; span waiting "Waiting" }}
support desk "Desk" of api {{ by acme to globex; cases tickets; on office
  priority high "High" {{ when "Down"; respond within 30min on always; resolve within 4h on always }}
  priority low "Low" {{ when "Other"; respond within 2h; resolve within 2 days }}
  pause while tickets.waiting when priority in [low]
  reclassify {reclassify} }}
maintenance planned "Planned" of api {{ announce 1 days before start; counts excluded }}
metric in_time "In time" = share(tickets.resolved.in_time) when empty 100%
metric answered "Answered" = share(tickets.responded.in_time) when empty 100%
metric all_cases "Cases" = count(tickets)
commitment resolved "Resolved" of desk {{ target in_time >= 90% per calendar month; exclude planned }}
commitment responded "Responded" of desk {{ target answered >= 90% per calendar month }}
commitment busy "Busy" of desk {{ target all_cases <= 0 per calendar month }}
"#
        )
}

fn months(reclassify: &str, rows: &str, from: &str, to: &str) -> Ran {
    let rows: String = rows.lines().map(|row| format!("{}\n", row.trim())).collect();
    run(&text(reclassify), &[("tickets.csv", &format!("case,time,event,priority\n{}", rows.trim_start()))], from, to)
}

/// How many of how many were in time; nothing where there was none to judge.
fn resolved(ran: &Ran) -> Vec<num_rational::BigRational> {
    ran.of("resolved").into_iter().map(|one| one.attained[0].clone().unwrap().0).collect()
}

#[test]
fn a_clock_runs_in_office_hours_and_not_on_holidays() {
    // Thursday 25 March, 16:00 to 18:00: 2 h. Friday to Monday: closed. Tuesday 30 March, 08:00 to 18:00: 10 h. The clocks
    // change on 28 March, so that 30 March, 18:00 is 16:00 UTC. Wednesday 31 March, 08:00 to 16:00: 8 h. In all 20 h, which
    // is two working days of 10 h: in time.
    let exactly = "A,2027-03-25T16:00:00+01:00,opened,low\nA,2027-03-31T16:00:00+02:00,resolved,";
    assert_eq!(resolved(&months("keep_clock", exactly, "2027-03-01", "2027-03-31")), [part(1, 1)]);
    // A second later: too late.
    let later = exactly.replace("16:00:00+02:00", "16:00:01+02:00");
    assert_eq!(resolved(&months("keep_clock", &later, "2027-03-01", "2027-03-31")), [part(0, 1)]);
    // Resolved at night before: nothing ran since 18:00, when 12 h had passed.
    let night = exactly.replace("31T16:00:00", "31T03:00:00");
    assert_eq!(resolved(&months("keep_clock", &night, "2027-03-01", "2027-03-31")), [part(1, 1)]);
}

#[test]
fn a_clock_stands_still_in_a_pause() {
    // Monday 1 March 08:00 to Wednesday 3 March 12:00: 10 + 10 + 4 = 24 h; waiting from Monday 16:00 to Tuesday 10:00 takes
    // 2 + 2 h of it: 20 h, on the deadline.
    let rows = "A,2027-03-01T08:00:00+01:00,opened,low\nA,2027-03-01T16:00:00+01:00,waiting starts,
        A,2027-03-02T10:00:00+01:00,waiting ends,\nA,2027-03-03T12:00:00+01:00,resolved,";
    assert_eq!(resolved(&months("keep_clock", rows, "2027-03-01", "2027-03-31")), [part(1, 1)]);
    let later = rows.replace("03T12:00:00", "03T12:00:01");
    assert_eq!(resolved(&months("keep_clock", &later, "2027-03-01", "2027-03-31")), [part(0, 1)]);
    // A case of the other priority does not pause: 24 h are more than 4.
    let high = rows.replace(",low", ",high");
    assert_eq!(resolved(&months("keep_clock", &high, "2027-03-01", "2027-03-31")), [part(0, 1)]);
}

#[test]
fn a_changed_priority_keeps_or_restarts_the_clock() {
    // Monday 1 March. Low from 15:00 to 17:00, by the office: 2 h. High from 17:00 to 20:00, around the clock: 3 h.
    let rows = "A,2027-03-01T15:00:00+01:00,opened,low\nA,2027-03-01T17:00:00+01:00,,high\nA,2027-03-01T20:00:00+01:00,resolved,";
    // Kept: 5 h against 4 h of the last priority. Restarted: 3 h.
    assert_eq!(resolved(&months("keep_clock", rows, "2027-03-01", "2027-03-31")), [part(0, 1)]);
    assert_eq!(resolved(&months("restart_clock", rows, "2027-03-01", "2027-03-31")), [part(1, 1)]);
    // Kept and exactly on the deadline, at 19:00: 2 + 2 h.
    let earlier = rows.replace("20:00:00", "19:00:00");
    assert_eq!(resolved(&months("keep_clock", &earlier, "2027-03-01", "2027-03-31")), [part(1, 1)]);
}

#[test]
fn after_a_reopening_the_last_resolution_counts() {
    // High: opened 10:00, resolved 11:00, reopened 12:00, resolved 13:59: the last resolution is 3 h 59 min after the opening.
    let rows = "A,2027-03-01T10:00:00Z,opened,high\nA,2027-03-01T11:00:00Z,resolved,
        A,2027-03-01T12:00:00Z,reopened,\nA,2027-03-01T13:59:00Z,resolved,";
    assert_eq!(resolved(&months("keep_clock", rows, "2027-03-01", "2027-03-31")), [part(1, 1)]);
    let later = rows.replace("13:59:00", "14:00:01");
    assert_eq!(resolved(&months("keep_clock", &later, "2027-03-01", "2027-03-31")), [part(0, 1)]);
    // Reopened and not resolved again: open, and late since 14:00.
    let open: String = rows.lines().take(3).map(|row| format!("{row}\n")).collect();
    assert_eq!(resolved(&months("keep_clock", &open, "2027-03-01", "2027-03-31")), [part(0, 1)]);
}

#[test]
fn a_case_belongs_to_the_month_of_its_deadline_or_resolution_whichever_is_earlier() {
    // Opened on 31 March, 12:00 UTC; the deadline passes at 16:00; resolved on 1 April. In Berlin the month ends at 22:00 UTC.
    let late = "A,2027-03-31T12:00:00Z,opened,high\nA,2027-04-01T12:00:00Z,resolved,";
    let ran = months("keep_clock", late, "2027-03-01", "2027-04-30");
    assert_eq!(ran.verdicts("resolved"), [Verdict::Missed, Verdict::Met]);
    assert_eq!(resolved(&ran), [part(0, 1), part(1, 1)]);
    // The same, whichever month is asked for alone.
    assert_eq!(resolved(&months("keep_clock", late, "2027-03-01", "2027-03-31")), [part(0, 1)]);
    assert_eq!(months("keep_clock", late, "2027-04-01", "2027-04-30").of("resolved"), ran.of("resolved")[1..].to_vec());
    // The deadline is the first instant of April, and so is the resolution: it belongs to April, and is in time.
    let edge = "A,2027-03-31T18:00:00Z,opened,high\nA,2027-03-31T22:00:00Z,resolved,\nB,2027-04-02T10:00:00Z,opened,high\nB,2027-04-02T15:00:00Z,resolved,";
    assert_eq!(resolved(&months("keep_clock", edge, "2027-03-01", "2027-04-30")), [part(1, 1), part(1, 2)]);
    // Resolved in April before its deadline: April's. The cases of March are counted where they open.
    let ran = months(
        "keep_clock",
        "A,2027-03-31T21:00:00Z,opened,high\nA,2027-03-31T23:00:00Z,resolved,",
        "2027-03-01",
        "2027-04-30",
    );
    assert_eq!(ran.verdicts("busy"), [Verdict::Missed, Verdict::Met]);
    assert_eq!(ran.verdicts("resolved"), [Verdict::Met, Verdict::Met]);
}

/// Opened on 30 November at 17:59:50, answered and due on the next day.
#[test]
fn a_case_of_which_no_milestone_is_measured_belongs_to_the_month_in_which_it_is_opened() {
    let text = parties("Europe/Berlin", "2027-01-01", "")
        + r#"signal calls "Calls" as cases of api { measured by acme; milestone opened, responded; field abandoned yes_no }
support desk "Desk" of api { by acme to globex; cases calls; on always
  priority any "Any" { when "Any call"; respond within 10h } }
metric late = not calls.responded.in_time
metric abandoned "Abandoned" = share(calls.abandoned) when empty 0%
metric lost "Lost" = count(calls where calls.abandoned)
metric slow "Slow" = count(calls where calls.responded.after > 1h)
metric answered "Answered" = mean(calls.responded.after where calls.abandoned) when empty 0h
metric too_late "Too late" = share(late) when empty 0%
commitment of_field "Of a field" of api { target abandoned <= 0% per calendar month }
commitment of_count "Of a number" of api { target lost <= 0 per calendar month }
commitment of_filter "Of a condition" of api { target slow <= 0 per calendar month }
commitment of_milestone "Of a milestone" of api { target answered <= 1h per calendar month }
commitment of_metric "Of another measure" of api { target too_late <= 0% per calendar month }
"#;
    let rows = "case,time,event,priority,abandoned\nA,2027-11-30T17:59:50+01:00,opened,any,true\nA,2027-12-01T08:00:00+01:00,responded,,\n";
    let ran = run(&text, &[("calls.csv", rows)], "2027-11-01", "2027-12-31");
    for by_opening in ["of_field", "of_count", "of_filter"] {
        assert_eq!(ran.verdicts(by_opening), [Verdict::Missed, Verdict::Met], "{by_opening}");
    }
    for by_milestone in ["of_milestone", "of_metric"] {
        assert_eq!(ran.verdicts(by_milestone), [Verdict::Met, Verdict::Missed], "{by_milestone}");
    }
}

#[test]
fn an_open_case_is_late_once_its_deadline_has_passed() {
    // One open since the morning of the last day, and one whose deadline comes in April: that one belongs to no month yet.
    let rows = "A,2027-03-31T08:00:00Z,opened,high\nB,2027-03-31T20:00:00Z,opened,high\nC,2027-03-05T08:00:00Z,opened,high\nC,2027-03-05T09:00:00Z,resolved,";
    assert_eq!(resolved(&months("keep_clock", rows, "2027-03-01", "2027-03-31")), [part(1, 2)]);
}

/// Excluded time before the window stops the clock of a case as well as that within it.
#[test]
fn excluded_time_stops_a_clock_across_the_end_of_a_month() {
    // High: opened 28 February 20:00 UTC, resolved 1 March 01:00: 5 h, of which 21:00 to 22:30 are excluded: 3.5 h.
    let rows = "case,time,event,priority\nA,2027-02-28T20:00:00Z,opened,high\nA,2027-03-01T01:00:00Z,resolved,\n";
    let planned = "from,to,announced\n2027-02-28T21:00:00Z,2027-02-28T22:30:00Z,2027-02-01T00:00:00Z\n";
    let ran = run(&text("keep_clock"), &[("tickets.csv", rows), ("planned.csv", planned)], "2027-03-01", "2027-03-31");
    assert_eq!(resolved(&ran), [part(1, 1)]);
    let ran = run(&text("keep_clock"), &[("tickets.csv", rows), ("planned.csv", planned)], "2027-02-01", "2027-03-31");
    assert_eq!(ran.of("resolved")[1].attained, [Ok((part(1, 1), part(1, 1)))]);
}

/// A case whose priority changes after the month belongs neither to two months nor to none.
#[test]
fn a_case_belongs_to_one_month_whatever_is_asked_for() {
    for (first, then) in [("high", "low"), ("low", "high")] {
        let rows = format!(
            "A,2027-03-31T12:00:00Z,opened,{first}\nA,2027-04-01T07:00:00Z,,{then}\nA,2027-04-01T15:00:00Z,resolved,"
        );
        let both = months("keep_clock", &rows, "2027-03-01", "2027-04-30");
        let march = months("keep_clock", &rows, "2027-03-01", "2027-03-31");
        let april = months("keep_clock", &rows, "2027-04-01", "2027-04-30");
        let apart: Vec<_> = march.of("resolved").into_iter().chain(april.of("resolved")).collect();
        assert_eq!(apart, both.of("resolved"), "{first}, then {then}");
    }
}

/// A priority that promises no resolution says nothing of one: the other cases are judged.
///
/// May disagree, since the language does not say what `in_time` is without a time: one such case makes all unknown.
#[test]
fn a_case_without_a_deadline_does_not_make_the_others_unknown() {
    let text = text("keep_clock").replace("respond within 2h; resolve within 2 days", "respond within 2h");
    let rows = "case,time,event,priority\nA,2027-03-01T10:00:00Z,opened,high\nA,2027-03-01T11:00:00Z,resolved,\nB,2027-03-01T10:00:00Z,opened,low\nB,2027-03-09T10:00:00Z,resolved,\n";
    let ran = run(&text, &[("tickets.csv", rows)], "2027-03-01", "2027-03-31");
    assert_eq!(ran.verdicts("resolved"), [Verdict::Met]);
}

/// Excluded from 2 February to 18 March: of 100 hours, 24 have passed by then and the rest by 21 March. So the case is March's,
/// and late, although the exclusion began long before.
#[test]
fn excluded_time_of_long_ago_stops_a_clock() {
    let text = text("keep_clock").replace("resolve within 4h on always", "resolve within 100h on always");
    let rows = "case,time,event,priority\nA,2027-02-01T10:00:00Z,opened,high\nA,2027-03-25T10:00:00Z,resolved,\n";
    let planned = "from,to,announced\n2027-02-02T10:00:00Z,2027-03-18T11:00:00Z,2027-01-01T00:00:00Z\n";
    let ran = run(&text, &[("tickets.csv", rows), ("planned.csv", planned)], "2027-02-01", "2027-03-31");
    assert_eq!(ran.verdicts("resolved"), [Verdict::Met, Verdict::Missed]);
}
