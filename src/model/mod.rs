//! Language models: requests, answers, and the plan for failures.
//!
//! Everything here is a function of its arguments: no socket, no clock, no randomness.
//! `service` sends the request that a [`Server`] makes of a [`Call`], and passes the body of the answer back to the
//! server, which returns a [`Completion`] or a [`Failure`].
//!
//! - `servers`: one file per model server, each with everything about it.
//! - [`stream`]: streamed answers.
//! - [`plan`]: retry, repair, next model, next server, as a state machine.

mod failure;
pub mod plan;
mod request;
mod retry_after;
mod servers;
pub mod stream;

use std::ops::{Add, AddAssign};

use serde::Serialize;

pub use failure::Failure;
pub use retry_after::retry_after;
pub use servers::Server;

/// Sampling temperature of every call, from 0 (greedy) upwards: a ticket is extracted from a text, not invented.
const TEMPERATURE: f32 = 0.0;

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A model server, by its index among the configuration's servers.
    Server(usize),
    /// The local backend, which needs no model.
    Local,
}

/// The speaker of a [`Message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The service's own instructions; never a caller's text.
    System,
    /// The caller.
    User,
    /// The model.
    Assistant,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The speaker.
    pub role: Role,
    /// The text.
    pub content: String,
}

/// A question for a model of any server.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The model's name on that server.
    pub model: &'a str,
    /// The conversation, in order; the last turn is the user's.
    pub messages: &'a [Message],
    /// JSON Schema of the answer; `None` = free text.
    pub schema: Option<&'a serde_json::Value>,
    /// Most tokens that the model may write.
    pub max_tokens: u32,
    /// Whether to stream the answer, for a [`stream::Decoder`].
    pub stream: bool,
}

/// A model's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text, without reasoning that the server sends apart; thoughts in tags are still in it. Blank only where [`Finish::Length`] cut it before its first word.
    pub text: String,
    /// Whether it is complete.
    pub finish: Finish,
    /// The tokens that it took.
    pub usage: Usage,
}

impl Completion {
    /// An answer without text is a failure, unless the token limit cut it off.
    fn new(text: String, finish: Finish, usage: Usage) -> Result<Self, Failure> {
        if text.trim().is_empty() && finish != Finish::Length {
            return Err(Failure::Malformed { reason: "no text" });
        }
        Ok(Self { text, finish, usage })
    }
}

/// Why a model stopped writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The answer is complete.
    Stop,
    /// It was cut off by `max_tokens` or by the context's size.
    Length,
    /// It broke off: an error, a tool call that nobody offered, a loop that the server ended, or no reason given. The
    /// text cannot be used, except for a repair by the model.
    Unfinished,
}

/// Tokens of calls, as the server counted them; 0 where it did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub completion_tokens: u64,
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_add(other.completion_tokens),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// A part of an answer: all of it, or one event of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
struct Piece {
    text: String,
    /// `None` = more follows.
    finish: Option<Finish>,
    /// `None` = not in this part.
    usage: Option<Usage>,
    /// Whether the stream ends here.
    is_last: bool,
}

impl TryFrom<Piece> for Completion {
    type Error = Failure;

    fn try_from(piece: Piece) -> Result<Self, Failure> {
        Self::new(piece.text, piece.finish.unwrap_or(Finish::Unfinished), piece.usage.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_adds_up_and_saturates() {
        let mut sum = Usage::default();
        sum += Usage { prompt_tokens: 3, completion_tokens: u64::MAX };
        sum += Usage { prompt_tokens: 4, completion_tokens: 1 };
        assert_eq!(sum, Usage { prompt_tokens: 7, completion_tokens: u64::MAX });
    }

    #[test]
    fn a_blank_answer_is_a_failure_unless_it_was_cut_off() {
        let check = |text: &str, finish, expect: bool| {
            assert_eq!(
                Completion::new(text.to_owned(), finish, Usage::default()).is_ok(),
                expect,
                "{text:?} {finish:?}"
            );
        };
        check("{}", Finish::Stop, true);
        check("{", Finish::Unfinished, true);
        check(" \n", Finish::Stop, false);
        check("", Finish::Unfinished, false);
        check("", Finish::Length, true);
    }
}
