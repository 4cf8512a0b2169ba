//! What differs by options: unresolved in `families`, resolved in the clauses.

use super::compile;
use serde_json::{Value, json};

const AGREEMENT: &str = concat!(
    store!(),
    storage!(),
    r#"dimension plan "Plan" { option basic "Basic"; option gold "Gold"; option platinum "Platinum" }
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
"#
);

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

/// Conditions without a name have an id of what they say; the options of the clause around them do not stand in it once more.
#[test]
fn what_is_written_once_for_all_options_is_shared() {
    let agreement = AGREEMENT.replace(
        "{ target uptime >= goal per calendar month }",
        "{
  target uptime >= goal per calendar month
  times 2 when streak(uptime < 99%) >= 2
  credit of storage_fee { below target gives 5%; below 95% gives 10% }
  claim automatic
  terminate by shop when count(uptime < 90% over last 6 windows) >= 3 or streak(uptime < 95%) >= 2 or streak(uptime < 80%) >= 1 within 30 days of window end
}
fee storage_fee \"Fee\" of storage = 100.00 EUR per calendar month",
    );
    let bundle = compile("store.sla", &agreement);
    let kept = find(&bundle["families"], "kept");
    let shared = |member: &str| {
        let members = kept["shared"].as_array().unwrap().iter();
        members.clone().find(|one| one["member"] == member).unwrap_or_else(|| panic!("{member}: {kept:#}"))["value"]
            .clone()
    };
    assert_eq!(shared("times")[0]["id"], "commitment.kept.times.streak_uptime_below_99_at_least_2");
    let right = shared("terminate")[0]["id"].as_str().unwrap().to_owned();
    assert!(right.starts_with("commitment.kept.terminate.shop.count_uptime_below_90"), "{right}");
    let gold = find(&bundle["commitments"], "kept[gold]");
    assert_eq!(gold["times"][0]["id"], "commitment.kept[gold].times.streak_uptime_below_99_at_least_2");
}

#[test]
fn records_of_a_signal_that_differs_are_of_all_options() {
    let agreement = AGREEMENT.replace(
        "  field    plan plan\n  missing  excluded\n",
        "  for basic { missing good }\n  for gold, platinum { missing bad }\n",
    );
    let agreement = agreement.replace("as events of storage {", "as events of storage per plan {")
        + "records logs \"Logs\" { by cloud; keep reads for 24 months }\n";
    let bundle = compile("store.sla", &agreement);
    let of = &find(&bundle["records"], "logs")["keep"][0]["of"];
    assert_eq!(*of, json!(["reads[basic]", "reads[gold]", "reads[platinum]"]));
}

/// Two open dimensions are told apart where neither has options yet.
#[test]
fn each_of_one_open_dimension_is_not_each_of_another() {
    let plan = "dimension plan \"Plan\" { option basic \"Basic\"; option gold \"Gold\"; option platinum \"Platinum\" }";
    let open = AGREEMENT
        .replace(plan, "dimension plan \"Plan\"\ndimension room \"Room\"")
        .replace("  field    plan plan\n", "  field    plan plan\n  field    room room\n");
    let (head, _) = open.split_once("constant goal").unwrap();
    let both = format!(
        "{head}commitment by_plan \"By plan\" of storage per plan {{ target failing <= 1% per calendar month }}\n\
         commitment by_room \"By room\" of storage per room {{ target failing <= 1% per calendar month }}\n"
    );
    let bundle = compile("store.sla", &both);
    let names: Vec<&str> =
        bundle["metrics"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"failing[plan=each]") && names.contains(&"failing[room=each]"), "{names:?}");
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "{names:?}");
}
