//! The canonical forms of a bundle: the text that is written, and the text that is signed.

use std::fmt::Write;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The members that do not belong to what is signed.
pub const UNSIGNED: [&str; 3] = ["compiler", "digest", "source"];

/// The digest of a bundle: SHA-256 over its form by RFC 8785, without the members in [`UNSIGNED`].
///
/// The numbers of a bundle are small whole numbers, so that any program for RFC 8785 finds the same digest.
pub fn digest(bundle: &Value) -> String {
    let mut signed = bundle.clone();
    if let Value::Object(members) = &mut signed {
        for member in UNSIGNED {
            members.remove(member);
        }
    }
    let mut text = String::new();
    compact(&signed, &mut text);
    let mut digest = String::from("sha256:");
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

/// The text of a bundle: members sorted, two spaces of indentation, a newline at the end. It can be put into a page of
/// HTML as it is: no string holds a character that could end a script or turn the direction of writing.
pub fn pretty(bundle: &Value) -> String {
    let mut text = String::new();
    indented(bundle, 0, &mut text);
    text.push('\n');
    text
}

/// Members in the order of RFC 8785: by the UTF-16 units of their names.
fn sorted(members: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    members
}

fn compact(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in sorted(members).into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                string(name, |_| false, out);
                out.push(':');
                compact(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                compact(item, out);
            }
            out.push(']');
        }
        Value::String(text) => string(text, |_| false, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
    }
}

fn indented(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('{');
            for (index, (name, member)) in sorted(members).into_iter().enumerate() {
                line(index, depth + 1, out);
                string(name, is_risky, out);
                out.push_str(": ");
                indented(member, depth + 1, out);
            }
            line(0, depth, out);
            out.push('}');
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                line(index, depth + 1, out);
                indented(item, depth + 1, out);
            }
            line(0, depth, out);
            out.push(']');
        }
        Value::String(text) => string(text, is_risky, out),
        other => compact(other, out),
    }
}

/// The start of a line, after a comma unless it is the first.
fn line(index: usize, depth: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn string(text: &str, escape: impl Fn(char) -> bool, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            _ if letter < ' ' || escape(letter) => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// Whether a character could end a script of HTML, end a line of JavaScript, turn the direction of writing, or hide.
fn is_risky(letter: char) -> bool {
    matches!(letter,
        '<' | '>' | '&' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_text_is_sorted_and_safe_in_html() {
        let value = json!({"b": [], "a": ["</script>\u{202e}\u{2028}&\u{1}\"\\é", 1, null, true], "c": {}});
        assert_eq!(
            pretty(&value),
            "{\n  \"a\": [\n    \"\\u003c/script\\u003e\\u202e\\u2028\\u0026\\u0001\\\"\\\\é\",\n    1,\n    null,\n    \
             true\n  ],\n  \"b\": [],\n  \"c\": {}\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&pretty(&value)).unwrap(), value);
    }

    #[test]
    fn the_digest_is_of_the_signed_members_alone() {
        // printf '{"a":"<","b":[1,null]}' | sha256sum
        let expected = "sha256:277d68d6f18b49807325ebf799a33067c991fc198491fead157461a9179db0fd";
        let value = json!({"b": [1, null], "source": {"x": 1}, "a": "<", "digest": "?", "compiler": 2});
        assert_eq!(digest(&value), expected);
        assert_ne!(digest(&json!({"b": [2, null], "a": "<"})), expected);
    }
}
