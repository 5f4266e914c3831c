//! Support Ticket AI: turns a customer's message into a structured ticket and the next question.
//!
//! The entry point is `handle`, below. From there inwards: `http`, `service` (what is done for a caller), then what that
//! uses: `ticket`, `prompt`, `privacy`, `local`, `model`, `host`. `ARCHITECTURE.md` has the map, a request's journey and
//! the table of dependencies.
// The workspace can only deny it, because the adapter holds generated code. Here nothing may allow it again.
#![forbid(unsafe_code)]

mod body;
pub mod config;
pub mod conversation;
pub mod guard;
pub mod host;
pub mod http;
pub mod language;
pub mod local;
pub mod log;
pub mod model;
pub mod privacy;
pub mod prompt;
pub mod service;
pub mod text;
pub mod ticket;
mod variable;

/// The component's entry point. It never fails: an `Err` would become the host's own HTML page.
#[cfg(target_family = "wasm")]
#[spin_sdk::http_service]
async fn handle(request: spin_sdk::http::Request) -> ::http::Response<http::Body> {
    http::handle(host::spin::SpinHost, app().await, request).await
}

/// The configured service: read once per instance, and again as long as the configuration has errors.
#[cfg(target_family = "wasm")]
async fn app() -> Result<std::sync::Arc<service::App>, config::ConfigError> {
    use std::sync::{Arc, Mutex, PoisonError};

    static APP: Mutex<Option<Arc<service::App>>> = Mutex::new(None);
    if let Some(app) = APP.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        return Ok(Arc::clone(app));
    }
    let config = configuration().await;
    // Requests are logged even while the configuration has errors; the level is not known then.
    log::start(config.as_ref().map_or(tracing::Level::INFO, |config| config.log_level));
    let app = Arc::new(service::App::new(config?));
    *APP.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&app));
    Ok(app)
}

#[cfg(target_family = "wasm")]
async fn configuration() -> Result<config::Config, config::ConfigError> {
    let mut values = std::collections::BTreeMap::new();
    for config::Variable { name, .. } in config::VARIABLES {
        match host::spin::variable(name).await {
            Ok(value) => values.extend(value.map(|value| (*name, value))),
            Err(error) => return Err(config::ConfigError { variable: name, expected: error.to_string() }),
        }
    }
    config::Config::parse(|name| values.get(name).cloned())
}
