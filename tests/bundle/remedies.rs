//! Every form of a credit, executed from JSON alone against figures that were worked out by hand.

use super::compile;
use super::execution::{check, machine};
use super::interpreter::{Machine, Settled, breaches, decimal};

/// A fee of 1,000 euros, and one commitment for each form of credit.
const TERMS: &str = r#"
agreement remedies "Remedies" {
  version "1.0"
  status proposed
  effective 2027-01-01 to 2027-12-31
  timezone "Europe/Berlin"
  currency EUR
  skip at most 20 EUR
}
party acme "Acme GmbH" as provider { contact noc "Operations" { email "noc@acme.example" } }
party globex "Globex Corporation" as customer { contact it "Service desk" { email "it@globex.example" } }
service api "The interface" { by acme to globex; scope "All endpoints" }
fee monthly "Monthly fee" of api = 1000.00 EUR per calendar month
signal requests "Requests" as events of api {
  measured by acme from "Access log"
  count total
  count failed
  missing bad
}
metric error_rate "Error rate" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(error_rate per 5min)
commitment banded "Bands" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly as bands {
    below 95% gives 25%
    at least 95% and below 99% gives 10%
    otherwise gives 3%
  }
  claim automatic
}
commitment used "Another value" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly using 100% - uptime {
    above 0.1% gives 5%
    above 1% gives 10%
  }
  claim automatic
}
commitment laddered "A ladder with a rest" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly {
    below 99% gives 10%
    otherwise gives 5%
  }
  claim automatic
}
commitment rolled "A rolling promise" of api {
  target uptime >= 99.9% per rolling 30 days
  credit of monthly {
    below target gives 5%
    below 99% gives 10%
  }
  claim automatic
}
"#;

const BANDED: &str = "banded[uptime per calendar month]";
const USED: &str = "used[uptime per calendar month]";
const LADDERED: &str = "laddered[uptime per calendar month]";
const ROLLED: &str = "rolled[uptime per rolling 30 days]";

#[test]
fn bands_pay_what_they_say_and_the_rest_is_what_no_other_row_takes() {
    let bundle = compile("remedies.sla", TERMS);
    check(
        &bundle,
        &[
            (&[(BANDED, "0.949999")], &[("banded", 250_00)]),
            (&[(BANDED, "0.95")], &[("banded", 100_00)]),
            (&[(BANDED, "0.989999")], &[("banded", 100_00)]),
            (&[(BANDED, "0.99")], &[("banded", 30_00)]),
            (&[(BANDED, "1")], &[("banded", 30_00)]),
        ],
    );
}

#[test]
fn a_table_may_look_at_another_value() {
    let bundle = compile("remedies.sla", TERMS);
    check(
        &bundle,
        &[
            (&[(USED, "0.999")], &[]),
            (&[(USED, "0.998")], &[("used", 50_00)]),
            (&[(USED, "0.99")], &[("used", 50_00)]),
            (&[(USED, "0.9899")], &[("used", 100_00)]),
        ],
    );
}

#[test]
fn the_rest_of_a_ladder_is_owed_where_no_row_applies_and_the_target_is_missed() {
    let bundle = compile("remedies.sla", TERMS);
    check(
        &bundle,
        &[
            (&[(LADDERED, "0.999")], &[]),
            (&[(LADDERED, "0.9989")], &[("laddered", 50_00)]),
            (&[(LADDERED, "0.99")], &[("laddered", 50_00)]),
            (&[(LADDERED, "0.98")], &[("laddered", 100_00)]),
        ],
    );
}

#[test]
fn what_is_too_small_is_skipped_for_each_credit_by_itself() {
    let small =
        TERMS.replace("otherwise gives 3%", "otherwise gives 2%").replace("otherwise gives 5%", "otherwise gives 2%");
    let bundle = compile("remedies.sla", &small);
    // Two of 20 euros are each at most 20 euros, although they are 40 together.
    check(
        &bundle,
        &[
            (&[(BANDED, "1"), (LADDERED, "0.998")], &[]),
            (&[(BANDED, "0.95"), (LADDERED, "0.998")], &[("banded", 100_00)]),
        ],
    );
}

#[test]
fn a_breach_of_a_rolling_promise_is_paid_once_by_its_worst_day() {
    let bundle = compile("remedies.sla", TERMS);
    let owed = |days: &[&str]| {
        let days = days.iter().map(|uptime| match *uptime {
            "" => machine(&bundle, &[]),
            known => machine(&bundle, &[(ROLLED, known)]),
        });
        let days: Vec<Machine> = days.collect();
        breaches(&days, "rolled")
    };
    assert_eq!(owed(&["0.9995", "0.998", "0.989", "", "0.997", "0.999", "0.998", ""]), [100_00, 50_00]);
    // The worst day lies in the middle: the steps on the way to it and back are no breaches of their own.
    assert_eq!(owed(&["0.9995", "0.998", "0.985", "0.998", "0.9995"]), [100_00]);
    assert!(owed(&["0.999", "", "1"]).is_empty());
}

/// Terms with one more commitment.
fn with(more: &str) -> String {
    format!("{TERMS}{more}")
}

#[test]
fn of_bounds_that_are_measured_the_lowest_that_applies_wins() {
    let more = r#"
signal goals "Goals" as samples of api { measured by acme; value goal %; missing excluded }
metric goal "Goal" = mean(goals.goal)
commitment moving "Moving" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly {
    below 95% gives 20%
    below goal gives 10%
    below target gives 5%
  }
  claim automatic
}
"#;
    let bundle = compile("moving.sla", &with(more));
    const UP: &str = "moving[uptime per calendar month]";
    const GOAL: &str = "moving[goal per calendar month]";
    check(
        &bundle,
        &[
            (&[(UP, "0.94"), (GOAL, "0.97")], &[("moving", 200_00)]),
            (&[(UP, "0.96"), (GOAL, "0.97")], &[("moving", 100_00)]),
            (&[(UP, "0.98"), (GOAL, "0.97")], &[("moving", 50_00)]),
            (&[(UP, "0.93"), (GOAL, "0.94")], &[("moving", 100_00)]),
            // A row whose bound was not measured does not apply.
            (&[(UP, "0.94")], &[("moving", 200_00)]),
            (&[(UP, "0.999"), (GOAL, "0.9995")], &[]),
        ],
    );
}

#[test]
fn a_yearly_limit_is_used_up_month_by_month() {
    let more = r#"
commitment yearly "Limited by the year" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly { below target gives 10%; below 99% gives 25% }
  cap 40% of monthly per calendar year
  claim by globex within 30 days of window end
}
"#;
    let bundle = compile("yearly.sla", &with(more));
    let mut settled: Vec<Settled> = Vec::new();
    let mut owed = Vec::new();
    let months = ["0.98", "1", "0.995", "0.98", "0.98", "1", "1", "1", "1", "1", "1", "1", "0.98"];
    for (month, uptime) in (0..).zip(months) {
        let machine = machine(&bundle, &[("yearly[uptime per calendar month]", uptime)]);
        let cents = machine.settle(&settled, month).get("yearly").copied().unwrap_or(0);
        settled.push(Settled { month, commitment: "yearly".to_owned(), cents });
        owed.push(cents);
    }
    assert_eq!(owed[..5], [250_00, 0, 100_00, 50_00, 0]);
    assert_eq!(owed[12], 250_00, "a new year");
    let mut late = machine(&bundle, &[("yearly[uptime per calendar month]", "0.98")]);
    late.unclaimed = vec!["yearly"];
    assert!(late.credits().is_empty());
}

#[test]
fn only_the_credit_that_a_limit_reduces_is_rounded_down() {
    let more = r#"
commitment limited "Limited" of api {
  target uptime >= 99.9% per calendar month
  credit = 50.015 EUR
  cap 33.339 EUR per calendar month
  claim automatic
}
commitment free "Free" of api {
  target uptime >= 99.9% per calendar month
  credit = 50.015 EUR
  claim automatic
}
"#;
    let bundle = compile("rounding.sla", &with(more));
    let measured = [("limited[uptime per calendar month]", "0.99"), ("free[uptime per calendar month]", "0.99")];
    check(&bundle, &[(&measured, &[("free", 50_02), ("limited", 33_33)])]);
}

#[test]
fn only_constant_money_is_reduced_in_a_partial_period() {
    let more = r#"
fee support_fee "Support" of api = 20% of monthly
commitment partial "Partial" of api {
  target uptime >= 99.9% per calendar month
  credit of support_fee { below target gives 50% }
  cap 30% of monthly per calendar month
  claim automatic
}
"#;
    let bundle = compile("partial.sla", &with(more));
    let mut machine = machine(&bundle, &[("partial[uptime per calendar month]", "0.99")]);
    // 17 of 31 days: 1000 EUR become 548.387…, of which 20% are 109.677…, of which half is owed.
    machine.part = decimal("17") / decimal("31");
    assert_eq!(machine.credits().get("partial"), Some(&54_84));
}

#[test]
fn what_is_unknown_decides_nothing_unless_the_rest_decides() {
    let more = r#"
signal calls "Calls" as events of api { measured by acme; count total; missing bad }
commitment either "Either" of api {
  target uptime >= 99.9% per calendar month
  applies when uptime < 99% or calls.total >= 100
  credit of monthly { below target gives 10% }
  claim automatic
  terminate by globex when streak(uptime < 99%) >= 3 and not (calls.total < 5)
}
"#;
    let bundle = compile("either.sla", &with(more));
    const UP: &str = "either[uptime per calendar month]";
    const CALLS: &str = "either[calls.total per calendar month]";
    const STREAK: &str = "either[streak(uptime < 99%) per calendar month]";
    check(
        &bundle,
        &[
            (&[(UP, "0.98")], &[("either", 100_00)]),
            (&[(UP, "0.995")], &[]),
            (&[(UP, "0.995"), (CALLS, "100")], &[("either", 100_00)]),
            (&[(CALLS, "100")], &[]),
        ],
    );
    let rights = |measured: &[(&str, &str)]| machine(&bundle, measured).may_terminate();
    assert_eq!(rights(&[(UP, "0.98"), (CALLS, "5"), (STREAK, "3")]), ["globex"]);
    assert!(rights(&[(UP, "0.98"), (STREAK, "3")]).is_empty());
    // The commitment does not apply.
    assert!(rights(&[(UP, "0.995"), (CALLS, "5"), (STREAK, "3")]).is_empty());
}

#[test]
fn the_caps_of_the_agreement_are_for_what_the_provider_owes() {
    let terms = TERMS.replace("  skip at most 20 EUR\n", "  cap 15% of monthly per calendar month\n");
    let more = r#"
party wires "Wires Ltd" as supplier { contact desk "Desk" { email "desk@wires.example" } }
service line "Line" { by wires to acme; scope "Lines" }
service feed "Orders" { by globex to acme; scope "Orders in time" }
fee line_fee "Charge" of line = 300.00 EUR per calendar month
commitment fed "Orders in time" of feed {
  target uptime >= 99.9% per calendar month
  credit of monthly { below target gives 30% }
  claim automatic
}
commitment supplied "The line is up" of line {
  target uptime >= 99.9% per calendar month
  credit of line_fee { below target gives 50% }
  claim automatic
}
"#;
    let bundle = compile("sides.sla", &format!("{terms}{more}"));
    let of = |name: &str| format!("{name}[uptime per calendar month]");
    let (fed, supplied) = (of("fed"), of("supplied"));
    check(
        &bundle,
        &[
            // 250 and 100 of the provider share 150 euros; what the others owe is neither cut nor uses it up.
            (
                &[(BANDED, "0.9"), (LADDERED, "0.9"), (&fed, "0.99"), (&supplied, "0.99")],
                &[("banded", 107_14), ("fed", 300_00), ("laddered", 42_86), ("supplied", 150_00)],
            ),
            (&[(LADDERED, "0.9"), (&fed, "0.99")], &[("fed", 300_00), ("laddered", 100_00)]),
        ],
    );
    let sides = |name: &str| machine(&bundle, &[]).sides(name);
    assert_eq!(sides("banded"), ("acme".to_owned(), vec!["globex".to_owned()]));
    assert_eq!(sides("fed"), ("globex".to_owned(), vec!["acme".to_owned()]));
    assert_eq!(sides("supplied"), ("wires".to_owned(), vec!["acme".to_owned()]));
}

#[test]
fn a_commitment_that_skips_less_goes_before_the_agreement() {
    let more = r#"
commitment careful "Careful" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly { below target gives 1%; below 99% gives 0.1% }
  skip at most 1 EUR
  claim automatic
}
"#;
    let bundle = compile("careful.sla", &with(more));
    const CAREFUL: &str = "careful[uptime per calendar month]";
    check(
        &bundle,
        &[
            (&[(CAREFUL, "0.995"), (BANDED, "1")], &[("banded", 30_00), ("careful", 10_00)]),
            (&[(CAREFUL, "0.98")], &[]),
        ],
    );
}

#[test]
fn of_a_rolling_promise_about_runs_each_run_is_paid() {
    let more = r#"
metric outages "Outages" = count(joined(runs(error_rate > 10% per 1min), 10min))
commitment few "Few outages" of api {
  target outages <= 3 per rolling 30 days
  credit of monthly { above target gives 5% }
  claim automatic
}
commitment both "Few outages and enough time" of api {
  target outages <= 3 per rolling 30 days
  target uptime >= 99% per rolling 30 days
  credit = 50 EUR
  claim automatic
}
"#;
    let bundle = compile("runs.sla", &with(more));
    let rules = bundle["rules"].as_array().unwrap();
    let of = |name: &str| rules.iter().find(|rule| rule["commitment"] == name).unwrap();
    assert_eq!(of("few")["once"], "run");
    // A promise that can be missed without a run is paid for its breach.
    assert_eq!((&of("both")["once"], &of("both")["times"]), (&"breach".into(), &serde_json::Value::Null));
    let ended = of("few")["times"]["input"].as_str().unwrap();
    assert!(ended.contains("joined"), "what is joined is one run: {ended}");
    const OUTAGES: &str = "few[outages per rolling 30 days]";
    check(
        &bundle,
        &[
            (&[(OUTAGES, "3"), (ended, "1")], &[]),
            (&[(OUTAGES, "4"), (ended, "1")], &[("few", 50_00)]),
            // The breach goes on, and no other run has ended.
            (&[(OUTAGES, "4"), (ended, "0")], &[]),
            (&[(OUTAGES, "6"), (ended, "2")], &[("few", 100_00)]),
        ],
    );
}

#[test]
fn a_limit_that_rolls_is_never_reduced() {
    let more = r#"
commitment limited "Limited" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly { below target gives 25% }
  cap 100 EUR per rolling 12 months
  cap 300 EUR per calendar quarter
  claim automatic
}
"#;
    let bundle = compile("limits.sla", &with(more));
    let rules = bundle["rules"].as_array().unwrap().iter();
    let caps: Vec<(&str, &str)> = rules
        .filter(|rule| rule["kind"] == "cap")
        .map(|rule| (rule["per"]["type"].as_str().unwrap(), rule["at_most"]["op"].as_str().unwrap()))
        .collect();
    assert_eq!(caps, [("rolling", "value"), ("periodic", "pro_rata")]);
}

#[test]
fn bands_that_roll_are_in_breach_while_a_row_pays_or_the_target_is_missed() {
    let more = r#"
metric outages "Outages" = count(runs(error_rate > 10% per 1min))
constant part "Part" = 2%
commitment literal "Bands that roll" of api {
  target uptime >= 99.9% per rolling 30 days
  credit of monthly as bands {
    at least 99.95%                gives 0%
    at least 99% and below 99.95%  gives 5%
    at least 95% and below 99%     gives if uptime < 98% then part * 5 else 0%
    below 95%                      gives 0%
  }
  claim automatic
}
commitment counted "Bands of outages" of api {
  target outages <= 3 per rolling 30 days
  credit of monthly as bands { at least 2 gives 5%; below 2 gives 0% }
  claim automatic
}
"#;
    let bundle = compile("literal.sla", &with(more));
    let owed = |days: &[&str]| {
        let name = "literal[uptime per rolling 30 days]";
        let days: Vec<Machine> = days.iter().map(|uptime| machine(&bundle, &[(name, *uptime)])).collect();
        breaches(&days, "literal")
    };
    // 99.92% meets the target and pays; the rows of 0% are no breach of their own.
    assert_eq!(owed(&["1", "0.9992", "1", "0.998", "0.9999"]), [50_00, 50_00]);
    assert_eq!(owed(&["1", "0.9995", "1"]), [0_i64; 0]);
    // Missed without a credit, and still one breach.
    assert_eq!(owed(&["0.995", "0.985", "0.97", "0.94", "0.995", "1"]), [100_00]);
    let ended = {
        let rule = bundle["rules"].as_array().unwrap().iter().find(|rule| rule["commitment"] == "counted").unwrap();
        assert_eq!(rule["once"], "run");
        rule["times"]["input"].as_str().unwrap()
    };
    const OUTAGES: &str = "counted[outages per rolling 30 days]";
    check(
        &bundle,
        &[
            (&[(OUTAGES, "1"), (ended, "1")], &[]),
            // Within the target, and paid: the rows mean what they say.
            (&[(OUTAGES, "2"), (ended, "1")], &[("counted", 50_00)]),
            (&[(OUTAGES, "4"), (ended, "2")], &[("counted", 100_00)]),
        ],
    );
}

/// Rows, a skip and a cap that are parts of fees, some by way of a constant, in an agreement that begins on 16 April: the
/// month of that day is paid for by half.
const PARTS: &str = r#"
agreement parts "Parts of fees" {
  version "1.0"
  status proposed
  effective 2027-04-16 to 2028-12-31
  timezone "Europe/Berlin"
  currency EUR
  cap ceiling per calendar month
  skip at most 1% of monthly
}
party acme "Acme GmbH" as provider { contact noc "Operations" { email "noc@acme.example" } }
party globex "Globex Corporation" as customer { contact it "Service desk" { email "it@globex.example" } }
service api "The interface" { by acme to globex; scope "All endpoints" }
fee monthly "Monthly fee" of api = 1000.00 EUR per calendar month
constant ceiling "Ceiling" = 12% of monthly
signal requests "Requests" as events of api { measured by acme from "Access log"; count total; count failed; missing bad }
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 100%
commitment kept "Availability" of api {
  target uptime >= 99.9% per calendar month
  credit of monthly {
    below target gives 1% of monthly
    below 99% gives 10% of monthly
    below 98% gives min(20% of monthly, 300 EUR)
    below 97% gives max(20% of monthly, 70 EUR)
  }
  claim automatic
}
"#;

#[test]
fn what_is_a_part_of_a_fee_follows_the_fee() {
    let bundle = compile("parts.sla", PARTS);
    let rules: Vec<serde_json::Value> =
        bundle["rules"].as_array().unwrap().iter().filter(|rule| rule["kind"] != "fee").cloned().collect();
    let amounts = serde_json::to_string(&rules).unwrap();
    for frozen in ["100.00", "10.00", "120.00", "200.00"] {
        assert!(!amounts.contains(&format!("\"{frozen}\"")), "{frozen} is frozen: {amounts}");
    }
    let uptime = "kept[uptime per calendar month]";
    check(
        &bundle,
        &[
            (&[(uptime, "0.995")], &[]),
            (&[(uptime, "0.985")], &[("kept", 100_00)]),
            (&[(uptime, "0.975")], &[("kept", 120_00)]),
            (&[(uptime, "0.5")], &[("kept", 120_00)]),
        ],
    );
}
