//! Replaces private data before a third party reads a text, and restores it in the answer.
//!
//! ```
//! use support_ticket_ai::privacy::Redactor;
//! let mut redactor = Redactor::new();
//! let sent = redactor.redact("Je suis jean@exemple.fr, au 06 39 98 01 23. Erreur 0x80070005.");
//! assert_eq!(sent, "Je suis <EMAIL_1>, au <TELEPHONE_1>. Erreur 0x80070005.");
//! assert_eq!(redactor.restore("Noté : <EMAIL_1>."), "Noté : jean@exemple.fr.");
//! ```
//!
//! `view` turns a text into what a reader sees, and `scan` tries each of the `kinds` at each place of it. `placeholder`
//! and `restore` are the way back. Everything takes linear time, and only the [`Redactor`], which lives as long as its
//! request, keeps private data.

mod checksum;
mod context;
mod kinds;
mod number;
mod placeholder;
mod restore;
mod scan;
#[cfg(test)]
mod tests;
mod view;

pub use kinds::Kind;
pub use restore::Restorer;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::conversation::{Conversation, Turn};
use restore::{Format, Originals, find, restore};
use view::END;

/// The placeholders of one request.
///
/// A request's texts go through one redactor, so that a value has the same placeholder in all of them.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    /// Numbers by kind and normalised value.
    numbers: BTreeMap<(Kind, String), u32>,
    originals: Originals,
}

impl Redactor {
    /// A redactor without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// `text` with a placeholder for each private value, numbered by first appearance within its kind.
    ///
    /// A value has the same placeholder however it is written. Text that looks like a placeholder gets one of its own, so
    /// that nobody obtains a value by typing its placeholder.
    pub fn redact(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for found in scan::scan(text) {
            self.push_kept(text.get(from..found.bytes.start).unwrap_or_default(), &mut out);
            let original = text.get(found.bytes.clone()).unwrap_or_default();
            let key = found.key.unwrap_or_else(|| original.to_owned());
            self.push_placeholder(found.kind, key, original, &mut out);
            from = found.bytes.end;
        }
        self.push_kept(text.get(from..).unwrap_or_default(), &mut out);
        out
    }

    /// A copy of `conversation` in which every text and every ticket value is redacted.
    ///
    /// Requests to models and the keys of cached answers are made from this copy.
    pub fn redact_conversation(&mut self, conversation: &Conversation<'_>) -> Conversation<'static> {
        let turns = conversation.history.iter();
        let history = turns.map(|turn| Turn { text: self.redact(&turn.text), ..*turn }).collect();
        let values = conversation.ticket.iter();
        let ticket = values.map(|(name, value)| (name.clone(), self.redact_value(value))).collect();
        let message = self.redact(&conversation.message);
        Conversation { message: Cow::Owned(message), ticket: Cow::Owned(ticket), history: Cow::Owned(history) }
    }

    /// A redacted copy of a ticket's value; a number that is private, such as a card's, becomes a string.
    fn redact_value(&mut self, value: &Value) -> Value {
        if let Value::String(text) = value {
            return self.redact(text).into();
        }
        let text = value.to_string();
        let redacted = self.redact(&text);
        if redacted == text { value.clone() } else { redacted.into() }
    }

    /// `value` with every string in it redacted. Numbers stay: restored, they would be strings.
    pub fn redact_json(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => self.redact(&text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.redact_json(item)).collect(),
            Value::Object(map) => map.into_iter().map(|(name, value)| (name, self.redact_json(value))).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) => value,
        }
    }

    /// `text` with each placeholder replaced by its value, as it was first written.
    ///
    /// Reads `<EMAIL_1>` in any case, without brackets, or escaped as `\<EMAIL_1\>` or `\u003cEMAIL_1\u003e`.
    /// Unknown placeholders stay.
    pub fn restore(&self, text: &str) -> String {
        restore(&self.originals, text, Format::Plain)
    }

    /// Like [`Self::restore`], for raw JSON text: values are escaped for a JSON string.
    pub fn restore_json(&self, text: &str) -> String {
        restore(&self.originals, text, Format::Json)
    }

    /// Whether no value has been replaced.
    pub fn is_empty(&self) -> bool {
        self.originals.is_empty()
    }

    /// [`Self::restore_json`] for a text that arrives in pieces.
    pub const fn restorer(&self) -> Restorer<'_> {
        Restorer::new(&self.originals)
    }

    /// Every replaced value, with the kind and number of its placeholder.
    pub fn values(&self) -> impl Iterator<Item = (Kind, u32, &str)> {
        self.originals.iter().map(|((kind, number), original)| (*kind, *number, original.as_str()))
    }

    /// Appends text without private values, in which everything that [`restore`] reads as a placeholder is replaced.
    ///
    /// The scan, which ignores invisible characters, may have missed one that `restore` would find.
    fn push_kept(&mut self, text: &str, out: &mut String) {
        let mut from = 0;
        for occurrence in find(text, Format::Plain, END, true).found {
            out.push_str(text.get(from..occurrence.start).unwrap_or_default());
            let original = text.get(occurrence.start..occurrence.end).unwrap_or_default();
            self.push_placeholder(Kind::Typed, original.to_owned(), original, out);
            from = occurrence.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
    }

    fn push_placeholder(&mut self, kind: Kind, key: String, original: &str, out: &mut String) {
        let next = self.originals.range((kind, 0)..=(kind, u32::MAX)).next_back().map_or(1, |((_, last), _)| last + 1);
        let number = *self.numbers.entry((kind, key)).or_insert(next);
        self.originals.entry((kind, number)).or_insert_with(|| original.to_owned());
        out.push_str(&format!("<{}_{number}>", kind.name()));
    }
}
