//! The command itself, run in folders of its own: commands, exit codes, layouts, files, hostile input.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// An agreement with a slip in it.
const SLIP: &str = "agreement slip \"A slip\" {\n  verison  \"1.0\"\n}\n";
/// An agreement whose last block is not closed.
const UNCLOSED: &str = "agreement open \"Not closed\" {\n  version  \"1.0\"\n";

/// What a command did.
pub struct Ran {
    pub out: String,
    pub err: String,
    pub code: i32,
}

/// Runs `sla` in a folder, without a terminal.
pub fn sla(folder: &Path, arguments: &[&str]) -> Ran {
    sla_with_input(folder, arguments, b"")
}

fn sla_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = command(folder, arguments).spawn().unwrap();
    // The command may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().expect("the command was not killed"),
    }
}

pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sla"));
    command.current_dir(folder).args(arguments).env_remove("NO_COLOR").env("TERM", "xterm");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A folder with these files; folders on their way are made.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// An agreement with one worked example that expects this.
fn worked(expectation: &str) -> String {
    let text = include_str!("checks/SLA707-fails.sla");
    text.split("\n//! ")
        .next()
        .unwrap()
        .replace("uptime rounds to 99.87%, credit = 50.00 EUR, attained = 99.861111%", expectation)
}

#[test]
fn worked_examples_are_compared() {
    let right = worked("uptime rounds to 99.86%, credit = 100.00 EUR");
    let wrong = worked("credit = 50.00 EUR");
    let open = worked("credit = 50.00 EUR").replace("= 1000.00 EUR per", "= invoiced per");
    let folder = folder(&[("right.sla", &right), ("wrong.sla", &wrong), ("open.sla", &open)]);
    let ran = sla(folder.path(), &["test", "right.sla"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (0, "no findings in 1 file: errors, and what is about examples; `sla check` tells the rest\n1 example holds\n")
    );
    assert_eq!(
        ran.out,
        "right.sla\n  holds      hour  One hour down\n             uptime = 99.861111%\n             credit = 100.00 EUR\n"
    );
    let ran = sla(folder.path(), &["test", "--steps"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("`error_rate` in 12 slices of 5min: 100%"), "{}", ran.out);
    assert!(ran.out.contains("undecided  hour") && ran.out.contains("fails      hour"), "{}", ran.out);
    assert!(ran.err.ends_with("1 example holds, 1 fails, 1 is undecided\n"), "{}", ran.err);
    let ran = sla(folder.path(), &["test", "--message-format", "json", "wrong.sla"]);
    let finding: serde_json::Value = serde_json::from_str(&ran.out).expect("nothing but the finding");
    assert_eq!((&finding["code"], &finding["derivation"][0]), (&"SLA707".into(), &"`uptime`: 99.861111%".into()));
    assert_eq!(sla(folder.path(), &["test", "--deny", "warnings", "open.sla"]).code, 1);
    assert_eq!(sla(folder.path(), &["test", "open.sla"]).code, 0);
}

/// A new agreement of that name.
pub fn new(name: &str) -> String {
    let ran = sla(Path::new("."), &["new", "--stdout", name]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

/// The result has standard output for itself, whoever reads the findings.
#[test]
fn findings_for_programs_stand_beside_what_is_evaluated() {
    let requests = "time,total,failed\n2027-03-01T00:00:00+01:00,10,1\n";
    let folder = folder(&[("web.sla", &new("web")), ("data/requests.csv", requests), ("data/other.csv", "x\n")]);
    let evaluate = |more: &[&str]| {
        sla(folder.path(), &[&["evaluate", "web.sla", "--data", "data", "--period", "2027-03"], more].concat())
    };
    let usual = evaluate(&["--format", "json"]);
    for format in ["short", "json"] {
        let ran = evaluate(&["--format", "json", "--message-format", format]);
        assert_eq!((ran.code, &ran.out), (0, &usual.out), "{}", ran.err);
        assert_eq!((ran.err.lines().count(), ran.err.contains("SLA759")), (1, true), "{}", ran.err);
    }
    // Without a result it is no other.
    fs::write(folder.path().join("web.sla"), SLIP).unwrap();
    let ran = evaluate(&["--message-format", "short"]);
    assert!(ran.code == 1 && ran.out.is_empty() && ran.err.starts_with("web.sla:"), "{}{}", ran.out, ran.err);
}

/// Drafts get no rules, which one note says of all of them where they are many.
#[test]
fn many_drafts_are_one_note() {
    let texts: Vec<(String, String)> =
        ["a", "b", "c", "d", "e"].iter().map(|one| (format!("{one}.sla"), new(one))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let few = sla(folder(&files[..3]).path(), &["build", "--message-format", "short", "."]);
    assert_eq!(few.out.matches("SLA805").count(), 3, "{}", few.out);
    let many = sla(folder(&files).path(), &["build", "."]);
    let told = many.out.clone() + &many.err;
    assert_eq!(
        told.matches("SLA805]: no rules are made of an agreement that is a draft (5 agreements)").count(),
        1,
        "{told}"
    );
    assert!(
        told.contains("so it is in b.sla, c.sla, d.sla, and 1 more") && told.contains("1 note in 5 files"),
        "{told}"
    );
}

/// Each agreement that is not built is named by an error, though what is wrong is in a file that they share.
#[test]
fn errors_in_a_shared_file_name_every_agreement_that_has_them() {
    let ladder = "template ladder(base as fee, first as ratio) of commitment {
  credit of base { below target gives first; below 95% gives 20% }
}
";
    let with = |name: &str, first: &str| {
        let text = new(name);
        let start = text.find("  credit of monthly_fee {").unwrap();
        let end = start + text[start..].find("\n  }\n").unwrap() + 5;
        let text = format!("{}  use ladder(monthly_fee, {first})\n{}", &text[..start], &text[end..]);
        format!("import ladder from \"lib.sla\"\n{}", text.split("// ---- a worked example").next().unwrap())
    };
    let texts = [
        ("one.sla", with("one", "10%")),
        ("two.sla", with("two", "30%")),
        ("three.sla", with("three", "30%")),
        ("four.sla", with("four", "40%")),
    ];
    let mut files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    files.push(("lib.sla", ladder));
    let ran = sla(folder(&files).path(), &["build", "--deny", "warnings", "--message-format", "plain", "."]);
    let told = ran.out + &ran.err;
    assert!(told.contains("2 errors, ") && told.contains("3 agreements not built"), "{told}");
    for name in ["two.sla", "three.sla", "four.sla"] {
        assert_eq!(told.matches(name).count(), 1, "{name}: {told}");
    }
}

/// One with a warning and no error: a worse month earns a smaller credit.
fn warned() -> String {
    let text = new("warned");
    assert!(text.contains("gives 25%"));
    text.replace("gives 25%", "gives 5%")
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// The files of the findings of a run, in the order of the output.
fn found_in(ran: &Ran) -> Vec<&str> {
    ran.out.lines().map(|line| line.split(':').next().unwrap()).collect()
}

mod check {
    use super::*;

    #[test]
    fn a_clean_agreement_is_exit_code_0() {
        let folder = folder(&[("web.sla", &new("web"))]);
        let ran = sla(folder.path(), &["check"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "no findings in 1 file\n"));
    }

    #[test]
    fn an_error_is_exit_code_1() {
        let folder = folder(&[("slip.sla", SLIP)]);
        assert_eq!(sla(folder.path(), &["check"]).code, 1);
    }

    #[test]
    fn a_warning_is_an_error_only_if_denied() {
        let folder = folder(&[("warned.sla", &warned())]);
        let ran = sla(folder.path(), &["check"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("warning["), "{}", ran.err);
        let ran = sla(folder.path(), &["check", "--deny", "warnings"]);
        assert_eq!(ran.code, 1);
        assert!(!ran.err.contains("warning["), "{}", ran.err);
    }

    #[test]
    fn what_cannot_be_read_is_exit_code_2() {
        let folder = folder(&[("slip.sla", SLIP)]);
        let ran = sla(folder.path(), &["check", "slip.sla", "missing.sla", "--message-format", "short"]);
        assert_eq!(ran.code, 2);
        assert_eq!(found_in(&ran), ["missing.sla", "slip.sla"]);
    }

    #[test]
    fn each_file_is_counted() {
        let utf16: Vec<u8> = "[build]\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with = |bytes: &[u8], path: &str| {
            let folder = folder(&[("a.sla", &new("a")), ("b.sla", &new("b")), ("c.sla", &new("c"))]);
            fs::write(folder.path().join(path), bytes).unwrap();
            folder
        };
        let broken = with(b"\xFF\xFE\0", "d.sla");
        let ran = sla(broken.path(), &["build", "--target", "json"]);
        assert!(ran.err.ends_with("3 agreements, 3 files written to build/; 1 agreement not built\n"), "{}", ran.err);
        let ran = sla(broken.path(), &["build", "missing.sla"]);
        assert!(ran.err.ends_with("1 agreement not built, nothing written\n"), "{}", ran.err);
        // The settings of a project are no agreement.
        let ran = sla(with(&utf16, "sla.toml").path(), &["check", "a.sla", "--message-format", "short"]);
        assert_eq!(ran.err, "1 error in 1 file\n");
        assert!(ran.out.ends_with("the file cannot be read: the file is in UTF-16\n"), "{}", ran.out);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn files_whose_names_look_alike_are_counted_one_by_one() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let folder = folder(&[]);
        for (name, agreement) in [(&b"a\xE9.sla"[..], "one"), (b"a\xE8.sla", "two")] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), new(agreement)).unwrap();
        }
        assert_eq!(sla(folder.path(), &["check"]).err, "no findings in 2 files\n");
    }

    #[test]
    fn a_wrong_command_line_is_exit_code_2() {
        let folder = folder(&[]);
        for arguments in
            [&["chek"][..], &["check", "--message-format", "html"], &["build", "--horizon", "2027-02-30"], &[]]
        {
            let ran = sla(folder.path(), arguments);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        }
        assert!(sla(folder.path(), &["chek"]).err.contains("check"), "the command is suggested");
        let ran = sla(folder.path(), &["build", "--horizon", "2027-02-30"]);
        assert!(ran.err.contains("February 2027 has 28 days"), "{}", ran.err);
    }

    #[test]
    fn a_folder_without_agreements_is_no_success() {
        let folder = folder(&[("notes.txt", ""), (".hidden.sla", SLIP), (".git/x.sla", SLIP)]);
        let ran = sla(folder.path(), &["check"]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("SLA007"), "{}", ran.err);
    }

    #[test]
    fn folders_are_read_in_the_order_of_paths() {
        let folder = folder(&[("b.sla", SLIP), ("a/z.sla", SLIP), ("a/b/c.sla", SLIP), ("a.sla", SLIP)]);
        let expected = ["a/b/c.sla", "a/z.sla", "a.sla", "b.sla"];
        for _ in 0..5 {
            let ran = sla(folder.path(), &["check", "--message-format", "short"]);
            let found = found_in(&ran);
            assert_eq!(found.iter().filter(|path| **path == "a.sla").count(), 2, "the slip and the name: {found:?}");
            let mut files = found;
            files.dedup();
            assert_eq!(files, expected);
        }
    }

    #[test]
    fn a_file_named_twice_is_read_once() {
        let folder = folder(&[("web.sla", &new("web"))]);
        let ran = sla(folder.path(), &["check", "web.sla", ".", "./web.sla"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"));
    }

    #[test]
    fn two_agreements_of_one_name_name_both_files() {
        let folder = folder(&[("a.sla", &new("web")), ("b/b.sla", &new("web"))]);
        let ran = sla(folder.path(), &["check"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("SLA008") && ran.err.contains("a.sla") && ran.err.contains("b/b.sla"), "{}", ran.err);
    }

    #[test]
    fn standard_input_is_a_file_like_others() {
        let folder = folder(&[]);
        let ran = sla_with_input(folder.path(), &["check", "-", "--message-format", "short"], SLIP.as_bytes());
        assert_eq!((ran.code, found_in(&ran)), (1, vec!["<stdin>"]));
        let ran = sla_with_input(folder.path(), &["check", "-"], new("web").as_bytes());
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"));
        let ran = sla_with_input(folder.path(), &["check", "-", "-"], new("web").as_bytes());
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"));
    }

    #[test]
    #[cfg(unix)]
    fn links_do_not_lead_out_of_a_folder() {
        use std::os::unix::fs::symlink;
        let outside = folder(&[("far/away.sla", SLIP), ("away.sla", SLIP)]);
        let folder = folder(&[("a/web.sla", &new("web"))]);
        symlink(outside.path(), folder.path().join("outside")).unwrap();
        symlink(outside.path().join("away.sla"), folder.path().join("away.sla")).unwrap();
        symlink(folder.path(), folder.path().join("a/ring")).unwrap();
        symlink("nowhere.sla", folder.path().join("dangling.sla")).unwrap();
        symlink(folder.path().join("a/web.sla"), folder.path().join("same.sla")).unwrap();
        let ran = sla(folder.path(), &["check"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"));
        // A link that is named is meant.
        assert_eq!(sla(folder.path(), &["check", "away.sla"]).code, 1);
    }
}

mod status {
    use super::*;

    /// An agreement with an open point.
    fn open() -> String {
        new("web")
            + "\nproposal more \"More\" of availability { by customer to provider; raised 2026-09-14; change \"More\"; within 14 days }\n"
    }

    #[test]
    fn an_open_point_fails_only_where_all_must_be_agreed() {
        let folder = folder(&[("web.sla", &open()), ("mail.sla", &new("mail"))]);
        let ran = sla(folder.path(), &["status"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
        assert!(ran.out.contains("\n2 agreements: 1 point is open\n"), "{}", ran.out);
        assert!(!ran.out.contains("overdue"), "no day is today: {}", ran.out);
        assert_eq!(sla(folder.path(), &["status", "--require-agreed"]).code, 1);
        assert_eq!(sla(folder.path(), &["status", "--require-agreed", "mail.sla"]).code, 0);
        assert_eq!(sla(folder.path(), &["status", "--require-agreed", "--as-of", "2026-09-13"]).code, 0);
        let ran = sla(folder.path(), &["status", "--as-of", "2026-09-29", "--color", "always"]);
        assert!(ran.out.contains("1 point is open (1 overdue)") && ran.out.contains('\u{1B}'), "{}", ran.out);
    }

    #[test]
    fn programs_get_json_and_nothing_else() {
        let folder = folder(&[("web.sla", &open()), ("slip.sla", SLIP)]);
        let ran = sla(folder.path(), &["status", "--format", "json"]);
        assert_eq!(ran.code, 1, "an agreement has an error");
        let found: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(found["not_shown"], serde_json::json!([{ "file": "slip.sla", "errors": 1 }]));
        assert_eq!((found["agreements"].as_array().unwrap().len(), &found["counts"]["open"]), (1, &1.into()));
        assert!(ran.err.contains("SLA101") || ran.err.contains("slip.sla"), "{}", ran.err);
        let ran = sla(folder.path(), &["status"]);
        assert!(
            ran.out.contains("\nslip.sla: not shown, since it has 1 error\n") || ran.out.starts_with("slip.sla"),
            "{}",
            ran.out
        );
        let ran = sla(folder.path(), &["status", "nowhere.sla"]);
        assert_eq!(ran.code, 2);
        assert!(ran.out.starts_with("nowhere.sla: not shown") && !ran.out.contains("no point is open"), "{}", ran.out);
        let ran = sla(folder.path(), &["status", "--format", "json", "nowhere.sla"]);
        assert!(ran.out.contains("\"nowhere.sla\""), "{}", ran.out);
        assert_eq!(sla(folder.path(), &["status", "--as-of", "2026-02-30"]).code, 2);
    }

    /// That an agreement in force has an open point is an error, and shown all the same.
    #[test]
    fn what_is_in_force_with_an_open_point_is_shown() {
        let text = open().replacen("draft ", "in_force ", 1);
        let folder = folder(&[("web.sla", &text)]);
        let ran = sla(folder.path(), &["status"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("SLA702"), "{}", ran.err);
        assert!(ran.out.contains("in force, a draft, version"), "{}", ran.out);
        let ran = sla(folder.path(), &["build"]);
        assert!(ran.code == 1 && names(folder.path()) == ["web.sla"], "{}", ran.err);
    }
}

mod layouts {
    use super::*;

    fn shown(format: &str) -> Ran {
        let folder = folder(&[("a/slip.sla", SLIP), ("unclosed.sla", UNCLOSED)]);
        let ran = sla(folder.path(), &["check", "missing.sla", ".", "--message-format", format]);
        assert_eq!(ran.code, 2);
        ran
    }

    #[test]
    fn for_people_on_standard_error() {
        for format in ["fancy", "narrated", "plain"] {
            let ran = shown(format);
            assert_eq!(ran.out, "");
            insta::assert_snapshot!(format!("cli_{format}"), ran.err);
        }
    }

    #[test]
    fn for_programs_on_standard_output() {
        for format in ["short", "json"] {
            let ran = shown(format);
            assert_eq!(ran.err, "3 errors in 3 files\n");
            insta::assert_snapshot!(format!("cli_{format}"), ran.out);
        }
        for line in shown("json").out.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }

    #[test]
    fn the_plain_layout_is_the_default_where_nobody_watches() {
        let folder = folder(&[("slip.sla", SLIP)]);
        let plain = sla(folder.path(), &["check", "--message-format", "plain"]).err;
        assert_eq!(sla(folder.path(), &["check"]).err, plain);
    }

    #[test]
    fn colours_are_for_terminals_and_for_who_asks() {
        let folder = folder(&[("slip.sla", SLIP)]);
        let coloured = |ran: &Ran| ran.err.contains('\u{1B}');
        assert!(!coloured(&sla(folder.path(), &["check"])));
        for format in ["fancy", "plain"] {
            assert!(coloured(&sla(folder.path(), &["check", "--color", "always", "--message-format", format])));
            assert!(!coloured(&sla(folder.path(), &["check", "--color", "never", "--message-format", format])));
        }
        let mut no_color = command(folder.path(), &["--color", "always", "check"]);
        let output = no_color.env("NO_COLOR", "1").output().unwrap();
        assert!(output.stderr.contains(&0x1B), "an explicit choice wins over NO_COLOR");
    }
}

mod files {
    use super::*;

    /// The code that a file with these bytes is told.
    fn code_for(bytes: &[u8]) -> (i32, String) {
        let folder = folder(&[]);
        fs::write(folder.path().join("x.sla"), bytes).unwrap();
        let ran = sla(folder.path(), &["check", "x.sla", "--message-format", "short"]);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        let codes: Vec<&str> = ran.out.split('[').skip(1).map(|rest| &rest[..6]).collect();
        (ran.code, codes.join(" "))
    }

    #[test]
    fn what_is_no_agreement_is_said() {
        assert_eq!(code_for(b""), (1, "SLA005".to_owned()));
        assert_eq!(code_for(b"\xEF\xBB\xBF \n\n// only a comment\n"), (1, "SLA005".to_owned()));
        assert_eq!(code_for(b"agreement a \"caf\xE9\" {}\n"), (1, "SLA003".to_owned()));
        assert_eq!(code_for(b"\xFF\xFEa\0g\0"), (1, "SLA003".to_owned()));
        assert_eq!(code_for(b"<?xml version=\"1.0\"?>\n<SCRIBUSUTF8NEW Version=\"1.5\">"), (1, "SLA004".to_owned()));
        assert_eq!(code_for(b"agreement a\0b {}"), (1, "SLA004".to_owned()));
    }

    #[test]
    fn a_file_of_more_than_16_mib_is_too_large() {
        let text = "// a comment that goes on\n".repeat(16 * 1024 * 1024 / 26 + 2);
        assert_eq!(code_for(text.as_bytes()), (1, "SLA002".to_owned()));
        let folder = folder(&[]);
        let ran = sla_with_input(folder.path(), &["check", "-", "--message-format", "short"], text.as_bytes());
        assert!(ran.code == 1 && ran.out.contains("SLA002"), "{}", ran.out);
    }

    #[test]
    fn nesting_of_any_depth_is_survived() {
        for (open, close) in [("{", "}"), ("(", ")"), ("[", "]"), ("if 1 then ", ""), ("-", ""), ("not ", "")] {
            let text =
                format!("agreement a \"A\" {{}}\nmetric m \"M\" = {}1{}\n", open.repeat(50_000), close.repeat(50_000));
            let (code, found) = code_for(text.as_bytes());
            assert!(code <= 1, "{open}: {found}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_pipe_in_place_of_a_file_does_not_hang() {
        let folder = folder(&[]);
        assert!(Command::new("mkfifo").arg(folder.path().join("pipe.sla")).status().unwrap().success());
        let ran = sla(folder.path(), &["check", "pipe.sla", "--message-format", "short"]);
        assert!(ran.code == 2 && ran.out.contains("SLA001"), "{}", ran.out);
        let ran = sla(folder.path(), &["check", "--message-format", "short"]);
        assert!(ran.code == 2 && ran.out.contains("SLA007"), "{}", ran.out);
    }

    #[test]
    #[cfg(unix)]
    fn hostile_names_cannot_write_on_the_terminal() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let folder =
            folder(&[("\u{1B}[31mred\n.sla", SLIP), ("-dash.sla", SLIP), ("a b.sla", SLIP), ("$(x).sla", SLIP)]);
        fs::write(folder.path().join(OsStr::from_bytes(b"latin\xE9.sla")), SLIP).unwrap();
        for format in ["fancy", "narrated", "plain", "short", "json"] {
            let ran = sla(folder.path(), &["check", "--message-format", format]);
            assert_eq!(ran.code, 1);
            assert!(!ran.out.contains('\u{1B}') && !ran.err.contains('\u{1B}'), "{}{}", ran.out, ran.err);
        }
        let ran = sla(folder.path(), &["check", "--message-format", "short", "--", "-dash.sla", "no\u{1B}[2Jsuch.sla"]);
        assert_eq!((ran.code, ran.out.lines().count()), (2, 2), "{}", ran.out);
    }

    #[test]
    #[cfg(unix)]
    fn a_reader_that_has_gone_is_no_panic() {
        let folder = folder(&[("slip.sla", &SLIP.repeat(2000))]);
        for arguments in [&["check", "--message-format", "json"][..], &["explain"], &["--help"], &["schema"]] {
            let mut child = command(folder.path(), arguments).spawn().unwrap();
            drop(child.stdout.take());
            let output = child.wait_with_output().unwrap();
            let err = String::from_utf8(output.stderr).unwrap();
            assert!(!err.contains("panicked") && output.status.code().is_some(), "{arguments:?}: {err}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_behind_the_output_is_exit_code_2() {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(Path::new("."), &["explain", "SLA201"]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("cannot be written"));
    }
}

mod build {
    use super::*;

    #[test]
    fn every_agreement_has_its_files_and_the_sum_is_said() {
        let folder = folder(&[("web.sla", &new("web")), ("mail.sla", &new("mail"))]);
        let ran = sla(folder.path(), &["build", "--out", "out/deep"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.ends_with("2 agreements, 6 files written to out/deep/\n"), "{}", ran.err);
        let kinds = ["bundle.json", "contract.md", "rules.yml"];
        let expected: Vec<String> =
            ["mail", "web"].iter().flat_map(|name| kinds.map(|kind| format!("{name}.{kind}"))).collect();
        assert_eq!(names(&folder.path().join("out/deep")), expected);
    }

    #[test]
    fn targets_can_be_chosen() {
        let folder = folder(&[("web.sla", &new("web"))]);
        assert_eq!(sla(folder.path(), &["build", "--target", "json,contract"]).code, 0);
        assert_eq!(names(&folder.path().join("build")), ["web.bundle.json", "web.contract.md"]);
        let ran = sla(folder.path(), &["build", "--target", "promethues"]);
        assert!(ran.code == 2 && ran.err.contains("'prometheus'"), "{}", ran.err);
    }

    #[test]
    fn one_that_fails_writes_nothing_and_the_others_are_written() {
        let folder = folder(&[("slip.sla", SLIP), ("web.sla", &new("web"))]);
        let ran = sla(folder.path(), &["build"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.ends_with("1 agreement, 3 files written to build/; 1 agreement not built\n"), "{}", ran.err);
        assert_eq!(names(&folder.path().join("build")), ["web.bundle.json", "web.contract.md", "web.rules.yml"]);
    }

    #[test]
    fn what_fails_leaves_the_folder_as_it_was() {
        let folder = folder(&[("slip.sla", SLIP)]);
        let ran = sla(folder.path(), &["build"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.ends_with("1 agreement not built, nothing written\n"), "{}", ran.err);
        assert_eq!(names(folder.path()), ["slip.sla"]);
    }

    #[test]
    fn a_denied_warning_keeps_the_files_from_being_written() {
        let folder = folder(&[("warned.sla", &warned())]);
        assert_eq!(sla(folder.path(), &["build", "--deny", "warnings"]).code, 1);
        assert_eq!(names(folder.path()), ["warned.sla"]);
        assert_eq!(sla(folder.path(), &["build"]).code, 0);
        assert_eq!(names(folder.path()), ["build", "warned.sla"]);
    }

    #[test]
    fn of_two_with_one_name_neither_is_written() {
        // Some systems take names that differ in case only for one.
        let twin = new("web").replace("agreement web ", "agreement wEb ");
        let folder = folder(&[("a.sla", &new("web")), ("b.sla", &twin), ("mail.sla", &new("mail"))]);
        let ran = sla(folder.path(), &["build"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("SLA008"), "{}", ran.err);
        assert!(ran.err.contains("`web` and `wEb` differ only in small and capital letters"), "{}", ran.err);
        assert_eq!(names(&folder.path().join("build")), ["mail.bundle.json", "mail.contract.md", "mail.rules.yml"]);
    }

    #[test]
    fn the_same_agreement_gives_the_same_bytes() {
        let folder = folder(&[("web.sla", &new("web"))]);
        let copy = super::folder(&[("elsewhere/web.sla", &new("web"))]);
        assert_eq!(sla(folder.path(), &["build"]).code, 0);
        assert_eq!(sla(&copy.path().join("elsewhere"), &["build"]).code, 0);
        for name in names(&folder.path().join("build")) {
            let one = fs::read_to_string(folder.path().join("build").join(&name)).unwrap();
            let other = fs::read_to_string(copy.path().join("elsewhere/build").join(&name)).unwrap();
            assert_eq!(one, other, "{name}");
            assert!(!one.contains(folder.path().to_str().unwrap()), "{name} holds a path of the machine");
        }
    }

    #[test]
    #[cfg(unix)]
    fn files_are_replaced_whole_and_may_be_read_by_others() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let folder = folder(&[("web.sla", &new("web")), ("build/web.contract.md", "an old one")]);
        let path = folder.path().join("build/web.contract.md");
        let ordinary = fs::metadata(&path).unwrap().permissions().mode();
        let mut reader = fs::File::open(&path).unwrap();
        let old = fs::metadata(&path).unwrap().ino();
        assert_eq!(sla(folder.path(), &["build"]).code, 0);
        assert_ne!(fs::metadata(&path).unwrap().ino(), old, "a new file has taken the place");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode(), ordinary);
        assert_eq!(std::io::read_to_string(&mut reader).unwrap(), "an old one", "who reads the old one reads it whole");
    }

    #[test]
    fn what_stands_in_the_way_is_exit_code_2_and_nothing_is_written() {
        let folder = folder(&[("web.sla", &new("web")), ("build/web.contract.md/x", ""), ("file", "")]);
        let ran = sla(folder.path(), &["build"]);
        assert_eq!(ran.code, 2);
        assert!(
            ran.err.contains("build/web.contract.md") && ran.err.contains("a folder stands in its place"),
            "{}",
            ran.err
        );
        assert_eq!(names(&folder.path().join("build")), ["web.contract.md"], "no other file, nor a part of one");
        for out in ["file", "file/below"] {
            let ran = sla(folder.path(), &["build", "--out", out]);
            assert!(ran.code == 2 && ran.err.contains("SLA009"), "{}", ran.err);
        }
        assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "");
    }

    #[test]
    fn a_read_only_file_stays() {
        let folder = folder(&[("web.sla", &new("web")), ("build/web.rules.yml", "mine")]);
        let path = folder.path().join("build/web.rules.yml");
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let ran = sla(folder.path(), &["build"]);
        assert!(ran.code == 2 && ran.err.contains("it is read-only"), "{}", ran.err);
        assert_eq!(names(&folder.path().join("build")), ["web.rules.yml"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn standard_input_is_built_too() {
        let folder = folder(&[]);
        let ran = sla_with_input(folder.path(), &["build", "-", "-o", "out"], new("web").as_bytes());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(names(&folder.path().join("out")).len(), 3);
    }
}

mod explain {
    use super::*;

    #[test]
    fn a_code_or_a_name_in_any_case() {
        let page = include_str!("../docs/findings/SLA201.md");
        for word in ["SLA201", "sla201", "undefined-name", "Undefined-Name"] {
            let ran = sla(Path::new("."), &["explain", word]);
            assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, page, ""));
        }
    }

    #[test]
    fn colours_make_it_a_drawing() {
        let ran = sla(Path::new("."), &["explain", "SLA301", "--color", "always"]);
        insta::assert_snapshot!("cli_explain", ran.out.replace('\u{1B}', "␛"));
    }

    #[test]
    fn a_slip_is_answered_with_what_was_meant() {
        let ran = sla(Path::new("."), &["explain", "undefned-name"]);
        let said = "error: there is no finding `undefned-name`\n  help: did you mean `undefined-name`?\n";
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, "", said));
        assert!(!sla(Path::new("."), &["explain", "\u{1B}[2J"]).err.contains('\u{1B}'));
    }

    #[test]
    fn without_a_word_it_lists_every_code() {
        let ran = sla(Path::new("."), &["explain"]);
        for code in sla::diagnostics::codes::all() {
            assert!(ran.out.contains(code.id) && ran.out.contains(code.title), "{code:?}");
        }
    }
}

mod new {
    use super::*;

    #[test]
    fn it_checks_clean_and_builds() {
        let folder = folder(&[]);
        assert_eq!(sla(folder.path(), &["new", "web-hosting"]).code, 0);
        assert_eq!(names(folder.path()), ["web-hosting.sla"]);
        let text = fs::read_to_string(folder.path().join("web-hosting.sla")).unwrap();
        assert!(text.contains("agreement web_hosting \"Web hosting: Service Level Agreement\""), "{text}");
        let ran = sla(folder.path(), &["check", "--deny", "warnings"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, "no findings in 1 file\n"));
        assert_eq!(sla(folder.path(), &["build", "--deny", "warnings"]).code, 0);
        assert_eq!(names(&folder.path().join("build")).len(), 3);
    }

    #[test]
    fn it_never_overwrites() {
        let folder = folder(&[("web.sla", "mine")]);
        let ran = sla(folder.path(), &["new", "web"]);
        let said = "error: `web.sla` cannot be written: there is a file of that name\n";
        assert_eq!((ran.code, ran.err.as_str()), (2, said));
        assert_eq!(fs::read_to_string(folder.path().join("web.sla")).unwrap(), "mine");
        assert_eq!(names(folder.path()), ["web.sla"]);
    }

    #[test]
    #[cfg(unix)]
    fn it_does_not_write_through_a_link() {
        let folder = folder(&[]);
        std::os::unix::fs::symlink("elsewhere.txt", folder.path().join("web.sla")).unwrap();
        assert_eq!(sla(folder.path(), &["new", "web"]).code, 2);
        assert_eq!(names(folder.path()), ["web.sla"]);
    }

    #[test]
    fn a_name_that_cannot_be_one_writes_nothing() {
        let folder = folder(&[]);
        let long = "a".repeat(65);
        let wrong = ["", "Web", "1st", "../up", "a/b", "a\\b", "a b", "caf\u{e9}", "_x", "\u{1B}[2J", "a\"b", &long];
        for name in wrong.into_iter().chain(["availability", "customer", "requests"]) {
            let ran = sla(folder.path(), &["new", "--", name]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}");
            assert!(ran.err.contains("help: ") && !ran.err.contains('\u{1B}'), "{}", ran.err);
        }
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}

#[test]
fn every_example_builds() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let out = TempDir::new().unwrap();
    let ran = sla(&examples, &["build", "--out", out.path().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let folders = ["", "published", "suppliers", "portfolio/customers"];
    let all = folders.map(|folder| names(&examples.join(folder)));
    let agreements = all.concat().into_iter().filter(|name| name.ends_with(".sla"));
    assert_eq!(names(out.path()).len(), 3 * agreements.count());
}

#[test]
fn the_schema_is_json_and_is_of_the_bundle() {
    let ran = sla(Path::new("."), &["schema"]);
    assert!(ran.out == include_str!("../docs/sla-bundle-1.schema.json"), "docs/ has another schema");
    assert_eq!(ran.code, 0);
    let schema: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let folder = folder(&[("web.sla", &new("web"))]);
    assert_eq!(sla(folder.path(), &["build", "--target", "json"]).code, 0);
    let bundle = fs::read_to_string(folder.path().join("build/web.bundle.json")).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    let errors: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&bundle).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(sla(Path::new("."), &["--version"]).out, format!("sla {}\n", env!("CARGO_PKG_VERSION")));
}
