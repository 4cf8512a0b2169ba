//! Prometheus's own tool reads and runs what is emitted. `tests/tools/fetch.sh` fetches it.
//!
//! Each fixture is a folder: `agreement.sla`, from which `ours.yml` is made; `naive.yml`, the rules that are commonly
//! written or generated for the same promise; and `test.yml`, with series for which ours say the right thing and the
//! naive ones the wrong thing that their expectations spell out. Naive rules that do not even run have a `naive_test.yml`,
//! whose first line says how they fail.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rayon::prelude::*;

use super::{agreement, rules};

fn promtool(arguments: &[&str], folder: &Path) -> Output {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/prometheus/usr/bin/promtool");
    assert!(tool.exists(), "promtool is not there; run tests/tools/fetch.sh first");
    Command::new(tool).args(arguments).current_dir(folder).output().expect("promtool runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn check(folder: &Path, files: &[&str]) -> Output {
    promtool(&[&["check", "rules", "--lint=all", "--lint-fatal"], files].concat(), folder)
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prometheus/fixtures");
    let mut found: Vec<PathBuf> =
        folder.read_dir().expect("the fixtures").map(|entry| entry.expect("a fixture").path()).collect();
    found.sort();
    found
}

#[test]
fn every_fixture_holds() {
    let failed: Vec<String> = fixtures().par_iter().flat_map(|fixture| failures(fixture)).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// In what a fixture does not hold.
fn failures(fixture: &Path) -> Vec<String> {
    let mut failed = Vec::new();
    let name = fixture.file_name().expect("a name").to_string_lossy();
    // Kept below target/, so that the rules can be looked at.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fixtures").join(&*name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let read = |file: &str| std::fs::read_to_string(fixture.join(file)).expect(file);
    std::fs::write(folder.join("ours.yml"), rules(&read("agreement.sla"))).expect("our rules");
    for file in ["naive.yml", "naive_test.yml", "test.yml"] {
        if fixture.join(file).exists() {
            std::fs::write(folder.join(file), read(file)).expect(file);
        }
    }
    let checked = check(&folder, &["ours.yml"]);
    if !checked.status.success() {
        failed.push(format!("{name}: {}", said(&checked)));
    }
    let output = promtool(&["test", "rules", "test.yml"], &folder);
    if !output.status.success() {
        failed.push(format!("{name}: {}", said(&output)));
    }
    if fixture.join("naive_test.yml").exists() {
        let test = read("naive_test.yml");
        let fails = test.lines().next().and_then(|line| line.strip_prefix("# fails: ")).expect("how it fails");
        let output = promtool(&["test", "rules", "naive_test.yml"], &folder);
        if output.status.success() || !said(&output).contains(fails) {
            failed.push(format!("{name}: the naive rules do not fail with `{fails}`: {}", said(&output)));
        }
    }
    failed
}

/// Also what differs by options: rules of several variants do not collide.
#[test]
fn the_rules_of_published_agreements_are_sound() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let built =
        crate::cli::sla(&folder, &["build", ".", "--target", "prometheus", "--out", &out.path().to_string_lossy()]);
    assert_eq!(built.code, 0, "{}", built.err);
    let names = out.path().read_dir().expect("it").map(|entry| entry.expect("a file").file_name());
    let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    assert!(names.len() > 20, "{names:?}");
    let checked = check(out.path(), &names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn two_agreements_do_not_collide() {
    let folder = tempfile::tempdir().expect("a folder");
    let flagship =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme-cloud.sla")).expect("it");
    let other = flagship.replace("agreement acme_cloud", "agreement acme_twin");
    std::fs::write(folder.path().join("one.yml"), rules(&flagship)).expect("one");
    std::fs::write(folder.path().join("two.yml"), rules(&other)).expect("two");
    let both = check(folder.path(), &["one.yml", "two.yml"]);
    assert!(both.status.success(), "{}", said(&both));
    // In one file promtool would find duplicates between the two as well.
    let body = |text: &str| text.split_once("groups:\n").expect("groups").1.to_owned();
    let joined = format!("groups:\n{}{}", body(&rules(&flagship)), body(&rules(&other)));
    std::fs::write(folder.path().join("joined.yml"), joined).expect("both");
    let joined = check(folder.path(), &["joined.yml"]);
    assert!(joined.status.success(), "{}", said(&joined));
    // The common way, a recording named after its metric, collides.
    let naive = "groups:\n  - name: slo\n    rules:\n      - record: api:error_ratio:30d\n        expr: vector(1)\n      - record: api:error_ratio:30d\n        expr: vector(2)\n";
    std::fs::write(folder.path().join("naive.yml"), naive).expect("naive");
    assert!(said(&check(folder.path(), &["naive.yml"])).contains("duplicate"), "the check would find it");
}

#[test]
fn hostile_words_stay_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let added = r##"
signal requests "R {{ .Bad }} \"q\" # : - | >" as events of api {
  count total; count failed
  missing bad
  source prometheus { total counter 'a{x="{{y}}\\"}'; failed counter 'b{x=~".*\"#"}' }
}
metric errors "E {{" = requests.failed / requests.total when empty 0%
commitment few "{{ $value }} %!s # 'x' \"y\" }}" of api { target errors <= 1% per calendar month }
"##;
    std::fs::write(folder.path().join("ours.yml"), rules(&agreement(added))).expect("rules");
    let output = check(folder.path(), &["ours.yml"]);
    assert!(output.status.success(), "{}", said(&output));
}
