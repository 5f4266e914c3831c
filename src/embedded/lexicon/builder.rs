//! Filling a lexicon.

use super::{Index, Lexicon, Marks, NO_NODE, NO_ROLE, NO_WORD, Node, Rolling, WordId, edge, is_correctable};
use crate::text::stem;

/// How many words and nodes the embedded vocabulary has, nearly: what to make room for at once.
const WORDS: usize = 4096;
const NODES: usize = 8192;

/// A lexicon being filled.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct Builder<R> {
    lexicon: Lexicon<R>,
    /// By word: whether typing mistakes in it are corrected.
    corrected: Vec<bool>,
    /// Entries of the index of typing mistakes.
    typos: Vec<(u32, WordId)>,
}

impl<R: Copy + PartialEq> Builder<R> {
    /// An empty lexicon, in whose phrases words with a mark of `skipped` may be skipped.
    pub fn new(skipped: Marks) -> Self {
        let lexicon = Lexicon {
            letters: String::with_capacity(8 * WORDS),
            stems: Vec::with_capacity(WORDS),
            marks: Vec::with_capacity(WORDS),
            first: Vec::with_capacity(WORDS),
            nodes: Vec::with_capacity(NODES),
            roles: Vec::with_capacity(NODES),
            words: Index::with_capacity(WORDS),
            typos: Index::default(),
            edges: Index::with_capacity(NODES),
            skipped,
        };
        let mut builder = Self { lexicon, corrected: Vec::with_capacity(WORDS), typos: Vec::with_capacity(8 * WORDS) };
        builder.add_word("");
        builder.lexicon.nodes.push(Node { parent: NO_NODE, word: NO_WORD, role: NO_ROLE });
        builder
    }

    /// Adds a folded word that its stem does not stand for: `teams` is no plural of `team`. Before any phrase.
    pub fn exact(&mut self, word: &str) {
        if self.lexicon.find(word) == NO_WORD {
            self.add_word(word);
        }
    }

    /// Gives a folded word a mark.
    pub fn mark(&mut self, word: &str, mark: Marks) {
        let id = self.intern(word);
        if let Some(marks) = self.lexicon.marks.get_mut(id as usize) {
            *marks |= mark;
        }
    }

    /// The marks of a folded word.
    pub fn marks(&self, word: &str) -> Marks {
        self.lexicon.marks_of(self.lexicon.find(word))
    }

    /// Adds a phrase of folded words; one without words is left out. Where `corrected`, typing mistakes in them are.
    pub fn add<'w>(&mut self, phrase: impl IntoIterator<Item = &'w str>, role: R, corrected: bool) {
        let mut node = NO_NODE;
        for word in phrase {
            let id = self.word(word, corrected);
            node = self.step(node, id);
        }
        self.end(node, role);
    }

    /// As [`Builder::add`], for every phrase that has one of each slot's words.
    pub fn add_all<'w, S>(&mut self, slots: impl IntoIterator<Item = S>, role: R, corrected: bool)
    where
        S: IntoIterator<Item = &'w str>,
    {
        let (mut nodes, mut next) = (vec![NO_NODE], Vec::new());
        for slot in slots {
            for word in slot {
                let id = self.word(word, corrected);
                next.extend(nodes.iter().map(|node| self.step(*node, id)));
            }
            std::mem::swap(&mut nodes, &mut next);
            next.clear();
        }
        for node in nodes {
            self.end(node, role);
        }
    }

    fn word(&mut self, word: &str, corrected: bool) -> WordId {
        let id = self.intern(word);
        if corrected {
            self.correct(word, id);
        }
        id
    }

    /// Lets a phrase stand for `role` too, after those that it already stands for.
    fn end(&mut self, node: u32, role: R) {
        let Lexicon { nodes, roles, .. } = &mut self.lexicon;
        let Some(node) = nodes.get_mut(node as usize).filter(|_| node != NO_NODE) else { return };
        let (mut last, mut at) = (NO_ROLE, node.role);
        while let Some((known, next)) = roles.get(at as usize) {
            if *known == role {
                return;
            }
            (last, at) = (at, *next);
        }
        let added = index(roles.len());
        match roles.get_mut(last as usize) {
            Some((_, next)) => *next = added,
            None => node.role = added,
        }
        roles.push((role, NO_ROLE));
    }

    /// The lexicon, ready to read with.
    pub fn finish(self) -> Lexicon<R> {
        Lexicon { typos: Index::from_entries(&self.typos), ..self.lexicon }
    }

    fn step(&mut self, node: u32, id: WordId) -> u32 {
        if let Some(next) = self.lexicon.child(node, id) {
            return next;
        }
        let lexicon = &mut self.lexicon;
        let next = index(lexicon.nodes.len());
        lexicon.nodes.push(Node { parent: node, word: id, role: NO_ROLE });
        if node == NO_NODE {
            if let Some(first) = lexicon.first.get_mut(id as usize) {
                *first = next;
            }
        } else {
            lexicon.edges.insert(edge(node, id), next);
        }
        next
    }

    fn correct(&mut self, word: &str, id: WordId) {
        let Some(done) = self.corrected.get_mut(id as usize).filter(|done| !**done) else { return };
        let stem = stem(word);
        if is_correctable(word, stem) {
            *done = true;
            self.typos.push((Rolling::hash(stem), id));
            self.typos.extend(Rolling::new(stem).deletions().map(|hash| (hash, id)));
        }
    }

    fn intern(&mut self, word: &str) -> WordId {
        let known = self.lexicon.find(word);
        if known == NO_WORD { self.add_word(stem(word)) } else { known }
    }

    fn add_word(&mut self, stem: &str) -> WordId {
        let lexicon = &mut self.lexicon;
        let id = index(lexicon.stems.len());
        lexicon.words.insert(Rolling::hash(stem), id);
        let start = index(lexicon.letters.len());
        lexicon.letters.push_str(stem);
        lexicon.stems.push(start..index(lexicon.letters.len()));
        lexicon.marks.push(0);
        lexicon.first.push(NO_NODE);
        self.corrected.push(false);
        id
    }
}

/// A number that the schema's size keeps far below 2^32.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
