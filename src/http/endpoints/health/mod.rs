//! `GET /health`: the service's status.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::config::ConfigError;
use crate::host::Host;
use crate::http::openapi::{DocumentError, Examples, fill, reference};
use crate::http::problem::Problem;
use crate::http::request::Call;
use crate::http::response::Answer;
use crate::language::Language;
use crate::service::{self, Provenance, Unusable};

pub(super) const PATHS: &[&str] = &["/health"];
pub(super) const METHODS: &str = super::GET;

/// Answers from the configuration alone, or, with `?probe=true`, from a check of every configured backend.
pub(super) async fn answer<H: Host, B>(call: Call<'_, H, B>) -> Result<Answer, Problem> {
    let Call { host, app, context, parts, .. } = call;
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            return Answer::json(StatusCode::SERVICE_UNAVAILABLE, &misconfigured(error, context.request.language));
        }
    };
    let config = &app.config;
    let (backend, model) = config.first();
    let mut provenance = Provenance::default();
    let query = parts.uri.query().unwrap_or_default();
    let checks = if query.split('&').any(|pair| matches!(pair, "probe=true" | "probe=1")) {
        let started = host.now();
        let checks = service::probe(host, app, &context.request).await;
        provenance.upstream = host.now().saturating_sub(started);
        Some(checks)
    } else {
        None
    };
    let is_healthy = checks.as_ref().is_none_or(|checks| checks.iter().any(|(_, check)| check.is_ok()));
    let health = Health {
        status: if is_healthy { "healthy" } else { "unhealthy" },
        version: env!("CARGO_PKG_VERSION"),
        backend,
        model,
        fallback: config.fallback.map(|fallback| config.name(fallback)),
        checks: checks.map(|checks| checks.iter().map(|(backend, check)| (*backend, Check::new(check))).collect()),
    };
    let status = if is_healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(Answer { provenance, ..Answer::json(status, &health)? })
}

/// The answer.
#[derive(Serialize)]
struct Health<'a> {
    status: &'static str,
    version: &'static str,
    backend: &'static str,
    model: &'a str,
    fallback: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<BTreeMap<&'static str, Check>>,
}

/// The check of one backend.
#[derive(Serialize)]
struct Check {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Check {
    fn new(check: &Result<(), Unusable>) -> Self {
        match check {
            Ok(()) => Self { status: "ok", detail: None },
            Err(unusable) => Self { status: "error", detail: Some(unusable.to_string()) },
        }
    }
}

/// The answer where a variable does not parse.
fn misconfigured(error: &ConfigError, language: Language) -> Value {
    let problem = Problem::from(error);
    json!({
        "status": "unhealthy",
        "version": env!("CARGO_PKG_VERSION"),
        "message": problem.message(language),
        "error": problem.body(),
    })
}

pub(super) fn describe(fragment: &mut Value, examples: &Examples<'_>) -> Result<(), DocumentError> {
    const PROPERTIES: &str = "/schemas/Health/properties";
    const RESPONSES: &str = "/paths/~1health/get/responses";
    let names = || examples.backend_names().map(Value::from);
    let checks = examples.backend_names().map(|name| (name.to_owned(), reference("schemas", "Check")));
    fill(fragment, &format!("{PROPERTIES}/backend/enum"), names().collect())?;
    fill(fragment, &format!("{PROPERTIES}/fallback/enum"), names().chain([Value::Null]).collect())?;
    fill(fragment, &format!("{PROPERTIES}/checks/properties"), checks.collect())?;
    let error = ConfigError { variable: "locale", expected: "expected one of fr, en".to_owned() };
    let misconfigured = misconfigured(&error, examples.config.locale);
    fill(fragment, &format!("{RESPONSES}/503/content/application~1json/examples/misconfigured/value"), misconfigured)?;
    for (status, example) in [(200, "configured"), (200, "probed"), (503, "unhealthy")] {
        let place = format!("{RESPONSES}/{status}/content/application~1json/examples/{example}/value/version");
        fill(fragment, &place, env!("CARGO_PKG_VERSION").into())?;
    }
    Ok(())
}
