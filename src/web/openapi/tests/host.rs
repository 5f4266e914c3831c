//! A host on which every model server is out of reach, and a service on it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};

use crate::config::{Config, ConfigError};
use crate::host::{Host, SendError};
use crate::service::App;
use crate::web::{Body, handle};

#[derive(Clone)]
struct Nowhere;

impl Host for Nowhere {
    type Body = Body;

    async fn send(&self, _: Request<Vec<u8>>) -> Result<Response<Body>, SendError> {
        Err(SendError::Connection)
    }

    /// Never over: nothing here takes time, and a limit must not pass before the work is done.
    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }

    fn now(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn wall_clock(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn random(&self) -> u64 {
        4
    }
}

/// An answer, read to its end.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

fn parsed(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::parse(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

/// A valid configuration: the defaults but for `settings`.
pub(super) fn config(settings: &[(&str, &str)]) -> Config {
    parsed(settings).unwrap()
}

/// What a service with these settings answers.
pub(super) fn ask(settings: &[(&str, &str)], request: Request<String>) -> Reply {
    let app = parsed(settings).map(|config| Arc::new(App::new(config)));
    let request = request.map(|body| Body::Full(Some(Bytes::from(body))));
    let (head, mut body) = now(handle(Nowhere, app, request)).into_parts();
    let mut bytes = Vec::new();
    while let Some(Some(chunk)) = now(crate::body::next_chunk(&mut body)) {
        bytes.extend_from_slice(&chunk);
    }
    Reply { status: head.status, headers: head.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
}

/// Runs what has nothing to wait for.
fn now<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("there is something to wait for"),
    }
}
