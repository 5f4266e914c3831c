//! Identifiers in a streamed text: only the caller's own are shown.

use super::is_quote;
use crate::text::{Glyph, plain};
use crate::ticket::{Evidence, Schema, UNKNOWN, ground_fragments};

/// Grounds a streamed text as the ticket is grounded.
pub(super) struct Identifiers<'a> {
    evidence: &'a Evidence,
    schema: &'a Schema,
    /// The last word shown in this string: it may label the number that follows.
    label: String,
}

impl<'a> Identifiers<'a> {
    pub(super) const fn new(evidence: &'a Evidence, schema: &'a Schema) -> Self {
        Self { evidence, schema, label: String::new() }
    }

    /// `text` with [`UNKNOWN`] in place of each identifier that the caller did not write; `None` if there is none.
    pub(super) fn ground(&mut self, text: &str) -> Option<String> {
        let grounded = match self.schema.mentions(text.trim()) {
            true => None,
            false => ground_fragments(&format!("{}{text}", self.label), self.evidence),
        };
        // Grounding keeps the label, unless label and text together are one address.
        let grounded = grounded.map(|grounded| grounded.strip_prefix(&self.label).unwrap_or(UNKNOWN).to_owned());
        if let Some(word) = grounded.as_deref().unwrap_or(text).split_whitespace().next_back() {
            self.label = word.to_owned();
        }
        grounded
    }

    /// A quote separates what follows from the label.
    pub(super) fn end_of_string(&mut self) {
        self.label.clear();
    }
}

/// The beginning of a text that further text cannot change: up to the last quote, or the blank after the last word
/// without a digit. A later word may grow, and numbers in a row may be one.
pub(super) fn decided(glyphs: &[Glyph]) -> &[Glyph] {
    let (mut decided, mut has_letter, mut has_digit) = (0, false, false);
    for (at, glyph) in glyphs.iter().enumerate() {
        let (is_quote, is_blank) = (is_quote(glyph), glyph.c.is_whitespace());
        if is_quote {
            decided = at + 1;
        } else if is_blank && has_letter && !has_digit {
            decided = at;
        }
        let c = plain(glyph.c);
        let in_word = !is_quote && !is_blank;
        has_digit = in_word && (has_digit || c.is_ascii_digit());
        has_letter = in_word && (has_letter || c.is_alphabetic());
    }
    glyphs.get(..decided).unwrap_or_default()
}
