use http::Method;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn message(role: Role, content: &str) -> Message {
    Message { role, content: content.to_owned() }
}

fn body(url: &str, call: &Call<'_>) -> Value {
    serde_json::from_slice(request(&Endpoint::parse(url, 8192).unwrap(), call).body()).unwrap()
}

fn read(body: &Value) -> Result<Completion, Failure> {
    parse(200, &HeaderMap::new(), body.to_string().as_bytes(), SystemTime::UNIX_EPOCH)
}

#[test]
fn the_url_says_which_api() {
    let check = |url: &str, expect: Result<(&str, Api, &str), EndpointError>| {
        let read = Endpoint::parse(url, 8192);
        let read = read.as_ref().map(|e| (e.url.to_string(), e.api, e.tags_url.to_string())).map_err(|error| *error);
        assert_eq!(read, expect.map(|(call, api, tags)| (call.to_owned(), api, tags.to_owned())), "{url}");
    };
    let (generate, chat, tags) = ("http://h:1/api/generate", "http://h:1/api/chat", "http://h:1/api/tags");
    check("http://h:1", Ok((chat, Api::Chat, tags)));
    check("http://h:1/", Ok((chat, Api::Chat, tags)));
    check("http://h:1/api/chat", Ok((chat, Api::Chat, tags)));
    check("http://h:1/api/chat/", Ok((chat, Api::Chat, tags)));
    check("http://h:1/api/generate", Ok((generate, Api::Generate, tags)));
    check(
        "https://h/llm/api/generate?key=7",
        Ok(("https://h/llm/api/generate?key=7", Api::Generate, "https://h/llm/api/tags?key=7")),
    );
    check("http://h:1/api", Err(EndpointError::OllamaPath));
    check("http://h:1/v1/chat/completions", Err(EndpointError::OllamaPath));
    check("http://h:1/myapi/chat", Err(EndpointError::OllamaPath));
    check("h:1/api/chat", Err(EndpointError::Url));
}

#[test]
fn a_chat_request() {
    let schema = json!({"type": "object"});
    let messages = [message(Role::System, "Lis."), message(Role::User, "Panne")];
    let call = Call { model: "m", messages: &messages, schema: Some(&schema), max_tokens: 900, stream: true };
    let request = request(&Endpoint::parse("http://h/api/chat", 8192).unwrap(), &call);
    assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::POST, "http://h/api/chat"));
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["accept"], "application/x-ndjson");
    assert_eq!(
        serde_json::from_slice::<Value>(request.body()).unwrap(),
        json!({
            "model": "m",
            "messages": [{"role": "system", "content": "Lis."}, {"role": "user", "content": "Panne"}],
            "format": {"type": "object"},
            "options": {"num_ctx": 8192, "num_predict": 900, "temperature": 0.0},
            "stream": true
        })
    );
}

#[test]
fn a_generate_request() {
    let messages = [message(Role::System, "Lis."), message(Role::User, "Panne")];
    let call = Call { model: "m", messages: &messages, schema: None, max_tokens: 9, stream: false };
    assert_eq!(
        body("http://h/api/generate", &call),
        json!({
            "model": "m",
            "system": "Lis.",
            "prompt": "Panne",
            "options": {"num_ctx": 8192, "num_predict": 9, "temperature": 0.0},
            "stream": false
        })
    );
}

#[test]
fn generate_gets_further_turns_in_its_prompt() {
    let check = |messages: &[Message], system: Value, prompt: &str| {
        let call = Call { model: "m", messages, schema: None, max_tokens: 9, stream: false };
        let body = body("http://h/api/generate", &call);
        assert_eq!((body.get("system").unwrap_or(&Value::Null), &body["prompt"]), (&system, &json!(prompt)));
    };
    check(
        &[
            message(Role::System, "Lis."),
            message(Role::User, "Panne"),
            message(Role::Assistant, "{"),
            message(Role::User, "Il manque la fin."),
        ],
        json!("Lis."),
        "User: Panne\n\nAssistant: {\n\nUser: Il manque la fin.",
    );
    check(
        &[message(Role::System, "A"), message(Role::User, "User: x"), message(Role::System, "B")],
        json!("A\n\nB"),
        "User: x",
    );
    check(&[message(Role::User, "Panne")], Value::Null, "Panne");
    check(&[], Value::Null, "");
}

#[test]
fn both_apis_answers_are_read() {
    let check = |body: Value, expect: Result<(&str, Finish), &'static str>| {
        let read = read(&body).map(|completion| (completion.text, completion.finish));
        let expect = expect.map(|(text, finish)| (text.to_owned(), finish));
        assert_eq!(read, expect.map_err(|reason| Failure::Malformed { reason }), "{body}");
    };
    let chat = |content: &str| json!({"role": "assistant", "content": content, "thinking": "hm"});
    check(json!({"response": "{}", "done": true, "done_reason": "stop"}), Ok(("{}", Finish::Stop)));
    check(json!({"message": chat("{}"), "done": true, "done_reason": "stop"}), Ok(("{}", Finish::Stop)));
    check(json!({"message": chat("{}"), "done": true}), Ok(("{}", Finish::Stop)));
    check(json!({"message": chat("{"), "done": true, "done_reason": "length"}), Ok(("{", Finish::Length)));
    check(json!({"response": "", "done": true, "done_reason": "length"}), Ok(("", Finish::Length)));
    // A model that repeats itself is stopped: status 200, and not done.
    check(json!({"message": chat("{{{{"), "done": false}), Ok(("{{{{", Finish::Unfinished)));
    check(json!({"response": "{{{{", "done": false, "done_reason": "stop"}), Ok(("{{{{", Finish::Unfinished)));
    check(json!({"response": "{}"}), Ok(("{}", Finish::Unfinished)));
    check(json!({"response": "{}", "done": "true"}), Ok(("{}", Finish::Unfinished)));
    check(json!({"response": "", "done": true, "done_reason": "load"}), Err("no text"));
    check(json!({"message": chat(""), "done": true, "done_reason": "unload"}), Err("no text"));
    check(json!({"message": {"role": "assistant", "content": null}, "done": true}), Err("no text"));
    check(json!({"error": "model requires more system memory"}), Err("an error with a status of success"));
    check(json!([]), Err("no text"));
    check(json!({}), Err("no text"));
}

#[test]
fn usage_is_read_where_it_is() {
    let check = |body: Value, prompt_tokens, completion_tokens| {
        assert_eq!(read(&body).unwrap().usage, Usage { prompt_tokens, completion_tokens }, "{body}");
    };
    check(json!({"response": "x", "done": true, "prompt_eval_count": 12, "eval_count": 5}), 12, 5);
    // A prompt that was read before comes without its count.
    check(json!({"response": "x", "done": true, "eval_count": 5}), 0, 5);
    check(json!({"response": "x", "done": true, "prompt_eval_count": null, "eval_count": -1}), 0, 0);
}

#[test]
fn errors_are_told_by_status() {
    let check = |status: u16, body: &str, unknown_model: bool| {
        let read = parse(status, &HeaderMap::new(), body.as_bytes(), SystemTime::UNIX_EPOCH);
        assert_eq!(read, Err(Failure::Status { status, retry_after: None, unknown_model }), "{body}");
    };
    check(404, r#"{"error":"model 'mistral:instruct' not found"}"#, true);
    check(404, "404 page not found", false);
    check(400, r#"{"error":"invalid format: \"x\""}"#, false);
    check(500, r#"{"error":"llama runner process has terminated"}"#, false);
    check(503, r#"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#, false);
    check(502, "<html>", false);
    assert_eq!(
        parse(200, &HeaderMap::new(), b"Ollama is running", SystemTime::UNIX_EPOCH),
        Err(Failure::Malformed { reason: "not JSON" })
    );
}

#[test]
fn models_are_listed_with_their_tags() {
    let check = |body: Value, expect: Result<&[&str], &'static str>| {
        let read = parse_tags(200, &HeaderMap::new(), body.to_string().as_bytes(), SystemTime::UNIX_EPOCH);
        let expect = expect.map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(read, expect.map_err(|reason| Failure::Malformed { reason }), "{body}");
    };
    check(
        json!({"models": [{"name": "mistral:instruct", "model": "x"}, {"model": "gemma"}, {"name": "h:1/a/b"}, {}]}),
        Ok(&["mistral:instruct", "gemma:latest", "h:1/a/b:latest"]),
    );
    check(json!({"models": []}), Ok(&[]));
    check(json!({"models": null}), Ok(&[]));
    check(json!({}), Err("no list of models"));
    check(json!({"error": "x"}), Err("an error with a status of success"));
    let request = tags_request(&Endpoint::parse("http://h:1", 1).unwrap());
    assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::GET, "http://h:1/api/tags"));
}

proptest! {
    #[test]
    fn survives_any_body(status in 100..600u16, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(status, &HeaderMap::new(), &body, SystemTime::UNIX_EPOCH);
        let _ = parse_tags(status, &HeaderMap::new(), &body, SystemTime::UNIX_EPOCH);
    }
}
