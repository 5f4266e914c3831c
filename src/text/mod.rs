//! Text as people type it: folding, words, edit distance, language.
//!
//! Every function here takes time linear in its input and never panics.

mod fold;
mod json;
mod language;
mod stem;
mod words;

pub use fold::{fold, is_invisible, plain};
pub use json::{Glyph, json_glyphs};
pub use language::detect;
pub use stem::stem;
pub use words::{Gap, Word, Words};

/// Cuts `text` to at most `max` characters, at a word's end where one is near.
///
/// ```
/// assert_eq!(support_ticket_ai::text::truncate("une imprimante en panne", 16), "une imprimante");
/// assert_eq!(support_ticket_ai::text::truncate("court", 16), "court");
/// ```
pub fn truncate(text: &str, max: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(max) else {
        return text;
    };
    let head = text.get(..end).unwrap_or_default();
    // A break in the last third is close enough; else the cut falls inside a word.
    let at_word = head.rfind(char::is_whitespace).filter(|at| at * 3 > end * 2).and_then(|at| head.get(..at));
    at_word.unwrap_or(head).trim_end()
}

/// Whether two folded words are one typing mistake apart, for words long enough that this says something.
///
/// One insertion, deletion, substitution or swap of neighbours in words of five letters or more.
pub fn is_typo(a: &str, b: &str) -> bool {
    let (a_len, b_len) = (a.chars().count(), b.chars().count());
    a_len.min(b_len) >= 5 && a_len.abs_diff(b_len) <= 1 && strsim::osa_distance(a, b) <= 1
}
