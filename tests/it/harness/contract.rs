//! Model requests and scripted answers, checked against the schemas in `tests/contracts`.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Dialect;

/// Checks the body of a model request; `Err` lists what the server does not allow.
pub fn check(dialect: Dialect, body: &Value) -> Result<(), Vec<String>> {
    check_part(dialect.path(), "request", body)
}

/// Checks the `request`, `answer` or `event` of an API path.
pub fn check_part(path: &str, part: &str, body: &Value) -> Result<(), Vec<String>> {
    static VALIDATORS: LazyLock<HashMap<String, Validator>> = LazyLock::new(validators);
    problems(&VALIDATORS[&format!("{path} {part}")], body)
}

/// Lists everything that `validator` does not allow, each with its place.
pub fn problems(validator: &Validator, body: &Value) -> Result<(), Vec<String>> {
    let problems: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn validators() -> HashMap<String, Validator> {
    let mut validators = HashMap::new();
    for dialect in Dialect::ALL {
        let contract: Value = serde_json::from_str(dialect.api().contract).expect("JSON");
        let paths = contract.as_object().expect("an object").iter().filter(|(key, _)| key.starts_with('/'));
        for (path, parts) in paths {
            for (part, schema) in parts.as_object().expect("an object") {
                let root = json!({"$ref": "#/root", "root": schema, "$defs": contract["$defs"]});
                let validator = jsonschema::draft202012::new(&root).unwrap_or_else(|error| panic!("{path}: {error}"));
                validators.insert(format!("{path} {part}"), validator);
            }
        }
    }
    validators
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
    fn scripted_answers_follow_the_contracts() {
        let names = ["m".to_owned()];
        for api in Dialect::ALL.map(Dialect::api) {
            assert_eq!(check_part(api.path, "answer", &(api.answer)("x")), Ok(()), "{}", api.path);
            assert_eq!(check_part(api.models_path, "answer", &(api.models)(&names)), Ok(()), "{}", api.path);
            // The lines of Ollama's streams have no schema of their own.
            for event in (api.stream)(&["a", "b"]) {
                let Some(data) = event.trim().strip_prefix("data: ") else { continue };
                if data != "[DONE]" {
                    check_part(api.path, "event", &serde_json::from_str(data).unwrap()).unwrap();
                }
            }
        }
    }
}
