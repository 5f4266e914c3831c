//! Documents errors and headers, from the code that writes them.

use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::examples::Examples;
use super::{DocumentError, fill, member, place, reference};
use crate::config::{Config, CorsOrigins};
use crate::http::problem::Problem;
use crate::language::Language;

/// Headers of every answer.
const ALWAYS: &[&str] = &["x-request-id", "x-content-type-options", "cache-control", "server-timing"];
/// Headers for the scripts of other origins.
const READABLE: &[&str] = &["access-control-allow-origin", "access-control-expose-headers"];
/// Headers of the answer to a preflight.
pub(super) const PREFLIGHT: &[&str] =
    &["access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"];

/// Place of a response's codes.
const CODES: &str = "/content/application~1json/schema/properties/error/properties/code/enum";

/// Every `error.code`.
pub(super) fn codes() -> Value {
    Problem::examples().iter().map(|problem| problem.status_and_code().1).collect()
}

/// All statuses and codes, as rows of a table.
pub(super) fn statuses() -> String {
    let mut rows = String::new();
    for problem in Problem::examples() {
        let (status, code) = problem.status_and_code();
        rows.extend(["\n| ", status.as_str(), " | `", code, "` | ", problem.message(Language::En), " |"]);
    }
    rows
}

/// The response of each error status; `template` is a response without errors.
pub(super) fn failures(examples: &Examples<'_>, template: &Value) -> Result<Value, DocumentError> {
    let mut responses = Map::new();
    for problem in Problem::examples() {
        let (status, code) = problem.status_and_code();
        if !responses.contains_key(status.as_str()) {
            let mut response = template.clone();
            fill(&mut response, "/headers", headers(examples.config, &own_headers(&problem)).into())?;
            responses.insert(status.as_str().to_owned(), response);
        }
        let Some(response) = responses.get_mut(status.as_str()) else { continue };
        if let Value::String(words) = place(response, "/description")? {
            let space = if words.is_empty() { "" } else { " " };
            words.extend([space, "`", code, "`: ", problem.message(Language::En)]);
        }
        if let Value::Array(codes) = place(response, CODES)? {
            codes.push(code.into());
        }
        if let Value::Object(shown) = place(response, "/content/application~1json/examples")? {
            shown.insert(code.to_owned(), member("value", examples.failure(problem)?));
        }
    }
    Ok(Value::Object(responses))
}

/// The headers of an error.
fn own_headers(problem: &Problem) -> Vec<&'static str> {
    let mut headers = HeaderMap::new();
    problem.add_headers(&mut headers);
    // A test finds headers of errors that are missing here.
    let mut names: Vec<&str> =
        ["allow", "retry-after", "www-authenticate"].into_iter().filter(|name| headers.contains_key(*name)).collect();
    let status = problem.status_and_code().0;
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        // It was admitted, and the cache had no answer.
        names.push("x-cache");
    }
    names
}

/// Headers by name: those of every answer, an answer's own, and those of CORS.
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
