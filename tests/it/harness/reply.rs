//! The scripted model server's reaction to one request.

use std::io::{self, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How often a wait checks that the client is still connected.
const GLANCE: Duration = Duration::from_millis(5);

/// A reaction to one request.
#[derive(Clone)]
pub enum Reply {
    /// An HTTP answer.
    Http(Http),
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends nothing until the client disconnects.
    Silence,
}

/// An HTTP answer in pieces.
#[derive(Clone)]
pub struct Http {
    /// The delay before the headers.
    pub after: Duration,
    /// The status code.
    pub status: u16,
    /// Headers other than those for framing.
    pub headers: Vec<(String, String)>,
    /// The pieces of the body, each one write.
    pub pieces: Vec<Vec<u8>>,
    /// The delay before each piece.
    pub pause: Duration,
    /// Whether the body is chunked; otherwise it has a length.
    pub chunked: bool,
    /// How the body ends.
    pub end: End,
}

/// How the body of an answer ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Complete.
    Whole,
    /// The connection is closed before the announced end.
    Dropped,
    /// The connection stays open without the announced rest.
    Silent,
}

impl Reply {
    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// An answer of any content type.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::Http(Http {
            after: Duration::ZERO,
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            pieces: vec![body.as_bytes().to_vec()],
            pause: Duration::ZERO,
            chunked: false,
            end: End::Whole,
        })
    }

    /// An error in Ollama's format, also used with Mistral's API.
    pub fn status(status: u16) -> Self {
        Self::json(status, &json!({"error": format!("scripted failure {status}")}))
    }

    /// A chunked answer: one chunk per piece, each after `pause`.
    pub fn stream(content_type: &str, pieces: impl IntoIterator<Item = impl Into<Vec<u8>>>, pause: Duration) -> Self {
        let pieces = pieces.into_iter().map(Into::into).collect();
        Self::text(200, content_type, "").edit(|http| {
            http.pieces = pieces;
            http.pause = pause;
            http.chunked = true;
        })
    }

    /// The connection is closed before the headers.
    pub const fn drop() -> Self {
        Self::Bytes(Vec::new())
    }

    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.edit(|http| http.headers.push((name.to_owned(), value.to_owned())))
    }

    /// Delays the headers.
    pub fn after(self, delay: Duration) -> Self {
        self.edit(|http| http.after = delay)
    }

    /// Writes the body `count` bytes at a time, each after `pause`.
    pub fn drip(self, count: usize, pause: Duration) -> Self {
        self.edit(|http| {
            http.pieces = http.pieces.concat().chunks(count).map(<[u8]>::to_vec).collect();
            http.pause = pause;
        })
    }

    /// Changes the end of the body.
    pub fn end(self, end: End) -> Self {
        self.edit(|http| http.end = end)
    }

    /// Changes the HTTP answer, if it is one.
    pub fn edit(self, change: impl FnOnce(&mut Http)) -> Self {
        match self {
            Self::Http(mut http) => {
                change(&mut http);
                Self::Http(http)
            }
            other => other,
        }
    }

    /// Sends the reply; `Err` if the client disconnected or `closing` interrupted it.
    pub(super) fn perform(&self, stream: &mut TcpStream, closing: &dyn Fn() -> bool) -> io::Result<()> {
        match self {
            Self::Http(http) => http.perform(stream, closing),
            Self::Bytes(bytes) => stream.write_all(bytes),
            Self::Silence => wait(stream, Duration::MAX, closing),
        }
    }
}

impl Http {
    fn perform(&self, stream: &mut TcpStream, closing: &dyn Fn() -> bool) -> io::Result<()> {
        wait(stream, self.after, closing)?;
        stream.write_all(self.head().as_bytes())?;
        for piece in self.pieces.iter().filter(|piece| !piece.is_empty()) {
            wait(stream, self.pause, closing)?;
            if self.chunked {
                stream.write_all(&[format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat())?;
            } else {
                stream.write_all(piece)?;
            }
        }
        match self.end {
            End::Whole if self.chunked => stream.write_all(b"0\r\n\r\n"),
            End::Whole | End::Dropped => Ok(()),
            End::Silent => wait(stream, Duration::MAX, closing),
        }
    }

    fn head(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let missing = usize::from(self.end != End::Whole);
        let framing = if self.chunked {
            "transfer-encoding: chunked".to_owned()
        } else {
            format!("content-length: {}", self.pieces.iter().map(Vec::len).sum::<usize>() + missing)
        };
        format!("HTTP/1.1 {} Scripted\r\n{headers}{framing}\r\nconnection: close\r\n\r\n", self.status)
    }
}

/// Waits; fails as soon as the client has disconnected.
fn wait(stream: &TcpStream, duration: Duration, closing: &dyn Fn() -> bool) -> io::Result<()> {
    if duration.is_zero() {
        return Ok(());
    }
    let started = Instant::now();
    stream.set_nonblocking(true)?;
    loop {
        if gone(stream) || closing() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let left = duration.saturating_sub(started.elapsed());
        if left.is_zero() {
            return stream.set_nonblocking(false);
        }
        thread::sleep(left.min(GLANCE));
    }
}

/// Whether the client has closed its end of a non-blocking connection.
fn gone(stream: &TcpStream) -> bool {
    match stream.peek(&mut [0]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    }
}
