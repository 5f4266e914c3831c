//! Restores private data, in whole texts and in streams.

use super::kinds::Kind;
use super::placeholder::{Reading, read};
use super::view::END;
use crate::text::{Glyph, escape_json, json_glyphs};
use std::collections::BTreeMap;

/// The value of each placeholder.
pub(super) type Originals = BTreeMap<(Kind, u32), String>;

/// The format of the text around a placeholder.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Format {
    /// Plain text.
    Plain,
    /// Raw JSON, in which placeholders may be escaped and values must be.
    Json,
}

/// A placeholder in a text, and its bytes there.
pub(super) struct Occurrence {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    pub(super) number: u32,
}

/// The placeholders of a text.
pub(super) struct Findings {
    pub(super) found: Vec<Occurrence>,
    /// Bytes that are decided; the rest may be the beginning of a placeholder or of an escape.
    decided: usize,
    /// The last decided character.
    last: char,
}

/// Finds every placeholder of `text`, which follows the character `before`.
pub(super) fn find(text: &str, format: Format, before: char, ended: bool) -> Findings {
    let glyphs = match format {
        Format::Plain => text.char_indices().map(|(start, c)| Glyph { c, start, len: c.len_utf8() }).collect(),
        Format::Json => json_glyphs(text, ended),
    };
    let mut findings = Findings { found: Vec::new(), decided: 0, last: before };
    let mut index = 0;
    while let Some(glyph) = glyphs.get(index) {
        let at = |k: usize| match glyphs.get(index + k) {
            Some(glyph) => Some(glyph.c),
            None => ended.then_some(END),
        };
        let len = match read(findings.last, at) {
            Reading::Beginning => break,
            Reading::Other => 1,
            Reading::Placeholder { kind, number, len } => {
                let end = glyphs.get(index + len - 1).map_or(text.len(), |last| last.end());
                findings.found.push(Occurrence { start: glyph.start, end, kind, number });
                len
            }
        };
        index += len;
        if let Some(last) = glyphs.get(index - 1) {
            findings.decided = last.end();
            findings.last = last.c;
        }
    }
    findings
}

/// The decided part of `text`, restored.
fn restore_decided(originals: &Originals, text: &str, format: Format, findings: &Findings) -> String {
    let mut out = String::with_capacity(findings.decided);
    let mut from = 0;
    for occurrence in &findings.found {
        let Some(original) = originals.get(&(occurrence.kind, occurrence.number)) else {
            continue;
        };
        out.push_str(text.get(from..occurrence.start).unwrap_or_default());
        match format {
            Format::Plain => out.push_str(original),
            Format::Json => out.push_str(&escape_json(original)),
        }
        from = occurrence.end;
    }
    out.push_str(text.get(from..findings.decided).unwrap_or_default());
    out
}

/// `text`, restored.
pub(super) fn restore(originals: &Originals, text: &str, format: Format) -> String {
    if originals.is_empty() {
        return text.to_owned();
    }
    restore_decided(originals, text, format, &find(text, format, END, true))
}

/// Restores raw JSON text that arrives in pieces.
#[derive(Debug)]
pub struct Restorer<'a> {
    originals: &'a Originals,
    /// The character before the undecided text.
    last: char,
}

impl<'a> Restorer<'a> {
    pub(super) const fn new(originals: &'a Originals) -> Self {
        Self { originals, last: END }
    }

    /// Restores `text` from byte `from` on and returns where the restored text ends.
    ///
    /// The rest, less than thirty characters, may still become a placeholder or an escape: the next call starts there. Nothing is left if `is_end`.
    pub fn restore(&mut self, text: &mut String, from: usize, is_end: bool) -> usize {
        if self.originals.is_empty() {
            return text.len();
        }
        let pending = text.split_off(from);
        let findings = find(&pending, Format::Json, self.last, is_end);
        text.push_str(&restore_decided(self.originals, &pending, Format::Json, &findings));
        self.last = findings.last;
        let end = text.len();
        text.push_str(pending.get(findings.decided..).unwrap_or_default());
        end
    }
}
