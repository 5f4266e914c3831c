//! The interface to the host: a few operations, no policy.

#[cfg(test)]
pub(crate) mod fake;
#[cfg(target_family = "wasm")]
pub mod spin;

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::future::{Either, select};

/// A host: Spin, a plain WASI host, or a script in a test.
///
/// Dropping a returned future cancels its operation.
pub trait Host {
    /// The body of an upstream's response.
    type Body: http_body::Body<Data = Bytes> + Unpin;

    /// Sends a request and returns the response, its body still to be read.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> impl Future<Output = Result<http::Response<Self::Body>, SendError>>;

    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()>;

    /// Time since a fixed moment; it never decreases.
    fn now(&self) -> Duration;

    /// The time of day, for dates in headers.
    fn wall_clock(&self) -> SystemTime;

    /// Unpredictable bits.
    fn random(&self) -> u64;

    /// Reads a value from the key-value store.
    fn load(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>>;

    /// Writes a value to the key-value store.
    fn store(&self, key: &str, value: &[u8]) -> impl Future<Output = Result<(), StoreError>>;
}

/// Runs `work` for at most `limit`; `None` where it takes longer. What it still waits for is cancelled then.
pub(crate) async fn within<H: Host, T>(host: &H, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(host.sleep(limit))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), _)) => None,
    }
}

/// Why a request got no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The host's policy forbids this destination.
    #[error("the host does not allow this destination")]
    Denied,
    /// The server could not be reached, or broke the connection.
    #[error("the connection failed")]
    Connection,
    /// The host's own time limit passed.
    #[error("the host's time limit passed")]
    Timeout,
}

/// The key-value store is absent or failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key-value store is not available")]
pub struct StoreError;

/// The host's variables provider could not read a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the host's variables provider could not read it")]
pub struct VariableError;
