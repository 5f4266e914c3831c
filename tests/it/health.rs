//! `GET /health`, with and without probing the model servers.

use std::time::Duration;

use serde_json::Value;

use crate::harness::*;

#[test]
fn health_shows_the_configuration_and_calls_no_server() {
    let upstream = Upstream::start([]);
    for (dialect, backend, model) in
        [(Dialect::Generate, "ollama", "mistral:instruct"), (Dialect::Completions, "mistral", "mistral-large-latest")]
    {
        let server = upstream.serve(dialect, &[]);
        let answer = server.get("/health");
        assert_eq!((answer.status, answer.media_type()), (200, "application/json"));
        let health = answer.json();
        assert_eq!(keys(&health), ["status", "version", "backend", "model", "fallback"]);
        assert_eq!(health["status"], "healthy");
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!((health["backend"].as_str(), health["model"].as_str()), (Some(backend), Some(model)));
        assert_eq!(health["fallback"], "local");
        assert!(answer.header("x-request-id").is_some());
        server.get("/health?probe=false");
    }
    assert_eq!(upstream.requests().len(), 0);
}

/// Probes, and checks status, body and duration.
#[track_caller]
fn probe(server: &Server, status: u16) -> Value {
    let answer = server.get("/health?probe=true");
    let health = answer.json();
    let word = if status == 200 { "healthy" } else { "unhealthy" };
    assert_eq!((answer.status, health["status"].as_str()), (status, Some(word)), "{health}");
    assert!(health["checks"].is_object(), "{health}");
    assert!(answer.elapsed < Duration::from_millis(2_500), "{:?}", answer.elapsed);
    assert!(!answer.text().contains(KEY), "the key leaked: {health}");
    health
}

#[test]
fn a_probe_asks_ollama_for_the_model() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[NO_FALLBACK]);
    upstream.has_models(&["llama3.2:3b", "mistral:instruct"]);
    let health = probe(&server, 200);
    assert!(health["checks"].get("ollama").is_some(), "{health}");
    assert_eq!(upstream.requests().iter().map(|request| request.path.as_str()).collect::<Vec<_>>(), ["/api/tags"]);
    upstream.has_models(&["llama3.2:3b", "mistral:7b"]);
    probe(&server, 503);
    upstream.lists_models_with(Reply::status(500));
    probe(&server, 503);
    upstream.lists_models_with(Reply::text(200, "text/html", "<html>"));
    probe(&server, 503);
    upstream.lists_models_with(Reply::Silence);
    probe(&server, 503);
}

#[test]
fn a_probe_asks_mistral_with_its_key() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Completions, &[NO_FALLBACK]);
    upstream.has_models(&["mistral-large-latest"]);
    let health = probe(&server, 200);
    assert!(health["checks"].get("mistral").is_some(), "{health}");
    let request = upstream.requests().remove(0);
    assert_eq!(request.path, "/v1/models");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    upstream.lists_models_with(Reply::status(401));
    probe(&server, 503);
}

#[test]
fn one_usable_backend_is_enough() {
    let upstream = Upstream::start([]);
    upstream.has_models(&["mistral-large-latest"]);
    let chain = [("MODEL_BACKEND", "ollama,mistral"), ("OLLAMA_ORIGIN", REFUSED), NO_FALLBACK];
    probe(&upstream.serve(Dialect::Completions, &chain), 200);
    let none = Server::start(&[("MODEL_BACKEND", "ollama"), ("OLLAMA_ORIGIN", REFUSED), NO_FALLBACK]);
    probe(&none, 503);
    assert_eq!(none.get("/health").status, 200, "without a probe, no server is called");
    probe(&Server::local(), 200);
}
