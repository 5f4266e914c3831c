//! The document against the service's answers; `tests/schemathesis.sh` validates it against OpenAPI 3.1.

mod schema;

use std::collections::BTreeSet;

use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use super::*;
use crate::config::tests::configured;
use crate::host::SendError;
use crate::host::fake::Reply;
use crate::http::endpoints::Route;
use crate::http::problem::Problem;
use crate::http::tests::{Client, Seen};
use schema::{resolved, undescribed, validator, walk};

/// The document of the default configuration; `UPDATE=1 cargo test openapi` updates it.
const SNAPSHOT: &str = "src/http/openapi/tests/snapshot.json";

/// Every kind of field, short texts, no field to ask for.
const OTHER_SCHEMA: &str = r#"{"type": "object", "title": "Other", "properties": {
    "code": {"type": "string", "maxLength": 4, "x-values": ["a"], "title": "Code", "description": "A code"},
    "kind/of": {"type": "string", "enum": ["x", "y"], "x-keywords": {"x": ["z"]}},
    "is~open": {"type": "boolean"}, "count": {"type": "integer", "minimum": 0}, "price": {"type": "number"}}}"#;

fn documents() -> Vec<Value> {
    let settings: [&[(&str, &str)]; 5] = [
        &[],
        &[("api_keys", "k"), ("cors_origins", ""), ("locale", "en")],
        &[("model_backend", "local"), ("cors_origins", "*")],
        &[("ticket_schema", OTHER_SCHEMA)],
        &[("model_backend", "mistral,ollama"), ("fallback_backend", "")],
    ];
    settings.into_iter().map(document_with).collect()
}

fn document_with(settings: &[(&str, &str)]) -> Value {
    document(&configured(settings).unwrap()).unwrap()
}

/// The answer of a service that reaches no model server.
fn ask(settings: &[(&str, &str)], request: Request<String>) -> Seen {
    Client::new(settings, |_| Reply::error(SendError::Connection)).send(request)
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

#[test]
fn every_schema_is_valid() {
    for document in documents() {
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            assert!(jsonschema::meta::is_valid(schema), "{name}");
        }
    }
}

#[test]
fn all_places_are_filled_and_references_resolve() {
    for document in documents() {
        let mut used = BTreeSet::new();
        walk(&document, "", &mut |at, value| {
            if let Some(target) = value.get("$ref") {
                resolved(&document, value);
                used.insert(target.as_str().unwrap().to_owned());
            }
            let may_be_null = at.contains("/enum/") || at.contains("/value/");
            assert!(!value.is_null() || may_be_null, "{at} is empty");
            assert!(
                !at.rsplit('/').next().unwrap().starts_with("x-")
                    || at.contains("/headers/")
                    || at.contains("/parameters/"),
                "{at}"
            );
        });
        let ids: BTreeSet<&str> = operations(&document).map(|(_, _, o)| o["operationId"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), operations(&document).count(), "operation ids are unique");
        for unused in ["AnalyzeRequest", "AnalyzeAnswer", "FollowupAnswer", "Failure"] {
            assert!(used.contains(&format!("#/components/schemas/{unused}")), "{unused}");
        }
    }
}

#[test]
fn every_route_is_documented_with_all_its_methods() {
    let document = document_with(&[]);
    let documented: Vec<String> =
        operations(&document).map(|(path, method, _)| format!("{} {path}", method.to_ascii_uppercase())).collect();
    let pages_files = ["/docs/", "/console.", "/console/"];
    let served: Vec<String> = Route::all()
        .filter(|route| !pages_files.iter().any(|start| route.path.starts_with(start)))
        .flat_map(|Route { endpoint, path }| {
            endpoint.methods().split(", ").map(move |method| format!("{method} {path}"))
        })
        .collect();
    assert_eq!(documented, served);
}

#[test]
fn every_example_is_valid() {
    let mut count = 0;
    for document in documents() {
        let mut media = Vec::new();
        walk(&document, "", &mut |at, value| {
            if let (Some(examples), Some(schema)) = (value.get("examples"), value.get("schema")) {
                media.push((at.to_owned(), schema.clone(), examples.clone()));
            }
        });
        for (at, schema, examples) in media {
            let schema = validator(&document, schema);
            for (name, example) in examples.as_object().unwrap() {
                let errors: Vec<String> = schema.iter_errors(&example["value"]).map(|e| e.to_string()).collect();
                assert_eq!(errors, [""; 0], "{at}/{name}: {}", example["value"]);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn security_is_required_with_keys_only() {
    let ways = |settings| document_with(settings)["paths"]["/analyze"]["post"]["security"].clone();
    assert_eq!(ways(&[]), json!([{}, {"bearer": []}, {"apiKey": []}]));
    assert_eq!(ways(&[("api_keys", "k")]), json!([{"bearer": []}, {"apiKey": []}]));
}

#[test]
fn stream_examples_are_valid() {
    for document in documents() {
        for path in ["/analyze", "/followup"] {
            let content = &document["paths"][path]["post"]["responses"]["200"]["content"];
            let example = &content["text/event-stream"]["examples"]["stream"]["value"];
            check_events(&document, content, example.as_str().unwrap(), path);
        }
    }
}

/// Checks events against the description of `Events`, and their data against the schemas.
fn check_events(document: &Value, content: &Value, text: &str, what: &str) {
    let mut last = "";
    for event in text.split_terminator("\n\n").filter(|event| !event.starts_with(':')) {
        assert!(!matches!(last, "result" | "error"), "{what}: {event} after the last event");
        let (name, data) = event.strip_prefix("event: ").unwrap().split_once("\ndata: ").unwrap();
        let data: Value = serde_json::from_str(data).unwrap();
        let schema = match name {
            "delta" => json!({"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}),
            "result" => content["application/json"]["schema"].clone(),
            "error" => json!({"$ref": "#/components/schemas/Failure"}),
            _ => panic!("{what}: {name} is not documented"),
        };
        let errors: Vec<String> = validator(document, schema).iter_errors(&data).map(|e| e.to_string()).collect();
        assert_eq!(errors, [""; 0], "{what}: {event}");
        last = name;
    }
    assert!(matches!(last, "result" | "error"), "{what}: {last} must not be last");
}

#[test]
fn the_request_examples_are_accepted() {
    for settings in [&[("model_backend", "local")][..], &[("model_backend", "local"), ("ticket_schema", OTHER_SCHEMA)]]
    {
        let document = document_with(settings);
        for path in ["/analyze", "/followup"] {
            let examples =
                document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"].clone();
            for (name, example) in examples.as_object().unwrap() {
                let reply = ask(settings, post(path, &example["value"].to_string()));
                assert_eq!(reply.status, StatusCode::OK, "{path} {name}: {}", reply.text);
            }
        }
    }
}

fn post(path: &str, body: &str) -> Request<String> {
    Request::post(path).header("content-type", "application/json").body(body.to_owned()).unwrap()
}

fn get(method: Method, path: &str) -> Request<String> {
    Request::builder().method(method).uri(path).body(String::new()).unwrap()
}

/// Variables and their values.
type Settings = &'static [(&'static str, &'static str)];

/// Requests that together cause every kind of answer that a scripted host can.
fn requests() -> Vec<(Settings, Request<String>)> {
    const LOCAL: Settings = &[("model_backend", "local")];
    const ALONE: Settings = &[("fallback_backend", ""), ("max_attempts", "1")];
    const CACHED: Settings = &[("cache_ttl_seconds", "60"), ("model_backend", "local")];
    const KEYED: Settings = &[("model_backend", "local"), ("api_keys", "k"), ("cors_origins", "*")];
    const BARE: Settings = &[("model_backend", "mistral"), ("fallback_backend", ""), ("cors_origins", "")];
    let analyze = r#"{"message": "Bonjour, l'imprimante est en panne."}"#;
    let mut list = vec![
        (LOCAL, post("/analyze", analyze)),
        (LOCAL, post("/analyze", "{")),
        (LOCAL, post("/analyze", r#"{"history": 3}"#)),
        (LOCAL, post("/followup", r#"{"ticket": {"titre": "x"}}"#)),
        (LOCAL, post("/followup", r#"{"ticket": {}}"#)),
        (&[("model_backend", "local"), ("max_body_bytes", "10")], post("/analyze", analyze)),
        (LOCAL, Request::post("/analyze").body(String::new()).unwrap()),
        (KEYED, post("/analyze", analyze)),
        (ALONE, post("/analyze", analyze)),
        (CACHED, post("/analyze", analyze)),
        (CACHED, post("/analyze", "{")),
        (&[("cache_ttl_seconds", "60"), ("fallback_backend", ""), ("max_attempts", "1")], post("/analyze", analyze)),
        (BARE, post("/analyze", analyze)),
        (LOCAL, get(Method::GET, "/health?probe=true")),
        (ALONE, get(Method::GET, "/health?probe=true")),
        (&[("locale", "xx")], get(Method::GET, "/health")),
        (&[("locale", "xx")], get(Method::GET, "/docs")),
        (&[("locale", "xx")], post("/followup", "{}")),
        (LOCAL, get(Method::GET, "/nowhere")),
        (KEYED, get(Method::DELETE, "/analyze")),
    ];
    for settings in [LOCAL, ALONE] {
        let mut streamed = post("/analyze", analyze);
        streamed.headers_mut().insert("accept", "text/event-stream".parse().unwrap());
        list.push((settings, streamed));
    }
    let mut foreign = get(Method::OPTIONS, "/analyze");
    foreign.headers_mut().insert("origin", "http://localhost:5173".parse().unwrap());
    list.push((LOCAL, foreign));
    let mut known = get(Method::GET, "/");
    known.headers_mut().insert("if-none-match", "*".parse().unwrap());
    list.push((LOCAL, known));
    for settings in [LOCAL, KEYED, BARE] {
        for Route { endpoint, path } in Route::all() {
            for method in endpoint.methods().split(", ").filter(|method| *method != "POST") {
                list.push((settings, get(method.parse().unwrap(), path)));
            }
        }
    }
    list
}

#[test]
fn every_answer_is_as_documented() {
    let mut statuses = BTreeSet::new();
    for (settings, request) in requests() {
        // With an invalid configuration there is no document: answers are as in the default one's.
        let settings_read = if settings.contains(&("locale", "xx")) { &[] } else { settings };
        let document = document_with(settings_read);
        let (method, path) = (request.method().as_str().to_ascii_lowercase(), request.uri().path().to_owned());
        let reply = ask(settings, request);
        let what = format!("{method} {path} {settings:?}: {} {}", reply.status, reply.text);
        // These are no part of any path.
        let is_nowhere = matches!(reply.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
        let responses = if is_nowhere {
            &document["components"]["responses"]
        } else {
            // The files of a page are not documented.
            let Some(operation) = document["paths"].get(&path).map(|item| &item[&method]) else { continue };
            &operation["responses"]
        };
        let response = responses.get(reply.status.as_str()).unwrap_or_else(|| panic!("{what}"));
        check(&document, resolved(&document, response), &reply, &what);
        statuses.insert(reply.status.as_u16());
    }
    assert_eq!(statuses, BTreeSet::from([200, 204, 304, 400, 401, 404, 405, 413, 415, 422, 500, 502, 503]));
}

/// Checks an answer against its documented response.
fn check(document: &Value, response: &Value, reply: &Seen, what: &str) {
    // OpenAPI leaves framing to HTTP, and describes the content type with the content.
    let framing = ["content-length", "content-type", "content-encoding"];
    let headers = response["headers"].as_object().unwrap_or_else(|| panic!("{what}"));
    for name in reply.headers.keys().map(http::HeaderName::as_str).filter(|name| !framing.contains(name)) {
        assert!(headers.contains_key(name), "{what}: header {name} is not documented");
    }
    for (name, header) in headers {
        let header = resolved(document, header);
        match reply.headers.get(name).map(|value| value.to_str().unwrap()) {
            Some(value) => {
                let value = if header["schema"]["type"] == "integer" {
                    value.parse::<u64>().unwrap().into()
                } else {
                    json!(value)
                };
                assert!(validator(document, header["schema"].clone()).is_valid(&value), "{what}: {name}: {value}");
            }
            None => assert_ne!(header["required"], true, "{what}: header {name} is missing"),
        }
    }
    let kind = reply.headers.get("content-type").map(|value| value.to_str().unwrap().split(';').next().unwrap());
    let is_stream = kind == Some("text/event-stream");
    assert_eq!(reply.headers.contains_key("server-timing"), !is_stream, "{what}: every whole answer is timed");
    if reply.text.is_empty() {
        return;
    }
    let content = response["content"].get(kind.unwrap()).unwrap_or_else(|| panic!("{what}: {kind:?}"));
    if is_stream {
        check_events(document, &response["content"], &reply.text, what);
    }
    if kind == Some("application/json") {
        let body: Value = serde_json::from_str(&reply.text).unwrap();
        let errors: Vec<String> =
            validator(document, content["schema"].clone()).iter_errors(&body).map(|e| e.to_string()).collect();
        assert_eq!(errors, [""; 0], "{what}");
        assert_eq!(undescribed(document, &[&content["schema"]], &body, ""), [""; 0], "{what}");
    }
}

#[test]
fn all_errors_are_documented() {
    let document = document_with(&[]);
    let failures = document["components"]["responses"].as_object().unwrap();
    let mut codes = BTreeSet::new();
    for (status, response) in failures {
        for (code, example) in response["content"]["application/json"]["examples"].as_object().unwrap() {
            assert_eq!(example["value"]["error"]["code"], code.as_str());
            codes.insert((status.parse().unwrap(), code.clone()));
        }
    }
    let all: BTreeSet<(u16, String)> = Problem::examples()
        .iter()
        .map(|problem| problem.status_and_code())
        .map(|(status, code)| (status.as_u16(), code.to_owned()))
        .collect();
    assert_eq!(codes, all);
    for problem in Problem::examples() {
        let mut headers = http::HeaderMap::new();
        problem.add_headers(&mut headers);
        let status = problem.status_and_code().0;
        for name in headers.keys() {
            assert!(failures[status.as_str()]["headers"].get(name.as_str()).is_some(), "{status}: {name}");
        }
    }
    for path in ["/analyze", "/followup"] {
        let statuses = document["paths"][path]["post"]["responses"].as_object().unwrap().keys();
        let missing: Vec<&String> = failures.keys().filter(|status| !statuses.clone().any(|s| s == *status)).collect();
        assert_eq!(missing, ["404", "405"], "{path}");
    }
}

#[test]
fn the_ticket_is_the_configured_one() {
    let document = document_with(&[("ticket_schema", OTHER_SCHEMA)]);
    let ticket = &document["components"]["schemas"]["Ticket"];
    assert_eq!(
        *ticket,
        json!({
            "type": "object", "title": "Other", "description": "`[INCONNU]` is the value of unknown fields.",
            "required": ["code", "kind/of", "is~open", "count", "price"],
            "properties": {
                "code": {"anyOf": [{"type": "string", "maxLength": 4}, {"type": "string", "enum": ["[INCONNU]"]}], "title": "Code", "description": "A code"},
                "kind/of": {"type": "string", "enum": ["x", "y", "[INCONNU]"]},
                "is~open": {"anyOf": [{"type": "boolean"}, {"type": "string", "enum": ["[INCONNU]"]}]},
                "count": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "enum": ["[INCONNU]"]}]},
                "price": {"anyOf": [{"type": "number"}, {"type": "string", "enum": ["[INCONNU]"]}]},
            },
            "additionalProperties": false,
        })
    );
}

#[test]
fn an_invalid_pointer_is_an_error() {
    let mut document = json!({"paths": {"/analyze": {}}});
    assert!(fill(&mut document, "/paths/~1analyze", json!(1)).is_ok());
    let error = fill(&mut document, "/paths/~1analyse", json!(2)).unwrap_err();
    assert_eq!(error.to_string(), "the OpenAPI document has no place /paths/~1analyse");
    assert_eq!(document, json!({"paths": {"/analyze": 1}}));
}

#[test]
fn corrupt_fragments_are_an_error() {
    assert!(matches!(unpack(b"no deflated data"), Err(DocumentError::Packed)));
    assert!(matches!(unpack(&miniz_oxide::deflate::compress_to_vec(b"{", 1)), Err(DocumentError::Json(_))));
}

#[test]
fn the_default_document_equals_the_snapshot() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(SNAPSHOT);
    let written = format!("{:#}\n", document_with(&[]));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == published, "{SNAPSHOT} differs: review the changes, then update it with UPDATE=1");
}
