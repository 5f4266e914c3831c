//! Model requests against the documents that the model servers' makers publish (`tests/contracts`).

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Dialect;

const OLLAMA: &str = include_str!("../../contracts/ollama-openapi.json");
const MISTRAL: &str = include_str!("../../contracts/mistral-openapi.json");

/// Checks the body of a model request; `Err` lists what the server's document does not allow.
///
/// `stream` must be there: the two servers differ in what they do without it.
pub fn check(dialect: Dialect, body: &Value) -> Result<(), Vec<String>> {
    static GENERATE: LazyLock<Validator> = LazyLock::new(|| validator(&strict(OLLAMA), "GenerateRequest"));
    static CHAT: LazyLock<Validator> = LazyLock::new(|| validator(&strict(OLLAMA), "ChatRequest"));
    static COMPLETIONS: LazyLock<Validator> =
        LazyLock::new(|| validator(&serde_json::from_str(MISTRAL).expect("JSON"), "ChatCompletionRequest"));
    let validator = match dialect {
        Dialect::Generate => &GENERATE,
        Dialect::Chat => &CHAT,
        Dialect::Completions => &COMPLETIONS,
    };
    problems(validator, body)?;
    if body["stream"].is_boolean() { Ok(()) } else { Err(vec!["`stream` is not explicit".to_owned()]) }
}

/// Checks an answer of the scripted Ollama itself.
#[cfg(test)]
pub fn check_ollama_answer(schema: &str, body: &Value) -> Result<(), Vec<String>> {
    problems(&validator(&strict(OLLAMA), schema), body)
}

/// Everything that `validator` does not allow, each with its place.
pub fn problems(validator: &Validator, body: &Value) -> Result<(), Vec<String>> {
    let problems: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// A validator for one of a document's schemas.
pub fn validator(document: &Value, schema: &str) -> Validator {
    let root = json!({"$ref": format!("#/components/schemas/{schema}"), "components": document["components"]});
    jsonschema::draft202012::new(&root).unwrap_or_else(|error| panic!("{schema}: {error}"))
}

/// Ollama's document leaves its objects open, and the server ignores what it does not know: the mistake of options
/// put where nobody reads them. Here only the keys that the document lists will do.
fn strict(document: &str) -> Value {
    let mut document: Value = serde_json::from_str(document).expect("JSON");
    let schemas = &mut document["components"]["schemas"];
    for closed in ["GenerateRequest", "ChatRequest", "ChatMessage", "ModelOptions", "GenerateResponse", "ChatResponse"]
    {
        assert!(schemas[closed]["properties"].is_object(), "the document has no {closed}");
        schemas[closed]["additionalProperties"] = json!(false);
    }
    document
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{mistral, ollama};
    use super::*;

    #[test]
    fn requests_are_checked_strictly() {
        let schema = json!({"type": "object", "properties": {"titre": {"type": "string"}}});
        let options = json!({"num_ctx": 8192, "num_predict": 1024, "temperature": 0.1});
        let messages = json!([{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]);
        let format =
            json!({"type": "json_schema", "json_schema": {"name": "ticket", "schema": schema, "strict": true}});
        let generate =
            json!({"model": "m", "system": "s", "prompt": "p", "format": schema, "stream": false, "options": options});
        let chat = json!({"model": "m", "messages": messages, "format": schema, "stream": true, "options": options});
        let completion = json!({
            "model": "m", "messages": messages, "response_format": format, "stream": false, "max_tokens": 1024, "temperature": 0.1
        });
        let with = |body: &Value, pointer: &str, value: Value| {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let mut body = body.clone();
            body.pointer_mut(parent).unwrap()[key] = value;
            body
        };
        let right = [
            (Dialect::Generate, generate.clone()),
            (Dialect::Chat, chat.clone()),
            (Dialect::Completions, completion.clone()),
            (Dialect::Completions, with(&completion, "/random_seed", json!(7))),
        ];
        for (dialect, body) in right {
            assert_eq!(check(dialect, &body), Ok(()), "{body}");
        }
        let wrong = [
            (Dialect::Generate, with(&generate, "/temperature", json!(0.1))),
            (Dialect::Generate, with(&generate, "/options/max_tokens", json!(10))),
            (Dialect::Generate, with(&generate, "/options/num_ctx", json!("8192"))),
            (Dialect::Generate, json!({"prompt": "p", "stream": false})),
            (Dialect::Generate, json!({"model": "m", "prompt": "p"})),
            (Dialect::Chat, with(&chat, "/num_ctx", json!(8192))),
            (Dialect::Chat, with(&chat, "/format", json!("yaml"))),
            (Dialect::Chat, with(&chat, "/messages/0/role", json!("developer"))),
            (Dialect::Chat, with(&chat, "/messages/0/name", json!("x"))),
            (Dialect::Completions, with(&completion, "/seed", json!(7))),
            (Dialect::Completions, with(&completion, "/stream_options", json!({"include_usage": true}))),
            (Dialect::Completions, with(&completion, "/temperature", json!(1.6))),
            (Dialect::Completions, with(&completion, "/messages/1/name", json!("x"))),
            (Dialect::Completions, with(&completion, "/response_format/schema", schema.clone())),
            (Dialect::Completions, with(&completion, "/response_format/json_schema/name", Value::Null)),
        ];
        for (dialect, body) in wrong {
            assert!(check(dialect, &body).is_err(), "{dialect:?} takes {body}");
        }
    }

    #[test]
    fn the_scripted_ollama_answers_as_documented() {
        check_ollama_answer("GenerateResponse", &ollama::generate("x")).unwrap();
        check_ollama_answer("ChatResponse", &ollama::chat("x")).unwrap();
    }

    #[test]
    fn the_scripted_mistral_answers_as_documented() {
        let document: Value = serde_json::from_str(MISTRAL).unwrap();
        let choice = mistral::completion("x")["choices"][0].clone();
        problems(&validator(&document, "ChatCompletionChoice"), &choice).unwrap();
        for event in mistral::stream(&["a", "b"]) {
            let data = event.trim().strip_prefix("data: ").unwrap();
            if data != "[DONE]" {
                let mut chunk: Value = serde_json::from_str(data).unwrap();
                // The document's usage is not what the server sends.
                chunk.as_object_mut().unwrap().remove("usage");
                problems(&validator(&document, "CompletionChunk"), &chunk).unwrap();
            }
        }
    }
}
