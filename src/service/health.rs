//! Whether the configured backends can be used.

use std::time::Duration;

use futures_util::future::join_all;

use super::upstream::{read, send, within};
use super::{App, RequestContext};
use crate::host::Host;
use crate::model::{Backend, Failure, Provider, mistral, ollama};

/// How long a backend has to say that it is there.
const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// Why a backend is not usable now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It lacks its key.
    #[error("{}_api_key is not set", .0.name())]
    NotConfigured(Provider),
    /// It did not answer as it should.
    #[error("{0}")]
    Failed(#[from] Failure),
    /// It has none of the configured models.
    #[error("none of the configured models is installed")]
    NoModel,
}

/// Asks every configured backend, all at once, whether it is there and has a configured model.
pub async fn probe<H: Host>(host: &H, app: &App, visit: &RequestContext) -> Vec<(Backend, Result<(), Unusable>)> {
    // A local fallback stands in for a backend; it does not make one usable.
    let fallback = app.config.fallback.filter(|backend| *backend != Backend::Local);
    let mut unique: Vec<Backend> = Vec::new();
    for backend in app.config.chain.iter().copied().chain(fallback) {
        if !unique.contains(&backend) {
            unique.push(backend);
        }
    }
    let checks = unique.into_iter().map(async |backend| {
        let check = match backend {
            Backend::Local => Ok(()),
            Backend::Server(provider) => {
                let asked = within(host, PROBE_LIMIT, ask(host, app, visit, provider)).await;
                asked.unwrap_or(Err(Unusable::Failed(Failure::Timeout)))
            }
        };
        (backend, check)
    });
    join_all(checks).await
}

async fn ask<H: Host>(host: &H, app: &App, visit: &RequestContext, provider: Provider) -> Result<(), Unusable> {
    if !app.config.is_configured(provider) {
        return Err(Unusable::NotConfigured(provider));
    }
    let request = match provider {
        Provider::Ollama => ollama::tags_request(&app.config.ollama.endpoint),
        Provider::Mistral => mistral::models_request(&app.config.mistral.endpoint),
    };
    let (head, body) = send(host, visit, request).await?.into_parts();
    let body = read(body).await?;
    let (status, headers, now) = (head.status.as_u16(), &head.headers, host.wall_clock());
    let models = app.config.models(provider);
    let usable = match provider {
        Provider::Ollama => {
            let installed = ollama::parse_tags(status, headers, &body, now)?;
            models.iter().any(|model| installed.contains(&ollama::with_tag(model)))
        }
        Provider::Mistral => {
            let offered = mistral::parse_models(status, headers, &body, now)?;
            models.iter().any(|model| offered.contains(model))
        }
    };
    if usable { Ok(()) } else { Err(Unusable::NoModel) }
}
