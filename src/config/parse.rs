//! From texts to the typed configuration.

use std::time::Duration;

use super::{Config, ConfigError, CorsOrigins, LOCAL, RedactPii, Secret, VARIABLES};
use crate::language::Language;
use crate::model::{Backend, Server};
use crate::ticket::{Confidence, Schema};
use crate::variable::{Setting, origin};

/// Longest deadline, in seconds: hosts drop a request after 600 s whatever the component does.
const MAX_TIMEOUT_SECONDS: f64 = 600.0;
/// Most upstream calls of one request: more would only add load to servers that fail.
const MAX_ATTEMPTS: u64 = 100;
/// Largest limit on a request body, in bytes: an instance addresses 4 GiB, so that each of its sixteen requests may hold
/// its body sixteen times over.
const MAX_BODY_BYTES: u64 = 16 * 1024 * 1024;
/// Longest life of a cached answer, in seconds: thirty days.
const MAX_CACHE_TTL_SECONDS: u64 = 30 * 24 * 3600;

impl Config {
    /// Parses every variable; `lookup` returns `None` for one that is not set.
    ///
    /// # Errors
    /// [`ConfigError`] for a variable whose value does not parse.
    ///
    /// ```
    /// use support_ticket_ai::config::Config;
    /// assert!(Config::parse(|_| None).is_ok());
    /// let error = Config::parse(|name| (name == "locale").then(|| "xx".to_owned())).unwrap_err();
    /// assert_eq!(error.variable, "locale");
    /// ```
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let setting = |name| Setting::new(VARIABLES, name, &lookup);
        let mut settings = String::new();
        for variable in VARIABLES.iter().filter(|variable| !variable.secret) {
            settings.push_str(setting(variable.name).text());
            settings.push('\0');
        }
        let servers = Server::all(&setting)?;
        Ok(Self {
            chain: chain(&servers, &setting("model_backend"))?,
            fallback: setting("fallback_backend").optional(|setting| fallback(&servers, setting))?,
            servers,
            timeout: seconds(&setting("timeout_seconds"))?,
            max_attempts: setting("max_attempts").whole(1, MAX_ATTEMPTS)?,
            cors_origins: cors_origins(&setting("cors_origins"))?,
            api_keys: setting("api_keys").list().map(|key| Secret::new(key.to_owned())).collect(),
            schema: schema(&setting("ticket_schema"))?,
            max_body_bytes: setting("max_body_bytes").whole(1, MAX_BODY_BYTES)?,
            cache_ttl: Duration::from_secs(setting("cache_ttl_seconds").whole(0, MAX_CACHE_TTL_SECONDS)?),
            redact_pii: setting("redact_pii").one_of(&[
                ("cloud", RedactPii::Cloud),
                ("always", RedactPii::Always),
                ("never", RedactPii::Never),
            ])?,
            review_below: setting("review_below")
                .optional(|text| text.one_of(&[("low", Confidence::Low), ("medium", Confidence::Medium)]))?,
            log_level: setting("log_level").one_of(&[
                ("error", tracing::Level::ERROR),
                ("warn", tracing::Level::WARN),
                ("info", tracing::Level::INFO),
                ("debug", tracing::Level::DEBUG),
                ("trace", tracing::Level::TRACE),
            ])?,
            log_content: setting("log_content").one_of(&[
                ("true", true),
                ("false", false),
                ("1", true),
                ("0", false),
            ])?,
            locale: setting("locale").one_of(&Language::ALL.map(|locale| (locale.tag(), locale)))?,
            settings,
        })
    }
}

/// A number of seconds.
fn seconds(setting: &Setting) -> Result<Duration, ConfigError> {
    let seconds = setting.text().parse::<f64>().ok().filter(|seconds| (0.1..=MAX_TIMEOUT_SECONDS).contains(seconds));
    let expected = || setting.error(format!("expected a number of seconds from 0.1 to {MAX_TIMEOUT_SECONDS}"));
    seconds.map(Duration::from_secs_f64).ok_or_else(expected)
}

/// The backend of that name.
fn backend(servers: &[Server], name: &str) -> Option<Backend> {
    let index = servers.iter().position(|server| server.name().eq_ignore_ascii_case(name)).map(Backend::Server);
    index.or_else(|| name.eq_ignore_ascii_case(LOCAL).then_some(Backend::Local))
}

/// The names of all backends: `a, b or local`.
fn names(servers: &[Server]) -> String {
    let names: Vec<&str> = servers.iter().map(Server::name).collect();
    format!("{} or {LOCAL}", names.join(", "))
}

fn chain(servers: &[Server], setting: &Setting) -> Result<Vec<Backend>, ConfigError> {
    let chain: Option<Vec<Backend>> = setting.list().map(|name| backend(servers, name)).collect();
    let expected = || setting.error(format!("expected {}, or a comma list of them", names(servers)));
    chain.filter(|chain| !chain.is_empty()).ok_or_else(expected)
}

fn fallback(servers: &[Server], setting: &Setting) -> Result<Backend, ConfigError> {
    let expected = || setting.error(format!("expected {} or nothing", names(servers).replace(" or ", ", ")));
    backend(servers, setting.text()).ok_or_else(expected)
}

fn cors_origins(setting: &Setting) -> Result<CorsOrigins, ConfigError> {
    if setting.list().any(|item| item == "*") {
        return Ok(CorsOrigins::Any);
    }
    let origins: Option<Vec<String>> =
        setting.list().map(|item| origin(item).map(|url| url.origin().ascii_serialization())).collect();
    let expected = || setting.error("expected *, or a comma list of origins such as https://desk.example.com");
    origins.map(CorsOrigins::Listed).ok_or_else(expected)
}

fn schema(setting: &Setting) -> Result<Schema, ConfigError> {
    let schema = if setting.text().is_empty() { Schema::built_in() } else { Schema::parse(setting.text()) };
    schema.map_err(|error| setting.error(format!("expected a flat JSON Schema; {error}")))
}
