//! A text as a reader sees it: without invisible characters, look-alikes replaced, each glyph with its bytes.

use crate::text::{self, Glyph, is_invisible};
use std::cell::Cell;
use std::ops::Range;

/// Returned past the end of a text. Controls are invisible, so no view contains it.
pub(super) const END: char = '\0';

/// The visible characters of a text.
pub(super) struct View {
    glyphs: Vec<Glyph>,
    /// Glyphs before this one are replaced, and not read any more.
    floor: usize,
    /// Where the last version ends that was read as no IP address.
    pub(super) last_version_end: Cell<Option<usize>>,
}

impl View {
    pub(super) fn new(text: &str) -> Self {
        let glyphs = text.char_indices().filter_map(|(start, c)| {
            let len = c.len_utf8();
            plain(c).map(|c| Glyph { c, start, len })
        });
        Self { glyphs: glyphs.collect(), floor: 0, last_version_end: Cell::new(None) }
    }

    pub(super) fn len(&self) -> usize {
        self.glyphs.len()
    }

    /// The glyph at `index`; [`END`] if there is none.
    pub(super) fn at(&self, index: usize) -> char {
        self.glyphs.get(index).map_or(END, |glyph| glyph.c)
    }

    /// The `count`-th glyph before `index` (1 is the neighbour); [`END`] if it is replaced or there is none.
    pub(super) fn before(&self, index: usize, count: usize) -> char {
        match index.checked_sub(count) {
            Some(index) if index >= self.floor => self.at(index),
            _ => END,
        }
    }

    /// Marks the glyphs before `index` as replaced.
    pub(super) fn raise_floor(&mut self, index: usize) {
        self.floor = index;
    }

    /// Whether there is no letter, digit or underscore before `index`.
    pub(super) fn starts_word(&self, index: usize) -> bool {
        !is_word(self.before(index, 1))
    }

    /// Whether there is no letter, digit or underscore at `index`.
    pub(super) fn ends_word(&self, index: usize) -> bool {
        !is_word(self.at(index))
    }

    /// The bytes of the glyphs `range`, with the invisible characters between them.
    pub(super) fn bytes(&self, range: Range<usize>) -> Range<usize> {
        let first = self.glyphs.get(range.start).map_or(0, |glyph| glyph.start);
        let last = range.end.checked_sub(1).and_then(|last| self.glyphs.get(last));
        first..last.map_or(first, |glyph| glyph.end())
    }

    /// The glyphs `range` in lower case.
    pub(super) fn lower(&self, range: Range<usize>) -> String {
        self.glyphs.get(range).unwrap_or_default().iter().flat_map(|glyph| glyph.c.to_lowercase()).collect()
    }

    /// Where `word` (in lower case) at `index` ends, in any case; `None` if it is not there.
    pub(super) fn skip(&self, index: usize, word: &str) -> Option<usize> {
        let mut end = index;
        for c in word.chars() {
            if self.at(end).to_ascii_lowercase() != c {
                return None;
            }
            end += 1;
        }
        Some(end)
    }
}

/// Whether a character is part of a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The plain form of a character; `None` if it is invisible or only decorates its neighbour.
fn plain(c: char) -> Option<char> {
    let plain = match c {
        '\t' => ' ',
        ' '..='~' | '\n' | '\r' => c,
        // The keycap of emoji digits, and combining marks.
        '\u{20e3}' | '\u{300}'..='\u{36f}' => return None,
        c if is_invisible(c) => return None,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '‐'..='―' | '−' | '⁃' | '﹣' => '-',
        '·' | '•' | '∙' => '.',
        '’' | '‘' | 'ʼ' => '\'',
        '﹫' => '@',
        c => text::plain(c),
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_text_as_a_reader_sees_it() {
        let cases = [
            ("０６\u{a0}３９", "06 39"),
            ("0\u{200b}6\u{ad}3", "063"),
            ("0\u{fe0f}\u{20e3}6\u{fe0f}\u{20e3}", "06"),
            ("a＠b．fr", "a@b.fr"),
            ("𝟎𝟔 ٠٦ ۰۶", "06 06 06"),
            ("06–39−98", "06-39-98"),
            ("été", "été"),
        ];
        for (text, seen) in cases {
            let view = View::new(text);
            assert_eq!(view.lower(0..view.len()), seen, "{text:?}");
        }
        let view = View::new("é0\u{200b}6!");
        assert_eq!(view.bytes(1..3), 2..7);
    }

    #[test]
    fn replaced_glyphs_are_not_read() {
        let mut view = View::new("ab");
        assert!(!view.starts_word(1));
        view.raise_floor(1);
        assert!(view.starts_word(1));
    }
}
