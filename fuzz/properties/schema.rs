//! The operator's ticket schema: `ticket::Schema`.

use serde_json::{Value, json};
use support_ticket_ai::ticket::schema::MAX_FIELDS;
use support_ticket_ai::ticket::{Schema, UNKNOWN, missing_fields, read};

use super::text;

/// A ticket that follows the constraint for models is read unchanged; an error has a location.
pub fn check(data: &[u8]) {
    let schema = match Schema::parse(&text(data)) {
        Ok(schema) => schema,
        Err(error) => {
            assert!(error.pointer.is_empty() || error.pointer.starts_with('/'), "{error}");
            assert!(!error.rule.is_empty());
            return;
        }
    };
    assert!((1..=MAX_FIELDS).contains(&schema.fields.len()) && schema.written().len() == schema.fields.len());
    let model = schema.to_model_json();
    let properties = model.get("properties").and_then(Value::as_object);
    let names = || schema.written().into_iter().map(|field| field.name.as_str());
    assert!(properties.is_some_and(|properties| properties.keys().map(String::as_str).eq(names())));
    assert_eq!(model.get("required"), Some(&json!(names().collect::<Vec<_>>())));
    let written = model.to_string();
    assert!(!written.contains("\"x-ask\":") && !written.contains("\"x-keywords\":"), "{written}");
    assert!((512..=8_192).contains(&schema.answer_tokens()));
    assert!(schema.asked().len() <= schema.fields.len());
    for field in &schema.fields {
        assert_eq!(schema.field(&field.name), Some(field));
        assert!(!field.question(support_ticket_ai::language::Language::Fr).trim().is_empty());
    }
    // A ticket within the constraint: the first listed value of each field, or the unknown value.
    let ticket: serde_json::Map<String, Value> = schema
        .fields
        .iter()
        .map(|field| {
            let value = field.listed().first().copied().unwrap_or(UNKNOWN);
            (field.name.clone(), Value::from(value))
        })
        .collect();
    let draft = read(&schema, &Value::Object(ticket.clone()).to_string());
    assert_eq!(draft.map(|draft| draft.values), Ok(ticket.clone()));
    assert!(missing_fields(&schema, &ticket).len() <= schema.asked().len());
}
