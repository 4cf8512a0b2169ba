//! What is signed: comments and layout do not change the digest, every number does.

use serde_json::{Value, json};
use sla::targets::json::{UNSIGNED, digest};

use super::{compile, flagship, try_text};

fn signed(text: &str) -> String {
    let bundle = compile("acme-cloud.sla", text);
    assert_eq!(bundle["digest"], digest(&bundle).unwrap(), "anybody with the bundle can check the digest");
    bundle["digest"].as_str().unwrap().to_owned()
}

#[test]
fn comments_and_layout_do_not_change_the_digest() {
    let text = flagship();
    let original = signed(&text);
    let changes = [
        ("a comment after each line", text.replace('\n', " // remark 42\n")),
        ("a comment before each line", text.replace('\n', "\n// remark 42\n")),
        ("blank lines", text.replace('\n', "\n\n\n")),
        ("other indentation", text.replace("\n  ", "\n\t      ")),
        ("wider columns", text.replace("  ", "    ")),
        ("documentation", text.replace("\ncommitment ", "\n/// Agreed after long talks.\ncommitment ")),
        ("another way to write a number", text.replace("4200.00 EUR", "4_200 EUR").replace("below 99.0%", "below 99%")),
    ];
    for (what, changed) in changes {
        assert_ne!(changed, text, "{what}");
        assert_eq!(signed(&changed), original, "{what}");
    }
    let documented = text.replace("\ncommitment ", "\n/// Agreed after long talks.\ncommitment ");
    let bundle = compile("acme-cloud.sla", &documented);
    let clauses = bundle["source"]["clauses"].as_array().unwrap();
    assert_eq!(clauses.iter().filter(|it| it["doc"] == "Agreed after long talks.").count(), 5);
}

#[test]
fn every_digit_of_the_source_is_signed() {
    let text = flagship();
    let original = signed(&text);
    let (mut changed, mut rejected) = (0, 0);
    for (at, digit) in text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()) {
        let other = if digit == '9' { "8".to_owned() } else { char::from(digit as u8 + 1).to_string() };
        let mut edited = text.clone();
        edited.replace_range(at..at + 1, &other);
        let Some(bundle) = try_text("acme-cloud.sla", &edited) else {
            rejected += 1;
            continue;
        };
        let bundle: Value = serde_json::from_str(&bundle).unwrap();
        let line = text[..at].lines().count();
        assert_ne!(bundle["digest"], original, "line {line}: {:?}", text.lines().nth(line - 1));
        changed += 1;
    }
    assert!(changed > 300 && rejected < changed / 4, "{changed} changed, {rejected} rejected");
}

#[test]
fn what_is_not_signed_does_not_matter_and_all_else_does() {
    let bundle = compile("acme-cloud.sla", &flagship());
    for name in bundle.as_object().unwrap().keys() {
        let mut changed = bundle.clone();
        changed[name] = json!("something else");
        assert_eq!(digest(&changed).unwrap() == digest(&bundle).unwrap(), UNSIGNED.contains(&name.as_str()), "{name}");
    }
}
