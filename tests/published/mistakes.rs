//! Figures that are copied wrongly: a worked example of the agreement tells each of them. And what is chosen where nothing was
//! published: the head of the file tells each of it.

use super::{agreements, folder, sla};
use std::fs;
use tempfile::TempDir;

/// A file, a part of it, and what stands there by mistake.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("object-storage", "objects.replicated.after <= 15min", "objects.replicated.after <= 2min"),
    ("object-storage", "infrequent gives 99.0%", "infrequent gives 98.9%"),
    ("machines", "where length >= 5min", "where length > 43min"),
    ("machines", "basic      gives 99.9%", "basic      gives 99.999%"),
    ("warehouse", "transfers.delivered.after <= 24h", "transfers.delivered.after <= 1h"),
    ("warehouse", " where kind = scheduled", ""),
    ("edge", "0.1% of 730h", "0.0% of 730h"),
    ("edge", "0.1% of 730h", "0.1% of 731h"),
    ("edge", "1% of 720h", "1% of 719h"),
    ("edge", "months_in_row >= 3", "months_in_row >= 4"),
    ("code-host", "requests.latency <= 1s", "requests.latency <= 3s"),
    ("code-host", "requests.latency <= 10s", "requests.latency <= 5s"),
    (
        "dev-platform",
        "requests.failed / requests.total when empty 0%",
        "requests.failed / requests.total when empty 100%",
    ),
    ("tracker", "timezone  \"UTC\"", "timezone  \"America/Los_Angeles\""),
    ("bucket-store", "uptime >= 99.9%", "uptime >= 10%"),
    ("call-centre", "speed <= 30s", "speed <= 300s"),
    ("call-centre", " where calls.abandoned = false", ""),
    ("call-centre", "abandoned <= 7%", "abandoned <= 70%"),
    ("call-centre", "positive >= 85%", "positive >= 5%"),
    ("call-centre", "survey.score >= 5", "survey.score > 5"),
    ("help-desk", "respond within 1h; resolve within 8h", "respond within 7h; resolve within 8h"),
    ("help-desk", "respond within 1h; resolve within 8h", "respond within 1h; resolve within 80h"),
    ("help-desk", "answered_share >= 90%", "answered_share >= 9%"),
    ("identity", "respond within 2h", "respond within 20h"),
    ("cloud-support", "respond within 4h", "respond within 2h"),
    ("cloud-support", "reclassify keep_clock", "reclassify restart_clock"),
];

#[test]
fn a_figure_that_is_copied_wrongly_contradicts_an_example() {
    let out = TempDir::new().unwrap();
    fs::create_dir(out.path().join("shared")).unwrap();
    for library in ["shared/cloud.sla", "shared/exclusions.sla", "shared/saas.sla"] {
        fs::copy(folder().join(library), out.path().join(library)).unwrap();
    }
    for (file, right, wrong) in MISTAKES {
        let text = fs::read_to_string(folder().join(format!("{file}.sla"))).unwrap();
        assert!(text.contains(right), "{file} does not say “{right}”");
        let mistaken = out.path().join(format!("{file}.sla"));
        fs::write(&mistaken, text.replacen(right, wrong, 1)).unwrap();
        let ran = sla(out.path(), &["test", &format!("{file}.sla")]);
        assert!(ran.err.contains("SLA707") || ran.out.contains("SLA707"), "{file}: no example tells “{wrong}”");
    }
}

/// What a statement decides and no published fact does, and how the comment at the top of the file names it as chosen.
const CHOSEN: &[(&str, &str)] = &[
    ("\n  pay ", "set off against the next invoice"),
    ("claim_in_", "set off against the next invoice"),
    ("claimed_within(", "set off against the next invoice"),
    ("\n  excuses ", "excused while"),
    ("\"America/", "the time zone"),
    ("\n  depends on ", " depend"),
    (" of incident end", "counted from the end of the outage"),
];

/// What single agreements choose, or read in one of several ways, and how the comment at the top of the file says so.
const CHOSEN_IN: &[(&str, &str)] = &[
    ("cloud-support", "which plan has which severities"),
    ("identity", "The names of the plans are chosen"),
    ("dev-platform", "That there are five, which ones"),
    ("colocation", "is one reading of the published"),
    ("colocation", "who is told of a loss of power"),
    ("database", "claimed within two billing months"),
    ("database", "up to 1 USD nothing is paid"),
    ("functions", "claimed within two billing months"),
    ("functions", "up to 1 USD nothing is paid"),
    ("object-storage", "claimed within two billing months"),
    ("object-storage", "up to 1 USD nothing is paid"),
    ("containers", "claimed within 30 days"),
    ("machines", "claimed within 30 days"),
    ("warehouse", "claimed within 30 days"),
];

/// Whether a file says of a signal what missing data counts as; of cases and scores nothing is missing.
fn decides_missing(text: &str) -> bool {
    let signals = text.split("\nsignal ").skip(1).filter_map(|rest| rest.split("\n}").next());
    let of_time = |signal: &&str| {
        !signal.lines().next().is_some_and(|head| head.contains(" as cases ") || head.contains(" as scores "))
    };
    signals.filter(of_time).any(|signal| signal.contains("\n  missing "))
}

#[test]
fn what_is_chosen_is_named_at_the_top() {
    let mut decided = 0;
    for name in agreements() {
        let text = fs::read_to_string(folder().join(&name)).unwrap();
        let (top, body) = text.split_once("\n\n").unwrap();
        let top = top.replace("\n//", "");
        let body: String = body.lines().filter(|line| !line.starts_with("//")).flat_map(|line| [line, "\n"]).collect();
        for (statement, said) in CHOSEN {
            assert!(!body.contains(statement) || top.contains(said), "{name}: `{}` is not named", statement.trim());
        }
        for (_, said) in CHOSEN_IN.iter().filter(|(short, _)| name == format!("{short}.sla")) {
            assert!(top.contains(said), "{name}: `{said}` is not said");
        }
        if decides_missing(&body) {
            decided += 1;
            assert!(top.contains("hosen here, too: what missing data counts as"), "{name}");
        }
    }
    assert!(decided >= 18, "{decided}");
}
