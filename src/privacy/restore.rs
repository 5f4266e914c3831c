//! Putting the originals back, in whole texts and in a stream.

use super::kind::Kind;
use super::placeholder::{Reading, read};
use super::view::END;
use crate::text::{Glyph, escape_json, json_glyphs};
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
            Writing::Json => out.push_str(&escape_json(original)),
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
#[derive(Debug)]
pub struct Restorer<'a> {
    originals: &'a Originals,
    /// The character before the text that is not restored yet.
    last: char,
}

impl<'a> Restorer<'a> {
    pub(super) const fn new(originals: &'a Originals) -> Self {
        Self { originals, last: END }
    }

    /// Restores `text` from byte `from` on and returns where the restored text ends.
    ///
    /// What follows, less than thirty characters, may still become a placeholder or an escape: the next call starts
    /// there. Nothing is left if `is_end`.
    pub fn restore(&mut self, text: &mut String, from: usize, is_end: bool) -> usize {
        if self.originals.is_empty() {
            return text.len();
        }
        let pending = text.split_off(from);
        let sighting = sight(&pending, Writing::Json, self.last, is_end);
        text.push_str(&put_back(self.originals, &pending, Writing::Json, &sighting));
        self.last = sighting.last;
        let end = text.len();
        text.push_str(pending.get(sighting.settled..).unwrap_or_default());
        end
    }
}
