//! Forms of words and texts for comparison: see the table in [`crate::text`].

use std::borrow::Cow;

use super::fold::{fold, fold_words, is_invisible, plain};
use crate::language::in_any;

/// The words of a text: its runs of letters and digits.
pub fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A folded word without the ending of its plural, if three letters or more remain.
pub fn singular(word: &str) -> &str {
    match word.strip_suffix(['s', 'x']) {
        Some(singular) if singular.chars().nth(2).is_some() && !word.ends_with("ss") => singular,
        _ => word,
    }
}

/// Words with a blank before, between and after them: a text has words in a row if its form contains theirs.
pub fn spaced<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.fold(String::from(" "), |text, word| text + word + " ")
}

/// The [`spaced`] singulars of a text.
pub fn phrase_key(text: &str) -> String {
    spaced(split_words(&fold_words(text)).map(singular))
}

/// The folded letters and digits of a name: equal for all its spellings, such as « Catégorie » and `categorie_`.
pub fn name_key(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return name.to_owned();
    }
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a folded word is too common to say anything.
pub fn is_stop_word(word: &str) -> bool {
    in_any(word, |texts| texts.text.stop_words)
}

/// A text without invisible characters and with [`plain`] ones, as [`tidy`] values have them.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_visible = |c: char| !is_invisible(c) && plain(c) == c;
    if text.chars().all(is_visible) { Cow::Borrowed(text) } else { Cow::Owned(visible_chars(text).collect()) }
}

fn visible_chars(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_invisible(*c)).map(plain)
}

/// Removes control and invisible characters and surplus white space, and makes full-width and mathematical letters
/// plain: the text as a reader sees it. With `lines`, line breaks stay, at most two in a row.
pub fn tidy(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut blank, mut breaks) = (false, 0_u8);
    let mut previous = ' ';
    for c in visible_chars(text) {
        let line_feed = matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
        if line_feed && lines {
            // A carriage return and its line feed are one break.
            breaks = breaks.saturating_add(u8::from(!(c == '\n' && previous == '\r')));
        } else if c.is_whitespace() {
            blank = true;
        } else {
            if !out.is_empty() {
                match breaks {
                    0 if blank => out.push(' '),
                    0 => {}
                    1 => out.push('\n'),
                    _ => out.push_str("\n\n"),
                }
            }
            (blank, breaks) = (false, 0);
            out.push(c);
        }
        previous = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_those_of_all_languages() {
        assert!(is_stop_word("une") && is_stop_word("the") && !is_stop_word("imprimante"));
    }

    #[test]
    fn a_phrase_is_its_singulars_between_blanks() {
        for (text, expected) in [
            ("Comptes et accès", " compte et acce "),
            ("L’imprimante, 2e étage", " l imprimante 2e etage "),
            ("Réseaux n°12", " reseau n 12 "),
            ("gas bus os", " gas bus os "),
            ("", " "),
        ] {
            assert_eq!(phrase_key(text), expected, "{text:?}");
        }
    }

    #[test]
    fn name_keys_ignore_case_accents_and_punctuation() {
        for key in ["categorie", "Catégorie", "CATÉGORIE ", "catégorie_", "« catégorie »"] {
            assert_eq!(name_key(key), "categorie", "{key:?}");
        }
        assert_eq!(name_key("--"), "");
    }
}
