//! CORS: only the configured origins, also on errors and streams.

use serde_json::json;

use crate::harness::*;

const VITE: &str = "http://localhost:5173";

fn cors_headers(answer: &Answer) -> Vec<&str> {
    answer.headers.keys().map(|name| name.as_str()).filter(|name| name.starts_with("access-control-")).collect()
}

fn list(answer: &Answer, name: &str) -> Vec<String> {
    let value = answer.header(name).unwrap_or_default();
    value.split(',').map(|item| item.trim().to_ascii_lowercase()).collect()
}

/// All kinds of answers: successes, failures, and answers without a body.
fn answers(server: &Server, origin: &str) -> Vec<Answer> {
    let call = |method: &str, path: &str| Call::new(method, path).header("origin", origin);
    vec![
        call("POST", "/analyze").json(server, &fastapi_request()),
        call("POST", "/analyze").json(server, &json!({"message": ""})),
        call("POST", "/followup").json(server, &json!({"ticket": {"titre": "Panne"}})),
        call("POST", "/analyze").header("content-type", "text/plain").bytes(server, "a"),
        call("POST", "/analyze").header("content-type", "application/json").bytes(server, "{"),
        call("GET", "/health").send(server),
        call("HEAD", "/health").send(server),
        call("GET", "/openapi.json").send(server),
        call("GET", "/nope").send(server),
        call("GET", "/analyze").send(server),
    ]
}

fn preflight(server: &Server, origin: &str) -> Answer {
    Call::new("OPTIONS", "/analyze")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,authorization,x-api-key")
        .send(server)
}

#[track_caller]
fn assert_allowed(answer: &Answer, origin: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{} {}", answer.status, answer.text());
    assert!(list(answer, "vary").contains(&"origin".to_owned()), "{:?}", answer.headers);
}

#[test]
fn configured_origins_are_echoed_on_every_answer() {
    let two =
        Server::shared(&[("MODEL_BACKEND", "local"), ("CORS_ORIGINS", "http://localhost:5173, https://aide.example")]);
    for (server, origin) in [(&Server::local(), VITE), (&two, VITE), (&two, "https://aide.example")] {
        for answer in answers(server, origin) {
            assert_allowed(&answer, origin);
        }
    }
}

#[test]
fn early_and_late_errors_have_cors_headers() {
    let refused = [("MODEL_BACKEND", "ollama"), ("OLLAMA_ORIGIN", REFUSED), NO_FALLBACK];
    let locked = [("MODEL_BACKEND", "local"), ("API_KEYS", "k-1")];
    for (variables, status) in [(&refused[..], 502), (&locked, 401)] {
        let server = Server::shared(variables);
        let answer = Call::new("POST", "/analyze").header("origin", VITE).json(&server, &fastapi_request());
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_allowed(&answer, VITE);
    }
}

#[test]
fn other_origins_get_no_cors_headers() {
    let server = Server::local();
    for origin in [
        "http://localhost:5174",
        "http://localhost",
        "http://localhost:51730",
        "https://localhost:5173",
        "http://localhost:5173.evil.example",
        "http://evil.example/http://localhost:5173",
        "null",
    ] {
        for answer in answers(&server, origin).iter().chain([&preflight(&server, origin)]) {
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin} {}", answer.status);
        }
    }
    let same_origin = server.post("/analyze", &fastapi_request());
    assert_eq!(same_origin.header("access-control-allow-origin"), None);
}

#[test]
fn without_configured_origins_there_are_no_cors_headers() {
    let server = Server::shared(&[("MODEL_BACKEND", "local"), ("CORS_ORIGINS", "")]);
    for answer in answers(&server, VITE).iter().chain([&preflight(&server, VITE)]) {
        assert_eq!(cors_headers(answer), Vec::<&str>::new(), "{}", answer.status);
    }
}

#[test]
fn a_star_allows_every_origin_without_credentials() {
    let server = Server::shared(&[("MODEL_BACKEND", "local"), ("CORS_ORIGINS", "*")]);
    for origin in [VITE, "https://anyone.example"] {
        for answer in answers(&server, origin).iter().chain([&preflight(&server, origin)]) {
            let allowed = answer.header("access-control-allow-origin");
            assert!(allowed == Some("*") || allowed == Some(origin), "{allowed:?}");
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
    }
}

#[test]
fn a_preflight_needs_no_key() {
    let server = Server::shared(&[("MODEL_BACKEND", "local"), ("API_KEYS", "k-1")]);
    let answer = preflight(&server, VITE);
    assert!(matches!(answer.status, 200 | 204), "{}", answer.status);
    assert_allowed(&answer, VITE);
    assert!(list(&answer, "access-control-allow-methods").contains(&"post".to_owned()), "{:?}", answer.headers);
    let headers = list(&answer, "access-control-allow-headers");
    for header in ["content-type", "authorization", "x-api-key"] {
        assert!(headers.contains(&header.to_owned()), "{header}: {headers:?}");
    }
    assert!(answer.body.is_empty(), "{}", answer.text());
}

#[test]
fn a_stream_has_cors_headers() {
    let server = Server::local();
    let stream = EventStream::open_with(&server, "/analyze", &[("origin", VITE)], &fastapi_request());
    assert_eq!(stream.header("access-control-allow-origin"), Some(VITE));
}
