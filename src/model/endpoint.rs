//! The address of a model server, checked once.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header, uri::PathAndQuery};

/// Why a configured address or key cannot be used; says what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not an absolute URL.
    #[error("must be an http:// or https:// URL with a host and without a user name")]
    Url,
    /// An Ollama URL that names neither of its two APIs.
    #[error("must end in /api/generate or /api/chat, or be an origin alone")]
    OllamaPath,
    /// A key that no header can carry.
    #[error("must consist of visible ASCII characters")]
    ApiKey,
}

/// Reads an absolute `http` or `https` URL.
pub(super) fn parse_url(text: &str) -> Result<Uri, EndpointError> {
    let url: Uri = text.trim().parse().map_err(|_| EndpointError::Url)?;
    let authority = url.authority().ok_or(EndpointError::Url)?;
    // What is neither the host nor a port is a user name: it ends up in logs, and hosts differ in what they make of it.
    let is_plain = match authority.port_u16() {
        Some(port) => authority.as_str() == format!("{}:{port}", authority.host()),
        None => authority.as_str() == authority.host(),
    };
    let is_usable = matches!(url.scheme_str(), Some("http" | "https")) && is_plain && !authority.host().is_empty();
    if is_usable { Ok(url) } else { Err(EndpointError::Url) }
}

/// The same URL with another path; its query stays.
pub(super) fn with_path(url: &Uri, path: &str) -> Result<Uri, EndpointError> {
    let target = match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = url.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target).map_err(|_| EndpointError::Url)?);
    Uri::from_parts(parts).map_err(|_| EndpointError::Url)
}

/// The URL's path without slashes at its end; empty for an origin alone.
pub(super) fn path(url: &Uri) -> &str {
    url.path().trim_end_matches('/')
}

/// A `POST` of JSON that asks for an answer of the type `accept`.
pub(super) fn post(url: &Uri, accept: &'static str, body: Vec<u8>) -> Request<Vec<u8>> {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::ACCEPT, accept)];
    request(Method::POST, url, headers.map(|(name, value)| (name, HeaderValue::from_static(value))), body)
}

/// A `GET` of JSON.
pub(super) fn get(url: &Uri) -> Request<Vec<u8>> {
    request(Method::GET, url, [(header::ACCEPT, HeaderValue::from_static("application/json"))], Vec::new())
}

fn request<const N: usize>(
    method: Method,
    url: &Uri,
    headers: [(HeaderName, HeaderValue); N],
    body: Vec<u8>,
) -> Request<Vec<u8>> {
    // Assembled by hand: the builder would return an error that cannot be.
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = url.clone();
    *request.headers_mut() = HeaderMap::from_iter(headers);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_http_urls_are_addresses() {
        let check = |text: &str, expect: bool| assert_eq!(parse_url(text).is_ok(), expect, "{text:?}");
        check("http://localhost:11434", true);
        check(" https://models.example/api/chat?tenant=7 ", true);
        check("http://[::1]:11434/", true);
        check("", false);
        check("localhost:11434", false);
        check("/api/chat", false);
        check("ftp://localhost/", false);
        check("http://", false);
        check("http://:80/", false);
        check("http://user:password@localhost/", false);
        check("http://local host/", false);
        check("http://localhost:port/", false);
        check("http://localhost:65536/", false);
        check("http://user@localhost:80/", false);
        check("*", false);
    }
}
