//! Advice on options and templates that can be followed.

use sla::diagnostics::Diagnostic;
use sla::source::{FileId, SourceMap};

const HEAD: &str = r#"
party host "Host GmbH" as provider { contact desk "Service desk" { email "desk@host.example" } }
party shop "Shop Ltd" as customer { contact it "IT" { email "it@shop.example" } }
service web "Web shop" { by host to shop; scope "The pages" }
dimension plan "Plan" { option gold "Gold"; option basic "Basic"; option tin "Tin" }
signal requests "Requests" as events of web { measured by host; count total, failed; field plan plan; missing bad }
fee charge "Charge" of web per plan { otherwise gives 100.00 EUR per calendar month }
"#;

fn text(cap: &str, added: &str) -> String {
    format!(
        "agreement test \"Test\" {{\n  version \"1.0\"\n  status draft\n  effective 2027-01-01 to 2028-12-31\n  timezone \"UTC\"\n  \
         currency EUR\n  {cap}\n}}{HEAD}{added}"
    )
}

/// What is told of a text with a code, as people read it, with what each label is at.
fn found(code: &str, added: &str) -> Vec<(Diagnostic, Vec<(String, String)>)> {
    let text = text("", added);
    let mut sources = SourceMap::new();
    let file = sources.add("test.sla".to_owned(), text.clone());
    let all = sla::check(file, &sources).findings.into_iter().filter(|one| one.code.id == code);
    let labels = |one: &Diagnostic| {
        let at = |start: u32, end: u32| text[start as usize..end as usize].to_owned();
        one.labels.iter().map(|label| (label.text.clone(), at(label.span.start, label.span.end))).collect()
    };
    all.map(|one| (one.clone(), labels(&one))).collect()
}

/// The codes that are told while a text is built, with their helps.
fn told(cap: &str, added: &str) -> Vec<(&'static str, String)> {
    let (tree, found) = sla::syntax::parse(FileId::new(0), &text(cap, added));
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
    let help = "write `sum(charge)` for all of them, or write `per plan` in the head of the commitment";
    assert_eq!(found, [("SLA210", help.to_owned())]);
}

/// What stands in a template is mended there: by the name of its parameter.
#[test]
fn a_sum_in_a_template_is_that_of_its_parameter() {
    let found = told(
        "",
        &format!(
            "{KEPT}template tenth(base as fee) of commitment {{ credit = 10% of base; claim automatic }}\n\
             commitment all_kept \"All\" of web {{ target uptime >= 99% per calendar month; use tenth(charge) }}"
        ),
    );
    let help = "write `sum(base)` for all of them, or write `per plan` in the head of the commitment";
    assert_eq!(found, [("SLA210", help.to_owned())]);
}

/// What is given for the parameter is added up over its options: by statements of a commitment, by a fee of its own, and where
/// the template is checked by itself.
#[test]
fn a_template_may_sum_the_fee_that_it_is_given() {
    let told = |template: &str, of_all: &str| {
        let commitment = "commitment all_kept \"All\" of web per plan { target uptime >= 99% per calendar month";
        told("", &format!("{KEPT}{template}\n{of_all}\n{commitment}; credit = 1% of total; claim automatic }}"))
    };
    let fee = "template all(base as fee) { fee total \"All charges\" of web = sum(base) }";
    assert_eq!(told(fee, "use all(charge)"), []);
    let statements = "template tenth(base as fee) of commitment { credit = 10% of sum(base); cap 20% of sum(base); claim automatic }";
    let whole = "fee total \"All charges\" of web = sum(charge)\n\
                 commitment one_kept \"One\" of web { target uptime >= 98% per calendar month; use tenth(charge) }";
    assert_eq!(told(statements, whole), []);
}

/// The options of an open dimension have no names.
#[test]
fn an_example_names_options_of_closed_dimensions_only() {
    let example = r#"
dimension machine "Machine"
signal up "Up" as state of web { field plan plan; field machine machine; missing bad }
commitment kept "Kept" of web per plan, machine { target share(up) >= 99% per calendar month }
example one "One" of kept during 2027-06 { expect credit = 0 EUR }
"#;
    let help = "write `for` and an option of `plan` in the head of this example, if what it is about differs by that; else give \
        what is made of all of them, such as their sum";
    assert!(told("", example).contains(&("SLA210", help.to_owned())), "{:?}", told("", example));
    assert_eq!(told("", &example.replace("of kept during", "of kept for tin during")), []);
}

/// What is said twice is shown with the use of the template that says it, and a `for` helps only where there is one.
#[test]
fn what_a_template_says_again_is_shown_where_it_is_used() {
    let twice = |uses: &str| {
        found(
            "SLA305",
            &format!(
                "template paid(base as fee) of commitment {{ credit of base {{ below target gives 10% }}; claim automatic }}\n\
                 metric uptime \"Uptime\" = 100% - requests.failed / requests.total when empty 100%\n\
                 commitment kept \"Kept\" of web per plan {{ target uptime >= 99% per calendar month; {uses} }}\n"
            ),
        )
    };
    let told = twice("use paid(charge); claim by shop within 30 days of window end to host.desk");
    let [(finding, labels)] = told.as_slice() else { panic!("{told:#?}") };
    assert_eq!((finding.help.as_deref(), finding.witness.as_deref()), (Some("keep one of them"), None));
    let places = [("the first time", "claim automatic"), ("the template is used here", "paid(charge)")];
    assert_eq!(labels.iter().map(|(text, at)| (text.as_str(), at.as_str())).collect::<Vec<_>>(), places);
    let told = twice("for tin { use paid(charge) } claim by shop within 30 days of window end to host.desk");
    let [(finding, _)] = told.as_slice() else { panic!("{told:#?}") };
    assert!(finding.help.as_deref().is_some_and(|help| help.contains("`for tin { … }`")), "{finding:#?}");
}

/// A template that adds what cannot be added is wrong whatever it is given.
#[test]
fn the_fault_of_a_template_is_told_at_the_template() {
    let sum = |second: &str, uses: &str| {
        let found = found(
            "SLA301",
            &format!(
                "template sum(p as ratio, c as number) of commitment {{ target uptime >= p + {second} per calendar month }}\n\
                 metric uptime \"Uptime\" = 100% - requests.failed / requests.total when empty 100%\n\
                 commitment kept \"Kept\" of web per plan {{ {uses} }}\n"
            ),
        );
        let [(finding, labels)] = found.as_slice() else { panic!("{found:#?}") };
        assert_eq!(finding.message, "a number cannot be added to a percentage");
        (finding.fixes.len(), labels.clone())
    };
    let label = |text: &str, at: &str| (text.to_owned(), at.to_owned());
    let both = vec![label("`p` is a percentage", "p"), label("`c` is a number", "c")];
    assert_eq!(sum("c", "target uptime >= 99% per calendar month"), (0, both.clone()));
    assert_eq!(sum("c", "use sum(99%, 5)"), (0, both));
    assert_eq!(sum("5", "use sum(99%, 5)").0, 1, "the number of the template itself lacks its sign");
}

/// What differs means something in a template wherever that is used for one option.
#[test]
fn a_template_may_read_what_differs() {
    let reads = |of: &str, says: &str| {
        format!(
            "constant goal \"Goal\" per plan {{ gold gives 99.9%; otherwise gives 99% }}\n\
             metric uptime \"Uptime\" = 100% - requests.failed / requests.total when empty 100%\n\
             metric distance \"Distance\" = uptime - goal\n\
             template aim(m as metric) of {of} {{ {says} }}\n"
        )
    };
    let codes = |of: &str, says: &str| -> Vec<&str> {
        // That nothing uses it is not what is looked for.
        told("", &reads(of, says)).iter().map(|(code, _)| *code).filter(|code| *code != "SLA203").collect()
    };
    assert_eq!(codes("commitment", "target m >= goal per calendar month; warn below goal + 0.05pp"), [""; 0]);
    assert_eq!(codes("commitment", "target m >= goal + 5min per calendar month"), ["SLA301"]);
    assert_eq!(codes("commitment", "target m >= 99% per calendar month; applies when distance >= 0pp"), [""; 0]);
}

/// `always` is a calendar wherever one can be given.
#[test]
fn always_is_given_for_a_calendar() {
    let desk = |given: &str| {
        format!(
            r#"
signal tickets "Tickets" as cases of web {{ measured by host; milestone opened, responded }}
template hours(when as calendar, left as calendar) of support {{ on when; priority p1 "All" {{ when "Any"; respond within 1h on left }} }}
template beside(when as calendar) {{ calendar both "Both" = when or when }}
use beside({given})
support desk "Desk" of web {{ by host to shop; cases tickets; use hours({given}, {given}) }}
"#
        )
    };
    assert_eq!(told("", &desk("always")), []);
    assert_eq!(told("", &desk("allways")).first().map(|(code, _)| *code), Some("SLA201"));
}

/// What an example cannot give is not what it is told to give.
#[test]
fn the_sum_over_all_options_is_given_as_a_whole() {
    let bill = |given: &str| {
        found(
            "SLA708",
            &format!(
                r#"
fee invoice "Invoice" of web per plan = invoiced per calendar month
fee bill "Bill" of web = sum(invoice)
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 100%
commitment kept "Kept" of web per plan {{
  target uptime >= 99% per calendar month
  credit of invoice {{ below target gives 10% }}
  claim automatic
  cap 20% of bill per calendar month
}}
example down "Down" of kept for tin during 2027-06 {{ given uptime = 98%; {given} given invoice = 100.00 EUR; expect credit = 10.00 EUR }}
"#
            ),
        )
    };
    let told = bill("");
    let [(finding, _)] = told.as_slice() else { panic!("{told:#?}") };
    assert!(finding.help.as_deref().is_some_and(|help| help.contains("add `given bill = …`")), "{finding:#?}");
    assert!(bill("given bill = 300.00 EUR;").is_empty());
}

/// A template in a block that it is not for is one mistake, whatever it says.
#[test]
fn a_template_in_a_wrong_block_is_told_once() {
    let found = told(
        "",
        "template urgent(time as amount) of support { priority p1 \"All\" { when \"Any\"; respond within time } }\n\
         metric uptime \"Uptime\" = 100% - requests.failed / requests.total when empty 100%\n\
         commitment kept \"Kept\" of web per plan { target uptime >= 99% per calendar month; use urgent(1h) }\n",
    );
    assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["SLA304"]);
}

/// An amount that is written once is shown once, however many variants have it.
#[test]
fn an_amount_in_another_currency_is_shown_once() {
    let told = found(
        "SLA301",
        "template owed(amount as money) of commitment { credit = amount + amount; claim automatic }\n\
         metric uptime \"Uptime\" = 100% - requests.failed / requests.total when empty 100%\n\
         commitment kept \"Kept\" of web per plan { target uptime >= 99% per calendar month; use owed(5 USD) }\n",
    );
    let [(_, labels)] = told.as_slice() else { panic!("{told:#?}") };
    assert_eq!(labels.as_slice(), [("this is EUR".to_owned(), "EUR".to_owned())]);
}

/// What other options need is not to be deleted.
#[test]
fn a_claim_without_a_credit_is_moved_where_others_need_it() {
    let claim = |credit: &str| {
        let found = found(
            "SLA422",
            &format!(
                "metric uptime \"Uptime\" = 100% - requests.failed / requests.total when empty 100%\n\
                 commitment kept \"Kept\" of web per plan {{ target uptime >= 99% per calendar month; {credit} claim automatic }}\n"
            ),
        );
        let [(finding, _)] = found.as_slice() else { panic!("{found:#?}") };
        finding.help.clone().unwrap_or_default()
    };
    assert!(claim("for gold { credit = 5 EUR }").contains("`for … { … }`"));
    assert!(claim("").ends_with("or delete it"));
}

/// What has no value cannot be summed, however near its name is.
#[test]
fn an_expression_names_what_has_a_value() {
    let near =
        "amendment changes \"Changes\" { by host; do \"In writing\" }\nfee bill \"Bill\" of web = sum(charges)\n";
    let found = found("SLA201", &format!("{KEPT}{near}"));
    let primary: Vec<_> = found.iter().filter_map(|(one, _)| one.primary.as_deref()).collect();
    assert_eq!(primary, ["did you mean `charge`?"]);
}

/// What holds for an option says by what is in it for which block it is.
#[test]
fn a_template_is_for_the_block_of_what_it_holds() {
    let template = "template owed(base as fee) { for gold { credit of base { below target gives 5% } } }\n";
    let found = told("", &format!("{KEPT}{template}"));
    let help = "say for which block its statements are: `of commitment`";
    assert!(found.contains(&("SLA304", help.to_owned())), "{found:?}");
}

/// A row and a block for an option are shown as they are written.
#[test]
fn what_holds_for_an_option_is_shown_as_it_is_written() {
    let rows = "constant goal \"Goal\" per plan { gold: 99%; basic gives 97%\ntin = 95% }\n";
    let asked = KEPT.replace("calendar month }", "calendar month\nif plan = gold { warn below 99.5% } }");
    let found = found("SLA101", &format!("{rows}{asked}"));
    let helps: Vec<_> = found.iter().filter_map(|(one, _)| one.help.as_deref()).collect();
    let block = "what holds for an option stands in a block of its own: `for gold { … }`";
    assert_eq!(helps, ["write `gold gives 99%`", "write `tin gives 95%`", block]);
}
