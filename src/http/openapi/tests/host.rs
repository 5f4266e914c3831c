//! A service without reachable model servers.

use http::{HeaderMap, Request, StatusCode};

use crate::config::Config;
use crate::host::SendError;
use crate::host::fake::Reply as Upstream;
use crate::http::tests::Client;

/// An answer, read to its end.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// A valid configuration: the defaults but for `settings`.
pub(super) fn config(settings: &[(&str, &str)]) -> Config {
    Config::parse(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())).unwrap()
}

/// The answer of a service with these settings.
pub(super) fn ask(settings: &[(&str, &str)], request: Request<String>) -> Reply {
    let seen = Client::new(settings, |_| Upstream::error(SendError::Connection)).send(request);
    Reply { status: seen.status, headers: seen.headers, body: seen.text }
}
