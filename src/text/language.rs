//! Which of the two languages a customer writes in.

use super::fold;
use crate::language::Language;

/// Longest of the words below, in bytes.
const MAX_WORD: usize = 10;

/// A word of up to sixteen bytes as a number that orders as words do: the search compares no texts.
const fn key(word: &str) -> u128 {
    let mut key = [0; 16];
    let (mut place, mut rest): (&mut [u8], &[u8]) = (&mut key, word.as_bytes());
    while let (Some((to, places)), Some((byte, bytes))) = (place.split_first_mut(), rest.split_first()) {
        *to = *byte;
        (place, rest) = (places, bytes);
    }
    u128::from_be_bytes(key)
}

macro_rules! keys {
    ($($word:literal,)*) => { &[$(key($word)),*] };
}

/// Words that occur in one language only, folded and sorted.
#[rustfmt::skip]
const FRENCH: &[u128] = keys![
    "ai", "au", "aucun", "aux", "avec", "bonjour", "bonsoir", "bureau", "ca", "ce", "cela", "ces", "cette", "chez",
    "comme", "dans", "de", "depuis", "des", "du", "elle", "en", "est", "et", "ete", "fonctionne", "il", "ils",
    "impossible", "imprimante", "je", "jour", "la", "le", "les", "leur", "ma", "mais", "marche", "matin", "merci",
    "mes", "mon", "ne", "notre", "nous", "ordinateur", "ou", "panne", "par", "pas", "peux", "plus", "pour", "pouvez",
    "probleme", "puis", "quand", "que", "qui", "salut", "sans", "se", "ses", "si", "son", "sont", "suis", "sur",
    "tous", "tout", "tres", "un", "une", "veuillez", "vos", "votre", "vous", "y",
];
#[rustfmt::skip]
const ENGLISH: &[u128] = keys![
    "a", "am", "an", "and", "any", "anymore", "are", "at", "be", "been", "broken", "but", "by", "can", "can't",
    "cannot", "computer", "could", "do", "does", "doesn't", "don't", "down", "for", "from", "get", "had", "has",
    "have", "hello", "help", "hi", "how", "i", "i'm", "in", "is", "isn't", "issue", "it", "it's", "its", "me", "my",
    "need", "not", "of", "office", "our", "please", "printer", "room", "since", "so", "some", "still", "thank",
    "thanks", "that", "the", "there", "they", "this", "to", "today", "unable", "up", "us", "was", "we", "what",
    "when", "will", "with", "won't", "work", "working", "would", "yesterday", "you", "your",
];

/// The language that more of the text's everyday words belong to; `None` where neither leads.
///
/// ```
/// use support_ticket_ai::{language::Language, text};
/// assert_eq!(text::detect("Mon imprimante ne marche plus"), Some(Language::Fr));
/// assert_eq!(text::detect("My printer is not working"), Some(Language::En));
/// assert_eq!(text::detect("HP M404"), None);
/// ```
pub fn detect(text: &str) -> Option<Language> {
    let (mut french, mut english) = (0_u32, 0_u32);
    for word in fold(text).split(|c: char| !c.is_alphanumeric() && c != '\'') {
        // Elision: « l'imprimante », « j'ai », « qu'il ».
        let elided = word.split_once('\'').is_some_and(|(head, _)| {
            matches!(head, "l" | "d" | "j" | "c" | "n" | "s" | "m" | "t" | "qu" | "jusqu" | "lorsqu" | "puisqu")
        });
        let key = if word.len() <= MAX_WORD { key(word) } else { 0 };
        french += u32::from(elided || FRENCH.binary_search(&key).is_ok());
        english += u32::from(ENGLISH.binary_search(&key).is_ok());
    }
    match french.cmp(&english) {
        std::cmp::Ordering::Greater => Some(Language::Fr),
        std::cmp::Ordering::Less => Some(Language::En),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_sorted_for_the_binary_search() {
        assert!(FRENCH.is_sorted() && ENGLISH.is_sorted());
    }

    #[test]
    fn tells_french_from_english() {
        let cases = [
            ("J'ai un souci avec l'accès VPN", Some(Language::Fr)),
            ("Can't log in to Outlook since this morning", Some(Language::En)),
            ("Impossible de me connecter au VPN", Some(Language::Fr)),
            ("The VPN is down for the whole office", Some(Language::En)),
            ("", None),
            ("???", None),
        ];
        for (text, language) in cases {
            assert_eq!(detect(text), language, "{text:?}");
        }
    }
}
