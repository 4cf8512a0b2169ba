//! The README's code, run: every command gives what the page shows, every agreement checks as the page says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The commands that need a machine of their own; the page may hold no other that is not run here.
const OF_THE_MACHINE: [&str; 3] =
    ["cargo run --release -- build examples --out out", "cargo install --path .", "./test"];

#[test]
fn every_block_of_the_readme_is_true() {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let mut commands = Vec::new();
    for (kind, text) in blocks(&page) {
        match kind.as_str() {
            "console" => session(folder.path(), &text),
            "sla" => {
                fs::write(folder.path().join("block.sla"), &text).unwrap();
                let (output, _) = run(folder.path(), "sla check --deny warnings block.sla");
                assert_eq!(output, "no findings in 1 file\n", "\n{text}");
                fs::remove_file(folder.path().join("block.sla")).unwrap();
            }
            "sh" => commands.extend(text.lines().map(str::to_owned)),
            other => panic!("a block of kind `{other}` is not tested:\n{text}"),
        }
    }
    assert_eq!(commands, OF_THE_MACHINE);
    assert!(root().join("test").is_file(), "the command that passes the tests is there");
}

/// The guide's agreement is `shop.sla` in a folder of its own; its sessions follow each other.
#[test]
fn every_block_of_the_guide_to_evaluation_is_true() {
    let page = fs::read_to_string(root().join("docs/evaluate.md")).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    for (kind, text) in blocks(&page) {
        match kind.as_str() {
            "console" => session(folder.path(), &text),
            "sla" => {
                fs::write(folder.path().join("shop.sla"), &text).unwrap();
                let (output, _) = run(folder.path(), "sla check --deny warnings shop.sla");
                // An hour of maintenance is longer than what the target allows of failures.
                assert!(output.ends_with("\n1 piece of advice in 1 file\n") && output.contains("SLA416"), "{output}");
            }
            "sh" => assert_eq!(text, "sla evaluate FILE --data DIR --period 2027-03\n"),
            other => panic!("a block of kind `{other}` is not tested:\n{text}"),
        }
    }
}

/// The guide's agreement is `hosting.sla`.
#[test]
fn every_block_of_the_guide_to_negotiation_is_true() {
    let page = fs::read_to_string(root().join("docs/negotiation.md")).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    for (kind, text) in blocks(&page) {
        match kind.as_str() {
            "console" => session(folder.path(), &text),
            "sla" => {
                fs::write(folder.path().join("hosting.sla"), &text).unwrap();
                let (output, _) = run(folder.path(), "sla check --deny warnings hosting.sla");
                assert_eq!(output, "no findings in 1 file\n");
            }
            other => panic!("a block of kind `{other}` is not tested:\n{text}"),
        }
    }
}

/// The reader's page is about the project's own examples.
#[cfg(feature = "outside")]
#[test]
fn every_block_of_the_page_of_the_reader_is_true() {
    let page = fs::read_to_string(root().join("examples/consume/README.md")).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    std::os::unix::fs::symlink(root().join("examples"), folder.path().join("examples")).unwrap();
    let (version, code) = run(folder.path(), "python3 --version");
    assert_eq!(code, Some(0), "the reader of bundles needs Python 3.11 as `python3`: {version}");
    let all = blocks(&page);
    assert_eq!(all.len(), 1);
    all.iter().for_each(|(_, text)| session(folder.path(), text));
}

#[test]
fn lines_left_out_stand_for_any_number_of_lines() {
    assert!(matches("a\n…\nd\n", "a\nb\nc\nd\n"));
    assert!(matches("…\nd\n", "d\n"));
    assert!(matches("a\n…\n", "a\nb\n"));
    assert!(!matches("a\n…\nd\n", "a\nb\nc\n"));
    assert!(!matches("a\n", "a\nb\n"));
    assert!(!matches("a\nb\n", "a\n"));
}

#[test]
fn the_tables_of_dependencies_are_those_of_the_manifest() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let page = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut section = "";
    let mut named = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if let ("[dependencies]" | "[dev-dependencies]", Some((name, _))) = (section, line.split_once(" = ")) {
            named.push(name.to_owned());
        }
    }
    let mut told = Vec::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let names = cells[1].split(", ").map(|name| name.trim_matches('`').to_owned());
        let releases: Vec<&str> = cells[2].split(", ").collect();
        for (at, name) in names.enumerate() {
            let release = releases.get(at).unwrap_or(&releases[0]);
            assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{release}.")), "{name} {release}");
            told.push(name);
        }
    }
    named.sort();
    told.sort();
    assert_eq!(told, named);
}

/// Runs the commands of a block one after the other and compares what each prints.
fn session(folder: &Path, text: &str) {
    for step in text.split("$ ").skip(1) {
        let (command, expected) = step.split_once('\n').unwrap_or((step, ""));
        let (output, _) = run(folder, command);
        assert!(matches(expected, &output), "`{command}` prints\n{output}\nbut the README says\n{expected}");
    }
}

/// What a command prints, as a person at a terminal without colours sees it, and its exit code.
fn run(folder: &Path, command: &str) -> (String, Option<i32>) {
    let bin = Path::new(env!("CARGO_BIN_EXE_sla")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env("PATH", path)
        // What Python compiles is not left beside the examples.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

/// Whether the output is the expected one; a line `…` stands for any number of lines.
fn matches(expected: &str, output: &str) -> bool {
    fn fits(expected: &[&str], output: &[&str]) -> bool {
        match (expected.split_first(), output.split_first()) {
            (None, None) => true,
            (Some((first, rest)), _) if first.trim() == "…" => {
                fits(rest, output) || output.split_first().is_some_and(|(_, more)| fits(expected, more))
            }
            (Some((first, rest)), Some((line, more))) => first.trim_end() == line.trim_end() && fits(rest, more),
            _ => false,
        }
    }
    fits(&expected.trim_end().lines().collect::<Vec<_>>(), &output.trim_end().lines().collect::<Vec<_>>())
}

/// The code blocks of a page with their kinds, in order.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                found.push((kind.to_string(), String::new()));
                inside = true;
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => panic!("a code block has to say its kind"),
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(text) if inside => found.last_mut().unwrap().1.push_str(&text),
            _ => {}
        }
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
