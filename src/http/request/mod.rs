//! Requests: what reaches an endpoint, and admission.

pub(super) mod fields;
pub(super) mod headers;
mod json;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;

pub(super) use json::escape;

use super::Context;
use super::problem::Problem;
use crate::body::{BodyError, whole};
use crate::config::ConfigError;
use crate::host::{Host, within};
use crate::service::App;
use crate::service::cache::sha256;

/// Hexadecimal digits of an API key's digest in the log: enough to tell callers apart, too few to guess a key.
const CALLER_CHARS: usize = 8;

/// A request on its way to its endpoint.
pub(super) struct Call<'a, H, B> {
    pub(super) host: &'a H,
    /// The configured service, or the error in its configuration.
    pub(super) app: &'a Result<Arc<App>, ConfigError>,
    pub(super) context: &'a mut Context,
    pub(super) parts: &'a Parts,
    pub(super) body: B,
}

impl<'a, H, B> Call<'a, H, B> {
    /// The configured service.
    ///
    /// # Errors
    /// [`Problem::InvalidConfiguration`].
    pub(super) fn app(&self) -> Result<&'a Arc<App>, Problem> {
        self.app.as_ref().map_err(Problem::from)
    }
}

/// Admits a request by its key, media type and size, in this order, and gives back its body.
///
/// Caller and body digest are noted in the context as soon as they are known: refused requests are logged as well.
pub(super) async fn admit<H, B>(
    host: &H,
    app: &App,
    context: &mut Context,
    parts: &Parts,
    body: B,
) -> Result<Vec<u8>, Problem>
where
    H: Host,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let config = &app.config;
    let key = headers::api_key(&parts.headers, &config.api_keys);
    if !config.api_keys.is_empty() && key.is_none() {
        return Err(Problem::Unauthorized);
    }
    context.identity.caller = key.map(|key| sha256(key.expose().as_bytes()).chars().take(CALLER_CHARS).collect());
    if !headers::is_json(&parts.headers) {
        return Err(Problem::UnsupportedMediaType);
    }
    let left = config.timeout.saturating_sub(context.request.elapsed(host));
    let read = within(host, left, whole(body, config.max_body_bytes)).await.ok_or(Problem::RequestTimeout)?;
    let bytes = read.map_err(|error| match error {
        BodyError::TooLarge => Problem::BodyTooLarge { limit: config.max_body_bytes },
        BodyError::Interrupted => Problem::InvalidJson { reason: "the body broke off".to_owned(), line: 1, column: 1 },
    })?;
    context.identity.input_sha256 = Some(sha256(&bytes));
    Ok(bytes)
}
