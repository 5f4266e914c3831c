//! The caller's text, prepared once to be asked what occurs in it.

use std::sync::OnceLock;

use super::identifiers::Identifiers;
use crate::text::{is_invisible, is_typo, plain};
use crate::ticket::words::{phrase, stem};

/// Words compared when looking for a typing mistake: bounds the time where thousands start with the same letter.
const MAX_SIMILAR: usize = 256;

/// What the caller wrote: the message, and the client's own lines of the history.
///
/// Preparing takes time linear in the texts, every question time linear in what is asked for.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The texts without invisible characters, full-width ones plain: as values are.
    texts: Vec<String>,
    /// The stems in order between blanks, `|` between two texts.
    phrase: String,
    /// The distinct stems, sorted.
    stems: Vec<String>,
    /// Prepared when first asked for: most answers identify nothing.
    identifiers: OnceLock<Identifiers>,
}

impl Evidence {
    /// Prepares the caller's texts.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<String> =
            texts.into_iter().map(|text| text.chars().filter(|c| !is_invisible(*c)).map(plain).collect()).collect();
        let phrase = texts.iter().map(|text| phrase(text)).collect::<Vec<_>>().join("|");
        let mut stems: Vec<String> = split(&phrase).map(str::to_owned).collect();
        stems.sort_unstable();
        stems.dedup();
        Self { texts, phrase, stems, identifiers: OnceLock::new() }
    }

    /// Whether a folded word occurs, in singular or plural.
    pub(in crate::ticket) fn has_word(&self, word: &str) -> bool {
        self.stems.binary_search_by(|stem| stem.as_str().cmp(self::stem(word))).is_ok()
    }

    /// Whether a folded word occurs, or one a typing mistake away that begins with the same letter.
    pub(in crate::ticket) fn has_word_like(&self, word: &str) -> bool {
        let word = stem(word);
        if self.has_word(word) {
            return true;
        }
        // Of shorter words a typing mistake says nothing.
        let Some(initial) = word.chars().next().filter(|_| word.chars().nth(4).is_some()) else { return false };
        let start = self.stems.partition_point(|stem| stem.chars().next() < Some(initial));
        let alike = self.stems.iter().skip(start).take_while(|stem| stem.starts_with(initial));
        let near = alike.filter(|stem| stem.len().abs_diff(word.len()) <= 4).take(MAX_SIMILAR);
        near.into_iter().any(|stem| is_typo(stem, word))
    }

    /// Whether the words of a text occur in a row, in singular or plural, within one of the caller's texts.
    pub(in crate::ticket) fn has_phrase(&self, text: &str) -> bool {
        let phrase = phrase(text);
        !phrase.trim().is_empty() && self.phrase.contains(&phrase)
    }

    /// The stems in order, a mark of its own between two texts.
    pub(super) fn stems(&self) -> impl Iterator<Item = &str> {
        split(&self.phrase)
    }

    /// What the texts hold that identifies something.
    pub(super) fn identifiers(&self) -> &Identifiers {
        self.identifiers.get_or_init(|| Identifiers::new(&self.texts))
    }
}

fn split(phrase: &str) -> impl Iterator<Item = &str> {
    phrase.split(' ').filter(|stem| !stem.is_empty())
}
