//! Finds the end of an answer.

use std::ops::Range;

use anyhow::{Context, Result, bail};

/// A complete answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// The range of its body, including chunk framing.
    pub body: Range<usize>,
}

impl Response {
    /// Reads the answer at the start of `bytes`; `None` if it is incomplete.
    ///
    /// # Errors
    /// Invalid HTTP, no length, or further bytes after the answer.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut head = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(start) = head.parse(bytes).context("no HTTP")? else { return Ok(None) };
        let status = head.code.context("no status")?;
        let header = |name: &str| head.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value);
        let end = if let Some(length) = header("content-length") {
            let length: usize = std::str::from_utf8(length)?.parse().context("content-length")?;
            (bytes.len() >= start + length).then_some(start + length)
        } else if header("transfer-encoding") == Some(b"chunked") {
            end_of_chunks(bytes, start)?
        } else {
            bail!("neither a length nor chunks");
        };
        match end {
            Some(end) if end < bytes.len() => bail!("{} bytes after the answer", bytes.len() - end),
            end => Ok(end.map(|end| Self { status, body: start..end })),
        }
    }
}

/// The end of the last chunk (RFC 9112, section 7.1), without trailers.
fn end_of_chunks(bytes: &[u8], mut at: usize) -> Result<Option<usize>> {
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let parsed = httparse::parse_chunk_size(rest).map_err(|_| anyhow::anyhow!("no size of a chunk"))?;
        let httparse::Status::Complete((head, size)) = parsed else { return Ok(None) };
        at += head + usize::try_from(size)? + 2;
        if size == 0 {
            return Ok((at <= bytes.len()).then_some(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, body: &str) {
        let bytes = text.as_bytes();
        for cut in 0..bytes.len() {
            assert_eq!(Response::parse(&bytes[..cut]).unwrap(), None, "{:?}", &text[..cut]);
        }
        let response = Response::parse(bytes).unwrap().unwrap();
        assert_eq!((response.status, &text[response.body]), (200, body));
        assert!(Response::parse(&[bytes, b"H"].concat()).is_err(), "bytes after the answer");
    }

    #[test]
    fn an_answer_ends_at_its_length() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", "abcde");
        check("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "");
        check(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n",
            "3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n",
        );
    }

    #[test]
    fn an_answer_without_an_end_is_refused() {
        assert!(Response::parse(b"HTTP/1.1 200 OK\r\n\r\nabc").is_err());
        assert!(Response::parse(b"SSH-2.0\r\n\r\n").is_err());
        assert!(Response::parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n").is_err());
    }
}
