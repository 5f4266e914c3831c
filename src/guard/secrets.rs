//! Secrets in a streamed text, in any spelling.

use crate::text::{Glyph, fold};
use crate::ticket::MIN_TOKEN_CHARS;

/// A line of the instructions is recognised by its first letters and digits: more than two sentences share by chance.
const LINE_START: usize = 32;

/// The secrets of a request, as [`letters`].
pub(super) struct Secrets(Vec<Vec<char>>);

impl Secrets {
    pub(super) fn new(instructions: &str, secrets: &[&str]) -> Self {
        let lines = instructions.lines().map(letters).filter(|line| line.len() >= LINE_START).map(|mut line| {
            line.truncate(LINE_START);
            line
        });
        let secrets = secrets.iter().map(|secret| letters(secret)).filter(|secret| secret.len() >= MIN_TOKEN_CHARS);
        Self(lines.chain(secrets).collect())
    }

    /// The beginning of a text that is free of secrets, and whether a secret follows it.
    ///
    /// Unless `is_end`, it also stops before the start of a secret that further text may complete.
    pub(super) fn clear<'g>(&self, glyphs: &'g [Glyph], is_end: bool) -> (&'g [Glyph], bool) {
        let mut text = Vec::with_capacity(glyphs.len());
        // The glyph that each letter comes from: folding may make several letters of one glyph, or none.
        let mut origins = Vec::with_capacity(glyphs.len());
        for (at, glyph) in glyphs.iter().enumerate() {
            push_letters(glyph.c, &mut text);
            origins.resize(text.len(), at);
        }
        let found = self.0.iter().filter_map(|secret| text.windows(secret.len()).position(|run| run == secret)).min();
        let begun = || self.0.iter().map(|secret| overlap(&text, secret)).max().unwrap_or(0);
        let from = found.unwrap_or_else(|| if is_end { text.len() } else { text.len() - begun() });
        let end = origins.get(from).copied().unwrap_or(glyphs.len());
        (glyphs.get(..end).unwrap_or_default(), found.is_some())
    }
}

/// The folded letters and digits of a text: no case, accent, blank or punctuation hides a secret.
fn letters(text: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(text.len());
    text.chars().for_each(|c| push_letters(c, &mut letters));
    letters
}

fn push_letters(c: char, letters: &mut Vec<char>) {
    if c.is_ascii() {
        letters.extend(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()));
    } else {
        letters.extend(fold(c.encode_utf8(&mut [0; 4])).chars().filter(|c| c.is_alphanumeric()));
    }
}

/// Length of the longest end of `text` that is the beginning of `secret` and not all of it.
fn overlap(text: &[char], secret: &[char]) -> usize {
    let most = text.len().min(secret.len().saturating_sub(1));
    (1..=most).rev().find(|count| text.ends_with(secret.get(..*count).unwrap_or_default())).unwrap_or(0)
}
