//! Every form of a credit, executed from JSON alone against figures that were worked out by hand.

use std::collections::BTreeMap;

use super::compile;
use super::execution::{check, machine};
use super::interpreter::{Machine, breaches};

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
    let day = |uptime: &str| -> BTreeMap<String, i64> {
        let measured: &[(&str, &str)] = if uptime.is_empty() { &[] } else { &[(ROLLED, uptime)] };
        let machine: Machine = machine(&bundle, measured);
        machine.credits()
    };
    let days: Vec<_> = ["0.9995", "0.998", "0.989", "", "0.997", "0.999", "0.998", ""].map(day).into();
    let missed = [false, true, true, true, true, false, true, true];
    assert_eq!(breaches(&bundle, "rolled", &days, &missed), [100_00, 50_00]);
    assert!(breaches(&bundle, "banded", &days, &missed).is_empty());
}
