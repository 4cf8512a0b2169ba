//! What `--describe` says: the row that it shows of each file can be evaluated.

use super::files::PARTIES;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A count that one plan alone has; maintenance that is announced for one alone, so many working days before; and an
/// exclusion that concerns one alone.
const BY_PLAN: &str = r#"
dimension plan "Plan" { option silver "Silver"; option gold "Gold" }
dimension tenant "Tenant"
calendar office "Office" { open mon to fri 09:00 to 17:00 }
signal requests "Requests" as events of web per plan {
  measured by host; count total, failed; missing good
  for gold { count slow "Slow" }
}
signal survey "Survey" as scores of web { measured by shop; scale 0 to 3; field tenant tenant }
metric bad "Bad" per plan { for gold = requests.slow / requests.total; for silver = requests.failed / requests.total }
metric liked "Score" = mean(survey.score)
commitment kept "Kept" of web per plan {
  target bad <= 1% per calendar month
  exclude work
  for gold { exclude storm }
}
commitment happy "Happy" of web per tenant { target liked >= 2 per calendar month; exclude storm }
maintenance work "Work" of web per plan {
  for gold { announce 20 days on office before start to shop.it }
  counts excluded
}
exclusion storm "Storm" { when "A storm"; counts excluded }
"#;

fn evaluate(agreement: &Path, arguments: &[&str]) -> (String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_sla")).arg("evaluate").arg(agreement).args(arguments).output().unwrap();
    (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap())
}

/// The files that a description has, each with its header and the row.
fn files(described: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = described.lines().collect();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut name = "";
    for (place, line) in lines.iter().enumerate() {
        match line.split_once("  ") {
            Some((file, _)) if file.ends_with(".csv") => name = file,
            None if line.is_empty() && lines.get(place + 1).is_some_and(|next| next.starts_with("  ")) => {
                let row = |at: usize| lines[place + at].strip_prefix("  ").unwrap();
                found.push((name.to_owned(), format!("{}\n{}\n", row(1), row(2))));
            }
            _ => {}
        }
    }
    found
}

fn is_read(agreement: &Path) -> Vec<(String, String)> {
    let (described, _) = evaluate(agreement, &["--describe"]);
    let files = files(&described);
    assert!(!files.is_empty(), "{}\n{described}", agreement.display());
    let data = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(data.path().join(name), text).unwrap());
    // All rows are about the first day of the term.
    let at = described.find("T10:00:00Z").unwrap();
    let told = evaluate(agreement, &["--data", data.path().to_str().unwrap(), "--period", &described[at - 10..at]]).1;
    assert!(!told.contains("error[") && !told.contains("warning["), "{}\n{told}\n{described}", agreement.display());
    files
}

#[test]
fn the_rows_of_every_example_are_read() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for folder in ["examples", "examples/suppliers", "examples/published", "tests/evaluate/published"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "sla") {
                is_read(&path);
            }
        }
    }
}

#[test]
fn a_row_is_of_a_variant_that_has_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let agreement = folder.path().join("web.sla");
    std::fs::write(&agreement, format!("{PARTIES}{BY_PLAN}")).unwrap();
    let files = is_read(&agreement);
    let text = |name: &str| files.iter().find(|(file, _)| file == name).unwrap().1.clone();
    assert_eq!(text("requests.csv"), "time,total,failed,id,plan,slow\n2027-01-01T10:00:00Z,3,3,r-1,gold,3\n");
    assert!(text("work.csv").contains(",gold"), "{}", text("work.csv"));
    assert!(text("storm.csv").ends_with(",gold,\n"), "{}", text("storm.csv"));
    let (described, _) = evaluate(&agreement, &["--describe"]);
    assert!(described.contains("plan    one of `gold`: Plan; empty where it is for all"), "{described}");
}
