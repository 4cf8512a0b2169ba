//! Advice on options that can be followed.

use sla::source::FileId;

const HEAD: &str = r#"
party host "Host GmbH" as provider { contact desk "Service desk" { email "desk@host.example" } }
party shop "Shop Ltd" as customer { contact it "IT" { email "it@shop.example" } }
service web "Web shop" { by host to shop; scope "The pages" }
dimension plan "Plan" { option gold "Gold"; option basic "Basic"; option tin "Tin" }
signal requests "Requests" as events of web { measured by host; count total, failed; field plan plan; missing bad }
fee charge "Charge" of web per plan { otherwise gives 100.00 EUR per calendar month }
"#;

/// The codes that are told while a text is built, with their helps.
fn told(cap: &str, added: &str) -> Vec<(&'static str, String)> {
    let agreement = format!(
        "agreement test \"Test\" {{\n  version \"1.0\"\n  status draft\n  effective 2027-01-01 to 2028-12-31\n  timezone \"UTC\"\n  \
         currency EUR\n  {cap}\n}}"
    );
    let (tree, found) = sla::syntax::parse(FileId::new(0), &format!("{agreement}{HEAD}{added}"));
    assert!(found.is_empty(), "{found:#?}");
    let (_, found) = sla::model::build(&tree);
    found.into_iter().map(|one| (one.code.id, one.help.unwrap_or_default())).collect()
}

const KEPT: &str = r#"
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 100%
commitment kept "Availability" of web per plan { target uptime >= 99% per calendar month }
"#;

#[test]
fn a_metric_without_a_definition_is_given_one() {
    let some = r#"
metric uptime "Uptime" per plan { for gold, basic = 100% - requests.failed / requests.total when empty 100% }
commitment kept "Availability" of web per plan { target uptime >= 99% per calendar month }
"#;
    assert_eq!(told("", some), [("SLA208", "add what holds for it, such as `for tin = …`".to_owned())]);
    let followed = some.replace("empty 100% }", "empty 100%; for tin = requests.failed / requests.total }");
    assert_eq!(told("", &followed), []);
}

/// The head of the agreement differs by nothing.
#[test]
fn a_fee_that_differs_is_summed_in_the_cap_of_the_agreement() {
    let found = told("cap 10% of charge per calendar month", KEPT);
    assert_eq!(found, [("SLA210", "write `sum(charge)` for all of them".to_owned())]);
    assert_eq!(told("cap 10% of sum(charge) per calendar month", KEPT), []);
}

#[test]
fn a_commitment_can_differ_as_well() {
    let found = told(
        "",
        &format!(
            "{KEPT}commitment all_kept \"All\" of web {{ target uptime >= 99% per calendar month; cap 10% of charge per calendar month }}"
        ),
    );
    let help = "write `sum(charge)` for all of them, or write `per plan` in the head of this declaration";
    assert_eq!(found, [("SLA210", help.to_owned())]);
}
