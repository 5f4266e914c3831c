//! The lexicon of a schema: the vocabulary of all languages and the schema's own words, with their roles.

use crate::language::{LocalWords, WordList, in_any};
use crate::text::{Words, fold};
use crate::ticket::kinds::{ChoiceOption, FieldKind, Recognition};
use crate::ticket::schema::{Field, Schema};

pub(super) mod mark;
pub(super) mod role;

use super::lexicon::Lexicon;
pub(super) use role::{Cue, Equipment, Place, Role, Scope};

/// Words that name nothing.
pub(super) const SMALL_WORD: mark::Marks = mark::FUNCTION_WORD | mark::AT | mark::COURTESY | mark::NEGATION;

/// Picks a word list of the rules.
pub(super) type List = fn(&LocalWords) -> WordList;

/// Whether a list of any language holds `word`.
pub(super) fn is_in(word: &str, list: List) -> bool {
    in_any(word, |texts| list(&texts.local))
}

/// The lexicon of the vocabulary and of `schema`.
pub(super) fn lexicon(schema: &Schema) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for (index, field) in schema.fields.iter().enumerate() {
        add_field(&mut lexicon, index, field);
    }
    lexicon
}

fn add_field(lexicon: &mut Lexicon, index: usize, field: &Field) {
    add_phrase(lexicon, &field.name, Role::Label { field: index });
    match field.kind.recognition() {
        Recognition::Options(options) => add_options(lexicon, index, options),
        Recognition::Text { known_values, .. } => add_known_values(lexicon, index, known_values),
        Recognition::Labelled => {}
    }
}

/// Fewest options named like common categories that make a field one of categories. A field « contact par » with the
/// options « téléphone » and « mail » is not about problems with them.
const MIN_CATEGORIES: usize = 4;

/// Adds the options' names and keywords, and, to a field of categories, the phrases of the common categories.
fn add_options(lexicon: &mut Lexicon, field: usize, options: &[ChoiceOption]) {
    let names: Vec<String> = options.iter().map(|choice| fold(&choice.value).replace('-', " ")).collect();
    let of_option = |(category, named): (usize, &[&str])| {
        let option = names.iter().position(|name| named.contains(&name.as_str()))?;
        Some((category, option))
    };
    let categories: Vec<(usize, usize)> = lexicon.categories().enumerate().filter_map(of_option).collect();
    let category = categories.len() >= MIN_CATEGORIES;
    for (option, choice) in options.iter().enumerate() {
        let role = Role::Choice { field, option, category };
        add_phrase(lexicon, &choice.value, role);
        for keyword in &choice.keywords {
            add_phrase(lexicon, keyword, role);
        }
    }
    for (number, option) in categories.into_iter().filter(|_| category) {
        lexicon.set_category(number, Role::Choice { field, option, category });
    }
}

/// Adds a phrase of the schema without its function words, which are skipped in a text anyway.
fn add_phrase(lexicon: &mut Lexicon, phrase: &str, role: Role) {
    let words = Words::new(phrase);
    let is_function_word = |lexicon: &Lexicon, at| lexicon.marks(words.folded(at)) & mark::FUNCTION_WORD != 0;
    let content: Vec<usize> = (0..words.len()).filter(|at| !is_function_word(lexicon, *at)).collect();
    if content.is_empty() {
        lexicon.add((0..words.len()).map(|at| words.folded(at)), role);
    } else {
        lexicon.add(content.into_iter().map(|at| words.folded(at)), role);
    }
}

/// Adds known values, and of each the words that no other has: « Gerland » means « Lyon Gerland ».
fn add_known_values(lexicon: &mut Lexicon, field: usize, values: &[String]) {
    let words: Vec<Words<'_>> = values.iter().map(|value| Words::new(value)).collect();
    let mut uses = std::collections::HashMap::<&str, usize>::new();
    for word in words.iter().flat_map(|value| (0..value.len()).map(|at| value.folded(at))) {
        *uses.entry(word).or_default() += 1;
    }
    for (value, words) in words.iter().enumerate() {
        add_phrase(lexicon, values.get(value).map_or("", String::as_str), Role::Known { field, value, whole: true });
        let names = (0..words.len()).filter(|at| words.is_capitalised(*at) || words.has_digit(*at));
        for word in names.map(|at| words.folded(at)).filter(|word| word.len() >= 3 && uses.get(word) == Some(&1)) {
            if !is_in(word, |words| words.place_nouns) {
                lexicon.add([word], Role::Known { field, value, whole: false });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use std::path::Path;

    #[test]
    fn every_language_has_vocabulary_files_which_are_folded() {
        let entries = |path: &Path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        let folders = entries(Path::new("src/language")).filter(|path| path.is_dir());
        for language in Language::ALL {
            assert!(Path::new("src/language").join(language.tag()).is_dir(), "{language:?} has no vocabulary");
        }
        for path in folders.flat_map(|folder| entries(&folder)) {
            if path.extension().is_none_or(|extension| extension != "txt") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                assert_eq!(fold(line), line, "{}", path.display());
            }
        }
    }
}
