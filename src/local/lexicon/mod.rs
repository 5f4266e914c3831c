//! The lexicon: phrases as paths in a tree of word stems, found in one pass over a text.

mod index;
mod schema_words;
mod spelling;
mod tables;

use crate::text::{Gap, Words, is_one_edit, stem};

use super::vocabulary::mark::{self, Marks};
use super::vocabulary::{Role, role};
use schema_words::SchemaWords;
use spelling::{hash_both, is_correctable};
use tables::TABLES;

/// A stem's number in the lexicon; [`NO_WORD`] for any other word.
pub(super) type WordId = u32;

/// The number of every unknown word.
pub(super) const NO_WORD: WordId = 0;

/// The root of the tree; also stands for "no node".
const NO_NODE: u32 = 0;

/// Most function words between two words of a phrase: « accès **que j'avais au** dossier ».
const MAX_SKIPPED: usize = 5;

/// Most words tried from one start, over all phrases: ten times what prose needs. It bounds the cost of a schema whose
/// keywords are all function words.
const MAX_STEPS: usize = 64;

/// Where a phrase occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Its first word.
    pub start: usize,
    /// The word after its last.
    pub end: usize,
    /// Which phrase it is.
    pub phrase: u32,
    /// The number of the phrase's own words.
    pub words: usize,
    /// The phrase's meaning.
    pub role: Role,
}

/// Phrases with their roles, and words with their marks: the compiled vocabulary, and on top of it the words of a schema,
/// whose numbers continue those of the vocabulary.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    own: SchemaWords,
    /// The roles of each common category's phrases.
    categories: Vec<Vec<Role>>,
}

/// A text being scanned: its words and their numbers.
struct Text<'t> {
    words: &'t Words<'t>,
    ids: &'t [WordId],
}

/// The hits of a scan so far, and the steps left from the current start.
struct Found {
    hits: Vec<Hit>,
    steps: usize,
}

impl Lexicon {
    /// The number of each word of `words`, typing mistakes corrected.
    pub fn resolve(&self, words: &Words<'_>) -> Vec<WordId> {
        (0..words.len()).map(|at| self.resolve_word(words.folded(at))).collect()
    }

    /// The marks of a word.
    pub fn marks_of(&self, id: WordId) -> Marks {
        TABLES.marks(id)
    }

    /// The marks of a folded word.
    pub fn marks(&self, word: &str) -> Marks {
        self.marks_of(self.find(word))
    }

    /// The names of each common category, in the order of [`Lexicon::set_category`]'s numbers.
    pub fn categories(&self) -> impl Iterator<Item = &'static [&'static str]> {
        TABLES.categories.iter().copied()
    }

    /// Gives the phrases of a common category `role` too.
    pub fn set_category(&mut self, category: usize, role: Role) {
        self.categories.resize(TABLES.categories.len(), Vec::new());
        if let Some(roles) = self.categories.get_mut(category) {
            roles.push(role);
        }
    }

    /// Every phrase that occurs, including overlapping ones, in order of start and then of length.
    pub fn scan(&self, words: &Words<'_>, ids: &[WordId]) -> Vec<Hit> {
        let mut found = Found { hits: Vec::new(), steps: 0 };
        for (start, id) in ids.iter().enumerate().filter(|(_, id)| **id != NO_WORD) {
            if let Some(node) = self.child(NO_NODE, *id) {
                found.steps = MAX_STEPS;
                self.walk(&Text { words, ids }, start, start + 1, node, 1, &mut found);
            }
        }
        found.hits
    }

    /// Follows the phrases of `node`, whose words so far are `start..at`.
    fn walk(&self, text: &Text<'_>, start: usize, at: usize, node: u32, words: usize, found: &mut Found) {
        found.hits.extend(self.roles(node).map(|role| Hit { start, end: at, phrase: node, words, role }));
        // A function word belongs to « serveur de fichiers » and is skipped in other phrases with the same beginning.
        for next in at..=at + MAX_SKIPPED {
            let Some(id) = text.ids.get(next).copied().filter(|_| text.words.gap(next) < Gap::Clause) else { return };
            let child = self.child(node, id).filter(|_| found.steps > 0);
            if let Some(child) = child {
                found.steps -= 1;
                self.walk(text, start, next + 1, child, words + 1, found);
            }
            if self.marks_of(id) & mark::FUNCTION_WORD == 0 {
                return;
            }
        }
    }

    /// The roles of the phrase that ends at `node`: those of the vocabulary, of the schema, and of common categories.
    fn roles(&self, node: u32) -> impl Iterator<Item = Role> {
        let meanings = TABLES.meanings(node);
        let of_vocabulary = meanings.iter().filter_map(|meaning| role::SECTIONS.get(usize::from(*meaning)));
        let category = |meaning: &u8| usize::from(*meaning).checked_sub(role::SECTIONS.len());
        let of_categories = meanings.iter().filter_map(category).filter_map(|category| self.categories.get(category));
        of_vocabulary.map(|(_, role)| *role).chain(self.own.roles(node)).chain(of_categories.flatten().copied())
    }

    fn child(&self, node: u32, id: WordId) -> Option<u32> {
        TABLES.child(node, id).or_else(|| self.own.child(node, id))
    }

    fn find(&self, word: &str) -> WordId {
        let stem = stem(word);
        let (of_stem, of_word) = hash_both(word, stem.len());
        let exactly = |letters: &str, hash| TABLES.find(letters, hash).or_else(|| self.own.find(letters, hash));
        let of_stem = || exactly(stem, of_stem).filter(|_| stem.len() < word.len());
        exactly(word, of_word).or_else(of_stem).unwrap_or(NO_WORD)
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
        let near = self.alike(stem).filter(|id| is_near(stem, self.stem_of(*id)));
        // A missing letter is the likeliest mistake: "printr" means "printer", not "print".
        near.min_by_key(|id| self.stem_of(*id).len() <= stem.len()).unwrap_or(NO_WORD)
    }

    /// The words that `stem` may be a typing mistake of: every correctable word one edit away, and more.
    fn alike(&self, stem: &str) -> impl Iterator<Item = WordId> {
        TABLES.alike(stem).chain(self.own.alike(stem))
    }

    fn stem_of(&self, id: WordId) -> &str {
        self.own.stem(id).unwrap_or_else(|| TABLES.stem(id))
    }
}

/// Whether two stems are one typing mistake apart. The first letter is seldom wrong, and short words that differ in it
/// are different words (« table », « câble »).
fn is_near(a: &str, b: &str) -> bool {
    let same_start = a.bytes().next() == b.bytes().next();
    (same_start || a.len().min(b.len()) >= 7) && a.len().abs_diff(b.len()) <= 1 && is_one_edit(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::vocabulary::{Cue, Equipment};
    use mark::{HEAD_FIRST, OF};
    use spelling::{first_two, last_two};

    fn label(field: usize) -> Role {
        Role::Label { field }
    }

    fn lexicon() -> Lexicon {
        let mut lexicon = Lexicon::default();
        lexicon.add(["fourgonnette"], label(1));
        lexicon.add(["mot", "cle"], label(2));
        lexicon.add(["mot"], label(3));
        lexicon.add(["imprimante"], label(4));
        lexicon.add(["imprimante"], label(4));
        lexicon.add(["imprimante", "bleue"], label(5));
        lexicon.add([], label(6));
        lexicon
    }

    fn check(text: &str, expect: &[(&str, usize)]) {
        let (lexicon, words) = (lexicon(), Words::new(text));
        let hits = lexicon.scan(&words, &lexicon.resolve(&words));
        let fields = hits.iter().filter_map(|hit| match hit.role {
            Role::Label { field } => Some((words.slice(hit.start..hit.end), field)),
            _ => None,
        });
        assert_eq!(fields.collect::<Vec<_>>(), expect, "{text:?}");
    }

    #[test]
    fn finds_phrases_despite_function_words_and_typing_mistakes() {
        check("Ma FOURGONNETTE", &[("FOURGONNETTE", 1)]);
        check("deux fourgonnettes", &[("fourgonnettes", 1)]);
        check("fuorgonnette, fourgonette, ourgonnette", &[("fuorgonnette", 1), ("fourgonette", 1), ("ourgonnette", 1)]);
        check("le mot de cle", &[("mot", 3), ("mot de cle", 2)]);
        check("mots de ma clé", &[("mots", 3), ("mots de ma clé", 2)]);
        check("l'imprimnate bleue", &[("imprimnate", 4), ("imprimnate bleue", 5)]);
    }

    #[test]
    fn no_phrase_spans_clauses_other_words_or_mistakes_in_short_words() {
        check("mot, cle", &[("mot", 3)]);
        check("mot vert cle", &[("mot", 3)]);
        check("mot de mon le de mon le cle", &[("mot", 3)]);
        check("mto de cle", &[]);
        check("fourgon fourgonner", &[]);
    }

    #[test]
    fn a_phrase_has_the_roles_of_vocabulary_schema_and_category() {
        let mut lexicon = lexicon();
        let (hardware, role) = (0, Role::Choice { field: 7, option: 1, category: true });
        assert!(lexicon.categories().nth(hardware).is_some_and(|names| names.contains(&"hardware")));
        lexicon.set_category(hardware, role);
        let words = Words::new("imprimante");
        let hits = lexicon.scan(&words, &lexicon.resolve(&words));
        let roles: Vec<Role> = hits.iter().map(|hit| hit.role).collect();
        assert_eq!(roles, [Role::Equipment(Equipment::Device), label(4), role]);
        assert!(hits.iter().all(|hit| hit.phrase == hits[0].phrase), "vocabulary and schema share the phrase");
    }

    #[test]
    fn the_compiled_vocabulary_has_marks_phrases_and_exact_words() {
        let lexicon = Lexicon::default();
        assert_eq!(lexicon.marks("de") & (HEAD_FIRST | OF), HEAD_FIRST | OF);
        assert_ne!(lexicon.find("teams"), lexicon.find("team"), "an exact word");
        let cases: [(&str, Role, usize); 4] = [
            ("au plus tôt", Role::Cue(Cue::Urgent), 3),
            ("au plus vite", Role::Cue(Cue::Urgent), 3),
            ("station d'accueil", Role::Equipment(Equipment::Device), 3),
            ("Saint-Étienne", Role::Town { ambiguous: false }, 2),
        ];
        for (text, role, length) in cases {
            let words = Words::new(text);
            let hits = lexicon.scan(&words, &lexicon.resolve(&words));
            assert!(hits.iter().any(|hit| hit.role == role && hit.words == length), "{text:?}: {hits:?}");
        }
    }

    #[test]
    fn every_one_letter_mistake_keeps_the_first_or_the_last_two_letters() {
        // `Tables::alike` relies on it: every mistake in every correctable word.
        for id in TABLES.by_start {
            let stem = TABLES.stem((*id).into());
            let bytes = stem.as_bytes();
            let spelled = (0..=bytes.len()).flat_map(|at| {
                let (head, tail) = bytes.split_at(at);
                let swapped = tail.first_chunk().map(|[a, b]| [head, &[*b, *a], &tail[2..]].concat());
                let less = tail.get(1..).map(|tail| [head, tail].concat());
                let other = tail.get(1..).map(|tail| [head, b"q", tail].concat());
                [Some([head, b"q", tail].concat()), swapped, less, other].into_iter().flatten()
            });
            for other in spelled.map(|bytes| String::from_utf8(bytes).unwrap()).filter(|other| other.len() >= 5) {
                assert!(first_two(&other) == first_two(stem) || last_two(&other) == last_two(stem), "{stem}, {other}");
                assert!(lexicon().alike(&other).any(|found| found == u32::from(*id)), "{stem}, {other}");
            }
        }
    }
}
