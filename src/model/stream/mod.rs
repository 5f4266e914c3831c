//! Streamed answers: server-sent events, or lines of JSON (NDJSON).
//!
//! A [`Decoder`] takes the body as it arrives, split anywhere, and returns the text of each part.
//!
//! ```
//! use support_ticket_ai::model::{Finish, Server, stream::{Decoder, Framing}};
//! # fn main() -> Result<(), support_ticket_ai::model::Failure> {
//! let format = Server::FORMATS.iter().find(|format| format.framing == Framing::Ndjson).unwrap();
//! let mut decoder = Decoder::new(*format, &http::HeaderMap::new());
//! assert_eq!(decoder.push(b"{\"response\": \"Bon")?, "");
//! assert_eq!(decoder.push(b"jour\"}\n{\"response\": \" !\"}\n")?, "Bonjour !");
//! assert_eq!(decoder.push(b"{\"response\": \"\", \"done\": true}\n")?, "");
//! assert!(decoder.is_done());
//! let completion = decoder.end()?;
//! assert_eq!((completion.text.as_str(), completion.finish), ("Bonjour !", Finish::Stop));
//! # Ok(())
//! # }
//! ```

mod lines;
mod sse;

use http::{HeaderMap, header::CONTENT_TYPE};

use super::{Completion, Failure, Finish, Piece, Usage};
use lines::Lines;
use sse::Events;

/// Longest line, event, text or unstreamed body, in bytes: about a hundred times the longest ticket, and
/// small enough for a hundred of them in an instance's memory.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Longest body, in bytes, whatever it holds: a server that sends comments endlessly, faster than they are read, would
/// leave no time to check the clock. A word takes about three hundred bytes as an event.
const MAX_BODY_BYTES: usize = 16 * MAX_BYTES;

const TOO_LONG: Failure = Failure::Malformed { reason: "longer than 1 MiB" };

/// How a server writes successful answers.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// How the events of a stream are separated.
    pub framing: Framing,
    /// Reads one event.
    pub(super) read_event: fn(&[u8]) -> Result<Piece, Failure>,
    /// Reads an answer that is not a stream.
    pub(super) read_whole: fn(&[u8]) -> Result<Completion, Failure>,
}

/// How the events of a stream are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// `text/event-stream`: by blank lines.
    Sse,
    /// `application/x-ndjson`: one event per line.
    Ndjson,
}

/// Reads one answer with a status of success.
#[derive(Debug)]
pub struct Decoder {
    format: Format,
    unread: Unread,
    /// Bytes taken so far.
    taken: usize,
    answer: Answer,
}

/// The part of the body that is not read yet.
#[derive(Debug)]
enum Unread {
    Sse(Lines, Events),
    Ndjson(Lines),
    /// One JSON document, from a server that does not stream.
    Whole(Vec<u8>),
}

/// The sum of the events so far.
#[derive(Debug, Default)]
struct Answer {
    text: String,
    finish: Option<Finish>,
    usage: Usage,
    done: bool,
}

impl Decoder {
    /// A decoder for an answer with these headers. `content-type: application/json` means that the server does not
    /// stream; with any other type the format's framing is expected.
    pub fn new(format: Format, headers: &HeaderMap) -> Self {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let unread = if media_type.eq_ignore_ascii_case("application/json") {
            Unread::Whole(Vec::new())
        } else {
            match format.framing {
                Framing::Sse => Unread::Sse(Lines::default(), Events::default()),
                Framing::Ndjson => Unread::Ndjson(Lines::default()),
            }
        };
        Self { format, unread, taken: 0, answer: Answer::default() }
    }

    /// Takes the next bytes of the body and returns the text that they complete, which may be empty.
    ///
    /// An answer that is not a stream has no text before [`Decoder::end`].
    ///
    /// # Errors
    /// [`Failure::Malformed`]: not the server's format, an error within the stream, or more than [`MAX_BYTES`] of text,
    /// or sixteen times that in all.
    pub fn push(&mut self, chunk: &[u8]) -> Result<String, Failure> {
        self.taken += chunk.len();
        if self.taken > MAX_BODY_BYTES {
            return Err(TOO_LONG);
        }
        let before = self.answer.text.len();
        let (answer, format) = (&mut self.answer, self.format);
        match &mut self.unread {
            Unread::Sse(lines, events) => lines.push(chunk, |line| match events.line(line)? {
                Some(event) => answer.read(&event, format),
                None => Ok(()),
            })?,
            Unread::Ndjson(lines) => lines.push(chunk, |line| answer.read(line, format))?,
            Unread::Whole(body) if body.len() + chunk.len() > MAX_BYTES => return Err(TOO_LONG),
            Unread::Whole(body) => body.extend_from_slice(chunk),
        }
        Ok(answer.text.get(before..).unwrap_or_default().to_owned())
    }

    /// Whether the final event was read; the rest of the body can be ignored.
    pub fn is_done(&self) -> bool {
        self.answer.done
    }

    /// The whole answer, at the end of the body.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] where the final event is missing; [`Failure::Malformed`] where there is no text.
    pub fn end(self) -> Result<Completion, Failure> {
        let (mut answer, format) = (self.answer, self.format);
        match self.unread {
            Unread::Whole(body) => return (format.read_whole)(&body),
            // The last line break may be missing. An event that cannot be read then was cut off.
            Unread::Sse(lines, events) => {
                let _ = events.end(lines.end()).map_or(Ok(()), |event| answer.read(&event, format));
            }
            Unread::Ndjson(lines) => {
                let _ = answer.read(lines.end(), format);
            }
        }
        if !answer.done && answer.finish.is_none() {
            return Err(Failure::Interrupted);
        }
        Completion::new(answer.text, answer.finish.unwrap_or(Finish::Unfinished), answer.usage)
    }
}

impl Answer {
    fn read(&mut self, event: &[u8], format: Format) -> Result<(), Failure> {
        let event = event.trim_ascii();
        if self.done || event.is_empty() {
            return Ok(());
        }
        let piece = (format.read_event)(event)?;
        if self.text.len() + piece.text.len() > MAX_BYTES {
            return Err(TOO_LONG);
        }
        self.text.push_str(&piece.text);
        self.finish = self.finish.or(piece.finish);
        self.usage = piece.usage.unwrap_or(self.usage);
        self.done = piece.is_last;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
