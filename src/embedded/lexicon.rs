//! The lexicon: phrases as paths of word stems, found in a text in one pass.

use std::ops::Range;

use crate::text::{Gap, Words, stem};

use super::index::{Index, Rolling, high};

mod builder;

pub(super) use builder::Builder;

/// A stem's number in the lexicon; [`NO_WORD`] for any other word.
pub(super) type WordId = u32;

/// A set of bits that say what kind of word a word is.
pub(super) type Marks = u64;

/// The number of words that the lexicon does not hold.
pub(super) const NO_WORD: WordId = 0;

/// Small words that may stand between two words of a phrase, at most: « accès **que j'avais au** dossier ».
const MAX_SKIPPED: usize = 5;

/// Most words that are tried from one start, all phrases together: ten times what prose needs, so that a schema whose
/// keywords are all small words costs no more than another.
const MAX_STEPS: usize = 64;

/// Where a phrase occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit<R> {
    /// Its first word.
    pub start: usize,
    /// The word after its last.
    pub end: usize,
    /// Which phrase it is.
    pub phrase: u32,
    /// How many words the phrase itself has.
    pub words: usize,
    /// What the phrase stands for.
    pub role: R,
}

/// Phrases with what they stand for (`R`), and words with what kind of small word they are (a set of bits).
///
/// Phrases are the paths of a tree whose edges are words; [`NO_NODE`] is its root.
#[derive(Clone, Debug)]
pub(super) struct Lexicon<R> {
    /// All stems, one after the other; by word: where its own is.
    letters: String,
    stems: Vec<Range<u32>>,
    marks: Vec<Marks>,
    /// By word: the node of phrases that start with it.
    first: Vec<u32>,
    nodes: Vec<Node>,
    /// What phrases stand for, each with the next of the same phrase.
    roles: Vec<(R, u32)>,
    words: Index,
    /// Stems by what is left of them without one letter: two words one typing mistake apart meet there.
    typos: Index,
    edges: Index,
    /// Words that may be skipped inside a phrase.
    skipped: Marks,
}

/// The root of the tree, and the absence of a node.
const NO_NODE: u32 = 0;
/// The end of a list of roles, and the absence of one.
const NO_ROLE: u32 = u32::MAX;

#[derive(Clone, Debug)]
struct Node {
    parent: u32,
    word: WordId,
    /// The first of what the phrase that ends here stands for.
    role: u32,
}

/// A text being scanned: its words and their numbers.
struct Text<'t> {
    words: &'t Words<'t>,
    ids: &'t [WordId],
}

/// What a scan has found, and how many more steps it may take from where it stands.
struct Found<R> {
    hits: Vec<Hit<R>>,
    steps: usize,
}

impl<R: Copy> Lexicon<R> {
    /// The number of each word of `words`, typing mistakes corrected.
    pub fn resolve(&self, words: &Words<'_>) -> Vec<WordId> {
        (0..words.len()).map(|at| self.resolve_word(words.folded(at))).collect()
    }

    /// The marks of a word.
    pub fn marks_of(&self, id: WordId) -> Marks {
        self.marks.get(id as usize).copied().unwrap_or_default()
    }

    /// Every phrase that occurs, those that overlap included, by where they start and then by length.
    pub fn scan(&self, words: &Words<'_>, ids: &[WordId]) -> Vec<Hit<R>> {
        let mut found = Found { hits: Vec::new(), steps: 0 };
        for (start, id) in ids.iter().enumerate() {
            if let Some(node) = self.first.get(*id as usize).copied().filter(|node| *node != NO_NODE) {
                found.steps = MAX_STEPS;
                self.walk(&Text { words, ids }, start, start + 1, node, 1, &mut found);
            }
        }
        found.hits
    }

    /// Follows the phrases of `node`, whose words so far are those from `start` to before `at`.
    fn walk(&self, text: &Text<'_>, start: usize, at: usize, node: u32, words: usize, found: &mut Found<R>) {
        let mut role = self.nodes.get(node as usize).map_or(NO_ROLE, |node| node.role);
        while let Some((stands_for, next)) = self.roles.get(role as usize) {
            found.hits.push(Hit { start, end: at, phrase: node, words, role: *stands_for });
            role = *next;
        }
        // A small word is a phrase's own in « serveur de fichiers », and skipped in another with the same beginning.
        for next in at..=at + MAX_SKIPPED {
            let Some(id) = text.ids.get(next).copied().filter(|_| text.words.gap(next) < Gap::Clause) else { return };
            let child = self.child(node, id).filter(|_| found.steps > 0);
            if let Some(child) = child {
                found.steps -= 1;
                self.walk(text, start, next + 1, child, words + 1, found);
            }
            if self.marks_of(id) & self.skipped == 0 {
                return;
            }
        }
    }

    fn child(&self, node: u32, id: WordId) -> Option<u32> {
        if node == NO_NODE {
            return self.first.get(id as usize).copied().filter(|node| *node != NO_NODE);
        }
        let is_child =
            |child: &u32| self.nodes.get(*child as usize).is_some_and(|child| child.parent == node && child.word == id);
        self.edges.candidates(edge(node, id)).find(is_child)
    }

    fn find(&self, word: &str) -> WordId {
        let stem = stem(word);
        let (of_stem, of_word) = Rolling::hash_both(word, stem.len());
        self.same(word, of_word).or_else(|| self.same(stem, of_stem)).unwrap_or(NO_WORD)
    }

    fn resolve_word(&self, word: &str) -> WordId {
        let known = self.find(word);
        if known != NO_WORD {
            return known;
        }
        let stem = stem(word);
        if !is_correctable(word, stem) {
            return NO_WORD;
        }
        let near = |hash| self.typos.candidates(hash).find(|id| is_near(stem, self.stem_of(*id)));
        near(Rolling::hash(stem)).or_else(|| Rolling::new(stem).deletions().find_map(near)).unwrap_or(NO_WORD)
    }

    fn same(&self, stem: &str, hash: u32) -> Option<WordId> {
        self.words.candidates(hash).find(|id| self.stem_of(*id) == stem)
    }

    fn stem_of(&self, id: WordId) -> &str {
        let letters = self.stems.get(id as usize).map(|stem| stem.start as usize..stem.end as usize);
        letters.and_then(|letters| self.letters.get(letters)).unwrap_or_default()
    }
}

/// The hash of a node and a word: an odd factor (2^64 divided by the golden ratio) spreads the pair.
fn edge(node: u32, id: WordId) -> u32 {
    high(((u64::from(node) << 32) | u64::from(id)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Whether a typing mistake in the word can be told from another word: five plain letters or more, no digit.
fn is_correctable(word: &str, stem: &str) -> bool {
    word.len() >= 5 && stem.len() >= 5 && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// Whether two stems are one typing mistake apart. People seldom miss a word's first letter, and short words that
/// differ there are other words (« table », « câble »).
fn is_near(a: &str, b: &str) -> bool {
    let same_start = a.bytes().next() == b.bytes().next();
    (same_start || a.len().min(b.len()) >= 7) && strsim::osa_distance(a, b) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon<u8> {
        let mut builder = Builder::new(1);
        for word in ["de", "mon", "le"] {
            builder.mark(word, 1);
        }
        builder.add(["imprimante"], 1, true);
        builder.add(["mot", "passe"], 2, true);
        builder.add(["mot"], 3, true);
        builder.add(["pas", "urgent"], 4, false);
        builder.finish()
    }

    fn check(text: &str, expect: &[(&str, u8)]) {
        let (lexicon, words) = (lexicon(), Words::new(text));
        let hits = lexicon.scan(&words, &lexicon.resolve(&words));
        let got: Vec<(&str, u8)> = hits.iter().map(|hit| (words.slice(hit.start..hit.end), hit.role)).collect();
        assert_eq!(got, expect, "{text:?}");
    }

    #[test]
    fn finds_phrases_over_small_words_and_typing_mistakes() {
        check("Mon IMPRIMANTE", &[("IMPRIMANTE", 1)]);
        check("deux imprimantes", &[("imprimantes", 1)]);
        check("l'imprimnate, l'imprimate, l'impprimante", &[("imprimnate", 1), ("imprimate", 1), ("impprimante", 1)]);
        check("le mot de passe", &[("mot", 3), ("mot de passe", 2)]);
        check("mots de passe", &[("mots", 3), ("mots de passe", 2)]);
    }

    #[test]
    fn stops_at_clauses_other_words_and_short_typing_mistakes() {
        check("mot, passe", &[("mot", 3)]);
        check("mot vert passe", &[("mot", 3)]);
        check("mot de mon le de mon le passe", &[("mot", 3)]);
        check("mto de passe", &[]);
        check("imprimerie imprimeur", &[]);
    }
}
