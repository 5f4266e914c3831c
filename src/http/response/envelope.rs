//! The JSON envelope of every answer of `/analyze` and `/followup`, errors included.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::Context;
use crate::http::problem::{ErrorBody, Problem};
use crate::model::Usage;
use crate::service::Provenance;

/// The envelope; its keys are written in this order.
#[derive(Serialize)]
pub(in crate::http) struct Envelope<'a> {
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
    more: Option<&'a Map<String, Value>>,
}

/// A successful answer, whole or streamed.
pub(in crate::http) struct Success {
    pub(in crate::http) data: Value,
    pub(in crate::http) message: &'static str,
    /// Further keys of `meta`.
    pub(in crate::http) meta: Map<String, Value>,
}

/// Writes the envelope of an outcome.
pub(in crate::http) fn envelope<'a>(
    outcome: &'a Result<Success, Problem>,
    provenance: &'a Provenance,
    context: &'a Context,
    duration: Duration,
) -> Envelope<'a> {
    let meta = |more| Meta {
        request_id: &context.request_id,
        backend: provenance.backend.as_deref(),
        model: provenance.model.as_deref(),
        degraded: provenance.degraded,
        cached: provenance.cached,
        attempts: provenance.attempts,
        rejected: provenance.rejected,
        duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        usage: provenance.usage,
        more,
    };
    match outcome {
        Ok(success) => Envelope {
            success: true,
            data: Some(&success.data),
            message: success.message,
            error: None,
            meta: meta(Some(&success.meta)),
        },
        Err(problem) => Envelope {
            success: false,
            data: None,
            message: problem.message(context.request.language),
            error: Some(problem.body()),
            meta: meta(None),
        },
    }
}
