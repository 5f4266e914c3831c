//! The operations of a path: `HEAD`, `OPTIONS`, headers and limits complete what an endpoint's fragment has.

use serde_json::{Map, Value};

use super::answers::{PREFLIGHT, headers};
use super::{DocumentError, fill, member};
use crate::config::{Config, CorsOrigins};

/// The operations of a path with these methods; `written` are those of its fragment.
pub(super) fn operations(
    config: &Config,
    path: &str,
    methods: &str,
    written: &Value,
    failures: &Value,
) -> Result<Value, DocumentError> {
    let missing = |method: &str| DocumentError::NoPlace(format!("{method} {path}"));
    // Ids of derived operations start with the one of `GET` or `POST`.
    let first = written.get("get").or_else(|| written.get("post")).ok_or_else(|| missing("get or post"))?;
    let id = first.get("operationId").and_then(Value::as_str).ok_or_else(|| missing("operationId"))?;
    let mut operations = Map::new();
    for method in methods.split(", ") {
        let method = method.to_ascii_lowercase();
        let (mut operation, derived) = match method.as_str() {
            "head" => (head(operation(config, first)?, failures), Some(("Head", "Headers of"))),
            "options" => (options(config), Some(("Options", "Methods of"))),
            _ => (operation(config, written.get(&method).ok_or_else(|| missing(&method))?)?, None),
        };
        if let Some((suffix, words)) = derived {
            put(&mut operation, "operationId", format!("{id}{suffix}").into());
            put(&mut operation, "tags", Value::Array(vec!["HTTP".into()]));
            put(&mut operation, "summary", format!("{words} `{path}`").into());
        }
        operations.insert(method, operation);
    }
    Ok(Value::Object(operations))
}

/// An operation of a fragment, with what the configuration decides.
fn operation(config: &Config, written: &Value) -> Result<Value, DocumentError> {
    let mut operation = written.clone();
    if let (false, Some(Value::Array(ways))) = (config.api_keys.is_empty(), operation.get_mut("security")) {
        // The first one is without a key.
        ways.remove(0);
    }
    if operation.get("requestBody").is_some() {
        let limit = format!("At most {} bytes of JSON, in UTF-8.", config.max_body_bytes);
        fill(&mut operation, "/requestBody/description", limit.into())?;
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut).filter(|response| response.get("$ref").is_none()) {
        let own = response.get("headers").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let headers = headers(config, &own.map(String::as_str).collect::<Vec<_>>());
        put(response, "headers", headers.into());
    }
    Ok(operation)
}

/// `HEAD`: `GET` without the content.
fn head(mut operation: Value, failures: &Value) -> Value {
    remove(&mut operation, "description");
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        if let Some(failure) = failures.get(status).filter(|_| response.get("$ref").is_some()) {
            *response = failure.clone();
        }
        remove(response, "content");
    }
    operation
}

fn options(config: &Config) -> Value {
    let mut own = vec!["allow"];
    if !matches!(&config.cors_origins, CorsOrigins::Listed(list) if list.is_empty()) {
        own.extend(PREFLIGHT);
    }
    let mut response = member("headers", headers(config, &own).into());
    let words = "The methods in `allow`; for a preflight of an allowed origin also the CORS headers.";
    put(&mut response, "description", words.into());
    member("responses", member("204", response))
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(key.to_owned(), value);
    }
}

fn remove(object: &mut Value, key: &str) {
    if let Value::Object(object) = object {
        object.shift_remove(key);
    }
}
