//! Building requests to model servers.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use url::Url;

use crate::variable::{ConfigError, Setting};

/// The URL with another path and the same query; `None` where it is too long.
pub(super) fn with_path(url: &Url, path: &str) -> Option<Uri> {
    let mut url = url.clone();
    url.set_path(path);
    url.set_fragment(None);
    Uri::try_from(url.as_str()).ok()
}

/// The value of the header with a key, after `prefix`; `None` for an empty key.
pub(super) fn key_header(prefix: &str, key: &Setting) -> Result<Option<HeaderValue>, ConfigError> {
    if key.text().is_empty() {
        return Ok(None);
    }
    let is_plain = key.text().bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let value = HeaderValue::try_from(format!("{prefix}{}", key.text())).ok().filter(|_| is_plain);
    let mut value = value.ok_or_else(|| key.error("must consist of visible ASCII characters"))?;
    // No `Debug` shows it.
    value.set_sensitive(true);
    Ok(Some(value))
}

/// A `POST` of JSON for an answer of the type `accept`.
pub(super) fn post(url: &Uri, accept: &'static str, body: Vec<u8>) -> Request<Vec<u8>> {
    request(Method::POST, url, [(CONTENT_TYPE, "application/json"), (ACCEPT, accept)], body)
}

/// A `GET` of JSON.
pub(super) fn get(url: &Uri) -> Request<Vec<u8>> {
    request(Method::GET, url, [(ACCEPT, "application/json")], Vec::new())
}

/// The request with the header `name`, if there is a value.
pub(super) fn with_header(
    mut request: Request<Vec<u8>>,
    name: HeaderName,
    value: Option<&HeaderValue>,
) -> Request<Vec<u8>> {
    if let Some(value) = value {
        request.headers_mut().insert(name, value.clone());
    }
    request
}

fn request<const N: usize>(
    method: Method,
    url: &Uri,
    headers: [(HeaderName, &'static str); N],
    body: Vec<u8>,
) -> Request<Vec<u8>> {
    // The builder would return an error that cannot occur.
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = url.clone();
    *request.headers_mut() = HeaderMap::from_iter(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
    request
}
