//! The rules, executed by a program that knows only JSON, against figures that were worked out by hand.

use serde_json::Value;

use super::interpreter::{Known, Machine, decimal};
use super::{compile, flagship, help_desk};

const UPTIME: &str = "api_uptime[uptime per calendar month]";
const SPEED: &str = "api_speed[speed per calendar month]";
const REQUESTS: &str = "api_speed[requests.total per calendar month]";
const IN_TIME: &str = "desk_in_time[in_time per calendar month]";
const RESOLVED: &str = "resolved_in_time[resolved_share per calendar month]";
const ANSWERED: &str = "answered_in_time[answered_share per calendar month]";
const ABANDONED: &str = "calls_kept[abandoned per calendar month]";

pub fn machine<'a>(bundle: &'a Value, measured: &[(&str, &str)]) -> Machine<'a> {
    let names: Vec<&str> = bundle["inputs"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    let known = |text: &str| match text {
        "true" | "false" => Known::Truth(text == "true"),
        number => Known::Number(decimal(number)),
    };
    let measured = measured.iter().map(|(name, value)| {
        assert!(names.contains(name), "{name} is not one of {names:#?}");
        ((*name).to_owned(), known(value))
    });
    Machine { bundle, measured: measured.collect(), part: decimal("1"), unclaimed: Vec::new() }
}

/// What is owed, in cents, without what is zero.
fn owed(bundle: &Value, measured: &[(&str, &str)]) -> Vec<(String, i64)> {
    machine(bundle, measured).credits().into_iter().filter(|(_, cents)| *cents != 0).collect()
}

pub fn check(bundle: &Value, cases: &[(&[(&str, &str)], &[(&str, i64)])]) {
    for (measured, expected) in cases {
        let expected: Vec<(String, i64)> = expected.iter().map(|(name, cents)| ((*name).to_owned(), *cents)).collect();
        assert_eq!(owed(bundle, measured), expected, "{measured:?}");
    }
}

#[test]
fn the_tiers_of_the_flagship_pay_what_they_say() {
    let bundle = compile("acme-cloud.sla", &flagship());
    check(
        &bundle,
        &[
            (&[], &[]),
            (&[(UPTIME, "1")], &[]),
            (&[(UPTIME, "0.9995")], &[]),
            (&[(UPTIME, "0.9994999999999999")], &[("api_uptime", 420_00)]),
            (&[(UPTIME, "0.9994")], &[("api_uptime", 420_00)]),
            (&[(UPTIME, "0.99")], &[("api_uptime", 420_00)]),
            (&[(UPTIME, "0.9899")], &[("api_uptime", 1050_00)]),
            (&[(UPTIME, "0.95")], &[("api_uptime", 1050_00)]),
            (&[(UPTIME, "0.949")], &[("api_uptime", 2100_00)]),
            (&[(UPTIME, "0")], &[("api_uptime", 2100_00)]),
        ],
    );
}

#[test]
fn a_commitment_that_does_not_apply_or_was_not_measured_pays_nothing() {
    let bundle = compile("acme-cloud.sla", &flagship());
    check(
        &bundle,
        &[
            (&[(SPEED, "0.98"), (REQUESTS, "10000")], &[("api_speed", 84_00)]),
            (&[(SPEED, "0.98"), (REQUESTS, "9999")], &[]),
            (&[(SPEED, "0.99"), (REQUESTS, "10000")], &[]),
            (&[(SPEED, "0.98")], &[]),
            // Of two that are combined the larger is owed.
            (&[(SPEED, "0.98"), (REQUESTS, "10000"), (UPTIME, "0.9994")], &[("api_uptime", 420_00)]),
            (&[(SPEED, "0.98"), (REQUESTS, "10000"), (UPTIME, "0.9995")], &[("api_speed", 84_00)]),
        ],
    );
}

#[test]
fn a_computed_credit_counts_complete_points_and_is_capped() {
    let bundle = compile("acme-cloud.sla", &flagship());
    check(
        &bundle,
        &[
            (&[(IN_TIME, "0.95")], &[]),
            (&[(IN_TIME, "0.9401")], &[]),
            (&[(IN_TIME, "0.94")], &[("desk_in_time", 6_00)]),
            (&[(IN_TIME, "0.924")], &[("desk_in_time", 12_00)]),
            (&[(IN_TIME, "0.75")], &[("desk_in_time", 120_00)]),
            (&[(IN_TIME, "0.7")], &[("desk_in_time", 120_00)]),
            (&[(IN_TIME, "0.98")], &[]),
        ],
    );
}

#[test]
fn the_cap_of_the_agreement_is_shared_pro_rata_and_cents_go_by_largest_remainder() {
    let bundle = compile("acme-cloud.sla", &flagship());
    // 2100 and 120 are 2220; the cap is 45% of 4800, 2160: 2043.243… and 116.756….
    check(
        &bundle,
        &[
            (&[(UPTIME, "0.949"), (IN_TIME, "0.7")], &[("api_uptime", 2043_24), ("desk_in_time", 116_76)]),
            (&[(UPTIME, "0.949"), (IN_TIME, "0.85")], &[("api_uptime", 2100_00), ("desk_in_time", 60_00)]),
        ],
    );
}

#[test]
fn the_outage_of_the_flagship_is_escalated_step_by_step() {
    let bundle = compile("acme-cloud.sla", &flagship());
    let told = |failing: &str, late: &str, minutes: i64| {
        let inputs = [("api_uptime.failing", failing), ("helpdesk.p1.late", late)];
        machine(&bundle, &inputs).escalated("outage", minutes * 60)
    };
    assert_eq!(told("true", "false", 0), ["acme.noc"]);
    assert_eq!(told("false", "true", 29), ["acme.noc"]);
    assert_eq!(told("true", "false", 30), ["acme.noc", "acme.manager"]);
    assert_eq!(told("true", "true", 90), ["acme.noc", "acme.manager", "globex.it", "globex.board"]);
    assert!(told("false", "false", 90).is_empty());
    let notified = machine(&bundle, &[("api_uptime.failing", "true")]).notified();
    assert_eq!(notified, [("globex.it".to_owned(), 1800)]);
    assert!(machine(&bundle, &[("api_uptime.failing", "false")]).notified().is_empty());
}

#[test]
fn the_customer_may_terminate_after_three_bad_months() {
    let bundle = compile("acme-cloud.sla", &flagship());
    let streak = "api_uptime[streak(uptime < 99%) per calendar month]";
    assert!(machine(&bundle, &[(streak, "2")]).may_terminate().is_empty());
    assert_eq!(machine(&bundle, &[(streak, "3")]).may_terminate(), ["globex"]);
    let right = bundle["rules"].as_array().unwrap().iter().find(|rule| rule["kind"] == "terminate").unwrap();
    assert_eq!(right["within"]["amount"], serde_json::json!({"type": "period", "count": 60, "unit": "day"}));
    assert_eq!(right["within"]["of"]["type"], "window_end");
}

#[test]
fn the_help_desk_pays_what_it_says() {
    let bundle = compile("help-desk.sla", &help_desk());
    check(
        &bundle,
        &[
            (&[(RESOLVED, "0.9"), (ANSWERED, "0.9"), (ABANDONED, "0.07")], &[]),
            (&[(RESOLVED, "0.8999")], &[("resolved_in_time", 555_00)]),
            (&[(RESOLVED, "0.85")], &[("resolved_in_time", 555_00)]),
            (&[(RESOLVED, "0.8499")], &[("resolved_in_time", 1110_00)]),
            (&[(RESOLVED, "0.8")], &[("resolved_in_time", 1110_00)]),
            (&[(RESOLVED, "0.799")], &[("resolved_in_time", 1850_00)]),
            (&[(ANSWERED, "0.89")], &[("answered_in_time", 370_00)]),
            (&[(RESOLVED, "0.89"), (ANSWERED, "0.89")], &[("resolved_in_time", 555_00)]),
            (&[(ABANDONED, "0.0701")], &[("calls_kept", 185_00)]),
            (&[(ABANDONED, "0.1")], &[("calls_kept", 185_00)]),
            (&[(ABANDONED, "0.1001")], &[("calls_kept", 370_00)]),
            (&[(RESOLVED, "0.89"), (ABANDONED, "0.08")], &[("calls_kept", 185_00), ("resolved_in_time", 555_00)]),
        ],
    );
    let told = |minutes: i64| machine(&bundle, &[("desk.p1.open", "true")]).escalated("p1_ladder", minutes * 60);
    assert_eq!(told(0), ["fixit.lead"]);
    assert_eq!(told(60), ["fixit.lead", "fixit.director"]);
    assert_eq!(told(120), ["fixit.lead", "fixit.director", "council.ict"]);
}

#[test]
fn announcements_and_news_are_rules() {
    let bundle = compile("acme-cloud.sla", &flagship());
    let rules: Vec<&Value> =
        bundle["rules"].as_array().unwrap().iter().filter(|rule| rule["kind"] == "notify").collect();
    let of = |clause: &str| *rules.iter().find(|rule| rule["clause"] == clause).unwrap_or_else(|| panic!("{clause}"));
    let news = of("support.helpdesk.priority.p1");
    assert_eq!(news["when"], serde_json::json!({"op": "input", "input": "helpdesk.p1.open"}));
    assert!(news["update"].is_object() && news["every"].is_null());
    assert!(rules.iter().all(|rule| rule["announce"].is_null() || rule["when"].is_null()));
    let planned = rules.iter().find(|rule| rule["clause"].as_str().unwrap().starts_with("maintenance.")).unwrap();
    assert_eq!(planned["to"], serde_json::json!([{"party": "globex", "contact": "it"}]));
    // Nothing is said in the source: whoever provides the service announces, and the provider escalates.
    let provider = serde_json::json!({"party": "acme", "contact": null});
    assert_eq!(planned["by"], provider);
    let steps = bundle["rules"].as_array().unwrap().iter().filter(|rule| rule["kind"] == "escalate");
    assert!(steps.chain(bundle["escalations"].as_array().unwrap()).all(|one| one["by"] == provider));
    assert_eq!(planned["announce"]["amount"], serde_json::json!({"type": "period", "count": 3, "unit": "day"}));
}
