//! What comes along with an import: it is in nobody's way, and known only where it is declared.

use crate::cli::{folder, sla};
use crate::project::{all_told, check, importing};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// A library whose constant is made of one that others have too, and of what differs by a dimension of its own.
const TERMS: &str = "constant helper \"Helper of the terms\" = 95%\n\
     constant promise \"Promise\" = helper + 1%\n\
     dimension plan \"Plan\" { option basic \"Basic\"; option gold \"Gold\" }\n\
     constant graded \"Graded\" per plan { basic gives 99%; gold gives 99.5% }\n\
     template outer(x as ratio) of commitment { use inner(x) }\n\
     template inner(x as ratio) of commitment { use innermost(x) }\n\
     template innermost(x as ratio) of commitment { warn below lowest * (x / helper) }\n\
     constant lowest \"Lowest\" = 1%\n";
const OTHERS: &str = "constant helper \"Helper of the others\" = 94%\nconstant second \"Second\" = helper + 2%\n";

/// The ids of the declarations in a bundle.
fn ids(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member.as_array() {
                    Some(list)
                        if ["constants", "holidays", "calendars", "metrics", "dimensions"].contains(&key.as_str()) =>
                    {
                        found.extend(list.iter().filter_map(|one| Some(one.get("id")?.as_str()?.to_owned())));
                    }
                    _ => ids(member, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|one| ids(one, found)),
        _ => {}
    }
}

#[test]
fn what_comes_along_is_in_nobodys_way() {
    let imports = "import promise, graded from \"terms.sla\"\nimport second from \"lib/others.sla\"\nimport bavaria from std.holidays\n";
    let own = "\ncalendar germany \"Office hours\" { open mon to fri 09:00 to 17:00; closed bavaria }\n\
         metric epiphany \"Epiphany\" = uptime\n\
         metric distance \"Distance\" = uptime - graded\n\
         dimension plan \"Another plan\" { option small \"Small\"; option large \"Large\" }\n\
         commitment one \"One\" of web_service per plan { target epiphany >= promise per calendar month }\n\
         commitment two \"Two\" of web_service { target uptime >= second per calendar month }\n\
         duty answer \"Answer\" { by provider to customer; do \"Answer\"; within 2 days on germany of request }\n";
    let folder = folder(&[
        ("web.sla", &format!("{}{own}", importing("web", imports))),
        ("terms.sla", TERMS),
        ("lib/others.sla", OTHERS),
    ]);
    let ran = sla(folder.path(), &["build", "web.sla", "--target", "json", "--out", "o"]);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let bundle: Value = serde_json::from_slice(&fs::read(folder.path().join("o/web.bundle.json")).unwrap()).unwrap();
    let mut all = Vec::new();
    ids(&bundle, &mut all);
    assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len(), "{all:?}");
    for id in [
        "calendar.germany",
        "holidays.germany_of_std_holidays",
        "metric.epiphany",
        "holidays.epiphany_of_std_holidays",
        "constant.helper_of_lib_others",
        "constant.helper_of_terms",
        "dimension.plan",
        "dimension.plan_of_terms",
        "constant.promise",
    ] {
        assert!(all.iter().any(|one| one == id), "{id}: {all:?}");
    }
}

#[test]
fn what_comes_along_is_not_known_by_its_name() {
    let imports = "import promise, graded, outer from \"terms.sla\"\nimport bavaria from std.holidays\n";
    let own = "\ncalendar office \"Office hours\" { open mon to fri 09:00 to 17:00; closed bavaria, germany }\n\
         commitment one \"One\" of web_service { target uptime >= helper per calendar month }\n\
         commitment two \"Two\" of web_service { target uptime >= 90% per calendar month; use outer(98%) }\n";
    let folder = folder(&[("web.sla", &format!("{}{own}", importing("web", imports))), ("terms.sla", TERMS)]);
    let ran = check(folder.path(), &["web.sla"]);
    let told: Vec<String> = all_told(&ran).into_iter().filter(|line| line.contains("SLA201")).collect();
    assert_eq!(told.len(), 2, "{}", ran.out);
    for message in [
        "`germany` comes along with `std.holidays` and is not imported by name",
        "`helper` comes along with `terms.sla` and is not imported by name",
    ] {
        assert!(ran.out.contains(message), "{}", ran.out);
    }
    let ran = sla(folder.path(), &["check", "web.sla"]);
    assert!(ran.err.contains("`import helper from \"terms.sla\"`"), "{}", ran.err);
    assert!(ran.err.contains("`import germany from std.holidays`"), "{}", ran.err);
}

/// What differs by a dimension that only came along is meant for one of its options once that is imported, too.
#[test]
fn a_dimension_that_came_along_can_be_imported() {
    let imports = "import graded from \"terms.sla\"\n";
    let own = "\ndimension plan \"Another plan\" { option small \"Small\"; option large \"Large\" }\n\
         commitment one \"One\" of web_service per plan { target uptime >= graded per calendar month }\n";
    let text = format!("{}{own}", importing("web", imports));
    let folder = folder(&[("web.sla", &text), ("terms.sla", TERMS)]);
    let told = sla(folder.path(), &["check", "web.sla"]).err;
    let import = "import plan as plan_of_terms from \"terms.sla\"";
    let help = format!("import what it differs by, `{import}`, and write `per plan_of_terms` in the head");
    assert!(told.contains(&help), "{told}");
    let mended = format!("{import}\n{}", text.replace("per plan {", "per plan_of_terms {"));
    fs::write(folder.path().join("web.sla"), mended).unwrap();
    let told = sla(folder.path(), &["check", "web.sla"]).err;
    assert!(!told.contains("SLA210") && !told.contains("error"), "{told}");
}

/// So it is where a template reads it: the head by which it must differ is that of the file that uses the template.
#[test]
fn a_template_that_reads_what_differs_is_used_where_that_is_imported() {
    let terms = format!("{TERMS}template aim(m as metric) of commitment {{ target m >= graded per calendar month }}\n");
    let imports = "import aim from \"terms.sla\"\n";
    let own = "\ndimension plan \"Another plan\" { option small \"Small\"; option large \"Large\" }\n\
         commitment one \"One\" of web_service per plan { use aim(uptime) }\n";
    let text = format!("{}{own}", importing("web", imports));
    let folder = folder(&[("web.sla", &text), ("terms.sla", &terms)]);
    let told = sla(folder.path(), &["check", "web.sla"]).err;
    let import = "import plan as plan_of_terms from \"terms.sla\"";
    let help = format!("import what it differs by, `{import}`, and write `per plan_of_terms` in the head");
    assert!(told.contains(&help), "{told}");
    let mended = format!("{import}\n{}", text.replace("per plan {", "per plan_of_terms {"));
    fs::write(folder.path().join("web.sla"), mended).unwrap();
    let told = sla(folder.path(), &["check", "web.sla"]).err;
    assert!(!told.contains("SLA210") && !told.contains("error"), "{told}");
}

#[test]
fn what_a_lost_import_would_bring_is_not_missed() {
    let text = "import storage, make, uptime, credits as money from \"nowhere.sla\"\n\
         agreement web \"Web\" { version \"1.0\"; status in_force; effective 2027-01-01; timezone \"UTC\"; currency EUR }\n\
         use make(storage)\n\
         commitment one \"One\" of storage { target uptime >= goal per calendar month; use money(1%) }\n";
    let folder = folder(&[
        ("web.sla", text),
        ("one.sla", &importing("one", "import x from \"a.sla\"\nimport y as z from \"a.sla\"\n")),
        ("a.sla", "import x, y from \"b.sla\"\n"),
        ("b.sla", "import x, y from \"a.sla\"\n"),
    ]);
    let ran = check(folder.path(), &["web.sla"]);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.contains("there is no file `nowhere.sla`"), "{}", ran.out);
    let ran = check(folder.path(), &["one.sla"]);
    assert_eq!(ran.out.lines().filter(|line| line.contains("error")).count(), 1, "{}", ran.out);
}

#[test]
fn a_template_is_unused_in_an_agreement_and_not_in_a_library() {
    let imports = "import outer, inner from \"terms.sla\"\n";
    let own = "\ncommitment two \"Two\" of web_service { target uptime >= 90% per calendar month; use outer(98%) }\n\
         template spare(x as ratio) of commitment { target uptime >= x per calendar month }\n";
    let library = format!("{TERMS}template other(x as ratio, y as ratio) of commitment {{ warn below x }}\n");
    let folder = folder(&[("web.sla", &format!("{}{own}", importing("web", imports))), ("terms.sla", &library)]);
    let ran = check(folder.path(), &["."]);
    let told: Vec<&str> = ran.out.lines().filter(|line| line.contains("SLA203")).collect();
    assert_eq!(told.len(), 2, "{}", ran.out);
    assert!(told.iter().any(|line| line.ends_with("the parameter `y` is never used")), "{told:?}");
    assert!(told.iter().any(|line| line.ends_with("the template `spare` is never used")), "{told:?}");
}

/// A library that makes what it offers by templates, some of them within others.
const MADE: &str = "import germany from std.holidays\nimport office_days from std.calendars\nconstant few \"Few\" = 3\n\
     template inner(days as holidays) { use office_days(days) as desk \"Desk\" }\n\
     template outer(days as holidays, n as number) {\n\
       constant many \"Many\" = n\n  constant more \"More\" = many + 1\n  use inner(days) as our \"Our\"\n}\n\
     use office_days(germany)\nuse outer(germany, few) as de \"DE\"\nconstant total \"Total\" = de_more + 1\n";

#[test]
fn what_a_use_in_a_library_makes_is_imported_like_anything_else() {
    let imports = "import total, de_our_desk_office as hours, office from \"lib.sla\"\n";
    let own = "\nconstant de_many \"Own\" = 3\n\
         commitment one \"One\" of web_service { target requests.failed <= total + de_many per calendar month }\n\
         duty answer \"Answer\" { by provider to customer; do \"Answer\"; within 2 days on hours of request }\n\
         duty solve \"Solve\" { by provider to customer; do \"Solve\"; within 2 days on office of request }\n";
    let folder = folder(&[("web.sla", &format!("{}{own}", importing("web", imports))), ("lib.sla", MADE)]);
    let ran = sla(folder.path(), &["build", "web.sla", "--target", "json", "--out", "o"]);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let bundle: Value = serde_json::from_slice(&fs::read(folder.path().join("o/web.bundle.json")).unwrap()).unwrap();
    let mut all = Vec::new();
    ids(&bundle, &mut all);
    for id in [
        "calendar.hours",
        "calendar.office",
        "holidays.germany",
        "constant.total",
        "constant.de_more",
        "constant.few",
        "constant.de_many",
        "constant.de_many_of_lib",
    ] {
        assert_eq!(all.iter().filter(|one| *one == id).count(), 1, "{id}: {all:?}");
    }
    assert!(bundle.to_string().contains("(Desk, Our, DE)"), "titles end as the uses say");
}

#[test]
fn what_is_wrong_with_a_use_in_a_library_is_told_there_and_once() {
    let cases = [
        ("use office_days(germany, germany)\n", "lib.sla:4:5: error[SLA308]"),
        ("use office_days(few)\n", "lib.sla:4:17: error[SLA306]"),
        ("use office_dais(germany)\n", "lib.sla:4:5: error[SLA201]"),
        ("use office_days(germany) as at_home\n", "web.sla:1:8: error[SLA201]"),
    ];
    for (line, expected) in cases {
        let head =
            "import germany from std.holidays\nimport office_days from std.calendars\nconstant few \"Few\" = 3\n";
        let own =
            "duty solve \"Solve\" { by provider to customer; do \"Solve\"; within 2 days on office of request }\n";
        let folder = folder(&[
            ("web.sla", &format!("{}{own}", importing("web", "import office from \"lib.sla\"\n"))),
            ("lib.sla", &format!("{head}{line}")),
        ]);
        let ran = check(folder.path(), &["."]);
        let told = ran.out.lines().filter(|line| line.contains("error") && !line.starts_with("std."));
        let told: Vec<&str> = told.collect();
        assert!(matches!(told[..], [one] if one.starts_with(expected)), "{line}{}", ran.out);
    }
}

#[test]
fn a_file_that_is_gone_is_the_one_error() {
    let supplier = "import nimbus from \"shared.sla\"\n\
         agreement colo \"Colo\" { version \"1.0\"; status draft; effective 2027-01-01; timezone \"UTC\"; currency EUR }\n\
         party racks \"Racks\" as provider { contact desk \"Desk\" { email \"desk@racks.example\" } }\n\
         party nimbus \"Nimbus\" as customer { contact buyer \"Purchasing\" { email \"buy@nimbus.example\" } }\n\
         service power \"Power\" { by racks to nimbus; scope \"Two halls\" }\n\
         signal feed \"Feed\" as state of power { measured by nimbus; missing bad }\n\
         commitment power_kept \"Power\" of power { target share(feed) >= 99.99% per calendar month; \
         claim by nimbus within 20 days of window end to racks.desk }\n";
    let web = "import plan, nimbus from \"shared.sla\"\nimport power, power_kept from \"colo.sla\"\n\
         agreement web \"Web\" { version \"1\"; status draft; effective 2027-01-01 to 2028-12-31; timezone \"UTC\"; currency EUR }\n\
         party buyer \"Buyer\" as customer { contact it \"IT\" { email \"it@b.example\" } }\n\
         service vms \"Machines\" { by nimbus to buyer; scope \"All\"; depends on power }\n\
         signal probes \"Probes\" as events of vms { measured by buyer; count total, failed; field plan plan; missing bad }\n\
         metric errors \"Errors\" = probes.failed / probes.total when empty 0%\n\
         metric uptime \"Uptime\" = 100% - mean(errors per 5min)\n\
         commitment up \"Availability\" of vms per plan { target uptime >= 99.9% per calendar month; \
         claim by buyer within 3 days of window end to nimbus.noc }\n\
         example d \"D\" of up for pro during 2027-02 { expect uptime = 100% }\n";
    let folder =
        folder(&[("web.sla", web), ("colo.sla", &supplier.replacen("import nimbus from \"shared.sla\"\n", "", 1))]);
    let ran = check(folder.path(), &["web.sla"]);
    assert_eq!(all_told(&ran).len(), 1, "{}", ran.out);
    assert!(ran.out.contains("there is no file `shared.sla`"), "{}", ran.out);
}

#[test]
fn what_an_agreement_imports_and_does_not_use_is_told_and_stays_out() {
    let lib = "constant goal \"Promised uptime\" = base + 1%\nconstant base \"Base\" = 90%\nconstant used \"Used\" = 1%\n\
         calendar office \"Office hours\" { open mon to fri 09:00 to 17:00 }\n\
         term blackout \"Blackout\" { means \"A time without service.\" }\nterm request \"Web request\" { means \"A request.\" }\n\
         party auditor \"Auditor\" as supplier { contact desk \"Desk\" { email \"a@a.example\" } }\n";
    let imports = "import goal, used, office as hours, blackout, request, auditor from \"lib.sla\"\nimport bavaria from std.holidays\n";
    let own = "\ncommitment one \"One\" of web_service { target uptime >= 90% + used per calendar month }\n\
         duty say \"Say\" { by provider to customer; do \"Count each web request\"; within 2 days of request }\n";
    let folder = folder(&[("web.sla", &format!("{}{own}", importing("web", imports))), ("lib.sla", lib)]);
    let ran = check(folder.path(), &["."]);
    let told: Vec<&str> = ran.out.lines().filter(|line| line.contains("SLA203")).collect();
    let expected = [
        "web.sla:1:8: warning[SLA203]: the imported constant `goal` is never used",
        "web.sla:1:30: warning[SLA203]: the imported calendar `hours` is never used",
        "web.sla:1:37: warning[SLA203]: the imported term `blackout` is never used",
        "web.sla:1:56: warning[SLA203]: the imported party `auditor` is never used",
        "web.sla:2:8: warning[SLA203]: the imported set of holidays `bavaria` is never used",
    ];
    assert_eq!(told, expected, "{}", ran.out);
    let ran = sla(folder.path(), &["build", "web.sla", "--out", "o"]);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    for file in ["o/web.bundle.json", "o/web.contract.md"] {
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        for title in ["Promised uptime", "Base", "Office hours", "Auditor", "Blackout", "Bavaria"] {
            assert!(!text.contains(title), "{title} in {file}");
        }
        assert!(text.contains("Web request"), "{file}");
    }
}

/// A supplier's file that declares what others declare, too.
fn edge(place: &str) -> String {
    format!(
        "agreement edge_{place} \"Edge\" {{ version \"1.0\"; status agreed; effective 2027-01-01 to 2027-12-31; timezone \"UTC\"; currency EUR }}\n\
         constant floor \"Floor\" = 90%\n\
         constant promise_{place} \"Promise of the {place}\" = floor + 1%\n"
    )
}

/// The ids that an agreement with some imports has for constants called `floor`.
fn floors(imports: &str) -> Vec<String> {
    let own = "\nconstant all \"All\" = promise_south\ncommitment one \"One\" of web_service { target uptime >= all per calendar month }\n";
    let text = format!("{}{own}", importing("web", imports));
    let (north, south) = (edge("north"), edge("south"));
    let folder = folder(&[("web.sla", &text), ("north/edge.sla", &north), ("south/edge.sla", &south)]);
    let ran = sla(folder.path(), &["build", "web.sla", "--target", "json", "--out", "o"]);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let bundle: Value = serde_json::from_slice(&fs::read(folder.path().join("o/web.bundle.json")).unwrap()).unwrap();
    let mut all = Vec::new();
    ids(&bundle, &mut all);
    all.retain(|id| id.starts_with("constant.floor"));
    all
}

/// What is measured is on record by these names: an import more must not give one of them to somebody else.
#[test]
fn another_import_gives_no_name_to_another_declaration() {
    let (north, south) =
        ("import promise_north from \"north/edge.sla\"\n", "import promise_south from \"south/edge.sla\"\n");
    assert_eq!(floors(south), ["constant.floor"]);
    let used =
        "constant more \"More\" = promise_north\nmetric other \"Other\" = if uptime > more then uptime else more\n";
    let both = ["constant.floor_of_north_edge", "constant.floor_of_south_edge"];
    for imports in [format!("{north}{south}{used}"), format!("{south}{north}{used}")] {
        let mut found = floors(&imports);
        found.sort();
        assert_eq!(found, both);
    }
}

/// Places of files that read alike are told apart by a digest of them, which depends on nothing else.
#[test]
fn files_whose_places_read_alike_are_told_apart() {
    let named = |imports: &str, used: &str| {
        let text = format!(
            "{}\nconstant all \"All\" = {used}\ncommitment one \"One\" of web_service {{ target uptime >= all per calendar month }}\n",
            importing("web", imports)
        );
        let lib = |name: &str| format!("constant floor \"Floor\" = 90%\nconstant {name} \"Promise {name}\" = floor\n");
        let files = [
            ("app/web.sla", text),
            ("terms.sla", lib("up")),
            ("app/terms.sla", lib("own")),
            ("sla.toml", String::new()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let folder = folder(&files);
        let mut found = Vec::new();
        for path in [".", "app/web.sla"] {
            let ran = sla(folder.path(), &["build", path, "--target", "json", "--out", "o"]);
            assert!(!ran.err.contains("error"), "{}", ran.err);
            let bundle: Value =
                serde_json::from_slice(&fs::read(folder.path().join("o/web.bundle.json")).unwrap()).unwrap();
            let floors = bundle["constants"].as_array().unwrap().iter().filter(|one| one["title"] == "Floor");
            let mut ids: Vec<String> = floors.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
            ids.sort();
            found.push(ids);
        }
        assert_eq!(found[0], found[1]);
        found.remove(0)
    };
    let (up, own) = ("import up from \"../terms.sla\"\n", "import own from \"terms.sla\"\n");
    let both = named(&format!("{up}{own}"), "min(up, own)");
    assert_eq!(both, named(&format!("{own}{up}"), "min(up, own)"));
    assert!(both.len() == 2 && both.iter().all(|id| id.starts_with("constant.floor_of_terms_")), "{both:?}");
    assert_eq!(named(up, "up"), ["constant.floor"]);
}

/// The customer of a supplier's agreement is told at the import that brings it, not at the first one.
#[test]
fn a_customer_of_a_supplier_is_told_at_its_import() {
    let imports = "import germany from std.holidays\nimport web_service as hosting from \"host.sla\"\n";
    let host = crate::cli::new("host").replace("party customer", "party client").replace("to customer", "to client");
    let host = host.replace("customer.", "client.").replace("by customer ", "by client ");
    let folder = folder(&[("web.sla", &importing("web", imports)), ("host.sla", &host)]);
    let ran = check(folder.path(), &["web.sla"]);
    let told = ran.out.lines().find(|line| line.contains("`client` is the customer of what is imported"));
    assert!(told.is_some_and(|line| line.starts_with("web.sla:2:")), "{}", ran.out);
}

/// A library of which one declaration would bring a promise to somebody else, if it were meant by its name.
fn of_others(named: &str, more: &str) -> String {
    format!(
        "party cloud \"Cloud\" as provider\nparty other \"Other customer\" as customer\n\
         service archive \"Archive\" {{ by cloud to other; scope \"All\" }}\n\
         signal reads \"Reads\" as events of archive {{ measured by other; count total, failed; missing bad }}\n\
         metric archived \"Other uptime\" = 100% - reads.failed / reads.total when empty 0%\n\
         commitment {named} \"Somebody else's\" of archive {{ target archived >= 90% per calendar month; credit = 50.00 EUR; claim automatic }}\n\
         {more}\n"
    )
}

/// What a word stands for in a template, or beside `where`, is not what a file happens to call so.
#[test]
fn what_a_word_does_not_stand_for_stays_out() {
    let report = "template shown(kept as commitment, by_whom as party, reader as party) { report monthly \"Monthly\" { by by_whom to reader; every calendar month; shows kept } }";
    let makes = "template rate(of as signal) {\nmetric er2 \"Share of errors\" = of.failed / of.total when empty 0%\nmetric up2 \"Good part\" = 100% - er2\n}";
    let fields =
        "template quick(of as signal) { metric fast \"Fast\" = share(of.responded.in_time where big) when empty 100% }";
    let own = "commitment one \"One\" of web_service { target uptime >= 99% per calendar month }\n";
    let tickets = "signal calls \"Calls\" as cases of web_service { measured by customer; milestone opened, responded; field big yes_no \"Big\" }\n\
         support line \"Line\" of web_service { by provider to customer; cases calls; on always; channel phone \"1\"; priority p1 \"One\" { when \"Any\"; respond within 1h } }\n\
         use quick(calls)\ncommitment soon \"Soon\" of web_service { target fast >= 90% per calendar month }\n";
    for (named, library, import, used) in [
        ("kept", report, "shown", format!("{own}use shown(one, provider, customer)\n")),
        (
            "er2",
            makes,
            "rate",
            "use rate(requests)\ncommitment one \"One\" of web_service { target up2 >= 99% per calendar month }\n"
                .to_string(),
        ),
        ("big", fields, "quick", format!("{own}{tickets}")),
    ] {
        let web = format!("{}\n{used}", importing("web", &format!("import {import} from \"lib.sla\"")));
        let folder = folder(&[("web.sla", &web), ("lib.sla", &of_others(named, library))]);
        let ran = sla(folder.path(), &["build", "web.sla", "--out", "o"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        for end in ["contract.md", "bundle.json"] {
            let built = fs::read_to_string(folder.path().join(format!("o/web.{end}"))).unwrap();
            assert!(!built.contains("Somebody else") && !built.contains("Other"), "{named}: {built}");
        }
    }
}
