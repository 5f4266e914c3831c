//! All errors of answers, with status, code, message and details.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::config::{Config, ConfigError};
use crate::language::Language;
use crate::model::Backend;
use crate::model::plan::PlanError;

/// An answer other than success.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The body is not JSON.
    InvalidJson {
        /// The parser's explanation.
        reason: String,
        /// Line of the body, from 1.
        line: usize,
        /// Column of that line, from 1.
        column: usize,
    },
    /// No valid key was given.
    Unauthorized,
    /// No such path.
    NotFound,
    /// The path exists, with other methods.
    MethodNotAllowed {
        /// Its methods, for the `Allow` header.
        allow: &'static str,
    },
    /// The body did not arrive in time.
    RequestTimeout,
    /// The body exceeds `max_body_bytes`.
    BodyTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body is not declared as JSON.
    UnsupportedMediaType,
    /// The JSON does not have the expected fields.
    Validation {
        /// All errors, in document order; never empty.
        errors: Vec<FieldError>,
    },
    /// Every backend and model refused with 429.
    RateLimited {
        /// The wait that they asked for.
        retry_after: Option<Duration>,
    },
    /// A variable does not parse.
    InvalidConfiguration {
        /// Its name, and what was expected.
        detail: String,
    },
    /// The service itself failed.
    Internal {
        /// Why, for the log; callers do not see it.
        reason: String,
    },
    /// The model server failed.
    Upstream {
        /// The failure, with advice.
        detail: String,
    },
    /// All answers of models were unusable.
    UpstreamInvalidOutput {
        /// What was wrong with the last one, without its text.
        detail: String,
    },
    /// The host does not allow the call.
    OutboundDenied {
        /// The variable to set.
        detail: String,
    },
    /// A backend lacks what it needs.
    BackendNotConfigured {
        /// The variable to set.
        detail: String,
    },
    /// The deadline passed.
    UpstreamTimeout,
}

impl From<&ConfigError> for Problem {
    fn from(error: &ConfigError) -> Self {
        Self::InvalidConfiguration { detail: error.to_string() }
    }
}

impl Problem {
    /// The problem for a request without an answer; `config` has the servers of the error.
    pub fn from_plan(error: PlanError, config: &Config) -> Self {
        let name = |server| config.name(Backend::Server(server));
        match error {
            PlanError::NotConfigured => {
                let servers = config.chain.iter().filter_map(|backend| config.server(*backend));
                let details = servers.filter_map(|server| {
                    let variable = server.missing_variable()?;
                    Some(format!("{} needs a key: set the variable {variable}", server.name()))
                });
                Self::BackendNotConfigured { detail: details.collect::<Vec<_>>().join("; ") }
            }
            PlanError::RateLimited { retry_after } => Self::RateLimited { retry_after },
            PlanError::Timeout => Self::UpstreamTimeout,
            PlanError::InvalidOutput { fields } if fields.is_empty() => {
                Self::UpstreamInvalidOutput { detail: "the model's answer holds no whole JSON object".to_owned() }
            }
            PlanError::InvalidOutput { fields } => {
                Self::UpstreamInvalidOutput { detail: format!("the model's answer has no valid {}", fields.join(", ")) }
            }
            PlanError::Denied { server } => {
                let name = name(server);
                let detail = format!(
                    "the host does not allow calls to {name}_url: set the variable {name}_origin to its scheme, host and port"
                );
                Self::OutboundDenied { detail }
            }
            PlanError::Upstream { server: index, failure } => {
                let advice = config.servers.get(index).map_or("", |server| server.advice(&failure));
                Self::Upstream { detail: format!("{}: {failure}{advice}", name(index)) }
            }
        }
    }
}

/// One validation error of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) to the invalid value; empty for the whole body.
    pub field: String,
    /// The expectation, in English.
    pub detail: String,
}

impl Problem {
    /// One of each kind with realistic details, for the OpenAPI document.
    ///
    /// The test below does not compile if a kind is missing there.
    pub fn examples() -> Vec<Self> {
        vec![
            Self::InvalidJson { reason: "expected value".to_owned(), line: 1, column: 12 },
            Self::Unauthorized,
            Self::NotFound,
            Self::MethodNotAllowed { allow: "POST, OPTIONS" },
            Self::RequestTimeout,
            Self::BodyTooLarge { limit: 65_536 },
            Self::UnsupportedMediaType,
            Self::Validation {
                errors: vec![FieldError { field: "/message".to_owned(), detail: "is required".to_owned() }],
            },
            Self::RateLimited { retry_after: Some(Duration::from_secs(7)) },
            Self::InvalidConfiguration { detail: "variable \"locale\": expected one of fr, en".to_owned() },
            Self::Internal { reason: String::new() },
            Self::Upstream { detail: "ollama: no connection; is it running at ollama_origin?".to_owned() },
            Self::UpstreamInvalidOutput { detail: "the model's answer has no valid categorie".to_owned() },
            Self::OutboundDenied {
                detail: "the host does not allow calls to ollama_url: set the variable ollama_origin to its scheme, host and port".to_owned(),
            },
            Self::BackendNotConfigured { detail: "mistral needs a key: set the variable mistral_api_key".to_owned() },
            Self::UpstreamTimeout,
        ]
    }

    /// Status and `error.code`.
    pub const fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidJson { .. } => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::RequestTimeout => (StatusCode::REQUEST_TIMEOUT, "request_timeout"),
            Self::BodyTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            Self::Validation { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "validation_error"),
            Self::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::InvalidConfiguration { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "invalid_configuration"),
            Self::Internal { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Self::Upstream { .. } => (StatusCode::BAD_GATEWAY, "upstream_error"),
            Self::UpstreamInvalidOutput { .. } => (StatusCode::BAD_GATEWAY, "upstream_invalid_output"),
            Self::OutboundDenied { .. } => (StatusCode::BAD_GATEWAY, "outbound_denied"),
            Self::BackendNotConfigured { .. } => (StatusCode::SERVICE_UNAVAILABLE, "backend_not_configured"),
            Self::UpstreamTimeout => (StatusCode::GATEWAY_TIMEOUT, "upstream_timeout"),
        }
    }

    /// The message for users, in their language.
    pub const fn message(&self, language: Language) -> &'static str {
        let messages = &language.texts().messages;
        match self {
            Self::InvalidJson { .. } => messages.invalid_json,
            Self::Unauthorized => messages.unauthorized,
            Self::NotFound => messages.not_found,
            Self::MethodNotAllowed { .. } => messages.method_not_allowed,
            Self::RequestTimeout => messages.request_timeout,
            Self::BodyTooLarge { .. } => messages.body_too_large,
            Self::UnsupportedMediaType => messages.unsupported_media_type,
            Self::Validation { .. } => messages.validation_error,
            Self::RateLimited { .. } => messages.rate_limited,
            Self::InvalidConfiguration { .. } => messages.invalid_configuration,
            Self::Internal { .. } => messages.internal,
            Self::Upstream { .. } => messages.upstream_error,
            Self::UpstreamInvalidOutput { .. } => messages.upstream_invalid_output,
            Self::OutboundDenied { .. } => messages.outbound_denied,
            Self::BackendNotConfigured { .. } => messages.backend_not_configured,
            Self::UpstreamTimeout => messages.upstream_timeout,
        }
    }

    /// A failure of the service itself.
    pub(super) fn internal(error: impl fmt::Display) -> Self {
        Self::Internal { reason: error.to_string() }
    }

    /// Logs the reason of an internal error, which callers do not see.
    pub(super) fn log_internal(&self, request_id: &str) {
        if let Self::Internal { reason } = self {
            tracing::error!(event = "internal_error", request_id, reason);
        }
    }

    /// Adds its headers (RFC 9110, sections 10.2.1, 10.2.3 and 11.6.1).
    pub(super) fn add_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::Unauthorized => {
                let challenge = HeaderValue::from_static("Bearer realm=\"support-ticket-ai\"");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            Self::MethodNotAllowed { allow } => {
                headers.insert(header::ALLOW, HeaderValue::from_static(allow));
            }
            Self::RateLimited { retry_after: Some(wait) } => {
                headers.insert(header::RETRY_AFTER, whole_seconds(*wait).into());
            }
            _ => {}
        }
    }

    /// The `error` object of the envelope.
    pub fn body(&self) -> ErrorBody<'_> {
        let problems = if let Self::Validation { errors } = self { Some(errors.as_slice()) } else { None };
        let first = problems.and_then(<[FieldError]>::first);
        let detail = match self {
            Self::InvalidJson { reason, line, column } => format!("{reason} at line {line} column {column}"),
            Self::Unauthorized => "send a key as Authorization: Bearer <key> or X-API-Key: <key>".to_owned(),
            Self::NotFound => "see /docs for the addresses that exist".to_owned(),
            Self::MethodNotAllowed { allow } => format!("allowed: {allow}"),
            Self::RequestTimeout => "the deadline passed while the body was being read".to_owned(),
            Self::BodyTooLarge { limit } => format!("the limit is {limit} bytes"),
            Self::UnsupportedMediaType => "send Content-Type: application/json".to_owned(),
            Self::Validation { .. } => first.map(|error| error.detail.clone()).unwrap_or_default(),
            Self::RateLimited { retry_after } => {
                let wait = retry_after.map(|wait| format!("; retry after {} s", whole_seconds(wait)));
                format!("every backend and model answered 429{}", wait.unwrap_or_default())
            }
            Self::InvalidConfiguration { detail }
            | Self::Upstream { detail }
            | Self::UpstreamInvalidOutput { detail }
            | Self::OutboundDenied { detail }
            | Self::BackendNotConfigured { detail } => detail.clone(),
            Self::Internal { .. } => "see the service's log for this request id".to_owned(),
            Self::UpstreamTimeout => "the deadline timeout_seconds passed".to_owned(),
        };
        let field = first.map(|error| error.field.as_str());
        ErrorBody { code: self.status_and_code().1, detail, field, problems }
    }
}

/// `error` in the envelope.
#[derive(Debug, PartialEq, Serialize)]
pub struct ErrorBody<'a> {
    /// One of the documented codes.
    pub code: &'static str,
    /// Details for developers, in English.
    pub detail: String,
    /// JSON Pointer to the invalid value, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'a str>,
    /// All validation errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problems: Option<&'a [FieldError]>,
}

/// Seconds for a `Retry-After` header, rounded up.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Failure;

    /// A kind's index among the examples; a new kind does not compile until it is added.
    const fn place(problem: &Problem) -> usize {
        match problem {
            Problem::InvalidJson { .. } => 0,
            Problem::Unauthorized => 1,
            Problem::NotFound => 2,
            Problem::MethodNotAllowed { .. } => 3,
            Problem::RequestTimeout => 4,
            Problem::BodyTooLarge { .. } => 5,
            Problem::UnsupportedMediaType => 6,
            Problem::Validation { .. } => 7,
            Problem::RateLimited { .. } => 8,
            Problem::InvalidConfiguration { .. } => 9,
            Problem::Internal { .. } => 10,
            Problem::Upstream { .. } => 11,
            Problem::UpstreamInvalidOutput { .. } => 12,
            Problem::OutboundDenied { .. } => 13,
            Problem::BackendNotConfigured { .. } => 14,
            Problem::UpstreamTimeout => 15,
        }
    }

    #[test]
    fn the_examples_have_each_kind_once() {
        let places: Vec<usize> = Problem::examples().iter().map(place).collect();
        assert_eq!(places, (0..16).collect::<Vec<_>>());
    }

    #[test]
    fn examples_of_plan_errors_are_those_of_real_ones() {
        let config = Config::parse(|name| (name == "model_backend").then(|| "mistral".to_owned())).unwrap();
        let fields = vec!["categorie".to_owned()];
        let errors = [
            PlanError::RateLimited { retry_after: Some(Duration::from_secs(7)) },
            PlanError::Upstream { server: 0, failure: Failure::Connection },
            PlanError::InvalidOutput { fields },
            PlanError::Denied { server: 0 },
            PlanError::NotConfigured,
            PlanError::Timeout,
        ];
        let examples = Problem::examples();
        for error in errors {
            let problem = Problem::from_plan(error, &config);
            assert!(examples.contains(&problem), "{problem:?}");
        }
    }

    #[test]
    fn all_kinds_have_different_codes_and_translated_messages() {
        let examples = Problem::examples();
        let codes: std::collections::BTreeSet<&str> = examples.iter().map(|p| p.status_and_code().1).collect();
        assert_eq!(codes.len(), examples.len());
        for problem in &examples {
            assert_ne!(problem.message(Language::Fr), problem.message(Language::En));
            assert!(!problem.body().detail.is_empty());
        }
    }
}
