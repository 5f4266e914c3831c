//! From texts to the typed configuration.

use std::str::FromStr;
use std::time::Duration;

use http::Uri;

use super::{Config, ConfigError, CorsOrigins, Mistral, Ollama, RedactPii, Secret, VARIABLES};
use crate::language::Language;
use crate::model::{Backend, EndpointError, mistral, ollama};
use crate::ticket::{Confidence, Schema};

/// Longest deadline, in seconds: hosts drop a request after 600 s whatever the component does.
const MAX_TIMEOUT_SECONDS: f64 = 600.0;
/// Most upstream calls of one request: beyond it a fault would be hammered, not survived.
const MAX_ATTEMPTS: u64 = 100;
/// Largest limit on a request body, in bytes: an instance addresses 4 GiB, so that each of its sixteen requests may hold
/// its body sixteen times over.
const MAX_BODY_BYTES: u64 = 16 * 1024 * 1024;
/// Least context length, in tokens, that the instructions and an answer fit.
const MIN_NUM_CTX: u64 = 512;
/// Longest life of a cached answer, in seconds: thirty days.
const MAX_CACHE_TTL_SECONDS: u64 = 30 * 24 * 3600;

impl Config {
    /// Parses every variable; `lookup` answers `None` for one that nobody set.
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
        let read = |name: &'static str| -> Result<Text, ConfigError> {
            let variable = VARIABLES.iter().find(|variable| variable.name == name);
            let value = lookup(name).unwrap_or_else(|| variable.map_or("", |v| v.default).to_owned());
            Ok(Text { name, value: value.trim().to_owned() })
        };
        let mut settings = String::new();
        for variable in VARIABLES.iter().filter(|variable| !variable.secret) {
            settings.push_str(&read(variable.name)?.value);
            settings.push('\0');
        }
        let num_ctx = read("ollama_num_ctx")?.whole(MIN_NUM_CTX, u64::from(u32::MAX))?;
        Ok(Self {
            chain: read("model_backend")?.backends()?,
            fallback: read("fallback_backend")?.optional(Text::backend)?,
            ollama: Ollama {
                endpoint: ollama_endpoint(&read("ollama_origin")?, &read("ollama_url")?, num_ctx)?,
                models: read("ollama_model_name")?.names()?,
            },
            mistral: mistral(
                &read("mistral_origin")?,
                &read("mistral_url")?,
                &read("mistral_api_key")?,
                read("mistral_model_name")?.names()?,
            )?,
            timeout: read("timeout_seconds")?.seconds()?,
            max_attempts: read("max_attempts")?.whole(1, MAX_ATTEMPTS)?,
            cors_origins: read("cors_origins")?.cors_origins()?,
            api_keys: read("api_keys")?.list().map(|key| Secret::new(key.to_owned())).collect(),
            schema: read("ticket_schema")?.schema()?,
            max_body_bytes: read("max_body_bytes")?.whole(1, MAX_BODY_BYTES)?,
            cache_ttl: Duration::from_secs(read("cache_ttl_seconds")?.whole(0, MAX_CACHE_TTL_SECONDS)?),
            redact_pii: read("redact_pii")?.one_of(&[
                ("cloud", RedactPii::Cloud),
                ("always", RedactPii::Always),
                ("never", RedactPii::Never),
            ])?,
            review_below: read("review_below")?
                .optional(|text| text.one_of(&[("low", Confidence::Low), ("medium", Confidence::Medium)]))?,
            log_level: read("log_level")?.one_of(&[
                ("error", tracing::Level::ERROR),
                ("warn", tracing::Level::WARN),
                ("info", tracing::Level::INFO),
                ("debug", tracing::Level::DEBUG),
                ("trace", tracing::Level::TRACE),
            ])?,
            log_content: read("log_content")?.one_of(&[("true", true), ("false", false), ("1", true), ("0", false)])?,
            locale: read("locale")?.one_of(&Language::ALL.map(|locale| (locale.tag(), locale)))?,
            settings,
        })
    }
}

/// A variable's text on its way to a value.
struct Text {
    name: &'static str,
    value: String,
}

impl Text {
    fn fail<T>(&self, expected: impl Into<String>) -> Result<T, ConfigError> {
        Err(ConfigError { variable: self.name, expected: expected.into() })
    }

    fn optional<T>(self, parse: impl Fn(&Self) -> Result<T, ConfigError>) -> Result<Option<T>, ConfigError> {
        if self.value.is_empty() { Ok(None) } else { parse(&self).map(Some) }
    }

    fn one_of<T: Clone>(&self, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let found = choices.iter().find(|(word, _)| self.value.eq_ignore_ascii_case(word));
        found.map_or_else(
            || self.fail(format!("expected one of {}", choices.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(", "))),
            |(_, value)| Ok(value.clone()),
        )
    }

    fn list(&self) -> impl Iterator<Item = &str> {
        self.value.split(',').map(str::trim).filter(|item| !item.is_empty())
    }

    fn whole<T: TryFrom<u64>>(&self, minimum: u64, maximum: u64) -> Result<T, ConfigError> {
        let number = self.value.parse::<u64>().ok().filter(|n| (minimum..=maximum).contains(n));
        number
            .and_then(|n| T::try_from(n).ok())
            .map_or_else(|| self.fail(format!("expected a whole number from {minimum} to {maximum}")), Ok)
    }

    fn seconds(&self) -> Result<Duration, ConfigError> {
        let seconds = self.value.parse::<f64>().ok().filter(|s| *s >= 0.1 && *s <= MAX_TIMEOUT_SECONDS);
        seconds.map_or_else(
            || self.fail(format!("expected a number of seconds from 0.1 to {MAX_TIMEOUT_SECONDS}")),
            |s| Ok(Duration::from_secs_f64(s)),
        )
    }

    fn backend(&self) -> Result<Backend, ConfigError> {
        backend(&self.value).map_or_else(|| self.fail("expected ollama, mistral, local or nothing"), Ok)
    }

    fn backends(&self) -> Result<Vec<Backend>, ConfigError> {
        let backends: Option<Vec<Backend>> = self.list().map(backend).collect();
        match backends {
            Some(backends) if !backends.is_empty() => Ok(backends),
            _ => self.fail("expected ollama, mistral or local, or a comma list of them"),
        }
    }

    fn names(&self) -> Result<Vec<String>, ConfigError> {
        let names: Vec<String> = self.list().map(str::to_owned).collect();
        if names.is_empty() { self.fail("expected a model's name, or a comma list of them") } else { Ok(names) }
    }

    fn cors_origins(&self) -> Result<CorsOrigins, ConfigError> {
        if self.list().any(|item| item == "*") {
            return Ok(CorsOrigins::Any);
        }
        let origins: Option<Vec<String>> =
            self.list().map(|item| origin(item).map(|o| o.to_ascii_lowercase())).collect();
        origins.map_or_else(
            || self.fail("expected *, or a comma list of origins such as https://desk.example.com"),
            |origins| Ok(CorsOrigins::Listed(origins)),
        )
    }

    fn schema(&self) -> Result<Schema, ConfigError> {
        let schema = if self.value.is_empty() { Schema::built_in() } else { Schema::parse(&self.value) };
        schema.or_else(|error| self.fail(format!("expected a flat JSON Schema; {error}")))
    }
}

fn backend(word: &str) -> Option<Backend> {
    Backend::from_name(&word.to_ascii_lowercase())
}

/// Scheme, host and port without a trailing slash; `None` where there is more, or less.
fn origin(text: &str) -> Option<&str> {
    let trimmed = text.strip_suffix('/').unwrap_or(text);
    let uri = Uri::from_str(trimmed).ok()?;
    let plain = uri.path_and_query().is_none_or(|rest| rest.as_str() == "/");
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    let authority = uri.authority().is_some_and(|a| !a.as_str().contains('@') && !a.host().is_empty());
    (plain && scheme && authority && !trimmed.ends_with('/')).then_some(trimmed)
}

fn ollama_endpoint(origin_text: &Text, url: &Text, num_ctx: u32) -> Result<ollama::Endpoint, ConfigError> {
    let Some(origin) = origin(&origin_text.value) else {
        return origin_text.fail("expected scheme, host and port, such as http://localhost:11434");
    };
    let address = if url.value.is_empty() { format!("{origin}/api/generate") } else { url.value.clone() };
    ollama::Endpoint::parse(&address, num_ctx)
        .or_else(|_| url.fail("expected the address of /api/generate or /api/chat, or an origin alone"))
}

fn mistral(origin_text: &Text, url: &Text, key: &Text, models: Vec<String>) -> Result<Mistral, ConfigError> {
    let Some(origin) = origin(&origin_text.value) else {
        return origin_text.fail("expected scheme, host and port, such as https://api.mistral.ai");
    };
    let address = if url.value.is_empty() { origin } else { url.value.as_str() };
    let endpoint = mistral::Endpoint::parse(address, &key.value).or_else(|error| match error {
        EndpointError::ApiKey => key.fail(error.to_string()),
        EndpointError::Url | EndpointError::OllamaPath => url
            .fail("expected the address of a chat completions API, such as https://api.mistral.ai/v1/chat/completions"),
    })?;
    let api_key = (!key.value.is_empty()).then(|| Secret::new(key.value.clone()));
    Ok(Mistral { endpoint, api_key, models })
}
