//! Observability: log lines, levels, traces and timings.

use serde_json::{Value, json};

use crate::harness::*;

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
    std::thread::sleep(std::time::Duration::from_millis(200));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = server.logs().into_iter().filter(|line| line.contains("the-one"));
    let entries = lines.map(|line| serde_json::from_str::<Value>(&line).expect("JSON"));
    entries.map(|entry| (text(&entry["level"]), text(&entry["code"]))).collect()
}

#[test]
fn log_level_selects_the_lines() {
    let pair = |level: &str, code: &str| vec![(level.to_owned(), code.to_owned())];
    let fails = ("OLLAMA_ORIGIN", "http://127.0.0.1:1");
    let right = [("MODEL_BACKEND", "local")];
    let wrong = [fails, ("FALLBACK_BACKEND", ""), ("MAX_ATTEMPTS", "1")];
    for (level, of_right, of_wrong) in [
        ("info", pair("info", ""), pair("warn", "upstream_error")),
        ("warn", vec![], pair("warn", "upstream_error")),
        ("error", vec![], vec![]),
    ] {
        assert_eq!(logged(&[&right[..], &[("LOG_LEVEL", level)]].concat()), of_right, "{level}");
        assert_eq!(logged(&[&wrong[..], &[("LOG_LEVEL", level)]].concat()), of_wrong, "{level}");
    }
}

#[test]
fn an_invalid_configuration_is_logged() {
    let expected = vec![("warn".to_owned(), "invalid_configuration".to_owned())];
    assert_eq!(logged(&[("LOCALE", "de")]), expected);
    assert_eq!(logged(&[("LOG_LEVEL", "loud")]), expected);
}
