//! Examples, written by the types that write the answers.

use std::time::Duration;

use serde_json::Value;

use super::{fill, member};
use crate::config::{Config, ConfigError};
use crate::http::endpoints::misconfiguration;
use crate::http::envelope::{Success, envelope};
use crate::http::problem::Problem;
use crate::http::{Context, Identity};
use crate::model::{Backend, Usage};
use crate::service::{Analysis, NextQuestion, Provenance, RequestContext};
use crate::ticket::{Confidence, Field, Kind, UNKNOWN, Values, missing_fields};

/// What the local backend answers to the first example of a request; another schema keeps the values that fit it.
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

/// Where examples stand.
const ANALYZE: &str = "~1analyze/post/responses/200";
const FOLLOWUP: &str = "~1followup/post/responses/200";
const TO_FOLLOWUP: &str = "~1followup/post/requestBody";
const HEALTHY: &str = "~1health/get/responses/200";
const UNHEALTHY: &str = "~1health/get/responses/503";

/// What the examples have in common.
pub(super) struct Examples<'a> {
    config: &'a Config,
    context: Context,
    report: Provenance,
    duration: Duration,
}

impl<'a> Examples<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        let visit = RequestContext { arrived: Duration::ZERO, locale: config.locale, traceparent: None };
        let context = Context {
            route: None,
            request_id: "5d0b7c1e9f3a42868f1c04d7ab6e2390".to_owned(),
            visit,
            identity: Identity::default(),
        };
        let (backend, model) = config.first();
        let is_local = config.chain.first() == Some(&Backend::Local);
        let mut report =
            Provenance { backend: Some(backend.to_owned()), model: Some(model.to_owned()), ..Provenance::default() };
        if !is_local {
            report.attempts = 1;
            report.usage = Usage { prompt_tokens: 412, completion_tokens: 96 };
        }
        let millis = if is_local { 1 } else { 812 };
        Self { config, context, report, duration: Duration::from_millis(millis) }
    }

    /// Puts every example in its place.
    pub(super) fn fill(&self, document: &mut Value) {
        let analysis = self.analysis();
        let next = self.next_question(&analysis.ticket);
        let asked = member("question", next.question.clone().into());
        let ticket = Value::Object(analysis.ticket.clone());
        let analysis = self.written(&Ok(Success::analysis(analysis, self.config.locale)), &self.report);
        let question = self.followup(next);
        let complete = self.followup(NextQuestion { question: None, field: None, missing_fields: Vec::new() });
        example(document, ANALYZE, "text~1event-stream/examples/stream/value", stream(&ticket, &analysis));
        example(document, ANALYZE, "application~1json/examples/ticket/value", analysis);
        example(document, FOLLOWUP, "text~1event-stream/examples/stream/value", stream(&asked, &question));
        example(document, FOLLOWUP, "application~1json/examples/question/value", question);
        example(document, FOLLOWUP, "application~1json/examples/complete/value", complete);
        example(document, TO_FOLLOWUP, "application~1json/examples/incomplete/value/ticket", ticket);
        let error = ConfigError { variable: "locale", expected: "expected one of fr, en".to_owned() };
        let error = misconfiguration(&error, self.config.locale);
        example(document, UNHEALTHY, "application~1json/examples/misconfigured/value", error);
        for (content, name) in [(HEALTHY, "configured"), (HEALTHY, "probed"), (UNHEALTHY, "unhealthy")] {
            let place = format!("application~1json/examples/{name}/value/version");
            example(document, content, &place, env!("CARGO_PKG_VERSION").into());
        }
    }

    /// The envelope of an error.
    pub(super) fn failure(&self, problem: Problem) -> Value {
        // Whatever fails before a call has nobody who was asked.
        let asked = matches!(problem.status_and_code().0.as_u16(), 429 | 502 | 504);
        let report = match self.config.servers.first().filter(|_| asked) {
            Some(server) => Provenance {
                backend: Some(server.name().to_owned()),
                model: server.models().first().cloned(),
                attempts: 1,
                ..Provenance::default()
            },
            None => Provenance::default(),
        };
        self.written(&Err(problem), &report)
    }

    fn written(&self, outcome: &Result<Success, Problem>, report: &Provenance) -> Value {
        // By way of text, which answers take as well: less code than a second way to write them.
        let text = serde_json::to_string(&envelope(outcome, report, &self.context, self.duration)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// A ticket of which one field is missing, and what is known about it.
    fn analysis(&self) -> Analysis {
        let schema = &self.config.schema;
        let (mut ticket, mut confidence) = (Values::new(), Vec::new());
        for field in &schema.fields {
            let known = FILLED.iter().find(|(name, value, _)| field.name == *name && fits(field, value));
            ticket.insert(field.name.clone(), known.map_or(UNKNOWN, |(_, value, _)| *value).into());
            confidence.extend(known.map(|(_, _, level)| (field.name.clone(), *level)));
        }
        let missing_fields = missing_fields(schema, &ticket).into_iter().map(|field| field.name.clone()).collect();
        Analysis { ticket, missing_fields, confidence, needs_review: false }
    }

    /// The question for the first missing field of `ticket`.
    fn next_question(&self, ticket: &Values) -> NextQuestion {
        let missing = missing_fields(&self.config.schema, ticket);
        NextQuestion {
            question: missing.first().map(|field| field.question(self.config.locale)),
            field: missing.first().map(|field| field.name.clone()),
            missing_fields: missing.iter().map(|field| field.name.clone()).collect(),
        }
    }

    /// The answer to `/followup`; where nothing is missing, nobody was asked.
    fn followup(&self, next: NextQuestion) -> Value {
        let report = if next.field.is_none() { Provenance::default() } else { self.report.clone() };
        self.written(&Ok(Success::next_question(next, self.config.locale)), &report)
    }
}

/// Puts an example into the content of a request or a response.
fn example(document: &mut Value, of: &str, place: &str, value: Value) {
    fill(document, &format!("/paths/{of}/content/{place}"), value);
}

/// A stream of one piece.
fn stream(written: &Value, result: &Value) -> Value {
    let delta = member("text", written.to_string().into());
    format!("event: delta\ndata: {delta}\n\nevent: result\ndata: {result}\n\n").into()
}

/// Whether the text is a value of the field.
fn fits(field: &Field, text: &str) -> bool {
    match &field.kind {
        Kind::Text { max_length } => text.chars().count() <= *max_length,
        Kind::Choice { options } => options.iter().any(|option| option.value == text),
        Kind::Boolean | Kind::Integer { .. } | Kind::Number { .. } => false,
    }
}
