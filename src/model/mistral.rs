//! Mistral's chat completions API, and whoever else speaks it (vLLM, llama.cpp, LiteLLM, …).
//!
//! Requests hold only keys that Mistral's published schema knows: it answers 422 to any other.
//! Answers are read leniently: servers leave out what the schema requires and add what it does not know.

use std::time::SystemTime;

use http::{HeaderMap, HeaderValue, Request, Uri, header::AUTHORIZATION};
use serde::Serialize;
use serde_json::Value;

use super::{
    Call, Completion, EndpointError, Failure, Finish, Message, Piece, TEMPERATURE, Usage, endpoint,
    failure::{is_success, read_json},
};
use crate::body::json_bytes;

/// The host that never answers without a key.
const HOSTED: &str = "api.mistral.ai";
const COMPLETIONS: &str = "/chat/completions";

/// A server that speaks this API, and the key to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: Uri,
    models_url: Uri,
    /// Marked as sensitive, so that no `Debug` shows it.
    authorization: Option<HeaderValue>,
}

impl Endpoint {
    /// Reads the completions URL (an origin alone, or its `/v1`, means `/v1/chat/completions` there) and the key, blank
    /// for none.
    ///
    /// # Errors
    /// [`EndpointError::Url`] and [`EndpointError::ApiKey`].
    ///
    /// ```
    /// use support_ticket_ai::model::mistral::Endpoint;
    /// let endpoint = Endpoint::parse("http://localhost:8000/v1/chat/completions", "a key").unwrap();
    /// assert_eq!(endpoint.url(), "http://localhost:8000/v1/chat/completions");
    /// assert!(!format!("{endpoint:?}").contains("a key"));
    /// ```
    pub fn parse(url: &str, api_key: &str) -> Result<Self, EndpointError> {
        let url = endpoint::parse_url(url)?;
        let url = match endpoint::path(&url) {
            "" => endpoint::with_path(&url, &format!("/v1{COMPLETIONS}"))?,
            base if base.ends_with("/v1") => endpoint::with_path(&url, &format!("{base}{COMPLETIONS}"))?,
            _ => url,
        };
        let base = endpoint::path(&url).strip_suffix(COMPLETIONS).unwrap_or("/v1");
        let models_url = endpoint::with_path(&url, &format!("{base}/models"))?;
        Ok(Self { models_url, url, authorization: authorization(api_key.trim())? })
    }

    /// Where completions are asked for.
    pub fn url(&self) -> &Uri {
        &self.url
    }

    /// Whether a call can succeed: Mistral's own host wants a key, others may not.
    pub fn is_configured(&self) -> bool {
        self.authorization.is_some() || self.url.host().is_none_or(|host| !host.eq_ignore_ascii_case(HOSTED))
    }

    fn authorize(&self, mut request: Request<Vec<u8>>) -> Request<Vec<u8>> {
        if let Some(value) = &self.authorization {
            request.headers_mut().insert(AUTHORIZATION, value.clone());
        }
        request
    }
}

fn authorization(key: &str) -> Result<Option<HeaderValue>, EndpointError> {
    if key.is_empty() {
        return Ok(None);
    }
    if !key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(EndpointError::ApiKey);
    }
    let mut value = HeaderValue::try_from(format!("Bearer {key}")).map_err(|_| EndpointError::ApiKey)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// The schema's `ChatCompletionRequest`, so far as it is used.
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

/// The request that asks for a completion.
pub fn request(endpoint: &Endpoint, call: &Call<'_>) -> Request<Vec<u8>> {
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
    let body = json_bytes(&body);
    let accept = if call.stream { "text/event-stream" } else { "application/json" };
    endpoint.authorize(endpoint::post(&endpoint.url, accept, body))
}

/// Reads an answer that came in one piece; `now` dates its `Retry-After`.
///
/// # Errors
/// [`Failure::Status`] and [`Failure::Malformed`].
pub fn parse(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Result<Completion, Failure> {
    if !is_success(status) {
        return Err(Failure::from_status(status, headers, body, now));
    }
    parse_success(body)
}

/// Reads the body of an answer that came with a status of success.
pub(super) fn parse_success(body: &[u8]) -> Result<Completion, Failure> {
    let answer = read_json(body)?;
    if answer.pointer("/choices/0").is_none() {
        return Err(Failure::Malformed { reason: "no choices" });
    }
    piece(&answer, "message").try_into()
}

/// Reads one event of a stream; events that say nothing of interest are empty pieces.
pub(super) fn parse_event(event: &[u8]) -> Result<Piece, Failure> {
    Ok(piece(&read_json(event)?, "delta"))
}

fn piece(answer: &Value, part: &str) -> Piece {
    let choice = answer.pointer("/choices/0").unwrap_or(&Value::Null);
    let content = choice.get(part).and_then(|part| part.get("content"));
    Piece {
        text: content.map(text).unwrap_or_default(),
        finish: choice.get("finish_reason").and_then(Value::as_str).map(finish),
        usage: answer.get("usage").filter(|usage| usage.is_object()).map(usage),
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

/// The request that asks which models there are, with the key: `models` beside the completions.
pub fn models_request(endpoint: &Endpoint) -> Request<Vec<u8>> {
    endpoint.authorize(endpoint::get(&endpoint.models_url))
}

/// Reads the answer to [`models_request`]: the models' ids and aliases.
///
/// # Errors
/// [`Failure::Status`] and [`Failure::Malformed`].
pub fn parse_models(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Result<Vec<String>, Failure> {
    if !is_success(status) {
        return Err(Failure::from_status(status, headers, body, now));
    }
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

#[cfg(test)]
mod tests;
