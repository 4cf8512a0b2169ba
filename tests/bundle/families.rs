//! What differs by options: unresolved in `families`, resolved in the clauses.

use super::compile;
use serde_json::{Value, json};

const AGREEMENT: &str = r#"agreement store "Object storage" {
  version   "1.0"
  status    draft
  effective 2027-01-01 to 2028-12-31
  timezone  "UTC"
  currency  EUR
}
party cloud "Example Cloud" as provider { contact desk "Service desk" { email "desk@cloud.example" } }
party shop "Corner Shop" as customer { contact it "IT" { email "it@shop.example" } }
service storage "Object storage" { by cloud to shop; scope "Buckets and objects" }
dimension plan "Plan" { option basic "Basic"; option gold "Gold"; option platinum "Platinum" }
signal reads "Reads" as events of storage {
  measured by shop
  count    total, failed
  field    plan plan
  missing  excluded
}
metric failing "Share of reads that fail" = reads.failed / reads.total when empty 0%
metric uptime "Uptime" = 100% - mean(failing per 5min)
constant goal "Goal" per plan { basic gives 99%; otherwise gives 99.9% }
commitment kept "Availability" of storage per plan { target uptime >= goal per calendar month }
metric good "Good intervals" = share(failing <= 5% per 5min)
"#;

fn find<'a>(list: &'a Value, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name}: {list:#}"))
}

#[test]
fn a_family_says_what_variants_share_and_in_what_they_differ() {
    let bundle = compile("store.sla", AGREEMENT);
    let goal = find(&bundle["families"], "goal");
    assert_eq!(goal["shared"], json!([]));
    let differing = &goal["differing"][0];
    assert_eq!(differing["member"], "value");
    let values: Vec<(&Value, &Value)> = differing["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| (&cell["options"], &cell["value"]["value"]["value"]))
        .collect();
    assert_eq!(values, [(&json!([["basic"]]), &json!("0.99")), (&json!([["gold"], ["platinum"]]), &json!("0.999"))]);

    // Each variant refers to the measure and the goal of its own options.
    let kept = find(&bundle["families"], "kept");
    let of = &kept["shared"].as_array().unwrap().iter().find(|one| one["member"] == "of").unwrap()["value"];
    assert_eq!(of, "storage");
    let targets = kept["differing"].as_array().unwrap().iter().find(|one| one["member"] == "targets").unwrap();
    assert_eq!(targets["values"][0]["value"][0]["bound"]["name"], "goal");
    assert_eq!(find(&bundle["commitments"], "kept[gold]")["targets"][0]["bound"]["name"], "goal[gold]");
}

/// What it is made of is there for it, though promises need that only for each plan.
#[test]
fn a_metric_that_nothing_uses_is_in_the_bundle() {
    let bundle = compile("store.sla", AGREEMENT);
    assert_eq!(find(&bundle["metrics"], "good")["value"]["op"], "share");
    find(&bundle["metrics"], "failing");
    find(&bundle["metrics"], "failing[gold]");
}
