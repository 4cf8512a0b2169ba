//! Texts that templates are given, in conditions and in selectors.

use super::hosting;
use crate::cli::{Ran, folder, sla};

/// An agreement of one customer with shared terms, which it uses like this.
fn agreement(used: &str) -> String {
    let kept = "commitment kept \"Kept\" of web { target uptime >= 99% per calendar month }\n";
    hosting("front", "in_force", &format!("{used}\n{kept}"))
}

const TERMS: &str = r#"
template signals(owner as party, of_what as service, tenant as text) {
  signal requests "Requests" as events of of_what {
    measured by owner
    count total, failed
    field customer text
    missing bad
    source prometheus {
      total  counter 'http_requests_total{tenant="$tenant",path=~"/(${tenant}|all)/x$"}'
      failed counter 'http_requests_total{tenant="$tenant",path=~"/(${tenant}|all)/x$",code=~"5.."}'
    }
  }
  metric errors "Errors" = requests.failed / requests.total when empty 0%
  metric uptime "Uptime" = 100% - mean(errors per 5min)
  metric own "Own requests" = sum(requests.total per 5min where customer = tenant)
}
template front(owner as party, of_what as service, tenant as text) { use signals(owner, of_what, tenant) }
"#;

fn ran(used: &str, terms: &str, arguments: &[&str]) -> (tempfile::TempDir, Ran) {
    let folder = folder(&[("terms.sla", terms), ("shop.sla", &agreement(used))]);
    let ran = sla(folder.path(), arguments);
    (folder, ran)
}

#[test]
fn a_text_stands_for_itself_in_selectors() {
    // The text tries to leave the quotes and to become a pattern.
    let (folder, ran) =
        ran(r#"use front(b, web, "a.\"b\"} or up{c=\"")"#, TERMS, &["build", "shop.sla", "--out", "out"]);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let rules = std::fs::read_to_string(folder.path().join("out/shop.rules.yml")).unwrap();
    let total = r#"http_requests_total{tenant="a.\"b\"} or up{c=\"",path=~"/(a\\.\"b\"\\} or up\\{c=\"|all)/x$""#;
    assert!(rules.contains(total), "{rules}");
    assert!(!rules.contains("$tenant") && !rules.contains("${"), "{rules}");
}

#[test]
fn what_is_wrong_with_a_text_is_told_once() {
    let told = |used: &str, terms: &str| {
        let (_folder, ran) = ran(used, terms, &["check", "--message-format", "short", "shop.sla"]);
        let told = ran.out.lines().filter(|line| line.contains("error"));
        told.map(|line| line.split(" (used at").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let used = r#"use front(b, web, "shop")"#;
    assert_eq!(told(used, TERMS), [""; 0]);
    let slip = TERMS.replacen("$tenant", "$tennant", 1);
    assert_eq!(told(used, &slip), ["terms.sla:9:51: error[SLA201]: no parameter is called `tennant`"]);
    assert_eq!(
        told("use front(b, web, 3)", &TERMS.replace(" where customer = tenant", "")),
        ["shop.sla:12:19: error[SLA301]: `tenant` is a text, and this is a number"]
    );
    let other = TERMS.replacen("$tenant", "$owner", 1);
    assert_eq!(told(used, &other), ["terms.sla:9:51: error[SLA306]: `owner` stands for no text"]);
    let outside = TERMS.replacen("http_requests_total{", "$tenant{", 1);
    assert_eq!(told(used, &outside), ["terms.sla:9:23: error[SLA304]: no text can stand for `$tenant` here"]);
    let raw = TERMS.replacen("\"$tenant\"", "`$tenant`", 1);
    assert_eq!(told(used, &raw), ["terms.sla:9:51: error[SLA304]: no text can stand for `$tenant` here"]);
    let dollars = TERMS.replacen("$tenant", "$$tenant", 1);
    assert_eq!(told(used, &dollars), [""; 0]);
}

#[test]
fn a_text_that_could_mean_two_things_is_told() {
    let told = |used: &str, terms: &str| {
        let (_folder, ran) = ran(used, terms, &["check", "--message-format", "short", "shop.sla"]);
        let told = ran.out.lines().filter(|line| line.contains("error"));
        told.map(|line| line.split(" (used at").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let used = r#"use front(b, web, "shop")"#;
    let hidden = TERMS.replace("field customer text", "field tenant text").replace("where customer", "where tenant");
    let message = "error[SLA202]: `tenant` is a part of `requests` here, and a parameter of this template";
    assert!(told(used, &hidden).iter().any(|line| line.contains(message)), "{:?}", told(used, &hidden));
    let empty = told(r#"use front(b, web, "")"#, TERMS);
    assert!(empty.contains(&"shop.sla:12:19: error[SLA314]: the text for `tenant` is empty".to_owned()), "{empty:?}");
    for blank in ["\" shop\"", "\"a  b\"", "\"a\\nb\""] {
        let told = told(&format!("use front(b, web, {blank})"), TERMS);
        assert!(
            told.iter().any(|line| line.contains("SLA308") && line.contains("blanks that nobody sees")),
            "{told:?}"
        );
    }
    let set = TERMS.replace("(${tenant}|all)", "[${tenant}]");
    assert!(told(used, &set).iter().all(|line| line.contains("SLA304")) && told(used, &set).len() == 2);
    let title = TERMS.replace("\"Uptime\"", "\"Uptime of $tenant\"");
    let (_folder, ran) = ran(used, &title, &["check", "--message-format", "short"]);
    assert!(ran.out.contains("terms.sla:14:28: error[SLA901]"), "{}", ran.out);
}

#[test]
fn what_is_repeated_after_a_text_is_all_of_it() {
    let terms = TERMS.replace("(${tenant}|all)", "${tenant}{2}");
    let (folder, ran) = ran(r#"use front(b, web, "ab.")"#, &terms, &["build", "shop.sla", "--out", "out"]);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let rules = std::fs::read_to_string(folder.path().join("out/shop.rules.yml")).unwrap();
    assert!(rules.contains(r#"path=~"/(?:ab\\.){2}/x$""#), "{rules}");
}

#[test]
fn a_template_is_checked_within_its_blocks_for_options() {
    let library = r#"dimension plan "Plan" { option gold "Gold"; option silver "Silver" }
template late(base as fee) of commitment {
  for gold   { claim by nobody within 30 days of window end }
  for silver { credit of base { below 95% gives 30min } }
}
template made(owner as party) {
  commitment kept "Kept" of nothing per plan { for gold { target 3 >= lost per calendar month } }
}
"#;
    let folder = folder(&[("late.sla", library)]);
    let ran = sla(folder.path(), &["check", "--message-format", "short"]);
    for wanted in ["3:25: error[SLA201]", "4:49: error[SLA301]", "7:71: error[SLA201]"] {
        assert!(ran.out.contains(wanted), "{wanted}: {}", ran.out);
    }
}
