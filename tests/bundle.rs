//! The JSON rule bundle: its schema, its digest, and that its rules can be executed by a program that knows only JSON.

mod agreement;
mod execution;
mod families;
mod interpreter;
mod remedies;
mod schema;
mod signing;

use serde_json::{Value, json};
use sla::diagnostics::Severity;
use sla::source::SourceMap;
use sla::targets::{Options, Target, json::Json};

fn flagship() -> String {
    example("acme-cloud.sla")
}

fn help_desk() -> String {
    example("help-desk.sla")
}

fn example(name: &str) -> String {
    let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text of the bundle of an agreement; nothing if the agreement has errors.
fn try_text(path: &str, text: &str) -> Option<String> {
    let mut sources = SourceMap::new();
    let file = sources.add(path, text);
    let (tree, mut findings) = sla::syntax::parse(file, text);
    let (model, more) = sla::model::build(&tree);
    findings.extend(more);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return None;
    }
    let (artifacts, findings) = Json.emit(&model, &sources, &Options::default());
    assert!(findings.is_empty());
    assert_eq!(artifacts.len(), 1);
    assert_eq!(artifacts[0].name, format!("{}.bundle.json", model.agreement.head.name));
    artifacts.into_iter().next().map(|artifact| artifact.text)
}

fn compile(path: &str, text: &str) -> Value {
    let bundle = serde_json::from_str(&try_text(path, text).expect("an agreement without errors")).unwrap();
    schema::validate(path, &bundle);
    bundle
}

/// Windows and hours as instants: the quiet hours of a Sunday on which the clocks go forward are three, and a year of months
/// has no gap.
#[test]
fn windows_and_hours_are_resolved_to_instants() {
    let bundle = compile("acme-cloud.sla", &flagship());
    let resolved = &bundle["resolved"];
    // It renews itself, so that five years are worked out.
    assert_eq!((resolved["from"].as_str(), resolved["to"].as_str()), (Some("2027-01-01"), Some("2031-12-31")));
    let months = resolved["windows"].as_array().unwrap().iter().find(|it| it["per"]["unit"] == "month").unwrap();
    let starts = months["starts"].as_array().unwrap();
    assert_eq!(starts.len(), 61);
    let all: Vec<&str> = starts.iter().take(4).map(|start| start["at"].as_str().unwrap()).collect();
    assert_eq!(all, ["2026-12-31T23:00:00Z", "2027-01-31T23:00:00Z", "2027-02-28T23:00:00Z", "2027-03-31T22:00:00Z"]);
    assert_eq!(starts[60]["date"], "2032-01-01");
    // Local clocks are an hour ahead at first, from three days before the term on, and two hours from the end of March.
    let offsets: Vec<(&str, i64)> = resolved["offsets"]
        .as_array()
        .unwrap()
        .iter()
        .take(3)
        .map(|it| (it["from"].as_str().unwrap_or(""), it["seconds"].as_i64().unwrap()))
        .collect();
    assert_eq!(offsets, [("", 3600), ("2027-03-28T01:00:00Z", 7200), ("2027-10-31T01:00:00Z", 3600)]);
    let hours = resolved["openings"].as_array().unwrap();
    let quiet = hours.iter().find(|it| it["calendar"] == "quiet_hours").unwrap()["open"].as_array().unwrap();
    let sunday = quiet.iter().find(|open| open[0].as_str().unwrap().starts_with("2027-03-28")).unwrap();
    assert_eq!((sunday[0].as_str(), sunday[1].as_str()), (Some("2027-03-28T01:00:00Z"), Some("2027-03-28T04:00:00Z")));
    let office = hours.iter().find(|it| it["calendar"] == "office").unwrap()["open"].as_array().unwrap();
    // Good Friday and Easter Monday are holidays.
    assert!(
        !office
            .iter()
            .any(|open| ["2027-03-26", "2027-03-29"].iter().any(|day| open[0].as_str().unwrap().starts_with(day)))
    );
}

#[test]
fn calendars_keep_their_zone_their_single_days_and_the_dates_that_are_taken_out() {
    let bundle = compile("calendars.sla", include_str!("evaluate/calendars.sla"));
    schema::validate("calendars.sla", &bundle);
    let named =
        |list: &str, name: &str| bundle[list].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone();
    let office = named("calendars", "office")["hours"].clone();
    assert_eq!(
        office["dated"],
        json!({ "single": [], "yearly": [{ "day": "12-24", "open": [{ "from_minute": 480, "to_minute": 720 }] }] })
    );
    assert_eq!(office["timezone"], json!(null));
    assert_eq!(named("calendars", "new_york")["hours"]["timezone"], "America/New_York");
    let working = named("calendars", "working");
    assert_eq!((&working["holidays"], &working["hours"]["op"]), (&json!(["abroad"]), &json!("except")));
    let parts = working["hours"]["parts"].as_array().unwrap();
    assert_eq!(parts[0], json!({ "op": "calendar", "name": "new_york" }));
    assert_eq!((&parts[1]["op"], &parts[1]["timezone"]), (&json!("dates"), &json!("America/New_York")));
    assert_eq!(named("holidays", "abroad")["made_of"], json!(["american", "german"]));
    // 15 March, when only New York has changed its clocks, and not the 17th.
    let openings = bundle["resolved"]["openings"].as_array().unwrap();
    let open = openings.iter().find(|it| it["calendar"] == "working").unwrap()["open"].as_array().unwrap();
    let on = |day: &str| open.iter().find(|open| open[0].as_str().unwrap().starts_with(day)).cloned();
    assert_eq!(on("2027-03-12"), Some(json!(["2027-03-12T14:00:00Z", "2027-03-12T22:00:00Z"])));
    assert_eq!(on("2027-03-15"), Some(json!(["2027-03-15T13:00:00Z", "2027-03-15T21:00:00Z"])));
    assert_eq!(on("2027-03-17"), None);
}

/// The days from which periods are counted are in the bundle, and its windows begin on them.
#[test]
fn windows_begin_on_the_days_that_are_stated() {
    let bundle = compile("anchors.sla", include_str!("evaluate/anchors.sla"));
    schema::validate("anchors.sla", &bundle);
    let agreement = &bundle["agreement"];
    assert_eq!((&agreement["billing_month_starts"], &agreement["fiscal_year_starts"]), (&json!(31), &json!("02-01")));
    let starts = |kind: &str| {
        let all = bundle["resolved"]["windows"].as_array().unwrap();
        let of = all.iter().find(|it| it["per"]["kind"] == kind).unwrap()["starts"].as_array().unwrap();
        of.iter().take(4).map(|start| start["date"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(starts("fiscal"), ["2026-11-01", "2027-02-01", "2027-05-01", "2027-08-01"]);
    assert_eq!(starts("billing"), ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]);
}

/// A chain of proposals with a choice: the clause of its answers is that of the first one, and what was chosen is named.
#[test]
fn negotiations_are_in_the_bundle() {
    let decided = r#"
proposal nines "A higher target" of desk { by council to fixit; raised 2027-01-18; change "More"; within 14 days }
proposal half "Half the way" of nines {
  by fixit; raised 2027-01-20; option a "A"; option b "B"; within 10 days on desk_hours
  outcome accepted 2027-02-01 option b by council "A fair deal"
}
"#;
    let bundle = compile("talks.sla", &(help_desk() + decided));
    let named =
        |name: &str| bundle["proposals"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone();
    let (nines, half) = (named("nines"), named("half"));
    assert_eq!(
        (&nines["standing"], &nines["answers"], &nines["of"]),
        (&json!("countered"), &json!(null), &json!("support.desk"))
    );
    assert_eq!(
        (&half["standing"], &half["answers"], &half["of"]),
        (&json!("accepted"), &json!("nines"), &json!("support.desk"))
    );
    assert_eq!((&nines["answer_until"], &half["answer_until"]), (&json!("2027-02-01"), &json!("2027-02-03")));
    assert_eq!(
        half["within"],
        json!({ "amount": { "type": "period", "count": 10, "unit": "day" }, "on": { "type": "calendar", "name": "desk_hours" }, "of": null })
    );
    assert_eq!(half["to"], json!([{ "party": "council", "contact": null }]));
    assert_eq!(half["options"][1], json!({ "id": "proposal.half.option.b", "name": "b", "title": "B" }));
    let council = json!([{ "party": "council", "contact": null }]);
    assert_eq!(
        half["outcomes"],
        json!([{ "verdict": "accepted", "date": "2027-02-01", "option": "b", "by": council, "reason": "A fair deal" }])
    );
    // What is open in the example is another point.
    assert_eq!(bundle["open_points"].as_array().unwrap().len(), 1);
    assert_eq!(bundle["open_points"][0]["proposal"], "phone_hours");
}

#[test]
fn the_bundles_of_the_examples() {
    for name in ["acme-cloud", "colocation", "help-desk", "hosted-platform", "regional-compute"] {
        let (path, source) = (format!("examples/{name}.sla"), example(&format!("{name}.sla")));
        let text = try_text(&path, &source).unwrap();
        schema::validate(&path, &serde_json::from_str(&text).unwrap());
        insta::assert_snapshot!(format!("{name}.bundle.json"), without_instants(&text));
        assert_eq!(text, try_text(&path, &source).unwrap());
    }
}

/// A bundle without the thousands of instants that are worked out, which no person reviews.
fn without_instants(text: &str) -> String {
    let (before, rest) = text.split_once("\n  \"resolved\": {\n").unwrap();
    let (_, after) = rest.split_once("\n  },\n").unwrap();
    format!("{before}\n  \"resolved\": …,\n{after}")
}

#[test]
fn every_clause_of_a_rule_has_a_place_in_the_source() {
    for (name, text) in [("acme-cloud.sla", flagship()), ("help-desk.sla", help_desk())] {
        let bundle = compile(name, &text);
        let clauses = bundle["source"]["clauses"].as_array().unwrap();
        let is_clause = |id: &Value| clauses.iter().any(|clause| clause["clause"] == *id);
        for rule in bundle["rules"].as_array().unwrap() {
            let several = rule["clauses"].as_array().map(Vec::as_slice).unwrap_or_default();
            let named: Vec<&Value> = rule.get("clause").into_iter().chain(several).collect();
            assert!(!named.is_empty() && named.into_iter().all(is_clause), "{rule:#}");
        }
    }
}

#[test]
fn the_tiers_have_explicit_ends_without_a_gap() {
    let bundle = compile("acme-cloud.sla", &flagship());
    let commitments = bundle["commitments"].as_array().unwrap();
    let uptime = commitments.iter().find(|it| it["name"] == "api_uptime").unwrap();
    let ends: Vec<String> = uptime["credit"]["tiers"].as_array().unwrap().iter().map(tier).collect();
    assert_eq!(ends, ["[0.99, 0.9995) 0.1", "[0.95, 0.99) 0.25", "(null, 0.95) 0.5"]);
}

fn tier(tier: &Value) -> String {
    let (from, to) = (&tier["from"], &tier["to"]);
    let open = if from["inclusive"] == true { '[' } else { '(' };
    let close = if to["inclusive"] == true { ']' } else { ')' };
    let number = |end: &Value| end["value"]["value"].as_str().unwrap_or("null").to_owned();
    format!("{open}{}, {}{close} {}", number(from), number(to), tier["gives"]["value"].as_str().unwrap())
}

#[test]
fn calendars_are_trees_that_name_one_another() {
    let bundle = compile("help-desk.sla", &help_desk());
    let calendars = bundle["calendars"].as_array().unwrap();
    let duty = calendars.iter().find(|it| it["name"] == "duty_hours").unwrap();
    let expected = serde_json::json!({"op": "or", "parts": [
        {"op": "calendar", "name": "desk_hours"}, {"op": "calendar", "name": "saturday_cover"}]});
    assert_eq!(duty["hours"], expected);
}

#[test]
fn hostile_words_can_stand_in_a_page_of_html() {
    let hostile = "</script><!--&'é";
    let text = flagship().replace("Public API\"", &format!("{hostile}\""));
    let bundle = try_text("acme-cloud.sla", &text).unwrap();
    assert!(bundle.chars().all(|letter| !matches!(letter, '<' | '>' | '&')));
    assert!(bundle.contains("\\u003c/script\\u003e\\u003c!--\\u0026'é"));
    let read: Value = serde_json::from_str(&bundle).unwrap();
    assert_eq!(read["services"][0]["title"], hostile);
}

#[test]
fn no_path_of_a_machine_is_in_a_bundle() {
    let text = try_text("/home/somebody/secret/acme-cloud.sla", &flagship()).unwrap();
    assert!(text.contains("\"path\": \"acme-cloud.sla\"") && !text.contains("secret"));
}

#[test]
fn an_agreement_with_an_error_has_no_bundle() {
    let mut sources = SourceMap::new();
    let text = flagship().replace("failed / requests.total", "failed / requests.nothing");
    let file = sources.add("acme-cloud.sla", text.as_str());
    let (model, _) = sla::model::build(&sla::syntax::parse(file, &text).0);
    assert!(Json.emit(&model, &sources, &Options::default()).0.is_empty());
}
