//! Configuration: names, defaults, and errors for invalid values.

use serde_json::Value;

use crate::harness::*;

#[test]
fn spin_variable_names_take_precedence() {
    let upstream = Upstream::start([says(&ticket())]);
    let url = upstream.url(Dialect::Chat);
    let server = Server::start(&[
        ("MODEL_BACKEND", "local"),
        ("SPIN_VARIABLE_MODEL_BACKEND", "ollama"),
        ("OLLAMA_URL", REFUSED),
        ("SPIN_VARIABLE_OLLAMA_URL", &url),
        ("SPIN_VARIABLE_OLLAMA_MODEL_NAME", "from-spin"),
        ("OLLAMA_MODEL_NAME", "from-env"),
        ("OLLAMA_NUM_CTX", "4096"),
    ]);
    let body = success(&server.post("/analyze", &fastapi_request()));
    assert_eq!(body["meta"]["model"], "from-spin");
    let call = upstream.call();
    assert_eq!((call.model().as_str(), &call.json()["options"]["num_ctx"]), ("from-spin", &Value::from(4096)));
}

#[test]
fn defaults_are_as_documented() {
    let health = Server::shared(&[]).get("/health").json();
    assert_eq!(health["backend"], "ollama");
    assert_eq!(health["model"], "mistral:instruct");
    assert_eq!(health["fallback"], "local");
    let mistral = Server::start(&[("MODEL_BACKEND", "mistral"), ("MISTRAL_API_KEY", KEY)]);
    let model = mistral.get("/health").json()["model"].as_str().unwrap().to_owned();
    assert!(model.starts_with("mistral-large-latest"), "{model}");
}

/// An invalid value for each variable; `config`'s own tests have more.
const WRONG: [(&str, &str); 19] = [
    ("MODEL_BACKEND", "ollama,gpt"),
    ("FALLBACK_BACKEND", "openai"),
    ("OLLAMA_ORIGIN", "ftp://localhost"),
    ("OLLAMA_URL", "not a url"),
    ("OLLAMA_NUM_CTX", "-1"),
    ("MISTRAL_ORIGIN", "not a url"),
    ("MISTRAL_URL", "not a url"),
    ("TIMEOUT_SECONDS", "1e999"),
    ("MAX_ATTEMPTS", "99999999999999999999"),
    ("CORS_ORIGINS", "not an origin"),
    ("TICKET_SCHEMA", "{\"type\": \"array\"}"),
    ("MAX_BODY_BYTES", "64k"),
    ("CACHE_TTL_SECONDS", "forever"),
    ("REDACT_PII", "sometimes"),
    ("REVIEW_BELOW", "high"),
    ("LOG_LEVEL", "loud"),
    ("LOG_CONTENT", "perhaps"),
    ("LOCALE", "de"),
    ("SPIN_VARIABLE_LOCALE", "xx"),
];

#[test]
fn every_endpoint_names_an_invalid_variable() {
    for (name, value) in WRONG {
        let server = Server::start(&[("MISTRAL_API_KEY", KEY), (name, value)]);
        let variable = name.trim_start_matches("SPIN_VARIABLE_").to_ascii_lowercase();
        let analyze = server.post("/analyze", &fastapi_request());
        let body = failure(&analyze, 500, "invalid_configuration");
        let detail = body["error"]["detail"].as_str().unwrap();
        assert!(detail.to_ascii_lowercase().contains(&variable), "{name}={value}: {detail}");
        let followup = server.post("/followup", &serde_json::json!({"ticket": {"titre": "a"}}));
        failure(&followup, 500, "invalid_configuration");
        problem(&server.get("/openapi.json"), 500, "invalid_configuration");
        let health = server.get("/health");
        assert_eq!(health.status, 503, "{name}={value}: {}", health.text());
        assert!(health.text().to_ascii_lowercase().contains(&variable), "{name}={value}: {}", health.text());
        for answer in [&analyze, &followup, &health] {
            assert!(!answer.text().contains(KEY), "the key leaked: {}", answer.text());
        }
    }
}

#[test]
fn an_empty_value_equals_an_empty_default() {
    let empty =
        ["OLLAMA_URL", "MISTRAL_URL", "MISTRAL_API_KEY", "API_KEYS", "TICKET_SCHEMA", "REVIEW_BELOW", "CORS_ORIGINS"];
    let variables: Vec<_> = empty.iter().map(|name| (*name, "")).chain([("MODEL_BACKEND", "local")]).collect();
    success(&Server::start(&variables).post("/analyze", &fastapi_request()));
}

#[test]
fn x_cache_is_present_only_if_the_cache_is_on() {
    let off = Server::local().post("/analyze", &fastapi_request());
    assert_eq!(off.header("x-cache"), None);
    let on = Server::shared(&[("MODEL_BACKEND", "local"), ("CACHE_TTL_SECONDS", "60")]);
    for _ in 0..2 {
        let answer = on.post("/analyze", &fastapi_request());
        let cached = success(&answer)["meta"]["cached"] == true;
        let cache = answer.header("x-cache").expect("an x-cache header");
        assert!(["hit", "miss", "bypass"].contains(&cache) && (cache == "hit") == cached, "{cache}, cached: {cached}");
    }
}
