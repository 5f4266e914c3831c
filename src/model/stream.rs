//! Answers that come piece by piece: server-sent events from Mistral, lines of JSON (NDJSON) from Ollama.
//!
//! A [`Decoder`] takes the body as it arrives, split anywhere, and gives the text that each part brought.
//!
//! ```
//! use support_ticket_ai::model::{Finish, Provider, stream::Decoder};
//! # fn main() -> Result<(), support_ticket_ai::model::Failure> {
//! let mut decoder = Decoder::new(Provider::Ollama, &http::HeaderMap::new());
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

use super::{Completion, Failure, Finish, Provider, Usage, mistral, ollama};
use lines::Lines;
use sse::Events;

/// Longest line, event, text or whole body that is taken, in bytes: some hundred times the longest ticket, and
/// little enough that a hundred of them at once fit in an instance's memory.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Longest body that is read, in bytes, whatever it holds: a server that sends comments for ever, faster than they are
/// read, would leave no moment to look at the clock. A word takes some three hundred bytes as an event.
const MAX_BODY_BYTES: usize = 16 * MAX_BYTES;

const TOO_LONG: Failure = Failure::Malformed { reason: "longer than 1 MiB" };

/// Reads one answer, whose head said that it succeeded (the provider's `parse` is for the others).
#[derive(Debug)]
pub struct Decoder {
    framing: Framing,
    /// Bytes taken so far.
    taken: usize,
    answer: Answer,
}

/// How events are told apart in the body.
#[derive(Debug)]
enum Framing {
    /// `text/event-stream`.
    Sse(Lines, Events),
    /// `application/x-ndjson`.
    Ndjson(Lines),
    /// One JSON document, from a server that does not stream; what has come of it.
    Whole(Vec<u8>),
}

/// What the events have said so far.
#[derive(Debug)]
struct Answer {
    provider: Provider,
    text: String,
    finish: Option<Finish>,
    usage: Usage,
    done: bool,
}

impl Decoder {
    /// A decoder for an answer with these headers: `content-type: application/json` means that the server ignored
    /// the wish for a stream; with anything else the provider's own framing is expected.
    pub fn new(provider: Provider, headers: &HeaderMap) -> Self {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let framing = if media_type.eq_ignore_ascii_case("application/json") {
            Framing::Whole(Vec::new())
        } else {
            match provider {
                Provider::Mistral => Framing::Sse(Lines::default(), Events::default()),
                Provider::Ollama => Framing::Ndjson(Lines::default()),
            }
        };
        let answer = Answer { provider, text: String::new(), finish: None, usage: Usage::default(), done: false };
        Self { framing, taken: 0, answer }
    }

    /// Takes the next bytes of the body and gives the text that they complete, which may be empty.
    ///
    /// Of an answer that comes in one piece there is no text before [`Decoder::end`].
    ///
    /// # Errors
    /// [`Failure::Malformed`]: not what the provider sends, an error in the midst of it, or longer than
    /// [`MAX_BYTES`], sixteen times that for all that is not text.
    pub fn push(&mut self, chunk: &[u8]) -> Result<String, Failure> {
        self.taken += chunk.len();
        if self.taken > MAX_BODY_BYTES {
            return Err(TOO_LONG);
        }
        let before = self.answer.text.len();
        let answer = &mut self.answer;
        match &mut self.framing {
            Framing::Sse(lines, events) => lines.push(chunk, |line| match events.line(line)? {
                Some(event) => answer.read(&event),
                None => Ok(()),
            })?,
            Framing::Ndjson(lines) => lines.push(chunk, |line| answer.read(line))?,
            Framing::Whole(body) if body.len() + chunk.len() > MAX_BYTES => return Err(TOO_LONG),
            Framing::Whole(body) => body.extend_from_slice(chunk),
        }
        Ok(answer.text.get(before..).unwrap_or_default().to_owned())
    }

    /// Whether the final event has come: whatever follows can be left unread.
    pub fn is_done(&self) -> bool {
        self.answer.done
    }

    /// The whole answer, once the body has ended.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] where the final event is missing; [`Failure::Malformed`] where there is no text.
    pub fn end(self) -> Result<Completion, Failure> {
        let mut answer = self.answer;
        match self.framing {
            Framing::Whole(body) => {
                return match answer.provider {
                    Provider::Mistral => mistral::parse_success(&body),
                    Provider::Ollama => ollama::parse_success(&body),
                };
            }
            // The last line break may be missing. What cannot be read then is an event that broke off.
            Framing::Sse(lines, events) => {
                let _ = events.end(lines.end()).map_or(Ok(()), |event| answer.read(&event));
            }
            Framing::Ndjson(lines) => {
                let _ = answer.read(lines.end());
            }
        }
        if !answer.done && answer.finish.is_none() {
            return Err(Failure::Interrupted);
        }
        Completion::new(answer.text, answer.finish.unwrap_or(Finish::Unfinished), answer.usage)
    }
}

impl Answer {
    fn read(&mut self, event: &[u8]) -> Result<(), Failure> {
        let event = event.trim_ascii();
        if self.done || event.is_empty() {
            return Ok(());
        }
        let piece = match self.provider {
            Provider::Mistral if event == b"[DONE]" => {
                self.done = true;
                return Ok(());
            }
            Provider::Mistral => mistral::parse_event(event)?,
            Provider::Ollama => ollama::parse_event(event)?,
        };
        if self.text.len() + piece.text.len() > MAX_BYTES {
            return Err(TOO_LONG);
        }
        self.text.push_str(&piece.text);
        self.finish = self.finish.or(piece.finish);
        self.usage = piece.usage.unwrap_or(self.usage);
        // Mistral's counts may come in an event of their own, and `[DONE]` after them.
        self.done = self.provider == Provider::Ollama && self.finish.is_some();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
