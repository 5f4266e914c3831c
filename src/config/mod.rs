//! Configuration: one table of variables, parsed once into one typed value by a pure function over a lookup.

mod parse;
mod secret;
mod variables;

use std::time::Duration;

pub use secret::Secret;
pub use variables::{VARIABLES, Variable};

use crate::language::Language;
use crate::model::{Backend, Provider, mistral, ollama};
use crate::ticket::{Confidence, Schema};

/// Everything that the operator decides. A value that exists is valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `model_backend`: the failover chain, tried left to right; never empty.
    pub chain: Vec<Backend>,
    /// `fallback_backend`: tried after the chain; `None` = fail instead.
    pub fallback: Option<Backend>,
    /// The Ollama server.
    pub ollama: Ollama,
    /// The Mistral API, or any server that speaks it.
    pub mistral: Mistral,
    /// `timeout_seconds`: the whole request's deadline.
    pub timeout: Duration,
    /// `max_attempts`: upstream calls per request.
    pub max_attempts: u32,
    /// `cors_origins`: who may read answers from a browser.
    pub cors_origins: CorsOrigins,
    /// `api_keys`: empty = the endpoints are open.
    pub api_keys: Vec<Secret>,
    /// `ticket_schema`: the ticket's fields.
    pub schema: Schema,
    /// `max_body_bytes`: the largest request body, in bytes.
    pub max_body_bytes: usize,
    /// `cache_ttl_seconds`: how long answers are kept; zero = not at all.
    pub cache_ttl: Duration,
    /// `redact_pii`: before which backends private data is replaced.
    pub redact_pii: RedactPii,
    /// `review_below`: `meta.needs_review` is true where a field's confidence is at or below it.
    pub review_below: Option<Confidence>,
    /// `log_level`: the least important events that are written.
    pub log_level: tracing::Level,
    /// `log_content`: whether message text may appear in logs.
    pub log_content: bool,
    /// `locale`: the language of `message` where the caller asks for none.
    pub locale: Language,
    /// All variables but the secrets as they were set: what tells two configurations apart.
    pub settings: String,
}

impl Config {
    /// The models to ask of a provider, best first; never empty.
    pub fn models(&self, provider: Provider) -> &[String] {
        match provider {
            Provider::Mistral => &self.mistral.models,
            Provider::Ollama => &self.ollama.models,
        }
    }

    /// Whether a provider can be called: not where it lacks its key.
    pub fn is_configured(&self, provider: Provider) -> bool {
        match provider {
            Provider::Mistral => self.mistral.endpoint.is_configured(),
            Provider::Ollama => true,
        }
    }

    /// The backend that is asked first, and its first model; the local one is its own.
    pub fn first(&self) -> (Backend, &str) {
        let first = self.chain.first().copied().unwrap_or(Backend::Local);
        let model = match first {
            Backend::Server(provider) => self.models(provider).first(),
            Backend::Local => None,
        };
        (first, model.map_or(first.name(), String::as_str))
    }

    /// Every key, the callers' and the servers': none may come out in an answer.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let keys = Provider::ALL.iter().filter_map(|provider| self.key(*provider));
        self.api_keys.iter().chain(keys).map(Secret::expose)
    }

    fn key(&self, provider: Provider) -> Option<&Secret> {
        match provider {
            Provider::Mistral => self.mistral.api_key.as_ref(),
            Provider::Ollama => None,
        }
    }
}

/// `ollama_*`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ollama {
    /// Which server, which of its two APIs, and with which context length (`ollama_num_ctx`).
    pub endpoint: ollama::Endpoint,
    /// The model fallback chain, never empty.
    pub models: Vec<String>,
}

/// `mistral_*`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistral {
    /// Where chat completions are posted, and with which key.
    pub endpoint: mistral::Endpoint,
    /// The key once more, to keep it out of answers; `None` for servers that ask for none.
    pub api_key: Option<Secret>,
    /// The model fallback chain, never empty.
    pub models: Vec<String>,
}

/// `cors_origins`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorsOrigins {
    /// `*`: every origin, without credentials.
    Any,
    /// These origins, lower-case, compared whole; an empty list sends no CORS headers.
    Listed(Vec<String>),
}

/// `redact_pii`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedactPii {
    /// Only before text leaves for the cloud (`mistral`).
    Cloud,
    /// Before every model call.
    Always,
    /// Never.
    Never,
}

impl RedactPii {
    /// Whether private data is replaced before a call to `backend`.
    pub const fn covers(self, backend: Backend) -> bool {
        match (self, backend) {
            (Self::Never, _) | (_, Backend::Local) | (Self::Cloud, Backend::Server(Provider::Ollama)) => false,
            (Self::Always, _) | (Self::Cloud, Backend::Server(Provider::Mistral)) => true,
        }
    }
}

/// A variable whose value does not parse. The value itself is never shown: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("variable \"{variable}\": {expected}")]
pub struct ConfigError {
    /// The variable's name.
    pub variable: &'static str,
    /// What was expected of it.
    pub expected: String,
}

#[cfg(test)]
mod tests;
