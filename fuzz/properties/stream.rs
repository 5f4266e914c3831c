//! Streams of model servers: `model::stream::Decoder`.

use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use support_ticket_ai::model::stream::{Decoder, Format, MAX_BYTES};
use support_ticket_ai::model::{Completion, Failure, Server};

/// However a body is split, it is read alike, and the pieces of text make up the whole.
///
/// The first byte chooses the media type and the server, the second the size of the pieces.
pub fn check(data: &[u8]) {
    let [choice, size, body @ ..] = data else { return };
    let Some(format) = Server::FORMATS.iter().cycle().nth(usize::from(choice >> 1)) else { return };
    let mut headers = HeaderMap::new();
    if choice & 1 != 0 {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let whole = read(format, &headers, body, body.len().max(1));
    let split = read(format, &headers, body, usize::from(*size).max(1));
    match (&whole, &split) {
        (Ok((text, completion)), Ok((pieces, other))) => {
            assert_eq!((text, completion), (pieces, other));
            assert!(completion.text.starts_with(text.as_str()) && completion.text.len() <= MAX_BYTES);
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (one, other) => assert!(one.is_ok() == other.is_ok(), "{one:?} but {other:?}"),
    }
}

type Read = Result<(String, Completion), Failure>;

/// Reads a body in pieces of `size` bytes, as the service does: no further than the final event.
fn read(format: &Format, headers: &HeaderMap, body: &[u8], size: usize) -> Read {
    let mut decoder = Decoder::new(*format, headers);
    let mut text = String::new();
    for chunk in body.chunks(size) {
        if decoder.is_done() {
            break;
        }
        text.push_str(&decoder.push(chunk)?);
    }
    Ok((text, decoder.end()?))
}
