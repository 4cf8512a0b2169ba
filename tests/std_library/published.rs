//! The dates of the library against the Python package `holidays`, which `tests/tools/fetch.sh` fetches.

use super::{holidays, root};
use sla::values::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Every date of every set, by the package; `tests/tools/public_holidays.py` says which of its lists is which set.
fn published() -> BTreeMap<String, BTreeSet<String>> {
    let python = root().join("target/tools/python/bin/python3");
    assert!(python.exists(), "the package `holidays` is not there; run tests/tools/fetch.sh first");
    let run = Command::new(python).arg(root().join("tests/tools/public_holidays.py")).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(run.stdout).unwrap().lines() {
        let (set, date) = line.split_once(' ').unwrap();
        all.entry(set.to_owned()).or_default().insert(date.to_owned());
    }
    all
}

#[test]
fn every_date_is_that_of_the_package() {
    let published = published();
    let model = holidays();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for set in &model.holidays {
        let Some(wanted) = published.get(&set.head.name) else { continue };
        let days = Date::new(2026, 1, 1).unwrap().series(jiff::Span::new().days(1));
        let own: BTreeSet<String> = days
            .take_while(|date| date.year() <= 2031)
            .filter(|date| set.days.contains(*date))
            .map(|date| date.to_string())
            .collect();
        compared += own.len();
        let name = &set.head.name;
        wrong.extend(own.difference(wanted).map(|date| format!("{name}: {date} is not in the package")));
        wrong.extend(wanted.difference(&own).map(|date| format!("{name}: {date} is missing")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("{compared} dates of {} sets", published.len());
    // Sets that are a part of others are compared with those.
    assert!(
        published.len() > 30 && published.keys().all(|name| model.holidays.iter().any(|set| set.head.name == *name))
    );
}
