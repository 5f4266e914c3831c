//! Calls to model servers.

use http::{HeaderName, Request, Response};

use super::RequestContext;
use crate::body::{next_chunk, whole};
use crate::host::{Host, SendError};
use crate::model::stream::MAX_BYTES;
use crate::model::{Call, Completion, Failure, Server};

/// Sends a request and returns the body of the answer.
///
/// # Errors
/// [`Failure`], also for a status other than success.
pub(super) async fn fetch<H: Host>(
    host: &H,
    context: &RequestContext,
    request: Request<Vec<u8>>,
) -> Result<Vec<u8>, Failure> {
    body(host, send(host, context, request).await?).await
}

/// Calls a model and returns its answer; `show` gets the pieces of a streamed answer as they come.
///
/// # Errors
/// [`Failure`], whatever the server did.
pub(super) async fn complete<H: Host>(
    host: &H,
    context: &RequestContext,
    server: &Server,
    call: &Call<'_>,
    mut show: impl FnMut(&str),
) -> Result<Completion, Failure> {
    let response = send(host, context, server.request(call)).await?;
    if !call.stream || !response.status().is_success() {
        return server.read(&body(host, response).await?);
    }
    let mut decoder = server.decoder(response.headers());
    let mut body = response.into_body();
    while !decoder.is_done() {
        match next_chunk(&mut body).await {
            Some(Some(chunk)) => show(&decoder.push(&chunk)?),
            Some(None) => return Err(Failure::Interrupted),
            None => break,
        }
    }
    decoder.end()
}

async fn send<H: Host>(
    host: &H,
    context: &RequestContext,
    mut request: Request<Vec<u8>>,
) -> Result<Response<H::Body>, Failure> {
    if let Some(traceparent) = &context.traceparent {
        request.headers_mut().insert(HeaderName::from_static("traceparent"), traceparent.clone());
    }
    Ok(host.send(request).await?)
}

/// The whole body of a successful response.
async fn body<H: Host>(host: &H, response: Response<H::Body>) -> Result<Vec<u8>, Failure> {
    let (head, body) = response.into_parts();
    let body = whole(body, MAX_BYTES).await?;
    if head.status.is_success() {
        Ok(body)
    } else {
        Err(Failure::from_status(head.status.as_u16(), &head.headers, &body, host.wall_clock()))
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Denied => Self::Denied,
            SendError::Connection => Self::Connection,
            SendError::Timeout => Self::Timeout,
        }
    }
}
