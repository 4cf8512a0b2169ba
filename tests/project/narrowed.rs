//! Agreements that have some of the options of what is shared.

use super::hosting;
use crate::cli::{folder, sla};

const TERMS: &str = r#"dimension plan "Plan" { option silver "Silver"; option gold "Gold"; option black "Black" }
constant goal "Goal" per plan { silver gives 99%; gold gives 99.9%; otherwise gives 99.99% }
signal requests "Requests" as events { measured by provider; count total, failed; field plan plan; missing bad }
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 0%
template promises(base as fee) of commitment {
  target uptime >= goal per calendar month
  for silver      { credit of base { below target gives 5% } }
  for gold, black { credit of base { below target gives 10%; below 95% gives 50% } }
  claim automatic
}
"#;

/// An agreement with a row of charges, which imports the plan as it is written here.
fn agreement(imported: &str, charges: &str) -> String {
    let clauses = format!(
        "fee charge \"Charge\" of web per plan {{ {charges} }}\n\
         commitment kept \"Kept\" of web per plan {{ use promises(charge) }}\n"
    );
    hosting(&format!("goal, uptime, promises, {imported}"), "draft", &clauses)
}

fn terms() -> String {
    // A signal of a library has no service; the parties are the agreement's.
    let lines = TERMS.lines().filter(|line| !line.starts_with("metric not_silver"));
    lines.collect::<Vec<_>>().join("\n").replace("as events {", "as events of web {").replace("by provider", "by b")
        + "\nservice web \"Web\" { by a to b; scope \"Web\" }\nparty a \"A Ltd\" as provider\nparty b \"B Ltd\" as customer\n"
}

/// What `sla check` tells of an agreement, a line for each finding.
fn told(imported: &str, charges: &str) -> Vec<String> {
    let agreement = agreement(imported, charges);
    let folder = folder(&[("terms.sla", &terms()), ("shop.sla", &agreement)]);
    let ran = sla(folder.path(), &["check", "--message-format", "short", "shop.sla"]);
    ran.out.lines().filter(|line| line.contains("error")).map(str::to_owned).collect()
}

#[test]
fn an_agreement_has_the_options_that_it_imports() {
    let agreement = agreement("plan for gold", "gold gives 1000.00 EUR per calendar month");
    let folder = folder(&[
        ("terms.sla", &terms()),
        ("shop.sla", &agreement),
        ("m/requests.csv", "time,total,failed,plan\n2027-02-01T00:00:00Z,100,20,gold\n"),
        ("n/requests.csv", "time,total,failed,plan\n2027-02-01T00:00:00Z,100,20,silver\n"),
    ]);
    let ran = sla(folder.path(), &["build", "shop.sla", "--out", "out"]);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let file = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    for name in ["shop.bundle.json", "shop.contract.md"] {
        let built = file(name).to_lowercase();
        assert!(built.contains("gold"), "{name}");
        assert!(!built.contains("silver") && !built.contains("black"), "{name}");
    }
    let ran = sla(folder.path(), &["evaluate", "shop.sla", "--data", "m", "--period", "2027-02"]);
    assert!(ran.out.contains("credit 500.00 EUR"), "{}", ran.out);
    let ran = sla(folder.path(), &["evaluate", "shop.sla", "--data", "n", "--period", "2027-02"]);
    assert!(ran.err.contains("error[SLA754]: column `plan`: `silver` is not `gold`"), "{}{}", ran.out, ran.err);
}

#[test]
fn options_that_an_agreement_leaves_out_are_not_asked_for() {
    let gold = "gold gives 1000.00 EUR per calendar month";
    let none: [&str; 0] = [];
    assert_eq!(told("plan for gold", gold), none);
    assert_eq!(
        told("plan for silver", &gold.replace("gold", "silver")),
        none,
        "`otherwise` of a shared file is for others"
    );
    assert_eq!(told("plan for gold, black", &format!("{gold}; black gives 1.00 EUR per calendar month")), none);
    assert_eq!(
        told("plan for gold", &format!("{gold}; silver gives 1.00 EUR per calendar month")),
        ["shop.sla:12:82: error[SLA201]: this agreement does not have the option `silver`"]
    );
    assert_eq!(told("plan for gold, black", gold), ["shop.sla:12:5: error[SLA208]: `charge` has no value for Black"]);
}

/// Of two imports of one dimension, one says which options are meant.
#[test]
fn a_dimension_is_imported_once() {
    let help = |first: &str, second: &str| {
        let agreement = agreement(first, "gold gives 1000.00 EUR per calendar month");
        let agreement = format!("{agreement}import {second} from \"terms.sla\"\n");
        let folder = folder(&[("terms.sla", &terms()), ("shop.sla", &agreement)]);
        let ran = sla(folder.path(), &["check", "shop.sla"]);
        ran.out + &ran.err
    };
    for (first, second, expected) in [
        ("plan", "plan for gold", "delete `plan` from the first import: this one says which options are meant"),
        ("plan for gold", "plan", "delete `plan` here: the first import says which options are meant"),
        ("plan for gold", "plan for black", "write all options in one list after `plan for`"),
    ] {
        let out = help(first, second);
        assert!(out.contains(expected), "{out}");
    }
}

/// What shared files say of a channel that a support has for other options holds for other agreements; a slip is none.
#[test]
fn a_channel_for_other_options_is_left_out() {
    let more = |having: &str, via: &str| {
        format!(
            r#"template all(of as service, by as party, customer as party, to as contact) {{
  signal tickets "Tickets" as cases of of {{ measured by customer; milestone opened, resolved; field plan plan }}
  support desk "Desk" of of per plan {{
    by by to customer; cases tickets; on always
    channel mail "m@a.example"
    for {having} {{ channel hot "+49 30 5550199" }}
    priority p1 "Down" {{ when "Nothing works"; resolve within 8h }}
  }}
  notice late "Late" per plan {{ by by to to; when desk.p1.late; within 1h of incident start; via {via} }}
  notice each "Late, for all" {{ by by to to; when desk.p1.late; within 1h of incident start; via {via} }}
}}
"#
        )
    };
    let contract_of = |having: &str, imported: &str, charges: &str, via: &str| {
        let agreement = agreement(&format!("all, {imported}"), charges) + "use all(web, a, b, b.desk)\n";
        let folder = folder(&[("terms.sla", &(terms() + &more(having, via))), ("shop.sla", &agreement)]);
        let ran = sla(folder.path(), &["check", "--message-format", "short", "shop.sla"]);
        let told: Vec<String> = ran.out.lines().filter(|line| line.contains("error")).map(str::to_owned).collect();
        sla(folder.path(), &["build", "shop.sla", "--out", "out"]);
        (told, std::fs::read_to_string(folder.path().join("out/shop.contract.md")).unwrap_or_default())
    };
    let contract = |imported: &str, charges: &str, via: &str| contract_of("black", imported, charges, via);
    let gold = "gold gives 1000.00 EUR per calendar month";
    let (told, text) = contract("plan for gold", gold, "mail, hot");
    assert_eq!(told, [""; 0]);
    assert!(text.contains("It is sent by mail.") && !text.contains("hot"), "{text}");
    let (told, text) = contract("plan for black", &gold.replace("gold", "black"), "mail, hot");
    assert_eq!(told, [""; 0]);
    assert!(text.contains("It is sent by mail and hot."), "{text}");
    let (told, _) = contract("plan for gold", gold, "hott");
    assert!(!told.is_empty() && told.iter().all(|line| line.contains("there is no channel `hott`")), "{told:?}");
    let (told, _) = contract("plan", &format!("{gold}; otherwise gives 1.00 EUR per calendar month"), "hot");
    let expected = ["Silver", "Gold"].map(|plan| format!("there is no channel `hot` for {plan}"));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(expected.iter().all(|one| told.iter().any(|line| line.contains(one))), "{told:?}");
    // Another option of the agreement has it: that this one lacks it is a slip here.
    let both = format!("{gold}; silver gives 1.00 EUR per calendar month");
    let (told, _) = contract_of("gold, black", "plan for silver, gold", &both, "hot");
    assert!(
        told.len() == 1 && told.iter().all(|line| line.contains("there is no channel `hot` for Silver")),
        "{told:?}"
    );
}

/// What shared files ask of a promise or a desk that has it for other options only is never so here; in the agreement itself, it is
/// an error, and so it is in one that has all options and none of them has it.
#[test]
fn what_only_other_options_can_be_asked_for_is_never_so() {
    let more = |warn: &str, asked: &str| {
        format!(
            r#"template watched(of as service, by as party, customer as party, to as contact) {{
  commitment quick "Quick" of of per plan {{ target uptime >= 99% per calendar month; {warn} }}
  signal tickets "Tickets" as cases of of {{ measured by customer; milestone opened, resolved; field plan plan }}
  support desk "Desk" of of per plan {{
    by by to customer; cases tickets; on always
    channel mail "m@a.example"
    priority p1 "Down" {{ when "Nothing works"; resolve within 8h }}
    for black {{ priority p0 "On fire" {{ when "Smoke"; resolve within 1h }} }}
  }}
  escalation early "Early" per plan {{ when {asked}; after 0min notify to }}
  escalation whole "Whole" {{ when {asked}; after 0min notify to }}
  escalation either "Either" per plan {{ when quick.failing or {asked}; after 0min notify to }}
}}
"#
        )
    };
    let contract_of = |imported: &str, charges: &str, shared: &str, own: &str| {
        let agreement = agreement(&format!("watched, {imported}"), charges) + "use watched(web, a, b, b.desk)\n" + own;
        let folder = folder(&[("terms.sla", &(terms() + shared)), ("shop.sla", &agreement)]);
        let ran = sla(folder.path(), &["check", "--message-format", "short", "shop.sla"]);
        let told: Vec<String> = ran.out.lines().filter(|line| line.contains("error")).map(str::to_owned).collect();
        sla(folder.path(), &["build", "shop.sla", "--out", "out"]);
        (told, std::fs::read_to_string(folder.path().join("out/shop.contract.md")).unwrap_or_default())
    };
    let gold = "gold gives 1000.00 EUR per calendar month";
    let all = format!("{gold}; otherwise gives 1.00 EUR per calendar month");
    let black = gold.replace("gold", "black");
    for (asked, lacks) in [
        ("quick.at_risk", "`quick` has no warning margin to be at risk of"),
        ("desk.p0.open", "`desk` has no priority `p0`"),
    ] {
        let shared = more("for black { warn below 99.5% }", asked);
        let (told, text) = contract_of("plan for gold", gold, &shared, "");
        assert_eq!(told, [""; 0], "{asked}");
        let has = |name: &str| text.contains(&format!("id=\"escalation.{name}"));
        assert!(has("either") && !has("early") && !has("whole"), "{text}");
        for (imported, charges) in [("plan for black", &black), ("plan", &all)] {
            let (told, text) = contract_of(imported, charges, &shared, "");
            assert_eq!(told, [""; 0], "{asked} {imported}");
            let has = |name: &&str| text.contains(&format!("id=\"escalation.{name}"));
            assert!(["either", "early", "whole"].iter().all(has), "{text}");
        }
        let own = format!("escalation own \"Own\" {{ when {asked}; after 0min notify a.desk }}\n");
        let (told, _) = contract_of("plan for gold", gold, &shared, &own);
        assert!(told.len() == 1 && told.iter().all(|line| line.contains(lacks)), "{told:?}");
        // No option at all has it.
        let none = more("", &asked.replace("p0", "p7"));
        for (imported, charges) in [("plan for gold", gold), ("plan", all.as_str())] {
            let (told, _) = contract_of(imported, charges, &none, "");
            let lacks = lacks.replace("p0", "p7");
            assert!(!told.is_empty() && told.iter().all(|line| line.contains(&lacks)), "{told:?}");
        }
    }
}

#[test]
fn a_mistake_in_the_options_of_an_import_is_told() {
    let gold = "gold gives 1000.00 EUR per calendar month";
    assert_eq!(told("plan for gold, gold", gold), ["shop.sla:1:47: error[SLA305]: `gold` is named twice"]);
    assert_eq!(told("plan for gold, siver", gold), ["shop.sla:1:47: error[SLA201]: `plan` has no option `siver`"]);
    assert_eq!(
        told("plan, uptime as up for gold", &format!("{gold}; otherwise gives 1.00 EUR per calendar month")),
        ["shop.sla:1:55: error[SLA306]: `up` is a metric, and has no options"]
    );
}

#[test]
fn a_supplier_promises_for_the_options_that_we_have() {
    let edge = agreement("plan for gold", "gold gives 1000.00 EUR per calendar month").replace("shop", "edge");
    let ours = |imported: &str| {
        format!(
            "import {imported} from \"terms.sla\"\nimport kept from \"edge.sla\"\n{}",
            "agreement ours \"Ours\" { version \"1\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\"; currency EUR }\n\
             party b \"B Ltd\" as provider\nparty c \"C Ltd\" as customer\nservice site \"Site\" { by b to c; scope \"Site\"; depends on web }\n\
             fee price \"Price\" of site per plan = 1.00 EUR per calendar month\nsignal site_up \"Site up\" as state of site { measured by b; missing bad }\n\
             metric running \"Running\" = share(site_up)\ncommitment site_kept \"Site\" of site { target running >= 99% per calendar month }\n"
        )
    };
    let told = |imported: &str| {
        let ours = ours(imported).replace("import kept", "import web, kept");
        let folder = folder(&[("terms.sla", &terms()), ("edge.sla", &edge), ("ours.sla", &ours)]);
        let ran = sla(folder.path(), &["check", "--message-format", "short", "ours.sla"]);
        ran.out.lines().filter(|line| line.contains("error")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told("plan for gold").len(), 0, "{:?}", told("plan for gold"));
    for (imported, lacking) in [("plan", "`black`, `silver`"), ("plan for gold, black", "`black`")] {
        let told = told(imported);
        let expected = format!("another file says nothing for options of `plan` that are here: {lacking}");
        assert_eq!(told.len(), 1, "what follows from it is not told: {told:?}");
        assert!(told.iter().all(|line| line.contains(&expected)), "{told:?}");
    }
}

#[test]
fn a_file_hands_on_the_options_that_it_imports() {
    let charges = "gold gives 1000.00 EUR per calendar month";
    let ours = agreement("plan", charges).replace("terms.sla", "gold.sla");
    let gold = "import goal, uptime, promises, plan for\n gold from \"terms.sla\"\n".replace("for\n gold", "for gold");
    let folder = folder(&[("terms.sla", &terms()), ("gold.sla", &gold), ("shop.sla", &ours)]);
    let ran = sla(folder.path(), &["check", "--message-format", "short", "shop.sla"]);
    assert!(!ran.out.contains("error"), "{}", ran.out);
    std::fs::write(folder.path().join("shop.sla"), ours.replace("promises, plan ", "promises, plan for gold, black "))
        .unwrap();
    let ran = sla(folder.path(), &["check", "--message-format", "short", "shop.sla"]);
    assert!(ran.out.contains("another file says nothing for options of `plan` that are here: `black`"), "{}", ran.out);
}

#[test]
fn a_list_of_options_goes_on_after_a_comma() {
    let charges = "gold gives 1.00 EUR per calendar month; black gives 1.00 EUR per calendar month";
    assert_eq!(told("plan for gold,\n  black", charges), [""; 0]);
}

#[test]
fn rules_read_the_series_of_the_options_that_an_agreement_has() {
    let source =
        "missing bad; source prometheus { total counter 'requests_total'; failed counter 'errors_total{plan!=\"x\"}' }";
    let terms = terms().replace("missing bad", source);
    let rules = |imported: &str, charges: &str| {
        let whole = "commitment all \"All\" of web { target uptime >= 98% per calendar month }\n";
        let agreement = agreement(imported, charges).replace("draft", "in_force") + whole;
        let folder = folder(&[("terms.sla", &terms), ("shop.sla", &agreement)]);
        let ran = sla(folder.path(), &["build", "shop.sla", "--out", "out"]);
        assert!(!ran.err.contains("error"), "{}", ran.err);
        std::fs::read_to_string(folder.path().join("out/shop.rules.yml")).unwrap()
    };
    let gold = "gold gives 1.00 EUR per calendar month";
    let one = rules("plan for gold", gold);
    assert!(one.contains("errors_total{plan!=\"x\",plan=\"gold\"}") && !one.contains("requests_total["), "{one}");
    let two = rules("plan for gold, black", &format!("{gold}; black gives 1.00 EUR per calendar month"));
    assert!(two.contains("requests_total{plan=~\"gold|black\"}["), "{two}");
    let all = rules("plan", "otherwise gives 1.00 EUR per calendar month");
    assert!(all.contains("requests_total[") && !all.contains("=~"), "{all}");
}

#[test]
fn a_suppliers_sum_is_over_the_options_of_its_own_agreement() {
    let edge = agreement("plan", "otherwise gives 10.00 EUR per calendar month").replace("shop", "edge");
    let edge = edge.replace("use promises(charge)", "use promises(charge); cap 30% of total per calendar month")
        + "fee total \"Total\" of web = sum(charge)\n";
    let ours = "import plan for gold from \"terms.sla\"\nimport web, kept from \"edge.sla\"\n\
        agreement ours \"Ours\" { version \"1\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\"; currency EUR }\n\
        party b \"B Ltd\" as provider\nparty c \"C Ltd\" as customer\nservice site \"Site\" { by b to c; scope \"Site\"; depends on web }\n\
        fee price \"Price\" of site per plan = 1.00 EUR per calendar month\n";
    let folder = folder(&[("terms.sla", &terms()), ("edge.sla", &edge), ("ours.sla", ours)]);
    let ran = sla(folder.path(), &["check", "--message-format", "short", "ours.sla"]);
    let message =
        "error[SLA208]: this sum has options in the supplier's agreement that this one leaves out: `black`, `silver`";
    assert!(ran.out.contains(message), "{}", ran.out);
}

/// A sum may stand in a file that the supplier's agreement imports, and in a template of such a file.
#[test]
fn a_suppliers_sum_may_stand_in_a_library() {
    let charges = "silver gives 10.00 EUR per calendar month; gold gives 20.00 EUR per calendar month; black gives 30.00 EUR per calendar month";
    let told = |imports: &str, capped: &str, options: &str| {
        let edge = agreement("plan", charges).replace("shop", "edge");
        let target = "target uptime >= 99% per calendar month; credit = 5.00 EUR; claim automatic";
        let edge = edge.replace("web per plan { use promises(charge)", &format!("web {{ {target}; {capped}"));
        let moved = format!("fee charge \"Charge\" of web per plan {{ {charges} }}\n");
        let edge = format!("import {imports} from \"sums.sla\"\n{}", edge.replace(&moved, ""));
        let sums = format!(
            "import web, plan from \"terms.sla\"\n{moved}fee total \"Total\" of web = sum(charge)\n\
             template limited(base as fee) of commitment {{ cap 30% of sum(base) per calendar month }}\n"
        );
        let ours = format!(
            "import {options} from \"terms.sla\"\nimport web, kept from \"edge.sla\"\n\
             agreement ours \"Ours\" {{ version \"1\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\"; currency EUR }}\n\
             party a \"A Ltd\" as supplier {{ contact desk \"Desk\" {{ email \"d@a.example\" }} }}\n\
             party b \"B Ltd\" as provider\nparty c \"C Ltd\" as customer\n\
             service site \"Site\" {{ by b to c; scope \"Site\"; depends on web }}\n\
             fee price \"Price\" of site per plan = 1.00 EUR per calendar month\n"
        );
        let folder = folder(&[("terms.sla", &terms()), ("sums.sla", &sums), ("edge.sla", &edge), ("ours.sla", &ours)]);
        let alone = sla(folder.path(), &["check", "--message-format", "short", "edge.sla"]);
        assert!(!alone.out.contains("error"), "{}", alone.out);
        let ran = sla(folder.path(), &["check", "--message-format", "short", "ours.sla"]);
        ran.out.lines().filter(|line| line.contains("error")).map(str::to_owned).collect::<Vec<_>>()
    };
    let fee = "cap 30% of total per calendar month";
    let (in_fee, in_template) = ("total, charge", "limited, charge");
    let message =
        "error[SLA208]: this sum has options in the supplier's agreement that this one leaves out: `black`, `silver`";
    for (imports, capped, place) in
        [(in_fee, fee, "edge.sla:13:121: "), (in_template, "use limited(charge)", "sums.sla:4:62: ")]
    {
        let told = |options: &str| told(imports, capped, options);
        assert_eq!(told("plan"), [""; 0]);
        let found = told("plan for gold");
        assert!(found.len() == 1 && found[0].starts_with(place) && found[0].contains(message), "{found:?}");
    }
}

/// What is promised over all options counts those that this agreement leaves out as well, in the supplier's own agreement.
#[test]
fn a_supplier_may_promise_over_all_options() {
    let told = |measure: &str, theirs: &str, ours: &str| {
        let edge = agreement(theirs, "otherwise gives 10.00 EUR per calendar month").replace("shop", "edge")
            + "signal jobs \"Jobs\" as samples of web { measured by b; value took ms; every 1h; field plan plan; missing excluded }\n"
            + &format!("metric whole \"Whole\" = {measure}\n")
            + "commitment together \"Together\" of web { target whole >= 90% per calendar month }\n";
        let edge = edge.replace("import goal", "import requests, goal");
        let ours = format!(
            "import {ours} from \"terms.sla\"\nimport web, kept, together from \"edge.sla\"\n\
             agreement ours \"Ours\" {{ version \"1\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\"; currency EUR }}\n\
             party b \"B Ltd\" as provider\nparty c \"C Ltd\" as customer\nservice site \"Site\" {{ by b to c; scope \"Site\"; depends on web }}\n\
             fee price \"Price\" of site per plan = 1.00 EUR per calendar month\n"
        ).replace("party b", "party a \"A Ltd\" as supplier { contact desk \"Desk\" { email \"d@a.example\" } }\nparty b");
        let folder = folder(&[("terms.sla", &terms()), ("edge.sla", &edge), ("ours.sla", &ours)]);
        let ran = sla(folder.path(), &["check", "--message-format", "short", "ours.sla"]);
        assert!(!ran.out.contains("error"), "{}", ran.out);
        let found = ran.out.lines().filter_map(|line| line.split_once("[SLA433]: ")).map(|(_, told)| told.to_owned());
        let found = found.filter(|line| line.contains("counts all")).collect::<Vec<_>>();
        assert_eq!(sla(folder.path(), &["build", "ours.sla", "--out", "out"]).code, 0);
        let contract = std::fs::read_to_string(folder.path().join("out/ours.contract.md")).unwrap();
        assert_eq!(contract.matches("counts what is measured for").count(), found.len(), "{contract}");
        found
    };
    let all = "100% - requests.failed / requests.total when empty 0%";
    let finding = |beyond: &str, here: &str| {
        vec![format!(
            "`together` counts all options of `plan` in the supplier's agreement, also {beyond}, and only {here} here"
        )]
    };
    assert_eq!(told(all, "plan", "plan for gold"), finding("`black` and `silver`", "`gold`"));
    assert_eq!(told(all, "plan for gold, black", "plan for gold"), finding("`black`", "`gold`"));
    for same in ["plan", "plan for gold"] {
        assert_eq!(told(all, same, same), Vec::<String>::new());
    }
    // A condition may leave out what is not here.
    let some =
        |which: &str| format!("count(jobs where took < 5ms and {which}) / count(jobs where {which}) when empty 100%");
    let told = |which: &str| told(&some(which), "plan", "plan for gold, black").len();
    for which in [
        "plan = gold",
        "plan in [gold, black]",
        "plan != silver",
        "not (plan = silver)",
        "(plan = gold or plan = black)",
    ] {
        assert_eq!(told(which), 0, "{which}");
    }
    for which in ["plan != gold", "plan in [gold, silver]", "not (plan = gold)", "(plan = gold or took > 1ms)"] {
        assert_eq!(told(which), 1, "{which}");
    }
}

#[test]
fn a_dimension_has_one_list_of_options() {
    let charges = "gold gives 1.00 EUR per calendar month";
    let told = told("plan for gold from \"terms.sla\"\nimport plan as tier for black", charges);
    assert_eq!(told, ["shop.sla:2:8: error[SLA202]: `plan` is imported twice, with other options"]);
}
