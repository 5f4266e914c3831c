//! Checks of the envelope of `/analyze` and `/followup`.

use serde_json::Value;
use support_ticket_ai::http::problem::Problem;

use super::sample::keys;
use super::{Answer, Event, EventStream};

/// Checks the envelope and the headers around it, and returns the body.
#[track_caller]
pub fn envelope(answer: &Answer) -> Value {
    assert_eq!(answer.media_type(), "application/json", "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let body = answer.json();
    envelope_body(&body);
    assert_eq!(answer.header("x-request-id"), body["meta"]["request_id"].as_str());
    let timing = answer.header("server-timing").expect("a server-timing header");
    let measured = if body["meta"]["attempts"] == 0 { &["total"][..] } else { &["upstream", "total"] };
    for name in measured {
        let duration = duration(timing, name).unwrap_or_else(|| panic!("no {name} in server-timing: {timing}"));
        assert!((0.0..60_000.0).contains(&duration), "{timing}");
    }
    body
}

/// Checks a 200 and returns the body.
#[track_caller]
pub fn success(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = envelope(answer);
    assert_eq!(body["success"], true, "{body}");
    body
}

/// Checks a failure's status and code, and returns the body.
#[track_caller]
pub fn failure(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!((answer.status, answer.json()["error"]["code"].as_str()), (status, Some(code)), "{}", answer.text());
    envelope(answer)
}

/// Checks an error outside `/analyze` and `/followup`, which may lack the rest of the envelope.
#[track_caller]
pub fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    let body = answer.json();
    assert_eq!((answer.status, body["error"]["code"].as_str()), (status, Some(code)), "{body}");
    assert_eq!(answer.media_type(), "application/json");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    failure_body(&body);
    body
}

/// Reads a stream of deltas and one result or error; returns the deltas' text and the last event.
#[track_caller]
pub fn last_event(mut stream: EventStream) -> (String, Event) {
    assert_eq!(stream.header("content-type").and_then(|value| value.split(';').next()), Some("text/event-stream"));
    assert_eq!(stream.header("cache-control"), Some("no-store"));
    let request_id = stream.header("x-request-id").expect("a request id").to_owned();
    let mut written = String::new();
    let last = loop {
        let event = stream.next().expect("a stream ends with a result or an error");
        match event.name.as_str() {
            "delta" => written += event.data["text"].as_str().expect("a delta has a text"),
            "result" | "error" => break event,
            other => panic!("unknown event: {other}"),
        }
    };
    assert!(stream.next().is_none(), "an event came after the last one");
    envelope_body(&last.data);
    assert_eq!(last.data["success"], last.name == "result");
    assert_eq!(last.data["meta"]["request_id"], request_id.as_str());
    (written, last)
}

/// The envelope of a stream that ends with a result.
#[track_caller]
pub fn result_event(stream: EventStream) -> Value {
    let (_, last) = last_event(stream);
    assert_eq!(last.name, "result", "{}", last.data);
    last.data
}

#[track_caller]
fn envelope_body(body: &Value) {
    assert_eq!(sorted(body), ["data", "error", "message", "meta", "success"], "{body}");
    match body["success"].as_bool() {
        Some(true) => {
            assert!(body["data"].is_object() && body["error"].is_null(), "{body}");
            assert!(is_text(&body["message"]), "{body}");
        }
        Some(false) => failure_body(body),
        None => panic!("`success` is not a boolean: {body}"),
    }
    let meta = &body["meta"];
    for key in ["request_id", "backend", "model", "degraded", "cached", "attempts", "rejected", "duration_ms", "usage"]
    {
        assert!(meta.get(key).is_some(), "no `meta.{key}`: {body}");
    }
    assert!(is_text(&meta["request_id"]), "{body}");
    assert!(meta["backend"].is_null() || is_text(&meta["backend"]), "{body}");
    assert!(meta["model"].is_null() || is_text(&meta["model"]), "{body}");
    assert!(meta["degraded"].is_boolean() && meta["cached"].is_boolean(), "{body}");
    assert!(meta["attempts"].is_u64() && meta["rejected"].is_u64() && meta["duration_ms"].is_number(), "{body}");
    let usage = &meta["usage"];
    assert!(usage.is_null() || (usage["prompt_tokens"].is_u64() && usage["completion_tokens"].is_u64()), "{body}");
}

#[track_caller]
fn failure_body(body: &Value) {
    assert!(body["success"] == false && body["data"].is_null(), "{body}");
    assert!(is_text(&body["message"]) && is_text(&body["error"]["detail"]), "{body}");
    let is_code = |problem: &Problem| problem.status_and_code().1 == body["error"]["code"];
    assert!(Problem::examples().iter().any(is_code), "unknown code: {body}");
    let field = body["error"].get("field").filter(|field| !field.is_null());
    let pointer = |field: &Value| field.as_str().is_some_and(|text| text.is_empty() || text.starts_with('/'));
    assert!(field.is_none_or(pointer), "not a JSON Pointer: {body}");
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn sorted(value: &Value) -> Vec<&str> {
    let mut keys = keys(value);
    keys.sort_unstable();
    keys
}

/// The `dur` of one metric of a `server-timing` header, in milliseconds.
fn duration(header: &str, name: &str) -> Option<f64> {
    let metric = header.split(',').map(str::trim).find(|metric| metric.split(';').next() == Some(name))?;
    metric.split(';').find_map(|part| part.trim().strip_prefix("dur="))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_timing_is_read_by_name() {
        let header = "upstream;dur=12.5, total;desc=\"all\";dur=13";
        assert_eq!(duration(header, "upstream"), Some(12.5));
        assert_eq!(duration(header, "total"), Some(13.0));
        assert_eq!(duration("total", "total"), None);
        assert_eq!(duration(header, "tot"), None);
    }
}
