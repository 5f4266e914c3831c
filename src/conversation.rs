//! The conversation that a caller sends.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Who wrote a turn of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The customer (`user`, or a bare string).
    Customer,
    /// The support desk's own earlier question (`assistant`).
    Desk,
}

/// One entry of the history.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Turn {
    /// Who wrote it.
    pub speaker: Speaker,
    /// What they wrote.
    pub text: String,
}

impl Turn {
    /// A turn of the customer's.
    pub fn customer(text: impl Into<String>) -> Self {
        Self { speaker: Speaker::Customer, text: text.into() }
    }
}

/// Everything in a request that people wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation<'a> {
    /// The customer's newest message; empty if there is none.
    pub message: Cow<'a, str>,
    /// The ticket so far; empty if there is none.
    pub ticket: Cow<'a, Map<String, Value>>,
    /// Earlier turns, oldest first.
    pub history: Cow<'a, [Turn]>,
}

impl<'a> Conversation<'a> {
    /// A new message and the turns before it.
    pub fn with_message(message: &'a str, history: &'a [Turn]) -> Self {
        Self { message: Cow::Borrowed(message), history: Cow::Borrowed(history), ..Self::default() }
    }

    /// The ticket so far and the turns that led to it.
    pub fn with_ticket(ticket: &'a Map<String, Value>, history: &'a [Turn]) -> Self {
        Self { ticket: Cow::Borrowed(ticket), history: Cow::Borrowed(history), ..Self::default() }
    }

    /// Every text: the history, the ticket's values, the message.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.history.iter().map(|turn| turn.text.as_str()).chain(self.newest())
    }

    /// The texts without the support desk's turns.
    pub fn customer_texts(&self) -> impl Iterator<Item = &str> {
        let turns = self.history.iter().filter(|turn| turn.speaker == Speaker::Customer);
        turns.map(|turn| turn.text.as_str()).chain(self.newest())
    }

    /// Whether the support desk has said anything.
    pub fn has_desk_turn(&self) -> bool {
        self.history.iter().any(|turn| turn.speaker == Speaker::Desk)
    }

    fn newest(&self) -> impl Iterator<Item = &str> {
        let message = Some(&*self.message).filter(|message| !message.is_empty());
        self.ticket.values().filter_map(Value::as_str).chain(message)
    }
}
