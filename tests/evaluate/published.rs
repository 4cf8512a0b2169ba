//! Kinds of measurement, clocks and remedies of published agreements: `published/*.sla`, one or more for each service, with
//! examples that were worked out by hand; and some of them evaluated from tables.
//!
//! The last lines of an agreement say what must be found in it: `//! severity[CODE] line 3: message`. To write them anew after
//! a change of words, run the tests with `BLESS=1` and read the difference.

mod tables;

use sla::diagnostics::Severity;
use sla::evaluate::{Budget, Step, explain, work};
use sla::model::Model;
use sla::source::SourceMap;
use std::path::PathBuf;

/// What was published, the agreements that are modelled on it, and the clauses that carry it.
const SERVICES: &[(&str, &str, &[&str])] = &[
    ("Amazon EC2, region", "ec2-region", &["commitment.region_uptime", "fee.region_fee"]),
    ("Amazon EC2, instance", "ec2-instance", &["commitment.machine_uptime"]),
    ("Amazon S3", "s3", &["commitment.standard_uptime", "commitment.infrequent_uptime", "commitment.replicated"]),
    ("AWS Lambda", "lambda", &["metric.availability", "commitment.function_uptime"]),
    ("Amazon RDS", "rds", &["commitment.several_zones", "commitment.one_zone"]),
    (
        "Compute Engine",
        "compute-engine",
        &["commitment.premium_region", "commitment.memory_region", "commitment.one_machine"],
    ),
    ("Filestore", "filestore", &["commitment.basic_kept", "commitment.enterprise_kept"]),
    ("Cloud Run", "cloud-run", &["metric.down", "commitment.container_uptime"]),
    ("BigQuery", "bigquery", &["commitment.queries_kept", "metric.delivered", "commitment.transfers_kept"]),
    (
        "Azure virtual machines",
        "azure-vm",
        &[
            "commitment.zones_kept",
            "commitment.sets_kept",
            "commitment.premium_kept",
            "commitment.ssd_kept",
            "commitment.hdd_kept",
            "amendment.changes",
        ],
    ),
    ("Microsoft 365", "m365", &["metric.uptime", "commitment.suite_kept"]),
    (
        "GitHub Enterprise Cloud",
        "github",
        &["commitment.issues_kept", "commitment.builds_kept", "metric.creditable", "commitment.packages_kept"],
    ),
    ("GitLab", "gitlab", &["commitment.hosted_kept", "metric.apdex", "commitment.dedicated_kept", "support.desk"]),
    ("Slack", "slack-2015", &["commitment.kept"]),
    ("Slack", "slack-2019", &["fee.quarterly", "commitment.kept"]),
    ("Slack", "slack-2024", &["commitment.kept", "maintenance.planned"]),
    ("Atlassian Cloud", "atlassian", &["commitment.premium_kept", "commitment.enterprise_kept"]),
    ("MongoDB Atlas", "mongodb", &["commitment.cluster_kept", "metric.deployed"]),
    ("Cloudflare R2", "r2", &["commitment.storage_kept"]),
    ("Cloudflare Enterprise", "cloudflare", &["commitment.network_kept", "duty.outage_report"]),
    ("Fastly", "fastly", &["commitment.network_kept.terminate"]),
    ("Okta", "okta", &["commitment.login_kept", "support.basic", "support.premier", "support.plus"]),
    ("Help desk, managed services", "help-desk", &["support.desk", "commitment.resolved_in_time"]),
    ("AWS Support", "aws-support", &["support.all_plans", "calendar.tokyo", "support.developer"]),
    (
        "Colocation",
        "colocation",
        &["commitment.powered", "commitment.cool", "commitment.dry", "commitment.lossless", "commitment.quick"],
    ),
    (
        "Common exclusions and remedies",
        "ec2-region",
        &[
            "exclusion.force_majeure",
            "exclusion.customer_acts",
            "exclusion.suspension",
            "exclusion.third_parties",
            "maintenance.planned",
            "service.compute",
        ],
    ),
    ("University call centre", "call-centre", &["commitment.answered", "commitment.kept_on", "commitment.content"]),
];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/evaluate/published/{name}.sla"))
}

/// An agreement without what is said of it, and the findings that must be made.
fn agreement(name: &str) -> (String, Vec<String>) {
    let text = std::fs::read_to_string(path(name)).unwrap();
    let terms = text.split("\n//! ").next().unwrap_or_default().trim_end().to_owned() + "\n";
    let expected = text.lines().filter(|line| line.starts_with("//! ")).map(str::to_owned);
    (terms, expected.collect())
}

fn model(name: &str, terms: &str) -> (Model, Vec<String>) {
    let mut sources = SourceMap::new();
    let file = sources.add(format!("{name}.sla"), terms.to_owned());
    let checked = sla::check(file, &sources);
    let line = |span| sources.locate(span).line;
    let told = checked.findings.iter().map(|found| {
        let line = found.span.map_or(0, line);
        format!("//! {}[{}] line {line}: {}", found.severity, found.code.id, found.message)
    });
    let told = told.collect();
    let errors = checked.findings.iter().filter(|found| found.severity == Severity::Error).count();
    assert_eq!(errors, 0, "{}", sla::diagnostics::plain::render(&checked.findings, &sources, false));
    (checked.model, told)
}

#[test]
fn every_published_service_is_carried_by_its_clauses() {
    for (service, name, clauses) in SERVICES {
        let ids: Vec<String> =
            model(name, &agreement(name).0).0.clauses().into_iter().map(|clause| clause.id).collect();
        for clause in *clauses {
            let part = format!("{clause}.");
            let found = ids.iter().any(|id| id == clause || id.starts_with(&part));
            assert!(found, "{service}: {name} has no {clause}: {ids:#?}");
        }
    }
    let folder = path("any");
    let files = std::fs::read_dir(folder.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<String> =
        files.filter(|file| file.extension().is_some_and(|end| end == "sla")).map(stem).collect();
    files.sort();
    let mut named: Vec<String> = SERVICES.iter().map(|(_, name, _)| (*name).to_owned()).collect();
    named.sort();
    named.dedup();
    assert_eq!(files, named);
}

fn stem(path: PathBuf) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn what_is_wrong_with_published_terms_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for (_, name, _) in SERVICES {
        let (terms, expected) = agreement(name);
        let (_, told) = model(name, &terms);
        if std::env::var_os("BLESS").is_some() {
            let end = if told.is_empty() { String::new() } else { format!("\n{}\n", told.join("\n")) };
            std::fs::write(path(name), format!("{terms}{end}")).unwrap();
        }
        if told != expected {
            wrong.push(format!("{name}\n  expected {expected:#?}\n  found {told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_of_published_terms_come_to_what_was_worked_out_by_hand() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (_, name, _) in SERVICES {
        let (model, _) = model(name, &agreement(name).0);
        for commitment in model.commitments.iter() {
            let of =
                |example: &&sla::model::Example| example.of.as_ref().is_some_and(|of| of.value == commitment.head.name);
            let shown = model.examples.iter().filter(of).count();
            assert!(shown >= 2 || commitment.credit.is_none(), "{name}: {} has {shown} examples", commitment.head.name);
        }
        assert!(model.examples.iter().count() >= 2, "{name}");
        for example in &model.examples {
            let worked = work(&model, example, &Budget::default()).unwrap();
            count += worked.compared.len();
            if !worked.holds() {
                let steps = explain(&model, example, &Budget::default());
                let steps: Vec<String> = steps.iter().flat_map(Step::lines).collect();
                wrong.push(format!("{name}: {}\n{:#?}\n{}", example.head.name, worked.compared, steps.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 150, "{count} results are compared");
}
