//! The log: a JSON line for each request, and never a customer's text or a key.

use serde_json::{Value, json};

use crate::harness::*;

/// A word of the customer's that nothing else would say.
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

/// Requests of every kind that hold the word, and everything that was logged meanwhile.
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
            // A path is no message: it may be logged as it came.
            let line = line.replace(&format!("/{CANARY}"), "/");
            for secret in [CANARY, API_KEY, KEY] {
                assert!(!line.contains(secret), "{dialect:?}: {secret} in the log: {line}");
            }
        }
    }
}

#[test]
fn each_request_is_one_json_line() {
    let server = Server::start(&[("MODEL_BACKEND", "local")]);
    let right = Call::new("POST", "/analyze").header("x-request-id", "log-right").json(&server, &fastapi_request());
    success(&right);
    let wrong = Call::new("POST", "/analyze").header("x-request-id", "log-wrong").json(&server, &json!({}));
    failure(&wrong, 422, "validation_error");
    for (id, status) in [("log-right", 200), ("log-wrong", 422)] {
        let line = server.log_line(|line| line.contains(id));
        let entry: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(entry.is_object(), "{line}");
        assert!(numbers(&entry).contains(&f64::from(status)), "no status in {line}");
        let lines = server.logs().into_iter().filter(|line| line.contains(id)).count();
        assert_eq!(lines, 1, "a request at level info is one line: {:#?}", server.logs());
    }
    for line in server.logs() {
        assert!(serde_json::from_str::<Value>(&line).is_ok_and(|entry| entry.is_object()), "not JSON: {line}");
    }
}

/// Every number of an entry, at any depth.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Number(number) => number.as_f64().into_iter().collect(),
        Value::Object(fields) => fields.values().flat_map(numbers).collect(),
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
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
