//! The JSON Schema of the bundle, made from its types: their comments are its descriptions.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::Value;

use super::bundle::Bundle;

/// The stable name of the schema.
pub const ID: &str = "urn:sla:bundle:1";

/// The JSON Schema of the bundle, draft 2020-12. Every object is closed, and every member is required: what an
/// agreement does not say is `null`.
pub fn schema() -> Value {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.transforms.push(Box::new(RecursiveTransform(close)));
    let mut schema = settings.into_generator().into_root_schema_for::<Bundle>();
    schema.insert("$id".to_owned(), ID.into());
    schema.insert("title".to_owned(), "SLA rule bundle".into());
    schema.to_value()
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
