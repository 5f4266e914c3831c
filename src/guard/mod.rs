//! Filters a model's text while it is streamed to the caller.
//!
//! [`StreamGuard`] takes the text in pieces, holds undecided text in one buffer and releases the rest. Its rules, in order:
//!
//! | rule | looks for | effect |
//! | --- | --- | --- |
//! | [`Restorer`] | placeholders of private data | replaced by the caller's own data |
//! | `secrets` | API keys, the prompt's boundary, lines of the instructions | the stream ends |
//! | `identifiers` | addresses, numbers and references that the caller did not write | replaced by [`UNKNOWN`] |
//! | [`question::may_show`] | questions for confidential data | the stream ends |
//!
//! A new rule is one more function in `StreamGuard::release`: it edits the buffer before the others see it, as the
//! restorer does, or shortens the decided text, as `secrets` does. A stream that ends early costs the caller only the
//! preview: the result is read from the model's whole answer.

mod identifiers;
mod secrets;
#[cfg(test)]
mod tests;

use crate::privacy::Restorer;
use crate::text::{Glyph, escape_json, is_invisible, json_glyphs, plain};
use crate::ticket::{Evidence, Schema, UNKNOWN, question};
use identifiers::Identifiers;
use secrets::Secrets;

/// Longest undecided text, in bytes. No identifier is longer, and a secret with more between its letters is unreadable.
const MAX_HELD: usize = 2_048;

/// What an answer may contain.
#[derive(Clone, Copy, Debug)]
pub struct Allowed<'a> {
    /// The caller's own identifiers.
    pub evidence: &'a Evidence,
    /// The ticket's schema: its names and values are public.
    pub schema: &'a Schema,
    /// Whether the answer is a question to the customer.
    pub is_question: bool,
}

/// Takes raw JSON text in pieces and returns what may be shown of it.
pub struct StreamGuard<'a> {
    restorer: Option<Restorer<'a>>,
    secrets: Secrets,
    identifiers: Identifiers<'a>,
    /// The question so far, if the answer is one.
    question: Option<String>,
    /// Text that is not shown yet.
    held: String,
    /// Bytes of `held` that are restored; the rest may be the start of a placeholder.
    restored: usize,
    /// Whether what was shown ends within a JSON string.
    in_string: bool,
    /// Whether nothing more is shown.
    is_closed: bool,
}

impl<'a> StreamGuard<'a> {
    /// A guard that recognizes `secrets` as a whole and `instructions` by the start of each line.
    pub fn new(allowed: Allowed<'a>, restorer: Option<Restorer<'a>>, instructions: &str, secrets: &[&str]) -> Self {
        Self {
            restorer,
            secrets: Secrets::new(instructions, secrets),
            identifiers: Identifiers::new(allowed.evidence, allowed.schema),
            question: allowed.is_question.then(String::new),
            held: String::new(),
            restored: 0,
            in_string: false,
            is_closed: false,
        }
    }

    /// Takes the next piece and returns the text that it decides.
    pub fn push(&mut self, text: &str) -> String {
        self.release(text, false)
    }

    /// Returns the rest of the complete text.
    pub fn finish(mut self) -> String {
        self.release("", true)
    }

    /// Adds `text` to the buffer and returns what may be shown of it.
    fn release(&mut self, text: &str, is_end: bool) -> String {
        if self.is_closed {
            return String::new();
        }
        let mut held = std::mem::take(&mut self.held);
        held.push_str(text);
        self.restored = match &mut self.restorer {
            Some(restorer) => restorer.restore(&mut held, self.restored, is_end),
            None => held.len(),
        };
        let glyphs = json_glyphs(held.get(..self.restored).unwrap_or_default(), is_end);
        let (clear, has_secret) = self.secrets.clear(&glyphs, is_end);
        let decided = if is_end || has_secret { clear } else { identifiers::decided(clear) };
        let shown = self.show(&held, decided);
        let end = decided.last().map_or(0, |last| last.end());
        self.held = held.split_off(end);
        self.restored -= end;
        self.is_closed = has_secret || shown.is_none() || self.held.len() > MAX_HELD;
        shown.unwrap_or_default()
    }

    /// The decided text as it is shown; `None` if nothing more may be shown.
    fn show(&mut self, held: &str, decided: &[Glyph]) -> Option<String> {
        let mut out = String::new();
        for (at, piece) in decided.split(is_quote).enumerate() {
            if at > 0 {
                out.push('"');
                self.in_string = !self.in_string;
                self.identifiers.end_of_string();
            }
            out.push_str(&self.show_piece(held, piece)?);
        }
        Some(out)
    }

    /// The same for a piece without a quote.
    fn show_piece(&mut self, held: &str, piece: &[Glyph]) -> Option<String> {
        let (Some(first), Some(last)) = (piece.first(), piece.last()) else { return Some(String::new()) };
        let visible = || piece.iter().filter(|glyph| !is_invisible(glyph.c));
        let text: String = visible().map(|glyph| plain(glyph.c)).collect();
        if let Some(question) = self.question.as_mut().filter(|_| self.in_string) {
            question.push_str(&text);
            if !question::may_show(question) {
                return None;
            }
        }
        match self.identifiers.ground(&text) {
            None if visible().count() == piece.len() => held.get(first.start..last.end()).map(str::to_owned),
            None => Some(escape_json(&text)),
            Some(grounded) if self.in_string => Some(escape_json(&grounded)),
            // A number: what takes its place is a string.
            Some(grounded) => Some(grounded.replace(UNKNOWN, &format!("\"{UNKNOWN}\""))),
        }
    }
}

/// Whether this is an unescaped quote: it begins or ends a string, and with it every identifier.
const fn is_quote(glyph: &Glyph) -> bool {
    glyph.c == '"' && glyph.len == 1
}
