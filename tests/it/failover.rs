//! Failing model servers: retries, the next model, the next backend, the local backend, and error messages.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::harness::*;

fn attempts(body: &Value) -> u64 {
    body["meta"]["attempts"].as_u64().unwrap()
}

#[test]
fn without_any_model_server_the_local_backend_answers() {
    let server = Server::start(&[("OLLAMA_ORIGIN", REFUSED)]);
    let body = success(&server.post("/analyze", &fastapi_request()));
    assert_eq!((&body["meta"]["backend"], &body["meta"]["degraded"]), (&json!("local"), &json!(true)));
    assert_eq!(body["data"]["categorie"], "Matériel");
    let body = success(&server.post("/followup", &json!({"ticket": {"titre": "Panne"}})));
    assert_eq!((&body["meta"]["backend"], &body["meta"]["degraded"]), (&json!("local"), &json!(true)));
}

#[test]
fn without_a_fallback_the_error_is_returned() {
    let no_key = [("MODEL_BACKEND", "mistral"), ("MISTRAL_API_KEY", ""), NO_FALLBACK];
    let started = Instant::now();
    for (path, body) in [("/analyze", fastapi_request()), ("/followup", json!({"ticket": {"titre": "Panne"}}))] {
        let body = failure(&Server::shared(&no_key).post(path, &body), 503, "backend_not_configured");
        assert_eq!(attempts(&body), 0, "a call without a key");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
    let refused = [("MODEL_BACKEND", "ollama"), ("OLLAMA_ORIGIN", REFUSED), NO_FALLBACK];
    let body = failure(&Server::shared(&refused).post("/analyze", &fastapi_request()), 502, "upstream_error");
    assert!(attempts(&body) >= 1, "{body}");
}

#[test]
fn temporary_failures_are_retried() {
    let garbage = || Reply::Bytes(b"\x16\x03\x01 not http\r\n\r\n".to_vec());
    let temporary = [408, 425, 429, 500, 502, 503, 504].map(Reply::status).into_iter().chain([
        Reply::drop(),
        garbage(),
        Reply::json(200, &ollama::generate(&ticket().to_string())).end(End::Dropped),
        Reply::text(503, "text/html", "<html><body>503</body></html>"),
        Reply::text(500, "application/json", ""),
    ]);
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[NO_FALLBACK]);
    for (row, reply) in temporary.enumerate() {
        upstream.script([replies(reply), says(&ticket())]);
        let body = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!((&body["data"], attempts(&body)), (&ticket(), 2), "row {row}");
        assert_eq!(upstream.calls().len(), 2, "row {row}");
    }
}

#[test]
fn permanent_failures_are_not_retried() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[NO_FALLBACK]);
    for status in [400, 401, 403, 404, 405, 413, 422] {
        upstream.script([replies(Reply::status(status))]);
        let body = failure(&server.post("/analyze", &fastapi_request()), 502, "upstream_error");
        assert_eq!((upstream.calls().len(), attempts(&body)), (1, 1), "{status}");
    }
}

#[test]
fn mistrals_errors_are_recognised_by_status_alone() {
    let bodies = [
        r#"{"object": "error", "message": "m", "type": "t", "param": null, "code": "3000"}"#,
        r#"{"message": {"detail": [{"loc": ["body"], "msg": "m"}]}}"#,
        r#"{"detail": [{"loc": ["body"], "msg": "m", "type": "t"}]}"#,
        r#"{"detail": "m"}"#,
        r#"{"error": {"message": "m"}}"#,
        r#""m""#,
        "[]",
        "null",
        "upstream connect error",
        "<html>",
        "",
    ];
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Completions, &[NO_FALLBACK]);
    let right = mistral::completion(&ticket().to_string()).to_string();
    for body in bodies.into_iter().chain([right.as_str()]) {
        upstream.script([replies(Reply::text(503, "application/json", body)), says(&ticket())]);
        let answer = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!(attempts(&answer), 2, "{body}");
        upstream.script([replies(Reply::text(400, "application/json", body))]);
        failure(&server.post("/analyze", &fastapi_request()), 502, "upstream_error");
    }
}

#[test]
fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([]);
        let server = upstream.serve(dialect, &[NO_FALLBACK]);
        let date = || httpdate::fmt_http_date(SystemTime::now() + Duration::from_millis(2_500));
        let first: [Turn; 2] = [
            replies(Reply::status(429).header("retry-after", "1")),
            turn(move |_| Reply::status(503).header("retry-after", &date())),
        ];
        for turn in first {
            upstream.script([turn, says(&ticket())]);
            success(&server.post("/analyze", &fastapi_request()));
            let calls = upstream.calls();
            assert_eq!(calls.len(), 2);
            // A date has whole seconds: a date 2.5 s ahead means a wait of 1.5 to 2.5 s.
            let waited = calls[1].at - calls[0].at;
            assert!(waited >= Duration::from_millis(950) && waited < Duration::from_secs(5), "{waited:?}");
        }
    }
}

#[test]
fn a_retry_after_beyond_the_deadline_is_ignored() {
    let upstream = Upstream::start([replies(Reply::status(503).header("retry-after", "120"))]);
    let server = upstream.serve(Dialect::Generate, &[("TIMEOUT_SECONDS", "6")]);
    let answer = server.post("/analyze", &fastapi_request());
    assert_eq!(success(&answer)["meta"]["degraded"], true);
    assert!(answer.elapsed < Duration::from_secs(5), "{:?}", answer.elapsed);
}

#[test]
fn if_every_server_answers_429_the_caller_gets_it_with_retry_after() {
    let limited = || replies(Reply::status(429).header("retry-after", "77"));
    let (ollama, mistral) = (Upstream::start([limited()]), Upstream::start([limited()]));
    let chain = [
        ("MODEL_BACKEND", "ollama,mistral"),
        ("OLLAMA_ORIGIN", &ollama.origin()),
        NO_FALLBACK,
        ("TIMEOUT_SECONDS", "5"),
    ];
    let more = [("MISTRAL_MODEL_NAME", "mistral-large-latest,mistral-small-latest"), ("MAX_ATTEMPTS", "8")];
    let server = mistral.serve(Dialect::Completions, &[&chain[..], &more].concat());
    let answer = server.post("/analyze", &fastapi_request());
    failure(&answer, 429, "rate_limited");
    assert_eq!(answer.header("retry-after"), Some("77"));
    assert!(!ollama.calls().is_empty() && !mistral.calls().is_empty());
    // With any other failure among them, the answer is no longer a 429.
    ollama.script([replies(Reply::status(400))]);
    failure(&server.post("/analyze", &fastapi_request()), 502, "upstream_error");
}

#[test]
fn after_a_429_the_next_model_is_tried() {
    let upstream = Upstream::start([turn(|request| match request.model().as_str() {
        "mistral-large-latest" => Reply::status(429),
        _ => Speech::new(&ticket().to_string()).reply(request),
    })]);
    let models = "mistral-large-latest,mistral-medium-latest,mistral-small-latest";
    let server = upstream.serve(Dialect::Completions, &[("MISTRAL_MODEL_NAME", models), NO_FALLBACK]);
    let body = success(&server.post("/analyze", &fastapi_request()));
    assert_eq!((&body["meta"]["model"], &body["data"]), (&json!("mistral-medium-latest"), &ticket()));
    let models: Vec<String> = upstream.calls().iter().map(Recorded::model).collect();
    assert_eq!(models.first().map(String::as_str), Some("mistral-large-latest"));
    assert_eq!(models.last().map(String::as_str), Some("mistral-medium-latest"));
    assert_eq!(attempts(&body), models.len() as u64);
}

#[test]
fn after_a_401_the_next_backend_is_tried_at_once() {
    let (mistral, ollama) = (Upstream::start([replies(Reply::status(401))]), Upstream::start([says(&ticket())]));
    let chain = [("MODEL_BACKEND", "mistral,ollama"), ("OLLAMA_ORIGIN", &ollama.origin()), NO_FALLBACK];
    let models = [("MISTRAL_MODEL_NAME", "mistral-large-latest,mistral-small-latest")];
    let server = mistral.serve(Dialect::Completions, &[&chain[..], &models].concat());
    let body = success(&server.post("/analyze", &fastapi_request()));
    assert_eq!((&body["meta"]["backend"], attempts(&body)), (&json!("ollama"), 2));
    assert_eq!((mistral.calls().len(), ollama.calls().len()), (1, 1), "another model gets the same 401");
    assert_eq!(ollama.call().header("authorization"), None);
}

#[test]
fn the_chain_is_tried_from_left_to_right() {
    let (mistral, ollama) = (Upstream::start([says(&ticket())]), Upstream::start([says(&ticket())]));
    let check = |chain: &str, ollama_origin: &str, expected: &str, called: (usize, usize)| {
        ollama.script([says(&ticket())]);
        mistral.script([says(&ticket())]);
        let variables = [("MODEL_BACKEND", chain), ("OLLAMA_ORIGIN", ollama_origin), NO_FALLBACK];
        let server = mistral.serve(Dialect::Completions, &variables);
        let body = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!(body["meta"]["backend"], expected, "{chain}");
        assert_eq!((ollama.calls().len(), mistral.calls().len()), called, "{chain}");
    };
    check("ollama,mistral", &ollama.origin(), "ollama", (1, 0));
    check("mistral,ollama", &ollama.origin(), "mistral", (0, 1));
    check("ollama,mistral", REFUSED, "mistral", (0, 1));
    check(" ollama , mistral ", REFUSED, "mistral", (0, 1));
}

#[test]
fn attempts_are_capped_over_all_backends_and_models() {
    let check = |cap: usize| {
        let failing = || Upstream::start([replies(Reply::status(500))]);
        let (mistral, ollama) = (failing(), failing());
        let (cap_text, origin) = (cap.to_string(), ollama.origin());
        let server = mistral.serve(
            Dialect::Completions,
            &[
                ("MODEL_BACKEND", "ollama,mistral"),
                ("OLLAMA_ORIGIN", &origin),
                ("OLLAMA_MODEL_NAME", "a,b"),
                ("MAX_ATTEMPTS", &cap_text),
            ],
        );
        let body = success(&server.post("/analyze", &fastapi_request()));
        assert_eq!((&body["meta"]["backend"], &body["meta"]["degraded"]), (&json!("local"), &json!(true)));
        let calls = ollama.calls().len() + mistral.calls().len();
        assert!((1..=cap).contains(&calls), "{calls} calls, {cap} allowed");
        assert_eq!(attempts(&body), calls as u64);
    };
    check(1);
    check(3);
    let upstream = Upstream::start([replies(Reply::status(500))]);
    let server = upstream.serve(Dialect::Generate, &[("MAX_ATTEMPTS", "2"), NO_FALLBACK]);
    failure(&server.post("/analyze", &fastapi_request()), 502, "upstream_error");
    assert_eq!(upstream.calls().len(), 2);
}
