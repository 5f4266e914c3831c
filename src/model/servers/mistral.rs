//! Mistral's chat completions API, which vLLM, llama.cpp, LiteLLM and others offer too.
//!
//! Requests hold only keys of Mistral's published schema: it answers 422 to any other.
//! Answers are read leniently: servers leave out what the schema requires, and add keys of their own.

use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Uri};
use serde::Serialize;
use serde_json::Value;

use super::ModelServer;
use crate::body::json_bytes;
use crate::model::failure::read_json;
use crate::model::stream::{Format, Framing};
use crate::model::{Call, Completion, Failure, Finish, Message, Piece, TEMPERATURE, Usage, request};
use crate::variable::{ConfigError, Meaning, Secret, Setting, Variable, secret, variable};

/// The host of Mistral's own API, which requires a key.
const HOSTED: &str = "api.mistral.ai";
const COMPLETIONS: &str = "/chat/completions";

/// The smallest context of Mistral's current models, in tokens; other servers do not report theirs.
const CONTEXT_TOKENS: u32 = 32_768;

/// A server with this API, and the key to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistral {
    url: Uri,
    models_url: Uri,
    key: Option<Secret>,
    authorization: Option<HeaderValue>,
    models: Vec<String>,
}

impl ModelServer for Mistral {
    const NAME: &'static str = "mistral";
    const VARIABLES: &'static [Variable] = &[
        variable(
            "mistral_origin",
            "https://api.mistral.ai",
            Meaning {
                en: "as `ollama_origin`; text to this server counts as sent to the cloud (`redact_pii`)",
                fr: "comme `ollama_origin` ; le texte envoyé à ce serveur compte comme envoyé vers le cloud (`redact_pii`)",
            },
        ),
        variable(
            "mistral_url",
            "",
            Meaning {
                en: "any server compatible with this API: vLLM, llama.cpp, LiteLLM, …; empty: `<mistral_origin>/v1/chat/completions`",
                fr: "tout serveur compatible avec cette API : vLLM, llama.cpp, LiteLLM, … ; vide : `<mistral_origin>/v1/chat/completions`",
            },
        ),
        secret(
            "mistral_api_key",
            Meaning {
                en: "sent as a bearer token; `api.mistral.ai` needs one",
                fr: "envoyée comme jeton « bearer » ; `api.mistral.ai` en exige une",
            },
        ),
        variable(
            "mistral_model_name",
            "mistral-large-latest,mistral-medium-latest,mistral-small-latest",
            Meaning {
                en: "comma list: model fallback chain",
                fr: "liste séparée par des virgules : chaîne de modèles de secours",
            },
        ),
    ];
    const IS_CLOUD: bool = true;
    const FORMAT: Format = Format { framing: Framing::Sse, read_event, read_whole };

    fn from_settings(setting: &impl Fn(&'static str) -> Setting) -> Result<Self, ConfigError> {
        let models = setting("mistral_model_name").models()?;
        let origin = setting("mistral_origin").origin("https://api.mistral.ai")?;
        let key = setting("mistral_api_key");
        let setting = setting("mistral_url");
        let error = || {
            setting.error(
                "expected the address of a chat completions API, such as https://api.mistral.ai/v1/chat/completions",
            )
        };
        let url = if setting.text().is_empty() { origin } else { setting.url().ok_or_else(error)? };
        let path = match url.path().trim_end_matches('/') {
            "" => format!("/v1{COMPLETIONS}"),
            base if base.ends_with("/v1") => format!("{base}{COMPLETIONS}"),
            _ => url.path().to_owned(),
        };
        let base = path.trim_end_matches('/').strip_suffix(COMPLETIONS).unwrap_or("/v1");
        Ok(Self {
            models_url: request::with_path(&url, &format!("{base}/models")).ok_or_else(error)?,
            url: request::with_path(&url, &path).ok_or_else(error)?,
            authorization: request::key_header("Bearer ", &key)?,
            key: (!key.text().is_empty()).then(|| Secret::new(key.text().to_owned())),
            models,
        })
    }

    fn models(&self) -> &[String] {
        &self.models
    }

    fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
    }

    /// Mistral's own host needs a key, others may not.
    fn missing_variable(&self) -> Option<&'static str> {
        (self.key.is_none() && self.url.host() == Some(HOSTED)).then_some("mistral_api_key")
    }

    fn context_tokens(&self) -> u32 {
        CONTEXT_TOKENS
    }

    fn advice(failure: &Failure) -> &'static str {
        match failure {
            Failure::Status { unknown_model: true, .. } => "; set mistral_model_name",
            Failure::Status { status: 401, .. } => "; check mistral_api_key",
            _ => "",
        }
    }

    fn request(&self, call: &Call<'_>) -> Request<Vec<u8>> {
        let body = Body {
            model: call.model,
            messages: call.messages,
            max_tokens: call.max_tokens,
            temperature: TEMPERATURE,
            stream: call.stream,
            response_format: call.schema.map(|schema| ResponseFormat {
                r#type: "json_schema",
                json_schema: JsonSchema { name: "ticket", schema, strict: true },
            }),
        };
        let accept = if call.stream { "text/event-stream" } else { "application/json" };
        let request = request::post(&self.url, accept, json_bytes(&body));
        request::with_header(request, AUTHORIZATION, self.authorization.as_ref())
    }

    /// The list is beside the completions.
    fn models_request(&self) -> Request<Vec<u8>> {
        request::with_header(request::get(&self.models_url), AUTHORIZATION, self.authorization.as_ref())
    }

    /// Reads ids and aliases.
    fn read_models(body: &[u8]) -> Result<Vec<String>, Failure> {
        let answer = read_json(body)?;
        // The schema has a list under `data`, its example the list alone.
        let models = answer.get("data").unwrap_or(&answer).as_array();
        let models = models.ok_or(Failure::Malformed { reason: "no list of models" })?;
        let names = models.iter().flat_map(|model| {
            let aliases = model.get("aliases").and_then(Value::as_array).into_iter().flatten();
            model.get("id").into_iter().chain(aliases).filter_map(Value::as_str)
        });
        Ok(names.map(str::to_owned).collect())
    }

    fn listed_name(model: &str) -> String {
        model.to_owned()
    }
}

/// The parts of the schema's `ChatCompletionRequest` that are used.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: &'a [Message],
    max_tokens: u32,
    temperature: f32,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: JsonSchema<'a>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'static str,
    schema: &'a Value,
    strict: bool,
}

fn read_whole(body: &[u8]) -> Result<Completion, Failure> {
    let answer = read_json(body)?;
    if answer.pointer("/choices/0").is_none() {
        return Err(Failure::Malformed { reason: "no choices" });
    }
    piece(&answer, "message").try_into()
}

/// Reads one event of a stream; an event without text, finish reason and usage is an empty piece.
fn read_event(event: &[u8]) -> Result<Piece, Failure> {
    if event == b"[DONE]" {
        return Ok(Piece { is_last: true, ..Piece::default() });
    }
    Ok(piece(&read_json(event)?, "delta"))
}

fn piece(answer: &Value, part: &str) -> Piece {
    let choice = answer.pointer("/choices/0").unwrap_or(&Value::Null);
    let content = choice.get(part).and_then(|part| part.get("content"));
    Piece {
        text: content.map(text).unwrap_or_default(),
        finish: choice.get("finish_reason").and_then(Value::as_str).map(finish),
        usage: answer.get("usage").filter(|usage| usage.is_object()).map(usage),
        // The usage may come in an event of its own, and `[DONE]` after it.
        is_last: false,
    }
}

/// `content` is a string, null or a list of chunks, of which `thinking` is not part of the answer.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(chunks) => {
            let texts = chunks.iter().filter(|chunk| matches!(chunk.get("type").and_then(Value::as_str), Some("text")));
            texts.filter_map(|chunk| chunk.get("text")?.as_str()).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => String::new(),
    }
}

fn finish(reason: &str) -> Finish {
    match reason {
        "stop" => Finish::Stop,
        "length" | "model_length" => Finish::Length,
        _ => Finish::Unfinished,
    }
}

fn usage(usage: &Value) -> Usage {
    let tokens = |key| usage.get(key).and_then(Value::as_u64).unwrap_or_default();
    Usage { prompt_tokens: tokens("prompt_tokens"), completion_tokens: tokens("completion_tokens") }
}

#[cfg(test)]
mod tests;
