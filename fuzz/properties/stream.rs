//! Model servers' streams: `model::stream::Decoder`.

use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use support_ticket_ai::model::stream::{Decoder, Format, MAX_BYTES};
use support_ticket_ai::model::{Completion, Failure, Server};

/// The result does not depend on how the body is split, and the pieces of text add up to the whole.
///
/// The first byte selects the media type and the server, the second the size of the pieces.
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

/// Reads a body in pieces of `size` bytes up to the final event, like the service.
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
