//! Which field a question is about, judged by the schema's words for each.

use crate::language::{Language, in_any};
use crate::text::{fold_words, is_stop_word, split_words, stem};
use crate::ticket::kinds::{FieldKind, Recognition};
use crate::ticket::schema::{Field, Schema};

/// Most fields that share a word: a word of more fields distinguishes none.
const MAX_FIELDS: usize = 2;
/// Fewest common first letters of two forms of a word, and most letters after them: « travailler », « travaillez ».
const MIN_PREFIX: usize = 6;
const MAX_ENDING: usize = 4;

/// The words that a schema has for each of its fields, in one language.
#[derive(Debug)]
pub struct Topics(Vec<(String, Vec<Word>)>);

/// A folded word, and the length of its stem.
#[derive(Debug)]
struct Word(String, usize);

impl Topics {
    /// Collects them from names, titles, descriptions, questions and values.
    pub fn new(schema: &Schema, language: Language) -> Self {
        Self(schema.fields.iter().map(|field| (field.name.clone(), vocabulary(field, language))).collect())
    }

    /// Whether the question has a word of the field and no more words of another.
    pub(super) fn is_about(&self, asked: &str, field: &Field) -> bool {
        let has = |own: &[Word], word: &Word| own.iter().any(|other| word.is_same(other));
        let mut asked = topic_words(asked);
        asked.retain(|word| self.0.iter().filter(|(_, own)| has(own, word)).count() <= MAX_FIELDS);
        let score = |own: &[Word]| asked.iter().filter(|word| has(own, word)).count();
        let own = self.0.iter().find(|(name, _)| *name == field.name).map_or(0, |(_, own)| score(own));
        own > 0 && self.0.iter().all(|(_, other)| score(other) <= own)
    }
}

impl Word {
    fn is_same(&self, other: &Self) -> bool {
        let ended = [self, other].iter().all(|word| word.0.len() <= MIN_PREFIX + MAX_ENDING);
        self.start(self.1) == other.start(other.1)
            || (ended && self.start(MIN_PREFIX).is_some() && self.start(MIN_PREFIX) == other.start(MIN_PREFIX))
    }

    fn start(&self, length: usize) -> Option<&[u8]> {
        self.0.as_bytes().get(..length)
    }
}

fn vocabulary(field: &Field, language: Language) -> Vec<Word> {
    let mut text = format!("{} {}", field.name, field.question(language));
    for more in field.title.iter().chain(&field.description) {
        text.push(' ');
        text.push_str(more);
    }
    if let Recognition::Options(options) = field.kind.recognition() {
        options.iter().for_each(|option| text.extend([" ", &option.value]));
    }
    topic_words(&text)
}

/// The words of a text that say what it is about.
fn topic_words(text: &str) -> Vec<Word> {
    let homographs = Language::ALL.into_iter().flat_map(|language| language.texts().questions.homographs);
    let text = homographs.fold(text.to_owned(), |text, (phrase, meaning)| text.replace(phrase, meaning));
    let text = fold_words(&text);
    let telling =
        split_words(&text).filter(|word| !is_stop_word(word) && !in_any(word, |texts| texts.questions.generic));
    let synonyms = || Language::ALL.into_iter().flat_map(|language| language.texts().questions.synonyms);
    let meant = telling.map(|word| synonyms().find(|(from, _)| *from == word).map_or(word, |(_, to)| *to));
    meant.map(|word| Word(word.to_owned(), stem(word).len())).collect()
}

#[cfg(test)]
mod tests;
