//! Examples, written by the types that write the answers.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{fill, member};
use crate::config::{Config, ConfigError};
use crate::model::{Backend, Provider, Usage};
use crate::service::{Report, Visit};
use crate::ticket::{Confidence, Field, Kind, UNKNOWN, Values, missing_fields};
use crate::web::endpoints::misconfiguration;
use crate::web::envelope::{Success, envelope};
use crate::web::problem::Problem;
use crate::web::{Context, Identity};

/// What the embedded backend answers to the first example of a request; another schema keeps the values that fit it.
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
    report: Report,
    duration: Duration,
}

impl<'a> Examples<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        let visit = Visit { arrived: Duration::ZERO, locale: config.locale, traceparent: None };
        let context = Context {
            route: None,
            request_id: "5d0b7c1e9f3a42868f1c04d7ab6e2390".to_owned(),
            visit,
            identity: Identity::default(),
        };
        let (backend, model) = config.first();
        let mut report = Report { backend: Some(backend), model: Some(model.to_owned()), ..Report::default() };
        if backend != Backend::Embedded {
            report.attempts = 1;
            report.usage = Usage { prompt_tokens: 412, completion_tokens: 96 };
        }
        let millis = if backend == Backend::Embedded { 1 } else { 812 };
        Self { config, context, report, duration: Duration::from_millis(millis) }
    }

    /// Puts every example in its place.
    pub(super) fn fill(&self, document: &mut Value) {
        let (ticket, confidence) = self.ticket();
        let analysis = self.analysis(&ticket, &confidence);
        let question = self.question(&ticket);
        let complete = self.next_question(Value::Null, Value::Null, &[]);
        let asked = member("question", question.pointer("/data/question").cloned().unwrap_or_default());
        let ticket = Value::Object(ticket);
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
        let report = if asked {
            let backend = Some(Backend::Server(Provider::Ollama));
            Report { backend, model: self.config.ollama.models.first().cloned(), attempts: 1, ..Report::default() }
        } else {
            Report::default()
        };
        self.written(&Err(problem), &report)
    }

    fn written(&self, outcome: &Result<Success, Problem>, report: &Report) -> Value {
        // By way of text, which answers take as well: less code than a second way to write them.
        let text = serde_json::to_string(&envelope(outcome, report, &self.context, self.duration)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// A ticket of which one field is missing, and how far the others can be trusted.
    fn ticket(&self) -> (Values, Map<String, Value>) {
        let (mut ticket, mut confidence) = (Values::new(), Map::new());
        for field in &self.config.schema.fields {
            let known = FILLED.iter().find(|(name, value, _)| field.name == *name && fits(field, value));
            ticket.insert(field.name.clone(), known.map_or(UNKNOWN, |(_, value, _)| *value).into());
            if let Some((name, _, level)) = known {
                confidence.insert((*name).to_owned(), json!(level));
            }
        }
        (ticket, confidence)
    }

    fn analysis(&self, ticket: &Values, confidence: &Map<String, Value>) -> Value {
        let missing: Vec<&str> =
            missing_fields(&self.config.schema, ticket).into_iter().map(|field| field.name.as_str()).collect();
        let mut meta = Map::new();
        meta.insert("missing_fields".to_owned(), json!(missing));
        meta.insert("confidence".to_owned(), json!(confidence));
        meta.insert("needs_review".to_owned(), json!(false));
        let message = self.config.locale.pick("Ticket analysé avec succès", "Ticket analysed successfully");
        let data = Value::Object(ticket.clone());
        self.written(&Ok(Success { data, message, meta }), &self.report)
    }

    /// The question for the first missing field of `ticket`.
    fn question(&self, ticket: &Values) -> Value {
        let missing = missing_fields(&self.config.schema, ticket);
        let question = missing.first().map(|field| field.question(self.config.locale));
        let names: Vec<&str> = missing.iter().map(|field| field.name.as_str()).collect();
        self.next_question(json!(question), json!(names.first()), &names)
    }

    fn next_question(&self, question: Value, field: Value, missing: &[&str]) -> Value {
        let (message, report) = if field.is_null() {
            (self.config.locale.pick("Le ticket est complet", "The ticket is complete"), Report::default())
        } else {
            (self.config.locale.pick("Question de suivi prête", "Follow-up question ready"), self.report.clone())
        };
        let complete = field.is_null();
        let data = json!({"question": question, "field": field, "missing_fields": missing, "complete": complete});
        self.written(&Ok(Success { data, message, meta: Map::new() }), &report)
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
