//! The shell: the host's interfaces on one side, the core on the other, and no decision between them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use spin_sdk::http::{FullBody, Request};
use spin_sdk::http_service;
use spin_sdk::key_value::Store;
use spin_sdk::wasip3::http::types::ErrorCode;
use spin_sdk::wasip3::http_compat::IncomingResponseBody;

use crate::config::{Config, ConfigError, VARIABLES};
use crate::host::{Host, SendError, StoreError};
use crate::log;
use crate::service::App;

#[http_service]
async fn handle(request: Request) -> http::Response<crate::http::Body> {
    crate::http::handle(SpinHost, app().await, request).await
}

/// What was read from the configuration, kept for the instance's life.
static APP: Mutex<Option<Arc<App>>> = Mutex::new(None);

/// The configured service: read once an instance, and again after a fault that may pass.
async fn app() -> Result<Arc<App>, ConfigError> {
    if let Some(app) = APP.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        return Ok(Arc::clone(app));
    }
    let config = configuration().await;
    // Requests are noted also while a variable does not parse; which level is wanted is not known then.
    log::start(config.as_ref().map_or(tracing::Level::INFO, |config| config.log_level));
    let app = Arc::new(App::new(config?));
    *APP.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&app));
    Ok(app)
}

async fn configuration() -> Result<Config, ConfigError> {
    let mut values = Vec::with_capacity(VARIABLES.len());
    for variable in VARIABLES {
        match spin_sdk::variables::get(variable.name).await {
            Ok(value) => values.push((variable.name, value)),
            Err(spin_sdk::variables::Error::Undefined(_)) => {}
            Err(_) => {
                let expected = "the host's variables provider could not read it".to_owned();
                return Err(ConfigError { variable: variable.name, expected });
            }
        }
    }
    Config::parse(|name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()))
}

/// The machine as WASI and Spin show it.
#[derive(Clone, Copy)]
struct SpinHost;

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
        // The monotonic clock's own zero is as good as any.
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
        let store = Store::open_default().await.map_err(missing)?;
        store.get(key).await.map_err(missing)
    }

    async fn store(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let store = Store::open_default().await.map_err(missing)?;
        store.set(key, value).await.map_err(missing)
    }
}

/// Notes, once an instance, that answers cannot be kept.
fn missing(error: spin_sdk::key_value::Error) -> StoreError {
    static NOTED: std::sync::Once = std::sync::Once::new();
    NOTED.call_once(|| tracing::warn!(event = "cache_unavailable", reason = %error));
    StoreError
}
