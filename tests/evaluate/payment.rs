//! What is set off against invoices, and what is left of it.

use super::open::{evaluated_as, evaluated_of};

const AGREEMENT: &str = concat!(
    store!("agreed", "2027-01-01 to 2027-01-31", "  pay       next_invoice\n  unused    lapses\n"),
    r#"party edge "Edge" as supplier { contact desk "Desk" { email "desk@edge.example" } }
service network "Network" { by edge to cloud; scope "Lines" }
service storage "Object storage" { by cloud to shop; scope "Buckets"; depends on network }
fee rent "Rent" of storage = 1000.00 EUR per calendar month
fee lines "Lines" of network = 500.00 EUR per calendar month
signal reads "Reads" as events of storage { measured by shop; count total, failed; missing excluded }
metric failing "Share of reads that fail" = reads.failed / reads.total when empty 0%
commitment kept "Reads" of storage {
  target failing <= 1% per calendar month
  credit of rent { above target gives 10% }
  claim  automatic
}
commitment carried "Lines" of network {
  target failing <= 2% per calendar month
  credit of lines { above target gives 10% }
  claim  automatic
}
"#
);

/// The agreement says what becomes of credits that no invoice takes; what a supplier owes is paid as its own agreement has it.
#[test]
fn what_suppliers_owe_is_not_set_off_by_our_agreement() {
    let reads = ("reads.csv", "time,total,failed\n2027-01-10T00:00:00Z,1000,50\n");
    let (out, err) = evaluated_of(AGREEMENT, &[reads], "2027-01");
    assert_eq!(err, "");
    assert!(out.contains("Example Cloud owes Corner Shop 100.00 EUR"), "{out}");
    assert!(out.contains("Edge owes Example Cloud 50.00 EUR"), "{out}");
    let left: Vec<&str> = out.lines().filter(|line| line.contains("lapses")).collect();
    assert_eq!(left, ["100.00 EUR of Example Cloud is left when the agreement ends, and lapses"]);
}

/// The agreement of another supplier, which owes in yen.
const ABROAD: &str = r#"agreement far_terms "Far terms" {
  version   "1.0"
  status    agreed
  effective 2027-01-01 to 2028-12-31
  timezone  "UTC"
  currency  JPY
}
party far "Far" as provider { contact desk "Desk" { email "desk@far.example" } }
party cloud "Example Cloud" as customer { contact desk "Service desk" { email "desk@cloud.example" } }
service links "Links" { by far to cloud; scope "Links" }
fee link_fee "Links" of links = 100_055 JPY per calendar month
signal probes "Probes" as events of links { measured by cloud; count total, failed; missing excluded }
metric lost "Share of probes that fail" = probes.failed / probes.total when empty 0%
commitment linked "Links" of links {
  target lost <= 2% per calendar month
  credit of link_fee { above target gives 10% }
  claim  automatic
}
"#;

/// Everybody owes in the currency in which it is agreed, rounded to the unit of that currency, and nothing is added up across
/// currencies: in text, Markdown and JSON, in the bundle and what is read from it, and in the contract.
#[test]
fn a_supplier_owes_in_its_own_currency() {
    let folder = tempfile::tempdir().unwrap();
    let store = AGREEMENT.replace("depends on network", "depends on network, links");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("far.sla", ABROAD);
    write("store.sla", &format!("import links, linked from \"far.sla\"\n{store}"));
    write("reads.csv", "time,total,failed\n2027-01-10T00:00:00Z,1000,50\n");
    write("probes.csv", "time,total,failed\n2027-01-10T00:00:00Z,1000,50\n");
    let run = |args: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_sla"));
        let ran = program.args(args).current_dir(folder.path()).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    let evaluated =
        |format: &str| run(&["evaluate", "store.sla", "--data", ".", "--period", "2027-01", "--format", format]);
    for (format, bullet) in [("text", ""), ("markdown", "- ")] {
        let out = evaluated(format);
        let owed: Vec<&str> = out.lines().filter(|line| line.contains(" owes ")).collect();
        let owed: Vec<&str> =
            owed.into_iter().map(|line| line.trim_start_matches(bullet).trim_end_matches('.')).collect();
        let expected = [
            "Example Cloud owes Corner Shop 100.00 EUR",
            "Edge owes Example Cloud 50.00 EUR",
            "Far owes Example Cloud 10006 JPY",
        ];
        assert_eq!(owed, expected, "{out}");
    }
    let json: serde_json::Value = serde_json::from_str(&evaluated("json")).unwrap();
    let owed: Vec<_> = json["owed"].as_array().unwrap().iter().map(|one| (&one["by"], &one["if_claimed"])).collect();
    let amount = |by: &str, amount: &str, currency: &str| {
        (serde_json::json!(by), serde_json::json!({ "amount": amount, "currency": currency }))
    };
    let all = [amount("cloud", "100.00", "EUR"), amount("edge", "50.00", "EUR"), amount("far", "10006", "JPY")];
    assert_eq!(owed, all.iter().map(|(by, amount)| (by, amount)).collect::<Vec<_>>());

    run(&["build", "store.sla", "--out", "out"]);
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(&read("store.bundle.json")).unwrap();
    let rules = bundle["rules"].as_array().unwrap().iter().filter(|rule| rule["kind"] == "round");
    let mut rules: Vec<_> = rules.map(|rule| (rule["to"].to_string(), rule["commitments"].to_string())).collect();
    rules.sort();
    let rule = |to: &str, of: &str| (to.to_owned(), of.to_owned());
    let expected = [
        rule(r#"{"amount":"0.01","currency":"EUR"}"#, r#"["kept","carried"]"#),
        rule(r#"{"amount":"1","currency":"JPY"}"#, r#"["linked"]"#),
    ];
    assert_eq!(rules, expected);
    let contract = read("store.contract.md");
    assert!(contract.contains("the currency in which it is owed ("), "{contract}");
    assert!(contract.contains("JPY 1") && contract.contains("EUR 0.01"), "{contract}");
    consumed_alike(&folder, &json);
}

/// The reader of bundles in `examples/consume` comes to the same totals.
#[cfg(feature = "outside")]
fn consumed_alike(folder: &tempfile::TempDir, told: &serde_json::Value) {
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let consumed = crate::evaluate::consumed(&path("out/store.bundle.json"), &path(""), "2027-01");
    let said = consumed["owed"].as_array().unwrap().iter();
    let mut said: Vec<_> =
        said.map(|one| ["by", "currency", "if_claimed"].map(|name| one[name].as_str().unwrap().to_owned())).collect();
    said.sort();
    let told = told["owed"].as_array().unwrap().iter();
    let told: Vec<_> = told
        .map(|one| {
            let amount = |name: &str| one["if_claimed"][name].as_str().unwrap().to_owned();
            [one["by"].as_str().unwrap().to_owned(), amount("currency"), amount("amount")]
        })
        .collect();
    assert_eq!(said, told);
}

#[cfg(not(feature = "outside"))]
fn consumed_alike(_: &tempfile::TempDir, _: &serde_json::Value) {}

/// Hours run from the instant: those that end at midnight end with the day before, and others at a time of a day.
#[test]
fn claims_in_hours_end_at_an_instant() {
    let reads = ("reads.csv", "time,total,failed\n2027-01-10T00:00:00Z,1000,50\n");
    let within = |length: &str| {
        let text = AGREEMENT.replacen(
            "claim  automatic",
            &format!("claim by shop within {length} of window end to cloud.desk"),
            1,
        );
        let (out, err) = evaluated_of(&text, &[reads], "2027-01");
        assert!(!err.contains("error"), "{err}");
        let json: serde_json::Value =
            serde_json::from_str(&evaluated_as("json", &text, &[reads], "2027-01").0).unwrap();
        let until = json["commitments"][0]["windows"][0]["credit"]["claim_until"].as_str().unwrap().to_owned();
        let said = out.lines().find_map(|line| line.split("to be claimed by ").nth(1)).unwrap().to_owned();
        (said, until)
    };
    let both = |said: &str, until: &str| (said.to_owned(), until.to_owned());
    assert_eq!(within("3 days"), both("2027-02-03", "2027-02-03"));
    assert_eq!(within("72h"), both("2027-02-03", "2027-02-03"));
    assert_eq!(within("60h"), both("2027-02-03 12:00", "2027-02-03T12:00:00Z"));
}

/// What a cap leaves for one credit depends on all others of the same windows: while one of them is not decided, neither is any,
/// unless nothing is left for them.
#[test]
fn credits_that_share_a_cap_with_one_that_is_not_decided_are_not_decided() {
    let (head, _) = AGREEMENT.split_once("fee rent").unwrap();
    let of = |cap: &str| {
        head.replace("pay       next_invoice", &format!("cap       {cap} per calendar month"))
            .replace("  unused    lapses\n", "")
            + r#"
fee one "One" of storage = invoiced per calendar month
fee two "Two" of storage = invoiced per calendar month
signal reads "Reads" as events of storage { measured by shop; count total, failed; missing excluded }
metric failing "Share of reads that fail" = reads.failed / reads.total when empty 0%
commitment a "A" of storage { target failing <= 1% per calendar month; credit of one { above target gives 30% }; claim automatic }
commitment b "B" of storage { target failing <= 1% per calendar month; credit of two { above target gives 30% }; claim automatic }
"#
    };
    let reads = ("reads.csv", "time,total,failed\n2027-01-10T00:00:00Z,1000,50\n");
    let one = ("one.csv", "date,amount\n2027-01-01,100.00\n");
    let two = ("two.csv", "date,amount\n2026-12-01,100.00\n");
    let (out, _) = evaluated_of(&of("50.00 EUR"), &[reads, one, two], "2027-01");
    assert_eq!(out.matches("credit not known").count(), 2, "{out}");
    assert!(out.contains("it depends on the credit of `b` for the window to 2027-01-31"), "{out}");
    let two = ("two.csv", "date,amount\n2027-01-01,100.00\n");
    let (out, _) = evaluated_of(&of("50.00 EUR"), &[reads, one, two], "2027-01");
    assert_eq!(out.matches("credit 25.00 EUR").count(), 2, "{out}");
    let two = ("two.csv", "date,amount\n2026-12-01,100.00\n");
    let (out, _) = evaluated_of(&of("0.00 EUR"), &[reads, one, two], "2027-01");
    assert_eq!(out.matches("credit not known").count(), 1, "{out}");
}
