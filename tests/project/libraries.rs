//! Libraries: what is wrong with one is told wherever it is imported, and nothing is built with it.

use crate::cli::{folder, new, sla};
use crate::project::{check, hosting, importing};
use std::fs;

/// A library of which one constant, and one template, are wrong by themselves.
const WRONG: &str = "constant goal \"Goal\" = 99.9%\n\
     template broken(p as ratio, u as metric) of commitment { target u >= p + 1h per calendar month }\n\
     constant other \"Other\" = 1h + 1%\n";

const OWN: &str = "commitment one \"One\" of web_service { target uptime >= goal per calendar month }\n";

#[test]
fn a_library_is_checked_with_whatever_imports_it() {
    let text = format!("{}\n{OWN}", importing("web", "import goal from \"lib.sla\"\n"));
    let folder = folder(&[("web.sla", &text), ("lib.sla", WRONG)]);
    for path in ["web.sla", "."] {
        let ran = check(folder.path(), &[path]);
        for place in ["lib.sla:2:72: error[SLA301]", "lib.sla:3:29: error[SLA301]"] {
            assert_eq!(ran.out.lines().filter(|line| line.starts_with(place)).count(), 1, "{}", ran.out);
        }
        let ran = sla(folder.path(), &["build", path, "--out", "o"]);
        assert!(ran.code == 1 && ran.err.contains("1 agreement not built, nothing written"), "{}", ran.err);
        assert!(!folder.path().join("o").exists());
    }
    fs::write(folder.path().join("lib.sla"), WRONG.lines().next().unwrap()).unwrap();
    let ran = sla(folder.path(), &["build", "web.sla", "--out", "o"]);
    assert!(ran.code == 0 && ran.err.contains("1 agreement, 3 files written"), "{}", ran.err);
}

/// The first template of a file begins at its first letter, which is no use of a template.
#[test]
fn a_template_may_use_the_first_one_of_its_library() {
    let lib = "template aim(p as ratio, u as metric) of commitment { target u >= p per calendar month }\n\
         template nested(p as ratio, u as metric) of commitment { use aim(p, u) }\n";
    let folder = folder(&[("lib.sla", lib)]);
    let ran = check(folder.path(), &["lib.sla"]);
    assert!(ran.code == 0 && ran.out.is_empty(), "{}", ran.out);
    // One that does lead back to itself is told.
    let circle = "template aim(p as ratio) of commitment { use nested(p) }\n\
         template nested(p as ratio) of commitment { use aim(p) }\n";
    fs::write(folder.path().join("lib.sla"), circle).unwrap();
    let ran = check(folder.path(), &["lib.sla"]);
    assert!(ran.out.contains("error[SLA206]: the template `aim` uses itself"), "{}", ran.out);
}

#[test]
fn a_template_has_no_name_that_stands_for_something() {
    let lib = "template target(u as metric) of commitment { warn below u }\n";
    let folder = folder(&[("lib.sla", lib)]);
    let ran = check(folder.path(), &["lib.sla"]);
    assert!(ran.out.contains("lib.sla:1:10: error[SLA202]"), "{}", ran.out);
}

#[test]
fn a_copy_of_each_standard_file_is_a_library() {
    for name in sla::std_library::names() {
        let copy = sla(folder(&[]).path(), &["std", name]).out;
        let folder = folder(&[("copy.sla", &copy)]);
        let ran = check(folder.path(), &["copy.sla"]);
        assert!(ran.code == 0 && !ran.out.contains("SLA204"), "{name}: {}", ran.out);
    }
}

/// What the options of a dimension are called, and whether what differs by another one is meant, is known where it is given.
#[test]
fn a_template_may_name_the_options_of_a_dimension_that_is_given() {
    let lib = "dimension plan \"Plan\" { option basic \"Basic\"; option pro \"Pro\" }\n\
         constant goal \"Goal\" per plan { basic gives 99%; otherwise gives 99.9% }\n\
         template priced(d as dimension, of_what as service) {\n\
           fee price \"Plan fee\" of of_what per d { basic gives 100.00 EUR per calendar month; otherwise gives 1000.00 EUR per calendar month }\n\
           metric uptime \"Uptime\" per d = goal\n\
         }\n";
    let folder = folder(&[("lib.sla", lib)]);
    let ran = check(folder.path(), &["."]);
    assert!(ran.code == 0 && ran.out.is_empty(), "{}", ran.out);
    // Given a dimension without such an option, it is told.
    let text = format!(
        "{}dimension region \"Region\" {{ option north \"North\"; option south \"South\" }}\nuse priced(region, web_service)\n",
        importing("web", "import priced from \"lib.sla\"\n")
    );
    fs::write(folder.path().join("web.sla"), text).unwrap();
    let ran = check(folder.path(), &["."]);
    assert!(ran.out.contains("error[SLA201]: `region` has no option `basic`"), "{}", ran.out);
}

/// What a constant of another file comes to does not stand where it is used.
#[test]
fn a_finding_shows_the_constants_of_other_files() {
    let lib = "constant late \"Late\" = 99.95%\nconstant big \"Big\" = 101%\n";
    let text = format!(
        "{}commitment one \"One\" of web_service {{ target uptime >= big per calendar month }}\n\
         fee paid \"Fee\" of web_service = 100.00 EUR per calendar month\n\
         commitment two \"Two\" of web_service {{\n  target uptime >= 99.9% per calendar month\n  credit of paid {{ below target gives 10%; below late gives 20% }}\n  claim automatic\n}}\n",
        importing("web", "import late, big from \"lib.sla\"\n")
    );
    let folder = folder(&[("web.sla", &text), ("lib.sla", lib)]);
    let ran = sla(folder.path(), &["check", "."]);
    for shown in ["`big` is 101%", "`late` is 99.95%"] {
        assert!(ran.err.contains(shown), "{}", ran.err);
    }
}

/// A field may have the options of a dimension that a template is given: each commitment is judged by its own records.
#[test]
fn a_field_has_the_options_of_a_dimension_that_is_given() {
    let library = "template counted(work as service, plans as dimension) {\n\
        signal asked \"Requests\" as events of work { measured by b; count total, failed; field plan plans; missing bad }\n\
        metric errors \"Errors\" = asked.failed / asked.total when empty 0%\n}\n\
        party b \"B\" as customer\n";
    let agreement = "import counted from \"lib.sla\"\n\
        agreement web \"Web\" { version \"1\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\" }\n\
        party a \"A\" as provider\nparty b \"B\" as customer\n\
        service site \"Site\" { by a to b; scope \"Pages\" }\n\
        dimension plan \"Plan\" { option basic \"Basic\"; option gold \"Gold\" }\n\
        use counted(site, plan)\n\
        commitment kept \"Kept\" of site per plan { target errors <= 1% per calendar month }\n";
    let files = folder(&[("lib.sla", library), ("web.sla", agreement)]);
    let ran = sla(files.path(), &["build", "web.sla", "--target", "json", "--out", "out"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let bundle = std::fs::read_to_string(files.path().join("out/web.bundle.json")).unwrap();
    assert!(bundle.contains("errors[gold]") && bundle.contains("asked[gold]"), "{bundle}");
    // A slip in the name of a dimension is no unit.
    let slip = library.replace("field plan plans", "field plan plna");
    let files = folder(&[("lib.sla", &slip), ("web.sla", agreement)]);
    let ran = sla(files.path(), &["check", "web.sla", "--message-format", "short"]);
    assert!(ran.out.contains("SLA303"), "{}", ran.out);
}

/// Of a constant that differs, the value is shown that is meant in the variant that a finding names.
#[test]
fn a_finding_about_a_variant_shows_the_value_of_that_variant() {
    let library = "dimension plan \"Plan\" { option basic \"Basic\"; option silver \"Silver\"; option gold \"Gold\" }\n\
        constant goal \"Goal\" per plan { basic gives 98%; silver gives 99%; gold gives 99.95% }\n";
    let agreement = "import plan, goal from \"lib.sla\"\n\
        agreement web \"Web\" { version \"1\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\" }\n\
        party a \"A\" as provider\nparty b \"B\" as customer\nparty s \"S\" as supplier\n\
        service line \"Line\" { by s to a; scope \"Line\"; promised 99.9% per calendar month }\n\
        service site \"Site\" { by a to b; scope \"Pages\"; depends on line }\n\
        signal asked \"Requests\" as events of site { measured by b; count total, failed; field plan plan; missing bad }\n\
        metric errors \"Errors\" = asked.failed / asked.total when empty 0%\n\
        metric up \"Up\" = 100% - mean(errors per 1min)\n\
        commitment kept \"Kept\" of site per plan { target up >= goal per calendar month }\n";
    let files = folder(&[("lib.sla", library), ("web.sla", agreement)]);
    let ran = sla(files.path(), &["check", "web.sla"]);
    let told = ran.out + &ran.err;
    assert!(told.contains("SLA424") && told.contains("`goal[gold]` is 99.95%"), "{told}");
    assert!(!told.contains("goal[basic]") && !told.contains("goal[silver]"), "{told}");
}

/// What a template of a library makes for an agreement is its own: nothing else can use it.
#[test]
fn what_a_template_makes_and_nothing_uses_is_told() {
    let own = "use planned_work(web_service, provider, 5 days, 1h)\n";
    let text = format!("{}\n{own}", importing("web", "import planned_work from std.exclusions\n"));
    let folder = folder(&[(
        "web.sla",
        &text.replace("maintenance planned", "maintenance other").replace("exclude  planned", "exclude  other"),
    )]);
    let ran = check(folder.path(), &["web.sla"]);
    let told = "std.exclusions:64:15: warning[SLA203]: the maintenance `planned` is never used (used at web.sla:";
    assert_eq!(ran.out.matches(told).count(), 1, "{}", ran.out);
}

/// A template of a library is given what the agreement declares: one finding says so, whoever uses the template.
#[test]
fn a_template_that_names_what_the_agreement_declares_is_told_of_parameters() {
    let lib = "template promises() of commitment { exclude works }\n";
    let own = "maintenance works \"Works\" of web_service { announce 3 days before start; budget 1h per calendar year; counts excluded }\n\
         commitment one \"One\" of web_service { target uptime >= 99.9% per calendar month; use promises() }\n";
    let text = format!("{}\n{own}", importing("web", "import promises from \"lib.sla\"\n"));
    let folder = folder(&[("web.sla", &text), ("lib.sla", lib)]);
    for path in ["web.sla", "."] {
        let ran = sla(folder.path(), &["check", path]);
        assert_eq!(ran.err.matches("SLA201").count(), 2, "the code, and where it is explained: {}", ran.err);
        assert!(ran.err.contains("is given to it as a parameter, such as `works as maintenance`"), "{}", ran.err);
    }
}

/// What an import brings along, or a part, is named with the word that says what it is.
#[test]
fn a_proposal_of_a_clause_is_told_what_is_meant() {
    let lib = "exclusion flood \"Flood\" { when \"a flood\"; evidence \"News\"; counts excluded }\n\
         template promises() of commitment { exclude flood }\n";
    let own = "commitment one \"One\" of web_service { target uptime >= 99.9% per calendar month; use promises() }\n\
         party buyer \"Buyer\" as customer { contact desk \"Desk\" { email \"desk@buyer.example\" } }\n\
         proposal first \"First\" of flood { by buyer; raised 2026-09-10; change \"No\" }\n\
         proposal second \"Second\" of buyer.desk { by buyer; raised 2026-09-10; change \"No\" }\n\
         proposal third \"Third\" of web_service.floods { by buyer; raised 2026-09-10; change \"No\" }\n";
    let text = format!("{}\n{own}", importing("web", "import promises from \"lib.sla\"\n"));
    let folder = folder(&[("web.sla", &text), ("lib.sla", lib)]);
    let ran = sla(folder.path(), &["check", "web.sla"]);
    for meant in ["exclusion.flood", "buyer.contact.desk"] {
        assert_eq!(ran.err.matches(&format!("fix: write `{meant}`")).count(), 1, "{}", ran.err);
    }
    assert_eq!(ran.err.matches("no such clause").count(), 1, "{}", ran.err);
}

/// A template that is used twice declares each name with the start that its use gives, and not with another one before that.
#[test]
fn the_names_of_a_use_can_begin_with_another_word() {
    let text = |start: &str| {
        let own = "constant zz_up \"ZZ\" = 97%\nconstant web_up \"Web\" = 98%\n\
             template made(s as signal) { metric up \"Up\" = 100% - s.failed / s.total when empty 0% }\n";
        format!("{}{own}use made(requests) as {start}\n", new("web"))
    };
    let folder = folder(&[("web.sla", &text("zz"))]);
    let told = sla(folder.path(), &["check", "web.sla"]).err;
    assert!(told.contains("`zz_up` is declared twice"), "{told}");
    assert!(told.contains("with `use …(…) as shop` it declares `shop_up`"), "{told}");
    fs::write(folder.path().join("web.sla"), text("shop")).unwrap();
    let told = sla(folder.path(), &["check", "web.sla"]).err;
    assert!(!told.contains("SLA202"), "{told}");
}

/// A measure of another file that needs a service desk: which agreement lacks that is said, and where there is one.
#[test]
fn a_measure_in_time_says_which_agreement_lacks_the_desk() {
    let lib = "party cloud \"Cloud\" as provider\n\
         party other \"Other customer\" as customer\n\
         service help \"Help\" { by cloud to other; scope \"All\" }\n\
         signal tickets \"Tickets\" as cases of help { measured by other; milestone opened, responded, resolved }\n\
         support desk \"Desk\" of help { by cloud to other; cases tickets; on always; channel phone \"1\"; priority p1 \"Critical\" { when \"Down\"; respond within 1h } }\n\
         metric fast \"Fast\" = share(tickets.responded.in_time) when empty 100%\n\
         metric mended \"Mended\" = share(tickets.resolved.in_time) when empty 100%\n";
    let text = |name: &str, imported: &str, metric: &str| {
        let imports = format!("import {imported} from \"lib.sla\"\n");
        let own = format!(
            "\ncommitment answers \"Answers\" of web_service {{ target {metric} >= 90% per calendar month }}\n"
        );
        format!("{}{own}", importing(name, &imports))
    };
    let folder = folder(&[
        ("lib.sla", lib),
        ("one.sla", &text("one", "fast", "fast")),
        ("two.sla", &text("two", "fast, desk", "fast")),
        ("three.sla", &text("three", "mended", "mended")),
    ]);
    let ran = check(folder.path(), &["."]);
    let told: Vec<&str> = ran.out.lines().filter(|line| line.contains("SLA510")).collect();
    assert_eq!(told.len(), 2, "{}", ran.out);
    assert!(
        told[0].contains("gives `responded` of `tickets` a deadline") && told[0].contains("one.sla:1:1"),
        "{told:?}"
    );
    assert!(
        told[1].contains("gives `resolved` of `tickets` a deadline") && told[1].contains("three.sla:1:1"),
        "{told:?}"
    );
    let told = sla(folder.path(), &["check", "one.sla"]).err;
    assert!(told.contains("import the desk as well: `import desk from \"lib.sla\"`"), "{told}");
    assert!(told.contains("it comes with this import"), "{told}");
    // That desk has no deadline for it either.
    let told = sla(folder.path(), &["check", "three.sla"]).err;
    assert!(told.contains("add its deadline to a priority") && !told.contains("import the desk"), "{told}");
}

#[test]
fn what_could_not_be_read_of_a_shared_file_is_not_missed_where_it_is_imported() {
    let terms = "import planned_work from std.exclusions\n\
         dimension plan \"Plan\" { option gold \"Gold\"\noption \"Silver\"\n}\n\
         template shared(s as service) {\n  use planned_work(s, 3 days 4)\n}\n\
         template more(s as service) {\n  exclusion \"Strike\" { when \"A strike\"; counts excluded }\n}\n";
    let clauses = "use shared(web)\nuse more(web)\n\
         signal up \"Up\" as state of web { measured by a; field plan plan; every 1min; missing bad }\n\
         metric share_up \"Share\" = share(up)\n\
         commitment kept \"Kept\" of web per plan {\n  target share_up >= 99% per calendar month\n\
         exclude planned, strike\n  for silver { exclude storm }\n}\n";
    let agreement = hosting("shared, more, plan", "draft", clauses);
    let folder = folder(&[("terms.sla", terms), ("shop.sla", &agreement)]);
    let ran = check(folder.path(), &["."]);
    let errors: Vec<&str> = ran.out.lines().filter(|line| line.contains("error[")).collect();
    assert!(errors.iter().all(|line| line.starts_with("terms.sla") && line.contains("SLA10")), "{errors:?}");
    assert_eq!(errors.len(), 3, "{errors:?}");
}

/// Three agreements take credits from a shared file, of which one row can never apply: it is told once, with each promise that it
/// meets. One promises less, so that the row applies there.
#[test]
fn what_shared_terms_meet_alike_in_several_agreements_is_told_once() {
    let terms = "template month_credits(base as fee) of commitment {\n  \
                 credit of base { below target gives 10%; below 99.9% gives 30% }\n}\n";
    let agreement = |name: &str, goal: &str| {
        let clauses = format!(
            "fee monthly \"Monthly fee\" of web = 1000.00 EUR per calendar month\n\
             signal up \"Up\" as state of web {{ measured by a; every 1min; missing bad }}\n\
             metric share_up \"Share\" = share(up)\n\
             commitment kept \"Kept\" of web {{\n  target share_up >= {goal} per calendar month\n  \
             use month_credits(monthly)\n  claim automatic\n}}\n"
        );
        hosting("month_credits", "draft", &clauses).replace("agreement shop", &format!("agreement {name}"))
    };
    let folder = folder(&[
        ("terms.sla", terms),
        ("one.sla", &agreement("one", "99.5%")),
        ("two.sla", &agreement("two", "99.5%")),
        ("three.sla", &agreement("three", "99.95%")),
    ]);
    let told = sla(folder.path(), &["check", "."]).err;
    assert_eq!(told.matches("[SLA402]").count(), 1, "{told}");
    let warning = told.split("[SLA402]").nth(1).unwrap();
    assert_eq!(warning.matches("this is the target").count(), 2, "{warning}");
    assert!(warning.contains("┌─ one.sla:") && warning.contains("┌─ two.sla:"), "{warning}");
}
