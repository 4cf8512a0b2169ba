//! What belongs to a supplier's agreement: the duties that excuse its promises, and what it has of further files.

use super::{OURS, SUPPLIER, check};
use crate::cli::{folder, sla};
use serde_json::Value;
use std::fs;

/// A duty that excuses two promises, in the supplier's own file; and another one that excuses the second of them only.
const DUTIES: &str = r#"commitment other_kept "Other" of delivery { target delivered >= 99% per calendar month }
calendar desk_hours "Desk hours" { open mon to fri 09:00 to 17:00 }
duty keys "Renewal of keys" { by acme to edge; do "Renew the keys"; within 5 days on desk_hours of request; excuses delivery_kept, other_kept }
duty papers "Papers" { by acme to edge; do "Send the papers"; within 5 days of request; excuses other_kept }
"#;

/// An hour fails, and the keys are not renewed in that time.
const FETCHES: &str = "time,total,failed\n2027-03-01T00:00:00Z,10,0\n2027-03-05T10:00:00Z,10,10\n";
const KEYS: &str = "from,to\n2027-03-05T10:00:00Z,2027-03-05T11:00:00Z\n";

fn ours(imported: &str) -> String {
    format!("import delivery, delivery_kept{imported} from \"edge.sla\"\n{OURS}")
}

/// What is owed under the supplier's promise for March, by its own agreement and by ours.
fn owed(supplier: &str, imported: &str) -> [Value; 2] {
    let files = [
        ("edge.sla", supplier),
        ("shop.sla", &ours(imported).replace("per 1min", "per 1h")),
        ("m/fetches.csv", FETCHES),
        ("m/keys.csv", KEYS),
        ("m/visits.csv", "time,total,failed\n2027-03-01T00:00:00Z,10,0\n"),
    ];
    let folder = folder(&files);
    ["edge.sla", "shop.sla"].map(|agreement| {
        let ran =
            sla(folder.path(), &["evaluate", agreement, "--data", "m", "--period", "2027-03", "--format", "json"]);
        let text: Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
        let of = |one: &&Value| one["commitment"] == "delivery_kept";
        let all = text["commitments"].as_array().unwrap();
        all.iter().find(of).unwrap_or_else(|| panic!("{text}"))["windows"][0]["credit"].clone()
    })
}

/// A promise is imported with the duty that excuses it, or more would be owed for the customer's own fault here than there.
#[test]
fn a_duty_that_excuses_a_promise_comes_along_with_it() {
    let supplier = SUPPLIER.replace("missing bad", "missing good").replace("per 1min", "per 1h") + DUTIES;
    let [there, here] = owed(&supplier, "");
    assert_eq!(there, here);
    let [there, here] = owed(&supplier.replace("excuses delivery_kept, other_kept", "excuses other_kept"), "");
    assert_eq!(there, here);
    assert_ne!(owed(&supplier, "")[1], here, "without the excuse it is another amount");
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours(""))]);
    let ran = check(files.path(), &["shop.sla"]);
    assert!(!ran.out.contains("error"), "{}", ran.out);
    assert!(ran.out.contains("a breach of `keys` excuses `delivery_kept`, and not `shop_kept`"), "{}", ran.out);
    assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0);
    let read = |end: &str| fs::read_to_string(files.path().join(format!("build/shop_terms.{end}"))).unwrap();
    let (contract, bundle) = (read("contract.md"), read("bundle.json"));
    assert!(contract.contains("Renewal of keys"), "{contract}");
    for text in [&contract, &bundle] {
        for left in ["Papers", "other_kept"] {
            assert!(!text.contains(left), "{left} stays there: {text}");
        }
    }
}

/// What is imported by name is there with all that it names.
#[test]
fn a_duty_that_is_imported_brings_what_it_excuses() {
    let files = folder(&[("edge.sla", &format!("{SUPPLIER}{DUTIES}")), ("shop.sla", &ours(", papers"))]);
    let ran = sla(files.path(), &["build", "shop.sla"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let contract = fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
    assert!(contract.contains("“Papers”") && contract.contains("“Other”"), "{contract}");
}

/// The same promises in terms that the supplier's agreement imports, with the duty used of a template, or in the terms as well.
#[test]
fn a_suppliers_agreement_may_have_its_promises_of_further_files() {
    let at = SUPPLIER.find("party edge").unwrap();
    let (head, terms) = SUPPLIER.split_at(at);
    let duty = "calendar desk_hours \"Desk hours\" { open mon to fri 09:00 to 17:00 }\n\
        duty keys \"Renewal of keys\" { by acme to edge; do \"Renew the keys\"; within 5 days on desk_hours of request; excuses delivery_kept }\n";
    let made =
        duty.replace("duty keys", "template excused(of as commitment) { duty keys").replace("delivery_kept", "of");
    let made = format!("{}}}\n", made.trim_end());
    let head = head.replace("currency EUR;", "currency EUR; cap 5.00 EUR per calendar year;");
    let head = head.replace("effective 2027-01-01;", "effective 2027-01-01 to 2027-06-30;");
    for (terms, head) in [
        (
            format!("{terms}{duty}"),
            format!("import delivery, delivery_kept, edge, acme, keys from \"terms.sla\"\n{head}"),
        ),
        (
            format!("{terms}{made}"),
            format!(
                "import delivery, delivery_kept, edge, acme, excused from \"terms.sla\"\n{head}\nuse excused(delivery_kept)\n"
            ),
        ),
    ] {
        let files = folder(&[("terms.sla", &terms), ("edge.sla", &head), ("shop.sla", &ours(""))]);
        let ran = check(files.path(), &["."]);
        assert!(!ran.out.contains("error"), "{}\n{terms}{head}", ran.out);
        assert!(ran.out.contains("`delivery` is promised until 30 June 2027"), "{}", ran.out);
        assert!(ran.out.contains("SLA431"), "the cap of its head: {}", ran.out);
        assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0);
        let contract = fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
        assert!(contract.contains("Renewal of keys"), "{contract}");
        let schedule = contract.split("Suppliers (for information)").last().unwrap();
        assert!(
            schedule.contains("excuses a miss of this service level in accordance with this schedule"),
            "{contract}"
        );
        assert!(
            schedule.contains("Where a breach of a duty excuses a miss of a service level, it does so"),
            "{contract}"
        );
        assert!(contract.contains("**Edge** (a supplier of the provider"), "{contract}");
    }
}

/// Terms of a supplier that are imported without its agreement are a supplier's all the same: who provides here is the customer
/// there.
#[test]
fn the_provider_of_terms_whose_customer_provides_here_is_a_supplier() {
    let at = SUPPLIER.find("party edge").unwrap();
    let ours = ours("").replace("edge.sla", "terms.sla");
    let files = folder(&[("terms.sla", &SUPPLIER[at..]), ("shop.sla", &ours)]);
    assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0);
    let read = || fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
    assert!(read().contains("**Edge** (a supplier of the provider"), "{}", read());
    // Of terms of which we are the provider as well, the other one stands beside us.
    let both = SUPPLIER[at..].replace("\"ACME\" as customer", "\"Acme\" as provider");
    fs::write(files.path().join("terms.sla"), both).unwrap();
    assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0);
    assert!(!read().contains("supplier"), "{}", read());
}

/// Clauses that name no party say what is agreed with the supplier, and not with the customer.
#[test]
fn clauses_of_a_supplier_that_name_no_party_are_no_clauses_of_ours() {
    let clauses = r#"dispute ladder "Ladder" { step heads "Heads of delivery" within 10 days; final court "The courts of Vienna" }
records logs "Logs" { keep fetches for 24 months }
amendment changes "Changes" { takes effect next_term; announce 60 days before "a change" }
objective fast "Fast pages" { kpi delivery_kept }
"#;
    let supplier =
        format!("{SUPPLIER}{clauses}").replacen("law \"Austria\"", "law \"Austria\"; renews every 12 months", 1);
    let supplier = supplier.replacen("effective 2027-01-01;", "effective 2027-01-01 to 2027-12-31;", 1);
    let ours = ours(", ladder, logs, changes, fast").replacen("status draft", "status in_force", 1);
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours)]);
    let ran = check(files.path(), &["shop.sla"]);
    for (part, is_missing) in [("how a dispute is settled", true), ("what is kept as evidence", true)] {
        assert_eq!(ran.out.contains(&format!("in force and does not say {part}")), is_missing, "{}", ran.out);
    }
    assert!(!ran.out.contains("SLA422"), "{}", ran.out);
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours.replacen("status in_force", "status draft", 1))]);
    let contract = |omitted: &str| {
        fs::write(files.path().join("sla.toml"), omitted).unwrap();
        assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0);
        fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap()
    };
    let whole = contract("");
    let (main, schedule) = whole.split_once("Suppliers (for information)\n").unwrap();
    for (text, words) in [
        ("Disputes", "The courts of Vienna"),
        ("Records and audit", "Edge shall keep the records of “Fetches” for 24 months."),
        (
            "Review and amendment",
            "What the agreement of Edge with the provider says at the beginning of a term holds until that term ends",
        ),
        ("Background", "Edge and the provider pursue this objective: fast pages."),
        ("Disputes", "A dispute between Edge and the provider goes through these steps in their order."),
    ] {
        assert!(schedule.contains(words), "{words}: {whole}");
        assert!(!main.contains(text) && !main.contains(words), "{text}: {whole}");
    }
    let omitted = contract("[contract]\nsuppliers = \"omit\"\n");
    for words in ["Vienna", "Logs", "Changes", "ast pages"] {
        assert!(!omitted.contains(words), "{words}: {omitted}");
    }
    let bundle = fs::read_to_string(files.path().join("build/shop_terms.bundle.json")).unwrap();
    let bundle: Value = serde_json::from_str(&bundle).unwrap();
    for (kind, field) in
        [("disputes", "supplier"), ("records", "by"), ("amendments", "supplier"), ("objectives", "supplier")]
    {
        assert_eq!(bundle[kind][0][field]["party"], "edge", "{kind}: {}", bundle[kind]);
    }
}

/// What a supplier alone excludes stands with what it promises, and what ours excludes as well where the customer reads it. How
/// time is taken out stands once, for both.
#[test]
fn an_exclusion_of_a_supplier_alone_stands_in_its_schedule() {
    let strike = "exclusion strike \"Strike\" { when \"A strike at Edge\"; counts excluded }\n";
    let supplier = SUPPLIER.replace("  credit = 10.00 EUR", "  exclude strike\n  credit = 10.00 EUR") + strike;
    let contract = |imported: &str, ours_too: bool| {
        let ours = ours(imported);
        let excludes = "target shop_up >= 99.95% per calendar month; exclude strike";
        let ours = if ours_too { ours.replace("target shop_up >= 99.95% per calendar month", excludes) } else { ours };
        let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours)]);
        assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0, "{}", check(files.path(), &["shop.sla"]).out);
        fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap()
    };
    let whole = contract("", false);
    let (main, schedule) = whole.split_once("Suppliers (for information)\n").unwrap();
    assert!(schedule.contains("A strike at Edge") && !main.contains("A strike at Edge"), "{whole}");
    assert!(schedule.contains("the time of “Strike” is not counted, in accordance with this schedule"), "{whole}");
    assert_eq!(whole.matches("Time that is not counted is cut out at its exact start").count(), 1, "{whole}");
    let whole = contract(", strike", true);
    let (main, schedule) = whole.split_once("Suppliers (for information)\n").unwrap();
    assert!(main.contains("A strike at Edge") && !schedule.contains("A strike at Edge"), "{whole}");
}

/// Of an exclusion that differs, the variant of the supplier alone is left out with what the supplier owes.
#[test]
fn a_variant_of_an_exclusion_that_the_supplier_alone_has_is_left_out_with_its_clauses() {
    let region = "dimension region \"Region\" { option eu \"Europe\"\noption us \"America\" }\n\
                  exclusion storm \"Storm\" per region { for eu { when \"A storm in Europe\" }\n\
                  for us { when \"A storm in America\" }\ncounts excluded }\n";
    let theirs = "commitment delivery_kept \"Delivery\" of delivery per region { for us { exclude storm }";
    let supplier = SUPPLIER.replace("commitment delivery_kept \"Delivery\" of delivery {", theirs);
    let supplier = supplier.replace("count total, failed;", "count total, failed; field region region;") + region;
    let kept = "commitment shop_kept \"Shop\" of shop per region { for eu { exclude storm }\n";
    let ours = ours(", storm, region").replace("commitment shop_kept \"Shop\" of shop {", kept);
    let ours = ours.replace("count total, failed;", "count total, failed; field region region;");
    let omit = ("sla.toml", "[contract]\nsuppliers = \"omit\"\n");
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours), omit]);
    let ran = sla(files.path(), &["build", "shop.sla"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let contract = fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
    assert!(contract.contains("A storm in Europe") && !contract.contains("A storm in America"), "{contract}");
}

/// Where the promises of several plans meet one of a supplier, the others that are named are ours.
#[test]
fn of_several_promises_that_meet_one_of_a_supplier_ours_are_named() {
    let supplier = SUPPLIER.replace("count total, failed;", "count total, failed; field region region;").replace(
        "commitment delivery_kept \"Delivery\" of delivery {",
        "dimension region \"Region\" { option eu \"Europe\" }\ncommitment delivery_kept \"Delivery\" of delivery per region {",
    );
    let supplier = supplier.replace("  credit = 10.00 EUR", "  exclude strike\n  credit = 10.00 EUR")
        + "exclusion strike \"Strike\" { when \"A strike at Edge\"; counts excluded }\n";
    let ours = ours("").replace("count total, failed;", "count total, failed; field plan plan;").replace(
        "commitment shop_kept \"Shop\" of shop {",
        "dimension plan \"Plan\" { option gold \"Gold\"\noption basic \"Basic\" }\ncommitment shop_kept \"Shop\" of shop per plan {",
    );
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours)]);
    let told = sla(files.path(), &["check", "shop.sla"]).err;
    let excluded = told.split("[SLA428]").nth(1).unwrap_or_else(|| panic!("{told}"));
    assert!(excluded.contains("also: the same is true of `shop_kept["), "{told}");
}

/// The supplier is the provider of its own agreement, also where a supplier of its own comes first there; it is who escalates,
/// whether what it escalates is measured or judged.
#[test]
fn a_suppliers_agreement_is_that_of_its_provider() {
    let clauses = r#"records logs "Logs" { keep fetches for 24 months }
escalation late "Late" { when delivery_kept.breached; after 0min notify edge }
escalation trouble "Trouble" { when "Trouble of any kind"; after 0min notify edge }
"#;
    let fibre = "party fibre_co \"Fibre Co\" as supplier { email \"it@fibre.example\" }\n\
                 service fibre \"Fibre\" { by fibre_co to edge; scope \"Fibre\"; promised 99.99% per calendar month }\n";
    let supplier = format!("{SUPPLIER}{clauses}")
        .replacen("service delivery", &format!("{fibre}service delivery"), 1)
        .replacen("by edge to acme", "by edge to acme; depends on fibre", 1);
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours(", logs, late, trouble"))]);
    assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0, "{}", check(files.path(), &["shop.sla"]).out);
    let contract = fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
    let (main, schedule) = contract.split_once("Suppliers (for information)\n").unwrap();
    assert!(schedule.contains("Edge shall keep the records of “Fetches” for 24 months."), "{contract}");
    assert_eq!(schedule.matches("Edge shall notify the people").count(), 2, "{contract}");
    assert!(!main.contains("Trouble"), "{contract}");
    let bundle = fs::read_to_string(files.path().join("build/shop_terms.bundle.json")).unwrap();
    let bundle: Value = serde_json::from_str(&bundle).unwrap();
    for kind in ["records", "escalations"] {
        for one in bundle[kind].as_array().unwrap() {
            assert_eq!(one["by"]["party"], "edge", "{kind}: {one}");
        }
    }
}

/// A template of shared terms makes a service that needs one of the supplier: who uses it has the promise that the terms import,
/// and is told that it promises more.
#[test]
fn shared_terms_bring_the_promises_of_a_supplier_that_they_rest_on() {
    let terms = |imported: &str| {
        let (head, rest) = OURS.split_at(OURS.find("party acme").unwrap());
        let (parties, clauses) = rest.split_at(rest.find("service shop").unwrap());
        let terms =
            format!("import delivery{imported} from \"edge.sla\"\ntemplate hosting() {{\n{clauses}}}\n{parties}");
        (terms, format!("import hosting, acme, globex from \"terms.sla\"\n{head}use hosting()\n"))
    };
    let told = |imported: &str| {
        let (terms, shop) = terms(imported);
        let files = folder(&[("edge.sla", SUPPLIER), ("terms.sla", &terms), ("shop.sla", &shop)]);
        let ran = check(files.path(), &["shop.sla"]);
        assert!(!ran.out.contains("error"), "{}\n{terms}\n{shop}", ran.out);
        ran.out
    };
    let with = told(", delivery_kept");
    assert!(with.contains("`shop_kept` promises 99.95%, and `delivery`, on which `shop` depends"), "{with}");
    assert!(!told("").contains("is promised at"));
    // So it is where the supplier's terms stand in a file without its agreement.
    let (terms, shop) = terms(", delivery_kept");
    let alone = &SUPPLIER[SUPPLIER.find("party edge").unwrap()..];
    let files = folder(&[("edge.sla", alone), ("terms.sla", &terms), ("shop.sla", &shop)]);
    let ran = check(files.path(), &["shop.sla"]);
    assert!(ran.out.contains("`shop_kept` promises 99.95%, and `delivery`, on which `shop` depends"), "{}", ran.out);
    // Who has another thing of these terms, and a promise of its own of the service, has that promise alone.
    let (head, clauses) = OURS.split_at(OURS.find("service shop").unwrap());
    let (head, _) = head.split_at(head.find("party acme").unwrap());
    let low = "commitment low_kept \"Low\" of delivery { target delivered >= 99% per calendar month }\n";
    let shop =
        format!("import delivery, low_kept from \"edge.sla\"\nimport acme, globex from \"terms.sla\"\n{head}{clauses}");
    let files = folder(&[("edge.sla", &format!("{SUPPLIER}{low}")), ("terms.sla", &terms), ("shop.sla", &shop)]);
    let ran = check(files.path(), &["shop.sla"]);
    assert!(ran.out.contains("is promised at 99% only"), "{}", ran.out);
}
