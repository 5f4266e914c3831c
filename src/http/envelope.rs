//! The JSON envelope of every answer of `/analyze` and `/followup`, errors included.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Context;
use super::problem::{ErrorBody, Problem};
use crate::language::Language;
use crate::service::{Analysis, NextQuestion, Provenance};

/// The envelope, in the order in which its keys are written.
#[derive(Serialize)]
pub(super) struct Envelope<'a> {
    success: bool,
    data: Option<&'a Value>,
    message: &'a str,
    error: Option<ErrorBody<'a>>,
    meta: Meta<'a>,
}

#[derive(Serialize)]
struct Meta<'a> {
    request_id: &'a str,
    backend: Option<&'a str>,
    model: Option<&'a str>,
    degraded: bool,
    cached: bool,
    attempts: u32,
    rejected: u32,
    duration_ms: u64,
    usage: Usage,
    #[serde(flatten)]
    more: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
}

/// What an answer holds, whichever way it leaves.
pub(super) struct Success {
    pub(super) data: Value,
    pub(super) message: &'static str,
    /// Further keys of `meta`.
    pub(super) meta: Map<String, Value>,
}

impl Success {
    /// The answer to `/analyze`.
    pub(super) fn analysis(made: Analysis, locale: Language) -> Self {
        let confidence: Map<String, Value> =
            made.confidence.into_iter().map(|(field, level)| (field, json!(level))).collect();
        let mut meta = Map::new();
        meta.insert("missing_fields".to_owned(), json!(made.missing_fields));
        meta.insert("confidence".to_owned(), confidence.into());
        meta.insert("needs_review".to_owned(), json!(made.needs_review));
        Self::ticket(made.ticket.into(), meta, locale)
    }

    /// The same, of the parts of it that are kept.
    pub(super) fn ticket(data: Value, meta: Map<String, Value>, locale: Language) -> Self {
        Self { data, message: locale.texts().messages.ticket_analysed, meta }
    }

    /// The answer to `/followup`.
    pub(super) fn next_question(next: NextQuestion, locale: Language) -> Self {
        let data = json!({
            "question": next.question,
            "field": next.field,
            "missing_fields": next.missing_fields,
            "complete": next.field.is_none(),
        });
        Self::question(data, Map::new(), locale)
    }

    /// The same, of the parts of it that are kept.
    pub(super) fn question(data: Value, meta: Map<String, Value>, locale: Language) -> Self {
        let messages = &locale.texts().messages;
        let is_asked = data.get("field").is_some_and(Value::is_string);
        let message = if is_asked { messages.question_ready } else { messages.ticket_complete };
        Self { data, message, meta }
    }
}

/// Writes the envelope of an outcome.
pub(super) fn envelope<'a>(
    outcome: &'a Result<Success, Problem>,
    report: &'a Provenance,
    context: &'a Context,
    duration: Duration,
) -> Envelope<'a> {
    static NOTHING_MORE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    let meta = |more| Meta {
        request_id: &context.request_id,
        backend: report.backend.as_deref(),
        model: report.model.as_deref(),
        degraded: report.degraded,
        cached: report.cached,
        attempts: report.attempts,
        rejected: report.rejected,
        duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        usage: Usage { prompt_tokens: report.usage.prompt_tokens, completion_tokens: report.usage.completion_tokens },
        more,
    };
    match outcome {
        Ok(success) => Envelope {
            success: true,
            data: Some(&success.data),
            message: success.message,
            error: None,
            meta: meta(&success.meta),
        },
        Err(problem) => Envelope {
            success: false,
            data: None,
            message: problem.message(context.visit.locale),
            error: Some(problem.body()),
            meta: meta(&NOTHING_MORE),
        },
    }
}
