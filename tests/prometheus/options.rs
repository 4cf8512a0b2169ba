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

/// A source in the `for` of one option has its series alone; one that several options share is told apart by the label.
#[test]
fn a_source_of_one_option_needs_no_label() {
    let text = rules(&agreement(
        r#"
dimension plan "Plan" { option gold "Gold"; option tin "Tin"; option basic "Basic" }
dimension part "Part" { option read "Read"; option write "Write" }
signal queries "Queries" as events of api per plan, part {
  measured by acme
  count    total, failed
  missing  bad
  for gold       { source prometheus { total counter 'of_gold{plan="au"}'; failed counter 'gold_failed' } }
  for tin, basic { source prometheus { total counter 'of_others'; failed counter 'others_failed' } }
}
metric uptime "Uptime" = 100% - queries.failed / queries.total when empty 100%
commitment kept "Availability" of api per plan, part { target uptime >= 99% per calendar month }
"#,
    ));
    assert!(text.contains(r#"increase(of_gold{plan="au",part="read"}["#), "{text}");
    assert!(text.contains(r#"increase(of_others{plan="tin",part="write"}["#), "{text}");
    assert!(!text.contains(r#"plan="au",plan"#), "{text}");
}

/// A ladder for each option of an open dimension says which option it is about; one for all of them does not.
#[test]
fn a_ladder_of_each_option_names_the_option() {
    let ladder = |title: &str, per: &str| {
        let text = rules(&agreement(&format!(
            r#"
dimension machine "Machine"
signal up "Up" as state of api {{ field machine machine; missing bad; source prometheus {{ up gauge 'up' }} }}
commitment kept "{title}" of api per machine {{ target share(up) >= 99% per calendar month }}
escalation late "Late"{per} {{ when kept.failing; after 0min notify acme.noc }}
notice told "Told"{per} {{ by acme to globex.it; when kept.breached; within 1h of incident start }}
"#
        )));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let each = ladder("Kept", " per machine");
    for verb in ["is being missed", "can no longer be met"] {
        assert!(each.contains(&format!("“Kept (machine {{{{ $labels.machine }}}})” {verb}")), "{each}");
    }
    assert!(!each.contains("at least one machine"), "{each}");
    assert!(ladder("Kept", "").contains("“Kept” is being missed for at least one machine"));
    // What a title says is never a template.
    let odd = ladder("Kept {{ $labels.machine }}", " per machine");
    assert!(odd.contains(r#"“Kept {{ "{{" }} $labels.machine }}” is being missed for at least one machine"#), "{odd}");
}
