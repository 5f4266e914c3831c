//! Ollama: `/api/chat`, or the older `/api/generate`.
//!
//! Ollama reads sampling options under `options` and ignores them elsewhere. It streams unless told otherwise, and
//! reloads a model whose `num_ctx` changes, so every request holds both, and always the same `num_ctx`.
//! `think` is never sent: a model that does not know it refuses the call.

use std::borrow::Cow;

use http::{Request, Uri};
use serde::Serialize;
use serde_json::Value;

use super::ModelServer;
use crate::body::json_bytes;
use crate::model::failure::read_json;
use crate::model::stream::{Format, Framing};
use crate::model::{Call, Completion, Failure, Finish, Message, Piece, Role, TEMPERATURE, Usage, request};
use crate::variable::{ConfigError, Meaning, Secret, Setting, Variable, variable};

const GENERATE: &str = "/api/generate";
const CHAT: &str = "/api/chat";
const TAGS: &str = "/api/tags";

/// Smallest context, in tokens, that holds the instructions and an answer.
const MIN_NUM_CTX: u64 = 512;

/// The API that a URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Api {
    /// `/api/generate`: one prompt.
    Generate,
    /// `/api/chat`: messages.
    Chat,
}

/// An Ollama server.
#[derive(Clone, Debug, PartialEq)]
pub struct Ollama {
    url: Uri,
    tags_url: Uri,
    api: Api,
    num_ctx: u32,
    models: Vec<String>,
}

impl ModelServer for Ollama {
    const NAME: &'static str = "ollama";
    const VARIABLES: &'static [Variable] = &[
        variable(
            "ollama_origin",
            "http://localhost:11434",
            Meaning {
                en: "scheme, host and port of the Ollama server: `spin.toml` allows calls to it",
                fr: "schéma, hôte et port du serveur Ollama : `spin.toml` autorise les appels vers lui",
            },
        ),
        variable(
            "ollama_url",
            "",
            Meaning {
                en: "`/api/generate` or `/api/chat`, recognised by its path; an origin alone means `/api/chat`; empty: `<ollama_origin>/api/generate`",
                fr: "`/api/generate` ou `/api/chat`, reconnu à son chemin ; une origine seule signifie `/api/chat` ; vide : `<ollama_origin>/api/generate`",
            },
        ),
        variable(
            "ollama_model_name",
            "mistral:instruct",
            Meaning {
                en: "comma list: model fallback chain",
                fr: "liste séparée par des virgules : chaîne de modèles de secours",
            },
        ),
        variable(
            "ollama_num_ctx",
            "8192",
            Meaning {
                en: "context length in tokens; the oldest history is dropped to fit it",
                fr: "longueur du contexte en jetons ; le début de l’historique est retiré pour y tenir",
            },
        ),
    ];
    const IS_CLOUD: bool = false;
    const FORMAT: Format = Format { framing: Framing::Ndjson, read_event, read_whole };

    fn from_settings(setting: &impl Fn(&'static str) -> Setting) -> Result<Self, ConfigError> {
        let num_ctx = setting("ollama_num_ctx").whole(MIN_NUM_CTX, u64::from(u32::MAX))?;
        let models = setting("ollama_model_name").models()?;
        let origin = setting("ollama_origin").origin("http://localhost:11434")?;
        let setting = setting("ollama_url");
        let error = || setting.error("expected the address of /api/generate or /api/chat, or an origin alone");
        let (url, origins_api) = if setting.text().is_empty() {
            (origin, Api::Generate)
        } else {
            (setting.url().ok_or_else(error)?, Api::Chat)
        };
        let path = url.path().trim_end_matches('/');
        let (prefix, api) = if path.is_empty() {
            ("", origins_api)
        } else if let Some(prefix) = path.strip_suffix(GENERATE) {
            (prefix, Api::Generate)
        } else {
            (path.strip_suffix(CHAT).ok_or_else(error)?, Api::Chat)
        };
        let at = |path| request::with_path(&url, &format!("{prefix}{path}")).ok_or_else(error);
        let call = match api {
            Api::Generate => GENERATE,
            Api::Chat => CHAT,
        };
        Ok(Self { tags_url: at(TAGS)?, url: at(call)?, api, num_ctx, models })
    }

    fn models(&self) -> &[String] {
        &self.models
    }

    fn key(&self) -> Option<&Secret> {
        None
    }

    fn missing_variable(&self) -> Option<&'static str> {
        None
    }

    fn context_tokens(&self) -> u32 {
        self.num_ctx
    }

    fn advice(failure: &Failure) -> &'static str {
        match failure {
            Failure::Connection => "; is it running at ollama_origin?",
            Failure::Status { unknown_model: true, .. } => "; pull it, or set ollama_model_name",
            _ => "",
        }
    }

    fn request(&self, call: &Call<'_>) -> Request<Vec<u8>> {
        let body = Body {
            model: call.model,
            input: match self.api {
                Api::Chat => Input::Chat { messages: call.messages },
                Api::Generate => Input::Generate { system: system(call.messages), prompt: prompt(call.messages) },
            },
            format: call.schema,
            options: Options { num_ctx: self.num_ctx, num_predict: call.max_tokens, temperature: TEMPERATURE },
            stream: call.stream,
        };
        let accept = if call.stream { "application/x-ndjson" } else { "application/json" };
        request::post(&self.url, accept, json_bytes(&body))
    }

    fn models_request(&self) -> Request<Vec<u8>> {
        request::get(&self.tags_url)
    }

    fn read_models(body: &[u8]) -> Result<Vec<String>, Failure> {
        let answer = read_json(body)?;
        let models = match answer.get("models") {
            Some(Value::Array(models)) => models.as_slice(),
            // An empty list, as a Go server may write it.
            Some(Value::Null) => &[],
            _ => return Err(Failure::Malformed { reason: "no list of models" }),
        };
        let names = models.iter().filter_map(|model| model.get("name").or_else(|| model.get("model"))?.as_str());
        Ok(names.map(Self::listed_name).collect())
    }

    /// A name without a tag stands for its tag `latest`.
    fn listed_name(model: &str) -> String {
        let tagged = model.rsplit('/').next().is_some_and(|last| last.contains(':'));
        if tagged { model.to_owned() } else { format!("{model}:latest") }
    }
}

/// The parts of `ChatRequest` or `GenerateRequest` that are used.
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

fn system(messages: &[Message]) -> Cow<'_, str> {
    join(messages.iter().filter(|message| message.role == Role::System), |message| Cow::Borrowed(&message.content))
}

/// `/api/generate` has one user turn: a single one is sent as it is, several are joined with the speakers' names.
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

fn read_whole(body: &[u8]) -> Result<Completion, Failure> {
    read_event(body)?.try_into()
}

/// Reads one line of a stream; an answer in one piece has the same shape.
///
/// `done` with the reason `load` or `unload` comes without text: nothing was generated.
fn read_event(event: &[u8]) -> Result<Piece, Failure> {
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
        is_last: finish.is_some(),
        finish,
        usage: finish
            .map(|_| Usage { prompt_tokens: tokens("prompt_eval_count"), completion_tokens: tokens("eval_count") }),
    })
}

#[cfg(test)]
mod tests;
