//! Rules for each option of a dimension: how its series are chosen, and which clause they are about.

use super::{agreement, model, rules};
use sla::diagnostics::in_plain_sight;
use sla::targets::{Options, prometheus::check_selectors};

fn queries(selector: &str) -> String {
    agreement(&format!(
        r#"
dimension plan "Plan" {{ option gold "Gold"; option basic "Basic" }}
signal queries "Queries" as events of api {{
  measured by acme
  count    total, failed
  field    of_plan plan
  missing  bad
  source prometheus {{ total counter '{selector}'; failed counter 'failed_total{{job="x"}}' }}
}}
metric uptime "Uptime" = 100% - queries.failed / queries.total when empty 100%
commitment kept "Availability" of api per plan {{ target uptime >= 99% per calendar month }}
"#
    ))
}

#[test]
fn a_selector_leaves_the_choice_of_an_option_to_the_rules() {
    let told = |selector: &str| -> Vec<(String, Option<String>)> {
        let found = check_selectors(&model(&queries(selector)));
        found.into_iter().map(|one| (one.message, one.primary)).collect()
    };
    assert_eq!(told("queries_total"), []);
    assert_eq!(told(r#"queries_total{of_plan=~"gold|basic"}"#), []);
    let message = "the source of `total` has no series of `basic`: it chooses `of_plan` itself";
    let primary = r#"the rules for this option add `of_plan="basic"`"#;
    for selector in [r#"queries_total{of_plan="gold"}"#, r#"queries_total{of_plan!="basic"}"#] {
        assert_eq!(told(selector), [(message.to_owned(), Some(primary.to_owned()))], "{selector}");
    }
}

/// The contract has the signal once, under the id that the alert names; the labels say for which option data is missing.
#[test]
fn the_alert_on_missing_data_names_a_clause_of_the_contract() {
    let text = rules(&queries("queries_total"));
    let missing: Vec<&str> = text.split("  - alert: ").filter(|rule| rule.starts_with("SlaDataMissing")).collect();
    assert!(missing.len() >= 2, "{text}");
    for rule in &missing {
        assert!(rule.contains("clause: signal.queries\n"), "{rule}");
    }
    assert!(missing.iter().any(|rule| rule.contains("plan: gold\n")), "{missing:#?}");
}

/// Whoever sets up the histograms learns of each bound, and for which variants a note holds.
#[test]
fn notes_name_each_bound_and_every_variant() {
    let text = agreement(
        r#"
dimension plan "Plan" { option basic "Basic"; option silver "Silver"; option gold "Gold" }
signal calls "Calls" as samples of api {
  measured by acme
  value    delay ms "Delay"
  field    plan plan
  missing  excluded
  source prometheus { delay histogram 'delay_ms' }
}
constant limit "Limit" per plan { gold gives 250ms; otherwise gives 500ms }
metric quick "Quick" = share(calls.delay <= limit)
commitment kept "Delay" of api per plan { target quick >= 95% per calendar month }
"#,
    );
    let (_, notes) = super::emit(&text, &Options::default());
    let notes = in_plain_sight(notes, &[]);
    let told = |code: &str| -> Vec<(&str, Vec<String>)> {
        let of = notes.iter().filter(|note| note.code.id == code);
        of.map(|note| (note.message.as_str(), note.others.clone())).collect()
    };
    let bucket = |name: &str, bound: u32| {
        format!("the histogram of `calls[{name}].delay` must have a bucket with the bound {bound}")
    };
    let (basic, gold) = (bucket("basic", 500), bucket("gold", 250));
    assert_eq!(told("SLA807"), [(basic.as_str(), vec!["calls[silver].delay".to_owned()]), (gold.as_str(), Vec::new())]);
}
