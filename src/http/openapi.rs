//! `GET /openapi.json`: the OpenAPI 3.1 document of the service as it is configured.
//!
//! The prose and what never changes stand in two JSON files; what code decides comes from that code: the addresses and
//! methods from the table of routes, errors from [`Problem`](super::problem::Problem), the ticket from its schema,
//! limits from the configuration, and examples from the types that write the answers.
//! `null` in the files marks a place that is filled here.

mod answers;
mod examples;
mod paths;
mod ticket;

use serde_json::{Map, Value};

use super::input::{MAX_HISTORY, MAX_MESSAGE_CHARS};
use crate::config::Config;
use examples::Examples;

/// The document but for its components; like them deflated by the build, which leaves 19 KB of 25 out of the component.
const DOCUMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/document.json.deflate"));
/// What the document's parts share.
const COMPONENTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/components.json.deflate"));
/// What stands first; `{codes}` stands for every status with its codes.
const DESCRIPTION: &str = include_str!("openapi/description.md");

/// Writes the document.
pub(super) fn document(config: &Config) -> Value {
    let examples = Examples::new(config);
    let mut document = unpack(DOCUMENT);
    let mut components = unpack(COMPONENTS);

    ticket::fill(&mut components, &config.schema);
    fill(&mut components, "/schemas/AnalyzeRequest/properties/message/maxLength", MAX_MESSAGE_CHARS.into());
    fill(&mut components, "/schemas/History/maxItems", MAX_HISTORY.into());
    fill(&mut components, "/schemas/Error/properties/code/enum", answers::codes());
    let template = components.pointer("/responses/failure").cloned().unwrap_or_default();
    let failures = answers::failures(config, &examples, &template);

    examples.fill(&mut document);
    fill(&mut document, "/info/version", env!("CARGO_PKG_VERSION").into());
    fill(&mut document, "/info/description", DESCRIPTION.replace("{codes}", &answers::statuses()).into());
    let paths = paths::paths(config, &document, &failures);
    fill(&mut document, "/paths", paths);
    fill(&mut components, "/responses", failures);
    fill(&mut document, "/components", components);
    document
}

/// Reads one of the texts. Both are read by the tests: were they ever not JSON, null beats a panic.
fn unpack(deflated: &[u8]) -> Value {
    let text = miniz_oxide::inflate::decompress_to_vec(deflated).ok();
    text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Puts `value` where `pointer` (RFC 6901) points to; a place that is not there stays away.
fn fill(document: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value;
    }
}

/// An object of one member. A macro would write this out wherever it stands: 15 KB of the component.
fn member(key: &str, value: Value) -> Value {
    let mut object = Map::new();
    object.insert(key.to_owned(), value);
    Value::Object(object)
}

fn reference(kind: &str, name: &str) -> Value {
    member("$ref", format!("#/components/{kind}/{name}").into())
}

#[cfg(test)]
mod tests;
