//! The schema of the bundle: it holds for every bundle, and for nothing else.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{compile, flagship};

fn validator() -> Validator {
    jsonschema::validator_for(&sla::targets::json::schema()).unwrap()
}

#[test]
fn the_published_schema_is_the_current_one() {
    let path = format!("{}/docs/sla-bundle-1.schema.json", env!("CARGO_MANIFEST_DIR"));
    let current = sla::targets::json::schema_text();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == current, "run the tests with UPDATE_SCHEMA=1 and commit {path}");
}

/// That the schema holds for a bundle: every bundle that a test makes goes through here.
pub fn validate(name: &str, bundle: &Value) {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(validator);
    let errors: Vec<String> =
        VALIDATOR.iter_errors(bundle).map(|error| format!("{} {error:.300}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

#[test]
fn objects_are_closed_and_described_and_no_number_is_a_float() {
    let schema = sla::targets::json::schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], sla::targets::json::ID);
    jsonschema::meta::validate(&schema).unwrap();
    let mut objects = 0;
    walk(&schema, &mut |node| {
        assert_ne!(node["type"], "number", "{node:#}");
        if node["type"] == "object" || node["properties"].is_object() {
            objects += 1;
            assert_eq!(node["additionalProperties"], false, "{node:#}");
            let members = node["properties"].as_object().unwrap();
            let required = node["required"].as_array().unwrap();
            assert_eq!(members.len(), required.len(), "{node:#}");
        }
    });
    assert!(objects > 100);
}

fn walk(node: &Value, visit: &mut impl FnMut(&Value)) {
    match node {
        Value::Object(members) => {
            visit(node);
            members.values().for_each(|member| walk(member, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

/// The pointers to all nodes of a document.
fn pointers(node: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match node {
        Value::Object(members) => members.iter().for_each(|(name, it)| pointers(it, &format!("{at}/{name}"), all)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, it)| pointers(it, &format!("{at}/{i}"), all)),
        _ => {}
    }
}

#[test]
fn a_bundle_that_is_changed_in_its_form_is_not_valid() {
    let validator = validator();
    let bundle = compile("acme-cloud.sla", &flagship());
    let mut all = Vec::new();
    pointers(&bundle, "", &mut all);
    let mut tried = 0;
    let mut refuse = |changed: &Value, what: &str| {
        tried += 1;
        assert!(!validator.is_valid(changed), "{what} is still valid");
    };
    // Every place in turn would take minutes; the step is prime, so that all kinds of places come up.
    for at in all.iter().step_by(37) {
        let mut changed = bundle.clone();
        let node = changed.pointer_mut(at).unwrap();
        match node.clone() {
            Value::Object(members) => {
                node.as_object_mut().unwrap().insert("extra".to_owned(), json!(1));
                refuse(&changed, &format!("a member more in `{at}`"));
                for name in members.keys() {
                    let mut changed = bundle.clone();
                    changed.pointer_mut(at).unwrap().as_object_mut().unwrap().remove(name);
                    refuse(&changed, &format!("`{at}` without `{name}`"));
                }
            }
            Value::Null => *node = json!({"extra": 1}),
            _ => *node = json!(1.5),
        }
        refuse(&changed, &format!("another value at `{at}`"));
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn decimals_are_text() {
    let validator = validator();
    let bundle = compile("acme-cloud.sla", &flagship());
    let at = "/commitments/0/targets/0/value/value";
    assert_eq!(bundle.pointer(at), Some(&json!("0.9995")));
    for (wrong, is_valid) in [
        (json!("0.9996"), true),
        (json!({"numerator": "1", "denominator": "3"}), true),
        (json!(0.9995), false),
        (json!(1), false),
        (json!("99.95%"), false),
        (json!("1e-3"), false),
        (json!(".5"), false),
        (json!("007"), false),
        (json!("0.9995\n"), false),
        (json!({"numerator": 1, "denominator": 3}), false),
        (json!({"numerator": "1"}), false),
        (json!({"numerator": "1", "denominator": "0"}), false),
        (json!({"numerator": "1", "denominator": "1"}), false),
    ] {
        let mut changed = bundle.clone();
        *changed.pointer_mut(at).unwrap() = wrong.clone();
        assert_eq!(validator.is_valid(&changed), is_valid, "{wrong}");
    }
}

#[test]
fn what_no_bundle_says_is_not_valid() {
    let validator = validator();
    let bundle = compile("acme-cloud.sla", &flagship());
    let rules = bundle["rules"].as_array().unwrap();
    let rule = |kind: &str| format!("/rules/{}", rules.iter().position(|rule| rule["kind"] == kind).unwrap());
    let (credit, round) = (rule("credit"), rule("round"));
    for (at, wrong) in [
        ("/commitments/0/targets/0/comparison".to_owned(), json!("and")),
        ("/commitments/0/id".to_owned(), json!("Not an id !")),
        ("/commitments/0/name".to_owned(), json!("Not a name")),
        (format!("{round}/stage"), json!(1)),
        (format!("{round}/to"), json!({"type": "text", "value": "0.01"})),
        (format!("{credit}/rows"), json!([])),
        (format!("{credit}/rows/0/then/operands"), json!([])),
        (format!("{credit}/breach"), json!({"op": "and", "conditions": []})),
    ] {
        let mut changed = bundle.clone();
        *changed.pointer_mut(&at).unwrap_or_else(|| panic!("{at}")) = wrong;
        assert!(!validator.is_valid(&changed), "{at}");
    }
}

#[test]
fn every_variant_has_a_name_of_its_own_and_words_are_lists() {
    let schema = sla::targets::json::schema();
    let mut titles: Vec<String> = Vec::new();
    walk(&schema, &mut |node| {
        for choice in ["oneOf", "anyOf"] {
            for variant in node[choice].as_array().into_iter().flatten().filter(|it| it["properties"].is_object()) {
                titles.push(variant["title"].as_str().unwrap_or_else(|| panic!("no title: {variant:#}")).to_owned());
            }
        }
    });
    let all = titles.len();
    titles.extend(schema["$defs"].as_object().unwrap().keys().cloned());
    titles.sort();
    assert!(titles.windows(2).all(|pair| pair[0] != pair[1]), "{titles:#?}");
    assert!(all > 50);
    assert!(schema["$defs"]["ComparisonOp"]["enum"].as_array().unwrap().len() == 6);
}

#[test]
fn the_guide_shows_what_is_valid() {
    let path = format!("{}/docs/bundle.md", env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let schema = sla::targets::json::schema();
    let blocks: Vec<(&str, &str)> =
        guide.split("```json ").skip(1).filter_map(|block| block.split("```").next()?.split_once('\n')).collect();
    assert!(blocks.len() >= 5);
    let built = super::compile("guide.sla", include_str!("guide.sla"));
    for (kind, text) in blocks {
        let name = match kind {
            "value" => "Value",
            "rule" => "Rule",
            other => panic!("a block of {other}"),
        };
        let part = json!({"$defs": schema["$defs"], "$ref": format!("#/$defs/{name}")});
        let block: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let part = jsonschema::validator_for(&part).unwrap();
        let errors: Vec<String> = part.iter_errors(&block).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{text}: {errors:#?}");
        if kind == "rule" {
            assert!(built["rules"].as_array().unwrap().contains(&block), "no such rule is built: {text}");
        }
    }
}
