//! What promises are asked for that only some of their options have: a warning margin, a priority.

use crate::cli::{folder, sla};
use serde_json::Value;

/// A promise for three classes, of which only some have a warning margin, with more statements.
fn classes(warn: &str, more: &str) -> String {
    format!(
        r#"agreement web "Hosting" {{
  version "1"
  status in_force
  effective 2027-01-01 to 2027-12-31
  timezone "UTC"
  currency EUR
}}
party host "Host Ltd" as provider {{ contact desk "Desk" {{ email "desk@host.example" }} }}
party shop "Shop Ltd" as customer {{ contact it "IT" {{ email "it@shop.example" }} }}
service site "Web site" {{ by host to shop; scope "The shop" }}
dimension class "Class" {{ option silver "Silver"; option gold "Gold"; option black "Black" }}
signal requests "Requests" as events of site {{
  measured by shop
  count total, failed
  field class class
  missing bad
  source prometheus {{ total counter 'requests_total'; failed counter 'failed_total' }}
}}
metric errors "Error rate" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 5min)
commitment kept "Availability" of site per class {{
  target uptime >= 99.9% per calendar month
  {warn}
}}
signal tickets "Tickets" as cases of site {{ measured by shop; milestone opened, resolved; field class class }}
support help "Help" of site per class {{
  by host to shop; cases tickets; on always; channel mail "m@host.example"
  for silver {{ priority p1 "Down" {{ when "Nothing works"; resolve within 8h }} }}
  for gold   {{ priority p2 "Down" {{ when "Nothing works"; resolve within 4h }} }}
  for black  {{ priority p3 "Down" {{ when "Nothing works"; resolve within 2h }} }}
}}
{more}"#
    )
}

/// The errors of an agreement, a line for each.
fn errors(text: &str) -> Vec<String> {
    let folder = folder(&[("web.sla", text)]);
    let ran = sla(folder.path(), &["check", "--message-format", "short", "web.sla"]);
    let lines = ran.out.lines().filter(|line| line.contains("error["));
    lines.map(|line| line.split_once("error").unwrap().1.to_owned()).collect()
}

/// The ids of the clauses of a kind in a bundle, each with its condition as text.
fn conditions(bundle: &Value, kind: &str) -> Vec<(String, String)> {
    let all = bundle[kind].as_array().unwrap();
    all.iter().map(|one| (one["id"].as_str().unwrap().to_owned(), one["when"].to_string())).collect()
}

/// Contract, bundle and rules are about the options that have a margin, and about no other.
#[test]
fn being_at_risk_is_asked_of_the_options_that_have_a_margin() {
    let text = classes(
        "for gold, black { warn below 99.95% }
        terminate by shop when kept.at_risk within 60 days of window end",
        r#"escalation whole "Any of them" { when kept.at_risk; after 0min notify host.desk }
        escalation each "Each of them" per class { when kept.at_risk and kept.failing; after 0min notify host.desk }
        escalation either "Either" per class { when kept.at_risk or kept.failing; after 0min notify host.desk }
        notice early "Early" per class { by host to shop.it; when kept.at_risk; within 1h of incident start; via email }
        "#,
    );
    assert_eq!(errors(&text), [""; 0]);
    let folder = folder(&[("web.sla", &text)]);
    sla(folder.path(), &["build", "web.sla", "--out", "out"]);
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let bundle: Value = serde_json::from_str(&read("web.bundle.json")).unwrap();
    let escalations = conditions(&bundle, "escalations");
    let ids: Vec<&str> = escalations.iter().map(|(id, _)| id.as_str()).collect();
    let each = ["each[gold]", "each[black]", "either[silver]", "either[gold]", "either[black]"];
    let each = each.map(|name| format!("escalation.{name}"));
    assert_eq!(ids, [&["escalation.whole".to_owned()][..], &each].concat());
    let notices: Vec<String> = conditions(&bundle, "notices").into_iter().map(|(id, _)| id).collect();
    assert_eq!(notices, ["notice.early[gold]", "notice.early[black]"]);
    for (id, condition) in &escalations {
        let is_at_risk = condition.contains("at_risk");
        assert_eq!(is_at_risk, id != "escalation.either[silver]", "{id}: {condition}");
        assert!(!(is_at_risk && condition.contains("silver")), "{id}: {condition}");
    }
    let rights =
        bundle["commitments"].as_array().unwrap().iter().map(|one| one["terminate"].as_array().map_or(0, Vec::len));
    assert_eq!(rights.collect::<Vec<_>>(), [0, 1, 1]);
    let contract = read("web.contract.md");
    for sentence in [
        "For the class “Gold” or “Black”: Shop Ltd may terminate this agreement if the service level “Availability” is at risk.",
        "“Availability (Gold)” is at risk or the service level “Availability (Black)” is at risk, and ends when",
        "**Early.** This holds for each class by itself: “Gold” and “Black”.",
        "For the class “Silver”: This escalation starts as soon as the service level “Availability” is being missed,",
    ] {
        assert!(contract.contains(sentence), "{sentence}: {contract}");
    }
    let rules = read("web.rules.yml");
    assert!(rules.contains("escalation: each[gold]") && rules.contains("escalation: either[silver]"), "{rules}");
    assert!(!rules.contains("escalation: each[silver]"), "{rules}");
}

/// An error where no option has a margin, or none of those that this is for: once.
#[test]
fn no_margin_is_told_once() {
    let whole = r#"escalation whole "Any of them" { when kept.at_risk; after 0min notify host.desk }"#;
    let each = r#"escalation each "Each" per class { when kept.at_risk; after 0min notify host.desk }"#;
    let told = ["[SLA307]: `kept` has no warning margin to be at risk of"];
    assert_eq!(errors(&classes("", whole)), told);
    assert_eq!(errors(&classes("", each)), told);
    let gold = "for gold { warn below 99.95% }";
    let silver = each.replace(
        "when kept.at_risk; after 0min notify host.desk",
        "for silver { when kept.at_risk; after 0min notify host.desk }",
    );
    assert_eq!(errors(&classes(gold, &silver)), ["[SLA307]: `kept[silver]` has no warning margin to be at risk of"]);
    let not = each.replace("when kept", "when not kept");
    let told = errors(&classes(gold, &not));
    assert_eq!(told, ["[SLA307]: not every option has a warning margin to be at risk of"]);
}

/// A priority that no option has, and a part that no signal has: once, as what is wrong for all of them.
#[test]
fn a_priority_that_no_option_has_is_told_once() {
    let each = r#"escalation each "Each" per class { when help.p9.open; after 0min notify host.desk }"#;
    let whole = r#"escalation whole "Whole" { when help.p9.open or help.p9.late; after 0min notify host.desk }"#;
    for more in [each, whole] {
        assert_eq!(errors(&classes("", more)), ["[SLA201]: `help` has no priority `p9`"], "{more}");
    }
    let quick = |measure: &str| {
        let measure = format!("metric quick \"Quick\" = share({measure})\n");
        measure + "commitment answered \"Answered\" of help per class { target quick >= 90% per calendar month }"
    };
    let text = classes("", &quick("tickets.resolved.in_time where priority = zz"));
    assert_eq!(errors(&text), ["[SLA303]: `zz` is no option of `priority`"]);
    let folder = folder(&[("web.sla", &text)]);
    let ran = sla(folder.path(), &["check", "web.sla"]);
    assert!(ran.err.contains("the options are `p1`, `p2` and `p3`"), "{}{}", ran.out, ran.err);
    assert_eq!(errors(&classes("", &quick("tickets.p9.in_time"))), ["[SLA201]: `tickets` has no part `p9`"]);
    let example = r#"example late "Late" of help for gold { given case p9 { opened 2027-06-04 17:30 }; expect resolved.in_time = true }"#;
    assert_eq!(errors(&classes("", example)), ["[SLA201]: `help` has no priority `p9`"]);
    let other = errors(&classes("", &example.replace("p9", "p1")));
    assert_eq!(other, ["[SLA201]: `help[gold]` has no priority `p1`"]);
}

/// A condition on a priority is about the options of which the desk has it; where it has to hold for each of them, that is told.
#[test]
fn a_priority_is_asked_of_the_options_that_have_it() {
    let each = |when: &str| {
        format!("escalation each \"Each of them\" per class {{ when {when}; after 0min notify host.desk }}\n")
    };
    let text = classes("", &each("help.p1.open or help.p2.late"));
    assert_eq!(errors(&text), [""; 0]);
    let folder = folder(&[("web.sla", &text)]);
    sla(folder.path(), &["build", "web.sla", "--out", "out"]);
    let bundle = std::fs::read_to_string(folder.path().join("out/web.bundle.json")).unwrap();
    let bundle: Value = serde_json::from_str(&bundle).unwrap();
    let all = conditions(&bundle, "escalations");
    let ids: Vec<&str> = all.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["escalation.each[silver]", "escalation.each[gold]"]);
    assert!(all.iter().all(|(id, when)| when.contains("p1") == id.contains("silver")), "{all:?}");
    let not = errors(&classes("", &each("not help.p1.open")));
    assert_eq!(not, ["[SLA201]: not every option has this priority"]);
    let gold = r#"escalation each "Each" per class { for gold { when help.p1.open; after 0min notify host.desk } }"#;
    assert_eq!(errors(&classes("", gold)), ["[SLA201]: `help[gold]` has no priority `p1`"]);
}
