//! Targets that measure an expression without a name beside those that measure a metric.

use super::{charged, findings};

/// What is found of credits, where both measure these, and this is owed under ours.
fn told(theirs: &str, ours: &str, owed: &str) -> Vec<(&'static str, Option<String>)> {
    let text = format!(
        "{}commitment kept \"Kept\" of shop {{ target {ours} >= 99.9% per calendar month; {owed}; claim automatic }}\n\
         commitment held \"Held\" of host {{ target {theirs} >= 99.9% per calendar month; \
         credit of host_rent {{ below target gives 10%; below 95% gives 25% }}; claim automatic }}\n",
        charged(1000, 1000)
    );
    let all = findings(&text);
    assert!(all.iter().all(|one| one.severity != sla::diagnostics::Severity::Error), "{all:#?}");
    let found = all.into_iter().filter(|one| ("SLA424".."SLA432").contains(&one.code.id));
    found.map(|one| (one.code.id, one.witness.or(one.primary))).collect()
}

/// Credits are compared with the same results, whichever of the two targets measures an expression: also where the credit
/// goes by what was attained, or reads the same expression itself.
#[test]
fn credits_of_targets_without_a_metric_are_compared_alike() {
    let (own, other) = ("100% - mean(errors per 5min)", "100% - mean(host_errors per 5min)");
    let owed = [
        (
            "credit of rent { below target gives 20%; below 95% gives 40% }",
            "400.00 EUR are owed under `kept`, and 250.00",
        ),
        ("credit = rent * (100% - attained)", "1000.00 EUR are owed under `kept`, and 250.00 EUR"),
        ("credit of rent using MEASURE { below 99.9% gives 20% }", "200.00 EUR are owed under `kept`, and 100.00"),
        ("credit = if MEASURE < 99% then 30% of rent else 0.00 EUR", "300.00 EUR are owed under `kept`, and 100.00"),
        ("credit of rent { below target gives 10%; below 95% gives 25% }", ""),
    ];
    for (owed, expected) in owed {
        let of = |theirs: &str, ours: &str| told(theirs, ours, &owed.replace("MEASURE", ours));
        let named = of("host_up", "shop_up");
        match (named.as_slice(), expected) {
            ([], "") => {}
            ([("SLA430", Some(witness))], expected) => assert!(witness.contains(expected), "{owed}: {witness}"),
            other => panic!("{owed}: {other:?}"),
        }
        for (theirs, ours) in [("host_up", own), (other, "shop_up"), (other, own)] {
            assert_eq!(of(theirs, ours), named, "{owed}: {ours} and {theirs}");
        }
    }
}

/// What a credit reads besides is as unknown as ever, and that is told as before.
#[test]
fn what_the_file_does_not_tell_stays_unknown() {
    let owed = "credit = 10% of invoiced";
    let named = told("host_up", "shop_up", owed);
    assert_eq!(named.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["SLA431"], "{named:?}");
    assert_eq!(told("host_up", "100% - mean(errors per 5min)", owed), named);
}
