//! What can go wrong with one call to a model server.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use serde_json::Value;

use super::retry_after;

/// Bytes of an error body that are looked at: the servers' own messages are far shorter.
const ERROR_BODY_BYTES: usize = 2_048;

/// Why a call gave no completion.
///
/// It holds no text of the server's: error bodies echo keys and customers' words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No connection, or it was lost before the answer's head: nothing listens, no such host, TLS.
    #[error("no connection")]
    Connection,
    /// The host does not let this component call that address.
    #[error("the host denies this outbound call")]
    Denied,
    /// The attempt's time was used up.
    #[error("no answer in time")]
    Timeout,
    /// The answer's body broke off.
    #[error("the answer broke off")]
    Interrupted,
    /// The server answered with a status other than 2xx.
    #[error("status {status}{}", if *unknown_model { ", model not found" } else { "" })]
    Status {
        /// The HTTP status.
        status: u16,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
        /// Whether the server says that it does not have the model, rather than the path.
        unknown_model: bool,
    },
    /// The server answered 2xx, and its body holds no answer.
    #[error("not an answer: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Failure {
    /// The failure that an answer with a status other than 2xx stands for.
    ///
    /// The status decides: error bodies come in many shapes, some of them not JSON. The body only tells an unknown
    /// model from an unknown path.
    pub(super) fn from_status(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Self {
        let unknown_model = matches!(status, 400 | 404 | 422) && names_unknown_model(body);
        Self::Status { status, retry_after: retry_after(headers, now), unknown_model }
    }
}

/// Whether a status means that the body is an answer.
pub(super) fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Reads the JSON of an answer or of a stream's event, and refuses what says of itself that it is an error.
pub(super) fn read_json(body: &[u8]) -> Result<Value, Failure> {
    // A byte that is not UTF-8 costs its character, not the answer.
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
    fn an_unknown_model_is_told_from_an_unknown_path() {
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
        check(400, "", false);
    }

    #[test]
    fn nothing_of_an_error_body_comes_out() {
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
