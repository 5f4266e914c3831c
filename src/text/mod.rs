//! Text as people type it: folding, words, typing mistakes, language.
//!
//! Every function takes time linear in its input and never panics. Texts are compared by these forms:
//!
//! | form | makes equal | for |
//! | --- | --- | --- |
//! | [`visible`], [`tidy`] | invisible characters, styles of letters; `tidy`: white space | values, evidence |
//! | [`fold`] | also case, accents, typography | any comparison |
//! | [`fold_words`] | the same, and « n° » ends a word | before [`split_words`] |
//! | [`name_key`] | also blanks and punctuation | names of fields, keys |
//! | [`singular`] | a word and its plural | customers' words, listed values |
//! | [`phrase_key`] | the singulars of a text | phrases within texts |
//! | [`stem`] | a word, its plural, feminine and participle | the local backend's vocabulary |
//! | [`Words`] | folded words, with their places | the local backend |

mod fold;
mod forms;
mod json;
mod language;
mod stem;
mod words;

pub use fold::{fold, fold_words, is_invisible, is_sign, plain};
pub use forms::{is_stop_word, name_key, phrase_key, singular, spaced, split_words, tidy, visible};
pub use json::{Glyph, escape_json, json_glyphs};
pub use language::detect;
pub use stem::stem;
pub use words::{Gap, Word, Words};

/// Cuts `text` to at most `max` characters, at the end of a word if one is near.
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
    // A blank in the last third is close enough; else the cut is inside a word.
    let at_word = head.rfind(char::is_whitespace).filter(|at| at * 3 > end * 2).and_then(|at| head.get(..at));
    at_word.unwrap_or(head).trim_end()
}

/// Whether two folded words are one typing mistake apart and long enough for this to mean something.
///
/// One insertion, deletion, substitution or swap of neighbours in words of five letters or more.
pub fn is_typo(a: &str, b: &str) -> bool {
    let is_long = |word: &str| word.chars().nth(4).is_some();
    is_long(a) && is_long(b) && is_one_edit(a, b)
}

/// Whether at most one insertion, deletion, substitution or swap of neighbours turns one word into the other.
///
/// Without what they share at both ends, at most one letter of each remains, or two that are swapped.
///
/// ```
/// use support_ticket_ai::text::is_one_edit;
/// assert!(is_one_edit("imprimante", "imprimnate") && is_one_edit("ecran", "cran"));
/// assert!(!is_one_edit("wifi", "wiki2"));
/// ```
pub fn is_one_edit(a: &str, b: &str) -> bool {
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (a, b) = (a.get(shared..).unwrap_or_default(), b.get(shared..).unwrap_or_default());
    let pairs = a.chars().rev().zip(b.chars().rev());
    let shared: usize = pairs.take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let rest = |word: &str| {
        let mut letters = word.get(..word.len() - shared).unwrap_or_default().chars();
        (letters.next(), letters.next(), letters.next())
    };
    match (rest(a), rest(b)) {
        ((_, None, _), (_, None, _)) => true,
        ((a, Some(b), None), (c, Some(d), None)) => a == Some(d) && c == Some(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_edit_is_a_distance_of_one(a in "[abé]{0,6}", b in "[abé]{0,6}") {
            prop_assert_eq!(is_one_edit(&a, &b), strsim::osa_distance(&a, &b) <= 1);
        }
    }
}
