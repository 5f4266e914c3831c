//! The lexicon: phrases as paths of word stems, found in a text in one pass.

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

/// The number of words that the lexicon does not hold.
pub(super) const NO_WORD: WordId = 0;

/// The root of the tree, and the absence of a node.
const NO_NODE: u32 = 0;

/// Small words that may stand between two words of a phrase, at most: « accès **que j'avais au** dossier ».
const MAX_SKIPPED: usize = 5;

/// Most words that are tried from one start, all phrases together: ten times what prose needs, so that a schema whose
/// keywords are all small words costs no more than another.
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
    /// How many words the phrase itself has.
    pub words: usize,
    /// What the phrase stands for.
    pub role: Role,
}

/// Phrases with what they stand for, and words with what kind of small word they are: the vocabulary, compiled when this
/// was built, and on top of it what a schema adds, with numbers of words and nodes that go on where the former's end.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    own: SchemaWords,
    /// What a phrase of a common category stands for, by category.
    categories: Vec<Vec<Role>>,
}

/// A text being scanned: its words and their numbers.
struct Text<'t> {
    words: &'t Words<'t>,
    ids: &'t [WordId],
}

/// What a scan has found, and how many more steps it may take from where it stands.
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

    /// Lets the phrases of a common category stand for `role` too.
    pub fn set_category(&mut self, category: usize, role: Role) {
        self.categories.resize(TABLES.categories.len(), Vec::new());
        if let Some(roles) = self.categories.get_mut(category) {
            roles.push(role);
        }
    }

    /// Every phrase that occurs, those that overlap included, by where they start and then by length.
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

    /// Follows the phrases of `node`, whose words so far are those from `start` to before `at`.
    fn walk(&self, text: &Text<'_>, start: usize, at: usize, node: u32, words: usize, found: &mut Found) {
        found.hits.extend(self.roles(node).map(|role| Hit { start, end: at, phrase: node, words, role }));
        // A small word is a phrase's own in « serveur de fichiers », and skipped in another with the same beginning.
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

    /// What the phrase that ends at `node` stands for: to the vocabulary, to the schema, in common categories.
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
        // Between words that may be meant, the one of which a letter was left out: "printr" is no "print".
        near.min_by_key(|id| self.stem_of(*id).len() <= stem.len()).unwrap_or(NO_WORD)
    }

    /// Words that `stem` may be meant for, of those whose typing mistakes are corrected: all that are one away from it.
    fn alike(&self, stem: &str) -> impl Iterator<Item = WordId> {
        TABLES.alike(stem).chain(self.own.alike(stem))
    }

    fn stem_of(&self, id: WordId) -> &str {
        self.own.stem(id).unwrap_or_else(|| TABLES.stem(id))
    }
}

/// Whether two stems are one typing mistake apart. People seldom miss a word's first letter, and short words that
/// differ there are other words (« table », « câble »).
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

    fn own(field: usize) -> Role {
        Role::Label { field }
    }

    fn lexicon() -> Lexicon {
        let mut lexicon = Lexicon::default();
        lexicon.add(["fourgonnette"], own(1));
        lexicon.add(["mot", "cle"], own(2));
        lexicon.add(["mot"], own(3));
        lexicon.add(["imprimante"], own(4));
        lexicon.add(["imprimante"], own(4));
        lexicon.add(["imprimante", "bleue"], own(5));
        lexicon.add([], own(6));
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
    fn finds_phrases_over_small_words_and_typing_mistakes() {
        check("Ma FOURGONNETTE", &[("FOURGONNETTE", 1)]);
        check("deux fourgonnettes", &[("fourgonnettes", 1)]);
        check("fuorgonnette, fourgonette, ourgonnette", &[("fuorgonnette", 1), ("fourgonette", 1), ("ourgonnette", 1)]);
        check("le mot de cle", &[("mot", 3), ("mot de cle", 2)]);
        check("mots de ma clé", &[("mots", 3), ("mots de ma clé", 2)]);
        check("l'imprimnate bleue", &[("imprimnate", 4), ("imprimnate bleue", 5)]);
    }

    #[test]
    fn stops_at_clauses_other_words_and_short_typing_mistakes() {
        check("mot, cle", &[("mot", 3)]);
        check("mot vert cle", &[("mot", 3)]);
        check("mot de mon le de mon le cle", &[("mot", 3)]);
        check("mto de cle", &[]);
        check("fourgon fourgonner", &[]);
    }

    #[test]
    fn what_the_schema_says_of_a_phrase_is_added_to_what_the_vocabulary_says() {
        let mut lexicon = lexicon();
        let (hardware, role) = (0, Role::Choice { field: 7, option: 1, category: true });
        assert!(lexicon.categories().nth(hardware).is_some_and(|names| names.contains(&"hardware")));
        lexicon.set_category(hardware, role);
        let words = Words::new("imprimante");
        let hits = lexicon.scan(&words, &lexicon.resolve(&words));
        let roles: Vec<Role> = hits.iter().map(|hit| hit.role).collect();
        assert_eq!(roles, [Role::Equipment(Equipment::Device), own(4), role]);
        assert!(hits.iter().all(|hit| hit.phrase == hits[0].phrase), "one phrase is the same phrase to both");
    }

    #[test]
    fn the_vocabulary_is_compiled_from_its_files() {
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
    fn words_one_mistake_apart_begin_or_end_alike() {
        // The claim on which `Tables::alike` rests, for every mistake in every word that is corrected.
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
