//! Errors and headers, as the code that serves decides them.

use std::collections::BTreeMap;

use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::examples::Examples;
use super::reference;
use crate::config::{Config, CorsOrigins};
use crate::locale::Locale;
use crate::web::problem::Problem;

/// Headers of every answer.
const ALWAYS: &[&str] = &["x-request-id", "x-content-type-options", "cache-control"];
/// Headers that tell a browser's script what it may read.
const READABLE: &[&str] = &["access-control-allow-origin", "access-control-expose-headers"];
/// Headers of the answer to a preflight.
pub(super) const PREFLIGHT: &[&str] =
    &["access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"];

/// Every `error.code`.
pub(super) fn codes() -> Value {
    Problem::examples().iter().map(|problem| problem.status_and_code().1).collect()
}

/// Every status with its codes, as a list in words.
pub(super) fn statuses() -> String {
    let mut list = String::new();
    for problem in Problem::examples() {
        let (status, code) = problem.status_and_code();
        let comma = if list.is_empty() { "" } else { ", " };
        list.extend([comma, status.as_str(), " `", code, "`"]);
    }
    list
}

/// A response for each status that an error has, by status.
pub(super) fn failures(config: &Config, examples: &Examples<'_>) -> Value {
    let mut by_status: BTreeMap<u16, Vec<Problem>> = BTreeMap::new();
    for problem in Problem::examples() {
        by_status.entry(problem.status_and_code().0.as_u16()).or_default().push(problem);
    }
    let mut responses = Map::new();
    for (status, problems) in by_status {
        responses.insert(status.to_string(), failure(config, examples, problems));
    }
    Value::Object(responses)
}

/// A response for errors of one status.
fn failure(config: &Config, examples: &Examples<'_>, problems: Vec<Problem>) -> Value {
    let mut own = HeaderMap::new();
    let (mut codes, mut sentences, mut shown) = (Vec::new(), String::new(), Map::new());
    for problem in problems {
        let (_, code) = problem.status_and_code();
        problem.add_headers(&mut own);
        codes.push(code);
        let space = if sentences.is_empty() { "" } else { " " };
        sentences.extend([space, "`", code, "`: ", problem.message(Locale::En)]);
        shown.insert(code.to_owned(), json!({"value": examples.failure(problem)}));
    }
    let mut names: Vec<&str> = own.keys().map(http::HeaderName::as_str).collect();
    names.push("server-timing");
    json!({
        "description": sentences,
        "headers": headers(config, &names),
        "content": {"application/json": {
            "schema": {
                "allOf": [reference("schemas", "Failure")],
                "properties": {"error": {"properties": {"code": {"enum": codes}}}},
            },
            "examples": shown,
        }},
    })
}

/// Headers by name: those of every answer, an answer's own, and what browsers ask for.
pub(super) fn headers(config: &Config, own: &[&str]) -> Map<String, Value> {
    let cors: &[&str] = match &config.cors_origins {
        CorsOrigins::Any => READABLE,
        CorsOrigins::Listed(list) if list.is_empty() => &[],
        CorsOrigins::Listed(_) => &["vary", "access-control-allow-origin", "access-control-expose-headers"],
    };
    let mut headers = Map::new();
    for name in [ALWAYS, own, cors].into_iter().flatten() {
        headers.insert((*name).to_owned(), reference("headers", name));
    }
    headers
}
