//! What is emitted, without any program from outside.

use sla::targets::Options;
use sla::targets::prometheus::check_selectors;

use super::{agreement, emit, model, rules, told};

fn flagship() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme-cloud.sla")).expect("the flagship")
}

/// The file as a reader of YAML sees it.
fn read(text: &str) -> serde_json::Value {
    serde_saphyr::from_str(text).expect("YAML")
}

fn each_rule(text: &str) -> Vec<serde_json::Value> {
    let file = read(text);
    let groups = file["groups"].as_array().expect("groups");
    groups.iter().flat_map(|group| group["rules"].as_array().expect("rules").clone()).collect()
}

/// Every expression parses, and every `sla:` series that it reads has been recorded before, or is its own past.
fn check_expressions(text: &str) {
    let mut recorded = std::collections::BTreeSet::new();
    for rule in each_rule(text) {
        let own = rule["record"].as_str().unwrap_or_default();
        let expr = rule["expr"].as_str().expect("an expression");
        promql_parser::parser::parse(expr).unwrap_or_else(|error| panic!("{error}: {expr}"));
        for name in expr.split(|c: char| !(c.is_ascii_alphanumeric() || c == ':' || c == '_')) {
            assert!(
                !name.starts_with("sla:") || recorded.contains(name) || name == own,
                "{name} is used before it is recorded"
            );
        }
        recorded.extend(rule["record"].as_str().map(str::to_owned));
    }
}

const REQUESTS: &str = r#"
signal requests "Requests" as events of api {
  count   total
  count   failed
  value   latency ms
  missing bad
  source prometheus { total counter 'requests_total'; failed counter 'failed_total'; latency histogram 'latency' }
}
metric errors "Error rate" = requests.failed / requests.total when empty 0%
metric uptime "Uptime" = 100% - mean(errors per 5min)
"#;

fn requests(added: &str) -> String {
    agreement(&format!("{REQUESTS}{added}"))
}

#[test]
fn the_flagship_s_rules() {
    let (text, notes) = emit(&flagship(), &Options::default());
    check_expressions(&text);
    insta::assert_snapshot!("flagship_rules", text);
    insta::assert_snapshot!("flagship_notes", told(&notes).join("\n"));
}

#[test]
fn the_other_examples_rules() {
    for name in ["colocation", "help-desk", "hosted-platform", "regional-compute"] {
        let path = format!("{}/examples/{name}.sla", env!("CARGO_MANIFEST_DIR"));
        let (text, notes) = emit(&std::fs::read_to_string(path).expect("an example"), &Options::default());
        check_expressions(&text);
        insta::assert_snapshot!(format!("{name}_rules"), format!("{text}\n{}", told(&notes).join("\n")));
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    assert_eq!(rules(&flagship()), rules(&flagship()));
}

#[test]
fn only_agreements_that_bind_have_rules() {
    let promise = "commitment few \"Few\" of api { target errors <= 1% per calendar month }";
    let draft = requests(promise).replace("in_force", "draft");
    let (text, notes) = emit(&draft, &Options::default());
    assert_eq!(read(&text)["groups"].as_array().map(Vec::len), Some(0));
    assert!(text.starts_with("# ") && text.contains("the agreement is a draft"), "{text}");
    assert_eq!(told(&notes), ["SLA805 no rules are made of an agreement that is a draft: "]);
    let (text, _) = emit(&draft, &Options { drafts: true, ..Options::default() });
    assert!(text.contains("SlaBreached"));
}

/// Downtime in runs of which each slice is long enough is the share of the slices; longer runs are not watched.
#[test]
fn short_runs_are_watched_as_the_share_of_their_slices() {
    let promise = |up: &str| {
        let added =
            format!("metric up \"Up\" = {up}\ncommitment a \"A\" of api {{ target up >= 99.9% per calendar month }}");
        let (text, notes) = emit(&requests(&added), &Options::default());
        check_expressions(&text);
        (text.replace(&digest(&text), ""), told(&notes))
    };
    let share = promise("100% - share(errors > 1% per 1min)");
    assert!(share.0.contains("SlaBreached"), "{}", share.0);
    for runs in [
        "runs(errors > 1% per 1min)",
        "runs(errors > 1% per 1min) where length >= 1min",
        "runs(errors > 1% per 1min) where length > 59s",
    ] {
        assert_eq!(promise(&format!("1 - total({runs}) / window")), share, "{runs}");
    }
    for longer in [
        "runs(errors > 1% per 1min) where length > 1min",
        "runs(errors > 1% per 1min) where length >= 2min",
        "runs(errors > 1% per 1min) where length <= 5min",
        "joined(runs(errors > 1% per 1min), 5min)",
    ] {
        let (text, _) = promise(&format!("1 - total({longer}) / window"));
        assert!(!text.contains("SlaBreached"), "{longer}");
    }
    let left_out = requests(
        "metric up \"Up\" = 1 - total(runs(errors > 1% per 1min)) / window
        commitment a \"A\" of api { target up >= 99.9% per calendar month }",
    );
    let (text, notes) = emit(&left_out.replace("missing bad", "missing excluded"), &Options::default());
    assert!(!text.contains("SlaBreached"), "{:?}", told(&notes));
}

/// The line that says which source the rules are made of.
fn digest(text: &str) -> String {
    text.lines().find(|line| line.contains("digest")).unwrap_or_default().to_owned()
}

#[test]
fn every_shape_that_can_be_watched_is() {
    let added = r#"
signal up "Up" as state of api { every 1min; missing bad; source prometheus { up gauge 'up{job="x"}' } }
signal stars "Stars" as scores of api { scale 1 to 5; source prometheus { score histogram 'stars' } }
commitment a "A" of api { target errors < 1% per calendar month }
commitment b "B" of api { target uptime >= 99.9% per calendar quarter }
commitment c "C" of api { target share(requests.latency <= 1s) >= 95% per contract year }
commitment d "D" of api { target share(up) >= 99.9% per calendar month }
commitment e "E" of api { target share(errors <= 5% per 1min) >= 99.9% per calendar week }
commitment f "F" of api { target mean(stars.score) >= 4.2 per calendar quarter }
commitment g "G" of api { applies when requests.total >= 1000; target errors <= 1% per calendar month }
commitment h "H" of api { target (requests.total - requests.failed) / requests.total >= 99% per contract term }
commitment i "I" of api { target p99(requests.latency) <= 800ms per calendar month }
commitment j "J" of api { target uptime >= 99.9% per rolling 30 days; warn below 99.95% }
commitment k "K" of api { target requests.failed <= 5 per calendar month; warn above 3 }
commitment l "L" of api { target requests.failed + requests.total < 5 per rolling 30 days }
signal feeds "Feeds" as state of api { field feed text; missing good; source prometheus { up gauge 'feed_up' } }
metric dark "Dark" = not all(feeds per feed)
signal users "Users" as samples of api {
  value licensed, affected; every 1min; missing excluded
  source prometheus { licensed gauge 'licensed'; affected gauge 'affected' }
}
metric away "Away" = sum(users.affected per 1min)
commitment s "S" of api { target away / sum(users.licensed per 1min) <= 0.1% per calendar month }
commitment m "M" of api { target share(up per 1min) >= 99.9% per calendar month }
commitment r "R" of api { target share(not up per 5min) <= 0.1% per calendar month }
commitment o "O" of api { target 100% - share(none(feeds per feed) per 1min) >= 99.9% per calendar month }
commitment p "P" of api { target share(dark) < 0.1% per calendar month }
commitment q "Q" of api { target 1 - total(runs(not any(feeds per feed) per 1min) where length >= 1min) / window >= 99.9% per calendar month }
"#;
    let (text, notes) = emit(&requests(added), &Options::default());
    check_expressions(&text);
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "o", "p", "q", "r", "s"] {
        assert!(text.contains(&format!("commitment: {name}\n")), "{name} is not watched: {:#?}", told(&notes));
    }
    // Buckets are in the unit of the value, and a whole bound is written in two ways.
    assert!(text.contains("latency_bucket{le=~\"1000([.]0)?\"}"), "{text}");
    assert!(text.contains(">= 1000)"), "the volume at which it applies");
    assert!(!text.contains("0000000"), "an artefact of floats");
}

#[test]
fn what_cannot_be_watched_is_said() {
    let added = r#"
signal jobs "Jobs" as events of api { count total; count failed }
metric rounded "Rounded" = requests.failed / requests.total when empty 0% { round half_even to 0.1% }
commitment a "A" of api { target errors <= 1% per rolling 3 months }
commitment b "B" of api { target jobs.failed / jobs.total <= 1% per calendar month }
commitment c "C" of api { target rounded <= 1% per calendar month }
commitment d "D" of api { target share(requests.latency < 1s) >= 95% per calendar month }
commitment e "E" of api { target mean(errors per 7min) <= 1% per calendar month }
signal runs_done "Runs" as cases of api { measured by acme; milestone ordered, delivered }
commitment g "G" of api { target share(runs_done.delivered.in_time) >= 95% per calendar month }
commitment h "H" of api { target requests.total >= 5 per calendar month }
commitment i "I" of api { target requests.total - requests.failed <= 5 per calendar month }
signal up "Up" as state of api { every 1min; missing bad; source prometheus { up gauge 'up' } }
commitment j "J" of api { target share(up per 5min) <= 1% per calendar month }
commitment k "K" of api { target share(not up) >= 99% per calendar month }
commitment l "L" of api { target share(up per 90s) >= 99% per calendar month }
signal users "Users" as samples of api {
  value licensed, affected; every 1min; missing excluded
  source prometheus { licensed gauge 'licensed'; affected gauge 'affected' }
}
commitment m "M" of api { target sum(users.affected per 5min) / sum(users.licensed per 5min) <= 1% per calendar month }
escalation f "F" { when "The sky falls"; after 5min notify acme.noc }
"#;
    let (text, notes) = emit(&requests(added), &Options::default());
    let told = told(&notes);
    assert_eq!(read(&text)["groups"].as_array().map(Vec::len), Some(0), "{text}");
    for (code, words) in [
        ("SLA802 `a`", "changes with the date"),
        ("SLA801 `b`", "has no source"),
        ("SLA802 `c`", "rounded"),
        ("SLA802 `d`", "only `<=` and `>`"),
        ("SLA802 `e`", "7m do not fall on the bounds"),
        ("SLA802 `g`", "no rules are made for `share` of `runs_done.delivered.in_time`"),
        ("SLA802 `h`", "an upper bound only"),
        ("SLA802 `i`", "can fall again"),
        ("SLA802 `j`", "promises that a state is down"),
        ("SLA802 `k`", "promises that a state is down"),
        ("SLA802 `l`", "no whole minutes"),
        ("SLA802 `m`", "once in each slice"),
        ("SLA806", "people judge"),
    ] {
        assert!(told.iter().any(|note| note.starts_with(code) && note.contains(words)), "{code} {words}: {told:#?}");
    }
}

#[test]
fn alerts_that_could_never_fire_are_left_out() {
    let tiers = |target: &str| {
        let promise = format!("commitment few \"Few\" of api {{ target errors <= {target} per calendar month }}");
        let (text, notes) = emit(&requests(&promise), &Options::default());
        let rules = each_rule(&text);
        let beyond = rules.iter().filter(|rule| rule["record"] == "sla:bad:share_beyond_one");
        let tiers = beyond.filter_map(|rule| Some(rule["labels"]["range"].as_str()?.to_owned()));
        (tiers.collect::<Vec<_>>(), notes.iter().filter(|note| note.code.id == "SLA804").count())
    };
    assert_eq!(tiers("0.05%"), (vec!["1h".into(), "6h".into(), "24h".into(), "72h".into()], 0));
    assert_eq!(tiers("6.94%"), (vec!["1h".into(), "6h".into(), "24h".into(), "72h".into()], 0));
    assert_eq!(tiers("6.95%"), (vec!["6h".into(), "24h".into(), "72h".into()], 1));
    assert_eq!(tiers("20%"), (vec!["24h".into(), "72h".into()], 1));
    assert_eq!(tiers("0%"), (vec![], 1));
}

#[test]
fn numbers_are_exact() {
    let promise = "commitment up \"Up\" of api { target uptime >= 99.9% per calendar month; warn below 99.93% }";
    let text = rules(&requests(promise));
    for number in ["> 0.001)", "> 0.0007)", "> 0.0144\n"] {
        assert!(text.contains(number), "{number}: {text}");
    }
}

#[test]
fn one_signal_is_recorded_once() {
    let many: String = (0..50)
        .map(|n| format!("commitment c{n} \"C{n}\" of api {{ target uptime >= 99.{n:02}% per calendar month }}\n"))
        .collect();
    let records = |text: &str| each_rule(text).iter().filter(|rule| rule["record"].is_string()).count();
    let one = "commitment c0 \"C0\" of api { target uptime >= 99.00% per calendar month }";
    assert_eq!(records(&rules(&requests(&many))), records(&rules(&requests(one))));
}

#[test]
fn selectors_are_checked() {
    for (selector, fine) in [
        ("up", true),
        ("rate(up[5m])", false),
        ("up offset 5m", false),
        ("up[5m]", false),
        ("up} or vector(1) #", false),
        ("up{a=\"b\"", false),
    ] {
        let text = agreement(&format!(
            "signal s \"S\" as state of api {{ source prometheus {{ up gauge '{selector}' }} }}\ncommitment c \"C\" of api {{ target share(s) >= 99% per calendar month }}"
        ));
        let found = check_selectors(&model(&text));
        assert_eq!(found.is_empty(), fine, "{selector}");
        assert!(found.iter().all(|finding| finding.code.id == "SLA331"));
        // A rule never contains what was not understood.
        assert!(fine || !rules(&text).contains(selector), "{selector}");
    }
}

#[test]
fn a_histogram_is_named_without_the_ending_of_a_part() {
    for ending in ["_bucket", "_count", "_sum"] {
        let source = format!("latency histogram 'seconds{ending}{{job=\"seconds{ending}\"}}'");
        let text = requests("").replace("latency histogram 'latency'", &source);
        let found = check_selectors(&model(&text));
        assert_eq!(found.iter().map(|finding| finding.code.id).collect::<Vec<_>>(), ["SLA331"], "{found:#?}");
        let fix = &found[0].fixes[0];
        assert_eq!(fix.edits[0].new_text, format!("seconds{{job=\"seconds{ending}\"}}"));
        let span = fix.edits[0].span;
        let mended = format!("{}{}{}", &text[..span.start as usize], fix.edits[0].new_text, &text[span.end as usize..]);
        assert!(check_selectors(&model(&mended)).is_empty());
    }
    // A counter may be called so.
    let text = requests("").replace("counter 'requests_total'", "counter 'requests_count'");
    assert!(check_selectors(&model(&text)).is_empty());
}

#[test]
fn a_title_cannot_leave_its_comment() {
    let text = requests("commitment few \"Few\" of api { target errors <= 1% per calendar month }")
        .replace("agreement small \"Small\"", "agreement small \"\"\"Small\ngroups: []\n\"\"\"");
    let (tree, _) = sla::syntax::parse(sla::source::FileId::new(0), &text);
    let (model, _) = sla::model::build(&tree);
    let (artifacts, _) = sla::targets::Target::emit(
        &sla::targets::prometheus::Prometheus,
        &model,
        &sla::source::SourceMap::new(),
        &Options::default(),
    );
    assert!(
        artifacts[0].text.lines().take_while(|line| !line.starts_with("groups:")).all(|line| line.starts_with('#'))
    );
    assert!(!each_rule(&artifacts[0].text).is_empty());
}

#[test]
fn rules_grow_in_step_with_the_promises() {
    let size = |count: usize| {
        let promise = |n| {
            format!(
                "metric m{n} \"M{n}\" = 100% - mean(errors per 5min)\ncommitment c{n} \"C{n}\" of api {{ target m{n} >= 99.9% per calendar month; warn below 99.95% }}\n"
            )
        };
        let model = model(&requests(&(0..count).map(promise).collect::<String>()));
        let (artifacts, _) = sla::targets::Target::emit(
            &sla::targets::prometheus::Prometheus,
            &model,
            &sla::source::SourceMap::new(),
            &Options::default(),
        );
        artifacts[0].text.len()
    };
    // A number of one more digit is the only thing that may be longer.
    assert!(size(1_000) < 11 * size(100));
}

/// The rules of an alert.
fn alerts_of(text: &str, name: &str) -> Vec<serde_json::Value> {
    each_rule(text).into_iter().filter(|rule| rule["alert"] == name).collect()
}

#[test]
fn nothing_that_was_recorded_is_read_again_after_a_restart() {
    let promise = "commitment up \"Up\" of api { target uptime >= 99.9% per calendar month }";
    for rule in each_rule(&rules(&requests(promise))).iter().filter(|rule| rule["record"].is_string()) {
        let expr = rule["expr"].as_str().expect("an expression");
        for series in ["sla:window{", "sla:count:slice{"] {
            let (all, bounded) = (expr.matches(series).count(), expr.matches(&format!("_over_time({series}")).count());
            assert_eq!(all, bounded, "{expr}");
        }
    }
}

#[test]
fn every_alert_says_whose_promise_it_is_about() {
    let added = r#"
signal tickets "Tickets" as cases of desk {
  milestone opened; milestone responded; milestone resolved
  source prometheus { responded age 'unanswered' }
}
support desk "Desk" of api {
  by acme to globex; cases tickets; on always
  priority p1 "Critical" { when "x"; respond within 15min; update every 30min; resolve within 4h }
}
commitment few "Few" of api { target errors <= 1% per calendar month }
escalation ladder "Ladder" { when few.failing or desk.p1.late; after 0min notify acme.noc }
notice news "News" { by acme to globex.it; when few.failing; within 30min of incident start }
recovery standby "Standby" of api { by acme to globex; rto 4h; rpo 15min }
duty access "Access" { by globex to acme; do "Give access"; excuses few }
"#;
    let (text, notes) = emit(&requests(added), &Options::default());
    check_expressions(&text);
    let alerts = ["SlaBudgetBurns", "SlaBreached", "SlaCaseLate", "SlaEscalation", "SlaNoticeDue", "SlaRulesRunOut"];
    for name in alerts {
        let found = alerts_of(&text, name);
        assert!(!found.is_empty(), "{name}");
        assert!(found.iter().all(|rule| rule["labels"]["owed_by"] == "acme"), "{found:#?}");
    }
    for name in ["SlaEscalation", "SlaNoticeDue"] {
        let rule = &alerts_of(&text, name)[0];
        assert_eq!(rule["labels"]["commitment"], "few");
        let description = rule["annotations"]["description"].as_str().expect("a description");
        assert!(description.contains("promises that") && description.contains("when"), "{description}");
    }
    let breached = &alerts_of(&text, "SlaBreached")[0]["annotations"]["description"];
    assert!(breached.as_str().expect("it").contains("Excluded time is not taken out"), "{breached}");
    let told = told(&notes);
    for (code, words) in [
        ("SLA803", "`few`"),
        ("SLA801 the resolution deadline", "has no source"),
        ("SLA801 `ladder` does not start by this", "resolved"),
        ("SLA802 the updates of `p1`", "news"),
        ("SLA802 no alert comes from `standby`", "recovery"),
    ] {
        assert!(told.iter().any(|note| note.starts_with(code) && note.contains(words)), "{code} {words}: {told:#?}");
    }
}

#[test]
fn a_late_case_names_the_promises_on_its_own_milestone() {
    let added = r#"
signal tickets "Tickets" as cases of desk {
  milestone opened; milestone responded; milestone resolved
  source prometheus { responded age 'unanswered'; resolved age 'unsolved' }
}
support desk "Desk" of api {
  by acme to globex; cases tickets; on always
  priority p1 "Critical" { when "x"; respond within 15min; resolve within 4h }
}
metric quickly "Answered quickly" = share(tickets.responded.after <= 30min)
commitment answered "Answered" of desk { target quickly >= 95% per calendar month }
commitment solved "Solved" of desk { target share(tickets.resolved.in_time) >= 95% per calendar month }
"#;
    let late = alerts_of(&rules(&agreement(added)), "SlaCaseLate");
    let named = |rule: &serde_json::Value| (rule["labels"]["milestone"].clone(), rule["labels"]["commitment"].clone());
    let named: Vec<_> = late.iter().map(named).collect();
    assert_eq!(named, [("responded".into(), "answered".into()), ("resolved".into(), "solved".into())]);
}

#[test]
fn a_ladder_is_owed_by_whoever_notifies() {
    let added = r#"
service data "Data" { by globex to acme }
commitment few "Few" of api { target errors <= 1% per calendar month }
commitment fresh "Fresh" of data { target errors <= 2% per calendar month }
escalation one "One" { when fresh.failing; after 0min notify acme.noc }
escalation both "Both" { when few.failing or fresh.failing; after 0min notify acme.noc }
"#;
    let text = rules(&requests(added));
    let owed_by =
        |name| alerts_of(&text, name).iter().map(|rule| rule["labels"]["owed_by"].clone()).collect::<Vec<_>>();
    assert_eq!(owed_by("SlaEscalation"), ["acme", "acme"]);
    let breached = owed_by("SlaBreached");
    assert!(breached.contains(&"acme".into()) && breached.contains(&"globex".into()), "{breached:?}");
}

#[test]
fn time_that_counts_as_met_is_not_called_excluded() {
    let of = |excluded: &str| {
        let added = format!(
            "exclusion storm \"Storm\" {{ when \"A storm\"; counts met }}\nexclusion war \"War\" {{ when \"A war\"; counts excluded }}\ncommitment few \"Few\" of api {{ target errors <= 1% per calendar month; exclude {excluded} }}"
        );
        let (text, notes) = emit(&requests(&added), &Options::default());
        let note = told(&notes).into_iter().find(|note| note.starts_with("SLA803")).expect("a note");
        let description = &alerts_of(&text, "SlaBreached")[0]["annotations"]["description"];
        format!("{note} {}", description.as_str().expect("a description"))
    };
    for (excluded, says_excluded, says_met) in
        [("storm", false, true), ("war", true, false), ("war, storm", true, true)]
    {
        let text = of(excluded);
        assert_eq!(text.matches("xcluded time is not taken out").count(), usize::from(says_excluded), "{text}");
        assert_eq!(text.matches("take out excluded time").count(), usize::from(says_excluded), "{text}");
        assert_eq!(text.matches("counts as met").count(), usize::from(says_met), "{text}");
        assert_eq!(text.matches("count as met").count(), usize::from(says_met), "{text}");
    }
}

#[test]
fn what_is_not_said_of_missing_data_is_noted() {
    let notes = |missing: &str| {
        let promise = "commitment up \"Up\" of api { target uptime >= 99.9% per calendar month }";
        let (_, notes) = emit(&requests(promise).replace("missing bad", missing), &Options::default());
        told(&notes).iter().filter(|note| note.starts_with("SLA809")).count()
    };
    assert_eq!((notes(""), notes("missing excluded"), notes("missing bad")), (1, 0, 0));
}

/// Rules for each option of an open dimension keep the label by which the series tell them apart.
#[test]
fn each_option_of_an_open_dimension_is_watched_by_its_label() {
    let added = r#"
dimension machine "Machine"
dimension other "Other"
signal up "Up" as state of api { field host machine; missing good; source prometheus { up gauge 'up' } }
signal crossed "Crossed" as state of api {
  field machine other; field other machine; missing good; source prometheus { up gauge 'up' }
}
signal whole "Whole" as state of api { missing good; source prometheus { up gauge 'up' } }
signal empty "Empty" as events of api {
  count total, failed; field machine machine; missing bad
  source prometheus { total counter 'total'; failed counter 'failed' }
}
signal tickets "Tickets" as cases of desk {
  milestone opened, resolved; field machine machine; source prometheus { resolved age 'unsolved' }
}
support desk "Desk" of api per machine {
  by acme to globex; cases tickets; on always
  priority p1 "Critical" { when "x"; resolve within 4h }
}
metric rate "Rate" = empty.failed / empty.total
commitment a "A" of api per machine { target share(up) >= 99% per rolling 30 days; warn below 99.5% }
commitment b "B" of api per machine { target share(whole) >= 99% per calendar month }
commitment c "C" of api per machine, other { target share(crossed) >= 99% per calendar month }
commitment d "D" of api per machine { target mean(rate per 5min) <= 1% per calendar month }
commitment e "E" of api per machine { applies when requests.total >= 1000; target share(up) >= 99% per calendar month }
escalation ladder "Ladder" per machine { when a.at_risk or a.breached or d.failing or desk.p1.late; after 1h notify acme.noc }
"#;
    let (text, notes) = emit(&requests(added), &Options::default());
    check_expressions(&text);
    let told = told(&notes);
    for (code, words) in [
        ("SLA802 `b[machine=each]` is not watched", "does not tell apart the options"),
        ("SLA802 `c[machine=each,other=each]` is not watched", "is called as another one's dimension"),
        ("SLA802 `e[machine=each]` is not watched", "is not told apart"),
        ("SLA809 missing data of `empty[machine=each]`", "looks like one without anything to count"),
        ("SLA802 the resolution deadline of `p1`", "of cases"),
        ("SLA802 `ladder[machine=each]` does not start by this", "of cases"),
    ] {
        assert!(told.iter().any(|note| note.starts_with(code) && note.contains(words)), "{code} {words}: {told:#?}");
    }
    let breached = alerts_of(&text, "SlaBreached");
    let about: Vec<_> = breached.iter().map(|rule| rule["labels"]["commitment"].clone()).collect();
    assert_eq!(about, ["a", "d"], "{told:#?}");
    assert!(breached[0]["labels"]["machine"].is_null(), "it comes with the series: {breached:#?}");
    assert!(text.contains("up{host!=\"\"}") && text.contains("\"machine\", \"$1\", \"host\""), "{text}");
}

/// Of states that are read together it can be known what is missing only where the others say the same without it.
#[test]
fn what_is_missing_of_several_states_is_noted() {
    let notes = |share: &str, missing: &str| {
        let added = format!(
            "signal feeds \"Feeds\" as state of api {{ field feed text; missing {missing}; source prometheus {{ up gauge 'feed_up' }} }}
            commitment up \"Up\" of api {{ target share({share} per 1min) >= 99.9% per calendar month }}"
        );
        let (text, notes) = emit(&agreement(&added), &Options::default());
        assert!(text.contains("SlaBreached"), "{text}");
        told(&notes).iter().filter(|note| note.starts_with("SLA809")).count()
    };
    let each = |share: &str| ["good", "bad", "excluded"].map(|missing| notes(share, missing));
    assert_eq!(each("feeds"), [0, 0, 0]);
    assert_eq!(each("all(feeds per feed)"), [0, 1, 1]);
    assert_eq!(each("any(feeds per feed)"), [1, 0, 1]);
}

#[test]
fn what_an_empty_window_costs_is_noted() {
    let notes = |empty: &str| {
        let added = format!(
            "metric good \"Good\" = (requests.total - requests.failed) / requests.total when empty {empty}\ncommitment few \"Few\" of api {{ target good >= 99% per calendar month }}"
        );
        let (_, notes) = emit(&requests(&added), &Options::default());
        told(&notes).iter().filter(|note| note.contains("is empty")).count()
    };
    assert_eq!((notes("0%"), notes("100%")), (1, 0));
}

#[test]
fn a_far_end_is_reached_as_far_as_five_years() {
    let promise = "commitment few \"Few\" of api { target errors <= 1% per calendar day }";
    let text = rules(&requests(promise).replace("2027-12-31", "9999-12-31"));
    assert!(text.contains("The rules hold until 2031-12-31"), "{}", text.lines().next().unwrap_or_default());
    assert_eq!(alerts_of(&text, "SlaBreached").len(), 1);
    let (text, notes) = emit(
        &requests("commitment few \"Few\" of api { target errors <= 1% per contract term }")
            .replace(" to 2027-12-31", ""),
        &Options::default(),
    );
    assert!(alerts_of(&text, "SlaBreached").is_empty());
    assert!(told(&notes).iter().any(|note| note.contains("no last day")));
}

#[test]
fn what_is_not_watched_leaves_nothing_behind() {
    let promise = "commitment e \"E\" of api { target mean(errors per 7min) <= 1% per calendar quarter }\ncommitment f \"F\" of api { target errors <= 1% per calendar day }";
    let text = rules(&requests(promise));
    assert!(!text.contains("calendar_quarter") && text.contains("calendar_day"), "{text}");
}

#[test]
fn a_horizon_does_not_end_a_window() {
    let promise = "commitment few \"Few\" of api { target errors <= 1% per calendar month }";
    let horizon = sla::values::parse_date("2027-01-15").ok();
    let (text, _) = emit(&requests(promise), &Options { horizon, ..Options::default() });
    let end = each_rule(&text).into_iter().find(|rule| rule["record"] == "sla:window_end").expect("an end");
    // The first of February in Berlin, and no rule after the fifteenth of January.
    let end = end["expr"].as_str().expect("an expression");
    assert!(end.contains("1801436400") && end.contains("< 1800054000"), "{end}");
}
