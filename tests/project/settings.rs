//! `sla.toml`.

use crate::cli::{Ran, folder, new, sla};
use crate::project::{check, told};
use std::fs;

/// An agreement with a warning: a worse month earns a smaller credit.
fn warned(name: &str) -> String {
    new(name).replace("gives 25%", "gives 5%")
}

fn findings(toml: &str) -> Ran {
    let folder = folder(&[("web.sla", &new("web")), ("sla.toml", toml)]);
    check(folder.path(), &["web.sla"])
}

#[test]
fn an_empty_file_changes_nothing() {
    for text in ["", "# nothing\n", "\u{FEFF}[check]\n", "[project]\n[check]\n[build]\n"] {
        let ran = findings(text);
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"), "{text}: {}", ran.out);
    }
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    let cases = [
        ("[build]\ntarget = [\"json\"]\n", "SLA052 sla.toml:2:1"),
        ("[bild]\n", "SLA052 sla.toml:1:2"),
        ("out = \"x\"\n", "SLA052 sla.toml:1:1"),
        ("[build]\nexclude = []\n", "SLA052 sla.toml:2:1"),
        ("[check]\nSLA999 = \"error\"\n", "SLA052 sla.toml:2:1"),
        ("[check]\ntiers-out-of-order = \"off\"\n", "SLA052 sla.toml:2:1"),
        ("[check]\nnonsense = 3\n", "SLA052 sla.toml:2:1"),
        ("[check]\nSLA401 = \"fatal\"\n", "SLA051 sla.toml:2:10"),
        ("[check]\nSLA401 = false\n", "SLA051 sla.toml:2:10"),
        ("[check]\nSLA201 = \"off\"\n", "SLA051 sla.toml:2:1"),
        ("[check]\nSLA201 = \"warning\"\n", "SLA051 sla.toml:2:1"),
        ("[check]\nstandards = \"ISO\"\n", "SLA051 sla.toml:2:13"),
        ("[check]\nstandards = [3]\n", "SLA051 sla.toml:2:14"),
        ("[build]\ndrafts = \"yes\"\n", "SLA051 sla.toml:2:10"),
        ("[build]\ntargets = [\"jsn\"]\n", "SLA051 sla.toml:2:12"),
        ("[build]\ntargets = []\n", "SLA051 sla.toml:2:11"),
        ("[build]\nout = \"../x\"\n", "SLA051 sla.toml:2:7"),
        ("[build]\nout = \"/tmp/x\"\n", "SLA051 sla.toml:2:7"),
        ("[build]\nout = \"\"\n", "SLA051 sla.toml:2:7"),
        ("[build]\nhorizon = \"2027-02-30\"\n", "SLA051 sla.toml:2:11"),
        ("[build]\nhorizon = 2027\n", "SLA051 sla.toml:2:11"),
        ("[contract]\nsuppliers = \"hide\"\n", "SLA051 sla.toml:2:13"),
        ("[contract]\nsupplier = \"omit\"\n", "SLA052 sla.toml:2:1"),
        ("[project]\nexclude = [\"../x\"]\n", "SLA051 sla.toml:2:12"),
        ("[project]\nexclude = [\"**\"]\n", "SLA051 sla.toml:2:12"),
        ("build = 3\n", "SLA051 sla.toml:1:9"),
        ("[build]\nout = \"x\"\nout = \"y\"\n", "SLA051 sla.toml:3:1"),
        ("[build\n", "SLA051 sla.toml:1:7"),
        ("ü = = 3\n", "SLA051 sla.toml:1:5"),
    ];
    let mut pictures = String::new();
    for (text, expected) in cases {
        let folder = folder(&[("web.sla", &new("web")), ("sla.toml", text)]);
        let ran = check(folder.path(), &["web.sla"]);
        assert_eq!((told(&ran), ran.code), (vec![expected.to_owned()], 1), "{text}\n{}", ran.out);
        let ran = sla(folder.path(), &["build"]);
        assert!(ran.err.contains("1 agreement not built, nothing written"), "{}", ran.err);
        pictures.push_str(ran.err.split_inclusive("\n\n").next().unwrap());
    }
    insta::assert_snapshot!(pictures);
}

#[test]
fn hostile_files_are_survived() {
    let deep = format!("[check]\nstandards = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("[check]\n{}", "x = 1\n".repeat(1000));
    let dotted = format!("{} = 1\n", vec!["a"; 100_000].join("."));
    for text in [&deep, &wide, &dotted, "\u{1B}[31m = 1\n", "[check]\n\"\u{1B}[31m\\u0000\" = 1\n"] {
        let ran = findings(text);
        assert_eq!(ran.code, 1);
        assert!(ran.out.lines().all(|line| line.starts_with("sla.toml:")), "{}", ran.out);
        assert!(!ran.out.contains('\u{1B}'), "{}", ran.out);
    }
    let folder = folder(&[("web.sla", &new("web"))]);
    fs::write(folder.path().join("sla.toml"), b"[check]\n# caf\xE9\n").unwrap();
    assert_eq!(told(&check(folder.path(), &[])), ["SLA051 sla.toml"]);
    fs::remove_file(folder.path().join("sla.toml")).unwrap();
    fs::create_dir(folder.path().join("sla.toml")).unwrap();
    assert_eq!(told(&check(folder.path(), &[])), ["SLA051 sla.toml"]);
    #[cfg(unix)]
    {
        fs::remove_dir(folder.path().join("sla.toml")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("sla.toml")).unwrap();
        let ran = check(folder.path(), &[]);
        assert!(told(&ran) == ["SLA051 sla.toml"] && ran.out.contains("leads out"), "{}", ran.out);
    }
}

#[test]
fn a_project_weighs_findings() {
    let folder = folder(&[("p/web.sla", &warned("web")), ("q/web.sla", &warned("other"))]);
    let settings = |text: &str| fs::write(folder.path().join("p/sla.toml"), text).unwrap();
    let shown = |ran: Ran| -> Vec<String> {
        ran.out.lines().map(|line| line.split(' ').nth(1).unwrap().trim_end_matches(':').to_owned()).collect()
    };
    for (level, expected) in [
        ("error", &["error[SLA401]"][..]),
        ("warning", &["warning[SLA401]"]),
        ("advice", &["advice[SLA401]"]),
        ("note", &["note[SLA401]"]),
        ("off", &[]),
    ] {
        settings(&format!("[check]\nSLA401 = \"{level}\"\n"));
        assert_eq!(shown(check(folder.path(), &["p"])), expected);
        assert_eq!(shown(check(folder.path(), &["q"])), ["warning[SLA401]"], "it is another project");
    }
    settings("[check]\nSLA401 = \"note\"\nSLA803 = \"off\"\n");
    let ran = sla(folder.path(), &["build", "--drafts", "--deny", "warnings", "p", "--message-format", "short"]);
    assert!(ran.code == 0 && !ran.out.contains("SLA803") && ran.out.contains("note[SLA401]"), "{}{}", ran.out, ran.err);
}

#[test]
fn standards_are_named_in_records() {
    let records =
        "records evidence \"Records\" { by acme; keep requests for 24 months; standard \"ISO/IEC 20000-1:2011\" }\n";
    let agreement = |status: &str| new("web").replace("status     draft", &format!("status     {status}"));
    assert!(agreement("in_force").contains("status     in_force"));
    let toml = "[check]\nstandards = [\"ISO/IEC 20000-1:2018\"]\n";
    let folder = folder(&[("web.sla", &agreement("in_force")), ("sla.toml", toml)]);
    let about = |ran: &Ran| told(ran).into_iter().filter(|line| line.starts_with("SLA053")).collect::<Vec<_>>();
    let line = |text: &str| text.lines().position(|line| line.starts_with("agreement ")).unwrap() + 1;
    let expected = [format!("SLA053 web.sla:{}:11", line(&agreement("in_force")))];
    assert_eq!(about(&check(folder.path(), &[])), expected);
    let ran = sla(folder.path(), &["check"]);
    let picture: String = ran.err.split_inclusive("\n\n").filter(|one| one.contains("SLA053")).collect();
    insta::assert_snapshot!(picture);
    fs::write(folder.path().join("web.sla"), agreement("draft")).unwrap();
    assert_eq!(about(&check(folder.path(), &[])), Vec::<String>::new());
    let named = format!("{}{}", agreement("in_force"), records.replace("acme", "provider").replace("2011", "2018"));
    fs::write(folder.path().join("web.sla"), named).unwrap();
    assert_eq!(about(&check(folder.path(), &[])), Vec::<String>::new());
}

#[test]
fn a_project_says_what_is_built() {
    let toml =
        "[build]\ntargets = [\"contract\", \"prometheus\"]\nout = \"made/here\"\nhorizon = 2029-12-31\ndrafts = true\n";
    let folder = folder(&[("p/web.sla", &new("web")), ("p/sla.toml", toml), ("q/other.sla", &new("other"))]);
    let at = |path: &str| folder.path().join(path);
    let ran = sla(folder.path(), &["build", "p", "q"]);
    assert!(ran.err.ends_with("2 agreements, 5 files written to build/ and p/made/here/\n"), "{}", ran.err);
    assert!(fs::read_to_string(at("p/made/here/web.rules.yml")).unwrap().contains("alert"));
    assert!(!at("p/made/here/web.bundle.json").exists() && at("build/other.bundle.json").exists());
    // From within, and with the command line in its place.
    let ran = sla(&at("p/made"), &["build", ".."]);
    assert!(ran.err.ends_with("1 agreement, 2 files written to here/\n"), "{}", ran.err);
    let ran = sla(folder.path(), &["build", "p", "--out", "o", "--target", "json"]);
    assert!(ran.err.ends_with("1 agreement, 1 file written to o/\n"), "{}", ran.err);
}

/// Files replace one another in one folder only.
#[test]
fn two_projects_may_have_an_agreement_of_one_name() {
    let web = new("web");
    let toml = "[build]\nout = \"o\"\n";
    let folder = folder(&[("x/sla.toml", toml), ("x/web.sla", &web), ("y/sla.toml", toml), ("y/web.sla", &web)]);
    assert_eq!(check(folder.path(), &["."]).code, 0);
    let ran = sla(folder.path(), &["build", "."]);
    assert!(ran.code == 0 && ran.err.ends_with("2 agreements, 6 files written to x/o/ and y/o/\n"), "{}", ran.err);
    let is_told = |ran: &Ran| ran.code == 1 && ran.err.contains("SLA008") && ran.err.contains("2 agreements not built");
    let ran = sla(folder.path(), &["build", ".", "--out", "one"]);
    assert!(is_told(&ran), "{}", ran.err);
    // Without folders of their own both are built into one.
    for project in ["x", "y"] {
        fs::write(folder.path().join(project).join("sla.toml"), "").unwrap();
    }
    assert!(sla(folder.path(), &["check", "."]).err.contains("SLA008"));
    // One folder under two names.
    fs::write(folder.path().join("sla.toml"), "[build]\nout = \"x/o\"\n").unwrap();
    fs::write(folder.path().join("x/sla.toml"), toml).unwrap();
    fs::remove_file(folder.path().join("y/sla.toml")).unwrap();
    assert!(is_told(&sla(folder.path(), &["build", "."])));
}

#[test]
fn folders_are_passed_over() {
    let slip = "agreement slip \"A slip\" {\n  verison  \"1.0\"\n}\n";
    let folder = folder(&[
        ("sla.toml", "[project]\nexclude = [\"old/**\", \"*/drafts\", \"lib/x.sla\"]\n"),
        ("web.sla", &new("web")),
        ("old/slip.sla", slip),
        ("old/deep/slip.sla", slip),
        ("a/drafts/slip.sla", slip),
        ("lib/x.sla", slip),
    ]);
    let ran = check(folder.path(), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"), "{}", ran.out);
    assert_eq!(check(folder.path(), &["old/slip.sla"]).code, 1, "what is named is meant");
}

/// What is passed over is not looked for in a file that is broken elsewhere.
#[test]
fn a_broken_file_still_says_what_is_passed_over() {
    for rest in ["[build]\ntargets = [json]\n", "[build]\nout = \"out\n", "[build]\ntargets = [\"jsn\"]\n", "[build\n"]
    {
        let toml = format!("[project]\nexclude = [\"old\", \"none\"]\n{rest}");
        let folder = folder(&[("sla.toml", &toml), ("web.sla", &new("web")), ("old/slip.sla", "slip\n")]);
        let ran = check(folder.path(), &["."]);
        assert!(ran.code == 1 && ran.out.contains("error[SLA051]"), "{rest}: {}", ran.out);
        assert!(!ran.out.contains("old/slip.sla"), "{rest}: {}", ran.out);
    }
}

#[test]
fn settings_that_do_nothing_are_told() {
    let toml = "[project]\nexclude = [\"old\", \"odl\", \"**/old\"]\n[build]\nhorizon = 2020-12-31\n";
    let folder = folder(&[("p/sla.toml", toml), ("p/web.sla", &new("web")), ("p/old/web.sla", &new("web"))]);
    let pattern = "SLA054 p/sla.toml:2:19";
    let horizon = "SLA054 p/sla.toml:4:11";
    for looked in [".", "p"] {
        let ran = check(folder.path(), &[looked]);
        assert_eq!((told(&ran), ran.code), (vec![pattern.to_owned(), horizon.to_owned()], 0), "{}", ran.out);
    }
    // Of a part of the project it is not known what is passed over in the rest.
    let ran = check(folder.path(), &["p/web.sla"]);
    assert_eq!(told(&ran), [horizon], "{}", ran.out);
    fs::write(folder.path().join("p/sla.toml"), format!("{toml}[check]\nSLA054 = \"off\"\n")).unwrap();
    assert_eq!(told(&check(folder.path(), &["p"])), [""; 0]);
}

#[test]
fn a_folder_of_which_all_is_excluded_is_told_as_one() {
    let folder = folder(&[("sla.toml", "[project]\nexclude = [\"web.sla\"]\n"), ("web.sla", &new("web"))]);
    let ran = check(folder.path(), &[]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.out.contains("`exclude` in `sla.toml` passes over all that the folder has"), "{}", ran.out);
    assert_eq!(check(folder.path(), &["web.sla"]).code, 0);
}

#[cfg(unix)]
#[test]
fn what_is_built_does_not_follow_a_link_out_of_the_project() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[
        ("p/sla.toml", "[build]\nout = \"out/here\"\n"),
        ("p/web.sla", &new("web")),
        ("p/inside/x.txt", ""),
        ("else/x.txt", ""),
    ]);
    let project = folder.path().join("p");
    symlink("../else", project.join("out")).unwrap();
    let ran = sla(&project, &["build"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("`out/here` leads out of the project's folder, by way of a link"), "{}", ran.err);
    assert_eq!(fs::read_dir(folder.path().join("else")).unwrap().count(), 1);
    fs::remove_file(project.join("out")).unwrap();
    symlink("inside", project.join("out")).unwrap();
    let ran = sla(&project, &["build"]);
    assert!(ran.err.ends_with("1 agreement, 3 files written to out/here/\n"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_told_in_our_words() {
    let folder = folder(&[("web.sla", &super::importing("web", "import x from \"one.sla\"\n"))]);
    for (from, to) in [("one.sla", "two.sla"), ("two.sla", "one.sla")] {
        std::os::unix::fs::symlink(to, folder.path().join(from)).unwrap();
    }
    for named in ["web.sla", "one.sla"] {
        let ran = check(folder.path(), &[named]);
        assert!(ran.out.contains("the links that lead to it form a circle"), "{}", ran.out);
    }
}

/// Each setting of the wrong type is an error at its place, which says what is written there.
#[test]
fn a_setting_of_the_wrong_type_is_told_where_it_stands() {
    let old = "this is no agreement {";
    let all = |toml: &str| {
        let folder = folder(&[("p/sla.toml", toml), ("p/web.sla", &new("web")), ("p/old/x.sla", old)]);
        check(folder.path(), &["p"])
    };
    // What it names is passed over all the same.
    let ran = all("[project]\nexclude = \"old\"\n");
    assert_eq!(told(&ran), ["SLA051 p/sla.toml:2:11"], "{}", ran.out);
    let list = r#"`exclude` takes a list of texts, such as `["…"]`, and not `"old"`"#;
    assert!(ran.out.contains(list), "{}", ran.out);
    let folder = folder(&[("sla.toml", "[project]\nexclude = \"old\"\n"), ("web.sla", &new("web"))]);
    let ran = sla(folder.path(), &["check", "--message-format", "plain"]);
    assert!(ran.err.contains(r#"fix: write `["old"]`"#), "{}{}", ran.out, ran.err);
    for (toml, place, says) in [
        ("[project]\nexclude = 3\n", "2:11", "`exclude` takes a list of texts, such as `[\"…\"]`, and not a number"),
        ("[project]\nexclude = [3]\n", "2:12", "`exclude` takes texts in quotes, and this is a number"),
        ("[check]\nstandards = true\n", "2:13", "`standards` takes a list of texts, such as `[\"…\"]`, and not `true`"),
        ("[build]\ntargets = \"contract\"\n", "2:11", "`targets` takes a list of texts"),
        ("[build]\nout = [\"x\"]\n", "2:7", "`out` takes a folder in quotes, and not a list"),
        ("[build]\ndrafts = 1\n", "2:10", "`drafts` takes `true` or `false`, and not a number"),
        ("[build]\nhorizon = [2029]\n", "2:11", "`horizon` takes a date, such as `2029-12-31`, and not a list"),
        ("[contract]\nsuppliers = true\n", "2:13", "`suppliers` takes `\"include\"` or `\"omit\"`, and not `true`"),
        ("[check]\nSLA401 = [\"off\"]\n", "2:10", "`SLA401` takes `\"error\"`"),
        ("project = \"old\"\n", "1:11", "`project` takes a section, and not `\"old\"`"),
        ("[[project]]\nexclude = [\"old\"]\n", "1:1", "`project` takes a section, and not a list"),
    ] {
        let ran = all(toml);
        let line = ran.out.lines().find(|line| line.contains("sla.toml")).unwrap_or_default();
        assert!(line.contains(&format!("p/sla.toml:{place}: error[SLA051]: {says}")), "{toml}{}", ran.out);
    }
}
