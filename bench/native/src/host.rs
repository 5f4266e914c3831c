//! The host, with tokio and reqwest.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use support_ticket_ai::host::{Host, SendError, StoreError};

/// Cached answers by key.
type Store = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// One client for all requests, to reuse its connections.
#[derive(Clone)]
pub struct NativeHost {
    client: reqwest::Client,
    kept: Option<Store>,
    random: RandomState,
}

impl NativeHost {
    /// A host that keeps answers if `BENCH_STORE` is `memory`.
    pub fn new() -> reqwest::Result<Self> {
        let kept = std::env::var_os("BENCH_STORE").is_some_and(|store| store == "memory").then(Arc::default);
        Ok(Self { client: reqwest::Client::builder().no_proxy().build()?, kept, random: RandomState::new() })
    }
}

impl Host for NativeHost {
    type Body = reqwest::Body;

    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<reqwest::Body>, SendError> {
        let request = request.try_into().map_err(|_| SendError::Connection)?;
        let response = self.client.execute(request).await;
        response
            .map(Into::into)
            .map_err(|error| if error.is_timeout() { SendError::Timeout } else { SendError::Connection })
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        static ZERO: OnceLock<Instant> = OnceLock::new();
        ZERO.get_or_init(Instant::now).elapsed()
    }

    fn wall_clock(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self) -> u64 {
        // A keyed hash of the time: not for secrets.
        self.random.hash_one((self.now(), std::thread::current().id()))
    }

    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let kept = self.kept.as_ref().ok_or(StoreError)?;
        Ok(kept.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    async fn store(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let kept = self.kept.as_ref().ok_or(StoreError)?;
        kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), value.to_vec());
        Ok(())
    }
}
