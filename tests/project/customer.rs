//! What a provider gives to its customer where it keeps to itself what its suppliers promise.

use crate::cli::{folder, sla};
use std::fs;

/// The agreement of a supplier, with all that it may say.
const EDGE: &str = r#"agreement edge_terms "Delivery terms" { version "1.0"; status agreed; effective 2027-01-01; timezone "UTC"; currency EUR }
party edge "Edge" as provider { contact desk "Edge desk" { email "desk@edge.example" } }
party acme "Acme" as customer { contact buyer "Buyer" { email "buyer@acme.example" } contact yard "Yard" { email "yard@acme.example" } contact noc "Operations" { email "noc@acme.example" } }
calendar edge_hours "Edge hours" { open mon to fri 09:00 to 17:00 }
service delivery "Content delivery" { by edge to acme; scope "Caches" }
fee rent "Caching rent" of delivery = 321.00 EUR per calendar month
signal fetches "Fetches" as events of delivery { measured by acme; count total, failed; missing bad }
metric failing "Failing fetches" = fetches.failed / fetches.total when empty 0%
metric delivered "Delivered part" = 100% - mean(failing per 1h)
maintenance works "Cache works" of delivery { announce 3 days before start to acme.buyer; budget 8h per calendar year; counts excluded }
exclusion flood "Flood at the sites" { when "a flood"; counts excluded }
commitment delivery_kept "Promise of the caches" of delivery {
  target delivered >= 99.97% per calendar month
  exclude works, flood
  credit of rent { below target gives 17% }
  times 2 when streak(delivered < 99%) >= 2
  claim by acme.buyer within 30 days of window end to edge.desk
  cap 77.00 EUR per calendar year
  terminate by acme when streak(delivered < 98%) >= 3 within 30 days of window end
}
"#;

/// Ours, which needs it, with clauses between the two.
const SHOP: &str = r#"import delivery, delivery_kept, edge, edge_hours from "edge.sla"
agreement shop_terms "Shop" { version "1.0"; status agreed; effective 2027-06-01 to 2029-05-31; timezone "UTC"; currency EUR }
party acme "Acme" as provider { contact noc "Operations" { email "noc@acme.example" } }
party globex "Globex" as customer { contact it "IT" { email "it@globex.example" } }
service shop "Shop pages" { by acme to globex; scope "Pages"; depends on delivery }
fee fee_shop "Fee of the shop" of shop = 100.00 EUR per calendar month
signal visits "Visits" as events of shop { measured by globex; count total, failed; missing bad }
metric errors "Share of errors" = visits.failed / visits.total when empty 0%
metric shop_up "Uptime" = 100% - mean(errors per 1h)
commitment shop_kept "Availability of the shop" of shop { target shop_up >= 99.9% per calendar month; credit of fee_shop { below target gives 10% }; claim by globex within 30 days of window end to acme.noc }
support edge_desk "Hotline of the caches" of delivery { by edge to acme; on edge_hours }
escalation up "Caches fail" { when delivery_kept.failing; after 0min notify acme.noc }
duty call "Call of the caches" { by edge to acme; do "Call"; within 10min of incident start }
report monthly "Monthly report" { by acme to globex; every 1 calendar month; shows shop_kept }
records logs "Logs" { by edge; keep delivery_kept for 12 months }
constant deep "Depth" = 99.96%
"#;

/// What only the supplier's terms say.
const THEIRS: [&str; 20] = [
    "Edge",
    "Content delivery",
    "Caches",
    "caches",
    "Caching rent",
    "321.00",
    "Fetches",
    "fetches",
    "Delivered part",
    "Cache works",
    "Flood",
    "Promise of the caches",
    "99.97%",
    "17%",
    "77.00",
    "Buyer",
    "Yard",
    "upplier",
    "may terminate",
    "delivery",
];

/// The contract, the bundle and the rules that are built of an agreement, with some settings.
fn built(shop: &str, settings: &str) -> [String; 3] {
    let files = folder(&[("edge.sla", EDGE), ("shop.sla", shop), ("sla.toml", settings)]);
    let ran = sla(files.path(), &["build", "shop.sla", "--out", "build"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ["contract.md", "bundle.json", "rules.yml"]
        .map(|end| fs::read_to_string(files.path().join(format!("build/shop_terms.{end}"))).unwrap())
}

const OMIT: &str = "[contract]\nsuppliers = \"omit\"\n";

/// Every link leads to a place, and sections and schedules are numbered one after another.
fn is_whole(contract: &str) {
    for link in contract.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert_eq!(contract.matches(&format!("<a id=\"{link}\"></a>")).count(), 1, "{link}");
    }
    let headings = contract.lines().filter(|line| line.starts_with("## ")).filter_map(|line| line.split("</a>").nth(1));
    let (schedules, sections): (Vec<&str>, Vec<&str>) = headings.partition(|heading| heading.starts_with("Schedule "));
    for (number, section) in sections.iter().enumerate() {
        assert!(section.starts_with(&format!("{}. ", number + 1)), "{sections:?}");
    }
    for (letter, schedule) in ('A'..).zip(&schedules) {
        assert!(schedule.starts_with(&format!("Schedule {letter}: ")), "{schedules:?}");
    }
}

#[test]
fn a_contract_may_leave_out_what_suppliers_promise() {
    let [whole, bundle, rules] = built(SHOP, "");
    for word in THEIRS {
        assert!(whole.contains(word), "{word}: {whole}");
    }
    assert_eq!(built(SHOP, "[contract]\nsuppliers = \"include\"\n"), [whole, bundle.clone(), rules.clone()]);
    let [contract, other_bundle, other_rules] = built(SHOP, OMIT);
    for word in THEIRS {
        assert!(!contract.contains(word), "{word}: {contract}");
    }
    is_whole(&contract);
    // What programs read is whole.
    assert_eq!((other_bundle, other_rules), (bundle, rules));
    insta::assert_snapshot!(contract);
}

/// What a clause for the customer refers to stays, without what is owed for it.
#[test]
fn what_the_customers_clauses_refer_to_stays() {
    let shown = SHOP.replace("shows shop_kept", "shows shop_kept, delivery_kept");
    let [contract, ..] = built(&shown, OMIT);
    is_whole(&contract);
    for word in
        ["Suppliers (for information)", "It shows “Availability of the shop” and “Promise of the caches”", "99.97%"]
    {
        assert!(contract.contains(word), "{word}: {contract}");
    }
    for word in ["321.00", "17%", "77.00", "Caching rent", "may terminate", "Hotline", "Call of the caches"] {
        assert!(!contract.contains(word), "{word}: {contract}");
    }
    // A service that ours is measured by is named, and what is promised of it is not.
    let measured = SHOP.replace("visits.failed / visits.total", "(visits.failed + cached.failed) / visits.total");
    let signal = "signal cached \"Cached\" as events of delivery { measured by acme; count failed; missing bad }\n";
    let [contract, ..] = built(&(measured + signal), OMIT);
    is_whole(&contract);
    assert!(contract.contains("Content delivery") && !contract.contains("99.97%"), "{contract}");
    // Of services of which one is enough not all are named.
    let either = SHOP.replace("depends on delivery }", "depends on any of delivery, store; depends on power }")
        + "service store \"Store\" { by acme to globex; scope \"Copies\" }\n\
           service power \"Power\" { by acme to globex; scope \"Power\" }\n";
    let [contract, ..] = built(&either, OMIT);
    is_whole(&contract);
    assert!(contract.contains("The service depends on the service “Power”."), "{contract}");
    assert!(!contract.contains("is enough"), "{contract}");
}

/// So may the statement of a period.
#[test]
fn a_statement_may_leave_out_what_suppliers_owe() {
    let rows = "time,total,failed\n2027-06-01T10:00:00Z,10,10\n";
    let files =
        folder(&[("edge.sla", EDGE), ("shop.sla", SHOP), ("data/visits.csv", rows), ("data/fetches.csv", rows)]);
    for period in ["2027-06", "2027-06-03"] {
        for format in ["text", "markdown", "json"] {
            let data = ["evaluate", "shop.sla", "--data", "data", "--period", period, "--format", format];
            let ran = sla(files.path(), &data);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let whole = ran.out;
            let omitted = sla(files.path(), &[&data[..], &["--omit-suppliers"]].concat()).out;
            assert!(whole.contains("delivery_kept") && whole.contains("shop_kept"), "{format}: {whole}");
            assert!(omitted.contains("shop_kept"), "{format}: {omitted}");
            for word in ["delivery", "Edge", "edge", "Promise of the caches", "Fetches", "fetches"] {
                assert!(!omitted.contains(word), "{word} {format}: {omitted}");
            }
        }
    }
}

/// A point that is open with a supplier is none of the statement, as it is none of the contract.
#[test]
fn an_open_point_with_a_supplier_is_left_out_of_a_statement() {
    let talks = SHOP.to_owned()
        + "proposal more \"More\" of delivery { by acme to edge; raised 2026-12-01; change \"More\" }\n";
    let rows = "time,total,failed\n2027-06-01T10:00:00Z,10,10\n";
    let draft = talks.replacen("status agreed", "status draft", 1);
    let files =
        folder(&[("edge.sla", EDGE), ("shop.sla", &draft), ("data/visits.csv", rows), ("data/fetches.csv", rows)]);
    let data = ["evaluate", "shop.sla", "--data", "data", "--period", "2027-06"];
    assert!(sla(files.path(), &data).out.contains("1 point is open"));
    let omitted = sla(files.path(), &[&data[..], &["--omit-suppliers"]].concat());
    assert!(omitted.out.contains("shop_kept") && !omitted.out.contains("point is open"), "{}", omitted.out);
}

#[test]
fn what_decides_a_promise_to_the_customer_stays() {
    let excusing =
        SHOP.replace("within 10min of incident start }", "within 10min of incident start; excuses shop_kept }");
    for settings in ["", OMIT] {
        let [contract, ..] = built(&excusing, settings);
        is_whole(&contract);
        for words in
            ["A breach of the duty “Call of the caches” excuses a miss", "Where a breach of a duty excuses a miss"]
        {
            assert!(contract.contains(words), "{words}: {contract}");
        }
        let owed = contract.split(". Responsibilities").nth(1).unwrap();
        assert!(owed.split("\n## ").next().unwrap().contains("Edge shall"), "{contract}");
    }
    let judged = SHOP.replace(
        "support edge_desk \"Hotline of the caches\" of delivery { by edge to acme; on edge_hours }",
        "signal faults \"Faults\" as cases of shop { measured by globex; milestone opened, resolved }\n\
         metric in_time \"Resolved in time\" = share(faults.resolved.in_time) when empty 100%\n\
         commitment mended \"Faults are mended\" of shop { target in_time >= 90% per calendar month }\n\
         support edge_desk \"Hotline of the caches\" of delivery { by edge to acme; cases faults; on always\n\
         priority p1 \"All\" { when \"Anything\"; resolve within 4h } }",
    );
    let [contract, ..] = built(&judged, OMIT);
    is_whole(&contract);
    assert!(contract.contains("Within 4 hours"), "{contract}");
}

#[test]
fn nothing_is_said_of_credits_that_are_left_out() {
    let shown = SHOP.replace("shows shop_kept", "shows shop_kept, delivery_kept");
    let [contract, ..] = built(&shown, OMIT);
    is_whole(&contract);
    assert!(contract.contains("Promise of the caches") && contract.contains("99.97%"), "{contract}");
    assert!(!contract.contains("17%") && !contract.contains("redit is agreed"), "{contract}");
}
