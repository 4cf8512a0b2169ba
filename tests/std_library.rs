//! The standard library: each file can be read, everything in it is used by an agreement that checks clean, its dates are
//! those of the rules and of an independent source, and the page of the reference lists it.

mod claims;
#[cfg(feature = "outside")]
mod published;
mod rules;

use crate::cli::{folder, sla};
use sla::model::Model;
use sla::source::SourceMap;
use sla::std_library::{about, items, names, text};
use sla::syntax::{Decl, Kind};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The model of a file of the library, which is no agreement.
fn declared(name: &str) -> Model {
    let mut sources = SourceMap::new();
    let file = sources.add(format!("std.{name}"), text(name).unwrap());
    sla::check(file, &sources).model
}

/// The model of the file of holidays.
fn holidays() -> Model {
    declared("holidays")
}

#[test]
fn every_file_is_part_of_the_program_and_can_be_read() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("std"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(names().collect::<Vec<_>>(), files);
    for name in names() {
        let mut sources = SourceMap::new();
        let text = text(name).unwrap();
        let file = sources.add(format!("std.{name}"), text);
        let (tree, findings) = sla::syntax::parse(file, text);
        assert!(findings.is_empty(), "{}", sla::diagnostics::plain::render(&findings, &sources, false));
        // What the list shows is what the parser finds.
        let declared: Vec<String> = tree
            .root
            .children()
            .filter(|node| [Kind::decl, Kind::template].contains(&node.kind()))
            .map(|node| Decl(node).name().unwrap().text().to_owned())
            .collect();
        assert_eq!(items(name).iter().map(|item| item.name).collect::<Vec<_>>(), declared, "std.{name}");
        assert!(about(name).len() > 10, "std.{name} begins with a comment of what it is about");
        for item in items(name) {
            assert!(item.about.ends_with('.'), "std.{name}: nothing is said of {}", item.name);
            assert_eq!(item.takes.is_empty(), item.keyword != "template", "{item:?}");
        }
        for line in text.lines() {
            assert!(line.chars().count() <= 130 || line.contains(" \""), "std.{name}: a long line: {line}");
        }
    }
}

/// The agreements of `tests/std`, and one that imports everything that is no template.
fn agreements() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = std::fs::read_dir(root().join("tests/std"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    all.sort();
    all.push(("everything.sla".to_owned(), everything("2026-01-01 to 2031-12-31")));
    all
}

fn of_keyword(file: &str, keyword: &str) -> Vec<&'static str> {
    items(file).into_iter().filter(|item| item.keyword == keyword).map(|item| item.name).collect()
}

/// An agreement of a term in which every set of holidays, every calendar and every exclusion is used.
fn everything(term: &str) -> String {
    let (sets, calendars) = (of_keyword("holidays", "holidays"), of_keyword("calendars", "calendar"));
    let exclusions = of_keyword("exclusions", "exclusion");
    let mut text = format!(
        "import {} from std.holidays\nimport {} from std.calendars\nimport {} from std.exclusions\n",
        sets.join(", "),
        calendars.join(", "),
        exclusions.join(", ")
    );
    let _ = write!(
        text,
        r#"agreement everything "Everything" {{ version "1.0"; status draft; effective {term}; timezone "Europe/Berlin" }}
party acme "Acme GmbH" as provider {{ contact noc "Operations" {{ email "noc@acme.example" }} }}
party globex "Globex" as customer {{ contact it "IT" {{ email "it@globex.example" }} }}
service api "The interface" {{ by acme to globex; scope "All of it" }}
signal requests "Requests" as events of api {{ measured by globex; count total, failed; missing bad }}
metric uptime "Uptime" = 100% - requests.failed / requests.total when empty 100%
commitment kept "Kept" of api {{ target uptime >= 99% per calendar month; exclude {} }}
"#,
        exclusions.join(", ")
    );
    for set in sets {
        let _ = writeln!(
            text,
            "calendar hours_{set} \"Hours of {set}\" {{ open mon to sun 09:00 to 17:00; closed {set} }}"
        );
        let _ = writeln!(text, "{}", duty(&format!("hours_{set}")));
    }
    for calendar in calendars {
        let _ = writeln!(text, "{}", duty(calendar));
    }
    text
}

fn duty(calendar: &str) -> String {
    format!(
        "duty call_{calendar} \"Call in {calendar}\" {{ by acme to globex; do \"Call\"; within 2h on {calendar} of request }}"
    )
}

/// The contracts in a folder; there are some.
fn contracts(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = all.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn everything_in_it_is_used_by_agreements_that_check_clean() {
    let all = agreements();
    let files: Vec<(&str, &str)> = all.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    for (name, _) in &files {
        let ran = sla(folder.path(), &["check", name]);
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"), "{name}: {}", ran.out);
        let built = sla(folder.path(), &["build", name, "--drafts", "--out", "out"]);
        assert_eq!(built.code, 0, "{name}: {}{}", built.out, built.err);
        for path in contracts(&folder.path().join("out")) {
            let contract = std::fs::read_to_string(path).unwrap();
            for link in contract.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
                assert_eq!(contract.matches(&format!("<a id=\"{link}\"></a>")).count(), 1, "{name}: {link}");
            }
        }
    }
    let words: BTreeSet<&str> = files
        .iter()
        .flat_map(|(_, text)| text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_'))
        .collect();
    let unused: Vec<&str> =
        names().flat_map(items).map(|item| item.name).filter(|name| !words.contains(name)).collect();
    assert!(unused.is_empty(), "no agreement in tests/std uses {unused:?}");
}

#[test]
fn what_the_comments_import_is_there() {
    let mut count = 0;
    for name in names() {
        for line in text(name).unwrap().lines().filter_map(|line| line.strip_prefix("//   import ")) {
            let (imported, file) = line.split_once(" from std.").unwrap();
            for wanted in imported.split(", ") {
                count += 1;
                assert!(items(file).iter().any(|item| item.name == wanted), "std.{name}: {line}");
            }
        }
    }
    assert!(count > 10, "{count} imports in comments");
}

#[test]
fn a_term_beyond_the_years_is_told() {
    let told = |term: &str| {
        let folder = folder(&[("late.sla", &everything(term))]);
        let ran = sla(folder.path(), &["check", "--message-format", "short", "late.sla"]);
        ran.out.lines().filter(|line| line.contains("SLA502")).map(str::to_owned).collect::<Vec<_>>()
    };
    let late = told("2027-01-01 to 2032-06-30");
    assert!(late.iter().all(|line| line.contains("warning[SLA502]") && line.contains("end in 2031")), "{late:#?}");
    // Once for all sets, in the agreement itself: nobody who imports them can add a date to them.
    assert_eq!(late.len(), 1, "{late:#?}");
    assert!(late.iter().all(|line| line.starts_with("late.sla:")), "{late:#?}");
    assert_eq!(told("2025-07-01 to 2031-12-31").len(), 1);
    let open = told("2027-01-01");
    assert!(open.iter().all(|line| line.contains("note[SLA502]")), "{open:#?}");
    assert_eq!(open.len(), 1);
}

#[test]
fn the_command_prints_and_lists_them() {
    let folder = folder(&[]);
    let run = |arguments: &[&str]| sla(folder.path(), arguments);
    for name in names() {
        for spelling in [name.to_owned(), format!("std.{name}"), format!("{name}.sla")] {
            let ran = run(&["std", &spelling]);
            assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, text(name).unwrap(), ""));
        }
    }
    let list = run(&["std"]);
    assert_eq!(list.code, 0);
    for name in names() {
        assert!(list.out.contains(&format!("std.{name}  {}\n", about(name))), "{}", list.out);
        assert!(items(name).iter().all(|item| list.out.contains(item.name)));
    }
    assert!(list.out.lines().all(|line| line.chars().count() <= 100), "{}", list.out);
    let wrong = |word: &str| {
        let ran = run(&["std", word]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        ran.err
    };
    assert_eq!(
        wrong("holiday"),
        "error: the standard library has no file `holiday`\n  help: did you mean `holidays`?\n"
    );
    assert!(wrong("bavaria").ends_with("help: `bavaria` is declared in one: `sla std holidays` prints it\n"));
    assert!(
        wrong("bavria")
            .ends_with("help: did you mean `bavaria`? it is declared in one: `sla std holidays` prints it\n")
    );
    assert!(wrong("nothing_like_it").ends_with("help: `sla std` without a name lists all of them\n"));
}

/// The page of the reference: to write it anew, run with `UPDATE_DOCS=1`.
#[test]
fn the_page_lists_everything() {
    let mut wanted = String::new();
    for name in names() {
        let _ = writeln!(wanted, "\n## `std.{name}`\n\n{}.", about(name));
        let (templates, declared): (Vec<_>, Vec<_>) =
            items(name).into_iter().partition(|item| item.keyword == "template");
        if !declared.is_empty() {
            let _ = writeln!(wanted, "\n| declaration | is |\n|---|---|");
        }
        for item in declared {
            let _ = writeln!(wanted, "| {} `{}` | {} |", item.keyword, item.name, item.about);
        }
        if !templates.is_empty() {
            let _ = writeln!(wanted, "\n| template | takes | is |\n|---|---|---|");
        }
        for item in templates {
            let (parameters, place) = item.takes.trim_start_matches('(').split_once(')').unwrap();
            let parameters: Vec<String> = parameters.split(", ").map(|one| format!("`{one}`")).collect();
            let place = place.strip_prefix(" of ").map_or(String::new(), |block| format!(", in a `{block}`"));
            let _ = writeln!(wanted, "| `{}`{place} | {} | {} |", item.name, parameters.join(", "), item.about);
        }
    }
    let path = root().join("docs/reference/library.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mark = "<!-- generated from std/: UPDATE_DOCS=1 cargo test --test tests std_library -->\n";
    let (before, now) = page.split_once(mark).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{mark}{wanted}")).unwrap();
    } else {
        assert_eq!(now, wanted);
    }
    // Its examples are whole agreements.
    let examples: Vec<&str> = page.split("```sla\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let folder = folder(&[("example.sla", example)]);
        let ran = sla(folder.path(), &["check", "example.sla"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"), "{}", ran.out);
        let held = sla(folder.path(), &["test", "example.sla"]);
        assert_eq!(held.code, 0, "{}{}", held.out, held.err);
    }
}

/// One line says where the agreement uses a template of the library in which something is wrong.
#[test]
fn a_finding_in_the_library_says_where_that_is_used() {
    let desk = "import four_priorities from std.support\n\
        agreement desk \"Desk\" { version \"1.0\"; status draft; effective 2027-01-01 to 2027-12-31; timezone \"UTC\"; currency EUR }\n\
        party a \"A\" as provider\nparty b \"B\" as customer\nservice s \"S\" { by a to b; scope \"All\" }\n\
        calendar office \"Office\" { open mon to fri 09:00 to 17:00 }\n\
        signal tickets \"Tickets\" as cases of s { measured by a; milestone opened, responded, resolved }\n\
        support desk \"Desk\" of s { by a to b; cases tickets; on office; channel phone \"+1\"\n\
        \x20 use four_priorities(15min, 4h, 1h, 8h, 2h, 2 days, 4h, 5 days) }\n";
    let folder = crate::cli::folder(&[("desk.sla", desk)]);
    let ran = crate::cli::sla(folder.path(), &["check", "--message-format", "short", "desk.sla"]);
    let line = ran.out.lines().find(|line| line.contains("SLA520")).unwrap_or_default();
    assert!(line.starts_with("std.support:") && line.ends_with(" (used at desk.sla:9:7)"), "{}", ran.out);
}
