//! Ollama's API: `/api/chat`, or the older `/api/generate`.
//!
//! Ollama reads sampling options under `options` and ignores them elsewhere. It streams unless told otherwise, and
//! reloads a model whose `num_ctx` changes, so that both are always sent, the latter always the same.
//! `think` is never sent: a model that does not know it refuses the call.

use std::{borrow::Cow, time::SystemTime};

use http::{HeaderMap, Request, Uri};
use serde::Serialize;
use serde_json::Value;

use super::{
    Call, Completion, EndpointError, Failure, Finish, Message, Piece, Role, TEMPERATURE, Usage, endpoint,
    failure::{is_success, read_json},
};
use crate::body::json_bytes;

const GENERATE: &str = "/api/generate";
const CHAT: &str = "/api/chat";
const TAGS: &str = "/api/tags";

/// Which of the two APIs a URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `/api/generate`: one prompt.
    Generate,
    /// `/api/chat`: messages.
    Chat,
}

/// An Ollama server and how to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: Uri,
    tags_url: Uri,
    api: Api,
    num_ctx: u32,
}

impl Endpoint {
    /// Reads the URL of either API, behind a prefix or not; an origin alone means `/api/chat` there.
    /// `num_ctx` is the context's size in tokens.
    ///
    /// # Errors
    /// [`EndpointError::Url`] and [`EndpointError::OllamaPath`].
    ///
    /// ```
    /// use support_ticket_ai::model::ollama::{Api, Endpoint};
    /// let endpoint = Endpoint::parse("http://localhost:11434", 8192).unwrap();
    /// assert_eq!((endpoint.url().path(), endpoint.api()), ("/api/chat", Api::Chat));
    /// ```
    pub fn parse(url: &str, num_ctx: u32) -> Result<Self, EndpointError> {
        let url = endpoint::parse_url(url)?;
        let path = endpoint::path(&url);
        let (prefix, api) = if path.is_empty() {
            ("", Api::Chat)
        } else if let Some(prefix) = path.strip_suffix(GENERATE) {
            (prefix, Api::Generate)
        } else if let Some(prefix) = path.strip_suffix(CHAT) {
            (prefix, Api::Chat)
        } else {
            return Err(EndpointError::OllamaPath);
        };
        let at = |path| endpoint::with_path(&url, &format!("{prefix}{path}"));
        let call = match api {
            Api::Generate => GENERATE,
            Api::Chat => CHAT,
        };
        Ok(Self { tags_url: at(TAGS)?, url: at(call)?, api, num_ctx })
    }

    /// Where completions are asked for.
    pub fn url(&self) -> &Uri {
        &self.url
    }

    /// Which API that is.
    pub fn api(&self) -> Api {
        self.api
    }

    /// The context's size that every call asks for, in tokens.
    pub fn num_ctx(&self) -> u32 {
        self.num_ctx
    }
}

/// `ChatRequest` or `GenerateRequest`, so far as they are used.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(flatten)]
    input: Input<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a Value>,
    options: Options,
    stream: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Input<'a> {
    Chat {
        messages: &'a [Message],
    },
    Generate {
        #[serde(skip_serializing_if = "str::is_empty")]
        system: Cow<'a, str>,
        prompt: Cow<'a, str>,
    },
}

#[derive(Serialize)]
struct Options {
    num_ctx: u32,
    num_predict: u32,
    temperature: f32,
}

/// The request that asks for a completion.
pub fn request(endpoint: &Endpoint, call: &Call<'_>) -> Request<Vec<u8>> {
    let body = Body {
        model: call.model,
        input: match endpoint.api {
            Api::Chat => Input::Chat { messages: call.messages },
            Api::Generate => Input::Generate { system: system(call.messages), prompt: prompt(call.messages) },
        },
        format: call.schema,
        options: Options { num_ctx: endpoint.num_ctx, num_predict: call.max_tokens, temperature: TEMPERATURE },
        stream: call.stream,
    };
    let body = json_bytes(&body);
    let accept = if call.stream { "application/x-ndjson" } else { "application/json" };
    endpoint::post(&endpoint.url, accept, body)
}

fn system(messages: &[Message]) -> Cow<'_, str> {
    join(messages.iter().filter(|message| message.role == Role::System), |message| Cow::Borrowed(&message.content))
}

/// `/api/generate` has one user turn: a lone one goes there as it is, several are written one below the other.
fn prompt(messages: &[Message]) -> Cow<'_, str> {
    let turns = || messages.iter().filter(|message| message.role != Role::System);
    let alone = turns().nth(1).is_none();
    join(turns(), |turn| match turn.role {
        _ if alone => Cow::Borrowed(&turn.content),
        Role::Assistant => Cow::Owned(format!("Assistant: {}", turn.content)),
        Role::User | Role::System => Cow::Owned(format!("User: {}", turn.content)),
    })
}

fn join<'a>(
    mut messages: impl Iterator<Item = &'a Message>,
    text: impl Fn(&'a Message) -> Cow<'a, str>,
) -> Cow<'a, str> {
    let first = messages.next().map(&text).unwrap_or_default();
    messages.fold(first, |joined, message| joined + "\n\n" + text(message))
}

/// Reads an answer of either API that came in one piece; `now` dates its `Retry-After`.
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
    parse_event(body)?.try_into()
}

/// Reads one line of a stream; an answer in one piece has the same shape.
///
/// `done` with the reason `load` or `unload` comes without text, which is what tells that nothing was generated.
pub(super) fn parse_event(event: &[u8]) -> Result<Piece, Failure> {
    let answer = read_json(event)?;
    let text = answer.get("response").or_else(|| answer.pointer("/message/content")).and_then(Value::as_str);
    let finish = match (answer.get("done"), answer.get("done_reason").and_then(Value::as_str)) {
        (Some(Value::Bool(true)), Some("length")) => Some(Finish::Length),
        (Some(Value::Bool(true)), _) => Some(Finish::Stop),
        _ => None,
    };
    let tokens = |key| answer.get(key).and_then(Value::as_u64).unwrap_or_default();
    Ok(Piece {
        text: text.unwrap_or_default().to_owned(),
        finish,
        usage: finish
            .map(|_| Usage { prompt_tokens: tokens("prompt_eval_count"), completion_tokens: tokens("eval_count") }),
    })
}

/// The request that asks which models there are.
pub fn tags_request(endpoint: &Endpoint) -> Request<Vec<u8>> {
    endpoint::get(&endpoint.tags_url)
}

/// Reads the answer to [`tags_request`]: the models' names, each [with its tag](with_tag).
///
/// # Errors
/// [`Failure::Status`] and [`Failure::Malformed`].
pub fn parse_tags(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Result<Vec<String>, Failure> {
    if !is_success(status) {
        return Err(Failure::from_status(status, headers, body, now));
    }
    let answer = read_json(body)?;
    let models = match answer.get("models") {
        Some(Value::Array(models)) => models.as_slice(),
        // An empty list, as a Go server may write it.
        Some(Value::Null) => &[],
        _ => return Err(Failure::Malformed { reason: "no list of models" }),
    };
    let names = models.iter().filter_map(|model| model.get("name").or_else(|| model.get("model"))?.as_str());
    Ok(names.map(with_tag).collect())
}

/// A model's name as the server lists it: without a tag, `latest` is meant.
///
/// ```
/// use support_ticket_ai::model::ollama::with_tag;
/// assert_eq!(with_tag("mistral"), "mistral:latest");
/// assert_eq!(with_tag("mistral:instruct"), "mistral:instruct");
/// assert_eq!(with_tag("models.example:5000/team/mistral"), "models.example:5000/team/mistral:latest");
/// ```
pub fn with_tag(name: &str) -> String {
    let tagged = name.rsplit('/').next().is_some_and(|last| last.contains(':'));
    if tagged { name.to_owned() } else { format!("{name}:latest") }
}

#[cfg(test)]
mod tests;
