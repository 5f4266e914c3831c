//! The vocabulary of `src/language/`, compiled to constant tables by `build/vocabulary.rs`.

use std::ops::Range;

use super::spelling::{bigram, first_two, last_two};
use super::{Marks, NO_NODE, NO_WORD, WordId};

/// Words and phrases of the vocabulary.
///
/// Words that begin a phrase have the first numbers. Phrases are paths of a tree whose edges are words, stored breadth
/// first: a node's children lie side by side, in the order of their words. So the number of a word that begins phrases
/// is the number of its node.
#[derive(Debug)]
pub struct Tables {
    /// All stems, one after the other; for each word, and after the last: where its stem starts.
    pub letters: &'static str,
    pub stems: &'static [u16],
    /// Words by the hash of their stem: a power of two of slots, linear probing, at most half full; 0 is free.
    pub slots: &'static [u16],
    /// For each word: its set of marks.
    pub marks: &'static [u8],
    pub mark_sets: &'static [Marks],
    /// For each node: its word; where its children start (and after the last node, where they end); the set of its
    /// phrase's meanings.
    pub words: &'static [u16],
    pub children: &'static [u16],
    pub meanings: &'static [u8],
    /// Meanings: positions in `role::SECTIONS`, then, from its length on, in `categories`.
    pub meaning_sets: &'static [&'static [u8]],
    /// Correctable words in the order of their first two letters; for each pair of letters, and after the last: where its
    /// words start.
    pub by_start: &'static [u16],
    pub starts: &'static [u16],
    /// The same in the order of their last two letters.
    pub by_end: &'static [u16],
    pub ends: &'static [u16],
    /// The names of common categories.
    pub categories: &'static [&'static [&'static str]],
}

/// The vocabulary.
pub static TABLES: Tables = include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));

impl Tables {
    /// The first free number after those of the words, which begin with 1.
    pub fn word_count(&self) -> u32 {
        count(self.marks.len())
    }

    /// The number of nodes, the root included.
    pub fn node_count(&self) -> u32 {
        count(self.words.len())
    }

    /// The word that is exactly `stem`, whose hash is `hash`.
    pub fn find(&self, stem: &str, hash: u32) -> Option<WordId> {
        let home = hash as usize & self.slots.len().saturating_sub(1);
        let (before, from) = self.slots.split_at_checked(home)?;
        let candidates = from.iter().chain(before).map(|id| u32::from(*id)).take_while(|id| *id != NO_WORD);
        candidates.into_iter().find(|id| self.bytes(*id) == stem.as_bytes())
    }

    /// The letters of a word.
    pub fn stem(&self, id: WordId) -> &'static str {
        self.place(id).and_then(|place| self.letters.get(place)).unwrap_or_default()
    }

    fn bytes(&self, id: WordId) -> &'static [u8] {
        self.place(id).and_then(|place| self.letters.as_bytes().get(place)).unwrap_or_default()
    }

    /// Where a word's letters are.
    fn place(&self, id: WordId) -> Option<Range<usize>> {
        let offset = |index: u32| self.stems.get(index as usize).map(|at| usize::from(*at));
        Some(offset(id)?..offset(id + 1)?)
    }

    /// The marks of a word; none for an unknown one.
    pub fn marks(&self, id: WordId) -> Marks {
        let set = self.marks.get(id as usize).and_then(|set| self.mark_sets.get(usize::from(*set)));
        set.copied().unwrap_or_default()
    }

    /// The node that a word leads to.
    pub fn child(&self, node: u32, id: WordId) -> Option<u32> {
        let first = |node: u32| self.children.get(node as usize).map(|at| u32::from(*at));
        let (from, to) = (first(node)?, first(node + 1)?);
        if node == NO_NODE {
            return (from..to).contains(&id).then_some(id);
        }
        let words = self.words.get(from as usize..to as usize)?;
        words.binary_search_by_key(&id, |word| u32::from(*word)).ok().map(|at| from + count(at))
    }

    /// The meanings of the phrase that ends at a node.
    pub fn meanings(&self, node: u32) -> &'static [u8] {
        let set = self.meanings.get(node as usize).and_then(|set| self.meaning_sets.get(usize::from(*set)));
        set.copied().unwrap_or_default()
    }

    /// The correctable words that begin or end with the same two letters as `stem`.
    pub fn alike(&self, stem: &str) -> impl Iterator<Item = WordId> {
        let by_start = with_bigram(self.by_start, self.starts, first_two(stem));
        let by_end = with_bigram(self.by_end, self.ends, last_two(stem));
        by_start.iter().chain(by_end).map(|id| u32::from(*id))
    }
}

/// The words of one pair of letters.
fn with_bigram(words: &'static [u16], starts: &[u16], letters: [u8; 2]) -> &'static [u16] {
    let start = |bigram: usize| starts.get(bigram).map(|at| usize::from(*at));
    let range = bigram(letters).and_then(|bigram| start(bigram).zip(start(bigram + 1)));
    range.and_then(|(from, to)| words.get(from..to)).unwrap_or_default()
}

/// A number below 2^16: the build checks it.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
