//! The log event of each request.

use std::time::Duration;

use http::StatusCode;

use super::Context;
use super::request::headers;
use crate::host::Host;
use crate::service::Provenance;

/// The request's one log event: who, what and how long, never the content.
///
/// Logged on drop, so that callers who leave in the middle of a stream are logged as well.
pub(super) struct Audit<H: Host> {
    host: H,
    context: Context,
    pub(super) provenance: Provenance,
    outcome: (u16, &'static str),
}

impl<H: Host> Audit<H> {
    /// The outcome where the caller closed the connection, as web servers log it; nobody receives this status.
    const CLIENT_GONE: (u16, &'static str) = (499, "client_gone");

    pub(super) fn new(host: H, context: Context) -> Self {
        Self { host, context, provenance: Provenance::default(), outcome: Self::CLIENT_GONE }
    }

    /// Logs the request with its status and `error.code`.
    pub(super) fn ends_with(mut self, (status, code): (StatusCode, &'static str)) {
        self.outcome = (status.as_u16(), code);
    }
}

impl<H: Host> Drop for Audit<H> {
    fn drop(&mut self) {
        let Self { host, context, provenance, outcome: (status, code) } = self;
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        macro_rules! event {
            ($level:expr) => {
                tracing::event!(
                    $level,
                    event = "request",
                    request_id = context.request_id,
                    trace_id = headers::trace_id(context.request.traceparent.as_ref()),
                    route = context.path(),
                    caller = context.identity.caller.as_deref().unwrap_or_default(),
                    input_sha256 = context.identity.input_sha256.as_deref().unwrap_or_default(),
                    status,
                    code,
                    backend = provenance.backend.as_deref().unwrap_or_default(),
                    model = provenance.model.as_deref().unwrap_or_default(),
                    attempts = provenance.attempts,
                    rejected = provenance.rejected,
                    failures = provenance.failures.join("; "),
                    degraded = provenance.degraded,
                    cached = provenance.cached,
                    prompt_tokens = provenance.usage.prompt_tokens,
                    completion_tokens = provenance.usage.completion_tokens,
                    upstream_ms = millis(provenance.upstream),
                    duration_ms = millis(context.request.elapsed(host)),
                )
            };
        }
        if *status >= 500 { event!(tracing::Level::WARN) } else { event!(tracing::Level::INFO) }
    }
}
