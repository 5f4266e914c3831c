//! Scripted answers of Mistral.

use serde_json::{Value, json};

use super::dialect::Api;

/// Prompt tokens of every scripted answer.
pub const PROMPT_TOKENS: u64 = 412;
/// Completion tokens of every scripted answer.
pub const COMPLETION_TOKENS: u64 = 96;

/// `/v1/chat/completions`.
pub const COMPLETIONS: Api = Api {
    backend: "mistral",
    model: "mistral-large-latest",
    has_key: true,
    path: "/v1/chat/completions",
    models_path: "/v1/models",
    contract: include_str!("../../contracts/mistral.json"),
    schema: "/response_format/json_schema/schema",
    answer_limit: "/max_tokens",
    answer: completion,
    cut_off: |text| completion_of(&json!(text), "length"),
    stream,
    stream_type: "text/event-stream",
    models,
};

const ID: &str = "cmpl-e5cc70bb28c444948073e77776eb30ef";

/// A valid answer of `/v1/chat/completions`.
pub fn completion(text: &str) -> Value {
    completion_of(&json!(text), "stop")
}

/// An answer with this content and finish reason.
pub fn completion_of(content: &Value, finish_reason: &str) -> Value {
    let message = json!({"role": "assistant", "content": content, "tool_calls": null});
    json!({
        "id": ID, "object": "chat.completion", "created": 1_787_302_800, "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}], "usage": usage()
    })
}

/// A valid stream of `/v1/chat/completions`: one event per token, one with the usage, and the end mark.
fn stream(tokens: &[&str]) -> Vec<String> {
    let event = |delta: Value, finish_reason: Value| {
        json!({
            "id": ID, "object": "chat.completion.chunk", "created": 1_787_302_800, "model": "scripted",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
        })
    };
    let first = event(json!({"role": "assistant", "content": ""}), Value::Null);
    let mut last = event(json!({"content": ""}), json!("stop"));
    last["usage"] = usage();
    let tokens = tokens.iter().map(|token| event(json!({"content": token}), Value::Null));
    let events = [first].into_iter().chain(tokens).chain([last]);
    events.map(|event| format!("data: {event}\n\n")).chain(["data: [DONE]\n\n".to_owned()]).collect()
}

/// The answer of `/v1/models` with these models.
fn models(models: &[String]) -> Value {
    let card =
        |id: &String| json!({"id": id, "object": "model", "created": 1, "owned_by": "mistralai", "capabilities": {}});
    json!({"object": "list", "data": models.iter().map(card).collect::<Vec<_>>()})
}

fn usage() -> Value {
    json!({
        "prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS,
        "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS, "prompt_tokens_details": {"cached_tokens": 0}
    })
}
