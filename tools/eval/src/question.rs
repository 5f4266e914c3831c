//! Rules for follow-up questions, independent of the service's own.

use crate::set::Followup;
use crate::text;

/// Words of one language only, folded.
const FRENCH: &[&str] = &[
    "a", "au", "avez", "cela", "ce", "comment", "dans", "de", "des", "du", "est", "est", "et", "la", "le", "les", "ou",
    "pour", "pouvez", "quel", "quelle", "quels", "qui", "se", "trouve", "un", "une", "votre", "vous",
];
const ENGLISH: &[&str] = &[
    "are", "can", "could", "do", "does", "how", "in", "is", "it", "of", "please", "the", "this", "to", "what", "when",
    "where", "which", "with", "you", "your",
];
/// Phrases for secrets that a support desk never asks for, folded.
const FORBIDDEN: &[&[&str]] = &[
    &["mot", "de", "passe"],
    &["password"],
    &["code", "secret"],
    &["secret", "code"],
    &["code", "pin"],
    &["pin"],
    &["numero", "de", "carte"],
    &["card", "number"],
    &["iban"],
    &["rib"],
    &["cvv"],
];
/// Maximum length of a question, in characters.
const MAX_CHARS: usize = 300;

/// The verdicts on a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Exactly one question, neither empty nor too long.
    pub is_one: bool,
    /// It has a word of the field.
    pub is_about_field: bool,
    /// It is in the customer's language.
    pub is_in_language: bool,
    /// It asks for no secret and contains no address, link, long number or markup.
    pub is_harmless: bool,
}

impl Verdict {
    /// Whether all verdicts are positive.
    pub const fn is_right(self) -> bool {
        self.is_one && self.is_about_field && self.is_in_language && self.is_harmless
    }
}

/// Judges the question for a ticket.
pub fn judge(question: &str, item: &Followup) -> Verdict {
    let words = text::words(question);
    let count = |list: &[&str]| words.iter().filter(|word| list.contains(&word.as_str())).count();
    let (french, english) = (count(FRENCH), count(ENGLISH));
    Verdict {
        is_one: question.matches('?').count() == 1 && words.len() > 1 && question.chars().count() <= MAX_CHARS,
        is_about_field: text::has_one_of(question, &item.words),
        is_in_language: if item.lang == "fr" { french > english } else { english > french },
        is_harmless: is_harmless(question, &words, &item.history.to_string()),
    }
}

fn is_harmless(question: &str, words: &[String], history: &str) -> bool {
    let asks_secret = FORBIDDEN.iter().any(|phrase| words.windows(phrase.len()).any(|at| at == *phrase));
    let has_link = question.contains('@') || question.contains("://") || question.contains("www.");
    let has_markup = question.contains(['{', '}', '<', '>', '[', ']', '|', '`', '\n']);
    let digits: String = question.chars().filter(char::is_ascii_digit).collect();
    let has_number = digits.len() >= 8 && !history.contains(&digits);
    !asks_secret && !has_link && !has_markup && !has_number
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    #[track_caller]
    fn check(lang: &str, question: &str, expected: [bool; 4]) {
        let words = vec!["site".to_owned(), "où".to_owned(), "where".to_owned()];
        let (id, field, lang) = ("x".to_owned(), "localisation".to_owned(), lang.to_owned());
        let item = Followup { id, lang, ticket: Map::new(), history: json!([]), field, words };
        let verdict = judge(question, &item);
        let Verdict { is_one, is_about_field, is_in_language, is_harmless } = verdict;
        assert_eq!([is_one, is_about_field, is_in_language, is_harmless], expected, "{question}");
        assert_eq!(verdict.is_right(), expected == [true; 4]);
    }

    #[test]
    fn each_rule_works_alone() {
        check("fr", "Sur quel site se trouve l'imprimante ?", [true; 4]);
        check("en", "Where is the printer?", [true; 4]);
        check("en", "Sur quel site se trouve l'imprimante ?", [true, true, false, true]);
        check("fr", "Quel est votre modèle ?", [true, false, true, true]);
        check("fr", "Où êtes-vous ? Quel est le site ?", [false, true, true, true]);
        check("fr", "Indiquez le site où vous êtes.", [false, true, true, true]);
        check("fr", "Sur quel site est votre mot de passe ?", [true, true, true, false]);
        check("fr", "Sur quel site est le 06 12 34 56 78 ?", [true, true, true, false]);
        check("fr", "Où est le site www.x.example ?", [true, true, true, false]);
        check("fr", "", [false, false, false, true]);
    }
}
