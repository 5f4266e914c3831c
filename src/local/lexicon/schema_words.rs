//! The words and nodes that a schema adds; their numbers continue those of the tables.

use super::index::Index;
use super::spelling::{first_two, hash, is_correctable, last_two};
use super::{Lexicon, NO_NODE, NO_WORD, Role, TABLES, WordId};
use crate::text::stem;

/// Words, phrases and roles of a schema.
#[derive(Clone, Debug, Default)]
pub(super) struct SchemaWords {
    stems: Vec<String>,
    words: Index,
    nodes: Vec<Node>,
    edges: Index,
    /// The roles of phrases in the order of addition; by node, their positions there, from 1.
    roles: Vec<(u32, Role)>,
    by_node: Index,
    /// Correctable words, by their first and by their last two letters.
    alike: Index,
}

#[derive(Clone, Debug)]
struct Node {
    parent: u32,
    word: WordId,
}

impl SchemaWords {
    /// The word that is exactly `stem`, whose hash is `hash`.
    pub fn find(&self, stem: &str, hash: u32) -> Option<WordId> {
        self.words.candidates(hash).find(|id| self.stem(*id) == Some(stem))
    }

    /// The letters of a word.
    pub fn stem(&self, id: WordId) -> Option<&str> {
        self.stems.get(id.checked_sub(TABLES.word_count())? as usize).map(String::as_str)
    }

    /// The node that a word leads to.
    pub fn child(&self, node: u32, id: WordId) -> Option<u32> {
        let is_child = |child: &u32| {
            let place = child.checked_sub(TABLES.node_count()).and_then(|place| self.nodes.get(place as usize));
            place.is_some_and(|child| child.parent == node && child.word == id)
        };
        self.edges.candidates(pair(node, id)).find(is_child)
    }

    /// The roles of the phrase that ends at a node.
    pub fn roles(&self, node: u32) -> impl Iterator<Item = Role> {
        let mut places: Vec<u32> = self.by_node.candidates(pair(node, NO_WORD)).collect();
        places.sort_unstable();
        let roles = places.into_iter().filter_map(|place| self.roles.get(place.checked_sub(1)? as usize));
        roles.filter(move |(of, _)| *of == node).map(|(_, role)| *role)
    }

    /// The correctable words that begin or end with the same two letters as `stem`.
    pub fn alike(&self, stem: &str) -> impl Iterator<Item = WordId> {
        letters(stem).into_iter().flat_map(|letters| self.alike.candidates(letters))
    }
}

/// Adding phrases.
impl Lexicon {
    /// Adds a phrase of folded words, in which typing mistakes are corrected; ignores an empty phrase.
    pub fn add<'w>(&mut self, phrase: impl IntoIterator<Item = &'w str>, role: Role) {
        let mut node = NO_NODE;
        for word in phrase {
            let id = self.word(word);
            node = self.child(node, id).unwrap_or_else(|| self.own.grow(node, id));
        }
        if node != NO_NODE && self.own.roles(node).all(|known| known != role) {
            self.own.roles.push((node, role));
            self.own.by_node.insert(pair(node, NO_WORD), index(self.own.roles.len()));
        }
    }

    fn word(&mut self, word: &str) -> WordId {
        let stem = stem(word);
        let known = self.find(word);
        let id = if known == NO_WORD { self.own.intern(stem) } else { known };
        if is_correctable(word, stem) && !self.alike(stem).any(|known| known == id) {
            for letters in letters(stem) {
                self.own.alike.insert(letters, id);
            }
        }
        id
    }
}

impl SchemaWords {
    fn grow(&mut self, parent: u32, word: WordId) -> u32 {
        let node = TABLES.node_count() + index(self.nodes.len());
        self.nodes.push(Node { parent, word });
        self.edges.insert(pair(parent, word), node);
        node
    }

    fn intern(&mut self, stem: &str) -> WordId {
        let id = TABLES.word_count() + index(self.stems.len());
        self.words.insert(hash(stem), id);
        self.stems.push(stem.to_owned());
        id
    }
}

/// The hashes of a word's first and of its last two letters.
fn letters(stem: &str) -> [u32; 2] {
    [(first_two(stem), 0), (last_two(stem), 1)].map(|(letters, place)| pair(u16::from_be_bytes(letters).into(), place))
}

/// The hash of a pair: multiplication by 2^64 divided by the golden ratio spreads it into the high half.
fn pair(a: u32, b: u32) -> u32 {
    let product = ((u64::from(a) << 32) | u64::from(b)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(product >> 32).unwrap_or_default()
}

/// A number far below 2^32: the size of a schema is limited.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
