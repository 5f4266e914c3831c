//! Requests that turn a conversation into an answer: admission, cache, service, envelope or stream.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use serde_json::{Map, Value};

use super::problem::Problem;
use super::request::{self, Call, headers};
use super::response::{Answer, Success, stream};
use super::{Context, X_CACHE};
use crate::config::Secret;
use crate::conversation::Conversation;
use crate::host::Host;
use crate::language::{Language, Messages};
use crate::model::plan::PlanError;
use crate::service::cache::{CacheKey, CacheRequest, CachedAnswer};
use crate::service::{App, Operation, Provenance, Silent, Sink};
use crate::ticket::Schema;

/// An endpoint's valid request.
pub(super) trait Task: Sized + 'static {
    /// Everything in it that people wrote.
    fn conversation(&self) -> Conversation<'_>;

    /// Performs the operation; returns `data`, and further keys of `meta`.
    async fn perform<H: Host, S: Sink>(
        &self,
        operation: Operation<'_, H, S>,
    ) -> Result<(Value, Map<String, Value>), PlanError>;

    /// The message of the answer that has this `data`.
    fn message(data: &Value, messages: &Messages) -> &'static str;

    /// An answer of these parts.
    fn success(data: Value, meta: Map<String, Value>, language: Language) -> Success {
        Success { message: Self::message(&data, &language.texts().messages), data, meta }
    }
}

/// Answers a call of an endpoint; `read` reads the body.
pub(super) async fn answer<T, H, B>(
    call: Call<'_, H, B>,
    read: impl FnOnce(&[u8], &Schema) -> Result<T, Problem>,
) -> Result<Answer, Problem>
where
    T: Task,
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let app = call.app()?;
    let Call { host, context, parts, body, .. } = call;
    let body = request::admit(host, app, context, parts, body).await?;
    let task = read(&body, &app.config.schema)?;
    if app.config.log_content {
        let content = String::from_utf8_lossy(&body);
        tracing::info!(event = "content", request_id = context.request_id, content = &*content);
    }
    let cache = Cache::look(host, app, context, &parts.headers, &task.conversation()).await;
    let x_cache = cache.header();
    let mut answer = if headers::wants_events(&parts.headers) {
        let (host, app, context) = (host.clone(), Arc::clone(app), context.clone());
        stream(host.clone(), context.clone(), async move |sink, provenance| {
            let operation = Operation { host: &host, app: &app, request: &context.request, sink, provenance };
            perform(operation, &task, cache).await
        })
    } else {
        let mut provenance = Provenance::default();
        let operation = Operation { host, app, request: &context.request, sink: &Silent, provenance: &mut provenance };
        let outcome = perform(operation, &task, cache).await;
        Answer::envelope(host, context, &outcome, provenance)
    };
    answer.headers.extend(x_cache.map(|value| (X_CACHE, HeaderValue::from_static(value))));
    Ok(answer)
}

/// The cache's content for a request.
enum Cache {
    /// It is off.
    Off,
    /// The caller wants a new answer; with a key it may be cached.
    Bypass(Option<CacheKey>),
    /// An answer.
    Hit(CachedAnswer),
    /// No answer.
    Miss(CacheKey),
}

impl Cache {
    /// Looks for a cached answer, unless the caller wants a new one (RFC 9111, section 5.2.1).
    async fn look<H: Host>(
        host: &H,
        app: &App,
        context: &Context,
        headers: &http::HeaderMap,
        conversation: &Conversation<'_>,
    ) -> Self {
        if app.config.cache_ttl.is_zero() {
            return Self::Off;
        }
        if headers::cache_control(headers, "no-store") {
            return Self::Bypass(None);
        }
        let request = CacheRequest {
            route: context.path(),
            conversation,
            language: context.request.language,
            api_key: headers::api_key(headers, &app.config.api_keys).map(Secret::expose),
        };
        let key = CacheKey::new(app, &request);
        if headers::cache_control(headers, "no-cache") {
            return Self::Bypass(Some(key));
        }
        match key.load(host).await {
            Some(cached) => Self::Hit(cached),
            None => Self::Miss(key),
        }
    }

    /// The `x-cache` header, where the cache is on.
    const fn header(&self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Bypass(_) => Some("bypass"),
            Self::Hit(_) => Some("hit"),
            Self::Miss(_) => Some("miss"),
        }
    }
}

/// Gives the cached answer, or a new one, which is cached unless the local backend replaced a model.
async fn perform<T: Task, H: Host, S: Sink>(
    operation: Operation<'_, H, S>,
    task: &T,
    cache: Cache,
) -> Result<Success, Problem> {
    let Operation { host, app, request, sink, provenance } = operation;
    let language = request.language;
    let key = match cache {
        Cache::Off => None,
        Cache::Bypass(key) => key,
        Cache::Miss(key) => Some(key),
        Cache::Hit(cached) => {
            provenance.cached = true;
            provenance.backend = Some(cached.backend);
            provenance.model = Some(cached.model);
            sink.delta(&cached.data.to_string());
            return Ok(T::success(cached.data, cached.meta, language));
        }
    };
    let performed = task.perform(Operation { host, app, request, sink, provenance: &mut *provenance }).await;
    let (data, meta) = performed.map_err(|error| Problem::from_plan(error, &app.config))?;
    if let (Some(mut key), Some(backend), Some(model), false) =
        (key, &provenance.backend, &provenance.model, provenance.degraded)
    {
        let answer =
            CachedAnswer { data: data.clone(), meta: meta.clone(), backend: backend.clone(), model: model.clone() };
        key.save(host, app.config.cache_ttl, answer).await;
    }
    Ok(T::success(data, meta, language))
}
