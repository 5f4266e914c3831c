//! HTTP in, HTTP out: routes, envelope, problems, CORS, keys, limits.

mod assets;
mod body;
mod cors;
mod endpoints;
mod envelope;
mod headers;
pub mod input;
mod json;
mod openapi;
pub mod problem;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use serde::Serialize;

use assets::File;
pub use body::{Body, Events};
use endpoints::{Cache, Input, ReadInput};
use envelope::{Success, envelope};
use problem::Problem;

use crate::body::json_bytes;
use crate::config::ConfigError;
use crate::host::Host;
use crate::language::Language;
use crate::service::{App, Provenance, RequestContext, Silent};

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    Analyze,
    Followup,
    Health,
    OpenApi,
    Page(&'static File),
}

impl Route {
    const fn path(self) -> &'static str {
        match self {
            Self::Analyze => "/analyze",
            Self::Followup => "/followup",
            Self::Health => "/health",
            Self::OpenApi => "/openapi.json",
            Self::Page(file) => file.path,
        }
    }
}

/// The routes that are no page, each with its methods.
const ROUTES: [(Route, &str); 4] = [
    (Route::Analyze, "POST, OPTIONS"),
    (Route::Followup, "POST, OPTIONS"),
    (Route::Health, "GET, HEAD, OPTIONS"),
    (Route::OpenApi, "GET, HEAD, OPTIONS"),
];

/// Every route with its methods.
fn routes() -> impl Iterator<Item = (Route, &'static str)> {
    ROUTES.into_iter().chain(assets::FILES.iter().map(|file| (Route::Page(file), "GET, HEAD, OPTIONS")))
}

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// What every step of answering one request may look at.
#[derive(Clone)]
struct Context {
    route: Option<Route>,
    request_id: String,
    visit: RequestContext,
    identity: Identity,
}

/// Who asked what, without a word of it, as far as it is known.
#[derive(Clone, Default)]
struct Identity {
    /// The digest of the body, once it was read.
    input_sha256: Option<String>,
    /// The beginning of the digest of the caller's key, where keys are asked for.
    caller: Option<String>,
}

/// An answer before the headers that every answer has.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    /// What the log says of it beside the status.
    code: &'static str,
    report: Provenance,
}

/// Answers one request; never fails.
///
/// `app` is the configured service, or why there is none.
pub async fn handle<H, B>(host: H, app: Result<Arc<App>, ConfigError>, request: Request<B>) -> Response<Body>
where
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let arrived = host.now();
    let (parts, body) = request.into_parts();
    let default_locale = app.as_ref().map_or_else(|_| Language::default(), |app| app.config.locale);
    let found = routes().find(|(route, _)| route.path() == parts.uri.path());
    let mut context = Context {
        route: found.map(|(route, _)| route),
        request_id: headers::request_id(&parts.headers, [host.random(), host.random()]),
        visit: RequestContext {
            arrived,
            locale: headers::locale(&parts.headers, default_locale),
            traceparent: headers::traceparent(&parts.headers),
        },
        identity: Identity::default(),
    };
    let is_head = parts.method == Method::HEAD;
    let mut answer = route(&host, &app, &mut context, found.map(|(_, methods)| methods), &parts, body).await;
    let seen = match &app {
        Ok(app) => cors::allow(&app.config.cors_origins, &parts.headers, &mut answer.headers),
        Err(_) => {
            // Once the configuration is mended, the answer may depend on the origin.
            answer.headers.append(header::VARY, HeaderValue::from_static("Origin"));
            false
        }
    };
    if let (true, &Method::OPTIONS, Some((_, methods))) = (seen, &parts.method, found) {
        cors::preflight(methods, &mut answer.headers);
    }
    // A stream is noted when it ends; how long it takes is not known when it begins.
    if matches!(answer.body, Body::Full(_)) {
        let duration = host.now().saturating_sub(arrived);
        let [upstream, total] = [answer.report.upstream, duration].map(|time| time.as_secs_f64() * 1e3);
        let timing = HeaderValue::try_from(format!("upstream;dur={upstream:.1}, total;dur={total:.1}"));
        answer.headers.extend(timing.ok().map(|timing| (SERVER_TIMING, timing)));
        let mut audit = Audit::new(host, context.clone());
        audit.report = std::mem::take(&mut answer.report);
        audit.ends_with((answer.status, answer.code));
    }
    answer.finish(&context, is_head)
}

/// Finds who answers.
async fn route<H, B>(
    host: &H,
    app: &Result<Arc<App>, ConfigError>,
    context: &mut Context,
    methods: Option<&'static str>,
    parts: &http::request::Parts,
    body: B,
) -> Answer
where
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let fail = |problem| Answer::envelope(host, context, &Err(problem), Provenance::default());
    let (Some(route), Some(allow)) = (context.route, methods) else {
        return fail(Problem::NotFound);
    };
    if !allow.split(", ").any(|method| method == parts.method.as_str()) {
        return fail(Problem::MethodNotAllowed { allow });
    }
    if parts.method == Method::OPTIONS {
        return Answer::no_content(allow);
    }
    let app = match app {
        Ok(app) => app,
        Err(error) if route == Route::Health => return endpoints::misconfigured(error, context),
        Err(error) => return fail(Problem::InvalidConfiguration { detail: error.to_string() }),
    };
    match route {
        Route::OpenApi => Answer::json(StatusCode::OK, &openapi::document(&app.config)),
        Route::Page(file) => assets::serve(file, &parts.headers),
        Route::Health => endpoints::health(host, app, context, parts.uri.query().unwrap_or_default()).await,
        Route::Analyze => ask(host, app, context, Input::analyze, &parts.headers, body).await,
        Route::Followup => ask(host, app, context, Input::followup, &parts.headers, body).await,
    }
}

/// Lets a request in, and answers it at once or with events.
async fn ask<H, B>(
    host: &H,
    app: &Arc<App>,
    context: &mut Context,
    read: ReadInput,
    headers: &HeaderMap,
    body: B,
) -> Answer
where
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let input = match endpoints::admit(host, app, context, read, headers, body).await {
        Ok(input) => input,
        Err(problem) => return Answer::envelope(host, context, &Err(problem), Provenance::default()),
    };
    let cache = Cache::look(host, app, context, headers, &input).await;
    let shown = cache.header();
    let mut answer = if headers::wants_events(headers) {
        endpoints::stream(host.clone(), Arc::clone(app), context.clone(), input, cache)
    } else {
        let mut report = Provenance::default();
        let outcome = endpoints::perform(host, app, context, input, cache, &Silent, &mut report).await;
        Answer::envelope(host, context, &outcome, report)
    };
    answer.headers.extend(shown.map(|shown| (X_CACHE, HeaderValue::from_static(shown))));
    answer
}

impl Answer {
    fn new(status: StatusCode, headers: HeaderMap, body: Body) -> Self {
        Self { status, headers, body, code: "", report: Provenance::default() }
    }

    /// An answer of JSON without an envelope.
    fn json<T: Serialize>(status: StatusCode, value: &T) -> Self {
        let bytes = json_bytes(value);
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        Self::new(status, headers, Body::Full(Some(bytes.into())))
    }

    /// The envelope of an outcome, with the headers that go with it.
    fn envelope<H: Host>(host: &H, context: &Context, outcome: &Result<Success, Problem>, report: Provenance) -> Self {
        let duration = host.now().saturating_sub(context.visit.arrived);
        let (status, code) = status_and_code(outcome);
        let mut answer = Self::json(status, &envelope(outcome, &report, context, duration));
        if let Err(problem) = outcome {
            problem.add_headers(&mut answer.headers);
        }
        Self { code, report, ..answer }
    }

    fn no_content(allow: &'static str) -> Self {
        let headers = HeaderMap::from_iter([(header::ALLOW, HeaderValue::from_static(allow))]);
        Self::new(StatusCode::NO_CONTENT, headers, Body::Full(None))
    }

    /// Adds what every answer has; `HEAD` gets the headers of `GET` alone (RFC 9110, section 9.3.2).
    fn finish(mut self, context: &Context, is_head: bool) -> Response<Body> {
        let headers = &mut self.headers;
        // Our own ids are hexadecimal and callers' are checked: both fit a header.
        headers.extend(HeaderValue::try_from(&context.request_id).ok().map(|id| (X_REQUEST_ID, id)));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        // Neither has a body, and a length would be that of another answer (RFC 9110, section 8.6).
        if !matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            && let Body::Full(bytes) = &self.body
        {
            // Without it the hosts send chunks.
            headers.insert(header::CONTENT_LENGTH, bytes.as_ref().map_or(0, Bytes::len).into());
        }
        let body = if is_head { Body::Full(None) } else { self.body };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

fn status_and_code(outcome: &Result<Success, Problem>) -> (StatusCode, &'static str) {
    outcome.as_ref().err().map_or((StatusCode::OK, ""), Problem::status_and_code)
}

/// The request's one log event: who, what and how long, never the words.
///
/// Written when it goes, so that a caller who leaves in the middle of a stream is noted as well.
struct Audit<H: Host> {
    host: H,
    context: Context,
    report: Provenance,
    /// How it ended; until it does, by the caller's leaving.
    outcome: (u16, &'static str),
}

impl<H: Host> Audit<H> {
    /// What web servers write where a caller closed the connection: no status that anybody received.
    const CLIENT_GONE: (u16, &'static str) = (499, "client_gone");

    fn new(host: H, context: Context) -> Self {
        Self { host, context, report: Provenance::default(), outcome: Self::CLIENT_GONE }
    }

    fn ends_with(mut self, (status, code): (StatusCode, &'static str)) {
        self.outcome = (status.as_u16(), code);
    }
}

impl<H: Host> Drop for Audit<H> {
    fn drop(&mut self) {
        let Self { host, context, report, outcome: (status, code) } = self;
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        macro_rules! event {
            ($level:expr) => {
                tracing::event!(
                    $level,
                    event = "request",
                    request_id = context.request_id,
                    trace_id = headers::trace_id(context.visit.traceparent.as_ref()),
                    route = context.route.map_or("", Route::path),
                    caller = context.identity.caller.as_deref().unwrap_or_default(),
                    input_sha256 = context.identity.input_sha256.as_deref().unwrap_or_default(),
                    status,
                    code,
                    backend = report.backend.as_deref().unwrap_or_default(),
                    model = report.model.as_deref().unwrap_or_default(),
                    attempts = report.attempts,
                    rejected = report.rejected,
                    failures = report.failures.join("; "),
                    degraded = report.degraded,
                    cached = report.cached,
                    prompt_tokens = report.usage.prompt_tokens,
                    completion_tokens = report.usage.completion_tokens,
                    upstream_ms = millis(report.upstream),
                    duration_ms = millis(host.now().saturating_sub(context.visit.arrived)),
                )
            };
        }
        if *status >= 500 { event!(tracing::Level::WARN) } else { event!(tracing::Level::INFO) }
    }
}

#[cfg(test)]
mod tests;
