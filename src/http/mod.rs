//! HTTP: finds the endpoint of a request, answers errors, and adds what every answer has.
//!
//! What one endpoint decides is in its folder in `endpoints`; what they share is here: `request` (admission, headers,
//! JSON), `task` (cache and service), `response` (envelope and stream), `problem` (errors), `cors`, `openapi`, `assets`.

mod assets;
mod audit;
mod cors;
pub mod endpoints;
mod openapi;
pub mod problem;
mod request;
mod response;
mod task;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, header};

use audit::Audit;
use endpoints::Route;
use problem::Problem;
pub use request::fields::MAX_HISTORY;
use request::{Call, headers};
use response::Answer;
pub use response::{Body, Events};

use crate::config::ConfigError;
use crate::host::Host;
use crate::language::Language;
use crate::service::{App, Provenance, RequestContext};

const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The properties of a request.
#[derive(Clone)]
struct Context {
    /// `None` where there is nothing at its address.
    route: Option<Route>,
    request_id: String,
    request: RequestContext,
    identity: Identity,
}

impl Context {
    /// The path of the route; empty without one.
    fn path(&self) -> &'static str {
        self.route.map_or("", |route| route.path)
    }
}

/// Caller and content of a request, as digests; `None` until they are known.
#[derive(Clone, Default)]
struct Identity {
    /// Digest of the body.
    input_sha256: Option<String>,
    /// Start of the digest of the caller's key; stays `None` where no keys are configured.
    caller: Option<String>,
}

/// Answers one request; never fails.
///
/// `app` is the configured service, or the error in its configuration.
pub async fn handle<H, B>(host: H, app: Result<Arc<App>, ConfigError>, request: Request<B>) -> Response<Body>
where
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let arrived = host.now();
    let (parts, body) = request.into_parts();
    let default_language = app.as_ref().map_or_else(|_| Language::default(), |app| app.config.locale);
    let route = Route::find(parts.uri.path());
    let mut context = Context {
        route,
        request_id: headers::request_id(&parts.headers, [host.random(), host.random()]),
        request: RequestContext {
            arrived,
            language: headers::language(&parts.headers, default_language),
            traceparent: headers::traceparent(&parts.headers),
        },
        identity: Identity::default(),
    };
    let call = Call { host: &host, app: &app, context: &mut context, parts: &parts, body };
    // On the heap: the host's bindings move this future several times, and that of an endpoint has five kilobytes.
    let mut answer = match Box::pin(answer(route, call)).await {
        Ok(answer) => answer,
        Err(problem) => Answer::envelope(&host, &context, &Err(problem), Provenance::default()),
    };
    let is_allowed = match &app {
        Ok(app) => cors::allow(&app.config.cors_origins, &parts.headers, &mut answer.headers),
        Err(_) => {
            // Once the configuration is fixed, the answer may depend on the origin.
            answer.headers.append(header::VARY, HeaderValue::from_static("Origin"));
            false
        }
    };
    if let (true, &Method::OPTIONS, Some(route)) = (is_allowed, &parts.method, route) {
        cors::preflight(route.endpoint.methods(), &mut answer.headers);
    }
    // A stream is logged when it ends; its duration is not known when it begins.
    if matches!(answer.body, Body::Full(_)) {
        let duration = context.request.elapsed(&host);
        let [upstream, total] = [answer.provenance.upstream, duration].map(|time| time.as_secs_f64() * 1e3);
        let timing = HeaderValue::try_from(format!("upstream;dur={upstream:.1}, total;dur={total:.1}"));
        answer.headers.extend(timing.ok().map(|timing| (SERVER_TIMING, timing)));
        let mut audit = Audit::new(host, context.clone());
        audit.provenance = std::mem::take(&mut answer.provenance);
        audit.ends_with((answer.status, answer.code));
    }
    answer.finish(&context.request_id, parts.method == Method::HEAD)
}

/// Checks address and method, and calls the endpoint.
async fn answer<H, B>(route: Option<Route>, call: Call<'_, H, B>) -> Result<Answer, Problem>
where
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let Some(Route { endpoint, .. }) = route else { return Err(Problem::NotFound) };
    let allow = endpoint.methods();
    if !allow.split(", ").any(|method| method == call.parts.method.as_str()) {
        return Err(Problem::MethodNotAllowed { allow });
    }
    if call.parts.method == Method::OPTIONS {
        return Ok(Answer::no_content(allow));
    }
    endpoint.answer(call).await
}

#[cfg(test)]
mod tests;
