//! Language models: how to ask one, how to read its answer, and what to do when it fails.
//!
//! Everything here is a function of its arguments: no socket, no clock, no randomness.
//! A provider is a pair of plain functions, `request` (a [`Call`] to an [`http::Request`]) and `parse` (an answer's
//! status, headers and body to a [`Completion`] or a [`Failure`]); whoever holds the connection sends the one and
//! feeds the other.
//!
//! - [`mistral`], [`ollama`]: the two providers, and how to ask them which models they have.
//! - [`stream`]: the same answers, piece by piece as the model writes.
//! - [`plan`]: retry, repair, next model, next backend: the attempt plan as a state machine.

mod endpoint;
mod failure;
pub mod mistral;
pub mod ollama;
pub mod plan;
mod retry_after;
pub mod stream;

use std::ops::{Add, AddAssign};

use serde::Serialize;

pub use endpoint::EndpointError;
pub use failure::Failure;
pub use retry_after::retry_after;

/// Sampling temperature of every call, from 0 (greedy) upwards: a ticket is read out of a text, not invented.
const TEMPERATURE: f32 = 0.0;

/// The API that a model server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Mistral's chat completions, which vLLM, llama.cpp and LiteLLM speak too.
    Mistral,
    /// Ollama's `/api/generate` or `/api/chat`.
    Ollama,
}

impl Provider {
    /// All providers.
    pub const ALL: &[Self] = &[Self::Mistral, Self::Ollama];

    /// Its name in the configuration and in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mistral => "mistral",
            Self::Ollama => "ollama",
        }
    }
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A model server.
    Server(Provider),
    /// The component itself, without a model.
    Local,
}

impl Backend {
    /// Its name in the configuration and in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server(provider) => provider.name(),
            Self::Local => "local",
        }
    }

    /// The backend of that name.
    ///
    /// ```
    /// use support_ticket_ai::model::{Backend, Provider};
    /// assert_eq!(Backend::from_name("ollama"), Some(Backend::Server(Provider::Ollama)));
    /// assert_eq!(Backend::from_name("local"), Some(Backend::Local));
    /// assert_eq!(Backend::from_name("gpt"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        let servers = Provider::ALL.iter().map(|provider| Self::Server(*provider));
        servers.chain([Self::Local]).find(|backend| backend.name() == name)
    }
}

/// Who speaks in a [`Message`].
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
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// What to ask of a model, whichever server has it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The model's name on that server.
    pub model: &'a str,
    /// The conversation, in order; the last turn is the user's.
    pub messages: &'a [Message],
    /// JSON Schema that the answer is constrained to; `None` = free text.
    pub schema: Option<&'a serde_json::Value>,
    /// Most tokens that the model may write.
    pub max_tokens: u32,
    /// Whether the answer comes piece by piece, for a [`stream::Decoder`].
    pub stream: bool,
}

/// What a model answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text, reasoning left out. Blank only where [`Finish::Length`] cut it before its first word.
    pub text: String,
    /// Whether that is all of it.
    pub finish: Finish,
    /// What it cost.
    pub usage: Usage,
}

impl Completion {
    /// An answer in which nothing is said is a failure, unless more room could have let the model say it.
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
    /// It had said everything.
    Stop,
    /// It was cut off: `max_tokens` or its context was used up.
    Length,
    /// It broke off: an error on the way, a tool call that nobody offered, a loop that the server ended, or no reason
    /// given. The text is not to be trusted, though it may be shown to the model for repair.
    Unfinished,
}

/// Tokens that calls took, as the server counted; 0 where it did not.
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

/// A part of an answer, as both providers' readers give it: all of it, or one event of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
struct Piece {
    text: String,
    /// `None` = more is to come.
    finish: Option<Finish>,
    /// `None` = not said here.
    usage: Option<Usage>,
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
