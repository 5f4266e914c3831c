//! The endpoints: from a request's parts to the service and back.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

use super::body::{Body, EventWriter, Events};
use super::envelope::{Success, envelope};
use super::problem::Problem;
use super::{Answer, Audit, Context, Route, headers, input, status_and_code};
use crate::body::{BodyError, whole};
use crate::config::{ConfigError, Secret};
use crate::conversation::Conversation;
use crate::host::Host;
use crate::language::Language;
use crate::service::cache::{CacheKey, CacheRequest, CachedAnswer, sha256};
use crate::service::{self, App, Provenance, Sink, Unusable};
use crate::ticket::Schema;

/// How often a stream shows that it lives, and learns that nobody reads any more.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

/// Hexadecimal digits of a key's digest that the log shows: enough to tell callers apart, useless to guess from.
const FINGERPRINT_CHARS: usize = 8;

/// A valid body.
pub(super) enum Input {
    Analyze(input::Analyze),
    Followup(input::Followup),
}

/// How an endpoint reads its body.
pub(super) type ReadInput = fn(&[u8], &Schema) -> Result<Input, Problem>;

impl Input {
    pub(super) fn analyze(body: &[u8], _: &Schema) -> Result<Self, Problem> {
        input::Analyze::read(body).map(Self::Analyze)
    }

    pub(super) fn followup(body: &[u8], schema: &Schema) -> Result<Self, Problem> {
        input::Followup::read(body, schema).map(Self::Followup)
    }

    fn conversation(&self) -> Conversation<'_> {
        match self {
            Self::Analyze(input) => Conversation::with_message(&input.message, &input.history),
            Self::Followup(input) => Conversation::with_ticket(&input.ticket, &input.history),
        }
    }
}

/// Lets a request in: its key, its media type, its size, its shape, in this order; what is learnt of who asks what is
/// noted as it is learnt, for the log tells of refusals too.
pub(super) async fn admit<H, B>(
    host: &H,
    app: &App,
    context: &mut Context,
    read: ReadInput,
    headers: &HeaderMap,
    body: B,
) -> Result<Input, Problem>
where
    H: Host,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let config = &app.config;
    let key = headers::api_key(headers, &config.api_keys);
    if !config.api_keys.is_empty() && key.is_none() {
        return Err(Problem::Unauthorized);
    }
    context.identity.caller = key.map(|key| sha256(key.expose().as_bytes()).chars().take(FINGERPRINT_CHARS).collect());
    if !headers::is_json(headers) {
        return Err(Problem::UnsupportedMediaType);
    }
    let left = config.timeout.saturating_sub(host.now().saturating_sub(context.visit.arrived));
    let arrived = match select(pin!(whole(body, config.max_body_bytes)), pin!(host.sleep(left))).await {
        Either::Left((arrived, _)) => arrived,
        Either::Right(((), _)) => return Err(Problem::RequestTimeout),
    };
    let bytes = arrived.map_err(|unread| match unread {
        BodyError::TooLarge => Problem::BodyTooLarge { limit: config.max_body_bytes },
        BodyError::Interrupted => Problem::InvalidJson { reason: "the body broke off".to_owned(), line: 1, column: 1 },
    })?;
    context.identity.input_sha256 = Some(sha256(&bytes));
    let input = read(&bytes, &config.schema)?;
    if config.log_content {
        let content = String::from_utf8_lossy(&bytes);
        tracing::info!(event = "content", request_id = context.request_id, content = &*content);
    }
    Ok(input)
}

/// What is known of an answer before it is made.
pub(super) enum Cache {
    /// Answers are not kept.
    Off,
    /// The caller wants a new one; it may be kept unless there is no slot.
    Bypass(Option<CacheKey>),
    /// One is kept.
    Hit(CachedAnswer),
    /// None is kept.
    Miss(CacheKey),
}

impl Cache {
    /// Looks for a kept answer, unless the caller asks for a new one (RFC 9111, section 5.2.1).
    pub(super) async fn look<H: Host>(
        host: &H,
        app: &App,
        context: &Context,
        headers: &HeaderMap,
        input: &Input,
    ) -> Self {
        if app.config.cache_ttl.is_zero() {
            return Self::Off;
        }
        if headers::cache_control(headers, "no-store") {
            return Self::Bypass(None);
        }
        let asked = CacheRequest {
            route: context.route.map_or("", Route::path),
            conversation: &input.conversation(),
            locale: context.visit.locale,
            api_key: headers::api_key(headers, &app.config.api_keys).map(Secret::expose),
        };
        let slot = CacheKey::new(app, &asked);
        if headers::cache_control(headers, "no-cache") {
            return Self::Bypass(Some(slot));
        }
        match slot.load(host).await {
            Some(kept) => Self::Hit(kept),
            None => Self::Miss(slot),
        }
    }

    /// The `x-cache` header, where answers are kept.
    pub(super) const fn header(&self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Bypass(_) => Some("bypass"),
            Self::Hit(_) => Some("hit"),
            Self::Miss(_) => Some("miss"),
        }
    }
}

/// Gives the kept answer, or makes one and keeps it if it is whole and no stand-in.
pub(super) async fn perform<H: Host, S: Sink>(
    host: &H,
    app: &App,
    context: &Context,
    input: Input,
    cache: Cache,
    sink: &S,
    report: &mut Provenance,
) -> Result<Success, Problem> {
    let slot = match cache {
        Cache::Off => None,
        Cache::Bypass(slot) => slot,
        Cache::Miss(slot) => Some(slot),
        Cache::Hit(kept) => {
            report.cached = true;
            report.backend = Some(kept.backend);
            report.model = Some(kept.model);
            sink.delta(&kept.data.to_string());
            let answer = match input {
                Input::Analyze(_) => Success::ticket,
                Input::Followup(_) => Success::question,
            };
            return Ok(answer(kept.data, kept.meta, context.visit.locale));
        }
    };
    let made = make(host, app, context, input, sink, report).await?;
    if let (Some(mut slot), Some(backend), Some(model), false) = (slot, &report.backend, &report.model, report.degraded)
    {
        let kept = CachedAnswer {
            data: made.data.clone(),
            meta: made.meta.clone(),
            backend: backend.clone(),
            model: model.clone(),
        };
        slot.save(host, app.config.cache_ttl, kept).await;
    }
    Ok(made)
}

/// Does what a valid body asks for.
async fn make<H: Host, S: Sink>(
    host: &H,
    app: &App,
    context: &Context,
    input: Input,
    sink: &S,
    report: &mut Provenance,
) -> Result<Success, Problem> {
    let visit = &context.visit;
    let conversation = input.conversation();
    let problem = |error| Problem::from_plan(error, &app.config);
    match input {
        Input::Analyze(_) => {
            let made = service::analyze(host, app, visit, &conversation, sink, report).await.map_err(problem)?;
            Ok(Success::analysis(made, visit.locale))
        }
        Input::Followup(_) => {
            let next = service::followup(host, app, visit, &conversation, sink, report).await.map_err(problem)?;
            Ok(Success::next_question(next, visit.locale))
        }
    }
}

/// Answers with events: deltas as the model writes, then the result or the error.
pub(super) fn stream<H: Host + Clone + 'static>(
    host: H,
    app: Arc<App>,
    context: Context,
    input: Input,
    cache: Cache,
) -> Answer {
    // Made here, so that a caller who goes before the first event is noted too.
    let mut audit = Audit::new(host.clone(), context.clone());
    let job = |writer: EventWriter| async move {
        let sink = Deltas { writer: writer.clone(), has_written: Cell::new(false) };
        let outcome = {
            let work = perform(&host, &app, &context, input, cache, &sink, &mut audit.report);
            match select(pin!(work), pin!(keep_alive(&host, &writer))).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right((never, _)) => match never {},
            }
        };
        let duration = host.now().saturating_sub(context.visit.arrived);
        let name = if outcome.is_ok() { "result" } else { "error" };
        writer.event(name, &envelope(&outcome, &audit.report, &context, duration));
        audit.ends_with(status_and_code(&outcome));
    };
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // Some proxies gather a whole answer before they pass it on unless told not to.
        (http::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ]);
    Answer::new(StatusCode::OK, headers, Body::Events(Events::new(job)))
}

/// Writes a sign of life again and again.
async fn keep_alive<H: Host>(host: &H, writer: &EventWriter) -> Infallible {
    loop {
        host.sleep(KEEP_ALIVE).await;
        writer.keep_alive();
    }
}

/// Passes a model's text on as `delta` events.
struct Deltas {
    writer: EventWriter,
    has_written: Cell<bool>,
}

impl Sink for Deltas {
    fn listens(&self) -> bool {
        true
    }

    fn delta(&self, text: &str) {
        if !text.is_empty() {
            self.has_written.set(true);
            self.writer.event("delta", &json!({"text": text}));
        }
    }

    fn has_written(&self) -> bool {
        self.has_written.get()
    }
}

/// `GET /health`, with `?probe=true` an inquiry of every configured backend.
pub(super) async fn health<H: Host>(host: &H, app: &App, context: &Context, query: &str) -> Answer {
    let config = &app.config;
    let (backend, model) = config.first();
    let mut report = Provenance::default();
    let checks = if query.split('&').any(|pair| matches!(pair, "probe=true" | "probe=1")) {
        let asked = host.now();
        let checks = service::probe(host, app, &context.visit).await;
        report.upstream = host.now().saturating_sub(asked);
        Some(checks)
    } else {
        None
    };
    let is_healthy = checks.as_ref().is_none_or(|checks| checks.iter().any(|(_, check)| check.is_ok()));
    let answer = Health {
        status: if is_healthy { "healthy" } else { "unhealthy" },
        version: env!("CARGO_PKG_VERSION"),
        backend,
        model,
        fallback: config.fallback.map(|fallback| config.name(fallback)),
        checks: checks.map(|checks| checks.iter().map(|(backend, check)| (*backend, Check::new(check))).collect()),
    };
    let status = if is_healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Answer { report, ..Answer::json(status, &answer) }
}

/// The body of `GET /health`.
#[derive(Serialize)]
struct Health<'a> {
    status: &'static str,
    version: &'static str,
    backend: &'static str,
    model: &'a str,
    fallback: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<BTreeMap<&'static str, Check>>,
}

/// What an inquiry of one backend found.
#[derive(Serialize)]
struct Check {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Check {
    fn new(check: &Result<(), Unusable>) -> Self {
        match check {
            Ok(()) => Self { status: "ok", detail: None },
            Err(unusable) => Self { status: "error", detail: Some(unusable.to_string()) },
        }
    }
}

/// `GET /health` where a variable does not parse.
pub(super) fn misconfigured(error: &ConfigError, context: &Context) -> Answer {
    Answer::json(StatusCode::SERVICE_UNAVAILABLE, &misconfiguration(error, context.visit.locale))
}

/// The body of that answer.
pub(super) fn misconfiguration(error: &ConfigError, locale: Language) -> Value {
    let problem = Problem::InvalidConfiguration { detail: error.to_string() };
    json!({
        "status": "unhealthy",
        "version": env!("CARGO_PKG_VERSION"),
        "message": problem.message(locale),
        "error": problem.body(),
    })
}
