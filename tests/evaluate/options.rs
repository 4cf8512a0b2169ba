//! What a statement says of a promise that differs: for which options it is, and which figure is promised to them.

use super::open::evaluated_as;
use serde_json::{Value, json};

const AGREEMENT: &str = concat!(
    store!(),
    storage!(),
    r#"dimension plan "Plan" { option gold "Gold"; option basic "Basic" }
dimension instance "Instance"
signal reads "Reads" as events of storage {
  measured by shop
  count    total, failed
  field    plan plan
  field    instance instance
  missing  excluded
}
metric uptime "Uptime" = 100% - reads.failed / reads.total when empty 100%
metric failing "Share of reads that fail" = reads.failed / reads.total when empty 0%
constant goal "Goal" per plan { gold gives 99.99999999%; basic gives 99% }
constant third "A third" = 1 / 3
commitment kept "Availability" of storage per plan { target uptime >= goal per calendar month }
commitment each "Reads" of storage per instance { target failing <= 1% per calendar month }
commitment most "Most reads" of storage { target failing <= 100% * third per calendar month }
"#
);

const READS: (&str, &str) = (
    "reads.csv",
    "time,total,failed,plan,instance\n2027-02-01T00:00:00Z,1000,30,gold,a`b\n2027-02-02T00:00:00Z,1000,5,basic,c|d\\e\n",
);

fn evaluated(format: &str) -> String {
    let (out, err) = evaluated_as(format, AGREEMENT, &[READS], "2027-02");
    assert_eq!(err, "");
    out
}

#[test]
fn the_text_names_the_options_and_the_figure() {
    let out = evaluated("text");
    for line in [
        "kept[gold]  Availability (Gold): uptime[gold] >= goal[gold] (99.99999999%) per calendar month",
        "kept[basic]  Availability (Basic): uptime[basic] >= goal[basic] (99%) per calendar month",
        "each[a%60b]  Reads (a`b): failing[a%60b] <= 1% per calendar month",
    ] {
        assert!(out.lines().any(|one| one == line), "{line}\n{out}");
    }
    assert!(out.contains("(33.333333%) per calendar month"), "{out}");
}

/// Nothing of what tables call an option is lost, and nothing of it is markup.
#[test]
fn the_markdown_has_a_heading_for_each_variant() {
    let out = evaluated("markdown");
    for line in [
        "## Availability (Gold)",
        "`commitment.kept[gold]`: `uptime[gold] >= goal[gold] (99.99999999%) per calendar month`",
        r"## Reads (a\`b)",
        "`commitment.each[a%60b]`: `failing[a%60b] <= 1% per calendar month`",
        r"## Reads (c\|d\\e)",
        r"<code>commitment.each\[c\|d\\e\]</code>: <code>failing\[c\|d\\e\] \<= 1% per calendar month</code>",
    ] {
        assert!(out.lines().any(|one| one == line), "{line}\n{out}");
    }
}

#[test]
fn the_json_has_the_options_and_the_value_of_each_bound() {
    let out: Value = serde_json::from_str(&evaluated("json")).unwrap();
    let of = |name: &str| {
        let all = out["commitments"].as_array().unwrap();
        all.iter().find(|one| one["commitment"] == name).unwrap_or_else(|| panic!("{name}\n{out:#}"))
    };
    let value = |name: &str| &of(name)["windows"][0]["targets"][0]["value"];
    assert_eq!(of("kept[gold]")["options"], json!({ "plan": "gold" }));
    assert_eq!(of("kept[gold]")["title"], "Availability");
    assert_eq!(of("each[a%60b]")["options"], json!({ "instance": "a`b" }));
    assert_eq!(of("most")["options"], json!({}));
    assert_eq!(*value("kept[gold]"), json!({ "type": "ratio", "value": "0.9999999999" }));
    assert_eq!(*value("each[a%60b]"), json!({ "type": "ratio", "value": "0.01" }));
    assert_eq!(value("most")["at_least"], "0.333333333333333333");
    assert_eq!(value("most")["at_most"], "0.333333333333333334");
}

const TWICE: &str = concat!(
    store!(),
    storage!(),
    r#"dimension plan "Plan" { option basic "Basic plan"; option gold "Gold plan" }
dimension care "Care" { option CARE "Basic care"; option full "Full care" }
signal reads "Reads" as events of storage { measured by shop; count total, failed; field plan plan; field care care; missing excluded }
metric failing "Share of reads that fail" = reads.failed / reads.total when empty 0%
commitment by_plan "By plan" of storage per plan { target failing <= 30% per calendar month; credit = 30.00 EUR; claim automatic }
commitment by_care "By care" of storage per care { target failing <= 30% per calendar month; credit = 7.00 EUR; claim automatic }
"#
);

/// A plan and a care of one name are two options: a quarter of the reads of the plan fail, and half of those with the care.
#[test]
fn options_of_one_name_are_of_their_own_dimensions() {
    let evaluated = |care: &str, agreement: &str| {
        let reads = format!(
            "time,total,failed,plan,care\n2027-02-01T00:00:00Z,100,50,basic,{care}\n2027-02-02T00:00:00Z,100,0,basic,full\n\
             2027-02-03T00:00:00Z,1000,0,gold,full\n"
        );
        let (out, err) = evaluated_as("text", agreement, &[("reads.csv", &reads)], "2027-02");
        assert_eq!(err, "");
        out
    };
    let two = evaluated("slow", &TWICE.replace("CARE", "slow"));
    let one = evaluated("basic", &TWICE.replace("CARE", "basic"));
    assert!(two.contains("Example Cloud owes Corner Shop 7.00 EUR"), "{two}");
    assert!(one.contains("by_plan[plan=basic]  By plan (Basic plan): failing[plan=basic] <= 30%"), "{one}");
    let same = one.replace("care=basic", "slow").replace("plan=basic", "basic");
    assert_eq!(same, two);
    // A tenant may be called as a plan is; what the file names keeps its name.
    let open = TWICE.replace(
        "dimension care \"Care\" { option CARE \"Basic care\"; option full \"Full care\" }",
        "dimension care \"Care\"",
    );
    let measured = evaluated("basic", &open);
    assert!(measured.contains("Example Cloud owes Corner Shop 7.00 EUR"), "{measured}");
    assert!(measured.contains("by_plan[basic]") && measured.contains("by_care[care=basic]"), "{measured}");
}
