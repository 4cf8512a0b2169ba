//! The agreements in `examples/published`: each is built to every target, its worked examples hold, its findings are those that its
//! comments expect, and every published service has clauses that carry it.
//!
//! A comment `// expected: SLA404, since …` stands right above the line of the finding; several stand one below the other.

use crate::cli::{Ran, sla};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What was published, the agreement that is modelled on it, and the clauses that carry it. Of clauses that differ by an option
/// the ids are given without it.
const CLOUD: &[(&str, &str, &[&str])] = &[
    (
        "Amazon EC2, region",
        "compute",
        &[
            "metric.region_uptime",
            "commitment.region_kept.target.region_uptime",
            "commitment.region_kept.credit.below_target",
            "commitment.region_kept.credit.below_99",
            "commitment.region_kept.credit.below_95",
            "fee.region_fee",
        ],
    ),
    (
        "Amazon EC2, instance",
        "compute",
        &[
            "metric.machine_uptime",
            "commitment.machine_kept.target.machine_uptime",
            "commitment.machine_kept.credit.below_target",
            "commitment.machine_kept.credit.below_99",
            "commitment.machine_kept.credit.below_95",
        ],
    ),
    (
        "Amazon S3",
        "object_storage",
        &[
            "metric.error_rate",
            "metric.uptime",
            "constant.goal",
            "constant.second_step",
            "commitment.class_kept.target.uptime",
            "commitment.class_kept.credit.below_target",
            "commitment.class_kept.credit.below_99",
            "commitment.class_kept.credit.below_98",
            "commitment.class_kept.credit.below_95",
            "metric.in_time",
            "commitment.pair_kept.target.in_time",
            "commitment.pair_kept.credit.below_target",
            "commitment.pair_kept.credit.below_98",
            "commitment.pair_kept.credit.below_95",
        ],
    ),
    (
        "AWS Lambda",
        "functions",
        &[
            "metric.availability",
            "metric.uptime",
            "commitment.function_kept.target.uptime",
            "commitment.function_kept.credit.below_target",
            "commitment.function_kept.credit.below_99",
            "commitment.function_kept.credit.below_95",
        ],
    ),
    (
        "Amazon RDS",
        "database",
        &[
            "metric.uptime",
            "constant.goal",
            "commitment.database_kept.target.uptime",
            "commitment.database_kept.credit.below_target",
            "commitment.database_kept.credit.below_99",
            "commitment.database_kept.credit.below_95",
        ],
    ),
    (
        "Compute Engine",
        "machines",
        &[
            "metric.region_down",
            "metric.machine_down",
            "constant.family_goal",
            "commitment.region_kept.target.region_uptime",
            "commitment.machine_kept.target.machine_uptime",
        ],
    ),
    (
        "Filestore",
        "machines",
        &["metric.share_down", "constant.share_goal", "commitment.share_kept.target.share_uptime"],
    ),
    (
        "Cloud Run",
        "containers",
        &[
            "metric.down",
            "metric.uptime",
            "commitment.container_kept.target.uptime",
            "commitment.container_kept.credit.below_target",
            "commitment.container_kept.credit.below_99",
            "commitment.container_kept.credit.below_95",
        ],
    ),
    (
        "BigQuery",
        "warehouse",
        &[
            "metric.down",
            "commitment.queries_kept.target.uptime",
            "metric.delivered",
            "commitment.transfers_kept.target.delivered",
        ],
    ),
    (
        "Azure virtual machines",
        "virtual_machines",
        &[
            "metric.uptime",
            "constant.goal",
            "commitment.machines_kept.target.uptime",
            "commitment.machines_kept.credit.below_target",
            "commitment.machines_kept.credit.below_99",
            "commitment.machines_kept.credit.below_95",
            "amendment.changes",
        ],
    ),
    (
        "Microsoft 365",
        "office_suite",
        &[
            "metric.user_minutes",
            "metric.downtime",
            "metric.uptime",
            "commitment.application_kept.target.uptime",
            "commitment.application_kept.credit.below_target",
            "commitment.application_kept.credit.below_99",
            "commitment.application_kept.credit.below_95",
        ],
    ),
    ("Cloudflare R2", "bucket_store", &["metric.error_rate", "metric.uptime", "commitment.buckets_kept.target.uptime"]),
    (
        "Cloudflare Enterprise",
        "edge",
        &["metric.uptime", "commitment.uptime_kept.target.uptime", "duty.outage_report", "fee.network_fee"],
    ),
    (
        "Fastly",
        "edge",
        &[
            "metric.degraded",
            "constant.once",
            "constant.often",
            "metric.months_in_row",
            "commitment.order_kept.terminate.customer.degraded_above_once",
            "commitment.order_kept.terminate.customer.months_in_row_at_least_3",
        ],
    ),
    (
        "Common exclusions and remedies",
        "virtual_machines",
        &[
            "exclusion.force_majeure",
            "exclusion.customer_fault",
            "exclusion.customer_equipment",
            "exclusion.third_party",
            "exclusion.suspension",
            "exclusion.beta_features",
            "maintenance.planned",
            "agreement.virtual_machines",
        ],
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/published")
}

/// The files of the folder that are agreements.
fn agreements() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|name| name.ends_with(".sla")).collect();
    names.sort();
    names
}

fn run(arguments: &[&str]) -> Ran {
    let ran = sla(&folder(), arguments);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

/// All ids of a bundle, without the options by which they differ.
fn ids(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(id)) = members.get("id") {
                let parts = id.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
                found.insert(parts.collect());
            }
            members.values().for_each(|member| ids(member, found));
        }
        Value::Array(members) => members.iter().for_each(|member| ids(member, found)),
        _ => {}
    }
}

#[test]
fn every_published_agreement_is_built_to_all_targets_and_carries_what_was_published() {
    let out = TempDir::new().unwrap();
    let ran = run(&["build", ".", "--out", out.path().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 3 * agreements().len());
    for (service, agreement, clauses) in CLOUD {
        let bundle = fs::read_to_string(out.path().join(format!("{agreement}.bundle.json"))).unwrap();
        let mut known = BTreeSet::new();
        ids(&serde_json::from_str(&bundle).unwrap(), &mut known);
        for clause in *clauses {
            assert!(known.contains(*clause), "{service}: {agreement} has no {clause}: {known:#?}");
        }
    }
}

#[test]
fn the_worked_examples_of_published_agreements_hold() {
    for name in agreements() {
        let ran = run(&["test", &name]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let hold = ran.out.lines().filter(|line| line.starts_with("  holds ")).count();
        assert!(hold >= 3, "{name} has {hold} examples");
    }
}

/// Codes and lines that the comments of a file expect: `expected:` in the comments right above a line.
fn expected(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for (line, text) in (1..).zip(text.lines().map(str::trim_start)) {
        match text.strip_prefix("//") {
            Some(comment) => {
                if let Some(rest) = comment.trim_start().strip_prefix("expected: ") {
                    let (code, reason) = rest.split_once(", since ").expect("it says why");
                    assert!(!reason.is_empty());
                    waiting.push(code.to_owned());
                }
            }
            None => found.extend(waiting.drain(..).map(|code| format!("{code} {line}"))),
        }
    }
    assert!(waiting.is_empty(), "a comment expects a finding after the last line");
    found.sort();
    found
}

#[test]
fn published_agreements_have_the_findings_that_their_comments_expect_and_no_others() {
    for name in agreements() {
        let ran = run(&["check", "--message-format", "short", &name]);
        let mut told: Vec<String> = ran
            .out
            .lines()
            .map(|line| {
                let (place, rest) = line.split_once(": ").unwrap();
                let code = rest.split(['[', ']']).nth(1).unwrap();
                assert!(place.starts_with(&format!("{name}:")), "{line}");
                format!("{code} {}", place.split(':').nth(1).unwrap())
            })
            .collect();
        told.sort();
        let text = fs::read_to_string(folder().join(&name)).unwrap();
        assert_eq!(told, expected(&text), "{name}\n{}", ran.out);
        assert!(text.starts_with("// Modelled on the published terms of "), "{name}");
        assert!(text.lines().take(3).any(|line| line.contains("No statement of anyone's current terms.")), "{name}");
    }
}
