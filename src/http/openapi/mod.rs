//! Assembles the OpenAPI 3.1 document of the service as it is configured.
//!
//! Each endpoint contributes a fragment, its `openapi.json`; `document.json` has what they share. `null` marks a place
//! that code fills: methods and `HEAD` and `OPTIONS` from the endpoints, errors from
//! [`Problem`](super::problem::Problem), the ticket from its schema, limits from the configuration, examples from the
//! types of the answers.

mod answers;
mod examples;
mod paths;

use serde_json::{Map, Value, json};

use super::endpoints::Endpoint;
use super::request::fields::MAX_HISTORY;
use crate::config::Config;
use crate::language::Language;
use crate::ticket::{Field, Schema};
pub(super) use examples::{Examples, stream_example};

/// Every fragment by the name of its folder, and `document`: compressed by the build, which saves 19 KB of 25.
const FRAGMENTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.deflate"));
/// Introduces the document; `{codes}` stands for the table of statuses and codes.
const DESCRIPTION: &str = include_str!("description.md");

/// Why there is no document. Tests assemble it in several configurations: none of these reaches a release.
#[derive(Debug, thiserror::Error)]
pub(super) enum DocumentError {
    /// The fragments are corrupt.
    #[error("the OpenAPI fragments cannot be unpacked")]
    Packed,
    /// The fragments are no JSON, or an example cannot be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A JSON Pointer leads nowhere.
    #[error("the OpenAPI document has no place {0}")]
    NoPlace(String),
}

/// Assembles the document.
///
/// # Errors
/// [`DocumentError`].
pub(super) fn document(config: &Config) -> Result<Value, DocumentError> {
    let mut fragments = unpack(FRAGMENTS)?;
    let mut document = take(&mut fragments, "/document")?;
    let examples = Examples::new(config);
    describe(&mut document, &examples)?;
    let failures = take(&mut document, "/components/responses")?;
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for endpoint in Endpoint::ALL {
        let mut fragment = take(&mut fragments, &format!("/{}", endpoint.name()))?;
        endpoint.describe(&mut fragment, &examples)?;
        for (path, written) in object(take(&mut fragment, "/paths")?) {
            let operations = paths::operations(config, &path, endpoint.methods(), &written, &failures)?;
            paths.insert(path, operations);
        }
        schemas.extend(object(fragment.get_mut("schemas").map(Value::take).unwrap_or_default()));
    }
    fill(&mut document, "/paths", paths.into())?;
    fill(&mut document, "/components/responses", failures)?;
    let shared = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    shared.ok_or_else(|| DocumentError::NoPlace("/components/schemas".to_owned()))?.extend(schemas);
    Ok(document)
}

/// Completes what the endpoints share.
fn describe(document: &mut Value, examples: &Examples<'_>) -> Result<(), DocumentError> {
    const TICKET: &str = "/components/schemas/Ticket";
    const MISSING: &str = "/components/schemas/MissingFields/items";
    let schema = &examples.config.schema;
    let required: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
    let asked: Vec<&str> = schema.asked().into_iter().map(|field| field.name.as_str()).collect();
    fill(document, &format!("{TICKET}/title"), json!(schema.title.as_deref().unwrap_or("Ticket")))?;
    fill(document, &format!("{TICKET}/required"), json!(required))?;
    let properties = each_field(schema, |field| described(field.to_model_json(), field));
    fill(document, &format!("{TICKET}/properties"), properties)?;
    fill(document, &format!("{MISSING}/enum"), json!(asked))?;
    if asked.is_empty() {
        // An enum must not be empty: a list that is always empty means the same.
        fill(document, MISSING, json!(false))?;
    }
    let backends = examples.backend_names().map(Value::from).chain([Value::Null]);
    fill(document, "/components/schemas/Meta/properties/backend/enum", backends.collect())?;
    fill(document, "/components/schemas/History/maxItems", MAX_HISTORY.into())?;
    fill(document, "/components/schemas/Error/properties/code/enum", answers::codes())?;
    let language = format!("Language of `message`: {}; otherwise the configured one.", Language::tags('`', "or"));
    fill(document, "/components/parameters/accept-language/description", language.into())?;
    fill(document, "/info/version", env!("CARGO_PKG_VERSION").into())?;
    fill(document, "/info/description", DESCRIPTION.replace("{codes}", &answers::statuses()).into())?;
    let template = take(document, "/components/responses/failure")?;
    fill(document, "/components/responses", answers::failures(examples, &template)?)
}

/// Reads the fragments.
fn unpack(deflated: &[u8]) -> Result<Value, DocumentError> {
    let text = miniz_oxide::inflate::decompress_to_vec(deflated).map_err(|_| DocumentError::Packed)?;
    Ok(serde_json::from_slice(&text)?)
}

/// Puts a value at a JSON Pointer (RFC 6901) to an existing place.
///
/// # Errors
/// [`DocumentError::NoPlace`].
pub(super) fn fill(document: &mut Value, pointer: &str, value: Value) -> Result<(), DocumentError> {
    *place(document, pointer)? = value;
    Ok(())
}

/// Takes the value at a JSON Pointer out of the document; `null` stays.
fn take(document: &mut Value, pointer: &str) -> Result<Value, DocumentError> {
    place(document, pointer).map(Value::take)
}

fn place<'a>(document: &'a mut Value, pointer: &str) -> Result<&'a mut Value, DocumentError> {
    document.pointer_mut(pointer).ok_or_else(|| DocumentError::NoPlace(pointer.to_owned()))
}

/// The members of an object; nothing else has any.
fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

/// An object with one member. A macro would repeat this code at each use: 15 KB of the component.
pub(super) fn member(key: &str, value: Value) -> Value {
    let mut object = Map::new();
    object.insert(key.to_owned(), value);
    Value::Object(object)
}

/// A reference to a component.
pub(super) fn reference(kind: &str, name: &str) -> Value {
    member("$ref", format!("#/components/{kind}/{name}").into())
}

/// An object with one member per field of the ticket.
pub(super) fn each_field(schema: &Schema, member: impl Fn(&Field) -> Value) -> Value {
    schema.fields.iter().map(|field| (field.name.clone(), member(field))).collect::<Map<_, _>>().into()
}

/// With the field's title and description: the console shows them. Extension keywords stay out of the document.
pub(super) fn described(mut schema: Value, field: &Field) -> Value {
    let words = [("title", &field.title), ("description", &field.description)];
    if let Value::Object(schema) = &mut schema {
        schema.extend(words.into_iter().filter_map(|(key, words)| Some((key.to_owned(), json!(words.as_ref()?)))));
    }
    schema
}

#[cfg(test)]
mod tests;
