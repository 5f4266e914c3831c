//! The deadline: the answer is sent within `timeout_seconds` + 250 ms, whatever the model server does.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::*;

/// `timeout_seconds` of these tests.
const TIMEOUT: &str = "1";
/// `TIMEOUT` and the allowed overrun.
const LIMIT: Duration = Duration::from_millis(1_250);

/// All the ways to miss the deadline.
fn stalls() -> Vec<(&'static str, Reply)> {
    let right = || Reply::json(200, &ollama::generate(&ticket().to_string()));
    vec![
        ("never answers", Reply::Silence),
        ("headers too late", right().after(Duration::from_secs(20))),
        ("a byte at a time", right().drip(1, Duration::from_millis(50))),
        ("headers and nothing more", right().edit(|http| http.pieces.clear()).end(End::Silent)),
        ("all but the end", right().end(End::Silent)),
        ("endless chunks", Reply::stream("application/json", vec![" "; 2_000], Duration::from_millis(10))),
        ("an error's body that never comes", Reply::status(500).end(End::Silent)),
        ("busy until later", Reply::status(503).header("retry-after", "30").after(Duration::from_millis(300))),
    ]
}

fn body(path: &str) -> Value {
    if path == "/followup" { json!({"ticket": {"titre": "Panne"}}) } else { fastapi_request() }
}

#[test]
fn a_stalled_model_server_is_a_504_in_time() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[("TIMEOUT_SECONDS", TIMEOUT), NO_FALLBACK]);
    for (row, (name, reply)) in stalls().into_iter().enumerate() {
        upstream.script([replies(reply)]);
        let path = if row % 2 == 0 { "/analyze" } else { "/followup" };
        let answer = server.post(path, &body(path));
        assert!(answer.elapsed <= LIMIT, "{name}: {:?}", answer.elapsed);
        if name == "busy until later" {
            assert!(matches!(answer.status, 502 | 504), "{}", answer.text());
        } else {
            failure(&answer, 504, "upstream_timeout");
        }
        assert!(!upstream.calls().is_empty(), "{name}: no call was made");
        upstream.wait_until("the end of the call", |requests| {
            requests.iter().all(|request| request.finished.is_some() || request.hung_up.is_some())
        });
    }
}

#[test]
fn the_local_backend_answers_within_the_same_deadline() {
    for dialect in [Dialect::Chat, Dialect::Completions] {
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[("TIMEOUT_SECONDS", TIMEOUT)]);
        for (name, reply) in stalls() {
            upstream.script([replies(reply)]);
            let answer = server.post("/analyze", &fastapi_request());
            assert!(answer.elapsed <= LIMIT, "{name}: {:?}", answer.elapsed);
            let meta = success(&answer)["meta"].clone();
            assert_eq!((&meta["backend"], &meta["degraded"]), (&json!("local"), &json!(true)), "{name}");
            assert!(meta["duration_ms"].as_f64().unwrap() <= 1_250.0, "{name}: {meta}");
        }
    }
}

#[test]
fn one_deadline_covers_retries_models_and_backends() {
    let slow = || Upstream::start([replies(Reply::status(500).after(Duration::from_millis(400)))]);
    let (ollama, mistral) = (slow(), slow());
    let origin = ollama.origin();
    let server = mistral.serve(
        Dialect::Completions,
        &[
            ("MODEL_BACKEND", "ollama,mistral"),
            ("OLLAMA_ORIGIN", &origin),
            ("MISTRAL_MODEL_NAME", "a,b,c"),
            ("MAX_ATTEMPTS", "50"),
            ("TIMEOUT_SECONDS", TIMEOUT),
        ],
    );
    let answer = server.post("/analyze", &fastapi_request());
    assert!(answer.elapsed <= LIMIT, "{:?}", answer.elapsed);
    assert_eq!(success(&answer)["meta"]["degraded"], true);
}

#[test]
fn a_slow_model_may_use_the_whole_deadline() {
    let upstream = Upstream::start([turn(|request| {
        Speech::new(&ticket().to_string()).reply(request).after(Duration::from_millis(1_500))
    })]);
    let server = upstream.serve(Dialect::Generate, &[("TIMEOUT_SECONDS", "4")]);
    let answer = server.post("/analyze", &fastapi_request());
    let meta = success(&answer)["meta"].clone();
    assert_eq!((&meta["backend"], &meta["attempts"]), (&json!("ollama"), &json!(1)));
    assert!(meta["duration_ms"].as_f64().unwrap() >= 1_500.0, "{meta}");
}

#[test]
fn a_stream_that_stalls_ends_in_time_too() {
    for fallback in ["", "local"] {
        for is_silent in [true, false] {
            // After the first piece, no other answer can follow.
            let last = if fallback.is_empty() || !is_silent { "error" } else { "result" };
            let upstream = Upstream::start([turn(move |request| {
                let text = ticket().to_string();
                let speech = Speech { token: 8, ..Speech::new(&text) };
                let (content_type, pieces) = speech.pieces(request.dialect());
                // No pieces or half of them, then silence.
                let half = if is_silent { 0 } else { pieces.len() / 2 };
                Reply::stream(content_type, pieces.into_iter().take(half), Duration::ZERO).end(End::Silent)
            })]);
            let variables = [("TIMEOUT_SECONDS", TIMEOUT), ("FALLBACK_BACKEND", fallback)];
            let server = upstream.serve(Dialect::Generate, &variables);
            let started = Instant::now();
            let (_, event) = last_event(EventStream::open(&server, "/analyze", &fastapi_request()));
            let elapsed = event.at - started;
            assert!(elapsed <= LIMIT, "{elapsed:?}");
            assert_eq!(event.name, last, "{}", event.data);
            match last {
                "error" => assert_eq!(event.data["error"]["code"], "upstream_timeout"),
                _ => assert_eq!(event.data["meta"]["degraded"], true),
            }
        }
    }
}

#[test]
fn a_body_that_never_arrives_is_a_408_in_time() {
    let server = Server::start(&[("MODEL_BACKEND", "local"), ("TIMEOUT_SECONDS", TIMEOUT)]);
    for path in ["/analyze", "/followup"] {
        for sent in ["", r#"{"message": "#] {
            let mut connection = Connection::open(&server);
            connection.send(post_head(path, 100, &[]) + sent);
            let answer = connection.answer();
            failure(&answer, 408, "request_timeout");
            assert!(answer.elapsed <= LIMIT, "{:?}", answer.elapsed);
        }
    }
}
