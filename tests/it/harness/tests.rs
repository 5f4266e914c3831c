//! Tests of the harness, without the component.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::*;

const TICK: Duration = Duration::from_millis(40);

/// Sends one model request straight to the scripted server.
fn ask(upstream: &Upstream, path: &str, body: &Value) -> Connection {
    let (mut connection, body) = (Connection::to(upstream.address()), body.to_string());
    connection.send(post_head(path, body.len(), &[("x-test", "1")]));
    connection.send(body);
    connection
}

fn generate_request() -> Value {
    json!({"model": "m", "prompt": "p", "stream": false})
}

#[test]
fn turns_are_played_in_order_and_the_last_one_repeats() {
    let upstream = Upstream::start([replies(Reply::status(503)), says(&ticket())]);
    let statuses: Vec<u16> =
        (0..3).map(|_| ask(&upstream, "/api/generate", &generate_request()).answer().status).collect();
    assert_eq!(statuses, [503, 200, 200]);
    assert_eq!(upstream.calls().len(), 3);
    upstream.script([replies(Reply::status(429).header("retry-after", "7"))]);
    let answer = ask(&upstream, "/api/generate", &generate_request()).answer();
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    let call = upstream.call();
    assert_eq!((call.method.as_str(), call.path.as_str(), call.header("x-test")), ("POST", "/api/generate", Some("1")));
    assert_eq!((call.model().as_str(), call.user().as_str(), call.streams()), ("m", "p", false));
}

#[test]
fn a_chunked_request_is_read_completely() {
    let upstream = Upstream::start([says(&ticket())]);
    let mut connection = Connection::to(upstream.address());
    connection.send("POST /api/chat HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
    let body = json!({"model": "é", "messages": [{"role": "user", "content": "p"}], "stream": false}).to_string();
    for piece in body.as_bytes().chunks(7) {
        connection.send([format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat());
    }
    connection.send("0\r\n\r\n");
    assert_eq!(connection.answer().json()["message"]["content"], ticket().to_string());
    assert_eq!(upstream.call().model(), "é");
}

#[test]
fn a_model_speaks_every_dialect() {
    let upstream = Upstream::start([says_text("réponse assez longue")]);
    let messages =
        json!([{"role": "system", "content": "s"}, {"role": "user", "content": [{"type": "text", "text": "p"}]}]);
    let check = |path: &str, pointer: &str, body: Value| {
        upstream.script([says_text("réponse assez longue")]);
        let answer = ask(&upstream, path, &body).answer();
        if body["stream"] == false {
            assert_eq!(answer.json().pointer(pointer), Some(&json!("réponse assez longue")));
            return;
        }
        let lines = answer.text();
        let events = lines.lines().map(|line| line.trim_start_matches("data: ")).filter(|line| line.starts_with('{'));
        let events: Vec<Value> = events.map(|event| serde_json::from_str(event).unwrap()).collect();
        let text: String = events.iter().filter_map(|event| event.pointer(pointer)?.as_str()).collect();
        assert_eq!(text, "réponse assez longue");
        assert!(events.len() > 3, "{lines}");
    };
    for stream in [false, true] {
        check("/api/generate", "/response", json!({"model": "m", "prompt": "p", "stream": stream}));
        check("/api/chat", "/message/content", json!({"model": "m", "messages": [], "stream": stream}));
    }
    let completion = |stream: bool| json!({"model": "m", "messages": messages, "stream": stream});
    check("/v1/chat/completions", "/choices/0/message/content", completion(false));
    check("/v1/chat/completions", "/choices/0/delta/content", completion(true));
    let call = upstream.call();
    assert_eq!((call.system().as_str(), call.user().as_str()), ("s", "p"));
}

#[test]
fn a_question_fits_the_schema_that_was_sent() {
    let upstream = Upstream::start([asks("Où ?")]);
    let question = |format: Value| {
        let body = json!({"model": "m", "prompt": "p", "stream": false, "format": format});
        ask(&upstream, "/api/generate", &body).answer().json()["response"].as_str().unwrap().to_owned()
    };
    let schema = json!({"type": "object", "properties": {"field": {"enum": ["site"]}, "question": {"type": "string"}}});
    assert_eq!(question(schema), r#"{"field":"site","question":"Où ?"}"#);
    assert_eq!(question(json!("json")), "Où ?");
}

#[test]
#[should_panic(expected = "does not take this request")]
fn a_request_against_the_contract_fails_the_test() {
    let upstream = Upstream::start([says(&ticket())]);
    ask(&upstream, "/api/generate", &json!({"model": "m", "prompt": "p", "temperature": 0})).answer();
    upstream.calls();
}

#[test]
fn probes_do_not_take_turns() {
    let upstream = Upstream::start([]);
    upstream.has_models(&["a", "b"]);
    let get = |path: &str| {
        let mut connection = Connection::to(upstream.address());
        connection.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"));
        connection.answer()
    };
    assert_eq!(get("/api/tags").json()["models"][1]["name"], "b");
    assert_eq!(get("/v1/models").json()["data"][0]["id"], "a");
    upstream.lists_models_with(Reply::status(401));
    assert_eq!(get("/v1/models").status, 401);
    assert_eq!((upstream.requests().len(), upstream.calls().len()), (3, 0));
}

#[test]
fn delays_are_observed() {
    let slow = Reply::json(200, &json!({"a": 1})).after(TICK);
    let check = |reply: Reply, at_least: Duration| {
        let upstream = Upstream::start([replies(reply)]);
        let answer = ask(&upstream, "/api/generate", &generate_request()).answer();
        assert!(answer.elapsed >= at_least && answer.elapsed < at_least + 25 * TICK, "{:?}", answer.elapsed);
        assert_eq!(answer.json(), json!({"a": 1}));
        upstream.wait_until("the end of the reply", |requests| requests[0].finished.is_some());
    };
    check(slow.clone(), TICK);
    check(slow.clone().drip(3, TICK), 4 * TICK);
    check(Reply::stream("application/json", ["{\"a\"", ":", "1}"], TICK), 3 * TICK);
}

#[test]
fn connections_break_as_scripted() {
    let body = json!({"a": "0123456789"});
    for (reply, first) in [
        (Reply::drop(), ""),
        (Reply::Bytes(b"garbage\r\n\r\n".to_vec()), "garbage"),
        (Reply::json(200, &body).end(End::Dropped), "HTTP/1.1 200"),
        (Reply::stream("application/json", ["{"], Duration::ZERO).end(End::Dropped), "HTTP/1.1 200"),
    ] {
        let upstream = Upstream::start([replies(reply)]);
        let connection = ask(&upstream, "/api/generate", &generate_request());
        let seen = connection.rest();
        assert!(seen.starts_with(first) && seen.is_empty() == first.is_empty(), "{seen:?}");
        let answer = thread::spawn(move || ask(&upstream, "/api/generate", &generate_request()).answer());
        assert!(answer.join().is_err(), "a broken answer was accepted");
    }
}

#[test]
fn a_disconnected_client_is_detected() {
    let forever = Reply::json(200, &json!({})).end(End::Silent);
    for reply in [Reply::Silence, forever, Reply::json(200, &json!({})).after(Duration::from_secs(60))] {
        let upstream = Upstream::start([replies(reply)]);
        let connection = ask(&upstream, "/api/generate", &generate_request());
        thread::sleep(TICK);
        let left = Instant::now();
        assert_eq!(upstream.call().hung_up, None);
        drop(connection);
        upstream.wait_until("the hang-up", |requests| requests[0].hung_up.is_some());
        assert!(upstream.call().hung_up.unwrap() >= left);
    }
}

#[test]
fn events_are_read_incrementally() {
    let pieces = ["event: del", "ta\r\ndata: {\"text\"", ": \"é\"}\r\n\r\n: ping\n\n", "event: result\ndata: {}\n\n"];
    let upstream = Upstream::start([replies(Reply::stream("text/event-stream", pieces, TICK))]);
    let connection = Connection::to(upstream.address());
    let events: Vec<Event> =
        EventStream::ask(connection, "/api/chat", &[], &json!({"model": "m", "messages": [], "stream": true}))
            .collect();
    let seen: Vec<_> = events.iter().map(|event| (event.name.as_str(), event.data.clone())).collect();
    assert_eq!(seen, [("delta", json!({"text": "é"})), ("result", json!({}))]);
    assert!(events[1].at - events[0].at >= TICK / 2, "the events were not read incrementally");
    assert_eq!(upstream.requests()[0].header("accept"), Some("text/event-stream"));
}

#[test]
fn texts_and_secrets_in_a_log_are_detected() {
    let variables = [("API_KEYS", "alpha-key, beta-key"), ("MISTRAL_API_KEY", ""), ("LOCALE", "francais")];
    let guard = LogGuard::new(&variables);
    guard.note(r#"{"message": "Mon \"\u00e9cran\" reste noir depuis ce matin", "history": [{"role": "assistant", "content": "Bonjour à vous"}, "ok"]}"#.as_bytes());
    guard.note(b"pas du JSON");
    for leaky in [
        r#"{"key":"beta-key"}"#,
        r#"{"text":"Mon \"écran\" reste noir d…"}"#,
        "panicked at Bonjour à vous",
        "400: pas du JSON",
    ] {
        assert!(guard.leak(leaky).is_some(), "{leaky}");
    }
    for clean in [r#"{"event":"request","status":200,"locale":"francais"}"#, "assistant ok Mon", ""] {
        assert_eq!(guard.leak(clean), None, "{clean}");
    }
    let with_content = LogGuard::new(&[("LOG_CONTENT", "true"), ("API_KEYS", "alpha-key")]);
    with_content.note(br#"{"message": "Mon imprimante"}"#);
    assert!(with_content.leak("Mon imprimante").is_none() && with_content.leak("alpha-key").is_some());
}
