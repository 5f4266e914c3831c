//! The real host: WASI and Spin.

use std::time::{Duration, Instant, SystemTime};

use spin_sdk::http::FullBody;
use spin_sdk::key_value::Store;
use spin_sdk::variables;
use spin_sdk::wasip3::http::types::ErrorCode;
use spin_sdk::wasip3::http_compat::IncomingResponseBody;

use super::{Host, SendError, StoreError, VariableError};

/// Reads a variable; `None` where the manifest does not declare it.
///
/// # Errors
/// [`VariableError`] where the host's variables provider fails.
pub async fn variable(name: &str) -> Result<Option<String>, VariableError> {
    match variables::get(name).await {
        Ok(value) => Ok(Some(value)),
        Err(variables::Error::Undefined(_)) => Ok(None),
        Err(_) => Err(VariableError),
    }
}

/// The host that runs the component.
#[derive(Clone, Copy)]
pub struct SpinHost;

impl Host for SpinHost {
    type Body = IncomingResponseBody;

    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Self::Body>, SendError> {
        let request = request.map(|body| FullBody::new(bytes::Bytes::from(body)));
        spin_sdk::http::send(request).await.map_err(|code| match code {
            ErrorCode::HttpRequestDenied | ErrorCode::DestinationIpProhibited => SendError::Denied,
            ErrorCode::ConnectionTimeout | ErrorCode::ConnectionReadTimeout | ErrorCode::HttpResponseTimeout => {
                SendError::Timeout
            }
            _ => SendError::Connection,
        })
    }

    async fn sleep(&self, duration: Duration) {
        spin_sdk::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        // Any fixed moment will do.
        static ZERO: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        ZERO.get_or_init(Instant::now).elapsed()
    }

    fn wall_clock(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self) -> u64 {
        spin_sdk::wasip3::random::random::get_random_u64()
    }

    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let store = Store::open_default().await.map_err(unavailable)?;
        store.get(key).await.map_err(unavailable)
    }

    async fn store(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let store = Store::open_default().await.map_err(unavailable)?;
        store.set(key, value).await.map_err(unavailable)
    }
}

/// Logs once per instance that the cache is unavailable.
fn unavailable(error: spin_sdk::key_value::Error) -> StoreError {
    static NOTED: std::sync::Once = std::sync::Once::new();
    NOTED.call_once(|| tracing::warn!(event = "cache_unavailable", reason = %error));
    StoreError
}
