//! Redaction: private data out of a text before a third party reads it, and back into the answer.
//!
//! ```
//! use support_ticket_ai::privacy::Redactor;
//! let mut redactor = Redactor::new();
//! let sent = redactor.redact("Je suis jean@exemple.fr, au 06 39 98 01 23. Erreur 0x80070005.");
//! assert_eq!(sent, "Je suis <EMAIL_1>, au <TELEPHONE_1>. Erreur 0x80070005.");
//! assert_eq!(redactor.restore("Noté : <EMAIL_1>."), "Noté : jean@exemple.fr.");
//! ```
//!
//! `view` shows a text as its reader sees it, `scan` walks over it and asks one scanner per kind what stands at each
//! place, `placeholder` and `restore` lead back. Everything is linear in the text and nothing is kept beyond a
//! [`Redactor`], which lives as long as its request.

mod calling_code;
mod card;
mod checksum;
mod context;
mod email;
mod iban;
mod ip;
mod kind;
mod nir;
mod number;
mod phone;
mod placeholder;
mod restore;
mod scan;
#[cfg(test)]
mod tests;
mod view;

pub use kind::Kind;
pub use restore::Restorer;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::conversation::{Conversation, Turn};
use restore::{Originals, Writing, restore, sight};
use view::END;

/// One request's placeholders.
///
/// A request's texts go through one redactor, so that a value has the same placeholder in all of them.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    /// Numbers by kind and normalised value.
    numbers: BTreeMap<(Kind, String), u32>,
    originals: Originals,
}

impl Redactor {
    /// A redactor that knows no value yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// `text` with a placeholder for each private value, numbered by first appearance within its kind.
    ///
    /// The same value gets the same placeholder, however it is written. What reads like a placeholder already gets one
    /// of its own, so that nobody obtains a value by naming its placeholder.
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
    /// Whatever leaves the process, or identifies a cached answer, is made from this copy.
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

    /// `text` with the originals back, in the form in which each was first written.
    ///
    /// Reads `<EMAIL_1>` in any case, bare as a word of its own, escaped as `\<EMAIL_1\>` or `\u003cEMAIL_1\u003e`.
    /// A placeholder that was never given out stays.
    pub fn restore(&self, text: &str) -> String {
        restore(&self.originals, text, Writing::Plain)
    }

    /// As [`Self::restore`], for raw JSON text: what is put back is escaped as the content of a JSON string.
    pub fn restore_json(&self, text: &str) -> String {
        restore(&self.originals, text, Writing::Json)
    }

    /// Whether no value was replaced so far.
    pub fn is_empty(&self) -> bool {
        self.originals.is_empty()
    }

    /// [`Self::restore_json`] for a text that arrives in pieces, knowing the values replaced so far.
    pub const fn restorer(&self) -> Restorer<'_> {
        Restorer::new(&self.originals)
    }

    /// Every value replaced so far, with its kind and its placeholder's number.
    pub fn values(&self) -> impl Iterator<Item = (Kind, u32, &str)> {
        self.originals.iter().map(|((kind, number), original)| (*kind, *number, original.as_str()))
    }

    /// Appends text without private values, save that what [`restore`] reads as a placeholder gets one.
    ///
    /// The scan has seen through disguises; this looks with the eyes of the reversal, so that the two cannot disagree.
    fn push_kept(&mut self, text: &str, out: &mut String) {
        let mut from = 0;
        for occurrence in sight(text, Writing::Plain, END, true).found {
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
