//! The agreements in `examples/published`: each is built to every target, its worked examples hold, its findings are those that its
//! comments expect, and every published service has clauses that carry it.
//!
//! A comment `// expected: SLA404, since …` stands right above the line of the finding; several stand one below the other.

mod data;
mod mistakes;
mod terms;

use crate::cli::{Ran, sla};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use terms::{SOLE_REMEDY, TERMS};

/// What was published of clouds, the agreement that is modelled on it, and the clauses that carry it. Of clauses that differ by an option
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
            "dimension.instance",
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
            "dimension.project",
            "metric.region_down",
            "dimension.instance",
            "metric.machine_down",
            "constant.family_goal",
            "commitment.region_kept.target.region_uptime",
            "commitment.machine_kept.target.machine_uptime",
        ],
    ),
    (
        "Filestore",
        "machines",
        &["dimension.share", "metric.share_down", "constant.share_goal", "commitment.share_kept.target.share_uptime"],
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
            "dimension.group",
            "metric.uptime",
            "constant.goal",
            "commitment.machines_kept.target.uptime",
            "commitment.machines_kept.credit.below_target",
            "commitment.machines_kept.credit.below_99",
            "commitment.machines_kept.credit.below_95",
            "dimension.machine",
            "metric.machine_uptime",
            "constant.machine_goal",
            "commitment.machine_kept.target.machine_uptime",
            "commitment.machine_kept.credit.below_target",
            "commitment.machine_kept.credit.below_99",
            "commitment.machine_kept.credit.below_95",
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
        &["metric.uptime", "commitment.uptime_kept.target.uptime", "duty.outage_report", "fee.base"],
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
];

/// What was published of software and of support, where the option is a part of the id if the clause is another one for each.
const SAAS: &[(&str, &str, &[&str])] = &[
    (
        "GitHub Enterprise Cloud: five features, three formulas, one table with its defects; at most 90 days of fees",
        "dev_platform",
        &[
            "dimension.feature",
            "fee.quarter_fee[issues]",
            "metric.uptime[issues]",
            "metric.uptime[builds]",
            "metric.uptime[packages]",
            "metric.creditable",
            "commitment.feature_uptime[issues]",
            "commitment.feature_uptime[pulls].credit.above_99_and_at_most_99_9",
            "commitment.feature_uptime[git].credit.below_99",
            "commitment.feature_uptime[builds]",
            "commitment.feature_uptime[packages]",
        ],
    ),
    (
        "GitLab: the hosted platform by minutes, the dedicated one by Apdex, support by severity",
        "code_host",
        &[
            "dimension.offering",
            "constant.goal[hosted]",
            "metric.timeout_rate[hosted]",
            "metric.bad_share[hosted]",
            "metric.availability[hosted]",
            "metric.weight",
            "metric.apdex",
            "commitment.available[hosted]",
            "commitment.available[dedicated]",
            "support.desk.priority.s1",
            "support.desk.priority.s2",
            "support.desk.priority.s3",
            "support.desk.priority.s4",
        ],
    ),
    (
        "Slack, 2015: months, and a hundred times the fee",
        "messaging_2015",
        &["metric.downtime", "metric.uptime", "commitment.kept"],
    ),
    (
        "Slack, 2019: fiscal quarters, and ten times the fee",
        "messaging_2019",
        &["fee.charges", "metric.downtime", "metric.uptime", "commitment.kept"],
    ),
    (
        "Slack, 2024: calendar quarters, and ten hours of maintenance a year",
        "messaging_2024",
        &["fee.charges", "metric.downtime", "commitment.kept", "maintenance.planned"],
    ),
    (
        "Atlassian Cloud: by plan; the provider's logs decide",
        "tracker",
        &[
            "dimension.plan",
            "constant.goal[premium]",
            "constant.goal[enterprise]",
            "metric.uptime[premium]",
            "commitment.kept[premium].credit.below_target",
            "commitment.kept[enterprise]",
            "dispute.figures",
            "example.sixty_minutes",
        ],
    ),
    (
        "MongoDB Atlas: minutes in which every attempt fails; a table whose rows overlap; clusters of 24 hours",
        "document_store",
        &[
            "dimension.cluster",
            "metric.uptime",
            "metric.oldest",
            "commitment.kept",
            "commitment.kept.credit.at_least_99_and_below_99_995",
            "commitment.kept.credit.below_99",
            "commitment.kept.credit.below_95",
        ],
    ),
    (
        "Okta: four steps, payout of what is unused, first answers by plan",
        "identity",
        &[
            "metric.uptime",
            "commitment.kept.credit.below_target",
            "commitment.kept.credit.below_99_9",
            "commitment.kept.credit.below_99",
            "commitment.kept.credit.below_95",
            "agreement.identity",
            "support.desk[basic].priority.p1",
            "support.desk[premier].priority.p1",
            "support.desk[premier_plus].priority.p1",
        ],
    ),
    (
        "AWS Support: by severity and plan; the business hours of the customer; a changed severity",
        "cloud_support",
        &[
            "dimension.plan",
            "calendar.local_hours",
            "support.desk[enterprise].priority.critical",
            "support.desk[business].priority.down",
            "support.desk[business].priority.production",
            "support.desk[developer].priority.impaired",
            "support.desk[developer].priority.guidance",
            "support.desk[developer]",
            "commitment.in_time[business].target.answered",
        ],
    ),
    (
        "Help desk, managed services: four priorities in working hours, 90% of the tickets",
        "managed_help_desk",
        &[
            "calendar.working_hours",
            "support.desk.priority.p1",
            "support.desk.priority.p2",
            "support.desk.priority.p3",
            "support.desk.priority.p4",
            "support.desk.pause.waiting",
            "commitment.answered_in_time",
            "commitment.resolved_in_time",
        ],
    ),
    (
        "Colocation: power, temperature, humidity, loss and delay; credits are not combined",
        "colocation_hall",
        &[
            "metric.dark",
            "fee.day_fee",
            "commitment.powered",
            "commitment.cool",
            "commitment.moist",
            "commitment.lossless",
            "commitment.near",
        ],
    ),
    (
        "University call centre: speed to answer, abandoned calls, satisfaction",
        "call_centre",
        &[
            "calendar.working_days",
            "signal.calls",
            "metric.speed",
            "metric.positive",
            "commitment.quick",
            "commitment.kept_on",
            "commitment.content",
        ],
    ),
];

/// What nearly all public terms exclude: every agreement that says so has all of these clauses.
const USUAL_EXCLUSIONS: &[&str] = &[
    "exclusion.force_majeure",
    "exclusion.customer_fault",
    "exclusion.customer_equipment",
    "exclusion.third_party",
    "exclusion.suspension",
    "exclusion.beta_features",
];

/// The promises that no rule can watch, by file; why, the build says itself.
const UNWATCHED: &[(&str, &[&str])] = &[
    ("call-centre", &["quick", "kept_on", "content"]),
    ("cloud-support", &["in_time[developer]"]),
    ("code-host", &["available[dedicated]", "available[hosted]"]),
    ("colocation", &["powered", "cool", "moist", "near"]),
    ("document-store", &["kept[each]"]),
    ("help-desk", &["answered_in_time", "resolved_in_time"]),
    ("machines", &["region_kept[us_central,premium,project=each]", "share_kept[basic,share=each]"]),
    ("object-storage", &["pair_kept[each]"]),
    ("warehouse", &["transfers_kept[us]"]),
];

/// The file and the promise of each note that one is not watched.
fn unwatched(short: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for line in short.lines() {
        if let Some((place, rest)) = line.split_once(" note[SLA802]: `")
            && let Some(promise) = rest.strip_suffix("` is not watched")
        {
            found.push((place.split_once(".sla:").unwrap().0, promise));
        }
    }
    found
}

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

/// All ids of a bundle, with the options by which they differ and without them.
fn ids(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(id)) = members.get("id") {
                let parts = id.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
                found.insert(parts.collect());
                found.insert(id.clone());
            }
            members.values().for_each(|member| ids(member, found));
        }
        Value::Array(members) => members.iter().for_each(|member| ids(member, found)),
        _ => {}
    }
}

/// The ids of a bundle.
fn known(bundle: &str) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    ids(&serde_json::from_str(bundle).unwrap(), &mut known);
    known
}

#[test]
fn every_published_agreement_is_built_to_all_targets_and_carries_what_was_published() {
    let out = TempDir::new().unwrap();
    let ran = run(&["build", ".", "--message-format", "short", "--out", out.path().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 3 * agreements().len());
    let expected: Vec<(&str, &str)> =
        UNWATCHED.iter().flat_map(|(file, all)| all.iter().map(|one| (*file, *one))).collect();
    assert_eq!(unwatched(&ran.out), expected);
    for (service, agreement, clauses) in CLOUD.iter().chain(SAAS) {
        let bundle = fs::read_to_string(out.path().join(format!("{agreement}.bundle.json"))).unwrap();
        let known = known(&bundle);
        for clause in *clauses {
            assert!(known.contains(*clause), "{service}: {agreement} has no {clause}: {known:#?}");
        }
    }
    for (agreement, sentences) in TERMS {
        let contract = fs::read_to_string(out.path().join(format!("{agreement}.contract.md"))).unwrap();
        for sentence in *sentences {
            assert!(contract.contains(sentence), "{agreement} does not say “{sentence}”");
        }
    }
    for agreement in SOLE_REMEDY {
        let contract = fs::read_to_string(out.path().join(format!("{agreement}.contract.md"))).unwrap();
        assert!(contract.contains(" the only remedies for a miss of a service level."), "{agreement}");
    }
    for name in agreements() {
        let text = fs::read_to_string(folder().join(&name)).unwrap();
        if !text.contains("import usual_exclusions ") {
            continue;
        }
        let agreement = text.lines().find_map(|line| line.strip_prefix("agreement ")?.split(' ').next()).unwrap();
        let known = known(&fs::read_to_string(out.path().join(format!("{agreement}.bundle.json"))).unwrap());
        assert!(USUAL_EXCLUSIONS.iter().all(|clause| known.contains(*clause)), "{name}: {known:#?}");
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

/// What is found in one agreement and in the files that it imports: the file, and the code with the line.
fn told(name: &str) -> Vec<(String, String)> {
    let ran = run(&["check", "--message-format", "short", name]);
    let of_line = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap();
        let code = rest.split(['[', ']']).nth(1).unwrap();
        let (file, at) = place.split_once(':').unwrap();
        (file.to_owned(), format!("{code} {}", at.split(':').next().unwrap()))
    };
    ran.out.lines().map(of_line).collect()
}

#[test]
fn published_agreements_have_the_findings_that_their_comments_expect_and_no_others() {
    let mut told_of_shared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in agreements() {
        let (own, shared): (Vec<_>, Vec<_>) = told(&name).into_iter().partition(|(file, _)| *file == name);
        for (file, finding) in shared {
            assert!(file.starts_with("shared/"), "{name}: {file}");
            told_of_shared.entry(file).or_default().insert(finding);
        }
        let mut own: Vec<String> = own.into_iter().map(|(_, finding)| finding).collect();
        own.sort();
        let text = fs::read_to_string(folder().join(&name)).unwrap();
        assert_eq!(own, expected(&text), "{name}");
        assert!(text.starts_with("// Modelled on the published terms of "), "{name}");
        assert!(text.lines().take(3).any(|line| line.contains("No statement of anyone's current terms.")), "{name}");
    }
    // A template is found fault with wherever it is used: its own comment says once why that stands.
    for entry in fs::read_dir(folder().join("shared")).unwrap() {
        let file = format!("shared/{}", entry.unwrap().file_name().to_str().unwrap());
        let told: Vec<String> = told_of_shared.remove(&file).unwrap_or_default().into_iter().collect();
        assert_eq!(told, expected(&fs::read_to_string(folder().join(&file)).unwrap()), "{file}");
    }
}
