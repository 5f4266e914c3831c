//! Putting the originals back, in whole texts and in a stream.

use super::kind::Kind;
use super::placeholder::{Reading, read};
use super::view::END;
use crate::text::{Glyph, json_glyphs};
use std::collections::BTreeMap;

/// What each placeholder stands for.
pub(super) type Originals = BTreeMap<(Kind, u32), String>;

/// How the text around a placeholder is written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Writing {
    /// As it is meant.
    Plain,
    /// As raw JSON: escapes are read through, and what is put back is escaped as a string's content.
    Json,
}

/// A placeholder found in a text, as bytes of it.
pub(super) struct Occurrence {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    pub(super) number: u32,
}

/// What a look through a text found.
pub(super) struct Sighting {
    pub(super) found: Vec<Occurrence>,
    /// Bytes that are settled; what follows may be the beginning of a placeholder or of an escape.
    pub(super) settled: usize,
    /// The last settled character.
    last: char,
}

/// Finds every placeholder of `text`, which `before` precedes, in linear time.
pub(super) fn sight(text: &str, writing: Writing, before: char, ended: bool) -> Sighting {
    let glyphs = match writing {
        Writing::Plain => text.char_indices().map(|(start, c)| Glyph { c, start, len: c.len_utf8() }).collect(),
        Writing::Json => json_glyphs(text, ended),
    };
    let mut sighting = Sighting { found: Vec::new(), settled: 0, last: before };
    let mut index = 0;
    while let Some(glyph) = glyphs.get(index) {
        let at = |k: usize| match glyphs.get(index + k) {
            Some(glyph) => Some(glyph.c),
            None => ended.then_some(END),
        };
        let len = match read(sighting.last, at) {
            Reading::Beginning => break,
            Reading::Other => 1,
            Reading::Placeholder { kind, number, len } => {
                let end = glyphs.get(index + len - 1).map_or(text.len(), |last| last.start + last.len);
                sighting.found.push(Occurrence { start: glyph.start, end, kind, number });
                len
            }
        };
        index += len;
        if let Some(last) = glyphs.get(index - 1) {
            sighting.settled = last.start + last.len;
            sighting.last = last.c;
        }
    }
    sighting
}

/// Puts the originals back into the settled part of `text`.
fn put_back(originals: &Originals, text: &str, writing: Writing, sighting: &Sighting) -> String {
    let mut out = String::with_capacity(sighting.settled);
    let mut from = 0;
    for occurrence in &sighting.found {
        let Some(original) = originals.get(&(occurrence.kind, occurrence.number)) else {
            continue;
        };
        out.push_str(text.get(from..occurrence.start).unwrap_or_default());
        match writing {
            Writing::Plain => out.push_str(original),
            Writing::Json => push_escaped(original, &mut out),
        }
        from = occurrence.end;
    }
    out.push_str(text.get(from..sighting.settled).unwrap_or_default());
    out
}

/// `text` with the originals back.
pub(super) fn restore(originals: &Originals, text: &str, writing: Writing) -> String {
    if originals.is_empty() {
        return text.to_owned();
    }
    put_back(originals, text, writing, &sight(text, writing, END, true))
}

/// Puts the originals back into raw JSON text that arrives in pieces.
///
/// Holds back only what may still become a placeholder or an escape: less than thirty characters.
#[derive(Debug)]
pub struct Restorer {
    originals: Originals,
    held: String,
    last: char,
}

impl Restorer {
    pub(super) fn new(originals: Originals) -> Self {
        Self { originals, held: String::new(), last: END }
    }

    /// Takes the next piece and gives what is settled by it.
    pub fn push(&mut self, chunk: &str) -> String {
        if self.originals.is_empty() {
            return chunk.to_owned();
        }
        self.held.push_str(chunk);
        self.settle(false)
    }

    /// Gives what was held back, now that the text has ended.
    pub fn finish(mut self) -> String {
        self.settle(true)
    }

    fn settle(&mut self, ended: bool) -> String {
        let sighting = sight(&self.held, Writing::Json, self.last, ended);
        let out = put_back(&self.originals, &self.held, Writing::Json, &sighting);
        self.held = self.held.get(sighting.settled..).unwrap_or_default().to_owned();
        self.last = sighting.last;
        out
    }
}

/// Appends `text` as the content of a JSON string.
fn push_escaped(text: &str, out: &mut String) {
    let quoted = serde_json::Value::from(text).to_string();
    out.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
}
