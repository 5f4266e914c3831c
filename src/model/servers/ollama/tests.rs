use http::Method;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::servers::tests::configured;

fn message(role: Role, content: &str) -> Message {
    Message { role, content: content.to_owned() }
}

fn ollama(url: &str) -> Ollama {
    configured(&[("ollama_url", url)]).unwrap()
}

fn body(url: &str, call: &Call<'_>) -> Value {
    serde_json::from_slice(ollama(url).request(call).body()).unwrap()
}

fn read(body: &Value) -> Result<Completion, Failure> {
    read_whole(body.to_string().as_bytes())
}

#[test]
fn the_path_decides_which_api_is_called() {
    let check = |url: &str, expect: Option<(&str, Api, &str)>| {
        let read: Result<Ollama, ConfigError> = configured(&[("ollama_url", url)]);
        let read = read.map(|server| (server.url.to_string(), server.api, server.tags_url.to_string()));
        let expect = expect.map(|(call, api, tags)| (call.to_owned(), api, tags.to_owned()));
        assert_eq!(read.map_err(|error| error.variable), expect.ok_or("ollama_url"), "{url}");
    };
    let (generate, chat, tags) = ("http://h:1/api/generate", "http://h:1/api/chat", "http://h:1/api/tags");
    check("", Some(("http://localhost:11434/api/generate", Api::Generate, "http://localhost:11434/api/tags")));
    check("http://h:1", Some((chat, Api::Chat, tags)));
    check("http://h:1/", Some((chat, Api::Chat, tags)));
    check("http://h:1/api/chat", Some((chat, Api::Chat, tags)));
    check("http://h:1/api/chat/", Some((chat, Api::Chat, tags)));
    check("http://h:1/api/generate", Some((generate, Api::Generate, tags)));
    check(
        "https://h/llm/api/generate?key=7",
        Some(("https://h/llm/api/generate?key=7", Api::Generate, "https://h/llm/api/tags?key=7")),
    );
    check("http://h:1/api", None);
    check("http://h:1/v1/chat/completions", None);
    check("http://h:1/myapi/chat", None);
    check("h:1/api/chat", None);
}

#[test]
fn the_context_length_is_a_number() {
    for num_ctx in ["many", "0", "511", "4294967296"] {
        let error = configured::<Ollama>(&[("ollama_num_ctx", num_ctx)]).unwrap_err();
        assert_eq!(error.variable, "ollama_num_ctx", "{num_ctx}");
    }
}

#[test]
fn a_chat_request() {
    let schema = json!({"type": "object"});
    let messages = [message(Role::System, "Lis."), message(Role::User, "Panne")];
    let call = Call { model: "m", messages: &messages, schema: Some(&schema), max_tokens: 900, stream: true };
    let request = ollama("http://h/api/chat").request(&call);
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
fn generate_gets_all_turns_in_its_prompt() {
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
    // Ollama stops a model that repeats itself: status 200, and not done.
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
    assert_eq!(read_whole(b"Ollama is running"), Err(Failure::Malformed { reason: "not JSON" }));
}

#[test]
fn usage_may_be_missing() {
    let check = |body: Value, prompt_tokens, completion_tokens| {
        assert_eq!(read(&body).unwrap().usage, Usage { prompt_tokens, completion_tokens }, "{body}");
    };
    check(json!({"response": "x", "done": true, "prompt_eval_count": 12, "eval_count": 5}), 12, 5);
    // The count of a cached prompt is missing.
    check(json!({"response": "x", "done": true, "eval_count": 5}), 0, 5);
    check(json!({"response": "x", "done": true, "prompt_eval_count": null, "eval_count": -1}), 0, 0);
}

#[test]
fn models_are_listed_with_their_tags() {
    let check = |body: Value, expect: Result<&[&str], &'static str>| {
        let read = Ollama::read_models(body.to_string().as_bytes());
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
    let request = ollama("http://h:1").models_request();
    assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::GET, "http://h:1/api/tags"));
}

proptest! {
    #[test]
    fn accepts_any_body(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_whole(&body);
        let _ = Ollama::read_models(&body);
    }
}
