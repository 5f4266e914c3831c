//! Configuration: one table of variables, parsed once into one typed value by a pure function over a lookup.

mod parse;
mod variables;

use std::time::Duration;

pub use variables::VARIABLES;

use crate::language::Language;
use crate::model::{Backend, Server};
use crate::ticket::{Confidence, Schema};
pub use crate::variable::{ConfigError, Meaning, Secret, Variable};

/// The name of the local backend.
const LOCAL: &str = "local";

/// The operator's configuration, always valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Every model server, also those that are not used; [`Backend::Server`] has the index.
    pub servers: Vec<Server>,
    /// `model_backend`: the failover chain, tried left to right; never empty.
    pub chain: Vec<Backend>,
    /// `fallback_backend`: tried after the chain; `None` = fail instead.
    pub fallback: Option<Backend>,
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
    /// `redact_pii`: the calls before which private data is replaced.
    pub redact_pii: RedactPii,
    /// `review_below`: `meta.needs_review` is true where a field's confidence is at or below it.
    pub review_below: Option<Confidence>,
    /// `log_level`: the least severe events that are written.
    pub log_level: tracing::Level,
    /// `log_content`: whether message text may appear in logs.
    pub log_content: bool,
    /// `locale`: the default language of `message`.
    pub locale: Language,
    /// The text of all variables except secrets: equal for equal configurations.
    pub settings: String,
}

impl Config {
    /// The server of a backend; `None` for the local one.
    pub fn server(&self, backend: Backend) -> Option<&Server> {
        match backend {
            Backend::Server(index) => self.servers.get(index),
            Backend::Local => None,
        }
    }

    /// The backend's name in the configuration, in answers and in the log.
    pub fn name(&self, backend: Backend) -> &'static str {
        self.server(backend).map_or(LOCAL, Server::name)
    }

    /// The name of the first backend of the chain, and its first model; the local one's model is `local`.
    pub fn first(&self) -> (&'static str, &str) {
        let server = self.chain.first().and_then(|first| self.server(*first));
        let model = server.and_then(|server| server.models().first());
        (server.map_or(LOCAL, Server::name), model.map_or(LOCAL, String::as_str))
    }

    /// Every key, the callers' and the servers': none may appear in an answer.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.api_keys.iter().chain(self.servers.iter().filter_map(Server::key)).map(Secret::expose)
    }
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
    /// Before calls to cloud servers.
    Cloud,
    /// Before all calls.
    Always,
    /// Never.
    Never,
}

impl RedactPii {
    /// Whether private data is replaced before a call to `server`.
    pub fn covers(self, server: &Server) -> bool {
        match self {
            Self::Cloud => server.is_cloud(),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
