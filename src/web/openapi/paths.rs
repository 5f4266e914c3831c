//! The addresses and their methods, from the table of routes.

use serde_json::{Map, Value, json};

use super::answers::{PREFLIGHT, headers};
use super::{examples, reference};
use crate::config::{Config, CorsOrigins};
use crate::web::{ROUTES, Route, json::escape};

/// Every documented address with its operations; `document` holds the words and the success responses.
pub(super) fn paths(config: &Config, document: &Value, failures: &Value) -> Value {
    let mut paths = Map::new();
    for (route, methods) in ROUTES {
        let path = route.path();
        // Addresses without words are parts of a page.
        let Some(written) = document.pointer(&format!("/paths/{}", escape(path))) else { continue };
        let operations = methods.split(", ").filter_map(|method| {
            let operation = match method {
                "HEAD" => head(config, written.get("get")?, *route, failures),
                "OPTIONS" => options(config, path),
                _ => operation(config, written.get(method.to_ascii_lowercase())?, *route, failures),
            };
            Some((method.to_ascii_lowercase(), operation))
        });
        paths.insert(path.to_owned(), Value::Object(operations.collect()));
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

fn operation(config: &Config, written: &Value, route: Route, failures: &Value) -> Value {
    let mut operation = written.clone();
    if matches!(route, Route::Analyze | Route::Followup) {
        let mut ways = vec![json!({"bearer": []}), json!({"apiKey": []})];
        if config.api_keys.is_empty() {
            ways.insert(0, json!({}));
        }
        put(&mut operation, "security", ways);
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return operation };
    for response in responses.values_mut() {
        let own: Vec<String> = response
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        let all = headers(config, own.iter().map(String::as_str));
        put(response, "headers", all);
    }
    let failing = failures.as_object().into_iter().flatten().map(|(status, _)| status);
    for status in failing.filter(|status| occurs(route, status)) {
        responses.insert(status.clone(), reference("responses", status));
    }
    operation
}

/// `HEAD`: what `GET` answers, without the content.
fn head(config: &Config, get: &Value, route: Route, failures: &Value) -> Value {
    let mut operation = operation(config, get, route, failures);
    let id = examples::text(get, "operationId");
    put(&mut operation, "operationId", format!("{id}Head"));
    put(&mut operation, "tags", json!(["HTTP"]));
    put(&mut operation, "summary", format!("The headers of `GET {}`", route.path()));
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

fn options(config: &Config, path: &str) -> Value {
    let preflight: &[&str] = match &config.cors_origins {
        CorsOrigins::Listed(list) if list.is_empty() => &[],
        CorsOrigins::Any | CorsOrigins::Listed(_) => PREFLIGHT,
    };
    let name = path.split(['/', '.']).collect::<String>();
    json!({
        "operationId": format!("{}Options", if name.is_empty() { "console" } else { &name }),
        "tags": ["HTTP"],
        "summary": format!("The methods of `{path}`"),
        "responses": {"204": {
            "description": "The methods, in `allow`; to a preflight of an allowed origin also what it may send.",
            "headers": headers(config, ["allow"].into_iter().chain(preflight.iter().copied())),
        }},
    })
}

fn put(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Value::Object(object) = object {
        object.insert(key.to_owned(), value.into());
    }
}

fn remove(object: &mut Value, key: &str) {
    if let Value::Object(object) = object {
        object.shift_remove(key);
    }
}
