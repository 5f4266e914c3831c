//! What the service does for a caller: analyse, ask the next question, say how it is.
//!
//! The only asynchronous code: it awaits the [`Host`](crate::host::Host) and hands plain values down.

mod analyze;
mod attempt;
pub mod cache;
mod exchange;
mod followup;
mod health;
mod upstream;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::HeaderValue;
use serde_json::Value;

pub use analyze::{Analysis, analyze};
pub use exchange::Failed;
pub use followup::{NextQuestion, followup};
pub use health::{Unusable, probe};

use crate::config::Config;
use crate::language::{ByLanguage, Language};
use crate::local::Local;
use crate::model::plan::{Chain, Link, Server};
use crate::model::{Backend, Usage};
use crate::prompt::{TEMPLATES, describe_all};
use crate::ticket::Instructions;
use crate::ticket::question::Topics;

/// The configured service: immutable, shared by every request of an instance.
#[derive(Debug)]
pub struct App {
    /// What the operator decided.
    pub config: Config,
    /// The schema that constrains a model's ticket.
    model_schema: Value,
    /// The schema's fields as prompts name them.
    fields: String,
    /// Tokens that the longest ticket takes.
    answer_tokens: u32,
    /// Whom a request may be answered by.
    chain: Chain,
    // Prepared when first asked for: `/health` of a new instance needs none of it.
    local: OnceLock<Local>,
    instructions: OnceLock<Arc<Instructions>>,
    topics: ByLanguage<OnceLock<Topics>>,
    fingerprint: OnceLock<String>,
}

impl App {
    /// Prepares what does not change between requests.
    pub fn new(config: Config) -> Self {
        let model_schema = config.schema.to_model_json();
        let fields = describe_all(&config.schema);
        let answer_tokens = config.schema.answer_tokens();
        let order = config.chain.iter().chain(&config.fallback);
        let chain = Chain::new(order.filter_map(|backend| link(&config, *backend)));
        Self {
            config,
            model_schema,
            fields,
            answer_tokens,
            chain,
            local: OnceLock::new(),
            instructions: OnceLock::new(),
            topics: ByLanguage::default(),
            fingerprint: OnceLock::new(),
        }
    }

    /// The local backend, prepared for the schema.
    fn local(&self) -> &Local {
        self.local.get_or_init(|| Local::new(&self.config.schema))
    }

    /// The prompts' own words, which no answer may repeat.
    fn instructions(&self) -> Arc<Instructions> {
        Arc::clone(self.instructions.get_or_init(|| Arc::new(Instructions::new(&TEMPLATES))))
    }

    /// The schema's words for its fields, in a language.
    fn topics(&self, locale: Language) -> &Topics {
        self.topics.get(locale).get_or_init(|| Topics::new(&self.config.schema, locale))
    }

    /// A digest of everything here that decides an answer.
    fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| {
            let decisive = [&TEMPLATES[..], &[env!("CARGO_PKG_VERSION"), &self.config.settings]].concat();
            cache::sha256(decisive.join("\0").as_bytes())
        })
    }
}

/// A backend's place in the chain; none for one that lacks its key.
fn link(config: &Config, backend: Backend) -> Option<Link> {
    match backend {
        Backend::Local => Some(Link::Local),
        Backend::Server(provider) => config
            .is_configured(provider)
            .then(|| Link::Server(Server { provider, models: config.models(provider).to_vec() })),
    }
}

/// What is the same for everything done for one request.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// When the request arrived, on the host's monotonic clock.
    pub arrived: Duration,
    /// The caller's language.
    pub locale: Language,
    /// The caller's trace, passed on to the model server.
    pub traceparent: Option<HeaderValue>,
}

/// How an answer came about, kept up to date while it does: errors have it too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// Who answered.
    pub backend: Option<Backend>,
    /// With which model; the local backend's is `local`.
    pub model: Option<String>,
    /// Whether the local backend stood in for a model.
    pub degraded: bool,
    /// Whether the answer was kept from an earlier request.
    pub cached: bool,
    /// Upstream calls made.
    pub attempts: u32,
    /// Answers of models that could not be used.
    pub rejected: u32,
    /// What became of each call that gave nothing to use, in order: `ollama/mistral:instruct: status 500`.
    pub failures: Vec<String>,
    /// Tokens of all calls together.
    pub usage: Usage,
    /// Time spent waiting for model servers.
    pub upstream: Duration,
}

impl Provenance {
    /// Notes who is asked, and so who answered if nobody else is asked after them.
    fn answered_by(&mut self, backend: Backend, model: &str) {
        self.backend = Some(backend);
        self.model = Some(model.to_owned());
    }

    /// Notes why the one who was asked gave no answer.
    fn failed(&mut self, reason: impl fmt::Display) {
        let (backend, model) = (self.backend.map_or("", Backend::name), self.model.as_deref().unwrap_or_default());
        self.failures.push(format!("{backend}/{model}: {reason}"));
    }

    /// Notes an answer that cannot be used.
    fn rejected(&mut self, reason: impl fmt::Display) {
        self.rejected += 1;
        self.failed(reason);
    }
}

/// Where a model's text goes while it is being written.
pub trait Sink {
    /// Whether anybody listens: else the model server is asked for one whole answer.
    fn listens(&self) -> bool;
    /// Takes the next piece of text; a blank one is not shown.
    fn delta(&self, text: &str);
    /// Whether any text has been shown.
    fn has_written(&self) -> bool;
}

/// Nobody listens.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Sink for Silent {
    fn listens(&self) -> bool {
        false
    }
    fn delta(&self, _: &str) {}
    fn has_written(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
