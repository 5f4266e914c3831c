//! What can go wrong with one call to a model server.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use serde_json::Value;

use super::retry_after;
use crate::body::BodyError;

/// Bytes of an error body that are searched: the servers' own messages are far shorter.
const ERROR_BODY_BYTES: usize = 2_048;

/// Why a call returned no completion.
///
/// It holds no text from the server: error bodies echo keys and customers' words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No connection, or it was lost before the response's head: nothing listens, no such host, TLS.
    #[error("no connection")]
    Connection,
    /// The host does not allow calls to this address.
    #[error("the host denies this outbound call")]
    Denied,
    /// The attempt's time is over.
    #[error("no answer in time")]
    Timeout,
    /// The body was cut off.
    #[error("the answer broke off")]
    Interrupted,
    /// The server answered with a status other than 2xx.
    #[error("status {status}{}", if *unknown_model { ", model not found" } else { "" })]
    Status {
        /// The HTTP status.
        status: u16,
        /// The server's `Retry-After`.
        retry_after: Option<Duration>,
        /// Whether the server does not know the model, rather than the path.
        unknown_model: bool,
    },
    /// The status is 2xx, but the body holds no answer.
    #[error("not an answer: {reason}")]
    Malformed {
        /// The error in it.
        reason: &'static str,
    },
}

impl Failure {
    /// The failure of a response with a status other than 2xx; a date in its `Retry-After` is relative to `now`.
    ///
    /// The status decides: error bodies have many shapes, some of them not JSON. The body only distinguishes an unknown
    /// model from an unknown path.
    pub fn from_status(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Self {
        let unknown_model = matches!(status, 400 | 404 | 422) && names_unknown_model(body);
        Self::Status { status, retry_after: retry_after(headers, now), unknown_model }
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::Malformed { reason: "the answer is too large" },
            BodyError::Interrupted => Self::Interrupted,
        }
    }
}

/// Reads the JSON of an answer or of an event; an error object is a failure.
pub(super) fn read_json(body: &[u8]) -> Result<Value, Failure> {
    // A byte that is not UTF-8 loses its character, not the answer.
    let answer: Value =
        serde_json::from_str(&String::from_utf8_lossy(body)).map_err(|_| Failure::Malformed { reason: "not JSON" })?;
    let is_error = answer.get("error").is_some_and(|error| !error.is_null())
        || answer.get("object").and_then(Value::as_str) == Some("error");
    if is_error { Err(Failure::Malformed { reason: "an error with a status of success" }) } else { Ok(answer) }
}

fn names_unknown_model(body: &[u8]) -> bool {
    let head = body.get(..ERROR_BODY_BYTES).unwrap_or(body);
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    text.contains("model")
        && ["invalid_model", "invalid model", "not found", "not exist"].iter().any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_model_differs_from_an_unknown_path() {
        let check = |status: u16, body: &str, expect: bool| {
            let failure = Failure::from_status(status, &HeaderMap::new(), body.as_bytes(), SystemTime::UNIX_EPOCH);
            assert_eq!(failure, Failure::Status { status, retry_after: None, unknown_model: expect }, "{body}");
        };
        check(404, r#"{"error":"model 'mistral:instruct' not found"}"#, true);
        check(404, r#"{"error":"model \"x\" not found, try pulling it first"}"#, true);
        check(400, r#"{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}"#, true);
        check(404, r#"{"object":"error","message":"The model `x` does not exist.","code":404}"#, true);
        check(404, "404 page not found", false);
        check(404, "<html><body>Not Found</body></html>", false);
        check(500, r#"{"error":"model runner not found"}"#, false);
        check(422, r#"{"detail":[{"msg":"Extra inputs are not permitted"}]}"#, false);
        check(400, r#"{"error":"invalid format: \"x\""}"#, false);
        check(400, r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden"}]}}"#, false);
        check(429, r#"{"message":"Requests rate limit exceeded"}"#, false);
        check(503, r#"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#, false);
        check(301, "<html>", false);
        check(400, "", false);
    }

    #[test]
    fn retry_after_is_read_whatever_the_status() {
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, http::HeaderValue::from_static("2"))]);
        for status in [301, 400, 401, 422, 429, 500, 503] {
            let failure = Failure::from_status(status, &headers, b"\xff\xfe", SystemTime::UNIX_EPOCH);
            let retry_after = Some(Duration::from_secs(2));
            assert_eq!(failure, Failure::Status { status, retry_after, unknown_model: false });
        }
    }

    #[test]
    fn failures_hold_no_text_of_the_body() {
        let body = br#"{"message":"Invalid model, key sk-secret refused for: mon mot de passe"}"#;
        let failure = Failure::from_status(400, &HeaderMap::new(), body, SystemTime::UNIX_EPOCH);
        assert_eq!(failure.to_string(), "status 400, model not found");
        assert!(!format!("{failure:?}").contains("secret"));
    }

    #[test]
    fn the_end_of_a_long_error_body_is_not_read() {
        let mut body = vec![b' '; ERROR_BODY_BYTES];
        body.extend_from_slice("modèle model not found".as_bytes());
        assert!(!names_unknown_model(&body));
    }

    #[test]
    fn errors_with_a_status_of_success_are_failures() {
        let check = |body: &str, expect: bool| assert_eq!(read_json(body.as_bytes()).is_ok(), expect, "{body}");
        check(r#"{"error":"llama runner process has terminated"}"#, false);
        check(r#"{"error":{"message":"overloaded"}}"#, false);
        check(r#"{"object":"error","message":"overloaded"}"#, false);
        check("<html>", false);
        check("", false);
        check(&"[".repeat(100_000), false);
        check(r#"{"error":null,"choices":[]}"#, true);
    }
}
