//! Answers: JSON, envelopes, streams, and the headers that all of them have.

mod body;
mod envelope;
mod stream;

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;

pub use body::{Body, Events};
pub(super) use envelope::{Success, envelope};
pub(super) use stream::stream;

use super::Context;
use super::problem::Problem;
use crate::body::json;
use crate::host::Host;
use crate::service::Provenance;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer without the headers that every answer has.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    /// `error.code` for the log.
    pub(super) code: &'static str,
    /// For the log.
    pub(super) provenance: Provenance,
}

impl Answer {
    pub(super) fn new(status: StatusCode, headers: HeaderMap, body: Body) -> Self {
        Self { status, headers, body, code: "", provenance: Provenance::default() }
    }

    /// An answer in JSON.
    ///
    /// # Errors
    /// [`Problem::Internal`] where the value cannot be written.
    pub(super) fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Self, Problem> {
        let bytes = json(value).map_err(Problem::internal)?;
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        Ok(Self::new(status, headers, Body::Full(Some(bytes.into()))))
    }

    /// The envelope of an outcome, with the headers of an error. An internal error is logged here.
    pub(super) fn envelope<H: Host>(
        host: &H,
        context: &Context,
        outcome: &Result<Success, Problem>,
        provenance: Provenance,
    ) -> Self {
        let duration = context.request.elapsed(host);
        let (status, code) = status_and_code(outcome);
        if let Err(problem) = outcome {
            problem.log_internal(&context.request_id);
        }
        let mut answer = match Self::json(status, &envelope(outcome, &provenance, context, duration)) {
            Ok(answer) => answer,
            Err(problem) if outcome.is_ok() => return Self::envelope(host, context, &Err(problem), provenance),
            // An error's envelope has strings and numbers only: this is unreachable.
            Err(_) => Self::new(status, HeaderMap::new(), Body::Full(None)),
        };
        if let Err(problem) = outcome {
            problem.add_headers(&mut answer.headers);
        }
        Self { code, provenance, ..answer }
    }

    /// The answer to `OPTIONS`.
    pub(super) fn no_content(allow: &'static str) -> Self {
        let headers = HeaderMap::from_iter([(header::ALLOW, HeaderValue::from_static(allow))]);
        Self::new(StatusCode::NO_CONTENT, headers, Body::Full(None))
    }

    /// Adds the headers that every answer has; `HEAD` gets the headers of `GET` alone (RFC 9110, section 9.3.2).
    pub(super) fn finish(mut self, request_id: &str, is_head: bool) -> Response<Body> {
        let headers = &mut self.headers;
        // Generated ids are hexadecimal and callers' are checked: both fit a header.
        headers.extend(HeaderValue::try_from(request_id).ok().map(|id| (X_REQUEST_ID, id)));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        // These two have no body, and a length would be that of another answer (RFC 9110, section 8.6).
        if !matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            && let Body::Full(bytes) = &self.body
        {
            // Without it the hosts send chunks.
            headers.insert(header::CONTENT_LENGTH, bytes.as_ref().map_or(0, bytes::Bytes::len).into());
        }
        let mut response = Response::new(if is_head { Body::Full(None) } else { self.body });
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Status and `error.code` of an outcome; the code is empty without an error.
pub(super) fn status_and_code(outcome: &Result<Success, Problem>) -> (StatusCode, &'static str) {
    outcome.as_ref().err().map_or((StatusCode::OK, ""), Problem::status_and_code)
}

#[cfg(test)]
mod tests {
    use serde::Serializer;
    use serde::ser::Error;

    use super::*;

    struct Unserialisable;

    impl Serialize for Unserialisable {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("never"))
        }
    }

    #[test]
    fn an_unserialisable_answer_is_an_internal_error() {
        let problem = Answer::json(StatusCode::OK, &Unserialisable).map(|_| ()).unwrap_err();
        assert_eq!(problem, Problem::Internal { reason: "never".to_owned() });
    }
}
