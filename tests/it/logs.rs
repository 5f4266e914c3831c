//! Observability: one log line of JSON per request, without customers' texts or keys; levels, traces and timings.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::*;

/// A word that only the customer uses.
const CANARY: &str = "ZIBELINE";
const API_KEY: &str = "caller-key-77aa";

fn hostile_turns() -> Vec<Turn> {
    let echo = |status: u16| turn(move |request| Reply::text(status, "text/plain", &request.text()));
    vec![
        says(&ticket_with(&json!({"titre": format!("Panne {CANARY}")}))),
        says_text(&format!("{CANARY} sans JSON")),
        echo(200),
        echo(400),
        echo(401),
        echo(500),
        replies(Reply::Bytes(CANARY.as_bytes().to_vec())),
        asks(&format!("Est-ce {CANARY} ?")),
    ]
}

/// Sends all kinds of requests with that word, and returns everything logged meanwhile.
fn log_of(level: &str, dialect: Dialect) -> Vec<String> {
    let upstream = Upstream::start([]);
    let server = upstream.serve(
        dialect,
        &[("LOG_LEVEL", level), ("API_KEYS", API_KEY), ("MISTRAL_API_KEY", KEY), ("TIMEOUT_SECONDS", "3")],
    );
    let call = |path: &str| Call::new("POST", path).header("x-api-key", API_KEY);
    let analyze = json!({"message": format!("Imprimante {CANARY}"), "history": [CANARY]});
    let followup = json!({"ticket": {"titre": CANARY}, "history": [CANARY]});
    for turn in hostile_turns() {
        upstream.script([turn]);
        call("/analyze").json(&server, &analyze);
        call("/followup").json(&server, &followup);
    }
    let stream = EventStream::open_with(&server, "/analyze", &[("x-api-key", API_KEY)], &analyze);
    last_event(stream);
    call("/analyze").json(&server, &json!({"message": [CANARY], "history": {CANARY: 1}}));
    call("/analyze").header("content-type", "application/json").bytes(&server, format!("{{\"{CANARY}"));
    call(&format!("/{CANARY}")).json(&server, &analyze);
    Call::new("POST", "/analyze").header("x-api-key", CANARY).json(&server, &analyze);
    let last = Call::new("GET", "/health").header("x-request-id", "the-last-one").send(&server);
    assert_eq!(last.status, 200);
    if level != "error" {
        server.log_line(|line| line.contains("the-last-one"));
    }
    server.logs()
}

#[test]
fn no_text_and_no_key_is_ever_logged() {
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let lines = log_of("trace", dialect);
        assert!(!lines.is_empty());
        for line in lines {
            // A path is not a message: it may be logged unchanged.
            let line = line.replace(&format!("/{CANARY}"), "/");
            for secret in [CANARY, API_KEY, KEY] {
                assert!(!line.contains(secret), "{dialect:?}: {secret} in the log: {line}");
            }
        }
    }
}

/// Every field of a request's line, in its order.
const LINE: [&str; 21] = [
    "timestamp_ms", "level", "event", "request_id", "trace_id", "route", "caller", "input_sha256", "status", "code",
    "backend", "model", "attempts", "rejected", "failures", "degraded", "cached", "prompt_tokens", "completion_tokens",
    "upstream_ms", "duration_ms",
];

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The line of the request with this id.
fn line_of(server: &Server, id: &str) -> Value {
    let line = server.log_line(|line| line.contains(&format!("\"{id}\"")));
    let entry: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(keys(&entry), LINE, "{line}");
    entry
}

#[test]
fn every_outcome_leaves_a_complete_line() {
    let upstream = Upstream::start([says(&ticket())]);
    let variables = [("API_KEYS", API_KEY), ("MAX_BODY_BYTES", "4096"), NO_FALLBACK];
    let server = upstream.serve(Dialect::Generate, &variables);
    let call = |method: &str, path: &str, id: &str| Call::new(method, path).header("x-request-id", id);
    let post = |id: &str| call("POST", "/analyze", id).header("x-api-key", API_KEY);
    let body = fastapi_request();
    post("log-ok").json(&server, &body);
    post("log-empty").json(&server, &json!({}));
    post("log-broken").header("content-type", "application/json").bytes(&server, "{");
    post("log-large").json(&server, &json!({"message": "x".repeat(5_000)}));
    post("log-text").header("content-type", "text/plain").bytes(&server, "x");
    call("POST", "/analyze", "log-keyless").json(&server, &body);
    call("GET", "/analyze", "log-method").send(&server);
    call("GET", "/nowhere", "log-nowhere").send(&server);
    call("GET", "/health", "log-health").send(&server);
    call("HEAD", "/docs", "log-docs").send(&server);
    call("OPTIONS", "/followup", "log-preflight").send(&server);
    upstream.script([replies(Reply::status(400))]);
    post("log-refused").json(&server, &body);
    let (input, caller) = (digest(&body.to_string()), digest(API_KEY).chars().take(8).collect::<String>());
    let rows = [
        ("log-ok", 200, "", "/analyze", input.clone(), &*caller),
        ("log-empty", 422, "validation_error", "/analyze", digest("{}"), &*caller),
        ("log-broken", 400, "invalid_json", "/analyze", digest("{"), &*caller),
        ("log-large", 413, "body_too_large", "/analyze", String::new(), &*caller),
        ("log-text", 415, "unsupported_media_type", "/analyze", String::new(), &*caller),
        ("log-keyless", 401, "unauthorized", "/analyze", String::new(), ""),
        ("log-method", 405, "method_not_allowed", "/analyze", String::new(), ""),
        ("log-nowhere", 404, "not_found", "", String::new(), ""),
        ("log-health", 200, "", "/health", String::new(), ""),
        ("log-docs", 200, "", "/docs", String::new(), ""),
        ("log-preflight", 204, "", "/followup", String::new(), ""),
        ("log-refused", 502, "upstream_error", "/analyze", input.clone(), &*caller),
    ];
    for (id, status, code, route, input, caller) in rows {
        let line = line_of(&server, id);
        let found = [&line["status"], &line["code"], &line["route"], &line["input_sha256"], &line["caller"]];
        assert_eq!(found, [&json!(status), &json!(code), &json!(route), &json!(input), &json!(caller)], "{id}: {line}");
        let lines = server.logs().into_iter().filter(|line| line.contains(&format!("\"{id}\""))).count();
        assert_eq!(lines, 1, "{id}: a request at level info is one line");
    }
    for line in server.logs() {
        assert!(serde_json::from_str::<Value>(&line).is_ok_and(|entry| entry.is_object()), "not JSON: {line}");
    }
    let line = line_of(&server, "log-ok");
    assert_eq!((&line["backend"], &line["model"]), (&json!("ollama"), &json!("mistral:instruct")));
    assert_eq!((&line["attempts"], &line["degraded"], &line["cached"]), (&json!(1), &json!(false), &json!(false)));
    assert_eq!(line["completion_tokens"], mistral::COMPLETION_TOKENS);
    assert!(line["prompt_tokens"].as_u64() > Some(0) && line["duration_ms"].is_u64(), "{line}");
    let line = line_of(&server, "log-refused");
    assert_eq!((&line["level"], &line["failures"]), (&json!("warn"), &json!("ollama/mistral:instruct: status 400")));
}

#[test]
fn every_outcome_of_a_stream_leaves_a_line() {
    let slow = |pause| turn(move |request| Speech { pause, ..Speech::new(&ticket().to_string()) }.reply(request));
    let upstream = Upstream::start([slow(Duration::ZERO)]);
    let server = upstream.serve(Dialect::Chat, &[NO_FALLBACK]);
    let open = |id: &str| EventStream::open_with(&server, "/analyze", &[("x-request-id", id)], &fastapi_request());
    last_event(open("log-result"));
    upstream.script([says_text("rien")]);
    last_event(open("log-error"));
    upstream.script([slow(Duration::from_millis(40))]);
    let mut stream = open("log-gone");
    assert_eq!(stream.next().expect("an event").name, "delta");
    drop(stream);
    let rows =
        [("log-result", 200, ""), ("log-error", 502, "upstream_invalid_output"), ("log-gone", 499, "client_gone")];
    for (id, status, code) in rows {
        let line = line_of(&server, id);
        assert_eq!((&line["status"], &line["code"]), (&json!(status), &json!(code)), "{id}: {line}");
        assert_eq!((&line["backend"], &line["attempts"].as_u64().is_some()), (&json!("ollama"), &true), "{id}: {line}");
        assert_eq!(line["input_sha256"], digest(&fastapi_request().to_string()), "{id}: {line}");
    }
}

#[test]
fn a_misconfigured_service_logs_its_requests() {
    for variable in [("LOCALE", "de"), ("LOG_LEVEL", "loud")] {
        let server = Server::start(&[variable]);
        let answer = Call::new("POST", "/analyze").header("x-request-id", "log-wrong").json(&server, &json!({}));
        failure(&answer, 500, "invalid_configuration");
        let line = line_of(&server, "log-wrong");
        assert_eq!((&line["level"], &line["code"]), (&json!("warn"), &json!("invalid_configuration")));
    }
}

#[test]
fn content_is_logged_on_request_only_and_keys_never() {
    let server = Server::start(&[("MODEL_BACKEND", "local"), ("LOG_CONTENT", "true"), ("API_KEYS", API_KEY)]);
    success(&Call::new("POST", "/analyze").header("x-api-key", API_KEY).json(&server, &fastapi_request()));
    let line = server.log_line(|line| line.contains("\"content\""));
    assert!(line.contains(FASTAPI_MESSAGE), "{line}");
    assert!(server.logs().iter().all(|line| !line.contains(API_KEY)), "{:#?}", server.logs());
}

#[test]
fn a_hostile_request_id_cannot_forge_a_line() {
    let server = Server::start(&[("MODEL_BACKEND", "local")]);
    let id = "a\",\"level\":\"error\",\"b\":\"";
    success(&Call::new("POST", "/analyze").header("x-request-id", id).json(&server, &fastapi_request()));
    server.log_line(|line| line.contains("analyze"));
    for line in server.logs() {
        assert!(serde_json::from_str::<Value>(&line).is_ok(), "not JSON: {line}");
        assert!(!line.contains(id), "{line}");
    }
}

#[test]
fn every_answer_has_server_timing() {
    let server = Server::local();
    for (method, path) in
        [("GET", "/health"), ("GET", "/"), ("GET", "/openapi.json"), ("GET", "/nowhere"), ("OPTIONS", "/analyze")]
    {
        let answer = Call::new(method, path).send(&server);
        let timing = answer.header("server-timing").unwrap_or_default();
        assert!(timing.starts_with("upstream;dur=") && timing.contains(", total;dur="), "{method} {path}: {timing}");
    }
}

#[test]
fn the_readme_shows_a_real_log_line() {
    let readme = include_str!("../../README.md");
    let shown = readme.lines().find(|line| line.contains("\"event\":\"request\"")).expect("a line of the log");
    let server = Server::start(&[("MODEL_BACKEND", "local")]);
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    success(&Call::new("POST", "/analyze").header("traceparent", trace).json(&server, &fastapi_request()));
    let line = server.log_line(|line| line.contains("/analyze"));
    let [shown, line] = [shown, &line].map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    assert_eq!(keys(&shown), keys(&line));
    assert_eq!(line["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!((&line["status"], &line["level"]), (&json!(200), &json!("info")));
}

/// Level and code of the lines that a request leaves with this configuration.
fn logged(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    let server = Server::start(variables);
    let post = |id: &str| Call::new("POST", "/analyze").header("x-request-id", id).json(&server, &fastapi_request());
    post("the-one");
    post("another");
    std::thread::sleep(Duration::from_millis(200));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = server.logs().into_iter().filter(|line| line.contains("the-one"));
    let entries = lines.map(|line| serde_json::from_str::<Value>(&line).expect("JSON"));
    entries.map(|entry| (text(&entry["level"]), text(&entry["code"]))).collect()
}

#[test]
fn log_level_selects_the_lines() {
    let pair = |level: &str, code: &str| vec![(level.to_owned(), code.to_owned())];
    let fails = ("OLLAMA_ORIGIN", REFUSED);
    let right = [("MODEL_BACKEND", "local")];
    let wrong = [fails, NO_FALLBACK, ("MAX_ATTEMPTS", "1")];
    for (level, of_right, of_wrong) in [
        ("info", pair("info", ""), pair("warn", "upstream_error")),
        ("warn", vec![], pair("warn", "upstream_error")),
        ("error", vec![], vec![]),
    ] {
        assert_eq!(logged(&[&right[..], &[("LOG_LEVEL", level)]].concat()), of_right, "{level}");
        assert_eq!(logged(&[&wrong[..], &[("LOG_LEVEL", level)]].concat()), of_wrong, "{level}");
    }
}
