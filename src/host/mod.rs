//! What the service asks of the machine it runs on: few operations, no policy.

use std::future::Future;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

/// A host: Spin, a plain WASI host, or a script in a test.
///
/// Dropping a future that one of these returned cancels what it was doing.
pub trait Host {
    /// The body of an upstream's answer.
    type Body: http_body::Body<Data = Bytes> + Unpin;

    /// Sends a request and answers with the response's head, the body still to be read.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> impl Future<Output = Result<http::Response<Self::Body>, SendError>>;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()>;

    /// Time since some fixed moment; never goes back.
    fn now(&self) -> Duration;

    /// The time of day, for dates in headers.
    fn wall_clock(&self) -> SystemTime;

    /// Unpredictable bits.
    fn random(&self) -> u64;

    /// What the key-value store holds under `key`.
    fn load(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>>;

    /// Puts a value into the key-value store.
    fn store(&self, key: &str, value: &[u8]) -> impl Future<Output = Result<(), StoreError>>;
}

/// Why no response came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The host's policy forbids this destination.
    #[error("the host does not allow this destination")]
    Denied,
    /// The server could not be reached, or broke the connection.
    #[error("the connection failed")]
    Connection,
    /// The host's own limit passed.
    #[error("the host gave the call up")]
    Timeout,
}

/// The key-value store is absent or failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key-value store is not available")]
pub struct StoreError;

#[cfg(test)]
pub(crate) mod fake;
