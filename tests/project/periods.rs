//! What stands in a supplier's agreement and is counted over other days here than there.

use super::{OURS, SUPPLIER, check};
use crate::cli::{folder, sla};

/// From 2027-06-01 to 2029-05-31.
const TERM: &str = "effective 2027-06-01 to 2029-05-31;";

/// What is told, and said in the contract, of days that count otherwise there: of a supplier whose agreement has this head,
/// from 2027 to 2029, this in its commitment, and more in its file; of it we import more as well.
fn told((head, promise): (&str, &str), more: &str, imported: &str) -> String {
    let term = format!("effective 2027-01-01 to 2029-12-31; {head}");
    let supplier = SUPPLIER.replace("effective 2027-01-01;", &term);
    let supplier = supplier.replace("  credit = 10.00 EUR\n", &format!("  {promise}\n")) + more;
    let ours = format!("import delivery, delivery_kept{imported} from \"edge.sla\"\n{OURS}");
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours.replace("effective 2027-01-01;", TERM))]);
    let ran = sla(files.path(), &["check", "shop.sla"]);
    let lines: Vec<&str> = ran.err.lines().chain(ran.out.lines()).collect();
    assert!(!lines.iter().any(|line| line.starts_with("error")), "{lines:?}");
    let is_about = |line: &&str| line.contains("warning[SLA433]") || line.contains("supplier's own agreement:");
    let found = lines.into_iter().filter(is_about).map(|line| line.trim().to_owned());
    assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0);
    let contract = std::fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
    let said = contract.lines().filter(|line| line.contains("under the agreement of Edge with the provider"));
    found.chain(said.map(str::to_owned)).collect::<Vec<_>>().join("\n")
}

fn together(all: &[(&str, String)]) -> String {
    all.iter().map(|(what, told)| format!("{what}:\n{told}")).collect::<Vec<_>>().join("\n")
}

/// The periods of fees, caps and budgets, and what a promise looks at, begin on the days that the head of its agreement says.
#[test]
fn periods_that_begin_on_other_days_are_told() {
    let of = |head: &str, promise: &str, more: &str| told((head, promise), more, "");
    let fee = |per: &str| format!("fee paid \"Fee\" of delivery = 100.00 EUR per {per}\n");
    let credit = "credit of paid { below target gives 10% }";
    let fiscal = "fiscal year starts 04-01;";
    let work = "maintenance work \"Works\" of delivery { announce 3 days before start to acme.buyer; budget 8h per fiscal year; counts excluded }\n";
    let looks = "credit = 10.00 EUR; applies when mean(failing per 1min over fiscal quarter) <= 50%";
    // What is for calendar months is so whatever the head says, and so are fiscal quarters that begin together.
    let two = "fiscal year starts 04-01; billing month starts 15;";
    assert_eq!(of(two, credit, &fee("calendar month")), "");
    assert_eq!(of(fiscal, "credit = 10.00 EUR; cap 77.00 EUR per fiscal quarter", "").matches("other days").count(), 0);
    insta::assert_snapshot!(together(&[
        ("a fee of a contract year", of("", credit, &fee("contract year"))),
        ("a fee of a billing month", of("billing month starts 15;", credit, &fee("billing month"))),
        ("a cap and its fee", of(fiscal, "credit = 1.00 EUR; cap 50% of paid per fiscal year", &fee("fiscal year"))),
        ("a budget", of(fiscal, "credit = 10.00 EUR; exclude work", work)),
        ("what it looks at", of("fiscal year starts 02-01;", looks, "")),
    ]));
}

/// A budget for any so many days is used up by what was done before; the window before is one.
#[test]
fn budgets_that_roll_and_the_window_before_are_told() {
    let of = |promise: &str, more: &str| told(("", promise), more, "");
    let work = |per: &str| {
        format!(
            "maintenance work \"Works\" of delivery {{ announce 3 days before start to acme.buyer; budget 8h per {per}; counts excluded }}\n"
        )
    };
    let excludes = "credit = 10.00 EUR; exclude work";
    let before = |what: &str| format!("credit = if previous({what}, 100%) < 99% then 20.00 EUR else 10.00 EUR");
    let best = "metric best \"Best\" = max(previous(best, 98%), delivered)\n";
    insta::assert_snapshot!(together(&[
        ("a budget of 30 days", of(excludes, &work("rolling 30 days"))),
        ("a budget of 24 hours", of(excludes, &work("rolling 24h"))),
        ("the window before", of(&before("delivered"), "")),
        ("the one before that", of(&before("previous(delivered, 100%)"), "")),
        ("all windows before", of(&before("best"), best)),
    ]));
}

/// An escalation looks back from the first moment on.
#[test]
fn an_escalation_that_looks_back_before_a_term_is_told() {
    let of = |when: &str| {
        let more = format!("escalation step \"Often down\" {{ when {when}; after 0min notify edge.desk }}\n");
        told(("", "credit = 10.00 EUR"), &more, ", step")
    };
    assert_eq!(of("delivery_kept.failing"), "");
    insta::assert_snapshot!(together(&[
        ("30 days", of("mean(failing per 1min over rolling 30 days) > 2%")),
        ("24 hours", of("mean(failing per 1min over rolling 24h) > 2%")),
        ("a year", of("mean(failing per 1min over calendar year) > 2%")),
    ]));
}

/// A figure that is stated alone is for windows of its own agreement.
#[test]
fn a_figure_may_be_for_windows_that_begin_on_other_days() {
    let figure = "scope \"Pages\"; promised 99.9% per billing month";
    let supplier = SUPPLIER.replace("scope \"Pages\"", figure);
    let supplier = supplier.replace("effective 2027-01-01;", "effective 2027-01-01; billing month starts 15;");
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &format!("import delivery from \"edge.sla\"\n{OURS}"))]);
    let ran = check(files.path(), &["shop.sla"]);
    assert!(ran.out.contains("a billing month of `delivery` begins on other days than one of `shop`"), "{}", ran.out);
}
