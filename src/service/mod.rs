//! The service's operations: analyze a message, ask the next question, check the backends.
//!
//! This is the only asynchronous code of the core: it awaits the [`Host`] and passes plain values down.

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
pub use followup::{NextQuestion, followup};
pub use health::{Unusable, probe};

use crate::config::Config;
use crate::conversation::Conversation;
use crate::host::Host;
use crate::language::{ByLanguage, Language};
use crate::local::Local;
use crate::model::plan::Chain;
use crate::model::{Server, Usage};
use crate::prompt::{TEMPLATES, describe_all};
use crate::text;
use crate::ticket::Instructions;
use crate::ticket::question::Topics;

/// The configured service: immutable, shared by every request of an instance.
#[derive(Debug)]
pub struct App {
    /// The operator's configuration.
    pub config: Config,
    /// The JSON Schema of a model's answer.
    model_schema: Value,
    /// The schema's fields as prompts describe them.
    fields: String,
    /// Tokens of the longest ticket.
    answer_tokens: u32,
    /// The backends and models to try.
    chain: Chain,
    // Prepared on first use: `/health` of a new instance needs none of it.
    local: OnceLock<Local>,
    instructions: OnceLock<Arc<Instructions>>,
    topics: ByLanguage<OnceLock<Topics>>,
    fingerprint: OnceLock<String>,
}

impl App {
    /// Prepares what all requests share.
    pub fn new(config: Config) -> Self {
        let model_schema = config.schema.to_model_json();
        let fields = describe_all(&config.schema);
        let answer_tokens = config.schema.answer_tokens();
        let order = config.chain.iter().chain(&config.fallback).copied();
        let chain = Chain::new(order, |index| config.servers.get(index).map_or(0, callable_models));
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

    /// The prompts' instructions, which no answer may repeat.
    fn instructions(&self) -> Arc<Instructions> {
        Arc::clone(self.instructions.get_or_init(|| Arc::new(Instructions::new(&TEMPLATES))))
    }

    /// The schema's words for its fields, in a language.
    fn topics(&self, language: Language) -> &Topics {
        self.topics.get(language).get_or_init(|| Topics::new(&self.config.schema, language))
    }

    /// A digest of everything in this service that decides an answer.
    fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| {
            let decisive = [&TEMPLATES[..], &[env!("CARGO_PKG_VERSION"), &self.config.settings]].concat();
            cache::sha256(decisive.join("\0").as_bytes())
        })
    }
}

/// The number of models that can be called: none where the server lacks its key.
fn callable_models(server: &Server) -> usize {
    if server.missing_variable().is_none() { server.models().len() } else { 0 }
}

/// The properties of a request that all operations share.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// When the request arrived, on the host's monotonic clock.
    pub arrived: Duration,
    /// The caller's language.
    pub language: Language,
    /// The caller's trace context, passed on to model servers.
    pub traceparent: Option<HeaderValue>,
}

impl RequestContext {
    /// Time since the request arrived.
    pub fn elapsed<H: Host>(&self, host: &H) -> Duration {
        host.now().saturating_sub(self.arrived)
    }

    /// The language that the customer writes, else the caller's.
    fn customer_language(&self, conversation: &Conversation<'_>) -> Language {
        let texts: Vec<&str> = conversation.customer_texts().collect();
        text::detect(&texts.join("\n")).unwrap_or(self.language)
    }
}

/// How an answer or an error came about; updated during the exchange.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// The name of the backend that answered.
    pub backend: Option<String>,
    /// The model that answered; `local` for the local backend.
    pub model: Option<String>,
    /// Whether the local backend replaced a model.
    pub degraded: bool,
    /// Whether the answer comes from the cache.
    pub cached: bool,
    /// Number of calls to model servers.
    pub attempts: u32,
    /// Number of unusable answers.
    pub rejected: u32,
    /// The reason of each failed call, in order: `ollama/mistral:instruct: status 500`.
    pub failures: Vec<String>,
    /// Tokens of all calls.
    pub usage: Usage,
    /// Time spent waiting for model servers.
    pub upstream: Duration,
}

impl Provenance {
    /// Records the backend that is called: the last one gave the answer.
    fn answered_by(&mut self, backend: &str, model: &str) {
        self.backend = Some(backend.to_owned());
        self.model = Some(model.to_owned());
    }

    /// Records why the call failed.
    fn failed(&mut self, reason: impl fmt::Display) {
        let [backend, model] = [&self.backend, &self.model].map(|name| name.as_deref().unwrap_or_default());
        self.failures.push(format!("{backend}/{model}: {reason}"));
    }

    /// Records an unusable answer.
    fn rejected(&mut self, reason: impl fmt::Display) {
        self.rejected += 1;
        self.failed(reason);
    }
}

/// The receiver of a streamed answer.
pub trait Sink {
    /// Whether the answer is to be streamed.
    fn listens(&self) -> bool;
    /// Takes the next piece of text, which may be empty.
    fn delta(&self, text: &str);
    /// Whether any text was written.
    fn has_written(&self) -> bool;
}

/// The receiver of an answer that is not streamed.
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

/// One operation at work: the service, the request, and where its answer and provenance go.
pub struct Operation<'a, H, S> {
    /// The host.
    pub host: &'a H,
    /// The configured service.
    pub app: &'a App,
    /// The request.
    pub request: &'a RequestContext,
    /// The receiver of a streamed answer.
    pub sink: &'a S,
    /// How the answer is made.
    pub provenance: &'a mut Provenance,
}

#[cfg(test)]
mod tests;
