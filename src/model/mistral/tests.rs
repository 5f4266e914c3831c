use http::{HeaderValue, Method};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::Role;

fn endpoint(key: &str) -> Endpoint {
    Endpoint::parse("https://api.mistral.ai/v1/chat/completions", key).unwrap()
}

fn messages() -> Vec<Message> {
    vec![
        Message { role: Role::System, content: "Lis.".to_owned() },
        Message { role: Role::User, content: "L'imprimante est en panne".to_owned() },
        Message { role: Role::Assistant, content: "{".to_owned() },
        Message { role: Role::User, content: "Il manque la fin.".to_owned() },
    ]
}

fn read(body: &Value) -> Result<Completion, Failure> {
    parse(200, &HeaderMap::new(), body.to_string().as_bytes(), SystemTime::UNIX_EPOCH)
}

fn answer(content: &Value, finish: &Value) -> Value {
    json!({
        "id": "cmpl-1", "object": "chat.completion", "created": 1, "model": "mistral-large-latest",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content, "tool_calls": null},
                     "finish_reason": finish}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17, "num_cached_tokens": 0, "new": {}}
    })
}

#[test]
fn a_request_with_a_schema() {
    let schema = json!({"type": "object", "properties": {"titre": {"type": "string"}}});
    let messages = messages();
    let call = Call { model: "m", messages: &messages, schema: Some(&schema), max_tokens: 900, stream: false };
    let request = request(&endpoint("key"), &call);
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.uri(), "https://api.mistral.ai/v1/chat/completions");
    assert_eq!(request.headers()["authorization"], "Bearer key");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["accept"], "application/json");
    assert_eq!(
        serde_json::from_slice::<Value>(request.body()).unwrap(),
        json!({
            "model": "m",
            "messages": [
                {"role": "system", "content": "Lis."},
                {"role": "user", "content": "L'imprimante est en panne"},
                {"role": "assistant", "content": "{"},
                {"role": "user", "content": "Il manque la fin."},
            ],
            "max_tokens": 900,
            "temperature": 0.0,
            "stream": false,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "ticket", "schema": schema, "strict": true}
            }
        })
    );
}

#[test]
fn a_request_for_a_stream_of_free_text_without_a_key() {
    let messages = [Message { role: Role::User, content: "Bonjour".to_owned() }];
    let call = Call { model: "m", messages: &messages, schema: None, max_tokens: 1, stream: true };
    let request = request(&endpoint(" "), &call);
    assert_eq!(request.headers().get("authorization"), None);
    assert_eq!(request.headers()["accept"], "text/event-stream");
    assert_eq!(
        serde_json::from_slice::<Value>(request.body()).unwrap(),
        json!({
            "model": "m", "messages": [{"role": "user", "content": "Bonjour"}],
            "max_tokens": 1, "temperature": 0.0, "stream": true
        })
    );
}

#[test]
fn the_models_are_next_to_the_completions() {
    let check = |url: &str, completions: &str, models: &str| {
        let endpoint = Endpoint::parse(url, "key").unwrap();
        assert_eq!(endpoint.url(), completions, "{url}");
        let request = models_request(&endpoint);
        assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::GET, models), "{url}");
        assert_eq!(request.headers()["authorization"], "Bearer key");
    };
    check("http://vllm:8000", "http://vllm:8000/v1/chat/completions", "http://vllm:8000/v1/models");
    check("http://vllm:8000/", "http://vllm:8000/v1/chat/completions", "http://vllm:8000/v1/models");
    check("http://h/llm/v1/?t=7", "http://h/llm/v1/chat/completions?t=7", "http://h/llm/v1/models?t=7");
    check("http://h/v1/chat/completions", "http://h/v1/chat/completions", "http://h/v1/models");
    check("http://h/llm/v2/chat/completions?t=7", "http://h/llm/v2/chat/completions?t=7", "http://h/llm/v2/models?t=7");
    check("http://h/chat/completions/", "http://h/chat/completions/", "http://h/models");
    check("http://h/own", "http://h/own", "http://h/v1/models");
}

#[test]
fn a_key_is_kept_out_of_sight_and_out_of_other_headers() {
    assert_eq!(Endpoint::parse("http://h/", "key\r\nx: y"), Err(EndpointError::ApiKey));
    assert_eq!(Endpoint::parse("http://h/", "clé"), Err(EndpointError::ApiKey));
    assert_eq!(Endpoint::parse("h", "key"), Err(EndpointError::Url));
    let endpoint = endpoint("secret\n");
    assert!(!format!("{endpoint:?}").contains("secret"));
    assert!(endpoint.authorization.as_ref().is_some_and(HeaderValue::is_sensitive));
}

#[test]
fn only_the_hosted_api_needs_a_key() {
    let check = |url: &str, key: &str, expect: bool| {
        assert_eq!(Endpoint::parse(url, key).unwrap().is_configured(), expect, "{url} {key:?}");
    };
    check("https://api.mistral.ai", "", false);
    check("https://API.mistral.ai:443/v1/chat/completions", "", false);
    check("https://api.mistral.ai", "key", true);
    check("http://localhost:8000", "", true);
}

#[test]
fn content_comes_in_three_shapes() {
    let check = |content: Value, expect: Result<&str, &'static str>| {
        let text = read(&answer(&content, &json!("stop"))).map(|completion| completion.text);
        let expect = expect.map(str::to_owned).map_err(|reason| Failure::Malformed { reason });
        assert_eq!(text, expect, "{content}");
    };
    check(json!("{\"titre\": \"é\"}"), Ok("{\"titre\": \"é\"}"));
    check(
        json!([
            {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "closed": true},
            {"type": "text", "text": "{\"a\":"},
            {"type": "reference", "reference_ids": [1]},
            {"type": "text", "text": "1}"},
            {"type": "thinking", "text": "hm"},
            {"type": "text"}, 7, null
        ]),
        Ok("{\"a\":1}"),
    );
    check(json!([{"type": "thinking", "thinking": []}]), Err("no text"));
    check(json!(null), Err("no text"));
    check(json!(" "), Err("no text"));
    check(json!({"text": "?"}), Err("no text"));
}

#[test]
fn only_stop_is_an_end() {
    let check = |reason: Value, expect: Finish| {
        assert_eq!(read(&answer(&json!("x"), &reason)).unwrap().finish, expect, "{reason}");
    };
    check(json!("stop"), Finish::Stop);
    check(json!("length"), Finish::Length);
    check(json!("model_length"), Finish::Length);
    check(json!("error"), Finish::Unfinished);
    check(json!("tool_calls"), Finish::Unfinished);
    check(json!("abort"), Finish::Unfinished);
    check(json!(null), Finish::Unfinished);
    // A model that thought until its room was used up may say something with more of it.
    let cut = read(&answer(&json!([{"type": "thinking", "thinking": []}]), &json!("length"))).unwrap();
    assert_eq!((cut.text.as_str(), cut.finish), ("", Finish::Length));
}

#[test]
fn usage_is_read_where_it_is() {
    let full = read(&answer(&json!("x"), &json!("stop"))).unwrap();
    assert_eq!(full.usage, Usage { prompt_tokens: 12, completion_tokens: 5 });
    for usage in [json!(null), json!({}), json!({"prompt_tokens": null, "completion_tokens": -1}), json!("12")] {
        let mut body = answer(&json!("x"), &json!("stop"));
        body["usage"] = usage;
        assert_eq!(read(&body).unwrap().usage, Usage::default());
    }
}

#[test]
fn a_success_without_an_answer_is_malformed() {
    let check = |body: &str, reason: &'static str| {
        let read = parse(200, &HeaderMap::new(), body.as_bytes(), SystemTime::UNIX_EPOCH);
        assert_eq!(read, Err(Failure::Malformed { reason }), "{body}");
    };
    check("", "not JSON");
    check("<html>busy</html>", "not JSON");
    check("{}", "no choices");
    check(r#"{"choices":[]}"#, "no choices");
    check(r#"{"choices":null}"#, "no choices");
    check(r#"[1]"#, "no choices");
    check(r#"{"choices":[{}]}"#, "no text");
    check(r#"{"error":{"message":"overloaded"}}"#, "an error with a status of success");
    check(r#"{"object":"error","message":"Service tier capacity exceeded"}"#, "an error with a status of success");
}

#[test]
fn errors_are_told_by_status_whatever_their_body() {
    let bodies: [&[u8]; 7] = [
        br#"{"object":"error","message":{"detail":[{"type":"extra_forbidden"}]},"type":"invalid_request_error"}"#,
        br#"{"detail":[{"loc":["body","x"],"msg":"m","type":"t"}]}"#,
        br#"{"message":"Requests rate limit exceeded"}"#,
        br#"{"detail":"Unauthorized"}"#,
        br#"{"error":{"message":"x"}}"#,
        b"upstream connect error",
        b"\xff\xfe",
    ];
    let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_static("2"))]);
    for body in bodies {
        for status in [301, 400, 401, 422, 429, 500, 503] {
            assert_eq!(
                parse(status, &headers, body, SystemTime::UNIX_EPOCH),
                Err(Failure::Status {
                    status,
                    retry_after: Some(std::time::Duration::from_secs(2)),
                    unknown_model: false
                })
            );
        }
    }
}

#[test]
fn models_are_listed_by_id_and_alias() {
    let check = |body: Value, expect: Result<&[&str], &'static str>| {
        let read = parse_models(200, &HeaderMap::new(), body.to_string().as_bytes(), SystemTime::UNIX_EPOCH);
        let expect = expect.map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(read, expect.map_err(|reason| Failure::Malformed { reason }), "{body}");
    };
    check(
        json!({"object": "list", "data": [
            {"id": "mistral-large-2411", "aliases": ["mistral-large-latest", 7]}, {"id": "own"}, {}, null
        ]}),
        Ok(&["mistral-large-2411", "mistral-large-latest", "own"]),
    );
    check(json!([{"id": "a", "aliases": []}]), Ok(&["a"]));
    check(json!({"data": []}), Ok(&[]));
    check(json!({"models": []}), Err("no list of models"));
    let denied = parse_models(401, &HeaderMap::new(), b"", SystemTime::UNIX_EPOCH);
    assert_eq!(denied, Err(Failure::Status { status: 401, retry_after: None, unknown_model: false }));
}

proptest! {
    #[test]
    fn survives_any_body(status in 100..600u16, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(status, &HeaderMap::new(), &body, SystemTime::UNIX_EPOCH);
        let _ = parse_models(status, &HeaderMap::new(), &body, SystemTime::UNIX_EPOCH);
    }
}
