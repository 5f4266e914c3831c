//! One call to a model server, performed within its time.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use http::{HeaderName, Request, Response};

use super::RequestContext;
use crate::body::{BodyError, next_chunk, whole};
use crate::config::Config;
use crate::host::{Host, SendError};
use crate::model::stream::{Decoder, MAX_BYTES};
use crate::model::{Call, Completion, Failure, Provider, mistral, ollama};

/// Runs `work`, or gives it up: dropping it cancels the call on the host.
pub(super) async fn within<H: Host, T>(host: &H, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(host.sleep(limit))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), _)) => None,
    }
}

/// Sends a request and gives back the head of the answer.
pub(super) async fn send<H: Host>(
    host: &H,
    visit: &RequestContext,
    mut request: Request<Vec<u8>>,
) -> Result<Response<H::Body>, Failure> {
    if let Some(traceparent) = &visit.traceparent {
        request.headers_mut().insert(HeaderName::from_static("traceparent"), traceparent.clone());
    }
    host.send(request).await.map_err(|error| match error {
        SendError::Denied => Failure::Denied,
        SendError::Connection => Failure::Connection,
        SendError::Timeout => Failure::Timeout,
    })
}

/// Reads what is left of an answer.
pub(super) async fn read<B>(body: B) -> Result<Vec<u8>, Failure>
where
    B: http_body::Body<Data = bytes::Bytes> + Unpin,
{
    whole(body, MAX_BYTES).await.map_err(|unread| match unread {
        BodyError::TooLarge => Failure::Malformed { reason: "the answer is too large" },
        BodyError::Interrupted => Failure::Interrupted,
    })
}

/// Calls a model and returns what it wrote; `show` gets the pieces of a streamed answer as they come.
///
/// # Errors
/// [`Failure`], whatever the server did.
pub(super) async fn complete<H: Host>(
    host: &H,
    config: &Config,
    visit: &RequestContext,
    provider: Provider,
    call: &Call<'_>,
    mut show: impl FnMut(&str),
) -> Result<Completion, Failure> {
    let request = match provider {
        Provider::Ollama => ollama::request(&config.ollama.endpoint, call),
        Provider::Mistral => mistral::request(&config.mistral.endpoint, call),
    };
    let (head, mut body) = send(host, visit, request).await?.into_parts();
    if !call.stream || !head.status.is_success() {
        let body = read(body).await?;
        let parse = match provider {
            Provider::Ollama => ollama::parse,
            Provider::Mistral => mistral::parse,
        };
        return parse(head.status.as_u16(), &head.headers, &body, host.wall_clock());
    }
    let mut decoder = Decoder::new(provider, &head.headers);
    while !decoder.is_done() {
        match next_chunk(&mut body).await {
            Some(Some(chunk)) => show(&decoder.push(&chunk)?),
            Some(None) => return Err(Failure::Interrupted),
            None => break,
        }
    }
    decoder.end()
}
