//! Examples, written by the types of the answers.

use std::time::Duration;

use serde_json::Value;

use super::{DocumentError, member};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::response::{Success, envelope};
use crate::http::{Context, Identity};
use crate::model::{Backend, Server, Usage};
use crate::service::{Analysis, NextQuestion, Provenance, RequestContext};
use crate::ticket::{Confidence, UNKNOWN, Values, missing_fields};

/// The local backend's answer to the first example of a request; another schema keeps the values that fit it.
const FILLED: [(&str, &str, Confidence); 5] = [
    ("titre", "L'imprimante HP LaserJet du 2e étage n'imprime plus depuis ce matin", Confidence::High),
    ("categorie", "Matériel", Confidence::High),
    (
        "description",
        "J'ai un problème\nL'imprimante HP LaserJet du 2e étage n'imprime plus depuis ce matin.",
        Confidence::High,
    ),
    ("localisation", "2e étage", Confidence::High),
    ("equipement", "imprimante HP LaserJet", Confidence::High),
];

/// What the examples have in common.
pub(in crate::http) struct Examples<'a> {
    pub(in crate::http) config: &'a Config,
    context: Context,
    pub(in crate::http) provenance: Provenance,
    duration: Duration,
}

impl<'a> Examples<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        let request = RequestContext { arrived: Duration::ZERO, language: config.locale, traceparent: None };
        let context = Context {
            route: None,
            request_id: "5d0b7c1e9f3a42868f1c04d7ab6e2390".to_owned(),
            request,
            identity: Identity::default(),
        };
        let (backend, model) = config.first();
        let is_local = config.chain.first() == Some(&Backend::Local);
        let mut provenance =
            Provenance { backend: Some(backend.to_owned()), model: Some(model.to_owned()), ..Provenance::default() };
        if !is_local {
            provenance.attempts = 1;
            provenance.usage = Usage { prompt_tokens: 412, completion_tokens: 96 };
        }
        let millis = if is_local { 1 } else { 812 };
        Self { config, context, provenance, duration: Duration::from_millis(millis) }
    }

    /// The names of all backends.
    pub(in crate::http) fn backend_names(&self) -> impl Iterator<Item = &'static str> {
        self.config.servers.iter().map(Server::name).chain([self.config.name(Backend::Local)])
    }

    /// The envelope of an error.
    pub(super) fn failure(&self, problem: Problem) -> Result<Value, DocumentError> {
        // Other errors come before the first call.
        let asked = matches!(problem.status_and_code().0.as_u16(), 429 | 502 | 504);
        let provenance = match self.config.servers.first().filter(|_| asked) {
            Some(server) => Provenance {
                backend: Some(server.name().to_owned()),
                model: server.models().first().cloned(),
                attempts: 1,
                ..Provenance::default()
            },
            None => Provenance::default(),
        };
        self.envelope(&Err(problem), &provenance)
    }

    /// The envelope of an outcome.
    pub(in crate::http) fn envelope(
        &self,
        outcome: &Result<Success, Problem>,
        provenance: &Provenance,
    ) -> Result<Value, DocumentError> {
        // Through text, as answers are written: a second serialiser would add code to the component.
        let text = serde_json::to_string(&envelope(outcome, provenance, &self.context, self.duration))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// A ticket with one missing field, and what is known about it.
    pub(in crate::http) fn analysis(&self) -> Analysis {
        let schema = &self.config.schema;
        let (mut ticket, mut confidence) = (Values::new(), Vec::new());
        for field in &schema.fields {
            let known =
                FILLED.iter().find(|(name, value, _)| field.name == *name && field.accepts(&Value::from(*value)));
            ticket.insert(field.name.clone(), known.map_or(UNKNOWN, |(_, value, _)| *value).into());
            confidence.extend(known.map(|(_, _, level)| (field.name.clone(), *level)));
        }
        let missing_fields = missing_fields(schema, &ticket).into_iter().map(|field| field.name.clone()).collect();
        Analysis { ticket, missing_fields, confidence, needs_review: false }
    }

    /// The question for the first missing field of `ticket`.
    pub(in crate::http) fn next_question(&self, ticket: &Values) -> NextQuestion {
        let missing = missing_fields(&self.config.schema, ticket);
        NextQuestion {
            question: missing.first().map(|field| field.question(self.config.locale)),
            field: missing.first().map(|field| field.name.clone()),
            missing_fields: missing.iter().map(|field| field.name.clone()).collect(),
        }
    }
}

/// A stream with one delta.
pub(in crate::http) fn stream_example(written: &Value, result: &Value) -> Value {
    let delta = member("text", written.to_string().into());
    format!("event: delta\ndata: {delta}\n\nevent: result\ndata: {result}\n\n").into()
}
