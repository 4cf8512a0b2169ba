//! What the comments of the library say of its declarations is true.

use super::declared;
use crate::cli::{folder, sla};
use sla::values::{Date, Zone};

/// Who names the arbitrator is said without a question left: "the chamber of commerce" would be any of them.
#[test]
fn the_arbitrator_is_named_by_a_chamber_that_is_known() {
    let text = sla::std_library::text("governance").unwrap();
    assert!(text.contains("the chamber of commerce at the registered seat of the provider names\""), "{text}");
    let about = sla::std_library::items("governance").into_iter().find(|item| item.name == "disputes_in_arbitration");
    assert!(about.unwrap().about.contains("named at the provider's seat"));
}

/// The news of P1 every hour is fixed: its help is one that a user of the template can follow.
#[test]
fn a_resolution_within_the_hour_has_a_help_for_users_of_the_template() {
    let desk = r#"import four_priorities from std.support
agreement shop "Shop" { version "1"; status draft; effective 2027-01-01; timezone "UTC" }
party p "Provider" as provider
party c "Customer" as customer
service s "Service" { by p to c; scope "All of it" }
calendar office "Office hours" { open mon to fri 09:00 to 17:00 }
signal tk "Tickets" as cases of s { measured by c; milestone opened, responded, resolved }
support desk "Desk" of s {
  by      p to c
  cases   tk
  on      office
  channel phone "+49 30 5550199" on always
  use     four_priorities(5min, 30min, 1h, 8h, 2h, 2 days, 4h, 5 days)
}
"#;
    let ran = sla(folder(&[("shop.sla", desk)]).path(), &["check", "shop.sla"]);
    let told = format!("{}{}", ran.out, ran.err);
    let help = "choose a resolution of 1h or more, or write `p1` with its times in `desk`, in place of the template";
    assert!(told.contains("SLA505") && told.contains(help), "{told}");
    let kept = desk.replace("30min, 1h, 8h", "1h, 1h, 8h");
    let ran = sla(folder(&[("shop.sla", &kept)]).path(), &["check", "shop.sla"]);
    assert!(!format!("{}{}", ran.out, ran.err).contains("SLA505"));
}

/// Nothing is measured in June, after a row in May: what comes out of each metric, by what its signal says of missing rows.
const UNMEASURED: &str = r#"import availability_by_requests, availability_by_slices, availability_by_good_minutes, error_rate_of,
  availability_by_state, latency_at_95, latency_at_99, share_of_fast_requests, tickets_resolved_in_time, satisfied_answers from std.metrics
agreement shop "Shop" { version "1"; status agreed; effective 2027-01-01; timezone "UTC" }
party p "Provider" as provider
party c "Customer" as customer
service s "Service" { by p to c; scope "All of it" }
signal req "Requests" as events of s { measured by p; count total, failed; missing POLICY }
signal tim "Times" as events of s { measured by p; value latency ms; missing excluded }
signal up "Portal" as state of s { measured by p; missing bad }
signal tk "Tickets" as cases of s { measured by p; milestone opened, resolved }
signal sv "Survey" as scores of s { measured by c; scale 1 to 5 }
use availability_by_requests(req) as r
use availability_by_slices(req) as sl
use availability_by_good_minutes(req, 5%) as gm
use error_rate_of(req)
use availability_by_state(up) as st
use latency_at_95(tim)
use latency_at_99(tim)
use share_of_fast_requests(tim, 500ms)
use tickets_resolved_in_time(tk)
use satisfied_answers(sv, 4)
commitment requests "Requests" of s { target r_availability >= 99% per calendar month }
commitment slices "Slices" of s { target sl_availability >= 99% per calendar month }
commitment minutes "Minutes" of s { target gm_availability >= 99% per calendar month }
commitment errors "Errors" of s { target error_rate <= 1% per calendar month }
commitment p95 "p95" of s { target latency_95 <= 800ms per calendar month }
commitment p99 "p99" of s { target latency_99 <= 2s per calendar month }
commitment fast "Fast" of s { target fast_share >= 97% per calendar month }
commitment state "State" of s { target st_availability >= 99% per calendar month }
commitment resolved "Resolved" of desk { target resolved_in_time >= 90% per calendar month }
commitment satisfied "Satisfied" of s { target satisfied_share >= 85% per calendar month }
support desk "Desk" of s { by p to c; cases tk; on always; channel email "d@p.example"; priority p1 "P1" { when "Any"; resolve within 8h } }
"#;

#[test]
fn metrics_without_a_row_count_as_their_comment_says() {
    let missing = |policy: &str, rows: &str| {
        let requests = format!("time,total,failed\n2027-05-10T00:00:00Z,1,0\n{rows}");
        let folder = folder(&[
            ("shop.sla", &UNMEASURED.replace("POLICY", policy)),
            ("data/req.csv", &requests),
            ("data/tim.csv", "time,latency\n2027-05-10T00:00:00Z,5\n"),
            ("data/up.csv", "time,state\n2027-05-10T00:00:00Z,up\n"),
            (
                "data/tk.csv",
                "case,time,event,priority\nT1,2027-05-10T10:00:00Z,opened,p1\nT1,2027-05-10T11:00:00Z,resolved,\n",
            ),
            ("data/sv.csv", "time,score\n2027-05-10T00:00:00Z,5\n"),
        ]);
        let ran = sla(folder.path(), &["evaluate", "shop.sla", "--data", "data", "--period", "2027-06"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let verdicts = ran.out.lines().filter_map(|line| line.strip_prefix("  2027-06  "));
        verdicts.map(|line| line.split("  ").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let (met, missed, open) = ("met", "missed", "not decided");
    let all = |requests: [&'static str; 4]| [requests.as_slice(), &[open, open, open, met, met, met]].concat();
    assert_eq!(missing("bad", ""), all([missed; 4]));
    assert_eq!(missing("good", ""), all([met; 4]));
    assert_eq!(missing("excluded", ""), all([open; 4]));
    // A row of zeros is measured, with nothing to divide by.
    assert_eq!(missing("excluded", "2027-06-10T00:00:00Z,0,0\n"), all([met; 4]));
}

/// The clocks of the desks change on other dates in America than in Europe, and not at all in Japan.
#[test]
fn desks_that_follow_the_sun_leave_no_gap_in_any_week() {
    let model = declared("calendars");
    let calendar = &model.calendars.get("follow_the_sun").unwrap().calendar;
    let utc = Zone::parse("UTC").unwrap();
    let after = |date: Date, days: i64| date.checked_add(jiff::Span::new().days(days)).unwrap();
    let mut monday = Date::new(2026, 1, 5).unwrap();
    while monday.year() < 2032 {
        let openings: Vec<_> = calendar.openings(&utc, monday, 7).collect();
        let [(start, end)] = openings[..] else { panic!("{monday}: {openings:?}") };
        assert_eq!(start, utc.start_of_day(monday).unwrap(), "{monday}");
        assert!(end >= utc.start_of_day(after(monday, 5)).unwrap(), "{monday}: {end}");
        monday = after(monday, 7);
    }
}
