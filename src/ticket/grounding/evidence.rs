//! An index of the words and identifiers in the caller's texts.

use std::sync::OnceLock;

use super::identifiers::Identifiers;
use crate::text::{is_typo, phrase_key, singular, visible};

/// Most words compared in a search for a typing mistake: thousands may start with the same letter.
const MAX_SIMILAR: usize = 256;

/// Texts of the conversation that support a ticket's values: all of them for grounding, the customer's for confidence.
///
/// Indexing takes time linear in the texts, and a query time linear in its own length. The index is built by the first
/// query, which comes only after a model has answered.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The texts as written.
    texts: Vec<String>,
    words: OnceLock<Stems>,
    /// Built by the first query: most answers have no identifiers.
    identifiers: OnceLock<Identifiers>,
}

/// The texts' words.
#[derive(Clone, Debug)]
struct Stems {
    /// The stems in order, separated by blanks, with `|` between two texts.
    phrase: String,
    /// The distinct stems, sorted.
    sorted: Vec<Stem>,
}

/// A stem's place in the phrase.
#[derive(Clone, Copy, Debug)]
struct Stem {
    /// Its first eight bytes as a number: a comparison that is nearly always enough.
    head: u64,
    start: usize,
    end: usize,
}

impl Stems {
    fn new(texts: &[String]) -> Self {
        let phrase = texts.iter().map(|text| phrase_key(&visible(text))).collect::<Vec<_>>().join("|");
        let mut at = 0;
        let places = phrase.split(' ').map(|stem| {
            let start = at;
            at = start + stem.len() + 1;
            Stem { head: head(stem), start, end: start + stem.len() }
        });
        let mut sorted: Vec<Stem> = places.filter(|stem| stem.start < stem.end).collect();
        sorted.sort_unstable_by(|a, b| a.head.cmp(&b.head).then_with(|| a.letters(&phrase).cmp(b.letters(&phrase))));
        sorted.dedup_by(|a, b| a.head == b.head && a.letters(&phrase) == b.letters(&phrase));
        Self { phrase, sorted }
    }

    /// The distinct stems from `stem` on, in order.
    fn from<'s>(&'s self, stem: &str) -> impl Iterator<Item = &'s str> {
        let first = self.sorted.partition_point(|place| (place.head, place.letters(&self.phrase)) < (head(stem), stem));
        self.sorted.iter().skip(first).map(|place| place.letters(&self.phrase))
    }
}

impl Stem {
    fn letters<'p>(&self, phrase: &'p str) -> &'p str {
        phrase.get(self.start..self.end).unwrap_or_default()
    }
}

/// A word's first eight bytes as a number with the same order.
fn head(word: &str) -> u64 {
    word.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |head, byte| (head << 8) | u64::from(byte))
}

impl Evidence {
    /// Takes the caller's texts.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts = texts.into_iter().map(str::to_owned).collect();
        Self { texts, words: OnceLock::new(), identifiers: OnceLock::new() }
    }

    /// Whether a folded word occurs, in singular or plural.
    pub(in crate::ticket) fn has_word(&self, word: &str) -> bool {
        let stem = singular(word);
        self.words().from(stem).next() == Some(stem)
    }

    /// Whether a folded word occurs, or one that begins with the same letter and is one typing mistake away.
    pub(in crate::ticket) fn has_word_like(&self, word: &str) -> bool {
        let word = singular(word);
        if self.has_word(word) {
            return true;
        }
        // Shorter words have too many neighbours.
        let Some(initial) = word.chars().next().filter(|_| word.chars().nth(4).is_some()) else { return false };
        let mut letter = [0; 4];
        let initial: &str = initial.encode_utf8(&mut letter);
        let alike = self.words().from(initial).take_while(|stem| stem.starts_with(initial));
        let near = alike.filter(|stem| stem.len().abs_diff(word.len()) <= 4).take(MAX_SIMILAR);
        near.into_iter().any(|stem| is_typo(stem, word))
    }

    /// Whether the words of a text occur in a row, in singular or plural, within one of the caller's texts.
    pub(in crate::ticket) fn has_phrase(&self, text: &str) -> bool {
        let phrase = phrase_key(text);
        !phrase.trim().is_empty() && self.words().phrase.contains(&phrase)
    }

    /// The stems in order, with `|` between two texts.
    pub(super) fn stems(&self) -> impl Iterator<Item = &str> {
        self.words().phrase.split(' ').filter(|stem| !stem.is_empty())
    }

    /// The identifiers in the texts.
    pub(super) fn identifiers(&self) -> &Identifiers {
        self.identifiers.get_or_init(|| Identifiers::new(self.texts.iter().map(|text| visible(text))))
    }

    fn words(&self) -> &Stems {
        self.words.get_or_init(|| Stems::new(&self.texts))
    }
}
