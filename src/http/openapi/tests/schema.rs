//! Checks values against the document's schemas.

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

/// A validator for a schema of the document, with its references.
pub(super) fn validator(document: &Value, mut schema: Value) -> Validator {
    let root = json!({
        "$id": "doc:root",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": document["components"],
    });
    let registry = Registry::new().add("doc:root", root).unwrap().prepare().unwrap();
    absolute(&mut schema);
    jsonschema::options().with_registry(&registry).build(&schema).unwrap()
}

/// Makes references absolute.
fn absolute(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(at) if key == "$ref" => *at = format!("doc:root{at}"),
                    value => absolute(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(absolute),
        _ => {}
    }
}

/// Follows a reference; other values are returned as they are.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(at) => document.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at} does not resolve")),
        None => value,
    }
}

/// Calls `visit` with the pointer and value of everything inside.
pub(super) fn walk<'a>(value: &'a Value, at: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(at, value);
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| walk(value, &format!("{at}/{key}"), visit)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, &format!("{at}/{index}"), visit));
        }
        _ => {}
    }
}

/// The pointers to keys that no schema describes: the schemas allow more keys, the service must not add any.
pub(super) fn undescribed(document: &Value, schemas: &[&Value], value: &Value, at: &str) -> Vec<String> {
    let all: Vec<&Value> = schemas.iter().flat_map(|schema| parts(document, schema)).collect();
    match value {
        Value::Object(object) if all.iter().any(|schema| schema.get("properties").is_some()) => object
            .iter()
            .flat_map(|(key, value)| {
                let at = format!("{at}/{key}");
                let own: Vec<&Value> = all.iter().filter_map(|schema| schema["properties"].get(key)).collect();
                if own.is_empty() { vec![at] } else { undescribed(document, &own, value, &at) }
            })
            .collect(),
        Value::Array(items) => {
            let own: Vec<&Value> = all.iter().filter_map(|schema| schema.get("items")).collect();
            items.iter().flat_map(|item| undescribed(document, &own, item, at)).collect()
        }
        _ => Vec::new(),
    }
}

/// A schema and the schemas that it combines.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolved(document, schema);
    let combined =
        ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    combined.flat_map(|part| parts(document, part)).chain([schema]).collect()
}
