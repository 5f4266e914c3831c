//! Scripted answers of Ollama.

use serde_json::{Value, json};

use super::dialect::Api;
use super::mistral::{COMPLETION_TOKENS, PROMPT_TOKENS};

const CREATED: &str = "2026-08-21T09:00:00.000000Z";

/// `/api/generate`.
pub const GENERATE: Api = Api {
    backend: "ollama",
    model: "mistral:instruct",
    has_key: false,
    path: "/api/generate",
    models_path: "/api/tags",
    contract: include_str!("../../contracts/ollama.json"),
    schema: "/format",
    answer_limit: "/options/num_predict",
    answer: generate,
    cut_off: |text| cut_off(generate(text)),
    stream: generate_stream,
    stream_type: "application/x-ndjson",
    models: tags,
};

/// `/api/chat`.
pub const CHAT: Api =
    Api { path: "/api/chat", answer: chat, cut_off: |text| cut_off(chat(text)), stream: chat_stream, ..GENERATE };

/// A valid answer of `/api/generate`.
pub fn generate(text: &str) -> Value {
    with_usage(json!({"model": "scripted", "created_at": CREATED, "response": text}))
}

/// A valid answer of `/api/chat`.
fn chat(text: &str) -> Value {
    with_usage(json!({"model": "scripted", "created_at": CREATED, "message": {"role": "assistant", "content": text}}))
}

/// A valid stream of `/api/generate`: one line per token, and the last one.
fn generate_stream(tokens: &[&str]) -> Vec<String> {
    let mut last = generate("");
    last["response"] = json!("");
    lines(tokens, last, |token| json!({"model": "scripted", "created_at": CREATED, "response": token, "done": false}))
}

/// A valid stream of `/api/chat`.
fn chat_stream(tokens: &[&str]) -> Vec<String> {
    lines(tokens, chat(""), |token| {
        let message = json!({"role": "assistant", "content": token});
        json!({"model": "scripted", "created_at": CREATED, "message": message, "done": false})
    })
}

/// The answer of `/api/tags` with these models.
fn tags(models: &[String]) -> Value {
    let models: Vec<Value> =
        models.iter().map(|name| json!({"name": name, "model": name, "size": 4_100_000_000_u64})).collect();
    json!({"models": models})
}

fn cut_off(mut answer: Value) -> Value {
    answer["done_reason"] = json!("length");
    answer
}

fn with_usage(mut answer: Value) -> Value {
    let done = json!({
        "done": true, "done_reason": "stop", "total_duration": 812_000_000_u64, "load_duration": 1_000_000,
        "prompt_eval_count": PROMPT_TOKENS, "prompt_eval_duration": 100_000_000,
        "eval_count": COMPLETION_TOKENS, "eval_duration": 700_000_000
    });
    let answer_fields = answer.as_object_mut().expect("an object");
    answer_fields.extend(done.as_object().expect("an object").clone());
    answer
}

fn lines(tokens: &[&str], last: Value, line: impl Fn(&str) -> Value) -> Vec<String> {
    tokens.iter().map(|token| line(token)).chain([last]).map(|line| format!("{line}\n")).collect()
}
