//! The addresses and their methods, from the table of routes.

use serde_json::{Map, Value};

use super::answers::{PREFLIGHT, headers};
use super::{fill, member, reference};
use crate::config::{Config, CorsOrigins};
use crate::http::{Route, json::escape, routes};

/// Every documented address with its operations; `document` holds the words and the success responses.
pub(super) fn paths(config: &Config, document: &Value, failures: &Value) -> Value {
    let mut paths = Map::new();
    for (route, methods) in routes() {
        let path = route.path();
        // Addresses without words are parts of a page.
        let Some(written) = document.pointer(&format!("/paths/{}", escape(path))) else { continue };
        let mut operations = Map::new();
        for method in methods.split(", ") {
            let method = method.to_ascii_lowercase();
            let operation = match method.as_str() {
                "head" => head(config, written, route, failures),
                "options" => options(config, route),
                _ => operation(config, written, &method, route, failures),
            };
            operations.insert(method, operation);
        }
        paths.insert(path.to_owned(), Value::Object(operations));
    }
    Value::Object(paths)
}

/// Whether an error of this status can come from the address by a method that it has.
fn occurs(route: Route, status: &str) -> bool {
    match route {
        Route::Analyze | Route::Followup => !matches!(status, "404" | "405"),
        // It answers a faulty configuration in its own way.
        Route::Health => false,
        Route::OpenApi | Route::Page(_) => status == "500",
    }
}

fn operation(config: &Config, written: &Value, method: &str, route: Route, failures: &Value) -> Value {
    let mut operation = written.get(method).cloned().unwrap_or_default();
    if let (false, Some(Value::Array(ways))) = (config.api_keys.is_empty(), operation.get_mut("security")) {
        // The first way in is without a key.
        ways.remove(0);
    }
    let limit = format!("At most {} bytes of JSON, in UTF-8.", config.max_body_bytes);
    fill(&mut operation, "/requestBody/description", limit.into());
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return operation };
    for response in responses.values_mut() {
        let own: Vec<String> =
            response.get("headers").and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned().collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        put(response, "headers", headers(config, &own).into());
    }
    for status in failures.as_object().into_iter().flat_map(Map::keys).filter(|status| occurs(route, status)) {
        responses.insert(status.clone(), reference("responses", status));
    }
    operation
}

/// `HEAD`: what `GET` answers, without the content.
fn head(config: &Config, written: &Value, route: Route, failures: &Value) -> Value {
    let mut operation = operation(config, written, "get", route, failures);
    describe(&mut operation, route, "Head", "The headers of");
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

fn options(config: &Config, route: Route) -> Value {
    let mut own = vec!["allow"];
    if !matches!(&config.cors_origins, CorsOrigins::Listed(list) if list.is_empty()) {
        own.extend(PREFLIGHT);
    }
    let mut response = member("headers", headers(config, &own).into());
    let words = "The methods, in `allow`; to a preflight of an allowed origin also what it may send.";
    put(&mut response, "description", words.into());
    let mut operation = member("responses", member("204", response));
    describe(&mut operation, route, "Options", "The methods of");
    operation
}

/// What `HEAD` and `OPTIONS` say of themselves.
fn describe(operation: &mut Value, route: Route, suffix: &str, words: &str) {
    put(operation, "operationId", format!("{}{suffix}", name(route)).into());
    put(operation, "tags", Value::Array(vec!["HTTP".into()]));
    put(operation, "summary", format!("{words} `{}`", route.path()).into());
}

/// The start of an operation's id: the address's one word.
fn name(route: Route) -> &'static str {
    let word = route.path().trim_start_matches('/');
    if word.is_empty() { "console" } else { word.trim_end_matches(".json") }
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
