//! A client for raw bytes: malformed requests, split writes, early disconnects, incremental reads.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::{Answer, Server};

/// Read timeout.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open connection to the server; dropping it hangs up.
pub struct Connection {
    stream: BufReader<TcpStream>,
    opened: Instant,
}

/// The head of a `POST` with a JSON body of `length` bytes, ready to be sent.
pub fn post_head(path: &str, length: usize, headers: &[(&str, &str)]) -> String {
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{more}\r\n"
    )
}

impl Connection {
    /// Connects to the served component.
    pub fn open(server: &Server) -> Self {
        Self::to(server.address())
    }

    /// Connects to an address.
    pub fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket option");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket option");
        Self { stream: BufReader::new(stream), opened: Instant::now() }
    }

    /// Sends bytes; ignores a closed connection.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.get_mut().write_all(bytes.as_ref());
    }

    /// Reads the answer's head and whole body.
    pub fn answer(self) -> Answer {
        let opened = self.opened;
        let (status, headers, mut body) = self.head();
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes).expect("the answer is complete");
        Answer { status, headers, body: bytes, elapsed: opened.elapsed() }
    }

    /// Reads until the server closes the connection.
    pub fn rest(mut self) -> String {
        let mut bytes = Vec::new();
        self.stream.read_to_end(&mut bytes).expect("the server closes the connection");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn head(mut self) -> (u16, HeaderMap, Body) {
        let status_line = self.line();
        let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.unwrap_or_else(|| panic!("not a status line: {status_line:?}"));
        let mut headers = HeaderMap::new();
        loop {
            let line = self.line();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("not a header: {line:?}"));
            let name: HeaderName = name.parse().expect("a header's name");
            headers.append(name, HeaderValue::from_str(value.trim()).expect("a header's value"));
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let framing = if text("transfer-encoding").eq_ignore_ascii_case("chunked") {
            Framing::Chunked { left: 0 }
        } else {
            text("content-length").parse().map_or(Framing::UntilClose, |left| Framing::Length { left })
        };
        (status, headers, Body { stream: self.stream, framing })
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the server answers");
        assert!(line.ends_with("\r\n"), "the connection ended in the head of the answer: {line:?}");
        line.trim_end().to_owned()
    }
}

/// The body of an answer, read incrementally.
struct Body {
    stream: BufReader<TcpStream>,
    framing: Framing,
}

enum Framing {
    Length { left: u64 },
    Chunked { left: u64 },
    UntilClose,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match &mut self.framing {
            Framing::UntilClose => self.stream.read(buffer),
            Framing::Length { left } => {
                let count = (&mut self.stream).take(*left).read(buffer)?;
                if count == 0 && *left > 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
                *left -= count as u64;
                Ok(count)
            }
            Framing::Chunked { left } => {
                if *left == 0 {
                    *left = chunk_size(&mut self.stream)?;
                }
                if *left == 0 {
                    self.framing = Framing::Length { left: 0 };
                    return Ok(0);
                }
                let count = (&mut self.stream).take(*left).read(buffer)?;
                if count == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
                *left -= count as u64;
                if *left == 0 {
                    self.stream.read_line(&mut String::new())?;
                }
                Ok(count)
            }
        }
    }
}

/// Reads the size line of a chunk; after the last chunk, also the empty line.
fn chunk_size(stream: &mut impl BufRead) -> std::io::Result<u64> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let size = u64::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16);
    let size = size.map_err(|_| std::io::Error::from(std::io::ErrorKind::UnexpectedEof))?;
    if size == 0 {
        stream.read_line(&mut String::new())?;
    }
    Ok(size)
}

/// Reads a chunked body to its end.
pub(super) fn read_chunked(stream: &mut impl BufRead, body: &mut Vec<u8>) -> std::io::Result<()> {
    loop {
        let size = chunk_size(stream)?;
        if size == 0 {
            return Ok(());
        }
        stream.take(size).read_to_end(body)?;
        stream.read_line(&mut String::new())?;
    }
}

/// A server-sent event.
pub struct Event {
    /// Its `event` field.
    pub name: String,
    /// Its `data` field, as JSON.
    pub data: Value,
    /// When its last byte arrived.
    pub at: Instant,
}

/// An answer in `text/event-stream`, event by event.
pub struct EventStream {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    body: BufReader<Body>,
}

impl EventStream {
    /// Posts a JSON body and asks for events.
    pub fn open(server: &Server, path: &str, body: &Value) -> Self {
        Self::open_with(server, path, &[], body)
    }

    /// The same, with more headers.
    pub fn open_with(server: &Server, path: &str, headers: &[(&str, &str)], body: &Value) -> Self {
        server.note(body.to_string().as_bytes());
        Self::ask(Connection::open(server), path, headers, body)
    }

    /// The same on an open connection.
    pub fn ask(mut connection: Connection, path: &str, headers: &[(&str, &str)], body: &Value) -> Self {
        let body = body.to_string();
        let headers: Vec<_> = [("accept", "text/event-stream")].iter().chain(headers).copied().collect();
        connection.send(post_head(path, body.len(), &headers));
        connection.send(body);
        let (status, headers, body) = connection.head();
        Self { status, headers, body: BufReader::new(body) }
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Iterator for EventStream {
    type Item = Event;

    /// The next event; `None` at the regular end of the answer.
    fn next(&mut self) -> Option<Event> {
        let (mut name, mut data) = ("message".to_owned(), Vec::new());
        loop {
            let mut line = String::new();
            let count = self.body.read_line(&mut line).expect("the stream goes on or ends");
            let line = line.trim_end_matches(['\r', '\n']);
            if count == 0 {
                assert!(data.is_empty(), "the stream ended within an event: {data:?}");
                return None;
            }
            if line.is_empty() && !data.is_empty() {
                let text = data.join("\n");
                let data = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text:?}"));
                return Some(Event { name, data, at: Instant::now() });
            }
            match line.split_once(':').unwrap_or((line, "")) {
                ("event", value) => value.strip_prefix(' ').unwrap_or(value).clone_into(&mut name),
                ("data", value) => data.push(value.strip_prefix(' ').unwrap_or(value).to_owned()),
                _ => {}
            }
        }
    }
}
