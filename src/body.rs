//! HTTP bodies: reading one within a limit, writing JSON.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use http_body::Body;
use serde::Serialize;

/// Initial capacity in bytes: most bodies fit, and growing step by step would copy them several times.
const USUAL_BYTES: usize = 4096;

/// A value as JSON.
///
/// # Errors
/// Where its `Serialize` implementation fails.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    serde_json::to_writer(&mut bytes, value)?;
    Ok(bytes)
}

/// Plain data as JSON: writing it to memory cannot fail.
pub(crate) fn json_bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    json(value).unwrap_or_default()
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It exceeds the limit.
    TooLarge,
    /// The connection broke.
    Interrupted,
}

/// Reads a whole body of at most `limit` bytes; stops at the first byte beyond that.
///
/// # Errors
/// [`BodyError`]; a declared length beyond the limit fails at once.
pub(crate) async fn whole<B>(mut body: B, limit: usize) -> Result<Vec<u8>, BodyError>
where
    B: Body<Data = Bytes> + Unpin,
{
    let declared = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if declared > limit {
        return Err(BodyError::TooLarge);
    }
    let mut read = Vec::with_capacity(declared);
    while let Some(chunk) = next_chunk(&mut body).await {
        let chunk = chunk.ok_or(BodyError::Interrupted)?;
        if read.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge);
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

/// The next piece of a body: `None` at its end, `Some(None)` where the connection broke.
pub(crate) async fn next_chunk<B>(body: &mut B) -> Option<Option<Bytes>>
where
    B: Body<Data = Bytes> + Unpin,
{
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await? {
            // Trailers carry nothing that is needed here.
            Ok(frame) => match frame.into_data() {
                Ok(data) => return Some(Some(data)),
                Err(_trailers) => {}
            },
            Err(_broken) => return Some(None),
        }
    }
}
