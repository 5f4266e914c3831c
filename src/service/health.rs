//! Whether the configured backends are usable.

use std::time::Duration;

use futures_util::future::join_all;

use super::upstream::fetch;
use super::{App, RequestContext};
use crate::host::{Host, within};
use crate::model::{Backend, Failure, Server};

/// Time for a backend's answer.
const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// Why a backend is not usable now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// A variable is missing: its name.
    #[error("{0} is not set")]
    NotConfigured(&'static str),
    /// The call failed.
    #[error("{0}")]
    Failed(#[from] Failure),
    /// It has none of the configured models.
    #[error("none of the configured models is installed")]
    NoModel,
}

/// Checks all configured backends at once, by name: whether each answers and has a configured model.
pub async fn probe<H: Host>(
    host: &H,
    app: &App,
    context: &RequestContext,
) -> Vec<(&'static str, Result<(), Unusable>)> {
    // The local fallback replaces a backend; it does not make one usable.
    let fallback = app.config.fallback.filter(|backend| *backend != Backend::Local);
    let mut unique: Vec<Backend> = Vec::new();
    for backend in app.config.chain.iter().copied().chain(fallback) {
        if !unique.contains(&backend) {
            unique.push(backend);
        }
    }
    let checks = unique.into_iter().map(async |backend| {
        let check = match app.config.server(backend) {
            None => Ok(()),
            Some(server) => {
                let checked = within(host, PROBE_LIMIT, check(host, context, server)).await;
                checked.unwrap_or(Err(Unusable::Failed(Failure::Timeout)))
            }
        };
        (app.config.name(backend), check)
    });
    join_all(checks).await
}

async fn check<H: Host>(host: &H, context: &RequestContext, server: &Server) -> Result<(), Unusable> {
    if let Some(variable) = server.missing_variable() {
        return Err(Unusable::NotConfigured(variable));
    }
    let list = fetch(host, context, server.models_request()).await?;
    if server.has_model(&list)? { Ok(()) } else { Err(Unusable::NoModel) }
}
