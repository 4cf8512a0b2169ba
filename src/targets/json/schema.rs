//! The JSON Schema of the bundle, made from its types: their comments are its descriptions.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value, json};

use super::bundle::Bundle;
use super::canonical::pretty;

/// The stable name of the schema.
pub const ID: &str = "urn:sla:bundle:1";

/// The JSON Schema of the bundle, draft 2020-12. Every object is closed, and every member is required: what an
/// agreement does not say is `null`.
pub fn schema() -> Value {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.transforms.push(Box::new(RecursiveTransform(close)));
    settings.transforms.push(Box::new(RecursiveTransform(list_words)));
    let mut schema = settings.into_generator().into_root_schema_for::<Bundle>();
    schema.insert("$id".to_owned(), ID.into());
    schema.insert("title".to_owned(), "SLA rule bundle".into());
    let mut schema = schema.to_value();
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.iter_mut().for_each(|(name, definition)| name_variants(name, definition));
    }
    schema
}

/// The text of the schema: the one that is published.
pub fn schema_text() -> String {
    pretty(&schema()).unwrap_or_default()
}

/// No member that the schema does not name.
fn close(schema: &mut Schema) {
    if schema.get("properties").is_some() {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
    // A format of schemars' own, which other programs do not know; the range says the same.
    if schema.get("format").is_some_and(|format| format.as_str().is_some_and(|word| word.starts_with("uint"))) {
        schema.remove("format");
    }
}

/// A choice of single words becomes a list of words; what each means goes into the description.
fn list_words(schema: &mut Schema) {
    let Some(choices) = schema.get("oneOf").and_then(Value::as_array) else {
        return;
    };
    let Some(words) = choices.iter().map(|choice| choice.get("const").cloned()).collect::<Option<Vec<Value>>>() else {
        return;
    };
    let meanings = choices.iter().map(|choice| {
        let text = |member: &str| choice.get(member).and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        format!("- `{}`: {}", text("const"), text("description"))
    });
    let meanings = meanings.collect::<Vec<_>>().join("\n");
    let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = format!("{about}\n\n{meanings}");
    schema.remove("oneOf");
    schema.insert("description".to_owned(), description.into());
    schema.insert("type".to_owned(), "string".into());
    schema.insert("enum".to_owned(), words.into());
}

/// The members that tell the variants of a type apart.
const TAGS: [&str; 3] = ["kind", "type", "op"];

/// Names the variants of a type after it and what tells them apart, such as `RuleCredit`, for programs that make classes
/// of them.
fn name_variants(name: &str, definition: &mut Value) {
    for choice in ["oneOf", "anyOf"] {
        let variants = definition.get_mut(choice).and_then(Value::as_array_mut);
        for variant in variants.into_iter().flatten().filter_map(Value::as_object_mut) {
            if let Some(word) = variant_word(variant) {
                variant.insert("title".to_owned(), json!(format!("{name}{word}")));
            }
        }
    }
}

/// What tells a variant apart, in capitals: the word of its tag, the type of its operation, or its first member.
fn variant_word(variant: &Map<String, Value>) -> Option<String> {
    let members = variant.get("properties")?.as_object()?;
    let tags = || TAGS.iter().filter_map(|tag| members.get(*tag));
    let word = tags().find_map(|tag| tag.get("const")?.as_str());
    let operation = tags().find_map(|tag| tag.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?.strip_suffix("Op"));
    let first = || if members.contains_key("numerator") { "fraction" } else { "variant" };
    Some(capitals(word.or(operation).unwrap_or_else(first)))
}

fn capitals(word: &str) -> String {
    word.split('_')
        .map(|part| format!("{}{}", part.get(..1).unwrap_or("").to_uppercase(), part.get(1..).unwrap_or("")))
        .collect()
}
