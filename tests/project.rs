//! Files that import each other: what is read, what is told, and that nothing outside of a project is.

mod along;
mod customer;
mod elsewhere;
mod libraries;
mod margins;
mod narrowed;
mod order;
mod periods;
mod settings;
mod texts;
mod watch;

use crate::cli::{Ran, folder, new, sla};
use sla::source::MemoryWorld;
use sla::{check_joined, project};
use std::fmt::Write as _;
use std::fs;

/// The agreement of a name, with these lines before it.
pub fn importing(name: &str, imports: &str) -> String {
    format!("{imports}\n{}", new(name))
}

/// An agreement on the hosting of a shop, which has this from shared terms, in such a status, and says this besides.
pub fn hosting(imported: &str, status: &str, clauses: &str) -> String {
    format!(
        r#"import {imported} from "terms.sla"
agreement shop "Hosting of a shop" {{
  version "1"
  status {status}
  effective 2027-01-01 to 2027-12-31
  timezone "UTC"
  currency EUR
}}
party a "A Ltd" as provider {{ contact desk "Desk" {{ email "d@a.example" }} }}
party b "B Ltd" as customer {{ contact desk "Desk" {{ email "d@b.example" }} }}
service web "Web" {{ by a to b; scope "Web" }}
{clauses}"#
    )
}

/// The codes and places that a command tells of files, in order. What their names mean is not asked here.
pub fn told(ran: &Ran) -> Vec<String> {
    let one = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap();
        let code = rest.split(['[', ']']).nth(1).unwrap();
        let is_of_files = code.starts_with("SLA0") || code.starts_with("SLA1") || code == "SLA204";
        is_of_files.then(|| format!("{code} {place}"))
    };
    ran.out.lines().filter(|line| line.contains("SLA")).filter_map(one).collect()
}

pub fn check(folder: &std::path::Path, paths: &[&str]) -> Ran {
    let arguments = [&["check", "--message-format", "short"], paths].concat();
    let ran = sla(folder, &arguments);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

#[test]
fn what_is_imported_is_read_with_all_that_it_imports() {
    let folder = folder(&[
        ("customers/globex.sla", &importing("globex", "import goal from \"../shared/terms.sla\"")),
        ("customers/initech.sla", &importing("initech", "import goal from \"../shared/terms.sla\"")),
        ("shared/terms.sla", "import late from \"deep/late.sla\"\nconstant goal \"Goal\" = 99.9%\n"),
        ("shared/deep/late.sla", "import office_hours from std.calendars\nconstant late \"Late\" = \n"),
    ]);
    let ran = check(folder.path(), &["customers"]);
    assert_eq!(told(&ran), ["SLA041 customers/globex.sla:1:18", "SLA041 customers/initech.sla:1:18"]);
    let ran = check(folder.path(), &["customers/globex.sla", "customers/initech.sla"]);
    assert_eq!(told(&ran), ["SLA101 shared/deep/late.sla:2:23"], "once, though two agreements import it\n{}", ran.out);
    assert!(ran.err.ends_with(" in 4 files: 2 agreements, 2 libraries\n"), "{}", ran.err);
    let unused = ran.out.lines().filter(|line| line.contains("SLA203"));
    assert!(
        unused.clone().all(|line| line.starts_with("customers/")),
        "what these two do not use, others may: {}",
        ran.out
    );
    assert_eq!(unused.count(), 2, "what an agreement imports is for itself: {}", ran.out);
    let ran = sla(folder.path(), &["build"]);
    assert!(!folder.path().join("build/globex.bundle.json").exists());
    assert!(ran.err.contains("2 agreements not built"), "{}", ran.err);
}

#[test]
fn every_import_that_leads_nowhere_is_told_at_its_path() {
    let imports = [
        ("\"../terms.sla\"", "SLA041"),
        ("\"x/../../terms.sla\"", "SLA041"),
        ("\"/etc/terms.sla\"", "SLA041"),
        ("\"C:/terms.sla\"", "SLA041"),
        ("\"~/terms.sla\"", "SLA041"),
        ("\"\\\\\\\\host\\\\terms.sla\"", "SLA041"),
        ("\"link.sla\"", "SLA041"),
        ("\"missing.sla\"", "SLA042"),
        ("\"missing/terms.sla\"", "SLA042"),
        ("\"folder.sla\"", "SLA043"),
        ("\"scribus.sla\"", "SLA043"),
        ("\"binary.sla\"", "SLA043"),
        ("\"terms.sla/x.sla\"", "SLA042"),
        ("std", "SLA046"),
        ("std.calender", "SLA046"),
        ("terms", "SLA046"),
        ("calendars", "SLA046"),
        ("\"\"", "SLA047"),
        ("\"terms\"", "SLA047"),
        ("\"terms.txt\"", "SLA047"),
        ("\"terms.SLA\"", "SLA047"),
        ("\"..\\\\terms.sla\"", "SLA047"),
        ("\" terms.sla\"", "SLA047"),
        ("\"a\\nb.sla\"", "SLA047"),
        ("\"https://example.com/terms.sla\"", "SLA047"),
        ("\"std.holidays\"", "SLA047"),
    ];
    let mut text = String::new();
    for (number, (path, _)) in imports.iter().enumerate() {
        let _ = writeln!(text, "import name_{number} from {path}");
    }
    let folder = folder(&[
        ("project/web.sla", &importing("web", &text)),
        ("project/folder.sla/x.txt", ""),
        ("project/scribus.sla", "<SCRIBUSUTF8NEW Version=\"1.5.8\">"),
        ("project/terms.sla", "constant goal \"Goal\" = 99.9%\n"),
        ("terms.sla", "constant goal \"Goal\" = 99.9%\n"),
    ]);
    let project = folder.path().join("project");
    fs::write(project.join("binary.sla"), b"\xD0\x00\x01\xFF\xFF\x00").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../terms.sla", project.join("link.sla")).unwrap();
    let ran = check(&project, &["web.sla"]);
    let expected: Vec<String> = imports
        .iter()
        .enumerate()
        .map(|(number, (_, code))| format!("{code} web.sla:{}:{}", number + 1, 19 + number.to_string().len()))
        .collect();
    assert_eq!(told(&ran), expected, "{}", ran.out);
    let ran = sla(&project, &["check", "web.sla"]);
    let pictures: String = ran.err.split_inclusive("\n\n").filter(|one| one.contains("error[SLA04")).collect();
    insta::assert_snapshot!(pictures);
}

#[test]
fn a_circle_is_told_once_with_the_way_round_it() {
    let folder = folder(&[
        ("a.sla", &importing("a", "import x from \"one.sla\"")),
        ("b.sla", &importing("b", "import x from \"three.sla\"")),
        ("own.sla", "import x from \"own.sla\"\n"),
        ("one.sla", "import x from \"two.sla\"\n"),
        ("two.sla", "import x from \"three.sla\"\n"),
        ("three.sla", "import x from \"./one.sla\"\n"),
    ]);
    let ran = check(folder.path(), &[]);
    assert_eq!(told(&ran), ["SLA044 own.sla:1:15", "SLA044 three.sla:1:15"], "{}", ran.out);
    for name in ["a.sla", "b.sla"] {
        let ran = sla(folder.path(), &["build", name]);
        assert!(ran.err.contains("1 agreement not built"), "{}", ran.err);
    }
    let ran = sla(folder.path(), &["check"]);
    let pictures: String = ran.err.split_inclusive("\n\n").filter(|one| one.contains("error[SLA044")).collect();
    insta::assert_snapshot!(pictures);
}

/// A row of files, each of which imports the next.
fn row(length: usize) -> Vec<(String, String)> {
    let text = |number| match number < length {
        true => format!("import x from \"row{:02}.sla\"\n", number + 1),
        false => "constant x \"X\" = 1\n".to_owned(),
    };
    (1..=length).map(|number| (format!("row{number:02}.sla"), text(number))).collect()
}

fn with<'a>(files: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).chain(more.iter().copied()).collect()
}

/// The agreement of a supplier with us.
pub const SUPPLIER: &str = "agreement edge_terms \"Delivery\" { version \"1.0\"; status agreed; effective 2027-01-01; timezone \"UTC\"; \
    currency EUR; law \"Austria\"; language \"en\" }\n\
    party edge \"Edge\" as provider { contact desk \"Desk\" { email \"desk@edge.example\" } }\n\
    party acme \"ACME\" as customer { contact buyer \"Buyer\" { email \"buyer@acme.example\" } }\n\
    service delivery \"Delivery\" { by edge to acme; scope \"Pages\" }\n\
    signal fetches \"Fetches\" as events of delivery { measured by acme; count total, failed; missing bad }\n\
    metric failing \"Failing\" = fetches.failed / fetches.total when empty 0%\n\
    metric delivered \"Delivered\" = 100% - mean(failing per 1min)\n\
    commitment delivery_kept \"Delivery\" of delivery {\n  target delivered >= 99.9% per calendar month\n  \
    credit = 10.00 EUR\n  claim by acme.buyer within 30 days of window end to edge.desk\n}\n";

/// Every code that a command tells, with its place, in order.
pub fn all_told(ran: &Ran) -> Vec<String> {
    let one = |line: &str| {
        let (place, rest) = line.split_once(": ")?;
        Some(format!("{} {place}", rest.split(['[', ']']).nth(1)?))
    };
    ran.out.lines().filter(|line| line.contains("SLA")).filter_map(one).collect()
}

/// Ours, which depends on it.
pub const OURS: &str = "agreement shop_terms \"Shop\" { version \"1.0\"; status draft; effective 2027-01-01; timezone \"UTC\"; \
    currency EUR }\n\
    party acme \"Acme\" as provider { contact noc \"Operations\" { email \"noc@acme.example\" } }\n\
    party globex \"Globex\" as customer { contact it \"IT\" { email \"it@globex.example\" } }\n\
    service shop \"Shop\" { by acme to globex; scope \"Pages\"; depends on delivery }\n\
    signal visits \"Visits\" as events of shop { measured by globex; count total, failed; missing bad }\n\
    metric errors \"Errors\" = visits.failed / visits.total when empty 0%\n\
    metric shop_up \"Up\" = 100% - mean(errors per 1min)\n\
    commitment shop_kept \"Shop\" of shop { target shop_up >= 99.95% per calendar month }\n";

/// The supplier's agreement brings its parties along: its customer is ours of the same name, and its provider a supplier.
#[test]
fn a_suppliers_agreement_is_imported_with_its_parties() {
    let ours = format!("import delivery, delivery_kept from \"edge.sla\"\n{OURS}");
    let folder = folder(&[("edge.sla", SUPPLIER), ("shop.sla", &ours)]);
    let ran = check(folder.path(), &["shop.sla"]);
    assert_eq!(all_told(&ran), ["SLA424 shop.sla:9:39"], "{}", ran.out);
    let ran = sla(folder.path(), &["build", "shop.sla"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let contract = std::fs::read_to_string(folder.path().join("build/shop_terms.contract.md")).unwrap();
    assert!(contract.contains("Suppliers (for information)"), "{contract}");
    assert!(!contract.contains("ACME"), "{contract}");
    let bundle = std::fs::read_to_string(folder.path().join("build/shop_terms.bundle.json")).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    let parties: Vec<_> = bundle["parties"].as_array().unwrap().iter().collect();
    let roles: Vec<String> = parties.iter().map(|one| format!("{} {}", one["name"], one["role"])).collect();
    assert_eq!(roles.len(), 3, "{roles:?}");
    assert!(roles.contains(&"\"edge\" \"supplier\"".to_owned()), "{roles:?}");
    let acme = parties.iter().find(|one| one["name"] == "acme").unwrap();
    let contacts: Vec<&str> =
        acme["contacts"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(contacts, ["noc", "buyer"], "who is known there is known here");
}

/// A supplier is paid, and pays, in its own currency; that the credits cannot be compared is said.
#[test]
fn a_suppliers_agreement_may_be_in_another_currency() {
    let supplier = SUPPLIER.replace("currency EUR", "currency USD").replace("10.00 EUR", "10.00 USD");
    let ours = OURS.replace(
        ">= 99.95% per calendar month }",
        ">= 99.9% per calendar month; credit = 20.00 EUR; claim automatic }",
    );
    let ours = format!("import delivery, delivery_kept from \"edge.sla\"\n{ours}");
    let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours)]);
    let ran = check(files.path(), &["shop.sla"]);
    assert_eq!(all_told(&ran), ["SLA431 shop.sla:9:12"], "{}", ran.out);
    let ran = sla(files.path(), &["build", "shop.sla"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let contract = std::fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
    assert!(contract.contains("USD") && contract.contains("EUR"), "{contract}");
    // What we owe ourselves is in one currency.
    let wrong = folder(&[("edge.sla", &supplier), ("shop.sla", &ours.replace("20.00 EUR", "20.00 USD"))]);
    let ran = check(wrong.path(), &["shop.sla"]);
    assert!(ran.out.contains("[SLA301]"), "{}", ran.out);
}

/// What the head of the supplier's agreement limits together is not known of one credit.
#[test]
fn limits_of_a_suppliers_agreement_are_told() {
    let target = ">= 99.95% per calendar month }";
    let ours = OURS.replace(target, ">= 99.9% per calendar month; credit = 5.00 EUR; claim automatic }");
    let ours = format!("import delivery, delivery_kept from \"edge.sla\"\n{ours}");
    let told = |limit: &str| {
        let supplier = SUPPLIER.replace("currency EUR;", &format!("currency EUR; {limit}"));
        let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours)]);
        all_told(&check(files.path(), &["shop.sla"]))
    };
    assert_eq!(told(""), [""; 0]);
    assert_eq!(told("cap 4.00 EUR per calendar month;"), ["SLA431 shop.sla:9:12"]);
    assert_eq!(told("skip at most 10 EUR;"), ["SLA431 shop.sla:9:12"]);
}

/// So it is where nothing of ours is compared with it, and all that say what the supplier owes say that it may be less.
#[test]
fn limits_of_a_suppliers_agreement_are_told_of_all_that_it_owes() {
    let supplier = SUPPLIER.replace("currency EUR;", "currency EUR; cap 4.00 EUR per calendar month;");
    let of = |ours: &str, supplier: &str| {
        let (ours, supplier) = (ours.replace("per 1min", "per 15min"), supplier.replace("per 1min", "per 15min"));
        let ours = format!("import delivery, delivery_kept from \"edge.sla\"\n{ours}");
        let data = "time,total,failed\n2027-01-01T00:00:00Z,10,10\n";
        let data = [("data/fetches.csv", data), ("data/visits.csv", data)];
        let files = folder(&[[("edge.sla", supplier.as_str()), ("shop.sla", &ours)], data].concat());
        let evaluated = |format: &str| {
            let data = ["evaluate", "shop.sla", "--data", "data", "--period", "2027-01", "--format", format];
            sla(files.path(), &data).out
        };
        let json: serde_json::Value = serde_json::from_str(&evaluated("json")).unwrap();
        let text = evaluated("text");
        let owes = text.lines().find(|line| line.contains("owes")).unwrap().to_owned();
        assert!(evaluated("markdown").contains(&owes), "{}", evaluated("markdown"));
        assert_eq!(sla(files.path(), &["build", "shop.sla"]).code, 0);
        let contract = std::fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
        let limit = contract.lines().find(|line| line.contains("may be less")).map(str::to_owned);
        let codes = all_told(&check(files.path(), &["shop.sla"]));
        (codes, json["owed"][0]["limited_elsewhere"].as_bool(), owes, limit)
    };
    let kept = OURS.replace("99.95%", "99.9%");
    let claimed = "Edge owes Acme 10.00 EUR if everything is claimed in time, and nothing without a claim";
    let less = "; it may be less, since the head of the supplier's own agreement limits what it owes";
    let (codes, limited, owes, contract) = of(&kept, &supplier);
    assert_eq!((codes, limited), (vec!["SLA431 shop.sla:9:12".to_owned()], Some(true)));
    assert_eq!(owes, format!("{claimed}{less}"));
    assert!(contract.is_some_and(|line| line.contains("The agreement of Edge with the provider limits all")));
    let (codes, limited, owes, contract) = of(&kept, SUPPLIER);
    assert_eq!((codes.len(), limited, owes.as_str(), contract), (0, Some(false), claimed, None));
    let (codes, ..) = of(&kept.replace("; depends on delivery", ""), &supplier);
    assert_eq!(codes, ["SLA431 shop.sla:2:11"]);
}

/// The supplier's agreement has a term, a status, a zone and months of its own.
#[test]
fn a_suppliers_agreement_may_hold_at_other_times() {
    let with = |supplier: &dyn Fn(&str) -> String, own: &dyn Fn(&str) -> String| {
        let own = format!("import delivery, delivery_kept from \"edge.sla\"\n{}", own(OURS));
        let files = folder(&[("edge.sla", &supplier(SUPPLIER)), ("shop.sla", &own)]);
        let ran = check(files.path(), &["shop.sla"]);
        let found = ran.out.lines().filter(|line| line.contains("SLA433"));
        found.map(|line| line.split_once("[SLA433]: ").unwrap().1.to_owned()).collect::<Vec<_>>().join("\n")
    };
    let same = |text: &str| text.replace("effective 2027-01-01;", "effective 2027-01-01 to 2027-12-31;");
    assert_eq!(with(&same, &same), "");
    let renews = |text: &str| same(text).replace("2027-12-31", "2027-12-31; renews every 12 months");
    let later = |text: &str| same(text).replace("2027-01-01", "2027-03-01");
    let binding = |text: &str| same(text).replace("draft", "in_force").replace("agreed", "in_force");
    let draft = |text: &str| same(text).replace("in_force", "draft").replace("agreed", "draft");
    let tokyo = |text: &str| same(text).replace("UTC", "Asia/Tokyo");
    let billing = |day: u8| {
        move |text: &str| {
            same(text)
                .replace("2027-12-31", &format!("2027-12-31; billing month starts {day}"))
                .replace("calendar month", "billing month")
        }
    };
    let all = [
        ("ours renews", with(&same, &renews)),
        ("theirs renews", with(&renews, &same)),
        ("both renew", with(&renews, &renews)),
        ("theirs begins later", with(&later, &same)),
        ("ours begins later", with(&same, &later)),
        ("theirs is a draft", with(&draft, &binding)),
        ("both bind", with(&binding, &binding)),
        ("another zone", with(&tokyo, &same)),
        ("the same zone", with(&tokyo, &tokyo)),
        ("other billing months", with(&billing(15), &billing(1))),
        ("the same billing months", with(&billing(15), &billing(15))),
    ];
    let words: Vec<String> = all.iter().map(|(what, told)| format!("{what}:\n{told}")).collect();
    insta::assert_snapshot!(words.join("\n"));
}

/// Our term begins and ends within windows of the supplier's: what they come to here is not what they come to there.
#[test]
fn a_window_that_a_term_cuts_is_told() {
    let of = |ours: &str, theirs: &str, per: &str| {
        let term = |text: &str, term: &str| text.replace("effective 2027-01-01;", &format!("effective {term};"));
        let fee = format!("fee paid \"Fee\" of delivery = 100.00 EUR per {per}\n");
        let supplier = SUPPLIER.replace("credit = 10.00 EUR", "credit of paid { below target gives 10% }");
        let supplier = term(&format!("{supplier}{fee}"), theirs);
        let ours = format!("import delivery, delivery_kept from \"edge.sla\"\n{}", term(OURS, ours));
        let files = folder(&[("edge.sla", &supplier), ("shop.sla", &ours)]);
        let ran = check(files.path(), &["shop.sla"]);
        let found = ran.out.lines().filter(|line| line.contains("[SLA433]"));
        let found = found.map(|line| line.split_once("[SLA433]: ").unwrap().1.to_owned());
        let plain = sla(files.path(), &["check", "shop.sla"]);
        let shown = plain.err.lines().chain(plain.out.lines()).filter(|line| line.contains("count here"));
        let shown = shown.map(|line| line.trim().to_owned()).collect::<Vec<_>>();
        let built = sla(files.path(), &["build", "shop.sla"]);
        assert_eq!(built.code, 0, "{}", built.err);
        let contract = std::fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
        let said = contract.lines().filter(|line| line.contains("count under this agreement")).map(str::to_owned);
        found.chain(shown).chain(said).collect::<Vec<_>>().join("\n")
    };
    let long = "2027-01-01 to 2029-12-31";
    // Where ours begins and ends with a month, or with the supplier's own term, nothing is cut.
    assert_eq!(of("2027-06-01 to 2029-05-31", long, "calendar month"), "");
    assert_eq!(of("2027-06-15 to 2029-06-14", "2027-06-15 to 2029-06-14", "calendar month"), "");
    let all = [
        ("ours begins within a month", of("2027-06-15 to 2029-05-31", long, "calendar month")),
        ("ours ends within a month", of("2027-06-01 to 2029-06-14", long, "calendar month")),
        ("ours goes on", of("2027-06-15", long, "calendar month")),
        ("both begin within it", of("2027-06-15 to 2029-05-31", "2027-06-10 to 2029-12-31", "calendar month")),
        ("a fee for quarters", of("2027-06-01 to 2029-06-30", long, "calendar quarter")),
        ("all in one month", of("2027-06-10 to 2027-06-20", long, "calendar month")),
    ];
    let words: Vec<String> = all.iter().map(|(what, told)| format!("{what}:\n{told}")).collect();
    insta::assert_snapshot!(words.join("\n"));
}

/// Budgets of a supplier's maintenance, and what its promise looks back at, are cut by our term as its windows are.
#[test]
fn budgets_and_misses_before_a_term_are_told() {
    let of = |ours: &str, promise: &str, more: &str| {
        let term = |text: &str, term: &str| text.replace("effective 2027-01-01;", &format!("effective {term};"));
        let supplier = SUPPLIER.replace("  credit = 10.00 EUR\n", &format!("  {promise}\n")) + more;
        let ours = format!("import delivery, delivery_kept from \"edge.sla\"\n{}", term(OURS, ours));
        let there = if promise.contains("contract term") { "2027-01-01" } else { "2027-01-01 to 2029-12-31" };
        let files = folder(&[("edge.sla", &term(&supplier, there)), ("shop.sla", &ours)]);
        let plain = sla(files.path(), &["check", "shop.sla"]);
        let lines: Vec<&str> = plain.err.lines().chain(plain.out.lines()).collect();
        assert!(!lines.iter().any(|line| line.starts_with("error")), "{lines:?}");
        let told =
            lines.iter().filter(|line| line.contains("count here") || line.contains("SLA433")).map(|line| line.trim());
        let built = sla(files.path(), &["build", "shop.sla"]);
        assert_eq!(built.code, 0, "{}", built.err);
        let contract = std::fs::read_to_string(files.path().join("build/shop_terms.contract.md")).unwrap();
        let said = contract.lines().filter(|line| line.contains("count under this agreement"));
        told.chain(said).map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    let term = "2027-06-01 to 2029-05-31";
    let work = "maintenance work \"Works\" of delivery { announce 3 days before start to acme.buyer; budget 8h per calendar year; counts excluded }\n";
    let exit = |when: &str| format!("credit = 10.00 EUR; terminate by acme when {when} within 30 days of window end");
    let times = "credit = 10.00 EUR; times 2 when count(delivered < 99% over last 3 windows) >= 2";
    let fee = "fee paid \"Fee\" of delivery = 100.00 EUR per calendar month\n\
        fee base \"Base\" of delivery = previous(paid, 0.00 EUR)\n";
    // What looks back at nothing before the window, and a budget whose windows begin with ours, are not cut.
    let monthly = work.replace("calendar year", "calendar month");
    assert_eq!(of(term, "credit = 10.00 EUR; exclude work", &monthly), "");
    assert_eq!(of("2027-01-01 to 2029-12-31", &exit("streak(delivered < 99%) >= 3"), ""), "");
    assert_eq!(of(term, &exit("count(delivered < 99% over last 1 windows) >= 1"), ""), "");
    let all = [
        ("a budget of a year", of(term, "credit = 10.00 EUR; exclude work", work)),
        ("a streak", of(term, &exit("streak(delivered < 99%) >= 3"), "")),
        ("a factor", of(term, times, "")),
        ("twelve months that roll", of(term, &exit("count(delivered < 99% over rolling 12 months) >= 3"), "")),
        (
            "a condition",
            of(term, "credit = 10.00 EUR; applies when mean(failing per 1min over rolling 90 days) <= 50%", ""),
        ),
        ("a cap that rolls", of(term, "credit = 10.00 EUR; cap 77.00 EUR per rolling 12 months", "")),
        ("the whole term", of(term, "credit = 10.00 EUR; cap 77.00 EUR per contract term", "")),
        ("the fee of the month before", of(term, "credit of base { below target gives 10% }", fee)),
    ];
    let words: Vec<String> = all.iter().map(|(what, told)| format!("{what}:\n{told}")).collect();
    insta::assert_snapshot!(words.join("\n"));
    // What rolls over the beginning of our term is judged there only; and a term without an end is cut by ours.
    let rolling = |term: &str| {
        let supplier = SUPPLIER.replace("calendar month", "rolling 30 days");
        let own = format!("import delivery, delivery_kept from \"edge.sla\"\n{OURS}").replace("2027-01-01;", term);
        let ran = check(folder(&[("edge.sla", &supplier), ("shop.sla", &own)]).path(), &["shop.sla"]);
        ran.out
            .lines()
            .filter_map(|line| line.split_once("[SLA433]: "))
            .map(|(_, told)| told.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(rolling("2027-01-01;"), Vec::<String>::new());
    assert_eq!(
        rolling("2027-06-01;"),
        ["`delivery_kept` looks back at days before this agreement, which count under the supplier's own"]
    );
}

/// Our own party stands in a third file as well; one that the supplier's customer is not called like is told.
#[test]
fn a_suppliers_customer_is_one_of_us() {
    let party = "party acme \"Acme\" as provider { contact noc \"Operations\" { email \"noc@acme.example\" } }\n";
    let imports = "import delivery, delivery_kept from \"edge.sla\"\nimport acme from \"parties.sla\"\n";
    let shared = OURS.replace(party, "");
    assert_ne!(shared, OURS);
    let other = OURS.replace("acme", "shops").replace("\"Acme\"", "\"Shops\"");
    let folder = folder(&[
        ("edge.sla", SUPPLIER),
        ("parties.sla", party),
        ("shared.sla", &format!("{imports}{shared}")),
        ("other.sla", &format!("import delivery, delivery_kept from \"edge.sla\"\n{other}")),
    ]);
    let ran = check(folder.path(), &["shared.sla"]);
    assert_eq!(all_told(&ran), ["SLA424 shared.sla:9:39"], "{}", ran.out);
    let ran = check(folder.path(), &["other.sla"]);
    assert_eq!(all_told(&ran), ["SLA201 other.sla:1:1", "SLA424 other.sla:9:39"], "{}", ran.out);
}

/// One name for two companies, and a supplier that is called like a customer, are told.
#[test]
fn a_party_that_comes_along_is_ours_by_its_name_alone() {
    let with = |supplier: &str, party: &str| {
        let own = format!("import delivery, delivery_kept from \"edge.sla\"\n{OURS}{party}");
        let files = folder(&[("edge.sla", supplier), ("shop.sla", &own)]);
        let ran = check(files.path(), &["shop.sla"]);
        messages(&ran, "SLA213")
    };
    let party = |title: &str, role: &str| format!("party edge \"{title}\" as {role} {{ email \"a@edge.example\" }}\n");
    assert_eq!(with(SUPPLIER, ""), Vec::<String>::new());
    assert_eq!(with(SUPPLIER, &party("edge", "supplier")), Vec::<String>::new());
    let told = "`edge` is `Nimbus` here, and `Edge` in the file that brings it along";
    assert_eq!(with(SUPPLIER, &party("Nimbus", "supplier")), [told]);
    assert_eq!(
        with(SUPPLIER, &party("Edge", "customer")),
        ["`edge` provides what is imported, and is a customer here"]
    );
    let other = SUPPLIER.replace("\"ACME\"", "\"Another Corp\"");
    assert_eq!(with(&other, ""), ["`acme` is `Acme` here, and `Another Corp` in the file that brings it along"]);
    // Two suppliers that are called alike would be one.
    let second = SUPPLIER.replace("deliver", "stor").replace("\"Edge\"", "\"Cumulus\"");
    let second =
        second.replace("fetches", "reads").replace("failing", "failed_reads").replace("edge_terms", "more_terms");
    let own = format!(
        "import delivery, delivery_kept from \"edge.sla\"\nimport story, story_kept from \"more.sla\"\n{}",
        OURS.replace("depends on delivery", "depends on delivery, story")
    );
    let files = folder(&[("edge.sla", SUPPLIER), ("more.sla", &second), ("shop.sla", &own)]);
    let ran = check(files.path(), &["shop.sla"]);
    assert_eq!(ran.out.matches("[SLA213]: `edge` is `Edge` here, and `Cumulus`").count(), 1, "{}", ran.out);
}

/// An agreement about a site of `host` for `shop`, with these lines before it, and more in it.
fn web(imports: &str, more: &str) -> String {
    format!(
        "{imports}\n\
         agreement web \"Web\" {{ version \"1\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\"; currency EUR }}\n\
         party shop \"Shop\" as customer {{ contact it \"IT\" {{ email \"it@shop.example\" }} }}\n\
         service site \"Site\" {{ by host to shop; scope \"Pages\" }}\n{more}"
    )
}

/// What is told of an agreement that takes a template with a step for `host` from each of two files,
/// which say this of the party.
fn told_of_hosts(first: &str, second: &str, ours: &str) -> Ran {
    let terms = |name: &str, host: &str| {
        format!(
            "party host \"Host\" as provider {{ {host} }}\n\
             template {name}(when_so as condition) {{ escalation {name}_step \"Step\" {{ when when_so; after 0min notify host.desk }} }}\n"
        )
    };
    let own = web(
        "import one from \"one.sla\"\nimport two from \"two.sla\"",
        &format!(
            "{ours}signal asked \"Requests\" as events of site {{ measured by shop; count total, failed; missing bad }}\n\
             metric errors \"Errors\" = asked.failed / asked.total when empty 0%\n\
             commitment kept \"Kept\" of site {{ target errors <= 1% per calendar month }}\n\
             use one(kept.failing)\nuse two(kept.failing)\n"
        ),
    );
    let files = [("one.sla", terms("one", first)), ("two.sla", terms("two", second)), ("web.sla", own)];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    check(folder(&files).path(), &["web.sla"])
}

/// The messages with a code.
fn messages(ran: &Ran, code: &str) -> Vec<String> {
    let start = format!("[{code}]: ");
    ran.out.lines().filter_map(|line| line.split_once(start.as_str())).map(|(_, told)| told.to_owned()).collect()
}

/// Of how a party itself is reached, two files say the same, or it is told.
#[test]
fn the_address_of_a_party_is_the_same_in_all_files_or_told() {
    let desk = "contact desk \"Desk\" { email \"desk@host.example\" }";
    let told = |second: &str, ours: &str| {
        let first = format!("address \"1 Mill Lane\"; phone \"+43 1\"; {desk}");
        messages(&told_of_hosts(&first, &format!("{second}; {desk}"), ours), "SLA213")
    };
    let what =
        |what: &str| format!("the `{what}` of `host` is not the same in two files from which something is imported");
    assert_eq!(told("address \"1 Mill Lane\"", ""), [""; 0]);
    assert_eq!(told("address \"2 Mill Lane\"", ""), [what("address")]);
    assert_eq!(told("address \"2 Mill Lane\"; phone \"+43 2\"", ""), [what("address"), what("phone")]);
    let own = "party host \"Host\" as provider { address \"3 Mill Lane\" }\n";
    assert_eq!(told("address \"2 Mill Lane\"", own), [""; 0]);
}

/// Who is told is not decided by the order of imports: two files that differ on a contact are told, unless ours has it.
#[test]
fn a_contact_is_the_same_in_all_files_or_told() {
    let told = |second: &str, ours: &str| {
        let desk = |address: &str| format!("contact desk \"Desk\" {{ email \"{address}\" }}");
        let ran = told_of_hosts(&desk("a@host.example"), &desk(second), ours);
        all_told(&ran).into_iter().filter(|one| one.starts_with("SLA213")).collect::<Vec<_>>()
    };
    let party = |contact: &str| format!("party host \"Host\" as provider {{ {contact} }}\n");
    let there = ["SLA213 two.sla:1:41"];
    for ours in [String::new(), party(""), party("contact boss \"Boss\" { email \"boss@host.example\" }")] {
        assert_eq!(told("b@host.example", &ours), there, "{ours}");
        assert_eq!(told("a@host.example", &ours), Vec::<String>::new(), "{ours}");
    }
    let own = party("contact desk \"Desk\" { email \"c@host.example\" }");
    assert_eq!(told("b@host.example", &own), Vec::<String>::new());
}

/// Billing quarters are counted from the first month of a term: those of a supplier may begin in other months than ours.
#[test]
fn billing_quarters_of_a_supplier_may_begin_in_other_months() {
    let supplier = SUPPLIER.replace("calendar month", "billing quarter");
    let told = |from: &str| {
        let own = format!("import delivery, delivery_kept from \"edge.sla\"\n{OURS}");
        let own = own.replace("2027-01-01", from);
        let files = folder(&[("edge.sla", &supplier), ("shop.sla", &own)]);
        let ran = check(files.path(), &["shop.sla"]);
        ran.out.lines().filter(|line| line.contains("[SLA433]")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told("2027-01-01"), Vec::<String>::new());
    for from in ["2027-06-01", "2027-06-16"] {
        let found = told(from);
        assert!(found.iter().any(|line| line.contains("begins on other days here than")), "{found:?}");
        assert!(!found.iter().any(|line| line.contains("within a billing quarter")), "{found:?}");
    }
}

#[test]
fn a_row_of_imports_has_an_end() {
    let agreement = importing("web", "import x from \"row01.sla\"");
    let (right, wrong) = (row(16), row(17));
    let fits = folder(&with(&right, &[("web.sla", &agreement)]));
    assert_eq!(told(&check(fits.path(), &["web.sla"])), Vec::<String>::new());
    let over = folder(&with(&wrong, &[("web.sla", &agreement)]));
    let ran = check(over.path(), &["web.sla"]);
    assert_eq!(told(&ran), ["SLA045 web.sla:1:15"], "{}", ran.out);
    // A row of a thousand is told, and ends.
    let long: Vec<(String, String)> = row(1000);
    let long = folder(&with(&long, &[("web.sla", &agreement)]));
    let ran = check(long.path(), &["web.sla"]);
    assert!(told(&ran).iter().all(|line| line.starts_with("SLA045")), "{}", ran.out);
    assert_eq!(ran.code, 1);
}

#[test]
fn an_agreement_imports_five_hundred_files() {
    let files: Vec<(String, String)> =
        (0..501).map(|number| (format!("part{number}.sla"), "constant x \"X\" = 1\n".to_owned())).collect();
    let imports = |count: usize| -> String {
        (0..count).map(|number| format!("import x as x{number} from \"part{number}.sla\"\n")).collect()
    };
    let (right, wrong) = (importing("right", &imports(500)), importing("wrong", &imports(501)));
    let folder = folder(&with(&files, &[("right.sla", &right), ("wrong.sla", &wrong)]));
    assert_eq!(told(&check(folder.path(), &["right.sla"])), Vec::<String>::new());
    for paths in [&["wrong.sla"][..], &["right.sla", "wrong.sla"], &["."]] {
        let ran = check(folder.path(), paths);
        assert_eq!(told(&ran), ["SLA045 wrong.sla:501:23"], "{}", ran.out);
    }
}

#[test]
fn the_projects_folder_is_that_of_sla_toml() {
    let terms = "constant goal \"Goal\" = 99.9%\n";
    let folder = folder(&[
        ("p/customers/web.sla", &importing("web", "import goal from \"../shared/terms.sla\"")),
        ("p/shared/terms.sla", terms),
        ("p/inner/sla.toml", ""),
        ("p/inner/own.sla", &importing("own", "import goal from \"../shared/terms.sla\"")),
        ("p/outer.sla", &importing("outer", "import own from \"inner/own.sla\"")),
    ]);
    let at = |path: &str| folder.path().join(path);
    assert_eq!(told(&check(&at("p"), &["customers/web.sla"])).len(), 0, "below the working directory");
    assert_eq!(told(&check(&at("p"), &["customers"])), ["SLA041 customers/web.sla:1:18"], "the folder that is named");
    assert_eq!(told(&check(&at("p/shared"), &["../customers/web.sla"])), ["SLA041 ../customers/web.sla:1:18"]);
    let inner = ["SLA041 inner/own.sla:1:18"];
    assert_eq!(told(&check(&at("p"), &["inner/own.sla", "outer.sla"])), inner, "the nearest one");
    assert_eq!(told(&check(&at("p"), &["outer.sla"])), inner, "a file is in one project, whoever imports it");
    fs::write(at("p/sla.toml"), "").unwrap();
    for (place, path) in [("p", "customers"), ("p/shared", "../customers/web.sla"), ("p/customers", ".")] {
        let ran = check(&at(place), &[path]);
        assert_eq!(told(&ran).len(), 0, "{}", ran.out);
    }
}

#[test]
#[cfg(unix)]
fn a_link_within_the_project_leads_to_the_same_file() {
    let folder = folder(&[
        ("a.sla", &importing("a", "import goal from \"real/terms.sla\"")),
        ("b.sla", &importing("b", "import goal from \"link.sla\"")),
        ("real/terms.sla", "constant goal \"Goal\" = \n"),
    ]);
    std::os::unix::fs::symlink("real/terms.sla", folder.path().join("link.sla")).unwrap();
    let ran = check(folder.path(), &["a.sla", "b.sla"]);
    assert_eq!(told(&ran), ["SLA101 real/terms.sla:1:23"], "{}", ran.out);
}

#[test]
fn a_file_without_an_agreement_is_a_library() {
    let commitment = "commitment kept \"Kept\" of api { target 1% >= 1% per calendar month }\n";
    let folder = folder(&[
        ("web.sla", &new("web")),
        ("shared/terms.sla", "constant goal \"Goal\" = 99.9%\n"),
        ("lost.sla", commitment),
    ]);
    let ran = check(folder.path(), &["shared", "web.sla"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 2 files: 1 agreement, 1 library\n"), "{}", ran.out);
    assert_eq!(told(&check(folder.path(), &["shared/terms.sla"])).len(), 0, "it only holds what can be imported");
    let alone = check(folder.path(), &["lost.sla"]);
    assert!(told(&alone).contains(&"SLA204 lost.sla:1:1".to_owned()), "{}", alone.out);
    let ran = check(folder.path(), &["."]);
    assert!(!ran.out.contains("SLA204"), "{}", ran.out);
    let ran = sla(folder.path(), &["build", "--drafts", "shared", "web.sla"]);
    assert!(ran.err.ends_with("1 agreement, 3 files written to build/\n"), "{}", ran.err);
}

#[test]
fn a_project_in_memory_is_checked_alike() {
    let world = MemoryWorld::new()
        .with("customers/web.sla", importing("web", "import goal from \"../shared/terms.sla\""))
        .with("shared/terms.sla", "constant goal \"Goal\" = \n");
    let mut store = project::Store::default();
    let named = project::Named { name: "customers/web.sla".into(), path: "customers/web.sla".into(), bytes: None };
    let (files, unread) = store.load(&world, vec![named]);
    assert!(unread.is_empty());
    let checked = check_joined(&store, files[0], true).unwrap();
    assert_eq!(checked.model.agreement.head.name, "web");
    assert!(checked.findings.iter().any(|finding| finding.file_name(&store.sources) == "shared/terms.sla"));
}

/// A folder with an `sla.toml` is not widened by another one further up.
#[test]
fn the_nearest_file_of_a_project_decides_what_is_outside() {
    let inner = importing("globex", "import goal from \"../terms.sla\"");
    let folder =
        folder(&[("sla.toml", ""), ("terms.sla", "constant goal \"Goal\" = 99%\n"), ("in/globex.sla", &inner)]);
    let helped = |word: &str| {
        let ran = sla(folder.path().join("in").as_path(), &["check", "globex.sla"]);
        ran.err.lines().any(|line| line.contains("= help:") && line.contains(word))
    };
    assert!(!helped("only files below"), "the project begins at the outer one");
    fs::write(folder.path().join("in/sla.toml"), "").unwrap();
    assert!(helped("the nearest `sla.toml` makes that the project's folder"));
    fs::remove_file(folder.path().join("in/sla.toml")).unwrap();
    fs::remove_file(folder.path().join("sla.toml")).unwrap();
    assert!(helped("a file `sla.toml` in a folder further up makes that the project's folder"));
}

/// Neither of two libraries says which agreement takes both: each of these is named, and the finding is told once.
#[test]
fn titles_of_two_libraries_are_told_with_the_agreements_in_which_they_meet() {
    let own = web(
        "import goal from \"one.sla\"\nimport better from \"two.sla\"",
        "party host \"Host\" as provider { contact desk \"Desk\" { email \"desk@host.example\" } }\n\
         signal asked \"Requests\" as events of site { measured by shop; count total, failed; missing bad }\n\
         metric up \"Up\" = 100% - asked.failed / asked.total when empty 0%\n\
         commitment kept \"Kept\" of site { target up >= goal per calendar month; warn below better }\n",
    );
    let files = folder(&[
        ("one.sla", "constant goal \"Goal\" = 99%\n"),
        ("two.sla", "constant better \"Goal\" = 99.9%\n"),
        ("a.sla", &own),
        ("b.sla", &own.replace("agreement web", "agreement pages")),
    ]);
    let ran = check(files.path(), &["a.sla", "b.sla"]);
    let found: Vec<&str> = ran.out.lines().filter(|line| line.contains("SLA207")).collect();
    let told = "two.sla:1:10: warning[SLA207]: two definitions are called \"Goal\" (used at a.sla:3:11, b.sla:3:11)";
    assert_eq!(found, [told]);
}

/// A dimension of the agreement beside one of a library with the same options: what the field tells apart is not what the
/// promise differs by.
#[test]
fn two_dimensions_with_the_same_options_are_told() {
    let told = |field: &str, options: &str, commitment: &str| {
        let library = "dimension plan \"Tariff\" { option silver \"Silver\"; option gold \"Gold\"; option tin \"Tin\" }\n\
             template counted(work as service, by_whom as party) {\n\
             signal requests \"Requests\" as events of work { measured by by_whom; count total, failed; field plan plan; missing bad }\n\
             metric uptime \"Uptime\" = 100% - requests.failed / requests.total when empty 0%\n}\n";
        let own = web(
            &format!("import counted{field} from \"terms.sla\""),
            &format!(
                "party host \"Host\" as provider {{ contact desk \"Desk\" {{ email \"desk@host.example\" }} }}\n{options}\
                 use counted(site, shop)\n\
                 constant goal \"Goal\" per plan {{ silver gives 99%; otherwise gives 98% }}\n{commitment}\n"
            ),
        );
        let files = folder(&[("terms.sla", library), ("web.sla", &own)]);
        let ran = check(files.path(), &["web.sla"]);
        assert!(!ran.out.contains("error"), "{}", ran.out);
        messages(&ran, "SLA212")
    };
    let own = "dimension plan \"Plan\" { option silver \"Silver\"; option gold \"Gold\" }\n";
    let kept = "commitment kept \"Kept\" of site per plan { target uptime >= goal per calendar month }";
    let message = "`kept` differs by `plan`, and `requests` has a field of another dimension with these options";
    assert_eq!(told("", own, kept), [message]);
    assert_eq!(told(", plan", "", kept), [""; 0], "one dimension for both");
    let others = "dimension plan \"Plan\" { option silver \"Silver\"; option lead \"Lead\" }\n";
    assert_eq!(told("", others, kept), [""; 0], "the options differ, and the goal does so on purpose");
}
