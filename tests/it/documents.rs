//! The OpenAPI document, compared with live answers, and the pages.

use serde_json::{Value, json};

use crate::harness::*;

/// Checks a live answer against the document: its status, its required headers and its body's schema.
#[track_caller]
fn assert_documented(document: &Value, method: &str, path: &str, answer: &Answer) {
    let what = format!("{method} {path} {}", answer.status);
    let operation = &document["paths"][path][method.to_ascii_lowercase()];
    assert!(operation.is_object(), "{what}: not in the document");
    let response = resolved(document, &operation["responses"][answer.status.to_string()]);
    assert!(response.is_object(), "{what}: no such response in the document");
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let required = resolved(document, header)["required"] == true;
        assert!(!required || answer.header(name).is_some(), "{what}: no header {name}");
    }
    let schema = &response["content"][answer.media_type()]["schema"];
    assert!(schema.is_object(), "{what}: {} is not in the document", answer.media_type());
    let root = json!({"$ref": "#/the_schema", "the_schema": schema, "components": document["components"]});
    let validator = jsonschema::draft202012::new(&root).unwrap_or_else(|error| panic!("{what}: {error}"));
    if let Err(problems) = contract::problems(&validator, &answer.json()) {
        panic!("{what} is not as documented: {problems:#?}\n{}", answer.text());
    }
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a reference into the document"),
        None => value,
    }
}

#[test]
fn live_answers_match_the_openapi_document() {
    let upstream = Upstream::start([says(&ticket())]);
    let server = upstream.serve(Dialect::Generate, &[("API_KEYS", "k-1"), ("MAX_BODY_BYTES", "4096")]);
    let document = server.get("/openapi.json").json();
    let call = |path: &str| Call::new("POST", path).header("x-api-key", "k-1");
    let json = "application/json";
    let complete = json!({"ticket": ticket_with(&json!({"localisation": "Bureau 12"}))});
    let incomplete = json!({"ticket": {"titre": "Panne"}});
    for (path, right) in [("/analyze", &fastapi_request()), ("/followup", &complete)] {
        for (answer, status) in [
            (call(path).json(&server, right), 200),
            (call(path).header("content-type", json).bytes(&server, "{"), 400),
            (Call::new("POST", path).json(&server, right), 401),
            (call(path).header("content-type", json).bytes(&server, " ".repeat(5_000)), 413),
            (call(path).header("content-type", "text/plain").bytes(&server, "a"), 415),
            (call(path).json(&server, &json!({"history": [1]})), 422),
        ] {
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
            assert_documented(&document, "POST", path, &answer);
        }
    }
    upstream.script([asks("Où est l'imprimante ?")]);
    assert_documented(&document, "POST", "/followup", &call("/followup").json(&server, &incomplete));
    assert_documented(&document, "GET", "/health", &server.get("/health"));
    let alone = upstream.serve(Dialect::Generate, &[NO_FALLBACK, ("TIMEOUT_SECONDS", "1")]);
    for (turn, status) in [
        (replies(Reply::status(429).header("retry-after", "60")), 429),
        (replies(Reply::status(400)), 502),
        (replies(Reply::Silence), 504),
    ] {
        for (path, body) in [("/analyze", &fastapi_request()), ("/followup", &incomplete)] {
            upstream.script([turn.clone()]);
            let answer = alone.post(path, body);
            assert_eq!(answer.status, status, "{}", answer.text());
            assert_documented(&document, "POST", path, &answer);
        }
    }
    let broken = Server::shared(&[("MODEL_BACKEND", "local"), ("LOCALE", "de")]);
    assert_documented(&document, "POST", "/analyze", &broken.post("/analyze", &fastapi_request()));
    assert_documented(&document, "GET", "/health", &broken.get("/health"));
    let no_key = [("MODEL_BACKEND", "mistral"), NO_FALLBACK];
    let answer = Server::shared(&no_key).post("/analyze", &fastapi_request());
    assert_eq!(answer.status, 503);
    assert_documented(&document, "POST", "/analyze", &answer);
}

#[test]
fn the_openapi_document_is_served() {
    let answer = Server::local().get("/openapi.json");
    assert_eq!((answer.status, answer.media_type()), (200, "application/json"));
    let document = answer.json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "{document}");
    for path in ["/analyze", "/followup"] {
        let right = resolved(&document, &document["paths"][path]["post"]["responses"]["200"]);
        assert!(keys(&right["content"]).contains(&"text/event-stream"), "{path}: no stream");
    }
    assert!(document["paths"]["/health"]["get"].is_object());
}

/// The targets of `src` and `href` in a page, each with the name of its tag.
fn targets(html: &str) -> Vec<(String, String)> {
    let mut targets = Vec::new();
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = tag.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        for attribute in [" src=", " href="] {
            if let Some((_, value)) = tag.split_once(attribute) {
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
                let value = value.trim_start_matches(['"', '\'']);
                let end = |c: char| quote.map_or_else(|| c.is_whitespace(), |quote| c == quote);
                targets.push((name.clone(), value.split(end).next().unwrap_or_default().to_owned()));
            }
        }
    }
    targets
}

#[test]
fn the_pages_work_offline() {
    let server = Server::local();
    for path in ["/", "/docs"] {
        let page = server.get(path);
        assert_eq!((page.status, page.media_type()), (200, "text/html"), "{path}");
        let html = page.text();
        assert!(!html.contains("@import"), "{path}");
        for (tag, target) in targets(&html) {
            let elsewhere = ["http:", "https:", "//"].iter().any(|start| target.starts_with(start));
            // A link is not part of the page.
            assert!(!elsewhere || tag == "a", "{path} loads {target}");
            if tag != "a" && !target.contains(':') && !target.starts_with('#') && !target.is_empty() {
                let local = format!("/{}", target.split('#').next().unwrap_or_default().trim_start_matches(['.', '/']));
                let loaded = server.get(&local);
                assert_eq!(loaded.status, 200, "{path} loads {target}");
                assert!(!loaded.media_type().is_empty(), "{path} loads {target}");
            }
        }
    }
}

#[test]
fn a_client_without_gzip_gets_the_files_uncompressed() {
    let server = Server::local();
    for (path, start) in [("/docs/swagger-ui-bundle.js", "/*!"), ("/docs/swagger-ui.css", "."), ("/console.js", "//")] {
        let get = |codings: &str| Call::new("GET", path).header("accept-encoding", codings).send(&server);
        let (packed, plain) = (get("gzip"), get("identity"));
        assert_eq!((packed.status, plain.status), (200, 200), "{path}");
        assert_eq!(
            (packed.header("content-encoding"), plain.header("content-encoding")),
            (Some("gzip"), None),
            "{path}"
        );
        assert_ne!(packed.header("etag"), plain.header("etag"), "{path}");
        assert!(plain.text().starts_with(start), "{path}");
    }
}

#[test]
fn the_targets_of_a_page_are_found() {
    let html = "<link rel=icon href='/a.svg'><script defer src=/b.js></script> <a href=\"https://c.example\">href=</a>";
    let found = targets(html);
    let found: Vec<_> = found.iter().map(|(tag, target)| (tag.as_str(), target.as_str())).collect();
    assert_eq!(found, [("link", "/a.svg"), ("script", "/b.js"), ("a", "https://c.example")]);
}
