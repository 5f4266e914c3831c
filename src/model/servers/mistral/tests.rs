use http::Method;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::Role;
use crate::model::servers::tests::configured;

fn read_settings(url: &str, key: &str) -> Result<Mistral, ConfigError> {
    configured(&[("mistral_url", url), ("mistral_api_key", key)])
}

fn mistral(key: &str) -> Mistral {
    read_settings("https://api.mistral.ai/v1/chat/completions", key).unwrap()
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
    read_whole(body.to_string().as_bytes())
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
    let request = mistral("key").request(&call);
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
    let request = mistral(" ").request(&call);
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
        let server = read_settings(url, "key").unwrap();
        assert_eq!(server.url, completions, "{url}");
        let request = server.models_request();
        assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::GET, models), "{url}");
        assert_eq!(request.headers()["authorization"], "Bearer key");
    };
    check("", "https://api.mistral.ai/v1/chat/completions", "https://api.mistral.ai/v1/models");
    check("http://vllm:8000", "http://vllm:8000/v1/chat/completions", "http://vllm:8000/v1/models");
    check("http://vllm:8000/", "http://vllm:8000/v1/chat/completions", "http://vllm:8000/v1/models");
    check("http://h/llm/v1/?t=7", "http://h/llm/v1/chat/completions?t=7", "http://h/llm/v1/models?t=7");
    check("http://h/v1/chat/completions", "http://h/v1/chat/completions", "http://h/v1/models");
    check("http://h/llm/v2/chat/completions?t=7", "http://h/llm/v2/chat/completions?t=7", "http://h/llm/v2/models?t=7");
    check("http://h/chat/completions/", "http://h/chat/completions/", "http://h/models");
    check("http://h/own", "http://h/own", "http://h/v1/models");
}

#[test]
fn a_key_stays_hidden_and_within_its_header() {
    let error = |url: &str, key: &str| read_settings(url, key).unwrap_err().variable;
    assert_eq!(error("http://h/", "key\r\nx: y"), "mistral_api_key");
    assert_eq!(error("http://h/", "clé"), "mistral_api_key");
    assert_eq!(error("h", "key"), "mistral_url");
    let server = mistral("secret\n");
    assert!(!format!("{server:?}").contains("secret"));
    assert!(server.authorization.as_ref().is_some_and(HeaderValue::is_sensitive));
}

#[test]
fn only_the_hosted_api_needs_a_key() {
    let check = |url: &str, key: &str, expect: bool| {
        assert_eq!(read_settings(url, key).unwrap().missing_variable().is_none(), expect, "{url} {key:?}");
    };
    check("https://api.mistral.ai", "", false);
    check("https://API.mistral.ai:443/v1/chat/completions", "", false);
    check("https://api.mistral.ai", "key", true);
    check("http://localhost:8000", "", true);
}

#[test]
fn content_has_three_shapes() {
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
fn only_stop_is_a_complete_answer() {
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
    // A model that used all its tokens for thinking may answer with more of them.
    let cut = read(&answer(&json!([{"type": "thinking", "thinking": []}]), &json!("length"))).unwrap();
    assert_eq!((cut.text.as_str(), cut.finish), ("", Finish::Length));
}

#[test]
fn usage_may_be_missing() {
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
        assert_eq!(read_whole(body.as_bytes()), Err(Failure::Malformed { reason }), "{body}");
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
fn models_are_listed_by_id_and_alias() {
    let check = |body: Value, expect: Result<&[&str], &'static str>| {
        let read = Mistral::read_models(body.to_string().as_bytes());
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
}

proptest! {
    #[test]
    fn accepts_any_body(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_whole(&body);
        let _ = Mistral::read_models(&body);
    }
}
