//! The ticket schema as the document shows it: no extension keyword leaves.

use serde_json::{Map, Value, json};

use super::{fill as put, reference};
use crate::ticket::{Field, Schema};

/// Fills in what depends on the ticket's fields.
pub(super) fn fill(components: &mut Value, schema: &Schema) {
    let asked: Vec<&str> = schema.asked().into_iter().map(|field| field.name.as_str()).collect();
    let required: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
    put(components, "/schemas/Ticket/title", json!(schema.title.as_deref().unwrap_or("Ticket")));
    put(components, "/schemas/Ticket/required", json!(required));
    put(components, "/schemas/Ticket/properties", each(schema, value));
    put(components, "/schemas/FollowupRequest/properties/ticket/properties", each(schema, so_far));
    put(components, "/schemas/AnalyzeMeta/properties/confidence/properties", each(schema, confidence));
    put(components, "/schemas/MissingFields/items/enum", json!(asked));
    let mut field = json!(asked);
    field.as_array_mut().into_iter().for_each(|names| names.push(Value::Null));
    put(components, "/schemas/Followup/properties/field/enum", field);
    if asked.is_empty() {
        // An enum must not be empty: a list that is always empty says the same.
        put(components, "/schemas/MissingFields/items", json!(false));
    }
}

/// One member for each field.
fn each(schema: &Schema, member: fn(&Field) -> Value) -> Value {
    let mut members = Map::new();
    for field in &schema.fields {
        members.insert(field.name.clone(), member(field));
    }
    members.into()
}

/// A field in an answer: a value of its kind, or the unknown one.
fn value(field: &Field) -> Value {
    described(field.to_model_json(), field)
}

/// A field in a ticket that is given: any plain value is read.
fn so_far(field: &Field) -> Value {
    described(reference("schemas", "PlainValue"), field)
}

fn confidence(_: &Field) -> Value {
    reference("schemas", "Confidence")
}

/// With the schema's own words: the console names the field by them.
fn described(mut schema: Value, field: &Field) -> Value {
    let words = [("title", &field.title), ("description", &field.description)];
    if let Value::Object(schema) = &mut schema {
        schema.extend(words.into_iter().filter_map(|(key, words)| Some((key.to_owned(), json!(words.as_ref()?)))));
    }
    schema
}
