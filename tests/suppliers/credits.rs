//! What is owed for an outage beside what a supplier pays for it: through services of our own, at every figure, within every cap.

use super::{charged, findings, hosted, told};

/// Ours with this credit, which needs the supplier's with that one.
fn agreement(ours: &str, theirs: &str, head: &str) -> String {
    format!(
        "{}commitment kept \"Kept\" of shop {{ target shop_up >= 99.9% per calendar month; {ours}; claim automatic }}\n\
         commitment held \"Held\" of host {{ target host_up >= 99.9% per calendar month; {theirs}; claim automatic }}\n",
        charged(1000, 1000).replacen("currency EUR }", &format!("currency EUR; {head} }}"), 1)
    )
}

/// The codes of what is told of ours with this credit, and the supplier's with that one; and the witness of the first.
fn beside(ours: &str, theirs: &str, head: &str) -> (Vec<&'static str>, String) {
    let text = agreement(ours, theirs, head);
    let codes = told(&text);
    let all = findings(&text);
    let witness = all.iter().find(|one| one.code.id == "SLA430").and_then(|one| one.witness.clone());
    (codes, witness.unwrap_or_default())
}

/// Between the rows of one side another one may owe the most: at a row, and at a figure that a formula names.
#[test]
fn credits_are_compared_on_both_sides_of_every_figure() {
    let steps = "credit = 50.00 EUR * started(target - attained, 1pp); cap 50% of rent per calendar month";
    let (codes, witness) = beside(steps, "credit of host_rent { below target gives 5%; below 95% gives 60% }", "");
    assert_eq!(codes, ["SLA430"]);
    assert!(
        witness.contains("if 95% is attained under each, 250.00 EUR are owed")
            && witness.contains("50.00 EUR are received"),
        "{witness}"
    );
    let choice = "credit = if attained < 99.5% then 15.00 EUR else 1.00 EUR";
    let (codes, witness) = beside(choice, "credit = 2000.00 EUR * (100% - attained)", "");
    assert_eq!(codes, ["SLA430"]);
    assert!(witness.contains("if 99.4999% is attained under each, 15.00 EUR are owed"), "{witness}");
    // By steps of what is missed, also of a length with a name, ours owes the most where the last one of it is begun.
    let tenths = "credit = 17.00 EUR * started(target - attained, 0.1pp); cap 28% of rent per calendar month";
    let (codes, witness) = beside(tenths, "credit = 6% of host_rent * started(target - attained, 1pp)", "");
    assert_eq!(codes, ["SLA430"]);
    assert!(witness.contains("280.00 EUR are owed") && witness.contains("120.00 EUR are received"), "{witness}");
    // The same amount at every figure is no loss.
    assert!(beside(choice, choice, "").0.is_empty());
}

/// What our agreement limits in all is not owed twice for two promises.
#[test]
fn the_caps_of_our_agreement_hold_for_all_promises_together() {
    let ours = "credit of rent { below target gives 10% }; claim automatic }\n\
        commitment again \"Again\" of shop { target shop_up >= 99.9% per calendar month; credit of rent { below target gives 10% }";
    let theirs = "credit of host_rent { below target gives 10% }";
    let (codes, witness) = beside(ours, theirs, "");
    assert_eq!(codes, ["SLA430"]);
    assert!(witness.contains("200.00 EUR are owed"), "{witness}");
    assert!(beside(ours, theirs, "cap 10% of rent per calendar month").0.is_empty());
    let (codes, witness) = beside(ours, theirs, "cap 15% of rent per calendar month");
    assert_eq!(codes, ["SLA430"]);
    assert!(witness.contains("150.00 EUR are owed"), "{witness}");
}

/// A supplier that pays as much for one month may pay less for several.
#[test]
fn what_a_supplier_pays_less_in_later_windows_is_told() {
    let ours = "credit of rent { below target gives 10% }";
    for (theirs, codes) in [
        ("credit of host_rent { below target gives 10% }; cap 100.00 EUR per calendar month", vec![]),
        ("credit of host_rent { below target gives 10% }; cap 240.00 EUR per calendar year", vec!["SLA431"]),
        ("credit = if streak(host_up < 99.9%) >= 2 then 0.00 EUR else 100.00 EUR", vec!["SLA431"]),
    ] {
        assert_eq!(beside(ours, theirs, "").0, codes, "{theirs}");
    }
}

/// A service of our own in between is compared by its promise, and pays us nothing.
#[test]
fn credits_and_claims_are_followed_through_services_of_our_own() {
    let between = hosted("5min").replace(
        "depends on host }",
        "depends on api }\nservice api \"A\" { by acme to globex; scope \"A\"; depends on host }",
    );
    let text = |promise: &str| {
        format!(
            "{between}fee rent \"Rent\" of shop = 9000.00 EUR per calendar month\n\
             fee host_rent \"Rent\" of host = 2000.00 EUR per calendar month\n\
             signal calls \"Calls\" as events of api {{ measured by globex; count total, failed; missing bad }}\n\
             metric api_up \"Api\" = 100% - mean(calls.failed / calls.total per 5min)\n{promise}\
             commitment kept \"Kept\" of shop {{ target shop_up >= 99.9% per calendar month; \
             credit of rent {{ below target gives 30% }}; claim by globex within 60 days of window end }}\n\
             commitment held \"Held\" of host {{ target host_up >= 99.9% per calendar month; \
             credit of host_rent {{ below target gives 10% }}; claim by acme within 10 days of window end }}\n"
        )
    };
    let of_money = |promise: &str| {
        let all = told(&text(promise));
        all.into_iter().filter(|id| ["SLA429", "SLA430"].contains(id)).collect::<Vec<_>>()
    };
    let promise = "commitment api_kept \"Api kept\" of api { target api_up >= 99.9% per calendar month }\n";
    assert_eq!(of_money(""), of_money(promise));
    assert_eq!(of_money(promise).len(), 2, "{:?}", of_money(promise));
}

/// A table with a great many rows is compared in each of them.
#[test]
fn the_loss_is_found_in_whichever_row_it_is() {
    let rows = |from: u32, last: &str| {
        let below = (1..=120_u32).map(|row| format!("below {}% gives {last}; ", f64::from(9_900 - row * 5) / 100.0));
        format!("credit of rent {{ below target gives {from}%; {} }}", below.collect::<String>())
    };
    let (ours, theirs) = (rows(20, "20%"), rows(10, "20%").replace("of rent", "of host_rent"));
    let (codes, witness) = beside(&ours, &theirs, "");
    assert_eq!(codes, ["SLA430"]);
    assert!(witness.contains("200.00 EUR are owed") && witness.contains("100.00 EUR are received"), "{witness}");
}

/// All that may make an outage dearer is told in one finding, each with its place.
#[test]
fn each_reason_why_an_outage_may_be_dearer_is_told() {
    let times = "credit of rent { below target gives 10% }; times 2 when streak(shop_up < 99.9%) >= 2";
    let once = "credit of rent { below target gives 10% }";
    let theirs = "credit of host_rent { below target gives 10% }; cap 240.00 EUR per calendar year";
    for (ours, why, places) in [
        (
            times,
            "a window in which nothing was owed before and for a miss that is not repeated: otherwise more may be lost",
            2,
        ),
        (once, "a window in which nothing was owed before: in later ones the supplier may pay less", 1),
    ] {
        let all = findings(&agreement(ours, theirs, ""));
        let all: Vec<_> = all.iter().filter(|one| one.code.id == "SLA431").collect();
        assert_eq!(all.len(), 1, "{ours}");
        assert_eq!(all[0].primary.as_deref(), Some(&*format!("credits are compared for {why}")));
        let left_out = all[0].labels.iter().filter(|label| label.text == "is not taken into account");
        assert_eq!(left_out.count(), places, "{ours}");
    }
}

/// What stands behind services of our own is found once, however many ways lead to it, and where these lead in a circle.
#[test]
fn a_supplier_behind_several_services_of_our_own_is_found_once() {
    let text = |last: &str| {
        let own = |name: &str, on: &str| {
            format!("service {name} \"{name}\" {{ by acme to globex; scope \"A\"; depends on {on} }}\n")
        };
        let between = [own("left", "below"), own("right", "below"), own("below", last)].concat();
        agreement("credit of rent { below target gives 30% }", "credit of host_rent { below target gives 10% }", "")
            .replace("depends on host }", &format!("depends on left, right }}\n{between}"))
            .replace(
                "claim automatic }\ncommitment held",
                "claim by globex within 60 days of window end }\ncommitment held",
            )
            .replace("claim automatic }", "claim by acme within 10 days of window end }")
    };
    assert_eq!(told(&text("host")), ["SLA430", "SLA429"]);
    let circle = findings(&text("left, host"));
    assert!(circle.iter().any(|one| one.code.id == "SLA206"), "{circle:?}");
}
